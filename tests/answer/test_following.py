"""How a question leads on from the one before, and what is asked of how things stand."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from bot.answer.asking.reading.kinds import kind_of
from bot.command.asker import Asker, Place
from bot.edge.parts import Parts
from bot.reply import Reply
from tests.another import both_stories
from tests.answer import mill
from tests.answer.test_ask import Mill, a_mill, asked, slugs

_PEOPLE = count(1)
_SECOND = timedelta(seconds=1)


@pytest.fixture(name="story", scope="module")
def _story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mill]:
    made = a_mill(tmp_path_factory.mktemp("mill"))
    yield made
    made.store.close()


@pytest.fixture(name="parts", scope="module")
def _parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with both_stories(tmp_path_factory.mktemp("two")) as parts:
        yield parts


def somebody() -> Asker:
    """Somebody who has asked nothing before."""
    return Asker("discord", "1", f"follower-{next(_PEOPLE)}", Place("discord", "1", "11", "#talk", "text"))


def last(story: Mill, *questions: str) -> Reply:
    """What one and the same person is answered in the end."""
    who = somebody()
    replies = [story.asks(one, who, mill.NOW + at * _SECOND) for at, one in enumerate(questions)]
    return replies[-1]


@pytest.mark.parametrize(
    ("questions", "first"),
    [
        (("was the opening of the mill put off?", "who said so?"), "put-off"),
        (("was the opening of the mill put off?", "according to whom?"), "put-off"),
        (("did a flood damage the mill?", "when was that?"), "flood"),
        (("did a flood damage the mill?", "and when?", "and why?", "and when was that?"), "flood"),
        (("did Ottley sign a contract?", "and Pell?"), "contract"),
        (("what happened in March 2022?", "and in June?"), "repaired"),
        (("did a flood damage the mill?", "And when did a thief steal the bell?"), "bell"),
        (("was the opening put off?", "What did Ada Moss deny?"), "ferry"),
        (("did a flood damage the mill?", "really?"), "flood"),
        (("did a flood damage the mill?", "are you sure about that?"), "flood"),
        (("did a thief steal the bell?", "is that true?"), "bell"),
        (("did Ottley end the contract with Pell?", "end what?"), "ended"),
        (("was the opening of the mill put off?", "how did Ada Moss see it?"), "put-off"),
    ],
)
def test_what_leads_on_is_answered_from_the_one_before(
    story: Mill, questions: tuple[str, ...], first: str
) -> None:
    """Who said so, and when, by the facts that answered; else with a part of it replaced."""
    assert first in slugs(last(story, *questions))


def test_who_said_so_names_nobody_where_nobody_did(story: Mill) -> None:
    """What no one is quoted with is told again, with its source; and of nothing, nobody said it."""
    assert slugs(last(story, "did a thief steal the bell?", "who said so?")) == ["bell"]
    assert last(story, "who said so?").abstained
    assert last(story, "did the mayor eat the ferry in 1950?", "says who?").abstained


@pytest.mark.parametrize(
    "questions",
    [
        ("was the opening of the mill put off?", "who said so?"),
        ("what happened in March 2022?", "and in June?"),
        ("did a flood damage the mill?", "and when?", "and in which year?"),
    ],
)
def test_a_row_of_questions_means_the_same_to_anybody(story: Mill, questions: tuple[str, ...]) -> None:
    """What stands under an answer asks what was asked, whoever uses it and however late."""
    reply = last(story, *questions)
    assert reply.words.endswith(f" > {questions[-1]}")
    again = story.desk.answer(reply.words, "!bridge", mill.NOW + timedelta(days=3), somebody())
    assert (again.sections, again.words) == (reply.sections, reply.words)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("is the ferry happening", "status"),
        ("is it off now", "status"),
        ("what is the present standing of the mill", "status"),
        ("what ultimately became of the bell", "status"),
        ("how far was the mill in june", "status"),
        ("how far along are they", "status"),
        ("how far have they come", "status"),
        ("how do things look for the mill", "status"),
        ("how far is the mill from the school", "how many"),
        ("how far did the cart roll", "how many"),
    ],
)
def test_how_things_stand_is_asked_in_many_ways(question: str, kind: str) -> None:
    """How far something has come is how it stands; how far it is, is a number."""
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "what became of the lander in the end?",
        "whatever happened to Schiaparelli",
    ],
)
def test_what_became_of_something_is_told_of_it(parts: Parts, question: str) -> None:
    """And not of the whole story, however that stands."""
    assert slugs(asked(parts, f"ask {question}"))[0] == "lander-crash-cause"


def test_or_not_asks_nothing_more(parts: Parts) -> None:
    """What only closes a question neither denies nor is looked for."""
    plain, closed = (asked(parts, f"ask is the mission going ahead{end}") for end in ("?", " or not?"))
    assert plain.sections == closed.sections
    assert slugs(plain)
