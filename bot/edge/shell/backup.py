"""`exomars backup`: make one, list them, go back to one, or go on without."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.config import TOKENS, Config, read_config
from bot.errors import EXIT_OK, EXIT_PROBLEMS

if TYPE_CHECKING:
    from bot.store.restoring import Lost

_PLATFORMS = (*TOKENS, "terminal")
_TAIL = "-lock"
_CHANGES = "changes to the story made in chat"
_ONE = {
    "editions of digests": "edition of a digest",
    "messages delivered": "message delivered",
    "subscriptions made or changed": "subscription made or changed",
    _CHANGES: "change to the story made in chat",
    "drafts": "draft",
}

Subparsers = Any  # argparse has no public name for it
Make = Callable[..., argparse.ArgumentParser]


def add(commands: Subparsers, make: Make) -> None:
    """Adds the commands; `make(commands, name, help, run)` makes one."""
    backup = make(commands, "backup", "Make a backup now; with list, restore or none: see and use them", _now)
    under = backup.add_subparsers(title="commands", metavar="COMMAND", prog="exomars backup")
    make(under, "list", "Every backup: when it was made, how large it is, and whether it is good", _list)
    restore = make(
        under, "restore", "Put a backup in the place of the database; the newest good one", _restore
    )
    restore.add_argument("file", nargs="?", metavar="FILE", help="another one, by its name or its path")
    make(under, "none", "Begin anew from the files, where a damaged database was put aside", _none)


def _config(given: argparse.Namespace) -> Config:
    return read_config(given.config, os.environ)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _now(given: argparse.Namespace, _: object) -> int:
    from bot.edge.backups import back_up, size_text

    made = back_up(_config(given))
    _say(f"{made.copy.path}: {size_text(made.copy.size)}, checked, in {made.seconds:.1f} s")
    if made.gone:
        _say(f"Deleted, as more than are kept: {', '.join(made.gone)}")
    return EXIT_OK


def _list(given: argparse.Namespace, _: object) -> int:
    from bot.edge import clock
    from bot.edge.backups import size_text
    from bot.store.backup import copies, is_ahead, version_of, wrong_with

    config = _config(given)
    found = copies(config.backups, config.database)
    if not found:
        _say(f"There is no backup of {config.database} in {config.backups}; exomars backup makes one.")
        return EXIT_OK
    bad = 0
    for copy in found:
        wrong = wrong_with(copy.path)
        bad += bool(wrong)
        good = (
            "good, but of a time to come: restored only by name"
            if is_ahead(copy.made, clock.now())
            else "good"
        )
        _say(f"{copy.name}  {copy.made:%Y-%m-%d %H:%M} UTC  {size_text(copy.size):>10}"
             f"  version {version_of(copy.path)}  {f'NOT GOOD: {wrong}' if wrong else good}")  # fmt: skip
    return EXIT_PROBLEMS if bad else EXIT_OK


def _none(given: argparse.Namespace, _: object) -> int:
    from bot.store.backup import copies
    from bot.store.damage import own_alike, read_mark, remove_mark
    from bot.store.store import Store

    config = _config(given)
    mark = read_mark(config.database)
    there = os.path.exists(config.database)
    if mark is None and (there or not copies(config.backups, config.database)):
        _say(f"No database was put aside beside {config.database}: there is nothing to decide.")
        return EXIT_OK
    remove_mark(config.database)
    if not there:
        # The consent: without a file, beside its backups, every start would ask again.
        store = Store(config.database)
        try:
            store.write(lambda _: None)
            own_alike(config.database, os.path.dirname(os.path.abspath(config.database)))
        finally:
            store.close()
    _say(
        f"The next start goes on with {config.database} as it is."
        if there
        else f"The next start fills {config.database} anew from the files, without subscriptions.",
        *([f"What was put aside stays where it is: {mark.aside or 'beside it'}"] if mark else []),
    )
    return EXIT_OK


def _restore(given: argparse.Namespace, _: object) -> int:
    from bot.edge import clock
    from bot.store.backup import BackupError, newest_good, wrong_with

    config = _config(given)
    if given.file:
        path = _named(given.file, config.backups)
        wrong = wrong_with(path)
        if wrong:
            raise BackupError(
                f"{path} is no backup to go back to: {wrong}; nothing was changed; exomars backup list tells"
                " which are good"
            )
    else:
        newest = newest_good(config.backups, config.database, clock.now())
        if newest is None:
            raise BackupError(
                f"there is no good backup of {config.database} in {config.backups}; nothing was changed;"
                " exomars backup restore FILE takes another copy"
            )
        path = newest.path
    with _alone(config):
        return _put_back(config, path, clock.now())


def _named(name: str, folder: str) -> str:
    """The path of a backup that was named by its path, or by its name in the folder."""
    inside = os.path.join(folder, name)
    return inside if os.path.basename(name) == name and os.path.exists(inside) else name


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """Within it no bot can begin to deliver. Raises InUseError where another process uses the database."""
    from glob import escape, glob

    from bot.deliver.lock import Lock
    from bot.store.damage import own_alike, real
    from bot.store.restoring import InUseError, refuse_in_use

    beside = real(config.database)
    used = {
        path.removeprefix(beside + ".").removesuffix(_TAIL) for path in glob(escape(beside) + f".*{_TAIL}")
    }
    locks = []
    try:
        for name in sorted({*used, *_PLATFORMS, "backup"}):
            lock = Lock(config.database, name)
            if not lock.take():
                doing = (
                    "a backup is being made"
                    if name == "backup"
                    else f"a process{_which(config)} delivers for {name}"
                )
                raise InUseError(
                    f"the database {config.database} is in use: {doing}; nothing was changed: end it, and say"
                    " it again"
                )
            locks.append(lock)
            own_alike(lock.path, config.database)
        refuse_in_use(config.database)
        yield
    finally:
        for lock in locks:
            lock.release()


def _which(config: Config) -> str:
    """Which process the running bot is, where it has said so."""
    import json

    try:
        with open(config.health_file, encoding="utf-8") as file:
            return f" ({int(json.load(file)['pid'])})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _put_back(config: Config, path: str, now: datetime) -> int:
    from bot.digest.ledger.restored import settle_missed
    from bot.edtf import spoken_day
    from bot.store.damage import made_at, read_mark
    from bot.store.restoring import copied, discard, distrust, exchange, lost_since, settled_days
    from bot.store.store import Store

    mark = read_mark(config.database)
    present = config.database if os.path.exists(config.database) else mark.aside if mark else ""
    there = bool(present) and os.path.exists(present)
    lost = lost_since(present, path) if there else []
    known = settled_days(present) if there else {}
    # What was due after it was put aside, no bot can have made.
    until = min(now, made_at(f"exomars-{mark.at}.db") or now) if mark else now
    made = made_at(os.path.basename(path)) or datetime.fromtimestamp(os.path.getmtime(path), now.tzinfo)
    ready = copied(path, config.database)
    try:
        store = Store(ready)
        try:
            sought = store.write(lambda db: distrust(db.conn))
            missed = store.write(lambda db: settle_missed(db, until, known))
        finally:
            store.close()
        aside = exchange(config.database, ready, now)
    finally:
        discard(ready)
    when = f"{spoken_day(made.date())}, {made:%H:%M} UTC"
    _say(f"The database is again as it was on {when}, from {path}.")
    if aside:
        _say(f"The one before is kept as {aside}.")
    _say(*_lost(lost), *_digests(sought, missed))
    return EXIT_OK


def _lost(lost: "list[Lost]") -> Iterator[str]:
    """What is lost, in words."""
    counted = [
        f"{one.number:,} {_ONE[one.what] if one.number == 1 else one.what}" for one in lost if one.number
    ]
    unknown = [one.what for one in lost if one.number is None]
    if not lost:
        yield "What came after it is lost; there is no database to count it in."
    elif counted:
        yield f"What came after it is lost: {', '.join(counted)}."
    elif not unknown:
        yield "Nothing is lost: nothing came after it."
    if unknown:
        yield f"Not to be counted, since the database before cannot be read: {', '.join(unknown)}."
    if not lost or any(one.what == _CHANGES and one.number != 0 for one in lost):
        yield (
            "Corrections made in chat since are lost with it, while posts go on showing them: make them"
            " again. One that came by a file is sent again by itself; where a platform refuses to edit a"
            " post, it may be answered twice."
        )


def _digests(sought: int, missed: int) -> Iterator[str]:
    """What is done so that no digest comes twice, in words."""
    if sought:
        were = "message that was" if sought == 1 else "messages that were"
        yield f"{sought:,} {were} still to be delivered: looked for in the channel first."
    if missed:
        yield (
            f"{missed:,} {'digest' if missed == 1 else 'digests'} had editions due since: these count as"
            " missed, so that none comes a second time; the next edition tells what was new, also where it"
            " had been told."
        )
