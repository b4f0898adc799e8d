"""Stories of 1,000, 10,000 and 100,000 facts: what loading, reloading and answering cost.

Each step is a process of its own, so that its memory is its own: `python -m bench.scale STEP …`.
Answers come from the desk as the platforms get them, but never from those it keeps ready.
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, cast

from bench.memory import peak
from bench.story import DAYS, FIRST_DAY, make
from bench.table import Result, Row, Target, percentile, timed
from bot.config import read_config
from bot.edge.parts import Parts
from bot.wiring import build

SIZES = (1_000, 10_000, 100_000)
ASKS, RELOADS = 300, 20
QUICK_SIZES, QUICK_ASKS, QUICK_RELOADS = (1_000, 10_000), 50, 5
TODAY = datetime(2022, 2, 2, tzinfo=UTC)
SEED = 5

LOAD, SAME = "first load", "reload, nothing changed"
ONE_SOURCE, ONE_BRIEFING = "reload, one source changed", "reload, one briefing changed"
QUICK_ANSWERS = (
    "status",
    "status DATE",
    "search, a rare word",
    "search, a frequent word",
    "search, two words",
    "search, a misspelt word",
)
LOADING, SERVING = "peak memory, first load", "peak memory, reloading and serving"


class Step(NamedTuple):
    """What one process measured."""

    seconds: dict[str, list[float]]
    peak: float  # MB
    answers: str = ""  # a fingerprint of all that was answered


def run(*, quick: bool = False) -> Result:
    """Measures every size."""
    sizes, asks, reloads = (QUICK_SIZES, QUICK_ASKS, QUICK_RELOADS) if quick else (SIZES, ASKS, RELOADS)
    found: dict[str, list[Row]] = {}
    samples: dict[tuple[str, int], list[float]] = {}
    memory: dict[tuple[str, int], float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="exomars-bench-") as folder:
            place = Path(folder) / "story"
            made = make(place, size)
            print(f"{made.facts:,} facts in {made.sources:,} sources, {made.briefings:,} briefings", end="")
            steps = [_step("load", place, 1), _step("reload", place, reloads), _step("ask", place, asks)]
        print(f"; answers {steps[-1].answers}", flush=True)
        for step in steps:
            for what, seconds in step.seconds.items():
                samples[what, size] = seconds
                found.setdefault(what, []).append({**timed(what, seconds), "facts": size})
        memory[LOADING, size] = steps[0].peak
        memory[SERVING, size] = max(steps[1].peak, steps[2].peak)
    rows = [row for what in found for row in _with_growth(found[what], "median ms")]
    for what in (LOADING, SERVING):
        held: list[Row] = [{"what": what, "facts": size, "MB": memory[what, size]} for size in sizes]
        rows += _with_growth(held, "MB")
    order = ("what", "facts", "median ms", "p99 ms", "MB", "growth", "n")
    return Result(
        "scale",
        "Made-up stories of growing size; growth is against the size before",
        [{key: row.get(key) for key in order} for row in rows],
        _targets(samples, memory, sizes[-1]),
    )


def _targets(
    samples: dict[tuple[str, int], list[float]], memory: dict[tuple[str, int], float], size: int
) -> list[Target]:
    wanted = [(what, 2000.0) for what in (ONE_SOURCE, ONE_BRIEFING)]
    wanted += [(what, 50.0) for what in QUICK_ANSWERS]
    targets = [
        Target(f"{what}, {size:,} facts, p99", most, percentile(samples[what, size], 99) * 1e3, " ms")
        for what, most in wanted
    ]
    return targets + [
        Target(f"{what}, {size:,} facts", 300.0, memory[what, size], " MB") for what in (LOADING, SERVING)
    ]


def _with_growth(rows: list[Row], column: str) -> Iterator[Row]:
    before: float | None = None
    for row in rows:
        figure = cast("float", row[column])
        yield {**row, "growth": round(figure / before, 2) if before else None}
        before = figure


def _step(step: str, place: Path, times: int) -> Step:
    command = [sys.executable, "-m", "bench.scale", step, str(place), str(times)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Step(**json.loads(done.stdout))


# ── in the process of a step ────────────────────────────────────────────────────────────────


def _load(parts: Parts, _: Path, __: int) -> Step:
    seconds = _time(parts.refresh)
    assert not any(synced.problems for synced in parts.refresh())
    return Step({LOAD: [seconds]}, peak())


def _reload(parts: Parts, place: Path, times: int) -> Step:
    _touch(min((place / "corpus").iterdir()), -1)
    parts.refresh()  # what is imported for the first time is not what is to be measured
    seconds: dict[str, list[float]] = {SAME: [_time(parts.refresh) for _ in range(times)]}
    for what, folder in ((ONE_SOURCE, "corpus"), (ONE_BRIEFING, "briefings")):
        seconds[what] = []
        files = sorted((place / folder).iterdir())
        for number in range(times):
            _touch(files[number * len(files) // times], number)
            seconds[what].append(_time(parts.refresh))
    return Step(seconds, peak())


def _touch(path: Path, number: int) -> None:
    """Changes one statement in a file."""
    text = path.read_text(encoding="utf-8")
    for field in ("    says: ", "state: "):
        text = text.replace(field, f"{field}Changed {number} ", 1)
    path.write_text(text, encoding="utf-8")


def _ask(parts: Parts, _: Path, times: int) -> Step:
    desk = parts.desk()
    seconds: dict[str, list[float]] = {}
    answers = hashlib.sha256()
    for what, question in _questions().items():
        # The first answer of a process imports and opens; it is measured elsewhere.
        desk.answer(question(), "!made", TODAY)
        taken = seconds.setdefault(what, [])
        for __ in range(times):
            words = question()
            start = time.perf_counter()
            reply = desk.answer(words, "!made", TODAY)
            taken.append(time.perf_counter() - start)
            answers.update(repr((words, reply)).encode())
    return Step(seconds, peak(), answers.hexdigest()[:12])


def _questions() -> dict[str, Callable[[], str]]:
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="exomars-bench-") as folder:
        # The vocabulary is that of any story with this seed.
        stems = make(Path(folder) / "words", 100).words

    def day() -> date:
        return FIRST_DAY + timedelta(days=chance.randrange(DAYS))

    def timeline() -> str:
        start = day()
        return f"timeline from {start} to {start + timedelta(days=chance.choice((7, 30, 365)))}"

    def misspelt() -> str:
        word = chance.choice([stem for stem in stems[20:2000] if len(stem) > 5])
        at = chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return {
        "status": lambda: "status",
        "status DATE": lambda: f"status {day()}",
        "timeline FROM TO": timeline,
        "search, a rare word": lambda: f"search {chance.choice(stems[2000:])}",
        "search, a frequent word": lambda: f"search {chance.choice(stems[:20])}",
        "search, two words": lambda: f"search {' '.join(chance.sample(stems[:500], 2))}",
        "search, six words": lambda: f"search {' '.join(chance.sample(stems[:500], 6))}",
        "search, a misspelt word": lambda: f"search {misspelt()}",
    }


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Runs one step and prints what it measured."""
    step, place, times = sys.argv[1:]
    steps = {"load": _load, "reload": _reload, "ask": _ask}
    parts = build(read_config(os.path.join(place, "config.toml"), {}))
    try:
        found = steps[step](parts, Path(place), int(times))
    finally:
        parts.close()
    print(json.dumps(found._asdict()))


if __name__ == "__main__":
    main()
