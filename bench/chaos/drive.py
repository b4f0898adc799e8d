"""One run: goes through the days of a plan from one moment to the next, with trouble and kills."""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from bench.chaos.books import Books, Busy
from bench.chaos.killing import HANGING, STARTING, Killer
from bench.chaos.oracle import days_between
from bench.chaos.process import Bot
from bench.chaos.scene import Wish, set_up
from bench.chaos.shift import Shift
from bench.chaos.stage import Stage
from bench.chaos.story import Story, configure

SETTLE_SECONDS = 12.0
MOST_STUCK = 6  # times that the bot may have something left to do at the end
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_NOTICED = timedelta(seconds=32)  # a jump of the clock that the bot surely notices


class Staging(Protocol):
    """Makes the stage of a run."""

    def __call__(self, clock: Callable[[], float], chance: Random, *, hangs: int) -> Stage:
        """By a clock, in seconds since 1970, and by chance; so many requests may hang."""


class Plan(NamedTuple):
    """How long a run is, and how hard."""

    name: str
    stage: Staging
    places: int
    stretches: tuple[tuple[date, int], ...]  # first day and number of days; between them the bot is away
    kills: int
    editions: int  # that have to have arrived
    hangs: int
    corrections: int  # of facts that were told
    away: float  # hours for which it stays killed, at most
    leap: tuple[float, float]  # hours that the clock may be put forward by, over what is due meanwhile
    seconds: float  # that it may take


class Ran(NamedTuple):
    """What there is to be checked after a run."""

    plan: Plan
    wishes: list[Wish]
    stage: Stage
    bot: Bot
    story: Story
    end: datetime
    calm: list[datetime]  # moments at which the bot had done all that was to be done by then
    known: dict[str, datetime]  # sources: when the bot knew them
    killer: Killer
    steps: int
    seconds: float


