"""The log: one line for each event on standard error, without tracebacks unless asked for."""

import logging
import sys
from collections.abc import Callable


class _OneLine(logging.Formatter):
    """Puts an exception behind the message in the same line, and a traceback only at `debug`."""

    def format(self, record: logging.LogRecord) -> str:
        if logging.getLogger().isEnabledFor(logging.DEBUG):
            return super().format(record)
        caught = record.exc_info[1] if record.exc_info else None
        text = record.getMessage() + (f" ({type(caught).__name__}: {caught})" if caught else "")
        line = {"msg": " ".join(text.split()), "args": None, "exc_info": None, "exc_text": None}
        return super().format(logging.makeLogRecord({**record.__dict__, **line}))


class _Lines(logging.Handler):
    """Hands on each line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001  (as the handlers of the library do)
            self.handleError(record)


def set_up(level: str, write: Callable[[str], None] | None = None) -> None:
    """Sends the log to standard error, or to `write`, at `debug`, `info`, `warning` or `error`."""
    handler = _Lines(write) if write else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    if level != "debug":
        # Libraries tell at info what only their authors want to know.
        for name in ("discord", "slack_bolt", "slack_sdk", "apscheduler", "asyncio", "aiohttp"):
            logging.getLogger(name).setLevel(logging.WARNING)
