"""Where a file and chat both changed a document: which of the two stands, and how that is told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from bot.edtf import spoken_day
from bot.load.folder import Seen
from bot.load.story import Loaded
from bot.model import EVERYONE, Problem, Shape
from bot.store import meaning
from bot.store.moments import moment
from bot.store.newsroom import RevisionRow
from bot.store.shelf import FileRow

Verdict = Literal["file", "newer file", "newer chat", "as before", "for everyone", "taken"]
"""What a file that was read means for what stands: it stands, since nothing is against it; it or what was
written in chat is the newer one; or it says what it said before, and what chat made of that stands.

Where the two are for different audiences they are two documents of one id: what is for everyone takes the
place of what one server wrote, and any other file finds its id taken."""


Stands = Literal["chat", "file", "chat, without a file", "file, for everyone"]


class Stood(NamedTuple):
    """A version from chat that stands, as far as the file of its document has to do with it."""

    version: int
    made: datetime
    meaning: str  # empty where it took the document away
    sha: str  # of its text, as a file would have it
    filed: str  # the meaning of the newest version that came with the file; empty where none did
    audience: str = EVERYONE


class Conflict(NamedTuple):
    """A document that was changed in its file and in chat, or whose file is gone."""

    path: str
    kind: str
    item: str
    version: int  # the one from chat
    made: datetime
    stands: Stands
    audience: str = EVERYONE  # of the one from chat

    def __str__(self) -> str:
        chat = f"(version {self.version}, {spoken_day(self.made.date())})"
        export = "`exomars export` writes what stands"
        if self.stands == "chat, without a file":
            return f"{self.path}: is gone, but was written in chat {chat}; that stands; {export}"
        if self.stands == "file, for everyone":
            return (
                f"{self.path}: is for everyone and stands; {self.audience} had a {self.kind} of its own of"
                f" this id {chat}: it is kept, and has to get another id; `exomars history {self.item}`"
                " shows both"
            )
        more = f", {export}" if self.stands == "chat" else ""
        return (
            f"{self.path}: was changed here and in chat {chat}; the newer one, from {_FROM[self.stands]},"
            f" stands; `exomars history {self.item}` shows both{more}"
        )

    @property
    def outcome(self) -> str:
        """What came of it, for the audit."""
        if self.stands == "chat, without a file":
            return "its file is gone; what was written in chat stands"
        if self.stands == "file, for everyone":
            return (
                "a file for everyone took this id; this server's own document is kept in the history, and has"
                " to get another id"
            )
        return f"changed in its file and in chat; the newer one, from {_FROM[self.stands]}, stands"


_FROM = {"chat": "chat", "file": "the file"}
_STANDS: Mapping[Verdict, Stands] = {
    "newer chat": "chat",
    "newer file": "file",
    "for everyone": "file, for everyone",
}


class HeldOut(NamedTuple):
    """A server's own document that leans on what is gone for everyone; it stands no longer."""

    path: str
    kind: str
    item: str
    audience: str
    why: str

    def __str__(self) -> str:
        return (
            f"{self.path}: is held out: it is {self.audience}'s own and {self.why};"
            f" `exomars history {self.item}` shows it"
        )


def stood(revisions: Sequence[RevisionRow]) -> Stood | None:
    """What stands of a document by all its versions, oldest first; None where that came with the file."""
    from hashlib import sha256

    standing = next((row for row in reversed(revisions) if row.stands), None)
    if standing is None or standing.act == "file":
        return None
    return Stood(
        standing.version,
        moment(standing.made),
        standing.meaning,
        sha256(standing.text.encode()).hexdigest(),
        next((row.meaning for row in reversed(revisions) if row.act == "file"), ""),
        standing.audience,
    )


def verdict(chat: Stood, said: str, audience: str, before: str, changed: datetime) -> Verdict:
    """What a file means for what stands from chat, by the hash of what it says and when it was changed.

    `audience` is the file's; `before` is the hash of what was read of it until now, empty where there was
    none.
    """
    if said == chat.meaning or before == chat.sha:
        return "file"  # it says what stands, or was changed after it had said so
    if audience != chat.audience:
        if not chat.meaning:
            return "file"  # the id is free again
        return "for everyone" if audience == EVERYONE else "taken"
    if said == chat.filed:
        return "as before"
    return "newer chat" if chat.made > changed else "newer file"


def verdicts(
    read: Iterable[Loaded], known: Mapping[str, FileRow], chat: Mapping[str, Stood]
) -> dict[str, Verdict]:
    """The verdict on each file that was read where something stands from chat."""
    found: dict[str, Verdict] = {}
    for one in read:
        path, item = one.seen.path, one.note.item
        if path in chat and item:
            before = known[path].sha if path in known else ""
            said = meaning.of(item)
            found[path] = verdict(chat[path], said, item.audience, before, _changed_at(one.seen))
    return found


def taken(path: str, chat: Stood, audience: str) -> Problem:
    """That the id of a file for one server belongs to what was written in chat for others."""
    whose = "everyone" if chat.audience == EVERYONE else "another server"
    what = f"is for {audience}, and has the id of what was written in chat for {whose}"
    return Problem(path, 1, what, "give it another id")


def conflicts(
    chat: Mapping[str, Stood],
    heard: Mapping[str, Verdict],
    read: Mapping[str, Shape],
    left: Mapping[str, Shape],
) -> tuple[Conflict, ...]:
    """What is to be told: of files that were read and say something else, and of those that are gone."""
    found = [
        _conflict(shape, chat[path], stands)
        for path, shape in read.items()
        if path in heard and (stands := _STANDS.get(heard[path]))
    ]
    found += [_conflict(shape, chat[path], "chat, without a file") for path, shape in left.items()]
    return tuple(sorted(found))


def _conflict(shape: Shape, said: Stood, stands: Stands) -> Conflict:
    return Conflict(shape.path, shape.kind, shape.id, said.version, said.made, stands, said.audience)


def _changed_at(seen: Seen) -> datetime:
    """When a file was last changed, as its folder lists it."""
    return datetime.fromtimestamp(int(seen.stat.split(":")[1]) / 1e9, UTC)
