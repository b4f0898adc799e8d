"""A question as it is understood: what kind of answer it wants, about what, of which time."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asking.kinds import Kind, bare, is_whether, kind_of
from bot.answer.asking.lexicon import GRAMMAR, Lexicon, Term
from bot.answer.asking.predicate import predicate
from bot.answer.asking.statement import subjects_of
from bot.answer.asking.times import Time, times
from bot.answer.asking.words import Word, stem, words_of

Mend = Callable[[str], str | None]
"""What a word that stands nowhere was meant to be; None where it is right, or nothing is near."""

_PLANNING = frozenset(
    map(
        stem,
        (
            "plan planned planning schedule scheduled supposed meant intended set due expected aim goal likely target"
            " originally initially intend hoped hope confident would should original might could"
        ).split(),  # noqa: SIM905  (one word each would say no more)
    )
)
_DAY = r"\b(?:what|which|exact|precise) (?:date|day)\b"
_TO_BE = r"\b(?:was|were|is|are|be) (?:\w+ )?(?:to|due to|going to) (?!the|a|an|its|his)\w+"
_PAST = frozenset(("did", "was", "were", "had", "been"))
_NOT = frozenset(("not", "never", "no", "without", "nobody"))
_PRESENT = r"(?:(?:when|where|who|what|how|why|which \w+) )?(?:is|are|will|has|have|does|do|can)\b"
_NOW = frozenset(("now", "currently", "current", "today", "still", "latest", "newest"))
_LATER = frozenset(("will", "going", "next", "gonna"))
# Words that only say what kind of answer is wanted: `date` of "what date".
_ASKING = frozenset(("word", "words", "phrase", "literally", "number", "name", "english", "date", "reason", "reasons", "order", "duration", "exact", "exactly", "wording", "grounds"))
_ASKING_AFTER = frozenset(
    "date day month year time place city location number figure person people body organisation"
    " organization long many much soon old far often side party kind sort type name"
    " names exactly".split()  # noqa: SIM905
)
_INTERROGATIVE = frozenset(("what", "how", "which", "when", "who", "why", "where", "whose", "whom", "whatever"))
_SAYING = frozenset(
    "say said says saying tell told write wrote written tweet tweeted claim claimed announce announced think thought"
    " state stated comment commented post posted call called answer answered react reacted respond responded reply"
    " replied response reaction line words word quote quoted according exact statement remark put use used".split()
)
_ASKING_OF: Mapping[Kind, frozenset[str]] = {
    "how many": frozenset(("number", "count", "total", "figure", "share", "percentage", "percent", "many")),
    "how long": frozenset(
        "time elapsed passed between days weeks months years duration hold held last lasted go going".split()
    ),
    "order": frozenset("first came come happened earlier later older before after sequence last sooner".split()),
    "change": frozenset(
        "changed change changes difference different shifted shift shifts move moved time superseded supersede"
        " overturned new evolved between compared happened".split()
    ),
    "quote": _SAYING,
    "status": frozenset("state status situation fate became become happened happening going stand latest".split()),
    "why": frozenset("reason reasons cause caused grounds given gave led made prompted".split()),
    "who": frozenset("name names named record".split()),
}
_WEAK = frozenset(
    "use used have had has get got give gave put take took go went come came turn turned stand keep kept"
    " want need try let see show work".split()
)
_AUXILIARY = GRAMMAR | frozenset(("due", "supposed", "able", "able", "likely"))
_VERBS = frozenset(
    "is are was were did does do has have had will would can could should might may must be been".split()
)
ASKING_WORDS = frozenset().union(_ASKING, _ASKING_AFTER, *_ASKING_OF.values()) | {"government", "agency"}
"""Words that say what kind of answer is wanted; they may be misspelt, too."""

CRAFT = frozenset(("craft", "thing"))
"""The kinds of names that a craft may have; the one that is asked for may stand in the question."""

# What a class of names is called, and the kinds of names that belong to it.
_CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"compan(?:y|ies)|firms?|contractors?|agenc(?:y|ies)|organi[sz]ations?|bod(?:y|ies)|outlets?|newspapers?",
     frozenset(("body",))),
    (r"countr(?:y|ies)|nations?|governments?", frozenset(("country", "body"))),
    (r"persons?|people|man|woman|politicians?|president|astronauts?|cosmonauts?|commander|boss|chief|official",
     frozenset(("person",))),
    (r"spacecraft|spaceship|craft|rocket|probe|launcher", CRAFT),
    (r"place|city|cities|site|location|spaceport|cosmodrome|continent", frozenset(("place", "country"))),
)  # fmt: skip
_ANY_CLASS = "|".join(pattern for pattern, _ in _CLASSES)
_IS_WHO = frozenset(("is", "was", "are", "were"))
_FRAGMENT = 7  # words at most of what is no sentence
_LEADING_ON = r"^(?:and|also|or|what about|how about|but|then|ok and|so and)\b"
_PRONOUNS = frozenset(
    ("it", "its", "they", "them", "their", "he", "him", "his", "she", "her", "that", "there", "those", "then")
)


class Question(NamedTuple):
    """A question, understood."""

    text: str  # as typed
    kind: Kind
    whether: bool  # it may be answered by yes or no
    words: tuple[Word, ...]  # misspellings mended; without the times
    terms: tuple[Term, ...]  # what it is about
    times: tuple[Time, ...]
    wanted: frozenset[str]  # kinds of names of which one has to be in the answer
    negated: bool
    planned: bool  # it asks for what was to be
    past: bool  # it takes for granted that something happened
    exact: bool  # it asks for a day
    now: bool  # it asks for what is so today
    later: bool  # or will be
    actors: tuple[tuple[int, str], ...]  # the place of a term → the meaning of who does it
    focus: frozenset[int]  # the places of terms without which nothing answers
    speakers: frozenset[str]  # the meanings of those whose words are asked for
    leads_on: bool  # it cannot be understood without the one before
    mended: tuple[tuple[str, str], ...] = ()  # words as typed, and what they were read as

    @property
    def low(self) -> str:
        """Its words in lower case."""
        return " ".join(word.low for word in self.words)

    @property
    def speaks(self) -> bool:
        """Whether it asks for what somebody said."""
        return bool(self.speakers)

    @property
    def telling(self) -> tuple[Term, ...]:
        """The terms that tell what is meant."""
        return tuple(term for term in self.terms if not term.light)

    @property
    def time(self) -> Time | None:
        """The one time that it names; None where it names none, or several."""
        return self.times[0] if len(self.times) == 1 else None


def understand(
    text: str, lexicon: Lexicon, today: date, newest: date | None, mend: Mend = lambda _: None
) -> Question:
    """Reads a question. `newest` is the day of the story's newest source."""
    typed = " ".join(text.split())
    found, rest = times(bare(typed) or typed, today, newest)
    words, mended = _mended(words_of(rest), mend)
    told = " ".join(word.low for word in words_of(bare(typed) or typed))
    whole = " ".join(word.low for word in words_of(bare(rest.strip(" ,:;-")))) or told
    kind = kind_of(whole)
    asking = _asking(words, kind)
    terms = tuple(term._replace(light=True) if _asks(term, asking) else term for term in lexicon.terms(words))
    actors = subjects_of(words, terms, lexicon)
    stems, lows = {word.stem for word in words}, {word.low for word in words}
    if kind == "status":
        found = tuple(time._replace(bound="as of") if time.bound == "in" else time for time in found)
    return Question(
        typed,
        kind,
        is_whether(whole),
        tuple(words),
        terms,
        found,
        _wanted(whole, kind),
        bool(lows & _NOT),
        bool(stems & _PLANNING or re.search(_TO_BE, whole)),
        bool(lows & _PAST),
        re.search(_DAY, whole) is not None,
        bool(lows & _NOW) or re.match(_PRESENT, whole) is not None,
        bool(lows & _LATER),
        tuple(actors.items()),
        _focus(words, terms, kind, actors),
        _speakers(terms, actors, kind),
        _leads_on(typed, words, terms),
        tuple(mended),
    )


