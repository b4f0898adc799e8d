"""The pump on a real database, and a place that remembers what it got, as a platform does."""

import asyncio
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.deliver.guard import MOST_INVALID
from bot.deliver.lock import Lock
from bot.deliver.order import Failed, Order, Outcome, Refused, Wait
from bot.deliver.pump import MOST, TRIES, Pump, account_setting
from bot.digest.content.post import posted
from bot.errors import StoreError
from bot.reply import Line, Reply, Section, parse_reply, reply_text
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.outbox import MOST_UNSURE, Outbox
from bot.store.register import Register
from tests.deliver.places import Place
from tests.deliver.scene import NOW, REPLY, Scene

pytestmark = pytest.mark.asyncio


@pytest.fixture(name="place")
def _place() -> Place:
    return Place()


@pytest.fixture(name="scene")
def _scene(tmp_path: Path, place: Place) -> Scene:
    return Scene(tmp_path, place)


async def test_everything_that_is_due_is_sent_once_and_kept(scene: Scene, place: Place) -> None:
    """Many more than are under way at one time; each with its mark in its first note."""
    marks = scene.promise(3 * MOST)
    await scene.until(lambda: len(place.arrived) == len(marks))
    assert sorted(place.tries) == sorted(marks)
    assert {scene.row(mark).state for mark in marks} == {"done"}
    assert scene.row(marks[0]).message == f"m-{marks[0]}"
    assert place.most <= MOST
    reply = place.arrived[marks[0]].reply
    assert reply is not None
    assert reply.notes[0] == f"[{marks[0]}]"


async def test_what_is_not_due_yet_waits(scene: Scene, place: Place) -> None:
    """Its moment is kept."""
    (mark,) = scene.promise(due=stamp(NOW + timedelta(hours=1)))
    (other,) = scene.promise()
    await scene.until(lambda: bool(place.arrived))
    assert [*place.arrived] == [other]
    assert scene.row(mark).state == "due"


async def test_a_failure_that_passes_is_tried_again_within_the_window_without_looking(
    scene: Scene, place: Place
) -> None:
    """The nonce makes that harmless; each failed try is kept for `digest why`."""
    place.answers = [Failed("reset"), Failed("no connection", sure=True)]
    (mark,) = scene.promise()
    await scene.until(lambda: scene.row(mark).state == "done", advance=0.2)
    assert (place.tries, place.looks) == ([mark] * 3, [])
    with scene.store.reading("") as shelf:
        said = [attempt.outcome for attempt in Outbox(shelf.connection).attempts(mark)]
    assert ["reset" in said[0], "no connection" in said[1], len(said)] == [True, True, 2]
    assert scene.row(mark).tries == 3


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_kill_what_was_under_way_is_looked_for(
    scene: Scene, place: Place, *, arrived: bool
) -> None:
    """It was sent and not recorded, or taken and not sent: it stands there once either way."""
    (mark,) = scene.promise()
    scene.store.write(lambda db: Outbox(db.conn).take("discord", scene.now, 9))  # and then it was killed
    if arrived:
        place.arrived[mark] = Order(scene.row(mark), REPLY)
    scene.now += timedelta(minutes=10)
    await scene.until(lambda: scene.row(mark).state == "done")
    assert place.looks == [mark]
    assert place.tries == ([] if arrived else [mark])


