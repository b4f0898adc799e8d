"""A correction to very many posted copies: seconds until the last carries it, and how fast without a limit.

Discord is the local double in a process of its own, as for the fan-out of posts; times are taken where a
message is changed.
"""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench.delivering import LIMIT, PER_SECOND, SERVERS, begin, delivering, end, just_now
from bench.folder import ROOT
from bench.host import Figures, Host, cpu_seconds
from bench.table import Result, Row, Target, median

COPIES = 1_000
MANY, QUICK_MANY = 10_000, 1_000  # without a limit
TURNS, QUICK_TURNS = 3, 2
MOST_SECONDS = 60.0
BRIEFING = "2022-07-13-ended"
OLD, NEW = "ESA called off the ExoMars", "ESA ended the ExoMars"
WAS = "It said that the mission was called off."


def run(*, quick: bool = False) -> Result:
    """Measures all of it."""
    return asyncio.run(_measure(QUICK_MANY if quick else MANY, QUICK_TURNS if quick else TURNS))


async def _measure(many: int, turns: int) -> Result:
    rows, targets = await _limited()
    killed = await _killed()
    rows += [*killed[0], *await _free(many, turns)]
    targets += killed[1]
    return Result(
        "corrections", f"One correction to posted copies in a local double, {SERVERS} servers", rows, targets
    )


async def _limited() -> tuple[list[Row], list[Target]]:
    """With Discord's limit on: how long it takes from the command that publishes it."""
    async with delivering(COPIES, LIMIT, PER_SECOND, due=just_now()) as (host, _, process):
        await host.stored(COPIES, COPIES / 20 + 60)
        spent = cpu_seconds(process.pid)
        start, figures = await _corrected(host, COPIES)
        spent = cpu_seconds(process.pid) - spent
    seconds = figures.last_edit - start
    what = f"{COPIES:,} copies, with Discord's limit of {LIMIT} requests a second"
    rows = [
        _row(f"{what}: the first edited after", figures.first_edit - start, "s"),
        _row(f"{what}: the last edited after", seconds, "s"),
        _row(f"{what}: edited", figures.edits_per_second, "messages/s"),
        _row(f"{what}: edited more than once", figures.edits - figures.edited, "messages"),
        _row(f"{what}: refused (429)", figures.too_many, "requests"),
        _row(f"{what}: CPU time", 1e3 * spent / COPIES, "ms/message"),
    ]
    targets = [
        Target(f"{COPIES:,} copies corrected after", MOST_SECONDS, seconds, " s"),
        Target("requests refused with 429", 0, figures.too_many),
    ]
    return rows, targets


async def _killed() -> tuple[list[Row], list[Target]]:
    """The same, and half-way the bot is killed and started again: each copy has to carry it, once."""
    async with delivering(COPIES, LIMIT, PER_SECOND, due=just_now()) as (host, folder, process):
        await host.stored(COPIES, COPIES / 20 + 60)
        start = await _published(host)
        await host.edited(COPIES // 2, MOST_SECONDS)
        await end(process)
        killed = time.time()
        again = await begin(host, folder)
        try:
            await host.edited(COPIES, COPIES / 20 + 60)
            await _settled(folder / "bench.db")
            figures = await host.figures()
            carry = (await host.saying(WAS)).get(1, 0)
        finally:
            await end(again)
    seconds = figures.last_edit - start
    what = f"{COPIES:,} copies, with that limit and a kill in the middle"
    rows = [
        _row(f"{what}: killed after", killed - start, "s"),
        _row(f"{what}: the last edited after", seconds, "s"),
        _row(f"{what}: carry the correction, each once", carry, "messages"),
        _row(f"{what}: edited more than once", figures.edits - figures.edited, "messages"),
        _row(f"{what}: refused (429)", figures.too_many, "requests"),
    ]
    targets = [
        Target(f"{COPIES:,} copies corrected with a kill in the middle after", MOST_SECONDS, seconds, " s"),
        Target(f"of {COPIES:,} copies carry the correction, each once", COPIES, carry, least=True),
    ]
    return rows, targets


async def _settled(database: Path) -> None:
    """Waits until nothing is left to be corrected, so that what would come twice has come."""
    left = "SELECT count(*) FROM delivery WHERE state IN ('due', 'taken')"
    async with asyncio.timeout(MOST_SECONDS):
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            while db.execute(left).fetchone()[0]:  # noqa: ASYNC110  (of another process)
                await asyncio.sleep(0.2)


async def _free(copies: int, turns: int) -> list[Row]:
    """Without a limit: the posts, which were promised before the bot started, then the correction."""
    posted: list[float] = []
    edited: list[float] = []
    promised: list[float] = []
    cost: list[float] = []
    for _ in range(turns):
        async with delivering(copies, 0, 0, due=just_now()) as (host, _, process):
            posted.append((await host.stored(copies, copies / 20 + 60)).per_second)
            spent = cpu_seconds(process.pid)
            start, figures = await _corrected(host, copies)
            cost.append((cpu_seconds(process.pid) - spent) / copies)
            edited.append(figures.edits_per_second)
            promised.append(figures.first_edit - start)
    what = f"{copies:,} copies, without a limit"
    return [
        _row(f"{what}: posted", median(posted), "messages/s"),
        _row(f"{what}: edited", median(edited), "messages/s"),
        _row(f"{what}: edited, against posted", median(edited) / median(posted), "×"),
        _row(f"{what}: the first edited after", median(promised), "s"),
        _row(f"{what}: CPU time", 1e3 * median(cost), "ms/message"),
    ]


async def _corrected(host: Host, copies: int) -> tuple[float, Figures]:
    """Has a correction published in chat; returns when that was typed, and what there is once all have it."""
    start = await _published(host)
    figures = await host.edited(copies, copies / 20 + 60)
    (embed,) = figures.sample_edit["embeds"]
    assert NEW in embed["description"]
    assert embed["description"].count(WAS) == 1
    return start, figures


async def _published(host: Host) -> float:
    """Has a correction published in chat; returns when that was typed."""
    text = (ROOT / "briefings" / f"{BRIEFING}.md").read_text(encoding="utf-8")
    assert OLD in text
    await host.ask(f"!exomars correct {BRIEFING} was {WAS}", text.replace(OLD, NEW), private=True)
    await host.reset()
    start = time.time()
    await host.ask("!exomars draft publish 1")
    return start


def _row(what: str, figure: float, unit: str) -> Row:
    return {"what": what, "figure": figure, "unit": unit}
