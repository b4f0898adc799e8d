"""Backups of a real database in use: whole, checked, and never half a file under a good name."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.backup import (
    BackupError,
    EndedError,
    copies,
    make,
    newest_good,
    prune,
    sweep,
    wrong_with,
)
from bot.store.damage import DamagedError, made_at
from bot.store.schema import NEWEST
from bot.store.store import Store
from tests.store.whole import assert_whole, content

ROOT = Path(__file__).parents[2]
NIGHT = datetime(2026, 11, 21, 3, tzinfo=UTC)
DATABASE = "test.db"
NAME = "test-2026-11-21T030000Z.db"
HOUR = timedelta(hours=1)


@pytest.fixture(name="backups")
def _backups(tmp_path: Path) -> Path:
    return tmp_path / "state" / "backups"


@pytest.fixture(name="large")
def _large(loaded: Store) -> Store:
    """The story, and as much besides that copying it takes many steps."""
    loaded.write(
        lambda db: db.conn.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)"
            " INSERT INTO setting SELECT 'filling ' || i, hex(randomblob(500)) FROM n"
        )
    )
    return loaded


def test_a_backup_is_the_whole_database_in_one_file(loaded: Store, backups: Path) -> None:
    """With what stands in the -wal still; nobody else may read it, and it opens as a database does."""
    before = content(loaded)
    made = make(loaded.path, str(backups), NIGHT)
    assert os.listdir(backups) == [NAME]
    assert (made.name, made.made, made.size) == (NAME, NIGHT, (backups / NAME).stat().st_size)
    assert (backups / NAME).stat().st_mode & 0o777 == 0o600
    assert backups.stat().st_mode & 0o777 == 0o700
    assert copies(str(backups), DATABASE) == [made]
    assert newest_good(str(backups), DATABASE) == made
    opened = Store(made.path)
    assert content(opened) == before
    assert_whole(opened)
    opened.close()


def test_readers_and_the_writer_go_on_meanwhile(large: Store, backups: Path) -> None:
    """What is written while it is copied neither waits for it nor has it begin anew; it is one moment's."""
    stopped, steps, written = threading.Event(), [0], [0]

    def write() -> None:
        while not stopped.is_set():
            written[0] += 1
            large.write(
                lambda db: db.conn.executemany(
                    "INSERT OR REPLACE INTO setting VALUES (?, ?)",
                    [("one", str(written[0])), ("two", str(written[0]))],
                )
            )

    during: list[str] = []

    def step() -> bool:
        steps[0] += 1
        seen = written[0]
        while written[0] <= seen + 1:  # the writer has finished one since
            assert writer.is_alive()
        during.append(large.recall("one"))
        return False

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = make(large.path, str(backups), NIGHT, step)
    finally:
        stopped.set()
        writer.join()
    assert steps[0] > 3
    assert during == sorted(during, key=int)
    opened = Store(made.path)
    assert opened.recall("one") == opened.recall("two")
    assert int(opened.recall("one") or 0) < int(during[-1])
    opened.close()


def test_two_of_one_second_have_two_names(loaded: Store, backups: Path) -> None:
    """The second is called by the next second: nothing is written over."""
    first, second = (make(loaded.path, str(backups), NIGHT) for _ in range(2))
    assert [one.name for one in copies(str(backups), DATABASE)] == [second.name, first.name]
    assert second.made == NIGHT + timedelta(seconds=1)


def test_the_oldest_are_deleted_beyond_a_number(loaded: Store, backups: Path) -> None:
    """And nothing else in the folder: other files stay, whatever they are called."""
    made = [make(loaded.path, str(backups), NIGHT + number * HOUR) for number in range(5)]
    others = [
        "test-2020-01-01T000000Z.db.old", "test-yesterday.db", "test-2020-13-01T000000Z.db",
        "other-2020-01-01T000000Z.db", "my-test-2020-01-01T000000Z.db",
    ]  # fmt: skip
    for name in others:
        (backups / name).write_bytes(b"mine")
    assert prune(str(backups), DATABASE, made[-1], 3, HOUR) == [made[0].name, made[1].name]
    assert sorted(os.listdir(backups)) == sorted([*others, *(one.name for one in made[2:])])
    assert prune(str(backups), DATABASE, made[-1], 3, HOUR) == []


