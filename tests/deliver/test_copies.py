"""Corrections through the pump on a real database: each copy once, behind the posts, and never two at one."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.deliver import copies, correcting
from bot.deliver.order import Failed, Gone, Order, Refused, Wait
from bot.deliver.pump import MOST
from bot.reply import parse_reply, reply_text
from bot.store.moments import stamp
from bot.store.outbox import NEVER_ARRIVED, OVERTAKEN, Outbox
from bot.store.register import Register
from tests.deliver.places import Place
from tests.deliver.scene import NOW, REPLY, Scene, saying

pytestmark = pytest.mark.asyncio

NO_EDITS = Refused("the thread is archived", "", invalid=False, answer=True)


@pytest.fixture(name="place")
def _place() -> Place:
    return Place()


@pytest.fixture(name="scene")
def _scene(tmp_path: Path, place: Place) -> Scene:
    return Scene(tmp_path, place)


def words(order: Order) -> str:
    """What the first line of a delivery says."""
    assert order.reply is not None
    return order.reply.sections[0].lines[0].text


async def test_an_edit_shows_its_post_as_it_was_posted_with_other_words(scene: Scene, place: Place) -> None:
    """Both marks, the heading of the post, and no word of how long ago that was."""
    heading = '{"notes": ["No. 7"], "due": "2026-11-21T09:00:00.000"}'
    (post,) = await scene.posted(heading=heading)
    scene.now = NOW.replace(year=2027)
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "done")
    order = place.arrived[edit]
    assert order.reply is not None
    assert order.reply.notes == (f"No. 7 [{post}] [{edit}].",)
    assert (order.post, words(order)) == (f"m-{post}", "It did not happen.")
    assert scene.row(edit).message == f"m-{post}"


async def test_a_post_that_was_found_late_did_not_come_late(scene: Scene, place: Place) -> None:
    """Where the bot was killed in between, that it has arrived is known later than it has."""
    heading = '{"notes": ["No. 7"], "due": "2026-11-21T09:00:00.000"}'
    (post,) = scene.promise(unsure=1, first_try=stamp(NOW), heading=heading)
    place.arrived[post] = Order(scene.row(post), REPLY)
    scene.now = NOW.replace(hour=12)
    await scene.until(lambda: scene.row(post).state == "done")
    assert scene.row(post).done == stamp(scene.now)
    scene.pump = scene.a_pump()
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "done")
    reply = place.arrived[edit].reply
    assert reply is not None
    assert reply.notes == (f"No. 7 [{post}] [{edit}].",)


async def test_many_copies_are_corrected_once_each(scene: Scene, place: Place) -> None:
    """More than are under way at one time."""
    posts = await scene.posted(3 * MOST)
    edits = [scene.correct(post) for post in posts]
    await scene.until(lambda: all(scene.row(edit).state == "done" for edit in edits))
    assert sorted(place.tries) == sorted(edits)
    assert place.most <= correcting.MOST


async def test_posts_go_before_corrections(scene: Scene, place: Place) -> None:
    """However long these have been due, and however many there are."""
    posts = await scene.posted(MOST)
    edits = [scene.correct(post) for post in posts]
    digests = scene.promise(2 * MOST)
    await scene.until(lambda: len(place.tries) == 3 * MOST)
    assert {*place.tries[: len(digests)]} == {*digests}
    assert {*place.tries[len(digests) :]} == {*edits}


async def test_there_is_room_for_posts_while_corrections_hang(
    scene: Scene, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that does not answer edits holds back no digest."""
    posts = await scene.posted(MOST)
    hanging, carry_out = asyncio.Event(), place.carry_out

    async def hangs(order: Order) -> object:
        if order.row.task == "edit":
            await hanging.wait()
        return await carry_out(order)

    monkeypatch.setattr(place, "carry_out", hangs)
    for post in posts:
        scene.correct(post)
    (digest,) = scene.promise(due=stamp(scene.now.replace(second=1)))

    def seen() -> bool:
        if scene.row(digest).state == "done":
            hanging.set()
        return hanging.is_set()

    await scene.until(seen, advance=0.1)
    assert place.tries[0] == digest


async def test_in_one_place_one_is_under_way_at_a_time(scene: Scene, place: Place) -> None:
    """So that no two meet at one message, and a slow place has no more than one."""
    posts = [scene.promise(place="7")[0] for _ in range(5)]
    await scene.until(lambda: all(scene.row(post).state == "done" for post in posts))
    scene.pump = scene.a_pump()
    edits = [scene.correct(post) for post in posts]
    await scene.until(lambda: all(scene.row(edit).state == "done" for edit in edits), advance=0.2)
    assert place.most_corrections_in == 1


