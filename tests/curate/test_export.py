"""An export: what stands is in the files, in the format that loads, and nothing is lost on the way."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.command.asker import OPERATOR, Asker
from bot.config import Story
from bot.curate.files.export import Exported, ExportError, export, folders_below
from bot.curate.files.sync import sync
from bot.desk.desk import Desk
from bot.load.folder import Folder, listing
from bot.load.story import check_folders
from bot.render.asjson import as_json
from bot.store.store import Store
from tests.curate.chat import AFTER, BEFORE, dated, taken_away, versions, written
from tests.store.whole import content
from tests.stories import NOW, PLAN, SCENE, STORY, STRIKE, StoryFolder, briefing, fact, source

CORPUS = f"corpus/{PLAN}.md"
BRIEFING = "briefings/2022-03-05-strike.md"
LAMPS = "2022-04-01-lamps"
LAMPS_FILE = f"corpus/{LAMPS}.md"
NEWS = source(LAMPS, fact("lit", "The lamps were lit."))
SERVER = "discord/1108290010035556352"


def exported(folder: StoryFolder, store: Store) -> Exported:
    """An export into the story's own folders, after the files were taken over, as the shell does it."""
    folder.sync(store)
    done = export(store, STORY, folder.places, own=True)
    folder.sync(store)
    return done


def text_of(folder: StoryFolder, path: str) -> str:
    """What a file says."""
    return folder.path(path).read_text(encoding="utf-8")


def answers(store: Store, story: Story = STORY) -> Iterator[str]:
    """Every question that can be asked, answered as `--json` prints it: now, and as of days long past."""
    desk = Desk(store, story)
    with store.reading(story.word) as shelf:
        shapes, tags = sorted(shelf.shapes().values()), shelf.tags()
    items = [f"{shape.kind} {shape.id}" for shape in shapes]  # retracted ones, too
    facts = [fact for shape in shapes for fact in shape.facts]
    days = ("2022-01-05", "2022-03-05", "2022-08-15", "2022-10-10")
    asked = ["status", "timeline", "briefings", "sources", "about", "search bridge", "search lit lamps"]
    asked += [f"status {day}" for day in days] + [f"timeline known {day}" for day in days]
    asked += [f"timeline about {tag}" for tag in tags] + items + [f"fact {fact}" for fact in facts]
    for typed in asked:
        for asker in (OPERATOR, Asker("discord", SERVER.partition("/")[2], "7")):
            reply = desk.answer(typed, "exomars", AFTER + timedelta(days=90), asker)
            yield f"{typed}\n{as_json(reply)}"


def told(store: Store) -> dict[str, object]:
    """All that readers can see, whichever version it is of: versions are no part of an export."""
    with store.reading(STORY.word) as shelf:
        cards = [card._replace(version=0, announced=0) for card in shelf.briefings()]
    return content(store) | {"briefings": cards}


def words(store: Store) -> list[tuple[str, str]]:
    """The words that stand for misspelled ones: what nobody says any more is not among them."""
    with store.reading(STORY.word) as shelf:
        found = shelf.connection.execute("SELECT audience, word FROM word WHERE story = ?", (STORY.word,))
        return sorted((str(audience), str(word)) for audience, word in found.fetchall())


def test_a_story_whose_files_say_what_stands_is_left_as_it_is(folder: StoryFolder, loaded: Store) -> None:
    """Nothing is written, nothing removed, and no file is touched."""
    before = listing(folder.places)
    assert export(loaded, STORY, folder.places, own=True) == Exported((), (), ())
    assert listing(folder.places) == before


def test_what_was_written_in_chat_is_written_into_its_file(folder: StoryFolder, loaded: Store) -> None:
    """Word for word, new or in the place of what was there; the next sync finds nothing to do."""
    new = (
        SCENE[BRIEFING]
        .replace("A strike holds up", "# as typed\nA strike held up")
        .replace("# as typed\n", "")
    )
    written(loaded, "source", NEWS, "add")
    written(loaded, "briefing", new, "edit")
    before, version = content(loaded), versions(loaded, "briefing", "2022-03-05-strike")
    assert exported(folder, loaded) == Exported((LAMPS_FILE, BRIEFING), (), ())
    assert (text_of(folder, LAMPS_FILE), text_of(folder, BRIEFING)) == (NEWS, new)
    assert folder.sync(loaded) is None
    assert content(loaded) == before
    assert versions(loaded, "briefing", "2022-03-05-strike") == version
    assert check_folders(folder.places).problems == ()
    assert exported(folder, loaded) == Exported((), (), ())


