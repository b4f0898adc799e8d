"""How far something has come: a bar on a terminal, lines elsewhere, nothing where it is quick."""

import contextlib
import io
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.story import make
from bot.edge.loading import MANY, Loading
from bot.edge.terminal.progress import BAR_SECONDS, LINE_SECONDS, Progress
from tests.bots import ROOT, environment, exomars
from tests.terminals import terminal


class Clock:
    """A steady clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """The seconds it shows."""
        return self.seconds


class Tty(io.StringIO):
    """Something written to that says it is a terminal."""

    def isatty(self) -> bool:
        """It does."""
        return True


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="tty")
def _tty(monkeypatch: pytest.MonkeyPatch) -> Tty:
    monkeypatch.setenv("TERM", "xterm")
    return Tty()


def run(progress: Progress, clock: Clock, steps: int, seconds: float) -> None:
    """So many steps, spread evenly over some seconds."""
    for _ in range(steps):
        clock.seconds += seconds / steps
        progress.step()


def drawn(out: io.StringIO) -> list[str]:
    """The lines that were drawn one over the other."""
    return [line for line in out.getvalue().split("\r\x1b[K") if line]


@pytest.mark.parametrize("out", [Tty, io.StringIO])
def test_what_is_over_within_a_second_shows_nothing(
    clock: Clock, out: Callable[[], io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a bar nor a line."""
    monkeypatch.setenv("TERM", "xterm")
    shown = out()
    with Progress("reading", 1000, shown, clock=clock) as progress:
        run(progress, clock, 1000, 0.99)
    assert shown.getvalue() == ""


def test_a_bar_is_redrawn_in_its_place_at_most_ten_times_a_second(clock: Clock, tty: Tty) -> None:
    """It tells done, total, rate and the time that is left; at the end it is gone."""
    with Progress("reading", 1000, tty, clock=clock) as progress:
        run(progress, clock, 500, 10.0)
        clock.seconds += BAR_SECONDS
        progress.at(500)
        lines = drawn(tty)
        assert 60 <= len(lines) <= (10 - 1) / BAR_SECONDS + 1
        assert lines[-1] == "reading [############............] 500/1,000, 50 a second, 10 s left"
        assert "\n" not in tty.getvalue()
    assert tty.getvalue().endswith("\r\x1b[K")


def test_elsewhere_it_is_a_line_every_few_seconds(clock: Clock) -> None:
    """Plain lines that a log can take: the first after a second, then one each five at most."""
    out = io.StringIO()
    with Progress("reading", 100, out, clock=clock) as progress:
        run(progress, clock, 100, 20.0)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1 + (20 - 1) // LINE_SECONDS
    assert lines[0] == "reading: 5 of 100, 5.0 a second, 19 s left"
    assert all(re.fullmatch(r"reading: \d+ of 100, [0-9.]+ a second, \d+ s left", line) for line in lines)


