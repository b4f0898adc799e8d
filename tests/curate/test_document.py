"""Documents as text: changed field by field, all the rest left as it was written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curate.documents.checking import path_of
from bot.curate.documents.document import (
    briefing_text,
    corrected,
    fields_of,
    kind_of,
    listed,
    restored,
    retracted,
    scalar,
    slug_of,
    tidy,
    with_body,
    with_facts,
    with_field,
    without_field,
)
from bot.load.note import parse
from bot.model import Briefing, Source
from bot.store import meaning
from tests.stories import PLAN, SCENE, STRIKE, briefing, fact, source

DAY = date(2026, 11, 21)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=120)
BRIEFING = SCENE["briefings/2022-03-05-strike.md"]
SOURCE = SCENE[f"corpus/{STRIKE}.md"]


def item(text: str) -> Source | Briefing:
    """What a text is read as, without a problem."""
    kind = kind_of(text)
    note = parse(path_of(kind, fields_of(text).text("id")), kind, text)
    assert note.item is not None, note.problems
    return note.item


@given(TEXTS)
def test_a_scalar_is_read_as_the_text_it_was(text: str) -> None:
    """Whatever stands in it: quotation marks, colons, words that YAML takes for something else."""
    said = fields_of(f"---\nid: x\nstate: {scalar(text)}\n---\n").text("state")
    assert said == " ".join(text.split())


@given(TEXTS, st.sampled_from(["title", "state", "phase", "new"]))
def test_a_field_is_set_and_nothing_else_changes(text: str, name: str) -> None:
    """In its place, with all other lines as they were."""
    after = with_field(BRIEFING, name, scalar(text))
    assert fields_of(after).text(name) == " ".join(text.split())
    assert without_field(after, name) == without_field(BRIEFING, name)


@pytest.mark.parametrize("text", SCENE.values(), ids=SCENE)
def test_a_field_set_to_what_it_was_leaves_the_text(text: str) -> None:
    """Line by line, but for the end of the file."""
    for name, value in fields_of(text).values.items():
        if isinstance(value, str):
            assert item(with_field(text, name, scalar(value))) == item(text)


def test_a_retraction_takes_nothing_out_and_is_taken_back_whole() -> None:
    """What is retracted can be restored to the letter."""
    after = retracted(BRIEFING, DAY, "It was: “made up”.")
    found = item(after)
    assert found.retracted is not None
    assert (found.retracted.on, found.retracted.because) == (DAY, "It was: “made up”.")
    assert restored(after) == tidy(BRIEFING)


def test_a_correction_keeps_what_was_told_until_then() -> None:
    """Title, state and body of a briefing where they differ; each further one stands behind the earlier."""
    before = item(BRIEFING)
    second = with_body(with_field(BRIEFING, "state", "It is delayed."), f"It is late [@{STRIKE}#delayed].")
    text = corrected(before, second, item(second), DAY, "It said “holds up”: wrong")
    third = with_field(text, "title", "Another title")
    text = corrected(item(text), third, item(third), DAY, "The title was wrong")
    one, two = item(text).corrections
    assert isinstance(before, Briefing)
    assert (one.was, one.title, one.state, one.body) == (
        "It said “holds up”: wrong",
        "",
        before.state,
        before.body,
    )
    assert [sentence.text for sentence in one.sentences] == [sentence.text for sentence in before.sentences]
    assert (two.was, two.title, two.state, two.body) == ("The title was wrong", before.title, "", "")


def test_a_correction_of_a_source_keeps_the_facts_that_it_changes() -> None:
    """Only those, with date, statement and speaker."""
    after = SOURCE.replace("The builders went on strike.", "The welders went on strike.")
    text = corrected(item(SOURCE), after, item(after), DAY, "It said the builders did.")
    found = item(text)
    assert [(one.id, one.says) for one in found.corrections[0].facts] == [
        (f"{STRIKE}#strike", "The builders went on strike.")
    ]


def test_facts_are_written_with_what_they_stand_against() -> None:
    """A note whose facts are written anew says the same."""
    anew = with_facts(SOURCE, fields_of(SOURCE).entries("facts"))
    assert meaning.of(item(anew)) == meaning.of(item(SOURCE))


def test_a_note_without_facts_gets_some() -> None:
    """An empty list gives way to a list."""
    text = source("2022-05-05-x", fact("one"), published="2022-05-05")
    empty = with_facts(text, [])
    assert "facts: []" in empty
    filled = with_facts(empty, fields_of(text).entries("facts"))
    assert meaning.of(item(filled)) == meaning.of(item(text))


@given(TEXTS, TEXTS)
def test_a_form_makes_a_document_that_says_what_was_filled_in(title: str, state: str) -> None:
    """Hostile words stay words."""
    given_values = {
        "title": title,
        "as_of": "2022-06-01",
        "state": state,
        "tags": "a, b",
        "text": "Hello [@a#b].",
    }
    found = fields_of(briefing_text("2022-06-01-x", given_values, "discord/1"))
    assert found.text("title") == " ".join(title.split())
    assert found.text("state") == " ".join(state.split())
    assert (found.text("audience"), found.words("tags"), found.body) == ("discord/1", "a, b", "Hello [@a#b].")


@given(st.text(max_size=200))
def test_anything_can_be_looked_at(text: str) -> None:
    """Whatever is sent as a document, its fields are read as far as they go, and it can be changed."""
    fields = fields_of(text)
    assert isinstance(fields.text("id"), str)
    assert kind_of(text) in {"source", "briefing"}
    with_field(with_body(text, "x"), "id", "x")


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("The Council's “final” vote", "the-councils-final-vote"),
        ("Роскосмос", ""),
        ("Kourou / Guyane française", "kourou-guyane-francaise"),
        ("a" * 60, "a" * 40),
        ("one two three four five six seven eight nine", "one-two-three-four-five-six-seven-eight"),
    ],
)
def test_a_slug_is_made_of_words(words: str, slug: str) -> None:
    """Lower case, no accents, cut between words."""
    assert slug_of(words) == slug


def test_tags_are_read_as_people_write_them() -> None:
    """With commas, blanks, brackets, capitals."""
    assert listed("ESA, launch") == listed("[esa launch]") == "[esa, launch]"
    assert listed("") == "[]"


def test_a_body_may_be_long_and_odd() -> None:
    """What looks like front matter in a body stays in the body."""
    text = with_body(briefing(PLAN, f"Hello [@{PLAN}#two-towns]."), "---\nid: other\n---\nHello.")
    assert fields_of(text).text("id") == PLAN
