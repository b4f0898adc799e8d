"""What goes wrong on Slack, by how often, and a double that says at once when something is stored."""

from collections.abc import Callable

from bench.chaos.watching import watch
from tests.doubles.slack import Fault, Message, SlackDouble

POST, EDIT = "chat.postMessage", "chat.update"
LOOKS = ("conversations.history", "conversations.replies")

FAULTS: tuple[tuple[int, str, Callable[[], Fault]], ...] = (
    (7, "answer lost", Fault.lost),
    (5, "connection dropped", Fault.dropped),
    (3, "500", lambda: Fault.status(500)),
    (4, "500, stored", lambda: Fault.status(500, stored=True)),
    (3, "503", lambda: Fault.status(503)),
    (3, "503, stored", lambda: Fault.status(503, stored=True)),
    (6, "429", lambda: Fault.too_many(1)),
    (2, "internal_error", lambda: Fault.error("internal_error")),
    (2, "fatal_error, stored", lambda: Fault.error("fatal_error", stored=True)),
    (2, "web page, stored", lambda: Fault.garbage(stored=True)),
)
HANGS: tuple[tuple[str, Callable[[], Fault]], ...] = (  # longer than the bot waits for an answer
    ("hang, stored", lambda: Fault.hang(36.0, stored=True)),
    ("hang", lambda: Fault.hang(36.0)),
)


class Watched(SlackDouble):
    """The double, which says at once when a message of the bot has been stored, before it answers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock=clock)
        self.on_stored: Callable[[Message], None] = lambda _: None
        watch(self)


def named(fault: Fault, name: str) -> Fault:
    """The fault under the name by which it is counted."""
    return Fault(name, fault.stored, fault.reply, fault.delay)