class Run:
    """A run under way."""

    def __init__(self, plan: Plan, folder: Path, seed: int) -> None:
        self._plan = plan
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._chance = Random(seed)
        # An hour before the first of its days, so that everything of that day is still to come.
        start = _midnight(plan.stretches[0][0]) - timedelta(hours=1)
        self._shift = Shift(folder / "clock", start)
        days = [first + ahead * _DAY for first, count in plan.stretches for ahead in range(count)]
        self._story = Story(folder, days, self._chance)
        self._days = set(days)
        self._total = len(days)
        self._gone = 0.0  # of all days, how many have passed
        configure(folder, 0)
        self._stage = plan.stage(self._shift.seconds, self._chance, hangs=plan.hangs)
        self._calm: list[datetime] = []
        self._known: dict[str, datetime] = {}
        self._steps = 0

    async def __call__(self) -> Ran:
        """Runs it from its first day to its end."""
        started = time.monotonic()
        async with self._stage as stage:
            self._wishes = set_up(stage, self._folder, self._plan.places, self._shift.now(), self._chance)
            self._bot = Bot(self._folder, stage.environment, module=stage.bot)
            self._books = Books(str(self._bot.database), stage.platform)
            self._killer = Killer(self._bot, stage, self._books, self._chance)
            try:
                await self._start()
                for first, count in self._plan.stretches:
                    await self._through(_midnight(first), _midnight(first + count * _DAY))
                await self._come_to_rest()
            finally:
                self._bot.kill()
                await self._bot.gone()
                self._books.close()
        return Ran(
            self._plan,
            self._wishes,
            self._stage,
            self._bot,
            self._story,
            self._calm[-1],
            self._calm,
            self._known,
            self._killer,
            self._steps,
            time.monotonic() - started,
        )

    # ── the way through the days ────────────────────────────────────────────────────────

    async def _through(self, begin: datetime, end: datetime) -> None:
        """One stretch of days."""
        if self._shift.now() < begin - _DAY:
            await self._bot.end()
            self._shift.move_to(begin)
            await self._start()
            await self._settle()
        dues: dict[datetime, list[str]] = {}
        for wish in self._wishes:
            for _, due in days_between(self._shift.now(), end, wish.it.at, wish.it.zone):
                dues.setdefault(due, []).append(wish.place.id)
        stops, before = sorted(dues), self._gone
        while (at := bisect_right(stops, self._shift.now())) < len(stops):
            last, stop = self._next_stop(stops, at)
            self._gone = before + max((stop - begin) / _DAY, 0.0)
            await self._step(stop, [place for due in stops[at : last + 1] for place in dues[due]])
        self._gone = before + (end - begin) / _DAY

    def _next_stop(self, stops: list[datetime], at: int) -> tuple[int, datetime]:
        """Where to go: to the next moment at which something is due, or over several of them.

        Returns the place of the last of these, and the moment.
        """
        if self._chance.random() < 0.35:
            return at, stops[at]
        to = self._shift.now() + timedelta(hours=self._chance.uniform(*self._plan.leap))
        last = max(min(bisect_right(stops, to), len(stops) - 1), at)
        return last, stops[last] if self._chance.random() < 0.6 else max(stops[last], to)

    async def _step(self, stop: datetime, places: list[str]) -> None:
        """From now to a moment at which something is due in these places."""
        self._steps += 1
        self._publish()
        self._stage.scatter(places, 0.12)
        disturbing = asyncio.create_task(self._stage.disturb())
        if self._killer.kills.total() < self._plan.kills * self._gone / self._total:
            await self._killed(self._killer.draw(), stop, len(places))
        else:
            ahead = self._chance.choice((0.1, 0.1, 0.1, 0.1, 2.0))
            self._shift.move_to(stop - timedelta(seconds=self._chance.uniform(0.0, ahead)))
            await self._settled_at(stop)
        await disturbing
        self._stage.tally()

    def _publish(self) -> None:
        """The sources of the days that have begun."""
        today = self._shift.now().date()
        for day in sorted(day for day in self._days if day <= today):
            self._days.discard(day)
            self._story.add(day)
            if day.toordinal() % 4 == 0:
                self._story.brief(day, f"On {day} the ferry was being built.")
            if day.toordinal() % 8 == 5:
                self._story.brief(day - _DAY, f"On {day - _DAY} the ferry was nearly built.")
        if len(self._story.corrected) < self._plan.corrections * self._gone / self._total:
            self._story.correct_newest(self._known, today)

    async def _settled_at(self, stop: datetime) -> None:
        """Waits until what is due by a moment is done; what has to wait for its next try gets that soon."""
        busy = await self._settle(stop)
        for _ in range(2):
            again = self._books.next_try()
            if busy or again is None or again > self._shift.now() + 20 * _MINUTE:
                break
            self._shift.move_to(max(again, self._shift.now() + _NOTICED))
            busy = await self._settle()
        if busy and busy.taken:
            # The clock is not put forward while requests hang: a library may repeat some of them.
            await self._killer.kill(HANGING)
            await self._start()

    async def _settle(self, stop: datetime | None = None) -> Busy:
        """Waits until all is done that is due by now, and by `stop`; returns what is not."""
        end = (
            time.monotonic()
            + SETTLE_SECONDS
            + (max((stop - self._shift.now()).total_seconds(), 0.0) if stop else 0.0)
        )
        while True:
            now = self._shift.now()
            busy = self._books.busy(now)
            if not busy and (stop is None or now > stop) and self._stage.ready:
                self._calm.append(now)
                known = self._books.sources()
                for log in self._story.logs:
                    if log.id in known:
                        self._known.setdefault(log.id, now)
                return busy
            if time.monotonic() > end:
                return busy
            await asyncio.sleep(0.03)

    # ── kills ───────────────────────────────────────────────────────────────────────────

    async def _killed(self, when: str, stop: datetime, count: int) -> None:
        """A step in which the bot is killed."""
        chance, killer = self._chance, self._killer
        if when == STARTING:
            await killer.kill(when)
            await self._start()
            await asyncio.sleep(chance.uniform(0.05, 1.2))
            await killer.kill(when)
            await self._start()
            self._shift.move_to(stop)
            await self._settled_at(stop)
            return
        waiting = killer.lie_in_wait(when, count)
        self._shift.move_to(stop - timedelta(seconds=chance.uniform(0.0, 0.5)))
        await killer.strike(waiting, when)
        away = min(killer.away(), self._plan.away * 3600)
        self._shift.move_to(self._shift.now() + timedelta(seconds=away))
        self._stage.passed(away)
        await self._start()
        await self._settled_at(max(stop, self._shift.now()))

    async def _start(self) -> None:
        """Starts the bot; in the middle third of a run the platform's limit is on."""
        limited = 1 / 3 <= self._gone / self._total < 2 / 3
        self._stage.limit(self._folder, limited=limited)
        await self._stage.at_start()
        await self._bot.start()

    async def _come_to_rest(self) -> None:
        """Nothing goes wrong any more, until nothing is left to be done."""
        self._stage.tally()
        self._stage.limit(self._folder, limited=False)
        stuck = 0
        while stuck < MOST_STUCK:
            busy = await self._settle()
            stuck += bool(busy)
            again = self._books.next_try()
            if not busy and again is None:
                break
            self._shift.move_to(max(again or self._shift.now(), self._shift.now() + _NOTICED))
        await self._bot.end()
        self._stage.tally()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
