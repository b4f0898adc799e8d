"""What follows from files that were taken over, in the same transaction: posts to mend, conflicts to keep."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlite_utils import Database

from bot.curate.files.conflict import Conflict, HeldOut, Stands
from bot.load.folder import Folder
from bot.load.note import parse
from bot.model import Briefing, Source
from bot.store.moments import moment, stamp
from bot.store.newsroom import AuditRow, Newsroom, RevisionRow
from bot.store.shelf import NEVER
from bot.store.writing import Put

FILES = "files"
"""The platform, in the audit, of what came with the files."""

Name = tuple[str, str]  # kind and id


def newly_mended(db: Database, story: str, puts: Iterable[Put], instead: Collection[Name] = ()) -> list[Name]:
    """The items that come with other corrections or another retraction than what stood before has.

    Not those that come `instead` of another document of the same id.
    """
    were = _mended(db, story)
    return [
        (_kind(one.item), one.item.id)
        for one in puts
        if one.stands
        and (_kind(one.item), one.item.id) not in instead
        and (one.item.corrections or one.item.retracted or (_kind(one.item), one.item.id) in were)
        and (before := _before(db, story, one.item))
        and _mends(one.item, before)
    ]


def send_on(db: Database, story: str, mended: Iterable[Name], now: datetime) -> None:
    """Has the posts that carry what was wrong be mended."""
    for name in mended:
        # Imported here: files seldom bring a correction.
        from bot.curate.copies.travelling import travel
        from bot.store.marks import new_mark

        row = Newsroom(db.conn, story).standing(*name)
        assert row
        travel(db, story, [name], row.id, now, new_mark)


def audit(db: Database, story: str, conflicts: Iterable[Conflict], now: datetime) -> None:
    """Adds the conflicts to the audit; what came of them is written already."""
    newsroom = Newsroom(db.conn, story)
    for one in conflicts:
        newest = newsroom.revisions(one.kind, one.item)[-1]
        after = "" if newest.version == one.version else f"version {newest.version}"
        row = _row(story, one, "file", now)
        newsroom.note(row._replace(before=f"version {one.version}", after=after, outcome=one.outcome))


def audit_held_out(db: Database, story: str, held_out: Iterable[HeldOut], now: datetime) -> None:
    """Tells each server, in its audit, what of its own stands no longer, and why."""
    newsroom = Newsroom(db.conn, story)
    for one in held_out:
        stood = [row.version for row in newsroom.revisions(one.kind, one.item) if row.stands and row.text]
        row = _row(story, one, "held out", now)
        newsroom.note(row._replace(before=f"version {stood[-1]}", outcome=one.why))


def _row(story: str, one: Conflict | HeldOut, act: str, now: datetime) -> AuditRow:
    """A row of the audit on a document: for those who had it."""
    return AuditRow(
        number=0,
        at=stamp(now),
        story=story,
        audience=one.audience,
        platform=FILES,
        server="",
        place=one.path,
        person=None,
        act=act,
        item=one.item,
        before="",
        after="",
        outcome="",
    )


def conflicts(newsroom: Newsroom, places: Iterable[Folder]) -> list[Conflict]:
    """The conflicts that the audit has, as far as nothing came after them."""
    kinds = {place.name: place.kind for place in places}
    found: dict[str, Conflict | None] = {}
    for row in newsroom.audit("platform = ? AND act = 'file' AND after != ''", (FILES,)):
        kind = kinds.get(row.place.rpartition("/")[0])
        if kind and row.place not in found:  # the newest of each file comes first
            found[row.place] = _still(row, kind, newsroom.revisions(kind, row.item))
    return [one for one in found.values() if one]


def _still(row: AuditRow, kind: str, revisions: list[RevisionRow]) -> Conflict | None:
    """The conflict of a row of the audit; None where a later version has settled it."""
    chat, file = (_version(text, revisions) for text in (row.before, row.after))
    if chat is None or file is None:
        return None
    stands = next(one for one in reversed(revisions) if one.stands)
    newest = next(one for one in reversed(revisions) if one.act == "file")
    if stands != (file if file.stands else chat) or newest != file:
        return None
    winner: Stands = "file" if file.stands else "chat"
    if chat.audience != file.audience:
        winner = "file, for everyone"
    return Conflict(row.place, kind, row.item, chat.version, moment(chat.made), winner, chat.audience)


def _version(text: str, revisions: list[RevisionRow]) -> RevisionRow | None:
    number = re.fullmatch(r"version (\d+)", text)
    return next((one for one in revisions if number and one.version == int(number[1])), None)


def _before(db: Database, story: str, item: Source | Briefing) -> Source | Briefing | None:
    """What a document said last; None where nobody has been told anything by it."""
    rows = Newsroom(db.conn, story).revisions(_kind(item), item.id)
    text = next((row.text for row in reversed(rows) if row.stands and row.text), "")
    return parse(f"{item.id}.md", _kind(item), text).item if text else None


def _mended(db: Database, story: str) -> set[Name]:
    """What stands corrected or retracted."""
    rows = db.conn.execute(
        "SELECT kind, item FROM correction WHERE story = ?1"
        " UNION SELECT 'source', id FROM source WHERE story = ?1 AND retracted != ?2"
        " UNION SELECT 'briefing', id FROM briefing WHERE story = ?1 AND retracted != ?2",
        (story, NEVER),
    )
    return {(kind, item) for kind, item in rows.fetchall()}


def _mends(item: Source | Briefing, before: Source | Briefing) -> bool:
    """Whether posts have to say something else: also where a correction or a retraction was taken back."""
    return bool(item.retracted) != bool(before.retracted) or {*item.corrections} != {*before.corrections}


def _kind(item: Source | Briefing) -> str:
    return "source" if isinstance(item, Source) else "briefing"
