"""What a question asks of, and what it says was done: the words without which nothing answers it."""

import re
from collections.abc import Sequence

from bot.answer.asking.kinds import Kind
from bot.answer.asking.lexicon import Term
from bot.answer.asking.predicate import predicate
from bot.answer.asking.wanting import is_asked_for
from bot.answer.asking.words import Word, listed

_VERBS = listed("is are was were did does do has have had will would can could should may might must be been")
_IS_WHO = frozenset(("is", "was", "are", "were"))
_LEAD = 3  # words before one that may ask of it: "who is the"
_KIND_OF = r" (?:type|kind|sort)s? of$"


def focus(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> frozenset[int]:
    """The places of these terms: `heavy` of "how heavy was it", `crash` of "when did it crash"."""
    low = [word.low for word in words]
    telling = [term for term in terms if not term.light and not term.name]
    if not _VERBS & {*low}:
        return frozenset(term.at for term in telling)  # "landing site of the probe?"
    done = _done(words, terms, kind)
    return frozenset(
        term.at
        for term in telling
        if _is_asked_of(low, term, kind) or (done is not None and term.at <= done < term.at + term.size)
    )


def _is_asked_of(low: Sequence[str], term: Term, kind: Kind) -> bool:
    """Whether a term stands behind the words that ask."""
    lead = re.sub(_KIND_OF, "", " ".join(low[max(0, term.at - _LEAD) : term.at])).split()
    if lead and lead[-1] in {"what", "which", "how"} and kind not in {"how many", "how long"}:
        return True
    if lead[-2:] == ["how", "much"]:
        return True
    return lead[-1:] == ["the"] and bool(_IS_WHO & {*lead[:-1]}) and low[0] in {"who", "what"}


def _done(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> int | None:
    """The place of the word that says what was done, where it tells more than the kind of question."""
    counted = kind == "how many" and [word.low for word in words[:2]] != ["how", "much"]
    done = None if counted else predicate(words, terms)
    return None if done is None or is_asked_for(words[done].low, kind) else done
