"""The body of a briefing: where sentences end, what they cite, and what is no sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.load.frontmatter import UNSEEN
from bot.load.sentences import read_body
from bot.model import Sentence

ROOT = Path(__file__).parents[2]


def told(body: str) -> list[Sentence]:
    """The sentences of a body that is right."""
    found, _, problems = read_body("p.md", body, 1)
    assert problems == []
    return found


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("One [@a#b]. Two [@a#c].", ["One.", "Two."]),
        ("One. [@a#b] Two. [@a#c]", ["One.", "Two."]),
        ("One [@a#b]! Two [@a#c]? Three [@a#d]…", ["One!", "Two?", "Three…"]),
        ("He said: “No.” [@a#b] Then he left [@a#c].", ["He said: “No.”", "Then he left."]),
        ('"Done [@a#b]." 137 came [@a#c].', ['"Done."', "137 came."]),
        (
            "Dr. Aschbacher and J. Smith met vs. St. Nick [@a#b].",
            ["Dr. Aschbacher and J. Smith met vs. St. Nick."],
        ),
        ("It cost 1.5 million [@a#b].", ["It cost 1.5 million."]),
        (
            "It works, e.g. here, at example.org and so on [@a#b].",
            ["It works, e.g. here, at example.org and so on."],
        ),
        ("He said so... [@a#b] and then no more [@a#c].", ["He said so... and then no more."]),
        ("Один год [@a#b]. Два года [@a#c].", ["Один год.", "Два года."]),
        ("It runs over\n  two lines [@a#b].", ["It runs over two lines."]),
        ("- One [@a#b].\n- Two\n  lines [@a#c].", ["One.", "Two lines."]),
        ("1. One [@a#b].\n2) Two [@a#c].", ["One.", "Two."]),
        ("No full stop [@a#b]", ["No full stop"]),
    ],
    ids=[
        "citations before the stop",
        "citations behind the stop",
        "other stops",
        "a stop within quotation marks",
        "a number begins a sentence",
        "abbreviations",
        "a decimal point",
        "stops within a sentence",
        "a citation in the middle too",
        "Cyrillic",
        "wrapped lines",
        "a list",
        "a numbered list",
        "an end without a stop",
    ],
)
def test_a_sentence_ends_at_its_stop(body: str, texts: list[str]) -> None:
    """A body is cut into its sentences, and their text is without citations."""
    assert [sentence.text for sentence in told(body)] == texts


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        ("One [@a#b].", ("a#b",)),
        ("One [@a#b; @a-1#c-2].", ("a#b", "a-1#c-2")),
        ("One [@a#b, a#c @a#d].", ("a#b", "a#c", "a#d")),
        ("One [@a#b] [@a#c].", ("a#b", "a#c")),
        ("One [@a#b] [@a#b; @a#b].", ("a#b",)),
        ("One [@a#b;\n@a#c].", ("a#b", "a#c")),
    ],
    ids=["one", "semicolons", "commas and blanks", "two brackets", "the same again", "over two lines"],
)
def test_a_sentence_has_the_facts_it_cites(body: str, facts: tuple[str, ...]) -> None:
    """Each fact is cited once, in the order of the text."""
    assert told(body)[0].facts == facts


def test_each_sentence_knows_its_line_and_paragraph() -> None:
    """Lines are those of the file, paragraphs are counted from 0, and a list item is one of its own."""
    body = "One [@a#b].\nTwo [@a#b]. Three\n[@a#b].\n\n\nFour [@a#b].\n- Five [@a#b].\n"
    found, _, problems = read_body("p.md", body, 10)
    assert problems == []
    assert [(one.text, one.line, one.paragraph) for one in found] == [
        ("One.", 10, 0),
        ("Two.", 11, 0),
        ("Three.", 11, 0),
        ("Four.", 15, 1),
        ("Five.", 16, 2),
    ]


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("One [@a#b].\nTwo.", 2, "a sentence without a citation: “Two.”"),
        ("One. Two [@a#b].", 1, "a sentence without a citation: “One.”"),
        ("One [@].", 1, "a sentence without a citation"),
        ("One [@a#b] and more.", 1, "a sentence goes on behind its citation: “and more.”"),
        ("One [@a].", 1, "the citation 'a' is not of the form source-id#fact-id"),
        ("One [@a#B].", 1, "the citation 'a#B' is not of the form source-id#fact-id"),
        ("One [@a#b; see below].", 1, "the citation 'see' is not of the form source-id#fact-id"),
        ("One [@a#b.", 1, "a citation is not closed"),
        ("One [@a#b [@a#c].", 1, "a citation is not closed"),
        ("One [@a#b].\n\n# Heading\n", 3, "“# Heading” is not a sentence"),
        ("One [@a#b].\n\n> Quote [@a#b].\n", 3, "“> Quote [@a#b].” is not a sentence"),
        ("One [@a#b].\n```\ncode\n```\n", 2, "is not a sentence"),
        ("| a | b |\n", 1, "is not a sentence"),
        ("<b>One</b> [@a#b].", 1, "is not a sentence"),
        ("![x](y) [@a#b].", 1, "is not a sentence"),
        ("One [@a#b].\n---\n", 2, "is not a sentence"),
        ("One \x1b[31mred [@a#b].", 1, "has characters that cannot be seen: “One �[31mred.”"),
        ("One [@a#b].\nTwo\u202e [@a#b].", 2, "has characters that cannot be seen"),
        ("---\nmore [@a#b].", 1, "“---” is not a sentence"),
        ("- ---\n  more [@a#b].", 1, "“- ---” is not a sentence"),
        ("***\nmore [@a#b].", 1, "“***” is not a sentence"),
        ("* * *\nmore [@a#b].", 1, "“* * *” is not a sentence"),
        ("One [@a#b].\n===\nmore [@a#b].", 2, "“===” is not a sentence"),
        ("One\x0c two [@a#b].", 1, "has characters that cannot be seen"),
        ("One [@a#b].\n\x0b\n", 2, "has characters that cannot be seen"),
        ("One [@a#b;\u2028@a#c].", 1, "has characters that cannot be seen"),
        ("One\x00 [@a#b].", 1, "has characters that cannot be seen"),
        ("", 1, "has no text"),
        (" \n\n", 1, "has no text"),
    ],
)
def test_what_is_no_cited_sentence_is_told_with_its_line(body: str, line: int, what: str) -> None:
    """Everything in a body is a sentence that ends in its citations, or a problem on its line."""
    problems = read_body("p.md", body, 1).problems
    first = problems[0]
    assert what in first.what
    assert first.line == line
    assert first.mend


def test_all_sentences_are_told_about_at_once() -> None:
    """A mistake does not hide the next."""
    problems = read_body("p.md", "One.\nTwo [@x].\n\n# Three\n\nFour [@a#b] five.", 7).problems
    assert [problem.line for problem in problems] == [7, 8, 10, 12]


HOSTILE = {
    "a citation behind a stop in a sentence": "Said. [@2022-02-25-bridge#a-long-fact-id] and left [@a#b].",
    "a million dots": "." * 1_000_000 + "a [@a#b].",
    "a million closed brackets": "One. " + ")" * 1_000_000 + "a",
    "nothing but openings": "[@" * 500_000,
    "a line of blanks": "One. " + " " * 1_000_000 + "b [@a#b].",
    "fifty thousand sentences in one paragraph": "One [@a#b].\n" * 50_000,
    "initials without end": "A. B" * 200_000,
    "NUL characters": "One. " + "\0 " * 300_000 + "b",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_long(body: str) -> None:
    """A megabyte of anything is read within seconds; a loop without end would stop the whole bot."""
    # In a process of its own, since nothing else ends a regular expression.
    script = "import sys; from bot.load.sentences import read_body; read_body('p', sys.stdin.read(), 1)"
    subprocess.run([sys.executable, "-c", script], input=body, text=True, cwd=ROOT, timeout=20, check=True)


def test_a_line_that_is_no_sentence_hides_none() -> None:
    """What stands behind a heading or a rule is read by itself."""
    found, _, problems = read_body("p.md", "# Heading\nOne [@a#b].\n---\nTwo [@a#b].", 1)
    assert [(one.text, one.line) for one in found] == [("One.", 2), ("Two.", 4)]
    assert [problem.line for problem in problems] == [1, 3]


@given(st.lists(st.text(max_size=12), max_size=4))
def test_a_body_without_problems_has_nothing_that_cannot_be_seen(lines: list[str]) -> None:
    """So that it can be kept in the front matter when it is corrected."""
    body = "\n".join(f"{line} [@a#b]." for line in lines)
    assert read_body("p.md", body, 1).problems or not any(UNSEEN.search(one) for one in body.split("\n"))


words = st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30)
cited = st.lists(words, min_size=1, max_size=6).map(lambda many: " ".join(f"{one} [@a#b]." for one in many))


def letters(text: str) -> str:
    """What must not get lost: letters and numbers."""
    return "".join(character for character in text if character.isalnum())


@given(st.text(max_size=200) | cited)
def test_any_text_is_sentences_or_problems(body: str) -> None:
    """Reading never raises, and a body without problems keeps every letter outside citations and bullets."""
    found, _, problems = read_body("p.md", body, 1)
    assert found or problems
    last = body.count("\n") + 1
    assert all(1 <= problem.line <= last for problem in problems)
    assert all("\n" not in str(problem) for problem in problems)
    assert all(one.text.isprintable() and one.facts for one in found)
    if not problems:
        lines = [re.sub(r"^\s*([-*+]|\d{1,2}[.)])\s+", "", line) for line in body.split("\n")]
        outside = re.sub(r"\[@[^\[\]]*\]", "", "\n".join(lines))
        assert letters("".join(one.text for one in found)) == letters(outside)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8}( [a-z]{2,8}){1,5}", fullmatch=True), min_size=1, max_size=8))
def test_plain_sentences_come_back_as_they_were(texts: list[str]) -> None:
    """Sentences put together in one paragraph are taken apart into the same ones."""
    body = " ".join(f"{text} [@a#b]." for text in texts)
    assert [one.text for one in told(body)] == [f"{text}." for text in texts]
