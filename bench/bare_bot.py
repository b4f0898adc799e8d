"""The least bot that discord.py can be: it answers every question with the same embed."""

import os

import discord
import yarl

EMBED = discord.Embed(title="ExoMars and Roscosmos", description="It has ended.", colour=0xC1440E)


class BareBot(discord.Client):
    """Answers `!exomars …`."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(intents=intents)

    async def on_message(self, typed: discord.Message) -> None:
        """Somebody typed something."""
        if not typed.author.bot and typed.content.startswith("!exomars"):
            await typed.channel.send(embed=EMBED)


if __name__ == "__main__":
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    BareBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