def joined(question: Question, before: Question) -> Question:
    """A question that leads on, with what the one before was about."""
    said = {meaning for term in question.terms for meaning in term.meanings}
    carried = tuple(
        term._replace(carried=True, at=term.at + 1000)
        for term in before.telling
        if not term.meanings & said
    )
    kind = before.kind if question.kind == "what" and before.kind not in {"whether", "order"} else question.kind
    return question._replace(
        kind=kind,
        terms=(*question.terms, *carried),
        times=question.times or before.times,
        wanted=question.wanted if question.kind != "what" else before.wanted,
        planned=question.planned or before.planned,
    )


def _wanted(low: str, kind: Kind) -> frozenset[str]:
    for pattern, kinds in _CLASSES:
        if re.search(rf"\b(?:which|what|whose|name the|names of the|names of) (?:\w+ ){{0,2}}?(?:{pattern})\b", low):
            return kinds
    if re.match(r"(?:and |so )?who(?:m| is| was| are| were) the (?!one)", low) or re.match(r"(?:and )?who (?:commanded|led|headed|chaired|ran|leads|heads|commands)\b", low):
        return frozenset(("person",))
    if kind == "who" and re.search(r"\bwho\b|\bwhom\b", low):
        return frozenset(("person", "body", "country"))
    if re.search(r"\bnames? of\b|\bnamed\b|\bwhat (?:is|was) the name\b|\bnames\b", low):
        return frozenset(("person", "body", "craft", "mission", "thing", "place"))
    return frozenset(("place", "country", "craft")) if kind == "where" else frozenset()


