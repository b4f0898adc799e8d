"""What reading closely costs at 100,000 facts: `ask` and its kind, beside a plain search of SQLite's.

Each question is put in turn to the desk, as the platforms do, and as raw SQL to the index of words: any of
the same words, the ten best by rank. Each step is a process of its own: `python -m bench.questions STEP …`.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.story import DAYS, FIRST_DAY, Made, make
from bench.table import Result, Row, Target, median, percentile, timed
from bot.config import read_config
from bot.edge.parts import Parts
from bot.store.search import STOP_WORDS
from bot.wiring import build

SIZES, TIMES = (1_000, 100_000), 100
QUICK_SIZES, QUICK_TIMES = (1_000, 10_000), 40
TODAY = datetime(2022, 2, 2, tzinfo=UTC)
SEED = 7
FOUND = 10  # by the plain search
UNCOUNTED = 5  # of each kind: what is imported and read for the first time is measured elsewhere

WORD = "made"
_ASK, _OTHER = 60.0, 50.0  # milliseconds at most
_TOKEN = re.compile(r"[a-z]+")


class Asked(NamedTuple):
    """One kind of question, and what its answers may take."""

    what: str
    words: Callable[[], str]
    most: float


class Taken(NamedTuple):
    """What one kind of question took, and the plain search for the same words; seconds."""

    what: str
    most: float
    ours: list[float]
    plain: list[float]  # none where there are no words to be searched for
    declined: int


def run(*, quick: bool = False) -> Result:
    """Measures every size."""
    sizes, times = (QUICK_SIZES, QUICK_TIMES) if quick else (SIZES, TIMES)
    rows: list[Row] = []
    taken: list[Taken] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="exomars-bench-") as folder:
            place = Path(folder) / "story"
            made = make(place, size)
            print(
                f"{made.facts:,} facts in {made.sources:,} sources, {made.briefings:,} briefings", flush=True
            )
            (place / "made.json").write_text(json.dumps(made), encoding="utf-8")
            _step("load", place, 1)
            taken = [Taken(*one) for one in json.loads(_step("ask", place, times))]
        rows += [_row(one, size) for one in taken]
    return Result(
        "questions",
        "Questions to made-up stories, and a plain search of SQLite's for the same words",
        rows,
        [
            Target(f"{one.what}, {sizes[-1]:,} facts, p99", one.most, percentile(one.ours, 99) * 1e3, " ms")
            for one in taken
        ],
    )


def _row(one: Taken, size: int) -> Row:
    plain = timed(one.what, one.plain) if one.plain else {}
    return {
        **timed(one.what, one.ours),
        "facts": size,
        "FTS5 median ms": plain.get("median ms"),
        "FTS5 p99 ms": plain.get("p99 ms"),
        "ratio": round(median(one.ours) / median(one.plain), 2) if one.plain else None,
        "declined": one.declined,
    }


def _step(step: str, place: Path, times: int) -> str:
    command = [sys.executable, "-m", "bench.questions", step, str(place), str(times)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


# ── in the process of a step ────────────────────────────────────────────────────────────────


def _ask(parts: Parts, place: Path, times: int) -> list[Taken]:
    made = Made(*json.loads((place / "made.json").read_text(encoding="utf-8")))
    desk = parts.desk(WORD)
    known = {command.name for command in desk.commands}
    taken: list[Taken] = []
    for asked in questions(made):
        if asked.what.partition(",")[0].split()[0] not in known:
            continue
        ours: list[float] = []
        plain: list[float] = []
        declined = 0
        for number in range(times + UNCOUNTED):
            words = asked.words()
            start = time.perf_counter()
            reply = desk.answer(words, "!made", TODAY)
            middle = time.perf_counter()
            searched = _plain(parts, words)
            end = time.perf_counter()
            if number < UNCOUNTED:
                continue
            ours.append(middle - start)
            declined += reply.abstained
            if searched:
                plain.append(end - middle)
        taken.append(Taken(asked.what, asked.most, ours, plain, declined))
    return taken


def _plain(parts: Parts, words: str) -> bool:
    """Looks for any of the words as SQLite does by itself; whether there were any."""
    _, *typed = _TOKEN.findall(words.lower())
    telling = [word for word in typed if word not in STOP_WORDS]
    if not telling:
        return False
    with parts.store.reading(WORD) as shelf:
        shelf.connection.execute(
            "SELECT f.id, f.says FROM fact_fts JOIN fact AS f ON f.number = fact_fts.rowid"
            " WHERE fact_fts MATCH ? AND f.story = ? ORDER BY rank LIMIT ?",
            (" OR ".join(f'"{word}"' for word in telling), WORD, FOUND),
        ).fetchall()
    return True


def questions(made: Made) -> Iterator[Asked]:
    """Every kind of question, each time with other words."""
    chance = random.Random(SEED)

    def day() -> date:
        return FIRST_DAY + timedelta(days=chance.randrange(DAYS))

    def two_days() -> str:
        return " ".join(sorted(f"{day()}" for _ in range(2)))

    def frequent() -> str:
        return chance.choice(made.words[:100])

    def middling() -> str:
        return chance.choice(made.words[100:1000])

    def rare() -> str:
        return chance.choice(made.words[1000:])

    def speaker() -> str:
        return chance.choice(made.speakers)

    def tag() -> str:
        return chance.choice(made.tags)

    def misspelt() -> str:
        word = chance.choice([stem for stem in made.words[20:2000] if len(stem) > 5])
        at = chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    def ask(question: str) -> str:
        """The question with words in place of R, M and F, each rare, middling or frequent."""
        pick = {"R": rare, "M": middling, "F": frequent}
        return "ask " + re.sub(r"\b([RMF])(?=\b|ed|ing)", lambda found: pick[found[1]](), question)

    yield from (
        Asked(what, words, _ASK)
        for what, words in (
            ("ask, what somebody said", lambda: ask(f"what did {speaker()} say about the M?")),
            ("ask, when something happened", lambda: ask("when did the M R the M?")),
            ("ask, of frequent words", lambda: ask("why was the F Fed by the F?")),
            ("ask, as of a day", lambda: ask(f"what was known of the M and the R by {day()}?")),
            ("ask, whether it is so", lambda: ask("is the M still Ming the F?")),
            ("ask, misspelt", lambda: ask(f"who {misspelt()} the {misspelt()}?")),
            ("ask, a long one", lambda: ask(f"who {'F the M ' * 8}?")),
        )
    )
    yield from (
        Asked(what, words, _OTHER)
        for what, words in (
            ("since DATE", lambda: f"since {day()}"),
            ("disputes", lambda: "disputes"),
            ("disputes TOPIC", lambda: f"disputes {tag()}"),
            ("who NAME", lambda: f"who {speaker()}"),
            ("topic TOPIC", lambda: f"topic {tag()}"),
            ("compare DATE DATE", lambda: f"compare {two_days()}"),
        )
    )


def main() -> None:
    """Runs one step and prints what it measured."""
    step, place, times = sys.argv[1:]
    parts = build(read_config(os.path.join(place, "config.toml"), {}))
    try:
        if step == "load":
            problems = [problem for synced in parts.refresh() for problem in synced.problems]
            assert not problems, problems[:5]
        else:
            print(json.dumps(_ask(parts, Path(place), int(times))))
    finally:
        parts.close()


if __name__ == "__main__":
    main()
