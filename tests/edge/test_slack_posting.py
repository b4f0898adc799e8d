"""Digests on a local Slack: every kind of place, everything that goes wrong, and never a second message.

The client is the real slack_sdk over real sockets. Slack has no key that keeps a second message away, so
whatever is not sure is looked for before it is sent again.
"""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Slack as Settings
from bot.deliver.order import Absent, Failed, Order, Outcome, Refused, Sent, Wait
from bot.edge import clock
from bot.edge.slack.posting import requests
from bot.edge.slack.posting.pace import CHANNEL_SECONDS, Paces
from bot.edge.slack.posting.posting import SlackPoster
from bot.edge.slack.posting.requests import PAGE
from bot.edge.slack.web import close_web, new_web
from bot.reply import Line, Section
from bot.store.moments import stamp
from tests.deliver.places import Place
from tests.deliver.scene import Scene
from tests.doubles.slack import Channel, Fault, Message
from tests.doubles.slack_http import Reply as Answer
from tests.doubles.slack_posts import Draft
from tests.edge.slack_stage import EVENT, Stage, hurry, poster_of, settling, stage
from tests.edge.stage import MARK, said

pytestmark = pytest.mark.asyncio

KINDS = ["text", "private", "direct", "notice"]
NO_TOKEN = 600.0
ELSEWHERE = "end it with `digest unsubscribe`, and subscribe in another channel"
POST, HISTORY, OPEN = "chat.postMessage", "conversations.history", "conversations.open"
UPDATE = "chat.update"
RESUME = "then `digest resume`"


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    """Nothing arrives later than its answer, unless a test says so."""
    with settling(0.0):
        yield


# ── it arrives, once ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
async def test_it_arrives_in_every_kind_of_place(kind: str) -> None:
    """The same digest, with its mark and its buttons, and a text beside it, wherever it is wanted."""
    async with stage() as on:
        channel = on.place(kind)
        outcome = await on.poster.carry_out(on.for_kind(kind, channel))
        (message,) = on.slack.messages(channel)
        assert outcome == Sent(message.ts)
        assert "the rover will not fly" in message.said
        assert "ExoMars on 2022-03-18" in message.text
        assert MARK in message.said
        assert message.labels == ["Timeline"]
        assert message.pings == []
        assert message.thread_ts == ""
        assert message.metadata == {"event_type": EVENT, "event_payload": {"id": MARK}}
        (request,) = on.slack.requested(POST)
        assert (request.args["unfurl_links"], request.args["unfurl_media"]) == (False, False)


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
@pytest.mark.parametrize("name", ["lost", "500", "503", "garbage", "hang", "internal_error", "fatal_error"])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_not_known_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, kind: str, name: str, stored: bool
) -> None:
    """Whatever the answer, and whether it was carried out or not: in the end there is one message."""
    faults = {
        "lost": Fault.lost() if stored else Fault.dropped(),
        "garbage": Fault.garbage(stored=stored),
        "hang": Fault.hang(stored=stored),
        "500": Fault.status(500, stored=stored),
        "503": Fault.status(503, stored=stored),
    }
    if name == "hang":
        hurry(monkeypatch)
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        on.slack.fail(POST, faults.get(name) or Fault.error(name, stored=stored))
        failed = await on.poster.carry_out(order)
        assert isinstance(failed, Failed)
        assert not failed.sure
        assert on.asked(POST) == 1
        there = on.slack.from_bot(channel)
        assert len(there) == stored
        assert await on.poster.look(order) == (Sent(there[0].ts) if stored else Absent())
        if not stored:
            assert isinstance(await on.poster.carry_out(order), Sent)
        assert on.arrived(channel) == [MARK]


async def test_there_is_no_key_that_keeps_a_second_message_away() -> None:
    """So there is no time within which it may be sent twice."""
    async with stage() as on:
        for kind in KINDS:
            row = on.for_kind(kind, on.place(kind)).row
            assert on.poster.window(row) == 0.0
            assert on.poster.window(row._replace(task="edit")) == 0.0
            assert on.poster.window(row._replace(task="answer")) == 0.0


async def test_what_somebody_deleted_is_posted_again() -> None:
    """Where its answer was lost: Slack does not tell it from one that never arrived."""
    async with stage() as on:
        channel = on.place()
        on.slack.fail(POST, Fault.lost())
        assert isinstance(await on.poster.carry_out(on.order(channel)), Failed)
        on.slack.delete_message(on.slack.messages(channel)[0])
        assert await on.poster.look(on.order(channel)) == Absent()


async def test_what_slack_loses_in_silence_is_not_taken_for_sent() -> None:
    """An answer that all is well, without what became of it."""
    async with stage() as on:
        channel = on.place()
        on.slack.fail(POST, _answers({"ok": True}))
        same(await on.poster.carry_out(on.order(channel)), Failed("did not say"))
        assert await on.poster.look(on.order(channel)) == Absent()


