"""The vocabulary file: read whole, every mistake told on its line, and no text can do harm."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.load.check import pointing
from bot.load.fields import MAX_ALSO, MAX_GROUP, MAX_GROUPS, MAX_NAMES, MAX_WORD
from bot.load.story import check_folders, load
from bot.load.vocabulary import MOST_TOLD, parse_words, text_of
from bot.model import NAME_KINDS, Cite, Name, Vocabulary
from tests.stories import PLAN, STRIKE, StoryFolder

PATH = "corpus/vocabulary.yaml"
GOOD = f"""# Who is who
names:
  - name: Alton
    kind: place
    also: [the upper town, "no"]
  - name: the mayor of Alton
    kind: person
    also: [O’Hara]
    part_of: [Alton]
    introduced: [{STRIKE}#delayed]
words:
  - [bridge, crossing]
  - [strike, walk out]
narrower:
  town: [Alton, Berry]
"""


GUIDE = (Path(__file__).parents[2] / "docs" / "vocabulary.md").read_text(encoding="utf-8")


def problems(text: str) -> list[str]:
    """What is wrong with a text; nothing of it is taken then."""
    found = parse_words(PATH, text)
    assert (found.vocabulary is None) == bool(found.problems)
    assert all(problem.path == PATH and problem.mend for problem in found.problems)
    return [str(problem).removeprefix(f"{PATH}:") for problem in sorted(found.problems)]


def replaced(old: str, new: str) -> str:
    """The good file with one mistake."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_a_vocabulary_is_read_whole() -> None:
    """Every value stays the text it was, in the order of the file."""
    found = parse_words(PATH, GOOD)
    assert found.problems == ()
    assert found.vocabulary == Vocabulary(
        (
            Name("Alton", "place", ("the upper town", "no")),
            Name("the mayor of Alton", "person", ("O’Hara",), ("Alton",), (f"{STRIKE}#delayed",)),
        ),
        (("bridge", "crossing"), ("strike", "walk out")),
        (("town", ("Alton", "Berry")),),
    )
    assert found.shape.cites == (Cite(f"{STRIKE}#delayed", 10),)


@pytest.mark.parametrize(
    "text",
    ["names: []", "words:", "names:\nwords:\nnarrower:", "---\nwords: []\n...\n", "words: []  # none"],
)  # fmt: skip
def test_a_vocabulary_may_have_no_words(text: str) -> None:
    """A list that is still empty is no mistake."""
    assert parse_words(PATH, text).vocabulary == Vocabulary()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("words:\n", "word:\n", "11: word is not a known field; did you mean 'words'?"),
        ("    also: [the upper town", "    alias: [the upper town", "5: names[1].alias is not a known "),
        ("kind: place", "kind: plaice", "4: names[1].kind is 'plaice'; did you mean 'place'?"),
        ("kind: place", "kind: Place", "4: names[1].kind is 'Place'; did you mean 'place'?"),
        ("kind: place", "kind: xq", f"4: names[1].kind is 'xq'; write one of {', '.join(NAME_KINDS)}"),
        ("    kind: place\n", "", "3: names[1].kind is missing; add `kind: …`"),
        ("name: the mayor of Alton", "name:", "6: names[2].name is empty; fill it in"),
        ("name: the mayor of Alton", "name: [O]", "6: names[2].name is not text; "),
        ("[Alton]\n", "Alton\n", "9: names[2].part_of is not a list; "),
        ("also: [O’Hara]", "also: [{a: b}]", "8: names[2].also[1] is not text; "),
        ("also: [O’Hara]", "also: [a\\tb]", None),
        ("also: [O’Hara]", 'also: ["a\\tb"]', "8: names[2].also[1] has characters that cannot be seen; "),
        ("also: [O’Hara]", 'also: ["a\\nb"]', "8: names[2].also[1] runs over several lines; "),
        ("also: [O’Hara]", "also: [a\u200bb]", "8: names[2].also[1] has characters that cannot be seen; "),
        ("also: [O’Hara]", "also: [a\x07b]", "8: has characters that cannot be seen; type the line anew"),
        ("also: [O’Hara]", 'also: ["%"]', "8: names[2].also[1] is '%', without a letter or digit; "),
        ("[O’Hara]", f"[{'x' * 101}]", f"8: names[2].also[1] is 101 characters long, more than {MAX_WORD}; "),
        ("[Alton]\n", "[Altona]\n", "9: part_of: there is no name 'Altona'; did you mean 'Alton'?"),
        ("[Alton]\n", "[Xyz]\n", "9: part_of: there is no name 'Xyz'; add it as a name, or take it out"),
        (
            "kind: place\n",
            "kind: place\n    part_of: [the mayor of Alton]\n",
            "10: part_of runs in a circle: 'Alton' → 'the mayor of Alton' → 'Alton'; take one step out",
        ),
        ("[Alton]\n", "[the mayor of Alton]\n", "9: part_of runs in a circle: 'the mayor of Alton' → "),
        (f"[{STRIKE}#delayed]", "[delayed]", "10: names[2].introduced[1] 'delayed' names no fact; "),
        ("[O’Hara]", "[Town, the  Upper Town]", "8: 'the  Upper Town' also means 'Alton', in line 5; "),
        ("[O’Hara]", "[O’Hara, o'hara]", '8: "o\'hara" stands twice, first in line 8; say it once'),
        ("name: the mayor of Alton", "name: alton", "6: 'alton' stands twice, first in line 3; say it once"),
        ("[bridge, crossing]", "[bridge]", "12: words[1] has only one word; write two or more"),
        ("[bridge, crossing]", "[]", "12: words[1] has no words; "),
        ("[bridge, crossing]", "", "12: words[1] has no words; "),
        ("[bridge, crossing]", "bridge", "12: words[1] is not a list; "),
        ("[bridge, crossing]", "[bridge, Bridge]", "12: 'Bridge' stands twice, first in line 12; "),
        ("[Alton, Berry]", "[]", "15: narrower.town has no words; "),
        ("[Alton, Berry]", "Berry", "15: narrower.town is not a list; "),
        ("[Alton, Berry]", "[Berry, Town]", "15: 'Town' stands twice, first in line 15; say it once"),
        ("narrower:\n  town: [Alton, Berry]", "narrower: [town]", "14: narrower is not a list of words, "),
        ("  town: [Alton, Berry]", "  ?!: [Alton]", "15: narrower.'?!' is '?!', without a letter or digit; "),
        ("  town: [Alton, Berry]", "  town: [Alton]\n  town: [Berry]", "16: the field 'town' stands twice; "),
        ("  town: [Alton, Berry]", "  town: [Alton]\n  Town: [Berry]", "16: 'Town' stands twice, "),
    ],
)  # fmt: skip
def test_each_mistake_is_told_on_its_line(old: str, new: str, message: str | None) -> None:
    """One mistake is one problem."""
    told = problems(replaced(old, new))
    if message is None:
        assert told == []
        return
    assert len(told) == 1, told
    assert told[0].startswith(message)


