"""What an error means for a delivery: wait, try again, or tell an admin what to do.

Numbers are Discord's error codes (topics/opcodes-and-status-codes). A refusal is worded for somebody
who manages a server and has never seen this code.
"""

from collections.abc import Mapping, Sequence

import aiohttp
import discord

from bot.command.asker import PlaceKind
from bot.deliver.mends import ELSEWHERE, LOG, RESUME
from bot.deliver.order import Failed, Gone, Outcome, Refused, Wait
from bot.edge.discord.messages import short
from bot.edge.discord.permissions import named, needed
from bot.render.words import shortened

BANNED = 600.0  # seconds; Discord does not say for how long it bans an address
NO_TOKEN = 600.0  # seconds until somebody may have given it another token
_SOON = 10.0  # seconds, where a refusal says to wait and not how long

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, ALREADY_PUBLISHED, UNREADABLE_POST = 10003, 10008, 40033, 160002
_MISSING_ACCESS, _MISSING_PERMISSIONS, _BLOCKED = 50001, 50013, 40333


GONE = ("the bot is not on this server any more", f"invite it again, {RESUME}")
HIDDEN = (
    "the bot does not find the channel: it was deleted, or is hidden from the bot",
    f"give it View Channel there, {RESUME}; or {ELSEWHERE}",
)
TAG = (
    "this forum wants a tag on every post, and the bot sets none",
    f"switch off “Require people to select tags when posting” in the forum's settings, {RESUME}",
)
DELETED = ("the message was deleted before it was published", "the next edition is published again")
POST_DELETED = Gone("the post was deleted")
_KIND = ("a channel of this kind takes no digests", ELSEWHERE)
_FILTER = (
    "a filter of the server or of Discord blocks the message",
    f"let AutoMod leave the bot out (Server Settings, Safety Setup), {RESUME}",
)

_REFUSED: Mapping[int, tuple[str, str]] = {
    10003: ("the channel is gone", ELSEWHERE),
    10004: GONE,
    10013: ("this person is not known to Discord", ELSEWHERE),
    20009: _FILTER,
    40007: GONE,
    40058: _KIND,
    40067: TAG,
    50007: (
        "this person takes no direct messages from the bot",
        f"allow direct messages from members of a server that the bot is on, {RESUME}",
    ),
    50008: _KIND,
    50024: _KIND,
    50033: ("this person is not known to Discord", ELSEWHERE),
    50083: ("the thread is archived", f"open it again, {RESUME}"),
    50278: ("the bot shares no server with this person", f"join one that the bot is on, {RESUME}"),
    160005: ("the thread is locked", f"unlock it, {RESUME}"),
    160006: ("the server has as many active threads as Discord allows", f"close some, {RESUME}"),
    200000: _FILTER,
    200001: _FILTER,
    240000: _FILTER,
}
# Why a post cannot be edited while something else may perhaps be posted under it.
_NOT_EDITED: Mapping[int, str] = {
    30046: "Discord lets no more posts be edited there that are older than an hour",
    50001: "the bot does not see this channel",
    50005: "the post is not of this account",
    50013: "the bot may not edit in this channel",
    50083: "the thread is archived",
    160005: "the thread is locked",
}
_WAITS: Mapping[int, tuple[str, float]] = {
    20016: ("the channel is in slow mode", 60.0),
    20022: ("too much was published in this channel", 600.0),
    20028: ("too much was written in this channel", 600.0),
    20029: ("too much was written on this server", 600.0),
    40003: ("too many direct messages were opened", 600.0),
    40004: ("Discord takes no messages for now", 600.0),
    40006: ("Discord has switched this off for now", 600.0),
    40062: ("Discord is busy", 60.0),
    130000: ("Discord is overloaded", 60.0),
}


def outcome_of(error: Exception, kind: PlaceKind) -> Outcome:
    """What became of a request that raised this, in a place of this kind."""
    if isinstance(error, discord.RateLimited):
        return Wait(error.retry_after, "Discord asks to wait", invalid=True)
    if isinstance(error, discord.LoginFailure):
        return _no_token()
    if isinstance(error, discord.HTTPException):
        return _answered(error, kind)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failed(f"Discord cannot be reached ({short(error)})", sure=True)
    if isinstance(error, TimeoutError):
        return Failed("Discord did not answer in time")
    # A connection that was cut, an answer that is no JSON, and whatever nobody has thought of.
    return Failed(f"Discord's answer was lost ({short(error)})")