async def test_only_the_user_group_is_called() -> None:
    """The one that was asked for, and nothing that a digest may contain."""
    async with stage() as on:
        group, other = on.slack.add_group("watchers"), on.slack.add_group("others")
        ann, channel = on.slack.add_user("ann"), on.place()
        calls = f"<!channel> <!here> <@{ann.id}> <!subteam^{other.id}> @channel <!subteam^{group.id}>"
        reply = said(sections=(Section("", (Line(calls),)),), title=calls, notes=(calls,))
        await on.poster.carry_out(on.order(channel, "d-1", reply=reply, role=group.id))
        await on.poster.carry_out(on.order(on.place(), "d-2", reply=reply))
        (message,) = on.slack.messages(channel)
        assert message.pings == [f"<!subteam^{group.id}>"]
        assert message.blocks[0] == {
            "type": "section", "text": {"type": "mrkdwn", "text": f"<!subteam^{group.id}>"}
        }  # fmt: skip
        assert message.text.startswith(f"<!subteam^{group.id}> ")


async def test_who_is_no_user_group_is_not_called() -> None:
    """As where a database was edited by hand: nothing is sent, and who subscribed can mend it."""
    async with stage() as on:
        outcome = await on.poster.carry_out(on.order(on.place(), role="everybody"))
        same(outcome, Refused("no user group", "subscribe again", invalid=False))
        assert on.asked(POST) == 0


async def test_slack_publishes_nothing() -> None:
    """There are no announcement channels; what asks for it is the bot's own mistake."""
    async with stage() as on:
        order = on.order(on.place(), task="publish", message="1.000000", reply=None)
        for outcome in (await on.poster.carry_out(order), await on.poster.look(order)):
            same(outcome, Refused("publishes nothing", "log", invalid=False, ours=True))


# ── looking ─────────────────────────────────────────────────────────────────────────────


def write(on: Stage, channel: Channel, count: int, thread: str = "") -> list[Message]:
    """People write so many messages."""
    ann = on.slack.add_user(f"ann-{len(on.slack.world.users)}")
    drafts = [Draft(f"message {number}", thread_ts=thread) for number in range(count)]
    return [on.slack._posts.write(channel, ann, draft) for draft in drafts]


@pytest.mark.parametrize("others", [0, PAGE - 1, PAGE, 3 * PAGE])
@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_found_behind_what_people_wrote(kind: str, others: int) -> None:
    """By its mark in the metadata, page by page."""
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        sent = await on.poster.carry_out(order)
        write(on, channel, others)
        assert await on.poster.look(order) == sent
        assert on.asked(HISTORY) == others // PAGE + 1
        assert all(request.args["include_all_metadata"] == "1" for request in on.slack.requested(HISTORY))


async def test_only_its_own_mark_counts() -> None:
    """Neither another digest, nor one whose mark begins the same, nor anybody who repeats the mark."""
    async with stage() as on:
        channel, ann = on.place(), on.slack.add_user("ann")
        for mark in ("d-12", "d-1-a", "D-1"):
            on.slack._posts.write(channel, on.slack.bot, Draft("x", metadata=_mark(mark)))
        other = {"event_type": "another", "event_payload": {"id": "d-1"}}
        on.slack._posts.write(channel, on.slack.bot, Draft("d-1", metadata=other))
        on.slack._posts.write(channel, on.slack.bot, Draft("[d-1]"))
        on.slack._posts.write(channel, ann, Draft("what is d-1 ?"))
        assert await on.poster.look(on.order(channel, "d-1")) == Absent()
        on.slack._posts.write(channel, on.slack.bot, Draft("d-1", metadata=_mark("d-1")))
        assert isinstance(await on.poster.look(on.order(channel, "d-1")), Sent)


async def test_the_bot_may_have_been_another_app() -> None:
    """Only apps can set metadata: what has the mark is the digest."""
    async with stage() as on:
        channel, old = on.place(), on.slack.world.add_user("old-bot", bot=True)
        message = on.slack._posts.write(channel, old, Draft("x", metadata=_mark(MARK)))
        assert await on.poster.look(on.order(channel)) == Sent(message.ts)


async def test_a_corrected_post_is_found() -> None:
    """An edit leaves the mark of the post beside its own."""
    async with stage() as on:
        channel = on.place()
        mark = {"event_type": EVENT, "event_payload": {"id": MARK, "edit": "e-1"}}
        message = on.slack._posts.write(channel, on.slack.bot, Draft("x", metadata=mark))
        assert await on.poster.look(on.order(channel)) == Sent(message.ts)
        assert await on.poster.look(on.order(channel, "e-1")) == Absent()


def _mark(mark: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"id": mark}}


async def test_it_reads_no_further_than_it_has_to() -> None:
    """What is older than the first try cannot be it; ten minutes are for clocks that differ."""
    now = [datetime.now(UTC).timestamp() - 7200]
    async with stage(clock=lambda: now[0]) as on:
        channel = on.place()
        write(on, channel, 3 * PAGE)
        now[0] += 7200 - 300
        sent = await on.poster.carry_out(on.order(channel))
        assert await on.poster.look(on.order(channel, "d-2")) == Absent()
        assert on.asked(HISTORY) == 1
        assert await on.poster.look(on.order(channel)) == sent  # Slack's clock is 5 minutes behind


