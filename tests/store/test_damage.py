"""A damaged database: known by what SQLite says, put aside whole, and never replaced without a word."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.connect import connect, store_error
from bot.store.damage import (
    AT_ONCE,
    DamagedError,
    Mark,
    check,
    check_empty,
    is_damage,
    mark_path,
    put_aside,
    read_mark,
    remove_mark,
    write_mark,
)
from bot.store.store import Store
from tests.store.test_backup import headless, overwritten, truncated

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 12, 30, 5, tzinfo=UTC)
ASIDE = ".damaged-2026-11-21T123005Z"
WHY, OFFER = "it is damaged", "say one of two"
TAILS = ("", "-wal", "-shm")


@pytest.fixture(name="database")
def _database(loaded: Store) -> Path:
    """A database of the bot, closed."""
    loaded.close()
    return Path(loaded.path)


DAMAGES = {"cut off": truncated, "written over": overwritten, "without its header": headless}


@pytest.mark.parametrize("how", DAMAGES)
def test_damage_is_found_before_anybody_asks(database: Path, how: str) -> None:
    """Whatever became of the file; it is left as it is."""
    check(str(database))
    DAMAGES[how](database)
    before = database.read_bytes()
    with pytest.raises(
        DamagedError, match=r"^the database .* is damaged: .*exomars backup restore$"
    ) as found:
        check(str(database))
    assert "\n" not in str(found.value)
    assert database.read_bytes() == before
    assert found.value.exit_code == 3


def test_what_is_not_there_is_not_damaged(tmp_path: Path) -> None:
    """A first start finds nothing, and looking makes nothing."""
    check(str(tmp_path / "none.db"))
    check_empty(str(tmp_path / "none.db"), str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_database_in_use_is_not_damaged(database: Path) -> None:
    """Also while somebody writes."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        check(str(database))


def raised(sql: str, path: str = ":memory:") -> sqlite3.Error:
    """What SQLite says of a statement."""
    with closing(sqlite3.connect(path)) as opened, pytest.raises(sqlite3.Error) as caught:
        opened.execute(sql)
    return caught.value


def test_damage_is_known_by_the_code_and_not_by_words(database: Path) -> None:
    """What somebody typed may be called malformed as well."""
    assert not is_damage(raised("SELECT json('{')"))
    assert not is_damage(raised("SELECT nothing"))
    assert not is_damage(sqlite3.OperationalError("malformed JSON"))
    assert not is_damage(sqlite3.OperationalError("database is locked"))
    assert not is_damage(OSError("file is not a database"))
    assert is_damage(sqlite3.DatabaseError("file is not a database"))
    headless(database)
    error = raised("SELECT 1 FROM sqlite_schema", str(database))
    assert is_damage(error)
    assert isinstance(store_error("x.db", error), DamagedError)
    assert not isinstance(store_error("x.db", raised("SELECT json('{')")), DamagedError)


def test_an_empty_file_is_damaged_only_where_there_was_more(tmp_path: Path) -> None:
    """SQLite takes it for a new database; where there are backups, it was one."""
    database, backups = tmp_path / "a.db", tmp_path / "backups"
    database.touch()
    check_empty(str(database), str(backups))
    backups.mkdir()
    (backups / "notes.txt").touch()
    check_empty(str(database), str(backups))
    (backups / "b-2026-11-21T030000Z.db").touch()  # another's
    check_empty(str(database), str(backups))
    (backups / "a-2026-11-21T030000Z.db").touch()
    with pytest.raises(DamagedError, match="the file is empty, and there are backups of it"):
        check_empty(str(database), str(backups))
    check_empty(str(tmp_path / "c.db"), str(backups))
    database.unlink()
    with pytest.raises(DamagedError, match="is gone: there is no such file, and there are backups of it"):
        check_empty(str(database), str(backups))
    assert put_aside(str(database), WHY, NOON, OFFER) == f"{WHY}; {OFFER}"
    assert os.listdir(tmp_path) == ["backups"]
    database.write_bytes(b"x")
    check_empty(str(database), str(backups))


def test_it_is_put_aside_with_all_that_belongs_to_it(database: Path) -> None:
    """Under a name that says when; nothing is deleted, and what is said names it and the ways on."""
    for tail in TAILS:
        Path(f"{database}{tail}").write_bytes(b"content" + tail.encode())
    said = put_aside(str(database), WHY, NOON, OFFER)
    assert said == f"{WHY}; it was put aside as {database}{ASIDE}, and nothing was deleted; {OFFER}"
    for tail in TAILS:
        assert Path(f"{database}{ASIDE}{tail}").read_bytes() == b"content" + tail.encode()
        assert not Path(f"{database}{tail}").exists()


def test_every_opening_is_refused_until_somebody_has_chosen(database: Path) -> None:
    """With the same words each time, and without making a new database."""
    said = put_aside(str(database), WHY, NOON, OFFER)
    for _ in range(2):
        store = Store(str(database))
        with pytest.raises(DamagedError) as caught, store.reading("x"):
            pass
        assert str(caught.value) == caught.value.what == said
        with pytest.raises(DamagedError):
            store.remember("a", "b")
        assert put_aside(str(database), caught.value.what, NOON + timedelta(1), "else") == said
        store.close()
    assert not database.exists()
    assert remove_mark(str(database))
    assert not remove_mark(str(database))
    connect(str(database)).close()
    assert database.exists()


