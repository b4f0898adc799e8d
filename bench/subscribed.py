"""Very many subscriptions, written into a database at once, as `digest subscribe` would one by one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.folder import set_to
from bot.config import read_config
from bot.digest.content.told import Told, told_text
from bot.digest.ledger.ledger import look
from bot.digest.ledger.making import Maker
from bot.store.moments import stamp
from bot.store.register import Register, SubscriptionRow
from bot.store.store import Store
from bot.wiring import build

if TYPE_CHECKING:
    from sqlite_utils import Database

WORD = "exomars"
_DAY = timedelta(days=1)


def configure(folder: Path, per_second: int) -> None:
    """Sets how many requests a second the bot may make; 0 for no limit."""
    set_to(folder, requests_per_second=per_second, reload_seconds=0)


def subscribe(
    folder: Path,
    database: Path,
    places: Sequence[tuple[str, ...]],
    dues: Sequence[datetime],
    now: datetime,
    *,
    platform: str = "discord",
) -> None:
    """Subscribes news, of which these channels have been told nothing yet, daily from these moments on.

    `places` are server, channel, and what kind of place it is, a text channel without a word of it; in
    announcement channels each edition is published. `dues` are used in turn: whole minutes within a day
    of now, before or after it.
    """
    parts = build(read_config(str(folder / "config.toml"), {"EXOMARS_DB": str(database)}))

    def work(db: "Database") -> None:
        register = Register(db.conn)
        told = register.put_told(told_text(Told()))
        for number, one in enumerate(places):
            server, place, kind = (*one, "text")[:3]
            due = dues[number % len(dues)].astimezone(UTC)
            began, day = stamp(min(now, due) - timedelta(hours=1)), (due - _DAY).date().isoformat()
            row = SubscriptionRow(
                0, WORD, platform, server, place, f"#{place}", kind, "", "news", f"{due:%H:%M}", "UTC",
                "daily", "none", "none", 6, "", "silent", 1, "beginning", int(kind == "announcement"), began,
                began, began, "", None, told, 0, day, day, None,
            )  # fmt: skip
            row = register.add(row)
            register.save(row._replace(look=look(register, row, now)))

    try:
        parts.refresh()
        parts.store.write(work)
    finally:
        parts.close()


def promise(folder: Path, database: Path, now: datetime, *, platform: str = "discord") -> int:
    """Makes the editions that are due by now, as the bot would; returns how many."""
    config = read_config(str(folder / "config.toml"), {"EXOMARS_DB": str(database)})
    store, maker = Store(config.database), Maker({story.word: story.name for story in config.stories})
    promised, more = 0, True
    try:
        while more:
            made = store.write(lambda db: maker.make(db, [platform], now))
            promised, more = promised + made.promised, made.more
    finally:
        store.close()
    return promised
