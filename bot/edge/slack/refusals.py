"""What Slack says no with, in words: what is wrong, and where to mend it."""

import math
from collections.abc import Awaitable, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

SOON = 10.0  # seconds, where an answer says to wait and not how long

ERRORS = (SlackClientError, aiohttp.ClientError, OSError, ValueError, LookupError, AttributeError)
"""All that a request to Slack can fail with; the last two where an answer is not Slack's."""

_APP = "of the app at api.slack.com/apps"
_BOT_TOKEN = f"copy the Bot User OAuth Token anew into SLACK_BOT_TOKEN, from “OAuth & Permissions” {_APP}"
_APP_TOKEN = (
    "generate an app-level token with the scope connections:write under “Basic Information”"
    f" {_APP}, and put it into SLACK_APP_TOKEN"
)
SOCKET_MODE_OFF = f"Slack does not let this app use Socket Mode; switch it on under “Socket Mode” {_APP}"

_BOT_REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("invalid_auth", "not_authed", "not_allowed_token_type"), f"the bot token; {_BOT_TOKEN}"),
    "token_expired": f"the bot token, which has expired; switch token rotation off, then {_BOT_TOKEN}",
    **dict.fromkeys(
        ("account_inactive", "token_revoked"),
        f"the bot token, as the app was removed from the workspace; install it again, then {_BOT_TOKEN}",
    ),
}
_APP_REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "invalid_auth",
            "not_authed",
            "not_allowed_token_type",
            "token_expired",
            "token_revoked",
            "account_inactive",
        ),
        f"the app-level token; {_APP_TOKEN}",
    ),
    **dict.fromkeys(
        ("missing_scope", "no_permission"),
        f"the app-level token, which lacks the scope connections:write; {_APP_TOKEN}",
    ),
}
_SWITCHED_OFF = frozenset(("access_denied", "accesslimited", "link_disabled"))


def bot_refused(error: BaseException) -> str:
    """Why waiting would not help where `auth.test` failed; empty where it may."""
    return _no_address(error) or _refused(_BOT_REFUSED.get(code(error), ""), error)


def app_refused(error: BaseException) -> str:
    """Why waiting would not help where `apps.connections.open` failed; empty where it may."""
    said = code(error)
    if said.startswith(("forbidden", "socket_mode")) or said in _SWITCHED_OFF:
        return f"{SOCKET_MODE_OFF} ({said})"
    return _refused(_APP_REFUSED.get(said, ""), error)


def code(error: BaseException) -> str:
    """Slack's name of an error, as `invalid_auth`; empty where it is not Slack that says it."""
    body = getattr(_response(error), "data", None)
    return str(body.get("error") or "") if isinstance(body, dict) else ""


def retry_after(error: BaseException) -> float:
    """How many seconds Slack tells to wait; 0 where it tells of none."""
    headers = getattr(_response(error), "headers", None) or {}
    try:
        seconds = float(headers.get("Retry-After") or 0)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def asked_to_wait(error: Exception) -> float:
    """For how many seconds Slack blocks the method that raised this; 0 where it is something else."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    too_often = status == 429 or code(error) in {"ratelimited", "rate_limited"}
    return retry_after(error) or SOON if too_often else 0.0


def short(error: BaseException) -> str:
    """An error of a library, or of Slack, in one line of the log."""
    if said := code(error):
        return said
    response = _response(error)
    if response is not None:
        status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
        return f"an answer that is not Slack's, with status {status}"
    if isinstance(error, aiohttp.ClientResponseError):  # it would tell the address, with a proxy's password
        return f"{type(error).__name__}: status {error.status}"
    text = " ".join(str(error).split()) or "no reason given"
    return f"{type(error).__name__}: {text[:200]}"


async def quietly(work: Awaitable[object]) -> None:
    """Does something whose failing changes nothing."""
    try:
        await work
    except Exception:  # noqa: BLE001  (it changes nothing)
        return


def _response(error: BaseException) -> object:
    """The answer that was an error: the SDK's, or aiohttp's where its body could not be read."""
    return error.response if isinstance(error, SlackApiError) else None


def _refused(what: str, error: BaseException) -> str:
    return f"Slack refuses ({code(error)}) {what}" if what else ""


def _no_address(error: BaseException) -> str:
    if isinstance(error, aiohttp.InvalidURL):
        return "SLACK_API_BASE is no address; mend it"
    return ""
