"""Socket Mode with the real slack-bolt: nothing is lost, all is acknowledged, each thing is handled once."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.config import Slack
from bot.edge.slack.socket import envelopes as envelopes_module
from bot.edge.slack.socket import sockets as sockets_module
from bot.edge.slack.socket.app import new_app
from bot.edge.slack.socket.envelopes import Envelopes
from bot.edge.slack.socket.sockets import Sockets
from bot.edge.slack.web import close_web, new_web
from bot.edge.slack.workspace import known
from bot.errors import ConnectError
from tests.doubles.slack import Envelope, Fault, SlackDouble
from tests.doubles.slack_sockets import EVENTS

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
Log = pytest.LogCaptureFixture
Ack = Callable[..., Awaitable[Any]]


class Stage(NamedTuple):
    """A double, and the sockets under test, with an app that notes what it hears."""

    slack: SlackDouble
    app: AsyncApp
    sockets: Sockets
    running: asyncio.Task[None]
    heard: list[str]

    async def hears(self, text: str) -> None:
        """Waits until the app has heard a text."""
        await self.slack.until(lambda: text in self.heard, what=f"it does not hear {text!r}")

    async def settled(self, seconds: float = 5.0) -> None:
        """Waits until all is acknowledged."""
        await self.slack.until(lambda: not self.slack.unacked, seconds, "not all is acknowledged")

    def tell(self, name: str, **event: Any) -> Envelope:
        """Sends an event that the double has no words for."""
        payload: Json = {
            "type": "event_callback",
            "team_id": self.slack.team.id,
            "event_id": f"Ev{id(event)}",
            "event": {"type": name, **event},
        }
        envelope = Envelope(EVENTS, payload, name, None)
        self.slack.sockets.tell(envelope)
        return envelope


@asynccontextmanager
async def stage(slack: SlackDouble | None = None) -> AsyncIterator[Stage]:
    """A stage that is connected; in the end nothing was done that Slack does not allow."""
    async with slack or SlackDouble() as double:
        web = new_web(Slack(double.bot_token, double.app_token, double.api_base))
        app, heard = new_app(web, await known(web)), list[str]()

        async def on_message(event: Json) -> None:
            heard.append(event["text"])

        app.event("message")(on_message)
        made: list[Sockets] = []
        envelopes = Envelopes(app, lambda: made[0].up)
        sockets = Sockets(double.app_token, web, envelopes.take, lambda: None)
        made.append(sockets)
        running = asyncio.create_task(sockets.run())
        try:
            await double.until(lambda: sockets.up or running.done(), what="it does not connect")
            yield Stage(double, app, sockets, running, heard)
        finally:
            running.cancel()
            sockets.deaf()
            await envelopes.finish()
            await sockets.close()
            await close_web(web)
            await asyncio.gather(running, return_exceptions=True)
        assert double.violations == []


# ── hand-over ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "what_is_not_known_yet"])
async def test_what_is_sent_during_a_hand_over_arrives_once(reason: str) -> None:
    """The old connection is read on until Slack closes it: nothing depends on Slack's sending it again."""
    async with stage() as on:
        slack, said = on.slack, [f"message {number}" for number in range(60)]
        slack.sockets.redelivers = set()
        news, most = slack.add_channel("news"), 0
        for number, text in enumerate(said):
            if number == 10:
                await slack.disconnect(reason, close_after=0.5)
            await slack.types(news, text)
            await asyncio.sleep(0.02)
            most = max(most, len(slack.connections))
        await on.hears(said[-1])
        await slack.until(lambda: len(on.heard) >= len(said), what="not all is heard")
        assert Counter(on.heard) == Counter(said)
        assert most == 2
        assert len(slack.connections) == 1


