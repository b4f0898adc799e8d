"""A question about two things, cut in two: what was before what, how long from one to the other."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DID = r"(?:did|was|were|is|are|had|has|have|do|does)"
_ASKED = r"(?:which|what|who)\b"
_BEFORE = r"(?:before|prior to|earlier than|sooner than|ahead of)"
_AFTER = r"(?:after|later than|following)"
_THEN = r"(?:when|by the time|until|till|before|once)"
# As it is written in chat, and what says no more than that an answer may be rough.
_PLAINER = (
    (r"\bb4\b", "before"),
    (r"\b1st\b", "first"),
    (r"\b(?:'?til|untill)\b", "until"),
    (r",? (?:roughly|approximately|more or less|in total|altogether|exactly)$", ""),
    (r", as (?:planned|seen|known|told|reported|scheduled)\b.*", ""),
)
# "How many days" asks what "how long" asks.
_LONG = (
    r"^(?:for |in |since |roughly |about )*how (?:many|much) \w+\b|^how soon\b|^how quickly\b"
    r"|^for (?:what|which) (?:period|length of time|span of time)\b"
    r"|^(?:for|since) (?:about )?how long(?: time)?\b|^how long time\b"
)
_LONG_BEHIND = r"^(?P<ends>(?:between|from) .+?),? how (?:long|much time|many \w+)\b.*"
# What leaves it open which of two was first; the question may end with it.
_OR_AFTER = (
    r",? or (?:(?:was|is|did|had|has) (?:it|that|this|they) (?:\w+ )?)?(?:only |rather |just )?"
    r"(?:after(?:wards?)?|before(?:hand)?|later|earlier|sooner|the other way (?:a)?round|vice versa"
    r"|the reverse|because of (?:it|that|this)(?: (?:afterwards?|later))?)"
    r"(?: on| that| it)?$"
)
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
    rf"\bhow long {_DID} (?:it take )?(?P<one>.+?) {_THEN} (?P<other>.+)",
    rf"\bhow long(?: later)? {_DID} (?P<other>.+?) (?:after|since) (?P<one>.+)",
    rf"\bhow long (?P<one>.+?) {_THEN} (?P<other>.+)",
)
_ORDER = (
    (
        r"(?:first|earlier|sooner|older|before|earliest)\b(?:[^,:—–]{0,30}[,:—–])?[\s,:—–-]*"
        r"(?P<one>.+?),? or (?P<other>.+)"
    ),
    (
        r"^(?:did|was|were|had|has|is|do|does) (?P<one>.+?) (?:happen |come |take place )?"
        rf"(?:(?:{_BEFORE}|{_AFTER}) or (?:only )?(?:{_BEFORE}|{_AFTER})|precede or follow|follow or precede"
        rf"|precede|predate|{_BEFORE}|{_AFTER}) (?P<other>.+)"
    ),
    rf"^(?P<one>.+?),? (?:{_BEFORE}|{_AFTER}) or (?:only )?(?:{_BEFORE}|{_AFTER}) (?P<other>.+)",
    r"(?P<one>.+?),? or (?P<other>.+?)[,:]? (?:first|earlier|before)\b",
    rf"\b{_ASKED}.*?[:,—–-]\s*(?P<one>.+?),? or (?P<other>.+)",
)
# Where it was left open at the end which was first.
_LEFT_OPEN = (
    (
        rf"^(?:{_DID} )?(?P<one>.+?),? (?:(?:it|that|this) (?:was|is|came|happened) |{_DID} (?:it|that|this) "
        r"(?:come |happen )?)?"
        rf"(?:{_BEFORE}|{_AFTER}|when|by the time) (?P<other>.+)"
    ),
)
_DONE_FIRST = r"\b(?:who|which \w+|what) (?P<both>.+?) (?:first|earlier|sooner)\b"
_LISTED = r"^[^:]*\b(?:order|first|sequence|chronolog\w+|earliest)\b[^:]*:(?P<some>.+)"
_FEW = 3  # words of a name
_CAME = frozenset(("came", "was", "is", "happened", "took", "place", "comes", "occurred", "the"))
# What stands at the ends of a half and is no part of what it tells.
_LEAD = (
    rf"^(?:{_DID} )?it (?:really )?(?:true|right|correct|the case) (?:that|if) |^it take (?:for )?"
    rf"|^{_DID} (?:it |the case that )?(?=\w)|^and |^time {_DID} "
)
_TAIL = (
    r"(?:[\s,;:—–-]+(?:right|even|just|only|immediately|shortly|long|soon|well|directly|already|merely|simply"
    rf"|to|{_ASKED}|that|came|come|comes|happen|happened|happens|was|is|be))+$"
)


class Parts(NamedTuple):
    """Two halves of a question."""

    one: str
    other: str
    both: str = ""  # what stands before, and belongs to either


def all_ends(text: str) -> Iterator[Parts]:
    """From what to what, in all the ways that a question may mean it: the likeliest first."""
    plain = re.sub(_LONG_BEHIND, r"\g<ends>", _plainer(text), count=1, flags=re.IGNORECASE)
    yield from _parts(re.sub(_LONG, "how long", plain, count=1, flags=re.IGNORECASE), _BETWEEN)


def ends(text: str) -> Parts | None:
    """The likeliest of these; None where a question names no two things."""
    return next(all_ends(text), None)


def rivals(text: str) -> Parts | None:
    """Which two are to be put in order; of two that are a word or two each, it is asked who did something."""
    plain = _plainer(text)
    closed = re.sub(_OR_AFTER, "", plain, flags=re.IGNORECASE)
    found = _parted(closed, _ORDER if closed == plain else (*_LEFT_OPEN, *_ORDER))
    if found is None or max(len(part.split()) for part in (found.one, found.other)) > _FEW:
        return found
    done = re.search(_DONE_FIRST, plain, re.IGNORECASE)
    return (
        found._replace(both=done["both"]) if done and not {*done["both"].lower().split()} <= _CAME else found
    )


def row(text: str) -> tuple[str, ...]:
    """What is to be put in order behind a colon, where it is more than two things; else nothing."""
    found = re.match(_LISTED, _plainer(text), re.IGNORECASE)
    some = re.split(r"\s*[,;]\s*(?:and |or )?|\s+(?:and|or)\s+(?!.*[,;])", found["some"]) if found else []
    listed = tuple(one.strip() for one in some if one.strip())
    return listed if len(listed) > 2 else ()


def left_open(text: str) -> bool:
    """Whether it is asked which of two ways round it was: `before or after`, `or was it later`."""
    plain = _plainer(text)
    either = rf"\b{_BEFORE} or\b|\bor (?:only )?{_AFTER}\b|\b{_AFTER} or\b|\bprecede or\b|\bor precede\b"
    return re.search(f"{_OR_AFTER}|{either}", plain, re.IGNORECASE) is not None


def says_after(text: str) -> bool | None:
    """Whether it is asked if one thing was after the other, or before; None where neither is asked."""
    if found := re.search(rf"\b(?:(?P<after>{_AFTER})|{_BEFORE}|precede|predate)\b", text, re.IGNORECASE):
        return bool(found["after"])
    return None


def half(text: str) -> str:
    """A half without what only ties it to the other."""
    plain = text.strip(" ,;:—–-")
    for pattern in (_LEAD, _TAIL):
        plain = re.sub(pattern, "", plain, flags=re.IGNORECASE).strip(" ,;:—–-") or plain
    return plain


def _plainer(text: str) -> str:
    plain = text.strip(" ?!.")
    for pattern, instead in _PLAINER:
        plain = re.sub(pattern, instead, plain, flags=re.IGNORECASE).strip()
    return plain


def _parted(text: str, patterns: tuple[str, ...]) -> Parts | None:
    return next(_parts(text, patterns), None)


def _parts(text: str, patterns: tuple[str, ...]) -> Iterator[Parts]:
    for pattern in patterns:
        if found := re.search(pattern, text, re.IGNORECASE):
            groups = found.groupdict()
            yield Parts(half(groups["one"]), half(groups["other"]), (groups.get("both") or "").strip())
