"""An edition as it is posted: what is said of it alone stands in front of its small print."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.digest.content.matter import Occasion
from bot.digest.content.post import heading_text, posted
from bot.digest.content.told import Told
from bot.digest.schedule.due import PUNCTUAL, Held
from bot.digest.schedule.subscription import Kind
from bot.reply import Line, Reply, Section
from tests.digest.stories import TODAY, Channel, a_fact, a_source, a_store, put
from tests.digest.test_subscription import a_subscription

DUE = datetime(2026, 7, 21, 7, tzinfo=UTC)
REPLY = Reply("digest", "The bridge", (Section("", (Line("It happened."),)),), notes=("Small print.",))


def an_occasion(*held: Held) -> Occasion:
    """The first edition of a channel, on 21 July 2026."""
    return Occasion(
        a_subscription(kind="news"), "The bridge", 1, TODAY + timedelta(days=1), Told(), TODAY, held
    )


def heading_of(occasion: Occasion, kind: Kind) -> str:
    """What is said of its edition alone, as it is kept."""
    return heading_text(kind, occasion.number, occasion.day, occasion.held, DUE)


def notes(occasion: Occasion, late: timedelta = timedelta(0), kind: Kind = "news") -> tuple[str, ...]:
    """The small print as it is posted so much later than it was due."""
    return posted(REPLY, heading_of(occasion, kind), "abc", DUE + late).notes


def test_an_edition_says_its_number_and_date_and_its_mark(tmp_path: Path) -> None:
    """The small print begins with the kind, the number, the local date, and what it is found by."""
    store = a_store(tmp_path)
    put(store, a_source("2022-01-05-plan", a_fact("2022-01-05-plan", "agreed")))
    made = Channel(store, a_subscription(kind="news")).get()
    store.close()
    shown = posted(made.reply, heading_of(an_occasion(), made.kind), "abc", DUE)
    assert shown.notes == ("News no. 1, 21 July 2026 [abc].", *made.reply.notes)
    assert shown._replace(notes=()) == made.reply._replace(notes=())


def test_a_replay_that_is_over_is_named_by_what_it_brings() -> None:
    """The kind of the edition counts, not that of the subscription."""
    replay = an_occasion()._replace(subscription=a_subscription(kind="replay"))
    assert notes(replay)[0] == "News no. 1, 21 July 2026 [abc]."
    assert notes(replay, kind="replay")[0] == "Replay no. 1, 21 July 2026 [abc]."


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(0), []),
        (PUNCTUAL, []),
        (PUNCTUAL + timedelta(minutes=1), ["Late by 6 minutes."]),
        (timedelta(minutes=125), ["Late by 2 hours 5 minutes."]),
        (timedelta(hours=3), ["Late by 3 hours."]),
    ],
)
def test_what_is_late_says_so_and_by_how_much(late: timedelta, words: list[str]) -> None:
    """By the moment of posting and not of making; a few minutes are not late."""
    assert [*notes(an_occasion(), late)[1:-1]] == words


def test_held_days_are_named_with_their_reasons() -> None:
    """Two stretches one by one; more as a whole, behind how late it is."""
    held = (Held(date(2026, 7, 18), date(2026, 7, 19), "day off"), Held(TODAY, TODAY, "missed"))
    assert notes(an_occasion(*held), timedelta(minutes=125))[1:3] == (
        "Late by 2 hours 5 minutes.",
        "In it is also what was held on 18 to 19 July 2026 (days off) and 20 July 2026 (the bot was away).",
    )
    many = notes(an_occasion(*held * 2))
    assert many[1].endswith("from 18 to 20 July 2026 (days off, the bot was away).")
    assert many[-1] == "Small print."


def test_without_a_mark_nothing_stands_in_its_place() -> None:
    """A preview has no mark; a word to an admin has a mark and no heading."""
    assert posted(REPLY, heading_of(an_occasion(), "news"), "", DUE).notes == (
        "News no. 1, 21 July 2026.",
        "Small print.",
    )
    assert posted(REPLY, "", "abc", DUE).notes == ("[abc]", "Small print.")
    assert posted(REPLY, "", "", DUE) == REPLY
