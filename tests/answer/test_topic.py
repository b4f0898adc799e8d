"""`topic`: a thread of the story in order, and what rests on one source alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answer.topic import laid
from bot.desk.desk import Desk
from bot.model import NO_WORDS
from bot.render.terminal import text
from bot.store.threads import thread
from tests.answer.row import FILES, ROW, ask, desk, lines, slugs
from tests.stories import PLAN, STORY, briefing, fact, source


@pytest.fixture(name="told", scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk(tmp_path_factory.mktemp("row"))
    yield made
    made._store.close()


def test_all_topics_are_listed_with_what_is_newest(told: Desk) -> None:
    """The most used first, with its newest event or statement, once; an open question is no topic."""
    reply = ask(told, "topic")
    assert [(line.label, line.text) for line in lines(reply)] == [
        ("bridge", "5 facts; 8 April 2022: Back"),
        ("money", "4 facts; 10 April 2022: a clerk: Told us"),
        ("strike", "3 facts; 9 April 2022: the mayor of Alton: No strike"),
        ("opening", "2 facts; between 1 and 5 March 2022: the mayor of Alton: Delayed"),
        ("towns", "2 facts; 6 April 2022: From US"),
    ]
    assert lines(reply)[1].cites == (f"{ROW}#told-us",)


def test_what_is_newest_in_two_topics_is_told_once_and_background_where_there_is_no_more(
    tmp_path: Path,
) -> None:
    """A line for each topic; none is without what it rests on."""
    files = {
        f"corpus/{PLAN}.md": source(
            PLAN,
            fact("lit", tags=["lamp", "night"], date="2022-01-04"),
            fact("out", tags=["lamp"], date="2022-01-03"),
            fact("old", kind="background", date="1950", tags=["barge"]),
        ),
        f"briefings/{PLAN}.md": briefing(PLAN, f"It is lit [@{PLAN}#lit]."),
    }
    made = desk(tmp_path, NO_WORDS, files)
    assert [(line.label, line.text, line.cites) for line in lines(ask(made, "topic"))] == [
        ("lamp", "2 facts; 4 January 2022: Lit", (f"{PLAN}#lit",)),
        ("barge", "1 fact; in 1950: Old", (f"{PLAN}#old",)),
        ("night", "1 fact", ()),
    ]
    made._store.close()


def test_a_thread_tells_how_it_stands_how_it_came_to_that_and_what_is_open(told: Desk) -> None:
    """Each fact stands in one place; what was overturned says so."""
    reply = ask(told, "topic bridge")
    assert {section.title: slugs([*section.lines]) for section in reply.sections} == {
        "How it stands": ["back"],
        "How it came to that": ["strike", "opens-in-may"],
        "What is open": ["lamps"],
        "What lies behind it": ["undated"],
    }
    assert {line.note for line in lines(reply, "How it came to that")} == {"Since overturned: It came later."}
    assert ask(told, reply.words).sections == reply.sections


def test_a_question_that_was_answered_is_not_open(told: Desk) -> None:
    """What a later fact has overturned stands in the order of things."""
    reply = ask(told, "topic money")
    assert slugs(lines(reply, "What is open")) == ["lamps"]
    assert "who-pays" in slugs(lines(reply, "How it came to that"))


def test_a_plan_is_open_until_its_day(told: Desk) -> None:
    """On that day it is one of the things that came."""
    with told._store.reading(STORY.word) as shelf:
        facts = [shelf.facts([f"{ROW}#lamps"])[f"{ROW}#lamps"]]
    assert laid(facts, {}, date(2022, 12, 30)).open
    later = laid(facts, {}, date(2022, 12, 31))
    assert (later.open, later.came, later.now) == ((), tuple(facts), ())


@pytest.mark.parametrize("typed", ["strike", "#STRIKE", "the strike", "about strike", "walkout"])
def test_a_topic_is_found_in_any_spelling(told: Desk, typed: str) -> None:
    """Also by another word of the vocabulary for it."""
    assert ask(told, f"topic {typed}").title == "The bridge: strike"


def test_a_name_that_is_no_tag_has_a_thread_as_well(told: Desk) -> None:
    """Of what names it, and of what it said."""
    reply = ask(told, "topic Penn")
    assert reply.title == "The bridge: Ada Penn"
    assert {fact.partition("#")[2] for fact in reply.facts} == {"delayed", "no-strike", "back"}


@pytest.mark.parametrize(
    ("typed", "nearest"), [("stirke", "strike"), ("brige", "bridge"), ("Alton Bery", "Alton")]
)
def test_an_unknown_topic_leads_to_the_nearest(told: Desk, typed: str, nearest: str) -> None:
    """It abstains and cites nothing."""
    reply = ask(told, f"topic {typed}")
    assert reply.abstained
    assert reply.cites == ()
    assert f"no topic “{typed}”" in text(reply)
    assert reply.actions[0].words == f"topic {nearest}"


def test_what_is_retracted_is_in_no_thread(tmp_path: Path) -> None:
    """Neither told nor counted."""
    gone = 'retracted: {on: 2022-07-01, because: "It was made up."}\nfacts:'
    files = {key: some for key, some in FILES.items() if key != f"briefings/{ROW}.md"}
    files[f"corpus/{ROW}.md"] = files[f"corpus/{ROW}.md"].replace("facts:", gone, 1)
    made = desk(tmp_path, NO_WORDS, files)
    counts = {line.label: line.text.partition(";")[0] for line in lines(ask(made, "topic"))}
    assert counts["bridge"] == "2 facts"
    assert ROW not in ask(made, "topic bridge").sources
    assert [line.label for line in lines(ask(made, "who"))] == ["the mayor of Alton"]
    made._store.close()


def test_few_facts_and_many_of_a_tag_come_in_the_same_order(told: Desk) -> None:
    """They are looked for in two ways."""
    with told._store.reading(STORY.word) as shelf:
        for tag in ("bridge", "money", "strike", "towns"):
            few = thread(shelf, tag, 10)
            assert len(few) > 1
            assert thread(shelf, tag, 10, many=0) == few
            assert thread(shelf, tag, 1, many=0) == few[:1]


# ── what rests on one source alone ──────────────────────────────────────────────────────


def test_sources_say_how_much_rests_on_each_alone(told: Desk) -> None:
    """A sentence that cites two sources rests on neither alone."""
    assert [line.note for line in lines(ask(told, "sources"))] == [
        "3 sentences of the briefings rest on it alone.",
        "1 sentence of the briefings rests on it alone.",
        "1 sentence of the briefings rests on it alone.",
    ]


def test_a_source_shows_what_rests_on_it_alone(told: Desk) -> None:
    """The newest briefing first, each sentence with its facts."""
    shown = lines(ask(told, f"source {PLAN}"), "What of the briefings rests on it alone")
    assert [(line.label, line.text, line.cites) for line in shown] == [
        ("2022-03-05-strike", "Nobody has said who pays.", (f"{PLAN}#who-pays",)),
        (PLAN, "Two towns want a bridge.", (f"{PLAN}#two-towns",)),
        (PLAN, "It is to open in May.", (f"{PLAN}#opens-in-may",)),
    ]
    assert ask(told, f"source {ROW}").sections[-1].lines[0].text == "Alton will pay."