async def test_of_many_in_one_place_one_is_taken_and_none_put_back(scene: Scene) -> None:
    """The others are looked at when it has ended, and other places do not wait for them."""
    posts, (elsewhere,) = await scene.posted(3 * correcting.MOST, place="7"), await scene.posted(place="8")
    edits = [scene.correct(post) for post in posts]
    other = scene.correct(elsewhere, due=stamp(scene.now.replace(minute=59)))

    def take(at: datetime) -> tuple[list[str], str | None]:
        going = scene.store.write(lambda db: copies.take(Outbox(db.conn), "discord", MOST, at))
        return [one.row.id for one in going.corrections], going.next_due

    (first,), soon = take(scene.now)
    assert first in edits
    assert soon == scene.row(other).due
    assert {scene.row(edit).due for edit in edits} == {stamp(scene.now)}
    assert take(scene.now) == ([], scene.row(other).due)
    done = scene.row(first)._replace(state="done", done=stamp(scene.now))
    scene.store.write(lambda db: Outbox(db.conn).keep([done]))
    assert take(scene.now) == ([], stamp(scene.now + correcting.TURN))
    assert len(take(scene.now + correcting.TURN)[0]) == 1
    assert take(scene.now.replace(minute=59)) == ([other], None)


async def test_a_later_correction_takes_the_place_of_an_earlier(scene: Scene, place: Place) -> None:
    """The post is edited once, with the last words."""
    (post,) = await scene.posted()
    first, second = scene.correct(post, "One."), scene.correct(post, "Two.")
    await scene.until(lambda: scene.row(second).state == "done", advance=0.2)
    assert place.tries == [second]
    assert (scene.row(first).state, scene.row(first).outcome) == ("done", OVERTAKEN)


@pytest.mark.parametrize("lands", [True, False])
async def test_an_edit_that_lands_late_does_not_undo_a_later_one(
    scene: Scene, place: Place, monkeypatch: pytest.MonkeyPatch, *, lands: bool
) -> None:
    """What may still land keeps the turn of its post, until it was seen whether it has."""
    monkeypatch.setattr(place, "settle", lambda _: 20.0)
    (post,) = await scene.posted()
    place.answers, place.stores = [Failed("no answer")], False
    first = scene.correct(post, "One.")
    await scene.until(lambda: bool(scene.row(first).unsure))
    tried = scene.now
    scene.pump = scene.a_pump()
    second = scene.correct(post, "Two.")

    def seen() -> bool:
        if lands and scene.now > tried + timedelta(seconds=15):
            place.arrived.setdefault(first, Order(scene.row(first), REPLY, f"m-{post}"))
        return scene.row(second).state == "done"

    await scene.until(seen, advance=0.5)
    assert scene.now >= tried + timedelta(seconds=20)
    assert (place.looks, place.tries) == ([first], [first, second])
    assert scene.row(first).outcome == ("" if lands else OVERTAKEN)


