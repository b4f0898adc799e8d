"""Finding the button, select or text field that a person means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.doubles.discord_message import BUTTON, LINK, SELECTS, Message, nested

Json = dict[str, Any]

STRING_SELECT, TEXT_INPUT, CHANNEL_SELECT, LABEL_BOX = 3, 4, 8, 18


def button_of(message: Message, label: str | None, custom_id: str | None) -> Json:
    """The button a person can press, by its label or custom id."""
    for part in nested(message.components):
        right = part.get("label") == label if custom_id is None else True
        right = right and custom_id in (None, part.get("custom_id"))
        if part["type"] == BUTTON and right:
            assert part["style"] != LINK, f"{label or custom_id!r} is a link"
            assert not part.get("disabled"), f"{label or custom_id!r} is disabled"
            return part
    raise AssertionError(f"no button {label or custom_id!r}; there are {message.buttons}")


def select_of(
    message: Message,
    wanted: Sequence[str],
    custom_id: str | None,
) -> tuple[Json, list[str]]:
    """The select on a message, and the values of the options that are meant."""
    selects = [part for part in nested(message.components) if part["type"] in SELECTS]
    selects = [part for part in selects if custom_id in (None, part["custom_id"])]
    assert len(selects) == 1, f"{len(selects)} selects match {custom_id!r}"
    select = selects[0]
    assert not select.get("disabled"), "the select is disabled"
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    assert low <= len(wanted) <= high, f"choose {low} to {high} values, not {len(wanted)}"
    if select["type"] != STRING_SELECT:
        return select, list(wanted)
    return select, [_option(select, value) for value in wanted]


def _option(select: Json, wanted: str) -> str:
    for option in select["options"]:
        if wanted in (option["value"], option["label"]):
            return str(option["value"])
    labels = [option["label"] for option in select["options"]]
    raise AssertionError(f"no option {wanted!r}; there are {labels}")


def modal_components(modal: Json, values: Mapping[str, Any]) -> list[Json]:
    """What the client sends for a modal filled in with these values."""
    known = [name for row in modal["components"] for names, _ in _fields(row) for name in names]
    unknown = set(values) - set(known)
    assert not unknown, f"the modal has no {sorted(unknown)}; it has {known}"
    return [_filled_row(row, values) for row in modal["components"]]


def _fields(row: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """The fields of a row, each with the names a person may call it by."""
    if row["type"] == LABEL_BOX:
        field = row["component"]
        yield (row["label"], field["custom_id"]), field
    for field in row.get("components") or []:
        yield (field.get("label") or field["custom_id"], field["custom_id"]), field


def _filled_row(row: Json, values: Mapping[str, Any]) -> Json:
    filled = [_filled(field, names, values) for names, field in _fields(row)]
    if row["type"] == LABEL_BOX:
        return {"type": LABEL_BOX, "id": 1, "component": filled[0]}
    return {"type": row["type"], "id": 1, "components": filled}


def _standing(select: Json) -> list[str]:
    """What is chosen before a person touches anything."""
    first = [option["value"] for option in select.get("options") or [] if option.get("default")]
    return first or [str(one["id"]) for one in select.get("default_values") or []]


def chosen_channels(modal: Json, components: Sequence[Json]) -> list[tuple[str, Json]]:
    """The ids of the channels that were chosen in a modal that is sent, each with its select."""
    selects = {one["custom_id"]: one for one in nested(modal["components"]) if one["type"] == CHANNEL_SELECT}
    sent = [one for one in nested([*components]) if one["type"] == CHANNEL_SELECT]
    return [(str(value), selects[one["custom_id"]]) for one in sent for value in one["values"]]


def _filled(field: Json, names: tuple[str, ...], values: Mapping[str, Any]) -> Json:
    given = next((values[name] for name in names if name in values), None)
    sent = {"type": field["type"], "id": 1, "custom_id": field["custom_id"]}
    required = field.get("required", True)
    if field["type"] in SELECTS:
        chosen = _standing(field) if given is None else [given] if isinstance(given, str) else list(given)
        if field["type"] == STRING_SELECT:
            chosen = [_option(field, value) for value in chosen]
        low, high = field.get("min_values", 1), field.get("max_values", 1)
        assert not chosen or low <= len(chosen) <= high, f"choose {low} to {high} of {names[0]!r}"
        assert chosen or not required, f"the modal requires {names[0]!r}"
        return {**sent, "values": chosen}
    if field["type"] != TEXT_INPUT:
        assert given or not required, f"the modal requires {names[0]!r}"
        chosen = [given] if isinstance(given, str) else list(given or [])
        return {**sent, "values": chosen}
    text = str(field.get("value") or "") if given is None else str(given)
    assert text or not required, f"the modal requires {names[0]!r}"
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    assert not text or low <= len(text) <= high, f"{names[0]!r} takes {low} to {high} characters"
    return {**sent, "value": text}
