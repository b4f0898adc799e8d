"""Accounts, the application and its commands, guilds: what is not in a channel."""

from typing import Any

from tests.doubles.discord_access import Access
from tests.doubles.discord_commands import Commands
from tests.doubles.discord_gateway import Gateway
from tests.doubles.discord_http import Call, Refused, Reply
from tests.doubles.discord_routes import Route, route
from tests.doubles.discord_world import World

Json = dict[str, Any]


class Accounts:
    """Answers for the bot's account, its commands and its guilds."""

    def __init__(self, world: World, gateway: Gateway, commands: Commands) -> None:
        self._world = world
        self._access = Access(world)
        self._gateway = gateway
        self._commands = commands

    def routes(self) -> list[Route]:
        """The routes, in the order they are tried."""
        return [
            route("GET", "/users/@me", self._me),
            route("POST", "/users/@me/channels", self._open_dm),
            route("GET", "/users/{user}", self._user),
            route("GET", "/oauth2/applications/@me", self._application),
            route("GET", "/applications/@me", self._application),
            route("GET", "/gateway", self._gateway_url),
            route("GET", "/gateway/bot", self._gateway_bot),
            *self._command_routes("/applications/{app}/commands"),
            *self._command_routes("/applications/{app}/guilds/{guild}/commands"),
            route("GET", "/guilds/{guild}", self._get_guild),
            route("GET", "/guilds/{guild}/channels", self._guild_channels),
            route("GET", "/guilds/{guild}/members/{user}", self._guild_member),
            route("GET", "/channels/{channel}/thread-members/{user}", self._thread_member),
        ]

    def _command_routes(self, path: str) -> list[Route]:
        return [
            route("GET", path, self._list_commands),
            route("PUT", path, self._put_commands),
            route("POST", path, self._post_command),
        ]

    def _me(self, _: Call) -> Reply:
        more = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
        return Reply(200, {**self._world.bot.payload(), **more})

    def _user(self, call: Call) -> Reply:
        user = self._world.users.get(call.ids["user"])
        if user is None:
            raise Refused(404, 10013, "Unknown User")
        return Reply(200, user.payload())

    def _application(self, _: Call) -> Reply:
        bot = self._world.bot
        owner = {**bot.payload(), "bot": False}
        return Reply(
            200,
            {
                "id": bot.id,
                "name": bot.name,
                "icon": None,
                "description": "",
                "type": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "flags_new": "0",
                "owner": owner,
                "bot": bot.payload(),
                "team": None,
                "redirect_uris": [],
                "explicit_content_filter": 0,
                "interactions_endpoint_url": None,
                "role_connections_verification_url": None,
                "approximate_guild_count": 1,
                "approximate_user_install_count": 0,
                "approximate_user_authorization_count": 0,
                "max_participants": None,
                "event_webhooks_status": 1,
                "summary": "",
                "rpc_application_state": 0,
                "store_application_state": 1,
                "verification_state": 1,
                "eligible_oauth2_scopes": [],
                "integration_public": True,
                "integration_require_code_grant": False,
                "internal_guild_restriction": 1,
            },
        )

    def _gateway_url(self, _: Call) -> Reply:
        return Reply(200, {"url": self._gateway.url})

    def _gateway_bot(self, _: Call) -> Reply:
        left = 1000 - len(self._gateway.identifies)
        limit = {"total": 1000, "remaining": left, "reset_after": 86400000, "max_concurrency": 1}
        body = {"url": self._gateway.url, "shards": 1, "session_start_limit": limit}
        return Reply(200, body)

    def _list_commands(self, call: Call) -> Reply:
        return Reply(200, self._commands.listed(self._scope(call)))

    def _put_commands(self, call: Call) -> Reply:
        if not isinstance(call.body, list):
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        return Reply(200, self._commands.overwrite(self._scope(call), call.body))

    def _post_command(self, call: Call) -> Reply:
        scope = self._scope(call)
        known = {command["name"] for command in self._commands.listed(scope)}
        stored = self._commands.create(scope, call.json)
        return Reply(200 if stored["name"] in known else 201, stored)

    def _scope(self, call: Call) -> str | None:
        if call.ids["app"] != self._world.bot.id:
            raise Refused(404, 10002, "Unknown Application")
        return self._access.guild(call).id if "guild" in call.ids else None

    def _get_guild(self, call: Call) -> Reply:
        return Reply(200, self._world.guild_payload(self._access.guild(call)))

    def _guild_channels(self, call: Call) -> Reply:
        guild = self._access.guild(call)
        inside = [c for c in self._world.channels.values() if c.guild_id == guild.id]
        return Reply(200, [c.payload() for c in inside if not c.is_thread])

    def _guild_member(self, call: Call) -> Reply:
        guild = self._access.guild(call)
        user = self._world.users.get(call.ids["user"])
        if user is None or user.id not in guild.members:
            raise Refused(404, 10007, "Unknown Member")
        return Reply(200, self._world.member_payload(guild, user))

    def _thread_member(self, call: Call) -> Reply:
        """Who opened a thread, or has written in it, is a member of it."""
        thread, user = self._access.channel(call), call.ids["user"]
        writers = {message.author_id for message in thread.messages.values()}
        if not thread.is_thread or user not in {thread.owner_id, *writers}:
            raise Refused(404, 10007, "Unknown Member")
        member = {"id": thread.id, "user_id": user, "join_timestamp": thread.created, "flags": 0}
        return Reply(200, member)

    def _open_dm(self, call: Call) -> Reply:
        user = self._world.users.get(str(call.json.get("recipient_id")))
        if user is None:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return Reply(200, self._world.dm_channel(user).payload())
