"""What stands in the channels after a run: the editions that arrived, as a reader sees them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from bench.chaos.story import TOKEN
from bot.digest.schedule.subscription import Kind
from tests.doubles.discord import Channel, DiscordDouble, Message

_HEAD = re.compile(
    r"(?P<label>News|Replay|Weekly digest|On this day) no\. (?P<number>[\d,]+),"
    r" (?P<day>\d{1,2} [A-Z][a-z]+ \d{4}) \[(?P<mark>[a-z2-9]{10})\]\."
)
_NOTICE = re.compile(r"\[(?P<mark>[a-z2-9]{10})\]")
_COUNTED = re.compile(r"Also new: (?:[\d,]+ more briefings?)?(?: and )?(?:([\d,]+) more facts?)?")

KINDS: Mapping[str, Kind] = {
    "News": "news",
    "Replay": "replay",
    "Weekly digest": "weekly",
    "On this day": "onthisday",
}


class Arrived(NamedTuple):
    """One message of the bot."""

    id: str
    place: str  # id of the channel that was wished for; of a forum post, the forum's
    mark: str
    at: datetime  # when Discord stored it
    late: bool  # it says that it is late
    kind: Kind | None  # None: a word to somebody, no edition
    number: int
    day: date | None  # the local date that it says
    words: tuple[str, ...]  # of the facts that it tells
    counted: int  # facts that it only counts
    crossposted: bool


def messages(discord: DiscordDouble, places: Mapping[str, Channel]) -> Iterator[Arrived]:
    """Every message that the bot has written, channel by channel, oldest first."""
    for channel in discord.world.channels.values():
        place = channel.id if channel.id in places else channel.parent_id or channel.id
        for message in discord.from_bot(channel):
            yield _read(message, place)


def mark_of(message: Message) -> str:
    """The mark of the delivery that a message is; empty where it has none."""
    found = _NOTICE.search(_footer(message))
    return found["mark"] if found else ""


def _footer(message: Message) -> str:
    return "".join(str(embed.get("footer", {}).get("text", "")) for embed in message.embeds)


def _read(message: Message, place: str) -> Arrived:
    footer = _footer(message)
    head = _HEAD.match(footer)
    counted = _COUNTED.search(footer)
    # The first look at a replay's day of a source must not count a word twice within one message.
    words = dict.fromkeys(TOKEN.findall(message.text))
    return Arrived(
        message.id,
        place,
        mark_of(message),
        datetime.fromisoformat(message.payload["timestamp"]),
        "Late by" in footer,
        KINDS[head["label"]] if head else None,
        int(head["number"].replace(",", "")) if head else 0,
        datetime.strptime(head["day"], "%d %B %Y").date() if head else None,  # noqa: DTZ007  (it is a date)
        tuple(words),
        int((counted[1] or "0").replace(",", "")) if counted else 0,
        message.crossposted,
    )
