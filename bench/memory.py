"""How much memory a process holds, as Linux tells it."""

from pathlib import Path


def resident(process: int | str = "self") -> float:
    """What it holds now, in MB."""
    return _told(process, "VmRSS")


def peak(process: int | str = "self") -> float:
    """The most that a process ever held, in MB; by default this one.

    Not getrusage's ru_maxrss: that one counts in what the parent held when it started this process.
    """
    return _told(process, "VmHWM")


def _told(process: int | str, field: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1000
    raise LookupError(field)
