"""The bot as a process of its own, with very many channels of a double to deliver to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.folder import EXOMARS, ROOT, environment, set_to, story_folder
from bench.host import Host
from bench.subscribed import configure, promise, subscribe

SERVERS = 50
LIMIT, PER_SECOND = 50, 49  # Discord's, and the bot's own
STATUS = "!exomars status"


@asynccontextmanager
async def delivering(
    channels: int, limit: int, per_second: int, due: datetime | None = None
) -> AsyncIterator[tuple[Host, Path, asyncio.subprocess.Process]]:
    """The bot, connected to a double with so many channels; it has read its story.

    Where something is `due` already, it is promised to all channels before the bot starts. The person
    who asks there owns the bot.
    """
    with story_folder() as folder:
        configure(folder, per_second)
        async with Host(SERVERS, channels, limit) as host:
            set_to(folder, owners=f'["discord/{host.person}"]')
            if due:
                database, now = folder / "bench.db", datetime.now(UTC)
                await asyncio.to_thread(subscribe, folder, database, host.channels, [due], now)
                await asyncio.to_thread(promise, folder, database, now)
            process = await begin(host, folder)
            try:
                await host.connected()
                if not due:
                    await host.ask(STATUS)
                yield host, folder, process
            finally:
                await end(process)


async def begin(host: Host, folder: Path) -> asyncio.subprocess.Process:
    """Starts the bot in a folder, with the database that is there."""
    return await asyncio.create_subprocess_exec(
        EXOMARS,
        "run",
        cwd=folder,
        env=environment(EXOMARS_DB=str(folder / "bench.db"), PYTHONPATH=str(ROOT), **host.settings),
        stderr=asyncio.subprocess.DEVNULL,
    )


async def end(process: asyncio.subprocess.Process) -> None:
    """Kills a process that has not ended."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def just_now() -> datetime:
    """A whole minute that has just passed, on this day wherever that is possible."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
