"""What stands in the channels after a run: the editions that arrived, as a reader sees them."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from bench.chaos.story import TOKEN
from bot.digest.schedule.subscription import Kind
from tests.doubles.discord import DiscordDouble, Message

_HEAD = re.compile(
    r"(?P<label>News|Replay|Weekly digest|On this day) no\. (?P<number>[\d,]+),"
    r" (?P<day>\d{1,2} [A-Z][a-z]+ \d{4}) \[(?P<mark>[a-z2-9]{10})\](?: \[[a-z2-9]{10}\])?\."
)
_EDITED = re.compile(r"\[[a-z2-9]{10}\] \[(?P<edit>[a-z2-9]{10})\]")
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
    edit: str  # mark of the correction that it shows
    at: datetime  # when the platform stored it
    late: bool  # it says that it is late
    kind: Kind | None  # None: a word to somebody, no edition
    number: int
    day: date | None  # the local date that it says
    text: str
    words: tuple[str, ...]  # of the facts that it tells
    counted: int  # facts that it only counts
    crossposted: bool


def messages(discord: DiscordDouble, places: Collection[str]) -> Iterator[Arrived]:
    """Every message that the bot has written on Discord, channel by channel, oldest first."""
    for channel in discord.world.channels.values():
        place = channel.id if channel.id in places else channel.parent_id or channel.id
        for message in discord.from_bot(channel):
            at = datetime.fromisoformat(message.payload["timestamp"])
            found = read(message.id, place, at, message.text, footer_of(message))
            yield found._replace(crossposted=message.crossposted)


def footer_of(message: Message) -> str:
    """The small print below a message on Discord."""
    return "".join(str(embed.get("footer", {}).get("text", "")) for embed in message.embeds)


def mark_in(small_print: str) -> str:
    """The mark of the delivery that a message is, by its small print; empty where it has none."""
    found = _NOTICE.search(small_print)
    return found["mark"] if found else ""


def read(id: str, place: str, at: datetime, text: str, small_print: str) -> Arrived:  # noqa: A002
    """What a message tells, by all of its text and by the small print below it."""
    head = _HEAD.match(small_print)
    counted = _COUNTED.search(small_print)
    # The first look at a replay's day of a source must not count a word twice within one message.
    words = dict.fromkeys(TOKEN.findall(text))
    return Arrived(
        id,
        place,
        mark_in(small_print),
        edited["edit"] if (edited := _EDITED.search(small_print)) else "",
        at,
        "Late by" in small_print,
        KINDS[head["label"]] if head else None,
        int(head["number"].replace(",", "")) if head else 0,
        datetime.strptime(head["day"], "%d %B %Y").date() if head else None,  # noqa: DTZ007  (it is a date)
        text,
        tuple(words),
        int((counted[1] or "0").replace(",", "")) if counted else 0,
        crossposted=False,
    )
