"""How a running bot is: written by it at each change and every few seconds, read by `exomars health`."""

import json
import os
import time
from collections.abc import Mapping

LOOK_SECONDS = 1  # how soon a change is written
WRITE_SECONDS = 5  # and how often all the same
STALE_SECONDS = 30


class Word:
    """What a running bot says of itself, time and again."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._told: Mapping[str, bool] | None = None
        self._at = 0.0

    def tell(self, platforms: Mapping[str, bool]) -> None:
        """Writes it where it has changed, or was not written for some seconds."""
        now = time.monotonic()
        if platforms != self._told or now - self._at >= WRITE_SECONDS:
            self._told, self._at = platforms, now
            tell(self._path, platforms)


def tell(path: str, platforms: Mapping[str, bool]) -> None:
    """Writes which platforms are connected; a reader sees the old or the new file, never half."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pid = os.getpid()
    part = f"{path}.{pid}"
    with open(part, "w", encoding="utf-8") as file:
        json.dump({"at": time.time(), "pid": pid, "pids": _pids(), "platforms": dict(platforms)}, file)
    os.replace(part, path)


def untell(path: str) -> None:
    """Takes the word back when the bot ends."""
    if os.path.exists(path):
        os.remove(path)


def told(path: str) -> tuple[bool, str]:
    """Whether the bot is connected anywhere, and in words where it is and where it is not.

    One platform that is down is no reason to start a bot anew that serves another.
    """
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        age = time.time() - float(found["at"])
        platforms = dict(found["platforms"])
        killed = _killed(found.get("pid"), found.get("pids"))
    except (OSError, ValueError, KeyError, TypeError):
        return False, f"no bot is running here, or it has not said how it is ({path})"
    if age > STALE_SECONDS:
        return False, f"the bot has not been heard of for {age:.0f} s"
    if killed:
        return False, f"the bot is no longer running: its process {found['pid']} ended without a word"
    up = ", ".join(name for name, connected in platforms.items() if connected)
    down = ", ".join(name for name, connected in platforms.items() if not connected)
    said = [f"connected: {up}" if up else "", f"not connected: {down}" if down else ""]
    return bool(up), "; ".join(filter(None, said))


def _pids() -> str:
    """What makes a process id mean the same: the boot of the machine, and the container on it.

    Empty where the system does not tell; then ids are not asked for.
    """
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return f"{file.read().strip()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _killed(pid: object, pids: object) -> bool:
    """Whether the process that told is known to be gone: it ran where we run, and is not there."""
    if not isinstance(pid, int) or pid <= 0 or not pids or pids != _pids():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # it lives, and is somebody else's
        return False
    return False
