"""What every answer may have to say: that something is not there, or nothing is."""

from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.nearest import nearest
from bot.reply import Line, Reply, Section

NEAR_IDS = 3


def not_there(ask: Ask, command: str, what: str, given: str, ids: list[str]) -> Reply:
    """A reply to an id that does not exist, with the nearest ones that do."""
    near = [name for name in ids if given in name][-NEAR_IDS:] or nearest(given, ids, NEAR_IDS, 0.4)
    listing = {"briefing": "briefings", "source": "sources", "fact": "timeline"}[command]
    return mistake(
        ask.call,
        command,
        f"There is no {what} “{shortened(given)}”.",
        [*(f"{command} {name}" for name in near), listing],
    )


def nothing_loaded(ask: Ask, command: str) -> Reply:
    """A reply where the story has no source at all."""
    text = f"Nothing is known about {ask.name} yet: no source has been loaded."
    return Reply(command, ask.name, (Section("", (Line(text),)),), abstained=True)