def _focus(
    words: Sequence[Word], terms: Sequence[Term], kind: Kind, actors: Mapping[int, str]
) -> frozenset[int]:
    """What is asked of, and what is said to have been done: `heavy` of "how heavy", `crash` of "when did it crash"."""
    low = [word.low for word in words]
    telling = [term for term in terms if not term.light and not term.name]
    found: set[int] = set()
    if len(low) < _FRAGMENT and not _VERBS & {*low} and not _INTERROGATIVE & {*low}:
        return frozenset(term.at for term in telling)  # "landing site of the probe?"
    for term in telling:
        before = low[term.at - 1] if term.at else ""
        lead = re.sub(r" (?:type|kind|sort)s? of$", "", " ".join(low[max(0, term.at - 3) : term.at])).split()
        if lead[-1:] and lead[-1] in {"what", "which", "how"} and kind not in {"how many", "how long"}:
            found.add(term.at)
        if lead[-2:] == ["how", "much"] or (lead[-1:] == ["the"] and _IS_WHO & {*lead[:-1]} and low[0] == "who"):
            found.add(term.at)
    if not set(low) & _VERBS:
        found |= {term.at for term in telling}  # "landing site of the probe?"
    done = predicate(words, terms)
    if done is not None and (kind != "how many" or low[:2] == ["how", "much"]):
        found |= {term.at for term in telling if term.at <= done < term.at + term.size}
    return frozenset(found)


def _speakers(terms: Sequence[Term], actors: Mapping[int, str], kind: Kind) -> frozenset[str]:
    if kind not in {"quote", "whether", "what"}:
        return frozenset()
    return frozenset(actors[term.at] for term in terms if term.at in actors and term.low in _SAYING)


def _leads_on(typed: str, words: Sequence[Word], terms: Sequence[Term]) -> bool:
    if re.match(_LEADING_ON, typed, re.IGNORECASE):
        return True
    named = min((term.at for term in terms if term.name), default=len(words))
    return any(word.low in _PRONOUNS and at < named for at, word in enumerate(words)) and not any(
        term.name for term in terms
    )


def _asks(term: Term, asking: set[int]) -> bool:
    """Whether a term only says what kind of answer is wanted."""
    words = {*term.low.split()}
    if (stem(term.low) in _PLANNING and len(words) == 1) or term.low in {"2", "3"}:
        return True
    if term.name:
        return False
    return bool(words & _INTERROGATIVE) or words <= _AUXILIARY or term.low in _WEAK or term.at in asking


def _asking(words: Sequence[Word], kind: Kind) -> set[int]:
    found: set[int] = set()
    mine = _ASKING_OF.get(kind, frozenset())
    for at, word in enumerate(words):
        before = words[at - 1].low if at else ""
        if word.low in _ASKING or word.low in mine:
            found.add(at)
        lately = {one.low for one in words[max(0, at - 2) : at]}
        if before in {"what", "which", "how", "whose"} and word.low in _ASKING_AFTER:
            found.add(at)
        if lately & {"what", "which", "whose"} and re.fullmatch(_ANY_CLASS, word.low):
            found.add(at)
    return found


def _mended(words: Sequence[Word], mend: Mend) -> tuple[list[Word], list[tuple[str, str]]]:
    found: list[Word] = []
    mended: list[tuple[str, str]] = []
    for word in words:
        better = None if word.low in GRAMMAR or word.low[0].isdigit() else mend(word.low)
        if better:
            mended.append((word.text, better))
            found += [one._replace(genitive=word.genitive) for one in words_of(better)]
        else:
            found.append(word)
    return found, mended
