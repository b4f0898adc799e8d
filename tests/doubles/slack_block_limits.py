"""What Slack refuses in the blocks of a message or a view: block-kit/blocks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.doubles.slack_element_limits import PRESSED, SELECTS, Check, check_element, check_picture
from tests.doubles.slack_problems import Json, Problems
from tests.doubles.slack_rich_limits import check_rich

SECTION, FIELDS, FIELD = 3000, 10, 2000
HEADER, ACTIONS, CONTEXT, CONTEXT_TEXT = 150, 25, 10, 3000
IMAGE_TITLE, LABEL, HINT = 2000, 2000, 2000


def check_blocks(blocks: Sequence[Any], problems: Problems, at: str, *, surface: str) -> None:
    """All blocks of a "message", a "modal" or the "home" tab; how many there may be is not looked at."""
    for index, block in enumerate(blocks):
        _check_block(block, problems, f"{at}/{index}", surface)
    ids = Counter(str(block.get("block_id") or "") for block in blocks if isinstance(block, Mapping))
    for name, times in ids.items():
        if name and times > 1:
            problems.add(at, f"block_id {name} already exists")


def type_of(thing: object) -> object:
    """What a block or element says that it is."""
    return thing.get("type") if isinstance(thing, Mapping) else None


def _check_block(block: object, problems: Problems, at: str, surface: str) -> None:
    if not isinstance(block, Mapping):
        problems.add(at, "must be an object")
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in _BLOCKS:
        problems.add(f"{at}/type", f"unsupported type: {kind}")
        return
    if kind == "input" and surface == "message":
        problems.add(f"{at}/type", "unsupported type in a message: input")
        return
    known, check = _BLOCKS[kind]
    problems.keys(block, at, {"type", "block_id", *known})
    problems.id(block, at, "block_id")
    check(block, problems, at)


def _section(block: Json, problems: Problems, at: str) -> None:
    fields = problems.listed(block.get("fields"), f"{at}/fields")
    problems.text(block, at, "text", SECTION, required=block.get("fields") is None)
    if block.get("fields") is not None:
        problems.count(fields, f"{at}/fields", 1, FIELDS)
    for index, field in enumerate(fields):
        problems.text_object(field, f"{at}/fields/{index}", FIELD)
    problems.flag(block, at, "expand")
    if block.get("accessory") is not None:
        check_element(block["accessory"], problems, f"{at}/accessory", (*PRESSED, "image"))


def _header(block: Json, problems: Problems, at: str) -> None:
    problems.text(block, at, "text", HEADER, plain=True)


def _context(block: Json, problems: Problems, at: str) -> None:
    elements = problems.listed(block.get("elements"), f"{at}/elements")
    problems.count(elements, f"{at}/elements", 1, CONTEXT)
    for index, element in enumerate(elements):
        place = f"{at}/elements/{index}"
        if type_of(element) == "image":
            check_element(element, problems, place, ("image",))
        else:
            problems.text_object(element, place, CONTEXT_TEXT)


def _actions(block: Json, problems: Problems, at: str) -> None:
    elements = problems.listed(block.get("elements"), f"{at}/elements")
    problems.count(elements, f"{at}/elements", 1, ACTIONS)
    for index, element in enumerate(elements):
        check_element(element, problems, f"{at}/elements/{index}", PRESSED)
    ids = Counter(str(element.get("action_id") or "") for element in elements if isinstance(element, Mapping))
    for name, times in ids.items():
        if name and times > 1:
            problems.add(f"{at}/elements", f"action_id {name} already exists")


def _divider(block: Json, problems: Problems, at: str) -> None:
    """A line has no fields of its own."""


def _image(block: Json, problems: Problems, at: str) -> None:
    check_picture(block, problems, at)
    problems.text(block, at, "title", IMAGE_TITLE, plain=True, required=False)


def _input(block: Json, problems: Problems, at: str) -> None:
    problems.text(block, at, "label", LABEL, plain=True)
    problems.text(block, at, "hint", HINT, plain=True, required=False)
    problems.flag(block, at, "optional")
    problems.flag(block, at, "dispatch_action")
    if block.get("element") is None:
        problems.add(at, "missing required field: element")
    else:
        check_element(block["element"], problems, f"{at}/element", ("plain_text_input", *SELECTS))


_BLOCKS: Mapping[str, tuple[frozenset[str], Check]] = {
    "section": (frozenset({"text", "fields", "accessory", "expand"}), _section),
    "header": (frozenset({"text"}), _header),
    "context": (frozenset({"elements"}), _context),
    "actions": (frozenset({"elements"}), _actions),
    "divider": (frozenset(), _divider),
    "image": (frozenset({"image_url", "slack_file", "alt_text", "title"}), _image),
    "rich_text": (frozenset({"elements"}), check_rich),
    "input": (frozenset({"label", "hint", "optional", "dispatch_action", "element"}), _input),
}