def test_the_file_of_what_was_taken_away_in_chat_is_removed(folder: StoryFolder, loaded: Store) -> None:
    """No other file ever is."""
    written(loaded, "source", NEWS, "add", at=BEFORE)
    exported(folder, loaded)
    assert ("", "lit") in words(loaded)
    taken_away(loaded, "source", LAMPS)
    assert ("", "lit") not in words(loaded)
    assert exported(folder, loaded) == Exported((), (LAMPS_FILE,), ())
    assert not folder.path(LAMPS_FILE).exists()
    assert folder.sync(loaded) is None
    assert exported(folder, loaded) == Exported((), (), ())


def test_what_was_never_in_a_file_and_was_taken_away_leaves_nothing(
    folder: StoryFolder, loaded: Store
) -> None:
    """There is no file to remove."""
    written(loaded, "source", NEWS, "add")
    taken_away(loaded, "source", LAMPS)
    assert exported(folder, loaded) == Exported((), (), ())


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(folder: StoryFolder, loaded: Store) -> None:
    """It is told, and what somebody wrote there is still there."""
    written(loaded, "briefing", SCENE[BRIEFING].replace("A strike holds up", "A strike held up"))
    folder.edit(BRIEFING, "Nobody has said", "Nobody said")
    done = export(loaded, STORY, folder.places, own=True)
    assert (done.wrote, done.removed) == ((), ())
    assert done.left == (
        f"{BRIEFING}: was changed since it was last read, so it is left; look at it, then export again",
    )
    assert "Nobody said" in text_of(folder, BRIEFING)


def test_a_file_that_could_not_be_taken_over_is_not_overwritten(folder: StoryFolder, loaded: Store) -> None:
    """What is wrong in it is a person's to mend; what stands in chat stands."""
    written(loaded, "briefing", SCENE[BRIEFING].replace("A strike holds up", "A strike held up"))
    folder.write(BRIEFING, "half a thought")
    done = exported(folder, loaded)
    assert done.left == (
        f"{BRIEFING}: was not taken over as it is now; `exomars check` tells what is wrong with it",
    )
    assert text_of(folder, BRIEFING) == "half a thought"


def test_after_a_conflict_the_version_that_stands_is_written(folder: StoryFolder, loaded: Store) -> None:
    """The older one, from the file, is in the history, so that its file can be replaced."""
    newer = SCENE[BRIEFING].replace("A strike holds up", "A strike held up")
    written(loaded, "briefing", newer, at=AFTER)
    folder.edit(BRIEFING, "Nobody has said", "Nobody said")
    dated(folder, BRIEFING)
    assert exported(folder, loaded).wrote == (BRIEFING,)
    assert text_of(folder, BRIEFING) == newer
    assert any("Nobody said" in row.text for row in versions(loaded, "briefing", "2022-03-05-strike"))


def test_nothing_is_written_through_a_link(folder: StoryFolder, loaded: Store, tmp_path: Path) -> None:
    """A link in the place of a file, or of the one that is written first, leads nobody out of the folder."""
    victim = tmp_path / "victim.md"
    victim.write_text("mine", encoding="utf-8")
    folder.link(f"corpus/.{LAMPS}.md.part", str(victim))
    written(loaded, "source", NEWS, "add")
    written(loaded, "briefing", SCENE[BRIEFING].replace("A strike holds up", "A strike held up"))
    folder.link(BRIEFING, str(victim))
    done = exported(folder, loaded)
    assert done.wrote == (LAMPS_FILE,)
    assert [line.split(":")[0] for line in done.left] == [BRIEFING]
    assert victim.read_text(encoding="utf-8") == "mine"
    assert not folder.path(LAMPS_FILE).is_symlink()


def test_a_folder_that_cannot_be_written_is_told_and_nothing_half_written_stays(
    folder: StoryFolder, loaded: Store
) -> None:
    """Each file that could not be written is named, with what to do."""
    written(loaded, "source", NEWS, "add")
    folder.path("corpus").rename(folder.root / "elsewhere")
    done = export(loaded, STORY, folder.places, own=True)
    assert done.wrote == ()
    why = "cannot be written (No such file or directory); check the folder and its permissions"
    paths = (CORPUS, f"corpus/{STRIKE}.md", LAMPS_FILE)
    assert done.left == tuple(f"{path}: {why}" for path in paths)


