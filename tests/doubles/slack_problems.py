"""What is wrong with a message or a view, collected in Slack's own words: code, what, and where.

Every problem is one line: `invalid_blocks: must be an array [json-pointer:/blocks/1/elements]`.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

URL, ID = 3000, 255
BROADCAST = re.compile(r"<!(?:channel|here|everyone)\b[^>]*>")


class Problems:
    """What is wrong, each in one line, in the order in which it was met."""

    def __init__(self, code: str) -> None:
        self._code = code
        self.found: list[str] = []

    def add(self, at: str, what: str, *, code: str = "") -> None:
        """One thing is wrong at one place."""
        self.found.append(f"{code or self._code}: {what} [json-pointer:{at}]")

    def listed(self, value: object, at: str, *, code: str = "") -> Sequence[Any]:
        """The items of a list, or of a list as JSON; none where it is something else."""
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                self.add(at, "is not JSON", code=code)
                return ()
        if value is None:
            return ()
        if isinstance(value, list | tuple):
            return value
        self.add(at, "must be an array", code=code)
        return ()

    def count(self, items: Sequence[Any], at: str, low: int, high: int) -> None:
        """A list has so many items."""
        if len(items) > high:
            self.add(at, f"no more than {high} items allowed, here are {len(items)}")
        elif len(items) < low:
            self.add(at, f"no fewer than {low} items allowed")

    def keys(self, thing: Json, at: str, known: Collection[str]) -> None:
        """A thing has no field that Slack does not know."""
        for name in thing:
            if name not in known:
                self.add(at, f"invalid additional property: {name}")

    def string(self, thing: Json, at: str, name: str, high: int, *, required: bool = False) -> None:
        """A field is a string of at most `high` characters, and where it has to be there, not empty."""
        value = thing.get(name)
        if value is None:
            if required:
                self.add(at, f"missing required field: {name}")
            return
        if not isinstance(value, str):
            self.add(f"{at}/{name}", "must be a string")
        else:
            self._length(value, f"{at}/{name}", high, low=1 if required else 0)

    def id(self, thing: Json, at: str, name: str) -> None:
        """A block_id or action_id is a string of 1 to 255 characters, if it is there."""
        self.string(thing, at, name, ID, required=thing.get(name) is not None)

    def flag(self, thing: Json, at: str, name: str) -> None:
        """A field is true or false, if it is there."""
        if not isinstance(thing.get(name, False), bool):
            self.add(f"{at}/{name}", "must be a boolean")

    def number(self, thing: Json, at: str, name: str, low: int, high: int) -> None:
        """A field is a whole number in these bounds, if it is there."""
        value = thing.get(name, low)
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(f"{at}/{name}", "must be an integer")
        elif not low <= value <= high:
            self.add(f"{at}/{name}", f"must be between {low} and {high}, is {value}")

    def one_of(self, thing: Json, at: str, name: str, values: Collection[str]) -> None:
        """A field has one of these values, if it is there."""
        if thing.get(name) is not None and thing[name] not in values:
            self.add(f"{at}/{name}", f"must be one of {', '.join(values)}, is {thing[name]}")

    def link(self, thing: Json, at: str, name: str, *, required: bool = False) -> None:
        """A field is an address of the web."""
        self.string(thing, at, name, URL, required=required)
        value = thing.get(name)
        if isinstance(value, str) and value and not re.match(r"https?://[^\s/]", value):
            self.add(f"{at}/{name}", f"must be a valid URL, is {value[:80]}")

    def text(
        self, thing: Json, at: str, name: str, high: int, *, plain: bool = False, required: bool = True
    ) -> None:
        """A field is a text object of 1 to `high` characters; `plain`: mrkdwn is refused."""
        if thing.get(name) is None:
            if required:
                self.add(at, f"missing required field: {name}")
            return
        self.text_object(thing[name], f"{at}/{name}", high, plain=plain)

    def text_object(self, value: object, at: str, high: int, *, plain: bool = False) -> None:
        """A text object has 1 to `high` characters; `plain`: mrkdwn is refused."""
        if not isinstance(value, Mapping):
            self.add(at, "must be a text object")
            return
        kind = value.get("type")
        allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if kind not in allowed:
            self.add(f"{at}/type", f"must be {' or '.join(allowed)}, is {kind}")
        self.keys(value, at, {"type", "text", "emoji" if kind == "plain_text" else "verbatim"})
        self.flag(value, at, "emoji")
        self.flag(value, at, "verbatim")
        text = value.get("text")
        if not isinstance(text, str):
            self.add(at, "missing required field: text")
            return
        self._length(text, f"{at}/text", high, low=1)
        if kind == "mrkdwn":
            self.quiet(text, f"{at}/text")

    def quiet(self, text: str, at: str) -> None:
        """Mrkdwn calls nobody by a mention of everybody."""
        for call in dict.fromkeys(BROADCAST.findall(text)):
            self.add(at, f"{call} calls everybody: escape it", code="broadcast_mention")

    def _length(self, value: str, at: str, high: int, *, low: int) -> None:
        if len(value) > high:
            self.add(at, f"must be less than {high + 1} characters, has {len(value)}")
        elif len(value) < low:
            self.add(at, f"must be more than {low - 1} characters")