async def test_an_old_message_with_the_mark_counts() -> None:
    """The age only ends the reading, after a page at least: clocks may differ by more than is thought."""
    now = [datetime.now(UTC).timestamp() - 7200]
    async with stage(clock=lambda: now[0]) as on:
        channel = on.place()
        sent = await on.poster.carry_out(on.order(channel))
        write(on, channel, PAGE // 2)
        assert await on.poster.look(on.order(channel)) == sent


@pytest.mark.parametrize("posted", [True, False])
async def test_where_too_much_was_written_it_looks_around_the_first_try(posted: bool) -> None:
    """A busy channel is not read to its end, and yet the digest is found near when it was tried."""
    tried = datetime.now(UTC) - timedelta(hours=1)
    now = [tried.timestamp()]
    async with stage(pages=2, clock=lambda: now[0]) as on:
        channel = on.place()
        order = on.order(channel, first_try=stamp(tried))
        sent = await on.poster.carry_out(order) if posted else Absent()
        now[0] += 3600
        write(on, channel, 5 * PAGE)
        assert await on.poster.look(order) == sent
        assert on.asked(HISTORY) == 3


async def test_a_post_that_waited_long_for_its_turn_is_found() -> None:
    """Where one a minute is allowed it may be written an hour after it was taken."""
    tried = datetime.now(UTC) - timedelta(hours=11)
    now = [tried.timestamp() + 3600]
    async with stage(pages=2, posts=1, clock=lambda: now[0]) as on:
        channel = on.place()
        order = on.order(channel, first_try=stamp(tried))
        sent = await on.poster.carry_out(order)
        now[0] += 36_000
        write(on, channel, 5 * PAGE)
        assert await on.poster.look(order) == sent


@pytest.mark.parametrize("others", [PAGE + 50, 5 * PAGE])
@pytest.mark.parametrize("minutes", [-100, -15, 15, 100])
async def test_by_a_clock_that_is_wrong_it_is_found(
    monkeypatch: pytest.MonkeyPatch, minutes: int, others: int
) -> None:
    """Slack tells the time with every answer, the first page as well."""
    wrong = timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + wrong)
    started = datetime.now(UTC) - timedelta(hours=1)
    now = [started.timestamp()]
    async with stage(pages=2, clock=lambda: now[0]) as on:
        channel = on.place()
        order = on.order(channel, first_try=stamp(started + wrong))
        sent = await on.poster.carry_out(order)
        now[0] += 3600
        write(on, channel, others)
        poster = poster_of(on.web, on.workspace, on.paces, pages=2)
        assert await poster.look(order) == sent
        assert await poster.look(on.order(channel, "d-2", first_try=stamp(started + wrong))) == Absent()


async def test_what_was_tried_by_a_clock_that_was_put_back_is_found() -> None:
    """It was tried in the future, so nobody knows how far back it is."""
    async with stage() as on:
        channel = on.place()
        sent = await on.poster.carry_out(on.order(channel))
        write(on, channel, PAGE + 50)
        later = stamp(datetime.now(UTC) + timedelta(hours=1))
        assert await on.poster.look(on.order(channel, first_try=None, made=later)) == sent


async def test_pages_that_were_read_are_not_lost_by_a_429(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where Slack lets an app read so seldom that every second page is refused."""
    monkeypatch.setattr(requests, "PAGE", 15)
    async with stage() as on:
        channel = on.place()
        sent = await on.poster.carry_out(on.order(channel))
        write(on, channel, 20)
        on.slack.limit_method(HISTORY, 1, 0.5)
        assert await on.poster.look(on.order(channel)) == sent
        assert on.asked(HISTORY) == 3
        same(await on.poster.look(on.order(channel)), Wait(1, "asks to wait"))


async def test_a_page_that_has_to_wait_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The delivery is put back, so that others have its place."""
    monkeypatch.setattr(requests, "PAGE", 15)
    monkeypatch.setattr(requests, "LONGEST_WAIT", 0.5)
    async with stage() as on:
        channel = on.place()
        write(on, channel, 20)
        on.slack.limit_method(HISTORY, 1, 0.5)
        same(await on.poster.look(on.order(channel)), Wait(1, "asks to wait"))
        assert on.asked(HISTORY) == 2


async def test_what_was_not_read_is_not_taken_for_absent() -> None:
    """Where the pages end before the time of the try was reached, nothing is known."""
    async with stage(pages=2) as on:
        channel = on.place()
        write(on, channel, 2 * PAGE + 1)
        same(await on.poster.look(on.order(channel)), Failed("could not look far enough back"))
        assert on.asked(HISTORY) == 4


async def test_an_empty_channel_is_empty() -> None:
    """Where the history may be read and has nothing, the digest is not there."""
    async with stage() as on:
        for kind in KINDS:
            assert await on.poster.look(on.for_kind(kind, on.place(kind))) == Absent()


async def test_what_cannot_be_read_is_not_taken_for_absent() -> None:
    """In a public channel that it is not in, the bot may be let post, and not read."""
    async with stage() as on:
        on.slack.scopes.add("chat:write.public")
        channel = on.slack.add_channel("open", bot=False)
        on.slack.fail(POST, Fault.lost())
        assert isinstance(await on.poster.carry_out(on.order(channel)), Failed)
        outcome = await on.poster.look(on.order(channel))
        same(outcome, Refused("cannot be known whether this was posted", "/invite @", invalid=False))
        assert outcome.why.endswith("the bot is not in this channel")  # type: ignore[union-attr]
        on.slack.join(channel, on.slack.bot)
        assert isinstance(await on.poster.look(on.order(channel)), Sent)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [("text", "channels:history"), ("private", "groups:history"), ("direct", "im:history"),
     ("notice", "im:history"), ("notice", "im:write")],
)  # fmt: skip
async def test_a_missing_scope_is_named(kind: str, scope: str) -> None:
    """For reading, in each kind of place."""
    async with stage() as on:
        on.slack.scopes.remove(scope)
        outcome = await on.poster.look(on.for_kind(kind, on.place(kind)))
        same(outcome, Refused(f"the app lacks the scope {scope}", "installs the app again", invalid=False))


