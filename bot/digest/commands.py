"""The handlers of the `digest …` commands, by the second word of their names; see `table.py`."""

from collections.abc import Callable

from bot.command.entry import Ask
from bot.digest.now import now
from bot.digest.pausing import pause, resume, unsubscribe
from bot.digest.preview import preview
from bot.digest.showing import listing, show
from bot.digest.subscribing import change, subscribe
from bot.digest.why import why
from bot.reply import Reply

HANDLERS: dict[str, Callable[[Ask], Reply]] = {
    "list": listing,
    "subscribe": subscribe,
    "show": show,
    "change": change,
    "pause": pause,
    "resume": resume,
    "unsubscribe": unsubscribe,
    "preview": preview,
    "now": now,
    "why": why,
}