def test_all_mistakes_are_told_at_once() -> None:
    """None hides another."""
    text = replaced("kind: place", "kind: xq").replace("[Alton]\n", "[Altona]\n").replace("[bridge, ", "[")
    assert [line.partition(":")[0] for line in problems(text)] == ["4", "9", "12"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: has no fields; write `names:`, `words:` or `narrower:`, or delete it"),
        ("# nothing yet\n", "1: has no fields; "),
        ("- a\n- b\n", "1: has no fields, but a list; write `names:`, `words:` or `narrower:`"),
        ("just words\n", "1: has no fields, but plain text; write `names:`, "),
        ("---\nid: x\n---\nA note.\n", "3: has text after the fields; "),
        ("names: [\n", "2: is not YAML here "),
        ("words: &a\nnarrower:\n  d: *a\n", "3: refers to another value with *; write the value out"),
        ("[" * 100_000, "1: has no fields, but a list; "),
        ("words: " + "[" * 100_000, "1: is nested too deep; "),
        ("words: " + "{a: " * 100_000, "1: is nested too deep; "),
        ("names:\n" + "  - {name: a, kind: place}\n" * (MAX_NAMES + 1), "1: names is not at most 2000 long"),
        ("words:\n" + "  - [a, b]\n" * (MAX_GROUPS + 1), "1: words is not at most 2000 long; "),
        (f"words:\n  - {[*range(MAX_GROUP + 1)]}\n", "2: words[1] is not at most 100 long; "),
        (
            f"names:\n  - name: a\n    kind: place\n    also: {[*range(MAX_ALSO + 1)]}\n",
            "4: names[1].also is not at most 60 long; ",
        ),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_cannot_be_a_vocabulary_is_told(text: str, message: str) -> None:
    """Also where it was made to do harm: limits are told with their figures."""
    (told,) = problems(text)
    assert told.startswith(message)


def test_a_file_of_nothing_but_mistakes_is_read_in_no_time() -> None:
    """What takes a look at all names is done for the first mistakes alone."""
    name = "  - {{name: n{0}, kind: place, part_of: [n{1}, n0, gone{0}]}}\n"
    text = "names:\n" + "".join(name.format(n, n + 1) for n in range(MAX_NAMES - 1))
    told = problems(text)
    assert len([line for line in told if "runs in a circle" in line]) == MOST_TOLD
    assert len([line for line in told if "there is no name" in line]) == MAX_NAMES
    assert len([line for line in told if "did you mean" in line]) <= MOST_TOLD


def test_the_guide_shows_what_is_read() -> None:
    """Its example is a right file, and it tells every kind and every limit."""
    example = GUIDE.partition("```yaml\n")[2].partition("```")[0]
    found = parse_words(PATH, example).vocabulary
    assert found is not None
    assert found.names
    assert found.words
    assert found.narrower
    assert ", ".join(f"`{kind}`" for kind in NAME_KINDS[:-1]) + f" or `{NAME_KINDS[-1]}`" in GUIDE
    limits = " ".join(GUIDE.partition("Its limits: ")[2].split())
    assert limits.startswith(
        f"{MAX_WORD} characters for a word or a name; {MAX_NAMES:,} names, each with {MAX_ALSO} entries under"
        f" `also`, `part_of` and `introduced`; {MAX_GROUPS:,} groups and {MAX_GROUPS:,} wider words, each"
        f" with {MAX_GROUP} words; 1 MiB"
    )


# ── between files ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (f"{STRIKE}#strike", None),
        (f"{STRIKE}#strikes", f"names {STRIKE}#strikes, which does not exist; did you mean {STRIKE}#strike?"),
        ("2021-x#y", "names 2021-x#y, but there is no source 2021-x; mend the id, or add the fact"),
    ],
)
def test_a_fact_that_introduces_a_name_has_to_be_there(
    folder: StoryFolder, fact: str, message: str | None
) -> None:
    """A check of the files tells it on the line; of what is loaded nothing is held back for it."""
    folder.write(PATH, replaced(f"[{STRIKE}#delayed]", f"[{fact}]"))
    told = [str(problem) for problem in check_folders(folder.places).problems]
    assert told == ([f"{PATH}:10: {message}"] if message else [])


