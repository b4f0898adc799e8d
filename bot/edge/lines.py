"""Which story a line that somebody typed into a chat is for, if any."""

from collections.abc import Collection


def called(typed: str, words: Collection[str]) -> tuple[str, str] | None:
    """The story and the rest of the line, where it begins with `!word`; None where it does not."""
    head, *rest = typed.split(maxsplit=1)[:2] or [""]
    name = head[1:].lower()
    if head[:1] != "!" or name not in words:
        return None
    return name, rest[0].strip() if rest else ""