async def test_without_the_scope_to_post_everything_waits() -> None:
    """There is nothing that the bot could do; nobody who subscribed can mend it."""
    async with stage() as on:
        on.slack.scopes.remove("chat:write")
        outcome = await on.poster.carry_out(on.order(on.place()))
        same(outcome, Wait(NO_TOKEN, "the app lacks the scope chat:write; whoever", everywhere=True))


async def test_looking_takes_its_turns() -> None:
    """Every page is a request like any other, and waits until it may go out."""
    async with stage(reads=50) as on:
        channel = on.place()
        write(on, channel, 3 * PAGE)
        order = on.order(channel, unsure=1)
        start = asyncio.get_running_loop().time()
        await on.poster.turn(order.row)
        assert await on.poster.look(order) == Absent()
        assert on.asked(HISTORY) == 3
        assert asyncio.get_running_loop().time() - start > 2 * 60 / 50


# ── what goes wrong ─────────────────────────────────────────────────────────────────────


def _answers(body: dict[str, Any] | None = None, status: int = 200, **more: Any) -> Fault:
    """A scripted answer; nothing was done."""
    return Fault("answered", stored=False, reply=Answer(body, status, **more))


def _page(status: int) -> Fault:
    return _answers(status=status, raw=b"<html>no</html>", content_type="text/html; charset=utf-8")


LONG = {"response_metadata": {"messages": ["[ERROR] must be an array\n" * 30]}}
MISSING = {"ok": False, "error": "missing_scope", "needed": "im:write", "provided": "chat:write"}
HERE, THERE = "the bot is not in this channel", "type `/invite @briefing-bot` there"

WRONG: dict[str, tuple[Fault, Outcome]] = {
    "lost": (Fault.lost(), Failed("lost")),
    "dropped": (Fault.dropped(), Failed("lost")),
    "hang": (Fault.hang(), Failed("in time")),
    "500": (Fault.status(500), Failed("problem of its own (500)")),
    "503": (Fault.status(503), Failed("problem of its own (503)")),
    "web page": (Fault.garbage(), Failed("in front of Slack")),
    "empty": (_answers(raw=b""), Failed("")),
    "broken": (_answers(raw=b'{"ok": tr'), Failed("")),
    "list": (_answers(raw=b"[1]"), Failed("")),
    "no text": (_answers(raw=b"\xff\xfe{"), Failed("")),
    "plain": (_answers(raw=b"ok", content_type="text/plain"), Failed("")),
    "neither": (_answers({}), Failed("in front of Slack")),
    "403 page": (_page(403), Failed("in front of Slack has answered (403)", sure=True)),
    "404 page": (_page(404), Failed("in front of Slack has answered (404)", sure=True)),
    "408 page": (_page(408), Failed("in front of Slack has answered (408)")),
    "429": (Fault.too_many(7), Wait(7, "asks to wait")),
    "429 page": (_page(429), Wait(10, "asks to wait")),
    "ratelimited": (Fault.error("ratelimited"), Wait(10, "asks to wait")),
    "rate_limited": (Fault.error("rate_limited"), Wait(10, "asks to wait")),
    "message_limit_exceeded": (Fault.error("message_limit_exceeded"), Wait(600, "too much was written")),
    "request_timeout": (Fault.error("request_timeout"), Failed("incomplete", sure=True)),
    "team_added_to_org": (Fault.error("team_added_to_org"), Failed("being moved", sure=True)),
    "service_unavailable": (Fault.error("service_unavailable"), Failed("of its own (service_unavailable)")),
    "invalid_auth": (Fault.error("invalid_auth"), Wait(NO_TOKEN, "the bot's token", everywhere=True)),
    "not_authed": (Fault.error("not_authed"), Wait(NO_TOKEN, "the bot's token", everywhere=True)),
    "401": (_answers({"ok": False, "error": "invalid_auth"}, 401), Wait(NO_TOKEN, "token", everywhere=True)),
    "token_revoked": (Fault.error("token_revoked"), Wait(NO_TOKEN, "was revoked", everywhere=True)),
    "token_expired": (Fault.error("token_expired"), Wait(NO_TOKEN, "has expired", everywhere=True)),
    "account_inactive": (Fault.error("account_inactive"), Wait(NO_TOKEN, "was removed", everywhere=True)),
    "missing_scope": (_answers(MISSING), Refused("the app lacks the scope im:write", RESUME, invalid=False)),
    "not_in_channel": (Fault.error("not_in_channel"), Refused(HERE, f"{THERE}, {RESUME}", invalid=False)),
    "channel_not_found": (
        Fault.error("channel_not_found"),
        Refused("deleted, or is private", f"{THERE}, {RESUME}; or {ELSEWHERE}", invalid=False),
    ),
    "is_archived": (Fault.error("is_archived"), Refused("is archived", "unarchive it and", invalid=False)),
    "restricted_action": (
        Fault.error("restricted_action"),
        Refused("does not let the bot post", "posting permissions", invalid=False),
    ),
    "restricted_action_read_only_channel": (
        Fault.error("restricted_action_read_only_channel"),
        Refused("read-only", RESUME, invalid=False),
    ),
    "restricted_action_thread_only_channel": (
        Fault.error("restricted_action_thread_only_channel"),
        Refused("only replies in threads", RESUME, invalid=False),
    ),
    "user_not_found": (Fault.error("user_not_found"), Refused("not known", ELSEWHERE, invalid=False)),
    "cannot_dm_bot": (Fault.error("cannot_dm_bot"), Refused("bots take no", ELSEWHERE, invalid=False)),
    "messages_tab_disabled": (
        Fault.error("messages_tab_disabled"),
        Refused("takes no direct messages", f"Messages Tab of the app (App Home), {RESUME}", invalid=False),
    ),
    "no_such_error": (Fault.error("no_such_error"), Refused("no_such_error", "log", invalid=False)),
    **{
        name: (Fault.error(name), Refused(f"does not take it: {name}", "log", invalid=False, ours=True))
        for name in (
            "invalid_blocks", "invalid_blocks_format", "invalid_arguments", "msg_too_long",
            "msg_blocks_too_long", "no_text", "too_many_attachments", "metadata_too_large",
            "metadata_must_be_sent_from_app", "invalid_metadata_format", "method_deprecated",
        )
    },
    "long": (
        _answers({"ok": False, "error": "invalid_blocks", **LONG}),
        Refused("invalid_blocks; [ERROR] must be an array", "log", invalid=False, ours=True),
    ),
}  # fmt: skip


