"""A sync: what changed is taken over, nothing else is touched, and nothing is lost on the way."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.curate.files.sync import Synced, _apply, plan, sync
from bot.load.folder import listing
from bot.load.story import load
from bot.store.newsroom import Newsroom, RevisionRow
from bot.store.store import Store
from tests.curate.chat import AFTER, BEFORE, dated, histories, taken_away, written
from tests.curate.chat import versions as chat_versions
from tests.store.whole import assert_whole, content
from tests.stories import NOW, PLAN, SCENE, STORY, STRIKE, StoryFolder, briefing, fact, scene, source, told

ROOT = Path(__file__).parents[2]
CORPUS = f"corpus/{PLAN}.md"
STRIKE_FILE = f"corpus/{STRIKE}.md"
BRIEFING = "briefings/2022-03-05-strike.md"
TABLES = ("source", "fact", "fact_tag", "relation", "briefing", "sentence", "citation", "revision")


def synced(folder: StoryFolder, store: Store) -> Synced:
    """Syncs after a change."""
    found = folder.sync(store)
    assert found is not None
    assert_whole(store)
    return found


def watched(store: Store) -> Callable[[], list[str]]:
    """Notes each row that is written from now on, as `update fact`; the result tells them."""

    def set_up(db: Database) -> None:
        db.conn.execute("CREATE TEMP TABLE touched (what TEXT)")
        for table in TABLES:
            for how in ("INSERT", "UPDATE", "DELETE"):
                db.conn.execute(
                    f"CREATE TEMP TRIGGER see_{how}_{table} AFTER {how} ON main.{table}"
                    f" BEGIN INSERT INTO touched VALUES ('{how.lower()} {table}'); END"
                )

    store.write(set_up)
    return lambda: sorted(
        row[0] for row in store.write(lambda db: db.conn.execute("SELECT * FROM touched").fetchall())
    )


def states(store: Store) -> dict[str, str]:
    """How each file of the story stands."""
    with store.reading(STORY.word) as shelf:
        return {row.path: row.state for row in shelf.files()}


def versions(store: Store, name: str) -> list[RevisionRow]:
    """Every version of a briefing."""
    with store.reading(STORY.word) as shelf:
        return Newsroom(shelf.connection, STORY.word).revisions("briefing", name)


def test_a_story_is_taken_over_whole(folder: StoryFolder, store: Store) -> None:
    """All sources and briefings of the files are in the store, and every file is known as loaded."""
    done = synced(folder, store)
    assert (done.put, done.dropped, done.problems, done.told()) == (4, 0, (), [])
    with store.reading(STORY.word) as shelf:
        assert shelf.source_ids() == [PLAN, STRIKE]
        assert shelf.briefing_ids() == [PLAN, "2022-03-05-strike"]
        assert shelf.count("fact") == 5
    assert set(states(store).values()) == {"loaded"}
    assert set(states(store)) == set(SCENE)


def test_nothing_changed_is_nothing_done(folder: StoryFolder, loaded: Store) -> None:
    """A second sync writes not one row."""
    before = loaded.write(lambda db: db.conn.total_changes)
    assert folder.sync(loaded) is None
    assert loaded.write(lambda db: db.conn.total_changes) == before


def test_a_file_written_anew_with_the_same_text_changes_no_row_of_the_story(
    folder: StoryFolder, loaded: Store
) -> None:
    """Content counts and not the time of a file."""
    touched = watched(loaded)
    folder.write(CORPUS, SCENE[CORPUS])
    assert synced(folder, loaded).put == 0
    assert touched() == []


CHANGED_ROWS = {
    "the words of a fact": (CORPUS, "Alton and Berry", "Alton and Cork", ["insert revision", "update fact"]),
    "the tag of a fact": (
        CORPUS, '["towns"]', "[banks]", ["delete fact_tag", "insert fact_tag", "insert revision"]
    ),
    "the title of a source": (CORPUS, "The bridge in the news", "News", ["insert revision", "update source"]),
    "the reason of a relation": (
        STRIKE_FILE, 'in-may", "because": "It came later."', 'in-may", "because": "It was put off."',
        ["delete relation", "insert relation", "insert revision"],
    ),
    "a sentence": (
        BRIEFING, "Nobody has said who pays", "Nobody says who pays",
        ["delete sentence", "insert revision", "insert sentence", "update briefing"],
    ),
    "a citation": (
        BRIEFING, f"[@{PLAN}#who-pays]", f"[@{PLAN}#two-towns]",
        ["delete citation", "insert citation", "insert revision", "update briefing"],
    ),
    "a briefing's tags": (BRIEFING, '["bridge"]', "[strike]", ["insert revision", "update briefing"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED_ROWS)
def test_only_the_rows_that_changed_are_written(folder: StoryFolder, loaded: Store, name: str) -> None:
    """One change in a file is one in the database, however large the story is."""
    path, old, new, rows = CHANGED_ROWS[name]
    touched = watched(loaded)
    folder.edit(path, old, new)
    assert synced(folder, loaded).put == 1
    assert touched() == rows


def test_what_is_in_the_store_is_what_a_first_sync_would_make(
    folder: StoryFolder, loaded: Store, tmp_path: Path
) -> None:
    """However a story came to be, the store shows what its files say."""
    folder.edit(CORPUS, "Alton and Berry", "Alton and Cork")
    folder.write("corpus/2022-04-01-lamps.md", source("2022-04-01-lamps", fact("paid"), fact("lit")))
    folder.write(
        "briefings/2022-04-01-lamps.md", briefing("2022-04-01-lamps", "Lit [@2022-04-01-lamps#lit].")
    )
    synced(folder, loaded)
    folder.remove(f"briefings/{PLAN}.md")
    folder.write(
        "corpus/2022-04-01-lamps.md", source("2022-04-01-lamps", fact("lit", tags=["lamps"]), fact("new"))
    )
    synced(folder, loaded)
    fresh = Store(str(tmp_path / "fresh.db"))
    synced(folder, fresh)
    assert content(loaded) == content(fresh)
    fresh.close()


def test_every_version_of_a_briefing_is_kept(folder: StoryFolder, loaded: Store) -> None:
    """A changed briefing has a new version beside the earlier ones; the same text again adds none."""
    for number, state in ((2, "It is held up."), (3, "It is still held up.")):
        old = versions(loaded, "2022-03-05-strike")[-1].state
        folder.edit(BRIEFING, old, state)
        folder.sync(loaded, NOW + timedelta(days=number))
    folder.write(BRIEFING, folder.path(BRIEFING).read_bytes())
    folder.sync(loaded, NOW + timedelta(days=4))
    rows = versions(loaded, "2022-03-05-strike")
    assert [(row.version, row.made, row.title, row.state) for row in rows] == [
        (1, "2022-08-01T12:00:00.000", "How it stands", "A strike holds up the bridge."),
        (2, "2022-08-03T12:00:00.000", "How it stands", "It is held up."),
        (3, "2022-08-04T12:00:00.000", "How it stands", "It is still held up."),
    ]
    with loaded.reading(STORY.word) as shelf:
        card = shelf.briefing("2022-03-05-strike")
        assert card is not None
        assert card.version == 3


def test_the_versions_of_a_deleted_briefing_are_kept(folder: StoryFolder, loaded: Store) -> None:
    """What was told once can be looked up after it was taken back, and its number goes on."""
    text = folder.path(BRIEFING).read_text(encoding="utf-8")
    folder.remove(BRIEFING)
    assert synced(folder, loaded).dropped == 1
    assert [bool(one.text) for one in versions(loaded, "2022-03-05-strike")] == [True, False]
    folder.write(BRIEFING, text.replace("A strike holds", "A long strike holds"))
    synced(folder, loaded)
    assert [one.version for one in versions(loaded, "2022-03-05-strike")] == [1, 2, 3]


def test_a_deleted_source_goes_with_all_that_was_its_own(folder: StoryFolder, loaded: Store) -> None:
    """Facts, tags and relations of a file that is gone are gone."""
    folder.remove(STRIKE_FILE, BRIEFING)
    done = synced(folder, loaded)
    assert (done.put, done.dropped, done.problems) == (0, 2, ())
    with loaded.reading(STORY.word) as shelf:
        assert (shelf.source_ids(), shelf.briefing_ids(), shelf.count("fact")) == ([PLAN], [PLAN], 3)
        assert not shelf.has_tag("strike")
        assert shelf.links([f"{PLAN}#opens-in-may"], "supersedes", None, back=True) == {}
    assert set(states(loaded)) == {CORPUS, f"briefings/{PLAN}.md"}


BREAKAGES: dict[str, Callable[[StoryFolder, str], object]] = {
    "emptied": lambda folder, path: folder.write(path, ""),
    "no longer UTF-8": lambda folder, path: folder.write(path, b"\xff\xfe"),
    "no longer YAML": lambda folder, path: folder.write(path, "---\nid: [\n---\n"),
    "with an unknown kind": lambda folder, path: folder.edit(path, 'kind: "plan"', "kind: rumour"),
    "a link out of the folder": lambda folder, path: folder.link(path, "/etc/passwd"),
    "huge": lambda folder, path: folder.write(path, b"x" * 2_000_000),
}


@pytest.mark.parametrize("how", BREAKAGES)
def test_what_was_loaded_stays_when_its_file_breaks(folder: StoryFolder, loaded: Store, how: str) -> None:
    """A broken file is told, and its last right version stands until the file is mended."""
    before = content(loaded)
    BREAKAGES[how](folder, CORPUS)
    done = synced(folder, loaded)
    assert (done.put, done.dropped) == (0, 0)
    assert [problem.path for problem in done.problems] == [CORPUS]
    assert done.told()[-1] == "1 file(s) of bridge left out or kept as they were; `exomars check` lists all"
    assert content(loaded) == before
    assert states(loaded)[CORPUS] == "kept"
    with loaded.reading(STORY.word) as shelf:
        assert shelf.problems() == list(done.problems)
    folder.path(CORPUS).unlink()
    folder.write(CORPUS, SCENE[CORPUS])
    assert synced(folder, loaded).problems == ()
    assert content(loaded) == before
    assert set(states(loaded).values()) == {"loaded"}


def test_a_broken_file_that_was_never_loaded_is_left_out(folder: StoryFolder, store: Store) -> None:
    """The rest of the story comes in; what leans on the broken file waits for it and then follows."""
    folder.edit(STRIKE_FILE, 'kind: "statement"', "kind: rumour")
    done = synced(folder, store)
    assert done.put == 2
    assert states(store) == {
        CORPUS: "loaded", STRIKE_FILE: "out", f"briefings/{PLAN}.md": "loaded", BRIEFING: "out",
    }  # fmt: skip
    assert f"{BRIEFING}:9: cites {STRIKE}#strike, but there is no source" in told(done.problems)
    folder.edit(STRIKE_FILE, "kind: rumour", 'kind: "statement"')
    done = synced(folder, store)
    assert (done.put, done.problems) == (2, ())
    assert set(states(store).values()) == {"loaded"}


def test_a_source_that_waited_in_vain_stays(folder: StoryFolder, store: Store) -> None:
    """What was loaded while it waited for a broken file stays when that comes without the fact."""
    folder.remove(BRIEFING, f"briefings/{PLAN}.md")
    folder.edit(CORPUS, 'kind: "plan"', "kind: rumour")
    assert synced(folder, store).put == 1
    folder.edit(CORPUS, "kind: rumour", 'kind: "plan"')
    folder.edit(CORPUS, "id: who-pays", "id: who-paid")
    for title in ("One bridge", "Two bridges"):
        folder.edit(CORPUS, "The bridge in" if title == "One bridge" else "One bridge in", f"{title} in")
        done = synced(folder, store)
        assert (done.put, done.dropped) == (1, 0)
        assert f"disputes {PLAN}#who-pays, which does not exist; did you mean" in told(done.problems)
        assert set(states(store).values()) == {"loaded"}


def test_a_source_whose_new_version_lacks_a_cited_fact_is_kept(folder: StoryFolder, loaded: Store) -> None:
    """A fact that a briefing cites stays, with all of its version; so it is with a deleted source."""
    before = content(loaded)
    folder.edit(CORPUS, "id: who-pays", "id: who-paid")
    done = synced(folder, loaded)
    assert content(loaded) == before
    assert states(loaded)[CORPUS] == "kept"
    assert f"cites {PLAN}#who-pays, which does not exist; did you mean {PLAN}#who-paid?" in told(
        done.problems
    )
    folder.remove(CORPUS)
    synced(folder, loaded)
    assert content(loaded) == before
    assert states(loaded)[CORPUS] == "kept"


def test_a_kept_version_gives_way_when_nothing_needs_it_any_more(folder: StoryFolder, loaded: Store) -> None:
    """When the briefing is mended, the new version of the source comes in without being touched."""
    folder.edit(CORPUS, "id: who-pays", "id: who-paid")
    synced(folder, loaded)
    for path in (BRIEFING, STRIKE_FILE):
        folder.edit(path, "#who-pays", "#who-paid")
    done = synced(folder, loaded)
    assert (done.put, done.problems) == (3, ())
    assert set(states(loaded).values()) == {"loaded"}


def empty(path: Path) -> None:
    """Deletes every file in a folder."""
    for one in path.iterdir():
        one.unlink()


EMPTIED: dict[str, tuple[list[str], Callable[[Path], None]]] = {
    "the corpus is missing": (["corpus"], shutil.rmtree),
    "the briefings are missing": (["briefings"], shutil.rmtree),
    "both are missing": (["corpus", "briefings"], shutil.rmtree),
    "the corpus is empty": (["corpus"], empty),
    "the briefings are empty": (["briefings"], empty),
    "both are empty": (["corpus", "briefings"], empty),
}


@pytest.mark.parametrize("how", EMPTIED)
def test_a_folder_that_is_gone_or_empty_forgets_nothing(folder: StoryFolder, loaded: Store, how: str) -> None:
    """A disk that is not mounted looks like that: it is told, the story stays, and comes back untouched."""
    before = content(loaded)
    names, take_away = EMPTIED[how]
    for name in names:
        take_away(folder.path(name))
    done = synced(folder, loaded)
    assert (done.put, done.dropped) == (0, 0)
    assert done.problems
    assert all(problem.path.split("/")[0] in names for problem in done.problems)
    assert content(loaded) == before
    assert folder.sync(loaded) is None
    touched = watched(loaded)
    scene(folder.root)
    assert synced(folder, loaded).problems == ()
    assert content(loaded) == before
    assert touched() == []
    assert set(states(loaded).values()) == {"loaded"}


def test_a_missing_folder_is_told_at_the_first_sync_too(tmp_path: Path, store: Store) -> None:
    """A story whose folders are wrong is empty and says so."""
    done = StoryFolder(tmp_path / "nowhere").sync(store)
    assert done is not None
    assert [problem.path for problem in done.problems] == ["briefings", "corpus"]
    assert "name the right one in config.toml" in told(done.problems)


def test_an_operator_hears_of_the_first_problems_and_how_many_files_there_are(
    tmp_path: Path, store: Store
) -> None:
    """A story with many mistakes is told in a few lines."""
    files = {f"corpus/2022-01-{day:02}-x.md": "" for day in range(2, 31)} | {"briefings/x.md": ""}
    done = scene(tmp_path / "story", files).sync(store)
    assert done is not None
    assert len(done.problems) == 30
    assert len(done.told()) == 11
    assert done.told()[-1].startswith("30 file(s) of bridge left out")


def test_two_stories_do_not_touch_each_other(folder: StoryFolder, loaded: Store, tmp_path: Path) -> None:
    """One database holds several stories, with the same ids if need be."""
    other = scene(tmp_path / "other")
    other.edit(CORPUS, "Alton and Berry", "Dover and Calais")
    before = content(loaded)
    sync(loaded, STORY._replace(word="tunnel"), other.places, NOW)
    assert content(loaded) == before
    folder.remove(f"briefings/{PLAN}.md")
    synced(folder, loaded)
    with loaded.reading("tunnel") as shelf:
        assert shelf.count("briefing") == 2
        assert shelf.search("Dover", 5).hits
        assert not shelf.search("Berry", 5).hits


# ── beside what was written in chat ─────────────────────────────────────────────────────

LAMPS = "2022-04-01-lamps"
LAMPS_FILE = f"corpus/{LAMPS}.md"
NEWS = source(LAMPS, fact("lit", "The lamps were lit."))
SAME_ID = briefing(LAMPS, f"Lit [@{LAMPS}#lit].")


def item_state(store: Store) -> str:
    """The state that the strike's briefing tells now."""
    with store.reading(STORY.word) as shelf:
        card = shelf.briefing("2022-03-05-strike")
        assert card is not None
        return card.state


