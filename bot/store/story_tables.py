"""The tables of a story: version 1 of the database. Published: never edited."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def the_story(db: "Database") -> None:
    """Sources, facts, briefings with all their versions, and the files they came from."""
    for statement in _THE_STORY.split(";\n\n"):
        db.conn.execute(statement)
    for table, columns in (("fact", ["says", "speaker"]), ("briefing", ["title", "state", "plain"])):
        db.table(table).enable_fts(columns, tokenize="porter unicode61", create_triggers=True)


_THE_STORY = """
CREATE TABLE story (
    word TEXT PRIMARY KEY,
    signature TEXT NOT NULL,     -- of its folders when they were last loaded
    version INTEGER NOT NULL     -- counts the loads, so that what is kept ready can be told old
) STRICT, WITHOUT ROWID;

CREATE TABLE file (
    story TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,          -- the id of what was loaded from it; empty where nothing was
    stat TEXT NOT NULL,          -- how the folder listed it
    sha TEXT NOT NULL,           -- of the bytes that were last read
    state TEXT NOT NULL CHECK (state IN ('loaded', 'kept', 'out')),
    PRIMARY KEY (story, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE problem (
    story TEXT NOT NULL,
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    what TEXT NOT NULL,
    mend TEXT NOT NULL
) STRICT;

CREATE INDEX problem_story ON problem (story);

CREATE TABLE source (
    story TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    outlet TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT NOT NULL,     -- EDTF
    known_on TEXT NOT NULL,      -- the last day it can mean
    dated_by TEXT NOT NULL,
    language TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (story, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX source_known ON source (story, known_on);

CREATE TABLE fact (
    number INTEGER PRIMARY KEY,
    story TEXT NOT NULL,
    id TEXT NOT NULL,            -- source-id#slug
    source TEXT NOT NULL,
    place INTEGER NOT NULL,      -- its place within the source
    date TEXT NOT NULL,          -- EDTF
    first TEXT,                  -- the first and last day the date can mean; NULL where undated
    last TEXT,
    says TEXT NOT NULL,
    speaker TEXT NOT NULL,
    kind TEXT NOT NULL,
    known_on TEXT NOT NULL,
    UNIQUE (story, id),
    FOREIGN KEY (story, source) REFERENCES source (story, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX fact_source ON fact (story, source, place);

-- All that a timeline asks for, so that its facts are counted in the index alone.
CREATE INDEX fact_first ON fact (story, first, last, kind, known_on);

CREATE INDEX fact_known ON fact (story, known_on, kind);

CREATE TABLE fact_tag (
    story TEXT NOT NULL,
    tag TEXT NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (story, tag, fact),
    FOREIGN KEY (story, fact) REFERENCES fact (story, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX fact_tag_fact ON fact_tag (story, fact);

CREATE TABLE relation (
    story TEXT NOT NULL,
    fact TEXT NOT NULL,          -- the one that overturns, or disputes
    kind TEXT NOT NULL CHECK (kind IN ('supersedes', 'disputes')),
    other TEXT NOT NULL,         -- no foreign key: the other source may be written later in a sync
    because TEXT NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (story, fact, kind, other),
    FOREIGN KEY (story, fact) REFERENCES fact (story, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX relation_other ON relation (story, other);

CREATE TABLE briefing (
    number INTEGER PRIMARY KEY,
    story TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    as_of TEXT NOT NULL,         -- EDTF
    known_on TEXT NOT NULL,
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    plain TEXT NOT NULL,         -- its sentences without citations, for the search
    UNIQUE (story, id)
) STRICT;

CREATE INDEX briefing_known ON briefing (story, known_on, id);

CREATE TABLE sentence (
    story TEXT NOT NULL,
    briefing TEXT NOT NULL,
    place INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    line INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (story, briefing, place),
    FOREIGN KEY (story, briefing) REFERENCES briefing (story, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE citation (
    story TEXT NOT NULL,
    briefing TEXT NOT NULL,
    place INTEGER NOT NULL,      -- of the sentence
    rank INTEGER NOT NULL,       -- within the sentence
    fact TEXT NOT NULL,          -- no foreign key: see relation.other
    PRIMARY KEY (story, briefing, place, rank),
    FOREIGN KEY (story, briefing) REFERENCES briefing (story, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX citation_fact ON citation (story, fact);

CREATE TABLE briefing_version (
    story TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,    -- from 1
    loaded TEXT NOT NULL,        -- when, UTC
    title TEXT NOT NULL,
    as_of TEXT NOT NULL,
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    tags TEXT NOT NULL,          -- separated by spaces
    body TEXT NOT NULL,          -- as written, citations included
    PRIMARY KEY (story, id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE word (
    story TEXT NOT NULL,
    word TEXT NOT NULL,          -- lower case, as it stands in facts and briefings; for misspellings
    PRIMARY KEY (story, word)
) STRICT, WITHOUT ROWID
"""
