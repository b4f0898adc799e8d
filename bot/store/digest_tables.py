"""The tables of digests: who gets which, what was decided, what has to be sent. Version 2."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def the_digests(db: "Database") -> None:
    """Subscriptions, the ledger of their editions, the outbox, and the roles that have admin rights."""
    for statement in _THE_DIGESTS.split(";\n\n"):
        db.conn.execute(statement)


# Moments are UTC in the form of `moments.stamp`; days are local to the subscription's zone.
_THE_DIGESTS = """
CREATE TABLE told (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,   -- of the content: most channels of a story have been told the same
    content TEXT NOT NULL
) STRICT;

CREATE TABLE subscription (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    story TEXT NOT NULL,
    platform TEXT NOT NULL,
    server TEXT NOT NULL,        -- empty for direct messages and the terminal
    place TEXT NOT NULL,
    place_name TEXT NOT NULL,    -- as people saw it when it was last changed
    place_kind TEXT NOT NULL,
    by TEXT NOT NULL,            -- id of the admin who wished it last
    kind TEXT NOT NULL,
    at TEXT NOT NULL,            -- this and the next as people write them
    zone TEXT NOT NULL,
    days TEXT NOT NULL,
    days_off TEXT NOT NULL,
    quiet TEXT NOT NULL,
    grace INTEGER NOT NULL,      -- hours
    role TEXT NOT NULL,
    nothing_new TEXT NOT NULL,
    pace INTEGER NOT NULL,
    start TEXT NOT NULL,
    publish INTEGER NOT NULL,    -- whether to publish to the servers that follow the channel
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    since TEXT NOT NULL,
    paused TEXT NOT NULL,        -- why; empty: it is not
    ended TEXT,                  -- when it was unsubscribed: kept, so that its editions stay explained
    told INTEGER NOT NULL REFERENCES told (id),
    number INTEGER NOT NULL,     -- of its last edition
    last TEXT NOT NULL,          -- day of its last edition; before the first, of its beginning
    settled TEXT,                -- the newest day of the ledger
    look TEXT,                   -- when to look at it next
    warned TEXT                  -- when its admins were last told that nothing arrives
) STRICT;

CREATE UNIQUE INDEX subscription_wish ON subscription (story, platform, place, kind) WHERE ended IS NULL;

CREATE INDEX subscription_look ON subscription (platform, look) WHERE look IS NOT NULL;

CREATE INDEX subscription_server ON subscription (platform, server, place) WHERE ended IS NULL;

CREATE TABLE edition (
    id INTEGER PRIMARY KEY,
    subscription INTEGER NOT NULL REFERENCES subscription (id),
    day TEXT NOT NULL,
    due TEXT NOT NULL,
    made TEXT NOT NULL,
    number INTEGER NOT NULL,     -- 0: there was nothing to say, or it went into a later one
    kind TEXT NOT NULL,
    said TEXT NOT NULL,          -- why it has no number
    before TEXT NOT NULL,        -- of the subscription, to be put back if it cannot be delivered
    UNIQUE (subscription, day)
) STRICT;

CREATE INDEX edition_number ON edition (subscription, number) WHERE number > 0;

CREATE TABLE held (
    subscription INTEGER NOT NULL REFERENCES subscription (id),
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (subscription, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE body (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,   -- most channels of a story get the same, but for its heading
    reply TEXT NOT NULL
) STRICT;

CREATE TABLE delivery (
    id TEXT PRIMARY KEY,         -- its mark and its nonce
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    place TEXT NOT NULL,
    place_kind TEXT NOT NULL,
    story TEXT NOT NULL,
    task TEXT NOT NULL CHECK (task IN ('post', 'publish', 'notice')),
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
    message TEXT NOT NULL,       -- the platform's id of what was posted
    done TEXT                    -- when
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (platform, due) WHERE state = 'due';

CREATE INDEX delivery_taken ON delivery (platform) WHERE state = 'taken';

CREATE INDEX delivery_edition ON delivery (edition);

CREATE INDEX delivery_open ON delivery (subscription) WHERE state IN ('due', 'taken');

CREATE INDEX delivery_published ON delivery (place, done) WHERE task = 'publish';

CREATE INDEX delivery_done ON delivery (done) WHERE done IS NOT NULL;

CREATE TABLE attempt (
    number INTEGER PRIMARY KEY,
    delivery TEXT NOT NULL REFERENCES delivery (id),
    at TEXT NOT NULL,
    outcome TEXT NOT NULL        -- in words
) STRICT;

CREATE INDEX attempt_delivery ON attempt (delivery);

CREATE TABLE admin_role (
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (platform, server, role)
) STRICT, WITHOUT ROWID
"""
