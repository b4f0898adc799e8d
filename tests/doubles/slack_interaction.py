"""One interaction: what a person did with the bot, and all that was shown for it."""

from dataclasses import dataclass, field
from typing import Any

from tests.doubles.discord_pulse import Pulse
from tests.doubles.slack_message import Message
from tests.doubles.slack_things import Channel, User
from tests.doubles.slack_view import View

Json = dict[str, Any]

SLASH, ACTION, SUBMISSION, CLOSED, HOME = "slash", "action", "submission", "closed", "home"


@dataclass(eq=False)
class Interaction:
    """One thing a person did, and all that was shown for it."""

    kind: str  # SLASH, ACTION, SUBMISSION, CLOSED
    user: User
    pulse: Pulse
    opened: float  # by the event loop's clock
    payload: Json = field(default_factory=dict)  # as it was sent
    channel: Channel | None = None
    message: Message | None = None  # whose button was pressed
    source: View | None = None  # whose button was pressed, or that was submitted
    trigger: str = ""  # its trigger_id
    used: bool = False  # its trigger was exchanged for a view
    response_url: str = ""
    answers: int = 0  # posts to its response_url
    acked: bool = False
    ack_payload: Json = field(default_factory=dict)
    ack_seconds: float = 0.0  # from sending it to its acknowledgement
    failed: str = ""  # what Slack told the person instead: nobody was connected
    shown: list[Message] = field(default_factory=list)  # oldest first; one that was replaced, again
    views: list[View] = field(default_factory=list)  # opened with its trigger, or by its acknowledgement
    errors: dict[str, str] = field(default_factory=dict)  # what is said at the fields of the form

    async def done(self, timeout: float = 5.0) -> "Interaction":
        """Wait for the acknowledgement."""
        await self.pulse.until(lambda: self.acked, timeout, f"no acknowledgement of {self}")
        return self

    async def answered(self, timeout: float = 5.0) -> Message:
        """Wait for the first thing that is shown for it, in the channel, to the person, or as a DM."""
        await self.pulse.until(lambda: self.shown, timeout, f"nothing is shown for {self}")
        return self.shown[0]

    async def view(self, timeout: float = 5.0) -> View:
        """Wait for the first view that opens for it."""
        await self.pulse.until(lambda: self.views, timeout, f"no view opens for {self}")
        return self.views[0]

    async def refused(self, timeout: float = 5.0) -> dict[str, str]:
        """Wait for what is said at the fields of a form that was not taken."""
        await self.pulse.until(lambda: self.errors, timeout, f"the form was taken: {self}")
        return self.errors

    def __str__(self) -> str:
        what = self.payload.get("text") if self.kind == SLASH else self._pressed()
        tail = f" ({self.failed})" if self.failed else ""
        return f"{self.kind} {what!r} by {self.user.name}{tail}"

    def _pressed(self) -> str:
        actions = self.payload.get("actions") or [{}]
        label = (actions[0].get("text") or {}).get("text") or actions[0].get("action_id")
        return str(label or (self.source.callback_id if self.source else ""))
