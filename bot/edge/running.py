"""`exomars run`: every platform that has a token, until it is told to end."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.edge import health, logs
from bot.edge.parts import Parts
from bot.edge.terminal.chat import chat, talk
from bot.edge.terminal.screen import Screen
from bot.errors import EXIT_OK
from bot.reply import Reply

if TYPE_CHECKING:
    from bot.edge.beside import Service

log = logging.getLogger("bot")


def run(parts: Parts, *, with_chat: bool = False) -> int:
    """Runs until SIGINT or SIGTERM and returns the exit code; without a token, the terminal chat.

    With a chat, the terminal is one more platform beside the others. Raises DamagedError where the database
    is damaged, also where that shows while it runs.
    """
    # As process 1 of a container, Python would ignore it until there is a handler.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_OK))
    if not parts.config.platforms:
        return chat(parts)
    try:
        if with_chat:
            _beside_a_chat(parts)
        else:
            logs.set_up(parts.config.log_level)
            asyncio.run(_until_signalled(parts))
        return EXIT_OK
    finally:
        health.untell(parts.config.health_file)
        parts.close()
        log.info("ended")


def _beside_a_chat(parts: Parts) -> None:
    """Serves while somebody chats, and goes on when the chat has ended."""
    # Imported here and below: a terminal chat alone does without.
    from bot.edge.beside import Service
    from bot.edge.serving import serve
    from bot.edge.terminal.poster import TerminalPoster

    services: list[Service] = []

    def beside(screen: Screen, show: Callable[[Reply, str], None]) -> "Service":
        logs.set_up(parts.config.log_level, screen.note)
        poster = TerminalPoster(show)
        services.append(Service(lambda ending: serve(parts, ending, [poster])))
        return services[0]

    try:
        talk(parts, parts.desk().story.word, beside)
        log.info("the chat has ended; the bot goes on until it is told to end, as by Ctrl-C")
        services[0].wait()
    except KeyboardInterrupt:
        log.info("told to end; finishing what is in progress")
    finally:
        for service in services:
            service.close()


async def _until_signalled(parts: Parts) -> None:
    from bot.edge.serving import serve

    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.set)
    await serve(parts, ending)
