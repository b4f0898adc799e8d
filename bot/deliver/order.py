"""What a platform is asked to do with a delivery, and what can come of it."""

from typing import NamedTuple, Protocol

from bot.reply import Reply
from bot.store.outbox import DeliveryRow

CORRECTIONS = ("edit", "answer")
"""Tasks that are about a post that stands somewhere already."""


class Order(NamedTuple):
    """One delivery to be carried out."""

    row: DeliveryRow
    reply: Reply | None  # None: the task needs no words
    post: str = ""  # the platform's id of the message that is edited or answered; empty where not known

    @property
    def corrects(self) -> bool:
        """Whether it is about a post that stands somewhere already."""
        return self.row.task in CORRECTIONS

    @property
    def lost(self) -> bool:
        """Whether it is about a post that was deleted so soon that its id was never learned."""
        return self.corrects and not self.post


class Sent(NamedTuple):
    """It has arrived, now or before."""

    message: str  # the platform's id of it


class Wait(NamedTuple):
    """The platform wants us to wait."""

    seconds: float
    why: str
    everywhere: bool = False  # nothing at all may be sent until then
    invalid: bool = False  # it counts towards the refusals at which the platform bans an address
    unsure: bool = False  # an earlier request of the same try may have been carried out


class Failed(NamedTuple):
    """It went wrong in a way that may pass."""

    why: str
    sure: bool = False  # it was surely not carried out; else it may have been


class Refused(NamedTuple):
    """It will not be carried out however often it is tried."""

    why: str  # words for an admin: what the platform refuses
    mend: str  # what they can do
    invalid: bool = True  # it counts towards the refusals at which the platform bans an address
    unsure: bool = False  # an earlier request of the same try may have been carried out
    ours: bool = False  # the fault is the bot's own, so its admins have nothing to mend
    answer: bool = False  # what cannot be edited may perhaps be answered


class Absent(NamedTuple):
    """It was looked for in its place, and is not there."""


class Gone(NamedTuple):
    """What it is about is not there any more, so that nothing is left to do."""

    why: str


Outcome = Sent | Wait | Failed | Refused | Absent | Gone


class Poster(Protocol):
    """A platform as the pump sees it."""

    platform: str

    @property
    def account(self) -> str:
        """As whom it posts; empty where that makes no difference, or is not known yet."""

    @property
    def ready(self) -> bool:
        """Whether it makes sense to send anything now."""

    def window(self, row: DeliveryRow) -> float:
        """For how many seconds after the first try a second one cannot make a second message."""

    def settle(self, row: DeliveryRow) -> float:
        """Seconds after a try for which it may still arrive, so that it makes no sense to look for it."""

    async def turn(self, row: DeliveryRow) -> None:
        """Waits until the first request of this delivery may be sent."""

    async def carry_out(self, order: Order) -> Outcome:
        """Posts, publishes, tells, edits or answers.

        Never raises for what a platform or a network can do.
        """

    async def look(self, order: Order) -> Outcome:
        """Looks for a delivery that may have arrived: Sent, Absent, or why neither is known."""
