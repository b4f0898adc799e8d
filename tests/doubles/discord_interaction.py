"""One interaction: what a user did, and all that the bot answered."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.doubles.discord_message import Message
from tests.doubles.discord_pulse import Pulse
from tests.doubles.discord_things import Channel, User

Json = dict[str, Any]

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@dataclass
class Windows:
    """How long things hold, in seconds; a test may shorten them."""

    ack: float = 3.0  # a first response later than this: 10062
    token: float = 900.0  # a follow-up later than this: 50027
    nonce: float = 300.0  # Discord says "a few minutes"; the true length is not published


class Choice(NamedTuple):
    """One autocompletion choice."""

    name: str
    value: str | int | float


@dataclass(eq=False)
class Interaction:
    """One thing a user did, and all that the bot answered."""

    id: str
    token: str
    kind: int  # COMMAND, COMPONENT, AUTOCOMPLETE or MODAL_SUBMIT
    channel: Channel
    author: User
    payload: Json  # as INTERACTION_CREATE sent it
    opened: float
    pulse: Pulse
    source: Message | None = None  # the message whose component was used
    callback_type: int | None = None  # None: not answered yet
    callback: Json = field(default_factory=dict)  # the first response's body
    message: Message | None = None  # @original: the reply, or the message that was updated
    followups: list[Message] = field(default_factory=list)
    trigger: "Interaction | None" = None  # what opened the modal that was submitted

    @property
    def ephemeral(self) -> bool:
        """Whether the reply is shown to the user alone."""
        return self.message is not None and self.message.ephemeral

    @property
    def deferred(self) -> bool:
        """Whether the first response only said that one will come."""
        return self.callback_type in (DEFERRED, DEFERRED_UPDATE)

    @property
    def edits(self) -> list[Json]:
        """What @original said before each edit, oldest first."""
        return [] if self.message is None else self.message.versions

    @property
    def modal(self) -> Json:
        """The modal that was opened."""
        assert self.callback_type == MODAL, f"no modal was opened: {self}"
        return dict(self.callback["data"])

    @property
    def choices(self) -> list[Choice]:
        """The choices that were offered."""
        data = self.callback.get("data") or {}
        return [Choice(c["name"], c["value"]) for c in data.get("choices") or []]

    @property
    def about(self) -> Json:
        """What a message says of the interaction it answers: `interaction_metadata`."""
        about: Json = {
            "id": self.id,
            "type": self.kind,
            "user": self.author.payload(),
            "authorizing_integration_owners": self.payload["authorizing_integration_owners"],
        }
        if self.kind == COMPONENT and self.source is not None:
            about["interacted_message_id"] = self.source.id
        if self.trigger is not None:
            about["triggering_interaction_metadata"] = self.trigger.about
        return about

    async def answered(self, timeout: float = 3.0) -> "Interaction":
        """Wait for the first response, of any type."""
        await self.pulse.until(
            lambda: self.callback_type is not None,
            timeout,
            f"no response to {self}",
        )
        return self

    async def reply(self, timeout: float = 5.0) -> Message:
        """Wait for what the user reads: the reply, or what came after a deferred one."""
        return await self.pulse.until(self._reply, timeout, f"no reply to {self}")

    def _reply(self) -> Message | None:
        message = self.message
        if message is None or message.loading or self.callback_type is None:
            return None
        if self.callback_type == DEFERRED_UPDATE and not self._updated:
            return None
        return message

    _updated: bool = False  # @original was edited after a deferred update

    def __str__(self) -> str:
        did = {COMMAND: "/", COMPONENT: "press ", AUTOCOMPLETE: "typing /"}.get(self.kind, "modal ")
        data = self.payload["data"]
        return f"{did}{data.get('name') or data.get('custom_id')} by {self.author.name}"