def test_a_link_to_a_database_is_put_aside_where_it_leads(database: Path, tmp_path: Path) -> None:
    """The link stays; through either of the two paths the mark is seen."""
    link = tmp_path / "link.db"
    link.symlink_to(database)
    put_aside(str(link), WHY, NOON, OFFER)
    assert link.is_symlink()
    assert Path(f"{database}{ASIDE}").exists()
    for path in (link, database):
        with pytest.raises(DamagedError):
            connect(str(path))


def test_what_is_put_in_its_place_by_hand_is_not_moved_again(database: Path) -> None:
    """Also where what was put aside has been deleted since: the choice is still a person's."""
    put_aside(str(database), WHY, NOON, OFFER)
    Path(f"{database}{ASIDE}").unlink()
    database.write_bytes(b"mine")
    put_aside(str(database), WHY, NOON, OFFER)
    assert database.read_bytes() == b"mine"


def test_a_second_of_the_same_second_has_another_name(database: Path) -> None:
    """What was put aside is never written over."""
    Path(f"{database}{ASIDE}").write_bytes(b"before")
    assert f"{ASIDE}-2" in put_aside(str(database), WHY, NOON, OFFER)
    assert Path(f"{database}{ASIDE}").read_bytes() == b"before"
    assert Path(f"{database}{ASIDE}-2").exists()


def test_a_file_that_may_be_somebody_elses_is_left_where_it_is(tmp_path: Path, database: Path) -> None:
    """EXOMARS_DB may name any file by mistake; what is known to be the bot's is moved, whatever its name."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada," * 1000, encoding="utf-8")
    assert "is left as it is: name another" in put_aside(str(letter), WHY, NOON, OFFER)
    assert letter.exists()
    assert not Path(mark_path(str(letter))).exists()
    named = tmp_path / "exomars"
    named.write_bytes(b"\0" * 100 + database.read_bytes()[100:])
    put_aside(str(named), WHY, NOON, OFFER)
    assert not named.exists()


KILLS = {
    "before the mark": "damage.os.link = die",
    "after the mark": "damage.move = die",
    "between two files": "was = os.rename; os.rename = lambda a, b: (was(a, b), die())",
    "after the files": "was = damage.write_mark\n"
    "damage.write_mark = lambda *a, **k: die() if k else was(*a, **k)",
}


@pytest.mark.parametrize("when", KILLS)
def test_a_process_killed_while_it_puts_aside_leaves_nothing_to_be_replaced(
    database: Path, when: str
) -> None:
    """The next start either finds it damaged anew, or goes on with what was begun; all of it is kept."""
    for tail in TAILS[1:]:
        Path(f"{database}{tail}").write_bytes(b"content" + tail.encode())
    before = database.read_bytes()
    script = (
        "import os, sys\nfrom datetime import UTC, datetime\nfrom bot.store import damage\n"
        f"die = lambda *_: os.kill(os.getpid(), 9)\n{KILLS[when]}\n"
        f"damage.put_aside(sys.argv[1], {WHY!r}, datetime.now(UTC), {OFFER!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(database)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    if when != "before the mark":
        with pytest.raises(DamagedError):
            connect(str(database))
    put_aside(str(database), WHY, NOON, OFFER)
    assert [name for name in os.listdir(database.parent) if ".put-aside." in name] == []
    mark = read_mark(str(database))
    assert mark is not None
    assert Path(mark.aside).read_bytes() == before
    assert [Path(mark.aside + tail).read_bytes() for tail in TAILS[1:]] == [b"content-wal", b"content-shm"]
    assert not any(Path(f"{database}{tail}").exists() for tail in TAILS)


def test_of_two_that_find_it_one_puts_it_aside(database: Path) -> None:
    """Both say the same."""
    script = (
        "import sys\nfrom datetime import UTC, datetime\nfrom bot.store import damage\nsys.stdin.readline()\n"
        f"print(damage.put_aside(sys.argv[1], {WHY!r}, datetime.now(UTC), sys.argv[2]))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(database), name],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("one", "two")
    ]  # fmt: skip
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30) for process in both]
    assert said[0] == said[1], said
    assert len([name for name in os.listdir(database.parent) if ".damaged-" in name]) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": 3}'])
def test_a_mark_that_cannot_be_read_is_one_all_the_same(database: Path, text: str) -> None:
    """Nothing is made in the place of a database of which somebody wrote that it was put aside."""
    Path(mark_path(str(database))).write_text(text, encoding="utf-8")
    with pytest.raises(DamagedError, match=r"was put aside.*exomars backup restore.*exomars backup none"):
        connect(str(database))


def test_a_mark_is_written_once_unless_anew(database: Path) -> None:
    """What was said first is said on."""
    first, second = Mark("", "a", "first"), Mark("", "b", "second")
    assert write_mark(str(database), first)
    assert not write_mark(str(database), second)
    assert read_mark(str(database)) == first
    assert write_mark(str(database), second, anew=True)
    assert read_mark(str(database)) == second
    assert sorted(json.loads(Path(mark_path(str(database))).read_text(encoding="utf-8"))) == sorted(
        Mark._fields
    )
    assert [name for name in os.listdir(database.parent) if "put-aside." in name] == []


def test_an_error_that_is_no_damage_says_what_it_said_before(tmp_path: Path) -> None:
    """A folder in the place of the database is not put aside."""
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StoreError, match="set EXOMARS_DB") as caught:
        connect(str(tmp_path / "a.db"))
    assert not isinstance(caught.value, DamagedError)
    assert AT_ONCE > 10_000_000
