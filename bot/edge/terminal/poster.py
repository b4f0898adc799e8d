"""The terminal as a channel: a digest for it is printed where somebody chats.

What stands there cannot be edited: a correction is printed below it.
"""

from collections.abc import Callable

from bot.deliver.correcting import told_anew
from bot.deliver.order import Absent, Failed, Order, Outcome, Sent
from bot.reply import Reply
from bot.store.outbox import DeliveryRow

MAYBE_SHOWN = "It may have been shown before: the terminal was closed just when it came."


class TerminalPoster:
    """Prints deliveries, one after another, with `show`, which returns once they are printed.

    It is given the words, and the command word of their story.
    """

    platform = "terminal"
    account = ""
    ready = True

    def __init__(self, show: Callable[[Reply, str], None]) -> None:
        self._show = show

    def window(self, _: DeliveryRow) -> float:
        """A terminal remembers nothing: what was printed twice stands there twice."""
        return 0.0

    def settle(self, _: DeliveryRow) -> float:
        """What was printed stands there at once."""
        return 0.0

    async def turn(self, _: DeliveryRow) -> None:
        """A terminal is always free."""

    async def carry_out(self, order: Order) -> Outcome:
        """Prints it."""
        if order.reply is not None:
            reply = told_anew(order.reply) if order.row.task == "edit" else order.reply
            try:
                self._show(reply, order.row.story)
            except OSError as error:  # nobody reads it any more, or the disk is full; part of it may be out
                return Failed(f"the terminal cannot be written to ({error.strerror or error})")
        return Sent("")

    async def look(self, order: Order) -> Outcome:
        """Nobody can look at what stands in a terminal: it is printed, with a word about that."""
        if order.reply is None:
            return Absent()
        notes = (*order.reply.notes, MAYBE_SHOWN)
        return await self.carry_out(order._replace(reply=order.reply._replace(notes=notes)))