async def test_what_is_looked_for_holds_up_nothing_that_is_sure(
    scene: Scene, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an outage, where many may have arrived and looking takes its time."""
    looked, look, rounds = asyncio.Event(), place.look, 0

    async def slow(order: Order) -> Outcome:
        await looked.wait()
        return await look(order)

    def counted(*which: Any) -> Any:
        nonlocal rounds
        rounds += 1
        return of_the_pump(*which)

    monkeypatch.setattr(place, "look", slow)
    of_the_pump = scene.pump._round
    monkeypatch.setattr(scene.pump, "_round", counted)
    doubtful = scene.promise(3 * MOST, unsure=1, first_try=None)
    sure = scene.promise(2 * MOST, due=stamp(NOW + timedelta(seconds=1)))
    scene.now += timedelta(seconds=2)
    running = asyncio.create_task(scene.pump.run())
    async with asyncio.timeout(5):
        while len(place.tries) < len(sure):
            await asyncio.sleep(0.01)
        assert sorted(place.tries) == sorted(sure)
        under_way = [mark for mark in doubtful if scene.row(mark).state == "taken"]
        assert len(under_way) == MOST_UNSURE
        rounds = 0
        await asyncio.sleep(0.3)
        assert rounds < 4  # those that have to wait are waited for
        looked.set()
        while len(place.looks) < len(doubtful):
            await asyncio.sleep(0.01)
    await scene.pump.end(1)
    await running


async def test_another_account_delivers_nothing_until_it_is_adopted(
    scene: Scene, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """What one bot has posted, another cannot tell from what it has not."""
    scene.promise()
    await scene.until(lambda: len(place.arrived) == 1)
    (mark,) = scene.promise()
    place.account, scene.pump = "bot-2", scene.a_pump()
    await scene.until(lambda: "exomars digest adopt" in caplog.text)
    assert scene.row(mark).state == "due"
    scene.store.remember(account_setting("discord"), "")
    scene.pump = scene.a_pump()
    await scene.until(lambda: scene.row(mark).state == "done")


async def test_what_may_yet_arrive_is_not_looked_for_too_soon(
    scene: Scene, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that was cut off may still be carried out: looking at once would prove nothing."""
    monkeypatch.setattr(place, "window", lambda _: 0.0)
    monkeypatch.setattr(place, "settle", lambda _: 20.0)
    (mark,) = scene.promise()
    scene.store.write(lambda db: Outbox(db.conn).take("discord", scene.now, 9))  # and then it was killed
    began = scene.now
    place.arrived[mark] = Order(scene.row(mark), REPLY)
    await scene.until(lambda: scene.row(mark).state == "done", advance=1)
    assert (place.looks, place.tries) == ([mark], [])
    assert scene.now - began >= timedelta(seconds=20)


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=365)])
async def test_a_clock_put_back_while_it_waits_leaves_it_to_be_looked_for(
    scene: Scene, place: Place, ahead: timedelta
) -> None:
    """By the clock it was tried in the future: neither is it sent again, nor does it wait for that."""
    place.answers = [Failed("reset")]
    scene.now += ahead
    (mark,) = scene.promise(made=stamp(scene.now), due=stamp(scene.now), until=None)
    await scene.until(lambda: len(place.tries) == 1)
    scene.now -= ahead
    scene.pump = scene.a_pump()
    await scene.until(lambda: scene.row(mark).state == "done")
    assert (place.looks, place.tries) == ([mark], [mark])


async def test_it_begins_once_the_database_can_be_used(scene: Scene, place: Place) -> None:
    """An error at the start ends nothing."""
    (mark,) = scene.promise()
    recover, failures = scene.pump._recover, [StoreError("locked")]

    def fails_once(db: Any) -> int:
        if failures:
            raise failures.pop()
        return recover(db)

    scene.pump._recover = fails_once  # type: ignore[method-assign]
    await scene.until(lambda: scene.row(mark).state == "done")
    assert not failures


