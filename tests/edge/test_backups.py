"""Backups, going back to one, and a damaged database: the real commands, and the real bot while it runs."""

import asyncio
import json
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.edge.backups import is_due
from bot.store.backup import copies, wrong_with
from tests.bots import CONFIG, exomars, running
from tests.doubles.discord import DiscordDouble
from tests.store.test_backup import headless, overwritten, truncated
from tests.terminals import terminal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAMAGES = {"cut off": truncated, "written over": overwritten, "without its header": headless}
SUBSCRIBE = ("digest", "subscribe", "here", "kind", "replay", "at", "09:00", "UTC")


def set_up(state: Path) -> Path:
    """A bot with one subscription and a backup of it; returns its database."""
    assert exomars(state, *SUBSCRIBE).returncode == 0
    done = exomars(state, "backup")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return state / "exomars.db"


def configured(folder: Path, **backup: int) -> Path:
    """config.toml as it is shipped, with these values in [backup]; files are looked at each second."""
    text = CONFIG.read_text(encoding="utf-8")
    for name, value in {**backup, "reload_seconds": 1}.items():
        text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert found == 1
    for name in ("corpus", "briefings"):
        text = text.replace(f'{name} = "{name}"', f'{name} = "{CONFIG.parent / name}"')
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


# ── by hand ─────────────────────────────────────────────────────────────────────────────


def test_a_backup_is_made_listed_and_gone_back_to(tmp_path: Path) -> None:
    """What was subscribed later is gone then, and counted; the database before is kept."""
    database = set_up(tmp_path)
    before = exomars(tmp_path, "digest", "list").stdout
    listed = exomars(tmp_path, "backup", "list")
    assert listed.returncode == 0
    assert re.fullmatch(
        r"exomars-\S+Z\.db  \d{4}-\d\d-\d\d \d\d:\d\d UTC +\d+\.\d MB  version \d+  good\n", listed.stdout
    )
    assert exomars(tmp_path, "digest", "change", "1", "at", "23:30").returncode == 0
    assert exomars(tmp_path, "digest", "list").stdout != before
    done = exomars(tmp_path, "backup", "restore")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The database is again as it was on " in done.stdout
    assert "What came after it is lost: 1 subscription made or changed.\n" in done.stdout
    assert exomars(tmp_path, "digest", "list").stdout == before
    (aside,) = [name for name in os.listdir(tmp_path) if ".before-restore-" in name]
    assert aside in done.stdout
    assert database.exists()


def test_no_more_are_kept_than_are_wished(tmp_path: Path) -> None:
    """With the next one goes, of those made at once, and it is said which."""
    config = configured(tmp_path / "c", keep=2)
    exomars(tmp_path, "status", config=config)
    names = [Path(exomars(tmp_path, "backup", config=config).stdout.split(": ")[0]).name for _ in range(2)]
    done = exomars(tmp_path, "backup", config=config)
    assert f"Deleted, as more than are kept: {names[1]}" in done.stdout
    assert len(copies(str(tmp_path / "backups"), "exomars.db")) == 2


def test_a_bad_backup_is_listed_as_such_and_passed_over(tmp_path: Path) -> None:
    """The newest good one is taken; one that is named and bad is refused, and nothing changes."""
    set_up(tmp_path)
    exomars(tmp_path, "backup")
    newest, older = copies(str(tmp_path / "backups"), "exomars.db")
    headless(Path(newest.path))
    listed = exomars(tmp_path, "backup", "list")
    assert listed.returncode == 1
    assert f"{newest.name}  " in listed.stdout
    assert "NOT GOOD: file is not a database" in listed.stdout
    for name in (newest.name, newest.path):
        done = exomars(tmp_path, "backup", "restore", name)
        assert done.returncode == 3
        assert "is no backup to go back to: file is not a database; nothing was changed" in done.stderr
    done = exomars(tmp_path, "backup", "restore")
    assert done.returncode == 0
    assert older.name in done.stdout


