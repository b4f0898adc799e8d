"""The reply to what cannot be answered as it was typed."""

from collections.abc import Iterable

from bot.command.ids import readable
from bot.reply import Action, Line, Reply, Section

MAX_REPEATED = 80


def shortened(typed: str) -> str:
    """What a reader typed, as it is repeated to them."""
    return typed if len(typed) <= MAX_REPEATED else typed[:MAX_REPEATED] + "…"


def mistake(ask_call: str, command: str, what: str, instead: Iterable[str] = ()) -> Reply:
    """A reply to what cannot be answered as it was typed, with what to type instead."""
    tries = tuple(dict.fromkeys(instead))
    lines = tuple(Line("", label=f"{ask_call} {readable(words)}") for words in tries)
    told = tuple(Line(one) for one in what.splitlines())
    sections = (Section("", told), *([Section("Try", lines)] if lines else []))
    actions = tuple(to_press(words) for words in tries if not is_pattern(words))
    return Reply(
        command, "That was not understood", sections, actions=actions[:3], abstained=True, private=True
    )


def is_pattern(words: str) -> bool:
    """Whether words are to be typed with a name of one's own: `admins add @editors`."""
    return any(word.startswith("@") for word in words.split())


def to_press(words: str) -> Action:
    """A button that says what it asks, unless that is with an id."""
    shown = readable(words)
    return Action(shown[:80] if shown == words else "Try again", words)
