"""The end of pumps: nothing is cut off that is under way, and another process may deliver then."""

import asyncio
from collections.abc import Collection, Iterable

from bot.deliver.lock import Lock
from bot.deliver.pump import Pump

END_SECONDS = 7.0  # for what is under way


async def let_go(pumps: Iterable[Pump], tasks: Collection[asyncio.Task[None]], locks: Iterable[Lock]) -> None:
    """Finishes the deliveries under way, keeps what came of them, and releases the locks.

    `tasks` are those in which the pumps run; none of them is left.
    """
    await asyncio.gather(*(pump.end(END_SECONDS) for pump in pumps))
    if tasks:  # what came of the last deliveries is still to be kept
        await asyncio.wait(tasks, timeout=END_SECONDS)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for lock in locks:
        lock.release()
