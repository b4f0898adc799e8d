"""Corrections on a local Discord: edited in place or answered below, once, whatever goes wrong.

The pump, the database and discord.py are the real ones; rows are promised as a correction promises them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.deliver.order import Absent, Gone, Order, Refused, Sent
from bot.digest.content.post import posted
from bot.reply import parse_reply
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from tests.deliver.places import Place
from tests.deliver.scene import Scene, saying
from tests.doubles.discord import Channel, Fault, Message
from tests.edge.stage import Stage, hurry, settling, stage

pytestmark = pytest.mark.asyncio

KINDS = ["text", "announcement", "thread", "forum", "direct"]
OLD, NEW = "It happened.", "It did not happen."


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    """Nothing lands later than its answer, unless a test says so."""
    with settling(0.0):
        yield


class Newsroom(NamedTuple):
    """A stage, and a database with a pump that posts there."""

    on: Stage
    scene: Scene

    async def posts(self, channel: Channel, count: int = 1, **more: Any) -> list[str]:
        """Digests that have arrived in a place; their marks."""
        row, now = self.on.order(channel).row, stamp(self.scene.now)
        there = {"server": row.server, "place": row.place, "place_kind": row.place_kind}
        when = {"made": now, "due": now, "until": None}
        self.scene.pump = self.scene.a_pump()
        marks = self.scene.promise(count, **(there | when | more))
        await self.scene.until(lambda: all(self.scene.row(mark).state == "done" for mark in marks))
        self.scene.pump = self.scene.a_pump()
        return marks

    async def post(self, channel: Channel, **more: Any) -> tuple[str, Message]:
        """One digest that has arrived: its mark, and the message."""
        (mark,) = await self.posts(channel, **more)
        return mark, self.on.discord._posts.all[self.scene.row(mark).message]

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
    """A newsroom by the clock of the machine, by which Discord numbers its messages."""
    async with stage(**options) as on:
        scene = Scene(folder, Place(), on.poster)
        scene.now = datetime.now(UTC)
        try:
            yield Newsroom(on, scene)
        finally:
            scene.store.close()


def edited_once(message: Message, post: str, edit: str) -> None:
    """It says what is right, and was edited once for it."""
    assert NEW in message.text
    assert OLD not in message.text
    assert f"[{post}] [{edit}]" in message.embeds[0]["footer"]["text"]
    assert len(message.edits) == 1


# ── where it stands ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gateway", [False, True], ids=["logged in", "connected"])
@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_edited_where_it_stands(tmp_path: Path, kind: str, gateway: bool) -> None:
    """In every kind of place, with its buttons, and nothing new stands there."""
    async with newsroom(tmp_path, gateway=gateway) as room:
        channel = room.on.place(kind)
        if gateway and kind != "direct":
            await room.on.discord.until(lambda: room.on.client.get_channel(int(channel.id)))
        post, message = await room.post(channel)
        assert OLD in message.text
        edit = room.scene.correct(post)
        (row,) = await room.ended(post, "done")
        edited_once(message, post, edit)
        assert message.buttons == ["Timeline"]
        assert message.pings == ()
        assert (row.message, row.outcome, row.tries) == (message.id, "", 1)
        assert len(room.on.arrived(channel)) == 1


async def test_whom_the_post_has_pinged_an_edit_does_not(tmp_path: Path) -> None:
    """The mention of the role stays in the text, and is allowed to nobody."""
    async with newsroom(tmp_path) as room:
        role = room.on.discord.world.add_role(room.on.guild, "watchers", ())
        post, message = await room.post(room.on.place("text"), role=role.id)
        assert len(message.pings) == 1
        edit = room.scene.correct(post, f"{NEW} @everyone <@&{role.id}>")
        await room.ended(post, "done")
        edited_once(message, post, edit)
        assert message.content == f"<@&{role.id}>"
        assert not message.pings
        (request,) = room.on.discord.requested("PATCH", "/messages/")
        assert request.json["allowed_mentions"] == {"parse": []}
        assert "content" not in request.json


async def test_a_published_post_is_edited_and_not_published_again(tmp_path: Path) -> None:
    """Discord carries an edit to the servers that follow."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("announcement"), publish=1)
        room.scene.pump = room.scene.a_pump()
        await room.scene.until(lambda: message.crossposted)
        room.scene.pump = room.scene.a_pump()
        edit = room.scene.correct(post)
        await room.ended(post, "done")
        edited_once(message, post, edit)
        assert room.on.asked("POST", "/crosspost$") == 1


