"""What a database that was put back from a backup must not do again.

What came after the backup is not in it: its editions may have been posted, and nobody can tell. So the
dates that were due by then are settled as missed. None of them comes a second time; what was new on
them is in the next edition, also where it had been told.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.digest.ledger.ledger import BATCH, settled
from bot.digest.ledger.making import Maker
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Held, Verdict, ledger_limit, next_due, verdict
from bot.digest.schedule.localtime import DAY
from bot.digest.schedule.subscription import Subscription
from bot.store.register import Register, SubscriptionRow

if TYPE_CHECKING:
    from sqlite_utils import Database


def settle_missed(db: "Database", until: datetime, known: Mapping[int, str]) -> int:
    """Settles what was due until a moment as missed; returns in how many subscriptions something was.

    `until`: when the database was last in use. `known`: the newest day that its ledger had, by the id of
    a subscription, where that could be read: it may be a day that was made before its moment.
    """
    register, maker, after, count = Register(db.conn), Maker({}), 0, 0
    while rows := register.active(after, BATCH):
        for row in rows:
            try:
                found = _missed(register, row, until, known.get(row.id))
            except ValueError:  # its zone is gone from this machine: nothing of it can be made
                continue
            if found.held:
                maker.carry_out(db.conn, row, found, until)
                count += 1
        after = rows[-1].id
    return count


def _missed(register: Register, row: SubscriptionRow, until: datetime, known: str | None) -> Verdict:
    """What one look at a subscription would bring, with its edition held."""
    it = subscription_of(row)
    found = verdict(it, settled(register, row, it, until), until)
    if found.edition:
        day = found.edition.date
        found = found._replace(edition=None, held=(*found.held, Held(day, day, "missed")))
    return _up_to(it, found, date.fromisoformat(known), until) if known else found


def _up_to(it: Subscription, found: Verdict, known: date, until: datetime) -> Verdict:
    """The same, with the days up to one that the ledger had settled as well."""
    if known > ledger_limit(it, until) or (found.settled and known <= found.settled):
        return found
    first = found.settled + DAY if found.settled else known
    coming = next_due(it, known, until)
    look = coming.moment if coming else found.look
    return found._replace(held=(*found.held, Held(first, known, "missed")), settled=known, look=look)
