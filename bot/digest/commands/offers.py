"""What completes the values of a subscription, where a platform asks while somebody types."""

from collections.abc import Callable

from bot.command.entry import Choices
from bot.digest.schedule.localtime import zone_names
from bot.digest.schedule.subscription import KINDS, Kind

TELLS: dict[Kind, str] = {
    "news": "what became known since the last edition",
    "replay": "the story told again, day by day",
    "weekly": "the week in one post",
    "onthisday": "what happened on this date in earlier years",
}


def _same(*values: str) -> Callable[[], Choices]:
    return lambda: [(value, value) for value in values]


OFFERS: dict[str, Callable[[], Choices]] = {
    "at": _same(*(f"{hour:02}:00" for hour in (*range(6, 24), *range(6)))),
    "zone": lambda: [(name.replace("_", " "), name) for name in zone_names()],
    "days": _same("daily", "weekdays", "weekends", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "kind": lambda: [(f"{kind}: {TELLS[kind]}", kind) for kind in KINDS],
    "quiet": _same("none", "22:00-07:00", "20:00-08:00", "00:00-06:00"),
    "days_off": _same("none", "12-24/01-02", "12-25"),
    "grace": _same("6", "0", "1", "12", "23"),
    "nothing_new": lambda: [
        ("silent: a day without news brings nothing", "silent"),
        ("weekly: on quiet days one line, once a week", "weekly"),
    ],
    "pace": _same("1", "3", "7", "14", "31"),
    "start": _same("beginning"),
    "publish": lambda: [("on: to every server that follows the channel", "on"), ("off", "off")],
}
