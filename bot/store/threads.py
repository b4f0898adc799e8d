"""The topics of a story: how much there is to each, and the newest of what there is."""

from collections.abc import Collection

from bot.store.shelf import Shelf
from bot.store.standing import STANDS

MANY = 10_000  # from which on that is quicker than to sort them


def tag_counts(shelf: Shelf) -> list[tuple[str, int]]:
    """All tags with how many facts each has, the most used first."""
    rows = shelf.connection.execute(
        "SELECT t.tag, count(*) AS many FROM fact_tag AS t"
        " WHERE t.story = ?1 AND t.audience IN ('', ?2) AND t.fact NOT IN"
        # From the few sources that are retracted, and not from all facts.
        " (SELECT f.id FROM source AS s CROSS JOIN fact AS f ON f.story = s.story AND f.source = s.id"
        "  WHERE s.story = ?1 AND s.retracted <> '~')"
        " GROUP BY t.tag ORDER BY many DESC, t.tag",
        (shelf.story, shelf.audience),
    )
    return [(row[0], row[1]) for row in rows]


def thread(shelf: Shelf, tag: str, limit: int, many: int = MANY) -> list[str]:
    """The ids of the facts of a tag, those that happened last first, and undated ones behind them.

    From so `many` facts of the tag on, all facts are walked by day.
    """
    has = "t.story = ?1 AND t.tag = ?3"
    count = shelf.connection.execute(
        "SELECT count(*) FROM fact_tag AS t WHERE t.story = ?1 AND t.tag = ?2", (shelf.story, tag)
    ).fetchone()[0]
    if count < many:
        of = f"fact_tag AS t CROSS JOIN fact AS f ON f.id = t.fact AND {STANDS.format(of='f')} WHERE {has}"
    else:
        of = (
            f"fact AS f WHERE {STANDS.format(of='f')} AND EXISTS"
            f" (SELECT 1 FROM fact_tag AS t WHERE {has} AND t.fact = f.id)"
        )
    rows = shelf.connection.execute(
        f"SELECT f.id FROM {of} ORDER BY f.first DESC, f.last DESC, f.known_on DESC, f.id LIMIT ?4",
        (shelf.story, shelf.audience, tag, limit),
    )
    return [row[0] for row in rows]


def newest_of(shelf: Shelf, tags: Collection[str], among_newest: int) -> dict[str, str]:
    """Of each tag the event or statement that became known last, where it is among the story's newest."""
    rows = shelf.connection.execute(
        "SELECT t.tag, n.id FROM (SELECT f.id, f.known_on, f.first FROM fact AS f"
        f" WHERE {STANDS.format(of='f')} AND f.kind IN ('event', 'statement')"
        " ORDER BY f.known_on DESC, f.first DESC, f.id LIMIT ?3) AS n"
        " CROSS JOIN fact_tag AS t ON t.story = ?1 AND t.fact = n.id"
        " ORDER BY n.known_on DESC, n.first DESC, n.id",
        (shelf.story, shelf.audience, among_newest),
    )
    found: dict[str, str] = {}
    for tag, fact in rows:
        if tag in tags:
            found.setdefault(tag, fact)
    return found
