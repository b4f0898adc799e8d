"""What a question asks of, and what it says was done: the words without which nothing answers it."""

import re
from collections.abc import Sequence

from bot.answer.asking.kinds import Kind
from bot.answer.asking.lexicon import Term
from bot.answer.asking.predicate import SAYS_LITTLE, done_by_little, is_base, is_participle, predicate
from bot.answer.asking.wanting import is_asked_for
from bot.answer.asking.words import Word, listed

_VERBS = listed("is are was were did does do has have had will would can could should may might must be been")
_IS_WHO = frozenset(("is", "was", "are", "were"))
_DID, _THE = listed("did does do has have had"), listed("the its their his her")
_BEHIND_THE = 2  # the place of the word behind "did the"
_LEAD = 3  # words before one that may ask of it: "who is the"
_KIND_OF = r" (?:type|kind|sort)s? of$"


def focus(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> frozenset[int]:
    """The places of these terms: `heavy` of "how heavy was it", `crash` of "when did it crash"."""
    low = [word.low for word in words]
    telling = [term for term in terms if not term.light and not term.name]
    if not _VERBS & {*low}:
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
    )


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
    done = None if counted else (predicate(words, terms) or done_by_little(words, terms))
    return None if done is None or is_asked_for(words[done].low, kind) else done
