"""The newsroom as one connection sees it: persons, revisions, drafts, editors, rules, and the audit.

All methods are plain reads and writes of rows; who may do what, and what it means, is decided in `curate`
and `desk`. Writes have to run within `Store.write`; elsewhere SQLite refuses them.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from bot.store.moments import stamp

DraftState = Literal["open", "waiting", "published", "discarded"]


class Person(NamedTuple):
    """Somebody who did something; without a user once they are forgotten."""

    id: int
    platform: str
    user: str
    name: str


class RevisionRow(NamedTuple):
    """One version of a source or a briefing. See the table of this name."""

    id: int
    story: str
    kind: str
    item: str
    version: int
    audience: str
    made: str
    person: int | None
    act: str
    note: str
    quiet: int
    stands: int
    title: str
    state: str
    body: str
    text: str
    meaning: str
    draft: int | None = None


class DraftRow(NamedTuple):
    """A draft without its parts."""

    id: int
    story: str
    person: int
    platform: str
    server: str
    audience: str
    act: str
    note: str
    quiet: int
    state: DraftState
    made: str
    changed: str


class PartRow(NamedTuple):
    """One document of a draft."""

    draft: int
    place: int
    kind: str
    item: str
    base: int
    text: str


class EditorRow(NamedTuple):
    """Somebody, or a role on a server, who may change a story for everyone."""

    story: str
    platform: str
    server: str
    kind: Literal["person", "role"]
    id: str
    name: str


class AuditRow(NamedTuple):
    """Something that was done, or refused."""

    number: int
    at: str
    story: str
    audience: str
    platform: str
    server: str
    place: str
    person: int | None
    act: str
    item: str
    before: str
    after: str
    outcome: str


_REVISION = ", ".join(RevisionRow._fields)
_DRAFT = ", ".join(DraftRow._fields)
_AUDIT = ", ".join(AuditRow._fields)


class Newsroom:
    """The newsroom of one story."""

    def __init__(self, connection: sqlite3.Connection, story: str) -> None:
        self._db = connection
        self.story = story

    # ── persons ─────────────────────────────────────────────────────────────────────────

    def person(self, platform: str, user: str, name: str) -> int:
        """The id of somebody, entered where they are new; their name is kept as it is now."""
        row = self._db.execute(
            "SELECT id, name FROM person WHERE platform = ? AND user = ?", (platform, user)
        ).fetchone()
        if row is None:
            added = self._db.execute(
                "INSERT INTO person (platform, user, name) VALUES (?, ?, ?)", (platform, user, name)
            ).lastrowid
            assert added is not None
            return added
        if name and name != row[1]:
            self._db.execute("UPDATE person SET name = ? WHERE id = ?", (name, row[0]))
        return int(row[0])

    def known_person(self, platform: str, user: str) -> Person | None:
        """Somebody who has done something before."""
        row = self._db.execute(
            "SELECT id, platform, user, name FROM person WHERE platform = ? AND user = ?", (platform, user)
        ).fetchone()
        return Person._make(row) if row else None

    def persons(self, ids: Sequence[int | None]) -> dict[int, Person]:
        """These persons, by id."""
        wanted = sorted({one for one in ids if one is not None})
        found: dict[int, Person] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ", ".join("?" * len(some))
            rows = self._db.execute(
                f"SELECT id, platform, user, name FROM person WHERE id IN ({marks})", some
            )
            found.update((row[0], Person._make(row)) for row in rows)
        return found

    # ── revisions ───────────────────────────────────────────────────────────────────────

    def revisions(self, kind: str, item: str) -> list[RevisionRow]:
        """Every version of a source or a briefing, oldest first, also of one that is gone."""
        return [*self._revisions("story = ? AND kind = ? AND item = ? ORDER BY version", kind, item)]

    def standing(self, kind: str, item: str) -> RevisionRow | None:
        """The version that stands, or the last that did; None where there never was one."""
        where = "story = ? AND kind = ? AND item = ? AND stands ORDER BY version DESC LIMIT 1"
        return next(self._revisions(where, kind, item), None)

    def revision(self, revision: int) -> RevisionRow | None:
        """A version by its id."""
        return next(self._revisions("story = ? AND id = ?", revision), None)

    def last_by(self, person: int, since: datetime) -> list[RevisionRow]:
        """What somebody published since a moment, the newest first."""
        where = "story = ? AND person = ? AND made >= ? ORDER BY made DESC, id DESC"
        return [*self._revisions(where, person, stamp(since))]

    def written_in_chat(self) -> list[RevisionRow]:
        """The standing version of everything that was last written in chat."""
        where = (
            "story = ? AND act != 'file' AND stands AND id IN (SELECT max(id) FROM revision"
            " WHERE story = ?1 AND stands GROUP BY kind, item) ORDER BY kind, item"
        )
        return [*self._revisions(where.replace("story = ?", "story = ?1", 1))]

    def _revisions(self, where: str, *values: object) -> Iterator[RevisionRow]:
        found = self._db.execute(f"SELECT {_REVISION} FROM revision WHERE {where}", (self.story, *values))
        return map(RevisionRow._make, found.fetchall())

    # ── drafts ──────────────────────────────────────────────────────────────────────────

    def add_draft(self, row: DraftRow) -> DraftRow:
        """Keeps a new draft; returns it with the id it was given."""
        marks = ", ".join("?" * len(row))
        added = self._db.execute(f"INSERT INTO draft ({_DRAFT}) VALUES ({marks})", (None, *row[1:])).lastrowid
        assert added is not None
        return row._replace(id=added)

    def save_draft(self, row: DraftRow) -> None:
        """Keeps a changed draft."""
        sets = ", ".join(f"{name} = ?" for name in DraftRow._fields[1:])
        self._db.execute(f"UPDATE draft SET {sets} WHERE id = ?", (*row[1:], row.id))

    def draft(self, draft: int) -> DraftRow | None:
        """A draft by its id, whatever became of it."""
        return next(self._drafts("story = ? AND id = ?", draft), None)

    def drafts_of(self, person: int) -> list[DraftRow]:
        """Somebody's drafts that are open or wait for another, oldest first."""
        return [
            *self._drafts("story = ? AND person = ? AND state IN ('open', 'waiting') ORDER BY id", person)
        ]

    def waiting(self) -> list[DraftRow]:
        """The drafts that wait for a second person, oldest first."""
        return [*self._drafts("story = ? AND state = 'waiting' ORDER BY id")]

    def put_parts(self, draft: int, parts: Sequence[PartRow]) -> None:
        """Makes the documents of a draft these."""
        self._db.execute("DELETE FROM draft_part WHERE draft = ?", (draft,))
        self._db.executemany("INSERT INTO draft_part VALUES (?, ?, ?, ?, ?, ?)", parts)

    def parts(self, draft: int) -> list[PartRow]:
        """The documents of a draft, in order."""
        found = self._db.execute("SELECT * FROM draft_part WHERE draft = ? ORDER BY place", (draft,))
        return [PartRow._make(row) for row in found]

    def _drafts(self, where: str, *values: object) -> Iterator[DraftRow]:
        found = self._db.execute(f"SELECT {_DRAFT} FROM draft WHERE {where}", (self.story, *values))
        return map(DraftRow._make, found.fetchall())

    # ── editors and rules ───────────────────────────────────────────────────────────────

    def editors(self) -> list[EditorRow]:
        """Who may change the story for everyone."""
        found = self._db.execute(
            "SELECT story, platform, server, kind, id, name FROM editor WHERE story = ?"
            " ORDER BY kind, name, id",
            (self.story,),
        )
        return [EditorRow._make(row) for row in found]

    def add_editor(self, row: EditorRow) -> None:
        """Makes somebody, or a role, an editor."""
        self._db.execute("INSERT OR REPLACE INTO editor VALUES (?, ?, ?, ?, ?, ?)", row)

    def drop_editor(self, row: EditorRow) -> bool:
        """Takes that back; whether there was something to take back."""
        return bool(
            self._db.execute(
                "DELETE FROM editor WHERE story = ? AND platform = ? AND server = ? AND kind = ? AND id = ?",
                row[:5],
            ).rowcount
        )

    def has_rule(self, rule: str, platform: str, server: str) -> bool:
        """Whether a rule holds on a server; with an empty server, for what everyone is told."""
        row = self._db.execute(
            "SELECT 1 FROM server_rule WHERE platform = ? AND server = ? AND story = ? AND rule = ?",
            (platform, server, self.story, rule),
        ).fetchone()
        return row is not None

    def set_rule(self, rule: str, platform: str, server: str, *, on: bool) -> None:
        """Has a rule hold, or no longer."""
        values = (platform, server, self.story, rule)
        if on:
            self._db.execute("INSERT OR IGNORE INTO server_rule VALUES (?, ?, ?, ?)", values)
        else:
            self._db.execute(
                "DELETE FROM server_rule WHERE platform = ? AND server = ? AND story = ? AND rule = ?", values
            )

    # ── the audit ───────────────────────────────────────────────────────────────────────

    def note(self, row: AuditRow) -> None:
        """Adds to the audit; nothing in it is ever altered or taken away."""
        marks = ", ".join("?" * len(row))
        self._db.execute(f"INSERT INTO audit ({_AUDIT}) VALUES ({marks})", (None, *row[1:]))

    def audit(self, where: str = "", values: Sequence[object] = (), limit: int = -1) -> list[AuditRow]:
        """What was done, the newest first; `where` is a condition on the columns of the audit."""
        more = f" AND {where}" if where else ""
        found = self._db.execute(
            f"SELECT {_AUDIT} FROM audit WHERE story = ?{more} ORDER BY number DESC LIMIT ?",
            (self.story, *values, limit),
        )
        return [AuditRow._make(row) for row in found]
