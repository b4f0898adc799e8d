"""A newsroom to type into: a small story, a desk, and people of every rank."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.command.asker import OPERATOR, Asker, Place
from bot.command.entry import Upload
from bot.command.form import Form
from bot.command.request import find_command
from bot.command.terms import terms_of
from bot.desk.desk import Desk
from bot.render.terminal import text
from bot.reply import Reply
from bot.store.newsroom import AuditRow, EditorRow, Newsroom
from bot.store.store import Store
from tests.stories import NOW, STORY, StoryFolder, scene

PLACE = Place("discord", "1", "11", "#news", "text")


def person(user: str, server: str = "1", *, manages: bool = False, on: str = "discord") -> Asker:
    """Somebody on a server, or, with an empty one, in a direct message; on a platform."""
    place = PLACE._replace(server=server) if server else Place(on, "", "91", "direct", "direct")
    place = place._replace(platform=on)
    return Asker(on, server, user, place, manages=manages, name=f"name of {user}", terms=terms_of(on))


OWNER = person("900", "")
EDITOR, SECOND = person("100"), person("101")
ADMIN, OTHER_ADMIN = person("200", manages=True), person("300", "2", manages=True)
READER = person("400")


class Room:
    """The newsroom of the bridge, with a clock that goes on by ten seconds with each word."""

    def __init__(self, root: Path) -> None:
        self.folder: StoryFolder = scene(root)
        self.store = Store(self.folder.config.database)
        self.desk = Desk(self.store, STORY, owners=["discord/900"])
        self.now: datetime = NOW
        self.folder.sync(self.store)
        for one in (EDITOR, SECOND):
            self._add_editor(EditorRow(STORY.word, "discord", "", "person", one.user, one.name))

    def _add_editor(self, row: EditorRow) -> None:
        self.store.write(lambda db: Newsroom(db.conn, STORY.word).add_editor(row))

    def says(self, who: Asker, typed: str, *files: str) -> Reply:
        """What somebody gets for a line, and the texts that came along."""
        self.now += timedelta(seconds=10)
        uploads = tuple(Upload(f"file-{number}.md", one) for number, one in enumerate(files))
        return self.desk.answer(typed, "!bridge", self.now, who, uploads)

    def fills(self, who: Asker, typed: str, **values: str) -> Reply:
        """What somebody gets for a form that a line opens, with these values in the place of its own."""
        form = self.form(who, typed)
        assert isinstance(form, Form), form
        name, command = form.words, None
        for count in (2, 1):
            command = command or find_command(" ".join(name.split()[:count]), self.desk.commands)
        assert command is not None
        typed_values = dict(
            zip(_names(command.name, form.words), _rest(command.name, form.words), strict=False)
        )
        given = {field.name: field.value for field in form.fields} | values
        return self.desk.answer_values(command, {**typed_values, **given}, "/bridge", self.now, who)

    def form(self, who: Asker, typed: str) -> Form | Reply | None:
        """The form that a line opens."""
        self.now += timedelta(seconds=10)
        return self.desk.form_of(typed, "/bridge", self.now, who)

    def published(self, who: Asker, typed: str, *files: str) -> Reply:
        """The same as `says`, and then the draft is published."""
        draft = number_of(self.says(who, typed, *files))
        return self.says(who, f"draft publish {draft}")

    def audit(self) -> list[AuditRow]:
        """What was done, oldest first."""
        with self.store.reading(STORY.word) as shelf:
            return Newsroom(shelf.connection, STORY.word).audit()[::-1]

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """All rows of a table."""
        with self.store.reading(STORY.word) as shelf:
            return [tuple(row) for row in shelf.connection.execute(f"SELECT * FROM {table}").fetchall()]


def number_of(reply: Reply) -> int:
    """The number of the draft that a reply shows."""
    words = next(action.words for action in reply.actions if action.words.startswith("draft "))
    return int(words.split()[2])


def read(reply: Reply) -> str:
    """A reply as text."""
    return text(reply)


def _names(command: str, words: str) -> list[str]:
    first = {"draft edit": ["draft", "id"], "draft fact": ["draft", "slug"]}.get(command, ["id"])
    return first if words.removeprefix(command).strip() else []


def _rest(command: str, words: str) -> list[str]:
    return words.removeprefix(command).split()


__all__ = ["ADMIN", "EDITOR", "OPERATOR", "OTHER_ADMIN", "OWNER", "READER", "SECOND", "Room"]
