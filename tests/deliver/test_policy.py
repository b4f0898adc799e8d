"""What becomes of a delivery: a pure function, tried on every kind of outcome."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliver.guard import IN_SECONDS, MOST_INVALID, Guard
from bot.deliver.order import Absent, Failed, Outcome, Refused, Sent, Wait
from bot.deliver.policy import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    after,
    first,
    held,
    pause_before,
    publication,
    publish_at,
)
from bot.store.moments import moment, stamp
from bot.store.outbox import DeliveryRow

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WINDOW = 60.0

PROMISED = DeliveryRow(
    "abcdefghjk", "discord", "1", "2", "text", "exomars", "post", 7, 8, 9, "", "", 0,
    stamp(NOW), stamp(NOW), stamp(NOW + timedelta(hours=6)),
)  # fmt: skip


def ago(seconds: float) -> str:
    """A moment before now, as it is kept."""
    return stamp(NOW - timedelta(seconds=seconds))


def test_what_was_never_tried_is_sent() -> None:
    """Nothing has to be looked for."""
    assert first(PROMISED, NOW, WINDOW) == "send"


@pytest.mark.parametrize(
    ("tried", "window", "expected"),
    [
        (10, WINDOW, "send"),
        (59, WINDOW, "send"),
        (61, WINDOW, "look"),
        (10, 0.0, "look"),
        (-5, WINDOW, "look"),
    ],
)
def test_what_may_have_arrived_is_looked_for_once_the_platform_may_have_forgotten(
    tried: float, window: float, expected: str
) -> None:
    """Within the window the nonce makes a second try harmless; a clock put back proves nothing."""
    unsure = PROMISED._replace(unsure=1, first_try=ago(tried), tries=1)
    assert first(unsure, NOW, window) == expected


def test_what_is_over_is_held_unless_it_may_have_arrived() -> None:
    """Of what may have arrived it has to be known first."""
    late = NOW + timedelta(hours=7)
    assert first(PROMISED, late, WINDOW) == "hold"
    assert first(PROMISED._replace(unsure=1, first_try=ago(0)), late, 1e9) == "look"
    assert held(PROMISED, late).row.state == "held"


def test_sent_is_done() -> None:
    """With the id of the message."""
    step = after(PROMISED._replace(unsure=1), Sent("55"), NOW, 0.5)
    assert (step.row.state, step.row.message, step.row.unsure, step.row.done) == ("done", "55", 0, stamp(NOW))
    assert step.attempt is None


def test_a_refusal_ends_it_and_goes_to_the_admins() -> None:
    """It is not tried again."""
    step = after(PROMISED, Refused("no permission", "give it"), NOW, 0.5)
    assert step.row.state == "refused"
    assert step.refused is not None
    assert step.attempt is not None
    assert "give it" in step.attempt.outcome


def test_what_is_not_there_was_never_tried() -> None:
    """After a look that finds nothing the next try is as the first one."""
    step = after(PROMISED._replace(unsure=1, first_try=ago(600), tries=2), Absent(), NOW, 0.5)
    assert first(step.row, NOW, WINDOW) == "send"
    assert (step.row.first_try, step.row.tries) == (None, 2)


def test_told_to_wait_it_waits_at_least_that_long() -> None:
    """And everything with it where the platform says so."""
    step = after(PROMISED, Wait(30, "slow down", everywhere=True), NOW, 0.5)
    assert moment(step.row.due) >= NOW + timedelta(seconds=30)
    assert step.wait >= 30
    assert step.row.unsure == 0
    assert after(PROMISED, Wait(30, "slow down"), NOW, 0.5).wait == 0


def test_a_sure_failure_leaves_no_doubt_and_an_unsure_one_does() -> None:
    """A connection that could not even be made has carried nothing."""
    assert after(PROMISED, Failed("refused", sure=True), NOW, 0.5).row.unsure == 0
    assert after(PROMISED, Failed("reset"), NOW, 0.5).row.unsure == 1
    doubtful = PROMISED._replace(unsure=1, first_try=ago(5))
    assert after(doubtful, Failed("refused", sure=True), NOW, 0.5).row.unsure == 1


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_pauses_grow_and_are_bounded(tries: int, chance: float) -> None:
    """Between two tries is never less than the first pause nor more than the longest, but for jitter."""
    assert FIRST_PAUSE * 0.75 <= pause_before(tries, chance) <= LONGEST_PAUSE * 1.25
    assert pause_before(tries + 1, chance) >= pause_before(tries, chance)


OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Sent, st.text(max_size=5)),
    st.builds(Wait, st.floats(0, 4000), st.text(max_size=5), st.booleans()),
    st.builds(Failed, st.text(max_size=5), st.booleans()),
    st.builds(Refused, st.text(max_size=5), st.text(max_size=5)),
    st.just(Absent()),
)


@given(st.lists(st.tuples(OUTCOMES, st.floats(0, 1), st.integers(0, 5000)), max_size=30))
def test_it_is_never_sent_while_in_doubt_beyond_the_window(steps: list[tuple[Outcome, float, int]]) -> None:
    """However tries end and however long they take: in doubt it is sent within the window, or looked for."""
    row, now = PROMISED._replace(until=None), NOW
    for outcome, chance, seconds in steps:
        what = first(row, now, WINDOW)
        if row.unsure and row.first_try and (now - moment(row.first_try)).total_seconds() >= WINDOW:
            assert what == "look"
        row = row._replace(first_try=row.first_try or stamp(now))  # as it is taken
        if isinstance(outcome, Absent) and what != "look":
            continue
        row = after(row, outcome, now, chance).row
        if row.state in {"done", "refused"}:
            return
        assert row.state == "due"
        now += timedelta(seconds=seconds)


def test_publishing_keeps_the_hourly_limit() -> None:
    """The eleventh of an hour waits until the first is an hour ago."""
    times = [ago(3000 - number) for number in range(10)]
    assert publish_at(times[:9], NOW) == NOW
    assert publish_at(times, NOW) == moment(times[0]) + timedelta(hours=1)
    assert publish_at([ago(4000), *times[1:]], NOW) == NOW


def test_a_publication_is_of_the_message_that_was_posted() -> None:
    """In the same channel, and once."""
    posted = after(PROMISED._replace(publish=1), Sent("55"), NOW, 0.5).row
    made = publication(posted, "mark", NOW, NOW)
    assert (made.task, made.message, made.place, made.publish) == ("publish", "55", "2", 0)


def test_the_guard_waits_before_refusals_become_a_ban() -> None:
    """At a tenth of what Discord bans an address for, and until the oldest are ten minutes ago."""
    guard = Guard()
    for number in range(MOST_INVALID - 1):
        guard.refused(number / 100)
    assert guard.wait(20.0) == 0
    guard.refused(20.0)
    assert guard.wait(20.0) == pytest.approx(IN_SECONDS - 20)
    assert guard.wait(IN_SECONDS + 0.001) == 0
