"""One edition to 10,000 channels: how fast, how punctual, and what a person who asks meanwhile waits.

Discord is the local double in a process of its own, the bot and the bare discord.py loop beside it are
processes of their own as well. Times are taken where a message is stored.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

from bench.delivering import LIMIT, PER_SECOND, SERVERS, STATUS, delivering, end, just_now
from bench.folder import ROOT, environment
from bench.host import Figures, Host, cpu_seconds
from bench.subscribed import subscribe
from bench.table import Result, Row, Target, median, percentile

CHANNELS, QUICK_CHANNELS = 10_000, 1_000
AT_ONE_MINUTE = 1_000
IDLE_ASKS, QUICK_IDLE_ASKS = 200, 100
BETWEEN_ASKS = 0.15  # seconds
TURNS, QUICK_TURNS = 3, 2
OURS, BARE = "this bot", "bare discord.py"
_MINUTE = timedelta(minutes=1)


def run(*, quick: bool = False) -> Result:
    """Measures all of it."""
    return asyncio.run(_measure(quick=quick))


async def _measure(*, quick: bool) -> Result:
    channels = QUICK_CHANNELS if quick else CHANNELS
    limited = await _limited(channels, QUICK_IDLE_ASKS if quick else IDLE_ASKS)
    free = await _free(channels, QUICK_TURNS if quick else TURNS)
    punctual = await _punctual()
    rows = [*limited[0], *free[0], *punctual[0]]
    heads = ("what", "bot", "figure", "unit")
    return Result(
        "fanout",
        f"One edition to {channels:,} channels of a local double, {SERVERS} servers",
        [{head: row.get(head) for head in heads} for row in rows],
        [*limited[1], *free[1], *punctual[1]],
    )


Part = tuple[list[Row], list[Target]]


async def _limited(channels: int, asks: int) -> Part:
    """With Discord's limit on: how fast, and what a person waits meanwhile."""
    async with delivering(channels, LIMIT, PER_SECOND) as (host, folder, process):
        idle: list[float] = []
        await _ask(host, idle, asks)
        await host.reset()
        spent = cpu_seconds(process.pid)
        now = datetime.now(UTC)
        await asyncio.to_thread(subscribe, folder, folder / "bench.db", host.channels, [just_now()], now)
        busy: list[float] = []
        asking = asyncio.create_task(_ask(host, busy))
        try:
            figures = await host.stored(channels, channels / 20 + 60)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        spent = cpu_seconds(process.pid) - spent
    waits = percentile(busy, 99) / median(idle)
    what = f"with Discord's limit of {LIMIT} requests a second"
    together = figures.per_second * (channels + len(busy)) / channels
    rows: list[Row] = [
        _row(f"{what}: delivered", OURS, figures.per_second, "messages/s"),
        _row(f"{what}: delivered and answered", OURS, together, "messages/s"),
        _row(f"{what}: refused (429)", OURS, figures.too_many, "requests"),
        _row(f"{what}: CPU time", OURS, 1e3 * spent / channels, "ms/message"),
        _row("!exomars status, idle, median", OURS, 1e3 * median(idle), "ms"),
        _row("!exomars status meanwhile, median", OURS, 1e3 * median(busy), "ms"),
        _row("!exomars status meanwhile, p99", OURS, 1e3 * percentile(busy, 99), "ms"),
        _row("!exomars status meanwhile, asked", OURS, len(busy), "times"),
    ]
    targets = [
        Target("messages a second under Discord's limit", 48.0, together, least=True),
        Target("requests refused with 429", 0, figures.too_many),
        Target("!exomars status meanwhile, p99, against its idle median", 3.0, waits),
    ]
    return rows, targets


async def _ask(host: Host, taken: list[float], times: int | None = None) -> None:
    """Asks so many times, or until it is cancelled; each time after a pause, as people do."""
    while times is None or len(taken) < times:
        await asyncio.sleep(BETWEEN_ASKS)
        taken.append(await host.ask(STATUS))


async def _free(channels: int, turns: int) -> Part:
    """Without any limit, in turn with a bare loop that posts the same."""
    figures: dict[str, list[float]] = {OURS: [], BARE: []}
    costs: dict[str, list[float]] = {OURS: [], BARE: [], "the double": []}
    for _ in range(turns):
        # They are made before it starts, and all that it has to do is to deliver.
        async with delivering(channels, 0, 0, due=just_now()) as (host, _, process):
            before = cpu_seconds(process.pid), cpu_seconds(host.pid)
            ours = await host.stored(channels, channels / 20 + 60)
            figures[OURS].append(ours.per_second)
            costs[OURS].append((cpu_seconds(process.pid) - before[0]) / channels)
            costs["the double"].append((cpu_seconds(host.pid) - before[1]) / channels)
        per_second, cost = await _bare(channels, ours)
        figures[BARE].append(per_second)
        costs[BARE].append(cost)
    rows: list[Row] = [
        _row("without a limit: delivered", bot, median(found), "messages/s") for bot, found in figures.items()
    ]
    rows += [
        _row("without a limit: CPU time", bot, 1e3 * median(found), "ms/message")
        for bot, found in costs.items()
    ]
    ratio = median(figures[OURS]) / median(figures[BARE])
    return rows, [Target("delivered without a limit, against a bare loop", 0.8, ratio, least=True)]


async def _bare(channels: int, like: Figures) -> tuple[float, float]:
    """Messages a second of a bare loop that posts what our bot has posted, and its CPU time for each."""
    async with Host(SERVERS, channels, 0) as host:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bench.bare_fanout",
            cwd=ROOT,
            env=environment(**host.settings),
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdin is not None
        sample = like.sample
        given = {
            "channels": [int(channel) for _, channel in host.channels],
            "embed": sample["embeds"][0],
            "components": sample["components"],
        }
        try:
            process.stdin.write(json.dumps(given).encode())
            process.stdin.write_eof()
            await host.connected()
            spent = cpu_seconds(process.pid)
            figures = await host.stored(channels, channels / 20 + 60)
            return figures.per_second, (cpu_seconds(process.pid) - spent) / channels
        finally:
            await end(process)


async def _punctual() -> Part:
    """Very many channels at one minute: when the first comes, and the last."""
    async with delivering(AT_ONE_MINUTE, LIMIT, PER_SECOND) as (host, folder, _):
        now = datetime.now(UTC)
        due = (now + timedelta(seconds=6)).replace(second=0, microsecond=0) + _MINUTE
        await asyncio.to_thread(subscribe, folder, folder / "bench.db", host.channels, [due], now)
        await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
        figures = await host.stored(AT_ONE_MINUTE, 90.0)
    first, last = figures.first - due.timestamp(), figures.last - due.timestamp()
    what = f"{AT_ONE_MINUTE:,} channels due at one minute"
    rows = [
        _row(f"{what}: the first after", OURS, first, "s"),
        _row(f"{what}: the last after", OURS, last, "s"),
    ]
    targets = [
        Target(f"{what}: the first after", 2.0, first, " s"),
        Target(f"{what}: the first not before", 0.0, first, " s", least=True),
    ]
    return rows, targets


def _row(what: str, bot: str, figure: float, unit: str) -> Row:
    return {"what": what, "bot": bot, "figure": figure, "unit": unit}
