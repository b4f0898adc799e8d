"""Corrections on a local Slack: edited in place or answered below, once, whatever goes wrong.

The pump, the database and slack_sdk are the real ones; rows are promised as a correction promises them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.deliver.order import Absent, Failed, Gone, Order, Refused, Sent, Wait
from bot.digest.content.post import posted
from bot.render import slack
from bot.reply import parse_reply, reply_text
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from tests.deliver.places import Place
from tests.deliver.scene import REPLY, Scene, saying
from tests.doubles.slack import Channel, Fault, Message
from tests.doubles.slack_http import Reply as Answer
from tests.doubles.slack_posts import Draft
from tests.edge.slack_stage import EVENT, Stage, hurry, poster_of, settling, stage

pytestmark = pytest.mark.asyncio

KINDS = ["text", "private", "direct"]
OLD, NEW = "It happened.", "It did not happen."
POST, UPDATE = "chat.postMessage", "chat.update"
HISTORY, REPLIES = "conversations.history", "conversations.replies"


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    """Nothing arrives later than its answer."""
    with settling(0.0):
        yield


class Newsroom(NamedTuple):
    """A stage, and a database with a pump that posts there."""

    on: Stage
    scene: Scene

    async def post(self, channel: Channel, **more: Any) -> tuple[str, Message]:
        """One digest that has arrived: its mark, and the message."""
        row, now = self.on.order(channel).row, stamp(self.scene.now)
        there = {"platform": "slack", "server": row.server, "place": row.place, "place_kind": row.place_kind}
        when = {"made": now, "due": now, "until": None}
        self.restart()
        (mark,) = self.scene.promise(**(there | when | more))
        await self.scene.until(lambda: self.scene.row(mark).state == "done")
        self.restart()
        return mark, channel.messages[self.scene.row(mark).message]

    def restart(self) -> None:
        """A new process: nothing is remembered but what the database keeps."""
        self.scene.poster = poster_of(self.on.web, self.on.workspace, self.on.paces)
        self.scene.pump = self.scene.a_pump()

    async def ended(self, post: str, *states: str, advance: float = 0.2) -> list[DeliveryRow]:
        """The corrections of a post, once they have come to this."""
        await self.scene.until(
            lambda: [row.state for row in self.scene.corrections(post)] == [*states], advance=advance
        )
        return self.scene.corrections(post)

    def order(self, correction: str) -> Order:
        """A correction as the pump gives it to the poster."""
        row = self.scene.row(correction)
        target = self.scene.row(row.target)
        reply = posted(parse_reply(saying(NEW)), "", f"{target.id}] [{row.id}", self.scene.now)
        return Order(row, reply, target.message)


@asynccontextmanager
async def newsroom(folder: Path, **options: Any) -> AsyncIterator[Newsroom]:
    """A newsroom by the clock of the machine, by which Slack numbers its messages."""
    async with stage(**options) as on:
        scene = Scene(folder, Place(), on.poster)
        scene.now = datetime.now(UTC)
        try:
            yield Newsroom(on, scene)
        finally:
            scene.store.close()


def edited_once(message: Message, post: str, edit: str) -> None:
    """It says what is right, and was edited once for it."""
    assert NEW in message.said
    assert NEW in message.text
    assert OLD not in message.said + message.text
    assert f"[{post}] [{edit}]" in message.said
    assert message.metadata == {"event_type": EVENT, "event_payload": {"id": post, "edit": edit}}
    assert len(message.versions) == 1


# ── where it stands ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_edited_where_it_stands(tmp_path: Path, kind: str) -> None:
    """In every kind of place, with its buttons and a text beside it, and nothing new stands there."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place(kind)
        post, message = await room.post(channel)
        assert OLD in message.said
        edit = room.scene.correct(post)
        (row,) = await room.ended(post, "done")
        edited_once(message, post, edit)
        assert message.labels == ["Timeline"]
        assert message.pings == []
        assert (row.message, row.outcome, row.tries) == (message.ts, "", 1)
        assert len(room.on.arrived(channel)) == 1
        (request,) = room.on.slack.requested(UPDATE)
        assert request.args["parse"] == "none"
        assert "unfurl_links" not in request.args  # Slack has no such switch for edits


