"""What a request is written as is read back the same: buttons carry it, and people are told to type it."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command.addressed import without_word
from bot.command.entry import Ask, Command, Param
from bot.command.ids import readable
from bot.command.mistake import mistake
from bot.command.request import Known, Misread, Request, find_command, read_request, read_values
from bot.command.terms import TERMS, WORKSPACE_TERMS
from bot.desk.table import COMMANDS
from bot.digest.commands.asking import again
from bot.reply import Action
from bot.store.shelf import Shelf

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KNOWN = Known(TODAY, date(2022, 7, 20), frozenset({"launch"}), WORKSPACE_TERMS)

# What can be given for each, also what is a cue of another, or has one within.
VALUES: Mapping[str, tuple[str, ...]] = {
    "channel": ("<#C12TALK>", "here", "#news"),
    "at": ("09:00", "9", "9 pm"),
    "zone": ("Europe/Berlin", "UTC", "New York"),
    "days": ("mon-fri", "daily", "mon on thu", "tue, sat", "every day"),
    "kind": ("weekly", "news", "on this day"),
    "quiet": ("22:00-07:00", "22:00 to 07:00", "off", "none"),
    "days_off": ("12-24/01-02", "off", "none", "2026-12-24, 12-25"),
    "grace": ("6", "6 hours"),
    "role": ("<@&S07READERS>", "none"),
    "nothing_new": ("weekly", "silent"),
    "pace": ("3", "3 days"),
    "start": ("2022-03", "beginning", "off"),
    "publish": ("on", "off", "no"),
}


def a_command(name: str) -> Command:
    """A command of the table."""
    found = find_command(name, COMMANDS)
    assert found is not None
    return found


SUBSCRIBE = a_command("digest subscribe")


def cued(param: Param, value: str) -> str:
    """A value behind its first cue, as people type it."""
    return " ".join([*param.cues[:1], f'"{value}"' if " " in value else value])


def read(typed: str) -> Request:
    """What a line is understood as."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Request), (typed, found)
    return found


def test_every_parameter_has_its_values() -> None:
    """A new one is tried as well."""
    assert {*VALUES} == {param.name for param in SUBSCRIBE.params}


def test_the_word_on_is_no_other_cue_behind_one() -> None:
    """`publish on at 09:00` lost its “on”, and said nothing of it."""
    found = read("digest subscribe publish on at 09:00")
    assert found.args == {"publish": "on", "at": "09:00"}


@pytest.mark.parametrize("first", VALUES)
def test_any_two_stand_in_any_order(first: str) -> None:
    """With every value of each: what stands behind a cue is its value, whatever it is elsewhere."""
    params = {param.name: param for param in SUBSCRIBE.params}
    for second in VALUES:
        if second == first:
            continue
        for one in VALUES[first]:
            for other in VALUES[second]:
                typed = f"digest subscribe {cued(params[first], one)} {cued(params[second], other)}"
                assert read(typed).args == {first: one, second: other}, typed


@given(st.permutations(SUBSCRIBE.params), st.data())
def test_all_stand_in_any_order(params: list[Param], data: st.DataObject) -> None:
    """Each with a value of its own."""
    chosen = {param.name: data.draw(st.sampled_from(VALUES[param.name])) for param in params}
    typed = " ".join(["digest subscribe", *(cued(param, chosen[param.name]) for param in params)])
    assert read(typed).args == chosen


@given(st.dictionaries(st.sampled_from([*VALUES]), st.integers(0, 99)))
def test_what_came_by_name_is_written_so_that_it_is_read_the_same(numbers: Mapping[str, int]) -> None:
    """As a button carries it, and as it is told to be said again."""
    wanted = {name: VALUES[name][number % len(VALUES[name])] for name, number in numbers.items()}
    found = read_values(SUBSCRIBE, wanted, KNOWN)
    assert isinstance(found, Request)
    assert read(found.words).args == wanted
    shelf = Shelf(sqlite3.connect(":memory:"), "ferry")
    ask = Ask(shelf, "The ferry", "!ferry", found.args, TODAY, COMMANDS, NOON)
    assert read(again(ask, "digest subscribe")).args == wanted
    shelf.connection.close()


