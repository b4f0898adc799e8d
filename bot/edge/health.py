"""How a running bot is: written by it every few seconds, read by `exomars health`."""

import json
import os
import time
from collections.abc import Mapping

WRITE_SECONDS = 5
STALE_SECONDS = 30


def tell(path: str, platforms: Mapping[str, bool]) -> None:
    """Writes which platforms are connected; a reader sees the old or the new file, never half."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = f"{path}.{os.getpid()}"
    with open(part, "w", encoding="utf-8") as file:
        json.dump({"at": time.time(), "pid": os.getpid(), "platforms": dict(platforms)}, file)
    os.replace(part, path)


def untell(path: str) -> None:
    """Takes the word back when the bot ends."""
    if os.path.exists(path):
        os.remove(path)


def told(path: str) -> tuple[bool, str]:
    """Whether the bot is connected everywhere it should be, and that in words."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        age = time.time() - float(found["at"])
        platforms = dict(found["platforms"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, f"no bot is running here, or it has not said how it is ({path})"
    if age > STALE_SECONDS:
        return False, f"the bot has not been heard of for {age:.0f} s"
    down = [name for name, connected in platforms.items() if not connected]
    if down:
        return False, f"not connected: {', '.join(down)}"
    return True, f"connected: {', '.join(platforms)}"