def said(text: str, state: str) -> str:
    """The strike's briefing with another state."""
    return text.replace("A strike holds up the bridge.", state)


def audited(store: Store) -> list[tuple[str, str, str, str]]:
    """What the audit has of files: where, what stood in chat, which version came, and the outcome."""
    with store.reading(STORY.word) as shelf:
        rows = Newsroom(shelf.connection, STORY.word).audit("platform = ?", ["files"])
    return [(row.place, row.before, row.after, row.outcome) for row in rows]


def test_what_has_no_file_since_it_was_written_in_chat_is_not_gone(
    folder: StoryFolder, loaded: Store
) -> None:
    """A sync leaves it alone, also where a source and a briefing of one id have no file."""
    written(loaded, "source", NEWS, "add")
    written(loaded, "briefing", SAME_ID, "add")
    before = content(loaded)
    folder.edit(CORPUS, "Alton and Berry", "Berry and Alton")
    assert synced(folder, loaded).put == 1
    folder.edit(CORPUS, "Berry and Alton", "Alton and Berry")
    done = synced(folder, loaded)
    assert (done.dropped, done.told()) == (0, [])
    assert content(loaded) == before


def test_a_file_of_what_was_written_in_chat_is_that_same_item(folder: StoryFolder, loaded: Store) -> None:
    """Word for word what stands, it makes no version; from then on a change in it is one like any other."""
    written(loaded, "source", NEWS, "add", at=AFTER)
    folder.write(LAMPS_FILE, NEWS)
    dated(folder, LAMPS_FILE)
    done = synced(folder, loaded)
    assert (done.problems, done.told()) == ((), [])
    assert states(loaded)[LAMPS_FILE] == "loaded"
    assert histories(chat_versions(loaded, "source", LAMPS)) == [("add", True)]
    folder.edit(LAMPS_FILE, "The lamps were lit.", "All lamps were lit.")
    dated(folder, LAMPS_FILE)
    assert synced(folder, loaded).told() == []
    assert histories(chat_versions(loaded, "source", LAMPS)) == [("add", True), ("file", True)]
    folder.remove(LAMPS_FILE)
    assert synced(folder, loaded).dropped == 1