def test_what_is_of_a_time_to_come_is_neither_counted_nor_deleted_nor_taken(
    loaded: Store, backups: Path
) -> None:
    """A clock was wrong once: that costs none of the others, and nobody goes back to it unasked."""
    made = [make(loaded.path, str(backups), NIGHT + number * HOUR) for number in range(3)]
    ahead = make(loaded.path, str(backups), NIGHT + 9000 * HOUR)
    assert prune(str(backups), DATABASE, made[-1], 3, HOUR) == []
    assert prune(str(backups), DATABASE, made[-1], 2, HOUR) == [made[0].name]
    assert [one.name for one in copies(str(backups), DATABASE)] == [ahead.name, made[2].name, made[1].name]
    assert newest_good(str(backups), DATABASE, NIGHT + 3 * HOUR) == made[2]
    assert newest_good(str(backups), DATABASE, NIGHT + 9000 * HOUR) == ahead


def test_many_of_one_interval_cost_none_of_those_before(loaded: Store, backups: Path) -> None:
    """As by hand on one day: those go first, and the one just made stays."""
    days = [make(loaded.path, str(backups), NIGHT + number * 24 * HOUR) for number in range(3)]
    gone = []
    for hour in range(1, 5):
        newest = make(loaded.path, str(backups), NIGHT + (48 + hour) * HOUR)
        gone += prune(str(backups), DATABASE, newest, 4, 24 * HOUR)
    assert [one.name for one in reversed(copies(str(backups), DATABASE))] == [
        *(one.name for one in days),
        newest.name,
    ]
    assert len(gone) == 3


def test_what_root_makes_belongs_to_whom_the_database_belongs(loaded: Store, backups: Path) -> None:
    """Else the bot, who is not root, could make none after it."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(loaded.path, 10001, 10002)
    made = make(loaded.path, str(backups), NIGHT)
    for path in (backups, Path(made.path)):
        assert (path.stat().st_uid, path.stat().st_gid) == (10001, 10002)


def test_one_that_is_given_up_leaves_nothing(large: Store, backups: Path) -> None:
    """A bot that ends does not wait for it."""
    steps = iter([False, False, True])
    with pytest.raises(EndedError, match="given up, since the bot ends"):
        make(large.path, str(backups), NIGHT, lambda: next(steps))
    assert os.listdir(backups) == []


def in_a_process(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs some lines of Python with what a backup needs."""
    head = (
        "import os, resource, sys\nfrom datetime import UTC, datetime\nfrom bot.store import backup\n"
        "path, folder = sys.argv[1:]\nnight = datetime(2026, 11, 21, 3, tzinfo=UTC)\n"
        "die = lambda *_: os.kill(os.getpid(), 9)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", head + script, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


KILLS = {
    "before the first step": "backup._copy = die",
    "between two steps": "steps = iter([False, False]); stop = lambda: next(steps, None) is None and die()",
    "before it is checked": "backup.wrong_with = die",
    "before it has its name": "os.rename = die",
    "right after it has its name": "backup.sync_folder = die",
}


@pytest.mark.parametrize("when", KILLS)
def test_a_process_that_is_killed_leaves_no_half_backup(large: Store, backups: Path, when: str) -> None:
    """What has a good name is good; what was left is deleted by the next, which is made all the same."""
    script = f"stop = lambda: False\n{KILLS[when]}\nbackup.make(path, folder, night, stop)"
    done = in_a_process(script, large.path, str(backups))
    assert done.returncode == -signal.SIGKILL, done.stderr
    named = copies(str(backups), DATABASE)
    assert [wrong_with(one.path) for one in named] == ([""] if "right after" in when else [])
    assert len(os.listdir(backups)) == 1
    again = make(large.path, str(backups), NIGHT + HOUR)
    assert sorted(os.listdir(backups)) == sorted([*(one.name for one in named), again.name])
    assert_whole(large)


def test_a_full_disk_is_one_line_and_leaves_nothing(large: Store, backups: Path) -> None:
    """No file may grow beyond a part of the database: the copy ends, the database goes on."""
    script = (
        "limit = os.path.getsize(path) // 2\nresource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "try:\n    backup.make(path, folder, night)\nexcept backup.BackupError as error:\n    print(error)"
    )
    large.close()  # all of it is in the file, whose size is the measure
    done = in_a_process(script, large.path, str(backups))
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"no backup could be made in {backups}: ")
    assert "check the free space" in line
    assert os.listdir(backups) == []
    assert_whole(large)


@pytest.mark.parametrize("how", ["a file", "not writable"])
def test_a_folder_that_cannot_be_used_is_told_in_one_line(
    loaded: Store, backups: Path, how: str, tmp_path: Path
) -> None:
    """With its name and what to do."""
    if how == "a file":
        backups.write_text("", encoding="utf-8")
    else:
        if os.geteuid() == 0:
            pytest.skip("to root every folder is writable")
        backups.mkdir(mode=0o500)
    with pytest.raises(BackupError) as caught:
        make(loaded.path, str(backups), NIGHT)
    assert str(caught.value).startswith(f"no backup can be made in {backups}: ")
    assert "[backup] folder" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_there_has_to_be_a_database(tmp_path: Path) -> None:
    """None is made by asking for a backup of it."""
    with pytest.raises(BackupError, match=r"there is no database .*none\.db to make a backup of"):
        make(str(tmp_path / "none.db"), str(tmp_path / "backups"), NIGHT)
    assert not (tmp_path / "none.db").exists()
    assert not (tmp_path / "backups").exists()


