"""When the turn of a correction has come, and what becomes of it: pure functions."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.deliver.correcting import (
    DOUBT,
    IN_DOUBT,
    Correction,
    again,
    answer,
    falls_back,
    is_shown,
    mark,
    shown,
    told_anew,
    turn,
)
from bot.deliver.order import Absent, Failed, Gone, Refused, Sent, Wait
from bot.deliver.policy import LONGEST_PAUSE, PATIENCE, after, first, later
from bot.reply import Reply
from bot.store.moments import moment, stamp
from bot.store.outbox import NEVER_ARRIVED, OVERTAKEN, DeliveryRow, State

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)

POST = DeliveryRow(
    "post", "discord", "1", "2", "text", "exomars", "post", 7, 8, 9, "", "", 1,
    stamp(NOW), stamp(NOW), None, state="done", message="55", done=stamp(NOW),
)  # fmt: skip
EDIT = POST._replace(
    id="edit", task="edit", body=10, publish=0, state="taken", target="post", revision=3, done=None
)
NO_EDITS = Refused("too old", "", answer=True)


def test_its_turn_has_come_once_its_post_is_there() -> None:
    """With nothing before it in its place."""
    assert turn(Correction(EDIT, POST, ()), NOW) == EDIT


@pytest.mark.parametrize("state", ["due", "taken"])
def test_it_waits_for_its_post(state: State) -> None:
    """A little, or until the post is tried again."""
    later = stamp(NOW + timedelta(minutes=10))
    for due in (stamp(NOW), later):
        target = POST._replace(state=state, due=due, done=None)
        row = turn(Correction(EDIT, target, ()), NOW)
        assert (row.state, row.tries) == ("due", 0)
        assert moment(row.due) > NOW
        assert row.due >= due


@pytest.mark.parametrize("target", [None, POST._replace(state="held"), POST._replace(state="refused")])
def test_of_a_post_that_never_arrived_nothing_is_corrected(target: DeliveryRow | None) -> None:
    """It is settled, with why."""
    row = turn(Correction(EDIT, target, ()), NOW)
    assert (row.state, row.outcome) == ("done", NEVER_ARRIVED)


def test_of_a_post_that_was_refused_and_may_have_arrived_it_waits() -> None:
    """For a week, looking now and then; after that it is held, with why."""
    target = POST._replace(state="refused", unsure=1)
    row = turn(Correction(EDIT, target, ()), NOW)
    assert (row.state, row.due, row.tries) == ("due", stamp(NOW + DOUBT), 0)
    row = turn(Correction(EDIT, target, ()), NOW + PATIENCE + DOUBT)
    assert (row.state, row.outcome) == ("held", IN_DOUBT)


def test_the_newest_correction_of_a_post_is_made_once_the_others_are_out_of_the_way() -> None:
    """The older gives way when its turn comes, and until then the newer waits."""
    newer = EDIT._replace(id="newer", revision=4)
    row = turn(Correction(EDIT, POST, (newer,)), NOW)
    assert (row.state, row.outcome) == ("done", OVERTAKEN)
    doubtful = EDIT._replace(unsure=1, first_try=stamp(NOW))
    assert turn(Correction(doubtful, POST, (newer,)), NOW) == doubtful  # it is looked for
    assert turn(Correction(newer, POST, (EDIT,)), NOW).state == "due"
    waiting = EDIT._replace(state="due", unsure=1, due=stamp(NOW + timedelta(minutes=5)))
    assert turn(Correction(newer, POST, (waiting,)), NOW).due >= waiting.due


def test_an_answer_is_not_in_the_way_of_the_edit_that_it_stands_for() -> None:
    """It is the newer one of both, and gives way to a later edit all the same."""
    made = answer(EDIT, POST, "answer", NOW)._replace(state="taken")
    assert turn(Correction(made, POST, ()), NOW).state == "taken"
    later = EDIT._replace(id="later", revision=4, state="due")
    assert turn(Correction(made, POST, (later,)), NOW).outcome == OVERTAKEN
    assert turn(Correction(later._replace(state="taken"), POST, (made,)), NOW).state == "due"


def test_put_back_it_is_in_as_much_doubt_as_before() -> None:
    """What may have arrived is looked for, what was never tried is not."""
    doubtful = EDIT._replace(unsure=1, first_try=stamp(NOW))
    for row in (EDIT, doubtful):
        back = turn(Correction(row, POST._replace(state="due"), ()), NOW)
        assert (back.unsure, back.first_try) == (row.unsure, row.first_try)


def test_what_is_not_in_its_place_says_that_it_corrects() -> None:
    """Once; what is edited into its place has its title."""
    reply = Reply("digest", "News", ())
    assert told_anew(told_anew(reply)).title == "Corrected: News"
    assert shown(reply, EDIT).title == "News"
    assert shown(reply, EDIT._replace(task="answer")).title == "Corrected: News"


def test_an_edited_post_has_both_marks() -> None:
    """Its own, by which it was found before, and that of the edit."""
    assert f"[{mark(EDIT)}]" == "[post] [edit]"
    assert mark(EDIT._replace(task="answer")) == "edit"


def test_an_edit_is_never_sent_while_in_doubt() -> None:
    """Nothing keeps a second one away, so it is looked for, however soon."""
    doubtful = EDIT._replace(unsure=1, first_try=stamp(NOW))
    assert first(EDIT, NOW, 0.0) == "send"
    assert first(doubtful, NOW, 0.0) == "look"


@pytest.mark.parametrize("outcome", [Failed("no answer"), Wait(1, "slow down", unsure=True)])
def test_for_how_long_an_edit_may_land_counts_from_the_end_of_its_try(outcome: Failed | Wait) -> None:
    """It may have waited long for its turn; a look that fails begins no new time."""
    began = EDIT._replace(first_try=stamp(NOW))
    row = after(began, outcome, NOW + timedelta(minutes=2), 0.5).row
    assert (row.unsure, row.first_try) == (1, stamp(NOW + timedelta(minutes=2)))
    assert first(row, NOW + timedelta(minutes=2, seconds=19), 0.0, 20.0) == "wait"
    due = moment(later(row, NOW + timedelta(minutes=2, seconds=19), 20.0).row.due)
    assert due == NOW + timedelta(minutes=2, seconds=20)
    assert first(row, due, 0.0, 20.0) == "look"
    assert after(row, Failed("no answer"), due, 0.5).row.first_try == row.first_try


def test_what_cannot_be_edited_is_answered() -> None:
    """Only where that makes sense, and an answer is not answered again."""
    refused = after(EDIT, NO_EDITS, NOW, 0.5)
    assert (refused.row.state, refused.row.outcome) == ("refused", "too old")
    assert falls_back(refused.row, refused.refused)
    assert not falls_back(EDIT, NO_EDITS._replace(answer=False))
    assert not falls_back(EDIT._replace(task="answer"), NO_EDITS)
    made = answer(refused.row, POST, "answer", NOW)
    assert (made.task, made.state, made.target, made.revision) == ("answer", "due", "post", 3)
    assert (made.body, made.message, made.outcome, made.tries) == (10, "55", "", 0)


def test_an_answer_to_a_published_post_is_published() -> None:
    """The servers that follow have the post, which could not be edited."""
    assert answer(EDIT, POST, "answer", NOW).publish == 1
    assert answer(EDIT, POST._replace(publish=0), "answer", NOW).publish == 0


def test_of_an_edit_that_is_done_the_outcome_says_that_nothing_had_to_be_done() -> None:
    """What went wrong before it succeeded is forgotten; a deleted post needs no edit."""
    tried = EDIT._replace(outcome="no answer in time", unsure=1)
    done, gone = after(tried, Sent("55"), NOW, 0.5), after(tried, Gone("the post was deleted"), NOW, 0.5)
    assert (done.row.state, done.row.outcome, is_shown(done.row)) == ("done", "", True)
    assert (gone.row.state, gone.row.outcome, is_shown(gone.row)) == ("done", "the post was deleted", False)
    assert gone.attempt is not None


def test_another_edit_of_the_same_post_begins_anew() -> None:
    """With the words of the later correction."""
    done = after(EDIT._replace(tries=4), Sent("55"), NOW, 0.5).row
    made = again(done, 11, "again", NOW)
    assert (made.task, made.state, made.body, made.tries, made.done) == ("edit", "due", 11, 0, None)
    assert (made.target, made.message) == ("post", "55")


@pytest.mark.parametrize("outcome", [Failed("no answer"), Wait(30, "slow down")], ids=["failed", "wait"])
def test_a_correction_is_tried_for_a_week(outcome: Failed | Wait) -> None:
    """It is held only after a try, and never before it was tried as often as others are."""
    row, now, tries = EDIT, NOW, 0
    while row.state != "held":
        row, now, tries = after(row, outcome, now, 1.0).row, max(now, moment(row.due)), tries + 1
        assert row.state == "held" or moment(row.due) <= now + timedelta(seconds=LONGEST_PAUSE * 1.25)
    assert now > NOW + PATIENCE
    assert row.outcome == outcome.why
    late = after(EDIT, outcome, NOW + 2 * PATIENCE, 0.5).row
    assert late.state == "due"
    assert first(EDIT, NOW + 10 * PATIENCE, 0.0) == "send"


def test_a_post_is_never_given_up_for_its_age() -> None:
    """It has a time of its own, after which the next edition brings it."""
    post = POST._replace(state="taken", tries=99, done=None)
    assert after(post, Failed("no answer"), NOW + 10 * PATIENCE, 0.5).row.state == "due"


def test_looked_for_and_not_there_it_is_done() -> None:
    """From there on it is as if it had not been tried."""
    step = after(EDIT._replace(unsure=1, first_try=stamp(NOW)), Absent(), NOW, 0.5)
    assert first(step.row, NOW, 0.0) == "send"
    assert step.attempt is not None
    assert "at the post" in step.attempt.outcome