async def test_refusals_count_also_those_that_say_to_wait(scene: Scene, place: Place) -> None:
    """A limit that is run into again and again is how an address is banned."""
    place.answers = [Wait(0.01, "slow down", invalid=True) for _ in range(MOST_INVALID // TRIES)]
    scene.promise(3 * MOST_INVALID // TRIES)
    await scene.until(lambda: scene.pump._waiting() > 0, advance=0.1)
    assert len(place.tries) <= MOST_INVALID // TRIES + MOST


async def test_the_fault_of_the_bot_itself_pauses_nobody(scene: Scene, place: Place) -> None:
    """Its admins could do nothing about it; the next edition tells what was in it."""
    place.answers = [Refused("Invalid Form Body", "see the log", ours=True)]
    (mark,) = scene.promise()
    await scene.until(lambda: scene.row(mark).state == "refused")
    with scene.store.reading("") as shelf:
        row = Register(shelf.connection).get(scene.subscription)
    assert row is not None
    assert not row.paused
    assert not place.arrived


async def test_a_refusal_pauses_the_subscription_and_tells_who_wished_for_it(
    scene: Scene, place: Place
) -> None:
    """Nothing more is sent there, and a private word says what to do."""
    place.answers = [Refused("the bot may not send there", "give it Send Messages")]
    (mark,) = scene.promise()
    await scene.until(lambda: bool(place.arrived))
    assert scene.row(mark).state == "refused"
    with scene.store.reading("") as shelf:
        row = Register(shelf.connection).get(scene.subscription)
    assert row is not None
    assert "give it Send Messages" in row.paused
    (told,) = place.arrived.values()
    assert (told.row.task, told.row.place) == ("notice", "99")
    assert told.reply is not None
    assert "#news" in str(told.reply.sections)


async def test_the_whole_platform_waits_when_told_to(scene: Scene, place: Place) -> None:
    """A global limit holds back everything else as well."""
    place.answers = [Wait(0.3, "global", everywhere=True)]
    first, second = scene.promise(), scene.promise(due=stamp(NOW + timedelta(milliseconds=1)))
    place_tries: list[int] = []

    def seen() -> bool:
        place_tries.append(len(place.tries))
        return len(place.arrived) == 2

    await scene.until(seen, advance=0.01)
    assert {*place.arrived} == {*first, *second}


async def test_what_is_over_is_held(scene: Scene, place: Place) -> None:
    """It is not sent after its time; the next edition tells what was in it."""
    (mark,) = scene.promise()
    scene.now += timedelta(hours=7)
    await scene.until(lambda: scene.row(mark).state == "held")
    assert place.tries == []


async def test_what_is_to_be_published_is_published_afterwards(scene: Scene, place: Place) -> None:
    """Ten in an hour; the eleventh waits for the hour to be over."""
    scene.promise(11, publish=1)
    await scene.until(lambda: sum(order.row.task == "publish" for order in place.arrived.values()) == 10)
    with scene.store.reading("") as shelf:
        left = Outbox(shelf.connection).next_due("discord")
    assert left is not None
    assert left > stamp(NOW + timedelta(minutes=59))


async def test_an_error_of_our_own_stops_no_other(scene: Scene, place: Place) -> None:
    """A delivery that cannot be shown is tried again later, and the rest goes out."""
    marks = scene.promise(2)
    broken = marks[0]

    def show(reply: Reply, heading: str, mark: str, now: datetime) -> Reply:
        if mark == broken:
            raise RuntimeError("cannot be shown")
        return posted(reply, heading, mark, now)

    scene.pump = Pump(scene.store, place, show, lambda: scene.now, new_mark)
    await scene.until(lambda: scene.row(marks[1]).state == "done" and scene.row(broken).tries > 0)
    assert scene.row(broken).state == "due"


async def test_only_one_process_holds_the_lock(tmp_path: Path) -> None:
    """The second gets it when the first lets go."""
    one, two = Lock(str(tmp_path / "a.db"), "discord"), Lock(str(tmp_path / "a.db"), "discord")
    assert (one.take(), one.take(), two.take()) == (True, True, False)
    assert Lock(str(tmp_path / "a.db"), "terminal").take()
    one.release()
    assert two.take()


@pytest.mark.skipif(os.name == "nt", reason="files have no owners there")
async def test_a_lock_that_cannot_be_written_is_held_by_nobody(tmp_path: Path) -> None:
    """It is said whose it is and what to do; SQLite alone would give it to everybody."""
    database = tmp_path / "a.db"
    lock = Lock(str(database), "discord")
    assert lock.take()
    lock.release()
    path = Path(lock.path)
    path.chmod(0o444)
    take = (
        "import os, pwd, sys\n"
        "from bot.deliver.lock import Lock\n"
        "from bot.errors import StoreError\n"
        "if os.getuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    print(Lock(sys.argv[1], 'discord').take())\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    for folder in (tmp_path, *tmp_path.parents):
        if folder.name.startswith(("test_", "popen-", "pytest-")):  # those that pytest has made
            folder.chmod(0o755)
    words = [sys.executable, "-c", take, str(database)]
    said = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, check=False)
    assert f"the lock {path} cannot be written: it belongs to {path.owner()}" in said.stdout, said.stderr
    assert f"chown --reference={database} {path}" in said.stdout


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
async def test_a_lock_belongs_to_whom_the_database_belongs_to(tmp_path: Path) -> None:
    """Also where root makes it, so that the bot can take it afterwards."""
    database = tmp_path / "a.db"
    database.touch()
    os.chown(database, 65534, 65534)
    lock = Lock(str(database), "discord")
    assert lock.take()
    assert (Path(lock.path).stat().st_uid, Path(lock.path).stat().st_gid) == (65534, 65534)


async def test_a_reply_is_kept_as_it_is() -> None:
    """Through the database and back."""
    full = REPLY._replace(
        sections=(
            Section("T", (Line("a", ("x#y",), (1,), "when", "label", "note", ((0, 1),)),), flowing=True),
        ),
        as_of=NOW.date(),
        notes=("n",),
    )
    assert parse_reply(reply_text(full)) == full
