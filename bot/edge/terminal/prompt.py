"""A prompt in a terminal, and what comes meanwhile above the line that is being typed."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import InMemoryHistory

from bot.edge.terminal.screen import Screen, put, put_note, put_warning

T = TypeVar("T")

WIDEST = 100
_POLL_SECONDS = 0.02


class Prompt(Screen):
    """Asks for lines, and completes them from `words`."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__()
        self.colour = "NO_COLOR" not in os.environ
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(),
            completer=WordCompleter([*words], sentence=True),
            complete_while_typing=False,
        )
        self._asking = False  # whether the screen belongs to the prompt

    @property
    def width(self) -> int:
        """Columns at which lines are folded."""
        return min(os.get_terminal_size().columns, WIDEST)

    def ask(self) -> str:
        """Waits for a line. Raises KeyboardInterrupt and EOFError where none comes."""
        with self._lock:
            self._asking = True
        try:
            return self._session.prompt("> ")
        finally:
            with self._lock:
                self._asking = False

    def question(self, text: str) -> str:
        """Waits for the answer to a question. Raises KeyboardInterrupt and EOFError where none comes."""
        return self.aside(lambda: PromptSession[str]().prompt(text))

    def aside(self, work: Callable[[], T]) -> T:
        """Does something that needs the whole terminal: what comes meanwhile waits."""
        with self._lock:
            return work()

    def write(self, text: str) -> None:
        """Writes a text, above the prompt where there is one; it is out when this returns."""
        self._do(lambda: put(text))

    def note(self, text: str) -> None:
        """Writes a line of the log on standard error, above the prompt where there is one."""
        self._do(lambda: put_note(text))

    def warn(self, lines: Iterable[str]) -> None:
        """Says on standard error what an operator should know, each in a line."""
        for line in lines:
            self._do(lambda line=line: put_warning(line))  # type: ignore[misc]

    def _do(self, work: Callable[[], None]) -> None:
        while not self._done(work):
            time.sleep(_POLL_SECONDS)  # the prompt is just coming, or going

    def _done(self, work: Callable[[], None]) -> bool:
        with self._lock:
            if not self._asking or _runs_here(self._session.app.loop):
                work()
                return True
        loop = self._session.app.loop
        return loop is not None and _above(loop, work)


def _runs_here(loop: asyncio.AbstractEventLoop | None) -> bool:
    """Whether this thread is the prompt's own: it cannot wait for itself."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _above(loop: asyncio.AbstractEventLoop, work: Callable[[], None]) -> bool:
    """Has the prompt that runs on `loop` step aside for `work`; False where it has ended before it did."""
    finished = threading.Event()
    failed: list[OSError] = []

    def carry_out() -> None:
        try:
            work()
        except OSError as error:
            failed.append(error)
        finally:
            finished.set()

    def step_aside() -> None:
        run_in_terminal(carry_out)

    try:
        loop.call_soon_threadsafe(step_aside)
    except RuntimeError:  # closed just now
        return False
    while not finished.wait(_POLL_SECONDS):
        if loop.is_closed():
            break
    if failed:
        raise failed[0]
    return finished.is_set()
