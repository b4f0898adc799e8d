"""`exomars digest send`: the command as a process, beside a local Discord."""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import read_config
from bot.edge.shell.sending import send
from bot.edge.terminal.poster import MAYBE_SHOWN
from bot.wiring import build
from tests.bots import CONFIG, ROOT, command, environment, exomars, running
from tests.doubles.discord import Channel, DiscordDouble, Fault, Guild
from tests.doubles.slack import Channel as SlackChannel
from tests.doubles.slack import SlackDouble
from tests.edge.test_terminal_digests import until
from tests.terminals import stuck, terminal

pytestmark = pytest.mark.asyncio

ALWAYS = 10**6
POST = r"^/channels/\d+/messages$"


def tokens(discord: DiscordDouble) -> dict[str, Any]:
    """What the environment of a bot says of the double."""
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_BASE": discord.api_base,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


async def told(
    state: Path, discord: DiscordDouble, *words: str, config: Path = CONFIG
) -> "subprocess.CompletedProcess[str]":
    """Runs `digest send …` to its end, while the double answers it."""
    return await asyncio.to_thread(
        lambda: exomars(state, "digest", "send", *words, config=config, **tokens(discord))
    )


def subscribed(state: Path, guild: Guild, *channels: Channel, kind: str = "replay") -> None:
    """A digest for each of these channels, numbered from 1; a replay has something to say each day."""
    lines = [f"digest subscribe discord:{guild.id}/{one.id} kind {kind} at 09:00" for one in channels]
    done = exomars(state, "chat", typed="\n".join(lines))
    assert done.stdout.count("comes to") == len(channels), done.stdout


async def test_all_are_sent_once_and_it_waits_for_them(tmp_path: Path) -> None:
    """One message in each channel when it ends; a second time there is nothing more to send."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channels = [discord.add_channel(guild, f"news-{number}") for number in range(3)]
        subscribed(tmp_path, guild, *channels)
        done = await told(tmp_path, discord, "--all")
        assert (done.returncode, done.stdout) == (0, "3 sent\n")
        assert "exomars:" not in done.stderr
        assert [len(discord.from_bot(channel)) for channel in channels] == [1, 1, 1]
        again = await told(tmp_path, discord, "--all")
        assert (again.returncode, again.stdout) == (0, "3 had come already\n")
        assert [len(discord.from_bot(channel)) for channel in channels] == [1, 1, 1]
        assert not discord.gateway.connections
        assert not discord.violations


async def test_only_those_that_are_named_are_sent(tmp_path: Path) -> None:
    """By their numbers, each once; what has nothing to say is counted apart."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        first, second, quiet = (discord.add_channel(guild, name) for name in ("one", "two", "three"))
        subscribed(tmp_path, guild, first, second)
        subscribed(tmp_path, guild, quiet, kind="news")
        done = await told(tmp_path, discord, "2", "3", "2")
        assert (done.returncode, done.stdout) == (0, "1 sent, 1 had nothing to say\n")
        assert [len(discord.from_bot(one)) for one in (first, second, quiet)] == [0, 1, 0]


async def test_what_is_refused_is_told_with_its_number_and_why(tmp_path: Path) -> None:
    """The others arrive; exit code 1, and it is paused, as the running bot would have done."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        first, second = (discord.add_channel(guild, name) for name in ("one", "two"))
        subscribed(tmp_path, guild, first, second)
        discord.fail("POST", f"^/channels/{first.id}/messages$", ALWAYS, Fault.forbidden())
        done = await told(tmp_path, discord, "--all")
        assert done.returncode == 1
        assert re.fullmatch(r"1 sent, 1 refused \(digest no\. 1: [^)]+\)\n", done.stdout), done.stdout
        assert re.search(r"(?m)^exomars: digest no\. 1 is paused: ", done.stderr), done.stderr
        assert "Traceback" not in done.stderr
        named = await told(tmp_path, discord, "1")
        assert named.returncode == 1
        assert "1 refused (digest no. 1: " in named.stdout
        rest = await told(tmp_path, discord, "--all")
        assert rest.stdout == "1 had come already\n"


async def test_an_unknown_number_sends_nothing_at_all(tmp_path: Path) -> None:
    """Also not those that are known: whoever mistypes is told, and decides anew."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channel = discord.add_channel(guild, "news")
        subscribed(tmp_path, guild, channel)
        done = await told(tmp_path, discord, "1", "9", "x")
        assert (done.returncode, done.stdout) == (2, "")
        assert "no digest no. 9, x" in done.stderr
        assert not discord.requests
        without = await asyncio.to_thread(exomars, tmp_path, "digest", "send", "1")
        assert without.returncode == 2
        assert "DISCORD_TOKEN" in without.stderr
        none = await asyncio.to_thread(exomars, tmp_path, "digest", "send", "--all")
        assert (none.returncode, none.stdout) == (0, "")


