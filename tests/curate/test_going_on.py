"""What somebody is told who leaves something out: how to go on, with a button that leads there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.asker import OPERATOR
from bot.command.form import Form
from bot.reply import Action
from tests.curate.newsroom import EDITOR, Room, read

STRIKES = "2022-03-05-strike"
OPEN = "Open the form"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A newsroom, closed at the end."""
    made = Room(tmp_path / "story")
    yield made
    made.store.close()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("add", "add"),
        ("source add", "source add"),
        ("add for here", "add for here"),
        (f"edit {STRIKES}", f"edit {STRIKES}"),
        (f"correct {STRIKES} quiet", f"correct {STRIKES} quiet"),
    ],
)
def test_a_button_opens_the_form_of_what_was_typed(room: Room, typed: str, words: str) -> None:
    """The button carries what was asked; in a terminal there are no forms."""
    reply = room.says(EDITOR, typed)
    assert reply.abstained
    assert reply.actions[0] == Action(OPEN, words)
    assert "Or fill in the form" in read(reply)
    assert isinstance(room.form(EDITOR, words), Form)
    assert OPEN not in [action.label for action in room.says(OPERATOR, typed).actions]


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (f"correct {STRIKES} was it said that it rained", "was", "it said that it rained"),
        (f"correct {STRIKES}", "was", ""),
        (f"retract {STRIKES} because it was made up", "because", "it was made up"),
        (f"retract {STRIKES} because …", "because", ""),
    ],
)
def test_a_form_has_what_was_said_already(room: Room, words: str, field: str, value: str) -> None:
    """Nobody has to write it again; the dots of an example are nothing that was said."""
    form = room.form(EDITOR, words)
    assert isinstance(form, Form)
    assert {one.name: one.value for one in form.fields}[field] == value


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("it rests on a misreading", "Why: it rests on a misreading."),
        ("It was a test.", "Why: It was a test."),
        ("Was it ever so?", "Why: Was it ever so?"),
        ("a slip (as they said.)", "Why: a slip (as they said.)"),
    ],
)
def test_a_note_does_not_run_into_the_next_sentence(room: Room, note: str, shown: str) -> None:
    """It ends as a sentence does, however it was typed; it is kept as it was."""
    reply = room.says(EDITOR, f"retract {STRIKES} because {note}")
    assert shown in reply.notes
