"""Interactions: people send commands, press buttons and fill in forms; the bot has 3 s to acknowledge.

A response_url takes no token: who knows it may answer, five times in half an hour. A trigger_id opens
one view, within 3 s.
"""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

from tests.doubles import slack_reading
from tests.doubles.discord_pulse import Pulse
from tests.doubles.slack_events import Events
from tests.doubles.slack_http import Refused
from tests.doubles.slack_interaction import ACTION, CLOSED, SLASH, SUBMISSION, Interaction
from tests.doubles.slack_message import Message
from tests.doubles.slack_posts import Draft, Posts
from tests.doubles.slack_sockets import INTERACTIVE, LATE, SLASH_COMMANDS, Envelope, Sockets
from tests.doubles.slack_text import typed
from tests.doubles.slack_things import DIRECT, PRIVATE, Channel, User
from tests.doubles.slack_view import View
from tests.doubles.slack_views import Views
from tests.doubles.slack_world import World

Json = dict[str, Any]

NAMED = {DIRECT: "directmessage", PRIVATE: "privategroup"}
"""What a slash command calls a channel that is not public."""


class Interactions:
    """Opens interactions and takes the bot's answers to them."""

    def __init__(
        self, world: World, events: Events, posts: Posts, views: Views, *, sockets: Sockets, pulse: Pulse
    ) -> None:
        self._world = world
        self._events = events
        self._posts = posts
        self._views = views
        self._sockets = sockets
        self._pulse = pulse
        self._by_url: dict[str, Interaction] = {}
        self._latest: dict[str, Interaction] = {}  # of each user, by id
        self._windows = sockets.windows
        self.base = ""  # http://127.0.0.1:port
        self.commands = {"/exomars"}
        self.opened: list[Interaction] = []  # oldest first
        posts.shown = self._was_shown
        views.trigger = self.exchange

    # What people do.

    def slash(self, channel: Channel, user: User, command: str, text: str) -> Interaction:
        """A person sends a slash command; Slack escapes mentions and links in it (should_escape)."""
        world = self._world
        assert command in self.commands, f"there is no {command}; there are {sorted(self.commands)}"
        assert "commands" in world.scopes, "the bot has no commands: its scope was not granted"
        found = self._new(SLASH, user, channel=channel)
        found.payload = {
            "token": "verification",
            "team_id": world.team.id,
            "team_domain": world.team.domain,
            "channel_id": channel.id,
            "channel_name": NAMED.get(channel.kind, channel.name),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": typed(text.strip(), world.typed, labelled=True),
            "api_app_id": world.app_id,
            "is_enterprise_install": "false",
            "response_url": found.response_url,
            "trigger_id": found.trigger,
        }
        return self._send(found, SLASH_COMMANDS, answers=True)

    def act(self, user: User, block: Json, element: Json, extra: Json, *, on: Message | View) -> Interaction:
        """A person presses a button, or chooses something, on a message or in a view."""
        channel = self._world.channels[on.channel] if isinstance(on, Message) else None
        found = self._new(ACTION, user, channel=channel)
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": f"{self._world.clock():.6f}",
            **{name: element[name] for name in ("text", "value", "style") if name in element},
            **extra,
        }
        found.payload = {**self._common("block_actions", found), "actions": [action]}
        if isinstance(on, Message):
            assert channel is not None
            found.message = on
            found.payload |= self._of_message(on, channel, found)
        else:
            found.source = on
            found.response_url = ""
            container = {"type": "view", "view_id": on.id}
            found.payload |= {"container": container, "view": self._views.payload(on)}
        return self._send(found, INTERACTIVE)

    def _of_message(self, message: Message, channel: Channel, found: Interaction) -> Json:
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(message.ephemeral),
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        }
        payload: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": NAMED.get(channel.kind, channel.name)},
            "state": {"values": {}},
            "response_url": found.response_url,
        }
        if not message.ephemeral:
            payload["message"] = self._events.message_payload(message)
        return payload

    def submit(self, view: View, values: Mapping[str, Any], user: User) -> Interaction:
        """A person sends a form off; by the names of its fields (block_id)."""
        assert view.open, "the form is closed"
        assert view.given.get("submit"), "the view has nothing to submit"
        state = view.state(values)
        found = self._new(SUBMISSION, user)
        found.source, view.errors = view, {}
        shown = self._views.payload(view, state)
        found.payload = {**self._common("view_submission", found), "view": shown, "response_urls": []}
        return self._send(found, INTERACTIVE, answers=True)

    def close(self, view: View, user: User) -> Interaction | None:
        """A person closes a form; the bot hears of it only if the view says so."""
        view.open = False
        if not view.given.get("notify_on_close"):
            return None
        found = self._new(CLOSED, user)
        found.source = view
        payload = {**self._common("view_closed", found), "view": self._views.payload(view)}
        del payload["trigger_id"]
        found.payload = {**payload, "is_cleared": False}
        return self._send(found, INTERACTIVE)

    def _new(self, kind: str, user: User, *, channel: Channel | None = None) -> Interaction:
        found = Interaction(kind, user, self._pulse, asyncio.get_running_loop().time(), channel=channel)
        found.trigger = f"{len(self.opened) + 1}.{self._world.team.id}.{secrets.token_hex(16)}"
        if channel is not None:
            token = secrets.token_urlsafe(18)
            found.response_url = f"{self.base}/response/{self._world.team.id}/{token}"
            self._by_url[token] = found
        return found

    def _common(self, kind: str, found: Interaction) -> Json:
        world, user = self._world, found.user
        about = {"id": user.id, "username": user.name, "name": user.name, "team_id": world.team.id}
        return {
            "type": kind,
            "user": about,
            "api_app_id": world.app_id,
            "token": "verification",
            "trigger_id": found.trigger,
            "team": world.team.payload(),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _send(self, found: Interaction, kind: str, *, answers: bool = False) -> Interaction:
        self.opened.append(found)
        self._latest[found.user.id] = found

        def acked(payload: Json, taken: float) -> None:
            self._acked(found, payload, taken)

        envelope = Envelope(kind, found.payload, str(found), acked, answers)
        if not self._sockets.tell(envelope, keep=False):
            found.failed = "dispatch_failed"
        return found

    # What the bot answers.

    def _acked(self, found: Interaction, payload: Json, taken: float) -> None:
        found.acked, found.ack_payload, found.ack_seconds = True, payload, taken
        if taken > self._windows.ack + LATE:  # the person was told that it failed
            found.failed = "operation_timeout"
            return
        try:
            if found.kind == SLASH and payload:
                self._say(found, payload)
            elif found.kind == SUBMISSION:
                self._take_form(found, payload)
        except Refused as refusal:
            self._world.wrong(refusal.wrong or f"{found}: {refusal.error}")

    def _take_form(self, found: Interaction, payload: Json) -> None:
        view, action = found.source, payload.get("response_action")
        assert view is not None
        if action == "errors":
            errors = {str(name): str(words) for name, words in payload["errors"].items()}
            unknown = set(errors) - set(view.fields)
            if unknown or not errors:
                self._world.wrong(f"errors at fields that are not there: {sorted(unknown)}")
                return
            found.errors = view.errors = errors
        elif action == "update":
            self._views.change(view, payload["view"])
            found.views.append(view)
        elif action == "push":
            found.views.append(self._views.push(found, payload["view"]))
        elif action in (None, "clear"):
            self._views.close(view, everything=action == "clear")
        else:
            self._world.wrong(f"response_action {action!r} is none of Slack's")

    def respond(self, path: str, body: Json) -> None:
        """A POST to a response_url."""
        found = self._by_url.get(path.rsplit("/", 1)[-1])
        now = asyncio.get_running_loop().time()
        if found is None:
            raise Refused("no_such_url", wrong="an address that was never given out")
        if now - found.opened > self._windows.response_url:
            raise Refused("expired_url", wrong=f"the response_url is too old: {found}")
        if found.answers >= self._windows.answers:
            raise Refused("used_url", wrong=f"the response_url was used too often: {found}")
        self._say(found, body)
        found.answers += 1

    def _say(self, found: Interaction, body: Json) -> None:
        if body.get("delete_original"):
            self._posts.delete(self._original(found))
            return
        self._posts.check("response_url", body)
        text, blocks = str(body.get("text") or ""), body.get("blocks") or []
        metadata = body.get("metadata") or {}
        if body.get("replace_original"):
            message = self._original(found)
            self._posts.edit(message, text, blocks, metadata)
            self._show(found, message)
            return
        channel = found.channel
        assert channel is not None
        public = body.get("response_type") == "in_channel"
        thread = self._posts.thread(channel, str(body.get("thread_ts") or ""))
        draft = Draft(text, blocks, metadata, thread, "" if public else found.user.id)
        before, self._posts.shown = self._posts.shown, lambda _: None
        try:
            message = self._posts.write(channel, self._world.bot, draft)
        finally:
            self._posts.shown = before
        self._show(found, message)

    def _original(self, found: Interaction) -> Message:
        message = found.message or (found.shown[-1] if found.shown else None)
        if message is None or message.deleted:
            raise Refused("message_not_found")
        return message

    def _show(self, found: Interaction, message: Message) -> None:
        """Something is shown for an interaction, and for the form that it led to."""
        found.shown.append(message)
        latest = self._latest.get(found.user.id)
        if latest is not None and latest is not found and self._led_to(found, latest):
            latest.shown.append(message)
        self._pulse.beat()

    def _led_to(self, found: Interaction, latest: Interaction) -> bool:
        view = latest.source
        while view is not None:
            if found.response_url and view.response_url == found.response_url:
                return True
            view = view.previous
        return False

    def _was_shown(self, message: Message) -> None:
        """The bot wrote to a person of its own: what was asked last is answered by it."""
        channel = self._world.channels[message.channel]
        user = message.ephemeral or (channel.user.id if channel.user else "")
        if user in self._latest:
            self._latest[user].shown.append(message)

    def exchange(self, trigger: str) -> Interaction:
        """The interaction with this trigger_id, which opens a view now: once, and in time."""
        found = next((one for one in reversed(self.opened) if one.trigger == trigger), None)
        if found is None:
            raise Refused("invalid_trigger_id", wrong=f"a trigger that was never given out: {trigger!r}")
        if found.used:
            raise Refused("exchanged_trigger_id", wrong=f"the trigger was used before: {found}")
        if asyncio.get_running_loop().time() - found.opened > self._windows.trigger:
            raise Refused("expired_trigger_id", wrong=f"the trigger is too old: {found}")
        found.used = True
        return found


def button_of(thing: Message | View, label: str) -> tuple[Json, Json]:
    """The button with this text, with its block; a person can press nothing else."""
    for block, element in slack_reading.elements(thing.shown):
        if element["type"] == "button" and element["text"]["text"] == label:
            return block, element
    raise AssertionError(f"no button {label!r}; there are {thing.labels}")


def choice_of(thing: Message | View, wanted: str, action_id: str = "") -> tuple[Json, Json, Json]:
    """The select in which a person chooses, with its block, and what the choice adds to the action."""
    found = [
        (block, element)
        for block, element in slack_reading.elements(thing.shown)
        if element["type"] not in ("button", "plain_text_input") and action_id in ("", element["action_id"])
    ]
    assert len(found) == 1, f"{len(found)} selects match {action_id!r}"
    block, element = found[0]
    if element["type"] == "overflow":
        return block, element, {"selected_option": slack_reading.option_of(element, wanted)}
    state = slack_reading.state_of(element, wanted)
    return block, element, {name: value for name, value in state.items() if name != "type"}
