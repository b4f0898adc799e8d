"""One message as the double keeps it, and as a test reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.doubles import slack_reading, slack_text

Json = dict[str, Any]


@dataclass(eq=False)
class File:
    """One file that somebody attached, or the bot has uploaded."""

    id: str
    name: str
    content: bytes
    user: str = ""  # whose it is
    title: str = ""
    told: int | None = None  # the size that Slack tells; None: the true one
    complete: bool = True  # False: an upload that was not finished
    channels: list[str] = field(default_factory=list)  # where it was shared


@dataclass(eq=False)
class Message:
    """A message; it lives: an edit changes it, and keeps what it said before in `versions`."""

    ts: str
    channel: str  # id
    user: str  # id of who wrote it
    text: str  # mrkdwn, as it was sent
    blocks: list[Json]  # as they were sent
    shown: list[Json]  # the blocks as Slack gives them back: with ids, and what it adds
    names: Mapping[str, str]  # by id, for reading mentions
    metadata: Json = field(default_factory=dict)
    thread_ts: str = ""  # of the message that it replies to; empty: it stands in the channel
    ephemeral: str = ""  # id of the only one who sees it
    bot_id: str = ""
    files: list[File] = field(default_factory=list)
    versions: list[tuple[str, list[Json]]] = field(default_factory=list)  # earlier (text, blocks)
    edits: list[float] = field(default_factory=list)  # when, by the double's clock
    deleted: bool = False
    replies: int = 0  # in its thread

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was sent."""
        return bool(self.versions)

    @property
    def said(self) -> str:
        """Everything a reader reads: the blocks, else the text, without marks; no labels of buttons."""
        if self.blocks:
            return slack_reading.seen(self.blocks, self.names)
        return slack_text.plain(self.text, self.names)

    @property
    def labels(self) -> list[str]:
        """The texts of its buttons, in reading order."""
        return slack_reading.labels(self.shown)

    @property
    def pings(self) -> list[str]:
        """Who is notified: "<@U1>", "<!here>", "<!subteam^S1>"."""
        texts = [self.text, *slack_reading.marked(self.blocks)]
        return list(dict.fromkeys(ping for text in texts for ping in slack_text.pings(text)))

    @property
    def links(self) -> list[str]:
        """The addresses that it links to, each once, those behind buttons excepted."""
        texts = list(slack_reading.marked(self.blocks)) if self.blocks else [self.text]
        return list(dict.fromkeys(link for text in texts for link in slack_text.links(text)))

    def change(self, text: str, blocks: list[Json], metadata: Json, at: float) -> None:
        """Replace what it says, keeping what it said."""
        self.versions.append((self.text, self.blocks))
        self.edits.append(at)
        self.text, self.blocks, self.metadata = text, blocks, metadata
        self.shown = slack_reading.filled(blocks)
