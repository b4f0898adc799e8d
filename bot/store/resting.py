"""What of the briefings rests on one source alone.

A sentence does so where every fact that it cites, and that still counts, is of that source: were the source
retracted, the sentence would have nothing left under it. Whether other sources say the same without being
cited is not asked: nothing in the corpus says that two facts are the same.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from bot.store.among import chunks
from bot.store.shelf import Shelf
from bot.store.standing import STANDS

_CITED = (
    # CROSS JOIN: from the citations to what they are in, and to what they name.
    "citation AS c CROSS JOIN briefing AS b ON b.id = c.briefing AND " + STANDS.format(of="b") +
    " CROSS JOIN fact AS f ON f.id = c.fact AND " + STANDS.format(of="f")
)  # fmt: skip


class Resting(NamedTuple):
    """A sentence of a briefing, with the facts under it."""

    briefing: str
    text: str
    facts: tuple[str, ...]


def resting_counts(shelf: Shelf, source_ids: Iterable[str]) -> dict[str, int]:
    """How many sentences rest on each of these sources alone; without those of which none does."""
    found: dict[str, int] = {}
    for some in chunks(source_ids):
        only = f" AND n.source IN ({', '.join(f'?{number + 3}' for number in range(len(some)))})"
        rows = shelf.connection.execute(
            "SELECT source, count(*) FROM (SELECT min(f.source) AS source"
            f" FROM {_touched(only)} CROSS JOIN {_CITED}"
            " WHERE c.story = ?1 AND c.briefing = m.briefing AND c.place = m.place"
            " GROUP BY c.briefing, c.place HAVING min(f.source) = max(f.source)) GROUP BY source",
            (shelf.story, shelf.audience, *some),
        )
        found |= {source: count for source, count in rows if source in some}
    return found


def resting_on(shelf: Shelf, source_id: str) -> list[Resting]:
    """The sentences of briefings that rest on this source alone, the newest briefing first."""
    rows = shelf.connection.execute(
        "SELECT c.briefing, s.text, c.place, f.id, f.source"
        f" FROM {_touched(' AND n.source = ?3')} CROSS JOIN {_CITED}"
        " CROSS JOIN sentence AS s ON s.story = ?1 AND s.briefing = c.briefing AND s.place = c.place"
        " WHERE c.story = ?1 AND c.briefing = m.briefing AND c.place = m.place"
        " ORDER BY b.known_on DESC, c.briefing, c.place, c.rank",
        (shelf.story, shelf.audience, source_id),
    )
    found = []
    for (briefing, text, _), group in groupby(rows, key=lambda row: row[:3]):
        cited = [row[3:] for row in group]
        if {source for _, source in cited} == {source_id}:
            found.append(Resting(briefing, text, tuple(fact for fact, _ in cited)))
    return found


def _touched(only: str) -> str:
    """The sentences that cite a fact of some sources at all."""
    return (
        "(SELECT DISTINCT o.briefing, o.place FROM fact AS n CROSS JOIN citation AS o"
        f" ON o.story = ?1 AND o.fact = n.id WHERE n.story = ?1{only}) AS m"
    )
