"""Times, halves and durations of questions, as plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answer.asking.answers.spans import span
from bot.answer.asking.reading.times import times
from bot.answer.asking.wording.parting import Parts, ends, rivals, row
from bot.edtf import parse_edtf
from bot.model import Fact

TODAY, NEWEST = date(2026, 11, 21), date(2022, 7, 13)


@pytest.mark.parametrize(
    ("typed", "bound", "first", "last", "rest"),
    [
        ("what happened in march 2022?", "in", "2022-03-01", "2022-03-31", "what happened"),
        ("who said it on 12 July 2022", "in", "2022-07-12", "2022-07-12", "who said it"),
        ("what was known as of 2022-03-05?", "as of", "2022-03-05", "2022-03-05", "what was"),
        ("the news up to 13 july 2022", "as of", "2022-07-13", "2022-07-13", "the news"),
        ("what is new since february", "since", "2022-02-01", "2022-02-28", "what is new"),
        ("who left before 1 march 2022", "before", "2022-03-01", "2022-03-01", "who left"),
        ("who left after July", "after", "2022-07-01", "2022-07-31", "who left"),
        ("what changed in early march", "in", "2022-03-01", "2022-03-10", "what changed"),
        ("the mill in 1950", "in", "1950-01-01", "1950-12-31", "the mill"),
        ("who called yesterday", "in", "2026-11-20", "2026-11-20", "who called"),
    ],
)
def test_a_time_is_taken_out_of_a_question(typed: str, bound: str, first: str, last: str, rest: str) -> None:
    """With how it is meant; a month without a year is the last one that the story reaches."""
    (found,), left = times(typed, TODAY, NEWEST)
    assert (found.bound, found.first.isoformat(), found.last.isoformat(), left) == (bound, first, last, rest)


@pytest.mark.parametrize(
    "typed",
    [
        "may they quit?",
        "will they march on?",
        "the Mill 2022 did what",
        "how long ago",
        "no time at all",
        "12 of 40",
    ],
)
def test_what_only_looks_like_a_time_is_none(typed: str) -> None:
    """The month of "may quit", the year in a name."""
    assert times(typed, TODAY, NEWEST) == ((), typed)


def test_several_times_are_told_apart_in_order() -> None:
    """What a question sets against each other."""
    found, _ = times("what changed between march and july 2022?", TODAY, NEWEST)
    assert [one.first.isoformat() for one in found] == ["2022-03-01", "2022-07-01"]


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_looked_through_for_times(typed: str) -> None:
    """What is found is a span of days, and nothing else of the text is lost."""
    found, rest = times(typed, TODAY, NEWEST)
    assert all(one.first <= one.last for one in found)
    assert {*rest.split()} <= {*typed.split()}
    assert found or rest.split() == typed.split()


@pytest.mark.parametrize(
    ("typed", "one", "other"),
    [
        ("how long between the flood and the fire?", "the flood", "the fire"),
        ("how long was it from the flood to the fire?", "flood", "fire"),
        ("how long after the flood was the mill mended?", "the flood", "the mill mended"),
        ("how many days before the fire did the flood come?", "the flood", "the fire"),
        ("from the flood to the fire, how many days was that?", "flood", "fire"),
        ("how long b4 the fire was the flood", "the flood", "the fire"),
        ("for how long had the mill stood by the time the flood came?", "the mill stood", "the flood"),
        ("how long had the mill stood when the flood came", "the mill stood", "the flood"),
    ],
)
def test_a_duration_is_from_one_thing_to_another(typed: str, one: str, other: str) -> None:
    """Whichever of them is said first."""
    parts = ends(typed)
    assert parts
    assert (parts.one, parts.other) == (one, other)


@pytest.mark.parametrize(
    "typed",
    [
        "what came first, the flood or the fire?",
        "which was first: the flood or the fire?",
        "the flood or the fire first?",
        "did the flood come before the fire?",
        "was the flood after the fire?",
        "did the flood happen before or after the fire?",
        "did the flood happen before the fire, or was it later?",
        "did the flood precede or follow the fire?",
        "the flood, was it before the fire or after?",
        "the flood or the fire - which came first?",
        "was it the flood or the fire that came first?",
        "which was the earlier event, the flood or the fire?",
    ],
)
def test_two_are_put_in_order_in_many_words(typed: str) -> None:
    """And they are those two."""
    assert rivals(typed) == Parts("the flood", "the fire")


@pytest.mark.parametrize("typed", ["when did it end?", "who left first?", "", "or", "between"])
def test_what_names_no_two_things_is_not_cut(typed: str) -> None:
    """It has another answer, or none."""
    assert (ends(typed), rivals(typed)) == (None, None)


def test_more_than_two_are_put_in_order_where_they_are_listed() -> None:
    """Behind a colon; two of them are no row."""
    assert row("put these in order: the fire, the flood and the storm") == (
        "the fire",
        "the flood",
        "the storm",
    )
    assert row("which came first: the fire or the flood?") == ()


def dated(text: str) -> Fact:
    """A fact of this date."""
    return Fact(f"a#{text}", "a", parse_edtf(text), "It was.", "", "event", (), date(2022, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2022-03-01", "2022-03-02", "1 day: from 1 March 2022 to 2 March 2022."),
        ("2022-03-02", "2022-06-10", "100 days, about 3 months: from 2 March 2022 to 10 June 2022."),
        ("2022-03-17", "2022-07-12", "117 days, about 4 months: from 17 March 2022 to 12 July 2022."),
        ("2022-02-26/2022-03-01", "2022-06-13", "About 3 months: from between 26 February and 1 March 2022"),
        ("2013", "2022-07-12", "About 9 years: from 2013 to 12 July 2022."),
        ("2022-03-01/2022-03-02", "2022-03-03", "About 1 day: from 1 or 2 March 2022 to 3 March 2022."),
        ("2022-03", "2022-04-04", "About 19 days: from March 2022 to 4 April 2022."),
    ],
    ids=["a day", "days", "months", "an interval", "years", "a day or two", "a month"],
)
def test_a_duration_is_as_exact_as_both_dates(start: str, end: str, told: str) -> None:
    """A number of days where both are days, else about how long."""
    found = span(dated(start), dated(end))
    assert found
    assert told in found.told
    assert ("bout" in found.told.split(",")[0]) == (found.least != found.most)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *(("2022-03-02", "2022-03-02"), ("2022-03-02", "2022-03-01"), ("2022-04", "2022-03")),
        *(("2022-03", "2022-03-20"), ("2022-03-02", "2022-02/2022-03")),
        *(("undated", "2022-03-01"), ("2022-03-01", "undated")),
    ],
)
def test_there_is_no_duration_without_a_day_before_another(start: str, end: str) -> None:
    """Not where one has no date, not backwards, and not where nobody knows which was first."""
    assert span(dated(start), dated(end)) is None


_POINTS = st.dates(date(1990, 1, 1), date(2040, 1, 1))
_WIDTHS = st.integers(0, 400)


@given(_POINTS, _WIDTHS, _POINTS, _WIDTHS)
def test_what_truly_lay_between_is_never_outside_of_what_is_told(
    start: date, wide: int, end: date, wider: int
) -> None:
    """From the last day of the one to the first of the other, and from the first to the last."""
    until, last = start + timedelta(days=wide), end + timedelta(days=wider)
    assume(until < end)
    found = span(dated(f"{start}/{until}"), dated(f"{end}/{last}"))
    assert found
    assert (found.least, found.most) == ((end - until).days, (last - start).days)
    assert str(found.least) in found.told or found.least != found.most
