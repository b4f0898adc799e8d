"""What kind of answer a question wants, by how it is worded. In lower case, short forms in full."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

Kind = Literal[
    "when", "who", "how many", "how long", "why", "where", "whether", "order", "change", "quote", "status",
    "what",
]  # fmt: skip

_SAYING = (
    r"say|said|tell|told|write|wrote|tweet\w*|claim\w*|announc\w*|think|thought|argue\w*|state|stated|comment\w*"
    r"|post|posted|call|called|answer\w*|promis\w*|react\w*|respond\w*|reply|response|threaten\w*|declar\w*"
    r"|accus\w*|suggest\w*|demand\w*|expect\w*|warn\w*|describe\w*|put it"
)
_PEOPLE = (
    r"person|people|man|woman|guy|agency|agencies|company|companies|firm|firms|politicians?|officials?"
    r"|astronauts?|cosmonauts?|commander|president|leader|body|bodies|organi[sz]ations?|nations?|countr(?:y|ies)"
    r"|governments?|partners?|side|parties|party|outlet|newspaper|boss|chief|head"
)

# The first that fits decides.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("how long",
     r"\bhow long (?!ago)|\bhow (?:many|much) (?:days?|weeks?|months?|years?|time|hours?)\b|\bduration\b"
     r"|\bhow (?:soon|quickly|fast) (?:after|did)\b|\bhow (?:much|long|many \w+) (?:later|earlier)\b"
     r"|\b(?:days|weeks|months|years|time) (?:between|passed|went by|elapsed|lay)\b|\bhow old is\b"),
    ("order",
     r"\b(?:which|what|who)\b.*\b(?:first|earlier|sooner|older)\b.*\bor\b|\b(?:in )?(?:what|which) order\b"
     r"|\bbefore or (?:after|only after)\b|\bafter or before\b|\bwho\b.*\bfirst\b|\bfirst to\b|\bsequence of\b"
     r"|\b(?:which|what) (?:happened|came|was|is) (?:first|last|earlier|later|older)\b"
     r"|^(?:so |and )?(?:did|was|were|had|has|is)\b.*\b(?:before|after)\b (?!that\b)"
     r"|^(?:so |and )?(?:did|was|were|had|has|is)\b.*\b(?:first|earlier)\b.*\bor\b|\bor the other way (?:round|around)\b"),
    ("change",
     r"\b(?:what|how|has|have|did|anything|something)\b.*\b(?:chang(?:e|ed|es)|differen(?:t|ce)|shift(?:ed)?|shifts"
     r"|evolv(?:e|ed)|move over time)\b|\bwhat (?:is|was) new\b|\bsupersed|\boverturn|\breplac(?:e|ed)\b|\bover time\b"
     r"|\bversus\b|\bcompared? (?:to|with)\b"),
    ("how many",
     r"\bhow (?:many|much|likely|big|large|high|often|far|few|strong)\b|\bnumber of\b|\bcount of\b"
     r"|\bwhat (?:percentage|percent|share|number|figure|odds|chances?|probability)\b|\bpercent(?:age)?\b"
     r"|\b(?:odds|chances)\b"),
    ("why",
     r"\bwhy\b|\bhow come\b|\bwhat for\b|\breasons?\b|\breson\b|\bbecause of what\b|\bcause of\b|\bgrounds\b"
     r"|\bwhat (?:caused|led to|made|prompted|drove|triggered|motivated)\b|\bin response to what\b"
     r"|\bwhat (?:was|is) (?:the cause|behind|to blame)\b|\bwhat excuse\b|\bto what end\b"),
    ("when",
     r"^(?:\w+ )?when\b|\bwhen (?:did|was|were|is|are|will|would|could|can|might|should|does|do|has|had|exactly)\b|\b(?:what|which) (?:date|day|month|year|time)\b|\bsince when\b|\bdates? (?:of|for|was|is|did)\b"
     r"|\b(?:launch|start|end) date\b|\bhow long ago\b|\bon what date\b|\bwhat is the date\b"),
    ("where",
     r"\bwhere\b|^in (?:what|which) (?:territory|region|place|part)\b|\b(?:what|which) (?:place|city|site|location|spaceport|cosmodrome|continent|launch site)\b"
     r"|\blocation of\b|\bfrom which (?:launch site|place|site|location|spaceport)\b"),
    ("quote",
     rf"\bwhat (?:\w+ ){{0,2}}(?:did|does|do|has|have|had|was|were)\b.*\b(?:{_SAYING})\b"
     r"|\bhow (?:did|does|has|have)\b.*\b(?:react|respond|answer|reply|comment|describe|call|take|put)\w*\b"
     r"|\b(?:reaction|response|reply|statement|words|quote|comment|remark|wording|line)s? (?:of|from|by|to|on|about)\b"
     r"|\bwhat (?:\w+ )?(?:words?|terms?|label|phrase|expression)\b"
     r"|\baccording to\b|\bexact (?:words|wording|line|quote)\b|\bquot(?:e|ed|ation)\b|\bword for word\b"),
    ("who", rf"\bwho\b|\bwhom\b|\bwhose\b|\b(?:what|which) (?:\w+ )?(?:{_PEOPLE})\b|\bby whom\b"),
    ("status",
     r"\bstate of play\b|\b(?:state|status|stauts|situation|fate|latest|outlook|future|progress)\b|\bwhere (?:do|does|did) .* stand\b"
     r"|\bwhat (?:became|has become|happened|is happening|is going on|was going on|is up|is the deal)\b"
     r"|\bwhatever (?:became|happened)\b|\bhow (?:is|are|was|were) .* (?:doing|going|standing)\b"),
)  # fmt: skip
_WHETHER = (
    r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|might|must)\b"
    r"|(?:(?:is|was) it )?(?:really )?(?:true|right|correct|the case) (?:that|if)|any chance\b"
)
_OPENERS = (
    r"^(?:(?:so|and|but|ok|okay|hey|well|wait|hi|hello|please|guys|um|er|then|now|yo|also|or)\b[\s,]*)+"
    r"|^(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody) (?:please )?(?:tell me|say|explain)[\s,]*"
    r"|^(?:do you know|does anyone know|tell me|i wonder|i would like to know|any idea)[\s,]*"
)


_STANDING = (
    r"(?:is|are|has|have|was|were)\b(?!.*\b(?:before|after)\b).*\b(?:dead|alive|over|off|on|cancell?ed|finished|doomed|done for|going ahead"
    r"|happening|still on|scrapped|history|called off|been ended|been terminated)$"
)
_LEADING = r"(?:(?:on|in|at|by|from|with|to|for|of|and|so|since) )?(who|whom|whose|when|where|why)\b"
_LEADS: Mapping[str, Kind] = {
    "who": "who", "whom": "who", "whose": "who", "when": "when", "where": "where", "why": "why",
}  # fmt: skip


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


def bare(text: str) -> str:
    """A question without the words that only open it."""
    for _ in range(3):
        shorter = re.sub(_OPENERS, "", text, flags=re.IGNORECASE).strip()
        if not shorter or shorter == text:
            break
        text = shorter
    return text


def is_whether(low: str) -> bool:
    """Whether a question may be answered by yes or no."""
    return re.match(_WHETHER, low) is not None


def kind_of(low: str) -> Kind:
    """The kind of answer that a question wants."""
    if re.match(_STANDING, low) or re.search(r"\bwhere (?:do|does|did) .*\bstand\b", low):
        return "status"
    if is_whether(low):
        first = next((kind for kind, pattern in _compiled()[1:3] if pattern.search(low)), None)
        return first or "whether"
    early = next((kind for kind, pattern in _compiled()[:3] if pattern.search(low)), None)
    if early:
        return early
    if found := re.match(_LEADING, low):
        return _LEADS[found[1]]
    return next((kind for kind, pattern in _compiled() if pattern.search(low)), "what")