async def test_acknowledgements_go_where_the_envelope_came_from() -> None:
    """What came over the old connection is acknowledged there, though the next one is there by then."""
    async with stage() as on:
        slack, going_on = on.slack, asyncio.Event()

        async def slowly(ack: Ack) -> None:
            await going_on.wait()
            await ack()

        on.app.command("/exomars")(slowly)
        (old,) = slack.connections
        asked = await slack.slash(slack.add_channel("news"), "status")
        await slack.until(lambda: slack.sockets.delivered)
        await asyncio.sleep(0.1)
        await slack.disconnect("warning", close_after=2)
        await slack.connected(2)
        before = old.acks
        going_on.set()
        await asked.done()
        assert old.acks == before + 1


async def test_an_old_connection_that_slack_leaves_open_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many seconds, the bot closes it itself."""
    monkeypatch.setattr(sockets_module, "DRAIN_SECONDS", 0.3)
    async with stage() as on:
        (old,) = on.slack.connections
        await on.slack.disconnect("warning", close_after=60)
        await asyncio.wait_for(old.closed.wait(), 5)
        assert len(on.sockets.up) == 1


async def test_the_old_connection_serves_while_the_next_cannot_be_opened() -> None:
    """It counts as connected, and what comes is handled, until Slack closes it."""
    async with stage() as on:
        slack = on.slack
        news = slack.add_channel("news")
        slack.refuse("internal_error")
        await slack.disconnect("warning", close_after=1.5)
        await asyncio.sleep(0.3)
        assert on.sockets.up
        await slack.types(news, "in between")
        await on.hears("in between")
        await slack.disconnected()
        assert not on.sockets.up
        slack.refuse(None)
        await slack.connected(timeout=10)


# ── outages ──────────────────────────────────────────────────────────────────────────────


async def test_a_reset_connection_is_replaced_at_once(caplog: Log) -> None:
    """With one line in the log, and no waiting."""
    async with stage() as on:
        slack = on.slack
        slack.abort()
        await slack.disconnected()
        await slack.connected(timeout=1)
        await slack.types(slack.add_channel("news"), "after")
        await on.hears("after")
    assert [record.getMessage() for record in caplog.records] == [
        "the connection to Slack was lost; connecting again"
    ]


async def test_pauses_grow_where_connections_break_at_once() -> None:
    """The first is replaced at once, the second after a second: Slack counts openings."""
    async with stage() as on:
        slack = on.slack
        for _ in range(2):
            slack.abort()
            await slack.disconnected()
            await slack.connected(timeout=3)
        gaps = [request.loop_at for request in slack.requested("apps.connections.open")]
        assert gaps[1] - gaps[0] < 0.5
        assert 0.9 < gaps[2] - gaps[1] < 2


async def test_a_silent_connection_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pings that stay unanswered mean that nobody hears: it is not connected any more."""
    monkeypatch.setattr(sockets_module, "PING_SECONDS", 0.2)
    async with stage() as on:
        slack = on.slack
        slack.sockets.pongs = False
        await slack.until(lambda: slack.sockets.opened > 1, what="it does not notice")
        slack.sockets.pongs = True
        await slack.until(lambda: on.sockets.up, what="it does not come back")


async def test_a_closed_port_is_waited_for(caplog: Log) -> None:
    """Each attempt is one line, without a traceback, and what is said afterwards is heard."""
    async with stage() as on:
        slack = on.slack
        await slack.down()
        await asyncio.sleep(1.5)
        assert not on.sockets.up
        await slack.up()
        await slack.connected(timeout=10)
        await slack.types(slack.add_channel("news"), "after")
        await on.hears("after")
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "the connection to Slack was lost; connecting again"
    assert all("Slack cannot be reached (Client" in line for line in lines[1:])
    assert 1 <= len(lines) - 1 <= 3
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.status(503), "status 503"),
        (Fault.garbage(), "an answer that is not Slack's"),
        (Fault.error("internal_error"), "internal_error"),
        (Fault.dropped(), "ServerDisconnectedError"),
    ],
    ids=["503", "garbage", "internal_error", "cut"],
)
async def test_a_slack_that_fails_is_asked_again(caplog: Log, fault: Fault, said: str) -> None:
    """Whatever passes is waited for, in a line each."""
    async with stage() as on:
        on.slack.fail("apps.connections.open", fault)
        on.slack.abort()
        await on.slack.disconnected()
        await on.slack.connected(timeout=5)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert said in lines[1]
    assert "trying again in 1 s" in lines[1]


