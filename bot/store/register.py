"""The register of subscriptions, and the ledger of their editions: what was decided, day by day.

All methods are plain reads and writes of rows; what they mean is decided in `digest`. Writes have to
run within `Store.write`; elsewhere SQLite refuses them.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.store.moments import stamp


class SubscriptionRow(NamedTuple):
    """A subscription as it is kept: each value as its parser reads it. See the table of this name."""

    id: int
    story: str
    platform: str
    server: str
    place: str
    place_name: str
    place_kind: str
    by: str
    kind: str
    at: str
    zone: str
    days: str
    days_off: str
    quiet: str
    grace: int
    role: str
    nothing_new: str
    pace: int
    start: str
    publish: int
    created: str
    changed: str
    since: str
    paused: str
    ended: str | None
    told: int
    number: int
    last: str
    settled: str | None
    look: str | None
    warned: str | None = None


class EditionRow(NamedTuple):
    """What was decided for one subscription and one day."""

    id: int
    subscription: int
    day: str
    due: str
    made: str
    number: int
    kind: str
    said: str
    before: str


class HeldRow(NamedTuple):
    """Days without an edition of their own."""

    subscription: int
    first: str
    last: str
    why: str


class AdminRole(NamedTuple):
    """A role that has an admin's rights on a server."""

    platform: str
    server: str
    role: str
    name: str


_COLUMNS = ", ".join(SubscriptionRow._fields)
_MARKS = ", ".join("?" * len(SubscriptionRow._fields))
_SETS = ", ".join(f"{name} = ?" for name in SubscriptionRow._fields[1:])


