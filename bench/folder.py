"""A folder of its own for the bot that is measured: its configuration and its story, copied."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXOMARS = str(Path(sys.executable).with_name("exomars"))


@contextmanager
def story_folder() -> Iterator[Path]:
    """The story of this checkout in a temporary folder; who asks there may ask without end."""
    with tempfile.TemporaryDirectory(prefix="exomars-bench-") as made:
        folder = Path(made)
        shutil.copy(ROOT / "config.toml", folder)
        for name in ("corpus", "briefings"):
            shutil.copytree(ROOT / name, folder / name)
        set_to(folder, person_per_minute=0, server_per_minute=0)
        yield folder


def set_to(folder: Path, **values: int | str) -> None:
    """Changes settings where they stand in the configuration; a text is TOML."""
    path = folder / "config.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert found == 1, f"{name} stands {found} times in {path}"
    path.write_text(text, encoding="utf-8")


def environment(**more: str) -> dict[str, str]:
    """The environment without what sets the bot, and with what is given."""
    own = ("EXOMARS_", "DISCORD_", "SLACK_")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(own)}, **more}
