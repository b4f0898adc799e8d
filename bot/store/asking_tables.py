"""The tables of questions: the words of a story, who asked what last, and what readers report. Version 4."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def the_questions(db: "Database") -> None:
    """The vocabulary of each story, what is remembered of whoever asks, and reports."""
    for statement in _THE_QUESTIONS.split(";\n\n"):
        db.conn.execute(statement)


# Moments are UTC in the form of `moments.stamp`.
_THE_QUESTIONS = """
CREATE TABLE vocabulary (
    story TEXT PRIMARY KEY,
    words TEXT NOT NULL          -- a Vocabulary as JSON
) STRICT, WITHOUT ROWID;

-- Who speaks in a story, and what they said last.
CREATE INDEX fact_speaker ON fact (story, speaker, known_on, audience, retracted) WHERE speaker != '';

-- In how many facts a word stands, by its stem: how much it tells.
CREATE VIRTUAL TABLE fact_term USING fts5vocab(fact_fts, row);

-- A fact that was added to a source which was there already, and with which revision.
CREATE TABLE fact_late (
    story TEXT NOT NULL,
    fact TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (story, fact)
) STRICT, WITHOUT ROWID;

CREATE INDEX fact_late_revision ON fact_late (story, revision);

-- When somebody last looked what had become known, in one place.
CREATE TABLE looked (
    story TEXT NOT NULL,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    place TEXT NOT NULL,
    at TEXT NOT NULL,
    revision INTEGER NOT NULL,   -- the newest that was there; what has come since has a higher one
    PRIMARY KEY (story, platform, user, place)
) STRICT, WITHOUT ROWID;

-- The last question of somebody in one place, for a few minutes: what "and in March?" is about.
CREATE TABLE asked (
    story TEXT NOT NULL,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    place TEXT NOT NULL,
    at TEXT NOT NULL,
    question TEXT NOT NULL,
    PRIMARY KEY (story, platform, user, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE report (
    number INTEGER PRIMARY KEY,
    story TEXT NOT NULL,
    audience TEXT NOT NULL,      -- who may see it by the answer that is meant: empty for every editor
    at TEXT NOT NULL,
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    user TEXT NOT NULL,          -- empty where they were forgotten
    name TEXT NOT NULL,
    words TEXT NOT NULL,         -- the request whose answer is meant; empty where it is not known
    facts TEXT NOT NULL,         -- ids of the facts of that answer, one a line
    says TEXT NOT NULL,          -- what is wrong, as the reader wrote it
    closed TEXT NOT NULL,        -- when; empty while it is open
    outcome TEXT NOT NULL        -- what came of it, as an editor wrote it
) STRICT;

CREATE INDEX report_open ON report (story, closed, number)
"""
