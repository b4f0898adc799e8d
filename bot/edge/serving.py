"""A bot that serves: every platform that has a token, the timer of digests, files that change, backups."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.curate.files.sync import Synced
from bot.deliver.order import Poster
from bot.edge import health
from bot.edge.backups import Backups
from bot.edge.damaged import look_at_start, noticed
from bot.edge.keeping import Keeper
from bot.edge.loading import load
from bot.edge.parts import Parts
from bot.edge.platforms import PLATFORMS
from bot.store.damage import DamagedError

log = logging.getLogger("bot")


async def serve(parts: Parts, ending: asyncio.Event, posters: Sequence[Poster] = ()) -> None:
    """Serves until told to end, with more places for digests than the platforms, as a terminal.

    Raises DamagedError where the database shows to be damaged, ConnectError where no platform takes the bot
    at the start, or the only one no longer does.
    """
    loop = asyncio.get_running_loop()
    damage: list[DamagedError] = []

    def end(error: DamagedError) -> None:
        damage.append(error)
        with suppress(RuntimeError):  # it has ended meanwhile
            loop.call_soon_threadsafe(ending.set)

    look_at_start(parts.config, end)
    with noticed(parts.config.database, end):
        try:
            await _serve(parts, ending, posters)
        finally:
            if damage:
                raise damage[0]


async def _serve(parts: Parts, ending: asyncio.Event, posters: Sequence[Poster]) -> None:
    # A database that cannot be used ends the bot here, before it connects anywhere.
    _tell(await asyncio.to_thread(load, parts, log.info))
    for desk in parts.desks.values():
        desk.kept()  # opens this thread's connection, before anybody waits for the event loop
    platforms = [PLATFORMS[name](parts) for name in parts.config.platforms]
    timer = parts.timer([*(platform.poster for platform in platforms), *posters])
    backups, word = Backups(parts.config), health.Word(parts.config.health_file)
    keeper = Keeper(platforms, beside=bool(posters))

    def tell() -> None:
        word.tell(keeper.connected())

    async def refresh() -> None:
        await asyncio.to_thread(_refresh, parts)

    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": 3600})
    scheduler.add_job(tell, "interval", seconds=health.LOOK_SECONDS, id="health")
    if parts.config.reload_seconds:
        seconds = parts.config.reload_seconds
        scheduler.add_job(timer.job, "interval", (refresh,), seconds=seconds, id="reload")
    backups.start(scheduler)
    scheduler.start()
    tell()
    connected = asyncio.create_task(keeper.run(), name="platforms")
    told_to_end = asyncio.create_task(ending.wait(), name="ending")
    try:
        await timer.start(scheduler)
        await asyncio.wait({connected, told_to_end}, return_when=asyncio.FIRST_COMPLETED)
        if told_to_end.done():
            log.info("told to end; finishing what is in progress")
    finally:
        await timer.end()
        await keeper.close()
        await asyncio.to_thread(backups.end)
        told_to_end.cancel()
        scheduler.shutdown(wait=False)
    await connected


def _refresh(parts: Parts) -> None:
    """Takes over changed files; an error leaves the story as it was until the next time."""
    try:
        _tell(load(parts, log.info))
    except Exception:
        log.exception("the files could not be taken over")


def _tell(done: Iterable[Synced]) -> None:
    for synced in done:
        log.info("%s: %d written, %d dropped", synced.story, synced.put, synced.dropped)
        for line in synced.told():
            log.warning("%s", line)