async def test_a_wrong_token_promises_nothing(tmp_path: Path) -> None:
    """Exit code 4 and what to do; with the right one it is sent, once."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channel = discord.add_channel(guild, "news")
        subscribed(tmp_path, guild, channel)
        wrong = tokens(discord) | {"DISCORD_TOKEN": "wrong"}
        done = await asyncio.to_thread(lambda: exomars(tmp_path, "digest", "send", "1", **wrong))
        assert done.returncode == 4
        assert re.fullmatch(r"exomars: .*refuses the token.*\n", done.stderr), done.stderr
        assert "None has come yet" in (await asyncio.to_thread(exomars, tmp_path, "digest", "list")).stdout
        assert (await told(tmp_path, discord, "1")).stdout == "1 sent\n"


async def test_it_waits_for_a_discord_that_cannot_be_reached(tmp_path: Path) -> None:
    """It says so in a line, goes on trying, and sends once it can."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channel = discord.add_channel(guild, "news")
        subscribed(tmp_path, guild, channel)
        discord.fail("GET", "^/users/@me$", 2, Fault.status(503))
        done = await told(tmp_path, discord, "1")
        assert (done.returncode, done.stdout) == (0, "1 sent\n")
        assert len(re.findall(r"(?m)^exomars: Discord cannot be reached .*$", done.stderr)) == 2
        assert len(discord.from_bot(channel)) == 1


