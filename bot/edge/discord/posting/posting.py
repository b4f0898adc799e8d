"""Delivering digests to Discord: posts, publications, corrections, and words to single persons.

    carry_out ─ barred by what is known? ─ one request ─ what it means ─ Outcome
    look ────── pages of the place's history, or the edited post ───────┘

It works as soon as a client is logged in; where the gateway is up, what it tells of servers, channels
and permissions saves requests that would be refused.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, cast

import discord

from bot.command.asker import PlaceKind
from bot.deliver.order import Absent, Failed, Order, Outcome, Refused, Sent, Wait
from bot.edge.discord.messages import Showing
from bot.edge.discord.posting import correcting
from bot.edge.discord.posting.forums import MAX_NAME, Forums
from bot.edge.discord.posting.known import known
from bot.edge.discord.posting.looking import Looking, NotFarEnoughError, Sought
from bot.edge.discord.posting.outcomes import (
    ALREADY_PUBLISHED,
    DELETED,
    POST_DELETED,
    UNKNOWN_MESSAGE,
    edit_outcome,
    outcome_of,
    unreadable,
)
from bot.edge.discord.posting.requests import Requests
from bot.edge.pace import Pace
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow

NONCE_SECONDS = 60.0
"""For so long a nonce surely keeps a second message away; Discord says “a few minutes”."""

NEVER_TWICE = 10 * 365 * 86400.0  # seconds: what can be done again at any time

SETTLES = 20.0  # seconds: so long after a try a forum post or an edit may still arrive

_CLOCKS_DIFFER = timedelta(minutes=10)  # at most, ours from Discord's; more than the tries take
_OFFLINE = Failed("the bot is not logged in to Discord", sure=True)


class DiscordPoster:
    """Discord as the pump sees it. `client` gives the present one, which changes with each connection."""

    platform = "discord"

    def __init__(
        self, client: Callable[[], discord.Client | None], pace: Pace, *, history_pages: int = 10
    ) -> None:
        self._client = client
        self._pace = pace
        self._pages = history_pages
        self._forums = Forums()

    @property
    def account(self) -> str:
        """The id of the bot's own user; empty before the first login."""
        client = self._client()
        return str(client.user.id) if client is not None and client.user is not None else ""

    @property
    def ready(self) -> bool:
        """Whether a client is logged in; the gateway need not be up."""
        return self._usable() is not None

    def window(self, row: DeliveryRow) -> float:
        """For how many seconds after the first try a second one cannot make a second message."""
        if row.task == "publish":
            return NEVER_TWICE
        return 0.0 if _is_forum_post(row) or row.task == "edit" else NONCE_SECONDS

    def settle(self, row: DeliveryRow) -> float:
        """Seconds after a try for which it may still arrive, so that it makes no sense to look for it.

        From anything else the nonce keeps a second one away for longer than that.
        """
        return SETTLES if _is_forum_post(row) or row.task == "edit" else 0.0

    async def turn(self, row: DeliveryRow) -> None:  # noqa: ARG002  (Discord counts all requests alike)
        """Waits until the first request of this delivery may be sent."""
        await self._pace.turn()

    async def close(self) -> None:
        """Closes what it has open."""
        await self._forums.close()

    async def carry_out(self, order: Order) -> Outcome:
        """Posts, publishes, tells, edits or answers.

        Never raises for what a platform or a network can do.
        """
        client = self._usable()
        if client is None:
            return _OFFLINE
        if order.lost:
            return POST_DELETED
        order = correcting.where_it_stands(order)
        ask = Requests(client, self._pace)
        try:
            return known(client, order.row).bar or await self._carry_out(client, ask, order)
        except Exception as error:  # noqa: BLE001  (whatever it is, a delivery is neither lost nor doubled)
            return _after(error, client, order.row, ask)

    async def look(self, order: Order) -> Outcome:
        """Looks for a delivery that may have arrived: Sent, Absent, or why neither is known."""
        client = self._usable()
        if client is None:
            return _OFFLINE
        if order.lost:
            return POST_DELETED
        order = correcting.where_it_stands(order)
        row, kind = order.row, _kind(order.row)
        try:
            blind = known(client, row).blind
            if row.task == "edit":
                ask = Requests(client, self._pace)
                return Absent() if blind else await correcting.look(client, ask, order, _parts(order))
            if blind:
                return unreadable(blind, kind)
            found = await self._find(client, order)
        except NotFarEnoughError:
            return Failed("it could not look far enough back: too much was posted there since")
        except Exception as error:  # noqa: BLE001  (as above)
            if row.task == "publish" and _code(error) == UNKNOWN_MESSAGE:
                return Refused(*DELETED, invalid=False)
            return unreadable(outcome_of(error, kind), kind)
        return Sent(found) if found else Absent()

    # ── what is done ────────────────────────────────────────────────────────────────────

    async def _carry_out(self, client: discord.Client, ask: Requests, order: Order) -> Outcome:
        row, place = order.row, int(order.row.place)
        if row.task == "publish":
            if not row.message:  # it was deleted so soon that its id was never learned
                return Refused(*DELETED, invalid=False)
            answer: object = await ask(partial(client.http.publish_message, place, int(row.message)))
            if not isinstance(answer, dict):
                raise TypeError("the answer is no message")
            return Sent(row.message)
        parts = _parts(order)
        if row.task == "edit":
            return await correcting.edit(client, ask, order, parts)
        if row.task == "answer":
            refers = known(client, row).blind is None
            return await correcting.answer(client, ask, order, parts, refers=refers)
        if row.task == "notice":
            try:
                place = await self._direct(client, ask, place)
            except Exception as error:  # noqa: BLE001  (as above; and nothing was sent yet)
                outcome = outcome_of(error, "direct")
                return outcome._replace(sure=True) if isinstance(outcome, Failed) else outcome
        elif row.place_kind == "forum":
            name = order.reply.title if order.reply else ""
            return Sent(await ask(partial(self._forums.open_post, client, place, name, **parts)))
        channel = client.get_partial_messageable(place)
        sent = await ask(partial(channel.send, nonce=row.id, **parts))
        return Sent(str(sent.id))

    async def _find(self, client: discord.Client, order: Order) -> str | None:
        row, place = order.row, int(order.row.place)
        ask = Requests(client, self._pace)
        looking = Looking(client, ask, self._pages)
        if row.task == "publish":
            return row.message if await looking.is_published(place, int(row.message)) else None
        assert client.user is not None
        tried = moment(row.first_try or row.made)
        title = order.reply.title[:MAX_NAME] if order.reply else ""
        sought = Sought(row.id, client.user.id, tried - _CLOCKS_DIFFER, tried + _CLOCKS_DIFFER, title)
        if row.task == "notice":
            place = await self._direct(client, ask, place)
        elif row.place_kind == "forum":
            return await looking.in_forum(int(row.server), place, sought)
        # In a direct message the bot may always read, and nobody else writes in its name.
        return await looking.in_history(place, sought, may_be_hidden=_kind(row) != "direct")

    async def _direct(self, client: discord.Client, ask: Requests, user: int) -> int:
        """The channel for direct messages to a person."""
        return (await ask(partial(client.create_dm, discord.Object(user)))).id

    def _usable(self) -> discord.Client | None:
        client = self._client()
        logged_in = client is not None and client.user is not None and not client.is_closed()
        return client if logged_in else None