def test_a_terminal_that_can_only_print_gets_lines(
    clock: Clock, tty: Tty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TERM=dumb: nothing that moves the cursor."""
    monkeypatch.setenv("TERM", "dumb")
    with Progress("reading", 100, tty, clock=clock) as progress:
        run(progress, clock, 100, 20.0)
    assert "\x1b" not in tty.getvalue()
    assert tty.getvalue().count("\n") == 4


def test_without_a_total_it_counts(clock: Clock, tty: Tty) -> None:
    """Where nobody knows how much there is."""
    with Progress("reading", None, tty, clock=clock) as progress:
        run(progress, clock, 4000, 2.0)
    assert drawn(tty)[-1] == "reading: 4,000, 2,000 a second"


def test_nothing_done_yet_promises_no_time(clock: Clock, tty: Tty) -> None:
    """No rate, no time left; and nothing is divided by nothing."""
    with Progress("reading", 10, tty, clock=clock) as progress:
        clock.seconds += 3
        progress.at(0)
    assert drawn(tty) == ["reading [........................] 0/10"]


@pytest.mark.parametrize(
    ("seconds", "told"), [(50, "50 s left"), (150, "2 min left"), (4000, "67 min left"), (9000, "2.5 h left")]
)
def test_the_time_left_is_told_in_the_unit_people_use(
    clock: Clock, tty: Tty, seconds: int, told: str
) -> None:
    """Seconds, minutes, hours."""
    with Progress("reading", 2, tty, clock=clock) as progress:
        clock.seconds += seconds
        progress.step()
    assert drawn(tty)[-1].endswith(told)


def test_it_makes_way_for_what_is_printed(clock: Clock, tty: Tty) -> None:
    """Hidden before a line is printed; back with the next step; hidden also where an error ends it."""

    def broken() -> None:
        with Progress("reading", None, tty, clock=clock) as progress:
            run(progress, clock, 1, 2.0)
            progress.hide()
            tty.write("a line\n")
            run(progress, clock, 1, 2.0)
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        broken()
    erase = "\r\x1b[K"
    first, second = "reading: 1, 0.5 a second", "reading: 2, 0.5 a second"
    assert tty.getvalue() == f"{erase}{first}{erase}a line\n{erase}{second}{erase}"


def test_its_last_words_take_the_place_of_the_bar(clock: Clock, tty: Tty) -> None:
    """What is done once all is counted; said only where anything was shown."""
    with Progress("reading", 10, tty, clock=clock) as progress:
        progress.last("keeping it")
        assert tty.getvalue() == ""
        run(progress, clock, 10, 2.0)
        progress.last("keeping it")
        assert drawn(tty)[-1] == "keeping it"


def test_a_log_gets_lines_and_never_a_bar(clock: Clock, tty: Tty) -> None:
    """Where the lines go to a log, nothing is written to the terminal itself."""
    said: list[str] = []
    with Progress("reading", 100, tty, say=said.append, clock=clock) as progress:
        run(progress, clock, 100, 20.0)
    assert said[0] == "reading: 5 of 100, 5.0 a second, 19 s left"
    assert len(said) == 4
    assert tty.getvalue() == ""


def test_a_narrow_terminal_is_never_overrun(clock: Clock) -> None:
    """The bar is cut where the line ends: one that wraps could not be drawn over."""
    main, other = pty.openpty()
    try:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
        with os.fdopen(os.dup(other), "w") as out, Progress("reading", 10, out, clock=clock) as progress:
            clock.seconds += 2
            progress.step()
        seen = os.read(main, 4096).decode()
    finally:
        os.close(main)
        os.close(other)
    assert max(map(len, re.split(r"\r\x1b\[K", seen))) == 29


def test_nobody_there_to_see_it_stops_no_work(clock: Clock) -> None:
    """Standard error may be a closed pipe: the work goes on."""
    reader, writer = os.pipe()
    os.close(reader)
    out = os.fdopen(writer, "w", buffering=1)
    with Progress("reading", 100, out, clock=clock) as progress:
        run(progress, clock, 100, 60.0)
    with contextlib.suppress(BrokenPipeError):
        out.close()


def test_a_load_of_few_files_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes, and without the import of a bar; of many, each load begins anew."""
    monkeypatch.delitem(sys.modules, "bot.edge.terminal.progress", raising=False)
    loading = Loading()
    for done in range(MANY + 1):
        loading.step(done, MANY)
    assert "bot.edge.terminal.progress" not in sys.modules
    loading.step(0, MANY + 1)
    assert "bot.edge.terminal.progress" in sys.modules
    loading.end()


@pytest.fixture(name="large", scope="module")
def _large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story of so many files that reading it takes more than a second; skipped where it does not."""
    folder = tmp_path_factory.mktemp("large") / "story"
    make(folder, 20_000)
    began = time.monotonic()
    exomars(folder, "check", config=folder / "config.toml")
    if time.monotonic() - began < 2.0:
        pytest.skip("this machine reads a thousand files before anybody would look for a bar")
    return folder / "config.toml"


def test_a_long_load_shows_a_bar_on_a_terminal(large: Path, tmp_path: Path) -> None:
    """`exomars about` of many new files: the bar comes, goes, and the answer stands alone."""
    with terminal(tmp_path, "about", config=large) as shown:
        shown.shows("briefing bot", seconds=60)
        shown.process.wait(10)
        assert re.search(r"\r\x1b\[Kreading files \[#+\.*\] [\d,]+/1,000, ", shown.seen)
        before, _, after = shown.seen.rpartition("\r\x1b[K")
        assert "briefing bot" in after
        assert "briefing bot" not in before


def test_a_long_load_says_lines_in_a_pipe_and_keeps_the_output_clean(large: Path, tmp_path: Path) -> None:
    """Standard output holds the answer and nothing else."""
    done = exomars(tmp_path, "about", "--json", config=large)
    assert done.returncode == 0
    assert done.stdout.startswith("{")
    assert done.stdout.count("\n") == 1
    assert re.fullmatch(r"(reading files: [\d,]+ of 1,000, .*\n)+(1,000 files are read; .*\n)?", done.stderr)


def test_a_check_of_many_files_shows_how_far_it_is(large: Path, tmp_path: Path) -> None:
    """`exomars check` reads them all each time."""
    done = exomars(tmp_path, "check", config=large)
    assert re.match(r"reading files: [\d,]+ of 1,000, ", done.stderr), done.stderr
    assert re.search(r"(?m)^[\d,]+ sources and [\d,]+ briefings read: ", done.stderr), done.stderr


def test_the_usual_case_does_not_import_it(tmp_path: Path) -> None:
    """Every command looks for changed files; few have any, and those do not wait for a bar."""
    exomars(tmp_path, "about")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "about"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert "bot.edge.loading" in done.stderr
    assert "bot.edge.terminal.progress" not in done.stderr