def test_another_folder_gets_the_whole_story(folder: StoryFolder, loaded: Store, tmp_path: Path) -> None:
    """All that stands, wherever it came from; later, only what is new; and what is foreign there stays."""
    written(loaded, "source", NEWS, "add")
    places = folders_below(folder.config, STORY, str(tmp_path / "copy"))
    done = export(loaded, STORY, places, own=False)
    assert (len(done.wrote), done.removed, done.left) == (5, (), ())
    fresh = Store(str(tmp_path / "fresh.db"))
    assert sync(fresh, STORY, places, NOW)
    assert content(fresh) == content(loaded)
    fresh.close()
    written(loaded, "source", NEWS.replace("The lamps", "All lamps"), "edit")
    (tmp_path / "copy" / "corpus" / f"{PLAN}.md").write_text("foreign", encoding="utf-8")
    done = export(loaded, STORY, places, own=False)
    assert [os.path.basename(path) for path in done.wrote] == [f"{LAMPS}.md"]
    assert [line.partition(": ")[2] for line in done.left] == [
        "was changed since it was last read, so it is left; look at it, then export again"
    ]
    assert folder.sync(loaded) is None


@pytest.mark.parametrize("corpus", ["../corpus", "{root}/corpus"])
def test_files_that_have_no_place_below_a_folder_are_not_put_elsewhere(
    folder: StoryFolder, corpus: str
) -> None:
    """Nothing is ever written outside of the folder that was named."""
    story = STORY._replace(corpus=corpus.format(root=folder.root))
    with pytest.raises(ExportError, match="has no place below copy"):
        folders_below(folder.config, story, "copy")


CHANGES = {
    "a correction of a briefing": (
        "briefing",
        briefing(
            "2022-03-05-strike",
            f"The builders went on strike, and the opening is late [@{STRIKE}#strike; @{STRIKE}#delayed].",
            state="A strike of weeks holds up the bridge.",
            phase="strike",
            corrections=[
                {
                    "on": "2022-09-02",
                    "was": "The opening is not put off without a day, it is late.",
                    "state": "A strike holds up the bridge.",
                    "body": f"The builders went on strike [@{STRIKE}#strike].",
                }
            ],
        ),
        "correct",
    ),
    "a correction of a source": (
        "source",
        SCENE[CORPUS]
        .replace("Alton and Berry lie", "Alton and Cork lie")
        .replace(
            "facts:\n",
            "corrections:\n  - on: 2022-09-02\n    was: It named the wrong town.\n    facts:\n"
            "      - {id: two-towns, date: 2022-01-05, says: Alton and Berry lie on two banks.}\nfacts:\n",
            1,
        ),
        "correct",
    ),
    "a retracted briefing": (
        "briefing",
        SCENE[f"briefings/{PLAN}.md"].replace(
            "\n---\n", "\nretracted: {on: 2022-09-02, because: The plan was a rumour.}\n---\n"
        ),
        "retract",
    ),
    "a retracted source": (
        "source",
        source("2022-02-02-rumour", fact("rumour", "A tunnel was dug."),
               retracted={"on": "2022-09-02", "because": "The paper took it back."}),
        "retract",
    ),
    "a source for one server": (
        "source",
        NEWS.replace("facts:\n", f"audience: {SERVER}\nfacts:\n", 1),
        "add",
    ),
    "a briefing with another form": (
        "briefing",
        SCENE[f"briefings/{PLAN}.md"].replace('title: "How it stands"', "title:   How it stands  "),
        "edit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("names", [*([one] for one in CHANGES), [*CHANGES]], ids=", ".join)
def test_exported_wiped_and_loaded_it_answers_the_same(
    folder: StoryFolder, loaded: Store, tmp_path: Path, names: list[str]
) -> None:
    """Byte for byte in JSON, every question, now and as of days past: whatever was done in chat."""
    written(
        loaded, "source", source("2022-02-02-rumour", fact("rumour", "A tunnel was dug.")), "add", at=BEFORE
    )
    written(loaded, "briefing", SCENE[BRIEFING].replace("A strike holds up", "A short strike holds up"))
    for name in names:
        kind, text, act = CHANGES[name]
        written(loaded, kind, text, act)
    exported(folder, loaded)
    before = [*answers(loaded)]
    fresh = Store(str(tmp_path / "fresh.db"))
    done = folder.sync(fresh)
    assert done is not None
    assert done.problems == ()
    after = [*answers(fresh)]
    assert after == before
    assert told(fresh) == told(loaded)
    assert words(fresh) == words(loaded)
    assert all(json.loads(one.partition("\n")[2])["command"] for one in after)
    fresh.close()


def test_the_folders_of_an_export_are_those_of_the_story(folder: StoryFolder) -> None:
    """Below another root they are called as they are called beside config.toml."""
    assert folders_below(folder.config, STORY, "copy") == (
        Folder("copy/corpus", "copy/corpus", "source"),
        Folder("copy/briefings", "copy/briefings", "briefing"),
    )
