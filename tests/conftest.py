"""What tests of the data's way from files to the database share: a story and a store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.store import Store
from tests.stories import StoryFolder, scene

# How long one example takes says more about the machine than about the code.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture
def folder(tmp_path: Path) -> StoryFolder:
    """A folder with a small story without problems."""
    return scene(tmp_path / "story")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database in a file."""
    made = Store(str(tmp_path / "state" / "test.db"))
    yield made
    made.close()


@pytest.fixture
def loaded(folder: StoryFolder, store: Store) -> Store:
    """The database with the small story in it."""
    folder.sync(store)
    return store