# ── how it is typed ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("STATUS!!", "status"),
        ("status please", "status"),
        ("please, status", "status"),
        ("Please status 2022-03-05!", "status on 2022-03-05"),
        ("digest list.", "digest list"),
        ("search please", "search please"),
        ("digest subscribe at 9 weekdays", "digest subscribe at 9 on weekdays"),
    ],
)
def test_what_means_nothing_is_passed_over(typed: str, words: str) -> None:
    """A please, and what stands behind a command; where words are looked for, all of them are."""
    assert read(typed).words == words


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("digest sub at 9", "digest subscribe at 9"),
        ("digest unsub", "digest unsubscribe"),
        ("digest subscrbe", "digest subscribe"),
        ("tim", "timeline"),
    ],
)
def test_what_begins_so_is_meant_rather_than_what_is_near(typed: str, again: str) -> None:
    """`sub` is nearer to resume, by its letters."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Misread)
    assert found.try_instead == (again,)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("status 31 february 2022", "31 february 2022"),
        ("status february 30th", "february 30th"),
        ("timeline 31 april to may 2022", "31 april"),
        ("status 2022-02-29", "2022-02-29"),
        ("status 31.06.2022", "31.06.2022"),
    ],
)
def test_a_day_that_is_none_is_named(typed: str, day: str) -> None:
    """Rather than half of it called no date."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Misread)
    assert found.what == f"There is no such day as “{day}”."


@pytest.mark.parametrize("typed", ["status 99", "status 31 nonsense", "status foo 2022-03-05"])
def test_what_is_no_day_at_all_is_not_called_one(typed: str) -> None:
    """It says how dates are typed."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Misread)
    assert "was not understood as a date" in found.what


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("admins add", "admins add needs GROUP: a user group of this workspace."),
        ("admins add @nogroup", "There is no user group @nogroup; name one as @editors."),
        ("digest subscribe ping @nogroup", "There is no user group @nogroup; name one as @editors."),
        ("editors add @no", "There is nobody “@no” here: name a person as @somebody, or a user group as @ed"),
    ],
)
def test_a_user_group_is_called_so(typed: str, what: str) -> None:
    """Where nothing was named, and where nobody is called so."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Misread)
    assert what in found.what
    assert "role" not in found.what
    known = KNOWN._replace(terms=TERMS)
    elsewhere = read_request(typed, COMMANDS, known)
    assert isinstance(elsewhere, Misread)
    assert "user group" not in elsewhere.what


@pytest.mark.parametrize("typed", ["status <@U123>", "<@U123>", "digest <#C123>", "admins add <@U123>"])
def test_nobody_is_shown_an_id(typed: str) -> None:
    """A person is a person, and a channel a channel."""
    found = read_request(typed, COMMANDS, KNOWN)
    assert isinstance(found, Misread)
    assert "123" not in found.what
    reply = mistake("!exomars", "help", found.what, found.try_instead)
    shown = [line.label for section in reply.sections for line in section.lines]
    assert "123" not in " ".join([*shown, *(action.label for action in reply.actions)])


def test_a_button_with_an_id_says_try_again() -> None:
    """It carries the id; what nobody is called is no button."""
    words = ("digest subscribe <#C1> ping <@&S1>", "admins add @editors", "status")
    reply = mistake("!exomars", "help", "It was not.", words)
    assert reply.actions == (Action("Try again", words[0]), Action("status", "status"))
    assert readable(words[0]) == "digest subscribe #channel ping @role"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("exomars status", "status"),
        ("!exomars about", "about"),
        ("!EXOMARS", ""),
        ("exomars  search  exomars", "search  exomars"),
        ("search exomars", "search exomars"),
        ("status", "status"),
        ("", ""),
    ],
)
def test_the_word_of_the_story_may_be_said_twice(typed: str, words: str) -> None:
    """`/exomars exomars status`: in front it is passed over, and nowhere else."""
    assert without_word(typed, "exomars") == words


def test_orders_of_the_common_ones() -> None:
    """Without cues as well, as far as they can be told apart."""
    for words in permutations(["at 09:00", "Europe/Berlin", "weekdays", "weekly", "<#C1>"]):
        found = read(f"digest subscribe {' '.join(words)}")
        assert {*found.args} == {"at", "zone", "days", "kind", "channel"}
