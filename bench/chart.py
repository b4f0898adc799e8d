"""The picture of a timeline: drawn for the first time, and again, for the real story and for 100,000 facts.

From the words to the PNG. Cold is all of it, with Pillow and its fonts in memory; warm the same question
again, as on a platform, where the picture that was drawn is kept: `python -m bench.chart PLACE TIMES`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.folder import ROOT
from bench.story import make
from bench.table import Result, Row, Target, percentile, timed
from bot.config import read_config
from bot.render.picture import png
from bot.wiring import build

SIZE, TIMES = 100_000, 40
QUICK_SIZE, QUICK_TIMES = 10_000, 10
TODAY = datetime(2022, 8, 1, tzinfo=UTC)
COLD, WARM = "timeline chart, cold", "timeline chart, warm"


def run(*, quick: bool = False) -> Result:
    """Measures both stories, in light and in dark colours."""
    size, times = (QUICK_SIZE, QUICK_TIMES) if quick else (SIZE, TIMES)
    rows: list[Row] = []
    targets: list[Target] = []
    with tempfile.TemporaryDirectory(prefix="exomars-bench-") as folder:
        place = Path(folder) / "story"
        make(place, size)
        for story, config in (("the real one", ROOT), (f"{size:,} facts", place)):
            command = [sys.executable, "-m", "bench.chart", str(config / "config.toml"), folder, str(times)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            for what, seconds in json.loads(done.stdout).items():
                rows.append({"what": what, "story": story, **timed(what, seconds)})
                if what == WARM:
                    targets.append(
                        Target(f"{what}, {story}, p99", 300.0, percentile(seconds, 99) * 1e3, " ms")
                    )
    return Result("chart", "The picture of a timeline", rows, targets)


def main() -> None:
    """Measures one story in a process of its own, and prints what was found."""
    config, folder, times = sys.argv[1:]
    database = os.path.join(folder, f"{Path(config).parent.name}.db")
    parts = build(read_config(config, {"EXOMARS_DB": database}))
    try:
        parts.refresh()
        desk = parts.desk()
        seconds: dict[str, list[float]] = {COLD: [], WARM: []}
        for number in range(int(times) + 1):
            png.cache_clear()
            for what in (COLD, WARM):
                start = time.perf_counter()
                reply = desk.answer(f"timeline chart {('light', 'dark')[number % 2]}", "!x", TODAY)
                assert reply.picture is not None
                png(reply.picture)
                if number:  # before, fonts are read
                    seconds[what].append(time.perf_counter() - start)
        print(json.dumps(seconds))
    finally:
        parts.close()


if __name__ == "__main__":
    main()
