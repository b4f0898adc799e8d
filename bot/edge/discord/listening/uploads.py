"""Files that people send on Discord: fetched, as far as they may be, and read as texts."""

import asyncio
from collections.abc import Sequence

import aiohttp
import discord

from bot.command.entry import Upload
from bot.command.uploads import Told, not_fetched, read_upload, unfit

FETCH_SECONDS = 10.0  # for one file


async def fetched(
    client: discord.Client, attachments: Sequence[discord.Attachment], before: int = 0
) -> tuple[Upload, ...]:
    """These files as texts, or with what is wrong with them. `before`: how many texts came already."""
    works = (_fetched(client, one, number) for number, one in enumerate(attachments, before))
    return tuple(await asyncio.gather(*works))


async def _fetched(client: discord.Client, attachment: discord.Attachment, number: int) -> Upload:
    told = Told(attachment.filename, attachment.size, attachment.content_type or "")
    if wrong := unfit(told, number):
        return wrong
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return await _read(client, attachment.url, told)
    except TimeoutError:
        return not_fetched(told, f"Discord did not hand it out within {FETCH_SECONDS:.0f} seconds")
    except (aiohttp.ClientError, OSError):
        return not_fetched(told, "the connection to Discord broke off")


async def _read(client: discord.Client, url: str, told: Told) -> Upload:
    """Reads one file, and one byte more than it is told to have: no more is ever taken."""
    http = client.http
    session: aiohttp.ClientSession = http._HTTPClient__session  # type: ignore[attr-defined]  # noqa: SLF001  (discord.py reads files as a whole, whatever their size)
    # Discord hands files out itself, so that following to elsewhere is never needed.
    request = session.get(url, allow_redirects=False, proxy=http.proxy, proxy_auth=http.proxy_auth)
    async with request as answer:
        if answer.status != 200:
            return not_fetched(told, f"Discord answered {answer.status}")
        content = b""
        while len(content) <= told.size and (more := await answer.content.read(told.size + 1 - len(content))):
            content += more
    return read_upload(told, content)
