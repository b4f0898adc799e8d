"""What became known of a story between two days, read with as little as possible of what it holds.

Functions over a shelf: they see what is for its audience, and of very many facts only the newest. The day
`after` is not part of a span, and `until` is.
"""

import sqlite3
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

from bot.model import Fact
from bot.store.moments import moment, stamp
from bot.store.shelf import NEVER, Act, BriefingCard, Kind, Shelf

MOST_LOOKED_AT = 1000  # facts of which the more telling are chosen
MOST_PAIRED = 3000  # facts of which it is looked up what they overturn
MOST_SOURCES, MOST_BRIEFINGS, MOST_FACTS = 200, 50, 200  # that were added, these to sources of before
LAST_DAY = "9999-12-31"

_SEEN = "{of}.story = ?1 AND {of}.audience IN ('', ?2) AND {of}.retracted > ?3"
_F, _O, _B = (_SEEN.format(of=of) for of in "fob")

# How much a fact tells: it overturns something, a briefing rests on it, it is more than background; and it
# was not long past already when it became known.
_TELLING = f"""4 * EXISTS (
    SELECT 1 FROM relation AS r CROSS JOIN fact AS o ON {_O} AND o.id = r.other
    WHERE r.story = ?1 AND r.fact = f.id AND r.kind = 'supersedes' AND o.known_on <= ?3)
 + 2 * EXISTS (
    SELECT 1 FROM citation AS c CROSS JOIN briefing AS b ON {_B} AND b.id = c.briefing
    WHERE c.story = ?1 AND c.fact = f.id AND b.known_on <= ?3)
 + (f.kind IN ('event', 'statement')) - 3 * (f.kind = 'background')
 - 3 * coalesce(f.last < date(f.known_on, '-1 year'), 0)"""


class Added(NamedTuple):
    """A source that was added, or a fact that was added to one."""

    id: str
    known_on: date


class Span(NamedTuple):
    """Which facts are meant: those that became known between two days; perhaps only what was added."""

    after: date
    until: date | None = None  # None: all there is
    told: date | None = None  # the day as known on which it is told; None: now
    revision: int | None = None  # only what came with this one or later
    sources: tuple[Added, ...] = ()  # then these
    facts: tuple[Added, ...] = ()  # and these of others, which were there before


class Mended(NamedTuple):
    """Something in which a mistake was mended."""

    kind: Kind
    id: str
    act: Act
    on: date
    why: str


class Pair(NamedTuple):
    """A fact, the newer one that stands against it, and why."""

    before: Fact
    now: Fact
    because: str


def how_many(shelf: Shelf, span: Span) -> int:
    """How many facts became known."""
    found, where, _ = _where(span)
    return int(_rows(shelf, span, f"SELECT count(*) FROM {found} WHERE {where}").fetchone()[0])


def newest_days(shelf: Shelf, span: Span, limit: int) -> dict[date, int]:
    """How many facts became known on each of the newest days on which any did, oldest first."""
    found, where, day = _where(span)
    rows = _rows(
        shelf,
        span,
        f"SELECT f.known_on, count(*) FROM {found} WHERE {where}"
        f" GROUP BY {day} ORDER BY {day} DESC LIMIT {int(limit)}",
    ).fetchall()
    return {date.fromisoformat(known_on): count for known_on, count in rows[::-1]}


def telling(shelf: Shelf, span: Span, limit: int) -> list[Fact]:
    """Those of the facts that tell the most, the most telling first."""
    found, where, known = _where(span)
    rows = _rows(
        shelf,
        span,
        # The inner one walks an index from its end, and stops.
        f"SELECT f.id, {_TELLING} AS score FROM (SELECT f.id, f.kind, f.first, f.last, f.known_on, f.source,"
        f"  f.place FROM {found} WHERE {where} ORDER BY {known} DESC LIMIT {MOST_LOOKED_AT}) AS f"
        f" ORDER BY score DESC, f.first DESC, f.source, f.place LIMIT {int(limit)}",
    )
    ids = [row[0] for row in rows]
    facts = shelf.facts(ids)
    return [facts[name] for name in ids]


