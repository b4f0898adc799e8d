"""Where a chat is shown: written to by the chat itself and, beside it, by whatever brings digests."""

import sys
import threading
from collections.abc import Iterable


class Screen:
    """Standard output and standard error as they are, written to from any thread."""

    colour = False

    def __init__(self) -> None:
        self._lock = threading.RLock()  # one text after another

    @property
    def width(self) -> int:
        """Columns at which lines are folded; 0: they are not."""
        return 0

    def write(self, text: str) -> None:
        """Writes a text; it is out when this returns. Raises OSError where it cannot be."""
        with self._lock:
            put(text)

    def note(self, text: str) -> None:
        """Writes a line of the log on standard error, as it is."""
        with self._lock:
            put_note(text)

    def warn(self, lines: Iterable[str]) -> None:
        """Says on standard error what an operator should know, each in a line."""
        for line in lines:
            with self._lock:
                put_warning(line)


def put(text: str) -> None:
    """Writes to standard output, at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def put_note(text: str) -> None:
    """Writes to standard error, at once."""
    sys.stderr.write(text)
    sys.stderr.flush()


def put_warning(line: str) -> None:
    """Writes a line to standard error, at once."""
    put_note(f"exomars: {line}\n")
