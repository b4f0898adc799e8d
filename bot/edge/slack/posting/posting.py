"""Delivering digests to Slack: posts, corrections, and words to single persons.

    carry_out ─ one request ─ what it means ─ Outcome
    look ────── pages of the channel's or thread's history, or the edited post ───────┘

It works as soon as the bot's token was accepted; no socket need be open.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.deliver.mends import LOG
from bot.deliver.order import Absent, Failed, Order, Outcome, Refused, Sent
from bot.edge import clock
from bot.edge.slack.posting import correcting
from bot.edge.slack.posting.looking import Looking, NotFarEnoughError, Sought
from bot.edge.slack.posting.marking import Parts, parts
from bot.edge.slack.posting.outcomes import POST_DELETED, edit_outcome, not_edited, outcome_of, unreadable
from bot.edge.slack.posting.pace import Paces
from bot.edge.slack.posting.requests import Clock, Requests
from bot.edge.slack.workspace import Workspace
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow

SETTLES = 20.0  # seconds: so long after a try a message may still arrive

_CLOCKS_DIFFER = timedelta(minutes=10)  # at most, ours then from ours now; more than the tries take
_ANY_TIME = datetime.fromtimestamp(0, UTC)
_OFFLINE = Failed("the bot is not logged in to Slack", sure=True)
_NO_PUBLISHING = Refused("Slack publishes nothing", LOG, invalid=False, ours=True)
_NO_GROUP = Refused(
    "who is to be called is no user group",
    "end it with `digest unsubscribe`, and subscribe again with a user group",
    invalid=False,
)


class SlackPoster:
    """Slack as the pump sees it. `web` and `workspace` give the present ones, None before the login."""

    platform = "slack"

    def __init__(
        self,
        web: Callable[[], AsyncWebClient | None],
        workspace: Callable[[], Workspace | None],
        paces: Paces,
        *,
        history_pages: int = 10,
    ) -> None:
        self._web = web
        self._workspace = workspace
        self._paces = paces
        self._pages = history_pages
        self._clock = Clock()
        self._began = time.monotonic()
        self._unsure: dict[str, float] = {}  # when a try ended that may have arrived, by mark

    @property
    def account(self) -> str:
        """The id of the bot's own user; empty before the first login."""
        workspace = self._workspace()
        return workspace.bot_user if workspace is not None else ""

    @property
    def ready(self) -> bool:
        """Whether the token was accepted; no socket need be open."""
        return self._usable() is not None

    def window(self, _: DeliveryRow) -> float:
        """Slack has no key that keeps a second message away: it is always looked for."""
        return 0.0

    def settle(self, _: DeliveryRow) -> float:
        """Seconds after a try for which it may still arrive, so that it makes no sense to look for it."""
        return SETTLES

    async def turn(self, row: DeliveryRow) -> None:
        """Waits until the first request of this delivery may be sent."""
        await self._paces.turn(row)

    async def carry_out(self, order: Order) -> Outcome:
        """Posts, tells, edits or answers.

        Never raises for what a platform or a network can do.
        """
        web = self._usable()
        if order.row.task == "publish":
            return _NO_PUBLISHING
        if web is None:
            return _OFFLINE
        if order.lost:
            return POST_DELETED
        try:
            said = parts(order)
        except ValueError:
            return _NO_GROUP
        ask = Requests(web, self._paces, self._clock)
        try:
            outcome = await self._carry_out(ask, order, said)
        except Exception as error:  # noqa: BLE001  (whatever it is, a delivery is neither lost nor doubled)
            outcome = self._after(error, order.row)
        if isinstance(outcome, Failed) and not outcome.sure:
            if not ask.wrote:  # the direct messages of a person were opened, no more
                return outcome._replace(sure=True)
            self._keep_unsure(order.row.id)
        return outcome

    async def look(self, order: Order) -> Outcome:
        """Looks for a delivery that may have arrived: Sent, Absent, or why neither is known."""
        if order.row.task == "publish":
            return _NO_PUBLISHING
        if order.lost:
            return POST_DELETED
        await self._settled(order.row)
        web = self._usable()
        if web is None:
            return _OFFLINE
        ask = Requests(web, self._paces, self._clock)
        if order.row.task == "edit":
            return await correcting.look(ask, order, parts(order), self._name)
        try:
            found = await self._find(ask, order)
        except NotFarEnoughError:
            return Failed("it could not look far enough back: too much was posted there since")
        except Exception as error:  # noqa: BLE001  (as above)
            return unreadable(self._after(error, order.row))
        return Sent(found) if found else Absent()

    # ── what is done ────────────────────────────────────────────────────────────────────

    async def _carry_out(self, ask: Requests, order: Order, said: Parts) -> Outcome:
        row = order.row
        if row.task == "edit":
            return await correcting.edit(ask, order, said)
        if row.task == "answer":
            return await correcting.answer(ask, order, said)
        place = await ask.open(row.place) if row.task == "notice" else row.place
        return Sent(await ask.post(place, **said))

    async def _find(self, ask: Requests, order: Order) -> str | None:
        row = order.row
        # When it was taken; then it waited for its turn, perhaps for long.
        tried = moment(row.first_try or row.made)
        since, until = tried - _CLOCKS_DIFFER, tried + timedelta(seconds=self._paces.longest) + _CLOCKS_DIFFER
        if since > clock.now():  # it was put back since, by nobody knows how much
            since = _ANY_TIME
        sought, looking = Sought(row.id, since, until), Looking(ask, self._pages)
        if row.task == "answer":
            try:
                return await looking.in_thread(row.place, order.post, sought)
            except SlackApiError as error:
                if not isinstance(self._after(error, row), Refused):
                    raise
            # By Slack's reference a bot may read threads in direct messages only, though others may as well.
            # The answer is shown in the channel too.
        place = await ask.open(row.place) if row.task == "notice" else row.place
        return await looking.in_history(place, sought)

    async def _settled(self, row: DeliveryRow) -> None:
        """Waits until a try can no longer arrive.

        By `settle` the pump counts from when a delivery was taken, and it may have waited for its turn since.
        A try of the last process ended before this one began.
        """
        ended = self._unsure.pop(row.id, self._began)
        await asyncio.sleep(max(ended + self.settle(row) - time.monotonic(), 0.0))

    def _keep_unsure(self, mark: str) -> None:
        now = time.monotonic()
        self._unsure = {one: at for one, at in self._unsure.items() if at > now - SETTLES}
        self._unsure[mark] = now

    # ── what came of it ─────────────────────────────────────────────────────────────────

    def _after(self, error: Exception, row: DeliveryRow) -> Outcome:
        """What an error means for this delivery."""
        means = {"edit": not_edited, "answer": edit_outcome}.get(row.task, outcome_of)
        return means(error, self._name)

    @property
    def _name(self) -> str:
        """What the bot is called in the workspace."""
        workspace = self._workspace()
        return workspace.bot_name if workspace is not None else "the bot"

    def _usable(self) -> AsyncWebClient | None:
        return self._web() if self._workspace() is not None else None
