"""What is written short, in full: `b4` is before, `gonna` is going to, and "launch date" asks what date."""

import re
from functools import lru_cache

from bot.answer.asking.language.english import english

_LEAST = 3  # words of a question that stands without its afterthought

# What is typed behind a question, and asks nothing more: "..., some press officer?", "... or is that spin".
_AFTERTHOUGHT = (
    r"(?:\s*[?,;–—]\s*|\s+-\s+|\s*\.{2,}\s*)"
    r"(?:(?:some|like|not|maybe|perhaps|probably|surely|say) (?:[\w'-]+ ?){1,5}"
    r"|(?:i|we) (?:guess|think|thought|assume|presume|suppose|bet|imagine|hope|believe|forgot|ask|wonder)\b.*"
    r"|(?:\w+ )?i (?:guess|think|assume|presume|suppose|bet|imagine|hope)"
    r"|or (?:is|was) (?:it|that|this) (?:just |only |all |all just )?\w+(?: \w+)?"
    r"|(?:just|only|simply) (?:curious|asking|wondering|checking)\b.*"
    r"|(?:asking )?for (?:a|an|my|some|our) (?:\w+ ){0,2}(?:project|homework|friend|essay|paper|class|school"
    r"|report|quiz|presentation|article|talk|mum|mom|dad|kid|son|daughter)\b.*"
    r"|(?:be )?honest(?:ly)?|seriously|roughly|exactly|precisely|anyone|anybody|if any|names? please"
    r"|lost track"
    r"|(?:in|with) (?:a few|few|short|plain|simple|one) \w+(?: please)?|remind me|help me out"
    r"|no idea|any idea|any clue|tell me|please|thanks?(?: you)?|pls|lol|right|correct|yes|no|yeah|huh|eh"
    r"|innit|really)\s*[?.!]*$"
)
_ASKED = r"(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|will|can)"
_NO_VERB = rf"^(?!.*\b(?:{_ASKED}|would|could|should|be|been)\b)"
# Words by which whoever types no verb says what is wanted, behind what it is of, and what asks for that.
_LAST_WORDS = (
    (r"(?P<of>.+) (?:date|dates|when)", "when {of}"),
    (r"(?P<of>.+) (?P<unit>year|month|day)", "what {unit} {of}"),
    (r"(?P<of>.+) (?:reasons?|cause|causes|motive|rationale|why)", "why {of}"),
    (r"(?:reasons?|cause|causes|motive|rationale) (?:of |for |behind )?(?P<of>.+)", "why {of}"),
    (r"(?:date|dates) (?:of |for )?(?P<of>.+)", "when {of}"),
    (r"(?P<of>.+) (?:location|whereabouts|where)", "where {of}"),
    (r"(?P<of>.+) (?:number|count|total)", "how many {of}"),
    (r"(?P<one>.+) or (?P<other>.+) (?:first|earlier|sooner)", "which came first, {one} or {other}"),
)


def to_the_point(text: str) -> str:
    """A question without an afterthought, and asked in so many words where it has no verb."""
    shorter = re.sub(_AFTERTHOUGHT, "", text, flags=re.IGNORECASE)
    if len(shorter.split()) < _LEAST:
        shorter = text
    bare = shorter.strip(" ?!.")
    if re.match(_NO_VERB, bare, re.IGNORECASE):
        for pattern, asked in _LAST_WORDS:
            if found := re.fullmatch(pattern, bare, re.IGNORECASE):
                return asked.format(**found.groupdict())
    return shorter


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