async def test_the_running_bot_sends_and_this_one_watches(tmp_path: Path) -> None:
    """Where a bot delivers already, nobody logs in beside it; when it ends, this one takes over."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channels = [discord.add_channel(guild, f"news-{number}") for number in range(2)]
        subscribed(tmp_path, guild, *channels)
        async with running(tmp_path, discord) as bot:
            await discord.connected()
            await bot.says("connected to Discord")
            logins = len(discord.requested("GET", "^/users/@me$"))
            done = await told(tmp_path, discord, "1")
            assert (done.returncode, done.stdout) == (0, "1 sent\n")
            assert "exomars:" not in done.stderr
            assert len(discord.requested("GET", "^/users/@me$")) == logins
            discord.fail("POST", f"^/channels/{channels[1].id}/messages$", ALWAYS, Fault.status(503))
            waiting = asyncio.create_task(told(tmp_path, discord, "2"))
            path = f"^/channels/{channels[1].id}/messages$"
            await discord.until(lambda: discord.requested("POST", path), 15)
            await bot.end(signal.SIGKILL)
            discord.faults.clear()
            assert (await waiting).stdout == "1 sent\n"
        assert [len(discord.from_bot(channel)) for channel in channels] == [1, 1]


async def test_ctrl_c_ends_it_and_loses_nothing(tmp_path: Path) -> None:
    """It says what is left; what was promised goes out with the next run, once."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channels = [discord.add_channel(guild, f"news-{number}") for number in range(2)]
        subscribed(tmp_path, guild, *channels)
        path = f"^/channels/{channels[1].id}/messages$"
        discord.fail("POST", path, ALWAYS, Fault.status(503))
        process = await asyncio.create_subprocess_exec(
            *command("digest", "send", "--all"),
            env=environment(tmp_path, **tokens(discord)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        await discord.until(lambda: discord.requested("POST", path) and discord.from_bot(channels[0]), 15)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 10)
        assert process.returncode == 130
        assert out == b""
        assert "exomars: stopped: 1 sent, 1 waiting; what is promised goes out later" in err.decode()
        assert "Traceback" not in err.decode()
        discord.faults.clear()
        again = await told(tmp_path, discord, "--all")
        assert again.stdout == "1 sent, 1 had come already\n"
        assert [len(discord.from_bot(channel)) for channel in channels] == [1, 1]


async def test_ctrl_c_while_discord_does_not_answer(tmp_path: Path) -> None:
    """Before anything was promised it ends as quickly."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        subscribed(tmp_path, guild, discord.add_channel(guild, "news"))
        discord.fail("GET", "^/users/@me$", ALWAYS, Fault.hang())
        process = await asyncio.create_subprocess_exec(
            *command("digest", "send", "--all"),
            env=environment(tmp_path, **tokens(discord)),
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        await discord.until(lambda: discord.requested("GET", "^/users/@me$"), 15)
        process.send_signal(signal.SIGINT)
        _, err = await asyncio.wait_for(process.communicate(), 5)
        assert (process.returncode, err) == (130, b"exomars: stopped: nothing was sent\n")


async def test_what_does_not_arrive_in_time_is_waiting(tmp_path: Path) -> None:
    """After so long it ends with exit code 1; the edition stays promised."""
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channel = discord.add_channel(guild, "news")
        subscribed(tmp_path, guild, channel)
        discord.fail("POST", POST, ALWAYS, Fault.status(503))
        parts = build(
            read_config(str(CONFIG), {**tokens(discord), "EXOMARS_DB": str(tmp_path / "exomars.db")})
        )
        code = await asyncio.to_thread(send, parts, ["1"], everything=False, patience=1.0)
        assert code == 1
        discord.faults.clear()
        assert (await told(tmp_path, discord, "1")).stdout == "1 sent\n"
        assert len(discord.from_bot(channel)) == 1


async def test_what_is_under_way_from_the_day_before_goes_first(tmp_path: Path) -> None:
    """What may have been shown yesterday, when the bot was killed, is made sure of; then today's is made."""
    night = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    today = night + timedelta(minutes=20)

    def both() -> "subprocess.CompletedProcess[str]":
        exomars(tmp_path, "digest", "subscribe", "kind", "replay", "at", "23:00", clock=night)
        exomars(tmp_path, "digest", "now", clock=night)
        with stuck(tmp_path, "run", clock=night):
            until(tmp_path, "taken")
        return exomars(tmp_path, "digest", "send", "1", clock=today)

    done = await asyncio.to_thread(both)
    assert (done.returncode, done.stdout.endswith("\n1 sent\n")) == (0, True)
    before, now = "Replay no. 1, 2 March 2026", "Replay no. 2, 3 March 2026"
    assert done.stdout.index(before) < done.stdout.index(MAYBE_SHOWN) < done.stdout.index(now)
    assert done.stdout.count(MAYBE_SHOWN) == 1


async def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    """On a terminal a bar, which is gone at the end; in a pipe plain lines on standard error."""
    config = tmp_path / "config.toml"
    text = CONFIG.read_text(encoding="utf-8").replace("requests_per_second = 49", "requests_per_second = 1")
    config.write_text(text.replace('"corpus"', f'"{ROOT}/corpus"'), encoding="utf-8")
    config.write_text(
        config.read_text(encoding="utf-8").replace('"briefings"', f'"{ROOT}/briefings"'), encoding="utf-8"
    )
    async with DiscordDouble() as discord:
        guild = discord.add_guild("Rover Watch")
        channels = [discord.add_channel(guild, f"news-{number}") for number in range(4)]
        subscribed(tmp_path, guild, *channels)

        def watched() -> str:
            with terminal(
                tmp_path, "digest", "send", "1", "2", "3", config=config, more=tokens(discord)
            ) as shown:
                shown.shows("3 sent")
                assert shown.process.wait(10) == 0
                return shown.seen

        seen = await asyncio.to_thread(watched)
        assert re.search(r"\r\x1b\[Kdelivering \[#+\.+\] [12]/3, [0-9.]+ a second, \d s left", seen), seen
        assert seen.endswith("\r\x1b[K3 sent\r\n")
        piped = await told(tmp_path, discord, "--all", config=config)
        assert piped.stdout == "1 sent, 3 had come already\n"
        assert "\x1b" not in piped.stderr


async def test_the_terminal_is_one_of_them(tmp_path: Path) -> None:
    """Its digest is printed here, and the line about it all comes last."""
    assert (
        await asyncio.to_thread(exomars, tmp_path, "digest", "subscribe", "kind", "replay")
    ).returncode == 0
    done = await asyncio.to_thread(exomars, tmp_path, "digest", "send", "--all")
    assert done.returncode == 0
    assert done.stdout.count("Replay no. 1") == 1
    assert done.stdout.endswith("\n1 sent\n")
    chat = await asyncio.to_thread(exomars, tmp_path, "run", typed="about\n")
    assert "Replay no. 1" not in chat.stdout


async def test_with_a_story_only_its_digests_are_sent(tmp_path: Path) -> None:
    """--story keeps to one of several; a number of another is not known there."""
    config = tmp_path / "config.toml"
    story = '[[story]]\nword = "{0}"\nname = "{0}"\ncorpus = "{1}/corpus"\nbriefings = "{1}/briefings"\n'
    config.write_text(story.format("one", ROOT) + story.format("two", tmp_path), encoding="utf-8")
    for folder in ("corpus", "briefings"):
        shutil.copytree(ROOT / folder, tmp_path / folder)

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return exomars(tmp_path, *words, config=config)

    for word in ("one", "two"):
        assert run("--story", word, "digest", "subscribe", "kind", "replay").returncode == 0
    assert run("--story", "two", "digest", "send", "1").returncode == 2
    two = run("--story", "two", "digest", "send", "--all").stdout
    assert two.endswith("\n1 sent\n")
    assert "Ask next: exomars --story two timeline" in two
    assert run("digest", "send", "--all").stdout.endswith("\n1 sent, 1 had come already\n")


async def test_a_lock_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """One line with the file and what to do, and exit code 3."""
    (tmp_path / "exomars.db.terminal-lock").mkdir()
    await asyncio.to_thread(exomars, tmp_path, "digest", "subscribe", "kind", "replay")
    done = await asyncio.to_thread(exomars, tmp_path, "digest", "send", "1")
    assert (done.returncode, done.stdout) == (3, "")
    assert re.fullmatch(r"exomars: .*exomars\.db\.terminal-lock cannot be made: .*\n", done.stderr)


async def test_it_needs_nothing_of_discord_to_print(tmp_path: Path) -> None:
    """Who sends to the terminal alone does not import a second of discord.py."""

    def imported() -> str:
        exomars(tmp_path, "digest", "subscribe", "kind", "replay")
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *command("digest", "send", "--all")[1:]],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        assert done.stdout.endswith("1 sent\n")
        return done.stderr

    assert not re.search(r"\| +(discord|aiohttp|apscheduler)\b", await asyncio.to_thread(imported))


