"""What every answer may have to say: that something was mistyped, is not there, or nothing is."""

from collections.abc import Iterable

from bot.answer.command import Ask
from bot.nearest import nearest
from bot.reply import Action, Line, Reply, Section

NEAR_IDS = 3
MAX_REPEATED = 80


def shortened(typed: str) -> str:
    """What a reader typed, as it is repeated to them."""
    return typed if len(typed) <= MAX_REPEATED else typed[:MAX_REPEATED] + "…"


def mistake(ask_call: str, command: str, what: str, instead: Iterable[str] = ()) -> Reply:
    """A reply to what cannot be answered as it was typed, with what to type instead."""
    tries = tuple(dict.fromkeys(instead))
    lines = tuple(Line("", label=f"{ask_call} {words}") for words in tries)
    sections = (Section("", (Line(what),)), *([Section("Try", lines)] if lines else []))
    actions = tuple(Action(words[:80], words) for words in tries[:3])
    return Reply(command, "That was not understood", sections, actions=actions, abstained=True, private=True)


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