def test_a_fact_that_something_from_chat_cites_stays(folder: StoryFolder, loaded: Store) -> None:
    """A file that lacks it is held back, as it is for what stands in files."""
    written(loaded, "briefing", briefing("2022-07-01-towns", f"Two towns [@{PLAN}#two-towns]."), "add")
    folder.remove(f"briefings/{PLAN}.md")
    folder.edit(CORPUS, "id: two-towns", "id: towns")
    done = synced(folder, loaded)
    assert f"briefings/2022-07-01-towns.md:9: cites {PLAN}#two-towns, which does not exist" in told(
        done.problems
    )
    assert states(loaded)[CORPUS] == "kept"


def test_a_file_that_did_not_change_does_not_undo_what_chat_changed(
    folder: StoryFolder, loaded: Store
) -> None:
    """Touched, written anew, or broken and mended, it says what it said; the version from chat stands."""
    text = SCENE[BRIEFING]
    written(loaded, "briefing", said(text, "It is over."), at=BEFORE)
    folder.write(BRIEFING, text)
    assert synced(folder, loaded).told() == []
    folder.write(BRIEFING, "broken")
    assert len(synced(folder, loaded).problems) == 1
    assert item_state(loaded) == "It is over."
    folder.write(BRIEFING, text)
    assert synced(folder, loaded).told() == []
    assert item_state(loaded) == "It is over."
    assert states(loaded)[BRIEFING] == "loaded"
    assert histories(versions(loaded, "2022-03-05-strike")) == [("file", True), ("edit", True)]


