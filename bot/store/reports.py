"""What readers have reported, as one connection sees it: plain reads and writes of rows."""

import sqlite3
from typing import NamedTuple


class ReportRow(NamedTuple):
    """What somebody says is wrong. See the table `report`."""

    number: int
    story: str
    audience: str
    at: str
    platform: str
    server: str
    user: str
    name: str
    words: str
    facts: str
    says: str
    closed: str = ""
    outcome: str = ""

    @property
    def fact_ids(self) -> list[str]:
        """The facts of the answer that is meant."""
        return self.facts.split("\n") if self.facts else []


_ROW = ", ".join(ReportRow._fields)


class Scope(NamedTuple):
    """Which reports somebody may see; without anything, all."""

    server: str | None = None  # only those that were sent from there, as "platform/server"
    audience: str | None = None  # only those about what is for everyone, or for these

    def has(self, row: ReportRow) -> bool:
        """Whether a report is one of them."""
        sent = f"{row.platform}/{row.server}" if row.server else ""
        return (self.server is None or (sent != "" and sent == self.server)) and (
            self.audience is None or row.audience in {"", self.audience}
        )


_OPEN = (
    "story = ?1 AND closed = '' AND (?2 IS NULL OR (server != '' AND platform || '/' || server = ?2))"
    " AND (?3 IS NULL OR audience IN ('', ?3))"
)


class Reports:
    """The reports of one story."""

    def __init__(self, connection: sqlite3.Connection, story: str) -> None:
        self._db = connection
        self._story = story

    def add(self, row: ReportRow) -> int:
        """Keeps a new report; returns its number."""
        marks = ", ".join("?" * len(row))
        added = self._db.execute(f"INSERT INTO report ({_ROW}) VALUES ({marks})", (None, *row[1:])).lastrowid
        assert added is not None
        return added

    def close(self, number: int, at: str, outcome: str) -> None:
        """Closes a report."""
        self._db.execute("UPDATE report SET closed = ?, outcome = ? WHERE number = ?", (at, outcome, number))

    def get(self, number: int) -> ReportRow | None:
        """A report by its number, also a closed one."""
        return next(iter(self._rows("story = ? AND number = ?", self._story, number)), None)

    def open(self, scope: Scope, limit: int) -> list[ReportRow]:
        """The open ones, the newest first."""
        return self._rows(f"{_OPEN} ORDER BY number DESC LIMIT ?4", self._story, *scope, limit)

    def count_open(self, scope: Scope) -> int:
        """How many are open."""
        found = self._db.execute(f"SELECT count(*) FROM report WHERE {_OPEN}", (self._story, *scope))
        return int(found.fetchone()[0])

    def by(self, platform: str, user: str, limit: int = -1) -> list[ReportRow]:
        """What somebody has reported, the newest first."""
        which = "story = ? AND platform = ? AND user = ? AND user != '' ORDER BY number DESC LIMIT ?"
        return self._rows(which, self._story, platform, user, limit)

    def _rows(self, where: str, *values: object) -> list[ReportRow]:
        found = self._db.execute(f"SELECT {_ROW} FROM report WHERE {where}", values)
        return [ReportRow._make(row) for row in found]
