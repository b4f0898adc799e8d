"""What stands in the bot's database, read beside it while it runs, and as a whole at the end."""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from bot.store.connect import connect
from bot.store.moments import moment, stamp
from bot.store.outbox import DeliveryRow
from bot.store.register import EditionRow, HeldRow


class Busy(NamedTuple):
    """What the bot still has to do by now."""

    taken: int  # deliveries under way
    due: int  # deliveries whose turn it is
    looks: int  # subscriptions to be looked at

    def __bool__(self) -> bool:
        return any(self)


class Books:
    """The database of a run, for reading alone."""

    def __init__(self, database: str, platform: str) -> None:
        self._db = connect(database, readonly=True)
        self._platform = platform

    def close(self) -> None:
        """Lets go of it."""
        self._db.close()

    def busy(self, now: datetime) -> Busy:
        """What there is to be done by now."""
        return Busy(
            *self._db.execute(
                "SELECT (SELECT count(*) FROM delivery WHERE platform = ?1 AND state = 'taken'),"
                " (SELECT count(*) FROM delivery WHERE platform = ?1 AND state = 'due' AND due <= ?2),"
                " (SELECT count(*) FROM subscription WHERE platform = ?1 AND look <= ?2)",
                (self._platform, stamp(now)),
            ).fetchone()
        )

    def next_try(self) -> datetime | None:
        """When the next delivery is due; None where none waits."""
        found = self._db.execute(
            "SELECT min(due) FROM delivery WHERE platform = ? AND state = 'due'", (self._platform,)
        ).fetchone()[0]
        return moment(found) if found else None

    def promised(self) -> int:
        """How many deliveries wait or are under way."""
        return int(
            self._db.execute(
                "SELECT (SELECT count(*) FROM delivery WHERE platform = ?1 AND state = 'due')"
                " + (SELECT count(*) FROM delivery WHERE platform = ?1 AND state = 'taken')",
                (self._platform,),
            ).fetchone()[0]
        )

    def taken(self) -> set[str]:
        """The marks of the deliveries under way."""
        found = self._db.execute(
            "SELECT id FROM delivery WHERE platform = ? AND state = 'taken'", (self._platform,)
        )
        return {str(row[0]) for row in found}

    def sources(self) -> set[str]:
        """The sources that the bot knows of."""
        return {str(row[0]) for row in self._db.execute("SELECT id FROM source")}

    def ledger(self) -> "Ledger":
        """All that was decided and sent."""
        editions: dict[int, dict[date, EditionRow]] = defaultdict(dict)
        for row in map(EditionRow._make, self._db.execute("SELECT * FROM edition")):
            editions[row.subscription][date.fromisoformat(row.day)] = row
        held: dict[int, list[HeldRow]] = defaultdict(list)
        for one in map(HeldRow._make, self._db.execute("SELECT * FROM held ORDER BY first")):
            held[one.subscription].append(one)
        columns = ", ".join(DeliveryRow._fields)
        deliveries = map(DeliveryRow._make, self._db.execute(f"SELECT {columns} FROM delivery"))
        told = {int(row[0]): str(row[1]) for row in self._db.execute("SELECT id, content FROM told")}
        paused = {
            int(row[0]): str(row[1])
            for row in self._db.execute("SELECT id, paused FROM subscription WHERE paused != ''")
        }
        now = {int(row[0]): int(row[1]) for row in self._db.execute("SELECT id, told FROM subscription")}
        return Ledger(dict(editions), dict(held), {row.id: row for row in deliveries}, told, now, paused)


class Ledger(NamedTuple):
    """All that was decided and sent, at the end of a run."""

    editions: dict[int, dict[date, EditionRow]]  # by subscription and day
    held: dict[int, list[HeldRow]]  # by subscription, oldest first
    deliveries: dict[str, DeliveryRow]  # by mark
    told: dict[int, str]
    told_now: dict[int, int]  # by subscription
    paused: dict[int, str]  # why, by subscription

    def held_on(self, subscription: int, day: date) -> HeldRow | None:
        """What was noted of a day without an edition."""
        text = day.isoformat()
        return next((one for one in self.held.get(subscription, ()) if one.first <= text <= one.last), None)
