"""What readers have reported, as one connection sees it: plain reads and writes of rows."""

import sqlite3
from typing import NamedTuple


class ReportRow(NamedTuple):
    """What somebody says is wrong. See the table `report`."""

    number: int
    story: str
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
_OPEN = "story = ? AND closed = '' AND (? IS NULL OR (server != '' AND platform || '/' || server = ?))"


class Reports:
    """The reports of one story. An `audience` is one server, whose reports alone are meant; None is all."""

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

    def open(self, audience: str | None, limit: int) -> list[ReportRow]:
        """The open ones, the newest first."""
        return self._rows(f"{_OPEN} ORDER BY number DESC LIMIT ?", self._story, audience, audience, limit)

    def count_open(self, audience: str | None) -> int:
        """How many are open."""
        found = self._db.execute(
            f"SELECT count(*) FROM report WHERE {_OPEN}", (self._story, audience, audience)
        )
        return int(found.fetchone()[0])

    def by(self, platform: str, user: str, limit: int = -1) -> list[ReportRow]:
        """What somebody has reported, the newest first."""
        which = "story = ? AND platform = ? AND user = ? AND user != '' ORDER BY number DESC LIMIT ?"
        return self._rows(which, self._story, platform, user, limit)

    def _rows(self, where: str, *values: object) -> list[ReportRow]:
        found = self._db.execute(f"SELECT {_ROW} FROM report WHERE {where}", values)
        return [ReportRow._make(row) for row in found]