async def test_words_that_changed_while_an_edit_was_under_way_are_sent_after_it(
    scene: Scene, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is known by what was taken, not by what the outbox says by then."""
    (post,) = await scene.posted()
    edit, carry_out = scene.correct(post, "One."), place.carry_out
    revision = scene.revise()

    async def corrected_meanwhile(order: Order) -> object:
        if order.row.id == edit:

            def work(db: object) -> None:
                outbox = Outbox(db.conn)  # type: ignore[attr-defined]
                outbox.put_instead(outbox.put_body(saying("Two.")), revision, [edit])

            await asyncio.to_thread(scene.store.write, work)
        return await carry_out(order)

    monkeypatch.setattr(place, "carry_out", corrected_meanwhile)
    await scene.until(lambda: len(scene.corrections(post)) == 2 and len(place.tries) == 2, advance=0.1)
    again = scene.corrections(post)[1]
    assert [words(place.arrived[one]) for one in place.tries] == ["One.", "Two."]
    assert (again.task, again.revision) == ("edit", revision)
    assert len(scene.corrections(post)) == 2


async def test_a_correction_waits_for_its_post(scene: Scene, place: Place) -> None:
    """It is not known before where the post will stand."""
    place.answers = [Failed("no connection", sure=True)]
    (post,) = scene.promise()
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "done", advance=0.2)
    assert place.tries == [post, post, edit]
    assert place.arrived[edit].post == f"m-{post}"


async def test_a_post_that_never_arrives_is_not_corrected(scene: Scene, place: Place) -> None:
    """There is nothing to correct."""
    place.answers = [Refused("the channel is gone", "subscribe elsewhere")]
    (post,) = scene.promise()
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "done", advance=0.2)
    assert scene.row(edit).outcome == NEVER_ARRIVED
    assert edit not in place.tries


async def test_a_correction_outlives_that_its_post_was_refused_in_doubt(scene: Scene, place: Place) -> None:
    """It waits until the post was looked for, as a resumed digest does."""
    (post,) = scene.promise(state="refused", unsure=1, first_try=stamp(NOW.replace(hour=8)), done=stamp(NOW))
    place.arrived[post] = Order(scene.row(post), REPLY)
    edit, body = scene.correct(post), scene.row(post).body or 0
    with scene.store.reading("") as shelf:
        found = Outbox(shelf.connection).copies("exomars", body)
    assert [(copy.post.id, copy.edit) for copy in found] == [(post, edit)]
    await scene.until(lambda: scene.row(edit).due > stamp(scene.now))
    assert (scene.row(edit).state, place.tries) == ("due", [])
    scene.promise_again(post)
    scene.pump = scene.a_pump()
    await scene.until(lambda: scene.row(edit).state == "done", advance=5)
    assert place.tries == [edit]
    assert place.arrived[edit].post == f"m-{post}"


async def test_a_post_that_arrives_after_its_correction_was_given_up_is_corrected(
    scene: Scene, place: Place
) -> None:
    """However that came about, its words are compared with those that it should have."""
    (post,) = scene.promise(unsure=1, first_try=stamp(NOW.replace(hour=1)), made=stamp(NOW.replace(hour=1)))
    place.arrived[post] = Order(scene.row(post), REPLY)
    given_up = scene.correct(post, state="done", outcome=NEVER_ARRIVED, done=stamp(NOW))
    await scene.until(lambda: len(place.tries) == 1, advance=1)
    again = scene.corrections(post)[1]
    assert place.tries == [again.id]
    assert (again.task, again.revision) == ("edit", scene.row(given_up).revision)
    assert (words(place.arrived[again.id]), place.arrived[again.id].post) == (
        "It did not happen.",
        f"m-{post}",
    )


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_kill_an_edit_is_looked_for(scene: Scene, place: Place, *, arrived: bool) -> None:
    """However soon: nothing else keeps a second one away."""
    (post,) = await scene.posted()
    edit = scene.correct(post)
    scene.store.write(lambda db: Outbox(db.conn).take_corrections("discord", scene.now, 9))
    if arrived:
        place.arrived[edit] = Order(scene.row(edit), REPLY, f"m-{post}")
    await scene.until(lambda: scene.row(edit).state == "done")
    assert place.looks == [edit]
    assert place.tries == ([] if arrived else [edit])


async def test_a_lost_answer_to_an_edit_makes_no_second_one(scene: Scene, place: Place) -> None:
    """It is looked for before it is done again."""
    (post,) = await scene.posted()
    place.answers = [Failed("reset")]
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "done", advance=0.2)
    assert (place.tries, place.looks) == ([edit], [edit])


async def test_what_cannot_be_edited_is_answered(scene: Scene, place: Place) -> None:
    """Below it, under a mark of its own; that it could not be edited stays known."""
    (post,) = await scene.posted()
    place.answers = [NO_EDITS]
    edit = scene.correct(post)
    await scene.until(
        lambda: len(scene.corrections(post)) == 2 and scene.corrections(post)[1].state == "done"
    )
    refused, answer = scene.corrections(post)
    assert (refused.state, refused.outcome) == ("refused", "the thread is archived")
    assert (answer.task, answer.revision, answer.message) == ("answer", refused.revision, f"m-{answer.id}")
    order = place.arrived[answer.id]
    assert order.reply is not None
    assert (order.post, order.reply.title) == (f"m-{post}", "Corrected: News")
    assert order.reply.notes == (f"[{answer.id}]",)
    assert place.tries == [edit, answer.id]


async def test_an_answer_that_is_refused_too_is_the_end(scene: Scene, place: Place) -> None:
    """With why; nobody's digest is paused for it, and nobody is told."""
    (post,) = await scene.posted()
    place.answers = [NO_EDITS, Refused("the thread is locked", "unlock it")]
    scene.correct(post)
    await scene.until(lambda: [row.state for row in scene.corrections(post)] == ["refused", "refused"])
    assert scene.corrections(post)[1].outcome == "the thread is locked"
    assert len(scene.corrections(post)) == 2
    with scene.store.reading("") as shelf:
        subscription = Register(shelf.connection).get(scene.subscription)
    assert subscription is not None
    assert not subscription.paused
    assert "notice" not in {order.row.task for order in place.arrived.values()}


async def test_a_refusal_that_no_answer_would_mend_is_the_end(scene: Scene, place: Place) -> None:
    """Nothing more is tried."""
    (post,) = await scene.posted()
    place.answers = [Refused("the bot is not on this server any more", "invite it again", invalid=False)]
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "refused")
    assert len(scene.corrections(post)) == 1


