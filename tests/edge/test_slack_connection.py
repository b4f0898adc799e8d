"""The real bot on a local Slack: it connects, says so, comes back, and ends where waiting is no help."""

import asyncio
import json
import logging
import signal
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from bot.config import Slack
from bot.edge.slack.platform import SlackPlatform
from bot.edge.slack.socket import connection
from bot.edge.slack.socket.connection import SlackEdge
from bot.errors import ConnectError, UnreachableError
from tests.bots import exomars, running
from tests.doubles.discord import DiscordDouble
from tests.doubles.slack import Envelope, Fault, SlackDouble
from tests.doubles.slack_sockets import EVENTS

pytestmark = pytest.mark.asyncio

WRONG = {"SLACK_BOT_TOKEN": "xoxb-some-other", "SLACK_APP_TOKEN": "xapp-some-other"}


def settings(slack: SlackDouble) -> Slack:
    """What a bot in this process needs to know."""
    return Slack(slack.bot_token, slack.app_token, slack.api_base)


def tell(slack: SlackDouble, name: str, team: str = "", **event: Any) -> None:
    """Sends an event that the double has no words for."""
    payload = {
        "type": "event_callback",
        "team_id": team or slack.team.id,
        "event_id": f"Ev-{name}-{len(slack.sockets.delivered)}",
        "event": {"type": name, **event},
    }
    slack.sockets.tell(Envelope(EVENTS, payload, name, None))


def platforms(state: Path) -> dict[str, bool]:
    """Which are connected, as the running bot says."""
    found: dict[str, bool] = json.loads((state / "health.json").read_text(encoding="utf-8"))["platforms"]
    return found


# ── it connects ──────────────────────────────────────────────────────────────────────────


async def test_it_connects_says_so_and_ends_when_told(tmp_path: Path) -> None:
    """The log names the workspace, the bot and how to have it in a channel; health is well; the end is 0."""
    async with SlackDouble() as slack:
        news = slack.add_channel("news")
        async with running(tmp_path, None, slack=slack) as bot:
            log = await bot.says("connected to Slack", 20)
            (line,) = [one for one in log.splitlines() if "connected to Slack" in one]
            assert f"as @{slack.bot.name} in the workspace {slack.team.name}" in line
            assert f"/invite @{slack.bot.name}" in line
            await slack.types(news, "!exomars about")
            await slack.until(lambda: slack.from_bot(news), what="no answer")
            await asyncio.sleep(1.5)
            assert exomars(tmp_path, "health").stdout.strip() == "connected: slack"
            assert exomars(tmp_path, "health").returncode == 0
            assert await bot.end() == 0
            assert "Traceback" not in bot.log
            assert len(slack.requested("auth.test")) == 1
        assert slack.violations == []
        assert exomars(tmp_path, "health").returncode == 1


async def test_what_it_may_not_do_is_named_at_the_start(tmp_path: Path) -> None:
    """One line with each missing scope, what is lost without it, and where to add it; all else goes on."""
    async with SlackDouble() as slack:
        slack.scopes.difference_update({"im:history", "files:write"})
        async with running(tmp_path, None, slack=slack) as bot:
            await bot.says("connected to Slack", 20)
            (line,) = [one for one in bot.log.splitlines() if "lacks scopes" in one]
            assert "read direct messages, or look there (im:history)" in line
            assert "send pictures (files:write)" in line
            assert "OAuth & Permissions" in line
            assert "groups:read" not in line
        assert slack.violations == []


@pytest.mark.parametrize(
    ("named", "told"),
    [((), ""), (("editors", "nobody"), "no user group nobody; mend admin_groups"), (("EDITORS",), "")],
    ids=["none", "one that is not there", "in capitals"],
)
async def test_user_groups_that_are_not_there_are_named_at_the_start(
    caplog: pytest.LogCaptureFixture, named: tuple[str, ...], told: str
) -> None:
    """Whoever mistypes one would wonder why nobody of it is an admin; Slack is asked only where any is."""
    async with SlackDouble() as slack:
        slack.add_group("editors")
        edge = SlackEdge(settings(slack)._replace(admin_groups=named), {}, lambda _: nullcontext())
        running_edge = asyncio.create_task(edge.run())
        await slack.until(lambda: edge.connected, what="it does not connect")
        await edge.close()
        await running_edge
        assert told in caplog.text
        assert ("user group" in caplog.text) == bool(told)
        assert bool(slack.requested("usergroups.list")) == bool(named)
        assert slack.violations == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
