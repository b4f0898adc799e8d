"""What kind of answer a question wants, and which fact is one: a number, a reason, a place, a name."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.answer.asking.language.building import lexicon
from bot.answer.asking.language.words import words_of
from bot.answer.asking.reading.counting import counted, counts, is_counted
from bot.answer.asking.reading.kinds import kind_of
from bot.answer.asking.reading.wanting import several, tells, wanted
from bot.desk.desk import Desk
from bot.model import Name, Vocabulary
from tests.answer.desks import desk_about
from tests.stories import briefing, fact, source

NOW = datetime(2022, 8, 1, 12, tzinfo=UTC)
PORT = "2022-03-05-port"
WORDS = Vocabulary(
    (
        Name("Nessa Holm", "person", ("Holm", "the harbour master")),
        Name("Lodd", "place"),
        Name("Skarn", "country", ("Skarner", "Skarners")),
        Name("Radio Lodd", "thing"),
        Name("Old Harbour Crane", "thing", ("OHC",), (), (f"{PORT}#crane",)),
        Name("Tern", "craft", (), (), (f"{PORT}#tern",)),
        Name("Gannet", "craft", (), (), (f"{PORT}#gannet",)),
    ),
    (),
)
FILES = {
    f"corpus/{PORT}.md": source(
        PORT,
        fact("crane", "The Old Harbour Crane (OHC) was painted in 2019.", date="2019"),
        fact("ferries", "Five ferry flights were cancelled in all.", date="2022-03-01"),
        fact("tern", "The ferry flight of the Tern was one of five that were cancelled.", date="2022-03-01"),
        fact("gannet", "The ferry flight of the Gannet was one of five that were cancelled.",
             date="2022-03-01"),
        fact("closed", "Nessa Holm closed the brick warehouse of the fishermen.", date="2022-02-03"),
        fact("cable", "The brick warehouse of the fishermen closed because of a cable.", date="2022-02-03"),
        fact("bridge", "The bridge was closed because of the storm.", date="2022-02-10"),
        fact("sailed", "Forty sailors left from Lodd.", date="2022-02-12"),
        fact("interview", "In an interview Nessa Holm said that the harbour would close.", date="2022-02-20",
             speaker="Nessa Holm", kind="statement"),
    ),
    f"briefings/{PORT}.md": briefing(PORT, f"It is closed [@{PORT}#bridge].", state="It is closed."),
}  # fmt: skip


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_about(tmp_path_factory.mktemp("port"), FILES, WORDS) as desk:
        yield desk


@pytest.mark.parametrize(
    ("low", "kind"),
    [
        ("what is the next launch date", "when"),
        ("how was the launch date moved", "change"),
        ("how big is it", "what"),
        ("how many are there", "how many"),
        ("who replaced the coach", "who"),
        ("what was replaced", "change"),
        ("who were the first partners", "who"),
        ("who left first", "order"),
        ("what was the state of the bridge", "status"),
        ("what did the mayor state", "quote"),
        ("on which platform did she say it", "where"),
    ],
)
def test_a_question_wants_what_it_is_worded_for(low: str, kind: str) -> None:
    """And not what one of its words might ask for elsewhere."""
    assert kind_of(low) == kind


def test_who_told_is_not_who_did() -> None:
    """Nor is a kind of something one of its names."""
    assert tells("who told the press that it was over")
    assert not tells("who ended it")
    assert wanted("which missions were lost", "what") >= {"craft", "mission"}
    assert wanted("what kind of mission is it", "what") == frozenset()
    assert wanted("who were the partners", "who") == {"person", "body", "country"}
    assert several("which satellites were lost")
    assert not several("which satellite was lost")


@pytest.mark.parametrize(
    ("question", "says", "told"),
    [
        ("how many states belong to it", "The club has 22 member states.", True),
        ("how many states belong to it", "The odds of the states were 7 percent.", False),
        ("what percentage of the states agreed", "The odds of the states were 7 percent.", True),
        ("how many soldiers fell", "About 137 civilians had fallen.", False),
        ("how many flights were lost", "The flight was one of five that were lost.", True),
        ("how many casualties were there", "Hundreds of casualties were reported.", True),
        ("how many flights were lost", "Flights were lost on 5 May 2022.", False),
        ("how many of the ships were ready", "All ships were ready.", True),
        ("how many states belong to it", "The club has 22 friendly towns.", False),
    ],
)
def test_a_number_stands_beside_what_is_counted(question: str, says: str, told: bool) -> None:
    """A date and a percentage count nothing, and a number of one thing is none of another."""
    lex = lexicon(WORDS)
    asked, words = words_of(question), words_of(says)
    found = counted(question, asked, lex.terms(asked))
    assert is_counted(found, counts(says, words, lex.terms(words)), lex) == told


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("what does OHC stand for?", ["crane"]),
        ("what is OHC short for?", ["crane"]),
        ("which flights were cancelled?", ["tern", "gannet"]),
        ("how many flights were cancelled?", ["ferries"]),
        ("why did Nessa Holm close the brick warehouse of the fishermen?", ["cable", "closed"]),
        ("why was the bridge closed?", ["bridge"]),
        ("from where did the sailors leave?", ["sailed"]),
        ("where did Holm say that the harbour would close?", ["interview"]),
        ("where in Lodd did the sailors leave?", []),
        ("what is the name of the wife of Nessa Holm?", []),
        ("what did Skarn reply to Nessa Holm?", []),
        ("the brick warehouse of the fishermen closed, how come?", ["cable"]),
    ],
)
def test_the_fact_that_is_of_the_kind_comes_first(desk: Desk, question: str, slugs: list[str]) -> None:
    """Before one that tells as much, and is of another."""
    reply = desk.answer(f"ask {question}", "!bridge", NOW)
    told = [] if reply.abstained else [one.partition("#")[2] for one in reply.facts]
    assert told[: len(slugs)] == slugs if slugs else not told
