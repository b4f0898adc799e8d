"""One REST request and its answer, as the double's handlers see them."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

Json = dict[str, Any]

VIA = {"Via": "1.1 google"}  # a 429 without it is taken for a Cloudflare ban


class Refused(Exception):  # noqa: N818 - the word for what Discord did; it is a reply
    """Discord says no: an HTTP status, Discord's error code, and its words."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def reply(self) -> "Reply":
        """The refusal as a reply."""
        body: Json = {"message": self.message, "code": self.code}
        return Reply(self.status, {**body, "errors": self.errors} if self.errors else body)


@dataclass(frozen=True)
class Reply:
    """An answer; without a body it has no content type either."""

    status: int
    body: Json | list[Json] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None  # instead of a body: bytes that are not JSON
    content_type: str = "application/json"  # exactly: discord.py compares the whole header

    def response(self) -> web.Response:
        """The answer in aiohttp's form."""
        if self.raw is None and self.body is None:
            return web.Response(status=self.status, headers=self.headers)
        data = json.dumps(self.body).encode() if self.raw is None else self.raw
        headers = {**self.headers, "Content-Type": self.content_type}
        return web.Response(status=self.status, headers=headers, body=data)


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request."""

    index: int  # n of files[n]; attachments refer to it as their id
    filename: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """A request that found its route."""

    method: str
    path: str  # below /api/v10
    ids: dict[str, str]  # what the route's placeholders stand for
    query: dict[str, str]
    body: Any  # the JSON, that of payload_json included; None where there is none
    files: tuple[Upload, ...] = ()

    @property
    def json(self) -> Json:
        """The body, which has to be an object."""
        if not isinstance(self.body, dict):
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        return self.body


@dataclass(eq=False)
class Request:
    """What the double remembers of one request."""

    method: str
    path: str  # below /api/v10
    json: Any
    time: float  # by the double's clock, when it arrived
    status: int | None = None  # None: not answered, or the connection was cut
    fault: str = ""  # the scripted fault it met

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status or '-'} {self.fault}".strip()


async def read_body(request: web.BaseRequest) -> tuple[Any, tuple[Upload, ...]]:
    """The JSON and the files of a request; broken JSON is refused with 50109."""
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    data = await request.content.read()
    return _loads(data) if data else None, ()


async def _read_multipart(request: web.BaseRequest) -> tuple[Any, tuple[Upload, ...]]:
    body: Any = None
    files: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        name = part.name or ""
        if name == "payload_json":
            body = _loads(data)
        elif name.startswith("files[") and name[6:-1].isdigit():
            files.append(Upload(int(name[6:-1]), part.filename or "unknown", data))
    return body if body is not None else {}, tuple(files)


def _loads(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None