async def test_the_ticket_of_a_refused_socket_stays_out_of_the_log(caplog: Log) -> None:
    """Whoever has it could listen in the place of the bot."""
    async with stage() as on:
        slack = on.slack
        base = slack.sockets.base
        slack.sockets.base = f"{base}/nowhere"
        slack.abort()
        await slack.until(lambda: "answered with 404" in caplog.text, what="nothing is said")
        slack.sockets.base = base
        await slack.connected()
    assert "ticket" not in caplog.text


async def test_retry_after_is_obeyed(caplog: Log) -> None:
    """Where Slack tells how long to wait, that long."""
    async with stage() as on:
        on.slack.fail("apps.connections.open", Fault.too_many(3))
        on.slack.abort()
        await on.slack.disconnected()
        await on.slack.connected(timeout=8)
        refused, again = on.slack.requested("apps.connections.open")[-2:]
        assert again.loop_at - refused.loop_at >= 3
    assert "(ratelimited); trying again in 3 s" in caplog.text


async def test_too_many_connections(caplog: Log) -> None:
    """The one that is too many is closed before the next one is opened."""
    async with stage() as on:
        slack = on.slack
        await slack.disconnect("too_many_websockets", close_after=60)
        await slack.disconnected(1)
        await slack.connected()
        await slack.types(slack.add_channel("news"), "after")
        await on.hears("after")
    assert "too many of this app" in caplog.text


# ── what waiting does not help against ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        ("invalid_auth", "SLACK_APP_TOKEN"),
        ("token_revoked", "SLACK_APP_TOKEN"),
        ("missing_scope", "connections:write"),
        ("forbidden_team", "Socket Mode"),
        ("access_denied", "Socket Mode"),
    ],
)
async def test_a_refusal_ends_it_with_one_line(error: str, mend: str) -> None:
    """The line names Slack's error, and where to mend it."""
    async with stage() as on:
        on.slack.refuse(error)
        on.slack.abort()
        with pytest.raises(ConnectError, match=mend) as caught:
            await asyncio.wait_for(on.running, 5)
        assert error in str(caught.value)
        assert "\n" not in str(caught.value)


async def test_socket_mode_that_is_switched_off_ends_it() -> None:
    """Slack tells so over the socket, and would refuse the next one."""
    async with stage() as on:
        await on.slack.disconnect("link_disabled", close_after=0.1)
        with pytest.raises(ConnectError, match="Socket Mode"):
            await asyncio.wait_for(on.running, 5)


# ── acknowledgements ─────────────────────────────────────────────────────────────────────


async def test_what_nobody_listens_to_is_acknowledged() -> None:
    """Else Slack would send it again and again."""
    async with stage() as on:
        on.tell("emoji_changed")
        await on.slack.slash(on.slack.add_channel("news"), "status")
        await on.settled(1)


@pytest.mark.parametrize(
    "payload", [None, [], "a text", {}, {"type": 1}, {"type": "event_callback", "event": 5}]
)
async def test_an_envelope_that_nobody_understands_is_acknowledged(payload: Any) -> None:
    """Whatever Slack sends that nobody foresaw."""
    async with stage() as on:
        for kind in ("new_kind", EVENTS):
            on.slack.sockets.tell(Envelope(kind, payload, "nothing", None))
        await on.settled(1)


async def test_a_listener_that_fails_is_acknowledged(caplog: Log) -> None:
    """One line in the log tells of it, and the next is heard."""
    async with stage() as on:
        slack = on.slack

        async def fails() -> None:
            raise ValueError("not today")

        on.app.event("app_home_opened")(fails)
        on.app.command("/exomars")(fails)
        asked = await slack.slash(slack.add_channel("news"), "status")
        await slack.opens_home(slack.add_user("bea"))
        await on.settled(1)
        assert asked.acked
        assert not asked.shown
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.slack"]
    assert sorted(lines) == [
        "something from Slack (/exomars) was not handled",
        "something from Slack (app_home_opened) was not handled",
    ]
    assert len(caplog.records) == 2


