"""A second, real story in tests/data, about the ship that blocked the Suez Canal, beside the shipped one."""

from pathlib import Path

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
