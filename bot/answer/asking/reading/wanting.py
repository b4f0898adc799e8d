"""The words of a question that say what kind of answer it wants, and no more: `date` of "what date"."""

import re
from collections.abc import Mapping, Sequence

from bot.answer.asking.language.lexicon import GRAMMAR, Term
from bot.answer.asking.language.words import Word, listed, stem
from bot.answer.asking.reading.kinds import Kind

PLANNING = frozenset(
    map(
        stem,
        listed(
            """
            plan planned planning schedule scheduled supposed meant intended set due expected likely
            originally initially intend hoped hope confident would should original might could may
            """
        ),
    )
)
"""The stems of words by which it is asked for what was to be."""

SAYING = listed(
    """
    say said says saying tell told write wrote written tweet tweeted claim claimed announce announced think
    thought state stated comment commented post posted call called answer answered react reacted respond
    responded reply replied response reaction line words word quote quoted according exact statement remark
    put use used
    """
)
"""Words by which it is asked for what somebody said."""

MINDED = listed(
    """
    think thinks believe believes believed believing afraid fear fears feared worry worried worries want wants
    wanted wanting wish wished willing expecting hoping hopes
    """
)
"""Words by which it is asked what somebody had in mind, which need not have come."""

INTERROGATIVE = listed("what how which when who why where whose whom whatever")

_ANYWHERE = listed(
    """
    word words phrase literally number name english date reason reasons duration exact exactly wording
    grounds according
    """
)
_AFTER_WHAT = listed(
    """
    date day month year yr time place city location number figure person people body organisation organization
    long many much soon old far often side party kind sort type name names exactly
    """
)
_OF_A_KIND: Mapping[Kind, frozenset[str]] = {
    "how many": listed("number count total figure share percentage percent many"),
    "how long": listed(
        "time elapsed passed between days weeks months years duration hold held last lasted go going"
    ),
    "order": listed("first came come happened earlier later older before after sequence last sooner order"),
    "change": listed(
        """
        changed change changes difference different shifted shift shifts move moved time superseded supersede
        overturned new evolved between compared happened alter altered alters mere
        versus contrast
        """
    ),
    "quote": SAYING,
    "status": listed(
        """
        position stance attitude next ever state status situation fate became become happened happening going
        stand latest standing present current outlook future progress look looking far along
        """
    ),
    "when": listed("start started begin began begun occur occurred held happen happened place take took"),
    "why": listed(
        """
        reason reasons cause caused grounds given gave give led made prompted excuse justification rationale
        motive motives motivation explanation pretext trigger reasoning argument drove pushed
        """
    ),
    "who": listed("name names named record"),
    "where": listed(
        """
        located location situated lie lies lying found stand social network platform media site website
        """
    ),
}
_WEAK = {"became of", "become of"} | listed(
    """
    use used have had has get gets got give gives gave put take takes took go goes went come comes came
    turn turns turned stand keep keeps kept want need try let see show work
    """
)
# What is not done in the story, but by those who read it: "what did we learn".
_MISSED, _READERS = listed("miss missed learn learnt learned know hear heard"), listed("i we you")
_AUXILIARY = GRAMMAR | listed("due supposed able likely")
# What only says that the last of it is asked for.
_LASTLY = frozenset(("in the end", "ultimately", "at last", "at the end of the day"))
_AT_LARGE = frozenset(("state of play", "state of affairs", "lay of the land"))  # of nothing else
_COMING = ("go", "went", "come", "came", "get", "got", "be", "is", "was", "are", "were", "turn")
_LITTLE_NUMBERS = frozenset(("2", "3"))  # "which two", "the three of them"

ASKING_WORDS = frozenset().union(_ANYWHERE, _AFTER_WHAT, *_OF_A_KIND.values()) | {"government", "agency"}
"""Words that say what kind of answer is wanted; they may be misspelt, too."""

CRAFT = frozenset(("craft", "thing"))
"""The kinds of names that a craft may have; the one that is asked for may stand in the question."""

