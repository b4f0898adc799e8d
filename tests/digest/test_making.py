"""How editions are made: decided, composed and promised once, whatever fails or runs beside it."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.deliver.policy import held
from bot.digest.content.told import Told, told_text
from bot.digest.ledger.making import Maker
from bot.errors import StoreError
from bot.store.moments import stamp
from bot.store.outbox import Outbox
from bot.store.register import Register
from bot.store.store import Store
from tests.digest.servers import (
    ABSENT,
    LOST,
    NAMES,
    NOT_SENT,
    OTHER,
    PLATFORMS,
    REFUSED,
    TALKER,
    Bot,
    an_asker,
)
from tests.digest.stories import a_fact, a_source, put

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)
NINE = NOON + 21 * HOUR  # 09:00 UTC the day after


@pytest.fixture(name="bot")
def _bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path)
    made.done("digest subscribe", NOON)
    made.learn("2021-06-20", "The ferry sails.")
    yield made
    made.close()


def test_an_edition_is_promised_once(bot: Bot) -> None:
    """With its number, its date, its words and until when it may be posted; looking again adds nothing."""
    assert bot.make(NINE - MINUTE) == (0, 0, False)
    assert bot.make(NINE) == (1, 1, False)
    assert bot.make(NINE) == (0, 0, False)
    (row,) = bot.deliveries()
    assert (row.state, row.task, row.place, row.role) == ("due", "post", "11", "")
    assert row.until == "2021-06-21T15:00:00.000"
    assert "News no. 1, 21 June 2021" in row.heading
    assert bot.numbered() == [(1, "2021-06-21")]
    assert bot.row().settled == "2021-06-21"
    assert bot.look() == NINE + DAY


def test_what_was_promised_is_not_told_again(bot: Bot) -> None:
    """The next edition has only what became known since, the one after nothing."""
    bot.make(NINE)
    bot.send(NINE)
    bot.learn("2021-06-21", "It sank.")
    bot.make(NINE + DAY)
    bot.send(NINE + DAY)
    second = bot.words(bot.deliveries()[1])
    assert "It sank." in second
    assert "The ferry sails." not in second
    assert bot.make(NINE + 2 * DAY).promised == 0
    assert bot.editions()[-1].said.startswith("Nothing has become known since 22 June 2021")


@pytest.mark.parametrize("moment", [NINE, NINE + 40 * DAY], ids=["at its hour", "after an outage"])
def test_two_processes_at_one_moment_make_one_edition(bot: Bot, moment: datetime) -> None:
    """Each with its own connection on the same file, over and over."""
    stores = [Store(bot.store.path) for _ in range(2)]
    for number in range(5):
        at = moment + number * DAY
        bot.learn(f"2021-08-{number + 1:02}", f"Day {number}.")
        gate = threading.Barrier(2)

        def run(store: Store, at: datetime = at, gate: threading.Barrier = gate) -> None:
            gate.wait()
            store.write(lambda db: Maker(NAMES).make(db, PLATFORMS, at))

        threads = [threading.Thread(target=run, args=(store,)) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        bot.send(at)
    for store in stores:
        store.close()
    assert [number for number, _ in bot.numbered()] == [1, 2, 3, 4, 5]
    assert len({day for _, day in bot.numbered()}) == 5
    assert len(bot.deliveries()) == 5


def test_the_ledger_itself_has_no_room_for_a_second(bot: Bot) -> None:
    """Even a maker that is handed the row as it was before finds what was made."""
    before = bot.row()
    bot.make(NINE)
    bot.store.write(lambda db: bot.maker._look(db, before, NINE))
    assert bot.numbered() == [(1, "2021-06-21")]
    assert len(bot.deliveries()) == 1


@pytest.mark.parametrize("outcome", [REFUSED, NOT_SENT], ids=["refused", "its time was over"])
def test_what_never_arrived_goes_into_the_next(bot: Bot, outcome: object) -> None:
    """Under the same number, with what became known since, and the day is told as undelivered."""
    bot.make(NINE)
    bot.send(NINE, outcome)  # type: ignore[arg-type]
    bot.send(NINE + 7 * HOUR)
    if bot.row().paused:
        bot.done("digest resume", NINE + 7 * HOUR)
    bot.learn("2021-06-21", "It sank.")
    bot.make(NINE + DAY)
    assert bot.numbered() == [(1, "2021-06-22")]
    words = bot.words(bot.deliveries()[-1])
    assert "The ferry sails." in words
    assert "It sank." in words
    assert "21 June 2021 (it could not be delivered)" in bot.deliveries()[-1].heading
    bot.send(NINE + DAY)
    assert bot.make(NINE + 2 * DAY).promised == 0


def test_several_that_never_arrived_go_into_one(bot: Bot) -> None:
    """As far back as none arrived, and no farther."""
    bot.make(NINE)
    bot.send(NINE)
    for number in (1, 2, 3):
        bot.learn(f"2021-06-{20 + number}", f"Day {number}.")
        bot.make(NINE + number * DAY)
        if number < 3:
            bot.send(NINE + number * DAY, NOT_SENT)
            bot.send(NINE + number * DAY + 7 * HOUR)
    words = bot.words(bot.deliveries()[-1])
    assert all(f"Day {number}." in words for number in (1, 2, 3))
    assert "The ferry sails." not in words
    assert bot.numbered() == [(1, "2021-06-21"), (2, "2021-06-24")]


def test_a_replay_goes_on_where_it_arrived(bot: Bot) -> None:
    """A last edition that turned it to news and never arrived makes it a replay again."""
    bot.done("digest subscribe replay start 2019-06", NOON, TALKER)
    bot.make(NINE)
    assert bot.row(2).kind == "replay"
    bot.send(NINE)
    bot.make(NINE + DAY)
    assert bot.row(2).kind == "news"
    bot.send(NINE + DAY, REFUSED, REFUSED)
    bot.done("digest resume 2", NINE + DAY + HOUR)
    assert bot.row(2).kind == "replay"
    bot.make(NINE + 2 * DAY)
    assert bot.deliveries(2)[-1].state == "due"
    assert [kind.kind for kind in bot.editions(2) if kind.number] == ["replay", "replay"]


def test_a_replay_that_cannot_be_put_back_goes_on_as_news(bot: Bot) -> None:
    """Where the channel has another replay since: what never arrived comes all the same."""
    bot.done("digest subscribe replay start 2021-06", NOON, TALKER)
    bot.make(NINE)
    bot.send(NINE, REFUSED, REFUSED)
    assert bot.row(2).kind == "news"
    bot.done("digest subscribe replay", NINE, TALKER)
    bot.done("digest resume 2", NINE + HOUR)
    assert bot.row(2).kind == "news"
    bot.make(NINE + DAY)
    assert not bot.row(2).paused
    assert "The ferry sails." in bot.words(bot.deliveries(2)[-1])


@pytest.mark.parametrize("arrives", [True, False])
def test_the_next_waits_until_the_last_is_known_to_have_arrived(bot: Bot, *, arrives: bool) -> None:
    """So nothing is told twice where it did, and nothing is lost where it did not."""
    bot.make(NINE)
    bot.send(NINE, LOST)
    bot.learn("2021-06-21", "It sank.")
    assert bot.make(NINE + DAY).promised == 0
    assert bot.numbered() == [(1, "2021-06-21")]
    assert timedelta(0) < bot.look() - NINE - DAY <= MINUTE
    soon = NINE + DAY + MINUTE
    bot.send(soon, *([] if arrives else [ABSENT]))
    bot.send(soon)
    assert [row.state for row in bot.deliveries()] == ["done" if arrives else "held"]
    bot.make(soon + MINUTE)
    words = bot.words(bot.deliveries()[-1])
    assert "It sank." in words
    assert ("The ferry sails." in words) is not arrives
    assert bot.numbered() == ([(1, "2021-06-21"), (2, "2021-06-22")] if arrives else [(1, "2021-06-22")])


def test_a_day_that_waited_beyond_its_grace_is_said_to_be_undelivered(bot: Bot) -> None:
    """And not that the bot was away."""
    bot.make(NINE)
    bot.send(NINE, LOST)
    at = NINE + DAY
    while at < NINE + DAY + 7 * HOUR:
        bot.make(at)
        at += 4 * MINUTE
    assert [(one.first, one.why) for one in bot.held()] == [("2021-06-22", "undelivered")]


def test_one_that_cannot_be_made_stops_no_other(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    """A zone or a story that is gone: it is logged and looked at again later; the others come."""
    bot.done("digest subscribe", NOON, TALKER)
    bot.done("digest subscribe", NOON, OTHER)
    bot.done("digest subscribe", NOON, an_asker(TALKER.place._replace(id="15")))
    bot.learn("2021-06-21", "It sank.")
    bot.set_row(1, zone="Mars/Olympus")
    bot.set_row(2, story="gone")
    assert bot.make(NINE).promised == 2
    assert "there is no time zone 'Mars/Olympus'" in caplog.text
    assert "digest no. 1 cannot be made; trying again in an hour" in caplog.text
    assert "digest no. 2 waits: the story gone is not in config.toml" in caplog.text
    assert [bot.row(number).paused for number in (1, 2, 3)] == ["", "", ""]
    assert bot.row(1).look == stamp(NINE + timedelta(hours=1))
    assert bot.row(2).look is None
    assert bot.make(NINE + timedelta(minutes=59)).looked == 0
    bot.set_row(1, zone="UTC")
    assert bot.make(NINE + timedelta(hours=1)).promised == 1


def test_a_row_that_is_broken_stops_no_other(bot: Bot) -> None:
    """What nobody foresaw is about that one, and is tried again later."""
    bot.done("digest subscribe", NOON, TALKER)
    bot.learn("2021-06-21", "It sank.")
    bot.set_row(1, last="not a day")
    assert bot.make(NINE).promised == 1
    assert bot.row(1).look == stamp(NINE + timedelta(hours=1))


def test_a_database_that_fails_pauses_nobody(bot: Bot) -> None:
    """Where it is full or locked all is undone, and tried again later."""

    class Broken(Maker):
        def _composed(self, *_: object) -> object:  # type: ignore[override]
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(StoreError):
        bot.store.write(lambda db: Broken(NAMES).make(db, PLATFORMS, NINE))
    assert not bot.row().paused
    assert bot.make(NINE).promised == 1


def test_what_is_kept_ready_is_forgotten_with_a_transaction_that_fails(bot: Bot) -> None:
    """Else the next editions would have words that are not in the database, or another's."""

    def fail(db: Database) -> None:
        assert bot.maker.make(db, PLATFORMS, NINE).promised == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        bot.store.write(fail)
    assert bot.deliveries() == []
    # Other words and another state come to stand under the ids that were given back.
    bot.store.write(lambda db: [Outbox(db.conn).put_body(f"{{{number}}}") for number in range(3)])
    assert bot.make(NINE).promised == 1
    assert "The ferry sails." in bot.words(bot.deliveries()[0])
    assert "2021-06-20-source#f0" in bot.told().facts


