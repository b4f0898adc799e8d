"""`forget`: nothing of a person is left, in no table and in no byte of the files; all else stays."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.command.asker import OPERATOR, Asker, Place
from bot.deliver import policy
from bot.deliver.notices import notice, silent
from bot.deliver.order import Failed, Sent
from bot.desk.access import FOR_OWNERS
from bot.desk.table import COMMANDS
from bot.digest.ledger.making import Maker
from bot.reply import reply_text
from bot.store.forgetting import FORGOTTEN, kept_about, sweep
from bot.store.looked import Look, last_look, last_question, remember_look, remember_question
from bot.store.marks import new_mark
from bot.store.outbox import Outbox
from bot.store.register import Register
from tests.desk.conftest import Room, new_room
from tests.desk.people import EDITOR, HERE, NAMED, OWNER, an_asker
from tests.desk.roles import command_of, read_rows, typed
from tests.digest.stories import a_fact, a_source, put

ID, NAME, DIRECT = "765432109876543210", "Zenobia Quist", "712345678901234567"
OTHER, OTHER_NAME, OTHER_DIRECT = "865432109876543211", "Yorick Pell", "812345678901234568"
BOSS = an_asker("direct", user=OWNER, name="Olga")

NOTE = """---
id: {id}
title: A note for readers
as_of: 2019-06-20
state: Alton left the ferry.
phase: ended
tags: [over]
---
Alton left the agreement [@2019-06-20-end#left]. {more}
"""


class Somebody:
    """A person, where they ask."""

    def __init__(self, user: str, name: str, direct: str) -> None:
        self.user, self.name, self.direct = user, name, direct
        own = Place("discord", "", direct, "your direct messages", "direct")
        self.alone = an_asker("direct", user=user, name=name, place=own, find=lambda _: own)
        self.here = an_asker("here", user=user, name=name, manages=True)
        self.here = self.here._replace(find=lambda typed: own if typed == "me" else HERE)


ONE, ANOTHER = Somebody(ID, NAME, DIRECT), Somebody(OTHER, OTHER_NAME, OTHER_DIRECT)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """The database of a newsroom in which two people have done everything that the bot lets them do."""
    room = new_room(tmp_path_factory.mktemp("done"))
    for who in (ANOTHER, ONE):
        everything(room, who)
    room.store.write(lambda db: questions(db, room.now))
    room.store.close()
    return Path(room.store.path), room.now


@pytest.fixture
def full(done: tuple[Path, datetime], tmp_path: Path) -> Iterator[Room]:
    """That newsroom."""
    database, now = done
    room = Room(Path(shutil.copy(database, tmp_path)), now)
    yield room
    room.store.close()


def everything(room: Room, who: Somebody) -> None:
    """Somebody does all there is, and all comes of it that can."""
    tail = who.user[-3:]
    for asker in (who.alone, who.here):  # refused, as long as they are nobody
        room.asks(asker._replace(manages=False), "add", NOTE.format(id=f"n-{tail}", more=""))
        room.asks(asker, "approval on")
    room.asks(BOSS, f"editors add <@{who.user}>")
    digests(room, who)
    drafts(room, who)
    for row in read_rows():
        command = command_of(row, COMMANDS)
        if command.name not in {"forget", "digest unsubscribe", "draft discard", "undo"}:
            for asker in (who.alone, who.here):
                room.asks(asker, typed(row, command, NAMED), NOTE.format(id=f"x-{tail}", more=""))
    room.asks(BOSS, f"log <@{who.user}>")
    room.asks(BOSS, f"editors remove <@{who.user}>")
    room.asks(OPERATOR, f"editors add discord/{who.user}")  # by now with a name
    room.asks(who.here, "editors list")


def questions(db: Database, now: datetime) -> None:
    """What both are remembered by as readers: a look for news, a question, and a report of a mistake."""
    for who in (ANOTHER, ONE):
        for asker in (who.alone, who.here):
            place = asker.place.id if asker.server else ""
            whose = ("ferry", "discord", who.user, place)
            remember_look(db.conn, *whose, Look(now, 1))
            remember_question(db.conn, *whose, "why a strike", now)
        db.conn.execute(
            "INSERT INTO report (story, audience, at, platform, server, user, name, words, facts, says,"
            " closed, outcome)"
            " VALUES ('ferry', '', '', 'discord', '1', ?, ?, 'status', '', 'Who struck?', '', '')",
            (who.user, who.name),
        )


def drafts(room: Room, who: Somebody) -> None:
    """Briefings added, edited, corrected, retracted, restored, undone; drafts open, waiting, given up."""
    name = f"2019-06-20-{who.user[-3:]}"
    room.asks(BOSS, "approval off")

    def published(asker: Asker, words: str, *files: str) -> None:
        room.asks(asker, words, *files)
        number = room.rows("SELECT max(id) FROM draft")[0][0]
        room.asks(asker, f"draft publish {number}")

    published(who.alone, "add", NOTE.format(id=name, more=""))
    published(who.alone, f"edit {name}", NOTE.format(id=name, more="It did [@2019-06-20-end#left]."))
    published(who.alone, f"correct {name} was The day was wrong", NOTE.format(id=name, more=""))
    published(who.here, "add for here", NOTE.format(id=f"{name}-here", more=""))
    published(who.alone, f"retract {name} because It was wrong")
    published(who.alone, f"restore {name}")
    room.asks(who.alone, "undo")
    room.asks(who.alone, "add", NOTE.format(id=f"{name}-open", more=""))
    room.asks(who.alone, "add", NOTE.format(id=f"{name}-given-up", more=""))
    room.asks(who.alone, f"draft discard {room.rows('SELECT max(id) FROM draft')[0][0]}")
    room.asks(BOSS, "approval on")
    room.asks(who.alone, "add", NOTE.format(id=f"{name}-waiting", more=""))
    room.asks(who.alone, f"draft publish {room.rows('SELECT max(id) FROM draft')[0][0]}")


def digests(room: Room, who: Somebody) -> None:
    """Digests on a server and to themselves; made, sent, failed, and a word to them about it."""
    room.asks(who.alone, "digest subscribe at 09:00")
    room.asks(who.alone, "digest subscribe weekly on friday at 09:00")
    room.asks(who.here, "digest subscribe replay to me at 10:00")
    room.asks(who.here, "digest subscribe at 09:00")
    room.asks(who.here, "digest change kind weekly on monday")
    room.asks(who.here, "digest change kind news on daily")
    for day in range(1, 4):
        name = f"2021-07-{day:02}-{who.user[-3:]}"
        put(room.store, a_source(name, a_fact(name, "one", "Something was said.")), story="ferry")
        room.now += timedelta(days=1)
        turn(room, room.now, fails=day == 2)
    room.store.write(lambda db: tell(db, who, room.now))


def turn(room: Room, now: datetime, *, fails: bool) -> None:
    """What the timer and the pump do: editions are made, and arrive or do not."""
    maker = Maker({"ferry": "The ferry"})

    def work(db: Database) -> None:
        maker.make(db, ("discord",), now)
        outbox = Outbox(db.conn)
        for row in outbox.take("discord", now, 100):
            outcome = Failed("the connection was reset") if fails else Sent(f"m-{row.id}")
            step = policy.after(row, outcome, now, 0.5)
            outbox.save(step.row)
            if step.attempt:
                outbox.note(step.attempt)

    room.store.write(work)


def tell(db: Database, who: Somebody, now: datetime) -> None:
    """A word to them that nothing arrives."""
    register, outbox = Register(db.conn), Outbox(db.conn)
    for row in register.of_story("ferry"):
        if row.by == who.user and row.server:
            body = outbox.put_body(reply_text(silent(row, now, "nobody knows why")))
            outbox.promise(notice(row, new_mark(), body, now))


def forgotten(room: Room, asker: Asker, words: str = "forget me yes") -> str:
    """Somebody is forgotten, and the files are seen to."""
    return room.says(asker, words)


# ── where a person stands ───────────────────────────────────────────────────────────────

PLACES = {
    ("person", "user"), ("person", "name"), ("editor", "id"), ("editor", "name"),
    ("subscription", "by"), ("subscription", "place"), ("delivery", "place"),
    ("looked", "user"), ("asked", "user"), ("report", "user"), ("report", "name"),
}  # fmt: skip
"""Every column that may hold an id or a name of somebody, or the channel of their direct messages."""

READING = {place for place in PLACES if place[0] in {"looked", "asked", "report"}}
"""Those of them that have who only reads."""

NUMBERS = {("revision", "person"), ("draft", "person"), ("audit", "person")}
"""Every column that holds the number of a person."""


def standing(room: Room, *traces: str) -> set[tuple[str, str]]:
    """The columns that hold one of these, wherever in their text."""
    found = set()
    for (table,) in room.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for (column,) in room.rows("SELECT name FROM pragma_table_info(?)", table):
            query = f'SELECT 1 FROM "{table}" WHERE instr(CAST("{column}" AS TEXT), ?) LIMIT 1'
            if any(room.rows(query, trace) for trace in traces):
                found.add((str(table), str(column)))
    return found


def in_files(room: Room, trace: str) -> int:
    """How often it stands in the bytes of the database and of what lies beside it."""
    files = [*Path(room.store.path).parent.glob("state.db*")]
    assert len(files) >= 2
    return sum(file.read_bytes().count(trace.encode()) for file in files)


def test_a_person_stands_in_known_places_and_no_others(full: Room) -> None:
    """Whatever somebody does, their id, their name and their channel come to columns that are known."""
    assert standing(full, ID, NAME, DIRECT) == PLACES
    refer = {
        (str(table), str(row[0]))
        for (table,) in full.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        for row in full.rows(
            'SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = \'person\'', table
        )
    }
    assert refer == NUMBERS
    assert in_files(full, ID)


def test_nothing_of_a_person_is_left(full: Room) -> None:
    """In no table, and in no byte of the database or of the log beside it."""
    assert "You are forgotten" in forgotten(full, ONE.alone)
    assert standing(full, ID, NAME, DIRECT) == set()
    assert [in_files(full, trace) for trace in (ID, NAME, DIRECT)] == [0, 0, 0]


def test_everybody_else_is_left_as_they_were(full: Room) -> None:
    """Another who did all the same keeps everything."""
    before = standing(full, OTHER, OTHER_NAME, OTHER_DIRECT)
    theirs = full.rows("SELECT * FROM subscription WHERE by = ?", OTHER)
    forgotten(full, ONE.alone)
    assert standing(full, OTHER, OTHER_NAME, OTHER_DIRECT) == before == PLACES
    assert full.rows("SELECT * FROM subscription WHERE by = ?", OTHER) == theirs
    assert full.rows("PRAGMA foreign_key_check") == []
    assert full.rows("PRAGMA integrity_check") == [("ok",)]


def test_what_was_published_and_recorded_stays(full: Room) -> None:
    """Texts are the story's; the audit keeps what was done, by somebody who was forgotten."""
    texts = full.rows("SELECT story, kind, item, version, text, act, person FROM revision")
    known = full.rows("SELECT id FROM person WHERE user = ?", ID)[0][0]
    before = full.audit()
    forgotten(full, ONE.alone)
    assert full.rows("SELECT story, kind, item, version, text, act, person FROM revision") == texts
    after = full.audit()
    assert after[: len(before)] == before
    assert [(row.act, row.item, row.outcome) for row in after[len(before) :]] == [
        ("forget", f"person {known}", "done")
    ]
    assert full.rows("SELECT user, name FROM person WHERE id = ?", known) == [("", FORGOTTEN)]
    assert FORGOTTEN in full.says(BOSS, "log newest 200")


def test_drafts_are_given_up_with_their_texts(full: Room) -> None:
    """Neither what was open nor what waits for another can be published any more."""
    known = full.rows("SELECT id FROM person WHERE user = ?", ID)[0][0]
    waiting = full.rows("SELECT id FROM draft WHERE person = ? AND state = 'waiting'", known)
    assert waiting
    forgotten(full, ONE.alone)
    assert full.rows("SELECT DISTINCT state FROM draft WHERE person = ? ORDER BY state", known) == [
        ("discarded",),
        ("published",),
    ]
    parts = "SELECT count(*) FROM draft_part WHERE draft IN (SELECT id FROM draft WHERE person = ?)"
    assert full.rows(parts, known) == [(0,)]
    assert full.asks(ANOTHER.alone, f"draft publish {waiting[0][0]}").abstained


def test_digests_go_on_without_anybody_to_tell(full: Room) -> None:
    """Those of a server are made as before, those to the person are gone, and no word goes to nobody."""
    servers = full.rows("SELECT id FROM subscription WHERE server != '' AND by = ?", ID)
    assert servers
    forgotten(full, ONE.alone)
    marks = ", ".join("?" * len(servers))
    there = full.rows(f"SELECT by FROM subscription WHERE id IN ({marks})", *(row[0] for row in servers))
    assert there == [("",)] * len(servers)
    name = "2021-08-01-more"
    put(full.store, a_source(name, a_fact(name, "one", "More was said.")), story="ferry")
    for days in (2, 40):
        full.now += timedelta(days=days)
        turn(full, full.now, fails=False)
    made = full.rows("SELECT count(*) FROM delivery WHERE subscription = ? AND state = 'done'", servers[0][0])
    assert made[0][0]
    assert full.rows("SELECT count(*) FROM delivery WHERE place IN ('', ?, ?)", ID, DIRECT) == [(0,)]


def test_rights_are_gone_and_come_back_by_being_named_anew(full: Room) -> None:
    """A forgotten editor is none; who comes again is somebody new."""
    known = full.rows("SELECT id FROM person WHERE user = ?", ID)[0][0]
    forgotten(full, ONE.alone)
    assert full.asks(ONE.alone, "drafts").title == "That is for editors"
    full.asks(BOSS, f"editors add <@{ID}>")
    assert full.asks(ONE.alone, "drafts").title != "That is for editors"
    assert full.rows("SELECT id FROM person WHERE user = ?", ID)[0][0] != known


# ── asking, and who may ─────────────────────────────────────────────────────────────────


def test_it_asks_once_and_tells_what_goes_and_what_stays(full: Room) -> None:
    """Without yes nothing is done; a button says yes."""
    before = standing(full, ID, NAME, DIRECT)
    reply = full.asks(ONE.alone, "forget")
    assert reply.alone
    assert [action.words for action in reply.actions] == ["forget me yes"]
    said = full.says(ONE.alone, "forget me")
    wanted = ("rights of an editor", "drafts, with", "3 digests to their", "1 word", "story's", "Backups")
    for what in wanted:
        assert what in said, said
    assert "config.toml" not in said
    assert standing(full, ID, NAME, DIRECT) == before


def test_nothing_kept_is_nothing_to_forget(room: Room) -> None:
    """Who was never there is told so, and is not written down by asking."""
    assert "Nothing is kept about you" in room.says(ONE.here, "forget me yes")
    assert standing(room, ID, NAME, DIRECT) == set()


def test_it_can_be_done_again(full: Room) -> None:
    """The second time there is nothing left."""
    forgotten(full, ONE.alone)
    assert "Nothing is kept about you" in full.says(ONE.alone, "forget me yes")


def test_from_a_server_all_the_same_is_forgotten(full: Room) -> None:
    """Also the digests to direct messages: whose they are is known."""
    assert "You are forgotten" in forgotten(full, ONE.here)
    assert [in_files(full, trace) for trace in (ID, NAME, DIRECT)] == [0, 0, 0]


def test_who_only_reads_is_forgotten_as_well(room: Room) -> None:
    """Somebody of whom no more is kept than when they looked and what they asked."""
    room.store.write(lambda db: questions(db, room.now))
    room.store.write(lambda db: db.conn.execute("DELETE FROM report"))
    whose = ("ferry", "discord", ID, "")
    with room.store.reading("ferry") as shelf:
        assert last_look(shelf.connection, *whose) == Look(room.now, 1)
    assert "their last question" in room.says(ONE.alone, "forget")
    assert "You are forgotten" in forgotten(room, ONE.alone)
    with room.store.reading("ferry") as shelf:
        assert last_look(shelf.connection, *whose) is None
        assert not last_question(shelf.connection, *whose, room.now - timedelta(days=1))
    assert standing(room, ID, NAME) == set()


def test_a_question_is_remembered_for_ten_minutes(room: Room) -> None:
    """Only by whoever asked it, where they did; then it goes with the next question of anybody, for good."""
    room.store.write(lambda db: db.conn.execute("PRAGMA secure_delete=OFF"))  # as SQLite is built by most
    room.store.write(lambda db: questions(db, room.now))
    later, mine = room.now + timedelta(minutes=11), ("ferry", "discord", ID, "")
    with room.store.reading("ferry") as shelf:
        assert last_question(shelf.connection, *mine, room.now - timedelta(minutes=1)) == "why a strike"
        assert not last_question(shelf.connection, *mine[:3], "elsewhere", room.now - timedelta(minutes=1))
        assert not last_question(shelf.connection, *mine, room.now)
    room.store.write(lambda db: remember_question(db.conn, *mine, "and then", later))
    assert room.rows("SELECT user, place, question FROM asked") == [(ID, "", "and then")]
    assert standing(room, "why a strike") == set()
    room.store.close()  # and the log beside the file is emptied into it
    assert b"why a strike" not in Path(room.store.path).read_bytes()


@pytest.mark.parametrize("words", [f"forget <@{OTHER}> yes", f"forget discord/{OTHER} yes"])
def test_nobody_has_another_forgotten(full: Room, words: str) -> None:
    """Neither an editor nor an admin; that they tried is recorded."""
    before = standing(full, OTHER, OTHER_NAME, OTHER_DIRECT)
    assert full.asks(ONE.here, words).title == FOR_OWNERS
    assert standing(full, OTHER, OTHER_NAME, OTHER_DIRECT) == before
    assert (full.audit()[-1].act, full.audit()[-1].outcome) == ("forget", "refused")


@pytest.mark.parametrize("words", [f"forget <@{ID}>", f"forget discord/{ID}"])
def test_naming_oneself_is_oneself(full: Room, words: str) -> None:
    """A mention of oneself takes no owner."""
    assert "Forget you?" in full.says(ONE.here, words)


def test_whoever_runs_the_bot_has_anybody_forgotten(full: Room) -> None:
    """By their id, from the shell; what config.toml says of them is named as what stays."""
    assert NAME in full.says(OPERATOR, f"forget discord/{ID}")
    said = forgotten(full, OPERATOR, f"forget discord/{ID} yes")
    assert "They are forgotten" in said
    assert "config.toml" in said
    assert [in_files(full, trace) for trace in (ID, NAME, DIRECT)] == [0, 0, 0]


def test_while_something_is_being_sent_it_waits(full: Room) -> None:
    """A message that is under way would be lost, or come twice: it is said to try again."""

    def take(db: Database) -> None:
        db.conn.execute("UPDATE delivery SET state = 'taken' WHERE place = ?", (DIRECT,))

    full.store.write(take)
    before = standing(full, ID, NAME, DIRECT)
    assert "being sent to you" in full.says(ONE.alone, "forget me yes")
    assert standing(full, ID, NAME, DIRECT) == before


def test_other_platforms_are_other_people(full: Room) -> None:
    """The same id elsewhere is somebody else."""
    stranger = ONE.here._replace(platform="slack")
    assert "Nothing is kept about you" in full.says(stranger, "forget me yes")


# ── what the files have ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words", ["forget me yes", "forget slack/U0ZENOBIA77 yes", "forget <@U0ZENOBIA77> yes"]
)
def test_a_person_of_slack_is_forgotten_as_well(room: Room, words: str) -> None:
    """By themselves, or by an owner on either platform: id, name and channel are in no table and no byte."""
    traces = ("U0ZENOBIA77", NAME, "D0ZENOBIA77")
    own = Place("slack", "", traces[2], "your direct messages", "direct")
    ann = an_asker("direct", "slack", user=traces[0], name=NAME, place=own, find=lambda _: own)
    boss = BOSS if words.startswith("forget slack") else an_asker("direct", "slack", user=f"U{OWNER}")
    room.asks(BOSS, f"editors add slack/{traces[0]}")
    room.asks(ann, "add", NOTE.format(id="2019-06-20-ann", more=""))
    room.asks(ann, "draft publish 1")
    room.asks(ann, "digest subscribe")
    assert standing(room, *traces) == PLACES - READING - {("delivery", "place"), ("editor", "name")}
    said = forgotten(room, ann if "me" in words.split() else boss, words)
    assert "forgotten" in said
    assert standing(room, *traces) == set()
    assert [in_files(room, trace) for trace in traces] == [0, 0, 0]