# What a class of names is called, and the kinds of names that belong to it.
_CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        (
            r"compan(?:y|ies)|firms?|contractors?|agenc(?:y|ies)|organi[sz]ations?|bod(?:y|ies)|outlets?"
            r"|newspapers?"
        ),
        frozenset(("body",)),
    ),
    (r"countr(?:y|ies)|nations?|governments?", frozenset(("country", "body"))),
    (
        (
            r"persons?|people|man|woman|politicians?|president|astronauts?|cosmonauts?|commander|boss|chief"
            r"|official|genius|loudmouth|idiot|clown|bloke|dude|fella|chap|lady|spokes(?:man|woman|person)|chairman"
        ),
        frozenset(("person",)),
    ),
    (
        (
            r"spacecraft|spaceship|craft|rocket|probe|launcher|devices?|machines?|vehicles?|telescopes?"
            r"|platforms?|app|website|channel"
        ),
        CRAFT,
    ),
    (
        r"place|city|cities|site|location|spaceport|cosmodrome|continent|territory|region",
        frozenset(("place", "country")),
    ),
    (r"gadgets?|diseases?|illness", frozenset(("thing", *CRAFT))),
)
# These tell more than that a name is wanted: of missions, not all that has a name is one.
_NARROWER: tuple[tuple[str, frozenset[str]], ...] = (
    (
        r"satellites?|missions?|flights?|launches|programmes?",
        CRAFT | {"mission"},
    ),
    (r"telescopes?|landers?|orbiters?|rovers?|vehicles?", frozenset(("craft",))),
    (r"planets?|moons?", frozenset(("place",))),
)
_ANY_CLASS = "|".join(pattern for pattern, _ in _CLASSES)
_OF_A_CLASS = (
    r"\b(?:which|what|whose|name the|names? of the|names of) (?!(?:kind|type|sort)s? of\b)"
    r"(?:(?!(?:did|does|do|has|have|had|will|would|can|could)\b)\w+ ){0,2}?"
)
_SEVERAL = (
    r"(?:one|(?:\w+ ){0,2}(?:partners?|members?|participants?|makers?|builders?|owners?|sides?|parties"
    r"|sponsors?|suppliers?|rivals?|players?|founders?)\b)"
)
_A_PERSON = (
    rf"(?:and |so )?who(?:m| is| was| are| were) the (?!{_SEVERAL})"
    r"|(?:and )?who (?:commanded|led|headed|chaired|ran|leads|heads|commands)\b"
)
_WHO_TELLS = (
    r"(?:and |so |but )?who(?: \w+)? (?:say|said|tell|told|inform|informed|write|wrote|tweet|tweeted"
    r"|claim|claimed|announce|announced|state|stated|declare|declared|report|reported|reveal|revealed|assure|assured"
    r"|confirm|confirmed|break the news|broke the news)\b"
)
_TELLING = listed("say said tell told inform informed show showed announce announced assure assured let")
_AUDIENCE = listed("world public everyone everybody people press media reporters journalists")
_NAMING = r"\bnames? of\b|^name the\b"

_MEASURED = (
    r"\bwhat (?:is|was|were|are) (?:the |its |his |her |their )?(?:\w+ ){0,2}?"
    r"(?:budgets?|costs?|prices?|weight|mass|height|length|width|size|speed|distance|temperature|population"
    r"|age|salary|turnover|revenue)\b(?! (?:cuts?|overruns?|limits?|of doing))"
)
_SOMEBODY = (
    r"\bwho\b|\bwhom\b"
    r"|^whose (?:call|idea|decision|choice|doing|fault|job|order|responsibility|initiative|plan)\b"
)
# "What was the boat to do" asks for none of its names.
_OF_ITSELF = (
    r"\bwhat (?:is|are|was|were|has|had) (?:the|its|his|her|their|this|that|those|these|a|an) (?:\w+ ){1,3}?"
    r"(?:supposed|meant|going|doing|due|to|made|built|about|like|for|able|designed|intended|looking|planned"
    r"|expected|after|up|saying|thinking|hoping|waiting|working|achieved|found|discovered|delivered|missing)\b"
)
_ANY_NAME = (
    r"^what (?:is|was|are|were) (?!it\b|that\b|this\b).* called$"
    r"|\bnames? of\b|\bnamed\b|\bwhat (?:is|was) the name\b|\bnames\b"
)


