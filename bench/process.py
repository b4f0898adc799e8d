"""`exomars COMMAND` as a whole process, beside a Python of the same venv that does nothing.

All commands and the empty Python run in turn, so that a busy machine slows them alike.
"""

import compileall
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.folder import EXOMARS, ROOT, environment, story_folder
from bench.table import Result, Row, Target, median, timed

RUNS, QUICK_RUNS = 40, 10
NOTHING, STATUS, VERSION = "python -c pass", "exomars status", "exomars --version"
FACT = "2022-07-13-termination#council-mandate"
COMMANDS = {
    NOTHING: (sys.executable, "-c", "pass"),
    VERSION: (EXOMARS, "--version"),
    STATUS: (EXOMARS, "status"),
    "exomars status --json": (EXOMARS, "status", "--json"),
    "exomars status 2022-03-05": (EXOMARS, "status", "2022-03-05"),
    "exomars status mid march": (EXOMARS, "status", "mid", "march"),
    "exomars timeline": (EXOMARS, "timeline"),
    "exomars briefings": (EXOMARS, "briefings"),
    "exomars briefing": (EXOMARS, "briefing"),
    "exomars sources": (EXOMARS, "sources"),
    "exomars fact ID": (EXOMARS, "fact", FACT),
    "exomars search launch": (EXOMARS, "search", "launch"),
    "exomars search lanuch, misspelt": (EXOMARS, "search", "lanuch"),
    "exomars help": (EXOMARS, "help"),
    "exomars about": (EXOMARS, "about"),
    "exomars check": (EXOMARS, "check"),
}
CHANGED, FIRST = "exomars status, one briefing changed", "exomars status, no database yet"


def run(*, quick: bool = False) -> Result:
    """Measures every command."""
    # A checkout may be new, and the environment may forbid Python to keep what it compiles.
    compileall.compile_dir(str(ROOT / "bot"), quiet=1)
    runs = QUICK_RUNS if quick else RUNS
    with story_folder() as folder:
        database = folder / "bench.db"
        settings = environment(EXOMARS_DB=str(database))
        tasks: dict[str, Callable[[], float]] = {
            what: _task(command, folder, settings) for what, command in COMMANDS.items()
        }
        status = tasks[STATUS]
        tasks[CHANGED] = lambda: _after(lambda: _change(folder), status)
        tasks[FIRST] = lambda: _after(lambda: _forget(database), status)
        for task in tasks.values():
            task()
        taken: dict[str, list[float]] = {what: [] for what in tasks}
        for _ in range(runs):
            for what, task in tasks.items():
                taken[what].append(task())
    least = median(taken[NOTHING])
    rows: list[Row] = [
        {**timed(what, seconds), "ratio": round(median(seconds) / least, 2), "n": len(seconds)}
        for what, seconds in taken.items()
    ]
    return Result(
        "process",
        "Whole processes; ratio of medians to an empty Python of the same venv",
        rows,
        [Target(f"{STATUS}, median, against {NOTHING}", 5.0, median(taken[STATUS]) / least)],
    )


def _task(command: tuple[str, ...], folder: Path, settings: dict[str, str]) -> Callable[[], float]:
    def task() -> float:
        start = time.perf_counter()
        subprocess.run(
            command, cwd=folder, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
        )
        return time.perf_counter() - start

    return task


def _after(prepare: Callable[[], None], task: Callable[[], float]) -> float:
    prepare()
    return task()


def _change(folder: Path) -> None:
    """Puts a word in front of the state of a briefing, or takes it away again."""
    path = min((folder / "briefings").iterdir())
    text = path.read_text(encoding="utf-8")
    marked = text.replace("\nstate: ", "\nstate: Again, ", 1)
    path.write_text(text.replace("Again, ", "", 1) if "Again, " in text else marked, encoding="utf-8")


def _forget(database: Path) -> None:
    for end in ("", "-wal", "-shm"):
        if os.path.exists(f"{database}{end}"):
            os.remove(f"{database}{end}")
