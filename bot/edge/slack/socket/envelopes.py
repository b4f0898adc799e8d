"""Envelopes of Socket Mode: each is acknowledged in time, and what it brings is answered once."""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.edge.slack.refusals import short
from bot.edge.slack.seen import ARRIVED, Seen
from bot.edge.slack.socket.sockets import Socket

log = logging.getLogger("bot.slack")

Json = dict[str, Any]

ACK_SECONDS = 2.5  # Slack waits for 3
MOST_ANSWERS = 500  # answers that an acknowledgement may carry, kept for the case that it was lost


class Envelopes:
    """Hands envelopes to the app, and acknowledges all of them, whatever comes of that."""

    def __init__(self, app: AsyncApp, live: Callable[[], Iterable[Socket]]) -> None:
        self._app = app
        self._live = live
        self._seen = Seen()
        self._answers: OrderedDict[str, asyncio.Future[Json | None]] = OrderedDict()
        self._busy: set[asyncio.Future[Any]] = set()

    async def take(self, socket: Socket, frame: Mapping[str, Any]) -> None:
        """Handles one envelope that came over a socket."""
        task = asyncio.current_task()
        assert task is not None
        self._keep(task)
        answer = None
        try:
            answer = await self._answer(frame)
        except Exception:
            log.exception("something from Slack (%s) could not be read", frame.get("type"))
        try:
            await self._acknowledge(socket, frame, answer)
        except (OSError, RuntimeError) as error:
            log.warning("Slack could not be told that something arrived (%s); it comes again", short(error))

    async def finish(self, seconds: float = ACK_SECONDS) -> None:
        """Waits until all that was read is handed on and acknowledged, for so long at most."""
        await asyncio.sleep(0.01)  # what was just read is about to be taken
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)

    async def _answer(self, frame: Mapping[str, Any]) -> Json | None:
        """What the acknowledgement carries; None for nothing, or where it is not there in time."""
        key = key_of(frame)
        # What comes again is given the same answer: the first acknowledgement has not arrived.
        answering = self._answers.get(key)
        if answering is None:
            if not self._seen.first(key):
                return None
            request = _request(frame)
            if request is None:
                log.warning("Slack sent something without contents (%s)", frame.get("type"))
                return None
            answering = asyncio.ensure_future(self._handled(request))
            self._keep(answering)
            if request.accepts_response_payload:
                self._answers[key] = answering
                if len(self._answers) > MOST_ANSWERS:
                    self._answers.popitem(last=False)
        await asyncio.wait({answering}, timeout=ACK_SECONDS)
        return answering.result() if answering.done() else None

    async def _handled(self, request: SocketModeRequest) -> Json | None:
        """Hands a request to the app, with the moment at which it came; what it is acknowledged with."""
        arrived = {ARRIVED: asyncio.get_running_loop().time()}
        asked = AsyncBoltRequest(mode="socket_mode", body=request.payload, context=arrived)
        response = await self._app.async_dispatch(asked)
        return payload_of(response) if request.accepts_response_payload else None

    async def _acknowledge(self, socket: Socket, frame: Mapping[str, Any], answer: Json | None) -> None:
        """Acknowledges over the socket that it came from, or where that is gone, over another one."""
        told = SocketModeResponse(str(frame["envelope_id"]), answer)
        for one in (socket, *(other for other in self._live() if other is not socket)):
            with suppress(ConnectionError):
                await one.send_socket_mode_response(told)
                return
        raise ConnectionError("the connection was lost")

    def _keep(self, work: asyncio.Future[Any]) -> None:
        """Holds on to it, as the event loop would not."""
        self._busy.add(work)
        work.add_done_callback(self._busy.discard)


def _request(frame: Mapping[str, Any]) -> SocketModeRequest | None:
    try:
        return SocketModeRequest.from_dict(dict(frame))
    except (ValueError, TypeError):
        return None


def key_of(frame: Mapping[str, Any]) -> str:
    """What is the same when Slack delivers the same once more."""
    payload = frame.get("payload")
    found = payload if isinstance(payload, dict) else {}
    name = found.get("event_id") or found.get("trigger_id") or frame.get("envelope_id")
    return f"{frame.get('type')} {name}"


def payload_of(response: BoltResponse) -> Json | None:
    """What a listener acknowledged with, in the form that Socket Mode takes; None where with nothing."""
    if response.status != 200 or not response.body:
        return None
    kind = (response.headers.get("content-type") or [""])[0]
    body = json.loads(response.body) if kind.startswith("application/json") else {"text": response.body}
    return body if isinstance(body, dict) else None