async def test_a_corrected_post_says_so_itself(tmp_path: Path) -> None:
    """Slack shows no mark beside an edit of blocks: the reply's own note is there to be read."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        note = "Corrected on 13 July 2022: it said that the mission was called off."
        edit = room.scene.correct(post)
        body = reply_text(REPLY._replace(notes=(note,)))

        def noted(db: Any) -> None:
            outbox = Outbox(db.conn)
            outbox.put_instead(outbox.put_body(body), 1, [edit])

        room.scene.store.write(noted)
        await room.ended(post, "done")
        (small,) = [block for block in message.blocks if block["type"] == "context"]
        assert note in small["elements"][0]["text"]


async def test_whom_the_post_has_called_an_edit_does_not(tmp_path: Path) -> None:
    """Neither the user group that the post called, nor anybody whom its words name."""
    async with newsroom(tmp_path) as room:
        group = room.on.slack.add_group("watchers")
        post, message = await room.post(room.on.place(), role=group.id)
        assert message.pings == [f"<!subteam^{group.id}>"]
        room.scene.correct(post, f"{NEW} <!channel> <!subteam^{group.id}>")
        await room.ended(post, "done")
        assert NEW in message.said
        assert message.pings == []


async def test_it_is_found_by_its_own_mark_after_an_edit(tmp_path: Path) -> None:
    """As where a process was killed before it kept that the post had arrived."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        post, message = await room.post(channel)
        room.scene.correct(post)
        await room.ended(post, "done")
        assert await room.on.poster.look(room.on.order(channel, post)) == Sent(message.ts)


# ── once ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "fault",
    [
        Fault.lost(),
        Fault.garbage(stored=True),
        Fault.hang(stored=True),
        Fault.status(500, stored=True),
        Fault.error("internal_error", stored=True),
        Fault.error("update_failed", stored=True),
    ],
    ids=lambda fault: fault.name,
)
async def test_a_lost_answer_makes_no_second_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, fault: Fault
) -> None:
    """The message is looked at, and has the mark of the edit."""
    if fault.name == "hang":
        hurry(monkeypatch)
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place(kind))
        room.on.slack.fail(UPDATE, fault)
        edit = room.scene.correct(post)
        (row,) = await room.ended(post, "done")
        edited_once(message, post, edit)
        assert (row.message, row.outcome) == (message.ts, "")
        assert room.on.asked(UPDATE) == 1
        (look,) = room.on.slack.requested(HISTORY)
        assert (look.args["latest"], look.args["limit"]) == (message.ts, "1")


@pytest.mark.parametrize(
    "fault",
    [
        Fault.dropped(),
        Fault.status(503),
        Fault.garbage(),
        Fault("silent", stored=False, reply=Answer({"ok": True})),
    ],
    ids=lambda fault: fault.name,
)
async def test_what_was_not_done_is_done_after_a_look(tmp_path: Path, fault: Fault) -> None:
    """Nobody knew; the message tells."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, fault)
        edit = room.scene.correct(post)
        await room.ended(post, "done")
        edited_once(message, post, edit)
        assert (room.on.asked(UPDATE), room.on.asked(HISTORY)) == (2, 1)


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
async def test_killed_under_way_it_is_looked_for(tmp_path: Path, stored: bool) -> None:
    """The next process edits it only if the last one has not."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.hang(stored=stored))
        edit = room.scene.correct(post)
        killed = asyncio.create_task(room.scene.pump.run())
        await room.on.slack.until(lambda: room.on.asked(UPDATE))
        await room.scene.pump.end(0)
        await killed
        assert room.scene.row(edit).state == "taken"
        room.restart()
        await room.ended(post, "done")
        edited_once(message, post, edit)
        assert room.on.asked(UPDATE) == (1 if stored else 2)


async def test_an_edit_that_lands_late_does_not_undo_a_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later one waits until the earlier can no longer land."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        update, late = room.on.web.chat_update, list[asyncio.Task[Any]]()

        async def lands_later(**parts: Any) -> Any:
            if late:
                return await update(**parts)

            async def land() -> None:
                await asyncio.sleep(0.3)
                await update(**parts)

            late.append(asyncio.create_task(land()))
            raise TimeoutError

        monkeypatch.setattr(room.on.web, "chat_update", lands_later)
        with settling(0.6):
            first = room.scene.correct(post, "Something in between.")
            await room.scene.until(lambda: bool(room.scene.row(first).unsure))
            room.scene.pump = room.scene.a_pump()
            room.scene.correct(post)
            await room.ended(post, "done", "done")
        assert late[0].done()
        assert NEW in message.said
        assert [row.outcome for row in room.scene.corrections(post)] == ["", ""]


