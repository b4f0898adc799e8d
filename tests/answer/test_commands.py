"""The table of commands, and how lines become requests."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command.mistake import is_pattern
from bot.command.request import Known, Misread, Request, command_of, opens_form, read_request
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.render.asjson import as_json
from bot.render.discord import MAX_CUSTOM_ID, message
from bot.render.terminal import text
from tests import ferry

KNOWN = Known(ferry.TODAY, ferry.TODAY.replace(year=2019), frozenset({"strike", "start"}))
ASKED = (
    "status", "status 2019-03-05", "timeline", "timeline 2019-01 2019-03 strike", "timeline strike",
    "briefings", "briefing", "briefing 2019-03-05-strike", "sources", "source 2019-03-strike",
    "fact 2019-06-20-end#left", "fact left", "search strike", "search zeppelin", "help", "help timeline",
    "about", "statsu", "status never", "source nothing", "fact nothing", "briefing 2019-03-05-stirke",
    "topic", "topic strike", "topic stirke", "disputes", "disputes strike", "disputes Ada Penn",
    "disputes mayor", "who", "who is Ada Penn", "who borth", "who Ada Pen",
)  # fmt: skip


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return ferry.desk(tmp_path_factory.mktemp("ferry"))


def test_names_are_unique_and_every_entry_is_helpful() -> None:
    """No two commands share a name; each has a sentence, and so has each parameter."""
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        assert command.help
        assert len(command.help) <= 100
        assert len({param.name for param in command.params}) == len(command.params)
        for param in command.params:
            assert param.help
            assert len(param.help) <= 100


def test_required_parameters_come_first() -> None:
    """As slash commands want it."""
    for command in COMMANDS:
        order = [param.required for param in command.params]
        assert order == sorted(order, reverse=True)


def test_every_example_in_the_table_is_understood() -> None:
    """What `help` tells people to type is a request."""
    known = Known(ferry.TODAY, ferry.TODAY, frozenset())
    for command in COMMANDS:
        for words in command.examples:
            if is_pattern(words):  # with a name of one's own
                assert command_of(words, COMMANDS) == command
                continue
            request = read_request(words, COMMANDS, known)
            assert isinstance(request, Request)
            assert request.command == command


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "status"),
        ("STATUS", "status"),
        ("status mid march", "status on 2019-03-11/2019-03-20"),
        ("timeline january march strike", "timeline from 2019-01 to 2019-03 about strike"),
        ("timeline strike", "timeline about strike"),
        ("timeline since 1 march 2019", "timeline from 2019-03-01"),
        ("timeline until 2019-03", "timeline to 2019-03"),
        (
            "timeline from jan to 5 march 2019 about strike",
            "timeline from 2019-01 to 2019-03-05 about strike",
        ),
        ("timeline #strike", "timeline about strike"),
        ('search "on strike"', "search on strike"),
        ("search it's", "search it's"),
        ("help TIMELINE", "help timeline"),
    ],
)
def test_a_line_is_understood(typed: str, words: str) -> None:
    """The same request, however it is typed."""
    request = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(request, Request)
    assert request.words == words


@pytest.mark.parametrize(
    ("typed", "what", "instead"),
    [
        ("statsu 2019-03-05", "Did you mean status", "status 2019-03-05"),
        ("status never", "not understood as a date", "status"),
        ("timeline nonsense", "as a date or a tag", "timeline"),
        ("source", "needs ID", "help source"),
        ("search", "needs WORDS", "search launch"),
        ("it is over", "no command", "search it is over"),
        ("about this", "more than about takes", "about"),
    ],
)
def test_what_is_not_understood_gets_a_way_on(typed: str, what: str, instead: str) -> None:
    """A mistyped line is told why, and what to type instead."""
    misread = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(misread, Misread)
    assert what in misread.what
    assert instead in misread.try_instead


@pytest.mark.parametrize("typed", ASKED)
def test_a_reply_leads_back_to_itself(desk: Desk, typed: str) -> None:
    """The words of a reply ask the same question again, so that its pages can be turned."""
    reply = desk.answer(typed, "!ferry", ferry.NOW)
    if reply.words:
        again = desk.answer(reply.words, "!ferry", ferry.NOW)
        assert again.sections == reply.sections


@pytest.mark.parametrize("typed", ASKED)
def test_every_action_is_a_request_that_is_answered(desk: Desk, typed: str) -> None:
    """What a button offers is understood, and fits a button."""
    for action in desk.answer(typed, "!ferry", ferry.NOW).actions:
        reply = desk.answer(action.words, "!ferry", ferry.NOW)
        assert not reply.private or opens_form(action.words, desk.commands)
        assert len(f"ferry:0:{action.words}") <= MAX_CUSTOM_ID


@pytest.mark.parametrize("typed", ASKED)
def test_every_number_behind_a_line_is_in_the_list_of_sources(desk: Desk, typed: str) -> None:
    """References are numbered from 1 in order of appearance, and every one is used."""
    reply = desk.answer(typed, "!ferry", ferry.NOW)
    numbers = [reference.number for reference in reply.references]
    used = {number for section in reply.sections for line in section.lines for number in line.refs}
    assert numbers == list(range(1, len(numbers) + 1))
    assert used == set(numbers)


@pytest.mark.parametrize("typed", ASKED)
def test_json_has_the_keys_of_the_design(desk: Desk, typed: str) -> None:
    """`--json` is one object with exactly these keys, and what it names exists."""
    found = json.loads(as_json(desk.answer(typed, "!ferry", ferry.NOW)))
    assert list(found) == ["command", "title", "text", "as_of", "sources", "facts", "abstained"]
    assert found["command"] == read_command(typed)
    assert set(found["sources"]) <= set(ferry.SOURCES)
    assert {fact.partition("#")[0] for fact in found["facts"]} <= set(found["sources"])


def read_command(typed: str) -> str:
    """The command that answers a line of ASKED."""
    head = typed.split(maxsplit=1)[0]
    known = {command.name for command in COMMANDS}
    misread = typed in {"status never", "statsu"}
    return "help" if misread or head not in known else head


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_nothing_typed_breaks_a_reply(desk: Desk, typed: str) -> None:
    """Any line gets a reply that every renderer can show."""
    reply = desk.answer(typed, "!ferry", ferry.NOW)
    assert text(reply, call="!ferry", width=60, colour=True)
    shown = message(reply, "ferry")
    assert shown.embed is not None
    assert "\x1b" not in text(reply)


def test_a_mistyped_id_gets_the_nearest(desk: Desk) -> None:
    """The nearest ids are offered, the best first."""
    reply = desk.answer("briefing 2019-03-05-stirke", "!ferry", ferry.NOW)
    assert reply.private
    assert reply.actions[0].words == "briefing 2019-03-05-strike"
    fact = desk.answer("fact 2019-06-20-end#lefd", "!ferry", ferry.NOW)
    assert fact.actions[0].words == "fact 2019-06-20-end#left"


def test_what_was_understood_is_shown(desk: Desk) -> None:
    """A date that was not typed in full is repeated in words."""
    notes = desk.answer("status mid march", "!ferry", ferry.NOW).notes
    assert notes[0] == "“mid march” was read as between 11 and 20 March 2019."


def test_a_kept_answer_goes_when_the_story_changes(desk: Desk) -> None:
    """An answer kept ready is given until the story has changed, and no longer."""
    reply = desk.answer("status", "!ferry", ferry.NOW)
    assert desk.kept("status") is None
    desk.keep(reply, "status")
    assert desk.kept("status") is reply
    desk._store.remember("something else", "written")
    assert desk.kept("status") is reply
    desk._store.write(lambda db: db.conn.execute("UPDATE story SET version = version + 1"))
    assert desk.kept("status") is None
