"""What is written short, in full: `b4` is before, `gonna` is going to."""

import re
from functools import lru_cache

from bot.answer.asking.language.english import english


def in_full(text: str) -> str:
    """A question as it would be written out; what is in capitals, as a name is, stays."""
    return _pattern().sub(_long, text.replace("’", "'"))


def _long(found: re.Match[str]) -> str:
    written = found[0]
    return written if written.isupper() else english().short[written.lower()]


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    # The longest first: "w/o" is no "w". What has a dot or a hyphen in it is one word.
    ordered = sorted(english().short, key=len, reverse=True)
    any_of = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<![\w.'/-])(?:{any_of})(?![\w'/-]|\.\w|(?<=/)\S)", re.IGNORECASE)
