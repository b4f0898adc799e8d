"""How a database of version 2, with digests that were posted, becomes one of version 3: nothing is lost."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.curate.copies.travelling import travel
from bot.curate.files.sync import sync
from bot.load.note import parse
from bot.load.sentences import read_body
from bot.model import Briefing
from bot.reply import Line, Reply, Section, reply_text
from bot.store.connect import connect
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.outbox import Attempt, DeliveryRow, Outbox
from bot.store.register import EditionRow, Register, SubscriptionRow
from bot.store.schema import MIGRATIONS, NEWEST
from bot.store.store import Store
from bot.store.writing import Made, Put, put
from tests import ferry
from tests.store.whole import assert_whole

NOW = datetime(2021, 6, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = ("subscription", "edition", "held", "body", "attempt", "told", "delivery")
OVER, STRIKE, LEFT = "2019-06-20-over", "2019-03-05-strike", "2019-06-20-end#left"

Rows = dict[str, list[tuple[object, ...]]]


class Earlier:
    """A database as version 2 left it, with the briefings of the ferry and what was posted of them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.db = Database(connect(path))
        self.db.conn.execute("BEGIN")
        for step in MIGRATIONS[:2]:
            step(self.db)
        self.db.conn.execute("PRAGMA user_version=2")
        self.db.conn.execute("INSERT INTO story VALUES ('ferry', 'read', 7)")
        self.outbox, self.register = Outbox(self.db.conn), Register(self.db.conn)
        self.bodies: list[int] = []

    def brief(self, name: str, version: int = 1, now: datetime = NOW - DAY, **changed: str) -> Briefing:
        """Keeps a version of a briefing of the ferry, with some words exchanged."""
        text = ferry.BRIEFINGS[name]
        for old, new in changed.items():
            text = text.replace(old, new)
        item = parse(f"{name}.md", "briefing", text).item
        assert isinstance(item, Briefing)
        self.db.conn.execute(
            "INSERT INTO briefing_version VALUES ('ferry', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name, version, now.isoformat(timespec="seconds"), item.title, item.as_of.text, item.state,
                item.phase, " ".join(item.tags), item.body,
            ),
        )  # fmt: skip
        return item

    def subscribe(self, place: str) -> int:
        """Adds a subscription."""
        at = stamp(NOW)
        told = self.register.put_told("{}")
        row = SubscriptionRow(
            0, "ferry", "discord", "1", place, "#news", "text", "99", "news", "09:00", "UTC", "daily", "none",
            "none", 6, "", "silent", 1, "beginning", 0, at, at, at, "", None, told, 1, "2021-06-20",
            "2021-06-20", at,
        )  # fmt: skip
        return self.register.add(row).id

    def post(
        self, mark: str, subscription: int, reply: Reply, now: datetime = NOW, task: str = "post"
    ) -> None:
        """Enters an edition and the delivery of its words, which has arrived at the second try."""
        body = self.outbox.put_body(reply_text(reply))
        self.bodies.append(body)
        edition = EditionRow(
            0, subscription, now.date().isoformat(), stamp(now), stamp(now), 1, "news", "", "{}"
        )
        row = DeliveryRow(
            mark, "discord", "1", f"1{subscription}", "text", "ferry", "post", subscription,
            self.register.add_edition(edition) if task == "post" else None, body, '{"notes":["News"]}', "7",
            1, stamp(now), stamp(now), stamp(now + DAY), "done", 2, 0, stamp(now), "",
            f"m-{mark}", stamp(now),
        )  # fmt: skip
        marks = ", ".join("?" * 23)
        self.db.conn.execute(f"INSERT INTO delivery VALUES ({marks})", row._replace(task=task)[:23])  # type: ignore[arg-type]
        self.outbox.note(Attempt(mark, stamp(now), "reset"))

    def rows(self) -> Rows:
        """What has to be kept."""
        return {table: all_of(self.db, table) for table in KEPT}

    def migrated(self) -> Store:
        """The same database, opened by the bot of today."""
        self.db.conn.execute("COMMIT")
        self.db.conn.close()
        store = Store(self.path)
        store.write(lambda _: None)
        return store


def all_of(db: Database, table: str) -> list[tuple[object, ...]]:
    """All rows of a table, in order."""
    return sorted((tuple(row) for row in db.conn.execute(f"SELECT * FROM {table}").fetchall()), key=repr)


def a_digest(*lines: Line, title: str = "The ferry: News") -> Reply:
    """A digest with these lines."""
    return Reply("digest", title, (Section("Where it stands", lines[:1]), Section("What is new", lines[1:])))


def carried(store: Store) -> set[tuple[str, int, int]]:
    """What bodies carry, now: item, body and version."""
    with store.reading("ferry") as shelf:
        return {tuple(row) for row in shelf.connection.execute("SELECT * FROM carries").fetchall()}


