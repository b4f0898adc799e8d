"""What an error means for a delivery: wait, try again, or tell an admin what to do.

Names are Slack's errors (reference/methods). A refusal is worded for somebody who manages a workspace and
has never seen this code; {bot} is what the bot is called there.
"""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.deliver.mends import ELSEWHERE, LOG, RESUME
from bot.deliver.order import Failed, Gone, Outcome, Refused, Wait
from bot.edge.slack.posting.requests import NoIdError
from bot.edge.slack.refusals import asked_to_wait, code, short
from bot.render.words import shortened

NO_TOKEN = 600.0  # seconds until somebody may have given it another token, or more scopes

_INVITE = f"invite it: type `/invite @{{bot}}` there, {RESUME}"
_POSTING = f"let it post there (channel settings, posting permissions), {RESUME}; or {ELSEWHERE}"
_ADD = "whoever runs the bot adds it to the app (OAuth & Permissions), installs the app again"

POST_DELETED = Gone("the post was deleted")
_UNKNOWN = ("this person is not known in the workspace, or has left it", ELSEWHERE)

_REFUSED: Mapping[str, tuple[str, str]] = {
    "not_in_channel": ("the bot is not in this channel", _INVITE),
    "no_permission": ("the bot is not in this channel", _INVITE),
    "channel_not_found": (
        "the bot does not find the channel: it was deleted, or is private and the bot is not in it",
        f"{_INVITE}; or {ELSEWHERE}",
    ),
    "is_archived": (
        "the channel is archived",
        f"unarchive it and type `/invite @{{bot}}` there, {RESUME}; or {ELSEWHERE}",
    ),
    "restricted_action": ("the workspace does not let the bot post in this channel", _POSTING),
    "restricted_action_read_only_channel": ("the channel is read-only", _POSTING),
    "restricted_action_thread_only_channel": ("the channel takes only replies in threads", _POSTING),
    "restricted_action_non_threadable_channel": ("the channel takes no replies in threads", _POSTING),
    "restricted_action_thread_locked": ("the thread is locked", f"unlock it, {RESUME}"),
    "cannot_reply_to_message": ("the message takes no replies", ELSEWHERE),
    "user_not_found": _UNKNOWN,
    "user_disabled": _UNKNOWN,
    "user_not_visible": _UNKNOWN,
    "cannot_dm_bot": ("bots take no direct messages", ELSEWHERE),
    "messages_tab_disabled": (
        "the app takes no direct messages",
        f"whoever runs the bot switches on the Messages Tab of the app (App Home), {RESUME}",
    ),
    "ekm_access_denied": ("the workspace's admins have suspended posting", f"allow it again, {RESUME}"),
    "access_denied": (
        "the workspace does not let the bot do that",
        f"allow it in the admin pages, {RESUME}",
    ),
    "not_allowed_token_type": ("Slack does not let a bot do that here", ELSEWHERE),
    "enterprise_is_restricted": ("the organisation does not let the bot do that", ELSEWHERE),
    "slack_connect_file_link_sharing_blocked": (
        "the workspace lets no links be shared in this channel",
        ELSEWHERE,
    ),
}
# Why a post cannot be edited while a reply to it may perhaps be posted.
_NOT_EDITED: Mapping[str, str] = {
    "cant_update_message": "the post is not of this app",
    "edit_window_closed": "the workspace lets no more posts be edited that are so old",
    "block_mismatch": "Slack does not let the post be changed",
    "not_in_channel": "the bot is not in this channel",
    "no_permission": "the bot is not in this channel",
    "restricted_action": "the workspace does not let the bot edit in this channel",
}
# An archived channel takes no replies either.
_ARCHIVED = {"is_archived", "is_inactive"}
_TOKEN: Mapping[str, str] = {
    "invalid_auth": "Slack does not accept the bot's token, or not from the bot's address",
    "not_authed": "Slack did not get the bot's token",
    "token_revoked": "the bot's token was revoked, or the app was removed from the workspace",
    "token_expired": "the bot's token has expired",
    "account_inactive": "the app was removed from the workspace, or the workspace is gone",
    "team_access_not_granted": "the bot's token is not for this workspace",
    "accesslimited": "Slack lets nobody in from the bot's address",
    "two_factor_setup_required": "the workspace wants two-factor authentication to be set up",
}
_WAITS: Mapping[str, tuple[str, float]] = {
    "message_limit_exceeded": ("too much was written in the workspace", 600.0),
    "external_channel_migrating": ("the channel is being moved to another workspace", 600.0),
}
# They pass, and nothing was done.
_LATER: Mapping[str, str] = {
    "request_timeout": "the request arrived incomplete",
    "team_added_to_org": "the workspace is being moved to an organisation",
    "org_login_required": "the workspace is being moved to an organisation",
}
# Slack says of them that part of the work may have been done.
_UNKNOWN_END = {"internal_error", "fatal_error", "service_unavailable", "update_failed"}
_GONE = {"message_not_found", "thread_not_found"}  # of corrections
# What the bot has sent makes no sense to Slack, and nobody in the workspace can mend that.
_OURS = ("invalid_", "msg_", "metadata_", "too_many_", "missing_", "no_text", "unknown_method")
_OURS_TOO = ("_deprecated", "_conflict", "_too_long", "_too_large")


