"""Interactions: a user does something, the bot has 3 s to answer and 15 min to go on.

Interaction endpoints take no Authorization header: the token in the path is the right to answer.
"""

import secrets
from collections.abc import Callable
from typing import Any

from tests.doubles import discord_limits as limits
from tests.doubles.discord_forms import check_form
from tests.doubles.discord_gateway import Gateway
from tests.doubles.discord_http import Call, Refused, Reply
from tests.doubles.discord_interaction import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    MODAL_SUBMIT,
    UPDATE,
    Interaction,
    Windows,
)
from tests.doubles.discord_message import EPHEMERAL, LOADING, Message
from tests.doubles.discord_posts import DEFAULT, SLASH_REPLY, Draft, Posts
from tests.doubles.discord_pulse import Pulse
from tests.doubles.discord_routes import Route, route
from tests.doubles.discord_things import Channel, User
from tests.doubles.discord_world import World

Json = dict[str, Any]

ALLOWED = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}
"""Which callback types answer which kind of interaction."""


class Interactions:
    """Opens interactions and takes the bot's answers to them."""

    def __init__(
        self,
        world: World,
        posts: Posts,
        gateway: Gateway,
        windows: Windows,
        pulse: Pulse,
    ) -> None:
        self._world = world
        self._posts = posts
        self._gateway = gateway
        self._windows = windows
        self._pulse = pulse
        self._by_token: dict[str, Interaction] = {}
        self.opened: list[Interaction] = []  # oldest first

    def open(
        self,
        kind: int,
        channel: Channel,
        author: User,
        data: Json,
        *,
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> Interaction:
        """The user did it: send INTERACTION_CREATE."""
        new_id, token = self._world.new_id(), secrets.token_urlsafe(32)
        payload = self._payload(channel, author)
        payload |= {"id": new_id, "token": token, "type": kind, "data": data}
        if source is not None:
            payload["message"] = source.payload
        found = Interaction(
            id=new_id,
            token=token,
            kind=kind,
            channel=channel,
            author=author,
            payload=payload,
            opened=self._world.clock(),
            pulse=self._pulse,
            source=source,
            trigger=trigger,
        )
        self._by_token[token] = found
        self.opened.append(found)
        self._gateway.emit("INTERACTION_CREATE", payload, channel.guild_id)
        return found

    def _payload(self, channel: Channel, author: User) -> Json:
        bot = self._world.bot
        payload: Json = {
            "application_id": bot.id,
            "version": 1,
            "attachment_size_limit": limits.FILE_BYTES,
            "channel": channel.payload(bot.id),
            "channel_id": channel.id,
            "app_permissions": str(self._world.permissions(bot.id, channel)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": channel.guild_id or "0"},
            "context": 1 if channel.guild_id is None else 0,
        }
        if channel.guild_id is None:
            return {**payload, "user": author.payload()}
        guild = self._world.guilds[channel.guild_id]
        member = self._world.member_payload(guild, author)
        member["permissions"] = str(self._world.permissions(author.id, channel))
        short = {"id": guild.id, "locale": "en-US", "features": []}
        return {
            **payload,
            "guild_id": guild.id,
            "guild": short,
            "guild_locale": "en-US",
            "member": member,
        }

    def routes(self) -> list[Route]:
        """The routes, which take no Authorization header."""
        callback = "/interactions/{interaction}/{token}/callback"
        webhook = "/webhooks/{webhook}/{token}"
        message = webhook + "/messages/{message}"
        return [
            route("POST", callback, self._respond, authorized=False),
            route("POST", webhook, self._follow_up, authorized=False),
            route("GET", message, self._read, authorized=False),
            route("PATCH", message, self._edit, authorized=False),
            route("DELETE", message, self._delete, authorized=False),
        ]

    def _respond(self, call: Call) -> Reply:
        """POST …/callback: the first response, once and in time."""
        found = self._by_token.get(call.ids["token"])
        late = found is None or self._age(found) > self._windows.ack
        if found is None or late or found.id != call.ids["interaction"]:
            raise Refused(404, 10062, "Unknown interaction")
        if found.callback_type is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        kind = call.json.get("type")
        if kind not in ALLOWED[found.kind]:
            problems = limits.Problems()
            message = f"Value must be one of {ALLOWED[found.kind]}."
            problems.add(("type",), "BASE_TYPE_CHOICES", message)
            problems.refuse()
        assert isinstance(kind, int)
        self._act(found, kind, call)
        found.callback_type, found.callback = kind, call.json
        return self._answer(found, call)

    def _act(self, found: Interaction, kind: int, call: Call) -> None:
        data = call.json.get("data") or {}
        acts: dict[int, Callable[[], None]] = {
            MESSAGE: lambda: self._reply(found, data, call),
            DEFERRED: lambda: self._defer(found, data),
            DEFERRED_UPDATE: lambda: self._take_source(found),
            UPDATE: lambda: self._update(found, data, call),
            CHOICES: lambda: limits.check_choices(data.get("choices") or []),
            MODAL: lambda: check_form(data),
        }
        acts[kind]()

    def _reply(self, found: Interaction, data: Json, call: Call) -> None:
        problems = limits.Problems()
        limits.check_message_parts(data, problems, ("data",))
        problems.refuse()
        limits.check_files(call.files)
        limits.check_not_empty(data, len(call.files))
        found.message = self._write(found, data, call)

    def _defer(self, found: Interaction, data: Json) -> None:
        flags = LOADING | (data.get("flags") or 0) & EPHEMERAL
        found.message = self._write(found, {}, None, flags)

    def _write(self, found: Interaction, body: Json, call: Call | None, flags: int = 0) -> Message:
        bot_id = self._world.bot.id
        extra: Json = {
            "interaction_metadata": found.about,
            "application_id": bot_id,
            "webhook_id": bot_id,
        }
        if found.kind == COMMAND:
            name = _full_name(found.payload["data"])
            old_form = {"id": found.id, "type": COMMAND, "name": name}
            extra["interaction"] = {**old_form, "user": found.author.payload()}
        kind = SLASH_REPLY if found.kind == COMMAND else DEFAULT
        files = call.files if call else ()
        draft = Draft(body, files, kind, flags, ("users",), extra)
        return self._posts.write(found.channel, self._world.bot, draft)

    def _take_source(self, found: Interaction) -> None:
        if found.source is None:
            raise Refused(400, 50035, "Invalid Form Body")
        found.message = found.source

    def _update(self, found: Interaction, data: Json, call: Call) -> None:
        self._take_source(found)
        assert found.message is not None
        self._posts.check_edit(found.message, data, call.files)
        self._posts.edit(found.message, data, call.files)

    def _answer(self, found: Interaction, call: Call) -> Reply:
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return Reply(204)
        about: Json = {"id": found.id, "type": found.kind}
        body: Json = {"interaction": about}
        if found.message is not None:
            about["response_message_id"] = found.message.id
            about["response_message_loading"] = found.message.loading
            about["response_message_ephemeral"] = found.message.ephemeral
        if found.callback_type in (MESSAGE, UPDATE) and found.message is not None:
            resource = {"type": found.callback_type, "message": found.message.payload}
            body["resource"] = resource
        return Reply(200, body)

    def _follow_up(self, call: Call) -> Reply:
        """POST: one more message; the first one after a deferred reply fills that instead."""
        found = self._open_webhook(call)
        body = call.json
        limits.check_message(body, call.files)
        limits.check_not_empty(body, len(call.files))
        if found.message is not None and found.message.loading:
            self._fill(found, body, call)
            return Reply(200, found.message.payload)
        message = self._write(found, body, call)
        found.followups.append(message)
        return Reply(200, message.payload)

    def _read(self, call: Call) -> Reply:
        """GET one of the interaction's messages."""
        return Reply(200, self._message(self._open_webhook(call), call).payload)

    def _edit(self, call: Call) -> Reply:
        """PATCH one of the interaction's messages; @original may be an ephemeral one."""
        found = self._open_webhook(call)
        message = self._message(found, call)
        self._posts.check_edit(message, call.json, call.files)
        if message is found.message:
            self._fill(found, call.json, call)
        else:
            self._posts.edit(message, call.json, call.files)
        return Reply(200, message.payload)

    def _delete(self, call: Call) -> Reply:
        """DELETE one of the interaction's messages."""
        message = self._message(self._open_webhook(call), call)
        self._posts.delete(message)
        return Reply(204)

    def _fill(self, found: Interaction, body: Json, call: Call) -> None:
        assert found.message is not None
        flags = self._posts.merged(found.message, body)["flags"] & ~LOADING
        self._posts.edit(found.message, body, call.files, flags=flags)
        found._updated = True

    def _open_webhook(self, call: Call) -> Interaction:
        found = self._by_token.get(call.ids["token"])
        if found is None or call.ids["webhook"] != self._world.bot.id:
            raise Refused(404, 10015, "Unknown Webhook")
        if self._age(found) > self._windows.token:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if found.callback_type is None:
            raise Refused(404, 10015, "Unknown Webhook")
        return found

    def _message(self, found: Interaction, call: Call) -> Message:
        wanted = call.ids["message"]
        for message in (found.message, *found.followups):
            if message is None or message.deleted:
                continue
            if message.id == wanted or (wanted == "@original" and message is found.message):
                return message
        raise Refused(404, 10008, "Unknown Message")

    def _age(self, found: Interaction) -> float:
        return self._world.clock() - found.opened


def _full_name(data: Json) -> str:
    words = [str(data["name"])]
    options = data.get("options") or []
    while options and options[0]["type"] in (1, 2):
        words.append(str(options[0]["name"]))
        options = options[0].get("options") or []
    return " ".join(words)
