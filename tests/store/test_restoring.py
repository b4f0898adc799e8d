"""A backup in the place of a database: exchanged whole, with nobody using it, whenever it is killed."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.backup import make
from bot.store.connect import connect
from bot.store.damage import DamagedError, mark_path, put_aside, read_mark
from bot.store.restoring import (
    InUseError,
    Lost,
    copied,
    discard,
    distrust,
    exchange,
    lost_since,
    refuse_in_use,
    settled_days,
)
from bot.store.store import Store
from tests.store.test_backup import headless
from tests.store.whole import assert_whole

ROOT = Path(__file__).parents[2]
NIGHT = datetime(2026, 11, 21, 3, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 12, 30, 5, tzinfo=UTC)
BEFORE = ".before-restore-2026-11-21T123005Z"


@pytest.fixture(name="backup")
def _backup(loaded: Store, tmp_path: Path) -> Iterator[str]:
    """A backup of the story; since then something was remembered."""
    loaded.remember("when", "early")
    path = make(loaded.path, str(tmp_path / "backups"), NIGHT).path
    loaded.remember("when", "late")
    loaded.close()
    yield path
    loaded.close()


def remembered(path: str) -> str:
    """What a database has."""
    store = Store(path)
    try:
        return store.recall("when")
    finally:
        store.close()


def test_the_one_before_is_kept_and_the_backup_stays(loaded: Store, backup: str) -> None:
    """The database is as it was, and both others are there still, each in one file."""
    aside = exchange(loaded.path, copied(backup, loaded.path), NOON)
    assert aside == loaded.path + BEFORE
    assert [remembered(path) for path in (loaded.path, aside, backup)] == ["early", "late", "early"]
    loaded.close()
    state = os.path.dirname(loaded.path)
    assert sorted(os.listdir(state)) == sorted(os.path.basename(path) for path in (loaded.path, aside))
    assert_whole(loaded)


def test_without_a_database_there_is_nothing_to_keep(loaded: Store, backup: str) -> None:
    """Also where only what belongs to one is left: no other's -wal gets to the backup."""
    os.remove(loaded.path)
    Path(f"{loaded.path}-wal").write_bytes(b"of another")
    assert exchange(loaded.path, copied(backup, loaded.path), NOON) == ""
    assert Path(f"{loaded.path}{BEFORE}-wal").read_bytes() == b"of another"
    assert remembered(loaded.path) == "early"


def test_a_database_in_use_is_not_exchanged(loaded: Store, backup: str) -> None:
    """By whomever: a reader that does nothing is enough. Nothing has changed then, also for that one."""
    other = connect(loaded.path, readonly=True)
    ready = copied(backup, loaded.path)
    for attempt in (lambda: refuse_in_use(loaded.path), lambda: exchange(loaded.path, ready, NOON)):
        with pytest.raises(InUseError, match=r"in use by another process.*nothing was changed"):
            attempt()
    assert not os.path.exists(mark_path(loaded.path))
    assert other.execute("SELECT value FROM setting WHERE name = 'when'").fetchone() == ("late",)
    other.close()
    refuse_in_use(loaded.path)
    assert remembered(loaded.path) == "late"


def test_only_a_database_in_use_is_called_so(tmp_path: Path) -> None:
    """What else keeps it from being written is told as what it is."""
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StoreError, match="cannot be used: unable to open database file") as caught:
        refuse_in_use(str(tmp_path / "a.db"))
    assert not isinstance(caught.value, InUseError)


