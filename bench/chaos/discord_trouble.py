"""What goes wrong on Discord, by how often, and a double that says at once when something is stored."""

from collections.abc import Callable

from bench.chaos.watching import watch
from tests.doubles.discord import DiscordDouble, Fault, Message

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
        watch(self)


def named(fault: Fault, name: str) -> Fault:
    """The fault under the name by which it is counted."""
    return Fault(name, fault.stored, fault.reply, fault.delay, fault.hard)
