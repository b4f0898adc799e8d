"""The person and the pipe at a shell, for the commands of the newsroom."""

import sys
from collections.abc import Callable

from bot.command.entry import Upload
from bot.command.uploads import MOST_BYTES
from bot.edge import clock
from bot.edge.parts import Parts
from bot.edge.shell.editing import Room
from bot.edge.shell.words import as_upload
from bot.edge.terminal.screen import Screen


class ShellHands:
    """A person at a shell."""

    def question(self, text: str) -> str:
        """What they answer, in a line."""
        return input(text)

    def aside(self, work: Callable[[], str | None]) -> str | None:
        """The terminal is theirs already."""
        return work()


def room(parts: Parts, story: str, *, as_json: bool) -> Room:
    """Where a command of the shell is typed; whoever asks for JSON is a program, and is asked nothing."""
    typed, seen = sys.stdin is not None and sys.stdin.isatty(), sys.stdout is not None and sys.stdout.isatty()
    hands = ShellHands() if typed and seen and not as_json else None
    piped = None if typed or sys.stdin is None else standard_input
    call = parts.called(story)
    return Room(parts.desk(story), parts.store, call, clock.now, Screen().warn, hands, piped)


def standard_input() -> Upload | None:
    """All that comes on standard input; None where nothing does."""
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    return as_upload("standard input", content) if content.strip() else None