async def test_it_is_found_by_its_own_mark_after_an_edit(tmp_path: Path) -> None:
    """As where a process was killed before it kept that the post had arrived."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place("text")
        post, message = await room.post(channel)
        room.scene.correct(post)
        await room.ended(post, "done")
        room.on.discord.forget_nonces()
        message.payload.pop("nonce", None)
        assert await room.on.poster.look(room.on.order(channel, post)) == Sent(message.id)


# ── once ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "fault", [Fault.lost(), Fault.garbage(stored=True), Fault.hang(stored=True)], ids=lambda f: f.name
)
async def test_a_lost_answer_makes_no_second_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, fault: Fault
) -> None:
    """The message is looked at, and has the mark of the edit."""
    if fault.name == "hang":
        hurry(monkeypatch)
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place(kind))
        room.on.discord.fail("PATCH", "/messages/", fault=fault)
        edit = room.scene.correct(post)
        (row,) = await room.ended(post, "done")
        edited_once(message, post, edit)
        assert (row.message, row.outcome) == (message.id, "")
        assert room.on.asked("PATCH", "/messages/") == 1
        assert room.on.asked("GET", f"/messages/{message.id}$") == 1


@pytest.mark.parametrize("fault", [Fault.reset(), Fault.status(503), Fault.garbage()], ids=lambda f: f.name)
async def test_what_was_not_done_is_done_after_a_look(tmp_path: Path, fault: Fault) -> None:
    """Nobody knew; the message tells."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("text"))
        room.on.discord.fail("PATCH", "/messages/", fault=fault)
        edit = room.scene.correct(post)
        await room.ended(post, "done")
        edited_once(message, post, edit)
        assert room.on.asked("GET", f"/messages/{message.id}$") == 1


@pytest.mark.parametrize("stored", [True, False])
async def test_killed_under_way_it_is_looked_for(tmp_path: Path, *, stored: bool) -> None:
    """The next process edits it only if the last one has not."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("text"))
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.hang(stored=stored))
        edit = room.scene.correct(post)
        killed = asyncio.create_task(room.scene.pump.run())
        await room.on.discord.until(lambda: room.on.asked("PATCH", "/messages/"))
        await room.scene.pump.end(0)
        await killed
        assert room.scene.row(edit).state == "taken"
        room.scene.pump = room.scene.a_pump()
        await room.ended(post, "done")
        edited_once(message, post, edit)
        assert room.on.asked("PATCH", "/messages/") == (1 if stored else 2)


async def test_an_edit_that_arrived_with_other_words_is_done_again(tmp_path: Path) -> None:
    """A later correction has changed what it is to say, after an answer was lost."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("text"))
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.lost())
        edit = room.scene.correct(post, "Something in between.")
        await room.scene.until(lambda: bool(room.scene.row(edit).unsure))
        assert "in between" in message.text

        def other_words(db: Any) -> None:
            outbox = Outbox(db.conn)
            outbox.put_instead(outbox.put_body(saying(NEW)), 1, [edit])

        room.scene.store.write(other_words)
        room.scene.pump = room.scene.a_pump()
        await room.ended(post, "done")
        assert NEW in message.text
        assert len(message.edits) == 2


