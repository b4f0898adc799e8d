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
from tests.desk.people import NAMED, a_desk, name_them, somebody
from tests.desk.roles import COLUMNS, SCOPES, Row, command_of, read_rows, typed, values

ROWS = read_rows()
PLAIN = [row for row in ROWS if row.words in {command.name for command in COMMANDS}]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The ferry's desk, with an admin's role, an editor, an editor's role and an owner."""
    root: Path = tmp_path_factory.mktemp("roles")
    ferry.desk(root)._store.close()
    store = Store(str(root / "state.db"))
    name_them(store)
    yield a_desk(store)
    store.close()


def asked(desk: Desk, row: Row, asker: Asker) -> Reply:
    """The reply to the words of a row; they are understood, whoever says them."""
    reply = desk.answer(typed(row, command_of(row, COMMANDS), NAMED), "!ferry", ferry.NOW, asker)
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


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_everybody_may_what_the_table_says_and_nothing_else(desk: Desk, row: Row) -> None:
    """Each role is let through exactly where its cell says: here, elsewhere, in direct messages."""
    found = {
        column: {scope for scope in SCOPES if not refused(asked(desk, row, somebody(column, scope)))}
        for column in COLUMNS
    }
    assert found == {column: {*scopes} for column, scopes in row.may.items()}
    assert refused(asked(desk, row, OPERATOR)) is not row.terminal


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_a_refusal_is_for_one_alone_and_is_never_kept(desk: Desk, row: Row) -> None:
    """Nobody else sees that somebody may not, and nobody is told it in another's place."""
    for column in COLUMNS:
        for scope in SCOPES:
            reply = asked(desk, row, somebody(column, scope))
            if refused(reply):
                assert reply.alone
                assert reply.private
                assert reply.abstained
                assert reply.version == -1
                assert reply.words == ""


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.words)
def test_a_value_by_name_has_the_same_rights(desk: Desk, row: Row) -> None:
    """Forms and slash commands give values by name; who may is the same for these."""
    command = command_of(row, COMMANDS)
    for column in COLUMNS:
        for scope in SCOPES:
            asker = somebody(column, scope)
            reply = desk.answer_values(command, values(command, NAMED), "/ferry", ferry.NOW, asker)
            assert refused(reply) is (scope not in row.may[column]), (column, scope)


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.words)
def test_nothing_is_completed_for_whoever_may_not(desk: Desk, row: Row) -> None:
    """What a parameter can be is shown to nobody who may not use its command."""
    command = command_of(row, COMMANDS)
    for param in command.params:
        for column in COLUMNS:
            for scope in SCOPES:
                offered = desk.complete(command, param, "", ferry.TODAY, somebody(column, scope))
                assert not offered or scope in row.may[column], (param.name, column, scope)
