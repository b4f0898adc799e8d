"""A damaged database: how it is known, put aside, and never replaced without a word.

    an error of SQLite, or a check ─ DamagedError ─ put_aside ─ a mark beside the database
                                                                  │
    every later opening is refused with the same words ◀──────────┘  until a person has chosen

The mark is a small file: a container that restarts by itself would else make a new, empty database
where the old one was. It is there before anything is renamed, so a process may be killed between any
two of these steps.
"""

import os
import re
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from bot.errors import StoreError

TAILS = ("", "-wal", "-shm")
"""The files of one database."""

DAMAGED = ".damaged-"
"""What stands between the name of a database that was put aside and the moment."""

AT_ONCE = 100_000_000
"""Bytes that are checked in a quarter of a second; a larger database is checked after the start."""

_NAMES = (".db", ".sqlite", ".sqlite3")
_BLOCK = 1 << 20
_BACKUP = r"(.+)-(\d{4}-\d\d-\d\dT\d{6}Z)\.db"
_TABLE = b"CREATE TABLE subscription"


class DamagedError(StoreError):
    """The database is damaged, or was and nobody has said yet how to go on."""

    def __init__(self, what: str, mend: str = "end the bot, and say: exomars backup restore") -> None:
        super().__init__(f"{what}; {mend}" if mend else what)
        self.what = what


class Mark(NamedTuple):
    """What stands beside a database that was put aside."""

    at: str  # when, as in the name of the file; empty where that is not known
    aside: str  # path
    said: str  # what every start says until a person has chosen
    moved: str = ""  # “yes” once all of it is there


def real(database: str) -> str:
    """The path under which SQLite keeps the files of a database: that of a link leads there."""
    return os.path.realpath(database)


def mark_path(database: str) -> str:
    """Where the mark of a database is."""
    return real(database) + ".put-aside"


def spelled(moment: datetime) -> str:
    """A moment, UTC, as it stands in names of files: 2026-11-21T030000Z."""
    return moment.strftime("%Y-%m-%dT%H%M%SZ")


def stem(database: str, moment: datetime) -> str:
    """What the name of a database's backup is, up to its `.db`."""
    return f"{os.path.basename(database).removesuffix('.db')}-{spelled(moment)}"