CONFLICTS = {
    "chat": (
        AFTER,
        "It is over.",
        [True, True, False],
        (
            "briefings/2022-03-05-strike.md: was changed here and in chat (version 2, 2 September 2022); the"
            " newer one, from chat, stands; `exomars history 2022-03-05-strike` shows both, `exomars export`"
            " writes what stands"
        ),
    ),
    "the file": (
        BEFORE,
        "It goes on.",
        [True, True, True],
        (
            "briefings/2022-03-05-strike.md: was changed here and in chat (version 2, 31 August 2022); the"
            " newer one, from the file, stands; `exomars history 2022-03-05-strike` shows both"
        ),
    ),
}


@pytest.mark.parametrize("newer", CONFLICTS)
def test_what_file_and_chat_both_changed_is_kept_twice_and_the_newer_one_stands(
    folder: StoryFolder, loaded: Store, newer: str
) -> None:
    """Both are in the history; one line tells the log of it, once, and the audit keeps it."""
    at, state, stands, line = CONFLICTS[newer]
    written(loaded, "briefing", said(SCENE[BRIEFING], "It is over."), at=at)
    folder.write(BRIEFING, said(SCENE[BRIEFING], "It goes on."))
    dated(folder, BRIEFING)
    done = synced(folder, loaded)
    assert done.told() == [line]
    assert done.problems == ()
    assert item_state(loaded) == state
    rows = versions(loaded, "2022-03-05-strike")
    assert [(row.act, bool(row.stands)) for row in rows] == [
        *zip(("file", "edit", "file"), stands, strict=True)
    ]
    assert [row.state for row in rows] == ["A strike holds up the bridge.", "It is over.", "It goes on."]
    outcome = f"changed in its file and in chat; the newer one, from {newer}, stands"
    assert audited(loaded) == [(BRIEFING, "version 2", "version 3", outcome)]
    assert folder.sync(loaded) is None
    folder.write(CORPUS, SCENE[CORPUS])
    folder.write(BRIEFING, said(SCENE[BRIEFING], "It goes on.") + "\n")
    assert synced(folder, loaded).told() == []
    assert item_state(loaded) == state
    assert len(versions(loaded, "2022-03-05-strike")) == 3


