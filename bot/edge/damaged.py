"""What is done about a damaged database: looked for at the start, noticed while running, told once.

Whatever finds it (a command, the chat, the running bot), DamagedError ends the process; the command line
then has the file put aside by `told`, and prints what that returns.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.config import Config
from bot.edge import clock
from bot.edtf import spoken_day
from bot.store.damage import AT_ONCE, DamagedError, check, is_damage, put_aside, real

_DEEPEST = 8  # causes of an error that are followed


def told(config: Config, error: DamagedError) -> str:
    """Puts the damaged database aside, and returns what to say: what is wrong, and the ways on."""
    try:
        return put_aside(config.database, error.what, clock.now(), ways_on(config))
    except OSError as failed:
        return f"{error.what}; it cannot be put aside ({failed.strerror}): {ways_on(config)}"


def ways_on(config: Config) -> str:
    """How to go on without the database, and from which backup."""
    # Imported here: it is needed once in the life of a database.
    from bot.store.backup import BackupError, newest_good

    anew = (
        "exomars backup none (begins anew from the files: subscriptions, and what was written in chat, are"
        " lost)"
    )
    try:
        newest = newest_good(config.backups, config.database, clock.now())
    except BackupError as error:
        return f"{error}; say one of: exomars backup restore FILE (goes on from a copy), or {anew}"
    if newest is None:
        return (
            f"there is no good backup in {config.backups}; say one of: exomars backup restore FILE (goes on"
            f" from another copy), or {anew}"
        )
    when = f"{spoken_day(newest.made.date())}, {newest.made:%H:%M} UTC"
    return (
        f"the newest good backup is {newest.name}, of {when}; say one of: exomars backup restore (goes on"
        f" from that), or {anew}"
    )


def look_at_start(config: Config, then: Callable[[DamagedError], None]) -> None:
    """Raises DamagedError where the database is damaged.

    A large one is checked by a thread of its own, which calls `then`: nobody waits for it.
    """
    if not _is_large(config.database):
        check(config.database)
        return

    def look() -> None:
        try:
            check(config.database)
        except DamagedError as error:
            then(error)

    threading.Thread(target=look, name="database check", daemon=True).start()


def _is_large(database: str) -> bool:
    try:
        return os.path.getsize(real(database)) > AT_ONCE
    except OSError:
        return False


@contextmanager
def noticed(database: str, then: Callable[[DamagedError], None]) -> Iterator[None]:
    """Within it, what would be logged of damage is handed to `then`, and not logged.

    Whoever works with the database beside others logs what goes wrong and tries again: of a damaged one
    there would be no end to that. `then` is called by any thread, once.
    """
    first = threading.Lock()

    def look(record: logging.LogRecord) -> bool:
        found = damage_in(record.exc_info[1] if record.exc_info else None)
        if found is None:
            return True
        if first.acquire(blocking=False):
            what = f"the database {database} is damaged: {found}"
            then(found if isinstance(found, DamagedError) else DamagedError(what))
        return False

    handlers = [*logging.getLogger().handlers]
    for handler in handlers:
        handler.addFilter(look)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(look)


def damage_in(error: BaseException | None) -> BaseException | None:
    """The error that says so, where an error or one of its causes is about a damaged database."""
    for _ in range(_DEEPEST):
        if error is None or is_damage(error):
            return error
        error = error.__cause__ or error.__context__
    return None
