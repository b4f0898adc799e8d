"""`exomars digest adopt`: another bot account delivers what the one before has begun."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.deliver.lock import Lock
from bot.deliver.pump import account_setting
from bot.edge.parts import Parts
from bot.errors import BotError
from bot.store.outbox import Outbox

if TYPE_CHECKING:
    from sqlite_utils import Database


class DeliveringError(BotError):
    """A process delivers there, as the account that it is."""


def adopt(parts: Parts, platforms: Sequence[str]) -> str:
    """Forgets whose account has delivered on these platforms; returns what to say of it.

    Raises DeliveringError where a process delivers on one of them; then nothing is changed.
    """
    locks = [Lock(parts.store.path, platform) for platform in platforms]
    try:
        busy = [name for name, lock in zip(platforms, locks, strict=True) if not lock.take()]
        if busy:
            raise DeliveringError(
                f"a process delivers for {' and '.join(map(str.capitalize, busy))}; nothing was changed: end"
                " it, and say it again"
            )
        for platform in platforms:
            parts.store.write(partial(_look_for_all, platform))
            parts.remember(account_setting(platform), "")
    finally:
        for lock in locks:
            lock.release()
        parts.close()
    names = " or ".join(map(str.capitalize, platforms))
    return f"The bot that next connects to {names} with this database delivers what another has begun there."


def _look_for_all(platform: str, db: "Database") -> None:
    Outbox(db.conn).forget_tries(platform)
