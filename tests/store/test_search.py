"""Search: forms of words, misspellings, beginnings; whatever is typed does no harm."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.search import CLOSE_MARK, OPEN_MARK, Found
from bot.store.store import Store
from tests.store.whole import assert_whole
from tests.stories import PLAN, SCENE, STORY, STRIKE, StoryFolder, fact, source


def search(store: Store, text: str, limit: int = 20) -> Found:
    """Looks for words."""
    with store.reading(STORY.word) as shelf:
        return shelf.search(text, limit)


def ids(found: Found, kind: str = "fact") -> list[str]:
    """The slugs of the facts found, or the briefings."""
    return [hit.id.rpartition("#")[2] for hit in found.hits if hit.kind == kind]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("strike", "strike"),
        ("STRIKES!", "strike"),
        ("builder striking", "strike"),
        ("lamp", "who-pays"),
        ("paying for lamps", "who-pays"),
        ("openings", "opens-in-may"),
        ("What about the banks?", "two-towns"),
        ("mayor", "delayed"),
    ],
)
def test_every_form_of_a_word_finds_it(loaded: Store, typed: str, slug: str) -> None:
    """Words are found in any form and case, in what is said and in who said it; small words do not count."""
    found = search(loaded, typed)
    assert ids(found)[0] == slug
    assert found.understood.instead == ()
    assert found.understood.nowhere == ()


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("buildders", "builders"),
        ("stirke", "strike"),
        ("mayer", "mayor"),
        ("Altom", "alton"),
        ("brigde", "bridge"),
    ],
)
def test_a_misspelt_word_finds_the_nearest(loaded: Store, typed: str, instead: str) -> None:
    """A word that stands nowhere is looked for as the nearest one, and that is told."""
    found = search(loaded, typed)
    assert found.understood.instead == ((typed.lower(), instead),)
    assert found.hits


def test_the_beginning_of_a_word_finds_it(loaded: Store) -> None:
    """Four letters and more are taken for a beginning."""
    assert ids(search(loaded, "buil")) == ["strike"]
    assert search(loaded, "bu").hits == ()


@pytest.mark.parametrize("typed", ["zeppelin", "xy", "9999", "ракета", ""])
def test_nothing_found_is_said(loaded: Store, typed: str) -> None:
    """A word that is nowhere, nor anything like it, finds nothing and is named."""
    found = search(loaded, typed)
    assert found.hits == ()
    assert found.understood.nowhere == ((typed,) if typed else ())


def test_a_word_that_is_nowhere_does_not_hide_the_others(loaded: Store) -> None:
    """What can be found is found, and what cannot is told beside it."""
    found = search(loaded, "zeppelin strike")
    assert "strike" in ids(found)
    assert found.understood.nowhere == ("zeppelin",)


def test_words_found_are_marked(loaded: Store) -> None:
    """Each word found stands between marks, and without them the text is the fact's."""
    hit = next(hit for hit in search(loaded, "strikes builder").hits if hit.id == f"{STRIKE}#strike")
    assert hit.marked == f"The {OPEN_MARK}builders{CLOSE_MARK} went on {OPEN_MARK}strike{CLOSE_MARK}."
    assert hit.covers == 2


def test_a_text_with_all_words_comes_before_one_with_some(loaded: Store) -> None:
    """The more of the words a text has, the earlier it comes."""
    found = search(loaded, "opening put off Alton")
    assert ids(found)[0] == "delayed"
    covers = [hit.covers for hit in found.hits]
    assert covers == sorted(covers, reverse=True)


def test_briefings_are_found_too(loaded: Store) -> None:
    """A briefing is found by its title, its state and its text."""
    for typed in ("stands", "holds", "nobody said pays"):
        assert "2022-03-05-strike" in ids(search(loaded, typed), "briefing")


def test_a_limit_is_kept(loaded: Store) -> None:
    """No more are given than were asked for."""
    assert len(search(loaded, "bridge strike opening towns", 2).hits) == 2


@pytest.mark.parametrize(
    "typed",
    [
        'strike" OR "x',
        "strike AND NOT bridge",
        "NEAR(strike bridge, 2)",
        "says:strike",
        "^strike",
        "strike*",
        "-strike",
        "strike + bridge",
        "(strike",
        "{says speaker}: strike",
        "strike'; DROP TABLE fact; --",
        "strike\x00bridge",
        "strike\x02\x03",
        "_ strike",
        "____ strike",
        "% strike",
        "strike " * 500,
    ],
)
def test_operators_and_quotes_are_only_words(loaded: Store, typed: str) -> None:
    """Whatever the search engine would take for a command is text."""
    assert "strike" in ids(search(loaded, typed))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text(alphabet='strike"*^():+-{} ANDORT_²½ß\u0301', max_size=40))
def test_nothing_typed_breaks_the_search(loaded: Store, typed: str) -> None:
    """Any text is an answer, and what is marked is a text of the story."""
    with loaded.reading(STORY.word) as shelf:
        for hit in shelf.search(typed, 5).hits:
            if hit.kind == "fact":
                found = shelf.fact(hit.id)
                assert found is not None
                assert hit.marked.replace(OPEN_MARK, "").replace(CLOSE_MARK, "") == found.says


def test_the_index_follows_every_change(folder: StoryFolder, loaded: Store) -> None:
    """After updates and deletions the new words are found, the old ones are not, and the index is whole."""
    path = f"corpus/{PLAN}.md"
    folder.edit(path, "Alton and Berry lie on two banks.", "Alton and Cork face each other.")
    folder.write("corpus/2022-05-01-lamps.md", source("2022-05-01-lamps", fact("lit", "A zeppelin passed.")))
    folder.sync(loaded)
    assert_whole(loaded)
    assert ids(search(loaded, "cork")) == ["two-towns"]
    assert ids(search(loaded, "zeppelins")) == ["lit"]
    assert ids(search(loaded, "berry")) == []
    folder.remove("corpus/2022-05-01-lamps.md", f"corpus/{STRIKE}.md", "briefings/2022-03-05-strike.md")
    folder.sync(loaded)
    assert_whole(loaded)
    for gone in ("zeppelin", "strike"):
        assert search(loaded, gone).hits == ()
    folder.write(path, SCENE[path])
    folder.sync(loaded)
    assert_whole(loaded)
    assert ids(search(loaded, "berry")) == ["two-towns"]
    assert search(loaded, "cork").hits == ()


def test_a_row_replaced_by_hand_does_not_break_the_index(loaded: Store) -> None:
    """INSERT OR REPLACE, which deletes without saying so, fires the triggers of the index as well."""
    columns = "number, story, id, source, place, date, first, last, says, speaker, kind, known_on"
    loaded.write(
        lambda db: db.conn.execute(
            f"INSERT OR REPLACE INTO fact ({columns})"
            " SELECT number, story, id, source, place, date, first, last,"
            " 'A zeppelin passed.', speaker, kind, known_on FROM fact WHERE id LIKE '%#strike'"
        )
    )
    assert_whole(loaded)
    assert ids(search(loaded, "zeppelin")) == ["strike"]
