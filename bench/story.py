"""A made-up story of any size, always the same for the same seed, shaped like the real one.

Words are as frequent as in the real corpus (Zipf and Mandelbrot: the most frequent stands in a
third of the facts), facts have dates of every form, speakers and tags; a tenth of them overturns
or disputes an earlier one. A story of any size covers the same ten years. Its vocabulary knows all
speakers, what they belong to, and hundreds of words that mean the same.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

FACTS_IN_A_SOURCE = 25
FACTS_TO_A_BRIEFING = 100
SENTENCES = 8
FIRST_DAY, DAYS = date(2012, 1, 1), 3650
WORDS, SHIFT = 6000, 2.7  # how many there are, and Mandelbrot's shift for the most frequent
TAGS, SPEAKERS = 40, 60
RELATED = 0.1
BODIES, GROUPS, WIDER = 12, 400, 60  # in the vocabulary

CONFIG = """\
[[story]]
word = "made"
name = "A made-up story"
"""

_SMALL = ("the", "of", "to", "in", "and", "that", "on", "for", "was", "with", "had", "its")
_KINDS = ("event", "statement", "background", "plan")
_ONSETS = (
    "b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r",
    "s", "sh", "st", "t", "tr", "v", "w",
)  # fmt: skip
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_CODAS = ("", "", "l", "m", "n", "r", "s", "t", "nd", "rk")
_ENDINGS = ("", "", "", "", "s", "s", "ed", "ing")


class Made(NamedTuple):
    """What was made, and what can be asked of it."""

    sources: int
    facts: int
    briefings: int
    words: tuple[str, ...]  # stems, the most frequent first
    tags: tuple[str, ...]
    speakers: tuple[str, ...]


class _Fact(NamedTuple):
    id: str  # source-id#slug
    known_on: date
    lines: tuple[str, ...]


def make(folder: Path, facts: int, seed: int = 2022) -> Made:
    """Writes config.toml, corpus/ and briefings/ of a story with so many facts."""
    (folder / "corpus").mkdir(parents=True)
    (folder / "briefings").mkdir()
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    teller = _Teller(random.Random(seed))
    told: list[_Fact] = []
    count = facts // FACTS_IN_A_SOURCE
    for number in range(count):
        name, text = teller.source(number, count, told)
        (folder / "corpus" / f"{name}.md").write_text(text, encoding="utf-8")
    briefings = facts // FACTS_TO_A_BRIEFING
    for number in range(briefings):
        name, text = teller.briefing(number, briefings, told)
        (folder / "briefings" / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "corpus" / "vocabulary.yaml").write_text(teller.vocabulary(told), encoding="utf-8")
    return Made(count, len(told), briefings, tuple(teller.stems), tuple(teller.tags), tuple(teller.speakers))


class _Teller:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.stems = list(_stems(chance, WORDS))
        self.tags = self.stems[100 : 100 + TAGS]
        self._weights = list(accumulate(1 / (rank + SHIFT) for rank in range(1, WORDS + 1)))
        self._tag_weights = list(accumulate(1 / rank for rank in range(1, TAGS + 1)))
        names = [stem.capitalize() for stem in self.stems[200 : 200 + 2 * SPEAKERS]]
        self.speakers = [f"{first} {last}" for first, last in zip(names[::2], names[1::2], strict=True)]

    def source(self, number: int, count: int, told: list[_Fact]) -> tuple[str, str]:
        """The name and text of one source; its facts join those already `told`."""
        day = FIRST_DAY + timedelta(days=number * DAYS // count)
        name = f"{day.isoformat()}-{number:05}"
        facts = [self._fact(f"{name}#f{place}", day, told) for place in range(FACTS_IN_A_SOURCE)]
        told += facts
        head = [
            "---",
            f"id: {name}",
            f"title: {self._says(8)}",
            f"outlet: {self.chance.choice(self.speakers)}",
            f"url: https://{self.chance.choice(self.stems)}.example/{number}",
            f"published: {day.isoformat()}",
            "language: en",
            "facts:",
        ]
        return name, "\n".join([*head, *(line for fact in facts for line in fact.lines), "---", ""])

    def briefing(self, number: int, count: int, told: Sequence[_Fact]) -> tuple[str, str]:
        """The name and text of one briefing, which cites what was new on its day."""
        # Each tells of its own stretch of the story, the last of all of it.
        newest = (number + 1) * len(told) // count
        recent = told[max(0, newest - 2 * FACTS_TO_A_BRIEFING) : newest]
        day = recent[-1].known_on
        name = f"{day.isoformat()}-{number:04}"
        head = [
            "---",
            f"id: {name}",
            f"title: {self._says(6)}",
            f"as_of: {day.isoformat()}",
            f"state: {self._says(14)}.",
            f"phase: {'background' if number % 50 == 1 else self.tags[number % 7]}",
            f"tags: [{', '.join(self.chance.sample(self.tags, 3))}]",
            "---",
        ]
        body = [self._sentence(recent) + ("\n" if place % 3 == 2 else "") for place in range(SENTENCES)]
        return name, "\n".join([*head, *body, ""])

    def vocabulary(self, told: Sequence[_Fact]) -> str:
        """The text of a vocabulary: who speaks, for what body, and which words mean the same."""
        bodies = [stem.capitalize() for stem in self.stems[400 : 400 + BODIES]]
        lines = ["names:"]
        for body in bodies:
            lines += [f"  - name: {body}", "    kind: body"]
        for number, speaker in enumerate(self.speakers):
            lines += [
                f"  - name: {speaker}",
                "    kind: person",
                f"    also: [{speaker.partition(' ')[2]}]",
                f"    part_of: [{bodies[number % BODIES]}]",
                f"    introduced: ['{told[number * len(told) // SPEAKERS].id}']",
            ]
        free = self.stems[500:]
        groups = [free[place : place + 4] for place in range(0, 4 * GROUPS, 4)]
        wider = [free[place : place + 4] for place in range(4 * GROUPS, 4 * (GROUPS + WIDER), 4)]
        lines += ["words:", *(f"  - [{', '.join(group)}]" for group in groups)]
        lines += ["narrower:", *(f"  {wide}: [{', '.join(narrow)}]" for wide, *narrow in wider)]
        return "\n".join([*lines, ""])

    def _fact(self, name: str, day: date, told: Sequence[_Fact]) -> _Fact:
        kind = self.chance.choices(_KINDS, cum_weights=(50, 75, 90, 100))[0]
        happened = day - timedelta(days=self.chance.randrange(60))
        if kind == "plan":
            happened = day + timedelta(days=self.chance.randrange(1, 365))
        tags = {*self.chance.choices(self.tags, cum_weights=self._tag_weights, k=3)}
        if self.chance.random() < 0.02:
            tags.add("open")
        speaker = self.chance.choice(self.speakers) if kind == "statement" else ""
        lines = [
            f"  - id: {name.partition('#')[2]}",
            f"    date: {self._date(happened)}",
            f"    says: {self._says(17)}.",
            f"    speaker: {speaker}".rstrip(),
            f"    kind: {kind}",
            f"    tags: [{', '.join(sorted(tags))}]",
        ]
        if told and self.chance.random() < RELATED:
            # News overturns what is new: mostly one of the last few hundred facts.
            other = told[-1 - min(int(self.chance.expovariate(1 / 300)), len(told) - 1)]
            lines.append(f"    {'supersedes' if self.chance.random() < 0.7 else 'disputes'}:")
            lines += [f"      - fact: {other.id}", f"        because: {self._says(9)}."]
        return _Fact(name, day, tuple(lines))

    def _date(self, day: date) -> str:
        roll = self.chance.random()
        if roll < 0.8:
            return day.isoformat()
        if roll < 0.9:
            return f"{day:%Y-%m}"
        if roll < 0.95:
            return f"{(day - timedelta(days=self.chance.randrange(1, 20))).isoformat()}/{day.isoformat()}"
        return "undated"

    def _sentence(self, facts: Sequence[_Fact]) -> str:
        cites = dict.fromkeys(self.chance.choice(facts).id for _ in range(self.chance.randrange(1, 4)))
        return f"{self._says(18)} [{'; '.join(f'@{name}' for name in cites)}]."

    def _says(self, length: int) -> str:
        """Words, every third a small one, with a capital in front."""
        telling = self.chance.choices(self.stems, cum_weights=self._weights, k=length - length // 3)
        words = [stem + self.chance.choice(_ENDINGS) for stem in telling]
        for place in range(length // 3):
            words.insert(3 * place + 1, self.chance.choice(_SMALL))
        return " ".join(words).capitalize()


def _stems(chance: random.Random, count: int) -> Iterator[str]:
    """Words that could be English, all different, of two or three syllables."""
    made: set[str] = set()
    while len(made) < count:
        parts = (
            chance.choice(_ONSETS) + chance.choice(_NUCLEI) + chance.choice(_CODAS)
            for _ in range(chance.choice((1, 1, 2, 2, 2, 3)))
        )
        word = "".join(parts)
        if len(word) > 3 and word not in made:
            made.add(word)
            yield word
