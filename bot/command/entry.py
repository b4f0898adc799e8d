"""What a command is: one entry of the table that every platform derives its own form from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.command.asker import OPERATOR, Asker
from bot.edtf import Edtf
from bot.reply import Reply
from bot.store.shelf import Shelf

if TYPE_CHECKING:
    import sqlite3

    from bot.command.form import Form
    from bot.command.request import Misread, Request
    from bot.store.newsroom import Newsroom
    from bot.store.register import Register

Rank = Literal["reader", "admin", "editor", "owner"]
"""The most that somebody is where they ask: an admin of that server, an editor of the story, an owner."""

# What a parameter holds: how it is read, and what completes it. An "item" is a briefing, a source or a
# fact; a "person" is one, or a role. A "value" is read by its parameter's own `read`. A "text" may be
# long, and is never typed behind a command: it comes by name, as from a form. A "name" and a "topic" are
# words, which may be any spelling of one.
Kind = Literal[
    "date", "tag", "briefing", "source", "fact", "item", "command", "words", "place", "role", "person",
    "subscription", "draft", "value", "text", "name", "topic",
]  # fmt: skip

# Who may use a command: anybody; those who manage the server or have an admin role there; these on a
# server, and the editors of the story anywhere; or the owners, whom config.toml names. See docs/roles.md.
Access = Literal["everyone", "admins", "curators", "owners"]

Choices = list[tuple[str, str]]
"""What to show and what to send for it."""


class Param(NamedTuple):
    """One parameter of a command."""

    name: str
    kind: Kind
    help: str
    required: bool = False
    cues: tuple[str, ...] = ()  # words that may stand before its value
    cued: bool = False  # they have to
    read: Callable[[str], object] | None = None  # raises ValueError with a line for whoever typed it
    offer: Callable[[], Choices] | None = None  # all that completes it
    shown: str = ""  # what its value is called in a usage line, where that is not its name
    only: str = ""  # the platform that alone has it
    rare: bool = False  # one of those that a usage line sums up as [MORE]

    @property
    def usage(self) -> str:
        """`ID`, `[FROM]`, `[known DAY]`."""
        value = self.shown or (self.kind if self.cued and self.kind != "value" else self.name).upper()
        if self.cued:
            return f"[{self.cues[0]} {value}]"
        return value if self.required else f"[{value}]"


class Upload(NamedTuple):
    """A file that came with a command, or what stood in a block of code."""

    name: str  # as it was called; never used as a path
    text: str
    problem: str = ""  # why it could not be read, in a sentence; then there is no text


class Ask(NamedTuple):
    """All that a handler may know, and, where its command changes something, write to."""

    shelf: Shelf
    name: str  # of the story, as people say it
    call: str  # what is typed before a command: "!exomars"
    args: Mapping[str, "str | Edtf"]
    today: date
    commands: "Sequence[Command]"
    now: datetime
    asker: Asker = OPERATOR
    files: tuple[Upload, ...] = ()
    rank: "Rank" = "reader"
    admin: bool = False  # of the server where it is asked
    only_form: bool = False  # it is asked for a form: nothing can be written
    understands: "Callable[[str], Request | Misread] | None" = None  # another line, as this one was
    prepared: object = None  # what `Command.prepares` has found
    traces: "list[str] | None" = None  # a handler adds what is to stand nowhere in the files afterwards

    @property
    def newsroom(self) -> "Newsroom":
        """The newsroom of the story, on the connection of the shelf."""
        from bot.store.newsroom import Newsroom  # as below

        return Newsroom(self.shelf.connection, self.shelf.story)

    @property
    def register(self) -> "Register":
        """The register of subscriptions, on the connection of the shelf."""
        from bot.store.register import Register  # most commands do without

        return Register(self.shelf.connection)

    def text(self, name: str) -> str | None:
        """The value of a parameter that holds text; None where it was left out."""
        value = self.args.get(name)
        return value if isinstance(value, str) else None

    def when(self, name: str) -> Edtf | None:
        """The value of a parameter that holds a date; None where it was left out."""
        value = self.args.get(name)
        return value if isinstance(value, Edtf) else None


Memory = Callable[["sqlite3.Connection"], object]
"""Writes down what is remembered of whoever asked, after the answer, within a transaction of its own."""


class Command(NamedTuple):
    """One entry of the table; every platform derives its own form from it."""

    name: str  # one word, or two: "digest subscribe"
    help: str
    params: tuple[Param, ...]
    handler: Callable[[Ask], Reply]
    examples: tuple[str, ...] = ()
    access: Access = "everyone"
    changes: bool = False  # its handler writes: it is given the one connection that may
    # What its handler needs and takes long to find: read before, while others may write; as `Ask.prepared`.
    prepares: "Callable[[Ask], object] | None" = None
    fields: tuple[Param, ...] = ()  # what only a form has: each of kind "text"
    form: "Callable[[Ask], Form | Reply] | None" = None  # where a platform has forms: what it asks for
    form_bare: bool = False  # it does without its form: that is opened only where nothing was given with it
    files: bool = False  # it takes files
    takes_questions: bool = False  # a question that names no command is for it
    # What is to be written down of whoever asked, once they are answered; then no answer is kept for others.
    remembers: "Callable[[Ask, Reply], Memory | None] | None" = None
    # Where it depends on what was given, as it is typed: whether that opens its form. It does without it.
    form_where: "Callable[[str], bool] | None" = None

    @property
    def usage(self) -> str:
        """`timeline [FROM] [TO] [TAG]`."""
        common = [param.usage for param in self.params if not param.rare]
        more = ["[MORE]"] if len(common) < len(self.params) else []
        return " ".join((self.name, *common, *more))

    def opens_form(self, given: object) -> bool:
        """Whether its form is to be opened where so much was given with it: anything that is not empty."""
        if self.form is None or self.form_where is None:
            return self.form is not None and not (given and self.form_bare)
        parts = given.values() if isinstance(given, Mapping) else given
        return self.form_where(" ".join(map(str, parts)) if isinstance(parts, Iterable) else "")

    @property
    def written(self) -> bool:
        """Whether something is written for it: it takes files, or does not do without its form."""
        spoken = self.form_bare or self.form_where is not None
        return self.files or (self.form is not None and not spoken)

    @property
    def group(self) -> str:
        """`digest` of `digest subscribe`; empty for a command of one word."""
        return self.name.rpartition(" ")[0]
