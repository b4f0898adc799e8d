"""Digests in the terminal: printed as they come, once, and not lost, whatever happens in between."""

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import read_config
from bot.deliver.lock import Lock
from bot.edge.terminal.background import Background
from bot.edge.terminal.poster import MAYBE_SHOWN
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow, Outbox
from bot.wiring import build
from tests import ferry
from tests.bots import CONFIG, ROOT, clocked, command, environment, exomars
from tests.terminals import stuck, terminal

FIRST = "Replay no. 1"
SECOND = "Replay no. 2"
EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE = timedelta(minutes=1)


def subscribed(state: Path, at: str = "09:00", clock: datetime = EIGHT) -> None:
    """A replay that comes to the terminal: each edition of it has something to say."""
    done = exomars(state, "digest", "subscribe", "kind", "replay", "at", at, clock=clock)
    assert done.returncode == 0, done.stdout + done.stderr


def deliveries(state: Path) -> list[DeliveryRow]:
    """The deliveries to the terminal, the oldest first."""
    parts = build(read_config(str(CONFIG), {"EXOMARS_DB": str(state / "exomars.db")}))
    try:
        with parts.store.reading("") as shelf:
            found = shelf.connection.execute("SELECT id FROM delivery ORDER BY made").fetchall()
            rows = [Outbox(shelf.connection).get(str(row[0])) for row in found]
            return [row for row in rows if row]
    finally:
        parts.close()


def states(state: Path) -> list[str]:
    """What has become of them."""
    return [row.state for row in deliveries(state)]


def until(state: Path, what: str) -> None:
    """Waits until this has become of the only delivery to the terminal."""
    end = time.monotonic() + 15
    while states(state) != [what] and time.monotonic() < end:
        time.sleep(0.05)
    assert states(state) == [what]


def begun(state: Path) -> None:
    """Waits until a chat has begun to deliver: until then no other clock but its first is known to it."""
    lock, end = Lock(str(state / "exomars.db"), "terminal"), time.monotonic() + 15
    while lock.take() and time.monotonic() < end:
        lock.release()
        time.sleep(0.05)
    assert not lock.take()


def test_in_a_pipe_it_is_subscribed_sent_and_never_shown_again(tmp_path: Path) -> None:
    """Two lines typed: the confirmation, then the digest itself; the next start has nothing to print."""
    typed = "!exomars digest subscribe kind replay at 09:00\n!exomars digest now\n"
    first = exomars(tmp_path, "run", typed=typed)
    assert first.stdout.index("comes to this terminal") < first.stdout.index("on its way to this terminal")
    assert first.stdout.index("on its way to this terminal") < first.stdout.index(FIRST)
    assert first.stdout.count(FIRST) == 1
    assert (first.returncode, first.stderr) == (0, "")
    again = exomars(tmp_path, "run", typed="!exomars digest list\n")
    assert FIRST not in again.stdout
    assert states(tmp_path) == ["done"]


def test_at_a_prompt_it_comes_above_the_line_that_is_being_typed(tmp_path: Path) -> None:
    """What somebody is typing when a digest comes is still there, and is answered when they go on."""
    with terminal(tmp_path, "run") as chat:
        chat.shows(">")
        chat.types("!exomars digest subscribe kind replay at 09:00\r")
        chat.shows("comes to this terminal")
        time.sleep(0.3)
        chat.types("!exomars sour")
        chat.shows("sour")
        assert exomars(tmp_path, "digest", "now").returncode == 0
        chat.shows(FIRST)
        while chat.reads(1.0):
            pass
        assert chat.text.endswith("> !exomars sour")
        chat.types("ces\r")
        chat.shows("5 sources")
        assert chat.text.count(FIRST) == 1
        assert chat.leaves() == 0


def test_now_typed_at_the_prompt_brings_it_there(tmp_path: Path) -> None:
    """Subscribe, send one now, look into why: all by hand in one terminal."""
    with terminal(tmp_path, "run") as chat:
        chat.shows(">")
        chat.types("digest subscribe kind replay at 09:00\r")
        chat.shows("comes to this terminal")
        chat.types("digest now\r")
        chat.shows(FIRST, seconds=5)
        until(tmp_path, "done")
        chat.types("digest why\r")
        chat.shows("Arrived on")
        assert chat.leaves() == 0


