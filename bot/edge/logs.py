"""The log: one line for each event on standard error, without tracebacks unless asked for."""

import logging
import sys


class _OneLine(logging.Formatter):
    """Puts an exception behind the message in the same line, and a traceback only at `debug`."""

    def format(self, record: logging.LogRecord) -> str:
        if logging.getLogger().isEnabledFor(logging.DEBUG):
            return super().format(record)
        caught = record.exc_info[1] if record.exc_info else None
        text = record.getMessage() + (f" ({type(caught).__name__}: {caught})" if caught else "")
        line = {"msg": " ".join(text.split()), "args": None, "exc_info": None, "exc_text": None}
        return super().format(logging.makeLogRecord({**record.__dict__, **line}))


def set_up(level: str) -> None:
    """Sends the log to standard error, at `debug`, `info`, `warning` or `error`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    if level != "debug":
        # Libraries tell at info what only their authors want to know.
        for name in ("discord", "apscheduler", "asyncio", "aiohttp"):
            logging.getLogger(name).setLevel(logging.WARNING)
