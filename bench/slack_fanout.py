"""One edition to 2,000 Slack channels at the pace that Slack allows: how fast, and that nothing is refused.

    python -m bench.slack_fanout [--full]

Slack is the local double, with its limits on: one message a second in a channel, 300 a minute in all. By
default there are fewer channels, and a minute has six seconds; `--full` takes ten minutes. A person types
questions in a channel meanwhile, whose answers count as well.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bench.delivering import STATUS, end, just_now
from bench.folder import EXOMARS, ROOT, environment, set_to, story_folder
from bench.host import cpu_seconds
from bench.subscribed import subscribe
from bench.table import Result, Row, Target, median, percentile, report
from tests.doubles.slack import Channel, SlackDouble

PER_MINUTE = 300
CHANNELS, MINUTE = 2_000, 60.0
QUICK_CHANNELS, QUICK_MINUTE = 600, 6.0
POST = "chat.postMessage"
BETWEEN_ASKS = 1.2  # seconds: more than Slack wants between two messages in one channel
IDLE_ASKS = 20
SECONDS = 60.0  # for the bot to start, and for an answer


class Found(NamedTuple):
    """What came of one edition."""

    copies: Sequence[int]  # of each channel, how many it got
    seconds: float  # from the first copy to the last
    too_many: int  # requests that were answered with 429
    fullest: int  # messages in the minute that had the most
    closest: float  # seconds between those two messages in one channel that came closest together
    idle: Sequence[float]  # seconds that a person waited for an answer before
    busy: Sequence[float]  # and meanwhile
    cpu: float  # seconds of the bot

    def in_a_minute(self, messages: int, minute: float) -> float:
        """How many came in a minute, where so many came in all."""
        return (messages - 1) * minute / self.seconds if self.seconds else 0.0


class Stage(NamedTuple):
    """The bot, connected to a double with very many channels."""

    slack: SlackDouble
    places: Sequence[Channel]
    talk: Channel  # where a person asks
    folder: Path  # of the bot
    pid: int  # its own


def run(*, quick: bool = False) -> Result:
    """Measures all of it."""
    channels, minute = (QUICK_CHANNELS, QUICK_MINUTE) if quick else (CHANNELS, MINUTE)
    return result(asyncio.run(measured(channels, minute)), minute)


def result(found: Found, minute: float) -> Result:
    """The figures as a table, and what was promised."""
    posted, answered = sum(found.copies), len(found.busy)
    a_minute = "a minute" if minute == MINUTE else f"a minute of {minute:g} seconds"
    together = found.in_a_minute(posted + answered, minute)
    rows = [
        _row(f"copies in {a_minute}", found.in_a_minute(posted, minute), "messages"),
        _row(f"copies and answers in {a_minute}", together, "messages"),
        _row(f"the most in any {a_minute.removeprefix('a ')}", found.fullest, "messages"),
        _row("between two messages in one channel, at the least", found.closest, "s"),
        _row("the last copy after the first", found.seconds, "s"),
        _row("refused (429)", found.too_many, "requests"),
        _row("CPU time", 1e3 * found.cpu / max(posted, 1), "ms/message"),
        _row("!exomars status, idle, median", 1e3 * median(found.idle), "ms"),
        _row("!exomars status meanwhile, median", 1e3 * median(found.busy), "ms"),
        _row("!exomars status meanwhile, p99", 1e3 * percentile(found.busy, 99), "ms"),
        _row("!exomars status meanwhile, asked", answered, "times"),
    ]
    targets = [
        Target(f"copies and answers in {a_minute}", 0.95 * PER_MINUTE, together, least=True),
        Target("requests refused with 429", 0, found.too_many),
        Target("channels that got it twice", 0, sum(one > 1 for one in found.copies)),
        Target("channels that got nothing", 0, found.copies.count(0)),
    ]
    title = f"One edition to {len(found.copies):,} channels of a local Slack, {PER_MINUTE} messages a minute"
    return Result("slack_fanout", title, rows, targets)


async def measured(
    channels: int, minute: float, idle_asks: int = IDLE_ASKS, allowed: int = PER_MINUTE
) -> Found:
    """One edition to so many channels, where a minute has so many seconds, and Slack allows so many in it."""
    async with _delivering(channels, minute, allowed) as on:
        idle: list[float] = []
        busy: list[float] = []
        await _ask(on, idle, idle_asks)
        await asyncio.sleep(minute)  # after it, these answers count no more
        spent, now = cpu_seconds(on.pid), datetime.now(UTC)
        ids = [(on.slack.team.id, place.id) for place in on.places]
        await asyncio.to_thread(
            subscribe, on.folder, on.folder / "bench.db", ids, [just_now()], now, platform="slack"
        )
        asking = asyncio.create_task(_ask(on, busy))
        try:
            most = channels / PER_MINUTE * minute * 1.5 + SECONDS
            await on.slack.until(lambda: all(place.messages for place in on.places), most, "too few copies")
            await asyncio.sleep(1.0)  # for what would come twice
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        return _found(on, idle, busy, cpu_seconds(on.pid) - spent, minute)


def _found(on: Stage, idle: Sequence[float], busy: Sequence[float], cpu: float, minute: float) -> Found:
    copies = [on.slack.from_bot(place) for place in on.places]
    times = sorted(float(message.ts) for some in copies for message in some)
    by_channel: dict[str, list[float]] = {}
    for request in on.slack.requested(POST):
        by_channel.setdefault(str(request.args.get("channel")), []).append(request.loop_at)
    gaps = [after - before for some in by_channel.values() for before, after in pairwise(some)]
    return Found(
        [len(some) for some in copies],
        times[-1] - times[0],
        on.slack.too_many,
        _fullest(sorted(at for some in by_channel.values() for at in some), minute),
        min(gaps, default=0.0),
        idle,
        busy,
        cpu,
    )


def _fullest(times: Sequence[float], minute: float) -> int:
    """How many moments there were in the minute that had the most."""
    most, first = 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - minute:
            first += 1
        most = max(most, last - first + 1)
    return most


async def _ask(on: Stage, taken: list[float], times: int | None = None) -> None:
    """Asks so many times, or until it is cancelled; each time after a pause."""
    while times is None or len(taken) < times:
        await asyncio.sleep(BETWEEN_ASKS)
        there, start = len(on.slack.from_bot(on.talk)), time.perf_counter()
        await on.slack.types(on.talk, STATUS)
        await _answered(on, there + 1)
        taken.append(time.perf_counter() - start)


async def _answered(on: Stage, count: int) -> None:
    """Waits until the person has so many answers."""
    await on.slack.until(lambda: len(on.slack.from_bot(on.talk)) >= count, SECONDS, "no answer")


@asynccontextmanager
async def _delivering(channels: int, minute: float, allowed: int) -> AsyncIterator[Stage]:
    """The bot beside a double that keeps Slack's limits; it has read its story."""
    with story_folder() as folder:
        set_to(folder, posts_per_minute=round(PER_MINUTE * MINUTE / minute), reload_seconds=0)
        async with SlackDouble() as slack:
            slack.limit_channels(1.0)
            slack.limit_workspace(allowed, minute)
            slack.add_user("ann")
            places = [slack.add_channel(f"news-{number}") for number in range(channels)]
            process = await asyncio.create_subprocess_exec(
                EXOMARS,
                "run",
                cwd=folder,
                env=environment(
                    EXOMARS_DB=str(folder / "bench.db"), PYTHONPATH=str(ROOT), **slack.environment
                ),
                stderr=asyncio.subprocess.DEVNULL,
            )
            on = Stage(slack, places, slack.add_channel("talk"), folder, process.pid)
            try:
                await slack.connected(timeout=SECONDS)
                await slack.types(on.talk, STATUS)
                await _answered(on, 1)
                yield on
            finally:
                await end(process)


def _row(what: str, figure: float, unit: str) -> Row:
    return {"what": what, "figure": figure, "unit": unit}


def main() -> int:
    """Measures and prints; 1 where a target was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.slack_fanout", description="Measures Slack's pace."
    )
    parser.add_argument("--full", action="store_true", help="2,000 channels, and minutes of sixty seconds")
    found = run(quick=not parser.parse_args().full)
    report(found)
    return 1 if any(not target.met for target in found.targets) else 0


if __name__ == "__main__":
    raise SystemExit(main())
