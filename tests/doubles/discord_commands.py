"""Registered application commands, and what the client sends when a user calls one.

A user can only use what was registered: an unknown command, option or choice is an
AssertionError here, because no Discord client would have offered it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.doubles.discord_command_limits import (
    CHAT_INPUT,
    GLOBAL_COMMANDS,
    GROUP,
    STRING,
    SUB,
    check_command,
)
from tests.doubles.discord_files import Attached, Files
from tests.doubles.discord_http import Refused
from tests.doubles.discord_limits import Problems
from tests.doubles.discord_things import Channel, User
from tests.doubles.discord_world import World

Json = dict[str, Any]

INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 4, 5, 6, 7, 8, 9, 10, 11
IN_GUILD, IN_BOT_DM = 0, 1


RIGHT: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    NUMBER: (int, float),
}


class Commands:
    """The registered commands: global ones under None, a guild's under its id."""

    def __init__(self, world: World, files: Files) -> None:
        self._world = world
        self._files = files
        self._scopes: dict[str | None, dict[str, Json]] = {}

    def listed(self, scope: str | None = None) -> list[Json]:
        """The commands of one scope."""
        return list(self._scopes.get(scope, {}).values())

    def overwrite(self, scope: str | None, commands: Sequence[Json]) -> list[Json]:
        """PUT: these commands and no others; a known name keeps its id."""
        problems = Problems()
        for index, command in enumerate(commands):
            check_command(command, problems, (index,))
        problems.refuse()
        names = [(command["name"], command.get("type") or CHAT_INPUT) for command in commands]
        if len(set(names)) < len(names):
            problems.add((), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique")
            problems.refuse()
        if sum(kind == CHAT_INPUT for _, kind in names) > GLOBAL_COMMANDS:
            raise Refused(400, 30032, "Maximum number of application commands reached (100)")
        known = self._scopes.get(scope, {})
        stored = [self._stored(scope, command, known) for command in commands]
        self._scopes[scope] = {_key(command): command for command in stored}
        return stored

    def create(self, scope: str | None, command: Json) -> Json:
        """POST: one more command, or an update of the one with this name."""
        problems = Problems()
        check_command(command, problems)
        problems.refuse()
        known = self._scopes.setdefault(scope, {})
        stored = self._stored(scope, command, known)
        known[_key(stored)] = stored
        return stored

    def _stored(self, scope: str | None, command: Json, known: dict[str, Json]) -> Json:
        earlier = known.get(_key(command), {})
        permissions = command.get("default_member_permissions")
        return {
            **command,
            "id": earlier.get("id") or self._world.new_id(),
            "application_id": self._world.bot.id,
            "version": self._world.new_id(),
            "type": command.get("type") or CHAT_INPUT,
            "integration_types": command.get("integration_types") or [0],
            "default_member_permissions": None if permissions is None else str(permissions),
            **({"guild_id": scope} if scope else {}),
        }

    def pick(
        self,
        channel: Channel,
        author: User,
        words: str,
        options: Mapping[str, Any],
        focus: str = "",
    ) -> Json:
        """Build what a client sends for `/words`; `focus` names the option being typed.

        An attachment is given as `Attached`; the client hands it up before it sends the command.
        """
        name, *subs = words.split()
        command = self._offered(channel, author, name)
        path = _path(command, subs)
        leaf = path[-1] if path else command
        wanted = leaf.get("options") or []
        if any(option["type"] in (SUB, GROUP) for option in wanted):
            raise AssertionError(f"/{words} is a group: name one of its subcommands")
        handed_up = self._handed_up(channel, options)
        options = {key: handed_up[key]["id"] if key in handed_up else options[key] for key in options}
        sent = [_value(_named(wanted, key, words), options[key], focus, [*handed_up]) for key in options]
        missing = [o["name"] for o in wanted if o.get("required") and o["name"] not in options]
        assert focus or not missing, f"/{words} requires {missing}"
        for step in reversed(path):
            sent = [{"type": step["type"], "name": step["name"], "options": sent}]
        data: Json = {"id": command["id"], "name": name, "type": CHAT_INPUT, "options": sent}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        # While an option is typed, Discord sends the ids of what was picked before, and nothing else.
        resolved = {} if focus else self._resolved(channel, author, wanted, options)
        if handed_up and not focus:
            resolved["attachments"] = {payload["id"]: payload for payload in handed_up.values()}
        return {**data, "resolved": resolved} if resolved else data

    def chosen(self, channel: Channel, author: User, picked: Sequence[tuple[str, Json]]) -> Json:
        """Channels that were chosen in selects, as Discord tells of them."""
        options = [(one, {"type": CHANNEL, "channel_types": select.get("channel_types")})
                   for one, select in picked]  # fmt: skip
        told = {one: self._payloads(channel, author, option, one)["channels"] for one, option in options}
        return {"channels": told} if told else {}

    def _handed_up(self, channel: Channel, options: Mapping[str, Any]) -> dict[str, Json]:
        """The files among the options, by the names of these, as Discord tells of them."""
        return {
            key: self._files.attach(channel, value, ephemeral=True)
            for key, value in options.items()
            if isinstance(value, Attached)
        }

    def _offered(self, channel: Channel, author: User, name: str) -> Json:
        for scope in (channel.guild_id, None) if channel.guild_id else (None,):
            command = self._scopes.get(scope, {}).get(f"{CHAT_INPUT}:{name}")
            if command is not None:
                self._assert_usable(command, channel, author)
                return command
        synced = sorted({c["name"] for known in self._scopes.values() for c in known.values()})
        raise AssertionError(f"/{name} was not synced for this channel; synced: {synced}")

    def _assert_usable(self, command: Json, channel: Channel, author: User) -> None:
        name = command["name"]
        place = IN_BOT_DM if channel.guild_id is None else IN_GUILD
        contexts = command.get("contexts")
        if contexts is None and command.get("dm_permission") is False:
            contexts = [IN_GUILD]
        if contexts is not None and place not in contexts:
            raise AssertionError(f"/{name} is not offered here: its contexts are {contexts}")
        needed = command.get("default_member_permissions")
        if needed is None or channel.guild_id is None:
            return
        has = self._world.permissions(author.id, channel)
        wanted = int(needed) or 1 << 3  # "0": administrators only
        assert has & wanted == wanted, f"/{name} is not offered to {author.name}: needs {needed}"

    def _resolved(
        self,
        channel: Channel,
        author: User,
        wanted: Sequence[Json],
        options: Mapping[str, Any],
    ) -> Json:
        """The users, channels and roles that option values stand for."""
        resolved: dict[str, Json] = {}
        for option in wanted:
            if option["name"] in options:
                found_id = str(options[option["name"]])
                for kind, payload in self._payloads(channel, author, option, found_id).items():
                    resolved.setdefault(kind, {})[found_id] = payload
        return resolved

    def _payloads(self, channel: Channel, author: User, option: Json, found_id: str) -> Json:
        world, kind = self._world, option["type"]
        guild = world.guilds[channel.guild_id] if channel.guild_id else None
        if kind == CHANNEL:
            found = self._picked(channel, author, option, found_id)
            allowed = str(world.permissions(author.id, found))
            return {"channels": {**found.payload(), "permissions": allowed}}
        if kind == MENTIONABLE:
            kind = ROLE if guild is not None and found_id in guild.roles else USER
        if kind == ROLE:
            assert guild is not None, "a direct message has no roles to pick from"
            assert found_id in guild.roles, f"no role {found_id} to pick in {guild.name}"
            return {"roles": guild.roles[found_id].payload()}
        if kind != USER:
            return {}
        assert found_id in world.users, f"there is nobody {found_id} to pick"
        user = world.users[found_id]
        if guild is None:
            return {"users": user.payload()}
        member = world.member_payload(guild, user, with_user=False)
        member["permissions"] = str(world.permissions(user.id, channel))
        return {"users": user.payload(), "members": member}

    def _picked(self, channel: Channel, author: User, option: Json, found_id: str) -> Channel:
        """A channel out of the client's list: of this guild, of the right type, seen by the author."""
        assert channel.guild_id is not None, "a direct message has no channels to pick from"
        found, types = self._world.channels[found_id], option.get("channel_types") or []
        assert found.guild_id == channel.guild_id, f"#{found.name} is in another guild"
        assert not types or found.kind in types, f"#{found.name} is not offered: its type is {found.kind}"
        assert self._world.may(author.id, found, "view_channel"), f"{author.name} does not see #{found.name}"
        return found


def _key(command: Json) -> str:
    return f"{command.get('type') or CHAT_INPUT}:{command['name']}"


def _path(command: Json, subs: Sequence[str]) -> list[Json]:
    """The group and subcommand that are named after the command."""
    node, path, words = command, [], str(command["name"])
    for sub in subs:
        words += f" {sub}"
        node = _named(node.get("options") or [], sub, words)
        assert node["type"] in (SUB, GROUP), f"/{words}: {sub!r} is an option"
        path.append(node)
    return path


def _named(options: Sequence[Json], name: str, words: str) -> Json:
    for option in options:
        if option["name"] == name:
            return option
    known = [option["name"] for option in options]
    raise AssertionError(f"/{words} has no {name!r}; it has {known}")


def _value(option: Json, value: Any, focus: str, files: Sequence[str]) -> Json:
    name, kind = option["name"], option["type"]
    if name == focus:
        assert option.get("autocomplete"), f"option {name!r} has no autocompletion"
        return {"type": kind, "name": name, "value": value, "focused": True}
    assert (name in files) == (kind == ATTACHMENT), f"option {name!r} cannot be {value!r}"
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT):
        return {"type": kind, "name": name, "value": str(value)}
    assert isinstance(value, RIGHT.get(kind, object)), f"option {name!r} cannot be {value!r}"
    choices = [choice["value"] for choice in option.get("choices") or []]
    assert not choices or value in choices, f"option {name!r} offers {choices}, not {value!r}"
    size = len(str(value)) if kind == STRING else value
    ends = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    low, high = (option.get(end) for end in ends)
    assert low is None or size >= low, f"option {name!r} needs {low} at least, not {value!r}"
    assert high is None or size <= high, f"option {name!r} allows {high} at most, not {value!r}"
    return {"type": kind, "name": name, "value": value}
