"""What is for one server stands apart: it neither holds back nor takes the place of what is for everyone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.curate.documents.checking import Part, Verdict, checked
from bot.curate.files.export import export
from bot.curate.files.sync import Synced
from bot.curate.files.unexported import unexported
from bot.load.story import check_folders
from bot.model import Shape
from bot.store.newsroom import AuditRow, Newsroom
from bot.store.store import Store
from tests.curate.chat import AFTER, BEFORE, dated, histories, versions, written
from tests.store.whole import assert_whole
from tests.stories import PLAN, SCENE, STORY, STRIKE, StoryFolder, briefing, fact, scene, source

NEW = "2022-07-01-new"
FILE = f"corpus/{NEW}.md"
OURS = source(NEW, fact("ours", "The bridge is closed to lorries."))
THEIRS = source(NEW, fact("theirs", "The bridge smells of fish."))
LEANS = "2022-07-02-leans"
LEANING = briefing(LEANS, f"The builders went on strike [@{STRIKE}#strike].")
STRIKE_FILE = f"corpus/{STRIKE}.md"
STRIKES = "2022-03-05-strike"


def own(text: str, server: str = "2") -> str:
    """The same document for one server alone."""
    return text.replace("---\n", f"---\naudience: discord/{server}\n", 1)


def synced(folder: StoryFolder, store: Store) -> Synced:
    """Syncs after a change."""
    done = folder.sync(store)
    assert done is not None
    assert_whole(store)
    return done


def says(store: Store, server: str = "") -> list[str]:
    """What readers of a server, or all others, are told by the source."""
    with store.reading(STORY.word, server and f"discord/{server}") as shelf:
        return [one.says for one in shelf.facts_of(NEW)]


def seen(store: Store, server: str) -> list[str]:
    """The briefings that readers of a server have."""
    with store.reading(STORY.word, f"discord/{server}") as shelf:
        return shelf.briefing_ids()


def audited(store: Store) -> list[AuditRow]:
    """What the audit has of files, oldest first."""
    with store.reading(STORY.word) as shelf:
        return Newsroom(shelf.connection, STORY.word).audit("platform = 'files'")[::-1]


def notes(folder: StoryFolder, store: Store) -> dict[str, str]:
    """What `exomars check` tells besides the problems."""
    with store.reading(STORY.word) as shelf:
        return unexported(shelf, folder.places, folder.places, check_folders(folder.places).loaded)


# ── one id, two audiences ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("at", [BEFORE, AFTER], ids=["before the file", "after the file"])
def test_a_file_for_everyone_takes_its_place_from_one_servers_own(
    folder: StoryFolder, loaded: Store, at: object
) -> None:
    """Whichever is newer; what the server wrote is kept in the history, and it is told to take another id."""
    written(loaded, "source", own(THEIRS), "add", at=at)  # type: ignore[arg-type]
    folder.write(FILE, OURS)
    dated(folder, FILE)
    (line,) = synced(folder, loaded).told()
    assert "is for everyone and stands; discord/2 had a source of its own of this id (version 1, " in line
    assert says(loaded) == says(loaded, "2") == ["The bridge is closed to lorries."]
    rows = versions(loaded, "source", NEW)
    assert histories(rows) == [("add", True), ("file", True), ("file", True)]
    assert [row.text for row in rows] == [own(THEIRS), "", OURS]
    (row,) = audited(loaded)
    assert (row.audience, row.before, row.after) == ("discord/2", "version 1", "version 3")
    assert row.outcome.endswith("has to get another id")
    assert notes(folder, loaded) == {FILE: line}
    assert export(loaded, STORY, folder.places, own=True).wrote == ()
    assert folder.path(FILE).read_text(encoding="utf-8") == OURS


def test_an_old_file_put_back_takes_its_place_too(folder: StoryFolder, loaded: Store) -> None:
    """That it said the same long ago gives nobody its id."""
    folder.write(FILE, OURS)
    synced(folder, loaded)
    folder.remove(FILE)
    synced(folder, loaded)
    written(loaded, "source", own(THEIRS), "add", at=AFTER)
    folder.write(FILE, OURS)
    synced(folder, loaded)
    assert says(loaded) == ["The bridge is closed to lorries."]


@pytest.mark.parametrize("text", [THEIRS, own(THEIRS, "1")], ids=["everyone", "another server"])
def test_a_file_for_one_server_takes_nothing_from_others(
    folder: StoryFolder, loaded: Store, text: str
) -> None:
    """Newer or not, it is left out and told, until it has another id."""
    written(loaded, "source", text, "add", at=BEFORE)
    before = says(loaded), says(loaded, "1"), says(loaded, "2")
    folder.write(FILE, own(OURS))
    dated(folder, FILE)
    for _ in range(2):
        (line, _) = synced(folder, loaded).told()
        assert line.startswith(f"{FILE}:1: is for discord/2, and has the id of what was written in chat for")
        assert (says(loaded), says(loaded, "1"), says(loaded, "2")) == before
        assert "one of them has to get another id" in notes(folder, loaded)[FILE]
        folder.write(f"briefings/{PLAN}.md", folder.path(f"briefings/{PLAN}.md").read_bytes())
    with loaded.reading(STORY.word) as shelf:
        assert shelf.problems() == []
    done = export(loaded, STORY, folder.places, own=True)
    assert (done.wrote, done.removed) == ((), ())
    assert folder.path(FILE).read_text(encoding="utf-8") == own(OURS)
    folder.remove(FILE)
    assert synced(folder, loaded).told() == []


def test_a_document_is_never_written_over_a_file_of_another_audience(
    folder: StoryFolder, loaded: Store, tmp_path: Path
) -> None:
    """Not even where what the file says is in the history."""
    folder.write(FILE, OURS)
    synced(folder, loaded)
    folder.remove(FILE)
    synced(folder, loaded)
    written(loaded, "source", own(THEIRS), "add")
    folder.write(FILE, OURS)
    (left,) = export(loaded, STORY, folder.places, own=True).left
    assert left == f"{FILE}: is for everyone, and what stands is for discord/2; give one of them another id"
    assert folder.path(FILE).read_text(encoding="utf-8") == OURS


def test_a_file_that_is_given_to_others_is_still_that_document(folder: StoryFolder, loaded: Store) -> None:
    """Where it had what stands, a change of its audience is one like any other."""
    written(loaded, "source", own(THEIRS), "add")
    folder.write(FILE, own(THEIRS))
    synced(folder, loaded)
    folder.write(FILE, THEIRS)
    assert synced(folder, loaded).told() == []
    assert says(loaded) == ["The bridge smells of fish."]
    folder.write(FILE, own(THEIRS, "1"))
    assert synced(folder, loaded).told() == []
    assert (says(loaded), says(loaded, "1")) == ([], ["The bridge smells of fish."])


# ── what one server's own leans on ──────────────────────────────────────────────────────


def test_files_change_under_what_one_server_wrote(folder: StoryFolder, loaded: Store) -> None:
    """It is held out; its server's audit says why, the log once, other servers nothing; it can come back."""
    written(loaded, "briefing", own(LEANING), "add")
    written(loaded, "briefing", own(briefing("2022-07-03-free", f"Two [@{PLAN}#two-towns].")), "add")
    folder.remove(f"briefings/{STRIKES}.md")
    folder.edit(STRIKE_FILE, "id: strike", "id: walkout")
    done = synced(folder, loaded)
    assert done.problems == ()
    (line,) = done.told()
    assert line.startswith(
        f"briefings/{LEANS}.md: is held out: it is discord/2's own and cites {STRIKE}#strike"
    )
    assert seen(loaded, "2") == [PLAN, "2022-07-03-free"]
    (row,) = audited(loaded)
    assert (row.audience, row.person, row.act, row.item) == ("discord/2", None, "held out", LEANS)
    assert row.outcome.startswith(f"cites {STRIKE}#strike, which does not exist")
    assert [row.text for row in versions(loaded, "briefing", LEANS)] == [own(LEANING), ""]
    folder.edit(STRIKE_FILE, "id: walkout", "id: strike")
    assert synced(folder, loaded).told() == []
    written(loaded, "briefing", own(LEANING), "edit")
    assert LEANS in seen(loaded, "2")


