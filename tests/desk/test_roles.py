"""The table of docs/roles.md against the real desk: every command, everybody, everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.asker import OPERATOR, Asker
from bot.desk.access import REFUSALS
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.reply import Reply
from bot.store.store import Store
from tests import ferry
from tests.desk.people import PLATFORMS, a_desk, name_them, named_on, somebody
from tests.desk.roles import COLUMNS, SCOPES, Row, command_of, read_rows, typed, values

ROWS = read_rows()
on_each = pytest.mark.parametrize("on", PLATFORMS)
FORMED = [row for row in ROWS if row.words in {one.name for one in COMMANDS if one.form}]
PLAIN = [row for row in ROWS if row.words in {command.name for command in COMMANDS}]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The ferry's desk, with an admin's role, an editor, an editor's role and an owner."""
    root: Path = tmp_path_factory.mktemp("roles")
    ferry.desk(root)._store.close()
    store = Store(str(root / "state.db"))
    for platform in PLATFORMS:
        name_them(store, on=platform)
    yield a_desk(store)
    store.close()


def asked(desk: Desk, row: Row, asker: Asker, on: str) -> Reply:
    """The reply to the words of a row; they are understood, whoever says them."""
    words = typed(row, command_of(row, COMMANDS), named_on(on))
    reply = desk.answer(words, "!ferry", ferry.NOW, asker)
    assert reply.command != "help" or row.words == "help", f"{row.words}: {reply}"
    return reply


def refused(reply: Reply) -> bool:
    """Whether somebody was told that this is for others."""
    return reply.title in REFUSALS


def test_the_table_has_every_command_once_and_no_other() -> None:
    """A command that is missing from docs/roles.md is nobody's, and one too many is a promise."""
    words = [row.words for row in ROWS]
    assert len(words) == len(set(words))
    names = {command.name for command in COMMANDS}
    assert names - {*words} == set()
    for row in ROWS:  # the others are a command said in a special way
        assert command_of(row, COMMANDS).name == row.words or " " in row.words


@on_each
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_everybody_may_what_the_table_says_and_nothing_else(desk: Desk, row: Row, on: str) -> None:
    """Each role is let through exactly where its cell says: here, elsewhere, in direct messages."""
    found = {
        column: {scope for scope in SCOPES if not refused(asked(desk, row, somebody(column, scope, on), on))}
        for column in COLUMNS
    }
    assert found == {column: {*scopes} for column, scopes in row.may.items()}
    assert refused(asked(desk, row, OPERATOR, on)) is not row.terminal


@on_each
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_a_refusal_is_for_one_alone_and_is_never_kept(desk: Desk, row: Row, on: str) -> None:
    """Nobody else sees that somebody may not, and nobody is told it in another's place."""
    for column in COLUMNS:
        for scope in SCOPES:
            reply = asked(desk, row, somebody(column, scope, on), on)
            if refused(reply):
                assert reply.alone
                assert reply.private
                assert reply.abstained
                assert reply.version == -1
                assert reply.words == ""


@on_each
@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.words)
def test_a_value_by_name_has_the_same_rights(desk: Desk, row: Row, on: str) -> None:
    """Forms and slash commands give values by name; who may is the same for these."""
    command = command_of(row, COMMANDS)
    for column in COLUMNS:
        for scope in SCOPES:
            asker = somebody(column, scope, on)
            reply = desk.answer_values(command, values(command, named_on(on)), "/ferry", ferry.NOW, asker)
            assert refused(reply) is (scope not in row.may[column]), (column, scope)


@on_each
@pytest.mark.parametrize("row", FORMED, ids=lambda row: row.words)
def test_a_form_is_opened_for_whoever_may_send_it(desk: Desk, row: Row, on: str) -> None:
    """Who may not is told so at once, and not after they have filled it in."""
    command, call = command_of(row, COMMANDS), "/ferry"
    for column in COLUMNS:
        for scope in SCOPES:
            given = values(command, named_on(on)) if command.params and not command.form_bare else {}
            found = desk.form(command, given, call, ferry.NOW, somebody(column, scope, on))
            told = isinstance(found, Reply) and refused(found)
            assert told is (scope not in row.may[column]), (column, scope)


@on_each
@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.words)
def test_nothing_is_completed_for_whoever_may_not(desk: Desk, row: Row, on: str) -> None:
    """What a parameter can be is shown to nobody who may not use its command."""
    command = command_of(row, COMMANDS)
    for param in command.params:
        for column in COLUMNS:
            for scope in SCOPES:
                offered = desk.complete(command, param, "", ferry.TODAY, somebody(column, scope, on))
                assert not offered or scope in row.may[column], (param.name, column, scope)