def overturned(shelf: Shelf, span: Span) -> list[Pair]:
    """What was known before and was overturned by what became known then, the newest first."""
    return _turned(shelf, span, "supersedes", "o.known_on <= ?5")


def disputed(shelf: Shelf, span: Span) -> list[Pair]:
    """What was disputed by what became known then, the newest first."""
    return _turned(shelf, span, "disputes", "o.known_on <= ?3")


def mended(shelf: Shelf, span: Span, limit: int) -> list[Mended]:
    """What was corrected or retracted after a day, the newest first.

    It was known by then, or, where a revision is given, it was changed with that one or later.
    """
    there = "i.story = ?1 AND i.audience IN ('', ?2)"
    values: tuple[object, ...] = (shelf.story, shelf.audience, span.after.isoformat(), limit)
    if span.revision is None:
        there += " AND i.known_on <= ?3"
    else:
        there += (
            " AND EXISTS (SELECT 1 FROM revision AS x WHERE x.story = ?1 AND x.kind = '{kind}'"
            " AND x.item = i.id AND x.version > 1 AND x.id >= ?5)"
        )
        values += (span.revision,)
    found: list[Mended] = []
    kinds: tuple[Kind, ...] = ("source", "briefing")
    for kind in kinds:
        rows = shelf.connection.execute(
            f"SELECT c.item, 'corrected', c.day, c.was FROM correction AS c CROSS JOIN {kind} AS i"
            f" ON {there.format(kind=kind)} AND i.id = c.item AND i.retracted = '{NEVER}'"
            f" WHERE c.story = ?1 AND c.kind = '{kind}' AND c.day > ?3 ORDER BY c.day DESC LIMIT ?4",
            values,
        ).fetchall()
        rows += shelf.connection.execute(
            f"SELECT i.id, 'retracted', i.retracted, i.because FROM {kind} AS i"
            f" WHERE {there.format(kind=kind)}"
            f" AND i.retracted > ?3 AND i.retracted != '{NEVER}' ORDER BY i.retracted DESC LIMIT ?4",
            values,
        ).fetchall()
        found += [Mended(kind, item, act, date.fromisoformat(day), why) for item, act, day, why in rows]
    return sorted(found, key=lambda one: (one.on, one.id), reverse=True)[:limit]


def newest_revision(shelf: Shelf) -> int:
    """The newest revision that can be seen now: what is added later has a higher one."""
    return int(shelf.connection.execute("SELECT coalesce(max(id), 0) FROM revision").fetchone()[0])


def made_after(shelf: Shelf, revision: int) -> date | None:
    """The day of the first revision after this one, of whatever story; None where there is none."""
    row = shelf.connection.execute(
        "SELECT made FROM revision WHERE id > ? ORDER BY id LIMIT 1", (revision,)
    ).fetchone()
    return moment(row[0]).date() if row else None


def first_added(shelf: Shelf, since: datetime) -> int:
    """The first revision of those that were made from a moment on: what they brought was added."""
    row = shelf.connection.execute(
        "SELECT id FROM revision WHERE made < ? ORDER BY id DESC LIMIT 1", (stamp(since),)
    ).fetchone()
    return int(row[0]) + 1 if row else 0


def added_sources(shelf: Shelf, revision: int) -> tuple[Added, ...]:
    """The newest of the sources that came with this revision or later."""
    rows = shelf.connection.execute(
        f"SELECT s.id, s.known_on FROM revision AS x CROSS JOIN source AS s ON {_SEEN.format(of='s')}"
        " AND s.id = x.item WHERE x.id >= ?4 AND +x.story = ?1 AND x.kind = 'source' AND x.version = 1"
        " ORDER BY x.id DESC LIMIT ?5",
        (shelf.story, shelf.audience, LAST_DAY, revision, MOST_SOURCES),
    )
    return tuple(Added(item, date.fromisoformat(known_on)) for item, known_on in rows)