def test_a_name_is_not_introduced_by_what_is_retracted_or_for_one_server(folder: StoryFolder) -> None:
    """The words are for everyone: so has to be what they name, and it has to count."""
    strike = f"corpus/{STRIKE}.md"
    folder.remove("briefings/2022-03-05-strike.md")
    folder.write(PATH, GOOD)
    folder.edit(strike, 'language: "en"', 'language: "en"\nretracted: {on: 2022-07-01, because: It erred.}')
    (told,) = check_folders(folder.places).problems
    assert str(told).startswith(f"{PATH}:10: names {STRIKE}#delayed, whose source is retracted; name another")
    folder.edit(strike, "retracted: {on: 2022-07-01, because: It erred.}", "audience: slack/T1")
    (told,) = check_folders(folder.places).problems
    assert str(told).startswith(f"{PATH}:10: names {STRIKE}#delayed, but there is no source {STRIKE}; ")


def test_a_mistake_in_a_source_is_none_of_the_words_that_name_it(folder: StoryFolder) -> None:
    """What cannot be read may have any fact."""
    folder.write(PATH, GOOD)
    folder.write(f"corpus/{STRIKE}.md", "broken")
    folder.write("briefings/2022-03-05-strike.md", folder.path(f"briefings/{PLAN}.md").read_bytes())
    paths = {problem.path for problem in check_folders(folder.places).problems}
    assert PATH not in paths
    assert f"corpus/{STRIKE}.md" in paths


