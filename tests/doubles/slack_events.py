"""What the bot is told of, by the Events API: only what it subscribed to, and has the scope for."""

import secrets
from collections.abc import Callable
from typing import Any

from tests.doubles.slack_message import File, Message
from tests.doubles.slack_sockets import EVENTS, Envelope, Sockets
from tests.doubles.slack_text import pings
from tests.doubles.slack_things import HISTORY_SCOPES, Channel, User
from tests.doubles.slack_world import World

Json = dict[str, Any]

OF_MESSAGES = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
SUBSCRIBED = (*OF_MESSAGES.values(), "app_mention", "app_home_opened", "app_uninstalled", "tokens_revoked")
"""As in slack-manifest.yaml."""


class Events:
    """Wraps what happens into events, and sends them."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self.subscribed = set(SUBSCRIBED)
        self.file_payload: Callable[[File], Json] = _no_files

    def message_payload(self, message: Message, *, metadata: bool = True) -> Json:
        """A message as the Web API and the events send it."""
        world = self._world
        payload: Json = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": world.team.id,
        }
        if message.bot_id:
            payload |= {
                "bot_id": message.bot_id,
                "app_id": world.app_id,
                "bot_profile": {"id": message.bot_id, "app_id": world.app_id, "name": world.bot.name},
            }
        if message.shown:
            payload["blocks"] = message.shown
        if message.files:
            payload |= {"files": [self.file_payload(file) for file in message.files], "upload": False}
        if message.thread_ts or message.replies:
            payload["thread_ts"] = message.thread_ts or message.ts
        if message.replies:
            channel = world.channels[message.channel]
            payload |= {"reply_count": message.replies, "latest_reply": channel.threads[message.ts][-1]}
        if message.edits and not message.blocks:
            payload["edited"] = {"user": message.user, "ts": f"{message.edits[-1]:.6f}"}
        if message.metadata and metadata:
            payload["metadata"] = message.metadata
        if message.deleted:
            payload |= {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT"}
            payload.pop("blocks", None)
        return payload

    def posted(self, message: Message, channel: Channel) -> None:
        """A message was written; one that mentions the bot fires two events."""
        event = self._event(message, channel)
        own = message.user == self._world.bot.id
        self._of_messages(channel, event, keep=not own)
        mentioned = f"<@{self._world.bot.id}>" in pings(message.text)
        if not own and mentioned and channel.user is None and self._world.reads(channel):
            mention = {key: event[key] for key in event if key not in ("channel_type", "subtype")}
            self._send("app_mention", {**mention, "type": "app_mention"}, scope="app_mentions:read")

    def changed(self, message: Message, channel: Channel, before: Json) -> None:
        """A message was edited, by a person or by the bot."""
        event = self._wrapped(channel, "message_changed")
        event |= {"message": self.message_payload(message, metadata=False), "previous_message": before}
        self._of_messages(channel, event)

    def deleted(self, message: Message, channel: Channel, before: Json) -> None:
        """A message was deleted."""
        event = self._wrapped(channel, "message_deleted")
        event |= {"deleted_ts": message.ts, "previous_message": before}
        self._of_messages(channel, event)

    def home_opened(self, user: User, view: Json | None) -> None:
        """A person looks at the bot's home tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self._world.dm(user).id,
            "tab": "home",
            "event_ts": f"{self._world.clock():.6f}",
            **({"view": view} if view else {}),
        }
        self._send("app_home_opened", event)

    def uninstalled(self) -> None:
        """The app was taken away."""
        self._send("tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [self._world.bot.id]}})
        self._send("app_uninstalled", {"type": "app_uninstalled"})

    def _event(self, message: Message, channel: Channel) -> Json:
        event = self.message_payload(message, metadata=False)
        event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}
        if message.thread_ts:
            event["parent_user_id"] = channel.messages[message.thread_ts].user
        if message.files:
            event["subtype"] = "file_share"
        if not message.bot_id:
            event["client_msg_id"] = secrets.token_hex(16)
            written = {"type": "text", "text": message.text}
            section = {"type": "rich_text_section", "elements": [written]}
            event["blocks"] = [{"type": "rich_text", "block_id": "b1", "elements": [section]}]
        return event

    def _wrapped(self, channel: Channel, subtype: str) -> Json:
        now = self._world.new_ts(channel)
        return {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": channel.id,
            "channel_type": channel.kind,
            "ts": now,
            "event_ts": now,
        }

    def _of_messages(self, channel: Channel, event: Json, *, keep: bool = True) -> None:
        if self._world.reads(channel):
            scope = HISTORY_SCOPES[channel.kind]
            self._send(OF_MESSAGES[channel.kind], event, scope=scope, keep=keep)

    def _send(self, name: str, event: Json, *, scope: str = "", keep: bool = True) -> None:
        world = self._world
        if name not in self.subscribed or (scope and scope not in world.scopes):
            return
        authorized = {
            "enterprise_id": None,
            "team_id": world.team.id,
            "user_id": world.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        payload = {
            "token": "verification",
            "team_id": world.team.id,
            "api_app_id": world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": world.new_id("Ev"),
            "event_time": int(world.clock()),
            "authorizations": [authorized],
            "is_ext_shared_channel": False,
            "event_context": "4-double",
        }
        words = f"{name} {event.get('text', '')[:60]!r}"
        self._sockets.tell(Envelope(EVENTS, payload, words, None), keep=keep)


def _no_files(file: File) -> Json:
    return {"id": file.id, "name": file.name}
