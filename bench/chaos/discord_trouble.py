"""What goes wrong on Discord, by how often, and a double that says at once when something is stored."""

from collections.abc import Callable

from tests.doubles.discord import Channel, DiscordDouble, Fault, Message
from tests.doubles.discord_posts import Draft
from tests.doubles.discord_things import User

FAULTS: tuple[tuple[int, str, Callable[[], Fault]], ...] = (
    (6, "answer lost", Fault.lost),
    (2, "500", lambda: Fault.status(500)),
    (3, "500, stored", lambda: Fault.status(500, stored=True)),
    (2, "502, stored", lambda: Fault.status(502, stored=True)),
    (5, "503", lambda: Fault.status(503)),
    (3, "503, stored", lambda: Fault.status(503, stored=True)),
    (5, "reset", Fault.reset),
    (4, "429", lambda: Fault.rate_limited(0.4)),
    (3, "429 shared", lambda: Fault.rate_limited(1.2, "shared")),
    (2, "429 global", lambda: Fault.rate_limited(0.5, "global")),
    (2, "web page, stored", lambda: Fault.garbage(stored=True)),
)
HANG = ("hang, stored", lambda: Fault.hang(36.0, stored=True))  # longer than the bot waits for an answer
POSTS = r"/(messages|threads)$"


class Watched(DiscordDouble):
    """The double, which says at once when a message of the bot has been stored, before it answers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock=clock)
        self.on_stored: Callable[[Message], None] = lambda _: None
        write = self._posts.write

        def watched(channel: Channel, author: User, draft: Draft) -> Message:
            message = write(channel, author, draft)
            if author is self.bot:
                self.on_stored(message)
            return message

        # There is no later moment at which the bot has surely not been answered yet.
        self._posts.write = watched  # type: ignore[method-assign]


def named(fault: Fault, name: str) -> Fault:
    """The fault under the name by which it is counted."""
    return Fault(name, fault.stored, fault.reply, fault.delay, fault.hard)
