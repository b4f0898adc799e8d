"""`log`: what is recorded, who reads which of it, and that nobody can alter it."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.command.asker import OPERATOR, Asker
from bot.desk.table import COMMANDS
from bot.errors import StoreError
from tests.desk.conftest import Room
from tests.desk.people import EDITOR, NAMED, OWNER, an_asker, somebody
from tests.desk.roles import COLUMNS, SCOPES, command_of, read_rows, typed

BRIEFING = """---
id: {id}
title: A note for readers
as_of: 2019-06-20
state: Alton left the ferry.
phase: ended
tags: [over]
---
Alton left the agreement [@2019-06-20-end#left].
"""

EVERYONE_S, OURS, THEIRS = "2019-06-20-everyone", "2019-06-20-ours", "2019-06-20-theirs"
ED = an_asker("direct", user=EDITOR, name="Ed")
OURS_ADMIN = an_asker("here", user="200", manages=True, name="Ann")
THEIR_ADMIN = an_asker("elsewhere", user="300", manages=True, name="Bob")
BOSS = an_asker("direct", user=OWNER)


@pytest.fixture
def busy(room: Room) -> Room:
    """A newsroom in which an editor and the admins of two servers have drafted something."""
    for who, name in ((ED, EVERYONE_S), (OURS_ADMIN, OURS), (THEIR_ADMIN, THEIRS)):
        room.asks(who, "add", BRIEFING.format(id=name))
    return room


def seen(room: Room, who: Asker, words: str = "log") -> set[str]:
    """Which of the three somebody reads of in the log."""
    said = room.says(who, words)
    return {name for name in (EVERYONE_S, OURS, THEIRS) if name in said}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (OPERATOR, {EVERYONE_S, OURS, THEIRS}),
        (BOSS, {EVERYONE_S, OURS, THEIRS}),
        (ED, {EVERYONE_S}),
        (an_asker("here", user=EDITOR), {EVERYONE_S, OURS}),
        (an_asker("elsewhere", user=EDITOR), {EVERYONE_S, THEIRS}),
        (OURS_ADMIN, {OURS}),
        (somebody("a role with an admin's rights", "here"), {OURS}),
        (THEIR_ADMIN, {THEIRS}),
    ],
)
def test_everybody_reads_what_is_for_them(busy: Room, who: Asker, expected: set[str]) -> None:
    """An owner all, an editor what is for everyone and of the server where they ask, an admin their own."""
    assert seen(busy, who) == expected
    for name in (EVERYONE_S, OURS, THEIRS):
        assert seen(busy, who, f"log {name}") == expected & {name}
    assert seen(busy, who, "log discord/300") <= expected & {THEIRS}


def test_it_is_read_by_item_by_person_and_by_number(busy: Room) -> None:
    """The newest comes first; a fact is its source's; as many as are asked for."""
    assert seen(busy, BOSS, "log <@300>") == {THEIRS}
    assert seen(busy, BOSS, "log discord/200") == {OURS}
    assert seen(busy, BOSS, f"log {OURS}#left") == {OURS}
    assert seen(busy, BOSS, "log draft-2") == {OURS}
    assert seen(busy, BOSS, "log newest 1") == {THEIRS}
    assert "Nothing is recorded" in busy.says(BOSS, "log <@31>")
    assert "Nothing is recorded" in busy.says(BOSS, "log 2019")
    said = busy.says(BOSS, "log")
    assert said.index(THEIRS) < said.index(OURS) < said.index(EVERYONE_S)
    for who in ("Ed", "Ann", "Bob"):
        assert who in said
    assert "20 June 2021" in said
    assert "server 2, channel 21" in said


@pytest.mark.parametrize("words", ["log newest 0", "log newest 201", "log newest x", "log <@&7>", "log %"])
def test_what_cannot_be_asked_of_it(busy: Room, words: str) -> None:
    """A wrong number, a role and a pattern are told to be wrong, and find nothing."""
    assert seen(busy, BOSS, words) == set()


def test_more_of_it_is_a_button_away(room: Room) -> None:
    """Where there is more than is shown, that is said."""
    for _ in range(12):
        room.asks(OPERATOR, "approval on")
        room.asks(OPERATOR, "approval off")
    reply = room.asks(BOSS, "log")
    assert len(reply.sections[0].lines) == 20
    assert "There is more." in reply.notes
    assert [action.words for action in reply.actions] == ["log newest 100"]
    assert len(room.asks(BOSS, "log newest 100").sections[0].lines) == 24


def test_an_item_that_looks_like_a_pattern_finds_itself_alone(busy: Room) -> None:
    """`_` stands for itself."""
    assert seen(busy, BOSS, "log 2019-06-20_ours") == set()


# ── nobody alters it ────────────────────────────────────────────────────────────────────

TAMPERING = (
    "UPDATE audit SET act = 'nothing'",
    "UPDATE OR REPLACE audit SET number = number + 1",
    "DELETE FROM audit",
    "INSERT OR REPLACE INTO audit SELECT * FROM audit",
    "REPLACE INTO audit SELECT * FROM audit",
    "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT (number) DO UPDATE SET act = 'nothing'",
)


@pytest.mark.parametrize("statement", TAMPERING, ids=lambda statement: statement[:24])
def test_the_database_lets_nobody_alter_the_audit(busy: Room, statement: str) -> None:
    """On the one connection that writes, the triggers hold, also where a row would be replaced."""
    before = busy.audit()
    assert before
    with pytest.raises(StoreError, match="only ever added to"):
        busy.store.write(lambda db: db.conn.execute(statement))
    assert busy.audit() == before


def test_no_statement_of_the_bot_alters_it() -> None:
    """In all of its code the audit is only ever read and added to, and no trigger is dropped."""
    sources = [path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "bot").rglob("*.py")]
    code = "\n".join(sources)
    found = re.findall(r"(?:UPDATE|DELETE FROM|REPLACE INTO|INTO|DROP TABLE|ALTER TABLE) audit\b.*", code)
    assert [one.split("(")[0].strip() for one in found] == ["INTO audit"]
    assert not re.search(r"DROP TRIGGER|writable_schema|recursive_triggers=(?!ON)", code)


def test_no_command_reaches_for_it(room: Room) -> None:
    """Whatever anybody types, SQLite is never asked to change, delete or drop what the audit has."""
    asked: list[tuple[int, str | None]] = []
    harmful = {sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_DROP_TABLE,
               sqlite3.SQLITE_DROP_TRIGGER, sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_ATTACH}  # fmt: skip

    def watch(act: int, one: str | None, other: str | None, *_: object) -> int:
        if act in harmful:
            asked.append((act, other if act == sqlite3.SQLITE_DROP_TRIGGER else one))
        return sqlite3.SQLITE_OK

    def begin(db: Database) -> None:
        db.conn.set_authorizer(watch)

    room.store.write(begin)
    for row in read_rows():
        words = typed(row, command_of(row, COMMANDS), NAMED)
        for column in COLUMNS:
            for scope in SCOPES:
                room.asks(somebody(column, scope), words)
        room.asks(OPERATOR, words, BRIEFING.format(id=EVERYONE_S))
    room.asks(OPERATOR, "forget discord/100000000000000005 yes")
    room.asks(somebody("an owner", "here"), "forget me yes")
    assert asked  # it is being watched
    assert "audit" not in {name for _, name in asked}
    assert not {act for act, _ in asked} & {
        sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_TRIGGER, sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_ATTACH,
    }  # fmt: skip
