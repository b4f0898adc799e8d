"""The terminal chat: a prompt where there is a terminal, line by line where there is a pipe.

A terminal is a channel as well: digests for it come in between, above the line that is being typed.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bot.command.addressed import addressed
from bot.command.request import command_of
from bot.edge import clock
from bot.edge.damaged import look_at_start
from bot.edge.loading import load
from bot.edge.operator import ASKER
from bot.edge.parts import Parts
from bot.edge.terminal.background import Background
from bot.edge.terminal.screen import Screen
from bot.errors import EXIT_OK, BotError
from bot.render.terminal import text
from bot.reply import Reply
from bot.store.damage import DamagedError

if TYPE_CHECKING:
    from bot.edge.shell.editing import Hands

_CONNECT = "set DISCORD_TOKEN for Discord, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN for Slack, and start again"
LEAVE = {"exit", "quit", "bye"}


class Digests(Protocol):
    """What brings digests to a chat."""

    def start(self) -> None:
        """Begins, if there is something to wait for; also after something was subscribed."""

    def settle(self) -> None:
        """Waits until everything that is due by now has been printed."""

    def end(self) -> None:
        """Ends it, once what is under way has been printed."""


Beside = Callable[[Screen, Callable[[Reply, str], None]], Digests]
"""The screen, and what prints a reply on it → what brings digests there."""


def chat(parts: Parts, story: str = "") -> int:
    """Answers until the input ends; returns the exit code."""
    word = parts.desk(story).story.word
    try:
        look_at_start(parts.config, lambda error: Screen().warn([str(error)]))
        Screen().warn(line for synced in load(parts) for line in synced.told())
        talk(parts, word, lambda screen, show: Background(parts, show, screen.warn))
    finally:
        parts.close()
    return EXIT_OK


def talk(parts: Parts, word: str, beside: Beside) -> None:
    """Answers until the input ends, about the story with this word unless another is named."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        _prompt(parts, word, beside)
    else:
        _pipe(parts, word, beside)


def _pipe(parts: Parts, word: str, beside: Beside) -> None:
    screen = Screen()
    talk = _Talk(parts, word, screen, beside)
    typed = False
    try:
        talk.digests.start()
        talk.digests.settle()
        for line in sys.stdin:
            typed = True
            talk.answer(line)
            talk.digests.start()
            talk.digests.settle()
    finally:
        talk.digests.end()
    if not typed and not parts.config.platforms:
        screen.warn([f"nothing was typed, and no token is set; {_CONNECT}"])


def _prompt(parts: Parts, word: str, beside: Beside) -> None:
    # Imported here: a pipe does without, and it takes longer than answering.
    from bot.edge.terminal.prompt import Prompt

    print(f"Type !{word} status for the story, !{word} help for all that can be asked; Ctrl-D leaves.")
    if others := [other for other in parts.desks if other != word]:
        print(f"Other stories: {', '.join(f'!{other} status' for other in others)}.")
    if not parts.config.platforms:
        print(f"To connect it, {_CONNECT}; the README tells how in five steps.")
    prompt = Prompt(
        f"!{story} {command.name}"
        for story in dict.fromkeys([word, *parts.desks])
        for command in parts.desk(story).commands
    )
    talk = _Talk(parts, word, prompt, beside, prompt)
    try:
        while True:
            talk.digests.start()
            try:
                line = prompt.ask()
            except KeyboardInterrupt:  # Ctrl-C gives up the line, as in a shell
                continue
            except EOFError:
                return
            if line.strip().lower() in LEAVE:
                return
            talk.answer(line)
    finally:
        talk.digests.end()


class _Talk:
    """A conversation on a screen, about the story with this word unless another is named."""

    def __init__(
        self, parts: Parts, word: str, screen: Screen, beside: Beside, hands: "Hands | None" = None
    ) -> None:
        self._parts = parts
        self._word = word
        self._screen = screen
        self._hands = hands  # of whoever sits there, if anybody does
        self.digests = beside(screen, self._show)

    def answer(self, line: str) -> None:
        """Answers one line."""
        if not line.strip():
            return
        # Here everything is said to the bot, so that the word before a command may be left out.
        words = [self._word, *self._parts.desks]
        story, typed = addressed(line, words, direct=True) or (self._word, "")
        try:
            self._screen.warn(line for synced in load(self._parts) for line in synced.told())
            reply = self._answered(story, typed)
            if reply is not None:
                self._show(reply, story)
        except DamagedError:
            raise  # the command line puts it aside, and says how to go on
        except BotError as error:
            self._screen.warn([str(error)])

    def _answered(self, story: str, typed: str) -> Reply | None:
        """The reply; None where somebody was asked for more, and gave it up."""
        desk, call = self._parts.desk(story), f"!{story}"
        command = command_of(typed, desk.commands)
        # What is needed for writing is imported only there: most who chat read.
        if command is None or not command.written:
            return desk.answer(typed, call, clock.now(), ASKER)
        from bot.edge.shell.editing import Room, answer
        from bot.edge.shell.words import behind

        room = Room(desk, self._parts.store, call, clock.now, self._screen.warn, self._hands)
        return answer(room, command, behind(typed, command))

    def _show(self, reply: Reply, story: str) -> None:
        screen = self._screen
        shown = text(reply, call=f"!{story}", width=screen.width, colour=screen.colour)
        screen.write(f"{shown}\n\n")
