"""The bolt app that events and interactions are handed to."""

import logging
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.edge.slack.workspace import Workspace

log = logging.getLogger("bot.slack")


def new_app(web: AsyncWebClient, workspace: Workspace) -> AsyncApp:
    """An app that asks Slack nothing of its own, whatever stands in the environment.

    Given `authorize`, it asks nobody whose token it is, and an environment with SLACK_CLIENT_ID, which
    else makes it wait for installations, changes nothing.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.id,
            bot_user_id=workspace.bot_user,
            bot_id=workspace.bot_id or None,
            bot_token=web.token,
        )

    app = AsyncApp(
        name="slack_bolt.bot",
        logger=web.logger,
        client=web,
        authorize=authorize,
        signing_secret="",  # Socket Mode has no signatures
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def on_error(error: Exception, body: dict[str, Any]) -> None:
        what = (body.get("event") or {}).get("type") or body.get("type") or body.get("command") or "message"
        log.error("something from Slack (%s) was not handled", what, exc_info=error)

    app.error(on_error)
    return app