@pytest.fixture(name="earlier")
def _earlier(tmp_path: Path) -> Iterator[Earlier]:
    made = Earlier(str(tmp_path / "state.db"))
    yield made
    made.db.conn.close()


def posted(earlier: Earlier) -> Sequence[Briefing]:
    """Two channels, each with two digests and a word to its admin, of two briefings."""
    over, strike = earlier.brief(OVER), earlier.brief(STRIKE)
    for number in (1, 2):
        subscription = earlier.subscribe(f"1{number}")
        first = a_digest(Line(over.state, (LEFT,)), Line("A fact.", ("2019-03-strike#strike",)))
        earlier.post(f"first-{number}", subscription, first)
        sentence = read_body(STRIKE, strike.body, 1).sentences[1]
        second = a_digest(Line(over.state, (LEFT,)), Line(sentence.text, sentence.facts))
        earlier.post(f"second-{number}", subscription, second, NOW + DAY)
        earlier.post(f"notice-{number}", subscription, a_digest(Line(strike.state)), task="notice")
    return over, strike


def test_everything_is_kept(earlier: Earlier) -> None:
    """Subscriptions, editions, words, deliveries and their tries are as they were."""
    posted(earlier)
    before = earlier.rows()
    store = earlier.migrated()
    assert_whole(store)
    after = store.write(lambda db: {table: all_of(db, table) for table in KEPT})
    assert {table: rows for table, rows in after.items() if table != "delivery"} == {
        table: rows for table, rows in before.items() if table != "delivery"
    }
    assert after["delivery"] == sorted(((*row, "", None) for row in before["delivery"]), key=repr)
    assert store.write(lambda db: db.conn.execute("PRAGMA user_version").fetchone()[0]) == NEWEST
    store.close()


def test_what_was_posted_carries_what_it_cites_and_quotes(earlier: Earlier) -> None:
    """Facts, and briefings by their state or a sentence; words to single persons carry nothing."""
    posted(earlier)
    first, second = earlier.bodies[0], earlier.bodies[1]
    store = earlier.migrated()
    assert carried(store) == {
        (LEFT, first, 0),
        ("2019-03-strike#strike", first, 0),
        (OVER, first, 1),
        (LEFT, second, 0),
        ("2019-03-strike#delayed", second, 0),
        ("2019-01-10-plan#start-may", second, 0),
        (OVER, second, 1),
        (STRIKE, second, 1),
    }
    store.close()


def test_a_briefing_is_carried_in_the_version_of_its_day(earlier: Earlier) -> None:
    """Where several versions have the words, it is the newest that was there; by its title, too."""
    first = earlier.brief(OVER)
    earlier.brief(OVER, 2, NOW + 2 * DAY, **{"Alton left the agreement": "Alton has left the agreement"})
    subscription = earlier.subscribe("11")
    earlier.post("a", subscription, a_digest(Line(first.state)))
    earlier.post("b", subscription, a_digest(Line("Else."), title="The ferry: Alton leaves"), NOW + DAY)
    earlier.post("c", subscription, a_digest(Line(first.state), Line("Now.")), NOW + 3 * DAY)
    earlier.post("d", subscription, a_digest(Line("Alton left")), NOW + 4 * DAY)
    a, b, c, d = earlier.bodies
    store = earlier.migrated()
    assert carried(store) >= {(OVER, a, 1), (OVER, b, 1), (OVER, c, 2)}
    assert d not in {body for _, body, _ in carried(store)}
    store.close()


def test_what_was_posted_before_is_corrected_like_any_other(earlier: Earlier, tmp_path: Path) -> None:
    """Its files are read anew without new versions, and then a correction reaches the old posts."""
    posted(earlier)
    store = earlier.migrated()
    synced = sync(store, ferry.STORY, ferry.write(tmp_path), NOW)
    assert synced is not None
    assert synced.problems == ()
    text = ferry.BRIEFINGS[OVER].replace(
        "state: Alton left the ferry on 19", "state: Alton left the ferry on 18"
    )
    text = text.replace("phase:", "corrections:\n  - on: 2021-06-20\n    was: It said 19.\nphase:")
    item = parse(f"{OVER}.md", "briefing", text).item
    assert item is not None

    def correct(db: Database) -> int:
        (revision,) = put(db, "ferry", [Put(item, text)], Made("correct"), NOW)
        assert db.conn.execute("SELECT version FROM revision WHERE id = ?", (revision,)).fetchone()[0] == 2
        return travel(db, "ferry", [("briefing", OVER)], revision, NOW, new_mark)

    assert store.write(correct) == 4
    store.close()
