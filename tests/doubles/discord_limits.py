"""What Discord refuses in a message or a modal, and the words it refuses it with.

Numbers are those of Discord's documentation (resources/message, components/reference), not of
its OpenAPI description, which is looser: 2000 characters for a bot where the schema says 4000.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.doubles.discord_http import Refused, Upload
from tests.doubles.discord_message import BUTTON, COMPONENTS_V2, SELECTS, TEXT_DISPLAY, nested

Json = dict[str, Any]
Path = tuple[str | int, ...]

CONTENT = 2000
NONCE = 25
EMBEDS = 10
EMBED_TEXT = 6000  # all embeds of the message together, after trimming
EMBED_FIELDS = 25
TITLE, DESCRIPTION, AUTHOR_NAME, FOOTER, FIELD_NAME, FIELD_VALUE = 256, 4096, 256, 2048, 256, 1024
FILES, FILE_BYTES, ALT_TEXT = 10, 10 * 1024 * 1024, 1024
ROWS, BUTTONS_IN_ROW, COMPONENTS, V2_TEXT = 5, 5, 40, 4000
LABEL, URL, CUSTOM_ID, PLACEHOLDER = 80, 512, 100, 150
OPTIONS, OPTION_TEXT = 25, 100
MODAL_TITLE, MODAL_ROWS, INPUT, INPUT_LABEL = 45, 5, 4000, 45
STICKERS = 3
ACTION_ROW, TEXT_INPUT, LABEL_BOX = 1, 4, 18
LINK_STYLE, PREMIUM_STYLE = 5, 6


class Problems:
    """What is wrong with a request body, collected into Discord's nested `errors` object."""

    def __init__(self) -> None:
        self.tree: Json = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """One thing is wrong at one place."""
        node = self.tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: Path, value: Any, low: int, high: int, *, trim: bool = False) -> None:
        """A text has to have between `low` and `high` characters; None is too short."""
        if value is not None and not isinstance(value, str):
            self.add(path, "BASE_TYPE_STRING", "Must be a string.")
            return
        size = len((value or "").strip() if trim else value or "")
        if size == 0 and low > 0:
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif size > high and low <= 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif not low <= size <= high:
            message = f"Must be between {low} and {high} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)

    def count(self, path: Path, items: Sequence[Any], low: int, high: int) -> None:
        """A list has to have between `low` and `high` items."""
        if len(items) > high and low <= 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif not low <= len(items) <= high:
            message = f"Must be between {low} and {high} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)

    def refuse(self) -> None:
        """Raise 400/50035 if anything is wrong."""
        if self.tree:
            raise Refused(400, 50035, "Invalid Form Body", self.tree)


def check_message(body: Json, files: Sequence[Upload], *, kept: int = 0) -> None:
    """Refuse what Discord refuses in a new or edited message; `kept` attachments stay as well."""
    problems = Problems()
    check_message_parts(body, problems)
    problems.refuse()
    check_files(files, kept)


def check_message_parts(body: Json, problems: Problems, at: Path = ()) -> None:
    """Content, nonce, embeds and components, each against its limit."""
    problems.length((*at, "content"), body.get("content"), 0, CONTENT)
    if isinstance(nonce := body.get("nonce"), str):
        problems.length((*at, "nonce"), nonce, 0, NONCE)
    problems.count((*at, "sticker_ids"), body.get("sticker_ids") or [], 0, STICKERS)
    for index, attachment in enumerate(body.get("attachments") or []):
        path = (*at, "attachments", index, "description")
        problems.length(path, attachment.get("description"), 0, ALT_TEXT)
    _check_embeds(body.get("embeds") or [], problems, (*at, "embeds"))
    _check_components(body, problems, at)


def check_files(files: Sequence[Upload], kept: int = 0) -> None:
    """At most 10 attachments of at most 10 MiB each."""
    if len(files) + kept > FILES:
        raise Refused(400, 30015, "Maximum number of attachments in a message reached (10)")
    if any(len(upload.content) > FILE_BYTES for upload in files):
        raise Refused(413, 40005, "Request entity too large")