def test_what_was_put_aside_stays_so_where_it_is_refused(loaded: Store, backup: str) -> None:
    """The mark of a damaged database is the same as before."""
    said = put_aside(loaded.path, "why", NOON, "offer")
    with closing(sqlite3.connect(loaded.path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE mine (x)")
        with pytest.raises(InUseError):
            exchange(loaded.path, copied(backup, loaded.path), NOON)
    mark = read_mark(loaded.path)
    assert mark is not None
    assert mark.said == said


KILLS = {
    "before the mark": "restoring.write_mark = die",
    "after the mark": "restoring.move = die",
    "after the one before": "restoring.move = lambda *a: (was(*a), die())",
    "after both": "restoring.remove_mark = die",
}


@pytest.mark.parametrize("when", KILLS)
def test_a_process_that_is_killed_leaves_no_half_exchange(loaded: Store, backup: str, when: str) -> None:
    """Either all is as before, or every start is refused until it is said again; then it is through."""
    ready = copied(backup, loaded.path)
    script = (
        "import os, sys\nfrom datetime import UTC, datetime\nfrom bot.store import restoring\n"
        f"was = restoring.move\ndie = lambda *a, **k: os.kill(os.getpid(), 9)\n{KILLS[when]}\n"
        f"restoring.exchange(sys.argv[1], sys.argv[2], datetime({NOON.year}, 11, 21, 12, 30, 5, tzinfo=UTC))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, loaded.path, ready],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    if when == "before the mark":
        assert remembered(loaded.path) == "late"
    else:
        with pytest.raises(DamagedError, match="was cut off; say again: exomars backup restore"):
            connect(loaded.path)
    exchange(loaded.path, copied(backup, loaded.path), NOON)
    assert remembered(loaded.path) == "early"
    asides = [name for name in os.listdir(os.path.dirname(loaded.path)) if ".before-restore-" in name]
    assert "late" in [remembered(os.path.join(os.path.dirname(loaded.path), name)) for name in asides]


def test_a_copy_that_is_not_used_leaves_nothing(loaded: Store, backup: str) -> None:
    """And one that an earlier run has left is written over."""
    ready = copied(backup, loaded.path)
    Path(ready).write_bytes(b"half")
    assert copied(backup, loaded.path) == ready
    assert remembered(ready) == "early"
    discard(ready)
    assert os.listdir(os.path.dirname(loaded.path)) == [os.path.basename(loaded.path)]


def test_what_is_restored_is_as_readable_as_the_one_before(loaded: Store, backup: str) -> None:
    """A backup is its owner's alone; a database may be read by whom it could be before."""
    os.chmod(loaded.path, 0o640)
    ready = copied(backup, loaded.path)
    assert os.stat(ready).st_mode & 0o777 == 0o640
    assert os.stat(backup).st_mode & 0o777 == 0o600


ROWS = """
INSERT INTO told VALUES (1, 'a', '{}');
INSERT INTO subscription (id, story, platform, server, place, place_name, place_kind, by, kind, at, zone,
    days, days_off, quiet, grace, role, nothing_new, pace, start, publish, created, changed, since, paused,
    told, number, last, settled)
VALUES (1, 's', 'discord', '1', '11', '', 'text', '', 'news', '09:00', 'UTC',
    '', '', '', 6, '', '', 1, '', 0, '', '', '', '', 1, 0, '2026-11-20', '2026-11-20');
INSERT INTO edition VALUES (1, 1, '2026-11-20', '', '', 1, 'news', '', '{}');
INSERT INTO delivery (id, state, first_try, platform, server, place, place_kind, story, task, subscription,
    edition, heading, role, publish, made, due, tries, unsure, outcome, message)
SELECT column1, column2, column3, 'discord', '1', '11', 'text', 's', 'post', 1,
    1, '', '', 0, '', '', 0, 0, '', ''
FROM (VALUES ('one', 'due', NULL), ('two', 'taken', 'x'), ('old', 'done', 'x'))
"""


def run(path: str, statements: str) -> None:
    """Runs statements, past all that checks them."""
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(statements)


def test_what_is_lost_is_counted(loaded: Store, tmp_path: Path) -> None:
    """What the present database has and the backup has not, of what the files do not have."""
    loaded.close()
    run(loaded.path, ROWS)
    backup = make(loaded.path, str(tmp_path / "backups"), NIGHT).path
    assert {one.number for one in lost_since(loaded.path, backup)} == {0}
    run(
        loaded.path,
        "INSERT INTO edition VALUES (2, 1, '2026-11-21', '', '', 2, 'news', '', '{}'),"
        " (3, 1, '2026-11-22', '', '', 0, 'news', 'nothing', '{}');"
        "UPDATE delivery SET state = 'done' WHERE id IN ('one', 'two');"
        "UPDATE subscription SET at = '10:00', settled = '2026-11-22';"
        "INSERT INTO person VALUES (1, 'discord', '7', 'Ada');"
        "INSERT INTO draft (story, person, platform, server, audience, act, note, quiet, state, made,"
        " changed) VALUES ('s', 1, '', '', '', 'add', '', 0, 'open', '', '')",
    )
    assert [one for one in lost_since(loaded.path, backup) if one.number] == [
        Lost("editions of digests", 1),
        Lost("messages delivered", 2),
        Lost("subscriptions made or changed", 1),
        Lost("drafts", 1),
    ]
    assert settled_days(loaded.path) == {1: "2026-11-22"}
    assert settled_days(backup) == {1: "2026-11-20"}
    headless(Path(loaded.path))
    assert {one.number for one in lost_since(loaded.path, backup)} == {None}
    assert settled_days(loaded.path) == {}


def test_all_that_was_under_way_is_looked_for(loaded: Store) -> None:
    """It may have arrived since; what surely has stays as it is."""
    loaded.close()
    run(loaded.path, ROWS)
    assert loaded.write(lambda db: distrust(db.conn)) == 2
    with loaded.reading("s") as shelf:
        found = shelf.connection.execute("SELECT id, state, unsure, first_try FROM delivery ORDER BY id")
        assert found.fetchall() == [("old", "done", 0, "x"), ("one", "due", 1, None), ("two", "due", 1, None)]
