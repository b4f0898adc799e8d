"""The table of commands as Discord's slash commands: `/exomars digest subscribe zone:…`, with completion."""

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.command.entry import Choices, Command, Param
from bot.desk.desk import Desk

MAX_TEXT = 100  # of a description, and of the name and value of a choice

Answer = Callable[[discord.Interaction, str, Command, Mapping[str, str]], Awaitable[None]]
Complete = Callable[[discord.Interaction, str, Command, Param, str], Awaitable[Choices]]

Group = app_commands.Group

PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.news_thread,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
]
"""What Discord offers where a channel is asked for: the kinds that digests can be posted to."""


class PlaceOption(app_commands.Transformer):
    """A channel or thread, picked from Discord's own list, and handed on as one types it: `<#id>`."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's kind of this option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channel that are offered."""
        return PLACES

    async def transform(self, _: discord.Interaction, value: Any, /) -> str:  # noqa: ANN401  (several kinds)
        """What was picked, as one types it."""
        return f"<#{int(value.id)}>"


class RoleOption(app_commands.Transformer):
    """A role, picked from Discord's own list, and handed on as one types it: `<@&id>`."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's kind of this option."""
        return discord.AppCommandOptionType.role

    async def transform(self, _: discord.Interaction, value: Any, /) -> str:  # noqa: ANN401  (several kinds)
        """What was picked, as one types it."""
        return f"<@&{int(value.id)}>"


_NATIVE: Mapping[str, object] = {"place": PlaceOption(), "role": RoleOption()}
_NOT_COMPLETED = {"words", *_NATIVE}


def add_story(tree: "app_commands.CommandTree[Any]", desk: Desk, answer: Answer, complete: Complete) -> None:
    """Adds one story's command, with a subcommand for each entry of the table.

    Entries of two words become a group: "digest subscribe" is `/exomars digest subscribe`.
    """
    word = desk.story.word
    root = Group(
        name=word,
        description=f"{desk.story.name}: dated, cited answers"[:MAX_TEXT],
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    groups: dict[str, Group] = {"": root}
    for command in desk.commands:
        if command.group not in groups:
            groups[command.group] = Group(
                name=command.group, description=_contents(command.group, desk.commands), parent=root
            )
        groups[command.group].add_command(_slash(word, command, answer, complete))
    tree.add_command(root)


def fingerprint(tree: "app_commands.CommandTree[Any]") -> str:
    """Changes whenever what would be synced does."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _contents(group: str, commands: Sequence[Command]) -> str:
    """What is in a group, in a line."""
    return f"{group}: {', '.join(_leaf(one) for one in commands if one.group == group)}"[:MAX_TEXT]


def _leaf(command: Command) -> str:
    """The word of a command within its group."""
    return command.name.rpartition(" ")[2]


def _slash(
    word: str, command: Command, answer: Answer, complete: Complete
) -> "app_commands.Command[Any, ..., None]":
    async def callback(interaction: discord.Interaction, **given: str | None) -> None:
        values = {_plain(name): value for name, value in given.items() if value}
        await answer(interaction, word, command, values)

    # discord.py reads a command's options off its signature; this one is the table's. Discord wants
    # those first that have to be filled in.
    params = sorted(command.params, key=lambda param: not param.required)
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    options = [_option(param) for param in params]
    callback.__signature__ = inspect.Signature([first, *options])  # type: ignore[attr-defined]
    callback.__name__ = _leaf(command)
    described = app_commands.describe(**{_safe(param.name): _described(param) for param in params})
    renamed = app_commands.rename(**{_safe(param.name): param.name for param in params})
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=_leaf(command), description=command.help[:MAX_TEXT], callback=renamed(described(callback))
    )
    for param in params:
        if param.kind not in _NOT_COMPLETED:
            made.autocomplete(_safe(param.name))(_completer(word, command, param, complete))
    return made


def _completer(word: str, command: Command, param: Param, complete: Complete) -> Any:  # noqa: ANN401  (discord.py's own type)
    async def choices(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = await complete(interaction, word, command, param, current)
        return [
            app_commands.Choice(name=label[:MAX_TEXT], value=value)
            for label, value in found
            if len(value) <= MAX_TEXT
        ]

    return choices


def _option(param: Param) -> inspect.Parameter:
    return inspect.Parameter(
        _safe(param.name),
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if param.required else None,
        annotation=_NATIVE.get(param.kind, str if param.required else str | None),
    )


def _described(param: Param) -> str:
    return f"{param.help[:1].upper()}{param.help[1:]}"[:MAX_TEXT]


def _safe(name: str) -> str:
    """A name that Python takes for a parameter: `from` is none."""
    return f"{name}_"


def _plain(name: str) -> str:
    return name.removesuffix("_")
