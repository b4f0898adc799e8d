"""What can be read of one story. All methods are plain queries; none decides what is said.

`as_of` is a day, or None for everything: with a day, only what was published by then is seen.

What is for another audience is never seen; what is retracted only by its id, or where `stubs` are asked
for. A shelf has the story as it is told now, `as_told_on` as it was told on a day.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.edtf import Edtf, parse_edtf
from bot.model import BACKGROUND, EVERYONE, OPEN, Fact, Problem, Relation, Retraction, Sentence, Shape
from bot.store.among import among, chunks

if TYPE_CHECKING:
    from bot.model import Vocabulary
    from bot.store.earlier import Earlier
    from bot.store.search import Found

_FACT = "f.id, f.source, f.date, f.first, f.last, f.says, f.speaker, f.kind, f.known_on, f.place"
_CARD = "id, version, title, as_of, known_on, state, phase, announced, retracted, because"
_LAST_DAY = "9999-12-31"
NEVER = "~"
"""In place of the day of a retraction: behind every day."""

Row = Sequence[str]


def _seen(alias: str = "") -> str:
    """The condition that a row is of this story, for this audience, and not retracted.

    It takes ?1 to ?3, so it stands before every other parameter; `Shelf._rows` gives it what it takes.
    """
    of = f"{alias}." if alias else ""
    return f"{of}story = ?1 AND {of}audience IN ('', ?2) AND {of}retracted > ?3"


class SourceCard(NamedTuple):
    """A source without its facts."""

    id: str
    title: str
    outlet: str
    url: str
    published: Edtf
    known_on: date
    dated_by: str
    language: str
    note: str
    facts: int  # how many it has
    retracted: Retraction | None = None  # then this alone is told of it


class BriefingCard(NamedTuple):
    """The newest version of a briefing, without its text."""

    id: str
    version: int
    title: str
    as_of: Edtf
    known_on: date
    state: str
    phase: str
    announced: int = 1  # the newest version that digests tell of: one that mends a typing error is not news
    retracted: Retraction | None = None  # then this alone is told of it


Kind = Literal["source", "briefing", "fact"]
Act = Literal["corrected", "retracted"]


class Amendment(NamedTuple):
    """That a mistake of ours was mended."""

    act: Act
    on: date
    why: str  # what was wrong, or why it was retracted


class Link(NamedTuple):
    """A relation as seen from one fact: the other fact, and what is between them."""

    fact: Fact
    because: str


class FileRow(NamedTuple):
    """One file of a story as the store remembers it."""

    path: str
    kind: str
    item: str  # the id of what was loaded from it; empty where nothing was
    stat: str
    sha: str
    state: str  # "loaded", "kept" (an earlier version stands) or "out"


class Wording(NamedTuple):
    """What one version of a briefing said."""

    title: str
    state: str
    body: str  # as written, citations included


class Shelf:
    """One story in one consistent view of the database: what is for everyone, and for one audience."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        story: str,
        audience: str = EVERYONE,
        told_on: date | None = None,
    ) -> None:
        self.connection = self._db = connection
        self.story = story
        self.audience = audience
        self._told_on = told_on  # None: now

    def as_told_on(self, day: date | None) -> "Shelf":
        """The story as it was told on a day: in the words that were corrected only later.

        What was retracted only later is there as well. `amendments` tells what became of it.
        """
        return Shelf(self._db, self.story, self.audience, day) if day else self

    # ── the story as a whole ────────────────────────────────────────────────────────────

    def signature(self) -> str:
        """Of the story's folders when they were last loaded; empty before that."""
        row = self._one("SELECT signature FROM story WHERE word = ?", self.story)
        return str(row[0]) if row else ""

    def version(self) -> int:
        """Counts the loads that changed anything; 0 before the first."""
        row = self._one("SELECT version FROM story WHERE word = ?", self.story)
        return int(row[0]) if row else 0

    def setting(self, name: str) -> str:
        """A setting that the bot made itself; empty where there is none."""
        row = self._one("SELECT value FROM setting WHERE name = ?", name)
        return str(row[0]) if row else ""

    def audiences(self) -> frozenset[str]:
        """Those that have anything of their own."""
        rows = self._db.execute(
            "SELECT audience FROM source WHERE story = ?1 AND audience != ''"
            " UNION SELECT audience FROM briefing WHERE story = ?1 AND audience != ''",
            (self.story,),
        )
        return frozenset(row[0] for row in rows)

    def problems(self) -> list[Problem]:
        """What was wrong when the story was last loaded; not with what is for another audience."""
        theirs = " OR ".join(
            f"x.kind = '{kind}' AND EXISTS (SELECT 1 FROM {kind} AS i"
            "  WHERE i.story = ?1 AND i.id = x.item AND i.audience NOT IN ('', ?2))"
            for kind in ("source", "briefing")
        )
        rows = self._db.execute(
            "SELECT path, line, what, mend FROM problem AS p WHERE story = ?1 AND NOT EXISTS"
            f" (SELECT 1 FROM file AS x WHERE x.story = ?1 AND x.path = p.path AND ({theirs}))"
            " ORDER BY path, line",
            (self.story, self.audience),
        )
        return [Problem(*row) for row in rows]

    def vocabulary(self) -> "Vocabulary":
        """The words of the story; none where it has no vocabulary."""
        from bot.store.vocabulary import vocabulary  # only questions need them

        return vocabulary(self._db, self.story)

    def span(self) -> tuple[date, date] | None:
        """The days from which the first and the newest source count as known; None without any."""
        # Two questions, since SQLite takes one end of an index at once, but walks it all for both.
        row = self._row(
            f"SELECT (SELECT min(known_on) FROM source WHERE {_seen()}),"
            f" (SELECT max(known_on) FROM source WHERE {_seen()})"
        )
        return (_day(row[0]), _day(row[1])) if row and row[0] else None

    def horizon(self, as_of: date | None) -> date | None:
        """The day of the newest source or briefing known by `as_of`."""
        row = self._row(
            "SELECT max(known_on) FROM"
            f" (SELECT max(known_on) AS known_on FROM source WHERE {_seen()} AND known_on <= ?4"
            f" UNION ALL SELECT max(known_on) FROM briefing WHERE {_seen()} AND known_on <= ?4)",
            _until(as_of),
        )
        return _day(row[0]) if row and row[0] else None

    def count(self, what: str, as_of: date | None = None, *, stubs: bool = False) -> int:
        """How many of `source`, `fact` or `briefing` are known."""
        assert what in {"source", "fact", "briefing"}
        row = self._row(
            f"SELECT count(*) FROM {what} WHERE {_seen()} AND known_on <= ?", _until(as_of), stubs=stubs
        )
        return int(row[0]) if row else 0

    def files(self) -> list[FileRow]:
        """The files it was loaded from, as they were then; of all audiences."""
        rows = self._db.execute(
            "SELECT path, kind, item, stat, sha, state FROM file WHERE story = ?", (self.story,)
        )
        return [FileRow(*row) for row in rows]

    def shapes(self) -> dict[str, Shape]:
        """What is loaded, by path, as far as other files have to do with it; of all audiences."""
        from bot.store.shapes import shapes  # only a sync and a draft ask for them

        paths = {(row.kind, row.item): row.path for row in self.files() if row.item}
        return shapes(self._db, self.story, paths)

    # ── sources ─────────────────────────────────────────────────────────────────────────

    def sources(
        self, as_of: date | None = None, ids: Sequence[str] | None = None, *, stubs: bool = False
    ) -> list[SourceCard]:
        """The sources, oldest first; where there are ids only those, retracted ones as well."""
        only, values = among("s.id", ids)
        rows = self._rows(
            "SELECT s.id, s.title, s.outlet, s.url, s.published, s.known_on, s.dated_by, s.language, s.note,"
            " (SELECT count(*) FROM fact AS f WHERE f.story = s.story AND f.source = s.id),"
            " s.retracted, s.because"
            # The + keeps SQLite from walking all sources by day where only some ids are wanted.
            f" FROM source AS s WHERE {_seen('s')} AND +s.known_on <= ?{only} ORDER BY +s.known_on, s.id",
            _until(as_of),
            *values,
            stubs=stubs or ids is not None,
        )
        return [
            SourceCard(
                row[0],
                row[1],
                row[2],
                row[3],
                parse_edtf(row[4]),
                _day(row[5]),
                row[6],
                row[7],
                row[8],
                row[9],
                self._gone(row[10], row[11]),
            )
            for row in rows
        ]

    def source(self, source_id: str) -> SourceCard | None:
        """One source, or None."""
        return next(iter(self.sources(ids=[source_id])), None)

    def source_ids(self) -> list[str]:
        """The ids of all sources."""
        return self._column(f"SELECT id FROM source WHERE {_seen()} ORDER BY known_on, id")

    # ── facts ───────────────────────────────────────────────────────────────────────────

    def facts(self, ids: Iterable[str]) -> dict[str, Fact]:
        """The facts with these ids, by id."""
        return {fact.id: fact for fact in self._facts(self._fact_rows(ids))}

    def fact(self, fact_id: str) -> Fact | None:
        """One fact, or None."""
        return self.facts([fact_id]).get(fact_id)

    def facts_of(self, source_id: str) -> list[Fact]:
        """The facts of a source in the order of its file."""
        rows = self._rows(
            f"SELECT {_FACT} FROM fact AS f WHERE {_seen('f')} AND f.source = ? ORDER BY f.place", source_id
        )
        return self._facts(rows)

    def fact_ids(self, slug: str, *, stubs: bool = False) -> list[str]:
        """The ids of the facts with this slug, in any source."""
        return self._column(
            f"SELECT id FROM fact WHERE {_seen()} AND id = source || '#' || ?", slug, stubs=stubs
        )

    def withdrawn(self, fact_id: str) -> Retraction | None:
        """That the source of a fact is retracted; None where it counts, and where there is no such fact."""
        row = self._row(
            "SELECT s.retracted, s.because FROM fact AS f"
            f" JOIN source AS s ON s.story = f.story AND s.id = f.source WHERE {_seen('f')} AND f.id = ?",
            fact_id,
            stubs=True,
        )
        return self._gone(row[0], row[1]) if row else None

    def timeline(
        self, since: date | None, until: date | None, tag: str | None, as_of: date | None, limit: int
    ) -> tuple[list[Fact], int]:
        """Dated facts in the order in which they happened, and how many there are in all.

        A fact belongs to the time asked for where the two overlap. Standing background has no day
        of its own and is left out.
        """
        where = f"{_seen('f')} AND f.kind <> ? AND f.known_on <= ?"
        values = [BACKGROUND, _until(as_of)]
        if tag:
            where += " AND f.id IN (SELECT fact FROM fact_tag WHERE story = ?1 AND tag = ?)"
            values.append(tag)
        start, end = since.isoformat() if since else "", _until(until)
        apart, moved = self._apart()
        dated = f"{where} AND f.first <= ? AND f.last >= ?{apart}"
        rows = self._rows(
            f"SELECT {_FACT} FROM fact AS f WHERE {dated}"
            " ORDER BY f.first, f.last, f.source, f.place LIMIT ?",
            *values, end, start, *moved, limit,
        ).fetchall()  # fmt: skip
        total = len(rows)
        if total == limit:
            row = self._row(f"SELECT count(*) FROM fact AS f WHERE {dated}", *values, end, start, *moved)
            total = int(row[0]) if row else 0
        within = [
            row for row in self._apart_rows(where, values) if row[3] and row[3] <= end and row[4] >= start
        ]
        if within:
            order = sorted([*rows, *within], key=lambda row: (row[3], row[4], row[1], row[9]))
            rows, total = order[:limit], total + len(within)
        return self._facts(rows), total

    def open_questions(self, as_of: date | None, day: date, limit: int) -> list[Fact]:
        """What is open: questions that were left open, then plans that on `day` are still to come.

        The newest of each first; not what a fact known by `as_of` has overturned.
        """
        tagged = "f.id IN (SELECT fact FROM fact_tag WHERE story = ?1 AND tag = ?5)"
        found = self._not_overturned(tagged, as_of, None, limit)
        if len(found) < limit:
            planned = f"f.kind = 'plan' AND NOT {tagged}"
            found += self._not_overturned(planned, as_of, day, limit - len(found))
        return found

    def _not_overturned(self, where: str, as_of: date | None, day: date | None, limit: int) -> list[Fact]:
        """The newest facts of this kind that stand; with a day, only those whose last day is after it."""
        where = (
            f"{_seen('f')} AND f.known_on <= ?4 AND {where}"
            # CROSS JOIN: from the relations to the facts, never the other way round.
            " AND NOT EXISTS"
            "  (SELECT 1 FROM relation AS r CROSS JOIN fact AS n ON n.story = ?1 AND n.id = r.fact"
            "   WHERE r.story = ?1 AND r.other = f.id AND r.kind = 'supersedes' AND n.known_on <= ?4"
            "   AND n.audience IN ('', ?2) AND n.retracted > ?3)"
        )
        values = [_until(as_of), OPEN]
        apart, moved = self._apart()
        ahead, after = (" AND f.last > ?", [day.isoformat()]) if day else ("", [])
        rows = self._rows(
            f"SELECT {_FACT} FROM fact AS f WHERE {where}{ahead}{apart}"
            " ORDER BY f.known_on DESC, f.first DESC, f.id LIMIT ?",
            *values, *after, *moved, limit,
        ).fetchall()  # fmt: skip
        others = [row for row in self._apart_rows(where, values) if not day or (row[4] or "") > after[0]]
        if others:
            order = sorted([*rows, *others], key=lambda row: row[0])
            rows = sorted(order, key=lambda row: (row[8], row[3] or ""), reverse=True)[:limit]
        return self._facts(rows)

    def recent(self, as_of: date, limit: int) -> list[Fact]:
        """The facts that became known last by a day, oldest first."""
        rows = self._rows(
            f"SELECT {_FACT} FROM fact AS f WHERE {_seen('f')} AND f.known_on <= ? AND f.kind <> ?"
            " ORDER BY f.known_on DESC, f.first DESC, f.id LIMIT ?",
            as_of.isoformat(),
            BACKGROUND,
            limit,
        )
        return self._facts(rows)[::-1]

    def known_facts(self) -> dict[str, date]:
        """The ids of all facts, each with the day from which it is known."""
        return {row[0]: _day(row[1]) for row in self._rows(f"SELECT id, known_on FROM fact WHERE {_seen()}")}

    def relations(self) -> list[Relation]:
        """What all facts have to do with others; these may be missing, or retracted."""
        rows = self._rows(
            "SELECT r.fact, r.kind, r.other, r.because, r.line FROM relation AS r"
            # CROSS JOIN: there are far fewer relations than facts.
            f" CROSS JOIN fact AS f ON f.id = r.fact AND {_seen('f')}"
            " WHERE r.story = ?1 ORDER BY r.fact, r.kind, r.other"
        )
        return [Relation(*row) for row in rows]

    def happened_on(self, day: date) -> list[Fact]:
        """What happened or was said on exactly this day of the calendar in earlier years, oldest first."""
        rows = self._rows(
            f"SELECT {_FACT} FROM fact AS f WHERE {_seen('f')} AND f.first < ? AND f.first = f.last"
            " AND substr(f.first, 6) = ? AND f.kind IN ('event', 'statement')"
            " ORDER BY f.first, f.source, f.place",
            f"{day.year:04}",
            f"{day:%m-%d}",
        )
        return self._facts(rows)

    def search(self, text: str, limit: int) -> "Found":
        """Looks for words in facts and briefings, as they are now."""
        from bot.store.search import Searched, search

        return search(Searched(self._db, self.story, self.audience), text, limit)

    def links(
        self, fact_ids: Iterable[str], kind: str, as_of: date | None, *, back: bool
    ) -> dict[str, list[Link]]:
        """Relations of facts, by fact: those they have, or with `back` those that others have to them."""
        mine, theirs = ("other", "fact") if back else ("fact", "other")
        # SQLite would walk through all relations of the story, and there are few that others have to these.
        by = " INDEXED BY relation_other" if back else ""
        found: dict[str, list[Link]] = {}
        for some in chunks(fact_ids):
            only, values = among(f"r.{mine}", some)
            rows = self._rows(
                f"SELECT r.{mine}, r.because, {_FACT} FROM relation AS r{by}"
                f" CROSS JOIN fact AS f ON {_seen('f')} AND f.id = r.{theirs}"
                f" CROSS JOIN fact AS m ON {_seen('m')} AND m.id = r.{mine}"
                f" WHERE r.story = ?1 AND r.kind = ? AND f.known_on <= ?{only} ORDER BY f.first, f.id",
                kind,
                _until(as_of),
                *values,
            ).fetchall()
            for row, fact in zip(rows, self._facts(row[2:] for row in rows), strict=True):
                found.setdefault(row[0], []).append(Link(fact, row[1]))
        return found

    def has_tag(self, tag: str) -> bool:
        """Whether any fact has this tag."""
        row = self._row(
            "SELECT 1 FROM fact_tag AS t CROSS JOIN fact AS f ON f.id = t.fact"
            f" AND {_seen('f')} WHERE t.story = ?1 AND t.tag = ? LIMIT 1",
            tag,
        )
        return row is not None

    def tags(self) -> list[str]:
        """All tags, the most used first."""
        return self._column(
            "SELECT tag FROM fact_tag WHERE story = ?1 AND audience IN ('', ?2) AND fact NOT IN"
            # From the few sources that are retracted, and not from all facts.
            " (SELECT f.id FROM source AS s CROSS JOIN fact AS f ON f.story = s.story AND f.source = s.id"
            "  WHERE s.story = ?1 AND s.retracted <= ?3 AND s.retracted != '~')"
            " GROUP BY tag ORDER BY count(*) DESC, tag"
        )

    # ── briefings ───────────────────────────────────────────────────────────────────────

    def briefings(
        self, as_of: date | None = None, *, newest: int | None = None, stubs: bool = False
    ) -> list[BriefingCard]:
        """The briefings, oldest first; only the `newest` of them where a number is given."""
        rows = self._rows(
            f"SELECT {_CARD} FROM briefing"
            f" WHERE {_seen()} AND known_on <= ? ORDER BY known_on DESC, id DESC LIMIT ?",
            _until(as_of),
            -1 if newest is None else newest,
            stubs=stubs,
        )
        return [self._card(row) for row in rows][::-1]

    def backgrounds(self, as_of: date) -> list[BriefingCard]:
        """The briefings that tell what lay before the story, the newest last."""
        rows = self._rows(
            f"SELECT {_CARD} FROM briefing"
            f" WHERE {_seen()} AND known_on <= ? AND phase = ? ORDER BY known_on, id",
            as_of.isoformat(),
            BACKGROUND,
        )
        return [self._card(row) for row in rows]

    def briefing(self, briefing_id: str) -> BriefingCard | None:
        """One briefing, or None."""
        row = self._row(f"SELECT {_CARD} FROM briefing WHERE {_seen()} AND id = ?", briefing_id, stubs=True)
        return self._card(row) if row else None

    def briefing_ids(self, *, stubs: bool = False) -> list[str]:
        """The ids of all briefings, oldest first."""
        return self._column(f"SELECT id FROM briefing WHERE {_seen()} ORDER BY known_on, id", stubs=stubs)

    def wording(self, briefing_id: str, version: int) -> Wording | None:
        """What one version of a briefing said, or None where there was none."""
        row = self._one(
            "SELECT title, state, body FROM revision WHERE story = ? AND kind = 'briefing' AND item = ?"
            " AND version = ? AND audience IN ('', ?)",
            self.story,
            briefing_id,
            version,
            self.audience,
        )
        return Wording(*row) if row else None

    def sentences(self, briefing_id: str, limit: int = -1) -> list[Sentence]:
        """The sentences of a briefing with the facts they cite; only the first ones with a limit."""
        if not self._row(f"SELECT 1 FROM briefing WHERE {_seen()} AND id = ?", briefing_id):
            return []
        if self._earlier and (told := self._earlier.sentences(briefing_id)) is not None:
            told = told[:limit] if limit >= 0 else told
            # It was right in its time; what it cited may be gone, or retracted, by now.
            there = {row[0] for row in self._fact_rows(fact for one in told for fact in one.facts)}
            return [one._replace(facts=tuple(fact for fact in one.facts if fact in there)) for one in told]
        cites: dict[int, list[str]] = {}
        for place, fact in self._db.execute(
            "SELECT place, fact FROM citation WHERE story = ? AND briefing = ? ORDER BY place, rank",
            (self.story, briefing_id),
        ):
            cites.setdefault(place, []).append(fact)
        rows = self._db.execute(
            "SELECT place, text, paragraph, line FROM sentence WHERE story = ? AND briefing = ?"
            " ORDER BY place LIMIT ?",
            (self.story, briefing_id, limit),
        )
        return [
            Sentence(text, tuple(cites.get(place, ())), paragraph, line)
            for place, text, paragraph, line in rows
        ]

    def citing(self, fact_id: str, as_of: date | None = None) -> list[BriefingCard]:
        """The briefings that cite a fact."""
        rows = self._rows(
            f"SELECT {_CARD} FROM briefing WHERE {_seen()} AND known_on <= ? AND id IN"
            " (SELECT briefing FROM citation WHERE story = ?1 AND fact = ?) ORDER BY known_on, id",
            _until(as_of),
            fact_id,
        )
        return [self._card(row) for row in rows]

    # ── what was mended ─────────────────────────────────────────────────────────────────

    def amendments(self, kind: Kind, ids: Iterable[str]) -> dict[str, list[Amendment]]:
        """What was corrected of each of these, oldest first, by id; also after the day of an earlier view.

        There, a retraction that came later stands behind the corrections. Of a fact, it is what was
        corrected of that fact alone, and the retraction of its source.
        """
        # Most stories have nothing to tell here: one question, and no import.
        corrected = self._one("SELECT 1 FROM correction WHERE story = ? LIMIT 1", self.story)
        if not corrected and self._told_on is None:
            return {}
        from bot.store.earlier import corrections, retractions

        wanted, found = list(ids), dict[str, list[Amendment]]()
        told = corrections(self._db, self.story, kind, wanted) if corrected else []
        told += retractions(self._db, self.story, kind, wanted) if self._told_on else []
        for name, act, day, why in told:
            found.setdefault(name, []).append(Amendment(act, day, why))
        return found

    @cached_property
    def _earlier(self) -> "Earlier | None":
        """The words of the day on which it is seen; None now, and where nothing was ever corrected."""
        if self._told_on is None:
            return None
        if not self._one("SELECT 1 FROM correction WHERE story = ? LIMIT 1", self.story):
            return None
        from bot.store.earlier import Earlier

        return Earlier(self._db, self.story, self._told_on)

    def _apart(self) -> tuple[str, list[str]]:
        """A condition that leaves out the facts which an earlier view words, and perhaps dates, otherwise."""
        moved = list(self._earlier.facts) if self._earlier else []
        return (f" AND f.id NOT IN ({', '.join('?' * len(moved))})", moved) if moved else ("", [])

    def _apart_rows(self, where: str, values: Sequence[str]) -> list[Row]:
        """Just these facts, as that view words them."""
        rows: list[Row] = []
        for some in chunks(self._earlier.facts if self._earlier else ()):
            only, more = among("f.id", some)
            rows += self._rows(f"SELECT {_FACT} FROM fact AS f WHERE {where}{only}", *values, *more)
        return [self._worded(row) for row in rows]

    def _worded(self, row: Row) -> Row:
        """The row of a fact as an earlier view words it."""
        told = self._earlier.facts.get(row[0]) if self._earlier else None
        if told is None:
            return row
        first, last = (day.isoformat() if day else "" for day in (told.date.first, told.date.last))
        return (*row[:2], told.date.text, first, last, told.says, told.speaker, *row[7:])

    def _gone(self, day: str, because: str) -> Retraction | None:
        """The retraction of an item, where it is retracted in this view."""
        return Retraction(_day(day), because) if day <= _until(self._told_on) else None

    # ── plumbing ────────────────────────────────────────────────────────────────────────

    def _rows(self, sql: str, *values: object, stubs: bool = False) -> sqlite3.Cursor:
        """A query with `_seen`; with `stubs`, what is retracted is seen as well."""
        told_on = "" if stubs else _until(self._told_on)
        return self._db.execute(sql, (self.story, self.audience, told_on, *values))

    def _row(self, sql: str, *values: object, stubs: bool = False) -> Row | None:
        row: Row | None = self._rows(sql, *values, stubs=stubs).fetchone()
        return row

    def _column(self, sql: str, *values: object, stubs: bool = False) -> list[str]:
        return [row[0] for row in self._rows(sql, *values, stubs=stubs)]

    def _one(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def _fact_rows(self, ids: Iterable[str]) -> list[Row]:
        rows: list[Row] = []
        for some in chunks(ids):
            only, values = among("f.id", some)
            rows += self._rows(f"SELECT {_FACT} FROM fact AS f WHERE {_seen('f')}{only}", *values)
        return rows

    def _facts(self, rows: Iterable[Row]) -> list[Fact]:
        rows = [self._worded(row) for row in rows] if self._earlier else list(rows)
        tags: dict[str, list[str]] = {}
        for some in chunks(row[0] for row in rows):
            only, values = among("fact", some)
            for fact, tag in self._db.execute(
                f"SELECT fact, tag FROM fact_tag WHERE story = ?{only}", (self.story, *values)
            ):
                tags.setdefault(fact, []).append(tag)
        return [
            Fact(
                row[0],
                row[1],
                Edtf(row[2], _day_or_none(row[3]), _day_or_none(row[4])),
                row[5],
                row[6],
                row[7],
                tuple(sorted(tags.get(row[0], ()))),
                _day(row[8]),
            )
            for row in rows
        ]

    def _card(self, row: Row) -> BriefingCard:
        told = self._earlier.cards.get(row[0]) if self._earlier else None
        return BriefingCard(
            row[0],
            int(row[1]),
            told.title if told and told.title else row[2],
            parse_edtf(row[3]),
            _day(row[4]),
            told.state if told and told.state else row[5],
            row[6],
            int(row[7]),
            self._gone(row[8], row[9]),
        )


def _until(day: date | None) -> str:
    return day.isoformat() if day else _LAST_DAY


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
