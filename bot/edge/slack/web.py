"""Requests to Slack: one client over one pool of connections."""

import logging
import os
from collections.abc import Mapping

import aiohttp
import yarl
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Slack as Settings
from bot.errors import ConnectError

REQUEST_SECONDS = 30  # for one request as a whole
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""The variables in which the SDK looks for a proxy; the first that is set counts."""


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

    Its session is closed by `close_web`. To be called within the event loop. Raises ConnectError where the
    environment names a proxy that is none.
    """
    check_proxy(os.environ)
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


def check_proxy(environment: Mapping[str, str]) -> None:
    """Raises ConnectError with the name of the variable; never with its value, which may have a password."""
    name = next((one for one in PROXIES if environment.get(one)), "")
    if not environment.get(name, "").strip():  # spaces are none as well
        return
    try:
        found = yarl.URL(environment[name])
        fits = found.scheme in {"http", "https"} and bool(found.host)
    except ValueError:
        fits = False
    if not fits:
        raise ConnectError(f"{name} is no address of a proxy; it begins with http:// or https://; mend it")


async def close_web(web: AsyncWebClient) -> None:
    """Closes the connections of a client of `new_web`."""
    if web.session is not None:
        await web.session.close()
