"""The pump of one platform: takes what is due from the outbox, has it carried out, keeps what came of it.

One process at a time pumps for a platform; see `lock`. Each round is one transaction, in which the
outcomes of the last are kept and the next are taken. So a process that is killed leaves at most what
was under way: the next one finds it taken, knows that it may have arrived, and decides by `policy`.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from random import random
from typing import TYPE_CHECKING, NamedTuple

from bot.deliver import copies, correcting, policy
from bot.deliver.guard import Guard
from bot.deliver.notices import notice, refused
from bot.deliver.order import Order, Poster, Refused, Sent, Wait
from bot.deliver.policy import Step
from bot.reply import Reply, parse_reply, reply_text
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import Register
from bot.store.store import Store

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger("bot.deliver")

MOST = 64  # deliveries under way at one time
GATHER_SECONDS = 0.1  # what ends within it is kept in one round, as long as enough is under way
TRIES = 5  # that a library makes of a request before it tells that it has to wait
LONGEST_SLEEP = 60.0  # seconds: whatever happens, it looks again
UNREADY_SLEEP = 0.2  # seconds: until the platform is connected

Show = Callable[[Reply, str, str, datetime], Reply]
"""The words of a delivery, its heading, its mark and now → the reply as it is posted."""

_reply = lru_cache(64)(parse_reply)  # most deliveries of a minute have the same words


def _chance() -> float:
    return random()  # noqa: S311  (for jitter)


def account_setting(platform: str) -> str:
    """The name under which the store remembers as whom deliveries are made."""
    return f"{platform}-account"


class Job(NamedTuple):
    """One delivery that was taken, with what is kept of it."""

    row: DeliveryRow
    words: str = ""  # of its body, as they are kept
    target: DeliveryRow | None = None  # of an edit or an answer: the delivery that brought the post


class Taken(NamedTuple):
    """What one round brings."""

    jobs: list[Job]
    next_due: datetime | None


class Pump:
    """Delivers for one platform until told to end.

    `now` is the clock, `mark` makes the id of a new delivery.
    """

    def __init__(
        self,
        store: Store,
        poster: Poster,
        show: Show,
        now: Callable[[], datetime],
        mark: Callable[[], str],
    ) -> None:
        self._store = store
        self._poster = poster
        self._show = show
        self._now = now
        self._mark = mark
        self._busy: set[asyncio.Task[None]] = set()
        self._steps: list[Step] = []
        self._wake = asyncio.Event()
        self._ending = False
        self._until = 0.0  # of the event loop's clock: nothing is sent before
        self._guard = Guard()
        self._warned = False
        self._gathering: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Says that there may be something to deliver; from the event loop's thread."""
        self._wake.set()

    async def run(self) -> None:
        """Pumps until `end`."""
        await self._begin()
        while not self._ending:
            self._wake.clear()
            room = MOST - len(self._busy) if self._poster.ready and not self._waiting() else 0
            steps, self._steps = self._steps, []
            try:
                taken = await asyncio.to_thread(self._round, steps, room)
            except Exception:  # a database that is locked or full may be well again later
                log.exception("the outbox cannot be used; trying again")
                self._steps = steps + self._steps
                await asyncio.sleep(policy.FIRST_PAUSE)
                continue
            for job in taken.jobs:
                task = asyncio.create_task(self._deliver(job))
                self._busy.add(task)
                task.add_done_callback(self._finished)
            await self._sleep(taken, room)
        await self._finish()

    async def _begin(self) -> None:
        """Sees to what the last process left, once it is known as whom this one posts."""
        told = False
        while not self._ending:
            try:
                if self._poster.ready and not (other := await asyncio.to_thread(self._other_account)):
                    count = await asyncio.to_thread(self._store.write, self._recover)
                    break
            except Exception:  # a database that is locked or full may be well again later
                log.exception("the outbox cannot be used; trying again")
                await self._woken(policy.FIRST_PAUSE)
                continue
            if self._poster.ready and not told:
                told = True
                log.error(
                    "this database belongs to another account of %s (%s), and this one (%s) delivers nothing"
                    " from it; set the token of that one, or hand over with: exomars digest adopt",
                    self._poster.platform,
                    other,
                    self._poster.account,
                )
            await self._woken(LONGEST_SLEEP if told else UNREADY_SLEEP)
            self._wake.clear()
        else:
            return
        if count:
            log.info("%d deliveries were under way when the bot last ended; each is made sure of", count)

    def _other_account(self) -> str:
        """The account that delivered from this database before, where it is not this one."""
        name = account_setting(self._poster.platform)
        known, mine = self._store.recall(name), self._poster.account
        if mine and not known:
            self._store.remember(name, mine)
        return known if mine and known and mine != known else ""

    async def end(self, seconds: float) -> None:
        """Takes nothing more, and waits for what is under way, at most so long."""
        self._ending = True
        self._wake.set()
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)
        for task in self._busy:  # whoever delivers next looks for what is cut off here
            task.cancel()

    async def _finish(self) -> None:
        """Keeps the outcomes that have come in the meantime."""
        while self._busy or self._steps:
            steps, self._steps = self._steps, []
            if steps:
                await asyncio.to_thread(self._round, steps, 0)
            elif self._busy:
                await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)

    async def _sleep(self, taken: Taken, room: int) -> None:
        """Until there is something to do: an outcome to keep, room for more, or the next that is due."""
        seconds = LONGEST_SLEEP
        waiting = self._waiting()
        if waiting:
            seconds = min(waiting, seconds)
        elif not self._poster.ready and not self._busy:
            seconds = UNREADY_SLEEP
        elif len(taken.jobs) < room and taken.next_due:
            seconds = min(max((taken.next_due - self._now()).total_seconds(), 0.0), seconds)
        if not self._ending:
            await self._woken(seconds)

    async def _woken(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._busy.discard(task)
        if len(self._busy) <= MOST // 2:
            self._wake.set()
        elif self._gathering is None:
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(GATHER_SECONDS, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self._wake.set()

    def _waiting(self) -> float:
        """Seconds for which nothing may be sent."""
        now = asyncio.get_running_loop().time()
        guarded = self._guard.wait(now)
        if guarded and not self._warned:
            log.error(
                "%s has refused so much that nothing is sent for %.0f s; see the refusals above",
                self._poster.platform,
                guarded,
            )
        self._warned = bool(guarded)
        return max(self._until - now, guarded, 0.0)

    async def _deliver(self, job: Job) -> None:
        """Carries out one delivery; what came of it goes into the next round."""
        row = job.row
        try:
            step = await self._step(job)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.exception("delivery %s went wrong in the bot", row.id)
            step = policy.lost(row, f"something went wrong in the bot ({error})", self._now(), _chance())
        if step.wait:
            self._until = max(self._until, asyncio.get_running_loop().time() + step.wait)
        self._steps.append(step)

    async def _step(self, job: Job) -> Step:
        row, poster, now = job.row, self._poster, self._now()
        what = policy.first(row, now, poster.window(row), poster.settle(row))
        if what == "hold":
            return policy.held(row, now)
        if what == "wait":
            return policy.later(row, now, poster.settle(row))
        await poster.turn(row)
        order = Order(row, self._reply(job), job.target.message if job.target else "")
        outcome = await (poster.look(order) if what == "look" else poster.carry_out(order))
        if isinstance(outcome, Refused | Wait) and outcome.invalid:
            self._guard.refused(asyncio.get_running_loop().time(), TRIES if isinstance(outcome, Wait) else 1)
        step = policy.after(row, outcome, self._now(), _chance())
        if not isinstance(outcome, Sent) and step.attempt:
            what_it_is = "correction" if job.target else "digest"
            log.warning("%s to %s %s: %s", what_it_is, row.platform, row.place, step.attempt.outcome)
        return step

    def _reply(self, job: Job) -> Reply | None:
        """What is said; a correction has the heading of its post, as late as that was."""
        row, target = job.row, job.target
        if not job.words:
            return None
        if target is None:
            return self._show(_reply(job.words), row.heading, row.id, self._now())
        # Not when it was known to have arrived: where the bot was killed in between, that is later.
        then = moment(target.first_try or target.done or target.made)
        reply = correcting.shown(_reply(job.words), row)
        return self._show(reply, target.heading, correcting.mark(row), then)

    # ── on the writer's thread ──────────────────────────────────────────────────────────

    def _recover(self, db: "Database") -> int:
        return Outbox(db.conn).recover(self._poster.platform, self._now())

    def _round(self, steps: list[Step], room: int) -> Taken:
        def work(db: "Database") -> Taken:
            outbox, platform = Outbox(db.conn), self._poster.platform
            outbox.keep([step.row for step in steps])
            for step in steps:
                self._follow(db, step)
            jobs = [Job(row) for row in outbox.take(platform, self._now(), room)] if room else []
            going = copies.take(outbox, platform, room - len(jobs), self._now())
            jobs += [Job(one.row, target=one.target) for one in going.corrections]
            # Most of them have the same words.
            bodies = {body: outbox.body(body) for body in {job.row.body for job in jobs} if body}
            jobs = [job._replace(words=bodies.get(job.row.body or 0, "")) for job in jobs]
            due = [one for one in (outbox.next_due(platform), going.next_due) if one]
            return Taken(jobs, moment(min(due)) if due else None)

        return self._store.write(work)

    def _follow(self, db: "Database", step: Step) -> None:
        """Keeps what follows from what came of one try."""
        outbox, row, now = Outbox(db.conn), step.row, self._now()
        if step.attempt:
            outbox.note(step.attempt)
        if row.state == "done" and row.publish and row.task in {"post", "answer"}:
            due = policy.publish_at(outbox.publications(row.place, now - policy.HOUR), now)
            outbox.promise(policy.publication(row, self._mark(), due, now))
        copies.follow(outbox, step, self._mark, now)
        if step.refused and step.refused.ours:
            log.error("delivery %s cannot be made: %s", row.id, step.refused.why)
        elif step.refused and row.task == "post":
            self._pause(db, row, step.refused, now)

    def _pause(self, db: "Database", row: DeliveryRow, why: Refused, now: datetime) -> None:
        """Pauses a subscription whose channel refuses it, and tells its admins."""
        register, outbox = Register(db.conn), Outbox(db.conn)
        subscription = register.get(row.subscription)
        if subscription is None or subscription.ended or subscription.paused:
            return
        register.save(subscription._replace(paused=f"{why.why}; {why.mend}", look=None))
        log.warning("digest no. %d is paused: %s; %s", row.subscription, why.why, why.mend)
        if subscription.by and row.place_kind != "direct":
            body = outbox.put_body(reply_text(refused(subscription, why.why, why.mend)))
            outbox.promise(notice(subscription, self._mark(), body, now))
