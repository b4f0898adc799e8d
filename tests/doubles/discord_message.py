"""One message as the double keeps it, and as a test reads it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

BUTTON, LINK = 2, 5
SELECTS = (3, 5, 6, 7, 8)
TEXT_DISPLAY = 10
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15


def nested(components: list[Json]) -> Iterator[Json]:
    """All components, those inside others included, in reading order."""
    for component in components:
        yield component
        yield from nested(component.get("components") or [])
        single = [component.get("component"), component.get("accessory")]
        yield from nested([inner for inner in single if inner])


@dataclass(eq=False)
class Message:
    """A message; it lives: an edit changes it, and keeps what it said before in `versions`."""

    payload: Json  # as Discord sends it now
    versions: list[Json] = field(default_factory=list)  # earlier payloads, oldest first
    files: dict[str, bytes] = field(default_factory=dict)  # attachment id → content
    pings: tuple[str, ...] = ()  # who is notified: "<@id>", "<@&id>", "@everyone"
    deleted: bool = False
    crossposted: bool = False

    @property
    def id(self) -> str:
        """The message's snowflake."""
        return str(self.payload["id"])

    @property
    def channel_id(self) -> str:
        """Where it stands."""
        return str(self.payload["channel_id"])

    @property
    def author_id(self) -> str:
        """Who wrote it."""
        return str(self.payload["author"]["id"])

    @property
    def content(self) -> str:
        """The plain text."""
        return str(self.payload["content"])

    @property
    def embeds(self) -> list[Json]:
        """The embeds, as sent."""
        return list(self.payload["embeds"])

    @property
    def components(self) -> list[Json]:
        """The top-level components, as sent."""
        return list(self.payload["components"])

    @property
    def attachments(self) -> dict[str, bytes]:
        """The attached files by name."""
        return {a["filename"]: self.files[a["id"]] for a in self.payload["attachments"]}

    @property
    def nonce(self) -> str | None:
        """The nonce it was sent with."""
        nonce = self.payload.get("nonce")
        return None if nonce is None else str(nonce)

    @property
    def ephemeral(self) -> bool:
        """Whether only the user of the interaction sees it."""
        return bool(self.payload["flags"] & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still only says that the bot is thinking."""
        return bool(self.payload["flags"] & LOADING)

    @property
    def replies_to(self) -> str | None:
        """The id of the message it refers to."""
        reference = self.payload.get("message_reference")
        return None if reference is None else str(reference["message_id"])

    @property
    def text(self) -> str:
        """Everything a reader reads: content, then embeds and text displays, line by line."""
        parts: list[str | None] = [self.content]
        for embed in self.embeds:
            parts += [embed.get("author", {}).get("name"), embed.get("title")]
            parts.append(embed.get("description"))
            for row in embed.get("fields", []):
                parts += [row["name"], row["value"]]
            parts.append(embed.get("footer", {}).get("text"))
        parts += [c["content"] for c in nested(self.components) if c["type"] == TEXT_DISPLAY]
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, in reading order."""
        found = [c for c in nested(self.components) if c["type"] == BUTTON]
        return [str(button.get("label") or "") for button in found]

    @property
    def edits(self) -> list[Json]:
        """What it said after each of its edits, oldest first, each with its `edited_timestamp`."""
        return [one for one in (*self.versions, self.payload) if one["edited_timestamp"]]

    def change(self, payload: Json) -> None:
        """Replace what it says, keeping what it said."""
        self.versions.append(self.payload)
        self.payload = payload
