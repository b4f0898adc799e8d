"""What a sync or a publication writes: the items that changed, row by row, and a revision of each."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlite_utils import Database

from bot.model import Briefing, Fact, Problem, Source, Vocabulary
from bot.store import meaning
from bot.store.moments import stamp
from bot.store.shelf import NEVER, FileRow
from bot.store.vocabulary import keep_vocabulary

_WORD = re.compile(r"[^\W\d_]{3,40}")

Row = tuple[object, ...]


class Put(NamedTuple):
    """A source or a briefing, and the document it was read from."""

    item: Source | Briefing
    text: str
    stands: bool = True  # else it is only kept: what was written in chat is newer


class Made(NamedTuple):
    """How something came about."""

    act: str  # see the table `revision`
    person: int | None = None
    note: str = ""
    quiet: bool = False
    draft: int | None = None  # that is published by it


BY_FILE = Made("file")


class Change(NamedTuple):
    """All that one sync changes in one story."""

    signature: str  # of the folders, as they are now
    put: tuple[Put, ...]
    drop: tuple[tuple[str, str], ...]  # (kind, id)
    files: tuple[FileRow, ...]  # all of them, as they are now
    problems: tuple[Problem, ...]
    words: Vocabulary | None = None  # None: as they are


def apply(db: Database, story: str, change: Change, now: datetime) -> None:
    """Writes one change; to be called within a transaction."""
    drop(db, story, change.drop, BY_FILE, now)
    put(db, story, change.put, BY_FILE, now)
    if change.words is not None:
        keep_vocabulary(db.conn, story, change.words)
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


def moved_on(db: Database, story: str) -> None:
    """Counts one more change of a story, so that what is kept ready can be told old."""
    db.conn.execute(
        "INSERT INTO story VALUES (?, '', 1) ON CONFLICT (word) DO UPDATE SET version = version + 1", (story,)
    )


def put(db: Database, story: str, puts: Iterable[Put], made: Made, now: datetime) -> list[int]:
    """Writes items with a revision of each; returns the ids of these, 0 where nothing was new.

    Sources first: briefings may cite what comes with them.
    """
    ordered = sorted(puts, key=lambda one: isinstance(one.item, Briefing))
    standing = [one.item for one in ordered if one.stands]
    had = [_words_kept(db, story, _kind(item), item.id) for item in standing]
    ids = [_put(db, story, one, made, now) for one in ordered]
    has = {word for item in standing for word in _words_of(item)}
    db.conn.executemany("INSERT OR IGNORE INTO word VALUES (?, ?, ?)", [(story, *one) for one in sorted(has)])
    _drop_words(db, story, set().union(*had) - has)
    return ids


def drop(
    db: Database, story: str, dropped: Iterable[tuple[str, str]], made: Made, now: datetime
) -> list[int]:
    """Takes items (kind, id) away; a revision without a text says so. Returns the ids of these."""
    ids: list[int] = []
    had: set[tuple[str, str]] = set()
    for kind, item in dropped:
        table = "source" if kind == "source" else "briefing"
        row = db.conn.execute(
            f"SELECT audience FROM {table} WHERE story = ? AND id = ?", (story, item)
        ).fetchone()
        if row is None:
            continue
        had |= _words_kept(db, story, kind, item)
        db.conn.execute(f"DELETE FROM {table} WHERE story = ? AND id = ?", (story, item))
        db.conn.execute(
            "DELETE FROM correction WHERE story = ? AND kind = ? AND item = ?", (story, kind, item)
        )
        ids.append(_add_revision(db, (story, kind, item), made, now, _Document(row[0])))
    _drop_words(db, story, had)
    return ids


def _put(db: Database, story: str, one: Put, made: Made, now: datetime) -> int:
    item, kind = one.item, _kind(one.item)
    title, state, body = (item.title, item.state, item.body) if isinstance(item, Briefing) else ("", "", "")
    document = _Document(item.audience, title, state, body, one.text, meaning.of(item), one.stands)
    revision = _add_revision(db, (story, kind, item.id), made, now, document)
    if not one.stands:
        return revision
    if isinstance(item, Source):
        _put_source(db, story, item, revision)
    else:
        _put_briefing(db, story, item)
    _put_corrections(db, story, kind, item)
    return revision


class _Document(NamedTuple):
    """What a revision keeps of a document; without a text, that it was taken away."""

    audience: str
    title: str = ""
    state: str = ""
    body: str = ""
    text: str = ""
    meaning: str = ""
    stands: bool = True


def _add_revision(
    db: Database, name: tuple[str, str, str], made: Made, now: datetime, document: _Document
) -> int:
    """Keeps a revision behind the earlier ones; 0 where the one that stands says just that already.

    Where only its form is new it is kept, so that the file is given back as it was written, but it is
    nothing that anybody has to be told.
    """
    newest = db.conn.execute(
        "SELECT id, meaning, text FROM revision WHERE story = ? AND kind = ? AND item = ? AND stands"
        " ORDER BY version DESC LIMIT 1",
        name,
    ).fetchone()
    if newest and newest[1] == document.meaning and (newest[2] == document.text or made is BY_FILE):
        if newest[2] != document.text and document.stands:
            db.conn.execute("UPDATE revision SET text = ? WHERE id = ?", (document.text, newest[0]))
        return 0
    version = db.conn.execute(
        "SELECT coalesce(max(version), 0) + 1 FROM revision WHERE story = ? AND kind = ? AND item = ?", name
    ).fetchone()[0]
    said = db.conn.execute(
        "SELECT meaning FROM revision WHERE story = ? AND kind = ? AND item = ? AND stands AND text != ''"
        " ORDER BY version DESC LIMIT 1",
        name,
    ).fetchone()
    # What says the same as before is nothing to be told, also where it was gone in between.
    quiet = made.quiet or bool(said and said[0] == document.meaning)
    added = db.conn.execute(
        "INSERT INTO revision (story, kind, item, version, audience, made, person, act, note, quiet, stands,"
        " title, state, body, text, meaning, draft)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *name,
            version,
            document.audience,
            stamp(now),
            made.person,
            made.act,
            made.note,
            quiet,
            document.stands,
            document.title,
            document.state,
            document.body,
            document.text,
            document.meaning,
            made.draft,
        ),
    ).lastrowid
    assert added is not None
    return added


def _put_source(db: Database, story: str, source: Source, revision: int) -> None:
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
            **_kept(source),
        },
    )
    ids = {fact.id for fact in source.facts}
    rows = db.conn.execute("SELECT id FROM fact WHERE story = ? AND source = ?", (story, source.id))
    there = {row[0] for row in rows.fetchall()}
    db.conn.executemany(
        "DELETE FROM fact WHERE story = ? AND id = ?", [(story, gone) for gone in sorted(there - ids)]
    )
    if there:  # of a source that is new, or was gone, all facts have come with it
        late = [(story, fact, revision) for fact in sorted(ids - there)]
        db.conn.executemany("INSERT OR REPLACE INTO fact_late VALUES (?, ?, ?)", late)
    kept = {name: value for name, value in _kept(source).items() if name != "because"}
    facts = ({**_fact_row(story, place, fact), **kept} for place, fact in enumerate(source.facts))
    _upsert(db, "fact", ("story", "id"), *facts)
    # The facts of a source by a range of ids and not by LIKE, so that the index serves.
    mine = ("story = ? AND fact >= ? AND fact < ?", (story, f"{source.id}#", f"{source.id}$"))
    _replace(
        db,
        "fact_tag",
        *mine,
        {(story, tag, fact.id, source.audience) for fact in source.facts for tag in fact.tags},
    )
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


def _kept(item: Source | Briefing) -> dict[str, object]:
    """For whom an item is, and since when it no longer counts."""
    gone = item.retracted
    return {
        "audience": item.audience,
        "retracted": gone.on.isoformat() if gone else NEVER,
        "because": gone.because if gone else "",
    }


def _put_briefing(db: Database, story: str, briefing: Briefing) -> None:
    version, announced = db.conn.execute(
        "SELECT max(version), coalesce(max(version) FILTER (WHERE NOT quiet), 1) FROM revision"
        " WHERE story = ? AND kind = 'briefing' AND item = ? AND stands AND text != ''",
        (story, briefing.id),
    ).fetchone()
    _upsert(
        db,
        "briefing",
        ("story", "id"),
        {
            "story": story,
            "id": briefing.id,
            "version": version,
            "announced": announced,
            "title": briefing.title,
            "as_of": briefing.as_of.text,
            "known_on": briefing.known_on.isoformat(),
            "state": briefing.state,
            "phase": briefing.phase,
            "plain": " ".join(sentence.text for sentence in briefing.sentences),
            **_kept(briefing),
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


def _put_corrections(db: Database, story: str, kind: str, item: Source | Briefing) -> None:
    """What was wrong, and what was told until it was mended."""
    days = [one.on.isoformat() for one in item.corrections]
    rows: set[Row] = {
        (story, kind, item.id, place, days[place], one.was, one.title, one.state)
        for place, one in enumerate(item.corrections)
    }
    _replace(db, "correction", "story = ? AND kind = ? AND item = ?", (story, kind, item.id), rows)
    if isinstance(item, Source):
        told: set[Row] = {
            (story, fact.id, place, days[place], fact.date.text, fact.says, fact.speaker)
            for place, one in enumerate(item.corrections)
            for fact in one.facts
        }
        mine = ("story = ? AND fact >= ? AND fact < ?", (story, f"{item.id}#", f"{item.id}$"))
        _replace(db, "earlier_fact", *mine, told)
    else:
        said: set[Row] = {
            (story, item.id, number, place, sentence.paragraph, sentence.text, " ".join(sentence.facts))
            for number, one in enumerate(item.corrections)
            for place, sentence in enumerate(one.sentences)
        }
        _replace(db, "earlier_sentence", "story = ? AND briefing = ?", (story, item.id), said)


def _kind(item: Source | Briefing) -> str:
    return "source" if isinstance(item, Source) else "briefing"


def _words_of(item: Source | Briefing) -> set[tuple[str, str]]:
    """The words that readers may misspell: each with the audience it is for."""
    if isinstance(item, Source):
        texts = [f"{fact.says} {fact.speaker}" for fact in item.facts]
    else:
        texts = [item.title, item.state, *(sentence.text for sentence in item.sentences)]
    return {(item.audience, word) for text in texts for word in _words_in(text)}


def _words_in(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _words_kept(db: Database, story: str, kind: str, item: str) -> set[tuple[str, str]]:
    """The words of an item as it has stood so far."""
    texts = (
        "SELECT audience, says || ' ' || speaker FROM fact WHERE story = ? AND source = ?"
        if kind == "source"
        else "SELECT audience, title || ' ' || state || ' ' || plain FROM briefing WHERE story = ? AND id = ?"
    )
    rows = db.conn.execute(texts, (story, item)).fetchall()
    return {(audience, word) for audience, text in rows for word in _words_in(text)}


def _drop_words(db: Database, story: str, words: Iterable[tuple[str, str]]) -> None:
    """Forgets those of the words that nothing else says to their audience."""
    for audience, word in sorted(words):
        # The index has stems: of what it finds, each is looked at for the very word.
        found = chain.from_iterable(
            db.conn.execute(
                f"SELECT {says} FROM {table}_fts AS x CROSS JOIN {table} AS t ON t.number = x.rowid"
                f" WHERE {table}_fts MATCH ? AND t.story = ? AND t.audience = ?",
                (f'"{word}"', story, audience),
            )
            for table, says in (
                ("fact", "t.says || ' ' || t.speaker"),
                ("briefing", "t.title || ' ' || t.state || ' ' || t.plain"),
            )
        )
        if not any(word in _words_in(row[0]) for row in found):
            db.conn.execute(
                "DELETE FROM word WHERE story = ? AND audience = ? AND word = ?", (story, audience, word)
            )


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
