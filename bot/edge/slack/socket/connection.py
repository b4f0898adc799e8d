"""The connection to Slack: kept through every outage that passes, ended where waiting is no help."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Slack as Settings
from bot.desk.desk import Desk
from bot.edge.slack.listening.listener import Listener
from bot.edge.slack.listening.responding import Ahead
from bot.edge.slack.refusals import ERRORS, bot_refused, quietly, retry_after, short
from bot.edge.slack.socket.app import new_app
from bot.edge.slack.socket.envelopes import Envelopes
from bot.edge.slack.socket.sockets import FIRST_PAUSE, LONGEST_PAUSE, Sockets
from bot.edge.slack.web import close_web, new_web
from bot.edge.slack.workspace import Workspace, check_posting, known, lacking, unknown_groups
from bot.errors import ConnectError, UnreachableError

log = logging.getLogger("bot.slack")

HAND_ON_SECONDS = 0.5  # at the end, for what was just read to reach those who answer
LOOK_SECONDS = 60.0  # between two looks whether an app that was removed is back


class SlackEdge:
    """One bot in one workspace, connected until told to close, through every outage that passes.

    Each message of its own in a channel is posted within `ahead` of it.
    """

    name = "slack"

    def __init__(self, settings: Settings, desks: Mapping[str, Desk], ahead: Ahead) -> None:
        self._settings = settings
        self._desks = desks
        self._ahead = ahead
        self._web: AsyncWebClient | None = None
        self._workspace: Workspace | None = None
        self._listener: Listener | None = None
        self._envelopes: Envelopes | None = None
        self._sockets: Sockets | None = None
        self._closing = asyncio.Event()
        self._staying: asyncio.Future[None] | None = None
        self._removed = False
        self._looking: asyncio.Task[None] | None = None
        self._greeted = False

    @property
    def web(self) -> AsyncWebClient | None:
        """What makes requests; None before Slack has said whose token it is."""
        return self._web if self._workspace is not None else None

    @property
    def workspace(self) -> Workspace | None:
        """The workspace; None before Slack has told."""
        return self._workspace

    @property
    def connected(self) -> bool:
        """Whether Slack hears us and we hear it."""
        return self._sockets is not None and bool(self._sockets.up) and not self._removed

    async def run(self) -> None:
        """Stays connected until `close`; raises ConnectError where waiting would not help."""
        if self._closing.is_set():
            return
        self._staying = asyncio.ensure_future(self._stay())
        try:
            await self._staying
        except asyncio.CancelledError:
            if not self._closing.is_set():
                raise
        finally:
            if not self._closing.is_set():
                await self._let_go()

    async def log_in(self) -> None:
        """Asks for the workspace, for requests alone. Raises ConnectError or UnreachableError."""
        try:
            await self._ask()
        except ConnectError:
            raise
        except ERRORS as error:
            raise UnreachableError(f"Slack cannot be reached ({short(error)})") from error

    async def close(self) -> None:
        """Finishes the answers in progress, then disconnects."""
        self._closing.set()
        for work in (self._staying, self._looking):
            if work is not None:
                work.cancel()
        await self._let_go()
        if self._web is not None:
            await quietly(close_web(self._web))

    async def _let_go(self) -> None:
        """Takes nothing on any more, finishes what was taken, and disconnects."""
        if self._sockets is not None and self._envelopes is not None:
            self._sockets.deaf()
            await self._envelopes.finish(HAND_ON_SECONDS)
        await asyncio.gather(self._hang_up(), self._finish())

    async def _hang_up(self) -> None:
        """Disconnects, once all that was taken is acknowledged: answers need no socket."""
        if self._sockets is not None and self._envelopes is not None:
            await self._envelopes.finish()
            await self._sockets.close()

    async def _finish(self) -> None:
        if self._listener is not None:
            await self._listener.finish()

    async def _stay(self) -> None:
        """Asks whose token it is until Slack tells, then stays connected until cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                workspace = await self._ask()
                break
            except ERRORS as error:
                seconds = max(pause, retry_after(error))
                log.warning("Slack cannot be reached (%s); trying again in %.0f s", short(error), seconds)
                await asyncio.sleep(seconds)
                pause = min(pause * 2, LONGEST_PAUSE)
        assert self._web is not None
        self._removed = False
        for line in (lacking(workspace), await unknown_groups(self._web, self._settings.admin_groups)):
            if line:
                log.warning("%s", line)
        app = new_app(self._web, workspace)
        app.event("app_uninstalled")(self._on_removed)
        app.event("tokens_revoked")(self._on_revoked)
        self._listener = Listener(app, self._web, workspace, self._desks, self._ahead)
        self._envelopes = Envelopes(app, lambda: self._sockets.up if self._sockets else ())
        self._sockets = Sockets(self._settings.app_token, self._web, self._envelopes.take, self._on_up)
        await self._sockets.run()

    async def _ask(self) -> Workspace:
        """Asks whose token it is. Raises ConnectError where it is refused, else one of refusals.ERRORS."""
        if self._web is None:
            self._web = new_web(self._settings)
        try:
            workspace = await known(self._web)
        except ERRORS as error:
            if fatal := bot_refused(error):
                raise ConnectError(fatal) from error
            raise
        check_posting(workspace)
        self._workspace = workspace
        return workspace

    def _on_up(self) -> None:
        """Connected, and was not before."""
        workspace = self._workspace
        assert workspace is not None
        again, self._greeted = self._greeted, True
        if again:
            log.info("connected to Slack again")
            return
        log.info(
            "connected to Slack as @%s in the workspace %s (%s); to have it in a channel, type there:"
            " /invite @%s",
            workspace.bot_name,
            workspace.name,
            workspace.id,
            workspace.bot_name,
        )

    async def _on_revoked(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """Some tokens are no longer valid: the bot's, or only those of a person."""
        if (event.get("tokens") or {}).get("bot"):
            await self._on_removed(body)

    async def _on_removed(self, body: dict[str, Any]) -> None:
        """The app was removed from a workspace, or its token there taken back."""
        ours = self._workspace.id if self._workspace else ""
        if self._removed or body.get("team_id") not in {ours, None, ""}:  # it may be in others as well
            return
        self._removed = True
        log.error(
            "the bot was removed from the Slack workspace %s; install the app again, then put its new token"
            " into SLACK_BOT_TOKEN and start the bot again",
            self._workspace.name if self._workspace else "",
        )
        self._looking = asyncio.create_task(self._until_back(), name="removed from Slack")

    async def _until_back(self) -> None:
        """Looks now and then whether the token is good again."""
        while self._removed:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(ConnectError, *ERRORS):
                await self._ask()
                self._removed = False
                log.info("the token for Slack is good again")