def test_channels_that_get_the_same_share_its_words(bot: Bot) -> None:
    """They are composed and kept once; number, date and mark are of each alone."""
    bot.done("digest subscribe", NOON, TALKER)
    bot.done("digest subscribe at 10:00 ping <@&7>", NOON, OTHER)
    bot.learn("2021-06-21", "It sank.")
    bot.set_row(1, told=bot.row(2).told)
    bot.make(NINE)
    bot.make(NINE + HOUR)
    rows = [bot.deliveries(number)[0] for number in (1, 2, 3)]
    assert len({row.body for row in rows}) == 1
    assert len({row.id for row in rows}) == 3
    assert [row.role for row in rows] == ["", "", "7"]
    assert len({bot.row(number).told for number in (1, 2, 3)}) == 1


def test_a_new_version_of_the_story_is_composed_anew(bot: Bot) -> None:
    """What is kept ready is of one version, one day, and what was told."""
    bot.done("digest subscribe at 10:00", NOON, TALKER)
    bot.set_row(2, told=bot.row(1).told)
    bot.make(NINE)
    bot.learn("2021-06-21", "It sank.")
    bot.make(NINE + HOUR)
    assert "It sank." not in bot.words(bot.deliveries(1)[0])
    assert "It sank." in bot.words(bot.deliveries(2)[0])


