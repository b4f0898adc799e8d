"""The chat platforms that there are. Each is imported when it is first used: its library takes a second."""

from collections.abc import Callable, Mapping

from bot.edge.parts import Parts
from bot.edge.platform import Platform


def _discord(parts: Parts) -> Platform:
    from bot.edge.discord.platform import DiscordPlatform

    return DiscordPlatform(parts.config.discord, parts.desks, parts.recall, parts.remember)


def _slack(parts: Parts) -> Platform:
    from bot.edge.slack.platform import SlackPlatform

    return SlackPlatform(parts.config.slack, parts.desks)


PLATFORMS: Mapping[str, Callable[[Parts], Platform]] = {"discord": _discord, "slack": _slack}
"""By name: what makes it."""
