"""Backups by the clock: a running bot makes one whenever the newest is old enough."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bot.config import Config
from bot.deliver.lock import Lock
from bot.edge import clock
from bot.errors import BotError
from bot.store.backup import BackupError, Copy, EndedError, copies, is_ahead, make, prune
from bot.store.damage import own_alike

log = logging.getLogger("bot.backup")

LOOK_MINUTES = 10  # how often it is seen whether one is due; cheap: the folder is listed
FIRST_SECONDS = 3  # after the start, whose work goes first
END_SECONDS = 5.0  # for one that is under way at the end
_HOUR = timedelta(hours=1)
_LOCK = "backup"


class UnderWayError(BackupError):
    """Another process makes one just now: no harm, and nothing to be done."""


class Made(NamedTuple):
    """A backup, and what it took."""

    copy: Copy
    seconds: float
    gone: tuple[str, ...]  # names of older ones that it replaced


def back_up(config: Config, stop: Callable[[], bool] = lambda: False) -> Made:
    """Makes a backup now, and deletes the oldest beyond those to be kept.

    Raises BackupError, or DamagedError where the database is damaged.
    """
    lock = Lock(config.database, _LOCK)
    if not lock.take():
        raise UnderWayError("another process is making a backup of this database just now; wait for that")
    try:
        own_alike(lock.path, config.database)
        start = time.monotonic()
        copy = make(config.database, config.backups, clock.now(), stop)
        interval = config.backup.every_hours * _HOUR
        gone = prune(config.backups, config.database, copy, config.backup.keep, interval)
        return Made(copy, time.monotonic() - start, tuple(gone))
    finally:
        lock.release()


def is_due(made: Iterable[datetime], every_hours: int, now: datetime) -> bool:
    """Whether it is time for the next after these; those of a time to come (a wrong clock) do not count."""
    if every_hours == 0:
        return False
    return all(now - one >= every_hours * _HOUR or is_ahead(one, now) for one in made)


def size_text(size: int) -> str:
    """`1.2 MB`."""
    return f"{size / 1e6:,.1f} MB"


class Backups:
    """Makes backups from `start` to `end`, each in a thread of its own."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._not_before: datetime | None = None

    def start(self, scheduler: Any) -> None:  # noqa: ANN401  (APScheduler has no types)
        """Begins; by looking often, and not by one alarm, neither a jump of the clock nor sleep matters."""
        if self._config.backup.every_hours == 0:
            return
        first = datetime.now(UTC) + timedelta(seconds=FIRST_SECONDS)
        scheduler.add_job(self.look, "interval", minutes=LOOK_MINUTES, next_run_time=first, id="backup",
                          misfire_grace_time=None)  # fmt: skip

    def look(self) -> None:
        """Has one made where it is due and none is under way; returns at once."""
        if self._ending.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        # A daemon: should it hang on a disk that is gone, the bot can end all the same.
        self._thread = threading.Thread(target=self._work, name="backup", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Gives up one that is under way; what it has left is deleted by the next."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(END_SECONDS)

    def _work(self) -> None:
        try:
            if self._is_due():
                made = back_up(self._config, self._ending.is_set)
                self._not_before = None
                log.info("%s", _line(made))
        except (EndedError, UnderWayError) as error:
            log.info("%s", error)
        except Exception as error:
            # Not every ten minutes: what is wrong with a disk is rarely mended by itself.
            self._not_before = clock.now() + _HOUR
            if isinstance(error, BackupError):
                log.error("%s; trying again in an hour", error)  # noqa: TRY400  (it says all there is)
            elif isinstance(error, BotError):
                log.exception("no backup could be made")
            else:
                log.exception("no backup could be made; trying again in an hour")

    def _is_due(self) -> bool:
        now = clock.now()
        if self._not_before is not None and self._not_before - _HOUR <= now < self._not_before:
            return False
        found = copies(self._config.backups, self._config.database)
        return is_due((one.made for one in found), self._config.backup.every_hours, now)


def _line(made: Made) -> str:
    gone = f"; {len(made.gone)} older deleted" if made.gone else ""
    return f"backup {made.copy.name}: {size_text(made.copy.size)} in {made.seconds:.1f} s, checked{gone}"
