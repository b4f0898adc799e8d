"""The table of docs/roles.md as tests read it, and words with which each of its commands can be called."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bot.command.entry import Command, Param

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"

COLUMNS = (
    "a reader",
    "a role with an admin's rights",
    "Manage Server",
    "an editor's role",
    "an editor",
    "an owner",
)
TERMINAL = "in the terminal"
SCOPES = ("here", "elsewhere", "direct")


class Row(NamedTuple):
    """One row: some words that call a command, and where each of the columns may say them."""

    words: str
    may: dict[str, frozenset[str]]
    terminal: bool


def read_rows() -> list[Row]:
    """The rows of the table."""
    text = DOCUMENT.read_text(encoding="utf-8")
    found = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    head = next(line for line in text.splitlines() if line.startswith("| command |"))
    assert [one.strip() for one in head.strip().strip("|").split("|")] == ["command", *COLUMNS, TERMINAL]
    return [_row([cell.strip() for cell in cells]) for cells in found]


def _row(cells: list[str]) -> Row:
    words, *scopes, terminal = cells
    assert len(scopes) == len(COLUMNS), words
    assert terminal in {"yes", "—"}, words
    return Row(
        words.strip("`"),
        {column: _scopes(cell) for column, cell in zip(COLUMNS, scopes, strict=True)},
        terminal == "yes",
    )


def _scopes(cell: str) -> frozenset[str]:
    named = {"everywhere": SCOPES, "—": ()}.get(cell) or [one.strip() for one in cell.split(",")]
    found = frozenset(() if cell == "—" else named)
    assert found <= {*SCOPES}, cell
    return found


class Named(NamedTuple):
    """What is there to be named in a request."""

    briefing: str
    source: str
    fact: str
    role: str = "<@&7>"
    person: str = "<@100000000000000000>"


def values(command: Command, named: Named) -> dict[str, str]:
    """The arguments that a command cannot do without, by name."""
    return {param.name: _value(param, named) for param in command.params if param.required}


def _value(param: Param, named: Named) -> str:
    there = {
        "briefing": named.briefing,
        "source": named.source,
        "fact": named.fact,
        "item": named.briefing,
        "role": named.role,
        "person": named.person,
        "value": "1",
        "date": "2019-03-05",
        "words": "start",
        "draft": "1",
        "subscription": "1",
    }
    return there[param.kind]


def command_of(row: Row, commands: Sequence[Command]) -> Command:
    """The command that the words of a row call: the one with the longest name that they begin with."""
    fitting = [one for one in commands if re.match(rf"{re.escape(one.name)}(?: |$)", row.words)]
    assert fitting, f"docs/roles.md has {row.words!r}, and there is no such command"
    return max(fitting, key=lambda one: len(one.name))


def typed(row: Row, command: Command, named: Named) -> str:
    """A line that says the words of a row."""
    return " ".join([row.words, *values(command, named).values()])
