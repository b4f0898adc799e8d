"""What a shelf shows to whom: what is for everyone, and what is for one audience."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.model import EVERYONE
from bot.store.shelf import Shelf
from bot.store.store import Store
from tests.servers import HERE, HERES, THERE, THERES, own
from tests.store.reads import DAY, FACTS, NOT_READS, NOTE, READS, STUBS, TOLD, Read
from tests.stories import PLAN, SCENE, STORY, STRIKE, scene


@pytest.fixture(name="stores", scope="module")
def _stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A story with what two servers have of their own, and without."""
    root = tmp_path_factory.mktemp("servers")
    full, bare = Store(str(root / "full.db")), Store(str(root / "bare.db"))
    files = {**SCENE, **own(HERE, HERES), **own(THERE, THERES)}
    for name, store, there in (("full", full, files), ("bare", bare, dict(SCENE))):
        synced = scene(root / name, there).sync(store)
        assert synced
        assert synced.problems == ()
    yield full, bare
    full.close()
    bare.close()


def test_every_read_is_asked_for() -> None:
    """A read that is new is held to the same: it is in this table."""
    reads = {name for name in vars(Shelf) if not name.startswith("_")}
    assert reads - NOT_READS == {name.replace(" ", "_") for name in (*READS, *STUBS)}


@pytest.mark.parametrize("read", [*READS.values(), *STUBS.values()], ids=[*READS, *STUBS])
@pytest.mark.parametrize("day", [None, DAY], ids=["now", "as told on a day"])
def test_nothing_of_a_server_is_read_by_others(
    stores: tuple[Store, Store], read: Read, day: date | None
) -> None:
    """For everyone, a story is as if the documents of servers did not exist."""
    full, bare = stores
    with full.reading(STORY.word) as shelf, bare.reading(STORY.word) as other:
        assert read(shelf.as_told_on(day)) == read(other.as_told_on(day))
    with full.reading(STORY.word, THERE) as shelf:
        assert "The quokka" not in str(read(shelf.as_told_on(day)))


def test_a_server_reads_its_own_beside_what_is_for_everyone(stores: tuple[Store, Store]) -> None:
    """Both are one story there; and who has anything of their own can be told."""
    with stores[0].reading(STORY.word, HERE) as shelf:
        assert shelf.source_ids() == [PLAN, STRIKE, NOTE]
        assert shelf.search("quoka", 9).understood.instead == (("quoka", HERES),)
        assert {link.fact.id for link in shelf.links(FACTS, "supersedes", None, back=True)[FACTS[2]]} == {
            f"{NOTE}#{HERES}-toll"
        }
        assert shelf.audiences() == {HERE, THERE}
    with stores[1].reading(STORY.word) as shelf:
        assert shelf.audiences() == frozenset()
        assert shelf.audience == EVERYONE


def test_problems_of_a_servers_files_are_not_told_elsewhere(tmp_path: Path) -> None:
    """Not even that there are any: the name of a file can tell what it is about."""
    store, folder = (
        Store(str(tmp_path / "state.db")),
        scene(tmp_path / "story", {**SCENE, **own(HERE, HERES)}),
    )
    folder.sync(store)
    folder.edit(f"briefings/{TOLD}.md", 'as_of: "2022-04-02"', "as_of: soon")
    folder.edit(f"briefings/{PLAN}.md", 'as_of: "2022-01-05"', "as_of: late")
    folder.sync(store)
    with store.reading(STORY.word) as shelf:
        assert {problem.path for problem in shelf.problems()} == {f"briefings/{PLAN}.md"}
    with store.reading(STORY.word, HERE) as shelf:
        assert len(shelf.problems()) == 2
    store.close()


def test_words_of_a_server_are_no_suggestion_elsewhere_nor_in_its_way(tmp_path: Path) -> None:
    """A word is looked for in the place of a misspelt one as if theirs stood nowhere."""
    nearer = "strikez strikezz strikeez striikez strrikez sttrikez sstrikez"
    files = {**SCENE, **own(HERE, HERES)}
    note = f"corpus/{NOTE}.md"
    files[note] = files[note].replace("Nobody knows", f"{nearer}: nobody knows")
    store = Store(str(tmp_path / "state.db"))
    scene(tmp_path / "story", files).sync(store)
    with store.reading(STORY.word) as shelf:
        assert shelf.search("strikez", 9).understood.instead == (("strikez", "strike"),)
    with store.reading(STORY.word, HERE) as shelf:
        assert shelf.search("strikez", 9).understood.instead == ()
    store.close()