def edit_outcome(error: Exception, kind: PlaceKind) -> Outcome:
    """What became of an edit that raised this."""
    code = error.code if isinstance(error, discord.HTTPException) else 0
    if code in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL}:  # a post in a forum is deleted as a channel of its own
        return POST_DELETED
    if isinstance(error, discord.HTTPException) and code in _NOT_EDITED:
        return Refused(_NOT_EDITED[code], LOG, invalid=error.status in {403, 429}, answer=True)
    outcome = outcome_of(error, kind)
    if isinstance(outcome, Refused) and outcome.invalid and code not in _REFUSED:
        return outcome._replace(answer=True)
    return outcome


def unreadable(outcome: Outcome, kind: PlaceKind) -> Outcome:
    """What became of looking for a delivery, where this became of reading."""
    if not isinstance(outcome, Refused):
        return outcome
    why = f"it cannot be known whether this was posted: {outcome.why}"
    forbidden = outcome.invalid and kind != "direct"
    return outcome._replace(why=why, mend=give(history(kind)) if forbidden else outcome.mend)


def give(names: Sequence[str]) -> str:
    """What an admin can do about missing permissions."""
    return f"give it {_joined(names)} there, {RESUME}"


def lacks(names: Sequence[str]) -> str:
    """That permissions are missing."""
    return f"the bot lacks {_joined(names)} in this channel"


def history(kind: PlaceKind) -> tuple[str, ...]:
    """The permissions for reading a place, as Discord's client calls them."""
    return tuple(named(one, kind) for one in ("view_channel", "read_message_history"))


def _answered(error: discord.HTTPException, kind: PlaceKind) -> Outcome:
    """What Discord, or something in front of it, has answered."""
    status, code = error.status, error.code
    ours = error.response.headers.get("Content-Type", "").startswith("application/json")
    if status == 429:
        return _too_many(error, ours=ours)
    if status >= 500:
        return Failed(f"Discord has a problem of its own ({status})")
    if status == 401:
        return _no_token()
    if code == _BLOCKED or (status == 403 and not ours):
        why = f"the address of the bot is blocked in front of Discord ({status})"
        return Wait(BANNED, why, everywhere=True, invalid=status == 403)
    if not ours:
        return Failed(f"something in front of Discord has answered ({status})", sure=True)
    if code in _WAITS:
        why, seconds = _WAITS[code]
        return Wait(_seconds(error, seconds), why, invalid=status == 403)
    if code in _REFUSED:
        return Refused(*_REFUSED[code], invalid=status == 403)
    if status == 403:
        return _forbidden(error, kind)
    # What the bot has sent makes no sense to Discord, and nobody on the server can mend that. Something
    # that is not found, on the other hand, may be theirs.
    return Refused(f"Discord does not take it: {_said(error)}", LOG, invalid=False, ours=status != 404)


def _forbidden(error: discord.HTTPException, kind: PlaceKind) -> Refused:
    if error.code not in {_MISSING_ACCESS, _MISSING_PERMISSIONS}:
        return Refused(f"Discord refuses it: {_said(error)}", LOG)
    wanted = give([named(one, kind) for one in needed(kind)] or ["what it needs"])
    if error.code == _MISSING_ACCESS:
        return Refused("the bot does not see this channel", f"if it is still on the server, {wanted}")
    return Refused("the bot may not post in this channel", wanted)


def _too_many(error: discord.HTTPException, *, ours: bool) -> Wait:
    headers = error.response.headers
    if not ours or not headers.get("Via"):
        return Wait(BANNED, "the address of the bot is banned for a time", everywhere=True, invalid=True)
    everywhere = headers.get("X-RateLimit-Scope") == "global" or "X-RateLimit-Global" in headers
    return Wait(_seconds(error, _SOON), "Discord asks to wait", everywhere, invalid=True)


def _no_token() -> Wait:
    return Wait(NO_TOKEN, "Discord does not accept the bot's token", everywhere=True, invalid=True)


def _seconds(error: discord.HTTPException, otherwise: float) -> float:
    """How long an answer tells to wait."""
    try:
        return max(float(error.response.headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return otherwise


def _said(error: discord.HTTPException) -> str:
    return (
        f"{shortened(' '.join(error.text.split()) or 'no reason given', 200)} ({error.code or error.status})"
    )


def _joined(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
