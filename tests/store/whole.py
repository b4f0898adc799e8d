"""Whether a database is whole, and what a story in it is made of."""

from sqlite_utils import Database

from bot.store.shelf import Shelf
from bot.store.store import Store
from tests.stories import STORY


def assert_whole(store: Store) -> None:
    """SQLite finds nothing wrong with the file, its keys and its indexes; all that is cited exists."""

    def check(db: Database) -> None:
        assert db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("fact", "briefing"):
            # With a rank of 1 the index is also held against the table it is of.
            db.conn.execute(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES('integrity-check', 1)")
            db.conn.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES('integrity-check')")
        loose = (
            "SELECT fact FROM citation AS c WHERE NOT EXISTS (SELECT 1 FROM fact AS f WHERE f.story = c.story"
        )
        assert db.conn.execute(f"{loose} AND f.id = c.fact)").fetchall() == []

    store.write(check)


def content(store: Store) -> dict[str, object]:
    """All that readers can see of the story."""
    with store.reading(STORY.word) as shelf:
        return {
            "sources": shelf.sources(),
            "facts": {one: shelf.facts_of(one) for one in shelf.source_ids()},
            "relations": {
                kind: shelf.links(_facts(shelf), kind, None, back=False)
                for kind in ("supersedes", "disputes")
            },
            "briefings": [card._replace(version=0) for card in shelf.briefings()],
            "sentences": {one: shelf.sentences(one) for one in shelf.briefing_ids()},
        }


def _facts(shelf: Shelf) -> list[str]:
    return [fact.id for one in shelf.source_ids() for fact in shelf.facts_of(one)]