def _parts(order: Order) -> dict[str, Any]:
    """What is posted, as arguments of a send."""
    row = order.row
    assert order.reply is not None
    # A Showing of its own: each delivery has its own reply, so keeping them would only drop others.
    shown = Showing().show(order.reply, row.story)
    parts = {**shown.parts, "allowed_mentions": discord.AllowedMentions.none()}
    if shown.view is not None:
        parts["view"] = shown.view
    if row.role and not order.corrects:  # whom the post has pinged already
        role = discord.Object(int(row.role))
        parts["content"] = f"<@&{row.role}>"
        parts["allowed_mentions"] = discord.AllowedMentions(
            everyone=False, users=False, roles=[role], replied_user=False
        )
    return parts


# ── what came of it ─────────────────────────────────────────────────────────────────────


def _after(error: Exception, client: discord.Client, row: DeliveryRow, ask: Requests) -> Outcome:
    """What an error means for this delivery."""
    code = _code(error)
    if row.task == "publish":
        if code == ALREADY_PUBLISHED:
            return Sent(row.message)
        if code == UNKNOWN_MESSAGE:
            return Refused(*DELETED, invalid=False)
    elif code == UNKNOWN_MESSAGE and row.task != "edit" and row.place_kind != "forum":
        # Discord knows the nonce, and not the message any more: it was posted, and somebody deleted it.
        return Sent("")
    outcome = (edit_outcome if row.task == "edit" else outcome_of)(error, _kind(row))
    if isinstance(outcome, Refused) and outcome.invalid and (bar := known(client, row).bar):
        outcome = bar._replace(invalid=True)  # by now the gateway has told what is missing
    if _is_forum_post(row) or not ask.repeated:
        return outcome
    # Only the last of several requests is sure not to have been carried out.
    if isinstance(outcome, Failed):
        return outcome._replace(sure=False)
    return outcome._replace(unsure=True) if isinstance(outcome, Wait | Refused) else outcome


def _is_forum_post(row: DeliveryRow) -> bool:
    """Whether it opens a post in a forum: by one request, and without a nonce."""
    return row.task == "post" and row.place_kind == "forum"


def _kind(row: DeliveryRow) -> PlaceKind:
    return cast("PlaceKind", row.place_kind)


def _code(error: Exception) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0
