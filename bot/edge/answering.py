"""The desks, asked from the event loop: each answer is made in a thread, and kept where it is everybody's."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from bot.command.asker import Asker
from bot.command.entry import Choices, Command, Param, Upload
from bot.command.form import Form
from bot.command.request import command_of, named
from bot.desk.desk import Desk
from bot.desk.flood import SILENCE
from bot.edge import clock
from bot.errors import UnreachableError
from bot.reply import Line, Reply, Section

log = logging.getLogger("bot.answers")

T = TypeVar("T")
Files = tuple[Upload, ...]


class Caller(NamedTuple):
    """Who asks, as far as it costs nothing to know, and a way to all that can be told of them.

    Where the platform has to be asked for all, `at_once` is what is known without that: it is enough for
    what everybody may ask. `in_full` raises UnreachableError where the platform does not answer.
    """

    known: Asker  # their id and their server
    in_full: Callable[[], Awaitable[Asker]]
    at_once: Asker | None = None  # their place as well, and a way to find others
    sign: str = "/"  # before the word of the story, in the way they asked: “!” where it was typed


Spelled = Callable[[Reply, Desk], Reply]
"""What makes of a reply that tells what to type one that tells what to call by slash."""


def as_typed(reply: Reply, _: Desk) -> Reply:
    """The reply as it is: what is called by slash is what would be typed."""
    return reply


class NotToldError(UnreachableError):
    """A platform will not tell who somebody is, and later neither: why, and who mends it."""


class Answers:
    """What desks answer, in whatever form they are asked; where they fail, a reply that says so."""

    def __init__(self, desks: Mapping[str, Desk], *, prefix: bool, spelled: Spelled = as_typed) -> None:
        self._desks = desks
        self._prefix = prefix
        self._spelled = spelled
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="answer")

    def held(self, story: str, caller: Caller) -> Reply | None:
        """What somebody is told who has asked too much just now, or SILENCE; None where they have not."""
        return self._desks[story].admit(caller.known, time.monotonic())

    async def to_words(self, story: str, words: str, caller: Caller, files: Files = ()) -> Reply:
        """The answer to what was typed, or to what a button carries."""
        desk, now = self._desks[story], clock.now()
        call = self._call(story, caller)
        key = () if files else (call, words, *_for(desk, caller), now.date())
        asker = partial(_enough, caller, command_of(words, desk.commands))
        return await self._kept_or(
            desk,
            key,
            asker,
            lambda asker: self._said(desk, call, desk.answer(words, call, now, asker, files)),
        )

    async def to_values(
        self, story: str, command: Command, values: Mapping[str, str], caller: Caller, files: Files = ()
    ) -> Reply:
        """The answer to a command whose arguments came by name."""
        desk, now, call = self._desks[story], clock.now(), self._call(story, caller)
        own = () if command.changes else _for(desk, caller)
        key = ("by name", call, command.name, *sorted(values.items()), now.date(), *own) if own else ()
        return await self._kept_or(
            desk,
            key,
            partial(_enough, caller, command),
            lambda asker: self._said(
                desk, call, desk.answer_values(command, values, call, now, asker, files)
            ),
        )

    async def to_form(self, story: str, words: str, texts: Mapping[str, str], caller: Caller) -> Reply:
        """The answer to a form: its words say what it is for, and its fields come by name."""
        found = named(words, self._desks[story].commands, clock.today())
        if found is None:  # the table has changed since the form was opened
            return await self.to_words(story, words, caller)
        command, values = found
        names = {param.name for param in (*command.params, *command.fields)}
        given = {name: text for name, text in texts.items() if name in names}
        return await self.to_values(story, command, given | values, caller)

    async def form(
        self, story: str, asked: tuple[Command, Mapping[str, str]] | str, caller: Caller
    ) -> Form | Reply:
        """The form for a command with its arguments by name, or for the words of a button."""
        desk, now, call = self._desks[story], clock.now(), self._call(story, caller)

        def work(asker: Asker) -> Form | Reply:
            if isinstance(asked, str):
                made = desk.form_of(asked, call, now, asker) or desk.answer(asked, call, now, asker)
            else:
                made = desk.form(*asked, call, now, asker)
            return made if isinstance(made, Form) else self._said(desk, call, made)

        try:
            return await self._in_thread(work, await caller.in_full())
        except UnreachableError as error:
            return _unknown(desk, error)
        except Exception:
            log.exception("a form could not be made")
            return _failed(desk)

    async def allows(self, story: str, words: str, caller: Caller) -> bool:
        """Whether somebody may ask this; nothing is written down of it. False where that is not known."""
        desk = self._desks[story]
        command = command_of(words, desk.commands)
        if _is_free(command):
            return True
        try:
            return await self._in_thread(desk.allows, command, await caller.in_full())
        except UnreachableError as error:
            log.warning("who asks could not be found out (%s)", error)
        except Exception:
            log.exception("what somebody may ask could not be found out")
        return False

    async def choices(
        self, story: str, command: Command, param: Param, typed: str, caller: Caller
    ) -> Choices:
        """What may be meant by what somebody has typed of an option; nothing where that fails, or is much."""
        desk = self._desks[story]
        if not desk.completes(caller.known, time.monotonic()):
            return []
        try:
            return await self._in_thread(
                desk.complete, command, param, typed, clock.today(), await caller.in_full()
            )
        except Exception:
            log.exception("an option could not be completed")
            return []

    def close(self) -> None:
        """Ends the threads; what has not begun is left."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _kept_or(
        self,
        desk: Desk,
        key: tuple[object, ...],
        asker: Callable[[], Awaitable[Asker]],
        ask: Callable[[Asker], Reply],
    ) -> Reply:
        """A reply that was kept, which is the same for a whole audience, or one made for who asks.

        Without a key, none is kept.
        """
        try:
            if key and (kept := desk.kept(*key)) is not None:
                return kept
            reply = await self._in_thread(ask, await asker())
        except UnreachableError as error:
            return _unknown(desk, error)
        except Exception:
            log.exception("a question could not be answered")
            return _failed(desk)
        if key:
            desk.keep(reply, *key)
        return reply

    def _call(self, story: str, caller: Caller) -> str:
        """What stands before a command in the way somebody asked, where that is heard."""
        return f"{caller.sign if self._prefix else '/'}{story}"

    def _said(self, desk: Desk, call: str, reply: Reply) -> Reply:
        """The reply in the way somebody asked."""
        return self._spelled(reply, desk) if call.startswith("/") else reply

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)