def test_a_copy_from_elsewhere_is_taken_by_its_path(tmp_path: Path) -> None:
    """As one made by hand, on another machine; the copy itself stays as it is."""
    set_up(tmp_path / "one")
    (copy,) = copies(str(tmp_path / "one" / "backups"), "exomars.db")
    other = tmp_path / "brought.db"
    other.write_bytes(Path(copy.path).read_bytes())
    done = exomars(tmp_path / "two", "backup", "restore", str(other))
    assert (done.returncode, done.stderr) == (0, "")
    assert "there is no database to count it in" in done.stdout
    assert "09:00" in exomars(tmp_path / "two", "digest", "list").stdout
    assert other.read_bytes() == Path(copy.path).read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("backup",), "there is no database"),
        (("backup", "restore"), "there is no good backup of"),
        (("backup", "restore", "nothing.db"), "nothing.db is no backup to go back to: it cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    """Exit code 3, and no database is made by it."""
    done = exomars(tmp_path, *words)
    assert done.returncode == 3
    assert done.stderr.startswith("exomars: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "exomars.db").exists()


def test_a_chat_that_has_it_open_keeps_a_database_from_being_exchanged(tmp_path: Path) -> None:
    """Whoever uses it, also without delivering anything; the chat goes on, and then it can be done."""
    set_up(tmp_path)
    with terminal(tmp_path, "chat") as chat:
        chat.shows("Ctrl-D")
        chat.types("sources\r")
        chat.shows("termination")
        done = exomars(tmp_path, "backup", "restore")
        assert done.returncode == 3
        assert "is in use" in done.stderr
        assert "nothing was changed" in done.stderr
        chat.types("fact 2022-07-13-termination#council-mandate\r")
        chat.shows("council")
        assert chat.leaves() == 0
    assert exomars(tmp_path, "backup", "restore").returncode == 0


# ── a damaged one ───────────────────────────────────────────────────────────────────────

COMMANDS = [("status",), ("digest", "list"), ("chat",), ("run",), ("backup",)]


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_database_is_put_aside_and_a_backup_offered(tmp_path: Path, how: str) -> None:
    """At the start, with exit code 3; every other start says the same, until one of two was chosen."""
    database = set_up(tmp_path)
    DAMAGES[how](database)
    damaged = database.read_bytes()
    first = exomars(tmp_path, "run", typed="status\n")
    assert first.returncode == 3
    assert first.stdout == ""
    assert first.stderr.startswith(f"exomars: the database {database} is damaged: ")
    (aside,) = [name for name in os.listdir(tmp_path) if ".damaged-" in name]
    (copy,) = copies(str(tmp_path / "backups"), "exomars.db")
    for part in (
        aside,
        copy.name,
        "exomars backup restore (",
        "exomars backup none (",
        "nothing was deleted",
    ):
        assert part in first.stderr
    assert first.stderr.count("\n") == 1
    assert (tmp_path / aside).read_bytes() == damaged
    for words in COMMANDS:
        again = exomars(tmp_path, *words, typed="status\n")
        assert (again.returncode, again.stderr) == (3, first.stderr)
    assert not database.exists()
    done = exomars(tmp_path, "backup", "restore")
    assert (done.returncode, done.stderr) == (0, "")
    assert "09:00" in exomars(tmp_path, "digest", "list").stdout
    assert (tmp_path / aside).read_bytes() == damaged


def test_without_a_backup_the_other_way_is_offered(tmp_path: Path) -> None:
    """To begin anew from the files is a choice, and what was put aside stays."""
    exomars(tmp_path, "status")
    headless(tmp_path / "exomars.db")
    done = exomars(tmp_path, "status")
    assert done.returncode == 3
    assert f"there is no good backup in {tmp_path / 'backups'}" in done.stderr
    none = exomars(tmp_path, "backup", "none")
    assert (none.returncode, none.stderr) == (0, "")
    assert "anew from the files" in none.stdout
    assert "12 July 2022" in exomars(tmp_path, "status").stdout
    assert [name for name in os.listdir(tmp_path) if ".damaged-" in name]
    assert "there is nothing to decide" in exomars(tmp_path, "backup", "none").stdout


def test_an_empty_file_is_not_taken_for_a_new_database(tmp_path: Path) -> None:
    """Where there are backups it was more; where there is none, it is one."""
    database = set_up(tmp_path)
    database.write_bytes(b"")
    done = exomars(tmp_path, "status")
    assert done.returncode == 3
    assert "the file is empty, and there are backups" in done.stderr
    assert exomars(tmp_path, "backup", "restore").returncode == 0
    other = tmp_path / "other"
    other.mkdir()
    (other / "exomars.db").touch()
    assert exomars(other, "status").returncode == 0


def test_a_database_that_is_gone_is_not_replaced_without_a_word(tmp_path: Path) -> None:
    """Each start offers the same two ways on, and makes nothing; each of the two leads on, once."""
    database = set_up(tmp_path)

    def lose() -> None:
        for path in tmp_path.glob("exomars.db*"):
            path.unlink()

    for way in ("restore", "none"):
        lose()
        for _ in range(2):
            done = exomars(tmp_path, "status")
            assert done.returncode == 3
            assert "is gone: there is no such file, and there are backups of it; " in done.stderr
            assert "exomars backup restore (" in done.stderr
            assert "exomars backup none (" in done.stderr
        assert not database.exists()
        done = exomars(tmp_path, "backup", way)
        assert (done.returncode, done.stderr) == (0, "")
        assert exomars(tmp_path, "status").returncode == 0
        none = "No digest comes here yet" in exomars(tmp_path, "digest", "list").stdout
        assert none is (way == "none")
    lose()
    assert exomars(tmp_path, "status").returncode == 3


def test_two_databases_in_one_folder_do_not_share_backups(tmp_path: Path) -> None:
    """None goes back to the other's, and one that is new is not taken for one that is gone."""
    set_up(tmp_path)
    other = str(tmp_path / "other.db")
    assert exomars(tmp_path, "status", EXOMARS_DB=other).returncode == 0
    assert exomars(tmp_path, "backup", "restore", EXOMARS_DB=other).returncode == 3
    assert exomars(tmp_path, "backup", EXOMARS_DB=other).returncode == 0
    assert len(exomars(tmp_path, "backup", "list").stdout.splitlines()) == 1
    assert "other-" in exomars(tmp_path, "backup", "list", EXOMARS_DB=other).stdout


def test_what_cannot_be_put_aside_is_refused_all_the_same(tmp_path: Path) -> None:
    """In a folder where nothing can be renamed; the message says why."""
    if os.geteuid() == 0:
        pytest.skip("to root every folder is writable")
    database = set_up(tmp_path)
    headless(database)
    tmp_path.chmod(0o500)
    try:
        done = exomars(tmp_path, "status")
    finally:
        tmp_path.chmod(0o700)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


# ── while the bot runs ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "every", "due"),
    [
        ([], 24, True),
        ([NOW - 24 * HOUR], 24, True),
        ([NOW - 24 * HOUR + timedelta(seconds=1)], 24, False),
        ([NOW], 1, False),
        ([NOW + HOUR], 24, False),
        ([NOW + 9000 * HOUR], 24, True),
        ([NOW + 9000 * HOUR, NOW - HOUR], 24, False),
        ([], 0, False),
        ([NOW - 9000 * HOUR], 0, False),
    ],
    ids=[
        "none yet",
        "old enough",
        "nearly",
        "just made",
        "a little ahead",
        "of a time to come",
        "one besides",
        "never",
        "never again",
    ],
)
def test_the_next_is_made_once_the_newest_is_old_enough(
    made: list[datetime], every: int, *, due: bool
) -> None:
    """Whenever that is seen: after a start, a sleep, or a jump of the clock in either direction."""
    assert is_due(made, every, NOW) is due


