"""How far something long has come: a bar on a terminal, a line every few seconds elsewhere.

What is over within a second shows nothing. All goes to standard error: output stays output. Seconds
are those of a steady clock.
"""

import os
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

SHOWN_AFTER = 1.0  # seconds
BAR_SECONDS, LINE_SECONDS = 0.1, 5.0  # at the least between two of them
_BAR = 24  # characters
_ERASE = "\r\x1b[K"


class Progress:
    """Shows how many of `total` things are done, as the body of a `with` says by `step` or `at`.

    `total` may be None where nobody knows. With `say`, each line goes there instead, as into a log.
    """

    def __init__(
        self,
        what: str,
        total: int | None,
        out: TextIO | None = None,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._total = total
        self._out = sys.stderr if out is None else out
        self._say = say or self._write_line
        self._clock = clock
        self._bar = say is None and _redraws(self._out)
        self._done = 0
        self._started = clock()
        self._next = self._started + SHOWN_AFTER
        self._shown = self._drawn = False

    def __enter__(self) -> Self:
        self._started = self._clock()
        self._next = self._started + SHOWN_AFTER
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hide()

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self.at(self._done + count)

    def at(self, done: int) -> None:
        """So many are done by now; also to show that time has passed."""
        self._done = done
        now = self._clock()
        if now < self._next or (done == self._total and not self._bar):  # all done needs no line
            return
        self._next = now + (BAR_SECONDS if self._bar else LINE_SECONDS)
        self._shown = True
        if self._bar:
            self._draw(self._line(now))
        else:
            self._say(self._line(now))

    def last(self, words: str) -> None:
        """Says what is done with it all now, in place of how far it is, where anything was shown."""
        if self._shown and self._bar:
            self._draw(words)
        elif self._shown and self._clock() >= self._next:
            self._say(words)

    def hide(self) -> None:
        """Takes the bar off the screen, as before something else is printed; the next step brings it back."""
        if self._drawn:
            self._write(_ERASE)
            self._drawn = False

    def _draw(self, line: str) -> None:
        self._write(_ERASE + line[: _columns(self._out) - 1])
        self._drawn = True

    def _line(self, now: float) -> str:
        seconds = now - self._started
        rate = self._done / seconds if seconds > 0 else 0.0
        speed = f", {rate:,.{0 if rate >= 10 else 1}f} a second" if rate > 0 else ""
        if self._total is None:
            return f"{self._what}: {self._done:,}{speed}"
        if self._bar:
            full = _BAR * min(self._done, self._total) // max(self._total, 1)
            head = f"{self._what} [{'#' * full}{'.' * (_BAR - full)}] {self._done:,}/{self._total:,}"
        else:
            head = f"{self._what}: {self._done:,} of {self._total:,}"
        left = f", {_spoken((self._total - self._done) / rate)} left" if rate > 0 else ""
        return f"{head}{speed}{left}"

    def _write_line(self, line: str) -> None:
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):  # nobody is there to see it: that stops no work
            self._bar, self._say = False, _nowhere


def _redraws(out: TextIO) -> bool:
    """Whether a line can be drawn over: not in a pipe, nor on a terminal that cannot do more than print."""
    return out.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}


def _columns(out: TextIO) -> int:
    try:
        return os.get_terminal_size(out.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _spoken(seconds: float) -> str:
    if seconds < 100:
        return f"{max(seconds, 0.0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def _nowhere(_: str) -> None:
    """Says nothing."""
