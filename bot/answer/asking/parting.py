"""A question about two things, cut in two: what was before what, how long from one to the other."""

import re
from typing import NamedTuple

_DID = r"(?:did|was|were|is|are|had|has|have|do|does)"
# "How many days" asks what "how long" asks.
_LONG = r"^(?:for |by |in |roughly |about )*how (?:many|much) \w+\b|^how soon\b|^how quickly\b"
# The first that fits decides, here and below.
_BETWEEN = (
    r"\bbetween (?P<one>.+?) and (?P<other>.+)",
    (
        r"^(?:how long )?(?P<both>.*?)\bfrom (?:the |its )?(?P<one>.+?)"
        r" (?:to|until|till|through) (?:the |its )?(?P<other>.+)"
    ),
    (
        r"\bhow long (?:later |passed |elapsed |went by )?after (?P<one>.+?),?"
        rf" (?:{_DID}|came|until) (?P<other>.+)"
    ),
    rf"\bhow long before (?P<other>.+?),? (?:{_DID}|came) (?P<one>.+)",
    (
        rf"\bhow long {_DID} (?:it take )?(?P<one>.+?)"
        r" (?:before|until|till|when|by the time) (?P<other>.+)"
    ),
    rf"\bhow long(?: later)? {_DID} (?P<other>.+?) (?:after|since) (?P<one>.+)",
    r"\bhow long (?P<one>.+?) (?:when|by the time|until|till|before) (?P<other>.+)",
)
_ORDER = (
    r"(?:first|earlier|sooner|older|before|earliest)\b[\s,:—–-]*(?P<one>.+?),? or (?P<other>.+)",
    (
        r"^(?:did|was|were|had|has|is|do|does) (?P<one>.+?) (?:happen |come |take place )?"
        r"(?:before or after|after or before|before or only after|before|after) (?P<other>.+)"
    ),
    r"(?P<one>.+?),? or (?P<other>.+?)[,:]? (?:first|earlier|before)\b",
    r"\b(?:which|what|who)\b.*?[:,—–-]\s*(?P<one>.+?),? or (?P<other>.+)",
)
_DONE_FIRST = r"\b(?:who|which \w+|what) (?P<both>.+?) (?:first|earlier|sooner)\b"
_FEW = 3  # words of a name
_CAME = frozenset(("came", "was", "is", "happened", "took place", "comes", "occurred"))


class Parts(NamedTuple):
    """Two halves of a question."""

    one: str
    other: str
    both: str = ""  # what stands before, and belongs to either


def ends(text: str) -> Parts | None:
    """From what to what; None where a question names no two things."""
    return _parted(re.sub(_LONG, "how long", text, count=1, flags=re.IGNORECASE), _BETWEEN)


def rivals(text: str) -> Parts | None:
    """Which two are to be put in order; of two that are a word or two each, it is asked who did something."""
    found = _parted(text, _ORDER)
    if found is None or max(len(part.split()) for part in (found.one, found.other)) > _FEW:
        return found
    done = re.search(_DONE_FIRST, text, re.IGNORECASE)
    return found._replace(both=done["both"]) if done and done["both"].lower() not in _CAME else found


def _parted(text: str, patterns: tuple[str, ...]) -> Parts | None:
    plain = text.strip(" ?!.")
    for pattern in patterns:
        if found := re.search(pattern, plain, re.IGNORECASE):
            groups = found.groupdict()
            return Parts(groups["one"].strip(), groups["other"].strip(), (groups.get("both") or "").strip())
    return None
