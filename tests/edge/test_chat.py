"""The terminal chat with a terminal: a real pseudo-terminal, typed into."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bots import CONFIG, ROOT, environment


class Terminal:
    """A bot in a terminal of its own."""

    def __init__(self, state: Path) -> None:
        self._main, other = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "--config", str(CONFIG), "chat"],
            env={**environment(state), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=ROOT,
            close_fds=True,
        )
        os.close(other)
        self.seen = ""

    def types(self, text: str) -> None:
        """Presses keys."""
        os.write(self._main, text.encode())

    def shows(self, words: str, seconds: float = 15.0) -> str:
        """Waits until the words have been on the screen."""
        end = time.monotonic() + seconds
        while words not in self.seen and time.monotonic() < end:
            if select.select([self._main], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._main, 65536).decode(errors="replace")
                except OSError:
                    break
        assert words in self.seen, self.seen[-2000:]
        return self.seen

    def leaves(self, seconds: float = 15.0) -> int | None:
        """Presses Ctrl-D until it has ended: between two prompts nobody listens to keys."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.types("\x04")
            time.sleep(0.3)
        return self.process.poll()

    def close(self) -> None:
        """Ends it whatever it does."""
        self.process.kill()
        self.process.wait()
        os.close(self._main)


@pytest.fixture(name="terminal")
def _terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


def test_it_greets_answers_and_leaves(terminal: Terminal) -> None:
    """One line says what to type and one how to connect Discord; Ctrl-D leaves with 0."""
    terminal.shows("Type !exomars status")
    terminal.shows("DISCORD_TOKEN")
    terminal.types("!exomars about\r")
    terminal.shows("briefing bot")
    terminal.types("\x03")
    terminal.types("sources\r")
    terminal.shows("5 sources")
    assert terminal.leaves() == 0
