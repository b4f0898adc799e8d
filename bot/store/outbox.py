"""The outbox: what has been promised and has to reach a place once.

All methods are plain reads and writes; when to try and when to give up is decided in `deliver`.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeVar

from bot.store.moments import stamp
from bot.store.register import put_once

T = TypeVar("T")

Task = Literal["post", "publish", "notice", "edit", "answer"]
State = Literal["due", "taken", "done", "held", "refused"]


class DeliveryRow(NamedTuple):
    """One message that has to reach one place once. See the table of this name."""

    id: str
    platform: str
    server: str
    place: str
    place_kind: str
    story: str
    task: Task
    subscription: int
    edition: int | None
    body: int | None
    heading: str
    role: str
    publish: int
    made: str
    due: str
    until: str | None
    state: State = "due"
    tries: int = 0
    unsure: int = 0
    first_try: str | None = None
    outcome: str = ""
    message: str = ""
    done: str | None = None
    target: str = ""  # the delivery whose post is edited or answered
    revision: int | None = None  # the correction that it carries


class Attempt(NamedTuple):
    """What came of one try that did not succeed at once."""

    delivery: str
    at: str
    outcome: str


class Tally(NamedTuple):
    """What became of deliveries in a time."""

    sent: int
    late: int  # of these, tried more than once
    held: int
    refused: int
    waiting: int  # now, corrections apart


class Copy(NamedTuple):
    """A post that is on its way or has arrived, and its newest edit, if it has one."""

    post: DeliveryRow
    edit: str = ""  # its id
    edit_state: str = ""
    shown: int | None = None  # the body that it should show as things were promised so far


class Progress(NamedTuple):
    """How far a correction has come, in posts."""

    total: int
    edited: int  # they show it
    answered: int  # the platform lets nobody edit them, so that it stands under them
    waiting: int
    gone: int  # somebody has deleted them
    failed: tuple[tuple[str, str], ...]  # the rest: place, and why


NEVER_ARRIVED = "its post never arrived"
OVERTAKEN = "a later correction took its place"
"""In the outcome of an edit or an answer that is done: why nothing had to be. Else the post is gone."""

MOST_UNSURE = 16
"""Deliveries under way at one time that may have arrived: many, as after an outage, hold up no other."""

# What has become of a post that a correction has to reach. Of its edit and of the answer under it, the
# higher one counts.
_NEVER_POSTED, _FAILED, _GONE, _WAITING, _ANSWERED, _EDITED = range(6)

# With ?2 a body: that one, and what unsent posts were given in its place.
_MINE = "SELECT ?2 UNION SELECT body FROM carries WHERE item = '' AND version = ?2"

_DAY = timedelta(days=1)
_FAR = timedelta(hours=2)  # beyond every pause between two tries
_FIELDS = DeliveryRow._fields
_BECAME = ("state", "due", "tries", "unsure", "first_try", "outcome", "message", "done")
_BATCH = 100
_CORRECTION, _NO_CORRECTION = "task IN ('edit', 'answer')", "task NOT IN ('edit', 'answer')"
_NOT_UNDER_WAY = (
    f"place NOT IN (SELECT place FROM delivery WHERE platform = ? AND state = 'taken' AND {_CORRECTION})"
)
_SETS = ", ".join(f"{name} = ?" for name in _FIELDS[1:])


class Outbox:
    """The outbox as one connection sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def put_body(self, reply: str) -> int:
        """Keeps the words of a message, once; returns their id."""
        return put_once(self._db, "body", "reply", reply)

    def body(self, body: int) -> str:
        """The words kept under an id."""
        return str(self._db.execute("SELECT reply FROM body WHERE id = ?", (body,)).fetchone()[0])

    def promise(self, row: DeliveryRow) -> None:
        """Enters a delivery."""
        marks = ", ".join("?" * len(_FIELDS))
        self._db.execute(f"INSERT INTO delivery VALUES ({marks})", row)

    def take(self, platform: str, now: datetime, limit: int) -> list[DeliveryRow]:
        """Takes the longest due, so that nobody else does; from here on each may have arrived.

        Of what may have arrived before, the first try stays what it was, also where that is not known; no
        more than MOST_UNSURE of that are under way at one time. Corrections are taken apart.
        """
        which = f"{_NO_CORRECTION} ORDER BY due LIMIT ?"
        rows, room = self._due(which, platform, now, limit), self._room_for_unsure(platform)
        unsure = [row for row in rows if row.unsure]
        if len(unsure) > room:
            sure = self._due(f"unsure = 0 AND {which}", platform, now, limit)
            rows = sorted(unsure[:room] + sure, key=lambda row: row.due)[:limit]
        return self._taken(rows, now)

    def take_corrections(
        self, platform: str, now: datetime, limit: int, rests: Iterable[str] = ()
    ) -> list[DeliveryRow]:
        """Takes the longest due of those that edit or answer a post, in the same way.

        Of each place one at most, and none of a place where one is under way, or that `rests`.
        """
        free, values = _free(platform, [*rests])
        # With min() the other columns are those of the row that has it.
        oldest = (
            f"SELECT id FROM (SELECT id, min(due) AS first FROM delivery WHERE platform = ? AND state = 'due'"
            f" AND due <= ? AND {_CORRECTION} AND {free} GROUP BY place ORDER BY first LIMIT ?)"
        )
        found = self._db.execute(oldest, (platform, stamp(now), *values, limit)).fetchall()
        which = f"id IN ({_marks(found)}) ORDER BY due LIMIT ?"
        rows = self._due(which, platform, now, *(str(row[0]) for row in found), limit) if found else []
        return self._taken(rows, now)

    def _due(self, which: str, platform: str, now: datetime, *values: object) -> list[DeliveryRow]:
        where = f"platform = ? AND state = 'due' AND due <= ? AND {which}"
        return [*self._rows(where, platform, stamp(now), *values)]

    def _taken(self, due: Sequence[DeliveryRow], now: datetime) -> list[DeliveryRow]:
        rows = [
            row._replace(state="taken", first_try=row.first_try if row.unsure else stamp(now)) for row in due
        ]
        taken = "UPDATE delivery SET state = 'taken', first_try = iif(unsure, first_try, ?) WHERE id IN"
        for some in _batches(rows):
            self._db.execute(f"{taken} ({_marks(some)})", (stamp(now), *(row.id for row in some)))
        return rows

    def recover(self, platform: str, now: datetime) -> int:
        """Makes due what was taken by a process that is gone: it may have arrived. Returns how many."""
        self.not_after(now)
        return self._db.execute(
            "UPDATE delivery SET state = 'due', unsure = 1 WHERE platform = ? AND state = 'taken'",
            (platform,),
        ).rowcount

    def not_after(self, now: datetime) -> None:
        """Makes due now what waits for a moment or was tried at one that the clock, put back, is far from.

        When it was tried is not known then, so that it is looked for.
        """
        far = stamp(now + _FAR)
        self._db.execute(
            "UPDATE delivery SET due = ?1, first_try = NULL WHERE state = 'due' AND (made > ?1 OR due > ?2"
            " OR first_try > ?1)",
            (stamp(now), far),
        )

    def forget_tries(self, platform: str) -> None:
        """Has everything that may have arrived be looked for, as where another account goes on."""
        self._db.execute(
            "UPDATE delivery SET first_try = NULL WHERE platform = ? AND state IN ('due', 'taken')",
            (platform,),
        )

    def next_due(self, platform: str) -> str | None:
        """When the next delivery is due that may be taken then, corrections apart."""
        which = _NO_CORRECTION if self._room_for_unsure(platform) else f"{_NO_CORRECTION} AND unsure = 0"
        row = self._db.execute(
            f"SELECT due FROM delivery WHERE platform = ? AND state = 'due' AND {which} ORDER BY due LIMIT 1",
            (platform,),
        ).fetchone()
        return row and str(row[0])

    def _room_for_unsure(self, platform: str) -> int:
        """How many more that may have arrived may be under way."""
        row = self._db.execute(
            f"SELECT count(*) FROM delivery WHERE platform = ? AND state = 'taken' AND unsure"
            f" AND {_NO_CORRECTION}",
            (platform,),
        ).fetchone()
        return max(MOST_UNSURE - int(row[0]), 0)

    def next_correction(self, platform: str, rests: Mapping[str, datetime]) -> str | None:
        """When the next correction may go: not where one is under way, nor where a place `rests` until then.

        What becomes free by the end of one is seen at that end.
        """
        some = f"FROM delivery WHERE platform = ? AND state = 'due' AND {_CORRECTION} AND"
        free, values = _free(platform, [*rests])
        first = self._db.execute(
            f"SELECT due {some} {free} ORDER BY due LIMIT 1", (platform, *values)
        ).fetchone()
        moments = [str(first[0])] if first else []
        for places in _batches([*rests]):
            where = f"place IN ({_marks(places)}) AND {_NOT_UNDER_WAY}"
            resting = self._db.execute(
                f"SELECT place, min(due) {some} {where} GROUP BY place",
                (platform, *places, platform),
            )
            moments += [max(str(due), stamp(rests[place])) for place, due in resting]
        return min(moments, default=None)

    def corrected_between(self, platform: str, start: datetime, end: datetime) -> dict[str, str]:
        """Where a correction has been made after one moment and by another, and when the last was."""
        found = self._db.execute(
            "SELECT place, max(done) FROM delivery WHERE done > ? AND done <= ? AND platform = ?"
            f" AND {_CORRECTION} AND state = 'done' AND outcome = '' GROUP BY place",
            (stamp(start), stamp(end), platform),
        )
        return {str(place): str(done) for place, done in found}

    def save(self, row: DeliveryRow) -> None:
        """Keeps a changed delivery."""
        self._db.execute(f"UPDATE delivery SET {_SETS} WHERE id = ?", (*row[1:], row.id))

    def keep(self, rows: Sequence[DeliveryRow]) -> None:
        """Keeps what has become of deliveries that were taken; what was ordered of them stays as it is.

        Many in one statement: each statement gives way to the event loop's thread, and waits for it.
        """
        sets = ", ".join(f"{name} = v.column{number}" for number, name in enumerate(_BECAME, 2))
        for some in _batches(rows):
            values = ", ".join([f"({', '.join('?' * (len(_BECAME) + 1))})"] * len(some))
            self._db.execute(
                f"UPDATE delivery SET {sets} FROM (VALUES {values}) AS v WHERE delivery.id = v.column1",
                [value for row in some for value in (row.id, *(getattr(row, name) for name in _BECAME))],
            )

    def get(self, delivery: str) -> DeliveryRow | None:
        """A delivery by its id."""
        return next(self._rows("id = ?", delivery), None)

    def get_all(self, ids: Sequence[str]) -> dict[str, DeliveryRow]:
        """Deliveries by their ids."""
        return {row.id: row for some in _batches(ids) for row in self._rows(f"id IN ({_marks(some)})", *some)}

    def corrected_places(self, platform: str) -> set[str]:
        """Where a correction is under way now."""
        found = self._db.execute(
            f"SELECT place FROM delivery WHERE platform = ? AND state = 'taken' AND {_CORRECTION}",
            (platform,),
        )
        return {str(row[0]) for row in found}

    def open_corrections(self, targets: Sequence[str]) -> dict[str, list[DeliveryRow]]:
        """The corrections of these posts that are still to be made, by the id of the post's delivery."""
        found: dict[str, list[DeliveryRow]] = {}
        for some in _batches(targets):
            where = f"target IN ({_marks(some)}) AND target != '' AND state IN ('due', 'taken')"
            for row in self._rows(where, *some):
                found.setdefault(row.target, []).append(row)
        return found

    def note(self, attempt: Attempt) -> None:
        """Keeps what came of a try."""
        self._db.execute("INSERT INTO attempt (delivery, at, outcome) VALUES (?, ?, ?)", attempt)

    def attempts(self, delivery: str) -> list[Attempt]:
        """What came of the tries that did not succeed at once, oldest first."""
        found = self._db.execute(
            "SELECT delivery, at, outcome FROM attempt WHERE delivery = ? ORDER BY number", (delivery,)
        )
        return [Attempt._make(row) for row in found]

    def of_edition(self, edition: int) -> list[DeliveryRow]:
        """The deliveries of an edition: the post, then what follows from it."""
        return [*self._rows("edition = ? ORDER BY made, task", edition)]

    def open_of(self, subscription: int) -> list[DeliveryRow]:
        """The deliveries of a subscription that are still to be made."""
        return [*self._rows("subscription = ? AND state IN ('due', 'taken')", subscription)]

    def publications(self, place: str, since: datetime) -> list[str]:
        """When messages of a channel were published since a moment, or are to be, oldest first."""
        found = self._db.execute(
            "SELECT coalesce(done, due) FROM delivery WHERE task = 'publish' AND place = ?"
            " AND (done IS NULL OR done > ?) ORDER BY 1",
            (place, stamp(since)),
        )
        return [str(row[0]) for row in found]

    def states(self, ids: Sequence[str]) -> dict[str, str]:
        """The states of these deliveries."""
        found: dict[str, str] = {}
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ", ".join("?" * len(some))
            found.update(self._db.execute(f"SELECT id, state FROM delivery WHERE id IN ({marks})", some))
        return found

    def tally(self, start: datetime, end: datetime) -> Tally:
        """What became of deliveries between two moments."""
        row = self._db.execute(
            "SELECT count(*) FILTER (WHERE state = 'done'),"
            " count(*) FILTER (WHERE state = 'done' AND tries > 1),"
            " count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'refused')"
            " FROM delivery WHERE done > ? AND done <= ? AND task = 'post'",
            (stamp(start), stamp(end)),
        ).fetchone()
        sent, late, held, refused = map(int, row)
        return Tally(sent, late, held, refused, self._waiting(_NO_CORRECTION))

    def corrections_waiting(self) -> int:
        """How many corrections are still to be made."""
        return self._waiting(_CORRECTION)

    def _waiting(self, which: str) -> int:
        found = self._db.execute(
            f"SELECT (SELECT count(*) FROM delivery WHERE state = 'due' AND {which}) +"
            f" (SELECT count(*) FROM delivery WHERE state = 'taken' AND {which})"
        ).fetchone()
        return int(found[0])

    def unheard(self, now: datetime) -> list[tuple[int, str, str]]:
        """Subscriptions of which a post was held a day ago or more, and none has arrived since.

        Each with when that post was made, and what was the matter with it.
        """
        found = self._db.execute(
            "SELECT d.subscription, min(d.made), max(d.outcome) FROM delivery d JOIN subscription s"
            " ON s.id = d.subscription WHERE d.done > ? AND d.made < ? AND d.state = 'held'"
            " AND d.outcome != '' AND d.task = 'post' AND s.paused = '' AND s.ended IS NULL"
            " AND (s.warned IS NULL OR s.warned < ?) AND NOT EXISTS (SELECT 1 FROM delivery e"
            " JOIN edition n ON n.id = e.edition WHERE n.subscription = d.subscription"
            " AND e.state = 'done' AND e.task = 'post' AND e.made > d.made) GROUP BY d.subscription",
            (stamp(now - 3 * _DAY), stamp(now - _DAY), stamp(now - _DAY)),
        )
        return [(int(row[0]), str(row[1]), str(row[2])) for row in found]

    def arrived_since(self, platform: str, moment: datetime) -> bool:
        """Whether anything at all has arrived on a platform since a moment."""
        row = self._db.execute(
            "SELECT 1 FROM delivery WHERE done > ? AND state = 'done' AND platform = ? LIMIT 1",
            (stamp(moment), platform),
        ).fetchone()
        return row is not None

    def _rows(self, where: str, *values: object) -> Iterator[DeliveryRow]:
        columns = ", ".join(_FIELDS)
        found = self._db.execute(f"SELECT {columns} FROM delivery WHERE {where}", values)
        return map(DeliveryRow._make, found.fetchall())

    # ── corrections ─────────────────────────────────────────────────────────────────────

    def carry(self, body: int, story: str, facts: Iterable[str], briefings: Iterable[str]) -> None:
        """Keeps what a body carries, in the versions that stand; a fact in the version of its source."""
        by_source: dict[str, list[str]] = {}
        for fact in facts:
            by_source.setdefault(fact.partition("#")[0], []).append(fact)
        found: list[tuple[str, int, int]] = []
        for source, some in by_source.items():
            version = self._standing(story, "source", source)
            found += [(fact, body, version) for fact in some]
        found += [(item, body, self._standing(story, "briefing", item)) for item in briefings]
        self._db.executemany("INSERT OR IGNORE INTO carries VALUES (?, ?, ?)", found)

    def carried(self, bodies: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
        """What bodies carry: ids of briefings and of facts, each with the version they have it in.

        The version of a fact is its source's; 0 is from before there were any, and means the first.
        """
        found: dict[int, list[tuple[str, int]]] = {body: [] for body in bodies}
        for some in _batches(bodies):
            rows = self._db.execute(
                "SELECT body, item, version FROM carries"
                f" WHERE body IN ({_marks(some)}) AND item != '' ORDER BY item",
                some,
            )
            for body, item, version in rows:
                found[body].append((str(item), int(version)))
        return found

    def carriers(self, story: str, items: Iterable[tuple[str, str]]) -> list[int]:
        """The bodies of a story's posts that carry any of these (kind, id); of a source, any fact."""
        found: set[int] = set()
        for kind, item in items:
            # Facts by a range of ids and not by LIKE, so that the key serves.
            ends = (f"{item}#", f"{item}$") if kind == "source" else (item, f"{item}\0")
            rows = self._db.execute("SELECT body FROM carries WHERE item >= ? AND item < ?", ends)
            found.update(row[0] for row in rows)
        return [body for body in sorted(found) if self._is_posted(story, body)]

    def made_from(self, body: int, original: int) -> None:
        """Keeps that a body is what another one says now: posts that get it from the start go by that."""
        if body != original:
            self._db.execute("INSERT OR IGNORE INTO carries VALUES ('', ?, ?)", (body, original))

    def copies(self, story: str, body: int) -> list[Copy]:
        """The posts that were promised with a body, or with one made from it, and may show it."""
        edits = self._db.execute(
            "SELECT e.target, e.id, e.state, e.body FROM delivery p JOIN delivery e ON e.target = p.id"
            f" WHERE p.task = 'post' AND p.story = ?1 AND p.body IN ({_MINE}) AND e.target != ''"
            " AND e.task = 'edit' ORDER BY e.revision, e.made",
            (story, body),
        )
        newest = {target: (edit, state, shown) for target, edit, state, shown in edits}
        posts = self._rows(
            f"task = 'post' AND story = ?1 AND body IN ({_MINE})"
            " AND (state IN ('due', 'taken', 'done') OR state = 'refused' AND unsure)",
            story,
            body,
        )
        return [Copy(post, *newest.get(post.id, ("", "", post.body))) for post in posts]

    def shown_body(self, target: str) -> int | None:
        """The body that a post should show now: that of its newest edit, else its own."""
        row = self.newest_edit(target) or self.get(target)
        return row.body if row else None

    def newest_edit(self, target: str) -> DeliveryRow | None:
        """The newest edit of a post, whatever became of it."""
        where = "target = ? AND target != '' AND task = 'edit' ORDER BY revision DESC, made DESC LIMIT 1"
        return next(self._rows(where, target), None)

    def try_again(self, subscription: int, since: datetime, now: datetime) -> int:
        """Makes due the corrections that were refused since a moment, and that nothing followed.

        Returns how many there are.
        """
        return self._db.execute(
            "UPDATE delivery AS d SET state = 'due', due = ?3, done = NULL"
            f" WHERE done > ?2 AND subscription = ?1 AND state = 'refused' AND {_CORRECTION}"
            " AND NOT EXISTS (SELECT 1 FROM delivery AS e WHERE e.target = d.target AND e.target != ''"
            " AND (e.revision, e.made, e.task = 'answer') > (d.revision, d.made, d.task = 'answer'))",
            (subscription, stamp(since), stamp(now)),
        ).rowcount

    def promise_all(self, rows: Iterable[DeliveryRow]) -> None:
        """Enters many deliveries."""
        marks = ", ".join("?" * len(_FIELDS))
        self._db.executemany(f"INSERT INTO delivery VALUES ({marks})", rows)

    def put_instead(self, body: int, revision: int, deliveries: Iterable[str]) -> None:
        """Has deliveries bring another body, for the sake of a revision."""
        self._db.executemany(
            "UPDATE delivery SET body = ?, revision = ? WHERE id = ?",
            ((body, revision, one) for one in deliveries),
        )

    def progress(self, revision: int) -> Progress:
        """What has become of the posts that a revision has to reach."""
        # A post that was still unsent brings it itself; each other has an edit, and some an answer besides.
        found = self._db.execute(
            "SELECT iif(target = '', delivery.id, target), task, state, outcome,"
            " coalesce(s.place_name || ' (' || delivery.place || ')', delivery.place)"
            " FROM delivery LEFT JOIN subscription AS s ON s.id = delivery.subscription"
            " WHERE revision = ?1 AND revision IS NOT NULL AND task IN ('post', 'edit', 'answer')"
            " ORDER BY made, delivery.id",
            (revision,),
        )
        newest = {
            (post, task): (_end(task, state, outcome), place, outcome)
            for post, task, state, outcome, place in found
        }
        best: dict[str, tuple[int, str, str]] = {}
        for (post, _), end in newest.items():
            best[post] = max(best.get(post, end), end)
        ends = [end for end, _, _ in best.values() if end != _NEVER_POSTED]
        failed = [(place, why) for end, place, why in best.values() if end == _FAILED]
        edited, answered, waiting, gone = map(ends.count, (_EDITED, _ANSWERED, _WAITING, _GONE))
        return Progress(len(ends), edited, answered, waiting, gone, tuple(failed))

    def _is_posted(self, story: str, body: int) -> bool:
        """Whether any post of a story was promised with a body, or with one made from it."""
        row = self._db.execute(
            f"SELECT 1 FROM delivery WHERE task = 'post' AND story = ?1 AND body IN ({_MINE}) LIMIT 1",
            (story, body),
        ).fetchone()
        return row is not None

    def _standing(self, story: str, kind: str, item: str) -> int:
        """The version of an item that stands; 0 where none was kept."""
        row = self._db.execute(
            "SELECT max(version) FROM revision WHERE story = ? AND kind = ? AND item = ? AND stands",
            (story, kind, item),
        ).fetchone()
        return int(row[0] or 0)


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in as many parts as one statement takes."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _free(platform: str, rests: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The condition for a place in which a correction may go now, and its values."""
    return f"{_NOT_UNDER_WAY} AND place NOT IN (SELECT value FROM json_each(?))", (
        platform,
        json.dumps(rests),
    )


def _marks(values: Sequence[object]) -> str:
    """A place for each value in a statement."""
    return ", ".join("?" * len(values))


def _end(task: str, state: str, outcome: str) -> int:
    """What has become of a post by one delivery of a correction."""
    if state in {"due", "taken"}:
        return _WAITING
    if task == "post":  # one that never arrived goes into the next edition, which has it right
        return _EDITED if state == "done" else _NEVER_POSTED
    if state != "done":
        return _FAILED
    if outcome == NEVER_ARRIVED:
        return _NEVER_POSTED
    if outcome and outcome != OVERTAKEN:
        return _GONE
    return _ANSWERED if task == "answer" else _EDITED
