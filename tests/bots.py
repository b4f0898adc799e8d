"""The real bot as a process of its own, for tests that talk to it from outside."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from tests.doubles.discord import DiscordDouble
from tests.doubles.slack import SlackDouble

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "config.toml"

Clock = datetime | Path | None
"""The moment at which a clock of a bot starts, or a file with the seconds by which it is off: shifted_bot."""


def environment(state: Path, **more: str) -> dict[str, str]:
    """The environment of a bot which keeps its state in a folder of its own."""
    own = ("DISCORD_", "SLACK_", "EXOMARS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    # Should the interpreter itself crash, the log says where.
    crash = {"PYTHONFAULTHANDLER": "1"}
    return {**kept, **crash, "EXOMARS_DB": str(state / "exomars.db"), "NO_COLOR": "1", **more}


def command(*words: str, config: Path = CONFIG, clock: Clock = None) -> list[str]:
    """The command line of a bot, by its own clock where one is given."""
    module = "tests.shifted_bot" if clock else "bot"
    return [sys.executable, "-m", module, "--config", str(config), *words]


def clocked(clock: Clock) -> dict[str, str]:
    """What the environment of a bot says of its clock."""
    if clock is None:
        return {}
    return {"TEST_CLOCK_FILE": str(clock)} if isinstance(clock, Path) else {"TEST_CLOCK": clock.isoformat()}


def exomars(
    state: Path,
    *words: str,
    typed: str | None = None,
    config: Path = CONFIG,
    clock: Clock = None,
    **more: str,
) -> "subprocess.CompletedProcess[str]":
    """Runs one command line to its end."""
    return subprocess.run(
        command(*words, config=config, clock=clock),
        env=environment(state, **clocked(clock), **more),
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


class RunningBot:
    """A bot that was started with `exomars run`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        """What it has said on standard error so far."""
        return self._log.read_text(encoding="utf-8")

    async def says(self, words: str, timeout: float = 10.0) -> str:
        """Waits until the log has these words; returns the log."""
        async with asyncio.timeout(timeout):
            while words not in self.log:
                await asyncio.sleep(0.02)
        return self.log

    async def end(self, number: signal.Signals = signal.SIGTERM, timeout: float = 15.0) -> int:
        """Sends a signal and waits for the exit code."""
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), timeout)

    async def ended(self, timeout: float = 15.0) -> int:
        """Waits until it ends by itself; the exit code."""
        return await asyncio.wait_for(self.process.wait(), timeout)


@asynccontextmanager
async def running(
    state: Path,
    discord: DiscordDouble | None,
    config: Path = CONFIG,
    more: Mapping[str, str] | None = None,
    clock: Clock = None,
    *,
    slack: SlackDouble | None = None,
) -> AsyncIterator[RunningBot]:
    """`exomars run` beside a double, or two; it is ended with the block."""
    state.mkdir(parents=True, exist_ok=True)
    log = state / "log.txt"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *command("run", config=config, clock=clock),
            env=environment(
                state,
                **{
                    **(_of_discord(discord) if discord else {}),
                    **(slack.environment if slack else {}),
                    **clocked(clock),
                    **(more or {}),
                },
            ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=ROOT,
        )
    bot = RunningBot(process, log)
    try:
        yield bot
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _of_discord(discord: DiscordDouble) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_BASE": discord.api_base,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }
