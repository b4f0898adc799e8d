"""Where facts stand against each other, in the whole story or in a part of it, and how much each tells."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.store.among import among, chunks
from bot.store.shelf import Shelf
from bot.store.standing import STANDS, phrases


class About(NamedTuple):
    """A part of a story: the facts of a tag, those that have one of some phrases, and some by id.

    Without anything it is the whole story.
    """

    tag: str = ""
    phrases: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


EVERYTHING = About()

MOST_TIES = 200
_FEW = 3000  # facts, up to which their relations are asked for one by one
_TIE = "r.kind, r.fact, r.other, s.id, o.id, s.known_on"
_OTHER = f"source AS o ON o.id = substr(r.other, 1, instr(r.other, '#') - 1) AND {STANDS.format(of='o')}"


class Tie(NamedTuple):
    """That one fact overturns or disputes another."""

    kind: str  # "supersedes" or "disputes"
    fact_id: str  # the one that does
    other_id: str
    apart: bool  # they are of two sources
    known_on: str  # the day from which the first is


def ties(shelf: Shelf, about: About = EVERYTHING, limit: int = MOST_TIES) -> list[Tie]:
    """Those of which one side or the other is in this part of the story: between sources first, newest first.

    Where there are as many as `limit`, there may be more.
    """
    ids = None if about == EVERYTHING else _few(shelf, about)
    rows = _walked(shelf, about) if ids is None else _of(shelf, ids)
    between: list[Tie] = []
    within: list[Tie] = []
    for kind, fact, other, one, two, known_on in rows:
        (within if one == two else between).append(Tie(kind, fact, other, one != two, known_on))
        if len(between) == limit:
            break
    return [*between, *within][:limit]


def _few(shelf: Shelf, about: About) -> list[str] | None:
    """The ids of the facts that are meant; None where these are many."""
    found = [*about.ids]
    tagged = "SELECT t.fact FROM fact_tag AS t WHERE t.story = ?1 AND t.tag = ?2"
    having = (
        "SELECT f.id FROM fact_fts AS x CROSS JOIN fact AS f ON f.number = x.rowid"
        " WHERE fact_fts MATCH ?2 AND f.story = ?1"
    )
    for value, query in ((about.tag, tagged), (phrases(about.phrases), having)):
        if value:
            rows = shelf.connection.execute(f"{query} LIMIT ?3", (shelf.story, value, _FEW + 1))
            found += [row[0] for row in rows]
    return found if len(found) <= _FEW else None


def _of(shelf: Shelf, ids: Sequence[str]) -> list[tuple[str, str, str, str, str, str]]:
    """The relations of these facts, the newest first."""
    found: dict[tuple[str, str, str], tuple[str, str, str, str, str, str]] = {}
    for some in chunks(ids):
        for side in ("fact", "other"):
            only, values = among(f"r.{side}", some)
            rows = shelf.connection.execute(
                f"SELECT {_TIE} FROM relation AS r"
                f" CROSS JOIN source AS s ON s.id = substr(r.fact, 1, instr(r.fact, '#') - 1)"
                f" AND {STANDS.format(of='s')} CROSS JOIN {_OTHER} WHERE r.story = ?1{only}",
                (shelf.story, shelf.audience, *values),
            )
            found |= {row[:3]: row for row in rows}
    order = sorted(found.values(), key=lambda row: (row[1], row[0], row[2]))
    return sorted(order, key=lambda row: (row[5], row[3]), reverse=True)


def _walked(shelf: Shelf, about: About) -> Iterator[tuple[str, str, str, str, str, str]]:
    """The same of the whole story, or of a part with many facts: it is found soon, and no more is read."""
    having = _having(shelf, about.phrases)
    tagged = (
        "EXISTS (SELECT 1 FROM fact_tag AS t"
        " WHERE t.story = ?1 AND t.tag = ?3 AND t.fact IN (r.fact, r.other))"
    )
    numbered = (
        # Only the index of facts is read, not their rows.
        " CROSS JOIN fact AS a ON a.story = ?1 AND a.id = r.fact"
        " CROSS JOIN fact AS b ON b.story = ?1 AND b.id = r.other"
    )
    rows = shelf.connection.execute(
        f"SELECT {_TIE}, {tagged}, {'a.number, b.number' if having else '0, 0'} FROM source AS s"
        # From the newest source to the relations of its facts.
        " CROSS JOIN relation AS r ON r.story = ?1 AND r.fact > s.id || '#' AND r.fact < s.id || '$'"
        f" CROSS JOIN {_OTHER}{numbered if having else ''}"
        f" WHERE {STANDS.format(of='s')} ORDER BY s.known_on DESC, s.id DESC",
        (shelf.story, shelf.audience, about.tag),
    )
    for *tie, meant, one, two in rows:
        if meant or about == EVERYTHING or not having.isdisjoint((one, two)):
            yield tie[0], tie[1], tie[2], tie[3], tie[4], tie[5]


def _having(shelf: Shelf, texts: tuple[str, ...]) -> set[int]:
    """The numbers of the facts that have one of these texts, in what they say or as their speaker."""
    if not texts:
        return set()
    rows = shelf.connection.execute("SELECT rowid FROM fact_fts WHERE fact_fts MATCH ?", (phrases(texts),))
    return {row[0] for row in rows}


def weights(shelf: Shelf, ids: Iterable[str]) -> dict[str, int]:
    """How much of the story hangs on each of these facts: briefings that cite it, facts it stands against."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        for table, other, of in (("citation", "briefing", "briefing"), ("relation", "fact", "other")):
            only, values = among("c.fact", some)
            rows = shelf.connection.execute(
                # CROSS JOIN: from the few rows of these facts to what they name.
                f"SELECT c.fact, count(*) FROM {table} AS c CROSS JOIN {other} AS x ON x.id = c.{of}"
                f" AND {STANDS.format(of='x')} WHERE c.story = ?1{only} GROUP BY c.fact",
                (shelf.story, shelf.audience, *values),
            )
            for fact, count in rows:
                found[fact] = found.get(fact, 0) + count
    return found
