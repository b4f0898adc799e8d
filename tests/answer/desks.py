"""A desk that answers about a story made of a few files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.desk.desk import Desk
from bot.store.store import Store
from tests.stories import STORY, scene


@contextmanager
def desk_about(root: Path, files: Mapping[str, str]) -> Iterator[Desk]:
    """What answers about a story of these files, in which there is no problem."""
    store = Store(str(root / "state.db"))
    synced = scene(root / "story", files).sync(store)
    assert synced
    assert synced.problems == ()
    yield Desk(store, STORY)
    store.close()
