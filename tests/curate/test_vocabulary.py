"""The words of a story: taken over as its notes are, kept while their file is broken, gone with it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.curate.files.export import export, folders_below
from bot.curate.files.sync import Synced, sync
from bot.load.vocabulary import parse_words
from bot.model import NO_WORDS, Vocabulary
from bot.store.store import Store
from tests.store.whole import content
from tests.stories import NOW, PLAN, SCENE, STORY, STRIKE, StoryFolder

PATH = "corpus/vocabulary.yaml"
CORPUS = f"corpus/{PLAN}.md"
STRIKE_FILE = f"corpus/{STRIKE}.md"
WORDS = f"""names:
  - {{name: the mayor, kind: person, also: [O'Hara], introduced: [{STRIKE}#delayed]}}
words:
  - [bridge, crossing]
narrower: {{town: [Alton]}}
"""
MORE = WORDS.replace("crossing", "span")


@pytest.fixture(name="worded")
def _worded(folder: StoryFolder, store: Store) -> Store:
    """The database with the small story and its words in it."""
    folder.write(PATH, WORDS)
    done = synced(folder, store)
    assert (done.put, done.problems) == (4, ())
    return store


def synced(folder: StoryFolder, store: Store) -> Synced:
    """Syncs after a change."""
    found = folder.sync(store)
    assert found is not None
    return found


def told(done: Synced) -> list[str]:
    """What is wrong after a sync."""
    return [str(problem) for problem in done.problems]


def words(store: Store) -> Vocabulary:
    """The words that stand."""
    with store.reading(STORY.word) as shelf:
        return shelf.vocabulary()


def version(store: Store) -> int:
    """By which kept answers know that they are old."""
    with store.reading(STORY.word) as shelf:
        return shelf.version()


def state(store: Store) -> str:
    """How the file stands; empty where it is not remembered."""
    with store.reading(STORY.word) as shelf:
        return next((row.state for row in shelf.files() if row.path == PATH), "")


def said(text: str) -> Vocabulary | None:
    """What a file says."""
    return parse_words(PATH, text).vocabulary


def test_words_come_with_the_story(folder: StoryFolder, worded: Store) -> None:
    """They stand as the file says them, beside the notes; nothing changed is nothing done."""
    assert words(worded) == said(WORDS)
    assert state(worded) == "loaded"
    assert folder.sync(worded) is None


def test_changed_words_are_taken_over_and_nothing_else(folder: StoryFolder, worded: Store) -> None:
    """No note is touched; the story's version goes on, so that kept answers are dropped."""
    before, notes = version(worded), content(worded)
    folder.write(PATH, MORE)
    done = synced(folder, worded)
    assert (done.put, done.dropped, done.problems) == (0, 0, ())
    assert words(worded) == said(MORE)
    assert version(worded) == before + 1
    assert content(worded) == notes


def test_words_stay_when_another_file_changes(folder: StoryFolder, worded: Store) -> None:
    """A sync of notes alone leaves them as they are."""
    folder.edit(CORPUS, "Alton and Berry", "Alton and Cork")
    assert synced(folder, worded).put == 1
    assert words(worded) == said(WORDS)


BREAKAGES: dict[str, Callable[[StoryFolder], object]] = {
    "emptied": lambda folder: folder.write(PATH, ""),
    "no longer UTF-8": lambda folder: folder.write(PATH, b"\xff\xfe"),
    "no longer YAML": lambda folder: folder.write(PATH, "names: ["),
    "of one word": lambda folder: folder.edit(PATH, "[bridge, crossing]", "[bridge]"),
    "a link out of the folder": lambda folder: folder.link(PATH, "/etc/passwd"),
}


@pytest.mark.parametrize("how", BREAKAGES)
def test_the_last_good_words_stand_while_their_file_is_broken(
    folder: StoryFolder, worded: Store, how: str
) -> None:
    """The problem is told, also by `about`; mended, the words are taken over as before."""
    BREAKAGES[how](folder)
    done = synced(folder, worded)
    assert [problem.path for problem in done.problems] == [PATH]
    assert (words(worded), state(worded)) == (said(WORDS), "kept")
    with worded.reading(STORY.word) as shelf:
        assert shelf.problems() == list(done.problems)
    folder.edit(CORPUS, "Alton and Berry", "Alton and Cork")
    assert synced(folder, worded).problems == done.problems  # told for as long as it lasts
    folder.path(PATH).unlink()
    folder.write(PATH, MORE)
    assert synced(folder, worded).problems == ()
    assert (words(worded), state(worded)) == (said(MORE), "loaded")


def test_broken_words_that_were_never_loaded_are_left_out(folder: StoryFolder, store: Store) -> None:
    """The story comes in without them."""
    folder.write(PATH, "word: []")
    done = synced(folder, store)
    assert done.put == 4
    assert told(done) == [f"{PATH}:1: word is not a known field; did you mean 'words'?"]
    assert (words(store), state(store)) == (NO_WORDS, "out")


def test_words_go_with_their_file(folder: StoryFolder, worded: Store) -> None:
    """A file that was deleted leaves nothing; also one that was broken when it went."""
    folder.remove(PATH)
    assert synced(folder, worded).problems == ()
    assert (words(worded), state(worded)) == (NO_WORDS, "")
    folder.write(PATH, WORDS)
    synced(folder, worded)
    folder.write(PATH, "broken")
    synced(folder, worded)
    folder.remove(PATH)
    assert synced(folder, worded).problems == ()
    assert words(worded) == NO_WORDS


@pytest.mark.parametrize("how", ["missing", "empty"])
def test_words_are_not_forgotten_with_a_folder_that_is_not_there(
    folder: StoryFolder, worded: Store, how: str
) -> None:
    """A disk that is not mounted is no reason to; the folder back without the file is one."""
    corpus = folder.path("corpus")
    corpus.rename(folder.root / "elsewhere")
    if how == "empty":
        corpus.mkdir()
    done = synced(folder, worded)
    assert (words(worded), state(worded)) == (said(WORDS), "kept")
    assert (f"{PATH}:1: is gone, as is every source file; put them back; until then the last version"
            " stands" in told(done)) == (how == "empty")  # fmt: skip
    shutil.rmtree(corpus, ignore_errors=True)
    (folder.root / "elsewhere").rename(corpus)
    folder.remove(PATH)
    assert synced(folder, worded).problems == ()
    assert words(worded) == NO_WORDS


def test_words_move_with_their_folder(folder: StoryFolder, worded: Store) -> None:
    """Where a story's folder has another name, its words are those of the file there."""
    folder.path("corpus").rename(folder.path("notes"))
    places = (folder.places[0]._replace(name="notes", place=str(folder.path("notes"))), folder.places[1])
    done = sync(worded, STORY, places, NOW)
    assert done is not None
    assert done.problems == ()
    assert words(worded) == said(WORDS)


def test_words_hold_back_no_note(folder: StoryFolder, worded: Store) -> None:
    """A fact that introduces a name may go: that is told on the line, and the words stand."""
    folder.edit(STRIKE_FILE, "id: delayed", "id: put-off")
    folder.edit("briefings/2022-03-05-strike.md", f"{STRIKE}#delayed", f"{STRIKE}#put-off")
    done = synced(folder, worded)
    problem = f"{PATH}:2: names {STRIKE}#delayed, which does not exist; mend the id, or add the fact"
    assert (done.put, told(done)) == (2, [problem])
    assert words(worded) == said(WORDS)
    with worded.reading(STORY.word) as shelf:
        assert f"{STRIKE}#put-off" in shelf.known_facts()
    folder.write(PATH, WORDS.replace("#delayed", "#put-off"))
    assert synced(folder, worded).problems == ()


def test_the_words_wait_for_a_source_that_cannot_stand_yet(folder: StoryFolder, worded: Store) -> None:
    """A fact of a file that is held back is no mistake of the words that name it; one of no file is."""
    folder.write(PATH, WORDS.replace("#delayed", "#new"))
    text = SCENE[STRIKE_FILE].replace("id: delayed", "id: new")
    for held_back in (text.replace('"event"', '"rumour"'), text):
        folder.write(STRIKE_FILE, held_back)
        assert PATH not in {problem.path for problem in synced(folder, worded).problems}
        assert words(worded) == said(WORDS.replace("#delayed", "#new"))
    folder.write(STRIKE_FILE, SCENE[STRIKE_FILE])
    assert [problem.path for problem in synced(folder, worded).problems] == [PATH]


def test_an_export_leaves_the_words_alone(folder: StoryFolder, worded: Store) -> None:
    """They are never written in chat, so in the story's own folder there is nothing to give back."""
    for text in (WORDS, "broken"):
        folder.write(PATH, text)
        synced(folder, worded)
        done = export(worded, STORY, folder.places, own=True)
        assert done == ((), (), ())
        assert folder.path(PATH).read_text(encoding="utf-8") == text
    folder.remove(PATH)
    assert export(worded, STORY, folder.places, own=True) == ((), (), ())
    assert not folder.path(PATH).exists()


def test_a_copy_of_the_story_has_its_words(folder: StoryFolder, worded: Store, tmp_path: Path) -> None:
    """A database made from the copy says the same; what is there already is never written over."""
    places = folders_below(folder.config, STORY, str(tmp_path / "copy"))
    path = f"{places[0].name}/vocabulary.yaml"
    assert path in export(worded, STORY, places, own=False).wrote
    fresh = Store(str(tmp_path / "fresh.db"))
    done = sync(fresh, STORY, places, NOW)
    assert done is not None
    assert done.problems == ()
    assert words(fresh) == words(worded) == said(WORDS)
    fresh.close()
    assert export(worded, STORY, places, own=False) == ((), (), ())
    for text in (MORE, "broken"):
        Path(path).write_text(text, encoding="utf-8")
        why = "says something else than what stands, so it is left; take it away, then export again"
        assert export(worded, STORY, places, own=False) == ((), (), (f"{path}: {why}",))
        assert Path(path).read_text(encoding="utf-8") == text


def test_a_copy_of_a_story_without_words_has_none(folder: StoryFolder, loaded: Store, tmp_path: Path) -> None:
    """No empty file is made."""
    places = folders_below(folder.config, STORY, str(tmp_path / "copy"))
    export(loaded, STORY, places, own=False)
    assert not (tmp_path / "copy" / PATH).exists()


def test_words_that_cannot_be_written_are_told(folder: StoryFolder, worded: Store, tmp_path: Path) -> None:
    """With what to do, like every other file."""
    places = folders_below(folder.config, STORY, str(tmp_path / "copy"))
    (tmp_path / "copy" / "corpus" / ".vocabulary.yaml.part").mkdir(parents=True)
    done = export(worded, STORY, places, own=False)
    assert len(done.wrote) == 4
    (left,) = done.left
    assert left.startswith(f"{places[0].name}/vocabulary.yaml: cannot be written (")
