"""What of a question only sets the scene, and what is only said around it: the rest is what it asks.

"Once the rockets were gone, who paid for it?" is answered by who paid.
"""

import re
from collections.abc import Iterable, Sequence

from bot.answer.asking.language.lexicon import GRAMMAR, Term
from bot.answer.asking.language.usage import is_english
from bot.answer.asking.language.words import words_of
from bot.answer.asking.reading.kinds import Kind

_WH = r"(?:who|whom|whose|what|which|when|where|why|how)(?:'?s)?\b"
_BE = r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|might)\b"
_OPENING = r"(?:(?:and|but|so|ok|okay|well|hey|wait|hang on|or|also|then|like)\b[\s,]*)*"
_BEFORE_WH = r"(?:(?:on|in|at|by|from|with|to|for|of|since|under|against|about|until)\s+)?"
_ASKS = re.compile(rf"{_OPENING}{_BEFORE_WH}(?:exactly )?(?:{_WH}|{_BE})", re.IGNORECASE)
_ANYWHERE = re.compile(rf"\b{_WH}", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[?!;])\s*|(?<=\w\w\w\.)\s+|\s+[-–—]+\s+|\s*[()]\s*")
# Behind a comma, another question begins: "what did they say, was it a yes?"
_ANOTHER = re.compile(
    rf",\s+(?={_BE}\s+(?:it|that|this|they|he|she|we|i|there)\b|why\s+{_BE}|surely\b"
    r"|someone\b|somebody\b|at an? |some\b|the ones?\b"
    r"|(?:like|maybe|perhaps|about|around|probably)[\s,]+(?:an?\b|\d|two\b|three\b|five\b|ten\b))",
    re.IGNORECASE,
)

# What begins a clause that tells when, or in spite of what, something was.
_SCENES = (
    r"(?:(?:right |just |only |long |shortly |soon |even )*(?:after|before|when|once|while|whilst)|now that"
    r"|although|though|even though|despite|in spite of|notwithstanding|given|considering|amid(?:st)?"
    r"|in light of|in view of|in the wake of|in the middle of"
    r"|the (?:moment|day|minute|week)(?= (?:the|that|it|they)\b)"
    r"|as soon as|by the time|with all|with everything"
    r"|like (?:they|he|she|it|we|you|i)\b|as (?:they|he|she|it|we)\b|as promised|as announced)\b"
)
_TRAILING = re.compile(rf"[\s,]+{_SCENES}\s*(?P<scene>.*)$", re.IGNORECASE)
# What says only that it was said before.
_SAID_SO = re.compile(r"(?:like|as) ", re.IGNORECASE)
_INSERTED = re.compile(rf",\s+{_SCENES}\s*(?P<scene>[^,]+),", re.IGNORECASE)
_LEADING = re.compile(
    rf"^{_OPENING}(?P<scene>{_SCENES}\s+[^,?]+),\s*(?P<asks>{_BEFORE_WH}(?:{_WH}|{_BE}).+)$", re.IGNORECASE
)
# Of these, the times of two things are asked: neither is only the scene.
_OF_TIMES = frozenset(("order", "how long", "change"))

_WITHOUT_MANNER = frozenset(("whether", "why", "what"))  # of these, the manner may be what is asked for
_ADJECTIVES = ("al", "ous", "ful", "ive", "less", "able", "ible")  # the endings of some
_SHORTEST_BASE = 4  # letters of "safe", of "safely"
_ENOUGH = 2  # terms by which a question is known without any scene


def asked_first(text: str) -> str:
    """A question with its scene behind it: "when it fell, who paid?" asks who paid when it fell."""
    found = _LEADING.match(text)
    if not found:
        return text
    scene = found["scene"]
    return f"{found['asks'].rstrip(' ?!.')} {scene[0].lower()}{scene[1:]}?"


def with_scene(terms: Sequence[Term], text: str, kind: Kind) -> tuple[Term, ...]:
    """The terms of a question, those marked that only set the scene: they need not be told."""
    main = main_sentence(text)
    marked = _marked(terms, _low([text]) - _low([main]))
    if not _asked(marked):
        marked = list(terms)
    if not any(term.name for term in _asked(marked)):
        # "Was Ann there? Who threw them out?"
        marked = [term._replace(scene=term.scene and not term.name) for term in marked]
    found = _INSERTED.search(main, _first_asked(main)) or _TRAILING.search(main, _first_asked(main))
    if found and kind not in _OF_TIMES and kind != "whether":
        around = main[: found.start()] + main[found.end() :]
        once_more = _marked(marked, _low([found["scene"]]) - _low([around]))
        asked = _asked(once_more)
        # Without a comma, of all that she said that is asked: "what did Ann say when the bridge fell".
        least = 1 if "," in found[0][:2] else _ENOUGH
        if _SAID_SO.match(found[0].strip(" ,")) or (
            len(asked) >= least and any(not term.name for term in asked)
        ):
            marked = once_more
    return tuple(
        term._replace(scene=True) if _only_colours(term, marked, kind) and len(_asked(marked)) > 1 else term
        for term in marked
    )


def _only_colours(term: Term, terms: Sequence[Term], kind: Kind) -> bool:
    """Whether a term only colours another: how it was done, of what quality, or what class it is."""
    if kind == "whether" or not _means_only_itself(term):
        return False
    if kind not in _WITHOUT_MANNER and _is_manner(term):
        return True
    return term.low.endswith(_ADJECTIVES) and any(
        one.at == term.at + term.size and not (one.light or _means_only_itself(one)) for one in terms
    )


def _means_only_itself(term: Term) -> bool:
    """Whether nothing is known that means the same."""
    return len(term.meanings) == 1 and not (term.name or term.proper or term.number)


def main_sentence(text: str) -> str:
    """The sentence of a question that asks: the first of them that does; all of it where none does."""
    sentences = [one for part in _SENTENCES.split(text) for one in _ANOTHER.split(part) if one.strip()]
    asks = next((one for one in sentences if _ASKS.match(one.strip())), "")
    return asks or next((one for one in sentences if _ANYWHERE.search(one)), text)


def _marked(terms: Iterable[Term], besides: set[str]) -> list[Term]:
    """The terms, marked where they only stand beside what is asked."""
    return [
        term._replace(scene=True) if not term.light and _within(term, besides) else term for term in terms
    ]


def _within(term: Term, besides: set[str]) -> bool:
    """Whether a term stands only there."""
    words = {*term.low.split()} - GRAMMAR
    return bool(words) and words <= besides


def _asked(terms: Iterable[Term]) -> list[Term]:
    """What is left to be told."""
    return [term for term in terms if not (term.light or term.scene)]


def _first_asked(text: str) -> int:
    """The place behind the word that asks: "when" at the beginning sets no scene."""
    found = _ANYWHERE.search(text)
    return found.end() if found else 0


def _low(texts: Iterable[str]) -> set[str]:
    return {word.low for text in texts for word in words_of(text)}


def _is_manner(term: Term) -> bool:
    """Whether it only tells how something was done: "formally"."""
    word = term.low
    return word.endswith("ly") and len(word) >= _SHORTEST_BASE + 2 and is_english(word[:-2])
