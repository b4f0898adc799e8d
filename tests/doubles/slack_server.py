"""The server: takes a request through log, fault, token, rate limit and method."""

import asyncio
import contextlib
import json
import math
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.doubles.discord_pulse import Pulse
from tests.doubles.slack_faults import Fault, Faults, Rates
from tests.doubles.slack_files import Files
from tests.doubles.slack_http import Call, Refused, Reply, Request, read_args
from tests.doubles.slack_interactions import Interactions
from tests.doubles.slack_sockets import Sockets
from tests.doubles.slack_world import World

Json = dict[str, Any]
Method = Callable[[Call], Json]
Control = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Work = Callable[[], Reply]

API, HOST = "/api/", "127.0.0.1"
OPEN = "apps.connections.open"
SCOPES = {"chat.postMessage": "chat:write", "chat.postEphemeral": "chat:write", "chat.update": "chat:write"}
SCOPES |= {"chat.delete": "chat:write"}
"""The one scope that a method always needs; the others depend on what it is about, and look themselves."""


class Server:
    """Listens on loopback; the port can be closed and opened again."""

    def __init__(
        self,
        *,
        tokens: tuple[str, str],
        world: World,
        methods: dict[str, Method],
        sockets: Sockets,
        interactions: Interactions,
        files: Files,
        pulse: Pulse,
    ) -> None:
        self._bot_token, self._app_token = tokens
        self._world = world
        self._methods = methods
        self._sockets = sockets
        self._interactions = interactions
        self._files = files
        self._pulse = pulse
        self._web: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self._closing = asyncio.Event()
        self.faults = Faults()
        self.rates = Rates()
        self.port = 0
        self.revoked = False  # the app was taken away
        self.control: Control | None = None
        self.requests: list[Request] = []
        self.by_method: dict[str, list[Request]] = {}

    async def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._closing.clear()
        if self._web is None:
            self._web = web.Server(self._handle, access_log=None)
        self._listener = await asyncio.get_running_loop().create_server(self._web, HOST, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse new connections and cut the present ones, WebSockets included."""
        if self._listener is None or self._web is None:
            return
        self._closing.set()
        self._listener.close()
        self._listener = None
        for _ in range(2):  # the second time those that were just being accepted
            for connection in self._web.connections:
                if connection.transport is not None:
                    connection.transport.abort()
            await asyncio.sleep(0.01)  # an aborted connection is closed in the loop's next turn
        await self._sockets.emptied()

    async def stop(self) -> None:
        """Close for good."""
        await self.close()
        if self._web is not None:
            await self._web.shutdown(1.0)
            self._web = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/link"):
            return await self._sockets.serve(request)
        if path.startswith("/control/") and self.control is not None:
            return await self.control(request)
        try:
            if path.startswith(API):
                return await self._api(request, path.removeprefix(API))
            if path.startswith("/response/"):
                return await self._response(request)
            if path.startswith("/upload/"):
                return await self._upload(request)
            if path.startswith("/files/"):
                allowed = request.headers.get("Authorization") == f"Bearer {self._bot_token}"
                entry = self._log("file", {"path": path})
                return await self._answer(request, entry, lambda: self._files.serve(path, allowed=allowed))
        finally:
            self._pulse.beat()
        return web.Response(status=404)

    def _log(self, method: str, args: Json) -> Request:
        entry = Request(method, args, self._world.clock(), asyncio.get_running_loop().time())
        self.requests.append(entry)
        self.by_method.setdefault(method, []).append(entry)
        return entry

    async def _api(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        entry = self._log(method, {})
        try:
            entry.args = await read_args(request)
        except Refused as refusal:
            self._blame(refusal)
            entry.error, entry.status = refusal.error, 200
            return Reply(refusal.body).response()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or str(entry.args.pop("token", ""))
        return await self._answer(request, entry, lambda: self._call(Call(method, entry.args), token))

    def _call(self, call: Call, token: str) -> Reply:
        if not token:
            raise Refused("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise Refused("invalid_auth")
        if self.revoked:
            raise Refused("account_inactive" if token == self._bot_token else "invalid_auth")
        if call.method == OPEN:
            return self._open(token)
        method = self._methods.get(call.method)
        if method is None:
            raise Refused("unknown_method", wrong=f"{call.method}: the double has no such method")
        if token == self._app_token:
            raise Refused("not_allowed_token_type", wrong=f"{call.method} with the app's token")
        if scope := SCOPES.get(call.method):
            self._world.need(scope)
        now = asyncio.get_running_loop().time()
        if late := self.rates.spend(call.method, call.text("channel"), now):
            return late
        headers = {"x-oauth-scopes": ",".join(sorted(self._world.scopes))}
        return Reply({"ok": True, **method(call)}, headers=headers)

    def _open(self, token: str) -> Reply:
        if token == self._bot_token:
            raise Refused("not_allowed_token_type", wrong=f"{OPEN} with the bot's token")
        if self._sockets.refuses:
            raise Refused(self._sockets.refuses)
        now = asyncio.get_running_loop().time()
        late = self.rates.spend(OPEN, "", now)
        return late or Reply({"ok": True, "url": self._sockets.new_url()})

    async def _response(self, request: web.BaseRequest) -> web.StreamResponse:
        data = await request.read()
        entry = self._log("response_url", {})
        try:
            body = json.loads(data)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            self._world.wrong("response_url: a body is no JSON object")
            return Reply(status=400, raw=b"invalid_payload", content_type="text/html").response()
        entry.args = body

        def work() -> Reply:
            self._interactions.respond(request.path, body)
            return Reply(raw=b"ok", content_type="text/html; charset=utf-8")

        return await self._answer(request, entry, work)

    async def _upload(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.content_type.startswith("multipart/"):
            fields = [value async for value in await request.multipart()]
            content = bytes(await fields[0].read(decode=True)) if fields else b""  # type: ignore[union-attr]
        else:
            content = await request.read()
        entry = self._log("upload", {"bytes": len(content)})
        return await self._answer(request, entry, lambda: self._files.take(request.path, content))

    async def _answer(self, request: web.BaseRequest, entry: Request, work: Work) -> web.StreamResponse:
        """Do the work, unless a fault is in the way, and say what came of it."""
        fault = self.faults.take(entry.method, str(entry.args.get("channel", "")))
        reply: Reply | None = None
        if fault is None or fault.stored:
            reply = self._carry_out(entry, work)
        if fault is not None:
            entry.fault = fault.name
            reply = await self._go_wrong(fault, reply)
        if reply is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        entry.status = reply.status
        entry.error = reply.error or entry.error
        response = reply.response()
        response.headers["Date"] = formatdate(self._world.clock(), usegmt=True)
        return response

    def _carry_out(self, entry: Request, work: Work) -> Reply:
        try:
            return work()
        except Refused as refusal:
            self._blame(refusal)
            entry.error = refusal.error
            if entry.method in ("response_url", "upload"):
                status = 404 if refusal.error in ("used_url", "expired_url", "no_such_url") else 400
                return Reply(
                    status=status, raw=refusal.error.encode(), content_type="text/html; charset=utf-8"
                )
            headers = {"x-oauth-scopes": ",".join(sorted(self._world.scopes))}
            return Reply(refusal.body, headers=headers)
        except Exception as error:  # noqa: BLE001
            # Arguments of the wrong shape; Slack would refuse them, so the bot must not send them.
            self._world.wrong(f"{entry.method}: the double broke on it: {error!r}")
            return Reply({"ok": False, "error": "invalid_arguments"})

    async def _go_wrong(self, fault: Fault, reply: Reply | None) -> Reply | None:
        self._pulse.beat()
        if fault.delay:
            seconds = None if math.isinf(fault.delay) else fault.delay
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), seconds)
        if fault.name == "slow":
            return reply
        if fault.reply is not None:
            self.rates.refused += fault.reply.status == 429
        return fault.reply

    def _blame(self, refusal: Refused) -> None:
        if refusal.wrong:
            self._world.wrong(refusal.wrong)