async def test_where_a_post_cannot_be_read_it_is_edited_again(tmp_path: Path) -> None:
    """The same edit twice is one; nothing is left in doubt for a missing permission."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place("text")
        post, message = await room.post(channel)
        room.on.discord.deny(channel, "read_message_history")
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.lost())
        room.scene.correct(post)
        await room.ended(post, "done")
        assert NEW in message.text
        assert room.on.asked("PATCH", "/messages/") == 2


# ── what Discord refuses ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fault", "times", "why"),
    [
        (Fault.too_old(), 5, "older than an hour"),
        (Fault.refused(400, 30046, "Maximum number of edits"), 1, "older than an hour"),
        (Fault.refused(400, 50083, "Tried to perform an operation on an archived thread"), 1, "archived"),
        (Fault.refused(403, 50005, "Cannot edit a message authored by another user"), 1, "this account"),
        (Fault.refused(403, 50001, "Missing Access"), 1, "does not see"),
        (Fault.forbidden(), 1, "may not edit"),
        (Fault.refused(403, 20024, "Under minimum age"), 1, "Under minimum age"),
    ],
    ids=["30046", "30046 at once", "50083", "50005", "50001", "50013", "another 403"],
)
async def test_what_cannot_be_edited_is_answered(
    tmp_path: Path, kind: str, fault: Fault, times: int, why: str
) -> None:
    """Under the post, as a reply to it, with the amended words and a mark of its own."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place(kind)
        post, message = await room.post(channel)
        room.on.discord.fail("PATCH", "/messages/", times, fault)
        room.scene.correct(post)
        edit, answer = await room.ended(post, "refused", "done")
        assert why in edit.outcome
        assert "digest resume" not in edit.outcome
        place = room.on.discord.world.channels[message.channel_id]
        *_, last = room.on.discord.messages(place)
        assert (answer.task, answer.message, answer.outcome) == ("answer", last.id, "")
        assert last.embeds[0]["title"] == "Corrected: News"
        assert f"[{answer.id}]" in last.embeds[0]["footer"]["text"]
        assert post not in last.text
        assert (last.replies_to, last.nonce, last.pings) == (message.id, answer.id, ())
        assert NEW in last.text
        assert message.edits == []


async def test_in_an_archived_thread_the_answer_opens_it_again(tmp_path: Path) -> None:
    """Discord lets nobody edit there, and lets everybody write."""
    async with newsroom(tmp_path) as room:
        thread = room.on.place("thread")
        post, message = await room.post(thread)
        room.on.discord.archive(thread)
        room.scene.correct(post)
        await room.ended(post, "refused", "done")
        assert not thread.archived
        assert message.edits == []


async def test_of_a_post_of_somebody_else_nothing_is_edited(tmp_path: Path) -> None:
    """As after the database went over to another account."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place("text")
        post, _ = await room.post(channel)
        other = await room.on.discord.user_types(channel, "not the bot's")
        row = room.scene.row(post)._replace(message=other.id)
        room.scene.store.write(lambda db: Outbox(db.conn).save(row))
        room.scene.correct(post)
        await room.ended(post, "refused", "done")
        assert (other.edits, other.content) == ([], "not the bot's")
        assert room.on.discord.messages(channel)[-1].replies_to == other.id


async def test_an_answer_that_is_refused_too_is_the_end(tmp_path: Path) -> None:
    """A thread that is archived and locked takes neither."""
    async with newsroom(tmp_path) as room:
        thread = room.on.place("thread")
        post, _ = await room.post(thread)
        thread.locked = True
        room.on.discord.archive(thread)
        room.scene.correct(post)
        edit, answer = await room.ended(post, "refused", "refused")
        assert (edit.outcome, answer.outcome) == ("the thread is archived", "the thread is locked")
        assert len(room.on.arrived(thread)) == 1


async def test_a_lost_answer_to_an_answer_makes_no_second_one(tmp_path: Path) -> None:
    """It has a nonce, as a post has."""
    async with newsroom(tmp_path) as room:
        thread = room.on.place("forum")
        post, message = await room.post(thread)
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.forbidden())
        room.on.discord.fail("POST", "/messages$", fault=Fault.lost())
        room.scene.correct(post)
        await room.ended(post, "refused", "done")
        place = room.on.discord.world.channels[message.channel_id]
        assert len(room.on.discord.messages(place)) == 2
        assert room.on.asked("POST", "/messages$") == 2


@pytest.mark.parametrize("kind", ["text", "forum", "direct"])
async def test_an_answer_is_found_after_its_nonce_is_forgotten(tmp_path: Path, kind: str) -> None:
    """By its mark, in the place where the post is."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place(kind))
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.forbidden())
        room.scene.correct(post)
        _, answer = await room.ended(post, "refused", "done")
        room.on.discord.forget_nonces()
        room.on.discord._posts.all[answer.message].payload.pop("nonce", None)
        order = room.order(answer.id)._replace(post=message.id)
        assert await room.on.poster.look(order) == Sent(answer.message)
        other = order._replace(row=order.row._replace(id="another"))
        assert await room.on.poster.look(other) == Absent()