async def test_an_edit_that_arrived_with_other_words_is_done_again(tmp_path: Path) -> None:
    """A later correction has changed what it is to say, after an answer was lost."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.lost())
        edit = room.scene.correct(post, "Something in between.")
        await room.scene.until(lambda: bool(room.scene.row(edit).unsure))
        assert "in between" in message.said

        def other_words(db: Any) -> None:
            outbox = Outbox(db.conn)
            outbox.put_instead(outbox.put_body(saying(NEW)), 1, [edit])

        room.scene.store.write(other_words)
        room.restart()
        await room.ended(post, "done")
        assert NEW in message.said
        assert len(message.versions) == 2


async def test_the_same_words_without_the_mark_are_not_the_edit(tmp_path: Path) -> None:
    """Whoever wrote them; and where both are there, nothing is left to do."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        order = room.order(room.scene.correct(post))
        assert order.reply is not None
        shown = slack.message(order.reply, "exomars")
        blocks = [dict(block) for block in shown.blocks]
        for mark, found in ((post, Absent()), (order.row.id, Sent(message.ts))):
            metadata = {"event_type": EVENT, "event_payload": {"id": post, "edit": mark}}
            room.on.slack._posts.edit(message, shown.text, blocks, metadata)
            assert await room.on.poster.look(order) == found


async def test_words_are_the_same_however_slack_keeps_them(tmp_path: Path) -> None:
    """An address in a text becomes a link, an ampersand is escaped, blocks get ids: it is the same edit."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.lost())
        room.scene.correct(
            post, f"{NEW} R&D says <1 and >2: see https://example.org/a?b=1&c=2 *now* _x_ `y`."
        )
        await room.ended(post, "done")
        assert "R&D says <1 and >2" in message.said
        assert room.on.asked(UPDATE) == 1


async def test_where_a_post_cannot_be_read_it_is_edited_again(tmp_path: Path) -> None:
    """The same edit twice is one; nothing is left in doubt for a missing scope."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.scopes.remove("channels:history")
        room.on.slack.fail(UPDATE, Fault.lost())
        room.scene.correct(post)
        await room.ended(post, "done")
        assert NEW in message.said
        assert room.on.asked(UPDATE) == 2


@pytest.mark.parametrize("fault", [Fault.lost(), Fault.status(503), Fault.garbage()], ids=lambda f: f.name)
async def test_looking_goes_wrong_too(tmp_path: Path, fault: Fault) -> None:
    """Then it is looked for again; it is not edited while in doubt."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.lost())
        room.on.slack.fail(HISTORY, fault, 2)  # a reading whose connection was cut is repeated by aiohttp
        edit = room.scene.correct(post)
        await room.ended(post, "done", advance=1)
        edited_once(message, post, edit)
        assert room.on.asked(UPDATE) == 1


# ── what Slack refuses ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("cant_update_message", "not of this app"),
        ("edit_window_closed", "so old"),
        ("block_mismatch", "does not let the post be changed"),
        ("restricted_action", "does not let the bot edit"),
    ],
)
async def test_what_cannot_be_edited_is_answered(tmp_path: Path, kind: str, error: str, why: str) -> None:
    """In the thread of the post and in its channel, with the amended words and a mark of its own."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place(kind)
        post, message = await room.post(channel)
        room.on.slack.fail(UPDATE, Fault.error(error))
        room.scene.correct(post)
        edit, answer = await room.ended(post, "refused", "done")
        assert why in edit.outcome
        assert "digest resume" not in edit.outcome
        *_, last = room.on.slack.messages(channel)
        assert (answer.task, answer.message, answer.outcome) == ("answer", last.ts, "")
        assert last.thread_ts == message.ts
        assert last.said.startswith("Corrected: News")
        assert last.metadata == {"event_type": EVENT, "event_payload": {"id": answer.id}}
        assert NEW in last.said
        assert last.pings == []
        assert not message.edited
        request = room.on.slack.requested(POST)[-1]
        assert (request.args["unfurl_links"], request.args["unfurl_media"]) == (False, False)
        assert request.args["reply_broadcast"] is True


async def test_of_a_post_of_somebody_else_nothing_is_edited(tmp_path: Path) -> None:
    """As after the database went over to another app."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        post, _ = await room.post(channel)
        other = room.on.slack._posts.write(channel, room.on.slack.add_user("ann"), Draft("not the bot's"))
        row = room.scene.row(post)._replace(message=other.ts)
        room.scene.store.write(lambda db: Outbox(db.conn).save(row))
        room.scene.correct(post)
        await room.ended(post, "refused", "done")
        assert (other.edited, other.text) == (False, "not the bot's")
        assert room.on.slack.messages(channel)[-1].thread_ts == other.ts


async def test_an_archived_channel_takes_no_answer_either(tmp_path: Path) -> None:
    """So none is tried; it says why."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        post, _ = await room.post(channel)
        room.on.slack.archive(channel)
        room.scene.correct(post)
        (edit,) = await room.ended(post, "refused")
        assert edit.outcome == "the channel is archived"
        assert room.on.asked(POST) == 1


