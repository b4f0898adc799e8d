"""A pump on a real database, for a place that remembers what it got."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.deliver.order import Poster
from bot.deliver.pump import Pump
from bot.digest.content.post import posted
from bot.reply import Action, Line, Reply, Section, reply_text
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import Register, SubscriptionRow
from bot.store.store import Store
from tests.deliver.places import Place

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
REPLY = Reply(
    "digest",
    "News",
    (Section("", (Line("It happened."),)),),
    actions=(Action("Timeline", "timeline"),),
)


def saying(words: str) -> str:
    """A digest that says this, as it is kept."""
    return reply_text(REPLY._replace(sections=(Section("", (Line(words),)),)))


class Scene:
    """A database with one subscription, and a pump with a clock that can be set."""

    def __init__(self, folder: Path, place: Place, poster: Poster | None = None) -> None:
        self.store = Store(str(folder / "pump.db"))
        self.place = place
        self.poster: Poster = poster or place  # where it goes
        self.now = NOW
        self.pump = self.a_pump()
        moment = stamp(NOW)
        row = SubscriptionRow(
            0, "exomars", "discord", "1", "2", "#news", "text", "99", "news", "09:00", "UTC", "daily", "none",
            "none", 6, "", "silent", 1, "beginning", 0, moment, moment, moment, "", None, 0, 0, "2026-11-20",
            None, None,
        )  # fmt: skip

        def add(db: object) -> int:
            register = Register(db.conn)  # type: ignore[attr-defined]
            return register.add(row._replace(told=register.put_told("{}"))).id

        self.subscription = self.store.write(add)

    def a_pump(self) -> Pump:
        """A pump, as a new process has it."""
        return Pump(self.store, self.poster, posted, lambda: self.now, new_mark)

    def promise(self, count: int = 1, **fields: Any) -> list[str]:
        """Puts deliveries into the outbox; returns their marks."""

        def work(db: object) -> list[str]:
            outbox = Outbox(db.conn)  # type: ignore[attr-defined]
            body = outbox.put_body(reply_text(REPLY))
            marks = []
            for _ in range(count):
                marks.append(new_mark())
                row = DeliveryRow(
                    marks[-1], "discord", "1", "2", "text", "exomars", "post", self.subscription, None, body,
                    "", "", 0, stamp(NOW), stamp(NOW), stamp(NOW + timedelta(hours=6)),
                )  # fmt: skip
                outbox.promise(row._replace(**fields))
            return marks

        return self.store.write(work)

    def promise_again(self, mark: str) -> None:
        """Has a delivery that was refused be made sure of, as the ledger does."""
        row = self.row(mark)._replace(state="due", due=stamp(self.now), done=None)
        self.store.write(lambda db: Outbox(db.conn).save(row))

    def revise(self) -> int:
        """A new version of some briefing; returns its id."""

        def work(db: Any) -> int:
            number: int = db.execute("SELECT count(*) FROM revision").fetchone()[0] + 1
            row = {"id": number, "version": number, "story": "exomars", "kind": "briefing", "item": "b"}
            columns = db["revision"].columns_dict.items()
            usual = {name: "" if kind is str else 0 for name, kind in columns if name != "person"}
            db["revision"].insert({**usual, **row, "act": "correct", "stands": 1})
            return number

        return self.store.write(work)

    def correct(self, target: str, says: str = "It did not happen.", **fields: Any) -> str:
        """Promises an edit of a post, by another revision each time; returns its mark."""
        revision = self.revise()
        post, body = self.row(target), self.store.write(lambda db: Outbox(db.conn).put_body(saying(says)))
        edit = post._replace(
            id=new_mark(),
            task="edit",
            body=body,
            heading="",
            publish=0,
            made=stamp(self.now),
            due=stamp(self.now),
            until=None,
            state="due",
            tries=0,
            unsure=0,
            first_try=None,
            outcome="",
            done=None,
            target=target,
            revision=revision,
        )
        self.store.write(lambda db: Outbox(db.conn).promise(edit._replace(**fields)))
        return edit.id

    def corrections(self, target: str) -> list[DeliveryRow]:
        """The edits and answers of a post, oldest first."""
        with self.store.reading("") as shelf:
            found = shelf.connection.execute(
                "SELECT id FROM delivery WHERE target = ? ORDER BY made, task DESC, revision", (target,)
            ).fetchall()
        return [self.row(str(one[0])) for one in found]

    async def posted(self, count: int = 1, **fields: Any) -> list[str]:
        """Posts that have arrived; each in a place of its own, where there are several."""
        self.pump = self.a_pump()
        marks = [self.promise(**({"place": str(number)} | fields))[0] for number in range(2, count + 2)]
        await self.until(lambda: all(self.row(mark).state == "done" for mark in marks))
        self.place.tries.clear()
        self.place.most = 0
        self.pump = self.a_pump()
        return marks

    def row(self, mark: str) -> DeliveryRow:
        """A delivery as it is kept now."""
        with self.store.reading("") as shelf:
            found = Outbox(shelf.connection).get(mark)
        assert found is not None
        return found

    async def until(self, seen: Callable[[], bool], *, advance: float = 0.0) -> None:
        """Lets the pump run until something is so; each look may advance the clock by seconds."""
        running = asyncio.create_task(self.pump.run())
        try:
            async with asyncio.timeout(10):
                while not seen():
                    self.now += timedelta(seconds=advance)
                    self.pump.wake()
                    await asyncio.sleep(0.01)
        finally:
            await self.pump.end(1)
            await running