def truncated(path: Path) -> None:
    """Cuts off the second half."""
    os.truncate(path, path.stat().st_size // 2)


def overwritten(path: Path) -> None:
    """Writes over some pages in the middle."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 8192 * 4096)
        file.write(b"\x55" * 4096 * 3)


def headless(path: Path) -> None:
    """Writes over the beginning."""
    with path.open("r+b") as file:
        file.write(b"\x00" * 100)


def statement(sql: str) -> Callable[[Path], None]:
    """Runs a statement that the bot never would."""

    def run(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as opened:
            opened.execute(sql)

    return run


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (truncated, "malformed"),
    "written over": (overwritten, ""),
    "without its header": (headless, "file is not a database"),
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "text": (lambda path: path.write_text("x" * 5000), "file is not a database"),
    "a newer bot's": (statement(f"PRAGMA user_version={NEWEST + 1}"), "made by a newer bot"),
    "another program's": (statement("PRAGMA user_version=0"), "not a database of the bot"),
    "with a loose reference": (
        statement("INSERT INTO attempt (delivery, at, outcome) VALUES ('gone', '', '')"),
        "a row of attempt refers to one of delivery that is not there",
    ),
    "with a search index of something else": (
        statement("INSERT INTO fact_fts(fact_fts) VALUES('delete-all')"),
        "malformed",
    ),
    "gone": (lambda path: path.unlink(), "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_backup_that_is_no_good_is_found_out(large: Store, backups: Path, name: str) -> None:
    """Why is said in one line, and the newest good one is the one before it; nothing is written to it."""
    good = make(large.path, str(backups), NIGHT)
    bad = make(large.path, str(backups), NIGHT + HOUR)
    spoil, words = BAD[name]
    spoil(Path(bad.path))
    wrong = wrong_with(bad.path)
    assert wrong
    assert words in wrong
    assert "\n" not in wrong
    assert newest_good(str(backups), DATABASE) == good


def test_checking_a_backup_changes_nothing(loaded: Store, backups: Path) -> None:
    """Neither the file nor the folder, also where nothing may be written."""
    made = make(loaded.path, str(backups), NIGHT)
    before = Path(made.path).read_bytes()
    assert wrong_with(made.path) == ""
    os.chmod(made.path, 0o400)
    assert wrong_with(made.path) == ""
    assert Path(made.path).read_bytes() == before
    assert os.listdir(backups) == [made.name]


def test_a_backup_in_a_folder_with_odd_signs_is_found(loaded: Store, tmp_path: Path) -> None:
    """What means something in an address means nothing in a path."""
    made = make(loaded.path, str(tmp_path / "a b?mode=ro#%41"), NIGHT)
    assert wrong_with(made.path) == ""


def test_there_is_none_where_all_are_bad(loaded: Store, backups: Path) -> None:
    """Also where there is no folder."""
    assert copies(str(backups), DATABASE) == []
    assert newest_good(str(backups), DATABASE) is None
    headless(Path(make(loaded.path, str(backups), NIGHT).path))
    assert newest_good(str(backups), DATABASE) is None


def test_a_damaged_database_is_told_and_gives_no_backup(large: Store, backups: Path) -> None:
    """What is wrong with it is not copied under a name that counts."""
    large.close()
    headless(Path(large.path))
    with pytest.raises(DamagedError, match="is damaged: file is not a database"):
        make(large.path, str(backups), NIGHT)
    assert os.listdir(backups) == []


def test_only_what_a_backup_has_left_is_swept(tmp_path: Path) -> None:
    """Another file that ends so is somebody's."""
    folder = tmp_path / "folder"
    folder.mkdir()
    kept = ["mine.db.part", NAME, "other-2026-11-21T030000Z.db.part"]
    left = [f"{NAME}.part", f"{NAME}.part-journal", f"{NAME}.part-wal"]
    for name in (*kept, *left):
        (folder / name).write_bytes(b"x")
    sweep(str(folder), DATABASE)
    assert sorted(os.listdir(folder)) == sorted(kept)


@pytest.mark.parametrize(
    ("name", "made"),
    [(NAME, NIGHT), (NAME + ".part", None), ("exomars-2026-02-30T030000Z.db", None), ("a.db", None)],
)
def test_a_name_says_when_it_was_made(name: str, made: datetime | None) -> None:
    """Any other file is none of the bot's."""
    assert made_at(name) == made
