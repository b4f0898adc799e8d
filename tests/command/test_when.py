"""Dates as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command.when import read_when

TODAY = date(2026, 11, 21)
NEWEST = date(2022, 7, 13)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("2022-03-05", "2022-03-05"),
        ("2022-3-5", "2022-03-05"),
        ("2022/03/05", "2022-03-05"),
        ("2022-03", "2022-03"),
        ("2013", "2013"),
        ("2022-03-18/2022-03-24", "2022-03-18/2022-03-24"),
        ("1 march 2022", "2022-03-01"),
        ("March 1, 2022", "2022-03-01"),
        ("1st of March 2022", "2022-03-01"),
        ("the 12th of july", "2022-07-12"),
        ("12 jul", "2022-07-12"),
        ("mid march", "2022-03-11/2022-03-20"),
        ("mid-March 2022", "2022-03-11/2022-03-20"),
        ("end of february", "2022-02-21/2022-02-28"),
        ("early june", "2022-06-01/2022-06-10"),
        ("july", "2022-07"),
        ("Sept", "2021-09"),
        ("december", "2021-12"),
        ("summer 2022", "2022-06-01/2022-08-31"),
        ("spring", "2022-03-01/2022-05-31"),
        ("today", "2026-11-21"),
        ("yesterday", "2026-11-20"),
        ("3 days ago", "2026-11-18"),
        ("05.03.2022", "2022-03-05"),
        ("13/07/2022", "2022-07-13"),
    ],
)
def test_what_people_type_is_understood(typed: str, understood: str) -> None:
    """Each of these means exactly these days."""
    found = read_when(typed, TODAY, NEWEST)
    assert found is not None
    assert found.text == understood


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "launch",
        "mars",
        "rover",
        "the",
        "31 february 2022",
        "2022-13-01",
        "march march",
        "1 2 march",
        "x" * 200,
        "12 july 2022 rover",
    ],
)
def test_what_is_no_date_is_none(typed: str) -> None:
    """A word that is no date is not taken for one."""
    assert read_when(typed, TODAY, NEWEST) is None


@given(st.text(max_size=80))
def test_nothing_typed_breaks_it(typed: str) -> None:
    """Any text is a date or none; it never raises, and first never comes after last."""
    found = read_when(typed, TODAY, NEWEST)
    if found is not None:
        assert found.first is not None
        assert found.last is not None
        assert found.first <= found.last


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_iso_day_is_itself(day: date) -> None:
    """An ISO day means that day, whatever today is."""
    found = read_when(day.isoformat(), TODAY, NEWEST)
    assert found is not None
    assert (found.first, found.last) == (day, day)