def added_facts(shelf: Shelf, revision: int) -> tuple[Added, ...]:
    """The newest of the facts that came to sources with this revision or later, but not with the source."""
    rows = shelf.connection.execute(
        f"SELECT f.id, f.known_on FROM fact_late AS x CROSS JOIN fact AS f ON {_F} AND f.id = x.fact"
        " WHERE x.story = ?1 AND x.revision >= ?4 ORDER BY x.revision DESC LIMIT ?5",
        (shelf.story, shelf.audience, LAST_DAY, revision, MOST_FACTS),
    )
    return tuple(Added(fact, date.fromisoformat(known_on)) for fact, known_on in rows)


def added_briefings(shelf: Shelf, revision: int) -> list[BriefingCard]:
    """The briefings that came with this revision or later, oldest first."""
    rows = shelf.connection.execute(
        "SELECT item FROM revision WHERE id >= ? AND +story = ? AND kind = 'briefing' AND version = 1"
        " ORDER BY id DESC LIMIT ?",
        (revision, shelf.story, MOST_BRIEFINGS),
    ).fetchall()
    cards = [card for row in rows if (card := shelf.briefing(row[0])) and not card.retracted]
    return sorted(cards, key=lambda card: (card.known_on, card.id))


def _turned(shelf: Shelf, span: Span, kind: str, known: str) -> list[Pair]:
    table, where, order = _where(span)
    rows = _rows(
        shelf,
        span,
        f"SELECT f.id, r.other, r.because FROM (SELECT f.id, f.known_on FROM {table} WHERE {where}"
        f"  ORDER BY {order} DESC LIMIT {MOST_PAIRED}) AS f"
        f" CROSS JOIN relation AS r ON r.story = ?1 AND r.fact = f.id AND r.kind = '{kind}'"
        f" CROSS JOIN fact AS o ON {_O} AND o.id = r.other AND {known}"
        " ORDER BY f.known_on DESC, f.id, r.other",
    ).fetchall()
    found = shelf.facts(name for row in rows for name in row[:2])
    return [Pair(found[other], found[fact], because) for fact, other, because in rows]


def _where(span: Span) -> tuple[str, str, str]:
    """Where facts `f` are looked for, the condition on them, and by what the newest are found."""
    where = f"{_F} AND f.known_on <= ?4 AND f.known_on > ?5"
    if span.revision is None:
        return "fact AS f", where, "f.known_on"
    sources, facts, others = map(len, _within(span))
    new, late, of = _marks(6, sources), _marks(6 + sources, facts), _marks(6 + sources + facts, others)
    # All sources at first: for these the index serves.
    where += f" AND f.source IN ({', '.join(filter(None, (new, of)))})"
    where += f" AND (f.source IN ({new}) OR f.id IN ({late}))"
    return "fact AS f INDEXED BY fact_source", where, "f.known_on"


def _marks(first: int, count: int) -> str:
    return ", ".join(f"?{number}" for number in range(first, first + count))


def _within(span: Span) -> tuple[list[str], list[str], list[str]]:
    """What was added and became known within the span: sources, facts of others, and these others."""
    sources, facts = (
        [one.id for one in some if span.after < one.known_on <= _until(span)]
        for some in (span.sources, span.facts)
    )
    return sources, facts, [*dict.fromkeys(fact.partition("#")[0] for fact in facts)]


def _until(span: Span) -> date:
    return span.until or date.max


def _rows(shelf: Shelf, span: Span, sql: str) -> sqlite3.Cursor:
    told = span.told.isoformat() if span.told else LAST_DAY
    values = (shelf.story, shelf.audience, told, _until(span).isoformat(), span.after.isoformat())
    added = chain.from_iterable(_within(span)) if span.revision is not None else ()
    return shelf.connection.execute(sql, (*values, *added))
