"""The server: takes a request through log, fault, schema, authorization, rate limit and route."""

import asyncio
import contextlib
import math
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.discord_faults import Fault, Faults, Rates
from tests.doubles.discord_files import CDN
from tests.doubles.discord_gateway import Gateway
from tests.doubles.discord_http import Call, Refused, Reply, Request, read_body
from tests.doubles.discord_pulse import Pulse
from tests.doubles.discord_routes import Route, find
from tests.doubles.openapi import OpenApi

Json = dict[str, Any]
Control = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

API = "/api/v10"
HOST = "127.0.0.1"
NOT_FOUND = Reply(404, {"message": "404: Not Found", "code": 0})
NO_LINGER = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN


@dataclass
class Judge:
    """Holds every request against Discord's own description, where there is one."""

    openapi: OpenApi | None
    violations: list[str]  # of the bot
    own_violations: list[str]  # of the double, in what it replies
    judge_replies: bool = False

    def request(self, method: str, path: str, body: Any) -> None:
        """Record what is wrong with a request."""
        if self.openapi is not None:
            self.violations += self.openapi.violations(method, path, body)

    def reply(self, method: str, path: str, reply: Reply) -> None:
        """Record what is wrong with a reply of the double, if that is wanted."""
        if self.openapi is not None and self.judge_replies and reply.status < 300:
            status, body = reply.status, reply.body
            self.own_violations += self.openapi.reply_violations(method, path, status, body)


class Server:
    """Listens on loopback; the port can be closed and opened again."""

    def __init__(
        self,
        *,
        token: str,
        routes: list[Route],
        gateway: Gateway,
        faults: Faults,
        rates: Rates,
        judge: Judge,
        pulse: Pulse,
        clock: Callable[[], float],
    ) -> None:
        self._token = token
        self._routes = routes
        self._gateway = gateway
        self._faults = faults
        self._rates = rates
        self._judge = judge
        self._pulse = pulse
        self._clock = clock
        self._web: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self._closing = asyncio.Event()
        self.port = 0
        self.control: Control | None = None
        self.files: Control | None = None  # answers below /cdn/
        self.requests: list[Request] = []

    async def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._closing.clear()
        if self._web is None:
            self._web = web.Server(self._handle, access_log=None)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._web, HOST, self.port)
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
        await self._gateway.emptied()

    async def stop(self) -> None:
        """Close for good."""
        await self.close()
        if self._web is not None:
            await self._web.shutdown(1.0)
            self._web = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.rstrip("/") == "/gateway":
            return await self._gateway.serve(request)
        if path.startswith("/control/") and self.control is not None:
            return await self.control(request)
        if path.startswith(CDN) and self.files is not None:
            return await self.files(request)
        if not path.startswith(API + "/"):
            return NOT_FOUND.response()
        try:
            return await self._rest_call(request, path.removeprefix(API))
        finally:
            self._pulse.beat()

    async def _rest_call(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        entry = Request(request.method, path, None, self._clock())
        self.requests.append(entry)
        try:
            body, files = await read_body(request)
        except Refused as refusal:
            entry.status = refusal.status
            return refusal.reply.response()
        entry.json = body
        fault = self._faults.take(request.method, path)
        if fault is not None:
            entry.fault = fault.name
            if not fault.stored:
                return await self._go_wrong(request, entry, fault)
        call = Call(request.method, path, {}, dict(request.query), body, files)
        reply = self._answer(call, request.headers.get("Authorization"))
        if fault is not None:
            return await self._go_wrong(request, entry, fault)
        entry.status = reply.status
        self._judge.reply(request.method, path, reply)
        return reply.response()

    def _answer(self, call: Call, authorization: str | None) -> Reply:
        self._judge.request(call.method, call.path, call.body)
        found = find(self._routes, call.method, call.path)
        if found is None:
            what = f"{call.method} {call.path}: the double has no such route"
            self._judge.violations.append(what)
            return NOT_FOUND
        route, ids = found
        if route.authorized and authorization != f"Bot {self._token}":
            return Reply(401, {"message": "401: Unauthorized", "code": 0})
        template = f"{route.method} {route.template}"
        late, headers = self._rates.spend(template, route.major(ids), call.path, self._clock())
        if late is not None:
            return late
        placed = Call(call.method, call.path, ids, call.query, call.body, call.files)
        reply = self._carry_out(route.handler, placed)
        return Reply(reply.status, reply.body, {**reply.headers, **headers})

    def _carry_out(self, handler: Callable[[Call], Reply], call: Call) -> Reply:
        try:
            return handler(call)
        except Refused as refusal:
            return refusal.reply
        except Exception as error:  # noqa: BLE001
            # A body of the wrong shape; Discord would refuse it, so the bot must not send it.
            what = f"{call.method} {call.path}: the double broke on it: {error!r}"
            self._judge.violations.append(what)
            return Reply(400, {"message": "Invalid Form Body", "code": 50035})

    async def _go_wrong(
        self,
        request: web.BaseRequest,
        entry: Request,
        fault: Fault,
    ) -> web.StreamResponse:
        self._pulse.beat()
        if fault.delay:
            seconds = None if math.isinf(fault.delay) else fault.delay
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), seconds)
        if fault.reply is not None:
            entry.status = fault.reply.status
            self._rates.refused += fault.reply.status == 429
            return fault.reply.response()
        _cut(request.transport, hard=fault.hard)
        return web.Response()


def _cut(transport: asyncio.Transport | None, *, hard: bool) -> None:
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if hard and raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()
