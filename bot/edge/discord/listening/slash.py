"""The table of commands as Discord's slash commands: `/WORD digest subscribe zone:…`, with completion.

Two for each story: `/WORD` for who asks, digests with it, and `/WORD-newsroom` for who writes the story.
"""

import hashlib
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.command.entry import Choices, Command, Param
from bot.desk.desk import Desk
from bot.reply import Reply

MAX_TEXT = 100  # of a description, and of the name and value of a choice
MAX_ENTRIES = 25  # subcommands and groups of a command, or subcommands of a group
MAX_SIZE = 8000  # characters of all names, descriptions and values of a command

FILE = Param("file", "text", "a Markdown file in the format of the story's own files")
SHOW = "show"
"""What `draft 5` would be within the group of `draft show`: a word is a command or a group, not both."""

Files = Sequence[discord.Attachment]
Answer = Callable[[discord.Interaction, str, Command, Mapping[str, str], Files], Awaitable[None]]
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


class PersonOption(app_commands.Transformer):
    """A person or a role, picked from Discord's own list: handed on as `<@id>` or `<@&id>`."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's kind of this option."""
        return discord.AppCommandOptionType.mentionable

    async def transform(self, _: discord.Interaction, value: Any, /) -> str:  # noqa: ANN401  (several kinds)
        """Who was picked, as one types it."""
        return f"<@&{int(value.id)}>" if isinstance(value, discord.Role) else f"<@{int(value.id)}>"


_NATIVE: Mapping[str, object] = {"place": PlaceOption(), "role": RoleOption(), "person": PersonOption()}
_NOT_COMPLETED = {"words", "text", *_NATIVE}


def add_story(tree: "app_commands.CommandTree[Any]", desk: Desk, answer: Answer, complete: Complete) -> None:
    """Adds one story's two commands, with a subcommand for each entry of the table.

    One command has room for 25 entries, so who writes the story has one of their own. Entries of two words
    become a group: "digest subscribe" is `/WORD digest subscribe`. Discord has no subcommand and group of
    one name, so an entry of one word that shares it goes into the group.
    """
    story = desk.story
    for root, told, commands in (
        (story.word, "dated, cited answers", [one for one in desk.commands if not _of_newsroom(one)]),
        (story.newsroom, "for who writes the story", [one for one in desk.commands if _of_newsroom(one)]),
    ):
        if commands:
            made = _root(root, f"{story.name}: {told}")
            _fill(made, commands, lambda leaf, one: _slash(story.word, leaf, one, answer, complete))
            size = _size(made.to_dict(tree))
            assert size <= MAX_SIZE, (
                f"/{root} has {size:,} characters of text, and Discord takes {MAX_SIZE:,}"
            )
            tree.add_command(made)


def spelled(reply: Reply, desk: Desk) -> Reply:
    """A reply that says how to go on by slash, with the newsroom's commands called as they are here."""
    names = sorted((one.name for one in desk.commands if _of_newsroom(one)), key=len, reverse=True)
    begins = f"/{desk.story.word} "
    typed = re.compile(rf"(?<!\w){re.escape(begins)}(?=(?:{'|'.join(map(re.escape, names))})\b)")

    def spell(text: str) -> str:
        return typed.sub(f"/{desk.story.newsroom} ", text) if begins in text else text

    if not names:
        return reply
    sections = tuple(
        section._replace(
            title=spell(section.title),
            lines=tuple(
                line._replace(text=line.text if line.cites else spell(line.text), label=spell(line.label))
                for line in section.lines
            ),
        )
        for section in reply.sections
    )
    return reply._replace(title=spell(reply.title), sections=sections, notes=tuple(map(spell, reply.notes)))


def _of_newsroom(command: Command) -> bool:
    """Whether it is for who writes the story, and not for who reads it or has digests of it."""
    return command.access in {"curators", "owners"}


def _root(name: str, told: str) -> Group:
    return Group(
        name=name,
        description=told[:MAX_TEXT],
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )


def _fill(
    root: Group,
    commands: Sequence[Command],
    make: "Callable[[str, Command], app_commands.Command[Any, ..., None]]",
) -> None:
    """Puts the commands below a root, in groups where their names are of two words."""
    placed = [(*_path(command, commands), command) for command in commands]
    entries = {group or leaf for group, leaf, _ in placed}
    assert len(entries) <= MAX_ENTRIES, (
        f"/{root.name} has {len(entries)} entries, and Discord takes {MAX_ENTRIES}"
    )
    groups: dict[str, Group] = {"": root}
    for group, leaf, command in placed:
        if group not in groups:
            leaves = [one for within, one, _ in placed if within == group]
            assert len(leaves) <= MAX_ENTRIES, f"/{root.name} {group} has {len(leaves)} entries, too many"
            described = f"{group}: {', '.join(leaves)}"[:MAX_TEXT]
            groups[group] = Group(name=group, description=described, parent=root)
        groups[group].add_command(make(leaf, command))


def fingerprint(tree: "app_commands.CommandTree[Any]") -> str:
    """Changes whenever what would be synced does."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _path(command: Command, commands: Sequence[Command]) -> tuple[str, str]:
    """The group of a command, which may be none, and its word within that."""
    groups = {other.group for other in commands} - {""}
    if command.name in groups:
        return command.name, SHOW
    return command.group, command.name.rpartition(" ")[2]


def _size(item: Mapping[str, Any]) -> int:
    """As Discord counts it: names and descriptions of all that is nested. There are no fixed choices."""
    inner = sum(_size(one) for one in item.get("options") or [])
    return len(item["name"]) + len(item["description"]) + inner


def _slash(
    word: str, leaf: str, command: Command, answer: Answer, complete: Complete
) -> "app_commands.Command[Any, ..., None]":
    async def callback(interaction: discord.Interaction, **given: str | discord.Attachment | None) -> None:
        files = [value for value in given.values() if isinstance(value, discord.Attachment)]
        values = {_plain(name): value for name, value in given.items() if value and isinstance(value, str)}
        await answer(interaction, word, command, values, files)

    # discord.py reads a command's options off its signature; this one is the table's. Discord wants
    # those first that have to be filled in.
    params = sorted(command.params, key=lambda param: not param.required)
    params += [FILE] if command.files else []
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    options = [_option(param) for param in params]
    callback.__signature__ = inspect.Signature([first, *options])  # type: ignore[attr-defined]
    callback.__name__ = leaf
    described = app_commands.describe(**{_safe(param.name): _described(param) for param in params})
    renamed = app_commands.rename(**{_safe(param.name): param.name for param in params})
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=leaf, description=command.help[:MAX_TEXT], callback=renamed(described(callback))
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
    text = str if param.required else str | None
    return inspect.Parameter(
        _safe(param.name),
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if param.required else None,
        annotation=discord.Attachment | None if param is FILE else _NATIVE.get(param.kind, text),
    )


def _described(param: Param) -> str:
    return f"{param.help[:1].upper()}{param.help[1:]}"[:MAX_TEXT]


def _safe(name: str) -> str:
    """A name that Python takes for a parameter: `from` is none."""
    return f"{name}_"


def _plain(name: str) -> str:
    return name.removesuffix("_")
