"""Makes the editions that are due: decides, composes and promises them, all in one transaction.

What is promised is in the outbox before anything is sent. Two processes may do this at one moment on
one database: the ledger has one row for each subscription and local date, and the second finds it.
"""

import logging
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.digest.due import Edition, Verdict, open_until, verdict
from bot.digest.edition import compose
from bot.digest.ledger import before, fate, held_since, past, settled, take_back
from bot.digest.matter import Digest, Nothing, Occasion
from bot.digest.post import heading_text
from bot.digest.rows import subscription_of
from bot.digest.subscription import Subscription
from bot.digest.told import parse_told, told_text
from bot.reply import reply_text
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import EditionRow, HeldRow, Register, SubscriptionRow
from bot.store.shelf import Shelf

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger("bot.digest")

_HOUR = timedelta(hours=1)
BATCH = 100  # subscriptions in one transaction
MOST_KEPT = 512
_MARK = "abcdefghjkmnpqrstuvwxyz23456789"
_MARK_LENGTH = 10


class Made(NamedTuple):
    """What came of one look."""

    looked: int  # at so many subscriptions
    promised: int  # so many editions
    more: bool  # whether others wait to be looked at


class _Body(NamedTuple):
    """An edition composed once, and where its words and what it tells are kept."""

    digest: Digest
    body: int
    told: int  # what has been told after it


