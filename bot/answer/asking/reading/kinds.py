"""What kind of answer a question wants, by how it is worded. In lower case, short forms in full."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from bot.answer.asking.wording.claiming import claimed
from bot.answer.asking.wording.opening import closed, opened
from bot.answer.asking.wording.rewording import as_usual

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
    r"|astronauts?|cosmonauts?|commander|president|leader|body|bodies|organi[sz]ations?|nations?"
    r"|countr(?:y|ies)"
    r"|genius|loudmouth|idiot|clown|bloke|dude|fella|chap|lady|figure|spokes\w+|minister|director|chairman"
    r"|governments?|partners?|side|parties|party|outlet|newspaper|boss|chief|head"
)
# What goes on after something, or stops, is asked for yes or no, and not for its day.
_NOT_LASTING = (
    r"(?!.*\b(?:still|carr(?:y|ied|ying) on|continu\w+|go(?:ing)? on|went on|ke(?:ep|pt)|remain\w*|stay\w*"
    r"|stop\w*|even)\b.*\bafter\b)"
)
_MEDIUM = (
    r"app|platform|channel|social network|website|messenger|messaging app|messaging service|social media"
)
_FIRST_WORDS = r"^(?:so |and )?(?:did|was|were|had|has|is)\b"

_EMPHASIS = r"(?:(?:on earth|in the world|the hell|the heck|exactly|actually|really|ever|finally) )?"

# What a question that wants a kind has anywhere in it. The first kind that fits decides.
_WORDINGS: Mapping[Kind, tuple[str, ...]] = {
    "how long": (
        r"\bhow long (?!ago)",
        r"\bhow (?:many|much) (?:days?|weeks?|months?|years?|time|hours?)\b",
        r"\bduration\b",
        r"\bfor (?:what|which) (?:period|length|span)\b",
        r"\bhow (?:soon|quickly|fast) (?:after|did)\b",
        r"\bhow (?:much|long|many \w+) (?:later|earlier)\b",
        r"\b(?:days|weeks|months|years|time) (?:between|passed|went by|elapsed|lay)\b",
        r"\bhow old is\b",
        r"\b(?:time ?span|length of time|period of time|what (?:stretch|amount) of time|over what period)\b",
    ),
    "order": (
        r"\b(?:which|what|who)\b.*\b(?:first|1st|earlier|sooner|older)\b.*\bor\b",
        r"^(?!what\b).*\bor\b.* (?:first|1st|earlier)$",
        r"\b(?:before|prior to|after|following) or (?:only )?(?:after|following|before|prior to)\b",
        r"\b(?:before|prior to|ahead of)\b.* or because of (?:it|that|this)\b",
        r"\b(?:in )?(?:what|which) order\b",
        r"\bbefore or (?:after|only after)\b",
        r"\bafter or before\b",
        r"\b(?:before|after|when)\b.*\bor (?:\w+ ){0,4}(?:after(?:wards?)?|before(?:hand)?|later|earlier)$",
        r"\b(?:precede or follow|follow or precede|precede|predate)\b",
        r"\bin (?:the )?(?:right |correct |proper )?(?:chronological )?order\b(?! to\b)",
        r"\bwho\b.*(?<!\bthe )(?<!\bits )(?<!\btheir )\bfirst\b",
        r"\bor\b.*\b(?:first|earlier|sooner)$",
        r"\b(?:what|which) (?:happened|came|was|is) (?:first|earlier|sooner)\b",
        r"\bfirst to\b",
        r"\bsequence of\b",
        r"\b(?:which|what) (?:happened|came|was|is) (?:first|last|earlier|later|older)\b",
        (
            rf"{_FIRST_WORDS}(?! (?:much|anything|something|a lot|things?) (?:\w+ )?chang){_NOT_LASTING}"
            r".*\b(?:before|after)\b"
            r" (?!that\b|.*\b(?:said|told|asked|ordered|wanted) (?:it|so|that|them)\b)"
        ),
        rf"{_FIRST_WORDS}.*\b(?:first|earlier)\b.*\bor\b",
        r"\bor the other way (?:round|around)\b",
    ),
    "change": (
        (
            r"^(?!why\b).*\b(?:what|how|has|have|did|anything|something)\b"
            r".*\b(?:chang(?:e|ed|es)|differen(?:t|ce)|shift(?:ed)?|shifts|evolv(?:e|ed)|move over time)\b"
        ),
        r"\b(?:how|in what way|in which way)\b.*\b(?:move|moved|moving|alter|altered|slip|slipped)\b",
        r"\bwhat (?:is|was) new\b",
        r"\bsupersed",
        r"\boverturn",
        r"^what (?:has |have |had )?replaced\b",
        (
            r"^(?!(?:with |by |to |for )?(?:who|whom|whose|which)\b)"
            r".*\b(?:was|were|is|are|been|got) replaced\b"
        ),
        r"\bover time\b",
        r"\bversus\b",
        r"\bcompared? (?:to|with)\b",
    ),
    "how many": (
        r"\bhow (?:many|much|likely|often|few)\b",
        r"(?<!\ba )\bnumber of\b",
        r"\b(?:death )?toll\b",
        r"\bcount of\b",
        r"\bhow far\b",
        r"\bwhat (?:is |was )?(?:the )?(?:exact |total )?(?:amount|quantity|total|sum|count)\b",
        r"\bwhat (?:percentage|percent|share|number|figure|odds|chances?|probability)\b",
        r"\bpercent(?:age)?\b",
        r"\b(?:odds|chances)\b",
    ),
    "why": (
        r"\bwhy\b",
        r"\bhow come\b",
        r"\bwhat for\b",
        r"\breasons?\b",
        r"\breson\b",
        r"\bbecause of what\b",
        r"\bcause of\b",
        r"\bgrounds\b",
        r"\bhow so\b|^for what(?: purpose| end| reason)?\b(?! (?:date|day|month|year|time|price|sum))",
        r"\b(?:rationale|motives?|motivation|justification|pretext|excuse|reasoning)\b",
        r"\b(?:explanation|trigger) (?:for|of|behind)\b|\bwhat explanation\b",
        r"\b(?:due|owing|thanks) to what\b",
        (
            rf"\bwhat {_EMPHASIS}(?:caused|causes|led|made|prompted|drove|triggered|motivated|provoked"
            r"|sparked|spurred|pushed|forced|moved|explains|explained|brought about|brought on"
            r"|(?:lies|lay|stood) behind|stopped|prevented|went wrong)\b"
        ),
        rf"\bwhat (?:is|was) it {_EMPHASIS}that (?:caused|led|made|prompted|drove|triggered|stopped)\b",
        r"\bin response to what\b",
        r"\bwhat (?:was|is) (?:the cause|behind|to blame)\b",
        r"\bwhat excuse\b",
        r"\bto what end\b",
    ),
    "when": (
        r"^(?:\w+ )?when\b",
        r"\bwhen (?:did|was|were|is|are|will|would|could|can|might|should|does|do|has|had|exactly)\b",
        r"\b(?:what|which) (?:date|day|month|year|time)\b",
        r"^what (?:is|was|were|would be|will be) the (?:\w+ ){0,3}(?:date|day|year|month)\b",
        r"\bsince when\b",
        r"\bdates? (?:of|for|was|is|did)\b",
        r"^(?!how\b).*\b(?:launch|start|end) date\b",
        r"\bhow (?:long ago|recently)\b",
        r"\b(?:at|by|from|until) (?:what|which) (?:point|moment|stage)\b",
        r"\btiming of\b",
        r"\bon what date\b",
        r"\bwhat is the date\b",
    ),
    "where": (
        r"\bwhere\b",
        (
            r"^(?:on|in|at|from|to|via) (?:what|which) (?:social )?"
            r"(?:territory|region|place|part|planet|platform|channel|network|media|medium)\b"
        ),
        # By what something is said, and where a country is asked for as a place.
        rf"^(?:what|which) (?:{_MEDIUM})\b.* (?:on|in|via|through|from|at)$",
        rf"^(?:on|in|at|from|via|through|over) (?:what|which) (?:\w+ )?(?:{_MEDIUM})\b",
        rf"^(?:what|which) (?:{_MEDIUM})\b.*\b(?:use|post|say|write|tweet|publish|announce)(?:e?d)?\b",
        r"\b(?:what|which) (?:country|nation|planet|part of \w+)\b.*\b(?:in|at|on|from|located|situated)$",
        r"\bwhereabouts\b",
        r"\b(?:what|which) (?:place|city|site|location|spaceport|cosmodrome|continent|launch site)\b",
        r"\blocation of\b",
        r"^(?:the )?(?:\w+ )?(?:site|place|location|venue|scene) (?:of|for)\b",
        r"\bfrom which (?:launch site|place|site|location|spaceport)\b",
    ),
    "quote": (
        # "What was the state of it" asks for no words.
        (
            r"\bwhat (?:\w+ ){0,2}(?:did|does|do|has|have|had|was|were)\b"
            rf".*(?<!the )(?<!current )\b(?:{_SAYING})\b"
        ),
        (
            r"\bhow (?:did|does|has|have)\b"
            r".*\b(?:react|respond|answer|reply|comment|describe|call|take|put)\w*\b"
        ),
        (
            r"\b(?:reaction|response|reply|statement|words|quote|comment|remark|wording|line)s?"
            r" (?:of|from|by|to|on|about)\b"
        ),
        (
            r"\b(?:what|which) (?:\w+ )?(?:words?|wording|terms?|label|phrase|expression|adjective|metaphor"
            r"|image|insult)\b"
        ),
        r"\bwhat (?:is|was|were) (?:\S+ ){0,3}(?:lines?|quotes?|words|phrase|comments?|remarks?|message)\b",
        # With "did" left out, and as it is told: "what he said", "how he called it".
        r"\bwhat (?:\w+ ){1,3}(?:said|says|wrote|tweeted|replied|answered)\b",
        r"^how (?:\w+ ){1,3}(?:called|described|reacted|responded|answered|replied|commented|praised)\b",
        (
            r"\bhow (?:did|does|has|have) .*\b(?:word|worded|phrase|phrased|praise|praised|justif\w+"
            r"|defend\w*|explain\w*)\b"
        ),
        r"\baccording to\b",
        r"\bexact (?:words|wording|line|quote)\b",
        r"\bquot(?:e|ed|ation)\b",
        r"\bword for word\b",
        r"\bverbatim\b",
    ),
    "who": (
        r"\bwho\b",
        r"\bwhom\b",
        r"\bwhose\b",
        rf"\b(?:(?:what|which)|names? of(?: the)?|name the) (?:\w+ )?(?:{_PEOPLE})\b",
        r"\bby whom\b",
    ),
    "status": (
        r"\bstate of play\b",
        r"\bwhat (?:is|was|comes|happens) next\b",
        r"\b(?:position|stance|attitude)\b",
        r"\b(?:state|status|stauts|situation|fate|latest|outlook|future|progress|standing)\b",
        r"\bwhere (?:do|does|did) .* stand\b",
        (
            r"\bwhat (?:\w+ly )?(?:became|has become|will become|happened|is happening|is going on"
            r"|was going on|is up|is (?:up|the (?:deal|story|score|word|plan now|matter|update|news))|now)\b"
        ),
        r"\bwhatever (?:became|happened)\b",
        r"\bhow (?:is|are|was|were) .* (?:doing|going|standing|faring|looking|shaping up|coming along)\b",
        r"\bhow (?:do|does|did) (?:it|things|matters|that|this|all that) (?:look|stand|go|end)\b",
        r"\bhow (?:is|are|was|were) (?:it|things|everything|stuff|matters)\b(?! (?:possible|that)\b)",
        r"\b(?:any|what) (?:news|updates?|progress|developments?)\b|^(?:an )?updates? (?:on|about|of)\b",
        r"\bhow did .* (?:end|end up|turn out|work out|pan out|go)$",
    ),
}
# These win over the word that a question begins with, and the latter two even over yes or no.
_EARLY: tuple[Kind, ...] = ("how long", "order", "change")
_EVEN_OF_WHETHER: tuple[Kind, ...] = ("order", "change")

_WHETHER = (
    r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|might|must)\b"
    r"|(?:(?:is|was) it )?(?:really )?(?:true|right|correct|the case) (?:that|if)|any chance\b"
)
# Whether something is over, or goes on: that is how things stand, and not yes or no alone.
_STANDING = (
    r"(?:is|are|has|have|was|were)\b(?!.*\b(?:before|after)\b).*\b(?:dead|alive|over|off|on|cancell?ed"
    r"|a thing|finished|doomed|done for|going ahead|happening|still on|scrapped|history|called off|been ended"
    r"|been terminated)"
    r"(?: (?:now|yet|today|any ?more|any longer|at all|for good|for now|again|then|currently))*"
    r"(?: or (?:is it |are they )?(?:just |still |only |not |merely )*\w+)?$"
)
_A_WISH = r"(?:can|could|would|will) (?:you|u)\b"  # "can you write me a poem"
_COME_OF = r"(?:did|has|have) (?:anything|something|nothing|much) (?:\w+ )?(?:come|came|become) (?:out )?of\b"
_TO_COME = r"will\b|is .* going to\b|are .* going to\b|can .* still\b"
_WHERE_IT_STANDS = (
    r"\bwhere (?:do|does|did) .*\bstand\b|\bwhere does (?:that|this|it|all this) leave\b"
    r"|\bwhere (?:are|were) (?:we|things|matters)\b"
)
# How far something has come; not how far it is from here to there, or how far somebody drove.
_HOW_FAR = (
    r"\bhow far (?:along|advanced)\b"
    r"|\bhow far (?:is|are|was|were)\b(?!.*\b(?:from|away|off|to|apart|below|above)\b)"
    r"|\bhow far (?:has|have|had|did)\b.*\b(?:come|got|gotten|gone|get|progressed)\b"
)
_LEADING = r"(?:(?:on|in|at|by|from|with|to|for|of|and|so|since) )?(who|whom|whose|when|where|why)\b"
_LEADS: Mapping[str, Kind] = {
    "who": "who",
    "whom": "who",
    "whose": "who",
    "when": "when",
    "where": "where",
    "why": "why",
}


def bare(text: str) -> str:
    """A question in the usual words, without those that only open it, or close it."""
    return closed(as_usual(claimed(opened(text))))


def is_whether(low: str) -> bool:
    """Whether a question may be answered by yes or no."""
    return re.match(_WHETHER, low) is not None and not re.match(_A_WISH, low)


def how_far(low: str) -> bool:
    """Whether it is asked how far something has come."""
    return re.search(_HOW_FAR, low) is not None


def kind_of(low: str) -> Kind:
    """The kind of answer that a question wants."""
    if re.match(_STANDING, low) or re.match(_TO_COME, low) or re.match(_COME_OF, low):
        return "status"
    if re.search(_WHERE_IT_STANDS, low) or how_far(low):
        return "status"
    if is_whether(low):
        return _worded(low, _EVEN_OF_WHETHER) or "whether"
    if early := _worded(low, _EARLY):
        return early
    if found := re.match(_LEADING, low):
        return _LEADS[found[1]]
    return _worded(low, _WORDINGS) or "what"


def _worded(low: str, kinds: Iterable[Kind]) -> Kind | None:
    """The first of these kinds that a question is worded for."""
    return next((kind for kind in kinds if _compiled()[kind].search(low)), None)


@lru_cache(maxsize=1)
def _compiled() -> dict[Kind, re.Pattern[str]]:
    return {kind: re.compile("|".join(wordings)) for kind, wordings in _WORDINGS.items()}
