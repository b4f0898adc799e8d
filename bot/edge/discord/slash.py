"""The table of commands as Discord's slash commands: `/exomars status date:…`, with completion."""

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.answer.command import Command, Kind, Param
from bot.answer.desk import Desk

MAX_TEXT = 100  # of a description, and of the name and value of a choice

Group = app_commands.Group
Answer = Callable[[discord.Interaction, str, Command, Mapping[str, str]], Awaitable[None]]
Complete = Callable[[str, Kind, str], Awaitable[list[tuple[str, str]]]]


def add_story(tree: "app_commands.CommandTree[Any]", desk: Desk, answer: Answer, complete: Complete) -> None:
    """Adds one story's command with a subcommand for each entry of the table."""
    word = desk.story.word
    group = Group(
        name=word,
        description=f"{desk.story.name}: dated, cited answers"[:MAX_TEXT],
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for command in desk.commands:
        group.add_command(_slash(word, command, answer, complete))
    tree.add_command(group)


def fingerprint(tree: "app_commands.CommandTree[Any]") -> str:
    """Changes whenever what would be synced does."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _slash(
    word: str, command: Command, answer: Answer, complete: Complete
) -> "app_commands.Command[Any, ..., None]":
    async def callback(interaction: discord.Interaction, **given: str | None) -> None:
        values = {_plain(name): value for name, value in given.items() if value}
        await answer(interaction, word, command, values)

    # discord.py reads a command's options off its signature; this one is the table's.
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    options = [_option(param) for param in command.params]
    callback.__signature__ = inspect.Signature([first, *options])  # type: ignore[attr-defined]
    callback.__name__ = command.name
    described = app_commands.describe(**{_safe(param.name): _described(param) for param in command.params})
    renamed = app_commands.rename(**{_safe(param.name): param.name for param in command.params})
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=command.name, description=command.help[:MAX_TEXT], callback=renamed(described(callback))
    )
    for param in command.params:
        if param.kind != "words":
            made.autocomplete(_safe(param.name))(_completer(word, param, complete))
    return made


def _completer(word: str, param: Param, complete: Complete) -> Any:  # noqa: ANN401  (discord.py's own type)
    async def choices(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = await complete(word, param.kind, current)
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
        annotation=str if param.required else str | None,
    )


def _described(param: Param) -> str:
    return f"{param.help[:1].upper()}{param.help[1:]}"[:MAX_TEXT]


def _safe(name: str) -> str:
    """A name that Python takes for a parameter: `from` is none."""
    return f"{name}_"


def _plain(name: str) -> str:
    return name.removesuffix("_")
