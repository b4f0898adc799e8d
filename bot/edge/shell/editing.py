"""The newsroom's commands where a person types them: files, standard input, an editor, a question.

words ── apart ── what is missing is asked for, or written in an editor ── desk ── shown ── and then?

The desk decides everything; here it is only seen to that it gets what was written.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.command.entry import Command, Upload
from bot.command.form import Form
from bot.command.request import find_command, named
from bot.desk.desk import Desk
from bot.edge.operator import ASKER
from bot.edge.shell.editor import edited, kept
from bot.edge.shell.opening import drafted, standing, template
from bot.edge.shell.words import STANDARD_INPUT, Typed, apart, read_file
from bot.reply import Reply
from bot.store.newsroom import Newsroom
from bot.store.store import Store

GIVEN_UP = "nothing was changed"
_EDITOR = "the editor"


class Hands(Protocol):
    """A person at a terminal."""

    def question(self, text: str) -> str:
        """What they answer. Raises EOFError and KeyboardInterrupt where they do not."""
        ...

    def aside(self, work: Callable[[], str | None]) -> str | None:
        """Does something that needs the whole terminal."""
        ...


class Room(NamedTuple):
    """Where a command is typed."""

    desk: Desk
    store: Store
    call: str
    now: Callable[[], datetime]
    warn: Callable[[Sequence[str]], None]
    hands: Hands | None = None  # None: nobody who could be asked
    standard_input: Callable[[], Upload | None] | None = None  # where it is not the terminal


def answer(
    room: Room, command: Command, words: Sequence[str], options: Mapping[str, str] | None = None
) -> Reply | None:
    """Answers a command for which something is written; None where it was given up.

    `options` are values by the names of their parameters.
    """
    typed = apart(command, words)
    line = " ".join([command.name, *typed.words])
    found = named(line, room.desk.commands, room.now().date())
    if found is None:  # then the desk says what is wrong with the words
        return room.desk.answer(line, room.call, room.now(), ASKER)
    values = {**found[1], **typed.values, **(options or {})}
    try:
        return _met(room, command, values, typed)
    except (EOFError, KeyboardInterrupt):
        room.warn([GIVEN_UP])
        return None


def and_then(room: Room, reply: Reply) -> Reply | None:
    """What somebody does next with the draft that they are shown; None where they leave it as it is."""
    offers = {action.words.split()[1]: action.words for action in reply.actions if _of_draft(action.words)}
    if room.hands is None or "edit" not in offers:
        return None
    try:
        if reply.abstained:
            again = room.hands.question("Open it again? [Y/n] ").strip().lower()
            wish = "edit" if again in {"", "y", "yes"} else ""
        else:
            asked = room.hands.question("Publish, edit or discard it? [p/e/d; Enter leaves it as a draft] ")
            wish = {"p": "publish", "e": "edit", "d": "discard"}.get(asked.strip().lower()[:1], "")
    except (EOFError, KeyboardInterrupt):
        return None
    if wish not in offers:
        return None
    command = find_command(f"draft {wish}", room.desk.commands)
    if command and command.written:
        return answer(room, command, offers[wish].split()[2:])
    return room.desk.answer(offers[wish], room.call, room.now(), ASKER)


def _of_draft(words: str) -> bool:
    return words.startswith("draft ") and len(words.split()) > 2


def _met(room: Room, command: Command, values: dict[str, str], typed: Typed) -> Reply | None:
    def met(files: tuple[Upload, ...] = ()) -> Reply:
        return room.desk.answer_values(command, values, room.call, room.now(), ASKER, files)

    files = tuple(_read(room, path) for path in typed.paths)
    if not command.files:
        asked = _asked(room, command, values)
        return asked if isinstance(asked, Reply) else met()
    if files or {param.name for param in command.fields} & set(values):
        _ask_why(room, command, values)
        return met(files)
    if room.hands is None:
        upload = room.standard_input() if room.standard_input else None
        return met((upload,) if upload else ())
    text = _opened(room, command, values)
    if not text:
        return met()
    _ask_why(room, command, values)
    new = room.hands.aside(lambda: edited(text, os.environ))
    if new is None:
        room.warn([GIVEN_UP])
        return None
    reply = met((Upload(_EDITOR, new),))
    if reply.abstained and not any(_of_draft(action.words) for action in reply.actions):
        room.warn([f"what you have written is kept in {kept(new)}"])
    return reply


def _asked(room: Room, command: Command, values: dict[str, str]) -> Reply | None:
    """Asks for the fields of a form that are missing; a reply where the desk says that there is no form."""
    if room.hands is None or {param.name for param in command.fields} & set(values):
        return None
    form = room.desk.form(command, values, room.call, room.now(), ASKER)
    if not isinstance(form, Form):
        return form
    for field in form.fields:
        if field.name not in values:
            has = f" [{field.value}]" if field.value else ""
            hint = f" ({field.help})" if field.help else ""
            given = room.hands.question(f"{field.label}{hint}{has}: ").strip()
            values[field.name] = given or field.value
    return None


def _ask_why(room: Room, command: Command, values: dict[str, str]) -> None:
    """Asks for what has to be said in a sentence besides the text: what was wrong."""
    if room.hands is None or "quiet" in values:
        return
    for param in command.params:
        if param.kind == "words" and param.cues and param.name not in values:
            values[param.name] = room.hands.question(f"{param.help[:1].upper()}{param.help[1:]}: ").strip()


def _opened(room: Room, command: Command, values: Mapping[str, str]) -> str:
    """What the editor opens; empty where there is nothing, which the desk then says."""
    if command.name in {"add", "source add"}:
        return template(command.name, room.now().date())
    word = room.desk.story.word
    if "draft" in values:
        shown = room.desk.answer(f"draft show {values['draft']}", room.call, room.now(), ASKER)
        if not any(action.words.startswith("draft edit") for action in shown.actions):
            return ""
        with room.store.reading(word) as shelf:
            return drafted(Newsroom(shelf.connection, word), values, shown)
    with room.store.reading(word) as shelf:
        return standing(Newsroom(shelf.connection, word), values.get("id", ""))


def _read(room: Room, path: str) -> Upload:
    if path != STANDARD_INPUT:
        return read_file(path)
    upload = room.standard_input() if room.standard_input else None
    return upload or Upload("standard input", "", "nothing came on standard input")
