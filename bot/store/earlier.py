"""What was told until a correction, and what was mended since.

Of several corrections after that day, the earliest that has a field gives it.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from bot.edtf import parse_edtf
from bot.model import EarlierFact, Sentence
from bot.store.among import among, chunks

Told = tuple[str, Literal["corrected", "retracted"], date, str]
"""The id of what was mended, how, when, and what was wrong with it."""


class EarlierCard(NamedTuple):
    """The title and the state of a briefing until then; empty where they were the same."""

    title: str = ""
    state: str = ""


class Earlier:
    """The words of one story as they were told on a day; made only where it has any corrections."""

    def __init__(self, db: sqlite3.Connection, story: str, day: date) -> None:
        self._db = db
        self._story = story
        self.facts: dict[str, EarlierFact] = {}
        self.cards: dict[str, EarlierCard] = {}
        self._bodies: dict[str, int] = {}
        # From the last correction to the first, so that the first one's words remain.
        for fact, when, says, speaker in db.execute(
            "SELECT fact, date, says, speaker FROM earlier_fact WHERE story = ? AND day > ?"
            " ORDER BY day DESC, correction DESC",
            (story, day.isoformat()),
        ):
            self.facts[fact] = EarlierFact(fact, parse_edtf(when), says, speaker)
        for item, place, title, state, has_body in db.execute(
            "SELECT c.item, c.place, c.title, c.state, EXISTS (SELECT 1 FROM earlier_sentence AS e"
            "  WHERE e.story = c.story AND e.briefing = c.item AND e.correction = c.place)"
            " FROM correction AS c WHERE c.story = ? AND c.kind = 'briefing' AND c.day > ?"
            " ORDER BY c.day DESC, c.place DESC",
            (story, day.isoformat()),
        ):
            there = self.cards.get(item, EarlierCard())
            self.cards[item] = EarlierCard(title or there.title, state or there.state)
            if has_body:
                self._bodies[item] = place

    def sentences(self, briefing_id: str) -> list[Sentence] | None:
        """The text of a briefing, with all that it cited; None where it was the same."""
        if briefing_id not in self._bodies:
            return None
        rows = self._db.execute(
            "SELECT text, facts, paragraph FROM earlier_sentence"
            " WHERE story = ? AND briefing = ? AND correction = ? ORDER BY place",
            (self._story, briefing_id, self._bodies[briefing_id]),
        )
        return [Sentence(text, tuple(facts.split()), paragraph, 0) for text, facts, paragraph in rows]


def corrections(db: sqlite3.Connection, story: str, kind: str, ids: Iterable[str]) -> list[Told]:
    """What was corrected of these, oldest first; of a fact, what was corrected of it alone."""
    found: list[Told] = []
    for some in chunks(ids):
        only, values = among("e.fact" if kind == "fact" else "c.item", some)
        if kind == "fact":
            rows = db.execute(
                "SELECT e.fact, c.day, c.was FROM earlier_fact AS e JOIN correction AS c"
                " ON c.story = e.story AND c.kind = 'source' AND c.place = e.correction"
                " AND c.item = substr(e.fact, 1, instr(e.fact, '#') - 1)"
                f" WHERE e.story = ?{only} ORDER BY c.day, c.place",
                (story, *values),
            )
        else:
            rows = db.execute(
                f"SELECT item, day, was FROM correction AS c WHERE story = ? AND kind = ?{only}"
                " ORDER BY day, place",
                (story, kind, *values),
            )
        found += [(name, "corrected", date.fromisoformat(day), was) for name, day, was in rows]
    return found


def retractions(db: sqlite3.Connection, story: str, kind: str, ids: Iterable[str]) -> list[Told]:
    """Which of these were ever retracted; a fact with its source."""
    wanted = list(ids)
    table = "briefing" if kind == "briefing" else "source"
    gone: dict[str, tuple[date, str]] = {}
    for some in chunks(name.partition("#")[0] for name in wanted):
        only, values = among("id", some)
        for item, day, because in db.execute(
            f"SELECT id, retracted, because FROM {table} WHERE story = ? AND retracted != '~'{only}",
            (story, *values),
        ):
            gone[item] = date.fromisoformat(day), because
    items = [(name, name.partition("#")[0]) for name in wanted] if gone else []
    return [(name, "retracted", *gone[item]) for name, item in items if item in gone]
