"""How a running bot says that it is well, and how that is read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.edge.health import STALE_SECONDS, WRITE_SECONDS, Word, tell, told, untell


@pytest.mark.parametrize(
    ("platforms", "well", "words"),
    [
        ({"Discord": True}, True, "connected: Discord"),
        ({"Discord": True, "Slack": True}, True, "connected: Discord, Slack"),
        ({"Discord": True, "Slack": False}, True, "connected: Discord; not connected: Slack"),
        ({"Discord": False, "Slack": False}, False, "not connected: Discord, Slack"),
        ({"Discord": False}, False, "not connected: Discord"),
    ],
)
def test_what_is_told_is_read(tmp_path: Path, platforms: dict[str, bool], well: bool, words: str) -> None:
    """A bot is well where any platform is connected; those that are not are named."""
    path = tmp_path / "state" / "health.json"
    tell(str(path), platforms)
    assert told(str(path)) == (well, words)
    assert [one.name for one in path.parent.iterdir()] == ["health.json"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        "3",
        "null",
        "{}",
        '{"at": "soon", "platforms": {}}',
        '{"at": 1e12, "platforms": 3}',
        '{"at": null}',
    ],
)
def test_what_cannot_be_read_is_not_well(tmp_path: Path, text: str | None) -> None:
    """Without a file, or with half of one, no bot is known to run, and no traceback is shown."""
    path = tmp_path / "health.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    well, words = told(str(path))
    assert not well
    assert words.startswith("no bot is running here")
    assert str(path) in words


def test_a_bot_not_heard_of_for_long_is_not_well(tmp_path: Path) -> None:
    """An old word counts for nothing; a bot has several chances to renew it before."""
    path = tmp_path / "health.json"
    path.write_text(json.dumps({"at": 0, "platforms": {"Discord": True}}), encoding="utf-8")
    well, words = told(str(path))
    assert not well
    assert "has not been heard of for" in words
    assert WRITE_SECONDS * 3 < STALE_SECONDS


def test_a_change_is_told_at_once_and_the_same_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at every second, the file is written where something changed, and to show that the bot lives."""
    path, now = tmp_path / "health.json", [0.0]
    monkeypatch.setattr("bot.edge.health.time.monotonic", lambda: now[0])
    word, written = Word(str(path)), []
    for second, up in enumerate([False, False, True, True, False, *[False] * WRITE_SECONDS]):
        now[0] = float(second)
        word.tell({"slack": up})
        if path.exists():
            written.append((second, told(str(path))[0]))
            path.unlink()
    assert written == [(0, False), (2, True), (4, False), (4 + WRITE_SECONDS, False)]


def test_a_bot_that_ended_takes_its_word_back(tmp_path: Path) -> None:
    """After the end nobody is told that the bot is well, and taking back twice does no harm."""
    path = tmp_path / "health.json"
    tell(str(path), {"Discord": True})
    untell(str(path))
    untell(str(path))
    assert not told(str(path))[0]


def killed(path: Path) -> dict[str, object]:
    """The word of a bot that was killed a moment ago."""
    tells = "from bot.edge.health import tell; tell(sys.argv[1], {'Discord': True})"
    script = f"import os, sys; {tells}; os.kill(os.getpid(), 9)"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == -9
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.skipif(not os.path.exists("/proc/self/ns/pid"), reason="process ids are not asked for here")
def test_a_bot_that_was_killed_is_not_well(tmp_path: Path) -> None:
    """A process that is gone counts at once, though its word is young."""
    path = tmp_path / "health.json"
    killed(path)
    well, words = told(str(path))
    assert not well
    assert "is no longer running" in words


@pytest.mark.parametrize(
    "change",
    [{"pids": "elsewhere"}, {"pids": ""}, {"pid": None}, {"pid": -1}, {"pid": "7"}, {"pid": os.getpid()}],
)
def test_a_process_of_another_place_is_not_asked_for(tmp_path: Path, change: dict[str, object]) -> None:
    """Where a process id may mean another process than here, only the age of the word counts."""
    path = tmp_path / "health.json"
    path.write_text(json.dumps(killed(path) | change), encoding="utf-8")
    assert told(str(path)) == (True, "connected: Discord")


def test_a_process_of_another_user_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that we may not signal is there."""
    path = tmp_path / "health.json"
    tell(str(path), {"Discord": True})

    def refuse(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert told(str(path))[0]
