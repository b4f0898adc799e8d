"""Documents as text: changed field by field, all the rest left as it was written."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curate.documents.checking import path_of
from bot.curate.documents.document import (
    briefing_text,
    corrected,
    exact,
    field_lines,
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
from bot.model import Briefing, Correction, Source
from bot.store import meaning
from tests.curate.odd import Odd, documents, flows
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


# ── however it is written ───────────────────────────────────────────────────────────────


@given(documents() | flows(), st.sampled_from(["title", "tags", "corrections", "new"]))
def test_a_field_of_any_form_is_set_and_taken_out(odd: Odd, name: str) -> None:
    """All other fields say what they said, and the comments between them stay."""
    value = "\n  - on: 2026-11-21\n    was: |-\n      One.\n\n      Two."
    after = with_field(odd.text, name, value)
    new = [{"on": "2026-11-21", "was": "One.\n\nTwo."}]
    assert fields_of(after) == ({**odd.values, name: new}, "Body.")
    out = without_field(after, name)
    assert fields_of(out).values == {key: one for key, one in odd.values.items() if key != name}
    assert all(comment in after and comment in out for comment in odd.comments)


@given(documents() | flows(), documents() | flows(), st.sampled_from(["title", "corrections"]))
def test_a_field_of_any_form_is_carried_into_another_document(old: Odd, new: Odd, name: str) -> None:
    """Where it says the same; a document without it has nothing to carry."""
    lines = field_lines(old.text, name)
    assert bool(lines) or not old.values.get(name)
    carried = fields_of(with_field(new.text, name, lines)).values
    assert carried == {**new.values, name: old.values.get(name, "")}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_exact_words_are_read_as_they_were(text: str) -> None:
    """Blanks, line ends and what nobody sees included."""
    assert fields_of(f"---\nid: x\nstate: {exact(text)}\n---\n").values["state"] == text


CORRECTED = """corrections:
  - on: 2022-04-01
    was: It said  so.
    state: Earlier
  - on: 2022-05-01
    was: "Wrong: the title"
    title: "A: b"
    body: "Two\\x07 lines\\u2028 [@a#b].\\n\\n  Here [@a#c]. "
"""
ITEM = """on: 2022-04-01, was: It said  so., state: Earlier"""
FORMS = {
    "as the guide has it": CORRECTED,
    "a comment behind": CORRECTED.replace("corrections:", "corrections:  # ours", 1),
    "in quotation marks": CORRECTED.replace("corrections:", '"corrections":', 1),
    "a blank in front of the colon": CORRECTED.replace("corrections:", "corrections :", 1),
    "not indented": CORRECTED.replace("\n  ", "\n"),
    "four blanks": CORRECTED.replace("\n  ", "\n    "),
    "in brackets": f"corrections: [{{{ITEM}}}]\n",
    "in brackets on a line of its own": f"corrections:\n  [{{{ITEM}}},\n]\n",
    "a question mark": "? corrections\n: - on: 2022-04-01\n    was: It said  so.\n    state: Earlier\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_earlier_correction_is_lost(form: str) -> None:
    """In whatever form they are written, each says what it said, in front of the new one."""
    before = BRIEFING.replace("tags:", f"{form}tags:", 1)
    earlier = item(before).corrections
    assert earlier
    assert earlier[0].was == "It said  so."
    after = with_field(before, "state", "It is delayed.")
    once = corrected(item(before), after, item(after), DAY, "The state was wrong.")
    assert item(once).corrections[:-1] == earlier
    again = with_field(once, "title", "Late")
    twice = corrected(item(once), again, item(again), DAY, "The title was wrong.")
    assert item(twice).corrections[:-1] == item(once).corrections
    assert [one.was for one in item(twice).corrections[-2:]] == [
        "The state was wrong.",
        "The title was wrong.",
    ]
    assert fields_of(twice).values.keys() == fields_of(before).values.keys()


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20).map(
    lambda line: line.removesuffix("---")
)


@given(st.lists(LINES, min_size=1, max_size=4), st.text(max_size=20), st.sampled_from(["{}", " {}", "x  {}"]))
def test_whatever_a_body_said_can_be_corrected(lines: list[str], was: str, form: str) -> None:
    """What passes the checks stands in the correction to the letter, or the words of `was` are told."""
    body = "\n".join(form.format(line) for line in lines) + f" [@{STRIKE}#delayed]."
    before = parse("briefings/2022-03-05-strike.md", "briefing", with_body(BRIEFING, body))
    if before.item is None:
        return
    after = with_body(BRIEFING, f"It is late [@{STRIKE}#delayed].")
    text = corrected(before.item, after, item(after), DAY, f"Wrong {was}")
    found = parse("briefings/2022-03-05-strike.md", "briefing", text)
    if found.item is None:
        assert any("corrections[1].was" in one.what or "cannot be seen" in one.what or "not YAML" in one.what
                   for one in found.problems)  # fmt: skip
        assert not " ".join(was.split()).isprintable()
        return
    assert isinstance(before.item, Briefing)
    assert found.item.corrections[-1].body == before.item.body


def test_a_text_that_brings_its_own_entry_gets_no_other() -> None:
    """As the guide has authors write it; the same words on the same day once more are another one."""
    own = with_field(BRIEFING, "corrections", '\n- on: 2026-11-21\n  was: "It was  wrong."')
    assert corrected(item(BRIEFING), own, item(own), DAY, "It was wrong.") == tidy(own)
    assert corrected(item(BRIEFING), own, item(own), date(2026, 12, 1), "Something else.") == tidy(own)
    again = with_field(own, "state", "It is late.")
    found = item(corrected(item(own), again, item(again), DAY, "It was wrong."))
    assert [(one.on, one.state) for one in found.corrections] == [(DAY, ""), (DAY, item_state(BRIEFING))]
    # Another in the place of one that stood: it is the text's own.
    other = with_field(BRIEFING, "corrections", "\n- on: 2026-11-22\n  was: Anew.")
    assert corrected(item(own), other, item(other), date(2026, 11, 22), "Anew.") == tidy(other)


def item_state(text: str) -> str:
    """The state in one line of a briefing."""
    return fields_of(text).text("state")


# ── facts ───────────────────────────────────────────────────────────────────────────────

WRITTEN = """---
id: x
facts:
# about one
- {id: one, date: 2022, says: One., kind: event}   # short
    # and more
