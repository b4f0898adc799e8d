"""A question that is worded in another way than usual, as it is usually worded: `launch when?`."""

import re

_WH = r"(?:what|which|who|whom|whose|when|where|why|how)"
_AUX = r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|shall|might|may|must|am)"
_BY = r"(?:by|from|since|to|for|with|until|at|on|in|of|till|after|before|as|about|than|because of)"
# Where a question begins as one does, what stands at its end asks for nothing.
_NO_QUESTION = rf"^(?!(?:{_BY} )?(?:{_WH}|{_AUX}|the only|not)\b)"
_DAY = r"(?:date|day|month|year)"
_SAID = (
    r"(?:said|say|says|told|wrote|writes|tweeted|tweets|posted|claimed|claims|replied|answered|announced"
    r"|meant)"
)
_OVER = (
    r"(?:still (?:on|alive|happening|going(?: on| ahead)?|a thing|[\w-]+)"
    r"|dead(?: or alive)?|over|cancell?ed|finished|scrapped)"
)
_REMARK = (
    r"(?:like|some|maybe|perhaps|probably|surely|seriously|honestly|roughly|approximately|presumably|allegedly"
    r"|supposedly|just|right|right now|if anyone|if anybody|if any|be honest|no offence|then|though|actually"
    r"|really)|(?:\w+ )?i (?:bet|guess|think|suppose|mean|assume|heard|forgot|forget|wonder|presume)"
    r"|(?:was|is|were|are|did|does|do|has|have|had) (?:it|that|they|he|she)"
)
_DOING = "call|idea|decision|choice|doing|fault|job|order|responsibility|initiative|plan"
_CHIEF = r"(?:head|boss|chief|leader|director|ceo|commander|president|chairman|administrator)"
_DOER = rf"(?:{_CHIEF}|manufacturer|builder|maker|author|owner|inventor|founder|designer|sponsor)"
_AGAIN = r"(?<=\w), (?:you know,? )?the ones? (?:that|which|who|whom|whose|the|he|she|they|with|we|from)\b"
_TO_BE = r"(?:supposed|meant|due|planned|scheduled|set|intended|expected)"
_ASKED_LAST = (
    rf"(?:{_BY} )?(?:since when|how (?:long|much|many|come|so)|when|where|why|who|whom)(?: exactly)?"
)
_NO_VERB = rf"(?!.*\b(?:{_AUX}|{_SAID}|{_WH})\b)"

_NO_STATE = r"(?!.*\b(?:state|status|stance|latest|plans?)\b)"
_UNTIL_NOW = r"(?:now|so far|by now|already|to date|today|in all)"

