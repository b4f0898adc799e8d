"""A second, real story in tests/data, about the ship that blocked the Suez Canal, beside the shipped one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import read_config
from bot.edge.parts import Parts
from bot.wiring import build
from tests.bots import CONFIG

WORD = "suez"
FOLDER = Path(__file__).parent / "data" / WORD


def beside_the_shipped(folder: Path) -> Path:
    """The shipped configuration with this story as its second."""
    text = CONFIG.read_text(encoding="utf-8")
    for name in ("corpus", "briefings"):
        text = text.replace(f'{name} = "{name}"', f'{name} = "{CONFIG.parent / name}"')
    text += f"""
[[story]]
word = "{WORD}"
name = "The Ever Given"
corpus = "{FOLDER / "corpus"}"
briefings = "{FOLDER / "briefings"}"
"""
    config = folder / "config.toml"
    config.write_text(text, encoding="utf-8")
    return config


@contextmanager
def both_stories(folder: Path) -> Iterator[Parts]:
    """A bot with the shipped story and this one, both loaded."""
    parts = build(read_config(str(beside_the_shipped(folder)), {"EXOMARS_DB": str(folder / "two.db")}))
    parts.refresh()
    yield parts
    parts.close()
