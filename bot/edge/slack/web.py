"""Requests to Slack: one client over one pool of connections."""

import logging

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Slack as Settings

REQUEST_SECONDS = 30  # for one request as a whole


def library_log() -> logging.Logger:
    """Where the libraries write, who call things errors that pass: heard at `debug` only.

    They look at the level of this very logger, whatever is set above it.
    """
    log = logging.getLogger("slack_sdk.bot")
    heard = logging.getLogger().isEnabledFor(logging.DEBUG)
    log.setLevel(logging.DEBUG if heard else logging.CRITICAL)
    return log


def new_web(settings: Settings) -> AsyncWebClient:
    """A client for the bot token. It never repeats a request by itself: a post would come twice.

    Its session is closed by `close_web`. To be called within the event loop.
    """
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS), cookie_jar=aiohttp.DummyCookieJar()
    )
    return AsyncWebClient(
        settings.bot_token,
        settings.api_base or AsyncWebClient.BASE_URL,
        timeout=REQUEST_SECONDS,
        session=session,
        logger=library_log(),
        retry_handlers=[],
    )


async def close_web(web: AsyncWebClient) -> None:
    """Closes the connections of a client of `new_web`."""
    if web.session is not None:
        await web.session.close()