def outcome_of(error: Exception, bot: str) -> Outcome:
    """What became of a request that raised this; `bot` is what the bot is called."""
    if isinstance(error, SlackApiError):
        return _answered(error, bot)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failed(f"Slack cannot be reached ({short(error)})", sure=True)
    if isinstance(error, TimeoutError):
        return Failed("Slack did not answer in time")
    if isinstance(error, NoIdError):
        return Failed("Slack did not say what has become of it")
    # A connection that was cut, an answer that is no JSON, and whatever nobody has thought of.
    return Failed(f"Slack's answer was lost ({short(error)})")


def edit_outcome(error: Exception, bot: str) -> Outcome:
    """What became of an edit, or of an answer to a post, that raised this."""
    return POST_DELETED if code(error) in _GONE else outcome_of(error, bot)


def not_edited(error: Exception, bot: str) -> Outcome:
    """What became of an edit that raised this: what cannot be edited may perhaps be answered."""
    if (name := code(error)) in _NOT_EDITED:
        return Refused(_NOT_EDITED[name], LOG, invalid=False, answer=True)
    return edit_outcome(error, bot)


def unreadable(outcome: Outcome) -> Outcome:
    """What became of looking for a delivery, where this became of reading."""
    if not isinstance(outcome, Refused):
        return outcome
    return outcome._replace(why=f"it cannot be known whether this was posted: {outcome.why}")


def _answered(error: SlackApiError, bot: str) -> Outcome:
    """What Slack, or something in front of it, has answered."""
    status, name = _status(error), code(error)
    if seconds := asked_to_wait(error):  # whatever else needs this method waits for its turn as long
        return Wait(seconds, "Slack asks to wait")
    if status >= 500 or name in _UNKNOWN_END:
        return Failed(f"Slack has a problem of its own ({name or status})")
    if not name:
        refused = 400 <= status < 500 and status != 408
        return Failed(f"something in front of Slack has answered ({status})", sure=refused)
    if name in _TOKEN:
        return Wait(NO_TOKEN, _TOKEN[name], everywhere=True)
    if name == "missing_scope":
        return _lacks(str(_body(error).get("needed") or "that this needs"))
    if name in _WAITS:
        why, seconds = _WAITS[name]
        return Wait(seconds, why)
    if name in _LATER:
        return Failed(_LATER[name], sure=True)
    if name in _ARCHIVED:
        name = "is_archived"
    if name in _REFUSED:
        why, mend = _REFUSED[name]
        return Refused(why, mend.format(bot=bot), invalid=False)
    ours = name.startswith(_OURS) or name.endswith(_OURS_TOO)
    return Refused(f"Slack does not take it: {_said(error)}", LOG, invalid=False, ours=ours)


def _lacks(scope: str) -> Outcome:
    """What the app may not do; without the right to post there is nothing that it can."""
    why = f"the app lacks the scope {scope}"
    if scope.startswith("chat:write"):
        return Wait(NO_TOKEN, f"{why}; {_ADD}", everywhere=True)
    return Refused(why, f"{_ADD}, {RESUME}", invalid=False)


def _status(error: SlackApiError) -> int:
    """The HTTP status; of an answer that could not be read, the library gives the answer itself."""
    found = error.response
    return found.status_code if isinstance(found, AsyncSlackResponse) else int(getattr(found, "status", 0))


def _body(error: SlackApiError) -> Mapping[str, Any]:
    found = getattr(error.response, "data", None)
    return found if isinstance(found, dict) else {}


def _said(error: SlackApiError) -> str:
    """Slack's error, and what it says about it."""
    more = (_body(error).get("response_metadata") or {}).get("messages") or ()
    return shortened("; ".join([code(error), *map(str, more)]), 200)
