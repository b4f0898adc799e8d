"""What every renderer says in the same words."""

from bot.reply import Line, Reference

MAX_TITLE = 100


def clean(text: str) -> str:
    """The text without characters that steer a screen: escapes, and those that turn its direction."""
    if text.isprintable():  # as nearly every text is
        return text
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


def shortened(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis, at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def numbers(line: Line) -> str:
    """`[1][3]`, or nothing."""
    return "".join(f"[{number}]" for number in line.refs)


def described(reference: Reference) -> str:
    """One source in words: outlet, date, headline."""
    return f"{reference.outlet}, {reference.published}: {shortened(reference.title, MAX_TITLE)}"