async def test_what_was_refused_is_due_again_only_where_nothing_followed_it(
    scene: Scene, place: Place
) -> None:
    """Neither what was answered, nor what a later correction has overtaken, nor what is long over."""
    posts = await scene.posted(4)
    refused: dict[str, Any] = {"state": "refused", "outcome": "hidden", "done": stamp(scene.now), "tries": 3}
    hidden, answered, overtaken, _ = [scene.correct(post, **refused) for post in posts[:3]] + [
        scene.correct(posts[3], **refused | {"done": stamp(NOW.replace(day=1))})
    ]
    scene.correct(posts[1], "Said below.", task="answer", state="done", done=stamp(scene.now))
    scene.correct(posts[2], "Later.", state="done", done=stamp(scene.now))
    since, now = NOW.replace(day=14), scene.now
    count = scene.store.write(lambda db: Outbox(db.conn).try_again(scene.subscription, since, now))
    assert (count, scene.row(hidden).state, scene.row(hidden).tries) == (1, "due", 3)
    assert {scene.row(one).state for one in (answered, overtaken)} == {"refused"}
    await scene.until(lambda: scene.row(hidden).state == "done")
    assert place.tries == [hidden]


async def test_of_a_deleted_post_nothing_is_left_to_do(scene: Scene, place: Place) -> None:
    """It is done, and says why."""
    (post,) = await scene.posted()
    place.answers = [Gone("the post was deleted")]
    edit = scene.correct(post)
    await scene.until(lambda: scene.row(edit).state == "done")
    assert scene.row(edit).outcome == "the post was deleted"
    with scene.store.reading("") as shelf:
        assert [one.outcome for one in Outbox(shelf.connection).attempts(edit)] == ["the post was deleted"]
    assert len(scene.corrections(post)) == 1


async def test_refused_edits_count_towards_the_ban_of_an_address(scene: Scene, place: Place) -> None:
    """As other refusals do."""
    (post,) = await scene.posted()
    place.answers = [NO_EDITS._replace(invalid=True), Wait(3600, "slow down", invalid=True)]
    edit = scene.correct(post)
    counted = scene.pump._guard._refused
    await scene.until(lambda: scene.row(edit).state == "refused" and len(counted) > 1)
    assert len(counted) == 1 + 5


async def test_corrections_count_neither_as_delivered_nor_as_late(scene: Scene, place: Place) -> None:
    """What is told of digests is told of posts; what waits is told apart."""
    (post,) = await scene.posted()
    place.answers = [NO_EDITS, Refused("locked", "")]
    scene.correct(post)
    await scene.until(lambda: [row.state for row in scene.corrections(post)] == ["refused", "refused"])
    (late,) = await scene.posted(place="9")
    scene.correct(late, due=stamp(scene.now.replace(hour=23)))
    with scene.store.reading("") as shelf:
        outbox = Outbox(shelf.connection)
        tally = outbox.tally(scene.now.replace(hour=0), scene.now)
        assert (tally.sent, tally.refused, tally.waiting) == (2, 0, 0)
        assert outbox.corrections_waiting() == 1


async def test_a_published_post_that_cannot_be_edited_has_its_answer_published(
    scene: Scene, place: Place
) -> None:
    """An edit reaches the servers that follow by itself, and is not published again."""
    first, second = await scene.posted(2, publish=1)
    await scene.until(lambda: sum(one.row.task == "publish" for one in place.arrived.values()) == 2)
    scene.pump = scene.a_pump()
    place.tries.clear()
    edit = scene.correct(first, publish=1)
    await scene.until(lambda: scene.row(edit).state == "done")
    place.answers = [NO_EDITS]
    scene.correct(second)
    scene.pump = scene.a_pump()
    await scene.until(lambda: len(place.tries) == 4)
    assert [place.arrived[one].row.task for one in place.tries if one in place.arrived] == [
        "edit",
        "answer",
        "publish",
    ]


async def test_what_was_kept_is_read_as_it_was(scene: Scene, place: Place) -> None:
    """The amended words are those of the outbox, whatever they are."""
    (post,) = await scene.posted()
    edit = scene.correct(post, "“Two” & 3 < 4")
    await scene.until(lambda: scene.row(edit).state == "done")
    reply = place.arrived[edit].reply
    assert reply is not None
    assert reply_text(reply._replace(notes=())) == reply_text(parse_reply(saying("“Two” & 3 < 4")))
