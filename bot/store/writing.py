"""What a sync writes: the items that changed, row by row, and which files they came from."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from bot.model import Briefing, Fact, Problem, Source
from bot.store.shelf import FileRow

_WORD = re.compile(r"[^\W\d_]{3,40}")

Row = tuple[object, ...]


class Change(NamedTuple):
    """All that one sync changes in one story."""

    signature: str  # of the folders, as they are now
    put: tuple[Source | Briefing, ...]
    drop: tuple[tuple[str, str], ...]  # (kind, id)
    files: tuple[FileRow, ...]  # all of them, as they are now
    problems: tuple[Problem, ...]


def apply(db: Database, story: str, change: Change, now: datetime) -> None:
    """Writes one change; to be called within a transaction.

    Sources first: briefings may cite what comes with them.
    """
    for kind, dropped in change.drop:
        table = "source" if kind == "source" else "briefing"
        db.conn.execute(f"DELETE FROM {table} WHERE story = ? AND id = ?", (story, dropped))
    for item in change.put:
        if isinstance(item, Source):
            _put_source(db, story, item)
    for item in change.put:
        if isinstance(item, Briefing):
            _put_briefing(db, story, item, now)
    _put_words(db, story, change.put)
    _put_files(db, story, change.files)
    db.conn.execute("DELETE FROM problem WHERE story = ?", (story,))
    db.conn.executemany(
        "INSERT INTO problem VALUES (?, ?, ?, ?, ?)", [(story, *problem) for problem in change.problems]
    )
    db.conn.execute(
        "INSERT INTO story VALUES (?, ?, 1) ON CONFLICT (word) DO UPDATE SET"
        " signature = excluded.signature, version = version + 1",
        (story, change.signature),
    )


def _put_source(db: Database, story: str, source: Source) -> None:
    _upsert(
        db,
        "source",
        ("story", "id"),
        {
            "story": story,
            "id": source.id,
            "title": source.title,
            "outlet": source.outlet,
            "url": source.url,
            "published": source.published.text,
            "known_on": source.known_on.isoformat(),
            "dated_by": source.dated_by,
            "language": source.language,
            "note": source.note,
        },
    )
    ids = {fact.id for fact in source.facts}
    there = db.conn.execute("SELECT id FROM fact WHERE story = ? AND source = ?", (story, source.id))
    gone = [(story, row[0]) for row in there.fetchall() if row[0] not in ids]
    db.conn.executemany("DELETE FROM fact WHERE story = ? AND id = ?", gone)
    rows = (_fact_row(story, place, fact) for place, fact in enumerate(source.facts))
    _upsert(db, "fact", ("story", "id"), *rows)
    # The facts of a source by a range of ids and not by LIKE, so that the index serves.
    mine = ("story = ? AND fact >= ? AND fact < ?", (story, f"{source.id}#", f"{source.id}$"))
    _replace(db, "fact_tag", *mine, {(story, tag, fact.id) for fact in source.facts for tag in fact.tags})
    _replace(db, "relation", *mine, {(story, *relation) for relation in source.relations})


def _fact_row(story: str, place: int, fact: Fact) -> dict[str, object]:
    return {
        "story": story,
        "id": fact.id,
        "source": fact.source_id,
        "place": place,
        "date": fact.date.text,
        "first": fact.date.first and fact.date.first.isoformat(),
        "last": fact.date.last and fact.date.last.isoformat(),
        "says": fact.says,
        "speaker": fact.speaker,
        "kind": fact.kind,
        "known_on": fact.known_on.isoformat(),
    }


def _put_briefing(db: Database, story: str, briefing: Briefing, now: datetime) -> None:
    version = _put_version(db, story, briefing, now)
    _upsert(
        db,
        "briefing",
        ("story", "id"),
        {
            "story": story,
            "id": briefing.id,
            "version": version,
            "title": briefing.title,
            "as_of": briefing.as_of.text,
            "known_on": briefing.known_on.isoformat(),
            "state": briefing.state,
            "phase": briefing.phase,
            "plain": " ".join(sentence.text for sentence in briefing.sentences),
        },
    )
    mine = ("story = ? AND briefing = ?", (story, briefing.id))
    sentences: set[Row] = set()
    citations: set[Row] = set()
    for place, sentence in enumerate(briefing.sentences):
        sentences.add((story, briefing.id, place, sentence.paragraph, sentence.line, sentence.text))
        for rank, fact in enumerate(sentence.facts):
            citations.add((story, briefing.id, place, rank, fact))
    _replace(db, "sentence", *mine, sentences)
    _replace(db, "citation", *mine, citations)


def _put_version(db: Database, story: str, briefing: Briefing, now: datetime) -> int:
    """Keeps this version beside the earlier ones, unless it is the newest of them already."""
    content = (
        briefing.title,
        briefing.as_of.text,
        briefing.state,
        briefing.phase,
        " ".join(briefing.tags),
        briefing.body,
    )
    newest = db.conn.execute(
        "SELECT version, title, as_of, state, phase, tags, body FROM briefing_version"
        " WHERE story = ? AND id = ? ORDER BY version DESC LIMIT 1",
        (story, briefing.id),
    ).fetchone()
    if newest and newest[1:] == content:
        return int(newest[0])
    version = int(newest[0]) + 1 if newest else 1
    stamp = now.isoformat(timespec="seconds")
    db.conn.execute(
        "INSERT INTO briefing_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (story, briefing.id, version, stamp, *content),
    )
    return version


def _put_words(db: Database, story: str, items: Iterable[Source | Briefing]) -> None:
    """Words are only ever added: one that is no longer there merely finds nothing."""
    words: set[str] = set()
    for item in items:
        if isinstance(item, Source):
            texts = [f"{fact.says} {fact.speaker}" for fact in item.facts]
        else:
            texts = [item.title, item.state, *(sentence.text for sentence in item.sentences)]
        for text in texts:
            words.update(_WORD.findall(text.lower()))
    db.conn.executemany("INSERT OR IGNORE INTO word VALUES (?, ?)", [(story, word) for word in sorted(words)])


def _put_files(db: Database, story: str, files: Iterable[FileRow]) -> None:
    _replace(db, "file", "story = ?", (story,), {(story, *file) for file in files})


def _upsert(db: Database, table: str, key: tuple[str, ...], *rows: Mapping[str, object]) -> None:
    """Writes the rows, at least one, that are new or differ; the search index follows by its triggers."""
    columns = ", ".join(rows[0])
    marks = ", ".join("?" * len(rows[0]))
    changes = [name for name in rows[0] if name not in key]
    db.conn.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in changes)
        + " WHERE "
        + " OR ".join(f"{table}.{name} IS NOT excluded.{name}" for name in changes),
        [tuple(row.values()) for row in rows],
    )


def _replace(db: Database, table: str, where: str, which: Row, rows: set[Row]) -> None:
    """Makes the rows that match `where` these rows, touching only those that differ."""
    there = set(db.conn.execute(f"SELECT * FROM {table} WHERE {where}", which).fetchall())
    if there == rows:
        return
    info = db.conn.execute(f"SELECT name, pk FROM pragma_table_info('{table}') ORDER BY cid").fetchall()
    key = [place for place, (_, pk) in enumerate(info) if pk]
    match = " AND ".join(f"{info[place][0]} = ?" for place in key)
    db.conn.executemany(
        f"DELETE FROM {table} WHERE {match}",
        [tuple(row[place] for place in key) for row in there - rows],
    )
    marks = ", ".join("?" * len(info))
    db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", sorted(rows - there, key=repr))
