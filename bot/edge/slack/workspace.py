"""The workspace that a bot token belongs to, who the bot is there, and what it may do."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from slack_sdk.web.async_client import AsyncWebClient

from bot.edge.slack.refusals import ERRORS
from bot.errors import ConnectError

ASK_SECONDS = 5.0  # for what the bot can do without

POSTING = "chat:write"  # without it, nothing is left that the bot could do

SCOPES: Mapping[str, str] = {
    POSTING: "post anything",
    "commands": "be asked by slash commands",
    "app_mentions:read": "answer where it is mentioned",
    "channels:history": "read channels, or look there for a post that may have arrived",
    "groups:history": "read private channels, or look there",
    "im:history": "read direct messages, or look there",
    "mpim:history": "read group messages, or look there",
    "channels:read": "find channels, and tell who is in them",
    "groups:read": "find private channels, and tell who is in them",
    "im:read": "tell whose direct messages it is in",
    "mpim:read": "tell who is in group messages",
    "im:write": "write to somebody who has not written before",
    "users:read": "tell who is an admin of the workspace",
    "usergroups:read": "tell who is in a user group",
    "files:read": "read a file that is sent to it",
    "files:write": "send pictures",
}
"""The scopes of the bot token that `slack-manifest.yaml` asks for: what the bot cannot do without each."""


class Workspace(NamedTuple):
    """What Slack tells of a bot token."""

    id: str  # T…
    name: str
    bot_user: str  # U…: who is mentioned, who posts
    bot_id: str  # B…
    bot_name: str
    scopes: frozenset[str]  # empty where Slack does not tell


async def known(web: AsyncWebClient) -> Workspace:
    """Asks Slack whose token this is. Raises one of refusals.ERRORS."""
    answer = await web.auth_test()
    return Workspace(
        id=str(answer["team_id"]),
        name=str(answer.get("team") or answer["team_id"]),
        bot_user=str(answer["user_id"]),
        bot_id=str(answer.get("bot_id") or ""),
        bot_name=str(answer.get("user") or "the bot"),
        scopes=_scopes(answer.headers),
    )


def check_posting(workspace: Workspace) -> None:
    """Raises ConnectError where the bot may not post at all."""
    if workspace.scopes and POSTING not in workspace.scopes:
        raise ConnectError(f"the bot may not post on Slack: its token lacks the scope {POSTING}. {_ADD}")


def lacking(workspace: Workspace) -> str:
    """A line with the scopes that are missing, and what is lost without them; empty where none is."""
    if not workspace.scopes:
        return ""
    lost = [f"{what} ({scope})" for scope, what in SCOPES.items() if scope not in workspace.scopes]
    return f"the bot lacks scopes on Slack, without which it cannot {'; '.join(lost)}. {_ADD}" if lost else ""


async def unknown_groups(web: AsyncWebClient, named: Sequence[str]) -> str:
    """A line with the user groups of config.toml that the workspace does not have; empty where it has all.

    Also where Slack does not tell which there are.
    """
    if not named:
        return ""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            found = (await web.usergroups_list()).get("usergroups") or ()
        there = {str(one[key]).lower() for one in found for key in ("id", "handle")}
    except ERRORS:
        return ""
    unknown = [name for name in named if name.lower() not in there]
    if not unknown:
        return ""
    return (
        f"the Slack workspace has no user group {', '.join(unknown)}; mend admin_groups under [slack] in"
        " config.toml: it takes handles or ids"
    )


_ADD = (
    "Add what is missing under “OAuth & Permissions” of the app at api.slack.com/apps, then install it again"
)


def _scopes(headers: Mapping[str, str]) -> frozenset[str]:
    told = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return frozenset(scope.strip() for scope in told.split(",") if scope.strip())