def wanted(low: str, kind: Kind) -> frozenset[str]:
    """The kinds of names of which one has to be in the answer; none where any answer will do."""
    if kind == "whether":
        return frozenset()
    if re.search(_OF_ITSELF, low):
        return frozenset()
    for pattern, kinds in (*_CLASSES, *_NARROWER):
        if re.search(rf"{_OF_A_CLASS}(?:{pattern})\b", low):
            return kinds
    if re.match(_A_PERSON, low):
        return frozenset(("person",))
    if kind == "who" and re.search(_SOMEBODY, low):
        return frozenset(("person", "body", "country"))
    if re.search(_ANY_NAME, low):
        return frozenset(("person", "body", "craft", "mission", "thing", "place"))
    return frozenset(("place", "country", "craft", "thing")) if kind == "where" else frozenset()


def several(low: str) -> bool:
    """Whether several are asked for: "which missions"."""
    patterns = (pattern for pattern, _ in (*_CLASSES, *_NARROWER))
    found = (re.search(rf"{_OF_A_CLASS}({pattern})\b", low) for pattern in patterns)
    return any(one and one[1].endswith("s") for one in found)


def naming(low: str) -> bool:
    """Whether the names of some are asked for, of whom others may tell."""
    return re.search(_NAMING, low) is not None


def tells(low: str) -> bool:
    """Whether it is asked who said something."""
    return re.match(_WHO_TELLS, low) is not None


def measured(low: str) -> bool:
    """Whether it is asked how much something is, by what is measured: "what was the weight of it"."""
    return re.search(_MEASURED, low) is not None


def is_class(low: str) -> bool:
    """Whether it is what a class of names is called: `rocket` of "which rocket"."""
    return re.fullmatch(_ANY_CLASS, low) is not None


def is_asked_for(word: str, kind: Kind) -> bool:
    """Whether a word only says what a kind of question asks for."""
    return word in _OF_A_KIND.get(kind, ())


def only_asks(term: Term, places: set[int]) -> bool:
    """Whether a term only says what kind of answer is wanted."""
    words = {*term.low.split()}
    if (stem(term.low) in PLANNING and len(words) == 1) or term.low in _LITTLE_NUMBERS:
        return True
    if term.name:
        return False
    if term.low in _LASTLY | _AT_LARGE:
        return True
    if words > {"against"}:
        return False  # to be against something is an opinion
    return bool(words & INTERROGATIVE) or words <= _AUXILIARY or term.low in _WEAK or term.at in places


def _before_a_deed(behind: Sequence[Word]) -> bool:
    """Whether "to" stands here and says of what: "meant to explore", but not "meant to do"."""
    return len(behind) > 1 and behind[0].low == "to" and behind[1].low not in {"do", "be"}


def asking(words: Sequence[Word], kind: Kind) -> set[int]:
    """The places of the words that only say what kind of answer is wanted."""
    found: set[int] = set()
    for at, word in enumerate(words):
        before = words[at - 1].low if at else ""
        lately = {one.low for one in words[max(0, at - 2) : at]}
        if (
            word.low in _ANYWHERE
            or is_asked_for(word.low, kind)
            or (word.low in _MISSED and before in _READERS)
            or ((word.stem in PLANNING or word.low == "going") and _before_a_deed(words[at + 1 : at + 3]))
            or (before in {"what", "which", "how", "whose"} and word.low in _AFTER_WHAT)
            or (lately & {"what", "which", "whose"} and re.fullmatch(_ANY_CLASS, word.low))
            or (word.low in _AUDIENCE and lately & _TELLING)
            # "Pushed back" is said of any delay; to go back, or to be back, is not.
            or (word.low == "back" and at and not before.startswith(_COMING) and at + 1 == len(words))
        ):
            found.add(at)
    return found