def test_it_comes_at_its_time(tmp_path: Path) -> None:
    """A chat that is open when the minute comes prints it then, and not before."""
    subscribed(tmp_path)
    with terminal(tmp_path, "run", clock=EIGHT + HOUR - timedelta(seconds=4)) as chat:
        chat.shows(FIRST)
        assert "Late" not in chat.text
        assert chat.leaves() == 0
    (delivery,) = deliveries(tmp_path)
    assert timedelta(0) <= moment(delivery.made) - (EIGHT + HOUR) < timedelta(seconds=5)


def test_it_comes_when_the_clock_jumps_to_its_time(tmp_path: Path) -> None:
    """A machine that slept over the hour prints it when it wakes, and says in one line why it is late."""
    ahead = tmp_path / "ahead"
    start = EIGHT - datetime.now(UTC)
    ahead.write_text(f"{start.total_seconds()}", encoding="utf-8")
    exomars(tmp_path, "digest", "subscribe", "kind", "replay", "at", "09:00", clock=ahead)
    with terminal(tmp_path, "run", clock=ahead) as chat:
        chat.shows(">")
        begun(tmp_path)
        ahead.write_text(f"{(start + 2 * HOUR).total_seconds()}", encoding="utf-8")
        chat.shows(FIRST, seconds=8)
        shown = chat.shows("exomars: the clock went forward", seconds=8)
        assert shown.count("the clock went forward") == 1
        assert "Late by 1 hour" in shown
        assert "Traceback" not in shown
        assert chat.leaves() == 0


@pytest.mark.parametrize(
    ("away", "shown", "said"),
    [(5 * HOUR, True, "Late by 4 hours"), (8 * HOUR, False, "")],
    ids=["within its grace", "longer"],
)
def test_what_was_missed_comes_late_or_with_the_next(
    tmp_path: Path, away: timedelta, shown: bool, said: str
) -> None:
    """Within six hours it comes late and says so; else the next tells it, and says what was held."""
    subscribed(tmp_path, clock=EIGHT - DAY + 2 * HOUR)  # after that day's own hour
    late = exomars(tmp_path, "run", typed="about\n", clock=EIGHT + away)
    assert (FIRST in late.stdout) is shown
    assert said in late.stdout
    following = exomars(tmp_path, "run", typed="about\n", clock=EIGHT + DAY + HOUR + MINUTE)
    assert (SECOND if shown else FIRST) in following.stdout
    assert ("held on 2 March 2026 (the bot was away)" in following.stdout) is not shown
    assert "Late" not in following.stdout


def test_killed_while_it_is_printed_it_is_printed_again_and_says_so(tmp_path: Path) -> None:
    """Nobody can tell whether it was seen: it comes once more, with a word about that, and then never."""
    subscribed(tmp_path)
    clock = EIGHT + HOUR + MINUTE
    with stuck(tmp_path, "run", clock=clock):
        until(tmp_path, "taken")
    again = exomars(tmp_path, "run", typed="about\n", clock=clock + MINUTE)
    assert again.stdout.count(FIRST) == 1
    assert MAYBE_SHOWN in again.stdout
    assert states(tmp_path) == ["done"]
    assert FIRST not in exomars(tmp_path, "run", typed="about\n", clock=clock + HOUR).stdout


def test_killed_before_it_was_printed_nothing_is_lost(tmp_path: Path) -> None:
    """What was promised and not yet taken comes with the next start, without a doubt about it."""
    subscribed(tmp_path)
    assert exomars(tmp_path, "digest", "now", clock=EIGHT).returncode == 0  # the shell only promises it
    with terminal(tmp_path, "run", clock=EIGHT + MINUTE) as chat:
        chat.process.kill()  # long before it prints anything
    shown = exomars(tmp_path, "run", typed="about\n", clock=EIGHT + 2 * MINUTE).stdout
    assert shown.count(FIRST) == 1
    assert MAYBE_SHOWN not in shown


def test_of_two_chats_one_prints_it(tmp_path: Path) -> None:
    """Two terminals on one database: the digest comes to the first, and to the second once that is gone."""
    subscribed(tmp_path)
    with terminal(tmp_path, "run", clock=EIGHT) as first:
        first.shows(">")
        begun(tmp_path)
        with terminal(tmp_path, "run", clock=EIGHT) as second:
            second.shows(">")
            assert exomars(tmp_path, "digest", "now", clock=EIGHT).returncode == 0
            first.shows(FIRST)
            until(tmp_path, "done")
            first.process.kill()
            first.process.wait()
            exomars(tmp_path, "digest", "subscribe", "kind", "onthisday", "at", "08:30", clock=EIGHT)
            exomars(tmp_path, "digest", "unsubscribe", "1", clock=EIGHT)
            exomars(tmp_path, "digest", "subscribe", "kind", "replay", "at", "09:00", clock=EIGHT)
            assert exomars(tmp_path, "digest", "now", "3", clock=EIGHT).returncode == 0
            second.shows(FIRST)
            assert second.text.count(FIRST) == 1