@pytest.mark.parametrize("gateway", [False, True], ids=["logged in", "connected"])
async def test_where_the_history_is_hidden_an_answer_refers_to_nothing(tmp_path: Path, gateway: bool) -> None:
    """Discord takes no reply there; it says by its title that it corrects."""
    async with newsroom(tmp_path, gateway=gateway) as room:
        channel = room.on.place("text")
        post, _ = await room.post(channel)
        room.on.discord.deny(channel, "read_message_history")
        if gateway:
            await room.on.discord.until(lambda: not _may(room.on, channel, "read_message_history"))
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.forbidden())
        room.scene.correct(post)
        await room.ended(post, "refused", "done")
        *_, last = room.on.discord.messages(channel)
        assert (last.replies_to, last.embeds[0]["title"]) == (None, "Corrected: News")
        assert room.on.asked("POST", "/messages$") == (2 if gateway else 3)


def _may(on: Stage, channel: Channel, permission: str) -> bool:
    found: Any = on.client.get_channel(int(channel.id))
    return found is None or getattr(found.permissions_for(found.guild.me), permission)


async def test_where_the_bot_was_removed_nothing_is_asked(tmp_path: Path) -> None:
    """The gateway has told; an answer would be refused as well."""
    async with newsroom(tmp_path, gateway=True) as room:
        post, _ = await room.post(room.on.place("text"))
        room.on.discord.remove_bot(room.on.guild)
        await room.on.discord.until(lambda: not room.on.client.guilds)
        room.scene.correct(post)
        (edit,) = await room.ended(post, "refused")
        assert edit.outcome == "the bot is not on this server any more"
        assert room.on.asked("PATCH", "/") == 0


async def test_without_the_right_to_post_it_is_edited_all_the_same(tmp_path: Path) -> None:
    """To edit what one has posted takes no permission to post."""
    async with newsroom(tmp_path, gateway=True) as room:
        channel = room.on.place("text")
        await room.on.discord.until(lambda: room.on.client.get_channel(int(channel.id)))
        post, message = await room.post(channel)
        room.on.discord.deny(channel, "send_messages")
        await room.on.discord.until(lambda: not _may(room.on, channel, "send_messages"))
        edit = room.scene.correct(post)
        await room.ended(post, "done")
        edited_once(message, post, edit)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.rate_limited(100),
        Fault.refused(400, 20022, "announcement edits"),
        Fault.refused(400, 20028, "channel write rate limit"),
    ],
    ids=lambda f: f.name,
)
async def test_told_to_wait_it_waits(tmp_path: Path, fault: Fault) -> None:
    """And is done afterwards, without an answer."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("announcement"))
        room.on.discord.fail("PATCH", "/messages/", fault=fault)
        edit, began = room.scene.correct(post), room.scene.now
        await room.ended(post, "done", advance=20)
        assert room.scene.now - began >= timedelta(seconds=100)
        edited_once(message, post, edit)


# ── what was deleted ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
async def test_a_deleted_post_needs_no_correction(tmp_path: Path, kind: str) -> None:
    """It is settled, and says so; nothing is answered."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place(kind)
        post, message = await room.post(channel)
        if kind == "forum":
            room.on.discord.delete_channel(room.on.discord.world.channels[message.channel_id])
        else:
            room.on.discord.delete_message(message)
        room.scene.correct(post)
        (edit,) = await room.ended(post, "done")
        assert edit.outcome == "the post was deleted"
        assert room.on.arrived(channel) == []
        order = room.order(edit.id)
        assert await room.on.poster.look(order) == Gone("the post was deleted")
        assert await room.on.poster.carry_out(order._replace(post="")) == Gone("the post was deleted")
        assert await room.on.poster.look(order._replace(post="")) == Gone("the post was deleted")


