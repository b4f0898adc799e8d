"""The terminal chat: a prompt where there is a terminal, line by line where there is a pipe."""

import os
import sys
from collections.abc import Iterable

from bot.answer.addressed import addressed
from bot.edge import clock
from bot.edge.parts import Parts
from bot.errors import EXIT_OK, BotError
from bot.render.terminal import text

WIDEST = 100
LEAVE = {"exit", "quit", "bye"}


def chat(parts: Parts, story: str = "") -> int:
    """Answers until the input ends; returns the exit code."""
    word = parts.desk(story).story.word
    try:
        _refresh(parts)
        if sys.stdin.isatty() and sys.stdout.isatty():
            _prompt(parts, word)
        else:
            _pipe(parts, word)
    finally:
        parts.close()
    return EXIT_OK


def _pipe(parts: Parts, word: str) -> None:
    typed = False
    for line in sys.stdin:
        typed = True
        _say(parts, word, line, width=0, colour=False)
    if not typed and not parts.config.discord.token:
        warn(["nothing was typed, and no token is set; set DISCORD_TOKEN to connect Discord"])


def _prompt(parts: Parts, word: str) -> None:
    # Imported here: a pipe does without, and it takes longer than answering.
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import InMemoryHistory

    print(f"Type !{word} status for the story, !{word} help for all that can be asked; Ctrl-D leaves.")
    if not parts.config.discord.token:
        print("To connect Discord, set DISCORD_TOKEN and start again; the README tells how in five steps.")
    names = [f"!{word} {command.name}" for command in parts.desk(word).commands]
    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(), completer=WordCompleter(names, sentence=True), complete_while_typing=False
    )
    while True:
        try:
            line = session.prompt("> ")
        except KeyboardInterrupt:  # Ctrl-C gives up the line, as in a shell
            continue
        except EOFError:
            return
        if line.strip().lower() in LEAVE:
            return
        width = min(os.get_terminal_size().columns, WIDEST)
        _say(parts, word, line, width=width, colour="NO_COLOR" not in os.environ)


def _say(parts: Parts, word: str, line: str, *, width: int, colour: bool) -> None:
    if not line.strip():
        return
    # Here everything is said to the bot, so that the word before a command may be left out.
    story, typed = addressed(line, [word, *parts.desks], direct=True) or (word, "")
    try:
        _refresh(parts)
        call = f"!{story}"
        reply = parts.desk(story).answer(typed, call, clock.today())
        print(text(reply, call=call, width=width, colour=colour), end="\n\n", flush=True)
    except BotError as error:
        print(f"exomars: {error}", file=sys.stderr, flush=True)


def _refresh(parts: Parts) -> None:
    """Takes over changed files, and says what is wrong with them."""
    warn(line for synced in parts.refresh() for line in synced.told())


def warn(lines: Iterable[str]) -> None:
    """Says on standard error what an operator should know."""
    for line in lines:
        print(f"exomars: {line}", file=sys.stderr, flush=True)
