"""What only opens a question, or closes it: `so, any idea when …`, `… back in the day`."""

import re

_WH = r"(?:what|which|who|whom|whose|when|where|why|how|whether|if)\b"
_AUX = r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could)\b"
_SOMEBODY = r"(?:you|u|anyone|anybody|someone|somebody)"
_OPENERS = (
    r"^(?:(?:so|and|but|ok|okay|hey|well|wait|hi|hello|please|guys|um|er|then|now|yo|also|or|hang on|hold on"
    r"|basically|alright|anyway|anyways"
    r"|look|listen|sorry|lol|honestly|seriously|quick question|question|one more thing|one more question"
    r"|just curious|out of curiosity|just wondering|real quick)\b[\s,:;.!—–-]*)+"
    # What only says that somebody wants to know, before what that is.
    rf"|^(?:(?:do|does|did) (?:we|they|{_SOMEBODY}) (?:\w+ )?know|anyone know|who knows"
    r"|any (?:idea|ideas|clue|word|news|information|details?|hint|thoughts?)"
    r"|i (?:do not|don't|cannot|can't|am not sure i) (?:really |quite )?"
    r"(?:get|understand|know|see|remember|recall)"
    r"|(?:i am|i'm|im|we are)?(?: just| still| also)? ?"
    r"(?:wondering|curious|interested|not sure|trying to \w+(?: out)?)"
    r"|what i (?:\w+ )?want to know is|my question is|help me \w+"
    r"|is it (?:\w+ )?(?:known|clear|told|said|reported|public)"
    r"|(?:do|does|did) (?:the|any|your) (?:articles?|sources?|reports?|press|coverage|texts?|briefings?)"
    r" (?:\w+ )?(?:say|tell|mention|state|report|explain|specify|reveal)"
    rf"|explain|clarify|figure out|find out)(?: me| us| to me)?(?: on| about| as to| of| in)?[\s,:]+(?={_WH})"
    r"|^(?:please )?(?:give|show|tell|get|name|send) (?:me|us)[\s,:]+"
    rf"|^(?:can|could|would|will) {_SOMEBODY} (?:please )?"
    r"(?:tell (?:me|us)|say|explain|give (?:me|us)|show (?:me|us)|remind me|clarify)[\s,]*"
    r"|^(?:do you know|does anyone know|tell me|any idea|i wonder|i was wondering|what i mean is|i mean"
    r"|remind me"
    r"|i(?: would|'d|’d| should)? (?:like|love|want|need) to (?:know|hear|learn)"
    r"|(?:can|could|would|will) (?:you|u) (?:please )?(?:confirm|check)(?: whether| if| that)?"
    rf"(?= (?:{_AUX}|{_WH})))[\s,:]*"
)
_MOST = 3  # openers: "so, can you tell me, please"
# What is said for the sake of saying, anywhere in a question.
_PADDING = re.compile(
    r"\b(?:back in the day|at the end of the day|in the first place|if i may ask|if you (?:know|please)"
    r"|in all (?:of )?this|in all that|all of a sudden|of all (?:things|people|places)"
    r"|as far as (?:you|we|i) know|by the way|to be honest|so to speak|for real|all this time|all day"
    r"|at present)\b,?",
    re.IGNORECASE,
)
# What only says that it was then: "while all this took place".
_CLOSERS = (
    r"[\s,]+(?:(?:while|when|as) (?:all )?(?:of )?(?:this|that|it|these things)"
    r" (?:(?:was|were) )?(?:took place|happened|happening|taking place|going on|went on)"
    r"|(?:at|during) (?:the|that|this) (?:time|period|affair|saga|whole affair|whole thing)"
    r"|or (?:nah|no|nope|not|what|something)\W*"  # "is it off or what?"
    r"|back in the day|all day(?: long)?|(?:before|b4) all (?:this|that|of this|of that))$"
)


def opened(text: str) -> str:
    """A question without the words that only open it; as it is, where that is all."""
    for _ in range(_MOST):
        shorter = re.sub(_OPENERS, "", text, flags=re.IGNORECASE).strip()
        if not shorter or shorter == text:
            break
        text = shorter
    return text


def closed(text: str) -> str:
    """A question without the words that only close it, or are said for the sake of saying."""
    text = re.sub(_CLOSERS, "", text.rstrip(" ?!."), flags=re.IGNORECASE) or text
    shorter = " ".join(_PADDING.sub(" ", text).split())
    return shorter if shorter.strip(" ?!.,") else text
