"""How everyday words are understood: what is short, what stands apart, what means the same."""

from datetime import date

import pytest

from bot.answer.asking.holding.nearness import TOLD
from bot.answer.asking.language.building import lexicon
from bot.answer.asking.language.lexicon import Lexicon
from bot.answer.asking.reading.mending import mender
from bot.answer.asking.reading.question import Question, understand
from bot.answer.asking.wording.shorthand import in_full
from bot.model import Vocabulary

TODAY = date(2022, 8, 1)


@pytest.fixture(name="words", scope="module")
def _words() -> Lexicon:
    return lexicon(Vocabulary())


def told(words: Lexicon, asked: str, fact: str) -> bool:
    """Whether a fact with one word tells another."""
    return any(
        words.nearness(one, other) >= TOLD
        for term in words.terms(asked)
        for one in term.meanings
        for other_term in words.terms(fact)
        for other in other_term.meanings
    )


def asked(words: Lexicon, text: str) -> Question:
    """A question, understood."""
    return understand(text, words, TODAY, TODAY)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("whats sposed to happen rn", "what is supposed to happen right now"),
        (
            "did they work w/ the port b4 the strike tho",
            "did they work with the port before the strike though",
        ),
        ("who is gonna pay w/o a loan", "who is going to pay without a loan"),
        ("is it R or W, says A.W. of w-town", "is it R or W, says A.W. of w-town"),
        ("u and ur ppl", "you and your people"),
    ],
)
def test_what_is_short_is_written_out(short: str, long: str) -> None:
    """Chat is read as if it were written out; names and what is in capitals stay."""
    assert in_full(short) == long


@pytest.mark.parametrize(
    ("typed", "asked_for"),
    [
        ("prior to the strike, who ran it", "before the strike, who ran it"),
        ("for what reason did it close", "why did it close"),
        ("waht did teh crew say", "what did the crew say"),
    ],
)
def test_formal_and_mistyped_words_of_grammar_are_read_as_usual(typed: str, asked_for: str) -> None:
    """Who writes like an office, or in haste, asks the same."""
    assert in_full(typed) == asked_for


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("launchdate", "launch date"),
        ("pulledout", "pulled out"),
        ("agianst", "against"),
        ("para chute", "parachute"),
        ("with us", None),
        ("ordred", "ordered"),
    ],
)
def test_words_that_run_together_or_fall_apart_are_mended(
    words: Lexicon, typed: str, meant: str | None
) -> None:
    """A space that is missing, or one too many, is a slip as any other."""
    known = {"launch", "date", "parachut", "against", "order"}
    mend = mender(words, known.__contains__, lambda _word, _by: ("parachute", "ordered"))
    assert mend(typed) == meant


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("who pushed the opening back", "pushed back"),
        ("why did the firm pull its people out of the port", "pull out"),
        ("who called the whole thing off", "called off"),
        ("did they keep all the ferries going", "keep going"),
        ("what were they told to leave alone", "leave alone"),
    ],
)
def test_a_verb_is_known_although_its_parts_stand_apart(words: Lexicon, text: str, term: str) -> None:
    """What stands between a verb and its particle does not hide the verb."""
    assert term in [one.low for one in asked(words, text).terms]


@pytest.mark.parametrize(
    "text",
    [
        "was the launch put off",  # "was off" is no verb
        "who took the ferry off the list",
        "who did the work of putting it together",
        "which European launch needs a vehicle",
    ],
)
def test_what_is_no_part_of_a_verb_stays_where_it_is(words: Lexicon, text: str) -> None:
    """A preposition with an object of its own is no particle."""
    found = {one.low for one in asked(words, text).terms}
    assert not found & {"was off", "took off", "work together", "launch vehicle"}


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("pulled the plug", "terminated"),
        ("dip out", "withdrew"),
        ("hit pause", "suspended"),
        ("up in the air", "in doubt"),
        ("team up with", "cooperation"),
        ("get back at", "retaliation"),
        ("brushed off", "played down"),
        ("shell out", "pay"),
        ("gadget", "tool"),
        ("remove", "withdraw"),
        ("remove", "lift"),
        ("did they agree", "signed a treaty"),
        ("cut", "budget cuts"),
    ],
)
def test_everyday_words_are_known(words: Lexicon, question: str, fact: str) -> None:
    """What people say is told by what the news writes."""
    assert told(words, question, fact)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("remove", "suspend"),
        ("sign a treaty", "they agree"),
        ("share", "role"),
        ("investigation", "exploration"),
        ("quite", "quit"),
        ("lift", "remove"),
    ],
)
def test_other_deeds_are_not_the_same(words: Lexicon, question: str, fact: str) -> None:
    """What a reader would tell apart stands apart."""
    assert not told(words, question, fact)


def test_phrases_that_tell_nothing_are_light(words: Lexicon) -> None:
    """Neither "the end" nor "so" is asked for by who says "in the end", or "or so"."""
    found = asked(words, "what became of it in the end, a year or so ago").terms
    assert all(term.light for term in found if term.low in {"in the end", "or so"})
    assert {"in the end", "or so"} <= {term.low for term in found}


def test_an_idiom_is_not_told_by_one_of_its_words(words: Lexicon) -> None:
    """To say yes is not to say; who holds peace talks talks."""
    (yes,) = words.terms("say yes")
    (talks,) = words.terms("peace talks")
    assert not yes.parts
    assert talks.parts
