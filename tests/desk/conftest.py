"""What tests of the desk share: the ferry's newsroom, with a clock that goes on with each word."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.command.asker import Asker
from bot.command.entry import Upload
from bot.render.terminal import text
from bot.reply import Reply
from bot.store.newsroom import AuditRow, Newsroom
from bot.store.store import Store
from tests import ferry
from tests.desk.people import a_desk, name_them


class Room:
    """A desk to talk to."""

    def __init__(self, database: Path, now: datetime = ferry.NOW) -> None:
        self.store = Store(str(database))
        self.desk = a_desk(self.store)
        self.now = now

    def asks(self, who: Asker, typed: str, *files: str) -> Reply:
        """The reply to a line, and the files that came along."""
        self.now += timedelta(seconds=10)
        uploads = tuple(Upload(f"{number}.md", one) for number, one in enumerate(files))
        return self.desk.answer(typed, "!ferry", self.now, who, uploads)

    def says(self, who: Asker, typed: str, *files: str) -> str:
        """All that is read of it."""
        return text(self.asks(who, typed, *files), call="!ferry")

    def audit(self) -> list[AuditRow]:
        """What is recorded, oldest first."""
        with self.store.reading("ferry") as shelf:
            return Newsroom(shelf.connection, "ferry").audit()[::-1]

    def rows(self, query: str, *values: object) -> Sequence[tuple[object, ...]]:
        """What a query finds."""
        with self.store.reading("ferry") as shelf:
            return shelf.connection.execute(query, values).fetchall()


def new_room(root: Path) -> Room:
    """The ferry's newsroom, as it is at first: the story, an editor, and the roles that count."""
    ferry.desk(root)._store.close()
    made = Room(root / "state.db")
    name_them(made.store)
    return made


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """The ferry's newsroom."""
    made = new_room(tmp_path)
    yield made
    made.store.close()
