"""The clock of a run: the machine's, moved ahead. The double, the bot and whoever checks read the same one.

The bot is a process of its own (`tests.shifted_bot`): it reads from a file by how much the clock is
shifted, and sees at once when that changes.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path


class Shift:
    """The shifted clock. It only ever goes forward."""

    def __init__(self, file: Path, start: datetime) -> None:
        self.file = file
        self._ahead = 0.0
        self.move_to(start)

    def seconds(self) -> float:
        """Seconds since 1970, for the double."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def move_to(self, moment: datetime) -> None:
        """Puts the clock forward, first the double's, then the bot's; what has passed stays passed."""
        ahead = moment.timestamp() - time.time()
        if ahead <= self._ahead and self.file.exists():
            return
        self._ahead = ahead
        part = self.file.with_suffix(".part")
        part.write_text(f"{ahead:.6f}", encoding="utf-8")
        os.replace(part, self.file)
