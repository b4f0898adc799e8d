"""Forms as Discord's modals: shown with what stands in them, and read from what is sent back.

As a button does, a modal carries its request in its id (`exomars:form:correct 2022-07-13-end`). So one
that was opened before a restart can be sent after it, and nothing is kept for one that never is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot.command.form import MAX_VALUE, Field, Form
from bot.render.discord import MAX_CUSTOM_ID
from bot.render.words import clean, shortened

MAX_SHORT, MAX_HELP = 45, 100  # of a title or a label, and of what stands under a label
_LABEL, _TEXT_INPUT = discord.ComponentType.label.value, discord.ComponentType.text_input.value

# What a modal brings back besides its values: what it is for, the command and its typed parameters.
FORM = re.compile(r"(?P<story>[a-z][a-z0-9-]*):form:(?P<words>.+)", re.DOTALL)


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
    inputs = (one for one in _nested(data.get("components") or []) if one.get("type") == _TEXT_INPUT)
    return {str(one.get("custom_id", "")): str(one.get("value") or "") for one in inputs}


def _labelled(field: Field) -> "discord.ui.Label[Any]":
    most = min(field.most, MAX_VALUE)
    return discord.ui.Label(
        text=shortened(clean(field.label), MAX_SHORT),
        description=shortened(clean(field.help), MAX_HELP) or None,
        component=discord.ui.TextInput(
            custom_id=field.name,
            style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
            default=field.value[:most] or None,
            required=field.required,
            max_length=most,
        ),
    )


def _nested(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The components of a modal, those in labels included."""
    for one in components:
        if isinstance(one, dict):
            inner = one.get("component")
            yield from _nested([inner] if one.get("type") == _LABEL else one.get("components") or [])
            yield one
