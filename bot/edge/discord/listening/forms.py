"""Forms as Discord's modals: shown with what stands in them, and read from what is sent back.

As a button does, a modal carries its request in its id (`exomars:form:correct 2022-07-13-end`). So one
that was opened before a restart can be sent after it, and nothing is kept for one that never is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import discord

from bot.command.form import MAX_CHOICES, MAX_VALUE, Field, Form
from bot.edge.discord.listening.slash import PLACES
from bot.render.discord import MAX_CUSTOM_ID
from bot.render.words import clean, shortened

MAX_SHORT, MAX_HELP = 45, 100  # of a title or a label, and of what stands under a label
_LABEL, _TEXT_INPUT = discord.ComponentType.label.value, discord.ComponentType.text_input.value
_SELECT, _CHANNELS = discord.ComponentType.select.value, discord.ComponentType.channel_select.value

# What a modal brings back besides its values: what it is for, the command and its typed parameters.
FORM = re.compile(r"(?P<story>[a-z][a-z0-9-]*):form:(?P<words>.+)", re.DOTALL)
_CHANNEL = re.compile(r"<#([0-9]{1,20})>")  # as a place is typed


def modal(form: Form, story: str) -> discord.ui.Modal | None:
    """The form as discord.py takes it; None where its request is too long to be carried."""
    carried = f"{story}:form:{form.words}"
    if len(carried) > MAX_CUSTOM_ID:
        return None
    made = discord.ui.Modal(title=shortened(clean(form.title), MAX_SHORT), custom_id=carried)
    for field in form.fields:
        made.add_item(_labelled(field))
    # Stopped, so that discord.py does not keep it in memory for ever: most are never sent.
    made.stop()
    return made


def filled(data: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a modal that was sent, by their names."""
    inputs = (one for one in _nested(data.get("components") or []) if one.get("type") in _READ)
    return {str(one.get("custom_id", "")): _READ[one["type"]](one) for one in inputs}


def _labelled(field: Field) -> "discord.ui.Label[Any]":
    make = _channels if field.place else _choices if field.choices else _text
    return discord.ui.Label(
        text=shortened(clean(field.label), MAX_SHORT),
        description=shortened(clean(field.help), MAX_HELP) or None,
        component=make(field),
    )


def _text(field: Field) -> "discord.ui.Item[Any]":
    most = min(field.most, MAX_VALUE)
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
        default=field.value[:most] or None,
        required=field.required,
        max_length=most,
    )


def _choices(field: Field) -> "discord.ui.Item[Any]":
    options = [
        discord.SelectOption(
            label=shortened(clean(shown), MAX_HELP), value=value, default=value == field.value
        )
        for shown, value in field.choices[:MAX_CHOICES]
    ]
    return discord.ui.Select(
        custom_id=field.name, options=options, required=field.required, min_values=int(field.required)
    )


def _channels(field: Field) -> "discord.ui.Item[Any]":
    shown = _CHANNEL.fullmatch(field.value)
    return discord.ui.ChannelSelect(
        custom_id=field.name,
        channel_types=PLACES,
        required=field.required,
        min_values=int(field.required),
        default_values=[discord.Object(int(shown[1]))] if shown else [],
    )


def _chosen(component: Mapping[str, Any]) -> str:
    """The one value that was chosen; nothing where none was."""
    return str(next(iter(component.get("values") or ()), ""))


_READ: Mapping[int, Callable[[Mapping[str, Any]], str]] = {
    _TEXT_INPUT: lambda one: str(one.get("value") or ""),
    _SELECT: _chosen,
    _CHANNELS: lambda one: f"<#{_chosen(one)}>" if _chosen(one) else "",
}
"""What somebody has given, by the type of the component; a channel as it is typed."""


def _nested(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The components of a modal, those in labels included."""
    for one in components:
        if isinstance(one, dict):
            inner = one.get("component")
            yield from _nested([inner] if one.get("type") == _LABEL else one.get("components") or [])
            yield one
