"""`source`: an article by its id, its outlet or its title, and what is offered for anything else."""

from collections.abc import Iterator

import pytest

from bot.desk.desk import Desk
from bot.model import NO_WORDS
from bot.render.terminal import text
from tests.answer.row import NOW, ask, desk
from tests.stories import PLAN, STRIKE, briefing, fact, source

GLEANER = "2022-04-01-gleaner"
FILES = {
    f"corpus/{PLAN}.md": source(PLAN, fact("built"), title="A plan for the bridge"),
    f"corpus/{STRIKE}.md": source(STRIKE, fact("struck"), outlet="unknown", title="A strike at the bridge"),
    f"corpus/{GLEANER}.md": source(GLEANER, fact("lit"), outlet="The Évening Gleaner", title="It is lit"),
    f"briefings/{PLAN}.md": briefing(PLAN, f"It was built [@{PLAN}#built]."),
}


@pytest.fixture(name="told", scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk(tmp_path_factory.mktemp("sources"), NO_WORDS, FILES)
    yield made
    made._store.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (PLAN, PLAN), ("Evening Gleaner", GLEANER), ("the gleaner", GLEANER), ("post", PLAN),
        ("strike", STRIKE), ("A plan for the bridge", PLAN), (f"{STRIKE}.", STRIKE),
    ],
    ids=["its id", "its outlet", "a part of that", "another", "its title", "all of that", "with a stop"],
)  # fmt: skip
def test_a_source_is_found_by_its_id_its_outlet_or_its_title(told: Desk, typed: str, found: str) -> None:
    """Whichever it was, a button or a page asks for it by its id."""
    reply = ask(told, f"source {typed}")
    assert reply.words == f"source {found}"
    assert reply.sources == (found,)


def test_what_several_have_and_a_number_are_offered_and_not_guessed(told: Desk) -> None:
    """Numbers are of one answer; in the list of all they are the same for everybody."""
    several = ask(told, "source bridge")
    assert several.abstained
    assert [action.words for action in several.actions] == [f"source {PLAN}", f"source {STRIKE}", "sources"]
    third = ask(told, "source 3")
    assert "in the list of all, 3 is this one" in text(third)
    assert third.actions[0].words == f"source {GLEANER}"
    assert told.answer("sources", "!bridge", NOW).references[2].source_id == GLEANER


@pytest.mark.parametrize("typed", ["0", "4", "9" * 50, "٣", "zebra crossing", "unknown", "?", "'"])
def test_what_is_no_source_is_said_to_be_none(told: Desk, typed: str) -> None:
    """An outlet that is not known has no name to be found by."""
    reply = ask(told, f"source {typed}")
    assert reply.abstained
    assert reply.cites == ()


def test_a_question_that_begins_so_is_a_question(told: Desk) -> None:
    """It names no source, but asks for one."""
    assert ask(told, "source for the strike?").command == "ask"