def test_what_an_edition_carries_is_kept_with_its_words(bot: Bot) -> None:
    """Once for all that share them: the facts it cites and the briefings it quotes, as they stood."""
    bot.done("digest subscribe", NOON, OTHER)
    bot.set_row(2, told=bot.row(1).told)
    bot.make(NINE)
    (body,) = {row.body for number in (1, 2) for row in bot.deliveries(number)}
    found = {(item, version) for item, _, version in bot.whole()["carries"]}
    assert found >= {("2021-06-20-source#f0", 1), ("2019-06-20-over", 1), ("2019-06-20-end#left", 1)}
    assert {row[1] for row in bot.whole()["carries"]} == {body}
    put(
        bot.store,
        a_source("2021-06-20-source", a_fact("2021-06-20-source", "f0", "It sails.")),
        story="ferry",
    )
    bot.set_row(1, told=bot.store.write(lambda db: Register(db.conn).put_told(told_text(Told()))))
    bot.make(NINE + DAY)
    carried = {(item, version) for item, one, version in bot.whole()["carries"] if one != body}
    assert ("2021-06-20-source#f0", 2) in carried


def test_what_is_one_servers_own_stands_in_its_digests_alone(bot: Bot) -> None:
    """Another server that was told the same has an edition without it; nobody shares its words."""
    bot.done("digest subscribe", NOON, OTHER)
    bot.set_row(2, told=bot.row(1).told)
    name = "2021-06-21-own"
    put(
        bot.store,
        a_source(name, a_fact(name, "dock", "The dock is dry."), audience="discord/1"),
        story="ferry",
    )
    bot.make(NINE)
    ours, others = (bot.words(bot.deliveries(number)[0]) for number in (1, 2))
    assert "The dock is dry." in ours
    assert "The dock is dry." not in others
    assert "The ferry sails." in others
    bot.send(NINE)
    put(bot.store, drop=[("source", name)], story="ferry")
    bot.learn("2021-06-21", "It sank.")
    bot.make(NINE + DAY)
    assert "It sank." in bot.words(bot.deliveries(1)[-1])


