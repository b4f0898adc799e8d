"""What Slack refuses in rich text: block-kit/blocks/rich-text-block."""

from collections.abc import Mapping
from typing import Any

from tests.doubles.slack_problems import ID, Json, Problems

STYLES = ("bold", "italic", "strike", "code")
LISTS = ("bullet", "ordered")
INDENT = 8

# What may stand in a section: its fields, and those that it has to have.
_PIECES: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "text": (frozenset({"text", "style"}), ("text",)),
    "link": (frozenset({"url", "text", "style", "unsafe"}), ("url",)),
    "user": (frozenset({"user_id", "style"}), ("user_id",)),
    "usergroup": (frozenset({"usergroup_id", "style"}), ("usergroup_id",)),
    "channel": (frozenset({"channel_id", "style"}), ("channel_id",)),
    "emoji": (frozenset({"name", "unicode", "skin_tone"}), ("name",)),
    "broadcast": (frozenset({"range"}), ("range",)),
}
_FLOWING = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")


def check_rich(block: Json, problems: Problems, at: str) -> None:
    """A block of rich text: sections, lists, quotations and blocks of code."""
    parts = problems.listed(block.get("elements"), f"{at}/elements")
    if not parts:
        problems.add(at, "missing required field: elements")
    for index, part in enumerate(parts):
        _check_part(part, problems, f"{at}/elements/{index}")


def _check_part(part: Any, problems: Problems, at: str) -> None:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind in _FLOWING:
        bordered = {"border"} if kind != "rich_text_section" else set()
        problems.keys(part, at, {"type", "elements", *bordered})
        _check_pieces(part, problems, at)
    elif kind == "rich_text_list":
        problems.keys(part, at, {"type", "elements", "style", "indent", "offset", "border"})
        problems.one_of(part, at, "style", LISTS)
        if part.get("style") is None:
            problems.add(at, "missing required field: style")
        problems.number(part, at, "indent", 0, INDENT)
        items = problems.listed(part.get("elements"), f"{at}/elements")
        if not items:
            problems.add(at, "missing required field: elements")
        for index, item in enumerate(items):
            place = f"{at}/elements/{index}"
            if not isinstance(item, Mapping) or item.get("type") != "rich_text_section":
                problems.add(place, "must be a rich_text_section")
            else:
                _check_part(item, problems, place)
    else:
        problems.add(f"{at}/type", f"unsupported type: {kind}")


def _check_pieces(part: Json, problems: Problems, at: str) -> None:
    pieces = problems.listed(part.get("elements"), f"{at}/elements")
    if part.get("elements") is None:
        problems.add(at, "missing required field: elements")
    for index, piece in enumerate(pieces):
        place = f"{at}/elements/{index}"
        kind = piece.get("type") if isinstance(piece, Mapping) else None
        if not isinstance(kind, str) or kind not in _PIECES:
            problems.add(f"{place}/type", f"unsupported type: {kind}")
            continue
        known, needed = _PIECES[kind]
        problems.keys(piece, place, {"type", *known})
        for name in needed:
            if name == "url":
                problems.link(piece, place, name, required=True)
            else:
                # A text may be as long as the whole message; an id may not.
                problems.string(piece, place, name, 100_000 if name == "text" else ID, required=True)
        if kind == "broadcast":
            problems.add(place, f"@{piece.get('range')} calls everybody", code="broadcast_mention")
        if piece.get("style") is not None:
            _check_style(piece["style"], problems, f"{place}/style")


def _check_style(style: Any, problems: Problems, at: str) -> None:
    if not isinstance(style, Mapping):
        problems.add(at, "must be an object")
        return
    problems.keys(style, at, STYLES)
    for name in STYLES:
        problems.flag(style, at, name)