async def _enough(caller: Caller, command: Command | None) -> Asker:
    """Who asks, as far as a command needs it; None is what no command was understood as."""
    known = caller.at_once if _is_free(command) else None
    return known or await caller.in_full()


def _is_free(command: Command | None) -> bool:
    """Whether everybody may ask it, as all that was not understood."""
    return command is None or (command.access == "everyone" and not command.changes)


def _for(desk: Desk, caller: Caller) -> tuple[str, str]:
    """Who is told the same: an audience, in the words of their platform."""
    return desk.own(caller.known), caller.known.platform


def one_line(story: str, text: str) -> Reply:
    """A word of the edge to whoever asked, and to nobody else."""
    return Reply("error", story, (Section("", (Line(text),)),), abstained=True, private=True)


def audible(held: Reply, story: str) -> Reply:
    """What is said where a platform shows a failure unless something is: one line, also for SILENCE."""
    if held is not SILENCE:
        return held
    return one_line(story, "That was too much at once; wait a moment, then try again.")


def _unknown(desk: Desk, error: UnreachableError) -> Reply:
    log.warning("who asks could not be found out (%s)", error)
    text = (
        str(error)
        if isinstance(error, NotToldError)
        else "What you may do here could not be looked up just now; try again in a moment."
    )
    return one_line(desk.story.name, text)


def _failed(desk: Desk) -> Reply:
    text = "This cannot be answered just now; whoever runs the bot finds the reason in the log."
    return one_line(desk.story.name, text)


async def at_hand(reply: Reply) -> Reply:
    """A reply that is there already, as one that is waited for."""
    return reply
