"""What Discord refuses in a modal besides its sizes: components/reference, Label, Text Input, selects."""

from typing import Any

from tests.doubles import discord_limits as limits
from tests.doubles.discord_limits import INPUT, LABEL_BOX, TEXT_INPUT, Path, Problems
from tests.doubles.discord_message import SELECTS, nested

Json = dict[str, Any]

SHORT, PARAGRAPH = 1, 2  # styles of a text input
LABELLED = (TEXT_INPUT, *SELECTS, 19, 21, 22, 23)  # what a label may hold; the last are files and choices


def check_form(data: Json) -> None:
    """Refuse a modal that Discord would not open."""
    limits.check_modal(data)
    problems = Problems()
    for index, component in enumerate(data["components"]):
        at: Path = ("components", index)
        if component.get("type") != LABEL_BOX:
            continue
        if component.get("description") == "":
            problems.length((*at, "description"), "", 1, limits.OPTION_TEXT)
        if (component.get("component") or {}).get("type") not in LABELLED:
            message = f"Value of field 'type' must be one of {LABELLED}."
            problems.add((*at, "component"), "UNION_TYPE_CHOICES", message)
    for component in nested(data["components"]):
        if component.get("type") == TEXT_INPUT:
            _check_text(component, problems, ("components", str(component["custom_id"])))
        if component.get("type") in SELECTS:
            _check_select(component, problems, ("components", str(component["custom_id"])))
    problems.refuse()


def _check_select(select: Json, problems: Problems, at: Path) -> None:
    """At most 25 values, no fewer than none; as many are there at first as may be chosen, or none at all."""
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if not (0 <= low <= high and 1 <= high <= limits.OPTIONS):
        problems.add((*at, "min_values"), "NUMBER_TYPE_MIN", f"Must be between 0 and {limits.OPTIONS}.")
    if select.get("disabled"):
        problems.add((*at, "disabled"), "COMPONENT_DISABLED_IN_MODAL", "A modal has nothing disabled.")
    options = select.get("options") or []
    if len({one.get("value") for one in options}) < len(options):
        problems.add((*at, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Values stand once.")
    first = [one for one in options if one.get("default")] or select.get("default_values") or []
    if first and not low <= len(first) <= high:
        problems.add((*at, "default_values"), "BASE_TYPE_BAD_LENGTH", f"Must be {low} to {high} in length.")


def _check_text(text: Json, problems: Problems, at: Path) -> None:
    low, high = text.get("min_length") or 0, text.get("max_length") or INPUT
    if not 0 <= low <= high <= INPUT:
        message = f"Must be between 0 and {INPUT}, and no shorter than the other."
        problems.add((*at, "max_length"), "NUMBER_TYPE_MAX", message)
    if text.get("style") not in (SHORT, PARAGRAPH):
        problems.add((*at, "style"), "BASE_TYPE_CHOICES", f"Value must be one of {(SHORT, PARAGRAPH)}.")
    if text.get("value"):
        problems.length((*at, "value"), text["value"], low, high)
