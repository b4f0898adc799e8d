"""What Slack refuses in the things to press, to choose from and to type into: block-kit/block-elements."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.doubles.slack_problems import ID, Json, Problems

BUTTON, VALUE, ACCESS_LABEL = 75, 2000, 75
OPTIONS, OPTION_TEXT, OPTION_VALUE, PLACEHOLDER = 100, 75, 150, 150
OVERFLOW = 5
ALT, TYPED = 2000, 3000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30

SELECTS = ("static_select", "users_select", "conversations_select", "channels_select")
PRESSED = ("button", "overflow", *SELECTS)
CONVERSATIONS = ("im", "mpim", "private", "public")

Check = Callable[[Json, Problems, str], None]


def check_element(element: object, problems: Problems, at: str, allowed: Sequence[str]) -> None:
    """One element of a block; `allowed`: the types that may stand there."""
    if not isinstance(element, Mapping):
        problems.add(at, "must be an object")
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        problems.add(f"{at}/type", f"unsupported type: {kind}")
        return
    known, check = _ELEMENTS[kind]
    if kind == "image":
        problems.keys(element, at, {"type", *known})
    else:
        problems.keys(element, at, {"type", "action_id", *known})
        problems.id(element, at, "action_id")
    check(element, problems, at)
    if element.get("confirm") is not None and "confirm" in known:
        _check_confirm(element["confirm"], problems, f"{at}/confirm")


def _button(element: Json, problems: Problems, at: str) -> None:
    problems.text(element, at, "text", BUTTON, plain=True)
    problems.string(element, at, "value", VALUE)
    problems.link(element, at, "url")
    problems.one_of(element, at, "style", ("primary", "danger"))
    problems.string(element, at, "accessibility_label", ACCESS_LABEL)


def _overflow(element: Json, problems: Problems, at: str) -> None:
    options = problems.listed(element.get("options"), f"{at}/options")
    problems.count(options, f"{at}/options", 1, OVERFLOW)
    _check_options(options, problems, f"{at}/options", linked=True)


def _static(element: Json, problems: Problems, at: str) -> None:
    _select(element, problems, at)
    grouped = element.get("option_groups") is not None
    if grouped == (element.get("options") is not None):
        problems.add(at, "needs either options or option_groups")
        return
    if grouped:
        groups = problems.listed(element["option_groups"], f"{at}/option_groups")
        problems.count(groups, f"{at}/option_groups", 1, OPTIONS)
        options = [*_options_of_groups(groups, problems, f"{at}/option_groups")]
    else:
        options = [*problems.listed(element["options"], f"{at}/options")]
        problems.count(options, f"{at}/options", 1, OPTIONS)
        _check_options(options, problems, f"{at}/options")
    if element.get("initial_option") is not None and element["initial_option"] not in options:
        problems.add(f"{at}/initial_option", "must be one of the options")


def _options_of_groups(groups: Sequence[Any], problems: Problems, at: str) -> Iterator[Any]:
    for index, group in enumerate(groups):
        place = f"{at}/{index}"
        if not isinstance(group, Mapping):
            problems.add(place, "must be an object")
            continue
        problems.keys(group, place, {"label", "options"})
        problems.text(group, place, "label", OPTION_TEXT, plain=True)
        options = problems.listed(group.get("options"), f"{place}/options")
        problems.count(options, f"{place}/options", 1, OPTIONS)
        _check_options(options, problems, f"{place}/options")
        yield from options


def _check_options(options: Sequence[Any], problems: Problems, at: str, *, linked: bool = False) -> None:
    for index, option in enumerate(options):
        place = f"{at}/{index}"
        if not isinstance(option, Mapping):
            problems.add(place, "must be an object")
            continue
        problems.keys(option, place, {"text", "value", "description", *(["url"] if linked else [])})
        problems.text(option, place, "text", OPTION_TEXT, plain=True)
        problems.string(option, place, "value", OPTION_VALUE, required=True)
        problems.text(option, place, "description", OPTION_TEXT, plain=True, required=False)
        problems.link(option, place, "url")


def _select(element: Json, problems: Problems, at: str) -> None:
    problems.text(element, at, "placeholder", PLACEHOLDER, plain=True, required=False)
    problems.flag(element, at, "focus_on_load")
    for name in ("initial_user", "initial_conversation", "initial_channel"):
        problems.string(element, at, name, ID)
    problems.flag(element, at, "default_to_current_conversation")
    problems.flag(element, at, "response_url_enabled")
    if element.get("filter") is not None:
        _check_filter(element["filter"], problems, f"{at}/filter")


def _check_filter(filtered: object, problems: Problems, at: str) -> None:
    if not isinstance(filtered, Mapping) or not filtered:
        problems.add(at, "must be an object with at least one field")
        return
    problems.keys(filtered, at, {"include", "exclude_bot_users", "exclude_external_shared_channels"})
    problems.flag(filtered, at, "exclude_bot_users")
    problems.flag(filtered, at, "exclude_external_shared_channels")
    include = problems.listed(filtered.get("include"), f"{at}/include")
    if "include" in filtered and (not include or any(one not in CONVERSATIONS for one in include)):
        problems.add(f"{at}/include", f"must be some of {', '.join(CONVERSATIONS)}")


def _typed(element: Json, problems: Problems, at: str) -> None:
    problems.text(element, at, "placeholder", PLACEHOLDER, plain=True, required=False)
    problems.flag(element, at, "multiline")
    problems.flag(element, at, "focus_on_load")
    problems.number(element, at, "min_length", 0, TYPED)
    problems.number(element, at, "max_length", 1, TYPED)
    low, high = element.get("min_length", 0), element.get("max_length", TYPED)
    problems.string(element, at, "initial_value", TYPED)
    if not (isinstance(low, int) and isinstance(high, int)):
        return
    if low > high:
        problems.add(f"{at}/min_length", f"must not be more than max_length ({high})")
    value = element.get("initial_value")
    if isinstance(value, str) and high < len(value) <= TYPED:
        what = f"must not be longer than max_length ({high}), has {len(value)}"
        problems.add(f"{at}/initial_value", what)


def check_picture(element: Json, problems: Problems, at: str) -> None:
    """A picture has an address or a file of Slack, and words for who does not see it."""
    if (element.get("image_url") is None) == (element.get("slack_file") is None):
        problems.add(at, "needs either image_url or slack_file")
    problems.link(element, at, "image_url")
    file = element.get("slack_file")
    if file is not None and (not isinstance(file, Mapping) or not (file.get("id") or file.get("url"))):
        problems.add(f"{at}/slack_file", "needs an id or a url")
    problems.string(element, at, "alt_text", ALT, required=True)


_TYPED_KEYS = {
    *("placeholder", "initial_value", "multiline", "min_length", "max_length"),
    *("dispatch_action_config", "focus_on_load"),
}
_CHOSEN = frozenset({"placeholder", "confirm", "focus_on_load"})
_ELEMENTS: Mapping[str, tuple[frozenset[str], Check]] = {
    "button": (frozenset({"text", "value", "url", "style", "confirm", "accessibility_label"}), _button),
    "overflow": (frozenset({"options", "confirm"}), _overflow),
    "static_select": (_CHOSEN | {"options", "option_groups", "initial_option"}, _static),
    "users_select": (_CHOSEN | {"initial_user"}, _select),
    "conversations_select": (
        _CHOSEN
        | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
        _select,
    ),
    "channels_select": (_CHOSEN | {"initial_channel", "response_url_enabled"}, _select),
    "plain_text_input": (frozenset(_TYPED_KEYS), _typed),
    "image": (frozenset({"image_url", "slack_file", "alt_text"}), check_picture),
}


def _check_confirm(confirm: object, problems: Problems, at: str) -> None:
    if not isinstance(confirm, Mapping):
        problems.add(at, "must be an object")
        return
    problems.keys(confirm, at, {"title", "text", "confirm", "deny", "style"})
    problems.text(confirm, at, "title", CONFIRM_TITLE, plain=True)
    problems.text(confirm, at, "text", CONFIRM_TEXT)
    problems.text(confirm, at, "confirm", CONFIRM_BUTTON, plain=True)
    problems.text(confirm, at, "deny", CONFIRM_BUTTON, plain=True)
    problems.one_of(confirm, at, "style", ("primary", "danger"))
