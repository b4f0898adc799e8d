"""Who said what, and which facts have some words: ids, the newest first."""

from collections.abc import Sequence

from bot.store.shelf import Shelf
from bot.store.standing import STANDS, phrases


def speakers(shelf: Shelf) -> list[tuple[str, int]]:
    """Everybody who said something, with how many statements each, the most first."""
    rows = shelf.connection.execute(
        "SELECT f.speaker, count(*) AS many FROM fact AS f"
        f" WHERE {STANDS.format(of='f')} AND f.speaker <> ''"
        " GROUP BY f.speaker ORDER BY many DESC, f.speaker",
        (shelf.story, shelf.audience),
    )
    return [(row[0], row[1]) for row in rows]


def said_by(shelf: Shelf, names: Sequence[str], limit: int) -> list[str]:
    """What these speakers said, the newest first."""
    if not names:
        return []
    rows = shelf.connection.execute(
        f"SELECT f.id FROM fact AS f WHERE {STANDS.format(of='f')} AND f.speaker <> ''"
        f" AND f.speaker IN ({', '.join('?' * len(names))})"
        " ORDER BY f.known_on DESC, f.first DESC, f.id LIMIT ?",
        (shelf.story, shelf.audience, *names, limit),
    )
    return [row[0] for row in rows]


def naming(shelf: Shelf, texts: tuple[str, ...], limit: int) -> list[str]:
    """The facts that have one of these texts in what they say, those that were loaded last first."""
    if not texts:
        return []
    rows = shelf.connection.execute(
        # CROSS JOIN: from the index to the facts, which are in it in the order of their numbers.
        "SELECT f.id FROM fact_fts AS x CROSS JOIN fact AS f ON f.number = x.rowid"
        f" WHERE fact_fts MATCH ?3 AND {STANDS.format(of='f')} ORDER BY x.rowid DESC LIMIT ?4",
        (shelf.story, shelf.audience, f"{{says}} : ({phrases(texts)})", limit),
    )
    return [row[0] for row in rows]
