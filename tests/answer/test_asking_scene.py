"""What of a question only sets the scene, or is said around it, and what it asks."""

import pytest

from bot.answer.asking.language.lexicon import Term
from bot.answer.asking.language.predicate import is_base, last_in_a_row, predicate
from bot.answer.asking.language.words import stem, words_of
from bot.answer.asking.reading.kinds import kind_of
from bot.answer.asking.reading.scene import asked_first, main_sentence, with_scene

NAMES = frozenset(("ann", "ottley"))


def terms_of(text: str) -> list[Term]:
    """Its words as terms, as a lexicon without any other word would have them."""
    light = {"the", "did", "who", "what", "how", "why", "when", "say"}
    return [
        Term(
            word.low,
            at,
            1,
            frozenset((f"={word.low}" if word.low in NAMES else stem(word.low),)),
            word.low if word.low in NAMES else "",
            light=word.low in light,
        )
        for at, word in enumerate(words_of(text))
    ]


def scene_of(text: str) -> str:
    """The words of a question that only set its scene."""
    return " ".join(term.low for term in with_scene(terms_of(text), text, kind_of(text)) if term.scene)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("When the dam broke, who paid for it?", "who paid for it when the dam broke?"),
        ("did Ann leave the club?", "did Ann leave the club?"),
        ("The club closed. When was that?", "The club closed. When was that?"),
    ],
)
def test_what_is_asked_comes_before_its_scene(typed: str, asked: str) -> None:
    """A question is known by how it begins."""
    assert asked_first(typed) == asked


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("who sank the boat? some fool?", "who sank the boat?"),
        ("The club closed. When was that?", "When was that?"),
        ("what did Ann say, was it a yes", "what did Ann say"),
        ("Ann sank the boat", "Ann sank the boat"),
    ],
)
def test_the_sentence_that_asks_is_the_main_one(text: str, main: str) -> None:
    """Of several sentences, the first that asks is the question."""
    assert main_sentence(text).strip() == main


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("who sank the boat? some fool?", "fool"),
        ("how many boats sank in ottley, like 50", "like 50"),
        ("how many boats sank in ottley after the dam broke", "dam broke"),
        ("why did ann sink the boat despite the storm", "storm"),
        ("why did the boat sink like they promised", "promised"),
        ("when did ann formally sink the boat", "formally"),
        # Of all that she said, of that alone; what was before what; whether it was then.
        ("what did ann say when the dam broke", ""),
        ("did ann leave or pay when the dam broke", ""),
        ("how long did ann wait after the dam broke", ""),
        ("did ann formally sink the boat", ""),
    ],
)
def test_what_only_sets_the_scene_is_marked(text: str, scene: str) -> None:
    """What need not be told, since it only says when or in spite of what."""
    assert scene_of(text) == scene


def test_a_verb_is_one_however_it_is_spelt() -> None:
    """Words in -ise are as much verbs as those in -ize."""
    assert is_base("apologise")
    assert is_base("organize")


def test_what_has_been_done_stands_behind_been() -> None:
    """What stands before "been" is who it was done to."""
    words = words_of("has the snow clearing team been paid")
    assert predicate(words, []) == len(words) - 1


def test_a_particle_behind_what_is_done_tells_no_more() -> None:
    """But it does where nothing else stands there: "go back"."""
    text = "take technicians away"
    assert last_in_a_row(words_of(text), terms_of(text), 1) == 1
    text = "go back"
    assert last_in_a_row(words_of(text), terms_of(text), 1) == 1
