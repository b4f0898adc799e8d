"""The tables of the newsroom: who changed what, drafts, corrections on their way. Version 3."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def the_newsroom(db: "Database") -> None:
    """Revisions for versions, audiences, retractions, drafts, the audit, and copies to correct."""
    # Imported here: a database that has its tables is opened without.
    from bot.store.backfill import carried, revisions

    for statement in _THE_NEWSROOM.split(";\n\n"):
        db.conn.execute(statement)
    revisions(db)
    carried(db)
    db.conn.execute("DROP TABLE briefing_version")


# An audience is empty for everyone, or the server whose own it is: discord/1108290010035556352.
# Moments are UTC in the form of `moments.stamp`. NEVER, in `retracted`, sorts behind every day.
_THE_NEWSROOM = """
ALTER TABLE source ADD COLUMN audience TEXT NOT NULL DEFAULT '';

ALTER TABLE source ADD COLUMN retracted TEXT NOT NULL DEFAULT '~';

ALTER TABLE source ADD COLUMN because TEXT NOT NULL DEFAULT '';

ALTER TABLE briefing ADD COLUMN audience TEXT NOT NULL DEFAULT '';

ALTER TABLE briefing ADD COLUMN retracted TEXT NOT NULL DEFAULT '~';

ALTER TABLE briefing ADD COLUMN because TEXT NOT NULL DEFAULT '';

-- The newest version that digests tell of: one that mends a typing error is not news.
ALTER TABLE briefing ADD COLUMN announced INTEGER NOT NULL DEFAULT 1;

UPDATE briefing SET announced = version;

ALTER TABLE fact ADD COLUMN audience TEXT NOT NULL DEFAULT '';

ALTER TABLE fact ADD COLUMN retracted TEXT NOT NULL DEFAULT '~';

ALTER TABLE fact_tag ADD COLUMN audience TEXT NOT NULL DEFAULT '';

DROP INDEX fact_first;

CREATE INDEX fact_first ON fact (story, first, last, kind, known_on, audience, retracted);

DROP INDEX fact_known;

CREATE INDEX fact_known ON fact (story, known_on, kind, audience, retracted);

-- All that counts and lists ask for first, so that what is for others is left out in the index alone.
DROP INDEX source_known;

CREATE INDEX source_known ON source (story, known_on, id, audience, retracted);

DROP INDEX briefing_known;

CREATE INDEX briefing_known ON briefing (story, known_on, id, audience, retracted);

CREATE INDEX source_audience ON source (story, audience) WHERE audience != '';

CREATE INDEX briefing_audience ON briefing (story, audience) WHERE audience != '';

DROP TABLE word;

