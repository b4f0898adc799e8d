"""Which lines are taken for questions in a reader's own words, and what is left of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command.request import MAX_TYPED, Known, Misread, Request, is_question, read_request, read_values
from bot.desk.table import COMMANDS

KNOWN = Known(date(2026, 11, 21), date(2022, 7, 13), {"launch"}, names={"Ada Penn", "the ferry"})
ASK = next(command for command in COMMANDS if command.name == "ask")


def read(typed: str) -> Request:
    """What a line is understood as."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Request), found
    return found


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "so is the ferry dead?",
            "is it over?",
            "and why?",
            "why?",
            "anything new today?",
            "Ferry: still on?",
            "what now?",
        ),
        *(
            "what did the mayor say",
            "so when did it end",
            "since when is it closed",
            "in which year was that",
        ),
        *(
            "who pulled out first?",
            "who is going to pay?",
            "since when was it suspended?",
            "timeline of what?",
        ),
        *("compare Alton and Berry?", "fact or fiction, was it?", "what's Alton's plan?", "  is it over ?  "),
    ],
)
def test_a_question_needs_no_command(typed: str) -> None:
    """Also where it begins with what a command is called; its words are kept as they are."""
    found = read(typed)
    assert (found.command.name, found.args) == ("ask", {"question": typed.strip()})
    assert found.words == f"ask {typed.strip()}"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("who is Ada Penn?", "who"),
        ("who the ferry?", "who"),
        ("who is Ada Penn", "who"),
        ("who left first", "who"),
        ("who", "who"),
        ("since 2022-03-05?", "since"),
        ("since march?", "since"),
        ("status march 2022?", "status"),
        ("status?", "status"),
        ("topic launch?", "topic"),
        ("search when did it end?", "search"),
        ("briefings?", "briefings"),
        ("help?", "help"),
    ],
)
def test_a_command_that_is_understood_stays_what_it_is(typed: str, name: str) -> None:
    """With a question mark as well; a name is one where somebody has it."""
    assert read(typed).command.name == name


@pytest.mark.parametrize("typed", ["ask", "ask ?", "search ?", "whatever", "hello there", "statsu"])
def test_what_asks_nothing_is_no_question(typed: str) -> None:
    """It is told what there is to ask."""
    assert isinstance(read_request(typed, COMMANDS, KNOWN), Misread)


@pytest.mark.parametrize(
    "question",
    [
        "what's ESA's plan",
        "what's the plan?",
        "the mayor's words",
        'who said "never again"?',
        "it ’s what’s left",
        "a 'b",
    ],
)
def test_apostrophes_and_quotation_marks_stay_in_a_question(question: str) -> None:
    """A shell would take them for its own."""
    assert read(f"ask {question}").args == {"question": question}
    assert read(f"please ask {question}").args == {"question": question}


def test_a_line_that_is_too_long_is_no_question() -> None:
    """It is said how much is read."""
    found = read_request(f"is it {'very ' * 100}late?", COMMANDS, KNOWN)
    assert isinstance(found, Misread)
    assert f"{MAX_TYPED} are read at most" in found.what


def test_without_a_command_that_takes_questions_a_line_is_what_it_was() -> None:
    """Another table has no such command."""
    others = [command for command in COMMANDS if not command.takes_questions]
    assert isinstance(read_request("so is the ferry dead?", others, KNOWN), Misread)
    assert read_request("status", others, KNOWN) == Request(others[0], {})


@given(st.text(max_size=80))
def test_every_question_is_for_ask_or_for_a_command_that_it_names(typed: str) -> None:
    """No question is misread; as a value by name it is the same."""
    if is_question(typed):
        assert isinstance(read_request(typed, COMMANDS, KNOWN), Request)
        named = read_values(ASK, {"question": typed}, KNOWN)
        assert named == Request(ASK, {"question": typed.strip()})
