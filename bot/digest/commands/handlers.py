"""The handlers of the `digest …` commands, by the second word of their names; see `table.py`."""

from collections.abc import Callable

from bot.command.entry import Ask
from bot.digest.commands.asking import is_here, which
from bot.digest.commands.now import now
from bot.digest.commands.pausing import pause, resume, unsubscribe
from bot.digest.commands.preview import preview
from bot.digest.commands.showing import listing, show
from bot.digest.commands.subscribing import change, subscribe
from bot.digest.commands.why import why
from bot.reply import Reply
from bot.store.register import SubscriptionRow


def _of_one(name: str, handler: Callable[[Ask], Reply]) -> Callable[[Ask], Reply]:
    """A handler that is about one digest: of another channel, which not all may know, it tells alone."""

    def handle(ask: Ask) -> Reply:
        row = which(ask, f"digest {name}")
        reply = handler(ask)
        elsewhere = isinstance(row, SubscriptionRow) and not is_here(ask, row)
        return reply._replace(alone=True) if elsewhere else reply

    return handle


HANDLERS: dict[str, Callable[[Ask], Reply]] = {
    "list": listing,
    "subscribe": subscribe,
    "show": show,
    "change": _of_one("change", change),
    "pause": _of_one("pause", pause),
    "resume": _of_one("resume", resume),
    "unsubscribe": _of_one("unsubscribe", unsubscribe),
    "preview": preview,
    "now": _of_one("now", now),
    "why": why,
}
