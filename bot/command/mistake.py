"""The reply to what cannot be answered as it was typed."""

from collections.abc import Iterable

from bot.reply import Action, Line, Reply, Section

MAX_REPEATED = 80


def shortened(typed: str) -> str:
    """What a reader typed, as it is repeated to them."""
    return typed if len(typed) <= MAX_REPEATED else typed[:MAX_REPEATED] + "…"


def mistake(ask_call: str, command: str, what: str, instead: Iterable[str] = ()) -> Reply:
    """A reply to what cannot be answered as it was typed, with what to type instead."""
    tries = tuple(dict.fromkeys(instead))
    lines = tuple(Line("", label=f"{ask_call} {words}") for words in tries)
    told = tuple(Line(one) for one in what.splitlines())
    sections = (Section("", told), *([Section("Try", lines)] if lines else []))
    actions = tuple(Action(words[:80], words) for words in tries[:3])
    return Reply(command, "That was not understood", sections, actions=actions, abstained=True, private=True)
