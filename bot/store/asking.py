"""What a question is looked up by: the facts that may answer it, how rare a word is, what was misspelt."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.store.shelf import Shelf

MOST_FACTS = 250
FEWER_FACTS = 30  # of a story with thousands: each is read word by word, and the best stand in front
_ENOUGH = 8_000  # facts in which the words that are looked for may stand, all together
_COUNTED = 2_000  # facts; a word that stands in more of them tells hardly less
_LARGE = 2_000  # facts, from where on a story has fewer of them read for a question
_LAST_DAY = "9999-12-31"
_STANDING = "9999-12-31"  # behind the day of every retraction, and before that of none
_SIZE, _HIDDEN = "#", "-"  # in place of a stem, which has none of these


class _Counted(NamedTuple):
    """What was counted for earlier questions."""

    seen: dict[str, int]  # as one audience sees it, by stem
    all: dict[str, int]  # of what is for anybody
    words: dict[tuple[int, str], list[str]]  # as they are written, by their length and first letter


_KEPT: dict[tuple[str, str, str, str, str], _Counted] = {}
_MOST_KEPT = 32


def _kept(shelf: Shelf, until: str) -> _Counted:
    """What was counted of what was known by a day, until the story changes."""
    path = str(shelf.connection.execute("PRAGMA database_list").fetchone()[2])
    # What another story has is in the same index.
    version = str(shelf.connection.execute("SELECT group_concat(word || version) FROM story").fetchone()[0])
    key = (path, shelf.story, shelf.audience, version, until)
    if key not in _KEPT and len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    return _KEPT.setdefault(key, _Counted({}, {}, {}))


class Words:
    """The words of a story's facts, as one shelf sees them: how rare they are, and where they stand."""

    def __init__(self, shelf: Shelf, as_of: date | None) -> None:
        self._shelf = shelf
        self._as_of = as_of
        self._told_on = as_of.isoformat() if as_of else _STANDING  # what was retracted since was told then
        self._until = as_of.isoformat() if as_of else _LAST_DAY
        self._seen, self._all, self._words = _kept(shelf, self._until)

    def likely(self, phrases: Mapping[str, Sequence[str]]) -> list[str]:
        """The ids of the facts that have any of these phrases, each with its stems; the best first."""
        chosen: list[str] = []
        facts = 0
        counted = ((min(map(self._in_all, stems), default=0), phrase) for phrase, stems in phrases.items())
        for count, phrase in sorted(counted):
            # The rarest words tell most; those that stand everywhere only where nothing else does.
            if count and (not chosen or facts + count <= _ENOUGH):
                chosen.append(phrase)
                facts += count
        if not chosen:
            return []
        rows = self._shelf.connection.execute(
            "SELECT f.id FROM fact_fts CROSS JOIN fact AS f ON f.number = fact_fts.rowid"
            " WHERE fact_fts MATCH ? AND f.story = ? AND f.audience IN ('', ?) AND f.retracted > ?"
            " AND f.known_on <= ?"
            " ORDER BY rank LIMIT ?",
            (
                " OR ".join(f'"{phrase}"' for phrase in chosen),
                self._shelf.story,
                self._shelf.audience,
                self._told_on,
                self._until,
                MOST_FACTS if self.size() <= _LARGE else FEWER_FACTS,
            ),
        )
        return [row[0] for row in rows]

    def frequency(self, stems: Sequence[str]) -> int:
        """In how many facts a phrase may stand, at most: in as many as the rarest of its words."""
        return min(map(self._in_seen, stems), default=0)

    def size(self) -> int:
        """How many facts the story has, as far as it matters."""
        if _SIZE not in self._seen:
            self._seen[_SIZE] = self._shelf.count("fact", self._as_of)
        return self._seen[_SIZE]

    def like(self, word: str, by: int) -> list[str]:
        """The words of the story that begin as a word and are as long, give or take so many letters."""
        if not self._words:
            rows = self._shelf.connection.execute(
                "SELECT DISTINCT word FROM word WHERE story = ? AND audience IN ('', ?)",
                (self._shelf.story, self._shelf.audience),
            )
            found: dict[tuple[int, str], list[str]] = {}
            for (one,) in rows:
                found.setdefault((len(one), one[0]), []).append(one)
            self._words.update(found)  # at once: another thread may be reading
        return [
            one
            for size in range(len(word) - by, len(word) + by + 1)
            for first in {*word[:2]}  # the two may be swapped
            for one in self._words.get((size, first), ())
        ]

    def _in_all(self, stem: str) -> int:
        if stem not in self._all:
            found = self._shelf.connection.execute("SELECT doc FROM fact_term WHERE term = ?", (stem,))
            row = found.fetchone()
            self._all[stem] = int(row[0]) if row else 0
        return self._all[stem]

    def _in_seen(self, stem: str) -> int:
        if stem not in self._seen:
            found = self._in_all(stem)
            self._seen[stem] = self._count(stem) if found and not self._sees_all() else min(found, _COUNTED)
        return self._seen[stem]

    def _sees_all(self) -> bool:
        """Whether a large story is all that the index has, with nothing that is for others or of later."""
        if _HIDDEN not in self._seen:
            found = self._shelf.connection.execute("SELECT count(*) FROM fact").fetchone()
            self._seen[_HIDDEN] = int(found[0]) - self.size()
        return self.size() > _LARGE and not self._seen[_HIDDEN]

    def _count(self, stem: str) -> int:
        # The index also has what is for others: nobody is to learn of that by their answers.
        found = self._shelf.connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM fact_fts CROSS JOIN fact AS f ON f.number = fact_fts.rowid"
            " WHERE fact_fts MATCH ? AND f.story = ? AND f.audience IN ('', ?) AND f.retracted > ?"
            " AND f.known_on <= ? LIMIT ?)",
            (f'"{stem}"', self._shelf.story, self._shelf.audience, self._told_on, self._until, _COUNTED),
        ).fetchone()
        return int(found[0])
