"""Finding facts and briefings by words: by their forms, through misspellings, the best first."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

OPEN_MARK, CLOSE_MARK = "\x02", "\x03"

# Words that stand in every text and tell nothing about which one is meant.
STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be been but by can did do does for from had has
    have he her his how i if in into is it its me my no not of on or our out she should so some
    than that the their them then there these they this to us was we were what when where which
    who whom whose why will with would you your
    """.split()  # noqa: SIM905  (eighty lines of one word each would say no more)
)
MAX_WORDS = 8
MAX_LENGTH = 64  # characters of all words together
_POOL = 200  # how many of the best by bm25 are ranked anew by how many of the words they have
_CLOSE_ENOUGH = 75  # of 100, for a word that stands nowhere
_TOKEN = re.compile(r"\w+")
# What is retracted is not found, nor what is for another audience; see `Searched.values`.
_SEEN = "{of}.story = ? AND {of}.audience IN ('', ?) AND {of}.retracted = '~'"


class Searched(NamedTuple):
    """Where to look: one story, as one audience sees it."""

    db: sqlite3.Connection
    story: str
    audience: str

    @property
    def values(self) -> tuple[str, str]:
        """What `_SEEN` takes."""
        return self.story, self.audience


class Understood(NamedTuple):
    """What was looked for, in the end."""

    words: tuple[str, ...]  # those that tell something, as typed
    instead: tuple[tuple[str, str], ...]  # words that stand nowhere, and those looked for in their place
    nowhere: tuple[str, ...]  # words that stand nowhere, nor anything like them
    left: tuple[str, ...] = ()  # words beyond those that are looked for at once


class Hit(NamedTuple):
    """Something found, with the words marked by OPEN_MARK and CLOSE_MARK."""

    kind: str  # "fact" or "briefing"
    id: str
    marked: str  # the text of a fact, or the title of a briefing and a piece of its text
    covers: int  # how many of the words stand in it


class Found(NamedTuple):
    """The answer to one search."""

    understood: Understood
    hits: tuple[Hit, ...]


def search(where: Searched, text: str, limit: int) -> Found:
    """Looks for the words of `text` in the facts and briefings of a story."""
    understood, terms = _understand(where, text)
    if not terms:
        return Found(understood, ())
    hits = [*_briefings(where, terms), *_facts(where, terms)]
    # A text with all the words before one with some; else the order of bm25 stands.
    hits.sort(key=lambda hit: -hit.covers)
    return Found(understood, tuple(hits[:limit]))


def _understand(where: Searched, text: str) -> tuple[Understood, list[str]]:
    typed = list(dict.fromkeys(_TOKEN.findall(text.lower())))
    telling = [word for word in typed if word not in STOP_WORDS] or typed
    words = _few(telling)
    terms: list[str] = []
    instead: list[tuple[str, str]] = []
    nowhere: list[str] = []
    for word in words:
        if _stands(where, f'"{word}"'):
            terms.append(f'"{word}"')
        elif len(word) > 3 and _stands(where, f'"{word}"*'):
            terms.append(f'"{word}"*')
        elif near := _nearest(where, word):
            instead.append((word, near))
            terms.append(f'"{near}"')
        else:
            nowhere.append(word)
    return Understood(tuple(words), tuple(instead), tuple(nowhere), tuple(telling[len(words) :])), terms


def _few(words: Sequence[str]) -> list[str]:
    """The first words, few and short enough for a button to carry them."""
    few = list(words[:MAX_WORDS])
    while len(few) > 1 and len(" ".join(few)) > MAX_LENGTH:
        few.pop()
    return [word[:MAX_LENGTH] for word in few]


def _stands(where: Searched, term: str) -> bool:
    # CROSS JOIN: from the index to the story, or SQLite walks the whole story and asks the index of each.
    return any(
        where.db.execute(
            f"SELECT 1 FROM {table}_fts AS x CROSS JOIN {table} AS t ON t.number = x.rowid"
            f" WHERE {table}_fts MATCH ? AND {_SEEN.format(of='t')} LIMIT 1",
            (term, *where.values),
        ).fetchone()
        for table in ("fact", "briefing")
    )


def _nearest(where: Searched, word: str) -> str | None:
    from rapidfuzz import fuzz, process

    if len(word) < 4:
        return None
    # A misspelling seldom changes the length by more than two letters.
    rows = where.db.execute(
        "SELECT word FROM word WHERE story = ? AND audience IN ('', ?) AND length(word) BETWEEN ? AND ?",
        (*where.values, len(word) - 2, len(word) + 2),
    )
    words = dict.fromkeys(row[0] for row in rows)
    near = process.extract(word, list(words), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=5)
    return next((found for found, *_ in near if _stands(where, f'"{found}"')), None)


def _facts(where: Searched, terms: Sequence[str]) -> list[Hit]:
    rows = where.db.execute(
        "SELECT f.id, highlight(fact_fts, 0, ?, ?) FROM fact_fts JOIN fact AS f ON f.number = fact_fts.rowid"
        f" WHERE fact_fts MATCH ? AND {_SEEN.format(of='f')} ORDER BY rank LIMIT ?",
        (OPEN_MARK, CLOSE_MARK, " OR ".join(terms), *where.values, _POOL),
    )
    return _hits("fact", rows, terms)


def _briefings(where: Searched, terms: Sequence[str]) -> list[Hit]:
    rows = where.db.execute(
        "SELECT b.id, highlight(briefing_fts, 0, ?1, ?2) || ': ' || snippet(briefing_fts, 2, ?1, ?2, '…', 16)"
        " FROM briefing_fts JOIN briefing AS b ON b.number = briefing_fts.rowid"
        f" WHERE briefing_fts MATCH ?3 AND {_SEEN.format(of='b')} ORDER BY rank LIMIT 3",
        (OPEN_MARK, CLOSE_MARK, " OR ".join(terms), *where.values),
    )
    return _hits("briefing", rows, terms)


def _hits(kind: str, rows: Iterable[Sequence[str]], terms: Sequence[str]) -> list[Hit]:
    return [Hit(kind, row[0], row[1], _coverage(row[1], terms)) for row in rows]


def _coverage(marked: str, terms: Sequence[str]) -> int:
    """How many of the words are marked: each form of a word counts once."""
    forms = {piece.partition(CLOSE_MARK)[0].lower()[:4] for piece in marked.split(OPEN_MARK)[1:]}
    return min(len(forms), len(terms))