def test_one_servers_file_waits_for_what_it_leans_on(folder: StoryFolder, loaded: Store) -> None:
    """It is a problem of that file until the fact is back; readers elsewhere are not told of it."""
    folder.write(f"briefings/{LEANS}.md", own(LEANING))
    synced(folder, loaded)
    folder.remove(f"briefings/{STRIKES}.md")
    folder.edit(STRIKE_FILE, "id: strike", "id: walkout")
    done = synced(folder, loaded)
    assert [problem.path for problem in done.problems] == [f"briefings/{LEANS}.md"]
    assert seen(loaded, "2") == [PLAN]
    for server in ("1", "2"):
        with loaded.reading(STORY.word, f"discord/{server}") as shelf:
            assert shelf.problems() == []
    folder.edit(STRIKE_FILE, "id: walkout", "id: strike")
    assert synced(folder, loaded).problems == ()
    assert LEANS in seen(loaded, "2")
    assert [row.act for row in audited(loaded)] == ["held out"]


def shapes(store: Store) -> dict[str, Shape]:
    """All that stands."""
    with store.reading(STORY.word) as shelf:
        return shelf.shapes()


@pytest.fixture(name="leaning")
def _leaning(tmp_path: Path) -> Iterator[dict[str, Shape]]:
    """A story in which only a briefing of server 2 leans on the strike."""
    folder, store = scene(tmp_path / "story"), Store(str(tmp_path / "leaning.db"))
    folder.remove(f"briefings/{STRIKES}.md")
    folder.sync(store)
    written(store, "briefing", own(LEANING), "add")
    yield shapes(store)
    store.close()


