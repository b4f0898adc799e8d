"""Reading Block Kit: what a reader sees of blocks, and what can be pressed, chosen or filled in."""

import copy
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.doubles.slack_text import kept, plain

Json = dict[str, Any]

MARKED, UNMARKED = "mrkdwn", "plain_text"
SHOWN_TEXTS = ("title", "label", "text", "fields", "elements", "hint", "rows")
"""The parts of a block that hold text, in reading order."""

SELECTS = ("static_select", "users_select", "conversations_select", "channels_select", "external_select")
MULTI = tuple(f"multi_{name}" for name in SELECTS)


def seen(blocks: Sequence[Json], names: Mapping[str, str]) -> str:
    """Everything a reader reads in blocks, line by line; no labels of buttons."""
    return "\n".join(text for block in blocks for text in _texts(block, names) if text)


def _texts(part: Any, names: Mapping[str, str]) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _texts(one, names)
        return
    if not isinstance(part, Mapping):
        return
    kind = part.get("type")
    if kind in (MARKED, UNMARKED):
        yield plain(part["text"], names) if kind == MARKED else str(part["text"])
    elif kind == "markdown":
        yield str(part["text"])
    elif kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        yield "".join(_rich(one, names) for one in part.get("elements", ()))
    elif kind == "image":
        yield from _texts(part.get("title"), names)
        yield str(part.get("alt_text", ""))
    elif kind != "actions":
        for name in SHOWN_TEXTS:
            yield from _texts(part.get(name), names)


def _rich(part: Json, names: Mapping[str, str]) -> str:
    kind = part.get("type")
    if kind in ("text", "link"):
        return str(part.get("text") or part.get("url", ""))
    if kind == "user":
        return "@" + names.get(part["user_id"], part["user_id"])
    return ""


def marked(blocks: Any) -> Iterator[str]:
    """Every piece of mrkdwn in blocks."""
    if isinstance(blocks, list):
        for one in blocks:
            yield from marked(one)
    elif isinstance(blocks, Mapping):
        if blocks.get("type") == MARKED:
            yield str(blocks["text"])
        else:
            for part in blocks.values():
                yield from marked(part)


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Everything that can be pressed or chosen in blocks, each with its block, in reading order."""
    for block in blocks:
        inner = [*(block.get("elements") or ()), block.get("accessory"), block.get("element")]
        for element in inner:
            if isinstance(element, Mapping) and "action_id" in element:
                yield block, dict(element)


def labels(blocks: Sequence[Json]) -> list[str]:
    """The texts of the buttons."""
    return [str(found["text"]["text"]) for _, found in elements(blocks) if found["type"] == "button"]


def filled(blocks: Sequence[Json]) -> list[Json]:
    """Blocks as Slack keeps them: each with a block_id, its elements with an action_id, defaults said."""
    made: list[Json] = copy.deepcopy(list(blocks))
    for block in made:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        _default_texts(block)
        inner = [*(block.get("elements") or ()), block.get("accessory"), block.get("element")]
        for element in inner:
            if isinstance(element, dict) and element.get("type") not in (None, MARKED, UNMARKED, "image"):
                if str(element["type"]).startswith("rich_text"):
                    continue
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return made


def _default_texts(part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _default_texts(one)
    elif isinstance(part, dict):
        if part.get("type") == MARKED:
            part["text"] = kept(part["text"])
            part.setdefault("verbatim", False)
        elif part.get("type") == UNMARKED:
            part.setdefault("emoji", True)
        else:
            for one in part.values():
                _default_texts(one)


def fields(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """The inputs of a view: each block with its element."""
    for block in blocks:
        if block.get("type") == "input":
            yield block, block["element"]


def initial(element: Json) -> Any:
    """What stands in a field before anybody fills it in: a text, a value, or a list of values."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons", "external_select"):
        return (element.get("initial_option") or {}).get("value", "")
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        return [option["value"] for option in element.get("initial_options") or ()]
    for name in ("user", "conversation", "channel", "date", "time"):
        if f"initial_{name}s" in element:
            return list(element[f"initial_{name}s"])
        if f"initial_{name}" in element:
            return element[f"initial_{name}"]
    return element.get("initial_value") or ""


def option_of(element: Json, wanted: str) -> Json:
    """The option of a select that is meant, by its value or its text."""
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    options = [option for group in groups for option in group["options"]]
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return dict(option)
    raise AssertionError(f"no option {wanted!r}; there are {[option['value'] for option in options]}")


def state_of(element: Json, value: Any) -> Json:
    """What a field's state is in a payload, once this value is in it; "" or [] is nothing."""
    kind = str(element["type"])
    if kind in ("static_select", "radio_buttons", "external_select"):
        return {"type": kind, "selected_option": option_of(element, value) if value else None}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        wanted = [value] if isinstance(value, str) and value else list(value)
        return {"type": kind, "selected_options": [option_of(element, one) for one in wanted]}
    for name in ("user", "conversation", "channel"):
        if kind == f"{name}s_select":
            return {"type": kind, f"selected_{name}": value or None}
        if kind == f"multi_{name}s_select":
            return {"type": kind, f"selected_{name}s": [value] if isinstance(value, str) else list(value)}
    for name in ("date", "time"):
        if kind == f"{name}picker":
            return {"type": kind, f"selected_{name}": value or None}
    return {"type": kind, "value": value or None}