def made_at(name: str) -> datetime | None:
    """When a backup was made, by the name of its file; None where it is not the name of one."""
    if not (match := re.fullmatch(_BACKUP, name)):
        return None
    try:
        return datetime.strptime(match.group(2), "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def is_damage(error: BaseException | None) -> bool:
    """Whether an error says that the file itself is damaged.

    By SQLite's code, since words alone may be about something else: “malformed JSON”.
    """
    if isinstance(error, DamagedError):
        return True
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = getattr(error, "sqlite_errorcode", None)  # an error that SQLite did not raise has none
    if code is None:
        return str(error) in {"file is not a database", "database disk image is malformed"}
    return code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def check(database: str) -> None:
    """Raises DamagedError where SQLite finds the file damaged; 2.5 ms for each megabyte."""
    if not os.path.exists(database):
        return
    try:
        connection = sqlite3.connect(database, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only=ON")
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedError(f"the database {database} is damaged: {error}") from error
        return  # locked, or not to be opened: whoever uses it next is told
    if found != "ok":
        first = found.replace("*** in database main ***", "").strip().split("\n")[0]
        raise DamagedError(f"the database {database} is damaged: {first}")


def check_empty(database: str, backups: str) -> None:
    """Raises DamagedError where the file is empty or gone and was not always: a new one would be made."""
    try:
        if os.path.getsize(database):
            return
        wrong = "damaged: the file is empty"
    except FileNotFoundError:
        wrong = "gone: there is no such file"
    except OSError:
        return
    if not os.path.isdir(backups) or read_mark(database):
        return
    found = ((name, made_at(name)) for name in os.listdir(backups))
    if any(made and name == f"{stem(database, made)}.db" for name, made in found):
        raise DamagedError(f"the database {database} is {wrong}, and there are backups of it")


def refuse_marked(database: str) -> None:
    """Raises DamagedError, with the words of its mark, where a database was put aside."""
    mark = read_mark(database)
    if mark is not None:
        raise DamagedError(mark.said, mend="")


def read_mark(database: str) -> Mark | None:
    """The mark beside a database; None where there is none, as nearly always."""
    path = mark_path(database)
    if not os.path.exists(path):
        return None
    import json  # late: nearly nobody comes here

    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        return Mark(*(str(found[field]) for field in Mark._fields))
    except (OSError, ValueError, KeyError, TypeError):
        # A mark that cannot be read is one all the same.
        said = (
            f"the database {database} was put aside, and {path}, which tells more, cannot be read;"
            " say one of: exomars backup restore, or exomars backup none"
        )
        return Mark("", "", said)


def write_mark(database: str, mark: Mark, *, anew: bool = False) -> bool:
    """Puts a mark beside a database, in one step; False where there is one already, unless `anew`."""
    import json

    path = mark_path(database)
    part = f"{path}.{os.getpid()}"
    done = False
    with open(part, "w", encoding="utf-8") as file:
        json.dump(mark._asdict(), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    try:
        if anew:
            os.replace(part, path)
        else:
            os.link(part, path)  # of two processes at one moment, one succeeds
        done = True
    except (FileExistsError, FileNotFoundError):  # another was quicker, and may have swept ours
        pass
    except OSError:  # a file system without links
        os.rename(part, path)
        done = True
    finally:
        with suppress(FileNotFoundError):
            os.remove(part)
    if done:
        _sweep(path)
        sync_folder(path)
    return done


def _sweep(mark: str) -> None:
    """Deletes what processes have left that were killed while they wrote a mark; it is there now."""
    folder, name = os.path.split(mark)
    for left in os.listdir(folder):
        if left.startswith(f"{name}.") and left.removeprefix(f"{name}.").isdecimal():
            with suppress(OSError):
                os.remove(os.path.join(folder, left))


def remove_mark(database: str) -> bool:
    """Takes the mark away: a person has chosen. Returns whether there was one."""
    try:
        os.remove(mark_path(database))
    except FileNotFoundError:
        return False
    sync_folder(database)
    return True


def put_aside(database: str, why: str, moment: datetime, offer: str) -> str:
    """Renames a damaged database and leaves the mark; returns what is to be said.

    `why` says what is wrong, `offer` how to go on. Where that was done already, by whomever, what was
    said then. A file that may be somebody else's stays where it is, without a mark; one that is gone
    needs none, since every start finds that out.
    """
    gone = not any(os.path.exists(real(database) + tail) for tail in TAILS)
    if (mark := read_mark(database)) is None:  # looked at second: the mark of another comes before its move
        if gone:
            return f"{why}; {offer}"
        if not is_ours(database):
            return f"{why}; this does not look like a database of the bot, and is left as it is: name another"
        aside = free_name(f"{real(database)}{DAMAGED}{spelled(moment)}")
        said = f"{why}; it was put aside as {aside}, and nothing was deleted; {offer}"
        write_mark(database, Mark(spelled(moment), aside, said))
        mark = read_mark(database)  # perhaps another process was quicker
        assert mark is not None
    if DAMAGED in mark.aside and not mark.moved:
        move(database, mark.aside)
        write_mark(database, mark._replace(moved="yes"), anew=True)
    return mark.said


def move(database: str, aside: str) -> None:
    """Renames all files of a database; those that are not there are passed over.

    The database itself goes last: as long as it is there, a second run goes on with the rest.
    """
    for tail in reversed(TAILS):
        if os.path.exists(real(database) + tail):
            os.rename(real(database) + tail, aside + tail)
    sync_folder(database)


def is_ours(database: str) -> bool:
    """Whether a file that is no database any more was one of the bot's: EXOMARS_DB may name any file."""
    path = real(database)
    if path.endswith(_NAMES) or any(os.path.exists(path + tail) for tail in TAILS[1:]):
        return True
    try:
        with open(path, "rb") as file:
            before = b""
            while block := file.read(_BLOCK):
                if _TABLE in before + block:
                    return True
                before = block[-len(_TABLE) :]
    except OSError:
        return False
    return False


def own_alike(path: str, database: str) -> None:
    """Gives a file to whom the database belongs: somebody else may do this than whoever runs the bot."""
    like = os.stat(database if os.path.exists(database) else os.path.dirname(os.path.abspath(database)))
    with suppress(OSError, AttributeError):
        os.chown(path, like.st_uid, like.st_gid)


def free_name(path: str) -> str:
    """The path, or where something is there already, the same with a number behind it."""
    number, free = 1, path
    while any(os.path.exists(free + tail) for tail in TAILS):
        number += 1
        free = f"{path}-{number}"
    return free


def sync_folder(path: str) -> None:
    """Sees to it that renames beside a path outlive a power cut."""
    try:
        folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    except OSError:  # a system on which folders cannot be opened
        return
    try:
        os.fsync(folder)
    except OSError:
        return
    finally:
        os.close(folder)
