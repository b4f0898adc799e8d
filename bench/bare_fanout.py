"""The least that discord.py can do to post to very many channels: one loop, 64 at a time.

It reads from standard input, as JSON, the ids of the channels and the message that all of them get,
waits until it is connected, and posts.
"""

import asyncio
import json
import os
import sys

import discord
import yarl

AT_ONE_TIME = 64


class BareFanout(discord.Client):
    """Posts one message to all channels, once."""

    def __init__(self, channels: list[int], embed: discord.Embed, view: discord.ui.View) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(intents=intents, max_messages=None)
        self._channels, self._embed, self._view = channels, embed, view

    async def on_ready(self) -> None:
        """Connected."""
        room = asyncio.Semaphore(AT_ONE_TIME)

        async def post(channel: int) -> None:
            async with room:
                await self.get_partial_messageable(channel).send(embed=self._embed, view=self._view)

        await asyncio.gather(*map(post, self._channels))


async def main() -> None:
    """Runs until it is killed."""
    given = json.load(sys.stdin)
    view = discord.ui.View(timeout=None)
    for row in given["components"]:
        for button in row["components"]:
            view.add_item(discord.ui.Button(label=button["label"], custom_id=button["custom_id"]))
    view.stop()  # as in our bot: a press is read off the id of the button
    embed = discord.Embed.from_dict(given["embed"])
    await BareFanout(given["channels"], embed, view).start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    asyncio.run(main())
