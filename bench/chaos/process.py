"""The bot of a run: a real process that is started, killed and started again."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from pathlib import Path

from bench.folder import ROOT, environment

MODULE = "tests.shifted_bot"
END_SECONDS = 20.0
# What a library says at this level of a connection that is cut is no trouble: the runs cut it.
_TROUBLE = re.compile(r" (?:ERROR|CRITICAL) (?!discord\.|slack_)|^Traceback")


class Bot:
    """`exomars run` by a shifted clock."""

    def __init__(
        self, folder: Path, settings: dict[str, str], log: str = "bot.log", module: str = MODULE
    ) -> None:
        self.folder = folder
        self.database = folder / "chaos.db"
        self._settings = environment(
            EXOMARS_DB=str(self.database), TEST_CLOCK_FILE=str(folder / "clock"), NO_COLOR="1", **settings
        )
        self._log = folder / log
        self._module = module
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended since."""
        return self._process is not None and self._process.returncode is None

    @property
    def killed(self) -> bool:
        """Whether it was killed, and did not end by itself."""
        return self._process is not None and self._process.returncode == -signal.SIGKILL

    async def start(self) -> None:
        """Starts it; it need not be connected yet."""
        self.starts += 1
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                "--config",
                str(self.folder / "config.toml"),
                "run",
                env=self._settings,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def kill(self) -> None:
        """SIGKILL, at this very moment."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # Not by asyncio, which would look first whether it has ended, and then not see its end.
                os.kill(self._process.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Waits until a killed process is no more."""
        if self._process is not None:
            await self._process.wait()

    async def end(self) -> None:
        """Tells it to end, and waits until it has."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), END_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    @property
    def log(self) -> str:
        """What it has said on standard error so far."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def trouble(self) -> list[str]:
        """What its log calls an error, each kind of line once."""
        wrong = [line for line in self.log.splitlines() if _TROUBLE.search(line)]
        return [*dict.fromkeys(re.sub(r"^\S+ \S+ |\d+", "", line)[:300] for line in wrong)]
