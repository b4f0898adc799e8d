"""What Discord refuses in an application command: interactions/application-commands."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from tests.doubles.discord_limits import Path, Problems

Json = dict[str, Any]

CHAT_INPUT = 1
SUB, GROUP, STRING = 1, 2, 3
NAME, DESCRIPTION, OPTIONS, CHOICES, CHOICE_TEXT = 32, 100, 25, 25, 100
COMMAND_TEXT = 8000  # names, descriptions and choice values of one top-level command
GLOBAL_COMMANDS = 100


def check_command(command: Json, problems: Problems, at: Path = ()) -> None:
    """One top-level command against the limits of interactions/application-commands."""
    if (command.get("type") or CHAT_INPUT) != CHAT_INPUT:
        problems.length((*at, "name"), command.get("name"), 1, NAME)
        return
    _check_named(command, problems, at)
    _check_options(command.get("options") or [], problems, (*at, "options"))
    if _size(command) > COMMAND_TEXT:
        message = f"Command exceeds maximum size ({COMMAND_TEXT})"
        problems.add(at, "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_named(item: Json, problems: Problems, at: Path) -> None:
    name = item.get("name")
    problems.length((*at, "name"), name, 1, NAME)
    if isinstance(name, str) and not good_name(name):
        message = "Command name is invalid"
        problems.add((*at, "name"), "APPLICATION_COMMAND_INVALID_NAME", message)
    path = (*at, "description")
    problems.length(path, item.get("description"), 1, DESCRIPTION)


def good_name(name: str) -> bool:
    r"""Discord's ``[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]``, in lower case where there is one."""
    return name == name.lower() and all(_good_letter(letter) for letter in name)


def _good_letter(letter: str) -> bool:
    if letter in "-_'" or unicodedata.category(letter)[0] in "LN":
        return True
    return unicodedata.name(letter, "").startswith(("DEVANAGARI", "THAI"))


def _check_options(options: Sequence[Json], problems: Problems, at: Path) -> None:
    problems.count(at, options, 0, OPTIONS)
    nests = [option.get("type") in (SUB, GROUP) for option in options]
    if any(nests) and not all(nests):
        message = "Sub-command and sub-command group option types are mutually exclusive"
        problems.add(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    names = [option.get("name") for option in options]
    if len(set(names)) < len(names):
        message = "Option name already exists"
        problems.add(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
    optional = False
    for index, option in enumerate(options):
        _check_named(option, problems, (*at, index))
        _check_choices(option, problems, (*at, index))
        _check_options(option.get("options") or [], problems, (*at, index, "options"))
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            problems.add((*at, index), code, message)
        optional = optional or not option.get("required")


def _check_choices(option: Json, problems: Problems, at: Path) -> None:
    choices = option.get("choices") or []
    problems.count((*at, "choices"), choices, 0, CHOICES)
    if choices and option.get("autocomplete"):
        message = "Autocomplete cannot be used with choices"
        code = "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES"
        problems.add((*at, "autocomplete"), code, message)
    for index, choice in enumerate(choices):
        problems.length((*at, "choices", index, "name"), choice.get("name"), 1, CHOICE_TEXT)
        if option.get("type") == STRING:
            path = (*at, "choices", index, "value")
            problems.length(path, choice.get("value"), 1, CHOICE_TEXT)


def _size(item: Json) -> int:
    size = _longest(item, "name") + _longest(item, "description")
    for choice in item.get("choices") or []:
        size += _longest(choice, "name") + len(str(choice.get("value") or ""))
    return size + sum(_size(option) for option in item.get("options") or [])


def _longest(item: Json, key: str) -> int:
    texts = [item.get(key) or "", *(item.get(f"{key}_localizations") or {}).values()]
    return max(len(str(text)) for text in texts)