async def test_the_first_message_of_a_forum_post_may_be_gone_alone(tmp_path: Path) -> None:
    """What people wrote below it stays."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("forum"))
        room.on.discord.delete_message(message)
        room.scene.correct(post)
        (edit,) = await room.ended(post, "done")
        assert edit.outcome == "the post was deleted"


# ── at what pace ────────────────────────────────────────────────────────────────────────


async def test_the_pace_is_kept(tmp_path: Path) -> None:
    """Of all requests together: Discord never has to refuse one."""
    async with newsroom(tmp_path, pace=28) as room:
        channels = [room.on.place("text") for _ in range(60)]
        posts = [(await room.posts(channel))[0] for channel in channels]
        room.on.discord.limit_everything(30, 1.0)
        await asyncio.sleep(1)
        edits = [room.scene.correct(post) for post in posts]
        await room.scene.until(lambda: all(room.scene.row(edit).state == "done" for edit in edits))
        assert room.on.discord.too_many == 0
        assert room.on.asked("PATCH", "/messages/") == 60


async def test_many_posts_of_one_channel_are_edited_within_its_limits(tmp_path: Path) -> None:
    """One after the other, so that none waits in vain."""
    async with newsroom(tmp_path) as room:
        channel = room.on.place("text")
        posts = await room.posts(channel, 12)
        room.on.discord.limit_channels(5, 1.0)
        edits = [room.scene.correct(post) for post in posts]
        await room.scene.until(
            lambda: all(room.scene.row(edit).state == "done" for edit in edits), advance=0.05
        )
        assert room.on.discord.too_many == 0
        assert room.on.asked("PATCH", "/messages/") == 12


async def test_posts_go_before_corrections(tmp_path: Path) -> None:
    """What is due in the morning does not wait behind what was wrong all along."""
    async with newsroom(tmp_path, pace=50) as room:
        posts = [(await room.posts(room.on.place("text")))[0] for _ in range(20)]
        before, now = len(room.on.discord.requests), stamp(room.scene.now)
        edits = [room.scene.correct(post) for post in posts]
        when: dict[str, Any] = {"made": now, "due": now, "until": None}
        digests = [
            room.scene.promise(server=room.on.guild.id, place=room.on.place("text").id, **when)[0]
            for _ in range(10)
        ]
        await room.scene.until(
            lambda: all(room.scene.row(mark).state == "done" for mark in (*edits, *digests)), advance=0.1
        )
        methods = [request.method for request in room.on.discord.requests[before:]]
        assert sorted(methods) == ["PATCH"] * 20 + ["POST"] * 10
        # Each has a connection of its own, so neighbours may change places on the way.
        assert "PATCH" not in methods[:7]


async def test_an_edit_takes_its_turn(tmp_path: Path) -> None:
    """It has no window in which a second one would be harmless, and may land late."""
    async with newsroom(tmp_path) as room:
        post, _ = await room.post(room.on.place("forum"))
        edit = room.scene.row(room.scene.correct(post))
        answer = edit._replace(task="answer")
        assert room.on.poster.window(edit) == 0.0
        with settling(20.0):
            assert room.on.poster.settle(edit) == 20.0
        assert room.on.poster.window(answer) == 60.0
        assert room.on.poster.settle(answer) == 0.0


@pytest.mark.parametrize("fault", [Fault.lost(), Fault.status(503), Fault.garbage()], ids=lambda f: f.name)
async def test_looking_goes_wrong_too(tmp_path: Path, fault: Fault) -> None:
    """Then it is looked for again; it is not edited while in doubt."""
    async with newsroom(tmp_path) as room:
        post, message = await room.post(room.on.place("text"))
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.lost())
        room.on.discord.fail("GET", "/messages/", 2, fault)  # a GET that was cut is repeated by aiohttp
        edit = room.scene.correct(post)
        await room.ended(post, "done", advance=1)
        edited_once(message, post, edit)


async def test_the_fault_of_the_bot_itself_is_answered_by_nothing(tmp_path: Path) -> None:
    """What makes no sense to Discord makes none in an answer either."""
    async with newsroom(tmp_path) as room:
        post, _ = await room.post(room.on.place("text"))
        room.on.discord.fail("PATCH", "/messages/", fault=Fault.refused(400, 50035, "Invalid Form Body"))
        edit = room.scene.correct(post)
        outcome = await room.on.poster.carry_out(room.order(edit))
        assert isinstance(outcome, Refused)
        assert (outcome.ours, outcome.answer) == (True, False)
