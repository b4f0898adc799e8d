"""One request and its answer, as the double's methods see them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - the word for what Slack did; it is a reply
    """Slack says no: its error, what else it says, and whether the bot is to blame for asking.

    `wrong` is what a test reads among the violations; empty where it is only how things are.
    """

    def __init__(self, error: str, *, wrong: str = "", extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.wrong = wrong
        self.extra = dict(extra or {})

    @property
    def body(self) -> Json:
        """The refusal as Slack writes it."""
        return {"ok": False, "error": self.error, **self.extra}


@dataclass(frozen=True)
class Reply:
    """An answer: JSON, or bytes of another kind."""

    body: Json | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    content_type: str = "application/json; charset=utf-8"

    def response(self) -> web.Response:
        """The answer in aiohttp's form."""
        data = self.raw if self.body is None else json.dumps(self.body).encode()
        headers = {**self.headers, "Content-Type": self.content_type}
        return web.Response(status=self.status, headers=headers, body=data)

    @property
    def error(self) -> str:
        """What went wrong; empty where nothing did."""
        if self.body is None:
            return "" if self.status < 300 else str(self.status)
        return "" if self.body.get("ok", True) else str(self.body.get("error"))


@dataclass(eq=False)
class Request:
    """What the double remembers of one request."""

    method: str  # "chat.postMessage", or "response_url", "upload", "file"
    args: Json
    at: float  # by the double's clock, when it arrived
    loop_at: float  # by the event loop's
    error: str = ""  # what it was refused with; empty: it was carried out
    status: int = 0  # 0: not answered, or the connection was cut
    fault: str = ""  # the scripted fault it met

    def __str__(self) -> str:
        return f"{self.method} → {self.status or '-'} {self.error} {self.fault}".rstrip()


@dataclass(frozen=True)
class Call:
    """The arguments of one method; they come as JSON, as a form, or in the query."""

    method: str
    args: Json

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers are taken as they are written."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if not value:
            raise wrong_arguments(self.method, f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false, in any of the ways in which Slack takes it."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        if isinstance(value, bool) or not str(value).isdigit() or int(value) < 1:
            raise Refused("invalid_limit", wrong=f"{self.method}: {name} is {value!r}")
        return min(int(value), most)

    def value(self, name: str) -> Any:
        """An object or a list; as a text it is JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise wrong_arguments(self.method, f"{name} is not JSON") from None

    def listed(self, name: str) -> list[str]:
        """Words with commas between them, or a list."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [word.strip() for word in str(value or "").split(",") if word.strip()]


def wrong_arguments(method: str, what: str) -> Refused:
    """The refusal of arguments that cannot be."""
    words = {"response_metadata": {"messages": [f"[ERROR] {what}"]}}
    return Refused("invalid_arguments", wrong=f"{method}: {what}", extra=words)


async def read_args(request: web.BaseRequest) -> Json:
    """The arguments of a request, in whichever of the three ways they come."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise Refused("invalid_json", wrong="a body is not JSON") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object", wrong="a body is no JSON object")
        args |= body
    elif request.content_type == "application/x-www-form-urlencoded":
        args |= dict(await request.post())
    elif request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                args[part.name or ""] = (await part.read(decode=True)).decode("utf-8", "replace")
    return args


def page(items: Sequence[Json], call: Call, default: int, most: int) -> tuple[Sequence[Json], str]:
    """One page of a list, and the cursor of the next; an unknown cursor is refused."""
    start = 0
    if cursor := call.text("cursor"):
        if not cursor.startswith("at:") or not cursor[3:].isdigit():
            raise Refused("invalid_cursor", wrong=f"{call.method}: cursor {cursor!r}")
        start = int(cursor[3:])
    end = start + call.number("limit", default, most)
    return items[start:end], f"at:{end}" if end < len(items) else ""
