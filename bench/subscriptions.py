"""50,000 subscriptions in one process: how long it takes to start, what it holds, what it does in between.

The same with 100 of them stands beside it: what the bot does between two editions must not grow with
their number. Discord is the local double, with as many channels as there are subscriptions.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.folder import EXOMARS, ROOT, environment, story_folder
from bench.host import Host, cpu_seconds
from bench.memory import peak, resident
from bench.subscribed import configure, subscribe
from bench.table import Result, Row, Target
from bot.store.connect import connect
from bot.store.moments import moment

FEW, MANY, QUICK_MANY = 100, 50_000, 5_000
AT_ONE_MINUTE = 1_000
IN_ONE_SERVER = 25  # channels with a digest
IDLE_SECONDS, QUICK_IDLE_SECONDS = 30.0, 10.0
START_SECONDS = 120.0
SETTLE_SECONDS = 5.0  # after the start, before it counts as idle
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Taken(NamedTuple):
    """What one process took."""

    subscriptions: int
    watched: float  # seconds from its start until every subscription is watched
    connected: float  # seconds from its start until it is connected as well
    held: float  # MB
    most_held: float  # MB, since its start
    idle: float  # CPU seconds while nothing is due
    made: float  # seconds from a minute until all editions of that minute are promised
    editions: int


def run(*, quick: bool = False) -> Result:
    """Measures few and many."""
    many = QUICK_MANY if quick else MANY
    idle = QUICK_IDLE_SECONDS if quick else IDLE_SECONDS
    taken = [asyncio.run(_measure(count, idle)) for count in (FEW, many)]
    few, most = taken
    heads = (
        ("watched after, s", "watched"),
        ("connected after, s", "connected"),
        ("MB", "held"),
        ("MB at most", "most_held"),
        (f"CPU s in {idle:.0f} idle s", "idle"),
        ("editions of one minute", "editions"),
        ("all promised after, s", "made"),
    )
    rows: list[Row] = [
        {"subscriptions": one.subscriptions, **{head: getattr(one, name) for head, name in heads}}
        for one in taken
    ]
    growth = most.idle / max(few.idle, 0.01)
    what = f"{most.subscriptions:,} subscriptions"
    targets = [
        Target(f"{what}: connected and watching", 10.0, max(most.watched, most.connected), " s"),
        Target(f"{what}: memory at most", 400.0, most.most_held, " MB"),
        Target(f"{what}: CPU while idle, against {few.subscriptions}", 1.5, growth),
    ]
    return Result("subscriptions", "One process, with few and with many subscriptions", rows, targets)


async def _measure(count: int, idle: float) -> Taken:
    with story_folder() as folder:
        configure(folder, 0)
        async with Host(max(count // IN_ONE_SERVER, 1), count, 0) as host:
            now = datetime.now(UTC)
            # Before this minute the bot has started and been idle for long enough.
            busy = _next_minute(now + timedelta(seconds=idle + SETTLE_SECONDS + 10 + count / 2000))
            soon = min(AT_ONE_MINUTE, count // 2)
            database = folder / "bench.db"
            far = [now.replace(second=0, microsecond=0) + ahead * 7 * _MINUTE for ahead in range(30, 180)]
            await asyncio.to_thread(subscribe, folder, database, host.channels[:soon], [busy], now)
            await asyncio.to_thread(subscribe, folder, database, host.channels[soon:], far, now)
            started = time.monotonic()
            with (folder / "log").open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    EXOMARS,
                    "run",
                    cwd=folder,
                    env=environment(EXOMARS_DB=str(database), PYTHONPATH=str(ROOT), **host.settings),
                    stderr=log,
                )
            try:
                watched = await _said(folder / "log", "subscriptions are watched") - started
                connected = await _said(folder / "log", "connected to Discord") - started
                await asyncio.sleep(SETTLE_SECONDS)
                before = cpu_seconds(process.pid)
                await asyncio.sleep(idle)
                spent = cpu_seconds(process.pid) - before
                held, most = resident(process.pid), peak(process.pid)
                assert datetime.now(UTC) < busy, "the machine is too slow for this benchmark"
                await asyncio.sleep((busy - datetime.now(UTC)).total_seconds())
                await host.stored(soon, 60.0)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            made = (max(_made(database)) - busy).total_seconds()
    return Taken(count, watched, connected, held, most, spent, made, soon)


async def _said(log: Path, words: str) -> float:
    """Waits until a log has these words; when that was."""
    async with asyncio.timeout(START_SECONDS):
        while words not in await asyncio.to_thread(log.read_text, encoding="utf-8"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return time.monotonic()


def _made(database: Path) -> Sequence[datetime]:
    """When each delivery was promised."""
    db = connect(str(database), readonly=True)
    try:
        return [moment(str(row[0])) for row in db.execute("SELECT made FROM delivery")]
    finally:
        db.close()


def _next_minute(after: datetime) -> datetime:
    return after.replace(second=0, microsecond=0) + _MINUTE
