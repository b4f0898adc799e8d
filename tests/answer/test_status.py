"""`status`: the state, what led there, what is open, as of today or of any day."""

from datetime import date
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.render.terminal import text
from bot.reply import Reply
from tests import ferry


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return ferry.desk(tmp_path_factory.mktemp("ferry"))


def ask(desk: Desk, typed: str, today: date = ferry.TODAY) -> Reply:
    """Types a line."""
    return desk.answer(typed, "!ferry", ferry.NOW.replace(year=today.year, month=today.month, day=today.day))


def test_the_newest_state_comes_first_and_is_cited(desk: Desk) -> None:
    """The first line is the newest briefing's state, with the facts of its lead."""
    first = ask(desk, "status").sections[0].lines[0]
    assert first.text == "Alton left the ferry on 19 June 2019."
    assert first.cites == ("2019-06-20-end#left",)
    assert first.refs == (1,)


def test_every_line_of_the_story_is_cited(desk: Desk) -> None:
    """No line of a status stands without a fact."""
    for typed in ("status", "status 2019-01-10", "status 2019-03-10"):
        for section in ask(desk, typed).sections:
            for line in section.lines:
                assert line.cites
                assert line.refs


def test_the_turns_lead_there_in_order_and_the_background_first(desk: Desk) -> None:
    """What led there is the first sentence of each turn before the newest, after the background."""
    reply = ask(desk, "status")
    led = next(section for section in reply.sections if section.title == "What led there")
    assert [line.text.split()[0:3] for line in led.lines] == [
        ["The", "two", "towns"],
        ["In", "2018", "Alton"],
        ["On", "1", "March"],
    ]


def test_one_turn_alone_is_told_in_three_lines(desk: Desk) -> None:
    """Where there are few turns, more sentences of the newest fill the lines."""
    reply = ask(desk, "status 2019-01-10")
    led = next(section for section in reply.sections if section.title == "What led there")
    assert len(led.lines) == 3


@pytest.mark.parametrize(
    ("day", "state", "open_facts"),
    [
        ("2019-01-10", "plan a ferry", ["2019-01-10-plan#start-may"]),
        ("2019-03-04", "plan a ferry", ["2019-01-10-plan#start-may"]),
        ("2019-03-05", "A strike keeps", ["2019-03-strike#delayed"]),
        ("2019-06-19", "A strike keeps", ["2019-03-strike#delayed"]),
        ("2019-06-20", "Alton left", []),
    ],
    ids=[
        "the day of the first source",
        "within the interval in which the second may have been published",
        "the last day of that interval",
        "the day before the last source",
        "the day of the last source",
    ],
)
def test_a_day_is_answered_from_what_was_published_by_then(
    desk: Desk, day: str, state: str, open_facts: list[str]
) -> None:
    """An as-of answer is built only from sources and briefings known on that day."""
    reply = ask(desk, f"status {day}")
    assert state in reply.sections[0].lines[0].text
    assert reply.as_of == date.fromisoformat(day)
    opened = [
        line for section in reply.sections if section.title == "What was open" for line in section.lines
    ]
    assert [line.cites[0] for line in opened] == open_facts


def test_nothing_later_shows_in_an_answer_for_a_day(desk: Desk) -> None:
    """Neither facts, nor sources, nor words of what came later are in an as-of answer."""
    reply = ask(desk, "status 2019-03-10")
    assert "2019-06-20-end" not in reply.sources
    assert "Alton left" not in text(reply)


def test_before_the_first_source_nothing_was_known(desk: Desk) -> None:
    """A day before everything is told to be that, and the first day is offered."""
    reply = ask(desk, "status 2018-12-31")
    assert reply.abstained
    assert "Nothing was known yet on 31 December 2018" in text(reply)
    assert reply.actions[0].words == "status 2019-01-10"
    assert reply.facts == ()


def test_after_the_last_source_the_newest_state_says_its_age(desk: Desk) -> None:
    """A day after everything gets the newest state, and how old it was by then."""
    reply = ask(desk, "status 2020-06-20")
    assert "Alton left" in reply.sections[0].lines[0].text
    assert any("newest state" in note and "12 months before that day" in note for note in reply.notes)


def test_it_says_when_it_was_last_updated_and_from_how_much(desk: Desk) -> None:
    """The small print gives the day, the age and the counts."""
    assert ask(desk, "status").notes == (
        "Last updated 20 June 2019, 2 years ago; 3 sources and 4 briefings.",
    )


def test_an_empty_story_says_that_nothing_is_known(tmp_path: Path) -> None:
    """Without any source every command abstains in words."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "briefings").mkdir()
    desk = ferry.desk(tmp_path / "other")
    empty = Desk(desk._store, ferry.STORY._replace(word="nothing"))
    for typed in ("status", "timeline", "briefings", "briefing", "sources"):
        reply = empty.answer(typed, "!nothing", ferry.NOW)
        assert reply.abstained
        assert "no source has been loaded" in text(reply)
