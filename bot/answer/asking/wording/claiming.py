"""A question that is worded as a claim: `the bridge is closed, right?` asks whether it is."""

import re

from bot.answer.asking.language.words import listed

_BE = r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should)"
_IT = r"(?:it|he|she|they|we|you|there|that|this)"
# What stands behind a claim that is to be confirmed.
_TAG = re.compile(
    rf"(?:\s*,\s*|\s+)(?:(?P<tag>{_BE}) (?:not {_IT}|{_IT}(?: not)?)|ain['’]?t it|innit)\s*[?!.]*$",
    re.IGNORECASE,
)
_CONFIRMED = re.compile(
    r"(?:\s*[,–—-]+\s*|\s*\?\s*|\s+(?=(?:right|correct|innit|huh|eh)\b))"
    r"(?:(?:is|was) (?:that|this|it) (?:really )?(?:right|true|correct|so|the case)"
    r"|am i (?:right|wrong|correct)|(?:or )?am i wrong|right|correct|true|true or false|no|yes|yeah|or no"
    r"|or not|or|huh|eh|really|yes or no|you know|surely|i (?:guess|think|suppose|take it))\s*[?!.]*$",
    re.IGNORECASE,
)
# What stands before one.
_HEARD = re.compile(
    r"^(?:(?:i (?:just )?(?:heard|read|saw|thought|think|guess|assume|suppose|take it|understand|believe"
    r"|gather)|(?:someone|somebody|a friend|people|they) (?:told me|says?|said|claims?|claimed)|surely"
    r"|apparently|allegedly|supposedly|basically|essentially|in other words|in short|you mean|do you mean"
    r"|(?:are you|you are|you['’]re|youre) (?:really |seriously |actually )?(?:saying|telling me|claiming)"
    r"|(?:is not|isn['’]?t) it (?:rather |kind of )?\w+ that|(?:do not|don['’]?t) you (?:think|find)"
    r"|does (?:that|this|it) mean|so (?:that|this) means"
    r"|(?:am|was) i (?:right|correct) (?:in (?:thinking|saying|assuming)|to (?:think|say|assume))"
    r"|am i (?:right|correct)|(?:is|was) it (?:a fact|fair to say|right to say|correct to say|so)"
    r"|(?:is|was) (?:it not|not it) (?:true|the case)"
    r"|can (?:it|one|we) (?:be said|say)|would it be (?:right|fair|correct) to say)\b[\s,]*(?:that |how )?)",
    re.IGNORECASE,
)
_NOT_IN_SHORT = re.compile(
    r"\b(is|are|was|were|did|does|do|has|have|had|wo|would|ca|could)n['’]?t\b", re.IGNORECASE
)
_IN_FULL = {"wo": "will", "ca": "can"}
# What is said behind a question, and asks nothing: "was it shut? I lost track".
_BY_THE_WAY = re.compile(r"\?+\s+(?:[^\s?:]+\s*){1,7}$")
_ASKS = listed("who whom whose what when where why how which whether if")
_AUXILIARY = listed("is are was were did does do has have had will would can could should may might must")
_BREAKS = _ASKS | {"that", "because", "since", "while", "after", "before"}
_ADVERBS = listed("still already ever yet really actually anymore")  # what a claim without a verb may have
_PAST_WITHOUT_ED = listed(
    """
    left broke quit took went came fell flew threw wrote spoke began drew rose chose gave got froze grew saw
    sank swore lost found built made sent held put told hit cut won kept met paid read ran sold stood struck
    let blew shot bought brought withdrew said called
    """
)
_DETERMINERS = listed("the a an its their his her this that these those of in on at by for to from with")
_SHORTEST_IN_ED = 5  # letters: red and bed are not done
_LEAST = 3  # words of a claim
_MOST_BEFORE = 6  # words before what is done
_LEADING = 2  # words within which a question asks


def claimed(text: str) -> str:
    """A question that is worded as a claim, as one by yes or no; any other, as it is."""
    text = _without_what_is_added(text)
    full = _NOT_IN_SHORT.sub(lambda found: f"{_IN_FULL.get(found[1].lower(), found[1])} not", text)
    plain, tag = _without_tag(full)
    told, heard = re.subn(_HEARD, "", plain, count=1)
    told = told.strip(" ,")
    sure = plain != full or bool(heard)
    low = [word.removesuffix("'s").removesuffix("’s") for word in told.lower().strip(" ?!.").split()]
    if not told or low[0] in _AUXILIARY:
        return told if told and sure else text
    if _ASKS & {*(low[:_LEADING] if sure else low), low[-1]}:
        return text
    if not sure and not text.rstrip().endswith("?"):
        return text
    return _turned(told.rstrip(" ?!."), tag, sure=sure) or text


def _without_what_is_added(text: str) -> str:
    """A question without what is said behind it and asks nothing."""
    found = _BY_THE_WAY.search(text)
    if not found or len(text[: found.start()].split()) <= _LEAST:
        return text
    added = {*found[0].lower().replace(",", " ").split()}
    return text if added & (_ASKS | _AUXILIARY) else f"{text[: found.start()]}?"


def _without_tag(text: str) -> tuple[str, str]:
    """A claim without what asks to confirm it, and the verb of that."""
    shorter = re.sub(_CONFIRMED, "", text)
    if found := _TAG.search(shorter):
        before = shorter[: found.start()].lower().split()
        # "When was it" and "where is that" are no claims.
        if len(before) >= _LEAST and not {*before[:_LEADING]} & _ASKS:
            return shorter[: found.start()], (found["tag"] or "is").lower()
    return shorter if len(shorter.split()) >= _LEAST - 1 else text, ""


def _turned(claim: str, tag: str, *, sure: bool) -> str:
    """A claim with its verb at the front; empty where it has none that is seen."""
    words = claim.split()
    low = [word.lower() for word in words]
    if len(words) < _LEAST - sure:
        return ""
    for at, word in enumerate(low[1 : _MOST_BEFORE + 1], 1):
        if word in _BREAKS or low[at - 1].endswith((",", ":", ";")):
            return ""  # "as of May, was it open" needs no turning
        if word in _AUXILIARY:
            return " ".join((word, *words[:at], *words[at + 1 :]))
        if _is_done(low, at):
            return " ".join(("did", *words))
    if tag:
        return " ".join((tag, *words))
    if _ADVERBS & {*low} and "," not in claim:
        return " ".join(("is", *words))
    return " ".join(("does", *words)) if sure else ""


def _is_done(low: list[str], at: int) -> bool:
    """Whether a word says what was done: not "the suspended work", and not behind "of"."""
    if low[at - 1] in _DETERMINERS:
        return False
    return (low[at].endswith("ed") and len(low[at]) >= _SHORTEST_IN_ED) or low[at] in _PAST_WITHOUT_ED
