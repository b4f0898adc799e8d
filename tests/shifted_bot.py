"""The real bot with a clock that a test sets: `python -m tests.shifted_bot ARGS…`.

    TEST_CLOCK        the moment, ISO and UTC, at which the clock starts; from there it runs as ever
    TEST_CLOCK_FILE   a file with so many seconds to be added; where it is changed, the clock jumps

Both may be given; without either it is the bot as it is. Nothing but `bot.edge.clock.now` is exchanged.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.edge import clock


class ShiftedClock:
    """The machine's clock, shifted by what the environment says."""

    def __init__(self, start: str, file: str) -> None:
        self._shift = _moment(start) - datetime.now(UTC) if start else timedelta(0)
        self._file = file
        self._seen: tuple[int, int, int] | None = None
        self._more = timedelta(0)

    def now(self) -> datetime:
        """This moment by the shifted clock, UTC."""
        if self._file:
            self._look()
        return datetime.now(UTC) + self._shift + self._more

    def _look(self) -> None:
        """Reads the file again where it has changed; one that is being written keeps what it had."""
        with suppress(OSError, ValueError):
            found = os.stat(self._file)
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if seen != self._seen:
                with open(self._file, encoding="utf-8") as text:
                    self._more = timedelta(seconds=float(text.read()))
                self._seen = seen


def _moment(text: str) -> datetime:
    """A moment as it was written; one without a zone is UTC."""
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def main() -> None:
    """Runs the bot by the shifted clock."""
    shifted = ShiftedClock(os.environ.get("TEST_CLOCK", ""), os.environ.get("TEST_CLOCK_FILE", ""))
    clock.now = shifted.now  # looked up anew at each call, by whoever reads the clock
    from bot.__main__ import main as bot

    bot()


if __name__ == "__main__":
    main()
