"""Who wishes for which digest when, in the places of a run.

The digests are subscribed through the desk, as an admin's slash command would do it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench.chaos.stage import Stage
from bench.chaos.story import WORD
from bot.command.asker import Asker, Place
from bot.config import read_config
from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.subscription import Kind, Subscription
from bot.edge.parts import Parts
from bot.store.register import Register
from bot.wiring import build

# Zones, and times of day that a change of the clocks skips or shows twice, or that lie beside one.
ZONES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Europe/Berlin", ("02:30", "03:00")),
    ("America/New_York", ("02:30", "01:30")),
    ("Europe/London", ("01:30",)),
    ("UTC", ()),
    ("America/Havana", ("00:30",)),
    ("Africa/Cairo", ("00:15", "23:30")),
    ("Asia/Kolkata", ()),
    ("America/Nuuk", ("23:30",)),
    ("Asia/Beirut", ("00:30", "23:45")),
    ("America/Los_Angeles", ("02:30",)),
    ("Africa/Casablanca", ("02:30",)),
    ("Asia/Tokyo", ()),
    ("America/St_Johns", ("01:30",)),
    ("Antarctica/Troll", ("02:30",)),
    ("Europe/Lisbon", ("01:30",)),
    ("Pacific/Kiritimati", ()),
    ("America/Sao_Paulo", ()),
    ("Pacific/Pago_Pago", ()),
    ("Asia/Kathmandu", ()),
    ("Australia/Lord_Howe", ()),
)
_SLOTS = ("00:20", "05:05", "08:40", "13:10", "17:15", "20:50")  # UTC, so that many are due at one moment
_DAYS = ("daily",) * 8 + ("mon-fri", "mon, wed, fri-sun")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFF = ("none",) * 7 + ("10-25, 03-28", "2026-10-31/2026-11-02", "11-01, 2027-03-14")
_GRACES = (6, 6, 6, 6, 6, 6, 12, 23, 1, 0)


class Wish(NamedTuple):
    """One subscription of the run, as it was wished for."""

    id: int
    place: Place
    kind: Kind
    it: Subscription  # as it was understood; what it does not change is its hour, its days and its zone
    created: datetime


def set_up(stage: Stage, folder: Path, places: int, now: datetime, chance: Random) -> list[Wish]:
    """Makes the places, and subscribes digests in all of them."""
    parts = build(read_config(str(folder / "config.toml"), {"EXOMARS_DB": str(folder / "chaos.db")}))
    try:
        problems = [problem for synced in parts.refresh() for problem in synced.problems]
        assert not problems, problems
        admins = stage.places(places)
        return [_subscribe(parts, one, kind, now, chance) for one in admins for kind in _kinds(chance)]
    finally:
        parts.close()


def asker(place: Place, person: str) -> Asker:
    """Somebody who manages the server of this place, and asks there."""
    return Asker(place.platform, place.server, person, place, manages=True, find=lambda _: place)


def _kinds(chance: Random) -> Iterator[Kind]:
    """The kinds of digest that one channel gets."""
    kinds: list[Kind] = ["news", "replay", "onthisday"]
    weights = [4, 2, 2]
    first = chance.choices(kinds, weights)[0]
    yield first
    if chance.random() < 0.2:
        yield chance.choice([kind for kind in kinds if kind != first])
    if chance.random() < 0.3:
        yield "weekly"


def _subscribe(parts: Parts, admin: Asker, kind: Kind, now: datetime, chance: Random) -> Wish:
    """Wishes for a digest where somebody asks, and sees that it was understood."""
    zone, odd = chance.choice(ZONES)
    at = chance.choice(odd) if odd and chance.random() < 0.3 else _local(chance.choice(_SLOTS), zone, now)
    hour = int(at[:2])
    values = {
        "at": at,
        "zone": zone,
        "kind": kind,
        "days": chance.choice(_WEEKDAYS if kind == "weekly" else _DAYS),
        "days_off": chance.choice(_OFF),
        "quiet": f"{(hour + 9) % 24:02}:00-{(hour + 15) % 24:02}:00" if chance.random() < 0.15 else "none",
        "grace": str(chance.choice(_GRACES)),
        "nothing_new": chance.choice(("silent", "weekly")),
    }
    if kind == "replay":
        values["pace"] = chance.choice(("1", "1", "1", "1", "2", "9"))
    if admin.place.kind == "announcement" and chance.random() < 0.5:
        values["publish"] = "on"
    desk = parts.desk(WORD)
    command = next(one for one in desk.commands if one.name == "digest subscribe")
    reply = desk.answer_values(command, values, f"/{WORD}", now, admin)
    assert not reply.abstained, (values, reply)
    with parts.store.reading(WORD) as shelf:
        rows = Register(shelf.connection).of_place(WORD, admin.platform, admin.place.id)
    row = next(row for row in rows if row.kind == kind)
    return Wish(row.id, admin.place, kind, subscription_of(row), now)


def _local(slot: str, zone: str, now: datetime) -> str:
    """The local time of day at this time of day in UTC, as the clocks are now."""
    utc = datetime.combine(now.date(), time.fromisoformat(slot), UTC)
    return f"{utc.astimezone(ZoneInfo(zone)):%H:%M}"
