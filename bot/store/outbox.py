"""The outbox: what has been promised and has to reach a place once.

All methods are plain reads and writes; when to try and when to give up is decided in `deliver`.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from bot.store.moments import stamp
from bot.store.register import put_once

Task = Literal["post", "publish", "notice", "edit", "answer"]
State = Literal["due", "taken", "done", "held", "refused"]


class DeliveryRow(NamedTuple):
    """One message that has to reach one place once. See the table of this name."""

    id: str
    platform: str
    server: str
    place: str
    place_kind: str
    story: str
    task: Task
    subscription: int
    edition: int | None
    body: int | None
    heading: str
    role: str
    publish: int
    made: str
    due: str
    until: str | None
    state: State = "due"
    tries: int = 0
    unsure: int = 0
    first_try: str | None = None
    outcome: str = ""
    message: str = ""
    done: str | None = None
    target: str = ""  # the delivery whose post is edited or answered
    revision: int | None = None  # the correction that it carries


class Attempt(NamedTuple):
    """What came of one try that did not succeed at once."""

    delivery: str
    at: str
    outcome: str


class Tally(NamedTuple):
    """What became of deliveries in a time."""

    sent: int
    late: int  # of these, tried more than once
    held: int
    refused: int
    waiting: int  # now


_DAY = timedelta(days=1)
_FAR = timedelta(hours=2)  # beyond every pause between two tries
_FIELDS = DeliveryRow._fields
_BECAME = ("state", "due", "tries", "unsure", "first_try", "outcome", "message", "done")
_BATCH = 100
_SETS = ", ".join(f"{name} = ?" for name in _FIELDS[1:])


class Outbox:
    """The outbox as one connection sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def put_body(self, reply: str) -> int:
        """Keeps the words of a message, once; returns their id."""
        return put_once(self._db, "body", "reply", reply)

    def body(self, body: int) -> str:
        """The words kept under an id."""
        return str(self._db.execute("SELECT reply FROM body WHERE id = ?", (body,)).fetchone()[0])

    def promise(self, row: DeliveryRow) -> None:
        """Enters a delivery."""
        marks = ", ".join("?" * len(_FIELDS))
        self._db.execute(f"INSERT INTO delivery VALUES ({marks})", row)

    def take(self, platform: str, now: datetime, limit: int) -> list[DeliveryRow]:
        """Takes the longest due, so that nobody else does; from here on each may have arrived.

        Of what may have arrived before, the first try stays what it was, also where that is not known.
        """
        where = "platform = ? AND state = 'due' AND due <= ? ORDER BY due LIMIT ?"
        rows = [
            row._replace(first_try=row.first_try if row.unsure else stamp(now))
            for row in self._rows(where, platform, stamp(now), limit)
        ]
        taken = "UPDATE delivery SET state = 'taken', first_try = iif(unsure, first_try, ?) WHERE id IN"
        for some in _batches(rows):
            marks = ", ".join("?" * len(some))
            self._db.execute(f"{taken} ({marks})", (stamp(now), *(row.id for row in some)))
        return rows

    def recover(self, platform: str, now: datetime) -> int:
        """Makes due what was taken by a process that is gone: it may have arrived. Returns how many."""
        self.not_after(now)
        return self._db.execute(
            "UPDATE delivery SET state = 'due', unsure = 1 WHERE platform = ? AND state = 'taken'",
            (platform,),
        ).rowcount

    def not_after(self, now: datetime) -> None:
        """Makes due now what waits for a moment or was tried at one that the clock, put back, is far from.

        When it was tried is not known then, so that it is looked for.
        """
        far = stamp(now + _FAR)
        self._db.execute(
            "UPDATE delivery SET due = ?1, first_try = NULL WHERE state = 'due' AND (made > ?1 OR due > ?2"
            " OR first_try > ?1)",
            (stamp(now), far),
        )

    def forget_tries(self, platform: str) -> None:
        """Has everything that may have arrived be looked for, as where another account goes on."""
        self._db.execute(
            "UPDATE delivery SET first_try = NULL WHERE platform = ? AND state IN ('due', 'taken')",
            (platform,),
        )

    def next_due(self, platform: str) -> str | None:
        """When the next delivery is due."""
        row = self._db.execute(
            "SELECT min(due) FROM delivery WHERE platform = ? AND state = 'due'", (platform,)
        ).fetchone()
        return row[0] and str(row[0])

    def save(self, row: DeliveryRow) -> None:
        """Keeps a changed delivery."""
        self._db.execute(f"UPDATE delivery SET {_SETS} WHERE id = ?", (*row[1:], row.id))

    def keep(self, rows: Sequence[DeliveryRow]) -> None:
        """Keeps what has become of deliveries that were taken; what was ordered of them stays as it is.

        Many in one statement: each statement gives way to the event loop's thread, and waits for it.
        """
        sets = ", ".join(f"{name} = v.column{number}" for number, name in enumerate(_BECAME, 2))
        for some in _batches(rows):
            values = ", ".join([f"({', '.join('?' * (len(_BECAME) + 1))})"] * len(some))
            self._db.execute(
                f"UPDATE delivery SET {sets} FROM (VALUES {values}) AS v WHERE delivery.id = v.column1",
                [value for row in some for value in (row.id, *(getattr(row, name) for name in _BECAME))],
            )

    def get(self, delivery: str) -> DeliveryRow | None:
        """A delivery by its id."""
        return next(self._rows("id = ?", delivery), None)

    def note(self, attempt: Attempt) -> None:
        """Keeps what came of a try."""
        self._db.execute("INSERT INTO attempt (delivery, at, outcome) VALUES (?, ?, ?)", attempt)

    def attempts(self, delivery: str) -> list[Attempt]:
        """What came of the tries that did not succeed at once, oldest first."""
        found = self._db.execute(
            "SELECT delivery, at, outcome FROM attempt WHERE delivery = ? ORDER BY number", (delivery,)
        )
        return [Attempt._make(row) for row in found]

    def of_edition(self, edition: int) -> list[DeliveryRow]:
        """The deliveries of an edition: the post, then what follows from it."""
        return [*self._rows("edition = ? ORDER BY made, task", edition)]

    def open_of(self, subscription: int) -> list[DeliveryRow]:
        """The deliveries of a subscription that are still to be made."""
        return [*self._rows("subscription = ? AND state IN ('due', 'taken')", subscription)]

    def publications(self, place: str, since: datetime) -> list[str]:
        """When messages of a channel were published since a moment, or are to be, oldest first."""
        found = self._db.execute(
            "SELECT coalesce(done, due) FROM delivery WHERE task = 'publish' AND place = ?"
            " AND (done IS NULL OR done > ?) ORDER BY 1",
            (place, stamp(since)),
        )
        return [str(row[0]) for row in found]

    def states(self, ids: Sequence[str]) -> dict[str, str]:
        """The states of these deliveries."""
        found: dict[str, str] = {}
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ", ".join("?" * len(some))
            found.update(self._db.execute(f"SELECT id, state FROM delivery WHERE id IN ({marks})", some))
        return found

    def tally(self, start: datetime, end: datetime) -> Tally:
        """What became of deliveries between two moments."""
        row = self._db.execute(
            "SELECT count(*) FILTER (WHERE state = 'done'),"
            " count(*) FILTER (WHERE state = 'done' AND tries > 1),"
            " count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'refused')"
            " FROM delivery WHERE done > ? AND done <= ? AND task = 'post'",
            (stamp(start), stamp(end)),
        ).fetchone()
        waiting = self._db.execute(
            "SELECT (SELECT count(*) FROM delivery WHERE state = 'due') +"
            " (SELECT count(*) FROM delivery WHERE state = 'taken')"
        ).fetchone()[0]
        sent, late, held, refused = map(int, row)
        return Tally(sent, late, held, refused, int(waiting))

    def unheard(self, now: datetime) -> list[tuple[int, str, str]]:
        """Subscriptions of which a post was held a day ago or more, and none has arrived since.

        Each with when that post was made, and what was the matter with it.
        """
        found = self._db.execute(
            "SELECT d.subscription, min(d.made), max(d.outcome) FROM delivery d JOIN subscription s"
            " ON s.id = d.subscription WHERE d.done > ? AND d.made < ? AND d.state = 'held'"
            " AND d.outcome != '' AND d.task = 'post' AND s.paused = '' AND s.ended IS NULL"
            " AND (s.warned IS NULL OR s.warned < ?) AND NOT EXISTS (SELECT 1 FROM delivery e"
            " JOIN edition n ON n.id = e.edition WHERE n.subscription = d.subscription"
            " AND e.state = 'done' AND e.task = 'post' AND e.made > d.made) GROUP BY d.subscription",
            (stamp(now - 3 * _DAY), stamp(now - _DAY), stamp(now - _DAY)),
        )
        return [(int(row[0]), str(row[1]), str(row[2])) for row in found]

    def arrived_since(self, platform: str, moment: datetime) -> bool:
        """Whether anything at all has arrived on a platform since a moment."""
        row = self._db.execute(
            "SELECT 1 FROM delivery WHERE done > ? AND state = 'done' AND platform = ? LIMIT 1",
            (stamp(moment), platform),
        ).fetchone()
        return row is not None

    def _rows(self, where: str, *values: object) -> Iterator[DeliveryRow]:
        columns = ", ".join(_FIELDS)
        found = self._db.execute(f"SELECT {columns} FROM delivery WHERE {where}", values)
        return map(DeliveryRow._make, found.fetchall())


def _batches(rows: Sequence[DeliveryRow]) -> Iterator[Sequence[DeliveryRow]]:
    """The rows in as many parts as one statement takes."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