def same(outcome: Outcome, wanted: Outcome) -> None:
    """Whether an outcome is what was wanted; texts need only be within."""
    assert type(outcome) is type(wanted), outcome
    for name, value in wanted._asdict().items():
        got = getattr(outcome, name)
        assert value in got if isinstance(value, str) else got == value, (name, outcome)
        assert not isinstance(got, str) or 0 < len(got) < 300
        assert not isinstance(got, str) or "{" not in got, "something was not filled in"


@pytest.mark.parametrize("kind", ["text", "notice"])
@pytest.mark.parametrize("name", WRONG)
async def test_what_goes_wrong_has_an_outcome(monkeypatch: pytest.MonkeyPatch, name: str, kind: str) -> None:
    """Nothing is raised; the pump learns whether to wait, to try again, or to tell an admin."""
    if name == "hang":
        hurry(monkeypatch)
    fault, wanted = WRONG[name]
    async with stage() as on:
        on.slack.fail(POST, fault)
        outcome = await on.poster.carry_out(on.for_kind(kind, on.place(kind)))
        same(outcome, wanted)
        assert on.asked(POST) == 1
        assert not getattr(outcome, "invalid", False), "that is Discord's count"


LOOKED: dict[str, Outcome] = {
    "lost": Failed(""),
    "hang": Failed(""),
    "503": Failed(""),
    "web page": Failed(""),
    "429": Wait(7, "asks to wait"),
    "invalid_auth": Wait(NO_TOKEN, "the bot's token", everywhere=True),
    "not_in_channel": Refused("cannot be known", "/invite", invalid=False),
    "channel_not_found": Refused("cannot be known", "/invite", invalid=False),
    "invalid_arguments": Refused("cannot be known", "log", invalid=False, ours=True),
    "missing_scope": Refused("the scope im:write", "installs the app again", invalid=False),
}


@pytest.mark.parametrize("name", LOOKED)
@pytest.mark.parametrize(("kind", "method"), [("text", HISTORY), ("notice", OPEN), ("notice", HISTORY)])
async def test_looking_goes_wrong_too(
    monkeypatch: pytest.MonkeyPatch, kind: str, method: str, name: str
) -> None:
    """What could not be read is neither there nor absent."""
    if name == "hang":
        hurry(monkeypatch)
    async with stage() as on:
        # A reading whose connection was cut is repeated once by aiohttp.
        on.slack.fail(method, WRONG[name][0], 2)
        same(await on.poster.look(on.for_kind(kind, on.place(kind))), LOOKED[name])


@pytest.mark.parametrize("answer", [{"ok": True}, {"ok": True, "messages": [], "has_more": True}])
async def test_a_page_that_is_none_says_nothing(answer: dict[str, Any]) -> None:
    """Without messages, or without where it goes on, nothing is known."""
    async with stage() as on:
        on.slack.fail(HISTORY, _answers(answer))
        assert isinstance(await on.poster.look(on.order(on.place())), Failed)


