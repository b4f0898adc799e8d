"""The questions that measure `ask`, and how an answer is judged."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bench.ask.asking import NoCommandError, ask_all
from bench.ask.measuring import failures
from bench.ask.questions import ANSWERABLE, HALVES, UNANSWERABLE, Question, begins_a_word, read
from bench.ask.score import Said, judge, rows
from bot.command.entry import Ask, Command, Param
from bot.config import read_config
from bot.curate.files.sync import folders
from bot.desk.desk import Desk
from bot.load.story import check_folders
from bot.model import Fact, Source
from bot.reply import Line, Reply, Section
from bot.store.store import Store
from tests import ferry

ROOT = Path(__file__).parents[1]
LEFT = "2019-06-20-end#left"
START = "2019-01-10-plan#start-may"
WHO = Question(
    "who left?",
    "who",
    "Alton",
    sources=("2019-06-20-end",),
    facts=((LEFT, "2019-06-20-end#why"),),
    text=(("Alton", "the first town"), ("left", "quit")),
)
WHETHER = WHO._replace(kind="whether", verdict="no")
NOBODY_KNOWS = Question("what did it cost?", "not-told", "no article says")
RIGHT = Said("19 June 2019: Alton left the ferry.", "Alton left the ferry.", (LEFT,), abstained=False)
DECLINED = Said("The corpus does not say.", "The corpus does not say.", (), abstained=True)


@cache
def facts() -> dict[str, Fact]:
    """The facts that are shipped, by their ids."""
    config = read_config(str(ROOT / "config.toml"), {})
    found = check_folders(folders(config, config.stories[0])).loaded
    sources = [one.note.item for one in found if isinstance(one.note.item, Source)]
    return {fact.id: fact for source in sources for fact in source.facts}


@pytest.mark.parametrize("half", HALVES)
def test_a_half_has_questions_of_every_kind(half: str) -> None:
    """Enough of each half, and of each kind, that its figures say something."""
    found = read(half)
    assert sum(one.answerable for one in found) >= 60
    assert sum(not one.answerable for one in found) >= 30
    assert {one.kind for one in found} == {*ANSWERABLE, *UNANSWERABLE}


def test_the_halves_have_nothing_in_common() -> None:
    """No question is asked twice: what was tuned for would be measured."""
    asked = [f"{one.after} {one.ask}".casefold() for half in HALVES for one in read(half)]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("half", HALVES)
def test_a_question_says_what_is_right(half: str) -> None:
    """What can be answered names facts of the corpus and their sources, what cannot names none."""
    for one in read(half):
        gold = {fact for group in one.facts for fact in group}
        assert gold <= facts().keys(), one.ask
        assert {fact.partition("#")[0] for fact in gold} == {*one.sources}, one.ask
        assert bool(one.facts) == one.answerable, one.ask
        assert one.verdict in ({"yes", "no"} if one.kind == "whether" else {""}), one.ask
        assert bool(one.after) == (one.kind == "follow-up"), one.ask


@pytest.mark.parametrize("half", HALVES)
def test_no_question_wants_words_that_its_facts_do_not_have(half: str) -> None:
    """Whoever says what a fact says, and when it was, is right: the words of an article are not asked for."""
    for one in read(half):
        gold = [facts()[fact] for group in one.facts for fact in group]
        told = " ".join(f"{fact.date} {fact.speaker} {fact.says}" for fact in gold)
        for group in one.text:
            assert any(begins_a_word(word, told) for word in group), (one.ask, group)


def test_the_document_tells_how_many_there_are() -> None:
    """As the files have them."""
    told = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    halves = [[one.kind for one in read(half)] for half in HALVES]
    counts = ["|".join(f" {kinds.count(kind)} " for kinds in halves) for kind in UNANSWERABLE]
    counts.append("|".join(f" {sum(kind in ANSWERABLE for kind in kinds)} " for kinds in halves))
    assert [count for count in counts if f"|{count}|" not in told] == []


def test_words_are_found_by_how_they_begin() -> None:
    """In whatever case, but not in the middle of others."""
    assert begins_a_word("terminat", "The end: Terminated.")
    assert begins_a_word("7–8", "chances of 7–8 percent")
    assert not begins_a_word("22", "in 2022")
    assert not begins_a_word("era", "several")


def test_an_answer_is_right_that_says_and_cites_it() -> None:
    """One of each group is enough."""
    assert judge(WHO, RIGHT).outcome == "right"
    assert judge(WHETHER, RIGHT._replace(first="No. Alton left it.")).outcome == "right"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (WHO, RIGHT._replace(facts=(START,))),
        (WHO, RIGHT._replace(facts=())),
        (WHO._replace(facts=(*WHO.facts, (START,))), RIGHT),
        (WHO, RIGHT._replace(text="The ferry was left.")),
        (WHETHER, RIGHT),
        (WHETHER, RIGHT._replace(first="Yes: Alton left it.")),
        (WHETHER, RIGHT._replace(first="Nobody but Alton left it.")),
        (NOBODY_KNOWS, RIGHT),
    ],
)
def test_an_answer_is_wrong_that_lacks_anything(question: Question, said: Said) -> None:
    """What is not cited, not said, of another verdict, or said where nobody can know."""
    assert judge(question, said).outcome == "wrong"
    assert not judge(question, said).as_hoped


def test_to_decline_is_right_where_nobody_can_know() -> None:
    """And only there."""
    assert judge(NOBODY_KNOWS, DECLINED).as_hoped
    assert judge(WHO, DECLINED).outcome == "declined"
    assert not judge(WHO, DECLINED).as_hoped
    assert not judge(WHO, RIGHT._replace(abstained=True)).as_hoped


def test_an_answer_by_another_fact_of_the_source_is_told_apart() -> None:
    """It is not right, but nearly; what cites another source is not even that."""
    assert judge(WHO, RIGHT._replace(facts=("2019-06-20-end#other",))).told
    assert not judge(WHO, RIGHT._replace(facts=(START,))).told


def test_the_figures_count_what_was_judged() -> None:
    """Of right answers alone it is counted how much they cite that does not answer."""
    much = RIGHT._replace(facts=(LEFT, "2019-06-20-end#other", START, "2019-03-strike#strike"))
    judged = [
        judge(WHO, much),
        judge(WHO, DECLINED),
        judge(WHETHER, RIGHT),
        judge(NOBODY_KNOWS, DECLINED),
        judge(NOBODY_KNOWS, RIGHT),
    ]
    by_kind = {row["kind"]: row for row in rows("tuning", judged)}
    assert [*by_kind] == ["who", "whether", "not-told", "all that can be answered", "all that cannot", "all"]
    answered = by_kind["all that can be answered"]
    assert answered["n"] == 3
    assert [answered[name] for name in ("as hoped", "answered wrongly", "declined")] == [1, 1, 1]
    assert answered["cited facts that answer %"] == 25
    assert answered["of a source that does %"] == 50
    assert by_kind["not-told"]["as hoped %"] == 50
    assert by_kind["not-told"]["of a source that does %"] is None


def test_the_worst_failures_come_first() -> None:
    """A wrong answer before one that is lacking; and no more than are asked for."""
    judged = [judge(WHO, DECLINED), judge(WHO, RIGHT), judge(NOBODY_KNOWS, RIGHT)]
    told = failures(judged, 5)
    assert told.index("what did it cost?") < told.index("who left?")
    assert told.count("expected:") == 2
    assert "who left?" not in failures(judged, 1)


def _echo(ask: Ask) -> Reply:
    """Says who asks, and cites a fact; does not know what a thing costs."""
    typed = ask.text("words") or ""
    line = Line(f"{ask.asker.user} asks: {typed}", (LEFT,), when="19 June 2019")
    return Reply("ask", "Alton", (Section("", (line,)),), notes=("Alton",), abstained="cost" in typed)


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    ferry.desk(tmp_path)
    store = Store(str(tmp_path / "state.db"))
    yield store
    store.close()


def test_each_question_is_asked_by_somebody_else(store: Store) -> None:
    """Only a follow-up is asked by who asked before; and a line that is not understood declines nothing."""
    heard: list[tuple[str, str]] = []

    def handler(ask: Ask) -> Reply:
        heard.append((ask.asker.user, ask.text("words") or ""))
        return _echo(ask)

    command = Command("ask", "Answers", (Param("words", "words", "a question", required=True),), handler)
    later = WHO._replace(ask="and then?", kind="follow-up", after="who left first?")
    nothing = NOBODY_KNOWS._replace(ask="")
    found = ask_all(Desk(store, ferry.STORY, (command,)), [WHO, later, NOBODY_KNOWS, nothing])
    assert [words for _, words in heard] == ["who left?", "who left first?", "and then?", "what did it cost?"]
    who, before, after, other = (user for user, _ in heard)
    assert before == after
    assert len({who, before, other}) == 3
    assert [one.outcome for one in found] == ["wrong", "wrong", "declined", "wrong"]
    # The title and the small print are not the answer.
    assert found[0].wanting == ("says none of Alton, the first town",)
    assert "19 June 2019" in found[0].said.text


def test_without_the_command_there_is_nothing_to_measure(store: Store) -> None:
    """It is said, and nothing is counted."""
    with pytest.raises(NoCommandError, match="no command `ask`"):
        ask_all(Desk(store, ferry.STORY, ()), [WHO])