async def test_it_finishes_what_is_in_progress(tmp_path: Path, number: signal.Signals) -> None:
    """An answer that is being posted when the bot is told to end still arrives, and the exit code is 0."""
    async with SlackDouble() as slack:
        news = slack.add_channel("news")
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            slack.fail("chat.postMessage", Fault.slow(1.5))
            await slack.types(news, "!exomars status")
            await slack.until(lambda: slack.requested("chat.postMessage"))
            assert await bot.end(number) == 0
            (request,) = slack.requested("chat.postMessage")
            assert request.status == 200  # the answer to it was waited for
            assert len(slack.from_bot(news)) == 1
            assert "Traceback" not in bot.log
        assert slack.violations == []


# ── what waiting does not help against ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("variable", "mend"),
    [("SLACK_BOT_TOKEN", "OAuth & Permissions"), ("SLACK_APP_TOKEN", "Basic Information")],
)
async def test_a_wrong_token_ends_it_with_one_line(tmp_path: Path, variable: str, mend: str) -> None:
    """Exit code 4, and what to do; the token itself is not shown."""
    more = {variable: WRONG[variable]}
    async with SlackDouble() as slack, running(tmp_path, None, slack=slack, more=more) as bot:
        assert await bot.ended() == 4
        (line,) = [one for one in bot.log.splitlines() if "invalid_auth" in one]
        assert variable in line
        assert mend in line
        assert "Traceback" not in bot.log
        assert WRONG[variable] not in bot.log


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked"])
async def test_a_bot_that_was_removed_ends_with_one_line(error: str) -> None:
    """It says that the app has to be installed again."""
    async with SlackDouble() as slack:
        slack.fail("auth.test", Fault.error(error))
        platform = SlackPlatform(settings(slack), {})
        with pytest.raises(ConnectError, match="install it again"):
            await platform.run()
        await platform.close()


async def test_a_bot_that_may_not_post_ends_with_one_line(tmp_path: Path) -> None:
    """Nothing is left that it could do."""
    async with SlackDouble() as slack:
        slack.scopes.discard("chat:write")
        async with running(tmp_path, None, slack=slack) as bot:
            assert await bot.ended() == 4
            assert "chat:write" in bot.log
            assert "Traceback" not in bot.log


async def test_an_app_token_without_its_scope_ends_it(tmp_path: Path) -> None:
    """The line names connections:write."""
    async with SlackDouble() as slack:
        slack.refuse("missing_scope")
        async with running(tmp_path, None, slack=slack) as bot:
            assert await bot.ended() == 4
            assert "connections:write" in bot.log


async def test_socket_mode_that_is_switched_off_ends_it(tmp_path: Path) -> None:
    """Also while it runs: only a person can switch it on again."""
    async with SlackDouble() as slack, running(tmp_path, None, slack=slack) as bot:
        await bot.says("connected to Slack", 20)
        await slack.disconnect("link_disabled", 0.1)
        assert await bot.ended() == 4
        assert "Socket Mode" in bot.log
        assert "Traceback" not in bot.log


