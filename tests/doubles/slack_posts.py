"""Messages: how they come to stand in a channel, change and go, and what the bot is told of it."""

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.doubles import slack_reading
from tests.doubles.slack_events import Events
from tests.doubles.slack_http import Refused
from tests.doubles.slack_limits import NOT_REFUSED, problems_of_message
from tests.doubles.slack_message import File, Message
from tests.doubles.slack_things import Channel, User
from tests.doubles.slack_world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A message to be."""

    text: str = ""
    blocks: Sequence[Json] = ()
    metadata: Json = field(default_factory=dict)
    thread_ts: str = ""
    ephemeral: str = ""  # id of the only one who is to see it
    files: Sequence[File] = ()


class Posts:
    """Writes, edits and deletes messages, checks them, and tells the bot."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events
        self.shown: Callable[[Message], None] = lambda _: None  # called with what the bot shows somebody

    def write(self, channel: Channel, author: User, draft: Draft) -> Message:
        """A message appears in a channel; an ephemeral one only to the user it is for."""
        blocks = [dict(block) for block in draft.blocks]
        message = Message(
            ts=self._world.new_ts(channel),
            channel=channel.id,
            user=author.id,
            text=draft.text,
            blocks=blocks,
            shown=slack_reading.filled(blocks),
            names=self._world.names,
            metadata=draft.metadata,
            thread_ts=draft.thread_ts,
            ephemeral=draft.ephemeral,
            bot_id=author.bot_id,
            files=list(draft.files),
        )
        if message.ephemeral:
            channel.ephemerals.append(message)
        else:
            self._put(channel, message)
            self._events.posted(message, channel)
        if author is self._world.bot:
            self.shown(message)
        return message

    def _put(self, channel: Channel, message: Message) -> None:
        channel.messages[message.ts] = message
        if not message.thread_ts:
            channel.timeline.append(message.ts)
            return
        channel.messages[message.thread_ts].replies += 1
        channel.threads.setdefault(message.thread_ts, []).append(message.ts)

    def edit(self, message: Message, text: str, blocks: Sequence[Json], metadata: Json) -> None:
        """A message says something else from now on."""
        channel = self._world.channels[message.channel]
        before = self._events.message_payload(message, metadata=False)
        message.change(text, [dict(block) for block in blocks], metadata, self._world.clock())
        if not message.ephemeral:
            self._events.changed(message, channel, before)

    def delete(self, message: Message) -> None:
        """A message goes; where others have replied to it, it leaves a tombstone."""
        channel = self._world.channels[message.channel]
        before = self._events.message_payload(message, metadata=False)
        message.deleted = True
        if message.ephemeral:
            channel.ephemerals.remove(message)
            return
        if not message.replies:
            del channel.messages[message.ts]
            self._unlist(channel, message)
        self._events.deleted(message, channel, before)

    def _unlist(self, channel: Channel, message: Message) -> None:
        listed = channel.threads[message.thread_ts] if message.thread_ts else channel.timeline
        at = bisect.bisect_left(listed, message.ts)
        del listed[at]
        if message.thread_ts:
            channel.messages[message.thread_ts].replies -= 1
            if not listed:
                del channel.threads[message.thread_ts]

    def find(self, channel: Channel, ts: str) -> Message:
        """A message that stands in this channel."""
        found = channel.messages.get(ts)
        if found is None or found.deleted:
            raise Refused("message_not_found")
        return found

    def thread(self, channel: Channel, ts: str) -> str:
        """The ts under which an answer to this message stands; empty without one."""
        if not ts:
            return ""
        found = channel.messages.get(ts)
        if found is None:
            raise Refused("thread_not_found")
        if found.thread_ts:
            self._world.wrong("answers to a reply: thread_ts has to be that of its parent")
        return found.thread_ts or ts

    def check(self, method: str, args: Mapping[str, Any]) -> None:
        """Refuse what Slack refuses in a message; note what the bot must not do all the same."""
        judge(problems_of_message(args), method, self._world)
        self._look_for_pictures(args.get("blocks"), method)

    def _look_for_pictures(self, blocks: object, method: str) -> None:
        """Pictures that are files of Slack have to be there."""
        for block in blocks if isinstance(blocks, list) else ():
            if not isinstance(block, Mapping) or "slack_file" not in block:
                continue
            file = self._world.files.get(str(block["slack_file"].get("id")))
            if file is None or not file.complete:
                raise Refused("invalid_blocks", wrong=f"{method}: there is no such file: {block}")


def judge(problems: Sequence[str], method: str, world: World) -> None:
    """Refuse with the first of these problems that Slack refuses; note those that it does not."""
    for problem in problems:
        code = problem.split(":", 1)[0]
        if code not in NOT_REFUSED:
            words = {"response_metadata": {"messages": [f"[ERROR] {problem}"]}}
            raise Refused(code, wrong=f"{method}: {problem}", extra=words)
        world.wrong(f"{method}: {problem}")
