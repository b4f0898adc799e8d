"""The words of a story in the database: kept as they were loaded, read as one value."""

import json
import sqlite3
from functools import lru_cache

from bot.model import NO_WORDS, Name, Vocabulary

_MOST_KEPT = 8  # vocabularies: each question asks for one


def vocabulary(db: sqlite3.Connection, story: str) -> Vocabulary:
    """The words of a story; none where it has no vocabulary."""
    row = db.execute("SELECT words FROM vocabulary WHERE story = ?", (story,)).fetchone()
    return _read(row[0]) if row else NO_WORDS


def keep_vocabulary(db: sqlite3.Connection, story: str, words: Vocabulary) -> None:
    """Puts them in the place of those there are."""
    if words == NO_WORDS:
        db.execute("DELETE FROM vocabulary WHERE story = ?", (story,))
        return
    text = json.dumps(words, ensure_ascii=False)
    db.execute(
        "INSERT INTO vocabulary VALUES (?, ?) ON CONFLICT (story) DO UPDATE SET words = excluded.words",
        (story, text),
    )


@lru_cache(maxsize=_MOST_KEPT)
def _read(text: str) -> Vocabulary:
    names, words, narrower = json.loads(text)
    return Vocabulary(
        tuple(Name(name, kind, *map(tuple, rest)) for name, kind, *rest in names),
        tuple(map(tuple, words)),
        tuple((wide, tuple(narrow)) for wide, narrow in narrower),
    )
