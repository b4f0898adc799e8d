"""Subscriptions: how people write each field, and what may stand together."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.schedule.subscription import (
    EVERY_DAY,
    MAX_OFF,
    PARSERS,
    DaysOff,
    Quiet,
    Subscription,
    checked,
    clock_text,
    days_off_text,
    days_text,
    parse_clock,
    parse_days,
    parse_days_off,
    parse_quiet,
    quiet_text,
)

THEN = datetime(2026, 11, 21, 5, 40, tzinfo=UTC)


def a_subscription(**fields: Any) -> Subscription:
    """News in a Discord channel at nine in Berlin, with some of its fields set otherwise."""
    made = Subscription(
        id=1,
        story="exomars",
        platform="discord",
        server="81384788765712384",
        place="381870553235193857",
        kind="news",
        at=time(9),
        zone="Europe/Berlin",
        created=THEN,
        changed=THEN,
        since=THEN,
    )
    return made._replace(**fields)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("at", "09:30", time(9, 30)),
        ("at", " 9.30 ", time(9, 30)),
        ("at", "9am", time(9)),
        ("at", "9:30 PM", time(21, 30)),
        ("at", "12am", time(0)),
        ("at", "12:05 pm", time(12, 5)),
        ("zone", "berlin", "Europe/Berlin"),
        ("kind", "News", "news"),
        ("kind", "on this day", "onthisday"),
        ("days", "daily", EVERY_DAY),
        ("days", "every day", EVERY_DAY),
        ("days", "weekdays", (0, 1, 2, 3, 4)),
        ("days", "mon-fri", (0, 1, 2, 3, 4)),
        ("days", "Mon – Wed, sat", (0, 1, 2, 5)),
        ("days", "fri-mon", (0, 4, 5, 6)),
        ("days", "on Tuesdays and thurs.", (1, 3)),
        ("days_off", "none", ()),
        ("days_off", "2026-12-25", (DaysOff(date(2026, 12, 25), date(2026, 12, 25)),)),
        ("days_off", "2026-08", (DaysOff(date(2026, 8, 1), date(2026, 8, 31)),)),
        ("days_off", "12-24/01-02", (DaysOff(date(2000, 12, 24), date(2000, 1, 2), yearly=True),)),
        ("quiet", "22:00-07:00", Quiet(time(22), time(7))),
        ("quiet", "10pm to 7am", Quiet(time(22), time(7))),
        ("quiet", "none", None),
        ("grace", "6", 6),
        ("grace", "12 hours", 12),
        ("grace", "0h", 0),
        ("pace", "3 days", 3),
        ("start", "2022-03", date(2022, 3, 1)),
        ("start", "beginning", None),
        ("role", "<@&165511591545143296>", "165511591545143296"),
        ("role", "none", ""),
        ("nothing_new", "weekly", "weekly"),
    ],
)
def test_a_field_is_read_as_people_write_it(field: str, text: str, value: object) -> None:
    """Each field takes the usual ways of writing it."""
    assert PARSERS[field](text) == value


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("at", "24", "from 00:00 to 23:59"),
        ("at", "noonish", "write it as 09:30"),
        ("at", "24:00", "from 00:00 to 23:59"),
        ("at", "13pm", "from 00:00 to 23:59"),
        ("at", "0:30am", "from 00:00 to 23:59"),
        ("at", "٠٩:٣٠", "write it as 09:30"),
        ("zone", "CEST", "is no time zone"),
        ("kind", "newz", "did you mean news"),
        ("kind", "?", "known are news, replay, weekly, onthisday"),
        ("days", "mo", "no day of the week"),
        ("days", "mon-", "no day of the week"),
        ("days", "", "no day is named"),
        ("days_off", "sunday", "leave it out of the days"),
        ("days_off", "2026-02-30", "no day of the calendar"),
        ("days_off", "02-30", "are no days off"),
        ("days_off", "undated", "has no date"),
        ("days_off", "2026/2028", "pause the subscription"),
        ("days_off", " ".join(["12-25"] * (MAX_OFF + 1)), "at most 40"),
        ("quiet", "22:00", "are no quiet hours"),
        ("quiet", "07:00-07:00", "begins when it ends"),
        ("grace", "24", "from 0 to 23"),
        ("grace", "six", "from 0 to 23"),
        ("pace", "0", "from 1 to 31"),
        ("start", "soon", "is not a date"),
        ("role", "@everyone", "is no role"),
        ("role", "0", "is no role"),
        ("nothing_new", "week", "did you mean weekly"),
    ],
)
def test_a_field_that_cannot_be_read_says_how_to_write_it(field: str, text: str, why: str) -> None:
    """What is not understood is refused with what to write instead."""
    with pytest.raises(ValueError, match=why):
        PARSERS[field](text)


@given(st.sampled_from(sorted(PARSERS)), st.text() | st.from_regex(r"[0-9:. /,a-z-]{0,30}", fullmatch=True))
def test_any_text_is_a_field_or_a_value_error(field: str, text: str) -> None:
    """Reading garbage raises nothing but ValueError, with one short line."""
    try:
        PARSERS[field](text)
    except ValueError as error:
        lines = str(error).splitlines()
        assert [len(line) < 400 for line in lines] == [True]


minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
some_days = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


@given(some_days, minutes, minutes)
def test_what_is_written_is_read_back(days: tuple[int, ...], start: time, end: time) -> None:
    """Days, times and quiet hours come back from the text that stands for them."""
    assert parse_days(days_text(days)) == days
    assert parse_clock(clock_text(start)) == start
    quiet = Quiet(start, end) if start != end else None
    assert parse_quiet(quiet_text(quiet)) == quiet


@pytest.mark.parametrize("text", ["none", "12-25", "12-24/01-02, 2026-12-31", "2026-08-01/2026-08-31, 02-29"])
def test_days_off_are_read_back(text: str) -> None:
    """Days off come back from the text that stands for them."""
    assert days_off_text(parse_days_off(text)) == text


@pytest.mark.parametrize(
    ("text", "day", "off"),
    [
        ("12-24/01-02", "2026-12-31", True),
        ("12-24/01-02", "2031-01-02", True),
        ("12-24/01-02", "2031-01-03", False),
        ("02-29", "2028-02-29", True),
        ("02-28", "2028-02-29", False),
        ("2026-08", "2026-08-31", True),
        ("2026-08", "2027-08-31", False),
    ],
)
def test_days_off_cover_both_their_ends(text: str, day: str, *, off: bool) -> None:
    """Days off without a year come every year, over New Year too; others once."""
    assert a_subscription(days_off=parse_days_off(text)).off(date.fromisoformat(day)) is off


def test_quiet_hours_may_run_over_midnight() -> None:
    """Quiet hours begin with their first minute and are over with their last."""
    night, noon = Quiet(time(22), time(7)), Quiet(time(12), time(13))
    assert [night.covers(time(hour)) for hour in (21, 22, 0, 6, 7)] == [False, True, True, True, False]
    assert [noon.covers(time(hour)) for hour in (11, 12, 13)] == [False, True, False]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "weekly", "days": (0,)},
        {"kind": "replay", "pace": 7, "start": date(2022, 3, 1)},
        {"platform": "slack", "server": "T024BE7LD", "place": "C024BE7LT"},
        {"platform": "terminal", "server": "", "place": "terminal"},
        {"server": "", "place": "80351110224678912"},
        {"role": "165511591545143296", "quiet": Quiet(time(22), time(7)), "grace": 0},
        {"days_off": parse_days_off("12-24/01-02, 2027")},
    ],
    ids=["news", "weekly", "replay", "Slack", "terminal", "direct messages", "with a role", "with days off"],
)
def test_a_sound_subscription_is_accepted(fields: dict[str, Any]) -> None:
    """What fits together is handed back as it is."""
    made = a_subscription(**fields)
    assert checked(made) is made


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"quiet": Quiet(time(22), time(9, 30))}, "09:00 lies in the quiet hours 22:00-09:30"),
        ({"days_off": parse_days_off("01-01/06-30, 07-01/12-31")}, "leave no day"),
        ({"days": ()}, "not days of the week"),
        ({"days": (1, 0)}, "not days of the week"),
        ({"kind": "weekly"}, "one day of the week"),
        ({"kind": "hourly"}, "no kind of digest"),
        ({"pace": 2}, "for a replay, not for news"),
        ({"at": time(9, 0, 1)}, "to the minute"),
        ({"zone": "Mars/Phobos"}, "there is no time zone"),
        ({"grace": 24}, "not between 0 and 23"),
        ({"kind": "replay", "pace": 0}, "not between 1 and 31"),
        ({"nothing_new": "loud"}, "say silent or weekly"),
        ({"role": "81384788765712384"}, "@everyone is never pinged"),
        ({"role": "everyone"}, "no role of Discord"),
        ({"role": "s-1", "platform": "slack", "server": "T1", "place": "C1"}, "no user group of Slack"),
        ({"role": "S1", "platform": "slack", "server": "", "place": "D1"}, "or a user group of a Slack"),
        ({"role": "1", "platform": "terminal", "server": "", "place": "terminal"}, "only a role of a Disc"),
        ({"platform": "slack", "server": "t1", "place": "C1"}, "no workspace of slack"),
        ({"platform": "slack", "server": "T1", "place": "c1"}, "no channel of slack"),
        ({"platform": "irc"}, "no platform"),
        ({"place": "general"}, "no channel of discord"),
        ({"server": "home"}, "no server of discord"),
        ({"story": "Exo Mars"}, "command word"),
        ({"since": datetime(2026, 1, 1)}, "not a moment in UTC"),  # noqa: DTZ001  (this is what is wrong)
        ({"changed": THEN.astimezone(timezone(timedelta(hours=1)))}, "not a moment in UTC"),
    ],
)
def test_what_does_not_fit_together_is_refused(fields: dict[str, Any], why: str) -> None:
    """A subscription that could never deliver, or would say what it must not, is refused in words."""
    with pytest.raises(ValueError, match=why):
        checked(a_subscription(**fields))


def test_everything_wrong_is_told_at_once() -> None:
    """Two mistakes give two lines."""
    with pytest.raises(ValueError, match="hours") as caught:
        checked(a_subscription(grace=99, zone="Mars/Phobos"))
    assert len(str(caught.value).splitlines()) == 2
