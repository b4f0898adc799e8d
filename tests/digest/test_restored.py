"""After a backup was put back: no edition comes a second time, and what was new is not lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.digest.ledger.restored import settle_missed
from bot.store.restoring import distrust
from tests.digest.servers import OTHER, TALKER, Bot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)
NINE = NOON + 21 * HOUR  # 09:00 UTC the day after


@pytest.fixture(name="bot")
def _bot(tmp_path: Path) -> Iterator[Bot]:
    """A bot as it was in the night, with news for nine in the morning."""
    made = Bot(tmp_path)
    made.done("digest subscribe", NOON)
    made.learn("2021-06-20", "The ferry sails.")
    yield made
    made.close()


def settle(bot: Bot, until: datetime, **known: str) -> int:
    """What a restore does with the ledger."""
    days = {int(name[1:]): day for name, day in known.items()}
    return bot.store.write(lambda db: settle_missed(db, until, days))


def test_what_was_due_since_the_backup_does_not_come_again(bot: Bot) -> None:
    """It may have been posted; the next edition tells what was in it, and that the day is in it."""
    assert settle(bot, NINE + HOUR) == 1
    assert bot.make(NINE + HOUR).promised == 0
    assert bot.row().settled == "2021-06-21"
    assert [(one.first, one.last, one.why) for one in bot.held()] == [("2021-06-21", "2021-06-21", "missed")]
    assert bot.look() == NINE + DAY
    assert bot.make(NINE + DAY).promised == 1
    (row,) = bot.deliveries()
    assert "The ferry sails." in bot.words(row)
    assert "21 June 2021" in row.heading


def test_what_is_due_later_still_comes(bot: Bot) -> None:
    """A database that was put aside before nine cannot have posted what was due at nine."""
    assert settle(bot, NINE - HOUR) == 0
    assert bot.make(NINE + HOUR).promised == 1
    assert bot.numbered() == [(1, "2021-06-21")]


def test_several_days_are_settled_at_once(bot: Bot) -> None:
    """A week after the backup one edition comes, the next one, for all channels that were due."""
    bot.done("digest subscribe", NOON, TALKER)
    bot.done("digest subscribe at 08:00", NOON, OTHER)
    bot.learn("2021-06-21", "It sank.")
    assert settle(bot, NINE + 7 * DAY) == 3
    assert bot.make(NINE + 7 * DAY).promised == 0
    assert bot.make(NINE + 8 * DAY).promised == 3
    assert [bot.numbered(number)[0][0] for number in (1, 2, 3)] == [1, 1, 1]


def test_a_day_that_was_made_before_its_moment_is_settled_as_well(bot: Bot) -> None:
    """As by `digest now`, where the ledger of the database before can still be read."""
    assert settle(bot, NINE - HOUR, s1="2021-06-21") == 1
    assert bot.make(NINE + HOUR).promised == 0
    assert bot.make(NINE + DAY).promised == 1
    assert bot.numbered() == [(1, "2021-06-22")]


@pytest.mark.parametrize("day", ["2021-06-20", "2031-01-01"], ids=["before", "by a clock that was ahead"])
def test_a_day_of_no_matter_is_passed_over(bot: Bot, day: str) -> None:
    """What the backup has settled as well, and what no ledger can rightly have."""
    settle(bot, NINE - HOUR, s1=day)
    assert bot.make(NINE).promised == 1
    assert bot.numbered() == [(1, "2021-06-21")]


def test_an_edition_under_way_is_looked_for_and_the_next_waits_for_it(bot: Bot) -> None:
    """It was promised when the backup was made: under its mark it is found, and comes once."""
    bot.make(NINE)
    bot.store.write(lambda db: distrust(db.conn))
    settle(bot, NINE + DAY + HOUR)
    assert bot.make(NINE + DAY + HOUR).promised == 0
    bot.send(NINE + DAY + HOUR)
    bot.learn("2021-06-22", "It sank.")
    assert bot.make(NINE + 2 * DAY).promised == 1
    assert bot.numbered() == [(1, "2021-06-21"), (2, "2021-06-23")]
    assert "The ferry sails." not in bot.words(bot.deliveries()[-1])


def test_what_is_paused_or_has_no_zone_stops_nothing(bot: Bot) -> None:
    """Each is left as it was."""
    bot.done("digest subscribe", NOON, TALKER)
    bot.done("digest subscribe", NOON, OTHER)
    bot.done("digest pause", NOON)
    bot.set_row(2, zone="Gone/Away")
    assert settle(bot, NINE + HOUR) == 1
    assert (bot.row(1).settled, bot.row(2).settled) == (None, None)
    assert bot.row(3).settled == "2021-06-21"
