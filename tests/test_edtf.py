"""Dates in EDTF: what they mean, what is refused, how they are spoken."""

import contextlib
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.edtf import month_end, of_day, parse_edtf, spoken, spoken_day, spoken_span

days = st.dates()
points = st.one_of(
    days.map(date.isoformat),
    days.map(lambda day: day.isoformat()[:7]),
    days.map(lambda day: day.isoformat()[:4]),
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-07-12", date(2022, 7, 12), date(2022, 7, 12)),
        ("2022-03", date(2022, 3, 1), date(2022, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
        ("2022-03-18/2022-03-24", date(2022, 3, 18), date(2022, 3, 24)),
        ("2021/2022-03", date(2021, 1, 1), date(2022, 3, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
    ids=["a day", "a month", "a leap month", "a year", "an interval", "a mixed interval", "the last month"],
)
def test_a_date_means_all_days_it_can_mean(text: str, first: date, last: date) -> None:
    """The first and the last day of a date are those it can mean, and it is known from the last."""
    found = parse_edtf(text)
    assert (found.text, found.first, found.last) == (text, first, last)
    assert found.known_from == last
    assert found.exact == (first == last)


def test_undated_is_a_date_without_days() -> None:
    """What is undated has no first day and no last, and is known from none."""
    found = parse_edtf("undated")
    assert (found.first, found.last, found.exact) == (None, None, False)
    with pytest.raises(ValueError, match="undated"):
        _ = found.known_from


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a date"),
        ("12 July 2022", "is not a date"),
        ("2022-7-12", "is not a date"),
        ("2022-07-12T10:00", "is not a date"),
        ("2022-07-12\n", "is not a date"),
        ("86400", "is not a date"),
        ("٢٠٢٢", "is not a date"),
        ("2022-03-18/", "is not a date"),
        ("2022/2023/2024", "is not a date"),
        ("2022-13", "is no day of the calendar"),
        ("2022-02-30", "is no day of the calendar"),
        ("2022-00-01", "is no day of the calendar"),
        ("0000", "is no day of the calendar"),
        ("2022-03-24/2022-03-18", "ends before it begins"),
    ],
)
def test_what_is_no_date_is_refused_in_words(text: str, why: str) -> None:
    """A text that is no date is refused with a message for a person."""
    with pytest.raises(ValueError, match=why):
        parse_edtf(text)


def test_a_message_about_a_date_is_short() -> None:
    """However long the text is, the message about it fits a line."""
    with pytest.raises(ValueError, match="is not a date") as caught:
        parse_edtf("2022" * 10_000)
    assert len(str(caught.value)) < 150


@given(points)
def test_a_point_comes_back_as_it_was_written(text: str) -> None:
    """Days, months and years keep their text, and their first day is in it."""
    found = parse_edtf(text)
    assert found.text == text
    assert found.first is not None
    assert found.last is not None
    assert found.first <= found.last
    assert found.first.isoformat().startswith(text)
    assert found.last.isoformat().startswith(text)
    assert spoken(found) != "undated"


@given(points, points)
def test_an_interval_spans_both_its_ends_or_is_refused(start: str, end: str) -> None:
    """An interval begins with its first end and ends with its last, unless it would run backwards."""
    first, last = parse_edtf(start), parse_edtf(end)
    assert first.first is not None
    assert last.last is not None
    if last.last < first.first:
        with pytest.raises(ValueError, match="ends before it begins"):
            parse_edtf(f"{start}/{end}")
        return
    both = parse_edtf(f"{start}/{end}")
    assert (both.first, both.last) == (first.first, last.last)
    assert spoken(both).startswith("between ")


@given(st.text() | st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}(/[0-9]{4}(-[0-9]{2}){0,2})?", fullmatch=True))
@example("9999-12/9999-12")
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    """Reading garbage raises nothing but ValueError."""
    with contextlib.suppress(ValueError):
        found = parse_edtf(text)
        assert found.text == text
        assert (found.first is None) == (found.last is None) == (text == "undated")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_the_date_of_itself(day: date) -> None:
    """The date made of a day is read back as that day."""
    assert parse_edtf(of_day(day).text) == of_day(day)
    assert spoken(of_day(day)) == spoken_day(day)


@given(days)
def test_a_month_ends_on_the_day_before_the_next(day: date) -> None:
    """The end of a month is in that month and has no later day in it."""
    end = month_end(day.year, day.month)
    assert (end.year, end.month) == (day.year, day.month)
    assert end == date.max or date.fromordinal(end.toordinal() + 1).day == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022-07-02", "2 July 2022"),
        ("2022-03", "March 2022"),
        ("2013", "2013"),
        ("undated", "undated"),
        ("2022-03-18/2022-03-24", "between 18 and 24 March 2022"),
        ("2022-03-28/2022-04-02", "between 28 March and 2 April 2022"),
        ("2021-12-30/2022-01-02", "between 30 December 2021 and 2 January 2022"),
        ("2021/2022-03", "between 2021 and March 2022"),
    ],
)
def test_an_uncertain_date_sounds_uncertain(text: str, words: str) -> None:
    """A date is spoken as exactly as it is known and no more exactly."""
    assert spoken(parse_edtf(text)) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (20, "20 days"),
        (21, "3 weeks"),
        (90, "12 weeks"),
        (91, "3 months"),
        (365, "12 months"),
        (730, "2 years"),
        (1095, "2 years"),
        (1096, "3 years"),
    ],
)
def test_a_span_is_spoken_in_its_largest_fitting_unit(length: int, words: str) -> None:
    """A number of days is told as people tell it, rounded down."""
    assert spoken_span(length) == words