@pytest.mark.parametrize("error", ["is_inactive", "is_archived", "channel_not_found"])
async def test_where_nothing_can_be_said_nothing_is_tried(tmp_path: Path, error: str) -> None:
    """Neither in a frozen channel, nor in one that the bot cannot find any more."""
    async with newsroom(tmp_path) as room:
        post, _ = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.error(error))
        room.scene.correct(post)
        await room.ended(post, "refused")
        assert room.on.asked(POST) == 1


async def test_an_answer_that_is_refused_too_is_the_end(tmp_path: Path) -> None:
    """A channel that the bot was taken out of takes neither."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        post, _ = await room.post(channel)
        room.on.slack.remove_bot(channel)
        room.scene.correct(post)
        edit, answer = await room.ended(post, "refused", "refused")
        assert edit.outcome == answer.outcome == "the bot is not in this channel"


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_lost_answer_to_an_answer_makes_no_second_one(
    tmp_path: Path, kind: str, stored: bool
) -> None:
    """It is looked for in the thread, where others may have written."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place(kind)
        post, message = await room.post(channel)
        ann = next(iter(user for user in channel.members if user != room.on.slack.bot.id), "")
        author = room.on.slack.world.users.get(ann) or room.on.slack.add_user("ann")
        for number in range(250):
            room.on.slack._posts.write(channel, author, Draft(f"reply {number}", thread_ts=message.ts))
        room.on.slack.fail(UPDATE, Fault.error("edit_window_closed"))
        room.on.slack.fail(POST, Fault.lost() if stored else Fault.dropped())
        room.scene.correct(post)
        _, answer = await room.ended(post, "refused", "done")
        replies = [one for one in room.on.slack.from_bot(channel) if one.thread_ts]
        assert [one.ts for one in replies] == [answer.message]
        assert room.on.asked(POST) == (2 if stored else 3)
        assert room.on.asked(REPLIES) == 2  # pages


async def test_a_long_thread_is_read_around_the_first_try(tmp_path: Path) -> None:
    """Where it has more pages than are read."""
    now = [datetime.now(UTC).timestamp() - 3600]
    async with newsroom(tmp_path, clock=lambda: now[0]) as room:
        channel, ann = room.on.place(), room.on.slack.add_user("ann")
        post, message = await room.post(channel)
        for number in range(250):
            room.on.slack._posts.write(channel, ann, Draft(f"reply {number}", thread_ts=message.ts))
        now[0] += 3600
        mark = {"event_type": EVENT, "event_payload": {"id": "a-1"}}
        draft = Draft("x", metadata=mark, thread_ts=message.ts)
        answer = room.on.slack._posts.write(channel, room.on.slack.bot, draft)
        order = room.on.order(channel, "a-1", task="answer", target=post, post=message.ts)
        poster = poster_of(room.on.web, room.on.workspace, room.on.paces, pages=1)
        assert await poster.look(order) == Sent(answer.ts)
        assert room.on.asked(REPLIES) == 2
        other = order._replace(row=order.row._replace(id="a-2"))
        assert await poster.look(other) == Absent()
        for number in range(250):
            room.on.slack._posts.write(channel, ann, Draft(f"more {number}", thread_ts=message.ts))
        assert isinstance(await poster.look(other), Failed)


