"""What goes wrong beside a command or a chat, in one line each, where there is no log."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Remarks(logging.Handler):
    """Hands on what somebody at a terminal should know: warnings of the bot, and errors of libraries."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = say

    def emit(self, record: logging.LogRecord) -> None:
        ours = record.name == "bot" or record.name.startswith("bot.")
        if ours or record.levelno >= logging.ERROR:
            try:
                self._tell(_one_line(record))
            except Exception:  # noqa: BLE001  (as the handlers of the library do)
                self.handleError(record)


@contextmanager
def remarks(say: Callable[[str], None]) -> Iterator[None]:
    """Within it, `say` is told each in a line."""
    handler, root = _Remarks(say), logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def _one_line(record: logging.LogRecord) -> str:
    """The message, with the error that it is about behind it."""
    caught = record.exc_info[1] if record.exc_info else None
    text = record.getMessage() + (f" ({str(caught) or type(caught).__name__})" if caught else "")
    return " ".join(text.split())
