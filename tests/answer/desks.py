"""A desk that answers about a story made of a few files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.desk.desk import Desk
from bot.model import Vocabulary
from bot.store.store import Store
from bot.store.vocabulary import keep_vocabulary
from tests.stories import STORY, scene


@contextmanager
def desk_about(root: Path, files: Mapping[str, str], words: Vocabulary | None = None) -> Iterator[Desk]:
    """What answers about a story of these files, in which there is no problem, and of these words."""
    store = Store(str(root / "state.db"))
    synced = scene(root / "story", files).sync(store)
    assert synced
    assert synced.problems == ()
    if words:
        store.write(lambda db: keep_vocabulary(db.conn, STORY.word, words))
    yield Desk(store, STORY)
    store.close()
