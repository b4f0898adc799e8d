"""Makes the editions that are due: decides, composes and promises them, all in one transaction.

What is promised is in the outbox before anything is sent. Two processes may do this at one moment on
one database: the ledger has one row for each subscription and local date, and the second finds it.
"""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.digest.content.edition import compose
from bot.digest.content.matter import Digest, Nothing, Occasion
from bot.digest.content.post import heading_text
from bot.digest.content.told import parse_told, told_text
from bot.digest.ledger.ledger import before, fate, held_since, past, settled, take_back
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Edition, Verdict, open_until, verdict
from bot.digest.schedule.subscription import Kind
from bot.model import EVERYONE
from bot.reply import reply_text
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import EditionRow, HeldRow, Register, SubscriptionRow
from bot.store.shelf import Shelf

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger("bot.digest")

_HOUR = timedelta(hours=1)
BATCH = 32  # subscriptions in one transaction: what was promised is sent meanwhile
MOST_KEPT = 512


class Made(NamedTuple):
    """What came of one look."""

    looked: int  # at so many subscriptions
    promised: int  # so many editions
    more: bool  # whether others wait to be looked at


class _Body(NamedTuple):
    """An edition composed once: where its words are kept, and what has been told after it."""

    kind: Kind
    turns: Kind | None
    body: int
    told: int


class Maker:
    """Makes editions for the stories with these names; used by one thread at a time.

    Editions that say the same are composed once: `kept` holds them as long as nothing they are made
    from has changed.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._kept: dict[tuple[object, ...], _Body | Nothing] = {}
        # By story: its version, and the servers that have items of their own in it.
        self._own: dict[str, tuple[int, frozenset[str]]] = {}
        # The last delivery that was promised. Where it is gone, its transaction has failed, and what is
        # kept refers to rows that are not there, or are others by now.
        self._last_mark = ""

    def make(self, db: "Database", platforms: Sequence[str], now: datetime) -> Made:
        """Looks at the subscriptions that are due by now, at most BATCH of them."""
        register = Register(db.conn)
        if self._last_mark and Outbox(db.conn).get(self._last_mark) is None:
            self.forget()
        rows = register.due(platforms, now, BATCH)
        db.conn.execute("SAVEPOINT all_of_them")
        try:
            promised = sum(self._look(db, row, now) for row in rows)
        except sqlite3.OperationalError:  # the database is full or locked: that is about all of them
            raise
        except Exception:  # noqa: BLE001  (about one of them; now each by itself, to find which)
            db.conn.execute("ROLLBACK TO all_of_them")
            self.forget()
            promised = sum(self._one(db, row, now) for row in rows)
        db.conn.execute("RELEASE all_of_them")
        return Made(len(rows), promised, len(rows) == BATCH)

    def _one(self, db: "Database", row: SubscriptionRow, now: datetime) -> bool:
        """Looks at one; what goes wrong with it stops no other."""
        register = Register(db.conn)
        db.conn.execute("SAVEPOINT one")
        try:
            done = self._look(db, row, now)
        except sqlite3.OperationalError:
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
        there = register.edition(row.id, found.edition.date.isoformat()) if found.edition else None
        if there and there.number and fate(outbox, there) != "lost":
            # There is never a second of a date, unless the first surely never arrived.
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
            row, promised = self._edition(connection, row, found.edition, there, now)
        register.save(row)
        return promised

    def forget(self) -> None:
        """Forgets what is kept ready: a transaction has failed, and took with it what this refers to."""
        self._kept.clear()
        self._own.clear()
        self._last_mark = ""

    def _composed(self, connection: sqlite3.Connection, row: SubscriptionRow, day: date) -> _Body | Nothing:
        """What an edition of this day says, composed or kept ready."""
        register, outbox = Register(connection), Outbox(connection)
        shelf = Shelf(connection, row.story)
        version = shelf.version()
        audience = self._audience(shelf, row, version)
        wish = (row.kind, row.nothing_new, row.pace, row.start)
        key = (row.story, version, audience, row.told, *wish, day, row.last)
        kept = self._kept.get(key)
        if kept is None:
            occasion = occasion_of(register, row, self._names[row.story], day)
            made = compose(Shelf(connection, row.story, audience), occasion)
            if isinstance(made, Digest):
                body = outbox.put_body(reply_text(made.reply))
                outbox.carry(body, row.story, made.facts, (name for name, _ in made.quotes))
                told = register.put_told(told_text(occasion.told.and_then(made.carries)))
                kept = _Body(made.kind, made.turns, body, told)
            else:
                kept = made
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = kept
        return kept

    def _audience(self, shelf: Shelf, row: SubscriptionRow, version: int) -> str:
        """Whose digest it is: its server's, where that has items of its own; else everyone's."""
        if self._own.get(row.story, (-1,))[0] != version:
            self._own[row.story] = version, shelf.audiences()
        server = f"{row.platform}/{row.server}"
        return server if row.server and server in self._own[row.story][1] else EVERYONE

    def _edition(
        self,
        connection: sqlite3.Connection,
        row: SubscriptionRow,
        due: Edition,
        there: EditionRow | None,
        now: datetime,
    ) -> tuple[SubscriptionRow, bool]:
        """Enters the edition, in the place of one that is `there`; promises it where it says something."""
        register, outbox = Register(connection), Outbox(connection)
        day = due.date.isoformat()
        made = self._composed(connection, row, due.date)
        nothing = isinstance(made, Nothing)
        entry = EditionRow(
            there.id if there else 0,
            row.id,
            day,
            stamp(due.due),
            stamp(now),
            0 if nothing else row.number + 1,
            row.kind,
            made.why if isinstance(made, Nothing) else "",
            before(row),
        )
        if there:
            register.save_edition(entry)
        else:
            entry = entry._replace(id=register.add_edition(entry))
        if isinstance(made, Nothing):
            return row, False
        self._last_mark = new_mark()
        heading = heading_text(made.kind, entry.number, due.date, held_since(register, row), due.due)
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
                made.body,
                heading,
                row.role,
                row.publish,
                stamp(now),
                stamp(now),
                stamp(open_until(subscription_of(row), due.due, now)),
            )
        )
        row = row._replace(told=made.told, number=entry.number, last=day)
        return (_turned(register, row, made.turns) if made.turns else row), True


def _turned(register: Register, row: SubscriptionRow, kind: Kind) -> SubscriptionRow:
    """A replay that has told all becomes what it turns to, unless the channel has that already."""
    others = register.of_place(row.story, row.platform, row.place)
    if any(other.kind == kind and other.id != row.id for other in others):
        why = f"the story is told up to now, and {kind} come to this channel by another digest"
        return row._replace(paused=why, look=None)
    return row._replace(kind=kind, pace=1, start="beginning")


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
