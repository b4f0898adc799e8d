"""The database: opened or refused in words, written as a whole or not at all, read as of a day."""

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.errors import StoreError
from bot.store.connect import BUSY_SECONDS, connect, store_error
from bot.store.schema import MIGRATIONS, NEWEST
from bot.store.shelf import Shelf
from bot.store.store import Store
from tests.store.whole import assert_whole, content
from tests.stories import NOW, PLAN, STORY, STRIKE, StoryFolder, fact, source

EARLY, LATE = date(2022, 1, 5), date(2022, 3, 5)


def opened(path: Path) -> None:
    """Opens, reads and writes a database as the bot does, and lets go of it."""
    store = Store(str(path))
    try:
        with store.reading("x") as shelf:
            shelf.version()
        store.remember("a", "b")
    finally:
        store.close()


def newer(path: Path) -> None:
    """Makes a database of a version to come."""
    opened(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={NEWEST + 1}")
    connection.close()


def foreign(path: Path) -> None:
    """Makes a database of another program, which has a table of the same name."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE fact (x)")
    connection.close()


UNUSABLE = {
    "made by a newer bot": (newer, f"has version {NEWEST + 1}, this bot knows {NEWEST}; start the newer bot"),
    "not a database": (
        lambda path: path.write_text("x" * 5000),
        "is damaged: file is not a database; end the bot, and say: exomars backup restore",
    ),
    "another program's": (foreign, "table fact already exists"),
    "a folder": (
        lambda path: path.mkdir(),
        "check the folder, its permissions and the free space, or set EXOMARS_DB",
    ),
    "a folder that is a file": (
        lambda path: (path.parent.rmdir(), path.parent.write_text("")),
        "set EXOMARS_DB",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_database_that_cannot_be_used_is_told_in_words(tmp_path: Path, name: str) -> None:
    """The message names the file and what to do, each time anew; the file is left as it is."""
    path = tmp_path / "state" / "test.db"
    path.parent.mkdir()
    prepare, message = UNUSABLE[name]
    prepare(path)
    store = Store(str(path))
    for _ in range(2):
        with pytest.raises(StoreError) as caught, store.reading("x") as shelf:
            shelf.version()
        assert str(caught.value).startswith(f"the database {path} ")
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
        with pytest.raises(StoreError):
            store.remember("a", "b")
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every folder is writable")
def test_a_folder_that_may_not_be_written_is_told_in_words(tmp_path: Path) -> None:
    """Without permission the message names the file and what to check."""
    (tmp_path / "state").mkdir(mode=0o500)
    with pytest.raises(StoreError, match=r"test\.db cannot be used.*permissions"):
        opened(tmp_path / "state" / "test.db")


def test_a_damaged_database_is_told_in_words(loaded: Store) -> None:
    """Pages overwritten by something else are found out and named."""
    loaded.close()
    for tail in ("-wal", "-shm"):
        Path(loaded.path + tail).unlink(missing_ok=True)
    size = Path(loaded.path).stat().st_size
    with open(loaded.path, "r+b") as file:
        file.seek(4096)
        file.write(b"\x55" * (size - 4096))
    with pytest.raises(StoreError, match=r"is damaged: .* malformed; .* exomars backup restore"):
        content(loaded)


def test_a_locked_database_is_told_in_words(loaded: Store) -> None:
    """Who else holds the database is the thing to look for."""
    holder = sqlite3.connect(loaded.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    writer = connect(loaded.path)
    writer.execute("PRAGMA busy_timeout=50")
    with pytest.raises(sqlite3.OperationalError) as caught:
        writer.execute("BEGIN IMMEDIATE")
    assert "another process holds it; stop that one, or wait" in str(store_error("x", caught.value))
    writer.close()
    holder.close()


def test_a_full_disk_loses_nothing_and_is_told(folder: StoryFolder, loaded: Store) -> None:
    """What does not fit is not written at all; once there is room again, the same bot goes on."""
    before = content(loaded)

    def limit(db: Database, pages: int = 0) -> None:
        now = db.conn.execute("PRAGMA page_count").fetchone()[0]
        db.conn.execute(f"PRAGMA max_page_count={pages or now}")

    loaded.write(limit)
    facts = [fact(f"f{number}", f"Lamp {number} " + "was lit " * 60) for number in range(300)]
    folder.write("corpus/2022-05-01-lamps.md", source("2022-05-01-lamps", *facts))
    for _ in range(2):
        with pytest.raises(StoreError, match=r"database or disk is full; check .* the free space"):
            folder.sync(loaded)
    assert content(loaded) == before
    loaded.write(lambda db: limit(db, 1_000_000))
    done = folder.sync(loaded)
    assert done is not None
    assert done.put == 1
    assert_whole(loaded)


def opens(folder: str, barrier: "Barrier", said: "Queue[str]") -> None:
    """Opens new databases, each at the same moment as others do, and says what went wrong."""
    wrong = ""
    for turn in range(200):
        barrier.wait(timeout=30)
        try:
            connect(f"{folder}/{turn}.db").close()
        except StoreError as error:
            wrong = str(error)
    said.put(wrong)


def test_processes_that_open_a_new_database_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """None is turned away, as SQLite would do with some of them, whatever its timeout."""
    spawn = multiprocessing.get_context("spawn")
    barrier, said = spawn.Barrier(4), spawn.Queue()
    running = [spawn.Process(target=opens, args=(str(tmp_path), barrier, said)) for _ in range(4)]
    for one in running:
        one.start()
    assert [said.get(timeout=60) for _ in running] == [""] * 4
    for one in running:
        one.join()
        one.close()
    said.close()
    said.join_thread()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    """A first run needs nothing prepared."""
    opened(tmp_path / "a" / "b" / "test.db")
    assert (tmp_path / "a" / "b" / "test.db").exists()


def test_every_connection_has_the_same_settings(tmp_path: Path) -> None:
    """Foreign keys, the log and the triggers hold whoever writes; a reader cannot write."""
    path = str(tmp_path / "test.db")
    for readonly in (False, True):
        connection = connect(path, readonly=readonly)
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "query_only")
        ]
        assert found == ["wal", 2, 1, 1, int(readonly)]
        connection.close()


def test_the_schema_is_made_within_the_transaction(tmp_path: Path) -> None:
    """No step of a migration commits by itself: killed in the middle, there are no half tables."""
    connection = connect(str(tmp_path / "test.db"))
    connection.execute("BEGIN IMMEDIATE")
    for step in MIGRATIONS:
        step(Database(connection))
    assert connection.in_transaction
    connection.execute("ROLLBACK")
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    connection.close()


def test_a_write_that_fails_is_undone(loaded: Store) -> None:
    """All of a write happens, or nothing; the error comes through, and the next write works."""
    before = content(loaded)

    def work(db: Database) -> None:
        db.conn.execute("DELETE FROM fact")
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        loaded.write(work)
    assert content(loaded) == before
    with pytest.raises(StoreError, match="no such table"):
        loaded.write(lambda db: db.conn.execute("SELECT * FROM nowhere"))
    loaded.remember("a", "b")
    assert loaded.recall("a") == "b"


def test_what_can_wait_is_written_in_order_and_by_the_end(store: Store) -> None:
    """Nobody waits for it; where it fails, what comes after it does not."""

    def kept(name: str) -> Callable[[Database], object]:
        return lambda db: db.conn.execute("INSERT INTO setting VALUES (?, ?)", (name, "kept"))

    pending = [store.write_soon(kept(name)) for name in ("one", "one", "two")]
    store.write(lambda _: None)
    assert all(one.done() and one.exception() is None for one in pending)
    store.write_soon(kept("three"))
    store.close()
    assert [store.recall(name) for name in ("one", "two", "three")] == ["kept"] * 3


def test_what_can_wait_does_not_wait_for_another_process(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is given up with a word in the log, and later writes are as patient as ever."""
    monkeypatch.setattr("bot.store.store.SOON_SECONDS", 0.01)
    store.remember("a", "b")
    with closing(connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.write_soon(lambda db: db.conn.execute("DELETE FROM setting")).result(25)
        other.execute("ROLLBACK")
    assert "was not written" in caplog.text
    assert store.recall("a") == "b"
    assert store.write(lambda db: db.conn.execute("PRAGMA busy_timeout").fetchone()[0]) == BUSY_SECONDS * 1000


def test_writes_of_many_threads_all_happen(store: Store) -> None:
    """One thread writes for all, one after another."""
    store.remember("count", "0")

    def add(db: Database) -> None:
        found = db.conn.execute("SELECT value FROM setting WHERE name = 'count'").fetchone()[0]
        db.conn.execute("UPDATE setting SET value = ? WHERE name = 'count'", (str(int(found) + 1),))

    threads = [threading.Thread(target=lambda: [store.write(add) for _ in range(25)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.recall("count") == "200"


def test_a_reading_sees_one_moment(loaded: Store) -> None:
    """What is written while somebody reads is seen by the next reading, not by this one."""
    with loaded.reading(STORY.word) as shelf:
        before = shelf.count("fact")
        loaded.write(lambda db: db.conn.execute("DELETE FROM fact WHERE id LIKE '%#strike'"))
        assert shelf.count("fact") == before
    with loaded.reading(STORY.word) as shelf:
        assert shelf.count("fact") == before - 1


def test_another_connections_writes_are_noticed(loaded: Store) -> None:
    """The version of the data changes with a write and with nothing else."""
    before = loaded.data_version()
    content(loaded)
    assert loaded.data_version() == before
    loaded.remember("a", "b")
    assert loaded.data_version() != before


def test_a_version_that_cannot_be_read_is_an_error_in_words(loaded: Store) -> None:
    """Whatever SQLite says, who asks for the version hears it as of every other method."""
    loaded.data_version()
    loaded._reader().connection.close()
    with pytest.raises(StoreError, match="cannot be used"):
        loaded.data_version()


def test_a_setting_outlives_the_process(store: Store) -> None:
    """What is remembered is recalled by the next one; what never was is empty."""
    assert store.recall("a") == ""
    store.remember("a", "b")
    store.remember("a", "c")
    store.close()
    again = Store(store.path)
    assert again.recall("a") == "c"
    again.close()


def test_a_closed_store_opens_again_when_used(loaded: Store) -> None:
    """Closing lets go of the files and forbids nothing."""
    before = content(loaded)
    loaded.close()
    loaded.close()
    assert not Path(loaded.path + "-wal").exists()
    assert content(loaded) == before


# ── what a shelf shows ──────────────────────────────────────────────────────────────────


def test_a_story_nobody_loaded_is_empty(store: Store) -> None:
    """Every question has an answer before the first sync."""
    with store.reading("nothing") as shelf:
        assert (shelf.signature(), shelf.version(), shelf.span(), shelf.horizon(None)) == ("", 0, None, None)
        assert (shelf.sources(), shelf.briefings(), shelf.tags(), shelf.files(), shelf.shapes()) == (
            [],
            [],
            [],
            [],
            {},
        )
        assert shelf.timeline(None, None, None, None, 9) == ([], 0)
        assert shelf.briefing("x") is None
        assert shelf.source("x") is None
        assert shelf.fact("x") is None


def test_a_day_shows_only_what_was_published_by_then(loaded: Store) -> None:
    """With a day, later sources, facts, relations and briefings are not there."""
    with loaded.reading(STORY.word) as shelf:
        assert [card.id for card in shelf.sources(EARLY)] == [PLAN]
        assert [card.id for card in shelf.sources(LATE)] == [PLAN, STRIKE]
        assert [card.id for card in shelf.briefings(date(2022, 3, 4))] == [PLAN]
        assert [card.id for card in shelf.briefings(newest=1)] == ["2022-03-05-strike"]
        assert (shelf.count("fact", EARLY), shelf.count("fact", LATE)) == (3, 5)
        assert (shelf.horizon(date(2022, 3, 4)), shelf.horizon(None)) == (EARLY, LATE)
        assert shelf.horizon(date(2021, 1, 1)) is None
        assert shelf.span() == (EARLY, LATE)
        plan = f"{PLAN}#opens-in-may"
        assert shelf.links([plan], "supersedes", EARLY, back=True) == {}
        (link,) = shelf.links([plan], "supersedes", LATE, back=True)[plan]
        assert (link.fact.id, link.because) == (f"{STRIKE}#delayed", "It came later.")
        assert [card.id for card in shelf.citing(f"{PLAN}#who-pays", EARLY)] == []
        assert [card.id for card in shelf.citing(f"{PLAN}#who-pays")] == ["2022-03-05-strike"]
        assert {one.known_on for one in shelf.recent(EARLY, 9)} == {EARLY}


def test_an_open_question_closes_when_a_known_fact_overturns_it(loaded: Store) -> None:
    """What was open on a day is asked of that day."""
    with loaded.reading(STORY.word) as shelf:
        assert [one.slug for one in shelf.open_questions(EARLY, EARLY, 9)] == ["who-pays", "opens-in-may"]
        assert [one.slug for one in shelf.open_questions(LATE, LATE, 9)] == ["who-pays"]
        assert [one.slug for one in shelf.open_questions(EARLY, date(2022, 6, 1), 9)] == ["who-pays"]


def test_a_timeline_as_of_a_day_has_only_what_was_known_by_then(loaded: Store) -> None:
    """What was published later is not in it, whenever it happened."""
    with loaded.reading(STORY.word) as shelf:
        facts, count = shelf.timeline(None, None, None, EARLY, 9)
        assert [one.slug for one in facts] == ["who-pays", "opens-in-may"]
        assert count == 2
        assert shelf.timeline(None, None, None, EARLY, 1)[1] == 2


def test_a_fact_comes_back_as_it_was_written(loaded: Store) -> None:
    """Each field of a fact survives the database."""
    with loaded.reading(STORY.word) as shelf:
        delayed = shelf.fact(f"{STRIKE}#delayed")
        assert delayed is not None
        assert (delayed.says, delayed.speaker) == (
            "The opening is put off, the mayor of Alton said.",
            "the mayor of Alton",
        )
        assert (delayed.date.text, delayed.kind, delayed.tags) == (
            "2022-03-01/2022-03-05",
            "statement",
            ("opening",),
        )
        assert [one.slug for one in shelf.facts_of(PLAN)] == ["opens-in-may", "two-towns", "who-pays"]


@pytest.mark.parametrize(
    ("slug", "ids"),
    [("strike", [f"{STRIKE}#strike"]), ("*", []), ("s?rike", []), ("[a-z]trike", []), ("", []), ("ike", [])],
)
def test_a_slug_is_found_as_a_whole_and_has_no_wildcards(loaded: Store, slug: str, ids: list[str]) -> None:
    """What somebody types as the id of a fact is looked for letter by letter."""
    with loaded.reading(STORY.word) as shelf:
        assert shelf.fact_ids(slug) == ids


@pytest.mark.parametrize(
    ("since", "until", "tag", "slugs"),
    [
        (None, None, None, ["who-pays", "strike", "delayed", "opens-in-may"]),
        (date(2022, 3, 5), date(2022, 3, 31), None, ["delayed"]),
        (date(2022, 5, 31), None, None, ["opens-in-may"]),
        (None, date(2022, 1, 5), None, ["who-pays"]),
        (None, None, "opening", ["delayed", "opens-in-may"]),
        (None, None, "nothing", []),
    ],
    ids=[
        "everything",
        "a span that overlaps an interval",
        "from a day within a month",
        "until",
        "a tag",
        "no such tag",
    ],
)
def test_a_timeline_has_what_overlaps_the_time_asked_for(
    loaded: Store, since: date | None, until: date | None, tag: str | None, slugs: list[str]
) -> None:
    """Dated facts stand in the order of the calendar; background has no day of its own."""
    with loaded.reading(STORY.word) as shelf:
        facts, count = shelf.timeline(since, until, tag, None, 9)
        assert [one.slug for one in facts] == slugs
        assert count == len(slugs)
        assert shelf.timeline(since, until, tag, None, 1)[1] == len(slugs)


def test_many_ids_can_be_asked_for_at_once(loaded: Store) -> None:
    """More ids than a statement of SQLite takes values are looked up all the same."""
    with loaded.reading(STORY.word) as shelf:
        ids = [f"x#{number}" for number in range(70_000)]
        assert list(shelf.facts([*ids, f"{STRIKE}#strike"])) == [f"{STRIKE}#strike"]
        assert shelf.links(ids, "disputes", None, back=False) == {}


def test_a_text_that_is_code_to_a_database_is_only_text(folder: StoryFolder, store: Store) -> None:
    """Quotes and semicolons in a note are kept and harm nothing."""
    says = 'Robert\'); DROP TABLE fact; -- "said" 100 % of it?'
    folder.write("corpus/2022-05-01-lamps.md", source("2022-05-01-lamps", fact("lit", says)))
    folder.sync(store, NOW)
    with store.reading(STORY.word) as shelf:
        found = shelf.fact("2022-05-01-lamps#lit")
        assert found is not None
        assert found.says == says
        assert isinstance(shelf, Shelf)
    assert_whole(store)


def test_a_read_under_way_is_finished_before_all_is_closed(tmp_path: Path) -> None:
    """Closed under the hands of a thread that reads, SQLite would crash the process."""
    store = Store(str(tmp_path / "bot.db"))
    reads, goes_on, seen = threading.Event(), threading.Event(), list[int]()

    def read() -> None:
        with store.reading("") as shelf:
            reads.set()
            goes_on.wait(5)
            seen.append(int(shelf.connection.execute("SELECT 7").fetchone()[0]))

    reader = threading.Thread(target=read)
    reader.start()
    assert reads.wait(5)
    closing = threading.Thread(target=store.close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    goes_on.set()
    closing.join(5)
    reader.join(5)
    assert seen == [7]