@pytest.mark.asyncio
async def test_a_running_bot_makes_backups_by_itself(tmp_path: Path) -> None:
    """One soon after its first start, told in a line; a second start makes none, since that is young."""
    folder = tmp_path / "backups"
    async with DiscordDouble() as discord:
        async with running(tmp_path, discord) as bot:
            log = await bot.says(", checked")
            (line,) = [one for one in log.splitlines() if " bot.backup: " in one]
            (copy,) = copies(str(folder), "exomars.db")
            assert f"INFO bot.backup: backup {copy.name}: " in line
            assert await bot.end() == 0
        assert wrong_with(copy.path) == ""
        async with running(tmp_path, discord) as bot:
            await asyncio.sleep(4)
            assert await bot.end() == 0
        assert copies(str(folder), "exomars.db") == [copy]
        assert bot.log.count(" bot.backup: ") == 1
        assert "Traceback" not in bot.log


@pytest.mark.asyncio
async def test_a_bot_that_is_to_make_none_makes_none(tmp_path: Path) -> None:
    """every_hours = 0."""
    config = configured(tmp_path / "c", every_hours=0)
    async with DiscordDouble() as discord, running(tmp_path, discord, config) as bot:
        await bot.says("connected to Discord")
        await asyncio.sleep(4)
        assert await bot.end() == 0
    assert not (tmp_path / "backups").exists()


@pytest.mark.asyncio
async def test_a_backup_that_fails_is_one_line_and_the_bot_goes_on(tmp_path: Path) -> None:
    """A file is where the folder should be."""
    (tmp_path / "backups").write_text("", encoding="utf-8")
    async with DiscordDouble() as discord, running(tmp_path, discord) as bot:
        log = await bot.says("ERROR bot.backup")
        (line,) = [one for one in log.splitlines() if " bot.backup: " in one]
        assert "the backups in" in line
        assert "cannot be listed: Not a directory" in line
        assert "trying again in an hour" in line
        assert await bot.end() == 0
        assert "Traceback" not in bot.log


