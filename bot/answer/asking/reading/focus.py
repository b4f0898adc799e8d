"""What a question asks of, and what it says was done: the words without which nothing answers it."""

import re
from collections.abc import Sequence

from bot.answer.asking.language.lexicon import Term
from bot.answer.asking.language.predicate import (
    NOUNS_BEHIND,
    SAYS_LITTLE,
    done_by_little,
    is_base,
    is_participle,
    is_verb,
    predicate,
)
from bot.answer.asking.language.words import Word, listed
from bot.answer.asking.reading.kinds import Kind
from bot.answer.asking.reading.wanting import is_asked_for

_VERBS = listed("is are was were did does do has have had will would can could should may might must be been")
_IS_WHO = frozenset(("is", "was", "are", "were"))
_DID, _THE = listed("did does do has have had"), listed("the its their his her")
_BEHIND_THE = 2  # the place of the word behind "did the"
_LEAD = 3  # words before one that may ask of it: "who is the"
_NO_OBJECT = listed("of in on at by for with from into about over between after before as and or that")
# What everybody and everything has, told without a word for it: "what is Ann's job".
_OF_ANYBODY = listed("job role title position post function name purpose aim goal mission plan point task")
_KIND_OF = r" (?:type|kind|sort)s? of$"


def focus(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> frozenset[int]:
    """The places of these terms: `heavy` of "how heavy was it", `crash` of "when did it crash"."""
    low = [word.low for word in words]
    telling = [term for term in terms if not term.light and not term.name]
    if not _VERBS & {*low}:
        if asked := _of_a_subject(low, terms, kind):
            return asked
        # "landing site of the probe?"
        return frozenset(term.at for term in telling if term.low not in SAYS_LITTLE)
    done = _done(words, terms, kind)
    told_by = _subject(words, terms, kind)
    if kind == "how many" and low[:2] == ["how", "many"]:
        told_by = next((term.at for term in telling if term.at == len(low[:2])), None)
    return frozenset(
        term.at
        for term in telling
        if _is_asked_of(low, term, kind)
        or (done is not None and term.at <= done < term.at + term.size)
        or term.at == told_by
        or term.at == _owned(words, terms)
    )


def _of_a_subject(low: Sequence[str], terms: Sequence[Term], kind: Kind) -> frozenset[int]:
    """What is done, where it is asked who did it: `sank` of "which boat sank", and what did, `boat`."""
    if low[:1] not in (["who"], ["which"], ["what"]) and low[:2] != ["how", "many"]:
        return frozenset()
    telling = [term for term in terms if not term.light and not term.name]
    first = 2 if low[0] == "how" else 1
    done = next((term.at for term in telling if _is_done(low, term, first)), None)
    if done is None:
        return frozenset()
    asked = {done} if kind == "when" else {done, _object(low, telling, done)}
    return frozenset(
        term.at for term in telling if term.at in asked or (term.at == first and low[0] != "who")
    )


def _object(low: Sequence[str], telling: Sequence[Term], done: int) -> int | None:
    """To what it is done, or what to do: `letter` of "who wrote Ann's letter", `leave` of "threatened to"."""
    verb = next(term for term in telling if term.at == done)
    behind = next((term for term in telling if term.at > done), None)
    if behind is None or behind.low.endswith("ing"):
        return None
    between = {*low[verb.at + verb.size : behind.at]}
    return None if between & _NO_OBJECT else behind.at


def _is_done(low: Sequence[str], term: Term, first: int) -> bool:
    """Whether a term is the verb of such a question, and not what stands behind the word that asks."""
    of_a_kind = term.at == first and low[0] != "who"
    return not of_a_kind and low[term.at - 1] not in NOUNS_BEHIND - {"to"} and is_verb(low[term.at])


def _is_asked_of(low: Sequence[str], term: Term, kind: Kind) -> bool:
    """Whether a term stands behind the words that ask."""
    lead = re.sub(_KIND_OF, "", " ".join(low[max(0, term.at - _LEAD) : term.at])).split()
    if lead and lead[-1] in {"what", "which", "how"} and kind not in {"how many", "how long"}:
        return True
    if lead[-2:] == ["how", "much"]:
        return True
    return lead[-1:] == ["the"] and bool(_IS_WHO & {*lead[:-1]}) and low[0] in {"who", "what"}


def _subject(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> int | None:
    """The place of who is said to do something, where no name says it: `crew` of "did the crew go"."""
    lead = 0 if kind == "whether" else 1  # "did the", "why did the"
    low = [word.low for word in words[lead:]]
    if kind not in {"whether", "why", "when"} or len(low) <= _LEAD:
        return None
    if low[0] not in _DID or low[1] not in _THE:
        return None
    first = next(
        (term for term in terms if term.at == lead + _BEHIND_THE and not (term.name or term.light)), None
    )
    end = first.at + first.size if first else len(words)
    if first is None or end >= len(words):
        return None
    does = words[end].low.endswith("ly") or is_base(words[end].low) or is_participle(words[end].low)
    return first.at if does else None


def _done(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> int | None:
    """The place of the word that says what was done, where it tells more than the kind of question."""
    counted = kind == "how many" and [word.low for word in words[:2]] != ["how", "much"]
    done = (
        None
        if counted
        else (predicate(words, terms) or _phrase(words, terms) or done_by_little(words, terms))
    )
    return None if done is None or is_asked_for(words[done].low, kind) else done


def _phrase(words: Sequence[Word], terms: Sequence[Term]) -> int | None:
    """The place of a verb that says little by itself and more in its phrase: "did they say sorry"."""
    did = next((at for at, word in enumerate(words) if word.low in {"did", "does", "do"}), None)
    if did is None:
        return None
    little = next((at for at in range(did + 1, len(words)) if words[at].low in SAYS_LITTLE), None)
    phrase = next((term for term in terms if term.at == little), None)
    return little if phrase and phrase.size > 1 and not (phrase.light or phrase.name) else None


def _owned(words: Sequence[Word], terms: Sequence[Term]) -> int | None:
    """The place of what is something's own: `depth` of "what is the lake's greatest depth"."""
    low = [word.low for word in words[:2]]
    owner = next((term for term in terms if term.name and term.at <= _LEAD), None)
    if owner is None or not owner.genitive or low[:1] != ["what"]:
        return None
    if low[1] in _IS_WHO:
        last = terms[-1]
        ends = last.at + last.size == len(words)
    else:
        last = next((term for term in terms if term.at == owner.at + owner.size), owner)
        ends = True
    told_of = last.light or last.name or last.low in _OF_ANYBODY
    return last.at if ends and last.at > owner.at and not told_of else None