RETRACTED = SCENE[STRIKE_FILE].replace(
    "facts:\n", "retracted: {on: 2022-09-02, because: It was made up.}\nfacts:\n"
)
CHANGED = SCENE[STRIKE_FILE].replace("id: strike", "id: walkout")


@pytest.mark.parametrize("text", [RETRACTED, CHANGED, ""], ids=["retracted", "corrected", "undone"])
def test_editors_change_what_only_one_server_leans_on(leaning: dict[str, Shape], text: str) -> None:
    """Nothing is refused, and no other server's item is named; it is held out."""
    parts = [Part("source", text, 1)] if text else []
    found = checked(parts, leaning, () if text else [("source", STRIKE)])
    assert (found.fine, found.elsewhere, found.held_out) == (True, (), (("briefing", LEANS),))


def test_what_everyone_leans_on_is_still_refused(loaded: Store) -> None:
    """And then nothing is held out but what would be."""
    written(loaded, "briefing", own(LEANING), "add")
    found = checked([Part("source", RETRACTED, 1)], shapes(loaded))
    assert not found.fine
    assert {problem.path for problem in found.elsewhere} == {f"briefings/{STRIKES}.md"}
    assert found.held_out == (("briefing", LEANS),)


def test_a_server_does_not_change_what_it_leans_on_itself(loaded: Store) -> None:
    """Its own source and its own briefing are held against each other as those for everyone are."""
    note, leaning = own(THEIRS), own(briefing(LEANS, f"It smells [@{NEW}#theirs]."))
    written(loaded, "source", note, "add")
    written(loaded, "briefing", leaning, "add")

    def changed(text: str) -> Verdict:
        return checked([Part("source", text, 1)], shapes(loaded))

    found = changed(note.replace("id: theirs", "id: fish"))
    assert [problem.path for problem in found.elsewhere] == [f"briefing {LEANS}"]
    assert found.held_out == ()
    for others in (THEIRS.replace("id: theirs", "id: fish"), own(THEIRS, "1")):
        found = changed(others)
        assert (found.elsewhere, found.held_out) == ((), (("briefing", LEANS),))


def test_what_leans_on_what_is_held_out_is_held_out(loaded: Store) -> None:
    """A server's source that comes to speak of what was published later, and what cites it."""
    note = own(
        source("2022-03-06-ours", fact("mine", supersedes=[f"{STRIKE}#strike"]), published="2022-03-06")
    )
    written(loaded, "source", note, "add")
    written(loaded, "briefing", own(briefing(LEANS, "So it is [@2022-03-06-ours#mine].")), "add")
    late = SCENE[STRIKE_FILE].replace('2022-03-01/2022-03-05"\nlanguage', '2022-03-07"\nlanguage')
    assert late != SCENE[STRIKE_FILE]
    found = checked([Part("source", late, 1)], {
        path: shape for path, shape in shapes(loaded).items() if shape.id != STRIKES
    })  # fmt: skip
    assert (found.elsewhere, set(found.held_out)) == (
        (), {("source", "2022-03-06-ours"), ("briefing", LEANS)}
    )  # fmt: skip
    gone = checked([Part("source", CHANGED, 1)], shapes(loaded))
    assert ("source", "2022-03-06-ours") not in gone.held_out
