"""How much memory a process holds, as Linux tells it."""

from pathlib import Path


def resident(process: int | str = "self") -> float:
    """What it holds now, in MB."""
    return _told(process, "VmRSS")


def peak() -> float:
    """The most that this process ever held, in MB.

    Not getrusage's ru_maxrss: that one counts in what the parent held when it started this process.
    """
    return _told("self", "VmHWM")


def _told(process: int | str, field: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1000
    raise LookupError(field)