class Maker:
    """Makes editions for the stories with these names; used by one thread at a time.

    Editions that say the same are composed once: `kept` holds them as long as nothing they are made
    from has changed.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._kept: dict[tuple[object, ...], _Body | Nothing] = {}
        # The last delivery that was promised. Where it is gone, its transaction has failed, and what is
        # kept refers to rows that are not there, or are others by now.
        self._last_mark = ""

    def make(self, db: "Database", platforms: Sequence[str], now: datetime) -> Made:
        """Looks at the subscriptions that are due by now, at most BATCH of them."""
        register = Register(db.conn)
        if self._last_mark and Outbox(db.conn).get(self._last_mark) is None:
            self.forget()
        rows = register.due(platforms, now, BATCH)
        promised = sum(self._one(db, row, now) for row in rows)
        return Made(len(rows), promised, len(rows) == BATCH)

    def _one(self, db: "Database", row: SubscriptionRow, now: datetime) -> bool:
        """Looks at one; what goes wrong with it stops no other."""
        register = Register(db.conn)
        db.conn.execute("SAVEPOINT one")
        try:
            done = self._look(db, row, now)
        except sqlite3.OperationalError:  # the database is full or locked: that is about all of them
            raise
        except Exception:  # of whatever other kind, it is about this one subscription
            db.conn.execute("ROLLBACK TO one")
            self.forget()
            log.exception("digest no. %d cannot be made; trying again in an hour", row.id)
            register.save(row._replace(look=stamp(now + _HOUR)))
            done = False
        db.conn.execute("RELEASE one")
        return done

    def _look(self, db: "Database", row: SubscriptionRow, now: datetime) -> bool:
        register = Register(db.conn)
        if row.story not in self._names:
            # Should config.toml have it again, it is looked at when the bot starts with that.
            log.warning("digest no. %d waits: the story %s is not in config.toml", row.id, row.story)
            register.save(row._replace(look=None))
            return False
        it = subscription_of(row)
        found = verdict(it, settled(register, row, it, now), now)
        return self.carry_out(db.conn, row, found, now)

    def carry_out(
        self, connection: sqlite3.Connection, row: SubscriptionRow, found: Verdict, now: datetime
    ) -> bool:
        """Writes a verdict to the ledger, and promises its edition. Returns whether there is one.

        While it is not known whether the last edition arrives, the next waits, and nothing is settled.
        """
        register, outbox = Register(connection), Outbox(connection)
        under_way = None
        if found.edition and _is_there(register, outbox, row, found.edition.date):
            found = found._replace(edition=None)
        if found.edition:
            row, _, under_way = take_back(register, outbox, row, now, stop=True)
            if under_way:
                register.save(row._replace(look=stamp(now + _pause(now - found.edition.due))))
                return False
        elif found.held:
            under_way = past(register, outbox, row, stop=True).under_way
        look = stamp(found.look) if found.look else None
        row = row._replace(look=look, settled=found.settled.isoformat() if found.settled else None)
        for one in found.held:
            why = "undelivered" if under_way and one.why == "missed" else one.why
            register.hold(HeldRow(row.id, one.first.isoformat(), one.last.isoformat(), why))
        promised = False
        if found.edition:
            row, promised = self._edition(connection, row, found.edition, now)
        register.save(row)
        return promised

    def forget(self) -> None:
        """Forgets what is kept ready: a transaction has failed, and took with it what this refers to."""
        self._kept.clear()
        self._last_mark = ""

    def _composed(
        self, connection: sqlite3.Connection, row: SubscriptionRow, day: date
    ) -> tuple[Occasion, Digest | Nothing, _Body | None]:
        """What an edition of this day says, composed or kept ready."""
        register, shelf = Register(connection), Shelf(connection, row.story)
        occasion = occasion_of(register, row, self._names[row.story], day)
        wish = (row.kind, row.nothing_new, row.pace, row.start)
        key = (row.story, shelf.version(), row.told, *wish, day, row.last)
        kept = self._kept.get(key)
        if kept is None:
            made = compose(shelf, occasion)
            if isinstance(made, Digest):
                body = Outbox(connection).put_body(reply_text(made.reply))
                told = register.put_told(told_text(occasion.told.and_then(made.carries)))
                kept = _Body(made, body, told)
            else:
                kept = made
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = kept
        if isinstance(kept, Nothing):
            return occasion, kept, None
        return occasion, kept.digest, kept

    def _edition(
        self, connection: sqlite3.Connection, row: SubscriptionRow, due: Edition, now: datetime
    ) -> tuple[SubscriptionRow, bool]:
        """Enters the edition, and promises it where it has something to say."""
        register, outbox = Register(connection), Outbox(connection)
        day = due.date.isoformat()
        there = register.edition(row.id, day)
        occasion, made, body = self._composed(connection, row, due.date)
        entry = EditionRow(
            there.id if there else 0,
            row.id,
            day,
            stamp(due.due),
            stamp(now),
            occasion.number if body else 0,
            row.kind,
            made.why if isinstance(made, Nothing) else "",
            before(row),
        )
        if there:
            register.save_edition(entry)
        else:
            entry = entry._replace(id=register.add_edition(entry))
        if body is None or isinstance(made, Nothing):
            return row, False
        it = occasion.subscription
        self._last_mark = new_mark(outbox)
        outbox.promise(
            DeliveryRow(
                self._last_mark,
                row.platform,
                row.server,
                row.place,
                row.place_kind,
                row.story,
                "post",
                row.id,
                entry.id,
                body.body,
                heading_text(occasion, made.kind, due.due),
                row.role,
                row.publish,
                stamp(now),
                stamp(now),
                stamp(open_until(it, due.due, now)),
            )
        )
        row = row._replace(told=body.told, number=occasion.number, last=day)
        return (self._turned(register, row, made, it) if made.turns else row), True

    def _turned(
        self, register: Register, row: SubscriptionRow, made: Digest, it: Subscription
    ) -> SubscriptionRow:
        """A replay that has told all becomes what it turns to, unless the channel has that already."""
        others = register.of_place(row.story, it.platform, it.place)
        assert made.turns is not None
        if any(other.kind == made.turns and other.id != row.id for other in others):
            why = f"the story is told up to now, and {made.turns} come to this channel by another digest"
            return row._replace(paused=why, look=None)
        return row._replace(kind=made.turns, pace=1, start="beginning")


def _is_there(register: Register, outbox: Outbox, row: SubscriptionRow, day: date) -> bool:
    """Whether a date has its edition: there is never a second, unless the first surely never arrived."""
    there = register.edition(row.id, day.isoformat())
    return there is not None and there.number > 0 and fate(outbox, there) != "lost"


def _pause(late: timedelta) -> timedelta:
    """How soon to look again whether the edition before has arrived: the later it is, the more rarely."""
    return min(max(late / 4, timedelta(seconds=10)), timedelta(minutes=5))


def occasion_of(register: Register, row: SubscriptionRow, name: str, day: date) -> Occasion:
    """For whom and when the next edition is made; `name` is what people call the story."""
    return Occasion(
        subscription_of(row),
        name,
        row.number + 1,
        day,
        _told(register.told(row.told)),
        date.fromisoformat(row.last),
        held_since(register, row),
    )


_told = lru_cache(256)(parse_told)  # most channels of a story have been told the same


def new_mark(outbox: Outbox) -> str:
    """An id for a delivery that no other has: it goes into the message, to be found again by it."""
    while True:
        mark = "".join(secrets.choice(_MARK) for _ in range(_MARK_LENGTH))
        if outbox.get(mark) is None:
            return mark