def test_a_file_with_old_copies_is_written_anew(full: Room) -> None:
    """What SQLite left in unused parts of pages is gone as well, though the tables have it no more."""

    def churn(db: Database) -> None:
        for number in range(3000):
            db.conn.execute(
                "INSERT INTO person (platform, user, name) VALUES ('discord', ?, ?)",
                (f"{ID}{number}", "x" * (number % 90)),
            )

    full.store.write(churn)
    full.store.write(lambda db: db.conn.execute("DELETE FROM person WHERE user LIKE ?", (f"{ID}_%",)))
    forgotten(full, ONE.alone)
    assert [in_files(full, trace) for trace in (ID, NAME, DIRECT)] == [0, 0, 0]
    assert full.rows("PRAGMA integrity_check") == [("ok",)]


def told(room: Room, where: str) -> set[object]:
    """What some subscriptions were told, now and before each of their editions."""
    now = room.rows(f"SELECT told FROM subscription WHERE {where}")
    these = f"SELECT id FROM subscription WHERE {where}"
    before = f"SELECT json_extract(before, '$.told') FROM edition WHERE subscription IN ({these})"
    return {row[0] for row in (*now, *room.rows(before))}


def test_what_was_told_to_nobody_else_is_gone_but_for_the_newest(full: Room) -> None:
    """No number is given twice: a running bot may keep the newest ready."""
    newest = full.rows("SELECT max(id) FROM told")[0][0]
    theirs = "by = '765432109876543210' AND server = ''"
    alone = told(full, theirs) - told(full, f"NOT ({theirs})") - {newest}
    others = told(full, f"NOT ({theirs})")
    assert alone
    forgotten(full, ONE.alone)
    left = {row[0] for row in full.rows("SELECT id FROM told")}
    assert not left & alone
    assert left >= others | {newest}


