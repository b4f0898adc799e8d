"""What can be read of one story. All methods are plain queries; none decides what is said.

`as_of` is a day, or None for everything: with a day, only what was published by then is seen.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bot.edtf import Edtf, parse_edtf
from bot.model import BACKGROUND, EVERYONE, OPEN, Cite, Fact, Problem, Relation, Sentence, Shape

if TYPE_CHECKING:
    from bot.store.search import Found

_FACT = "f.id, f.source, f.date, f.first, f.last, f.says, f.speaker, f.kind, f.known_on"
_CARD = "id, version, title, as_of, known_on, state, phase, announced"
_LAST_DAY = "9999-12-31"
NEVER = "~"
"""In place of the day of a retraction: behind every day."""


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

    def __init__(self, connection: sqlite3.Connection, story: str, audience: str = EVERYONE) -> None:
        self.connection = self._db = connection
        self.story = story
        self.audience = audience

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

    def problems(self) -> list[Problem]:
        """What was wrong when the story was last loaded."""
        rows = self._db.execute(
            "SELECT path, line, what, mend FROM problem WHERE story = ? ORDER BY path, line", (self.story,)
        )
        return [Problem(*row) for row in rows]

    def span(self) -> tuple[date, date] | None:
        """The days from which the first and the newest source count as known; None without any."""
        # Two questions, since SQLite takes one end of an index at once, but walks it all for both.
        row = self._one(
            "SELECT (SELECT min(known_on) FROM source WHERE story = ?1),"
            " (SELECT max(known_on) FROM source WHERE story = ?1)",
            self.story,
        )
        return (_day(row[0]), _day(row[1])) if row and row[0] else None

    def horizon(self, as_of: date | None) -> date | None:
        """The day of the newest source or briefing known by `as_of`."""
        row = self._one(
            "SELECT max(known_on) FROM"
            " (SELECT max(known_on) AS known_on FROM source WHERE story = ?1 AND known_on <= ?2"
            " UNION ALL SELECT max(known_on) FROM briefing WHERE story = ?1 AND known_on <= ?2)",
            self.story,
            _until(as_of),
        )
        return _day(row[0]) if row and row[0] else None

    def count(self, what: str, as_of: date | None = None) -> int:
        """How many of `source`, `fact` or `briefing` are known."""
        assert what in {"source", "fact", "briefing"}
        row = self._one(
            f"SELECT count(*) FROM {what} WHERE story = ? AND known_on <= ?", self.story, _until(as_of)
        )
        return int(row[0]) if row else 0

    def files(self) -> list[FileRow]:
        """The files it was loaded from, as they were then."""
        rows = self._db.execute(
            "SELECT path, kind, item, stat, sha, state FROM file WHERE story = ?", (self.story,)
        )
        return [FileRow(*row) for row in rows]

    def shapes(self) -> dict[str, Shape]:
        """What is loaded, by path, as far as other files have to do with it."""
        owner = {(row.kind, row.item): row.path for row in self.files() if row.item}
        facts = self._grouped("SELECT source, id FROM fact WHERE story = ? ORDER BY source, place")
        relations: dict[str, list[Relation]] = {}
        for row in self._db.execute(
            "SELECT fact, kind, other, because, line FROM relation WHERE story = ?", (self.story,)
        ):
            relations.setdefault(row[0].partition("#")[0], []).append(Relation(*row))
        cites: dict[str, list[Cite]] = {}
        for briefing, fact, line in self._db.execute(
            "SELECT c.briefing, c.fact, s.line FROM citation AS c"
            " JOIN sentence AS s USING (story, briefing, place)"
            " WHERE c.story = ? ORDER BY c.briefing, c.place, c.rank",
            (self.story,),
        ):
            cites.setdefault(briefing, []).append(Cite(fact, line))
        found: dict[str, Shape] = {}
        for kind in ("source", "briefing"):
            rows = self._db.execute(
                f"SELECT id, known_on, audience, retracted FROM {kind} WHERE story = ?", (self.story,)
            )
            for item, known_on, audience, retracted in rows:
                path = owner.get((kind, item), item)
                found[path] = Shape(
                    path,
                    kind,
                    item,
                    _day(known_on),
                    tuple(facts.get(item, ())) if kind == "source" else (),
                    tuple(relations.get(item, ())) if kind == "source" else (),
                    tuple(cites.get(item, ())) if kind == "briefing" else (),
                    audience,
                    retracted != NEVER,
                )
        return found

    # ── sources ─────────────────────────────────────────────────────────────────────────

    def sources(self, as_of: date | None = None, ids: Sequence[str] | None = None) -> list[SourceCard]:
        """The sources, oldest first; only those with the given ids, where there are any."""
        only, values = _among("s.id", ids)
        rows = self._db.execute(
            "SELECT s.id, s.title, s.outlet, s.url, s.published, s.known_on, s.dated_by, s.language, s.note,"
            " (SELECT count(*) FROM fact AS f WHERE f.story = s.story AND f.source = s.id)"
            # The + keeps SQLite from walking all sources by day where only some ids are wanted.
            f" FROM source AS s WHERE s.story = ? AND +s.known_on <= ?{only} ORDER BY +s.known_on, s.id",
            (self.story, _until(as_of), *values),
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
            )
            for row in rows
        ]

    def source(self, source_id: str) -> SourceCard | None:
        """One source, or None."""
        return next(iter(self.sources(ids=[source_id])), None)

    def source_ids(self) -> list[str]:
        """The ids of all sources."""
        return self._column("SELECT id FROM source WHERE story = ? ORDER BY known_on, id")

    # ── facts ───────────────────────────────────────────────────────────────────────────

    def facts(self, ids: Iterable[str]) -> dict[str, Fact]:
        """The facts with these ids, by id."""
        found: dict[str, Fact] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), 500):
            only, values = _among("f.id", wanted[start : start + 500])
            rows = self._db.execute(
                f"SELECT {_FACT} FROM fact AS f WHERE f.story = ?{only}", (self.story, *values)
            )
            found.update((fact.id, fact) for fact in self._facts(rows))
        return found

    def fact(self, fact_id: str) -> Fact | None:
        """One fact, or None."""
        return self.facts([fact_id]).get(fact_id)

    def facts_of(self, source_id: str) -> list[Fact]:
        """The facts of a source in the order of its file."""
        rows = self._db.execute(
            f"SELECT {_FACT} FROM fact AS f WHERE f.story = ? AND f.source = ? ORDER BY f.place",
            (self.story, source_id),
        )
        return self._facts(rows)

    def fact_ids(self, slug: str) -> list[str]:
        """The ids of the facts with this slug, in any source."""
        return self._column("SELECT id FROM fact WHERE story = ? AND id = source || '#' || ?", slug)

    def timeline(
        self, since: date | None, until: date | None, tag: str | None, as_of: date | None, limit: int
    ) -> tuple[list[Fact], int]:
        """Dated facts in the order in which they happened, and how many there are in all.

        A fact belongs to the time asked for where the two overlap. Standing background has no day
        of its own and is left out.
        """
        where = "f.story = ? AND f.kind <> ? AND f.first <= ? AND f.last >= ? AND f.known_on <= ?"
        start = since.isoformat() if since else ""
        values: list[object] = [self.story, BACKGROUND, _until(until), start, _until(as_of)]
        if tag:
            where += " AND f.id IN (SELECT fact FROM fact_tag WHERE story = f.story AND tag = ?)"
            values.append(tag)
        rows = self._db.execute(
            f"SELECT {_FACT} FROM fact AS f WHERE {where}"
            " ORDER BY f.first, f.last, f.source, f.place LIMIT ?",
            (*values, limit),
        )
        facts = self._facts(rows)
        if len(facts) < limit:
            return facts, len(facts)
        row = self._one(f"SELECT count(*) FROM fact AS f WHERE {where}", *values)
        return facts, int(row[0]) if row else 0

    def open_questions(self, as_of: date, day: date, limit: int) -> list[Fact]:
        """What is open: questions that were left open, then plans that on `day` are still to come.

        The newest of each first; not what a fact known by `as_of` has overturned.
        """
        known, ahead = as_of.isoformat(), day.isoformat()
        tagged = "f.id IN (SELECT fact FROM fact_tag WHERE story = ?1 AND tag = ?3)"
        found = self._not_overturned(tagged, known, OPEN, limit)
        if len(found) < limit:
            planned = f"f.kind = 'plan' AND f.last > ?3 AND NOT {tagged.replace('?3', '?5')}"
            found += self._not_overturned(planned, known, ahead, limit - len(found), OPEN)
        return found

    def _not_overturned(self, where: str, known: str, *values: object) -> list[Fact]:
        rows = self._db.execute(
            f"SELECT {_FACT} FROM fact AS f WHERE f.story = ?1 AND f.known_on <= ?2 AND {where}"
            # CROSS JOIN: from the relations to the facts, never the other way round.
            " AND NOT EXISTS"
            "  (SELECT 1 FROM relation AS r CROSS JOIN fact AS n ON n.story = ?1 AND n.id = r.fact"
            "   WHERE r.story = ?1 AND r.other = f.id AND r.kind = 'supersedes' AND n.known_on <= ?2)"
            " ORDER BY f.known_on DESC, f.first DESC, f.id LIMIT ?4",
            (self.story, known, *values),
        )
        return self._facts(rows)

    def recent(self, as_of: date, limit: int) -> list[Fact]:
        """The facts that became known last by a day, oldest first."""
        rows = self._db.execute(
            f"SELECT {_FACT} FROM fact AS f WHERE f.story = ? AND f.known_on <= ? AND f.kind <> ?"
            " ORDER BY f.known_on DESC, f.first DESC, f.id LIMIT ?",
            (self.story, as_of.isoformat(), BACKGROUND, limit),
        )
        return self._facts(rows)[::-1]

    def known_facts(self) -> dict[str, date]:
        """The ids of all facts, each with the day from which it is known."""
        return dict(self._known("fact"))

    def relations(self) -> list[Relation]:
        """What all facts have to do with each other."""
        rows = self._db.execute(
            "SELECT fact, kind, other, because, line FROM relation WHERE story = ?"
            " ORDER BY fact, kind, other",
            (self.story,),
        )
        return [Relation(*row) for row in rows]

    def happened_on(self, day: date) -> list[Fact]:
        """What happened or was said on exactly this day of the calendar in earlier years, oldest first."""
        rows = self._db.execute(
            f"SELECT {_FACT} FROM fact AS f WHERE f.story = ? AND f.first < ? AND f.first = f.last"
            " AND substr(f.first, 6) = ? AND f.kind IN ('event', 'statement')"
            " ORDER BY f.first, f.source, f.place",
            (self.story, f"{day.year:04}", f"{day:%m-%d}"),
        )
        return self._facts(rows)

    def search(self, text: str, limit: int) -> "Found":
        """Looks for words in facts and briefings."""
        from bot.store.search import search

        return search(self._db, self.story, text, limit)

    def links(
        self, fact_ids: Iterable[str], kind: str, as_of: date | None, *, back: bool
    ) -> dict[str, list[Link]]:
        """Relations of facts, by fact: those they have, or with `back` those that others have to them."""
        mine, theirs = ("other", "fact") if back else ("fact", "other")
        found: dict[str, list[Link]] = {}
        wanted = list(dict.fromkeys(fact_ids))
        for start in range(0, len(wanted), 500):
            only, values = _among(f"r.{mine}", wanted[start : start + 500])
            rows = self._db.execute(
                f"SELECT r.{mine}, r.because, {_FACT} FROM relation AS r CROSS JOIN fact AS f"
                f" ON f.story = r.story AND f.id = r.{theirs}"
                f" WHERE r.story = ? AND r.kind = ? AND f.known_on <= ?{only} ORDER BY f.first, f.id",
                (self.story, kind, _until(as_of), *values),
            ).fetchall()
            for row, fact in zip(rows, self._facts(row[2:] for row in rows), strict=True):
                found.setdefault(row[0], []).append(Link(fact, row[1]))
        return found

    def has_tag(self, tag: str) -> bool:
        """Whether any fact has this tag."""
        sql = "SELECT 1 FROM fact_tag WHERE story = ? AND tag = ? LIMIT 1"
        return self._one(sql, self.story, tag) is not None

    def tags(self) -> list[str]:
        """All tags, the most used first."""
        return self._column(
            "SELECT tag FROM fact_tag WHERE story = ? GROUP BY tag ORDER BY count(*) DESC, tag"
        )

    # ── briefings ───────────────────────────────────────────────────────────────────────

    def briefings(self, as_of: date | None = None, *, newest: int | None = None) -> list[BriefingCard]:
        """The briefings, oldest first; only the `newest` of them where a number is given."""
        rows = self._db.execute(
            f"SELECT {_CARD} FROM briefing"
            " WHERE story = ? AND known_on <= ? ORDER BY known_on DESC, id DESC LIMIT ?",
            (self.story, _until(as_of), -1 if newest is None else newest),
        )
        return [_briefing(row) for row in rows][::-1]

    def backgrounds(self, as_of: date) -> list[BriefingCard]:
        """The briefings that tell what lay before the story, the newest last."""
        rows = self._db.execute(
            f"SELECT {_CARD} FROM briefing"
            " WHERE story = ? AND known_on <= ? AND phase = ? ORDER BY known_on, id",
            (self.story, as_of.isoformat(), BACKGROUND),
        )
        return [_briefing(row) for row in rows]

    def briefing(self, briefing_id: str) -> BriefingCard | None:
        """One briefing, or None."""
        row = self._one(
            f"SELECT {_CARD} FROM briefing WHERE story = ? AND id = ?",
            self.story,
            briefing_id,
        )
        return _briefing(row) if row else None

    def briefing_ids(self) -> list[str]:
        """The ids of all briefings, oldest first."""
        return self._column("SELECT id FROM briefing WHERE story = ? ORDER BY known_on, id")

    def wording(self, briefing_id: str, version: int) -> Wording | None:
        """What one version of a briefing said, or None where there was none."""
        row = self._one(
            "SELECT title, state, body FROM revision"
            " WHERE story = ? AND kind = 'briefing' AND item = ? AND version = ?",
            self.story,
            briefing_id,
            version,
        )
        return Wording(*row) if row else None

    def sentences(self, briefing_id: str, limit: int = -1) -> list[Sentence]:
        """The sentences of a briefing with the facts they cite; only the first ones with a limit."""
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
        rows = self._db.execute(
            f"SELECT {_CARD} FROM briefing WHERE story = ?1 AND known_on <= ?3 AND id IN"
            " (SELECT briefing FROM citation WHERE story = ?1 AND fact = ?2) ORDER BY known_on, id",
            (self.story, fact_id, _until(as_of)),
        )
        return [_briefing(row) for row in rows]

    # ── plumbing ────────────────────────────────────────────────────────────────────────

    def _facts(self, rows: Iterable[Sequence[str]]) -> list[Fact]:
        rows = list(rows)
        tags: dict[str, list[str]] = {}
        ids = [row[0] for row in rows]
        for start in range(0, len(ids), 500):
            only, values = _among("fact", ids[start : start + 500])
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

    def _one(self, sql: str, *values: object) -> "Sequence[str] | None":
        row: Sequence[str] | None = self._db.execute(sql, values).fetchone()
        return row

    def _known(self, table: str) -> list[tuple[str, date]]:
        rows = self._db.execute(f"SELECT id, known_on FROM {table} WHERE story = ?", (self.story,))
        return [(row[0], _day(row[1])) for row in rows]

    def _grouped(self, sql: str) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for group, value in self._db.execute(sql, (self.story,)):
            groups.setdefault(group, []).append(value)
        return groups

    def _column(self, sql: str, *values: object) -> list[str]:
        return [row[0] for row in self._db.execute(sql, (self.story, *values))]


def _briefing(row: Sequence[str]) -> BriefingCard:
    return BriefingCard(
        row[0], int(row[1]), row[2], parse_edtf(row[3]), _day(row[4]), row[5], row[6], int(row[7])
    )


def _among(column: str, ids: Sequence[str] | None) -> tuple[str, Sequence[str]]:
    if ids is None:
        return "", ()
    return f" AND {column} IN ({', '.join('?' * len(ids))})", ids


def _until(day: date | None) -> str:
    return day.isoformat() if day else _LAST_DAY


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