def test_a_file_that_cannot_be_read_is_a_problem(folder: StoryFolder) -> None:
    """As with notes: a folder, a link out, too many bytes."""
    for how, message in {
        "folder": "is not a file; put a YAML file here",
        "link": "is a link that leads out of its folder; put the file itself here",
        "huge": "is 1,048,577 bytes long, more than 1,048,576; shorten it",
    }.items():
        if how == "folder":
            folder.path(PATH).mkdir()
        elif how == "link":
            folder.path(PATH).rmdir()
            folder.path(PATH).symlink_to("/etc/passwd")
        else:
            folder.write(PATH, b"#" * 1_048_577)
        (told,) = check_folders(folder.places).problems
        assert str(told) == f"{PATH}:1: {message}"


def test_words_are_for_everyone_to_point_with() -> None:
    """Without any note there is nothing they could name."""
    (told,) = pointing(parse_words(PATH, GOOD).shape, ())
    assert told.line == 10


# ── any text ────────────────────────────────────────────────────────────────────────────

_PIECES = [
    "names", "words", "narrower", "name", "kind", "also", "part_of", "introduced", "place", "Alton", "a#b",
    ": ", ":", "- ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "\r", "&a ", "*a", "!!int ", "|", "#",
    '"', "'", "\\", "\0", "\x85", "\u2028", "\ud800", "%", "---\n", "...\n", "? ", "<<", "~", "\t", "no",
]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)))
@settings(max_examples=150)
@example(
    "names:\n  - \n  - ~\n  - []\n  - {name: {a: b}, part_of: [[a]], introduced: {c: d}}\nwords: [[[a]]]"
)
@example("narrower:\n  ? a\n  : b\n")
def test_any_text_is_words_or_problems(text: str) -> None:
    """Nothing raises, and what is taken is what its own file would say again."""
    found = parse_words(PATH, text)
    assert (found.vocabulary is None) == bool(found.problems)
    if found.vocabulary is not None:
        assert parse_words(PATH, text_of(found.vocabulary)).vocabulary == found.vocabulary


_WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).map(
    lambda one: f"x{one}"
)
_LISTS = st.lists(_WORDS, max_size=3, unique_by=str.casefold).map(tuple)


@given(_LISTS, _WORDS)
@settings(max_examples=50)
def test_what_stands_is_written_as_a_file_that_says_it(also: tuple[str, ...], wide: str) -> None:
    """Whatever is in the words: the file is read as the same."""
    words = Vocabulary(
        (Name("Alton 1", "place", also, (), ("a#b",)), Name("Berry 2", "place", (), ("Alton 1",))),
        (("a", *(one for one in also if one.casefold() != "a")),) if also else (),
        ((wide, ("narrow: word", "# no")),),
    )
    found = parse_words(PATH, text_of(words))
    assert found.problems == ()
    assert found.vocabulary == words


def test_the_file_is_read_as_one_of_its_own_kind(folder: StoryFolder) -> None:
    """It is no item, has words, and is told by its path."""
    folder.write(PATH, GOOD)
    (one,) = [one for one in check_folders(folder.places).loaded if one.seen.path == PATH]
    assert (one.seen.kind, one.note.item, one.text) == ("vocabulary", None, GOOD)
    assert one.words == parse_words(PATH, GOOD).vocabulary
    assert load(one.seen) == one