def test_what_is_kept_is_counted_before_it_goes(full: Room) -> None:
    """The same look tells what there is and that nothing is left."""
    with full.store.reading("ferry") as shelf:
        kept = kept_about(shelf.connection, "discord", ID)
    assert len(kept.digests) == 3
    assert kept.places == (DIRECT,)
    assert (kept.asking, kept.reports) == (4, 1)
    assert (kept.editor, kept.under_way, kept.nothing) == (1, False, False)
    forgotten(full, ONE.alone)
    with full.store.reading("ferry") as shelf:
        assert kept_about(shelf.connection, "discord", ID).nothing


def test_the_editor_of_the_table_is_no_part_of_it(full: Room) -> None:
    """Others who were named editors stay so."""
    forgotten(full, ONE.alone)
    assert EDITOR in full.says(BOSS, "editors list")


def test_a_reader_who_is_in_the_way_is_told_of(full: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody still reads what was there before, the log beside the file cannot be emptied yet."""
    monkeypatch.setattr("bot.store.connect.BUSY_SECONDS", 0.1)
    full.says(ONE.alone, "status")
    with full.store.reading("ferry") as shelf:
        shelf.version()
        full.store.write(lambda db: db.conn.execute("UPDATE person SET name = 'Zoe' WHERE user = ?", (ID,)))
        assert not sweep(full.store.path, ())
    assert sweep(full.store.path, ())


def test_a_file_that_cannot_be_seen_to_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was taken away is gone all the same: nobody is told that it failed."""
    (tmp_path / "state.db").write_bytes(b"no database at all" * 100)
    assert not sweep(str(tmp_path / "state.db"), (ID,))
    assert "is not known" in caplog.text


@pytest.mark.parametrize("column", sorted(f"{table}.{column}" for table, column in PLACES | NUMBERS))
def test_the_document_names_every_place(column: str) -> None:
    """docs/privacy.md lists where something of a person is kept."""
    text = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert f"`{column}`" in text
