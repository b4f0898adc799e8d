"""The methods conversations.*: what stands where, and which places there are."""

import bisect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.doubles.slack_events import Events
from tests.doubles.slack_http import Call, Refused, page, wrong_arguments
from tests.doubles.slack_message import Message
from tests.doubles.slack_things import HISTORY_SCOPES, PUBLIC, READ_SCOPES, Channel
from tests.doubles.slack_world import World

Json = dict[str, Any]

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
"""The kinds of conversation, as the methods that list them name them."""


class Conversations:
    """conversations.* and users.conversations of the Web API."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def methods(self) -> dict[str, Callable[[Call], Json]]:
        """The methods, by name."""
        return {
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "conversations.list": self._list,
            "conversations.members": self._members,
            "users.conversations": self._of_user,
        }

    def _history(self, call: Call) -> Json:
        channel = self._readable(call)
        low, high = _bounds(channel.timeline, call)
        if cursor := call.text("cursor"):  # where the next older ones begin
            high = min(high, bisect.bisect_left(channel.timeline, _time(cursor)))
        start = max(low, high - call.number("limit", 100, 999))
        found = [channel.messages[ts] for ts in reversed(channel.timeline[start:high])]
        return self._shown(found, call, _cursor(channel.timeline[start]) if start > low else "")

    def _replies(self, call: Call) -> Json:
        channel = self._readable(call)
        parent = channel.messages.get(call.needed("ts"))
        if parent is None:
            raise Refused("thread_not_found")
        replies = channel.threads.get(parent.ts, [])
        low, high = _bounds(replies, call)
        if cursor := call.text("cursor"):  # where the next newer ones begin
            low = max(low, bisect.bisect_left(replies, _time(cursor)))
        # The message itself comes first on every page, and is counted.
        end = min(high, low + max(1, call.number("limit", 1000, 1000) - 1))
        found = [parent, *(channel.messages[ts] for ts in replies[low:end])]
        return self._shown(found, call, _cursor(replies[end]) if end < high else "")

    def _shown(self, found: Iterable[Message], call: Call, cursor: str) -> Json:
        whole = call.flag("include_all_metadata")
        answer: Json = {
            "messages": [self._events.message_payload(message, metadata=whole) for message in found],
            "has_more": bool(cursor),
        }
        return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer

    def _readable(self, call: Call) -> Channel:
        channel = self._world.channels.get(call.needed("channel"))
        scopes = self._world.scopes
        if channel is None:
            raise Refused("channel_not_found")
        if channel.kind == PUBLIC or self._world.reads(channel):
            self._world.need(HISTORY_SCOPES[channel.kind])
        elif not scopes.intersection(HISTORY_SCOPES.values()):
            raise self._world.lacks(HISTORY_SCOPES[PUBLIC])
        return self._world.channel(channel.id, inside=True)

    def _info(self, call: Call) -> Json:
        found = self._world.channel(call.needed("channel"))
        self._world.need(READ_SCOPES[found.kind])
        return {"channel": found.payload(self._world.bot.id)}

    def _open(self, call: Call) -> Json:
        names = call.listed("users")
        if (given := call.text("channel")) and not names:
            return {"channel": {"id": self._world.channel(given).id}}
        users = [self._world.users.get(name) for name in names]
        if not users or None in users:
            raise Refused("user_not_found")
        if len(users) > 1:
            raise wrong_arguments(call.method, "the double opens direct messages with one person")
        self._world.need("im:write")
        user = users[0]
        assert user is not None
        if user.bot_id:
            raise Refused("cannot_dm_bot")
        if user.deleted:
            raise Refused("user_disabled")
        channel = self._world.dm(user)
        full = call.flag("return_im")
        return {"channel": channel.payload(self._world.bot.id) if full else {"id": channel.id}}

    def _list(self, call: Call) -> Json:
        """All public channels, and of the others those in which the bot is."""
        seen = [c for c in self._world.channels.values() if c.kind == PUBLIC or self._world.reads(c)]
        return self._listed(seen, call)

    def _of_user(self, call: Call) -> Json:
        """The channels in which somebody is, by default the bot; of private ones those that it is in too."""
        user = call.text("user", self._world.bot.id)
        if user not in self._world.users:
            raise Refused("user_not_found")
        seen = [
            channel
            for channel in self._world.channels.values()
            if user in channel.members and (channel.kind == PUBLIC or self._world.reads(channel))
        ]
        return self._listed(seen, call)

    def _listed(self, channels: Sequence[Channel], call: Call) -> Json:
        types = call.listed("types") or ["public_channel"]
        if unknown := set(types) - set(TYPES):
            raise Refused("invalid_types", wrong=f"{call.method}: types {sorted(unknown)}")
        kinds = [TYPES[name] for name in types]
        self._world.need(*(READ_SCOPES[kind] for kind in kinds))
        fit = [c for c in channels if c.kind in kinds]
        if call.flag("exclude_archived"):
            fit = [c for c in fit if not c.archived]
        bot = self._world.bot.id
        found, cursor = page([c.payload(bot) for c in fit], call, 100, 1000)
        return {"channels": found, "response_metadata": {"next_cursor": cursor}}

    def _members(self, call: Call) -> Json:
        channel = self._world.channel(call.needed("channel"))
        self._world.need(READ_SCOPES[channel.kind])
        everyone = [{"id": user} for user in channel.members]
        found, cursor = page(everyone, call, 100, 1000)
        return {"members": [one["id"] for one in found], "response_metadata": {"next_cursor": cursor}}


def _bounds(times: Sequence[str], call: Call) -> tuple[int, int]:
    """The part of these times that `oldest`, `latest` and `inclusive` leave."""
    inclusive = call.flag("inclusive")
    oldest, latest = _given_time(call, "oldest"), _given_time(call, "latest")
    from_left, from_right = bisect.bisect_left, bisect.bisect_right
    low = (from_left if inclusive else from_right)(times, oldest) if oldest else 0
    high = (from_right if inclusive else from_left)(times, latest) if latest else len(times)
    return low, max(low, high)


def _given_time(call: Call, name: str) -> str:
    value = call.text(name)
    if value in ("", "0", "now"):
        return ""
    try:
        seconds = float(value)
    except ValueError:
        raise Refused(f"invalid_ts_{name}", wrong=f"{call.method}: {name} is {value!r}") from None
    # As exact as it was given: a float has no room for all digits of a ts.
    whole, _, rest = value.partition(".")
    return f"{whole:0>10}.{rest:0<6}" if seconds > 0 else ""


def _cursor(ts: str) -> str:
    return f"ts:{ts}"


def _time(cursor: str) -> str:
    if not cursor.startswith("ts:"):
        raise Refused("invalid_cursor", wrong=f"cursor {cursor!r}")
    return cursor[3:]