@pytest.mark.parametrize("name", ["lost", "web page", "503", "hang"])
async def test_a_notice_that_was_not_opened_was_not_sent(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As long as only the direct messages were opened, nothing can have arrived."""
    if name == "hang":
        hurry(monkeypatch)
    async with stage() as on:
        channel = on.place("notice")
        on.slack.fail(OPEN, WRONG[name][0])
        failed = await on.poster.carry_out(on.for_kind("notice", channel))
        assert isinstance(failed, Failed)
        assert failed.sure
        assert on.arrived(channel) == []


async def test_a_notice_to_somebody_who_cannot_be_reached() -> None:
    """Unknown, gone, or a bot."""
    async with stage() as on:
        gone, old = on.slack.add_user("cleo"), on.slack.world.add_user("old-bot", bot=True)
        gone.deleted = True
        order = on.for_kind("notice", on.place("notice"))
        for user, why in (("U000", "not known"), (gone.id, "has left"), (old.id, "bots take no")):
            outcome = await on.poster.carry_out(Order(order.row._replace(place=user), order.reply))
            same(outcome, Refused(why, ELSEWHERE, invalid=False))
        assert on.asked(POST) == 0


async def test_what_slack_says_of_its_own() -> None:
    """An archived channel, one that the bot was taken out of, and one that is gone."""
    async with stage() as on:
        archived, left, gone = on.place(), on.place(), on.place("private")
        on.slack.archive(archived)
        on.slack.remove_bot(left)
        on.slack.channel_gone(gone)
        for channel, why in ((archived, "is archived"), (left, HERE), (gone, "does not find")):
            same(await on.poster.carry_out(on.order(channel)), Refused(why, RESUME, invalid=False))
        assert not on.arrived(archived)


@pytest.mark.parametrize("kind", KINDS)
async def test_where_nobody_listens_nothing_was_sent(kind: str) -> None:
    """A connection that could not be made is surely nothing that arrived; looking says nothing."""
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        await on.slack.down()
        await asyncio.sleep(0.05)  # the client sees that its connection was cut
        failed = await on.poster.carry_out(order)
        assert isinstance(failed, Failed)
        assert failed.sure
        assert isinstance(await on.poster.look(order), Failed)
        await on.slack.up()
        assert isinstance(await on.poster.carry_out(order), Sent)


async def test_being_ended_is_no_outcome() -> None:
    """A delivery that is cancelled stays under way; the next process makes sure of it."""
    async with stage() as on:
        on.slack.fail(POST, Fault.hang())
        trying = asyncio.create_task(on.poster.carry_out(on.order(on.place())))
        await on.slack.until(lambda: on.asked(POST))
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying


async def test_a_slow_answer_is_waited_for() -> None:
    """As long as it comes within the time of a request, there is nothing to look for."""
    async with stage() as on:
        channel = on.place()
        on.slack.fail(POST, Fault.slow(0.5))
        assert isinstance(await on.poster.carry_out(on.order(channel)), Sent)
        assert on.asked(HISTORY) == 0


async def test_without_a_login_nothing_is_tried() -> None:
    """It is ready from then on, without any socket."""
    async with stage() as on:
        order, paces = on.order(on.place()), Paces(0, 0)
        strangers = [
            SlackPoster(lambda: None, lambda: None, paces),
            SlackPoster(lambda: on.web, lambda: None, paces),
            SlackPoster(lambda: None, lambda: on.workspace, paces),
        ]
        for poster in strangers:
            assert not poster.ready
            for outcome in (await poster.carry_out(order), await poster.look(order)):
                same(outcome, Failed("not logged in", sure=True))
        assert on.poster.ready
        assert on.asked(POST) == 0


async def test_as_whom_it_posts() -> None:
    """Its own user, once Slack has told."""
    async with stage() as on:
        assert on.poster.account == on.slack.bot.id
        assert SlackPoster(lambda: None, lambda: None, Paces(0, 0)).account == ""


async def test_a_token_that_slack_does_not_know() -> None:
    """Everything waits until somebody has mended it."""
    async with stage() as on:
        web = new_web(Settings("xoxb-wrong", "xapp-wrong", on.slack.api_base))
        try:
            outcome = await poster_of(web, on.workspace, Paces(0, 0)).carry_out(on.order(on.place()))
        finally:
            await close_web(web)
        same(outcome, Wait(NO_TOKEN, "does not accept the bot's token", everywhere=True))


# ── when it may still arrive ────────────────────────────────────────────────────────────


async def test_how_long_it_may_still_arrive() -> None:
    """Nothing is looked for too early."""
    async with stage() as on:
        row = on.order(on.place()).row
        with settling(20.0):
            assert on.poster.settle(row) == 20.0
            assert on.poster.settle(row._replace(task="answer")) == 20.0
            assert on.poster.settle(row._replace(task="notice")) == 20.0
            assert on.poster.settle(row._replace(task="edit")) == 20.0


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_waited_for_its_turn_settles_from_its_try_on(restarted: bool) -> None:
    """The pump counts from when a delivery was taken, which may be long before it was sent."""
    async with stage() as on:
        channel, loop = on.place(), asyncio.get_running_loop()
        long_ago = stamp(datetime.now(UTC) - timedelta(minutes=2))
        order = on.order(channel, first_try=long_ago)
        with settling(0.5):
            on.slack.fail(POST, Fault.lost())
            assert isinstance(await on.poster.carry_out(order), Failed)
            poster = poster_of(on.web, on.workspace, on.paces) if restarted else on.poster
            start = loop.time()
            assert isinstance(await poster.look(order), Sent)
            assert 0.4 < loop.time() - start < 1.0
            start = loop.time()
            assert isinstance(await on.poster.look(order), Sent)
            assert loop.time() - start < 0.4 or restarted


async def test_what_is_not_sure_is_not_remembered_for_ever() -> None:
    """Only as long as it may arrive."""
    async with stage() as on:
        with settling(0.1):
            on.slack.fail(POST, Fault.dropped(), 60)
            for number in range(30):
                await on.poster.carry_out(on.order(on.place(), f"d-{number}"))
            await asyncio.sleep(0.15)
            await on.poster.carry_out(on.order(on.place(), "last"))
            assert [*on.poster._unsure] == ["last"]


# ── with the pump ───────────────────────────────────────────────────────────────────────


class Room:
    """A pump with its database, and places to deliver to."""

    def __init__(self, on: Stage, folder: Path, places: int) -> None:
        self.on = on
        self.scene = Scene(folder, Place(), on.poster)
        self.scene.now = datetime.now(UTC)
        self.channels = [on.place() for _ in range(places)]

    def restart(self, poster: SlackPoster | None = None) -> None:
        """A new process: nothing is remembered but what the database keeps."""
        self.scene.poster = poster or poster_of(self.on.web, self.on.workspace, self.on.paces)
        self.scene.pump = self.scene.a_pump()

    def promise(self, **more: Any) -> list[str]:
        """A digest for each place; their marks."""
        now, team = stamp(self.scene.now), self.on.workspace.id
        there = {"platform": "slack", "server": team, "place_kind": "text"}
        when = {"made": now, "due": now, "until": None}
        places = [{"place": channel.id, **there, **when, **more} for channel in self.channels]
        return [self.scene.promise(**place)[0] for place in places]

    async def ended(self, marks: list[str], *states: str, advance: float = 0.2) -> None:
        """Waits until all have come to one of these states."""
        wanted = states or ("done",)
        await self.scene.until(
            lambda: all(self.scene.row(mark).state in wanted for mark in marks), advance=advance
        )

    def once(self, marks: list[str]) -> None:
        """Each has arrived, in its place and once."""
        for mark, channel in zip(marks, self.channels, strict=True):
            assert self.on.arrived(channel) == [mark]
            assert self.scene.row(mark).message == self.on.slack.from_bot(channel)[0].ts


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
async def test_killed_under_way_it_is_found_by_the_next_process(tmp_path: Path, stored: bool) -> None:
    """Promised, sent, the answer lost, the process killed: the next one looks before it sends."""
    async with stage() as on:
        room = Room(on, tmp_path, 1)
        (mark,) = marks = room.promise()
        on.slack.fail(POST, Fault.hang(stored=stored))
        killed = asyncio.create_task(room.scene.pump.run())
        await on.slack.until(lambda: on.asked(POST))
        await room.scene.pump.end(0)
        await killed
        assert room.scene.row(mark).state == "taken"
        room.restart()
        await room.ended(marks)
        room.once(marks)
        assert on.asked(POST) == (1 if stored else 2)
        assert on.asked(HISTORY) == 1
        row = room.scene.row(mark)
        assert (row.unsure, row.outcome) == (0, "")


async def test_nothing_comes_twice_and_nothing_is_missed(tmp_path: Path) -> None:
    """Thirty channels, every kind of fault in any order, and a process that is killed again and again."""
    chance = random.Random(7)  # noqa: S311  (no secret)
    async with stage() as on:
        room = Room(on, tmp_path, 30)
        marks = room.promise()
        passing = [
            Fault.lost(), Fault.dropped(), Fault.status(500, stored=True), Fault.status(503),
            Fault.garbage(stored=True), Fault.garbage(), Fault.error("internal_error"),
            Fault.error("fatal_error", stored=True), Fault.hang(0.05), Fault.hang(0.05, stored=True),
            _answers({"ok": True}), Fault.error("team_added_to_org"), Fault.slow(0.05),
        ]  # fmt: skip
        on.slack.fail(POST, Fault.too_many(1))
        for fault in chance.choices(passing, k=60):
            on.slack.fail(POST, fault)
        for fault in chance.choices([Fault.dropped(), Fault.status(503), Fault.garbage()], k=10):
            on.slack.fail(HISTORY, fault)
        for _ in range(8):
            running = asyncio.create_task(room.scene.pump.run())
            for _ in range(20):
                room.scene.now += timedelta(seconds=0.5)
                room.scene.pump.wake()
                await asyncio.sleep(0.01)
            await room.scene.pump.end(0)
            await running
            room.restart()
        await room.ended(marks, advance=5)
        room.once(marks)


@pytest.mark.parametrize(("method", "fault"), [(HISTORY, POST), (UPDATE, "")])
async def test_told_to_wait_with_another_method_posts_go_on(tmp_path: Path, method: str, fault: str) -> None:
    """Slack blocks one method of a workspace: while it cannot be read or edited there, it can be posted."""
    async with stage() as on:
        room = Room(on, tmp_path, 6)
        if fault:
            on.slack.fail(fault, Fault.lost())
        first, *others = room.promise()
        await room.ended([*others, *([] if fault else [first])])
        room.restart()
        on.slack.fail(method, Fault.too_many(60))
        if not fault:
            room.scene.correct(first)
        posted = on.asked(POST)
        await room.scene.until(lambda: on.asked(method) > 0, advance=0.2)
        room.restart()
        start = asyncio.get_running_loop().time()
        marks = room.promise()
        await room.ended(marks)
        assert asyncio.get_running_loop().time() - start < 5
        assert (on.asked(method), on.asked(POST) - posted) == (1, len(marks))


async def test_told_to_wait_everything_that_posts_waits(tmp_path: Path) -> None:
    """Slack blocks the method for the workspace; as long as it says nothing is posted anywhere."""
    async with stage() as on:
        room = Room(on, tmp_path, 8)
        marks = room.promise()
        on.slack.fail(POST, Fault.too_many(1))
        await room.ended(marks)
        room.once(marks)
        times = sorted(request.loop_at for request in on.slack.requested(POST))
        (limited,) = [request for request in on.slack.requested(POST) if request.status == 429]
        pauses = [later - limited.loop_at for later in times if later > limited.loop_at + 0.1]
        assert min(pauses) > 1.0
        assert room.scene.pump._guard.wait(asyncio.get_running_loop().time()) == 0.0


async def test_a_channel_that_refuses_is_paused_and_who_subscribed_is_told(tmp_path: Path) -> None:
    """By direct message, with what to do."""
    async with stage() as on:
        room = Room(on, tmp_path, 1)
        ann = on.slack.add_user("ann")

        def of_ann(db: Any) -> None:
            db.execute("UPDATE subscription SET platform = 'slack', by = ?", (ann.id,))

        room.scene.store.write(of_ann)
        on.slack.remove_bot(room.channels[0])
        marks = room.promise()
        await room.ended(marks, "refused")
        room.scene.pump = room.scene.a_pump()
        await room.scene.until(lambda: bool(on.slack.from_bot(on.slack.dm(ann))))
        (message,) = on.slack.from_bot(on.slack.dm(ann))
        assert "the bot is not in this channel" in message.said
        assert "/invite @briefing-bot" in message.said


# ── at what pace ────────────────────────────────────────────────────────────────────────


async def test_one_message_a_second_in_a_channel(tmp_path: Path) -> None:
    """Several digests for one channel go one after the other, and no 429 is provoked."""
    async with stage() as on:
        room = Room(on, tmp_path, 2)
        on.slack.limit_channels(1.1)  # a machine that stalls brings some closer together
        marks = [*room.promise(), *room.promise(), *room.promise()]
        start = asyncio.get_running_loop().time()
        await room.ended(marks, advance=0.01)
        assert on.slack.too_many == 0
        assert asyncio.get_running_loop().time() - start > 2 * CHANNEL_SECONDS
        assert [sorted(on.arrived(channel)) for channel in room.channels] == [
            sorted(marks[0::2]), sorted(marks[1::2])
        ]  # fmt: skip


async def test_an_answer_to_a_person_counts(tmp_path: Path) -> None:
    """It goes out at once; the digest behind it waits for the second to be over."""
    async with stage() as on:
        channel = on.place()
        on.slack.limit_channels(1.1)
        async with on.paces.ahead(channel.id):
            await on.web.chat_postMessage(
                channel=channel.id, text="hi", unfurl_links=False, unfurl_media=False
            )
        order = on.order(channel)
        await on.poster.turn(order.row)
        assert isinstance(await on.poster.carry_out(order), Sent)
        assert on.slack.too_many == 0


async def test_the_pace_of_the_workspace_is_kept(tmp_path: Path) -> None:
    """So many a minute over all channels; here a minute's tenth."""
    async with stage(posts=600) as on:
        room = Room(on, tmp_path, 40)
        on.slack.limit_workspace(12, 1.0)  # a machine that stalls brings some closer together
        marks = room.promise()
        start = asyncio.get_running_loop().time()
        await room.ended(marks)
        room.once(marks)
        assert on.slack.too_many == 0
        assert 3.5 < asyncio.get_running_loop().time() - start < 6


async def test_without_a_limit_of_the_workspace_they_go_at_once(tmp_path: Path) -> None:
    """Where none is set there is none, but for the second of each channel."""
    async with stage(posts=0) as on:
        room = Room(on, tmp_path, 40)
        marks = room.promise()
        start = asyncio.get_running_loop().time()
        await room.ended(marks)
        room.once(marks)
        assert asyncio.get_running_loop().time() - start < 3


async def test_a_notice_keeps_the_second_of_its_direct_messages() -> None:
    """Whose place is a person, and whose message stands in the channel of theirs."""
    async with stage() as on:
        channel = on.place("notice")
        on.slack.limit_channels(1.1)
        start = asyncio.get_running_loop().time()
        for mark in ("d-1", "d-2"):
            order = on.for_kind("notice", channel, mark)
            await on.poster.turn(order.row)
            assert isinstance(await on.poster.carry_out(order), Sent)
        assert on.slack.too_many == 0
        assert asyncio.get_running_loop().time() - start > 1.0
