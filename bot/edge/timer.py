"""What sets digests going: the timer, the makers behind it, and a pump for each platform.

APScheduler wakes it at the next moment at which a subscription has to be looked at, and every minute
besides, since timers are steady clocks and the one on the wall is not. Between two moments nothing
is done that grows with the number of subscriptions: the next one is read off an index.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.deliver.lock import Lock
from bot.deliver.notices import notice, silent
from bot.deliver.order import Poster
from bot.deliver.pump import Pump
from bot.digest.content.post import posted
from bot.digest.ledger.ledger import reindex
from bot.digest.ledger.making import Made, Maker
from bot.edge import clock
from bot.edge.ending import END_SECONDS, let_go
from bot.edge.work import Work
from bot.errors import StoreError
from bot.reply import reply_text
from bot.store.marks import new_mark
from bot.store.moments import moment, stamp
from bot.store.outbox import Outbox
from bot.store.register import Register
from bot.store.store import Store

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger("bot.digest")

WATCH_SECONDS = 1.0  # how soon it is seen that another thread or process has changed something
HEARTBEAT_SECONDS = 60
LOCK_SECONDS = 1.0
MANY = 20  # of whose digests nothing arrives: then it is the platform
JUMP = timedelta(seconds=30)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Timer:
    """Makes and delivers digests on some platforms, from `start` to `end`, on one event loop.

    `names`: what people call each story, by its command word.
    """

    def __init__(self, store: Store, names: Mapping[str, str], posters: Sequence[Poster]) -> None:
        self._store = store
        self._maker = Maker(names)
        self._platforms = [poster.platform for poster in posters]
        self._pumps = {
            poster.platform: Pump(store, poster, posted, clock.now, new_mark) for poster in posters
        }
        self._locks = {name: Lock(store.path, name) for name in self._platforms}
        self._tasks: list[asyncio.Task[None]] = []
        self._jobs = Work()  # what the scheduler has begun
        self._scheduler: Any = None  # APScheduler has no types
        self._ending = False
        self._looking = asyncio.Lock()
        self._seen = -1  # the version of the database
        self._clocks = (clock.now(), time.monotonic())

    async def start(self, scheduler: Any) -> None:  # noqa: ANN401
        """Sets everything anew by the clock as it is now, and begins."""
        self._scheduler = scheduler
        self._clocks = (clock.now(), time.monotonic())
        count = await asyncio.to_thread(self._store.write, self._reindex)
        log.info("digests: %d subscriptions are watched", count)
        log.info("%s", await asyncio.to_thread(self.summary))
        for name, pump in self._pumps.items():
            self._tasks.append(asyncio.create_task(self._pump(name, pump), name=f"pump {name}"))
        job = self.job
        scheduler.add_job(job, "interval", (self._watch,), seconds=WATCH_SECONDS, id="watch", max_instances=2)
        scheduler.add_job(job, "interval", (self.look,), seconds=HEARTBEAT_SECONDS, id="heartbeat")
        scheduler.add_job(job, "interval", (self._hourly,), seconds=_HOUR.seconds, id="hourly")
        scheduler.add_job(job, "cron", (self._daily,), hour=0, minute=0, id="daily")
        await self.look()

    async def end(self) -> None:
        """Finishes what is under way."""
        self._ending = True
        await asyncio.gather(
            self._jobs.finish(END_SECONDS),  # else the scheduler cuts them off, and calls that an error
            let_go(self._pumps.values(), self._tasks, self._locks.values()),
        )

    async def job(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does something that the scheduler begins; nothing is begun any more at the end."""
        if not self._ending:
            await self._jobs.do(work())

    async def look(self) -> None:
        """Makes the editions that are due by now, and sets the timer for the next."""
        async with self._looking:
            more = True
            while more and not self._ending:
                try:
                    made: Made = await asyncio.to_thread(self._store.write, self._make)
                except Exception:  # a database that is locked or full may be well again later
                    self._maker.forget()
                    log.exception("the editions that are due cannot be made; trying again in a minute")
                    return
                more = made.more
                if made.promised:
                    log.debug("%d editions promised", made.promised)
                self._wake()
            await self._set_timer()

    def _make(self, db: "Database") -> Made:
        return self._maker.make(db, self._platforms, clock.now())

    def _reindex(self, db: "Database") -> int:
        now = clock.now()
        Outbox(db.conn).not_after(now)
        return reindex(Register(db.conn), now)

    def _wake(self) -> None:
        for pump in self._pumps.values():
            pump.wake()

    async def _set_timer(self) -> None:
        coming = await asyncio.to_thread(self._next_look)
        if coming is None:
            return
        # By how far it is from now, and not by the wall: the scheduler's own clock is the machine's.
        wait = max(moment(coming) - clock.now(), timedelta(0))
        self._scheduler.add_job(
            self.job,
            "date",
            (self.look,),
            run_date=datetime.now(UTC) + wait,
            id="next look",
            replace_existing=True,
        )

    def _next_look(self) -> str | None:
        with self._store.reading("") as shelf:
            return Register(shelf.connection).next_look(self._platforms)

    async def _watch(self) -> None:
        """Sees to what has changed: the database, by whomever, and the clock."""
        was, steady = self._clocks
        self._clocks = (clock.now(), time.monotonic())
        jump = (self._clocks[0] - was) - timedelta(seconds=self._clocks[1] - steady)
        if abs(jump) > JUMP:
            how = "forward, or the machine slept," if jump > timedelta(0) else "back"
            log.warning("the clock went %s by %s; every digest is looked at anew", how, abs(jump))
            await asyncio.to_thread(self._store.write, self._reindex)
            self._seen = -1
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()):
                log.critical("%s has ended: %s", task.get_name(), error)
        version = self._store.data_version()
        if version != self._seen:
            self._seen = version
            self._wake()
            if not self._looking.locked():
                await self.look()

    async def _pump(self, name: str, pump: Pump) -> None:
        """Pumps as soon as no other process does."""
        waited = False
        while not await self._took(name):
            if self._ending:
                return
            if not waited:
                log.info("another process delivers for %s; this one takes over when that ends", name)
            waited = True
            await asyncio.sleep(LOCK_SECONDS)
        await pump.run()

    async def _took(self, name: str) -> bool:
        """Whether this process is the one that delivers; where that cannot be known, nobody is."""
        try:
            return await asyncio.to_thread(self._locks[name].take)
        except StoreError as error:
            log.error("nothing is delivered for %s: %s", name, error)  # noqa: TRY400  (it says all there is)
            await asyncio.sleep(HEARTBEAT_SECONDS)
            return False

    # ── words to admins and operators ───────────────────────────────────────────────────

    async def _hourly(self) -> None:
        await asyncio.to_thread(self._store.write, self._tell_admins)
        self._wake()

    def _tell_admins(self, db: "Database") -> None:
        """A private word where nothing of a digest has arrived for a day."""
        register, outbox, now = Register(db.conn), Outbox(db.conn), clock.now()
        unheard = outbox.unheard(now)
        for subscription, since, why in unheard:
            row = register.get(subscription)
            if row is None:
                continue
            log.warning("nothing of digest no. %d has arrived since %s: %s", subscription, since, why)
            # Where the whole platform is away, a word would not arrive, and thousands afterwards.
            away = len(unheard) > MANY and not outbox.arrived_since(row.platform, now - _HOUR)
            if not row.by or away:
                continue
            body = outbox.put_body(reply_text(silent(row, moment(since), why)))
            outbox.promise(notice(row, new_mark(), body, now))
            register.save(row._replace(warned=stamp(now)))

    async def _daily(self) -> None:
        log.info("%s", await asyncio.to_thread(self.summary))

    def summary(self) -> str:
        """What became of digests in the last 24 hours, in one line for whoever runs the bot."""
        with self._store.reading("") as shelf:
            now = clock.now()
            outbox = Outbox(shelf.connection)
            tally, corrections = outbox.tally(now - _DAY, now), outbox.corrections_waiting()
            count, paused = Register(shelf.connection).count()
        return (
            f"digests of the last 24 hours: {tally.sent:,} delivered ({tally.late:,} of them not at the first"
            f" try), {tally.held:,} went into a later one, {tally.refused:,} were refused; {tally.waiting:,}"
            f" are waiting; {count:,} subscriptions, {paused:,} paused"
            + (f"; {corrections:,} corrections of posts are waiting" if corrections else "")
        )