async def test_an_address_that_is_none_ends_it(tmp_path: Path) -> None:
    """The line names the variable."""
    more = {"SLACK_API_BASE": "http://:80:"}
    async with SlackDouble() as slack, running(tmp_path, None, slack=slack, more=more) as bot:
        assert await bot.ended() == 4
        assert "SLACK_API_BASE is no address" in bot.log
        assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    "proxy", ["proxy:secret@here", "socks5://me:secret@here:1", "http://", "http://a:b:c"]
)
async def test_a_proxy_that_is_none_ends_it(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """The line names the variable, and never its value, which may have a password."""
    async with SlackDouble() as slack:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        edge = SlackEdge(settings(slack), {}, lambda _: nullcontext())
        with pytest.raises(ConnectError, match=r"^HTTPS_PROXY is no address of a proxy") as error:
            await edge.run()
        assert "secret" not in str(error.value)
        await edge.close()
        monkeypatch.delenv("HTTPS_PROXY")


async def test_a_proxy_that_refuses_keeps_its_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Waiting may help; the log says with what status it refuses."""
    async with SlackDouble() as slack:
        base = slack.api_base.removesuffix("/api/")
        monkeypatch.setenv("HTTPS_PROXY", base.replace("://", "://me:secret@"))
        edge = SlackEdge(
            settings(slack)._replace(api_base="https://slack.invalid/api/"), {}, lambda _: nullcontext()
        )
        running_edge = asyncio.create_task(edge.run())
        await slack.until(lambda: "cannot be reached" in caplog.text, what="nothing is told")
        await edge.close()
        await running_edge
        monkeypatch.delenv("HTTPS_PROXY")
    assert "ClientHttpProxyError: status " in caplog.text
    assert "secret" not in caplog.text


async def test_log_in_tells_what_waiting_helps_against() -> None:
    """For a command that only delivers: requests alone, no socket."""
    async with SlackDouble() as slack:
        wrong = SlackPlatform(settings(slack)._replace(bot_token="xoxb-some-other"), {})
        with pytest.raises(ConnectError, match="SLACK_BOT_TOKEN"):
            await wrong.log_in()
        await wrong.close()
        platform = SlackPlatform(settings(slack), {})
        slack.fail("auth.test", Fault.status(503))
        with pytest.raises(UnreachableError, match="status 503"):
            await platform.log_in()
        assert not platform.poster.ready
        await platform.log_in()
        assert platform.poster.ready
        assert platform.poster.account == slack.bot.id
        assert not platform.connected
        await platform.close()
        assert not slack.requested("apps.connections.open")
        await slack.down()
        away = SlackPlatform(settings(slack), {})
        with pytest.raises(UnreachableError, match="Slack cannot be reached"):
            await away.log_in()
        await away.close()


# ── outages ──────────────────────────────────────────────────────────────────────────────


async def test_it_waits_for_a_slack_that_is_not_there_yet(tmp_path: Path) -> None:
    """A closed port, a busy Slack and rubbish at the start are tried again, in one line each."""
    async with SlackDouble() as slack:
        news = slack.add_channel("news")
        await slack.down()
        async with running(tmp_path, None, slack=slack) as bot:
            await bot.says("cannot be reached", 20)
            slack.fail("auth.test", Fault.garbage())
            slack.fail("auth.test", Fault.too_many(1))
            await slack.up()
            await slack.connected(timeout=20)
            await slack.types(news, "!exomars about")
            await slack.until(lambda: slack.from_bot(news), what="no answer")
            assert "Traceback" not in bot.log
            assert "ratelimited" in bot.log
            assert bot.log.count("cannot be reached") >= 3
        assert slack.violations == []


async def test_it_comes_back_after_an_outage(tmp_path: Path) -> None:
    """Every kind of disconnect, a reset and a closed port pass; what is asked afterwards is answered."""
    async with SlackDouble() as slack:
        news = slack.add_channel("news")

        async def answers() -> None:
            before = len(slack.from_bot(news))
            await slack.types(news, "!exomars about")
            await slack.until(lambda: len(slack.from_bot(news)) == before + 1, 10, "no answer")

        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            for reason in ("warning", "refresh_requested", "too_many_websockets"):
                (old,) = slack.connections
                await slack.disconnect(reason, 0.3)
                await asyncio.wait_for(old.closed.wait(), 5)
                await slack.connected(timeout=10)
                await answers()
            slack.abort()
            await slack.disconnected()
            await slack.connected(timeout=20)
            await answers()
            await slack.down()
            await asyncio.sleep(0.5)
            await slack.up()
            await slack.connected(timeout=20)
            await answers()
            assert "connected to Slack again" in bot.log
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_it_ends_at_once_while_slack_is_away(tmp_path: Path) -> None:
    """Told to end during an outage, it does not wait for the next attempt to reconnect."""
    async with SlackDouble() as slack, running(tmp_path, None, slack=slack) as bot:
        await slack.connected(timeout=20)
        await slack.down()
        await asyncio.sleep(4)
        started = asyncio.get_running_loop().time()
        assert await bot.end() == 0
        assert asyncio.get_running_loop().time() - started < 5


async def test_questions_during_a_hand_over_are_each_answered_once(tmp_path: Path) -> None:
    """Typed and called, with Slack sending everything twice: one answer each."""
    async with SlackDouble() as slack:
        people = [slack.add_user(f"person-{number}") for number in range(12)]
        news = slack.add_channel("news")
        slack.redeliver_after = 0.05
        async with running(tmp_path, None, slack=slack) as bot:
            await slack.connected(timeout=20)
            asked = []
            for number, person in enumerate(people):
                if number == 4:
                    await slack.disconnect("warning", 0.5)
                if number % 2:
                    asked.append(await slack.slash(news, "about", person))
                else:
                    await slack.types(news, "!exomars about", person)
                await asyncio.sleep(0.1)
            for one in asked:
                await one.answered()
            posts = "chat.postMessage"
            await slack.until(lambda: len(slack.requested(posts)) >= 6, 10, "not all are answered")
            await slack.until(lambda: not slack.unacked, 10, "not all is acknowledged")
            await asyncio.sleep(0.5)
            posted = Counter(request.error for request in slack.requested("chat.postMessage"))
            assert posted == {"": 6}
            assert [len(one.shown) for one in asked] == [1] * 6
            assert "Traceback" not in bot.log
        assert slack.violations == []


# ── the app is removed ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "event"),
    [("app_uninstalled", {}), ("tokens_revoked", {"tokens": {"bot": ["U1"], "oauth": []}})],
)
async def test_a_bot_that_is_removed_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, event: dict[str, Any]
) -> None:
    """One line; it counts as not connected until its token is good again."""
    monkeypatch.setattr(connection, "LOOK_SECONDS", 0.3)
    caplog.set_level(logging.INFO)
    async with SlackDouble() as slack:
        edge = SlackEdge(settings(slack), {}, lambda _: nullcontext())
        running_edge = asyncio.create_task(edge.run())
        await slack.until(lambda: edge.connected, what="it does not connect")
        slack.fail("auth.test", Fault.error("account_inactive"), times=2)
        tell(slack, "tokens_revoked", tokens={"oauth": ["U2"]})  # a person's
        await slack.until(lambda: not slack.unacked)
        assert edge.connected
        tell(slack, name, "T0OTHER", **event)  # another workspace that has the app
        await slack.until(lambda: not slack.unacked)
        assert edge.connected
        tell(slack, name, **event)
        tell(slack, name, **event)
        await slack.until(lambda: not edge.connected, what="it still counts as connected")
        await slack.until(lambda: edge.connected, what="it does not see that it is back")
        assert len(slack.requested("auth.test")) == 4
        await edge.close()
        await running_edge
    assert caplog.text.count("was removed from the Slack workspace Rover Watch") == 1
    assert caplog.text.count("good again") == 1


# ── both platforms ───────────────────────────────────────────────────────────────────────


async def test_one_platform_that_is_down_leaves_the_other_alone(tmp_path: Path) -> None:
    """One process on both: each answers while the other is away, and comes back by itself."""
    async with DiscordDouble() as discord, SlackDouble() as slack:
        there = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        here = slack.add_channel("news")
        async with running(tmp_path, discord, slack=slack) as bot:
            await discord.connected(20)
            await slack.connected(timeout=20)
            await slack.down()
            await discord.user_types(there, "!exomars about")
            await discord.next_message(there, 5)
            await discord.until(lambda: platforms(tmp_path) == {"discord": True, "slack": False}, 5)
            await slack.up()
            await discord.close_port()
            await slack.connected(timeout=20)
            await slack.types(here, "!exomars about")
            await slack.until(lambda: slack.from_bot(here), 5, "no answer")
            await discord.open_port()
            await discord.connected(30)
            await discord.user_types(there, "!exomars about")
            await discord.next_message(there, 5)
            assert await bot.end() == 0
            assert "Traceback" not in bot.log
        assert slack.violations == []


async def test_a_wrong_token_for_slack_does_not_end_discord(tmp_path: Path) -> None:
    """One line says what is wrong; Discord goes on answering."""
    more = {"SLACK_BOT_TOKEN": WRONG["SLACK_BOT_TOKEN"]}
    async with DiscordDouble() as discord, SlackDouble() as slack:
        there = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord, slack=slack, more=more) as bot:
            log = await bot.says("invalid_auth", 20)
            assert log.count("invalid_auth") == 1
            await discord.connected(20)
            await discord.user_types(there, "!exomars about")
            await discord.next_message(there, 5)
            assert await bot.end() == 0
            assert "Traceback" not in bot.log


async def test_two_wrong_tokens_end_it_and_each_says_why(tmp_path: Path) -> None:
    """In one line each, and nothing goes on."""
    more = {"SLACK_BOT_TOKEN": WRONG["SLACK_BOT_TOKEN"], "DISCORD_TOKEN": "wrong"}
    async with DiscordDouble() as discord, SlackDouble() as slack:
        async with running(tmp_path, discord, slack=slack, more=more) as bot:
            assert await bot.ended() == 4
        assert bot.log.count("Discord refuses the token") == 1
        assert bot.log.count("invalid_auth") == 1
        assert "goes on" not in bot.log
        assert "Traceback" not in bot.log


async def test_discord_goes_on_where_slack_is_switched_off(tmp_path: Path) -> None:
    """Also while both run; the log says that Slack is asked again."""
    async with DiscordDouble() as discord, SlackDouble() as slack:
        there = discord.add_channel(discord.add_guild("Rover Watch"), "news")
        async with running(tmp_path, discord, slack=slack) as bot:
            await slack.connected(timeout=20)
            await discord.connected(20)
            await discord.until(lambda: all(platforms(tmp_path).values()), 5)
            slack.refuse("link_disabled")
            await slack.disconnect("link_disabled", 0.1)
            await bot.says("asking again every 10 minutes, all else goes on")
            await discord.user_types(there, "!exomars about")
            await discord.next_message(there, 5)
            await discord.until(lambda: platforms(tmp_path) == {"discord": True, "slack": False}, 5)
            assert await bot.end() == 0
            assert bot.log.count("switch it on") == 1
            assert "Traceback" not in bot.log