def check_not_empty(body: Json, attachments: int) -> None:
    """A message needs text, an embed, a file, a sticker or a poll; legacy buttons do not count."""
    filled = (body.get("content") or "").strip() or attachments
    if body_is_v2(body):
        filled = filled or body.get("components")
    if not (filled or body.get("embeds") or body.get("sticker_ids") or body.get("poll")):
        raise Refused(400, 50006, "Cannot send an empty message")


def body_is_v2(body: Json) -> bool:
    """Whether the body says that it is made of components only."""
    return bool((body.get("flags") or 0) & COMPONENTS_V2)


def _check_embeds(embeds: list[Json], problems: Problems, at: Path) -> None:
    problems.count(at, embeds, 0, EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        _check_embed(embed, problems, (*at, index))
        total += _embed_size(embed)
    if total > EMBED_TEXT:
        message = f"Embed size exceeds maximum size of {EMBED_TEXT}"
        problems.add(at, "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(embed: Json, problems: Problems, at: Path) -> None:
    author, footer = embed.get("author") or {}, embed.get("footer") or {}
    problems.length((*at, "title"), embed.get("title"), 0, TITLE, trim=True)
    problems.length((*at, "description"), embed.get("description"), 0, DESCRIPTION, trim=True)
    problems.length((*at, "author", "name"), author.get("name"), 0, AUTHOR_NAME, trim=True)
    problems.length((*at, "footer", "text"), footer.get("text"), 0, FOOTER, trim=True)
    fields = embed.get("fields") or []
    problems.count((*at, "fields"), fields, 0, EMBED_FIELDS)
    for index, row in enumerate(fields):
        problems.length((*at, "fields", index, "name"), row.get("name"), 1, FIELD_NAME, trim=True)
        path = (*at, "fields", index, "value")
        problems.length(path, row.get("value"), 1, FIELD_VALUE, trim=True)
    for link in (embed.get("url"), author.get("url")):
        if link and not str(link).startswith(("http://", "https://")):
            message = "Not a well formed URL."
            problems.add((*at, "url"), "URL_TYPE_INVALID_URL", message)


def _embed_size(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("author") or {}).get("name"), (embed.get("footer") or {}).get("text")]
    for row in embed.get("fields") or []:
        texts += [row.get("name"), row.get("value")]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _check_components(body: Json, problems: Problems, at: Path) -> None:
    components = body.get("components") or []
    path = (*at, "components")
    if body_is_v2(body):
        _check_v2(body, components, problems, at)
    else:
        problems.count(path, components, 0, ROWS)
        for index, row in enumerate(components):
            if row.get("type") != ACTION_ROW:
                message = 'Value of field "type" must be one of (1,).'
                problems.add((*path, index, "type"), "UNION_TYPE_CHOICES", message)
    for index, component in enumerate(components):
        _check_component(component, problems, (*path, index))
    check_custom_ids(components, problems, path)


def _check_v2(body: Json, components: list[Json], problems: Problems, at: Path) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            problems.add((*at, name), code, message)
    everything = list(nested(components))
    problems.count((*at, "components"), everything, 1, COMPONENTS)
    texts = [c.get("content") or "" for c in everything if c.get("type") == TEXT_DISPLAY]
    if sum(map(len, texts)) > V2_TEXT:
        message = f"The total displayable text must not exceed {V2_TEXT} characters"
        problems.add((*at, "components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)


def check_custom_ids(components: list[Json], problems: Problems, at: Path) -> None:
    """Every custom_id stands once in a message or modal."""
    ids = [c["custom_id"] for c in nested(components) if c.get("custom_id") is not None]
    if any(times > 1 for times in Counter(ids).values()):
        message = "Component custom id cannot be duplicated"
        problems.add(at, "COMPONENT_CUSTOM_ID_DUPLICATED", message)


def _check_component(component: Json, problems: Problems, at: Path) -> None:
    kind = component.get("type")
    if kind == BUTTON:
        _check_button(component, problems, at)
    elif kind in SELECTS:
        _check_select(component, problems, at)
    elif kind == TEXT_INPUT:
        _check_input(component, problems, at)
    elif kind == TEXT_DISPLAY:
        problems.length((*at, "content"), component.get("content"), 1, V2_TEXT)
    inner = component.get("components") or []
    if kind == ACTION_ROW:
        problems.count((*at, "components"), inner, 1, BUTTONS_IN_ROW)
        if len(inner) > 1 and any(c.get("type") in SELECTS for c in inner):
            message = "The specified component exceeds the maximum width"
            problems.add((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    for index, child in enumerate(inner):
        _check_component(child, problems, (*at, "components", index))
    for name in ("component", "accessory"):
        if component.get(name):
            _check_component(component[name], problems, (*at, name))


def _check_button(button: Json, problems: Problems, at: Path) -> None:
    problems.length((*at, "label"), button.get("label"), 0, LABEL)
    style = button.get("style")
    if style == PREMIUM_STYLE:
        return
    if not (button.get("label") or button.get("emoji")):
        message = "A button must have a label or emoji"
        problems.add(at, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", message)
    if style != LINK_STYLE:
        problems.length((*at, "custom_id"), button.get("custom_id"), 1, CUSTOM_ID)
        if button.get("url"):
            problems.add((*at, "url"), "BUTTON_COMPONENT_INVALID_URL", "Only a link has a URL")
        return
    problems.length((*at, "url"), button.get("url"), 1, URL)
    if button.get("custom_id"):
        message = "A custom id and url cannot both be specified"
        problems.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    if not str(button.get("url") or "http://").startswith(("http://", "https://", "discord://")):
        message = "Scheme must be one of ('http', 'https', 'discord')."
        problems.add((*at, "url"), "URL_TYPE_INVALID_SCHEME", message)


def _check_select(select: Json, problems: Problems, at: Path) -> None:
    problems.length((*at, "custom_id"), select.get("custom_id"), 1, CUSTOM_ID)
    problems.length((*at, "placeholder"), select.get("placeholder"), 0, PLACEHOLDER)
    if select.get("type") != SELECTS[0]:
        return
    options = select.get("options") or []
    problems.count((*at, "options"), options, 1, OPTIONS)
    for index, option in enumerate(options):
        place = (*at, "options", index)
        problems.length((*place, "label"), option.get("label"), 1, OPTION_TEXT)
        problems.length((*place, "value"), option.get("value"), 1, OPTION_TEXT)
        problems.length((*place, "description"), option.get("description"), 0, OPTION_TEXT)


def _check_input(text: Json, problems: Problems, at: Path) -> None:
    problems.length((*at, "custom_id"), text.get("custom_id"), 1, CUSTOM_ID)
    problems.length((*at, "placeholder"), text.get("placeholder"), 0, OPTION_TEXT)
    problems.length((*at, "value"), text.get("value"), 0, INPUT)


def check_modal(data: Json) -> None:
    """A modal has a title, a custom id, and 1 to 5 rows or labels, each custom id once."""
    problems = Problems()
    problems.length(("title",), data.get("title"), 1, MODAL_TITLE)
    problems.length(("custom_id",), data.get("custom_id"), 1, CUSTOM_ID)
    components = data.get("components") or []
    problems.count(("components",), components, 1, MODAL_ROWS)
    for index, component in enumerate(components):
        at = ("components", index)
        if component.get("type") == LABEL_BOX:
            problems.length((*at, "label"), component.get("label"), 1, INPUT_LABEL)
            problems.length((*at, "description"), component.get("description"), 0, OPTION_TEXT)
        _check_component(component, problems, at)
    check_custom_ids(components, problems, ("components",))
    problems.refuse()


def check_choices(choices: Sequence[Json]) -> None:
    """Autocompletion offers at most 25 choices, each of 1 to 100 characters."""
    problems = Problems()
    problems.count(("data", "choices"), choices, 0, OPTIONS)
    for index, choice in enumerate(choices):
        at: Path = ("data", "choices", index)
        problems.length((*at, "name"), choice.get("name"), 1, OPTION_TEXT)
        if isinstance(choice.get("value"), str):
            problems.length((*at, "value"), choice["value"], 1, OPTION_TEXT)
    problems.refuse()
