"""The log: one line for each event."""

import logging
from collections.abc import Iterator

import pytest

from bot.edge.logs import set_up

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    names = [None, "discord", "slack_bolt", "slack_sdk", "apscheduler", "asyncio", "aiohttp"]
    handlers, levels = root.handlers[:], [logging.getLogger(name).level for name in names]
    yield
    root.handlers[:] = handlers
    for name, level in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(level)


def fail() -> None:
    """Logs an error with a traceback."""
    try:
        int("first\nsecond")
    except ValueError:
        logging.getLogger("bot").exception("it %s", "failed")


def test_an_error_is_one_line(capsys: Output) -> None:
    """An exception stands behind the message, without a traceback."""
    set_up("info")
    fail()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(
        "ERROR bot: it failed (ValueError: invalid literal for int() with base 10: 'first\\nsecond')"
    )


def test_a_message_cannot_pretend_to_be_two(capsys: Output) -> None:
    """A line break in what is logged is a blank."""
    set_up("info")
    logging.getLogger("bot").warning("%s", "a name\n2022-01-01 ERROR bot: not so")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_debug_shows_tracebacks(capsys: Output) -> None:
    """Who looks for a fault gets all of it."""
    set_up("debug")
    fail()
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(("level", "lines"), [("debug", 5), ("info", 3), ("warning", 2), ("error", 1)])
def test_a_level_says_how_much(capsys: Output, level: str, lines: int) -> None:
    """Below the level nothing is said, and what libraries tell at info only at debug."""
    set_up(level)
    for name in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger("bot"), name)("x")
    logging.getLogger("discord").info("x")
    assert len(capsys.readouterr().err.splitlines()) == lines
