"""The pace of requests: evenly, never more than allowed, and people first.

The loop's clock is made here: it jumps to when the next timer is due, and a bit beyond, as a real one
wakes late. So nothing is measured that depends on the machine.
"""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.edge.pace import Pace

Late = Callable[[], float]


def never() -> float:
    """A clock on which every timer wakes in time."""
    return 0.0


def stalling(seed: int, every: float = 0.02) -> Late:
    """Wakes 0 to 2 ms late, and now and then, with a chance of `every`, 50 ms."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    return lambda: 0.05 if chance.random() < every else chance.uniform(0.0, 0.002)


class _Selector(selectors.SelectSelector):
    """Instead of waiting it lets the clock jump."""

    def __init__(self, late: Late) -> None:
        super().__init__()
        self._late = late
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready at once; else the time that was to be waited is over."""
        found = super().select(0)
        if not found and timeout:
            self.now += timeout + self._late()
        return found


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose time is the selector's."""

    def __init__(self, late: Late) -> None:
        self._jumping = _Selector(late)
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def stall(self, seconds: float) -> None:
        """Something keeps the loop busy for so long."""
        self._jumping.now += seconds


def run(work: Callable[[_Loop], Coroutine[Any, Any, None]], late: Late = never) -> None:
    """Runs a coroutine on a loop with a made clock."""
    with asyncio.Runner(loop_factory=lambda: _Loop(late)) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, _Loop)
        runner.run(work(loop))


def most_within(times: list[float], seconds: float = 1.0) -> int:
    """The largest number of moments in any stretch of so many seconds, its end not included."""
    most, first = 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


async def one_by_one(loop: _Loop, pace: Pace, seconds: float) -> list[float]:
    """Takes turns one after the other for so long; when each came."""
    times: list[float] = []
    start = loop.time()
    while loop.time() < start + seconds:
        await pace.turn()
        times.append(loop.time())
    return times


async def at_once(loop: _Loop, pace: Pace, seconds: float) -> list[float]:
    """Sixty-four who take turns at the same time for so long; when each came."""
    times: list[float] = []
    start = loop.time()

    async def take() -> None:
        while loop.time() < start + seconds:
            await pace.turn()
            times.append(loop.time())

    await asyncio.gather(*(take() for _ in range(64)))
    return sorted(times)


@pytest.mark.parametrize("take", [one_by_one, at_once])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_as_fast_as_allowed_and_never_faster(take: Any, seed: int) -> None:
    """Timers that wake late and a loop that stalls cost next to nothing, and make no second too full."""

    async def work(loop: _Loop) -> None:
        start = loop.time()
        times = await take(loop, Pace(49), 10.0)
        assert most_within(times) <= 49
        assert len([one for one in times if one < start + 10]) >= 485

    run(work, stalling(seed))


def test_it_keeps_up_for_ten_minutes() -> None:
    """What waking late costs does not add up."""

    async def work(loop: _Loop) -> None:
        times = await one_by_one(loop, Pace(49), 600.0)
        assert most_within(times) <= 49
        assert len(times) >= 48.5 * 600

    run(work, stalling(1))


def test_requests_are_spread_evenly() -> None:
    """No stretch of time, however short, has more than its share and one."""

    async def work(loop: _Loop) -> None:
        times = await at_once(loop, Pace(20), 5.0)
        for share in range(1, 20):
            assert most_within(times, share * 0.05 - 1e-6) <= share + 1
        assert len(times) >= 100

    run(work)


@pytest.mark.parametrize("pause", [0.3, 1.0, 3600.0])
def test_a_pause_is_not_saved_up(pause: float) -> None:
    """Who has sent nothing for long may send two at once, and not all that was not sent."""

    async def work(loop: _Loop) -> None:
        pace = Pace(49)
        await one_by_one(loop, pace, 0.5)
        await asyncio.sleep(pause)
        start = loop.time()
        times = await one_by_one(loop, pace, 0.5)
        assert sum(one == start for one in times) <= 2

    run(work, stalling(3))