# about two
- says: "Two"
  id: two
  supersedes: [abc, {fact: a#b, because: so}, {fact: a#c, why: so}]
  mood: [dark]
- three

# about the language
language: en
---
Body.
"""


def test_facts_that_do_not_change_stay_as_they_are_written() -> None:
    """With their comments; one is changed, put behind another, or taken out, in its own lines."""
    one, two = fields_of(WRITTEN).entries("facts")
    assert with_facts(WRITTEN, [one, two]) == WRITTEN
    changed = with_facts(WRITTEN, [one, {**two, "says": "Three."}])
    head, _, tail = WRITTEN.partition('- says: "Two"')
    assert changed.startswith(head)
    assert changed.endswith("\n- three" + tail.partition("\n- three")[2])
    assert fields_of(changed).entries("facts")[1] == {
        **two,
        "says": "Three.",
        "date": "",
        "kind": "",
        "tags": [],
    }
    added = with_facts(WRITTEN, [one, two, {"id": "new"}])
    assert [fact["id"] for fact in fields_of(added).entries("facts")] == ["one", "two", "new"]
    assert fields_of(added).values["facts"][3] == "three"  # type: ignore[index]
    assert all(line in added.split("\n") for line in WRITTEN.split("\n"))
    first = with_facts(WRITTEN, [{"id": "new"}, one, two])
    assert [fact["id"] for fact in fields_of(first).entries("facts")] == ["new", "one", "two"]
    gone = with_facts(WRITTEN, [two])
    assert gone == WRITTEN.replace(
        "- {id: one, date: 2022, says: One., kind: event}   # short\n    # and more\n", ""
    )
    assert fields_of(with_facts(WRITTEN, [])).values["facts"] == ["three"]


VALUES = st.recursive(
    TEXTS.map(lambda text: " ".join(text.split())) | st.just(""),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["fact", "because", "a"]), inner)
    ),
    max_leaves=5,
)
FACTS = st.lists(
    st.dictionaries(st.sampled_from(["id", "says", "tags", "supersedes", "disputes", "own"]), VALUES)
)


@given(VALUES | FACTS, st.booleans(), st.booleans())
def test_a_fact_can_be_added_to_anything(there: object, dashed: bool, found: bool) -> None:
    """Whatever stands under `facts`: nothing that it says gets lost, and the new fact stands behind it."""
    rows = there if dashed and isinstance(there, list) else None
    value = "\n" + "\n".join(f"    - {flow(one)}" for one in rows) if rows else f" {flow(there)}"
    text = f"---\nid: x\nfacts:{value}\n---\n" if found else "---\nid: x\n---\n"
    facts = fields_of(text).entries("facts")
    was = fields_of(text).values.get("facts")
    now = fields_of(with_facts(text, [*facts, {"id": "new", "supersedes": there}])).values["facts"]
    assert isinstance(now, list)
    assert [one for one in now if isinstance(one, dict)][-1]["id"] == "new"
    for one in was if isinstance(was, list) else [was] if was else []:
        if isinstance(one, dict) and isinstance(was, list):
            tagged = {**one, "tags": ""}
            assert any(isinstance(kept, dict) and said(tagged).items() <= said({**kept, "tags": ""}).items()
                       for kept in now)  # fmt: skip
        else:
            assert one in now


def said(fact: dict[str, object]) -> dict[str, str]:
    """What a fact says that is not empty."""
    return {
        name: json.dumps(value, sort_keys=True) for name, value in fact.items() if value not in ("", [], {})
    }


def flow(value: object) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def test_a_fact_is_added_to_a_note_that_cannot_be_read() -> None:
    """Behind those it has, of which none is lost; and taking out what cannot be found changes nothing."""
    broken = WRITTEN.replace("says: One.", "says: One: two: [")
    added = with_facts(broken, [{"id": "new", "says": "New"}])
    assert all(line in added.split("\n") for line in broken.split("\n"))
    assert "\n- three\n- id: new\n" in added
    assert with_facts(broken, []) == broken


def test_the_facts_of_a_correction_are_part_of_what_is_said() -> None:
    """Two versions that differ in them alone are two; without a correction nothing has changed."""
    after = SOURCE.replace("The builders went on strike.", "The welders went on strike.")
    text = corrected(item(SOURCE), after, item(after), DAY, "It said the builders did.")
    other = text.replace("The builders went on strike.", "The bakers went on strike.")
    assert other != text
    assert meaning.of(item(other)) != meaning.of(item(text))
    plain = meaning.meaning(("a",), "", (), None)
    assert plain == "c3a76c3bb24989e186321315014f023085bce0fac2b74d140ccbe0b4ddfb8ddc"
    told = Correction(DAY, "Wrong.", body="Hello.")
    assert meaning.meaning(("a",), "", (told,), None) == (
        "f201e67b9a87dc0f6a8ebd1acf76dfae11642569952f36e6314a837b216c3a7d"
    )