@pytest.mark.asyncio
async def test_nothing_is_exchanged_under_a_running_bot(tmp_path: Path) -> None:
    """It is said which process delivers, and the bot does not notice."""
    set_up(tmp_path)
    async with DiscordDouble() as discord, running(tmp_path, discord) as bot:
        channel = discord.add_channel(discord.add_guild(), "news")
        await bot.says("connected to Discord")
        done = await asyncio.to_thread(exomars, tmp_path, "backup", "restore")
        assert done.returncode == 3
        assert f"a process ({bot.process.pid}) delivers for discord; nothing was changed" in done.stderr
        assert (await asyncio.to_thread(exomars, tmp_path, "backup")).returncode == 0
        await discord.user_types(channel, "!exomars status")
        await until(lambda: discord.from_bot(channel))
        assert await bot.end() == 0
        assert " ERROR " not in bot.log


async def until(look: Callable[[], object], seconds: float = 10.0) -> None:
    """Waits until something is so."""
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.02)


@pytest.mark.asyncio
async def test_a_database_damaged_while_the_bot_runs_ends_it_with_one_line(tmp_path: Path) -> None:
    """As soon as it reads what is damaged: no traceback, exit code 3, and no start until one has chosen."""
    database = set_up(tmp_path)
    async with DiscordDouble() as discord:
        async with running(tmp_path, discord, configured(tmp_path / "c")) as bot:
            channel = discord.add_channel(discord.add_guild(), "news")
            await bot.says("connected to Discord")
            with closing(sqlite3.connect(database)) as other:  # else what was just written stands elsewhere
                assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
            with database.open("r+b") as file:
                file.write(b"\x55" * database.stat().st_size)
            await discord.user_types(channel, "!exomars search strike")
            assert await bot.ended() == 3
        lines = [line for line in bot.log.splitlines() if "damaged" in line or "malformed" in line]
        assert len(lines) == 1, bot.log
        assert lines[0].startswith(f"exomars: the database {database} is damaged: ")
        assert "exomars backup restore (goes on from that)" in lines[0]
        assert "Traceback" not in bot.log
        async with running(tmp_path, discord) as bot:
            assert await bot.ended() == 3
        assert bot.log.splitlines()[-1] == lines[0]


@pytest.mark.asyncio
async def test_a_digest_that_came_after_the_backup_does_not_come_again(tmp_path: Path) -> None:
    """The backup is of before nine, the digest of nine was posted, the database is lost, all goes on."""
    start = datetime(2026, 11, 21, 8, 59, 30, tzinfo=UTC)
    clock = tmp_path / "clock"

    def at(moment: datetime) -> Path:
        clock.write_text(str((moment - datetime.now(UTC)).total_seconds()), encoding="utf-8")
        return clock

    async with DiscordDouble() as discord:
        guild = discord.add_guild()
        channel = discord.add_channel(guild, "news")
        place = f"discord:{guild.id}/{channel.id}"

        async def said(code: int, *words: str) -> str:
            done = await asyncio.to_thread(lambda: exomars(tmp_path, *words, clock=clock))
            assert done.returncode == code, done.stderr
            return done.stdout

        at(start)
        await said(0, "digest", "subscribe", place, "kind", "replay", "at", "09:00", "UTC")
        await said(0, "backup")
        at(start + timedelta(seconds=29))
        async with running(tmp_path, discord, clock=clock) as bot:
            await until(lambda: discord.from_bot(channel))
            bot.process.kill()
            await bot.ended()
        headless(tmp_path / "exomars.db")
        at(start + timedelta(minutes=5))
        await said(3, "status")
        assert "1 digest had editions due since: these count as missed" in await said(0, "backup", "restore")
        async with running(tmp_path, discord, clock=clock) as bot:
            await bot.says("digests: 1 subscriptions are watched")
            await asyncio.sleep(2)
            assert len(discord.from_bot(channel)) == 1
            at(start + timedelta(days=1, seconds=29))
            await until(lambda: len(discord.from_bot(channel)) == 2)
            await bot.end()
        assert not [one for one in os.listdir(tmp_path) if one.endswith(".put-aside")]
        days = [json.dumps(post.embeds) for post in discord.from_bot(channel)]
        assert "Replay no. 1, 21 November 2026 [" in days[0]
        assert "Replay no. 1, 22 November 2026 [" in days[1]
