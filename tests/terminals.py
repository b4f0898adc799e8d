"""The real bot in a pseudo-terminal of its own, typed into and read by a test."""

import fcntl
import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bots import CONFIG, ROOT, Clock, clocked, command, environment

_CONTROLS = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])|\r")


class Terminal:
    """A bot in a terminal of its own."""

    def __init__(
        self,
        state: Path,
        *words: str,
        config: Path = CONFIG,
        clock: Clock = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._main, other = pty.openpty()
        self.process = subprocess.Popen(
            command(*words, config=config, clock=clock),
            env={
                **environment(state, **clocked(clock), **(more or {})),
                "TERM": "xterm",
                "PROMPT_TOOLKIT_NO_CPR": "1",
                "COLUMNS": "100",
            },
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=ROOT,
            close_fds=True,
        )
        os.close(other)
        self.seen = ""

    @property
    def text(self) -> str:
        """What has been on the screen, without what moves the cursor or colours."""
        return _CONTROLS.sub("", self.seen)

    def types(self, text: str) -> None:
        """Presses keys."""
        os.write(self._main, text.encode())

    def reads(self, seconds: float = 0.1) -> bool:
        """Takes in what comes within a time; whether anything did."""
        if not select.select([self._main], [], [], seconds)[0]:
            return False
        try:
            self.seen += os.read(self._main, 65536).decode(errors="replace")
        except OSError:  # the other side has closed it
            return False
        return True

    def shows(self, words: str, seconds: float = 15.0, times: int = 1) -> str:
        """Waits until the words have been on the screen, so many times."""
        end = time.monotonic() + seconds
        while self.text.count(words) < times and time.monotonic() < end:
            if not self.reads() and self.process.poll() is not None:
                break
        assert self.text.count(words) >= times, self.text[-2000:]
        return self.text

    def leaves(self, seconds: float = 15.0) -> int | None:
        """Presses Ctrl-D until it has ended: between two prompts nobody listens to keys."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.types("\x04")
            self.reads(0.3)
        return self.process.poll()

    def close(self) -> None:
        """Ends it whatever it does."""
        self.process.kill()
        self.process.wait()
        os.close(self._main)


@contextmanager
def stuck(state: Path, *words: str, clock: Clock = None) -> Iterator[None]:
    """A bot whose output nobody reads, so that it cannot print; it is killed with the block."""
    reader, writer = os.pipe()
    size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writer, b"." * size)
    process = subprocess.Popen(
        command(*words, clock=clock),
        env=environment(state, **clocked(clock)),
        stdin=subprocess.PIPE,
        stdout=writer,
        cwd=ROOT,
    )
    try:
        yield
    finally:
        process.kill()
        process.communicate()
        os.close(reader)
        os.close(writer)


@contextmanager
def terminal(
    state: Path,
    *words: str,
    config: Path = CONFIG,
    clock: Clock = None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """A bot in a terminal; it is ended with the block."""
    made = Terminal(state, *words, config=config, clock=clock, more=more)
    try:
        yield made
    finally:
        made.close()