async def test_a_listener_that_takes_for_ever_is_acknowledged_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Slack waits for 3 seconds and no longer, whatever the listener does."""
    async with stage() as on:

        async def sleeps() -> None:
            await asyncio.sleep(60)

        on.app.command("/exomars")(sleeps)
        asked = await on.slack.slash(on.slack.add_channel("news"), "status")
        await asked.done()
        assert envelopes_module.ACK_SECONDS <= asked.ack_seconds < 3
        monkeypatch.setattr(envelopes_module, "ACK_SECONDS", 0.1)  # it is not waited for in the end


async def test_what_comes_again_is_handled_once() -> None:
    """Slack delivers at least once: all is acknowledged, and one of them is handled."""
    async with stage() as on:
        slack, asked = on.slack, list[str]()
        news = slack.add_channel("news")

        async def answers(ack: Ack, body: Json) -> None:
            asked.append(body["text"])
            await asyncio.sleep(0.5)
            await ack("the answer")

        on.app.command("/exomars")(answers)
        slack.redeliver_after = 0.0
        await slack.types(news, "hello")
        slack.redeliver_after = 0.2
        interaction = await slack.slash(news, "status")
        await on.settled()
        await asyncio.sleep(0.6)
        assert on.heard == ["hello"]
        assert asked == ["status"]
        again = Counter(
            str(frame["retry_attempt"]) for frame in slack.sockets.delivered if "retry_attempt" in frame
        )
        assert again["1"] >= 2
        assert len(interaction.shown) <= 1


async def test_an_answer_whose_acknowledgement_was_lost_is_given_again() -> None:
    """What a listener acknowledged with goes out once more when Slack asks once more."""
    async with stage() as on:
        slack = on.slack

        async def answers(ack: Ack) -> None:
            await asyncio.sleep(0.3)
            slack.abort()
            await ack("the answer")

        on.app.command("/exomars")(answers)
        slack.redeliver_after = 1.0
        asked = await slack.slash(slack.add_channel("news"), "status")
        assert (await asked.answered()).text == "the answer"
        await on.settled()
        assert len(asked.shown) == 1


# ── the app ──────────────────────────────────────────────────────────────────────────────


async def test_the_app_asks_slack_nothing_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose token it is was asked before, and variables for other ways to log in change nothing."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "123.456")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-somebody-else")
    async with stage() as on:
        slack = on.slack
        news = slack.add_channel("news")
        for number in range(5):
            await slack.types(news, f"message {number}")
        await on.hears("message 4")
        await slack.until(lambda: len(on.heard) == 5)
        assert {request.method for request in slack.requests} == {"auth.test", "apps.connections.open"}
        assert len(slack.requested("auth.test")) == 1


async def test_it_does_not_hear_itself() -> None:
    """What the bot posts comes back as an event, which is acknowledged and no more."""
    async with stage() as on:
        slack = on.slack
        news = slack.add_channel("news")
        await on.app.client.chat_postMessage(
            channel=news.id, text="said by the bot", unfurl_links=False, unfurl_media=False
        )
        await slack.types(news, "said by a person")
        await on.hears("said by a person")
        await on.settled(1)
        assert on.heard == ["said by a person"]


async def test_tokens_stay_out_of_the_log(caplog: Log) -> None:
    """Also at `debug`, where the libraries tell all that they do."""
    caplog.set_level(logging.DEBUG)
    async with stage() as on:
        slack = on.slack
        await slack.types(slack.add_channel("news"), "hello")
        await on.hears("hello")
        assert "apps.connections.open" in caplog.text
        assert slack.bot_token not in caplog.text
        assert slack.app_token not in caplog.text