def test_it_ends_within_a_second(tmp_path: Path) -> None:
    """Ctrl-D is not kept waiting by digests that are to come."""
    subscribed(tmp_path)
    with terminal(tmp_path, "run", clock=EIGHT) as chat:
        chat.shows(">")
        begun(tmp_path)
        time.sleep(1.0)  # until nothing is left to do
        began = time.monotonic()
        chat.types("\x04")
        assert chat.process.wait(10) == 0
        assert time.monotonic() - began < 1.0


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`exomars run | head -1`: it ends quietly, and the digest was seen or comes again."""
    subscribed(tmp_path)
    clock = EIGHT + HOUR + MINUTE
    words = " ".join(command("run", clock=clock))
    done = subprocess.run(
        ["bash", "-c", f"printf 'about\\nsources\\n' | {words} | head -c 10"],
        env=environment(tmp_path, **clocked(clock)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=30,
    )
    assert "Traceback" not in done.stderr
    assert len(done.stdout) == 10
    assert states(tmp_path)[0] in {"done", "due"}


def test_a_chat_without_digests_starts_none_of_it(tmp_path: Path) -> None:
    """Neither scheduler nor event loop is imported where nothing is to come; where something is, both."""

    def imported(word: str) -> str:
        return subprocess.run(
            [sys.executable, "-X", "importtime", *command(word)[1:]],
            env=environment(tmp_path),
            input="about\n",
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        ).stderr

    imported("chat")  # the first one takes over the files
    late = (
        r"apscheduler|bot\.deliver|bot\.digest\.(?!commands(\.table)?\b)\w|zoneinfo"
        r"|bot\.edge\.(timer|terminal\.progress)"
    )
    assert not re.search(f"{late}|asyncio", imported("chat"))
    assert not re.search(late, imported("run"))
    subscribed(tmp_path, clock=datetime.now(UTC))
    assert "apscheduler" in imported("run")


def test_what_stops_the_digests_is_said_and_the_chat_goes_on(tmp_path: Path) -> None:
    """Whatever goes wrong in their thread: one line, and nobody waits for it."""
    subscribed(tmp_path, clock=datetime.now(UTC))
    parts = build(read_config(str(CONFIG), {"EXOMARS_DB": str(tmp_path / "exomars.db")}))
    said: list[str] = []

    def broken(_: object) -> Any:
        raise RuntimeError("no timer today")

    def warn(lines: Iterable[str]) -> None:
        said.extend(lines)

    digests = Background(parts._replace(timer=broken), lambda *_: None, warn)
    try:
        began = time.monotonic()
        digests.start()
        digests.settle()
        digests.end()
        assert time.monotonic() - began < 5.0
    finally:
        parts.close()
    assert said == ["no more digests are shown here until the next start: no timer today"]


def test_told_to_end_it_ends(tmp_path: Path) -> None:
    """SIGTERM at the prompt, as a container sends it: digests are no reason to stay."""
    subscribed(tmp_path)
    with terminal(tmp_path, "run", clock=EIGHT) as chat:
        chat.shows(">")
        begun(tmp_path)
        chat.process.terminate()
        assert chat.process.wait(5) == 0


def test_files_that_change_beside_an_open_chat_are_taken_over(tmp_path: Path) -> None:
    """Nobody types anything: what is new in the folder is in the digest, and what is wrong is said."""
    ferry.write(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text('reload_seconds = 1\n[[story]]\nword = "ferry"\nname = "The ferry"\n', encoding="utf-8")
    assert exomars(tmp_path, "digest", "subscribe", "at", "09:00", config=config).returncode == 0
    with terminal(tmp_path, "run", config=config) as chat:
        chat.shows(">")
        begun(tmp_path)
        (tmp_path / "briefings" / "2019-06-20-over.md").write_text("---\nid: x\n---\n", encoding="utf-8")
        chat.shows("exomars: briefings/2019-06-20-over.md:2:", seconds=20)
        assert chat.leaves() == 0
