"""New posts in forums, each by exactly one request.

Discord takes no nonce there, and discord.py repeats a request by itself after an answer like 500,
after which the post may well stand there: it would come twice. So this request is made here.
"""

import json
from typing import Any

import aiohttp
import discord
from discord.http import Route, handle_message_parameters, json_or_text

MAX_NAME = 100


class Forums:
    """Opens posts in forums, over connections of its own."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def open_post(self, client: discord.Client, forum: int, name: str, **parts: Any) -> str:  # noqa: ANN401
        """Opens a post of this name; `parts` are its first message, as for a send. Returns its id.

        Raises what discord.py raises for an answer, what aiohttp raises for a connection, and
        ValueError for an answer that makes no sense.
        """
        http = client.http
        with handle_message_parameters(**parts, channel_payload={"name": name[:MAX_NAME]}) as made:
            body = json.dumps(made.payload)
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        async with self._session.post(
            Route("POST", "/channels/{channel_id}/threads", channel_id=forum).url,
            params={"use_nested_fields": "1"},
            data=body,
            headers={
                "Authorization": f"Bot {http.token}",
                "Content-Type": "application/json",
                "User-Agent": http.user_agent,
            },
            proxy=http.proxy,
            proxy_auth=http.proxy_auth,
        ) as response:
            answer = await json_or_text(response)
            if response.status >= 300:
                raise _error(response, answer)
        if not isinstance(answer, dict) or "id" not in answer:
            raise ValueError("the answer is no forum post")
        return str(answer["id"])

    async def close(self) -> None:
        """Closes the connections; a later post opens new ones."""
        if self._session is not None:
            await self._session.close()


def _error(response: aiohttp.ClientResponse, answer: dict[str, Any] | str) -> discord.DiscordException:
    """The error that discord.py would raise for this answer if it did not repeat anything."""
    told = answer.get("retry_after") if isinstance(answer, dict) and not answer.get("global") else None
    if response.status == 429 and response.headers.get("Via") and told is not None:
        # What the headers say may be shorter than how long Discord goes on refusing.
        return discord.RateLimited(float(told))
    return discord.HTTPException(response, answer)
