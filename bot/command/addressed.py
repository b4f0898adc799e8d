"""Whether a line that somebody typed is for the bot, for which story, and what it asks."""

from collections.abc import Collection, Sequence

_BEHIND_A_NAME = " \t,:;.!–-"


def addressed(
    typed: str, stories: Sequence[str], *, names: Collection[str] = (), direct: bool = False
) -> tuple[str, str] | None:
    """The story and the rest of the line; None where the line is not for the bot.

    A line is for the bot where it begins with `!` and the word of a story, where one of the bot's
    `names` stands in it, and always where it is said to the bot alone (`direct`). Where no story
    is named, the first one is meant.
    """
    name = next((name for name in names if name in typed), "")
    rest = typed.partition(name)[2].lstrip(_BEHIND_A_NAME) if name else typed.strip()
    head, *tail = rest.split(maxsplit=1) or [""]
    word = head.lower().removeprefix("!")
    if word in stories and (head.startswith("!") or name or direct):
        return word, tail[0].strip() if tail else ""
    if name or direct:
        return stories[0], rest.removeprefix("!").strip()
    return None
