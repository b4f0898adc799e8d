"""Corrections travel: what posts carry that is no longer so is promised to be mended, in one transaction.

items ── bodies that carry them ── each amended once ── posts that show something else ── edits promised

A body is always amended as it was promised first, from the versions it carries to those that stand.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from bot.curate.copies.amending import Change, amended
from bot.load.note import parse
from bot.model import EVERYONE, Briefing, Correction, Retraction, Source
from bot.reply import Reference, parse_reply, reply_text
from bot.store.moments import moment, stamp
from bot.store.newsroom import Newsroom, RevisionRow
from bot.store.outbox import Copy, DeliveryRow, Outbox
from bot.store.shelf import SourceCard
from bot.wording import cites_of, references

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

log = logging.getLogger("bot.curate")

TAKEN_OUT = "It was taken out of the story."

Name = tuple[str, str]  # kind and id
# Nothing; it is given the words unsent; its edit is given other words; it gets an edit.
Step = Literal["nothing", "words", "other words", "edit"]


def travel(  # noqa: PLR0917  (what was written, when, and what makes ids: its callers have nothing else)
    db: "Database",
    story: str,
    items: Iterable[Name],
    revision: int,
    now: datetime,
    new_mark: Callable[[], str],
) -> int:
    """Promises to mend every post that carries one of these items in an earlier version.

    `items` are sources and briefings (kind, id), `revision` is the newest of theirs. Runs in the transaction
    that has written them. Returns how many posts are to change.
    """
    outbox, changes, items = Outbox(db.conn), _Changes(db.conn, story), tuple(items)
    readers = changes.readers(items)
    count = 0
    for body, carried in outbox.carried(outbox.carriers(story, items)).items():
        # Posts of servers that have nothing of their own in it are amended once for all of them.
        own = changes.audiences(carried)
        copies: dict[str, list[Copy]] = {}
        for copy in outbox.copies(story, body):
            server = _server(copy.post)
            if EVERYONE in readers or server in readers:
                copies.setdefault(server if server in own else EVERYONE, []).append(copy)
        for audience, some in copies.items():
            wanted = _wanted(outbox, changes, body, carried, audience)
            steps: dict[Step, list[Copy]] = {}
            for copy in some:
                steps.setdefault(step_for(copy, wanted), []).append(copy)
            if unsent := steps.get("words", []):
                outbox.made_from(wanted, body)
                outbox.put_instead(wanted, revision, [copy.post.id for copy in unsent])
            outbox.put_instead(wanted, revision, [copy.edit for copy in steps.get("other words", [])])
            edits = steps.get("edit", [])
            outbox.promise_all(edit_of(copy.post, new_mark(), wanted, revision, now) for copy in edits)
            count += sum(len(found) for step, found in steps.items() if step != "nothing")
    return count


def _server(post: DeliveryRow) -> str:
    """The server that a post is on, as an audience; that of everyone where it is on none."""
    return f"{post.platform}/{post.server}" if post.server else EVERYONE


def step_for(copy: Copy, wanted: int) -> Step:
    """What has to be done so that a post shows the body that is wanted."""
    post = copy.post
    if copy.shown == wanted:
        return "nothing"
    # Also one that is under way: the pump sees by its words that another has to follow.
    if copy.edit_state in {"due", "taken"}:
        return "other words"
    if post.state == "due" and not post.unsure:
        return "words"
    if post.state == "done" and not post.message and post.platform != "terminal":
        return "nothing"  # it was deleted so soon that its id was never learned
    return "edit"


def edit_of(post: DeliveryRow, mark: str, body: int, revision: int, now: datetime) -> DeliveryRow:
    """The delivery that has a post show another body, as soon as it is there."""
    return DeliveryRow(
        mark,
        post.platform,
        post.server,
        post.place,
        post.place_kind,
        post.story,
        "edit",
        post.subscription,
        post.edition,
        body,
        "",
        "",
        0,
        stamp(now),
        stamp(now),
        None,
        message=post.message,
        target=post.id,
        revision=revision,
    )


def _wanted(
    outbox: Outbox, changes: "_Changes", body: int, carried: Sequence[tuple[str, int]], audience: str
) -> int:
    """The body that posts for an audience should show that were promised with this one."""
    told = [*changes.since(carried, audience)]
    if not told:
        return body
    reply = parse_reply(outbox.body(body))
    now = amended(
        reply, told, changes.references(told, {one.source_id for one in reply.references}, audience)
    )
    return body if now == reply else outbox.put_body(reply_text(now))


class _Changes:
    """What has become of the items of a story; each document is read once."""

    def __init__(self, connection: "sqlite3.Connection", story: str) -> None:
        self._newsroom = Newsroom(connection, story)
        self._rows: dict[Name, list[RevisionRow]] = {}
        self._items: dict[int, Source | Briefing | None] = {}
        self._found: dict[tuple[Name, int, str], Change | None] = {}

    def readers(self, items: Iterable[Name]) -> set[str]:
        """The audiences of these items as they stand, or stood last."""
        return {rows[-1].audience for name in items if (rows := self._stood(name))}

    def audiences(self, carried: Iterable[tuple[str, int]]) -> set[str]:
        """The servers that what is carried was ever for alone."""
        every = {row.audience for name in _versions(carried) for row in self._stood(name)}
        return every - {EVERYONE}

    def since(self, carried: Iterable[tuple[str, int]], audience: str) -> Iterator[Change]:
        """What has been corrected or retracted since these versions, for one audience."""
        for name, version in _versions(carried).items():
            key = (name, version, audience)
            if key not in self._found:
                self._found[key] = self._change(*key)
            if change := self._found[key]:
                yield change

    def references(self, changes: Iterable[Change], known: set[str], audience: str) -> tuple[Reference, ...]:
        """The sources that these changes bring, or change; beside those that are known."""
        wanted: dict[str, Source] = {}
        for change in changes:
            if isinstance(change.now, Source):
                wanted[change.now.id] = change.now
            elif change.now:
                cited = {cite.partition("#")[0] for cite in cites_of(change.now.sentences)}
                for source in sorted(cited - known - set(wanted)):
                    seen = [one for one in self._stood(("source", source)) if _sees(audience, one)]
                    found = self._item(seen[-1]) if seen else None
                    if isinstance(found, Source):
                        wanted[source] = found
        return references(map(_card, wanted.values()), wanted)

    def _change(self, name: Name, version: int, audience: str) -> Change | None:
        stood = self._stood(name)
        last = stood[-1] if stood else None
        if last is None or last.version == version:
            return None
        there = self._newsroom.revisions(*name)
        told = next((row for row in there if row.version == version or not version), last)
        last = _last(stood, told, audience)
        before, now = self._item(told), self._item(last)
        if told.id == last.id or before is None or not _sees(audience, told):
            return None
        if not last.text:
            return Change(before, None, (), Retraction(_day(last), TAKEN_OUT))
        if now is None:
            return None
        corrections = _corrections(before, now, _day(last))
        retracted = now.retracted if not before.retracted else None
        return Change(before, now, corrections, retracted) if corrections or retracted else None

    def _stood(self, name: Name) -> list[RevisionRow]:
        """Each version that stands or stood, oldest first."""
        if name not in self._rows:
            self._rows[name] = [row for row in self._newsroom.revisions(*name) if row.stands]
        return self._rows[name]

    def _item(self, row: RevisionRow) -> Source | Briefing | None:
        if row.id not in self._items:
            self._items[row.id] = _read(row)
        return self._items[row.id]


def _versions(carried: Iterable[tuple[str, int]]) -> dict[Name, int]:
    """Each source and briefing that is carried, in its earliest version; a fact has its source's."""
    versions: dict[Name, int] = {}
    for item, version in carried:
        source, fact, _ = item.partition("#")
        name = ("source", source) if fact else ("briefing", item)
        versions[name] = min(version, versions.get(name, version))
    return versions