def test_a_replay_at_its_end_beside_news_is_paused(bot: Bot) -> None:
    """A channel has each kind once; it cannot be resumed but told again."""
    bot.done("digest subscribe replay start 2021-06", NOON)
    bot.make(NINE)
    bot.send(NINE)
    assert "news come to this channel by another digest" in bot.row(2).paused
    reply = bot.ask("digest resume 2", NINE)
    assert reply.abstained
    assert "digest change 2 start beginning" in [action.words for action in reply.actions]
    bot.done("digest change 2 start beginning", NINE)
    bot.done("digest resume 2", NINE)
    bot.make(NINE + DAY)
    assert bot.numbered(2)[-1] == (2, "2021-06-22")


def test_what_was_held_by_the_pump_is_taken_back(bot: Bot) -> None:
    """Also where its time ended between two looks."""
    bot.make(NINE)

    def end(db: Database) -> None:
        (row,) = Outbox(db.conn).open_of(1)
        Outbox(db.conn).save(held(row, NINE + 7 * HOUR).row)

    bot.store.write(end)
    bot.make(NINE + DAY)
    assert bot.numbered() == [(1, "2021-06-22")]
    assert bot.editions()[0].said == (
        "It could not be delivered (it could not be sent before its time was over);"
        " the next edition tells what was in it."
    )