async def two_platforms(
    state: Path, discord: DiscordDouble, slack: SlackDouble
) -> "tuple[Channel, SlackChannel, dict[str, Any]]":
    """A digest on each, and the environment of both."""
    guild, there = discord.add_guild("Rover Watch"), slack.add_channel("news")
    here = discord.add_channel(guild, "news")
    subscribed(state, guild, here)
    typed = f"digest subscribe slack:{slack.team.id}/{there.id} kind replay at 09:00"
    assert "comes to" in exomars(state, "chat", typed=typed).stdout
    return here, there, {**tokens(discord), **slack.environment}


async def test_a_platform_that_refuses_fails_only_its_own(tmp_path: Path) -> None:
    """What goes to the other arrives; of the refused one nothing is promised, and exit code 1."""
    async with DiscordDouble() as discord, SlackDouble() as slack:
        here, there, both = await two_platforms(tmp_path, discord, slack)
        wrong = {**both, "DISCORD_TOKEN": "wrong"}
        done = await asyncio.to_thread(lambda: exomars(tmp_path, "digest", "send", "--all", **wrong))
        assert done.returncode == 1
        assert re.match(r"1 sent, 1 refused \(digest no\. 1: .*token", done.stdout), done.stdout
        assert done.stderr.count("refuses the token") == 1
        assert len(slack.from_bot(there)) == 1
        again = await asyncio.to_thread(lambda: exomars(tmp_path, "digest", "send", "--all", **both))
        assert (again.returncode, again.stdout) == (0, "1 sent, 1 had come already\n")
        assert len(discord.from_bot(here)) == 1
        assert slack.violations == []


async def test_a_platform_that_is_away_holds_up_only_its_own(tmp_path: Path) -> None:
    """The other's are sent meanwhile; where it comes back, its own are as well."""
    async with DiscordDouble() as discord, SlackDouble() as slack:
        here, there, both = await two_platforms(tmp_path, discord, slack)
        discord.fail("GET", "^/users/@me$", ALWAYS, Fault.status(503))
        sending = asyncio.create_task(
            asyncio.to_thread(lambda: exomars(tmp_path, "digest", "send", "--all", **both))
        )
        await slack.until(lambda: slack.from_bot(there), 20, "Slack waits for Discord")
        assert not discord.from_bot(here)
        discord.faults.clear()
        done = await sending
        assert (done.returncode, done.stdout) == (0, "2 sent\n")


async def test_the_variables_of_a_platform_are_named(tmp_path: Path) -> None:
    """As they are called, and not as they might be."""
    typed = "digest subscribe slack:T1ABC/C1ABC kind replay at 09:00"
    await asyncio.to_thread(lambda: exomars(tmp_path, "chat", typed=typed))
    done = await asyncio.to_thread(exomars, tmp_path, "digest", "send", "1")
    assert done.returncode == 2
    assert "set SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in done.stderr
