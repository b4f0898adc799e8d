"""The story of a run: something for every kind of digest on every day, each fact with a word of its own.

A fact that a reader is told can be found again in the channel by that word, and counted.
"""

import re
from collections.abc import Container, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

WORD, NAME = "ferry", "The ferry"
TOKEN = re.compile(r"\bload([a-z]{5})\b")

_DAY = timedelta(days=1)
_PLAN = "2025-01-05-plan"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Log(NamedTuple):
    """A source that was published."""

    id: str
    day: date
    facts: tuple[str, ...]  # their words


class Story:
    """Files of a made-up story in a folder; it grows while it is told."""

    def __init__(self, folder: Path, days: Iterable[date], chance: Random) -> None:
        self._folder = folder
        self._chance = chance
        self._made = 0
        self.logs: list[Log] = []
        self.corrected: dict[str, str] = {}  # words of facts: what is said of them since they were corrected
        for name in ("corpus", "briefings"):
            (folder / name).mkdir(parents=True)
        self._write(
            "corpus",
            _PLAN,
            _source(_PLAN, date(2025, 1, 5), [_fact("plan", date(2025, 1, 5), "The ferry is planned.")]),
        )
        self._briefing(date(2025, 1, 5), "A ferry is planned.")
        # A year before, something happened on each day of the run: for replays, and for “on this day”.
        for day in sorted({_year_before(day) for day in days}):
            self.add(day, 2)

    def add(self, day: date, count: int = 0) -> Log:
        """A source of this day appears, with so many facts; without a number, one to three."""
        name = f"{day}-log"
        words = [self._word() for _ in range(count or self._chance.randint(1, 3))]
        facts = [_fact(word, day, _brought(word)) for word in words]
        self._write("corpus", name, _source(name, day, facts))
        log = Log(name, day, tuple(words))
        self.logs.append(log)
        return log

    def correct_newest(self, known: Container[str], on: date) -> None:
        """The first fact of a source turns out to be otherwise: of the newest of these that has not been."""
        found = [log for log in self.logs if log.id in known and log.facts[0] not in self.corrected]
        if found:
            self._correct(max(found, key=lambda log: log.day), on)

    def _correct(self, log: Log, on: date) -> None:
        """Its file comes to say what is so, and what it said."""
        first, *others = log.facts
        self.corrected[first] = f"load{first} was lost"
        facts = [_fact(first, log.day, f"The ferry has it that load{first} was lost.")]
        facts += [_fact(word, log.day, _brought(word)) for word in others]
        was = [
            "corrections:",
            f"  - on: {on}",
            "    was: It said that the ferry had brought it over.",
            "    facts:",
            f"      - id: {first}",
            f"        date: {log.day}",
            f"        says: {_brought(first)}",
            "        speaker:",
        ]
        self._write("corpus", log.id, _source(log.id, log.day, [*facts, *was]))

    def brief(self, day: date, state: str) -> None:
        """A briefing of this day appears; of a day that has one, a new wording of it."""
        self._briefing(day, state)

    def _briefing(self, day: date, state: str) -> None:
        name = f"{day}-state"
        lines = [
            f"id: {name}",
            f"title: How it stands on {day}",
            f"as_of: {day}",
            f"state: {state}",
            "phase: building",
            "tags: [ferry]",
        ]
        self._write(
            "briefings", name, "\n".join(["---", *lines, "---", f"{state[:-1]} [@{_PLAN}#plan].", ""])
        )

    def _write(self, folder: str, name: str, text: str) -> None:
        part = self._folder / folder / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(self._folder / folder / f"{name}.md")

    def _word(self) -> str:
        """The next of some twelve million words."""
        self._made += 1
        number, word = self._made, ""
        for _ in range(5):
            number, place = divmod(number, 26)
            word = _LETTERS[place] + word
        return word


def configure(folder: Path, per_second: int, per_minute: int = 0) -> None:
    """Writes the bot's configuration: so many requests in a second to Discord, posts in a minute to Slack.

    0 stands for no limit.
    """
    text = f"""\
reload_seconds = 1

[[story]]
word = "{WORD}"
name = "{NAME}"

[discord]
requests_per_second = {per_second}

[slack]
posts_per_minute = {per_minute}
edits_per_minute = {per_minute}
"""
    (folder / "config.toml").write_text(text, encoding="utf-8")


def _source(name: str, day: date, facts: Iterable[str]) -> str:
    head = [
        "---",
        f"id: {name}",
        "title: The log of the ferry",
        "outlet: The Post",
        "url: https://post.example/log",
        f"published: {day}",
        "language: en",
        "facts:",
    ]
    return "\n".join([*head, *facts, "---", ""])


def _brought(word: str) -> str:
    return f"The ferry brought load{word} over."


def _fact(slug: str, day: date, says: str) -> str:
    lines = [f"  - id: {slug}", f"date: {day}", f"says: {says}", "speaker:", "kind: event", "tags: [ferry]"]
    return "\n    ".join(lines)


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=2025, day=28) if leap else day.replace(year=2025)