@pytest.mark.parametrize("shown", [True, False], ids=["shown in the channel", "nowhere"])
async def test_where_threads_cannot_be_read_the_channel_is(tmp_path: Path, shown: bool) -> None:
    """An answer stands there as well."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        order = room.on.order(channel, "a-1", task="answer", target="d-1", post="1600000000.000001")
        mark = {"event_type": EVENT, "event_payload": {"id": "a-1" if shown else "a-2"}}
        answer = room.on.slack._posts.write(channel, room.on.slack.bot, Draft("x", metadata=mark))
        room.on.slack.fail(REPLIES, Fault.error("not_allowed_token_type"))
        assert await room.on.poster.look(order) == (Sent(answer.ts) if shown else Absent())
        room.on.slack.fail(REPLIES, Fault.error("not_in_channel"))
        room.on.slack.fail(HISTORY, Fault.error("not_in_channel"))
        outcome = await room.on.poster.look(order)
        assert isinstance(outcome, Refused)
        assert outcome.why.startswith("it cannot be known whether this was posted")


@pytest.mark.parametrize("fault", [Fault.too_many(100), Fault.error("ratelimited")], ids=["429", "as a 200"])
async def test_told_to_wait_it_waits(tmp_path: Path, fault: Fault) -> None:
    """And is done afterwards, without an answer in the thread."""
    async with newsroom(tmp_path) as room:
        post, _ = await room.post(room.on.place())
        edit = room.scene.correct(post)
        room.on.slack.fail(UPDATE, fault)
        outcome = await room.on.poster.carry_out(room.order(edit))
        assert isinstance(outcome, Wait)
        assert (outcome.everywhere, outcome.invalid) == (False, False)
        assert outcome.seconds == (100 if fault.name == "429" else 10)
        assert room.on.asked(POST) == 1


async def test_after_a_429_it_is_edited(tmp_path: Path) -> None:
    """By the pump, once the time is over."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.too_many(1))
        edit = room.scene.correct(post)
        await room.ended(post, "done")
        edited_once(message, post, edit)
        first, second = room.on.slack.requested(UPDATE)
        assert second.loop_at - first.loop_at > 1.0


# ── what was deleted ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("replied", [False, True])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_deleted_post_needs_no_correction(tmp_path: Path, kind: str, replied: bool) -> None:
    """It is settled, and says so; nothing is answered, not even where its thread is left."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place(kind)
        post, message = await room.post(channel)
        if replied:
            room.on.slack._posts.write(
                channel, room.on.slack.add_user("ann"), Draft("why?", thread_ts=message.ts)
            )
        room.on.slack.delete_message(message)
        room.scene.correct(post)
        (edit,) = await room.ended(post, "done")
        assert edit.outcome == "the post was deleted"
        assert room.on.arrived(channel) == []
        order = room.order(edit.id)
        assert await room.on.poster.carry_out(order._replace(post="")) == Gone("the post was deleted")
        assert await room.on.poster.look(order._replace(post="")) == Gone("the post was deleted")


async def test_an_edit_of_a_deleted_post_whose_answer_was_lost(tmp_path: Path) -> None:
    """It is not found, so it is tried again, and then Slack says what has become of the post."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        post, message = await room.post(channel)
        room.on.slack.fail(UPDATE, Fault.lost())
        edit = room.scene.correct(post)
        await room.scene.until(lambda: bool(room.scene.row(edit).unsure))
        room.on.slack.delete_message(message)
        room.restart()
        (row,) = await room.ended(post, "done")
        assert row.outcome == "the post was deleted"


async def test_an_answer_to_a_post_that_is_gone(tmp_path: Path) -> None:
    """Deleted after the edit was refused: there is no thread any more, to write in or to look at."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place()
        order = room.on.order(channel, "a-1", task="answer", target="d-1", post="1600000000.000001")
        assert await room.on.poster.carry_out(order) == Gone("the post was deleted")
        assert await room.on.poster.look(order) == Gone("the post was deleted")
        assert room.on.slack.messages(channel) == []


# ── at what pace ────────────────────────────────────────────────────────────────────────


async def test_the_pace_of_edits_is_kept(tmp_path: Path) -> None:
    """Of the workspace as a whole: Slack never has to refuse one."""
    async with newsroom(tmp_path, edits=1200) as room:
        posts = [(await room.post(room.on.place()))[0] for _ in range(40)]
        room.on.slack.limit_method(UPDATE, 24, 1.0)  # a machine that stalls brings some closer together
        start = asyncio.get_running_loop().time()
        edits = [room.scene.correct(post) for post in posts]
        await room.scene.until(
            lambda: all(room.scene.row(edit).state == "done" for edit in edits), advance=0.1
        )
        assert room.on.slack.too_many == 0
        assert room.on.asked(UPDATE) == 40
        assert asyncio.get_running_loop().time() - start > 1.7


async def test_the_fault_of_the_bot_itself_is_answered_by_nothing(tmp_path: Path) -> None:
    """What makes no sense to Slack makes none in an answer either."""
    async with newsroom(tmp_path) as room:
        post, _ = await room.post(room.on.place())
        room.on.slack.fail(UPDATE, Fault.error("invalid_blocks"))
        edit = room.scene.correct(post)
        outcome = await room.on.poster.carry_out(room.order(edit))
        assert isinstance(outcome, Refused)
        assert (outcome.ours, outcome.answer, outcome.invalid) == (True, False, False)
