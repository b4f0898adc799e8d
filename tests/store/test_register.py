"""The register and the outbox as rows: what is kept comes back, and what must not be twice is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.store import schema
from bot.store.connect import connect
from bot.store.moments import stamp
from bot.store.outbox import Attempt, DeliveryRow, Outbox
from bot.store.register import AdminRole, EditionRow, HeldRow, Register, SubscriptionRow
from bot.store.store import Store

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def a_row(place: str = "2", **fields: Any) -> SubscriptionRow:
    """A subscription as a channel may have it."""
    moment = stamp(NOW)
    row = SubscriptionRow(
        0, "exomars", "discord", "1", place, "#news", "text", "99", "news", "09:00", "UTC", "daily", "none",
        "none", 6, "", "silent", 1, "beginning", 0, moment, moment, moment, "", None, 1, 0, "2026-11-20",
        None, moment,
    )  # fmt: skip
    return row._replace(**fields)


def add(store: Store, *rows: SubscriptionRow) -> list[SubscriptionRow]:
    """Keeps subscriptions."""

    def work(db: Database) -> list[SubscriptionRow]:
        register = Register(db.conn)
        register.put_told("{}")
        return [register.add(row) for row in rows]

    return store.write(work)


def a_delivery(mark: str, subscription: int, **fields: Any) -> DeliveryRow:
    """A delivery that is due now."""
    row = DeliveryRow(
        mark, "discord", "1", "2", "text", "exomars", "post", subscription, None, None, "", "", 0,
        stamp(NOW), stamp(NOW), None,
    )  # fmt: skip
    return row._replace(**fields)


def test_a_database_of_the_first_version_keeps_its_story(tmp_path: Path) -> None:
    """The tables of digests are added, and nothing that was there is touched."""
    path = str(tmp_path / "old.db")
    old = Database(connect(path))
    schema.MIGRATIONS[0](old)
    old.conn.execute("INSERT INTO story VALUES ('exomars', 'signature', 7)")
    old.conn.execute("PRAGMA user_version=1")
    old.conn.close()
    store = Store(path)
    with store.reading("exomars") as shelf:
        assert shelf.version() == 7
        assert Register(shelf.connection).count() == (0, 0)
    store.close()


def test_a_subscription_comes_back_as_it_was_kept(store: Store) -> None:
    """Every field, and changed ones changed."""
    (row,) = add(store, a_row(quiet="22:00-07:00"))
    store.write(lambda db: Register(db.conn).save(row._replace(at="18:00", paused="asked")))
    with store.reading("") as shelf:
        assert Register(shelf.connection).get(row.id) == row._replace(at="18:00", paused="asked")


def test_a_channel_has_one_of_a_kind_until_it_has_ended(store: Store) -> None:
    """What has ended stays, and gives way."""
    (row,) = add(store, a_row())
    with pytest.raises(Exception, match="UNIQUE"):
        add(store, a_row())
    add(store, a_row(kind="weekly"))
    store.write(lambda db: Register(db.conn).save(row._replace(ended=stamp(NOW))))
    (again,) = add(store, a_row())
    assert again.id > row.id
    with store.reading("") as shelf:
        found = Register(shelf.connection).of_place("exomars", "discord", "2")
    assert [one.kind for one in found] == ["weekly", "news"]


def test_the_ledger_has_one_entry_for_a_day(store: Store) -> None:
    """Whoever comes second is refused by the database itself."""
    (row,) = add(store, a_row())
    entry = EditionRow(0, row.id, "2026-11-21", stamp(NOW), stamp(NOW), 1, "news", "", "{}")
    store.write(lambda db: Register(db.conn).add_edition(entry))
    with pytest.raises(Exception, match="UNIQUE"):
        store.write(lambda db: Register(db.conn).add_edition(entry))
    with store.reading("") as shelf:
        register = Register(shelf.connection)
        found = register.edition(row.id, "2026-11-21")
        assert found is not None
        assert register.last_numbered(row.id) == found
        assert register.last_numbered(row.id, found.number) is None


def test_what_was_settled_while_the_clock_was_ahead_does_not_count(store: Store) -> None:
    """The newest day up to the limit, of editions and of held stretches."""
    (row,) = add(store, a_row())

    def work(db: Database) -> None:
        register = Register(db.conn)
        register.add_edition(EditionRow(0, row.id, "2030-01-01", stamp(NOW), stamp(NOW), 1, "news", "", "{}"))
        register.hold(HeldRow(row.id, "2026-11-18", "2026-11-19", "missed"))

    store.write(work)
    with store.reading("") as shelf:
        register = Register(shelf.connection)
        assert register.settled_by(row.id, "2026-11-22") == "2026-11-19"
        assert register.settled_by(row.id, "2030-01-02") == "2030-01-01"
        held = register.held_on(row.id, "2026-11-18")
        assert held is not None
        assert held.why == "missed"
        assert register.held_on(row.id, "2026-11-20") is None


def test_what_is_due_is_found_by_its_moment_and_platform(store: Store) -> None:
    """The longest due first; nothing that is paused, ended or of another platform."""
    add(
        store,
        a_row("2", look=stamp(NOW)),
        a_row("3", look=stamp(NOW - timedelta(hours=1))),
        a_row("4", look=None),
        a_row("5", look=stamp(NOW + timedelta(seconds=1))),
        a_row("T", platform="slack", look=stamp(NOW)),
    )
    with store.reading("") as shelf:
        register = Register(shelf.connection)
        assert [row.place for row in register.due(["discord"], NOW, 9)] == ["3", "2"]
        assert register.next_look(["discord", "slack"]) == stamp(NOW - timedelta(hours=1))
        plan = shelf.connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM subscription WHERE platform IN ('discord') AND look <= 'a'"
        ).fetchall()
        assert "subscription_look" in str([tuple(row) for row in plan])


def test_what_is_taken_is_nobody_elses_until_it_is_recovered(store: Store) -> None:
    """Twice taken would be twice sent; recovered, it may have arrived."""
    (row,) = add(store, a_row())
    store.write(lambda db: Outbox(db.conn).promise(a_delivery("m", row.id)))
    (taken,) = store.write(lambda db: Outbox(db.conn).take("discord", NOW, 9))
    assert taken.first_try == stamp(NOW)
    assert store.write(lambda db: Outbox(db.conn).take("discord", NOW, 9)) == []
    assert store.write(lambda db: Outbox(db.conn).recover("slack", NOW)) == 0
    assert store.write(lambda db: Outbox(db.conn).recover("discord", NOW)) == 1
    (again,) = store.write(lambda db: Outbox(db.conn).take("discord", NOW + timedelta(hours=1), 9))
    assert (again.unsure, again.first_try) == (1, stamp(NOW))


def test_attempts_and_tallies_are_kept(store: Store) -> None:
    """What `digest why` and the daily line tell."""
    (row,) = add(store, a_row())

    def work(db: Database) -> None:
        outbox = Outbox(db.conn)
        for number, state in enumerate(("done", "done", "held", "refused", "due")):
            done = None if state == "due" else stamp(NOW)
            outbox.promise(a_delivery(str(number), row.id)._replace(state=state, tries=number, done=done))  # type: ignore[arg-type]
        outbox.note(Attempt("0", stamp(NOW), "a reset"))

    store.write(work)
    with store.reading("") as shelf:
        outbox = Outbox(shelf.connection)
        assert outbox.attempts("0") == [Attempt("0", stamp(NOW), "a reset")]
        assert outbox.tally(NOW - timedelta(days=1), NOW) == (2, 0, 1, 1, 1)
        assert [one.id for one in outbox.open_of(row.id)] == ["4"]
        assert outbox.states(["0", "4"]) == {"0": "done", "4": "due"}


def test_nothing_heard_for_a_day_is_noticed_once_it_is(store: Store) -> None:
    """A post held a day ago and none arrived since; not where one has arrived since."""
    silent, fine = add(store, a_row("2"), a_row("3"))
    old, new = stamp(NOW - timedelta(hours=30)), stamp(NOW - timedelta(hours=5))

    def work(db: Database) -> None:
        outbox, register = Outbox(db.conn), Register(db.conn)
        for row in (silent, fine):
            held = a_delivery(f"h{row.id}", row.id, made=old, due=old, outcome="503")
            outbox.promise(held._replace(state="held", done=new))
        entry = EditionRow(0, fine.id, "2026-11-21", new, new, 1, "news", "", "{}")
        edition = register.add_edition(entry)
        outbox.promise(a_delivery("ok", fine.id, made=new, edition=edition)._replace(state="done", done=new))

    store.write(work)
    with store.reading("") as shelf:
        outbox = Outbox(shelf.connection)
        assert outbox.unheard(NOW) == [(silent.id, old, "503")]
        assert outbox.unheard(NOW - timedelta(hours=10)) == []
        assert outbox.arrived_since("discord", NOW - timedelta(hours=6))
        assert not outbox.arrived_since("discord", NOW - timedelta(hours=4))


def test_roles_of_admins_are_kept_for_each_server(store: Store) -> None:
    """Another server's do not count."""
    role = AdminRole("discord", "1", "5", "Editors")
    store.write(lambda db: Register(db.conn).add_admin_role(role))
    with store.reading("") as shelf:
        register = Register(shelf.connection)
        assert register.admin_roles("discord", "1") == [role]
        assert register.admin_roles("discord", "2") == []
    store.write(lambda db: Register(db.conn).drop_admin_role(role))
    with store.reading("") as shelf:
        assert Register(shelf.connection).admin_roles("discord", "1") == []


def test_a_reader_cannot_write(store: Store) -> None:
    """What has no writer's connection is refused by SQLite."""
    add(store, a_row())
    with pytest.raises(Exception, match="attempt to write a readonly database"), store.reading("") as shelf:
        Register(shelf.connection).save(a_row(id=1))