def test_a_change_after_the_file_had_what_chat_said_is_no_conflict(
    folder: StoryFolder, loaded: Store
) -> None:
    """It was made on top of that version, whatever the file's time says."""
    written(loaded, "briefing", said(SCENE[BRIEFING], "It is over."), at=AFTER)
    folder.write(BRIEFING, said(SCENE[BRIEFING], "It is over."))
    synced(folder, loaded)
    folder.edit(BRIEFING, "It is over.", "It is long over.")
    dated(folder, BRIEFING, at=BEFORE)
    assert synced(folder, loaded).told() == []
    assert item_state(loaded) == "It is long over."


def test_a_file_deleted_of_what_was_written_in_chat_takes_nothing_away(
    folder: StoryFolder, loaded: Store
) -> None:
    """What stands in chat is kept, which is told once."""
    written(loaded, "briefing", said(SCENE[BRIEFING], "It is over."))
    folder.remove(BRIEFING)
    done = synced(folder, loaded)
    assert (done.dropped, done.problems) == (0, ())
    assert done.told() == [
        (
            "briefings/2022-03-05-strike.md: is gone, but was written in chat (version 2, 2 September 2022);"
            " that stands; `exomars export` writes what stands"
        )
    ]
    assert item_state(loaded) == "It is over."
    assert BRIEFING not in states(loaded)
    assert audited(loaded) == [
        (BRIEFING, "version 2", "", "its file is gone; what was written in chat stands")
    ]
    folder.edit(CORPUS, "Alton and Berry", "Berry and Alton")
    assert synced(folder, loaded).told() == []
    assert item_state(loaded) == "It is over."