@pytest.mark.parametrize("stall", [0.05, 0.5, 5.0, 3600.0])
def test_a_long_stall_makes_no_second_too_full(stall: float) -> None:
    """Those who should have gone during a stall do not all go behind it."""

    async def work(loop: _Loop) -> None:
        pace, times = Pace(49), [0.0]

        async def take() -> None:
            for _ in range(20):
                await pace.turn()
                times.append(loop.time())

        waiting = [asyncio.create_task(take()) for _ in range(10)]
        await asyncio.sleep(0.7)
        loop.stall(stall)
        await asyncio.gather(*waiting)
        assert most_within(times) <= 49
        # Nor do all that a second may have go at its beginning.
        assert most_within(times, 0.02) <= 8

    run(work)


def test_what_is_sent_for_people_delays_the_rest() -> None:
    """A request for a person waits for nothing; those that wait give way to it, each by its share."""

    async def work(loop: _Loop) -> None:
        pace = Pace(10)
        await pace.turn()
        await pace.turn()
        start = loop.time()
        waiting = asyncio.create_task(pace.turn())
        await asyncio.sleep(0.01)
        for _ in range(5):
            pace.ahead()
        assert not waiting.done()
        assert loop.time() == pytest.approx(start + 0.01)
        await waiting
        assert loop.time() == pytest.approx(start + 0.6)  # one tenth of its own, five of theirs

    run(work)


def test_digests_and_answers_together_stay_below_the_limit() -> None:
    """With a steady stream of answers, digests take only what these leave."""

    async def work(loop: _Loop) -> None:
        pace, times, start = Pace(49), [0.0], loop.time()

        async def answer() -> None:
            while loop.time() < start + 10:
                pace.ahead()
                times.append(loop.time())
                await asyncio.sleep(0.1)

        answers = asyncio.create_task(answer())
        digests = await one_by_one(loop, pace, 10.0)
        await answers
        assert len(times) - 1 >= 95
        # An answer cannot wait until a second that is full of digests is over.
        assert most_within(sorted(times + digests)) <= 49 + most_within(times)
        assert 49 * 10 - 8 <= len(digests) + len(times) - 1 <= 49 * 10 + 4

    run(work, stalling(4, every=0.0))


def test_whoever_gives_up_waiting_takes_no_turn() -> None:
    """A turn that was cancelled is the next one's."""

    async def work(loop: _Loop) -> None:
        pace = Pace(10)
        await pace.turn()
        await pace.turn()
        start = loop.time()
        given_up = [asyncio.create_task(pace.turn()) for _ in range(5)]
        await asyncio.sleep(0.05)
        for task in given_up:
            task.cancel()
        await pace.turn()
        assert loop.time() == pytest.approx(start + 0.1)

    run(work)


@pytest.mark.parametrize(("per_second", "count", "seconds"), [(0.5, 1, 2.0), (2.5, 3, 1.2), (1, 1, 1.0)])
def test_a_slow_pace_is_kept_too(per_second: float, count: int, seconds: float) -> None:
    """Also less than one a second, and what is no whole number."""

    async def work(loop: _Loop) -> None:
        times = await one_by_one(loop, Pace(per_second), 60.0)
        assert most_within(times, seconds) <= count
        assert len(times) == pytest.approx(60 * per_second, abs=2.5)

    run(work, stalling(5))


@pytest.mark.parametrize("per_second", [0, -1])
def test_without_a_limit_nobody_waits(per_second: float) -> None:
    """A pace of 0 lets everything through, without even giving way to other tasks."""

    async def work(loop: _Loop) -> None:
        pace, start = Pace(per_second), loop.time()
        others: list[int] = []
        loop.call_soon(others.append, 1)
        for _ in range(1000):
            await pace.turn()
            pace.ahead()
        assert loop.time() == start
        assert others == []

    run(work)


def test_on_a_real_clock_it_waits() -> None:
    """The same with the clock of the machine: no faster than it should be."""

    async def work() -> list[float]:
        pace, loop = Pace(200), asyncio.get_running_loop()
        times = []
        for _ in range(250):
            await pace.turn()
            times.append(loop.time())
        return times

    assert most_within(asyncio.run(work())) <= 200
