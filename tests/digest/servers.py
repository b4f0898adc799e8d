"""A bot that keeps the story of the ferry, two servers that ask it for digests, and what becomes of them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.command.asker import OPERATOR, Asker, Place
from bot.deliver import policy
from bot.deliver.order import Absent, Failed, Outcome, Refused, Sent
from bot.digest.content.told import Told, parse_told
from bot.digest.ledger.making import Made, Maker
from bot.render.terminal import text
from bot.reply import Reply
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import EditionRow, HeldRow, Register, SubscriptionRow
from bot.store.store import Store
from tests import ferry
from tests.digest.stories import a_fact, a_source, put

NAMES = {"ferry": "The ferry"}
PLATFORMS = ("discord", "slack", "terminal")

NEWS_1 = Place("discord", "1", "11", "#news", "text")
TALK_1 = Place("discord", "1", "12", "#talk", "text")
SHUT_1 = Place("discord", "1", "13", "#shut", "text", ("Send Messages", "Embed Links"))
LOUD_1 = Place("discord", "1", "14", "#loud", "announcement")
NEWS_2 = Place("discord", "2", "21", "#news", "text")
DIRECT = Place("discord", "", "91", "your direct messages", "direct")

REFUSED = Refused("the bot may not send there", "give it Send Messages in the channel")
LOST = Failed("the connection was reset")
NOT_SENT = Failed("no connection could be made", sure=True)
ABSENT = Absent()


def an_asker(place: Place, *others: Place, **fields: Any) -> Asker:
    """An admin who asks in a place, and finds it and others."""

    def find(typed: str) -> Place | str:
        if typed == "here":
            return place
        for one in (place, *others):
            if typed in {f"<#{one.id}>", one.name, "me" if one.kind == "direct" else ""}:
                return one
        return "There is no such channel on this server"

    made = Asker("discord", place.server, "user-1", place, manages=True, find=find)
    return made._replace(role_called=lambda role: {"7": "Readers"}.get(role, role))._replace(**fields)


ADMIN = an_asker(NEWS_1, TALK_1, SHUT_1, LOUD_1, DIRECT)
TALKER = an_asker(TALK_1, NEWS_1, SHUT_1, LOUD_1)
OTHER = an_asker(NEWS_2, user="user-2")
ALONE = an_asker(DIRECT, user="user-9", manages=False)


class Bot:
    """A desk, the timer's maker, and a platform whose answers a test chooses."""

    def __init__(self, root: Path) -> None:
        self.desk = ferry.desk(root)
        self.store = Store(str(root / "state.db"))
        self.maker = Maker(NAMES)

    def close(self) -> None:
        """Closes the database."""
        self.store.close()
        self.desk._store.close()

    def ask(self, words: str, at: datetime, asker: Asker = ADMIN) -> Reply:
        """The reply to what somebody typed."""
        return self.desk.answer(words, "!ferry", at, asker)

    def say(self, words: str, at: datetime, asker: Asker = ADMIN) -> str:
        """All that is read of the reply."""
        return text(self.ask(words, at, asker), call="!ferry")

    def done(self, words: str, at: datetime, asker: Asker = ADMIN) -> str:
        """All that is read of the reply to what has to succeed."""
        reply = self.ask(words, at, asker)
        assert not reply.abstained, text(reply)
        return text(reply, call="!ferry")

    def make(self, at: datetime) -> Made:
        """The timer looks."""
        return self.store.write(lambda db: self.maker.make(db, PLATFORMS, at))

    def send(self, at: datetime, *outcomes: Outcome) -> list[DeliveryRow]:
        """The pump takes what is due, and each delivery has these outcomes in turn; else it arrives."""
        left = list(outcomes)

        def work(db: Database) -> list[DeliveryRow]:
            outbox, register = Outbox(db.conn), Register(db.conn)
            rows = [row for platform in PLATFORMS for row in outbox.take(platform, at, 100)]
            for row in rows:
                outcome = left.pop(0) if left else Sent(f"m-{row.id}")
                over = policy.first(row, at, 0.0) == "hold"
                step = policy.held(row, at) if over else policy.after(row, outcome, at, 0.5)
                outbox.save(step.row)
                if step.attempt:
                    outbox.note(step.attempt)
                found = register.get(row.subscription)
                if step.refused and found:
                    why = f"{step.refused.why}; {step.refused.mend}"
                    register.save(found._replace(paused=why, look=None))
            return rows

        return self.store.write(work)

    def learn(self, day: str, *says: str) -> None:
        """A source of this day comes to be known, with a fact for each statement."""
        name = f"{day}-source"
        facts = [a_fact(name, f"f{number}", one) for number, one in enumerate(says)]
        put(self.store, a_source(name, *facts), story="ferry")

    def row(self, subscription: int = 1) -> SubscriptionRow:
        """A subscription as it is kept."""
        with self.store.reading("ferry") as shelf:
            found = Register(shelf.connection).get(subscription)
        assert found
        return found

    def set_row(self, subscription: int = 1, **fields: Any) -> None:
        """Sets fields of a subscription past all that checks them."""
        row = self.row(subscription)._replace(**fields)
        self.store.write(lambda db: Register(db.conn).save(row))

    def look(self, subscription: int = 1) -> datetime:
        """When it is looked at next."""
        found = self.row(subscription).look
        assert found
        return moment(found)

    def told(self, subscription: int = 1) -> Told:
        """What counts as told."""
        told = self.row(subscription).told
        with self.store.reading("ferry") as shelf:
            return parse_told(Register(shelf.connection).told(told))

    def editions(self, subscription: int = 1) -> list[EditionRow]:
        """The ledger of a subscription, oldest first."""
        with self.store.reading("ferry") as shelf:
            return Register(shelf.connection).editions(subscription, 1000)[::-1]

    def numbered(self, subscription: int = 1) -> list[tuple[int, str]]:
        """Number and local date of each edition that was made."""
        return [(one.number, one.day) for one in self.editions(subscription) if one.number]

    def held(self, subscription: int = 1) -> list[HeldRow]:
        """What the ledger has held."""
        with self.store.reading("ferry") as shelf:
            return Register(shelf.connection).held_after(subscription, "")

    def deliveries(self, subscription: int = 1) -> list[DeliveryRow]:
        """All deliveries of a subscription, oldest first."""
        editions = self.editions(subscription)
        with self.store.reading("ferry") as shelf:
            return [row for one in editions for row in Outbox(shelf.connection).of_edition(one.id)]

    def words(self, delivery: DeliveryRow) -> str:
        """The words of a delivery, as they are kept."""
        assert delivery.body
        with self.store.reading("ferry") as shelf:
            return Outbox(shelf.connection).body(delivery.body)

    def whole(self) -> dict[str, Sequence[tuple[object, ...]]]:
        """Every row of every table."""
        with self.store.reading("ferry") as shelf:
            tables = shelf.connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
            return {name: shelf.connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}


RUNNER = OPERATOR
"""Whoever runs the bot, in its terminal."""