def _last(stood: Iterable[RevisionRow], told: RevisionRow, audience: str) -> RevisionRow:
    """The version that a document which was told has come to, as an audience sees it.

    An id that was given up, and is then used for others, is that of another document.
    """
    last = told
    for row in stood:
        another = not last.text and row.audience != last.audience
        if row.version > told.version and _sees(audience, row) and not another:
            last = row
    return last


def _sees(audience: str, row: RevisionRow) -> bool:
    return row.audience in {EVERYONE, audience}


def _read(row: RevisionRow) -> Source | Briefing | None:
    """The document of a revision; None where it has none."""
    if not row.text:
        return None
    found = parse(f"{row.item}.md", row.kind, row.text)
    if found.item is None:
        # It was right by the checks of its time: nothing can be said of it, and the posts stay as they are.
        log.error("version %d of %s cannot be read: %s", row.version, row.item, found.problems[0])
    return found.item


def _corrections(before: Source | Briefing, now: Source | Briefing, day: date) -> tuple[Correction, ...]:
    """What was corrected since, and which corrections were taken back by `day`."""
    then = {(one.on, one.was) for one in before.corrections}
    since = {(one.on, one.was) for one in now.corrections}
    new = [one for one in now.corrections if (one.on, one.was) not in then]
    back = [
        one._replace(on=day, was=f"A correction was taken back: {one.was}")
        for one in before.corrections
        if (one.on, one.was) not in since
    ]
    return (*new, *back)


def _day(row: RevisionRow) -> date:
    return moment(row.made).date()


def _card(source: Source) -> SourceCard:
    return SourceCard(
        source.id,
        source.title,
        source.outlet,
        source.url,
        source.published,
        source.known_on,
        source.dated_by,
        source.language,
        source.note,
        len(source.facts),
    )