# What is written otherwise, and how it is usual: one after the other.
_USUAL: tuple[tuple[str, str], ...] = (
    # Of more than one sentence, the one that asks counts: "who was it? I heard it was Ann".
    (rf"^((?:{_BY} )?(?:{_WH}|{_AUX})\b[^?]*\w{{3}}[^?.]*)[?.] +[a-z].*$", r"\1"),
    # What only describes again what was named: "where is the arm, the one they may not touch".
    (rf",? (?:i ?e|i\.e\.?),? .*$|{_AGAIN}.*$", ""),
    # A guess, or a remark, behind a comma: "how many were there, like fifty".
    (rf"^((?:{_BY} )?(?:{_WH}|{_AUX})\b.*\w),+ (?:{_REMARK})\b[^,]*$", r"\1"),
    (
        r",? (?:and )?why (?:should|would|do|does|did) (?:i|we|you|one|anyone) (?:even |really )?care$",
        "",
    ),
    (r"(?:^|(?<=\s))#\s*(?=of\b)", "number "),
    (r"^(?:the )?(?:nr|no|num|numbers|amount|quantity|tally)\.? of\b", "number of"),
    (r"\b(?:amount|quantity|tally) of\b", "number of"),
    (r"\b1st\b", "first"),
    (
        r"\b(?:prior to|earlier than|ahead of) or (?:following|after|later than|subsequent to)\b",
        "before or after",
    ),
    (r"^(?:for|over|during) what (?:period|length|stretch|span)(?: of time)?\b", "how long"),
    # "The date of the launch", "launch date", "launch when". Who asks for a date may be told a year.
    (r"^(?:the )?(?:date|time) (?:of|for|when|that|on which|in which)\b(?! \w+ to\b)", "when"),
    (
        rf"^(?:the )?(?:(?:exact|precise) )?({_DAY}) (?:of|for|when|that|on which|in which)\b(?! \w+ to\b)",
        r"what \1",
    ),
    (rf"^(?:the )?({_DAY}) (?!(?:{_AUX}|\d\w*|before|after|when|of|it)\b)(?=\w+ \w+)", r"what \1 "),
    (rf"{_NO_QUESTION}(?!\w+ (?:{_AUX})\b)(?!.*\b(?:exact|precise) date$)(.+?),? date$", r"when \1"),
    (rf"{_NO_QUESTION}(?!\w+ (?:{_AUX})\b)(.+?),? (?:(?:exact|precise) )?({_DAY})$", r"what \2 \1"),
    (rf"{_NO_QUESTION}(.+?)[\s,:;—–-]+({_ASKED_LAST})$", r"\2 \1"),
    (rf"{_NO_QUESTION}(.+?),? name$", r"name of the \1"),
    (r"^list(?: of)?(?: all)?(?: of)?(?: the)? ", "name the "),
    (r"^name(?: (?:all|me))?(?: of)? the (?=(?:day|month|year|date)\b)", "what "),
    # What somebody said, with the verb before the question, or "did" left out.
    (rf"{_NO_QUESTION}(.+?) ({_SAID}) (?:exactly )?what\b", r"what did \1 say"),
    (
        rf"{_NO_QUESTION}(.+?),? what (?:did |does |do )?(he|she|they) (?:say|said|says|write|wrote)$",
        r"what did \2 say \1",
    ),
    (rf"^what ({_SAID}) (?!(?:by|about|to|in|on|that|when|there)\b)(\w+)\b", r"what did \2 say"),
    (r"^what (did|does|do) (.+?) make of\b", r"what \1 \2 think of"),
    # Who or how many, by a noun alone.
    (rf"^(?:the )?({_DOER}) of {_NO_VERB}", r"who is the \1 of "),
    (rf"{_NO_QUESTION}{_NO_VERB}(?!.*\b(?:of|by|to)\b)(.+?) ({_CHIEF})$", r"who is the \1 \2"),
    (rf"{_NO_QUESTION}{_NO_VERB}(?!.*\bof\b)(.+?) (?:count|tally|total|number)$", r"number of \1"),
    # How it stands, without a verb.
    (rf"{_NO_QUESTION}{_NO_STATE}((?:\S+ ){{0,5}}\S+?),? ({_OVER})(?: now| yet| today)?$", r"is \1 \2"),
    # Who runs it leads it, whose decision it was did it, and where something leaves it is how it stands.
    (rf"^whose (?:{_DOING}) (?:is|was) it to (?:\w+ly )?(\w+)", r"who did \1"),
    (r"^who (?:(?:is|was) (?:\w+ly )?(?:running|leading|heading|chairing)|runs|chairs) ", "who leads "),
    (
        r"^where (?:does|did) (?:that|this|it all|all this|all that|it) leave (?:us )?(?:with )?",
        "what is the state of ",
    ),
    (rf"^((?:for |since )?how long (?:has|have|is|are)\b.*) {_UNTIL_NOW}$", r"\1"),
    # For which of several plans it is asked, and not what came in between.
    (
        rf"^((?:when|what {_DAY}|which {_DAY})\b.*\b{_TO_BE}\b.*?),? (?:before|until|till|prior to)\b.*$",
        r"\1",
    ),
)


def as_usual(text: str) -> str:
    """A question in the usual words; as it is, where it has them."""
    text = text.strip(" ?!.")
    for pattern, usual in _USUAL:
        text = re.sub(pattern, usual, text, count=1, flags=re.IGNORECASE).strip(" ?!.,") or text
    return text
