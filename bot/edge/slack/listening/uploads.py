"""Files that people send on Slack: fetched, as far as they may be, and read as texts."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.command.entry import Upload
from bot.command.uploads import Told, not_fetched, read_upload, unfit
from bot.edge.slack.refusals import ERRORS

FETCH_SECONDS = 10.0  # for one file

File = Mapping[str, Any]
"""A file as Slack tells of it in a message."""


async def fetched(web: AsyncWebClient, files: Sequence[File], before: int = 0) -> tuple[Upload, ...]:
    """These files as texts, or with what is wrong with them. `before`: how many texts came already."""
    works = (_fetched(web, one, number) for number, one in enumerate(files, before))
    return tuple(await asyncio.gather(*works))


async def _fetched(web: AsyncWebClient, file: File, number: int) -> Upload:
    told = _told(file)
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            if file.get("file_access") == "check_file_info":  # as of a channel that workspaces share
                file = (await web.files_info(file=str(file["id"])))["file"]
                told = _told(file)
            if wrong := unfit(told, number):
                return wrong
            url = str(file.get("url_private_download") or "")
            if not _is_slacks(url, web.base_url):
                return not_fetched(told, "Slack does not hand it out")
            return await _read(web, url, told)
    except TimeoutError:
        return not_fetched(told, f"Slack did not hand it out within {FETCH_SECONDS:.0f} seconds")
    except ERRORS:
        return not_fetched(told, "the connection to Slack broke off")


def _told(file: File) -> Told:
    size = file.get("size")
    name = str(file.get("name") or file.get("title") or "")
    return Told(name, size if isinstance(size, int) else 0, str(file.get("mimetype") or ""))


def _is_slacks(url: str, api_base: str) -> bool:
    """Whether the token may go to an address: it is Slack's own, or whatever stands in for Slack."""
    found, base = urlsplit(url), urlsplit(api_base)
    if (found.scheme, found.netloc) == (base.scheme, base.netloc):
        return True
    host = found.hostname or ""
    return found.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


async def _read(web: AsyncWebClient, url: str, told: Told) -> Upload:
    """Reads one file, and one byte more than it is told to have: no more is ever taken."""
    headers = {"Authorization": f"Bearer {web.token}"}
    session = web.session or aiohttp.ClientSession()
    try:
        # The token is for the one address: to elsewhere nothing is followed.
        request = session.get(url, headers=headers, allow_redirects=False, proxy=web.proxy)
        async with request as answer:
            if answer.status != 200:
                return not_fetched(told, f"Slack answered {answer.status}")
            if answer.content_type == "text/html" and not told.kind.startswith("text/html"):
                return not_fetched(
                    told, "Slack shows its page to log in; the bot may lack the scope files:read"
                )
            content = b""
            while len(content) <= told.size and (
                more := await answer.content.read(told.size + 1 - len(content))
            ):
                content += more
    finally:
        if web.session is None:
            await session.close()
    return read_upload(told, content)
