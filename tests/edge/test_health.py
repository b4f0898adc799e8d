"""How a running bot says that it is well, and how that is read."""

import json
from pathlib import Path

import pytest

from bot.edge.health import STALE_SECONDS, WRITE_SECONDS, tell, told, untell


@pytest.mark.parametrize(
    ("platforms", "well", "words"),
    [
        ({"Discord": True}, True, "connected: Discord"),
        ({"Discord": True, "Slack": True}, True, "connected: Discord, Slack"),
        ({"Discord": True, "Slack": False}, False, "not connected: Slack"),
    ],
)
def test_what_is_told_is_read(tmp_path: Path, platforms: dict[str, bool], well: bool, words: str) -> None:
    """A bot is well where every platform is connected; else those that are not are named."""
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


def test_a_bot_that_ended_takes_its_word_back(tmp_path: Path) -> None:
    """After the end nobody is told that the bot is well, and taking back twice does no harm."""
    path = tmp_path / "health.json"
    tell(str(path), {"Discord": True})
    untell(str(path))
    untell(str(path))
    assert not told(str(path))[0]
