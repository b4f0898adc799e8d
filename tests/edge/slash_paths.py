"""Where Discord's double has a command of the table: under which of a story's two roots, in which group."""

from bot.desk.table import COMMANDS
from tests.doubles.discord import DiscordDouble


def path_of(discord: DiscordDouble, name: str) -> tuple[str, str]:
    """The root and what stands behind it; found by what the command is said to do."""
    said = next(command.help[:100] for command in COMMANDS if command.name == name)
    tops = [(root["name"], top, "") for root in discord.commands() for top in root["options"]]
    inner = [
        (root, one, f"{top['name']} ") for root, top, _ in tops if top["type"] == 2 for one in top["options"]
    ]
    (found,) = [
        (root, before + one["name"]) for root, one, before in (*tops, *inner) if one["description"] == said
    ]
    return str(found[0]), str(found[1])
