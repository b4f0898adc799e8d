"""One file: every kind of mistake within it is told, all at once, each on its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edtf import parse_edtf
from bot.load.fields import MAX_ID
from bot.load.note import parse
from bot.model import MAX_STATE, MAX_TITLE, Briefing, Cite, Problem, Relation, Shape, Source
from bot.wording import cites_of
from tests.stories import PLAN, SCENE, STRIKE, briefing, fact, line_of, source

SOURCE = "corpus/2022-01-05-plan.md"
BRIEFING = "briefings/2022-01-05-plan.md"
GOOD_SOURCE = SCENE[SOURCE]
GOOD_BRIEFING = SCENE[BRIEFING]


def problems(path: str, text: str) -> list[Problem]:
    """What is wrong with a file; nothing of it is taken then."""
    note = parse(path, "source" if path.startswith("corpus") else "briefing", text)
    assert (note.item is None) == bool(note.problems)
    return sorted(note.problems)


def replaced(text: str, old: str, new: str) -> str:
    """A good file with one mistake."""
    assert old in text
    return text.replace(old, new, 1)


def test_a_source_is_read_whole() -> None:
    """Every field of a note comes through, and what is relative to its file is made whole."""
    path = f"corpus/{STRIKE}.md"
    text = replaced(SCENE[path], "url:", "dated_by: It names a Friday.\nurl:")
    note = parse(path, "source", replaced(text, "---\n\n", "---\n A word\non it.\n\n"))
    assert isinstance(note.item, Source)
    item = note.item
    assert (item.id, item.title, item.outlet) == (STRIKE, "The bridge in the news", "The Post")
    assert (item.url, item.language) == ("https://post.example/bridge", "en")
    assert (item.published.text, item.known_on.isoformat()) == ("2022-03-01/2022-03-05", "2022-03-05")
    assert (item.dated_by, item.note) == ("It names a Friday.", "A word\non it.")
    strike, delayed = item.facts
    assert (strike.id, strike.slug, strike.source_id) == (f"{STRIKE}#strike", "strike", STRIKE)
    assert (strike.date, strike.kind, strike.tags) == (
        parse_edtf("2022-03-01"),
        "event",
        ("strike", "bridge"),
    )
    assert (delayed.speaker, delayed.known_on) == ("the mayor of Alton", item.known_on)
    line = line_of(text, "supersedes:")
    assert item.relations == (
        Relation(delayed.id, "supersedes", f"{PLAN}#opens-in-may", "It came later.", line),
        Relation(delayed.id, "disputes", f"{PLAN}#who-pays", "It came later.", line + 1),
    )


def test_a_briefing_is_read_whole() -> None:
    """Every field of a briefing comes through, with its sentences and its body as written."""
    note = parse(BRIEFING, "briefing", GOOD_BRIEFING)
    assert isinstance(note.item, Briefing)
    item = note.item
    assert (item.id, item.title, item.state) == (PLAN, "How it stands", "A bridge is planned.")
    assert (item.as_of.text, item.phase, item.tags) == ("2022-01-05", "planned", ("bridge",))
    assert cites_of(item.sentences) == (f"{PLAN}#two-towns", f"{PLAN}#opens-in-may")
    assert [one.text for one in item.sentences] == ["Two towns want a bridge.", "It is to open in May."]
    assert item.body.startswith("Two towns want a bridge [@")


@pytest.mark.parametrize("field", ["id", "title", "outlet", "url", "published", "language", "facts"])
def test_a_source_without_a_field_is_told(field: str) -> None:
    """Each required field of a source is missed by name."""
    head, _, facts = GOOD_SOURCE.partition("facts:\n")
    kept = "".join(line + "\n" for line in head.splitlines() if not line.startswith(f"{field}:"))
    text = kept + "---\n" if field == "facts" else kept + "facts:\n" + facts
    (found,) = problems(SOURCE, text)
    assert str(found) == f"{SOURCE}:1: {field} is missing; add `{field}: …`"


@pytest.mark.parametrize("field", ["id", "date", "says", "kind"])
def test_a_fact_without_a_field_is_told(field: str) -> None:
    """Each required field of a fact is missed by name, on the line of the fact."""
    lines = fact("second").splitlines()
    kept = [line for line in lines if f"{field}:" not in line]
    kept[0] = kept[0].replace("    ", "  - ", 1) if field == "id" else kept[0]
    text = source(PLAN, fact("first"), "\n".join(kept) + "\n")
    (found,) = problems(SOURCE, text)
    line = line_of(text, "- date:" if field == "id" else "- id: second")
    assert str(found) == f"{SOURCE}:{line}: facts[2].{field} is missing; add `{field}: …`"


@pytest.mark.parametrize("field", ["id", "title", "as_of", "state", "phase"])
def test_a_briefing_without_a_field_is_told(field: str) -> None:
    """Each required field of a briefing is missed by name."""
    kept = [line for line in GOOD_BRIEFING.split("\n") if not line.startswith(f"{field}:")]
    (found,) = problems(BRIEFING, "\n".join(kept))
    assert str(found) == f"{BRIEFING}:1: {field} is missing; add `{field}: …`"


SOURCE_MISTAKES = {
    "an unknown field": ("language: ", "langauge: x\nlanguage: ", "langauge:", "did you mean 'language'?"),
    "an unknown field of a fact": (
        "    speaker: ",
        "    speeker: x\n    speaker: ",
        "speeker:",
        "facts[1].speeker is not a",
    ),
    "an unknown field with a strange name": (
        "url:",
        '"a\\nb": x\nurl:',
        '"a\\nb"',
        r"'a\nb' is not a known field",
    ),
    "an empty title": ('title: "The bridge in the news"', "title:", "title:", "title is empty; fill it in"),
    "a title too long to show": (
        "The bridge in the news",
        "x" * (MAX_TITLE + 1),
        "title:",
        "title is 151 characters long",
    ),
    "a title over two lines": (
        '"The bridge in the news"',
        '"a\\nb"',
        "title:",
        "title runs over several lines",
    ),
    "a title with an escape": (
        '"The bridge in the news"',
        '"a\\e[31m"',
        "title:",
        "title has characters that cannot be seen",
    ),
    "a title that is a list": ('"The bridge in the news"', "[a, b]", "title:", "title is not text"),
    "a title that is fields": ('"The bridge in the news"', "{a: b}", "title:", "title is not text"),
    "an address that is none": (
        "https://post.example/bridge",
        "post.example",
        "url:",
        "url 'post.example' is no web address",
    ),
    "an address that runs code": (
        "https://post.example/bridge",
        "javascript:x()",
        "url:",
        "is no web address",
    ),
    "an address that closes a link": (
        "https://post.example/bridge",
        "https://a.example/)",
        "url:",
        "is no web address",
    ),
    "a date in words": (
        'published: "2022-01-05"',
        "published: 5 January",
        "published:",
        "'5 January' is not a date; write 2022",
    ),
    "a date with a semicolon": (
        'published: "2022-01-05"',
        "published: a; b",
        "published:",
        "'a; b' is not a date; write 2022",
    ),
    "a date with a brace": (
        'published: "2022-01-05"',
        "published: '{mend}'",
        "published:",
        "'{mend}' is not a date; write 2022",
    ),
    "a day that is not": (
        'published: "2022-01-05"',
        "published: 2022-02-30",
        "published:",
        "is no day of the calendar",
    ),
    "an interval backwards": (
        'published: "2022-01-05"',
        "published: 2022-02/2022-01",
        "published:",
        "before it begins; write",
    ),
    "a source without a date": (
        'published: "2022-01-05"',
        "published: undated",
        "published:",
        "published is undated; work out",
    ),
    "a date that is a list": (
        'published: "2022-01-05"',
        "published: [2022]",
        "published:",
        "published is not a date",
    ),
    "a fact's date that is none": (
        'date: "2022-05"',
        "date: May",
        "date: May",
        "facts[1].date 'May' is not a date",
    ),
    "an unknown kind": (
        'kind: "plan"',
        "kind: rumour",
        "kind: rumour",
        "kind is 'rumour'; write one of event, statement, plan",
    ),
    "a kind that is a list": ('kind: "plan"', "kind: [plan]", "kind: [plan]", "facts[1].kind is"),
    "an id that is no slug": (
        "id: two-towns",
        "id: Two_Towns",
        "id: Two_Towns",
        "facts[2].id 'Two_Towns' is not a slug",
    ),
    "an id too long for a button": (
        "id: two-towns",
        f"id: {'long' * MAX_ID}",
        "id: longlong",
        f"is not a slug; use lower-case letters, digits and hyphens, {MAX_ID} at most",
    ),
    "an id that ends in a new line": ("id: two-towns", 'id: "two-towns\\n"', 'id: "two', "is not a slug"),
    "tags that are text": (
        'tags: ["towns"]',
        "tags: towns, money",
        "tags: towns,",
        "facts[2].tags is not a list",
    ),
    "a tag that is no slug": (
        'tags: ["towns"]',
        "tags: [towns, New Towns]",
        "[towns, New",
        "facts[2].tags[2] 'New Towns' is not",
    ),
    "facts that are text": ("facts:\n", "facts: none\nfacts2:\n", "facts: none", "facts is not a list"),
    "a fact that is text": (
        "facts:\n",
        "facts:\n  - only words\n",
        "only words",
        "facts[1] is not a list of fields",
    ),
    "a duplicate id": (
        "id: two-towns",
        "id: opens-in-may",
        "id: opens-in-may",
        "the fact 'opens-in-may' stands twice, first",
    ),
    "an id that is not the file's": (
        f"id: {PLAN}",
        "id: other",
        "id: other",
        f"is not the name of the file; write `id: {PLAN}`",
    ),
}


@pytest.mark.parametrize("mistake", SOURCE_MISTAKES.values(), ids=SOURCE_MISTAKES)
def test_a_mistake_in_a_source_is_told_on_its_line(mistake: tuple[str, str, str, str]) -> None:
    """Each kind of mistake is a problem with the line where it stands and with what to do."""
    old, new, where, message = mistake
    text = replaced(GOOD_SOURCE.replace(f'id: "{PLAN}"', f"id: {PLAN}"), old, new)
    lines = [number for number, line in enumerate(text.split("\n"), 1) if where in line]
    found = problems(SOURCE, text)
    assert any(message in str(one) and one.line == lines[-1] for one in found), found
    assert all(one.mend for one in found)


RELATION_MISTAKES = {
    "a bare id": ("supersedes: [x#y]", "facts[1].supersedes[1] is not a list of fields"),
    "one and not a list": ("supersedes: {fact: x#y, because: so}", "facts[1].supersedes is not a list"),
    "no reason": ("disputes: [{fact: x#y}]", "facts[1].disputes[1].because is missing"),
    "an empty reason": ("disputes: [{fact: x#y, because: }]", "facts[1].disputes[1].because is empty"),
    "no pointer": (
        "disputes: [{fact: x, because: so}]",
        "facts[1].disputes[1].fact 'x' names no fact; write source-id#fact-id",
    ),
    "an unknown field": ("disputes: [{fact: x#y, becuase: so, because: so}]", "did you mean 'because'?"),
    "the same twice": (
        "disputes: [{fact: x#y, because: so}, {fact: x#y, because: or so}]",
        "facts[1].disputes[2]",
    ),
}


@pytest.mark.parametrize(("given_text", "message"), RELATION_MISTAKES.values(), ids=RELATION_MISTAKES)
def test_a_mistake_in_a_relation_is_told(given_text: str, message: str) -> None:
    """A relation names one fact and says why, once."""
    text = source(PLAN, fact("first") + f"    {given_text}\n")
    (found,) = problems(SOURCE, text)
    if "[2]" in message:
        message = "under disputes the fact 'x#y' stands twice"
    assert message in str(found)
    assert found.line == line_of(text, given_text)


def test_a_relation_that_stands_twice_is_told_on_the_second_line() -> None:
    """Two relations of one fact to the same other, on lines of their own, are one too many."""
    more = "    disputes:\n      - {fact: x#y, because: a}\n      - {fact: x#y, because: b}\n"
    text = source(PLAN, fact("first") + more)
    (found,) = problems(SOURCE, text)
    assert found.line == line_of(text, "because: b")
    assert f"first in line {line_of(text, 'because: a')}" in found.what


BRIEFING_MISTAKES = {
    "an unknown field": ("phase:", "fase: x\nphase:", "fase:", "did you mean 'phase'?"),
    "a title too long to show": (
        "How it stands",
        "x" * (MAX_TITLE + 1),
        "title:",
        "title is 151 characters long, more than 150",
    ),
    "a state too long to show": (
        "A bridge is planned.",
        "x" * (MAX_STATE + 1),
        "state:",
        "state is 301 characters long, more",
    ),
    "a date that is none": ('as_of: "2022-01-05"', "as_of: now", "as_of:", "as_of 'now' is not a date"),
    "no date": ('as_of: "2022-01-05"', "as_of: undated", "as_of:", "as_of is undated"),
    "a phase that is no slug": (
        'phase: "planned"',
        "phase: In Plan",
        "phase:",
        "phase 'In Plan' is not a slug",
    ),
    "a sentence without a citation": (
        "It is to open",
        "So it is. It is to open",
        "So it is",
        "a sentence without a citation",
    ),
    "a citation of no form": (
        f"[@{PLAN}#two-towns]",
        "[@two-towns]",
        "[@two-towns]",
        "is not of the form source-id#fact-id",
    ),
    "a heading": ("Two towns", "# Two towns", "# Two towns", "is not a sentence"),
}


@pytest.mark.parametrize("mistake", BRIEFING_MISTAKES.values(), ids=BRIEFING_MISTAKES)
def test_a_mistake_in_a_briefing_is_told_on_its_line(mistake: tuple[str, str, str, str]) -> None:
    """Each kind of mistake is a problem with the line where it stands and with what to do."""
    old, new, where, message = mistake
    text = replaced(GOOD_BRIEFING, old, new)
    (found,) = problems(BRIEFING, text)
    assert message in str(found)
    assert found.line == line_of(text, where)


@pytest.mark.parametrize(("field", "most"), [("title", MAX_TITLE), ("state", MAX_STATE)])
def test_what_is_just_short_enough_is_taken(field: str, most: int) -> None:
    """A limit is the longest that is allowed."""
    text = briefing(PLAN, f"One [@{PLAN}#x].", **{field: "x" * most})
    assert problems(BRIEFING, text) == []


@pytest.mark.parametrize(
    "tags", ["tags:", "tags: []", ""], ids=["nothing behind it", "an empty list", "no field"]
)
def test_a_briefing_may_have_no_tags(tags: str) -> None:
    """Tags may be left out or left empty."""
    text = replaced(GOOD_BRIEFING, 'tags: ["bridge"]\n', f"{tags}\n")
    assert problems(BRIEFING, text) == []


def test_a_source_without_facts_is_told() -> None:
    """A source states something."""
    head = GOOD_SOURCE.partition("facts:\n")[0]
    (found,) = problems(SOURCE, head + "facts: []\n---\n")
    assert found.what == "facts is empty"
    assert found.line == head.count("\n") + 1


def test_a_note_too_long_is_told() -> None:
    """The note of a source is a note."""
    text = source(PLAN, note="x" * 4001)
    (found,) = problems(SOURCE, text)
    assert "characters long, more than 4,000" in found.what
    assert found.line == text.count("\n", 0, text.rindex("---")) + 2


def test_what_nobody_sees_in_a_note_is_told() -> None:
    """On its line, as in the fields."""
    found = problems(SOURCE, f"{GOOD_SOURCE.rstrip()}\n\nOne\ntwo\x0c three\n")
    last = GOOD_SOURCE.rstrip().count("\n") + 4
    assert [(one.line, one.what) for one in found] == [(last, "has characters that cannot be seen")]


def test_too_many_facts_are_told() -> None:
    """A source has a limit of facts, and a file beyond it is told once."""
    (found,) = problems(SOURCE, source(PLAN, *(fact(f"f{number}") for number in range(2001))))
    assert "facts is not at most 2000 long" in found.what


def test_all_mistakes_of_a_source_are_told_at_once() -> None:
    """Wrong fields, duplicates, a wrong id and a long note do not hide each other."""
    text = source(
        "other",
        fact("one", kind="rumour"),
        fact("one", date="May"),
        fact("two", speeker="x", disputes=["x#y", "x#z"]).replace("x#z", "x#y"),
        title="x" * 151,
        published="soon",
        colour="red",
        note="x" * 5000,
    )
    found = {(one.line, one.what.split(" ")[0]) for one in problems(SOURCE, text)}
    assert {name for _, name in found} == {
        "the",  # id is not the file's name; the fact stands twice; the note is too long
        "title",
        "published",
        "colour",
        "facts[1].kind",
        "facts[2].date",
        "facts[3].speeker",
        "under",  # disputes the same fact stands twice
    }
    assert (2, "the") in found
    lines = text.split("\n")
    assert (max(n for n, line in enumerate(lines, 1) if "id: one" in line), "the") in found
    assert (line_of(text, "x" * 5000), "the") in found


def test_all_mistakes_of_a_briefing_are_told_at_once() -> None:
    """Wrong fields and wrong sentences do not hide each other."""
    text = briefing("other", "One.", "Two [@x].", title="", state="x" * 301, extra="y", as_of="soon")
    names = sorted(one.what.split(" ")[0] for one in problems(BRIEFING, text))
    assert names == ["a", "as_of", "extra", "state", "the", "the", "title"]


def test_a_broken_source_has_the_shape_that_it_seems_to_have() -> None:
    """Of a source with mistakes the date, the facts and the relations are read as far as they go."""
    text = source(
        PLAN,
        fact("one", kind="rumour", disputes=["x#y", "nowhere"]),
        fact("two"),
        fact("three").replace("id: three", "name: three"),
    )
    line = line_of(text, "disputes:")
    relations = (Relation(f"{PLAN}#one", "disputes", "x#y", "", line),)
    shape = Shape(SOURCE, "source", PLAN, date(2022, 1, 5), (f"{PLAN}#one", f"{PLAN}#two"), relations)
    assert parse(SOURCE, "source", text).shape == shape
    soon = replaced(text, 'published: "2022-01-05"', "published: soon")
    assert parse(SOURCE, "source", soon).shape == shape._replace(known_on=None)
    for unread in ("", "---\n: [\n---\n"):
        assert parse(SOURCE, "source", unread).shape == Shape(SOURCE, "source", PLAN, None)


def test_a_broken_briefing_has_the_shape_that_it_seems_to_have() -> None:
    """Of a briefing with mistakes every citation is read, on the line of its sentence."""
    text = briefing(PLAN, "One [@a#b] two.", "# Three [@a#c]", "", "Four [@a#d].", "Five [@a].", as_of="soon")
    line = line_of(text, "One")
    cites = (Cite("a#b", line), Cite("a#c", line + 1), Cite("a#d", line + 3))
    shape = Shape(BRIEFING, "briefing", PLAN, None, cites=cites)
    assert parse(BRIEFING, "briefing", text).shape == shape
    assert parse(BRIEFING, "briefing", replaced(text, "title:", "x: y: z\ntitle:")).shape.cites == tuple(
        Cite(cite.fact_id, cite.line + 1) for cite in cites
    )


def test_the_shape_of_a_right_file_is_that_of_its_item() -> None:
    """What other files have to do with a file is the same, read from its text or from what it became."""
    for path, text in SCENE.items():
        item = (note := parse(path, "source" if path.startswith("corpus") else "briefing", text)).item
        assert item is not None
        assert (note.shape.id, note.shape.known_on) == (item.id, item.known_on)
        if isinstance(item, Source):
            assert note.shape.facts == tuple(one.id for one in item.facts)
            assert note.shape.relations == tuple(one._replace(because="") for one in item.relations)
        else:
            assert tuple(one.fact_id for one in note.shape.cites) == cites_of(item.sentences)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("url:", "outlet: again\nurl:", "outlet: again"),
        ('outlet: "The Post"', "outlet: *post", "outlet: *post"),
        ('["towns"]', "*towns", "*towns"),
        ("id: two-towns", "id: *two", "id: *two"),
        ("https://post.example", "https://post\x07.example", "url:"),
    ],
    ids=["a doubled field", "an alias", "an alias for a list", "an alias for an id", "an unseen character"],
)
def test_a_mistake_of_form_hides_no_wrong_field_and_is_told_once(old: str, new: str, where: str) -> None:
    """Where the fields can be read all of them are checked; what was refused as such is not told again."""
    text = replaced(replaced(GOOD_SOURCE, 'kind: "plan"', "kind: rumour"), old, new)
    found = problems(SOURCE, text)
    assert sorted(one.line for one in found) == sorted([line_of(text, where), line_of(text, "rumour")])


def test_an_unknown_field_is_likened_to_those_of_its_kind_of_file() -> None:
    """A source is never told of a field that only briefings have, nor the other way round."""
    (found,) = problems(SOURCE, replaced(GOOD_SOURCE, "url:", "phases: x\nurl:"))
    assert found.mend == "take it out"
    (found,) = problems(BRIEFING, replaced(GOOD_BRIEFING, "phase:", "languages: x\nphase:"))
    assert found.mend == "take it out"


def test_fields_that_need_quoting_stay_text() -> None:
    """What YAML would take for a truth value, a number or a time is text here."""
    text = source(PLAN, fact("one", speaker="no")).replace('"no"', "no").replace('"en"', "no")
    note = parse(SOURCE, "source", replaced(text, '"The Post"', "12:30"))
    assert isinstance(note.item, Source)
    assert (note.item.facts[0].speaker, note.item.language, note.item.outlet) == ("no", "no", "12:30")


PIECES = st.lists(
    st.sampled_from(
        [
            "---",
            "id: 2022-01-05-plan",
            "facts:",
            "  - id: a",
            "    date: 2022",
            "    says: x",
            "    kind: event",
            "    tags: []",
            "    disputes: [{fact: a#b, because: c}]",
            "title: x",
            "title: [",
            "outlet: x",
            "url: unknown",
            "published: 2022-01-05",
            "published: undated",
            "language: en",
            "as_of: 2022-01",
            "state: x",
            "phase: x",
            "Text [@a#b].",
            "Text.",
            "",
            "\t",
            "x: *a",
            "  - 1",
            "- a",
            "?",
            "\x00",
            "…",
        ]
    ),
    max_size=30,
).map("\n".join)


@given(
    st.text(max_size=200) | PIECES | PIECES.map("---\n{}\n---\nText [@a#b].".format),
    st.sampled_from([SOURCE, BRIEFING]),
)
def test_any_text_is_an_item_or_problems(text: str, path: str) -> None:
    """Whatever stands in a file, it is taken whole or told about, on lines that it has."""
    last = text.count("\n") + text.count("\r") + 2
    for one in problems(path, text):
        assert one.path == path
        assert 1 <= one.line <= last
        assert one.what
        assert one.mend
        assert "\n" not in str(one)
