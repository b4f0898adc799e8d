"""Forms as Slack's modals: shown with what stands in them, and read from what is sent back.

As a button does, a modal carries its request in its id (`exomars:form:correct 2022-07-13-end`). So one
that was opened before a restart can be sent after it.

Limits: Slack's reference of views and of Block Kit (title 24, callback_id 255, private_metadata 3000,
a typed text 3000, 100 options of 75 characters with a value of 150).
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.command.form import Field, Form
from bot.render.slack import header, plain
from bot.render.slack_rich import Block
from bot.render.words import clean

MAX_VALUE = 3000  # characters of a field
MAX_CALLBACK, MAX_PRIVATE = 255, 3000
_TITLE, _TEXT = 24, 2000
_OPTIONS, _OPTION, _OPTION_VALUE = 100, 75, 150
_VALUE = "value"  # the action_id of every field; its block_id is the name of the field

# What the forms of commands do where they are sent: what is drafted is shown before it is published.
DOES = {
    **dict.fromkeys(("add", "source add", "correct", "edit", "retract"), "Preview"),
    **dict.fromkeys(("draft edit", "draft fact"), "Preview"),
    "digest subscribe": "Subscribe",
    "report": "Report",
    "report close": "Close report",
}

# What a modal brings back besides its values: what it is for, the command and its typed parameters.
FORM = re.compile(r"(?P<story>[a-z][a-z0-9-]*):form:(?P<words>.+)", re.DOTALL)

_PLACE = re.compile(r"<#(\w{1,30})>", re.ASCII)
_KINDS = ("public", "private", "mpim")  # of conversations: where the bot can be invited


def view(form: Form, story: str, private: str, *, here: bool = True) -> dict[str, Any] | None:
    """The form as a modal, which brings `private` back; None where Slack has no room for all of it.

    `here`: it is about a conversation, which a channel may be left out for; else one has to be chosen.
    Whether it is a field that has too much in it, `overlong` tells; else the request is too long.
    """
    callback = f"{story}:form:{form.words}"
    if len(callback) > MAX_CALLBACK or len(private) > MAX_PRIVATE or overlong(form):
        return None
    title = " ".join(clean(form.title).split())
    fields = form.fields if here else map(_chosen, form.fields)
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": private,
        "title": plain(title or story, _TITLE),
        "submit": plain(_does(form), _TITLE),
        "close": plain("Cancel", _TITLE),
        # What the narrow title cuts off is said below it.
        "blocks": [*(header(title) if len(title) > _TITLE else ()), *map(_input, fields)],
    }


def overlong(form: Form) -> Field | None:
    """The first field with more in it than Slack shows: MAX_VALUE characters, or as many as it may have."""
    # A place or a choice that cannot be shown as chosen is left open.
    typed = (field for field in form.fields if not (field.place or _options(field)))
    return next((field for field in typed if len(field.value) > _most(field)), None)


def filled(state: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a modal that was sent, by their names; "" in an empty one.

    `state` is the view's. A channel comes as it is mentioned: <#C123>.
    """
    values = state.get("values") or {}
    return {name: _given(given) for name, inputs in values.items() for given in inputs.values()}


def _does(form: Form) -> str:
    """What sending a form does, as the button says that does it."""
    words = form.words.split()
    does = DOES.get(" ".join(words[:2])) or DOES.get(words[0]) if words else ""
    return does or "Send"


# ── the fields of a form ────────────────────────────────────────────────────────────────


def _input(field: Field) -> Block:
    label, hint = " ".join(clean(field.label).split()), clean(field.help).strip()
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain(label or field.name, _TEXT),
        **({"hint": plain(hint, _TEXT)} if hint else {}),
        "optional": not field.required,
        "element": {"action_id": _VALUE, **_element(field)},
    }


def _chosen(field: Field) -> Field:
    """A field as it is where no channel is meant: one has to be chosen."""
    return field._replace(value="", help="", required=True) if field.place else field


def _element(field: Field) -> Block:
    if field.place:
        return _conversations(field)
    if options := _options(field):
        chosen = next((option for option in options if option["value"] == field.value), None)
        first = {"initial_option": chosen} if chosen else {}
        return {"type": "static_select", "options": options, **first}
    return {
        "type": "plain_text_input",
        # A text of several lines loses them in a field of one.
        "multiline": field.long or "\n" in field.value,
        "max_length": _most(field),
        **({"initial_value": field.value} if field.value else {}),
    }


def _most(field: Field) -> int:
    return min(max(field.most, 1), MAX_VALUE)


def _options(field: Field) -> list[Block]:
    fitting = [(shown, value) for shown, value in field.choices if 0 < len(value) <= _OPTION_VALUE]
    return [
        {"text": plain(clean(shown).strip() or value, _OPTION), "value": value}
        for shown, value in fitting[:_OPTIONS]
    ]


def _conversations(field: Field) -> Block:
    named = _PLACE.fullmatch(field.value)
    if named:
        first: Block = {"initial_conversation": named[1]}
    else:
        first = {} if field.required else {"default_to_current_conversation": True}
    return {"type": "conversations_select", "filter": {"include": list(_KINDS)}, **first}


def _given(given: Mapping[str, Any]) -> str:
    if given.get("type") == "conversations_select":
        chosen = given.get("selected_conversation")
        return f"<#{chosen}>" if chosen else ""
    if given.get("type") == "static_select":
        return str((given.get("selected_option") or {}).get("value") or "")
    return str(given.get("value") or "")