CREATE TABLE word (
    story TEXT NOT NULL,
    audience TEXT NOT NULL,
    word TEXT NOT NULL,          -- lower case, as it stands in facts and briefings; for misspellings
    PRIMARY KEY (story, audience, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE correction (
    story TEXT NOT NULL,
    kind TEXT NOT NULL,          -- "source" or "briefing"
    item TEXT NOT NULL,
    place INTEGER NOT NULL,      -- in the order of the document
    day TEXT NOT NULL,
    was TEXT NOT NULL,           -- what was wrong
    title TEXT NOT NULL,         -- of a briefing until that day, as the next; empty where it was the same
    state TEXT NOT NULL,
    PRIMARY KEY (story, kind, item, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE earlier_sentence (
    story TEXT NOT NULL,
    briefing TEXT NOT NULL,
    correction INTEGER NOT NULL, -- its place: the sentence was said until that day
    place INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    text TEXT NOT NULL,
    facts TEXT NOT NULL,         -- separated by spaces
    PRIMARY KEY (story, briefing, correction, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE earlier_fact (
    story TEXT NOT NULL,
    fact TEXT NOT NULL,
    correction INTEGER NOT NULL, -- its place: so the fact was told until that day
    day TEXT NOT NULL,
    date TEXT NOT NULL,          -- EDTF
    says TEXT NOT NULL,
    speaker TEXT NOT NULL,
    PRIMARY KEY (story, fact, correction)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,          -- the platform's id; empty once they are forgotten
    name TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX person_user ON person (platform, user) WHERE user != '';

CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    story TEXT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    version INTEGER NOT NULL,    -- from 1
    audience TEXT NOT NULL,
    made TEXT NOT NULL,
    person INTEGER REFERENCES person (id),  -- NULL: it came with the files
    act TEXT NOT NULL CHECK (act IN ('file', 'add', 'edit', 'correct', 'retract', 'restore', 'undo')),
    note TEXT NOT NULL,          -- what was wrong, or why it was retracted
    quiet INTEGER NOT NULL,      -- whether nobody has to be told
    stands INTEGER NOT NULL,     -- 0: kept, but another was newer when it came
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,          -- of a briefing, as written, citations included
    text TEXT NOT NULL,          -- the whole document; empty where this took it away
    meaning TEXT NOT NULL,       -- a hash of what it says, whatever its form
    draft INTEGER,               -- that was published by it: documents that came together have one
    UNIQUE (story, kind, item, version)
) STRICT;

CREATE INDEX revision_person ON revision (person, made) WHERE person IS NOT NULL;

CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    platform TEXT NOT NULL,      -- where it was drafted
    server TEXT NOT NULL,
    audience TEXT NOT NULL,
    act TEXT NOT NULL,
    note TEXT NOT NULL,
    quiet INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'published', 'discarded')),
    made TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;

CREATE INDEX draft_open ON draft (story, person) WHERE state IN ('open', 'waiting');

CREATE TABLE draft_part (
    draft INTEGER NOT NULL REFERENCES draft (id),
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,          -- the id it has in its text; empty where that cannot be read
    base INTEGER NOT NULL,       -- the version it changes; 0: it is new
    text TEXT NOT NULL,
    PRIMARY KEY (draft, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE editor (
    story TEXT NOT NULL,
    platform TEXT NOT NULL,
    server TEXT NOT NULL,        -- of a role; empty for a person
    kind TEXT NOT NULL CHECK (kind IN ('person', 'role')),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (story, platform, server, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE server_rule (
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    story TEXT NOT NULL,
    rule TEXT NOT NULL,          -- "two persons": another has to approve what one drafts
    PRIMARY KEY (platform, server, story, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    story TEXT NOT NULL,
    audience TEXT NOT NULL,      -- whose it is to read
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    place TEXT NOT NULL,
    person INTEGER REFERENCES person (id),
    act TEXT NOT NULL,           -- the command
    item TEXT NOT NULL,          -- what it was done to
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    outcome TEXT NOT NULL        -- "done", or why not
) STRICT;

CREATE INDEX audit_item ON audit (story, item);

CREATE INDEX audit_person ON audit (person);

CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;

CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;

CREATE TABLE carries (
    item TEXT NOT NULL,          -- the id of a briefing or a fact; empty: this body was made from another
    body INTEGER NOT NULL REFERENCES body (id),
    version INTEGER NOT NULL,    -- of the briefing, or the fact's source (0: its first); or that other body
    PRIMARY KEY (item, body)
) STRICT, WITHOUT ROWID;

CREATE INDEX carries_body ON carries (body);

CREATE TEMP TABLE tries AS SELECT * FROM attempt;

DELETE FROM attempt;

CREATE TABLE delivery_new (
    id TEXT PRIMARY KEY,         -- its mark and its nonce
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    place TEXT NOT NULL,
    place_kind TEXT NOT NULL,
    story TEXT NOT NULL,
    task TEXT NOT NULL CHECK (task IN ('post', 'publish', 'notice', 'edit', 'answer')),
    subscription INTEGER NOT NULL REFERENCES subscription (id),
    edition INTEGER REFERENCES edition (id),
    body INTEGER REFERENCES body (id),
    heading TEXT NOT NULL,       -- what is said of this edition alone; JSON
    role TEXT NOT NULL,          -- to be pinged
    publish INTEGER NOT NULL,    -- whether to publish it once it is posted
    made TEXT NOT NULL,
    due TEXT NOT NULL,           -- not before
    until TEXT,                  -- not after
    state TEXT NOT NULL CHECK (state IN ('due', 'taken', 'done', 'held', 'refused')),
    tries INTEGER NOT NULL,
    unsure INTEGER NOT NULL,     -- it may have arrived
    first_try TEXT,
    outcome TEXT NOT NULL,       -- of the last attempt that failed
    message TEXT NOT NULL,       -- the platform's id of what was posted, or is to be edited or answered
    done TEXT,                   -- when
    target TEXT NOT NULL DEFAULT '',  -- the delivery whose post is edited or answered
    revision INTEGER REFERENCES revision (id)  -- the correction that it carries
) STRICT, WITHOUT ROWID;

INSERT INTO delivery_new SELECT *, '', NULL FROM delivery;

DROP TABLE delivery;

ALTER TABLE delivery_new RENAME TO delivery;

INSERT INTO attempt SELECT * FROM tries;

DROP TABLE tries;

CREATE INDEX delivery_due ON delivery (platform, due) WHERE state = 'due';

CREATE INDEX delivery_soon ON delivery (platform, due) WHERE state = 'due' AND task NOT IN ('edit', 'answer');

CREATE INDEX delivery_taken ON delivery (platform) WHERE state = 'taken';

CREATE INDEX delivery_edition ON delivery (edition);

CREATE INDEX delivery_open ON delivery (subscription) WHERE state IN ('due', 'taken');

CREATE INDEX delivery_published ON delivery (place, done) WHERE task = 'publish';

CREATE INDEX delivery_done ON delivery (done) WHERE done IS NOT NULL;

CREATE INDEX delivery_body ON delivery (body) WHERE task = 'post';

CREATE INDEX delivery_revision ON delivery (revision) WHERE revision IS NOT NULL;

CREATE INDEX delivery_target ON delivery (target) WHERE target != ''
"""