class Register:
    """The register as one connection sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    # ── subscriptions ───────────────────────────────────────────────────────────────────

    def add(self, row: SubscriptionRow) -> SubscriptionRow:
        """Keeps a new subscription; returns it with the id it was given."""
        added = self._db.execute(
            f"INSERT INTO subscription ({_COLUMNS}) VALUES ({_MARKS})", (None, *row[1:])
        ).lastrowid
        assert added is not None
        return row._replace(id=added)

    def save(self, row: SubscriptionRow) -> None:
        """Keeps a changed subscription."""
        self._db.execute(f"UPDATE subscription SET {_SETS} WHERE id = ?", (*row[1:], row.id))

    def get(self, subscription: int) -> SubscriptionRow | None:
        """A subscription by its id, also one that has ended."""
        return next(self._rows("WHERE id = ?", subscription), None)

    def of_place(self, story: str, platform: str, place: str) -> list[SubscriptionRow]:
        """Those of a channel that have not ended."""
        where = "WHERE story = ? AND platform = ? AND place = ? AND ended IS NULL ORDER BY id"
        return [*self._rows(where, story, platform, place)]

    def of_server(self, story: str, platform: str, server: str, limit: int = 200) -> list[SubscriptionRow]:
        """Those of a server that have not ended."""
        where = "WHERE platform = ? AND server = ? AND story = ? AND ended IS NULL ORDER BY id LIMIT ?"
        return [*self._rows(where, platform, server, story, limit)]

    def of_story(self, story: str, limit: int = -1) -> list[SubscriptionRow]:
        """All of a story that have not ended."""
        return [*self._rows("WHERE story = ? AND ended IS NULL ORDER BY id LIMIT ?", story, limit)]

    def due(self, platforms: Sequence[str], now: datetime, limit: int) -> list[SubscriptionRow]:
        """Those that have to be looked at by now, the longest due first."""
        marks = ", ".join("?" * len(platforms))
        where = f"WHERE platform IN ({marks}) AND look <= ? ORDER BY look LIMIT ?"
        return [*self._rows(where, *platforms, stamp(now), limit)]

    def next_look(self, platforms: Sequence[str]) -> str | None:
        """When the next has to be looked at."""
        looks = [
            self._db.execute(
                "SELECT min(look) FROM subscription WHERE platform = ? AND look IS NOT NULL", (platform,)
            ).fetchone()[0]
            for platform in platforms
        ]
        return min((look for look in looks if look), default=None)

    def not_after(self, now: datetime) -> None:
        """Sets back to now what was written while the clock was ahead of it."""
        at = stamp(now)
        self._db.execute("UPDATE subscription SET since = min(since, ?1), changed = min(changed, ?1)"
                         " WHERE (since > ?1 OR changed > ?1) AND ended IS NULL", (at,))  # fmt: skip

    def active(self, after: int, limit: int) -> list[SubscriptionRow]:
        """Those that are neither paused nor ended, in the order of their ids, from behind one."""
        where = "WHERE id > ? AND ended IS NULL AND paused = '' ORDER BY id LIMIT ?"
        return [*self._rows(where, after, limit)]

    def look_at(self, looks: Iterable[tuple[str | None, int]]) -> None:
        """Sets when to look at each next: moment and id."""
        self._db.executemany("UPDATE subscription SET look = ?1 WHERE id = ?2 AND look IS NOT ?1", looks)

    def count(self) -> tuple[int, int]:
        """How many there are, and how many of them are paused."""
        row = self._db.execute(
            "SELECT count(*), count(*) FILTER (WHERE paused != '') FROM subscription WHERE ended IS NULL"
        ).fetchone()
        return int(row[0]), int(row[1])

    def _rows(self, where: str, *values: object) -> Iterator[SubscriptionRow]:
        found = self._db.execute(f"SELECT {_COLUMNS} FROM subscription {where}", values)
        return map(SubscriptionRow._make, found.fetchall())

    # ── what channels were told ─────────────────────────────────────────────────────────

    def put_told(self, content: str) -> int:
        """Keeps what a channel was told, once; returns its id."""
        return put_once(self._db, "told", "content", content)

    def told(self, told: int) -> str:
        """What was kept under an id."""
        return str(self._db.execute("SELECT content FROM told WHERE id = ?", (told,)).fetchone()[0])

    # ── the ledger ──────────────────────────────────────────────────────────────────────

    def add_edition(self, row: EditionRow) -> int:
        """Enters what was decided for a day; returns its id. A second entry is an IntegrityError."""
        added = self._db.execute(
            "INSERT INTO edition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (None, *row[1:])
        ).lastrowid
        assert added is not None
        return added

    def save_edition(self, row: EditionRow) -> None:
        """Keeps a changed entry."""
        self._db.execute(
            "UPDATE edition SET due = ?, made = ?, number = ?, kind = ?, said = ?, before = ? WHERE id = ?",
            (row.due, row.made, row.number, row.kind, row.said, row.before, row.id),
        )

    def edition(self, subscription: int, day: str) -> EditionRow | None:
        """What was decided for a day."""
        return next(self._editions("subscription = ? AND day = ?", subscription, day), None)

    def edition_by_id(self, edition: int) -> EditionRow | None:
        """What was decided, by its id."""
        return next(self._editions("id = ?", edition), None)

    def editions(self, subscription: int, limit: int) -> list[EditionRow]:
        """What was decided last, the newest first."""
        return [*self._editions("subscription = ? ORDER BY day DESC LIMIT ?", subscription, limit)]

    def last_numbered(self, subscription: int, before: int | None = None) -> EditionRow | None:
        """The edition with the highest number, below `before` where that is given.

        By number and not by day: one may have been made while the clock was ahead.
        """
        where = (
            "subscription = ?1 AND number > 0 AND (?2 IS NULL OR number < ?2) ORDER BY number DESC LIMIT 1"
        )
        return next(self._editions(where, subscription, before), None)

    def settled_by(self, subscription: int, limit: str) -> str | None:
        """The newest day of the ledger that is not after `limit`."""
        row = self._db.execute(
            "SELECT max(day) FROM (SELECT max(day) AS day FROM edition WHERE subscription = ?1 AND day <= ?2"
            " UNION ALL SELECT max(last) FROM held WHERE subscription = ?1 AND last <= ?2)",
            (subscription, limit),
        ).fetchone()
        return row[0] and str(row[0])

    def _editions(self, where: str, *values: object) -> Iterator[EditionRow]:
        return map(EditionRow._make, self._db.execute(f"SELECT * FROM edition WHERE {where}", values))

    def hold(self, row: HeldRow) -> None:
        """Enters days without an edition of their own."""
        self._db.execute(
            "INSERT INTO held VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last,"
            " why = excluded.why",
            row,
        )

    def held_after(self, subscription: int, day: str) -> list[HeldRow]:
        """What was held on days after one, oldest first."""
        found = self._db.execute(
            "SELECT * FROM held WHERE subscription = ? AND last > ? ORDER BY first", (subscription, day)
        )
        return [HeldRow._make(row) for row in found]

    def held_on(self, subscription: int, day: str) -> HeldRow | None:
        """What was noted of a day without an edition."""
        row = self._db.execute(
            "SELECT * FROM held WHERE subscription = ? AND first <= ? AND last >= ? LIMIT 1",
            (subscription, day, day),
        ).fetchone()
        return HeldRow._make(row) if row else None

    # ── admins ──────────────────────────────────────────────────────────────────────────

    def admin_roles(self, platform: str, server: str) -> list[AdminRole]:
        """The roles that have an admin's rights on a server."""
        found = self._db.execute(
            "SELECT platform, server, role, name FROM admin_role WHERE platform = ? AND server = ?"
            " ORDER BY name",
            (platform, server),
        )
        return [AdminRole._make(row) for row in found]

    def add_admin_role(self, role: AdminRole) -> None:
        """Gives a role an admin's rights."""
        self._db.execute("INSERT OR REPLACE INTO admin_role VALUES (?, ?, ?, ?)", role)

    def drop_admin_role(self, role: AdminRole) -> None:
        """Takes them back."""
        self._db.execute(
            "DELETE FROM admin_role WHERE platform = ? AND server = ? AND role = ?",
            (role.platform, role.server, role.role),
        )


def put_once(db: sqlite3.Connection, table: str, column: str, content: str) -> int:
    """Keeps a text once, found again by its hash; returns its id."""
    from hashlib import sha256  # 3 ms that only a writer needs

    key = sha256(content.encode()).hexdigest()
    row = db.execute(f"SELECT id FROM {table} WHERE hash = ?", (key,)).fetchone()
    if row is None:
        row = (db.execute(f"INSERT INTO {table} (hash, {column}) VALUES (?, ?)", (key, content)).lastrowid,)
    return int(row[0])
