"""Files that people attach: what Discord tells of them, and its file server, which hands them out."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.discord_things import Channel
from tests.doubles.discord_world import World

Json = dict[str, Any]

CDN = "/cdn/"


@dataclass(frozen=True)
class Attached:
    """A file as somebody attaches it; a test may have Discord tell or do something else of it."""

    name: str
    content: bytes
    kind: str | None = None  # its content type; None: Discord does not know it
    told: int | None = None  # the size that Discord tells; None: the true one
    status: int = 200  # what fetching it is answered with
    delay: float = 0.0  # seconds until then


class Files:
    """Every file that was attached, by its id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._held: dict[str, Attached] = {}
        self.base = ""  # the address of the file server
        self.fetched: list[str] = []  # the names of the files that were asked for, oldest first

    def attach(self, channel: Channel, attached: Attached, *, ephemeral: bool = False) -> Json:
        """What Discord says of a file in a message, or of one that came with a command (`ephemeral`)."""
        new_id = self._world.new_id()
        self._held[new_id] = attached
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        # A name becomes part of an address, so Discord lets through little besides letters.
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", attached.name).strip("._") or "unknown"
        url = f"{self.base}{CDN}{folder}/{channel.id}/{new_id}/{safe}?ex=1&is=2&hm=3&"
        size = len(attached.content) if attached.told is None else attached.told
        payload: Json = {
            "id": new_id,
            "filename": attached.name,
            "size": size,
            "url": url,
            "proxy_url": url,
        }
        if attached.kind is not None:
            payload["content_type"] = attached.kind
        return {**payload, "ephemeral": True} if ephemeral else payload

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """GET a file, as from cdn.discordapp.com: no token, and no limits of the API."""
        parts = request.path.split("/")
        attached = self._held.get(parts[-2]) if len(parts) > 2 else None
        if attached is None or request.method != "GET":
            return web.Response(status=404, text="This content is no longer available.")
        self.fetched.append(attached.name)
        await asyncio.sleep(attached.delay)
        if attached.status != 200:
            return web.Response(status=attached.status)
        return web.Response(body=attached.content, content_type="application/octet-stream")