def test_a_file_does_not_bring_back_what_chat_took_away(folder: StoryFolder, loaded: Store) -> None:
    """Unchanged, it waits to be removed; changed later, it is the newer one and stands."""
    written(loaded, "source", NEWS, "add", at=BEFORE)
    folder.write(LAMPS_FILE, NEWS)
    dated(folder, LAMPS_FILE)
    synced(folder, loaded)
    taken_away(loaded, "source", LAMPS, at=BEFORE)
    folder.write(LAMPS_FILE, NEWS)
    assert synced(folder, loaded).told() == []
    with loaded.reading(STORY.word) as shelf:
        assert LAMPS not in shelf.source_ids()
    folder.edit(LAMPS_FILE, "The lamps were lit.", "All lamps were lit.")
    dated(folder, LAMPS_FILE)
    assert "the newer one, from the file, stands" in synced(folder, loaded).told()[0]
    with loaded.reading(STORY.word) as shelf:
        assert LAMPS in shelf.source_ids()


# ── more than one process ───────────────────────────────────────────────────────────────


def process(store: Store, folder: StoryFolder, *how: str) -> "subprocess.Popen[str]":
    """A sync in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.curate.syncing", store.path, str(folder.root), *how],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def line(running: "subprocess.Popen[str]") -> str:
    """What a process says next."""
    assert running.stdout is not None
    return running.stdout.readline().strip()


def large(folder: StoryFolder, count: int = 60) -> None:
    """Makes the story long enough to be in the middle of."""
    for number in range(count):
        name = f"2022-05-01-n{number}"
        facts = [
            fact(f"f{one}", f"Lamp {one} of street {number} was lit.", tags=["lamps"]) for one in range(20)
        ]
        folder.write(f"corpus/{name}.md", source(name, *facts))
        folder.write(
            f"briefings/{name}.md", briefing(name, f"Lit [@{name}#f1; @{name}#f2].", f"Dark [@{name}#f3].")
        )


def test_processes_that_sync_at_once_agree(folder: StoryFolder, store: Store, tmp_path: Path) -> None:
    """Of several that start on a new database at one moment none fails, and nothing is there twice."""
    large(folder, 10)
    go = tmp_path / "go"
    running = [process(store, folder, "wait", str(go)) for _ in range(4)]
    assert [line(one) for one in running] == ["ready"] * 4
    go.touch()
    said = [one.communicate(timeout=50)[0].strip() for one in running]
    assert [one.returncode for one in running] == [0] * 4
    assert sorted(said) == ["24 written", *["nothing changed"] * 3]
    assert folder.sync(store) is None
    assert_whole(store)
    with store.reading(STORY.word) as shelf:
        assert shelf.version() == 1
        assert all(
            len(Newsroom(shelf.connection, STORY.word).revisions("briefing", name)) == 1
            for name in shelf.briefing_ids()
        )


@pytest.mark.parametrize("first", [True, False], ids=["the first sync", "a later one"])
def test_a_sync_killed_before_its_end_has_changed_nothing(
    folder: StoryFolder, store: Store, first: bool
) -> None:
    """Killed after the last row, before the commit, it has changed nothing; the next one does all of it."""
    if not first:
        folder.sync(store)
    before = content(store)
    large(folder, 5)
    folder.remove(f"briefings/{PLAN}.md")
    running = process(store, folder, "hang")
    assert line(running) == "written"
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=20)
    assert content(store) == before
    assert_whole(store)
    done = synced(folder, store)
    assert done.put == (3 + 10 if first else 10)
    assert done.problems == ()


def test_a_sync_killed_at_any_moment_leaves_a_whole_database(folder: StoryFolder, tmp_path: Path) -> None:
    """Killed early or late, a sync has happened as a whole or not at all."""
    large(folder)
    started = time.monotonic()
    reference = Store(str(tmp_path / "reference.db"))
    assert process(reference, folder).communicate(timeout=50)[0].strip() == "124 written"
    whole = time.monotonic() - started
    for step in range(1, 7):
        store = Store(str(tmp_path / f"{step}.db"))
        running = process(store, folder)
        time.sleep(whole * step / 6.5)
        running.kill()
        running.communicate(timeout=20)
        with store.reading(STORY.word) as shelf:
            assert (shelf.count("fact"), shelf.count("briefing")) in {(0, 0), (5 + 60 * 20, 2 + 60)}
        assert_whole(store)
        folder.sync(store)
        assert content(store) == content(reference)
        store.close()
    reference.close()


def test_a_change_planned_for_an_earlier_version_is_not_written(folder: StoryFolder, store: Store) -> None:
    """Where another process was faster, the slower one writes nothing and looks again."""
    found = listing(folder.places)
    change, _ = plan(STORY.word, found, tuple(load(one) for one in found.files), {}, {})
    assert store.write(partial(_apply, STORY.word, 0, change, NOW)) is True
    before = store.write(lambda db: db.conn.total_changes)
    assert store.write(partial(_apply, STORY.word, 0, change, NOW)) is False
    assert store.write(lambda db: db.conn.total_changes) == before
