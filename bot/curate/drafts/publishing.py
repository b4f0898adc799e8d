"""Publishing: documents, their revisions, the copies to be corrected and the audit, in one transaction.

Killed at any moment, all of it is there or nothing is.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlite_utils import Database

from bot.command.entry import Ask
from bot.command.record import known, record, who
from bot.curate.documents.checking import Part, Verdict, checked
from bot.curate.drafts.drafts import Draft
from bot.model import Problem
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.newsroom import AuditRow, RevisionRow
from bot.store.writing import Made, Put, drop, moved_on, put

UNDO_WITHIN = timedelta(minutes=10)
# What a change of wording alone is nothing to tell; what was taken out and comes back is.
TRAVELLING = ("add", "correct", "retract", "restore", "undo")

Name = tuple[str, str]  # kind and id


class Published(NamedTuple):
    """What came of it."""

    revisions: tuple[int, ...]
    items: tuple[Name, ...]
    copies: int  # posts that are being corrected
    held_out: int = 0  # documents of single servers that leaned on what is gone


def publish(ask: Ask, draft: Draft, verdict: Verdict, act: str) -> Published:
    """Publishes a draft that was found to be fine; `act` is the command, for the audit."""
    puts = _puts(verdict)
    row = draft.row
    made = Made(row.act, row.person, row.note, bool(row.quiet), row.id)
    versions = _versions(ask, [_name(one) for one in puts])
    held_out = _hold_out(ask, verdict.held_out)
    done = _write(ask, puts, (), made)._replace(held_out=held_out)
    ask.newsroom.save_draft(draft.row._replace(state="published", changed=stamp(ask.now)))
    _record(ask, act, done.items, versions, draft.row.audience)
    return done


def try_out(ask: Ask, draft: Draft, verdict: Verdict) -> None:
    """Writes a draft as it would be published, for a look at it: to be rolled back."""
    _hold_out(ask, verdict.held_out)
    made = Made(draft.row.act, draft.row.person, draft.row.note, quiet=True)
    _write(ask, _puts(verdict), (), made)


def undoable(ask: Ask) -> list[RevisionRow]:
    """What somebody published last, if that was within ten minutes and nothing came after it."""
    me = known(ask)
    last = ask.newsroom.last_by(me.id, ask.now - UNDO_WITHIN) if me else []
    if not last or last[0].act == "undo":
        return []
    together = [row for row in last if row.draft == last[0].draft]
    return [
        row for row in together if (now := ask.newsroom.standing(row.kind, row.item)) and now.id == row.id
    ]


class Undone(NamedTuple):
    """What stood before: documents to be put back, and what was new, to be taken away."""

    puts: tuple[Put, ...]
    gone: tuple[Name, ...]
    against: tuple[Problem, ...]  # what stands would lean on nothing
    held_out: tuple[Name, ...]  # what single servers have of their own, and would


def before(ask: Ask, rows: Sequence[RevisionRow]) -> Undone:
    """What stood before these revisions, held against what has come to lean on them since."""
    parts: list[Part] = []
    gone: list[Name] = []
    for row in rows:
        earlier = [one for one in ask.newsroom.revisions(row.kind, row.item) if one.version < row.version]
        stood = [one.text for one in earlier if one.stands]
        if stood and stood[-1]:
            parts.append(Part(row.kind, stood[-1], row.version))
        else:
            gone.append((row.kind, row.item))
    found = checked(parts, ask.shelf.shapes(), gone)
    against = [problem for one in found.parts for problem in one.problems]
    puts = tuple(Put(one.item, one.part.text) for one in found.parts if one.item)
    return Undone(puts, tuple(gone), (*against, *found.elsewhere), found.held_out)


def undo(ask: Ask, rows: Sequence[RevisionRow], found: Undone) -> Published:
    """Puts back what stood before; what was new is taken away. Nothing is overwritten."""
    versions = _versions(ask, [(row.kind, row.item) for row in rows])
    # Where only typing was mended, nobody was told, and nobody has to be.
    typing = rows[0].act in {"edit", "correct"} and bool(rows[0].quiet)
    made = Made("undo", who(ask), quiet=typing)
    held_out = _hold_out(ask, found.held_out)
    done = _write(ask, found.puts, found.gone, made)._replace(held_out=held_out)
    _record(ask, "undo", done.items, versions, rows[0].audience)
    return done


def _hold_out(ask: Ask, names: Sequence[Name]) -> int:
    """Takes out what single servers have of their own and what leans on nothing any more.

    Their admins read of it in their log, and `edit` has the text; nobody else learns what they have.
    """
    for kind, item in names:
        row = ask.newsroom.standing(kind, item)
        assert row is not None
        drop(Database(ask.shelf.connection), ask.shelf.story, [(kind, item)], _HELD_OUT, ask.now)
        ask.newsroom.note(
            AuditRow(
                0,
                stamp(ask.now),
                ask.shelf.story,
                row.audience,
                ask.asker.platform,
                "",
                "",
                None,
                "held out",
                item,
                _said(row.version),
                _said(0),
                _HELD_OUT.note,
            )
        )
    return len(names)


_HELD_OUT = Made("file", None, "what it leaned on is gone; `edit` has its text")


def _puts(verdict: Verdict) -> tuple[Put, ...]:
    return tuple(Put(one.item, one.part.text) for one in verdict.parts if one.item)


def _write(ask: Ask, puts: Sequence[Put], gone: Sequence[Name], made: Made) -> Published:
    db, story = Database(ask.shelf.connection), ask.shelf.story
    dropped = drop(db, story, gone, made, ask.now)
    ids = [*put(db, story, puts, made, ask.now), *dropped]
    moved_on(db, story)
    items = (*(_name(one) for one in puts), *gone)
    copies = 0
    if made.act in TRAVELLING and not made.quiet and any(ids):
        copies = _send_on(db, ask, items, max(ids))
    return Published(tuple(one for one in ids if one), items, copies)


def _send_on(db: Database, ask: Ask, items: Sequence[Name], revision: int) -> int:
    from bot.curate.copies.travelling import travel

    return travel(db, ask.shelf.story, items, revision, ask.now, new_mark)


def _name(one: Put) -> Name:
    return "briefing" if hasattr(one.item, "state") else "source", one.item.id


def _versions(ask: Ask, items: Sequence[Name]) -> dict[Name, int]:
    found = {}
    for kind, item in items:
        row = ask.newsroom.standing(kind, item)
        found[kind, item] = row.version if row and row.text else 0
    return found


def _record(ask: Ask, act: str, items: Sequence[Name], before: dict[Name, int], audience: str) -> None:
    after = _versions(ask, items)
    for name in items:
        record(ask, act, name[1], before=_said(before.get(name, 0)), after=_said(after[name]),
               audience=audience)  # fmt: skip


def _said(version: int) -> str:
    return f"version {version}" if version else "not there"
