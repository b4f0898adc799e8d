"""Figures: median and percentile, a table for people, JSON for machines."""

import json
import math
import os
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

RESULTS = Path(__file__).parent / "results"

Cell = str | int | float | None
Row = dict[str, Cell]


class Result(NamedTuple):
    """What one run of a benchmark found."""

    name: str  # of the benchmark, and of its file
    title: str
    rows: Sequence[Row]  # all with the same keys
    targets: Sequence["Target"] = ()


class Target(NamedTuple):
    """What was promised, and what was found."""

    what: str
    limit: float
    found: float
    unit: str = ""
    least: bool = False  # the limit is the least that was promised, not the most

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return self.found >= self.limit if self.least else self.found <= self.limit

    def __str__(self) -> str:
        found, limit = f"{shown(self.found)}{self.unit}", f"{shown(self.limit)}{self.unit}"
        bound = "at least" if self.least else "at most"
        return f"{'met   ' if self.met else 'MISSED'} {self.what}: {found}, {bound} {limit}"


def median(samples: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(samples)


def percentile(samples: Sequence[float], part: float) -> float:
    """The smallest sample that at least `part` of 100 do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * part / 100) - 1)]


def timed(what: str, seconds: Sequence[float]) -> Row:
    """One row of times: median and 99th percentile in milliseconds, and of how many."""
    p50, p99 = median(seconds) * 1e3, percentile(seconds, 99) * 1e3
    return {"what": what, "median ms": _rounded(p50), "p99 ms": _rounded(p99), "n": len(seconds)}


def shown(cell: Cell) -> str:
    """A figure with three digits that count, or a word."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def report(result: Result) -> None:
    """Prints a result and writes it to bench/results/NAME.json."""
    print(f"\n{result.title}\n")
    print(table(result.rows))
    for target in result.targets:
        print(target)
    RESULTS.mkdir(exist_ok=True)
    content = {
        "bench": result.name,
        "on": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "system": platform.system(),
            "cpus": os.cpu_count(),
        },
        "rows": list(result.rows),
        "targets": [{**target._asdict(), "met": target.met} for target in result.targets],
    }
    path = RESULTS / f"{result.name}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def table(rows: Sequence[Row]) -> str:
    """The rows in columns, figures to the right; Markdown, so that it can be pasted."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[shown(row.get(head)) for head in heads] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    words = [all(isinstance(row.get(head), str | None) for row in rows) for head in heads]
    rule = ["-" * (width - 1) + ("-" if word else ":") for width, word in zip(widths, words, strict=True)]
    lines = [heads, rule, *cells]
    return "\n".join(f"| {' | '.join(_padded(line, widths, words))} |" for line in lines)


def _padded(line: Sequence[str], widths: Sequence[int], words: Sequence[bool]) -> list[str]:
    return [
        cell.ljust(width) if word else cell.rjust(width)
        for cell, width, word in zip(line, widths, words, strict=True)
    ]


def _rounded(figure: float) -> float:
    return float(f"{figure:.4g}")
