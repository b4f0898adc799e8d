"""A question as it is understood: what kind of answer it wants, about what, of which time."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.asking.language.apart import brought_together
from bot.answer.asking.language.english import english
from bot.answer.asking.language.lexicon import GRAMMAR, Lexicon, Term
from bot.answer.asking.language.predicate import is_base, is_participle
from bot.answer.asking.language.words import Word, listed, stem, words_of
from bot.answer.asking.reading.actors import subjects_of
from bot.answer.asking.reading.counting import Counted, counted
from bot.answer.asking.reading.focus import focus
from bot.answer.asking.reading.kinds import Kind, bare, is_whether, kind_of
from bot.answer.asking.reading.scene import asked_first, with_scene
from bot.answer.asking.reading.times import Time, times
from bot.answer.asking.reading.wanting import (
    ASKING_WORDS,
    INTERROGATIVE,
    MINDED,
    PLANNING,
    SAYING,
    asking,
    is_class,
    naming,
    only_asks,
    several,
    tells,
    wanted,
)
from bot.answer.asking.wording.shorthand import in_full

Mend = Callable[[str], str | None]
"""What a word that stands nowhere was meant to be; None where it is right, or nothing is near."""

_DAY = r"\b(?:what|which|exact|precise) (?:date|day)\b"
_TO_BE = r"\b(?:was|were|is|are|be) (?:\w+ )?(?:to|due to|going to) (?!the|a|an|its|his)\w+"
_WAS_X_TO = r"\b(?:was|were|is|are) (?:the |a )?(?:\w+ ){0,4}?(?P<before>\w+) to (?P<done>\w+)"
_WITH_INFINITIVE = listed(
    "able unable ready willing unwilling likely first last next free response reaction way right"
)
_PAST = listed("did was were had been")
_NOT = listed("not never no without nobody")
_PRESENT = r"(?:(?:when|where|who|what|how|why|which \w+) )?(?:is|are|will|has|have|does|do|can)\b"
TODAY = listed("now nowadays currently current today")
"""Words by which it is asked for what is so today."""

_NOW = TODAY | listed("latest newest")
_STILL = "still"
_IS_IT_TRUE = r"^(?:is|was) it (?:really |actually )?(?:true|right|correct|the case) (?:that|if) "
_FROM_WHERE = r"^from (?:where|what|which)\b|^where\b.* from$"
_VERY_WORDS = (
    r"\b(?:exact|actual|very|own|precise) (?:words?|wording|phrase|quote|term)\b|\bword for word\b"
    r"|\bverbatim\b|\bliterally\b|\bquot(?:e|ed|es|ation)\b"
)
_SINCE = (
    r"\bsince (?:when|what|which)\b|\b(?:when|year)\b.*\b(?:has|have) .* been\b|\bhow long (?:has|have)\b"
)
_LATER = listed("will going next gonna")
_GOING_AHEAD = r"\bgoing (?:ahead|on|forward|strong)\b"  # that is so today
_IS_CALLED = r"^what (?:is|was|are|were) .* called$"  # by anybody
_HAVE_OR_DO = listed("did does do has have had")
_REPLYING = SAYING - listed("put use used")
_LEAD = 4  # words, at most, up to "did": "in what words did"
_REPLIES = listed("reply answer response reaction comment statement remark apology message")
_LEADING_ON = r"^(?:and|also|or|what about|how about|but|then|ok and|so and)\b"
_PRONOUNS = listed("it its they them their he him his she her that there those then")
_TAKING = listed("take took see saw")  # "how did they take it" asks for what they said
_HE = listed("he she him her his")
_POINTING = listed("it that this him her them")  # as the last word
_CLAUSES = listed("and or but when if because while before after who which how why what")  # what begins one
_SOMEBODY = listed("someone somebody anyone anybody everyone everybody nobody")
_WHOSE = r"^(?:according to|for|in the (?:view|words|eyes) of) [^,?]+, "
_AS_BEFORE = (
    r"\b(?:say|said|says|claim|claimed|tell|told|think|thinks|thought|do|did|does) (?:\w+ )?(?:so|this)$"
)
_NO_DEGREES = listed("come about")  # "how come"
_THANKING = frozenset(("thank", "thanked"))
_SHORT = 2  # words of a question that says nothing by itself: "and then?"
_BEHIND = 1000  # the places of terms from the question before: behind any word that is typed


class Question(NamedTuple):
    """A question, understood."""

    text: str  # as typed, but for what was written short
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
    counted: Counted  # of what it asks a number
    tells: bool  # it asks who said something, or where: not who did it
    naming: bool  # it asks for the names of some
    several: bool  # it asks for all of a class
    origin: bool  # it asks from where
    verbatim: bool  # it asks for somebody's very words
    since: bool  # it asks from when on something has been so
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
    def lasting(self) -> bool:
        """Whether it asks for what goes on."""
        return any(word.low == _STILL for word in self.words)

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
    typed = asked_first(in_full(" ".join(text.split())))
    asked = bare(typed) or typed
    found, rest = times(asked, today, newest)
    words, mended = _mended(_usually_written(words_of(rest)), mend)
    whole = _low(bare(" ".join(word.text for word in _behind_whose(words, rest)))) or _low(asked)
    kind = kind_of(whole)
    words = brought_together(words, lexicon)
    places = asking(words, kind)
    terms = tuple(
        term._replace(
            light=only_asks(term, places)
            or (term.light and not _is_degree(words, term) and not _is_thanking(words, term))
        )
        for term in lexicon.terms(words)
    )
    terms = with_scene(terms, typed, kind)
    setting = {term.at for term in terms if term.scene}
    actors = {at: who for at, who in subjects_of(words, terms, lexicon).items() if at not in setting}
    stems, lows = {word.stem for word in words}, {word.low for word in words}
    return Question(
        typed,
        kind,
        is_whether(whole),
        tuple(words),
        terms,
        _as_meant(found, kind, whole, newest),
        wanted(whole, kind),
        # "Wasn't it ready?" asks whether it was.
        bool(lows & _NOT) and not (is_whether(whole) and whole.split()[1:2] == ["not"]),
        bool(stems & PLANNING or lows & MINDED or re.search(_TO_BE, whole))
        or (kind != "whether" and _is_to_be(whole)),
        bool(lows & _PAST),
        re.search(_DAY, whole) is not None,
        bool(lows & _NOW)
        or (_STILL in lows and not lows & _PAST)  # "was it still" is asked of then
        or re.match(_PRESENT, re.sub(_IS_IT_TRUE, "", whole)) is not None,
        bool(lows & _LATER) and not re.search(_GOING_AHEAD, whole),
        tuple(actors.items()),
        focus(words, terms, kind) - setting,
        frozenset() if re.search(_IS_CALLED, whole) else _speakers(words, terms, actors, kind),
        counted(whole, words, terms),
        tells(whole) or (kind == "where" and _says(terms, lexicon)),
        naming(whole),
        several(whole),
        re.search(_FROM_WHERE, whole) is not None,
        re.search(_VERY_WORDS, whole) is not None,
        re.search(_SINCE, whole) is not None,
        _leads_on(typed, words, terms) and not (found and kind == "status" and not _opened(typed)),
        tuple(mended),
    )


def _behind_whose(words: Sequence[Word], text: str) -> Sequence[Word]:
    """The words of a question without whose words it begins with: "according to them, was it …"."""
    found = re.match(_WHOSE, text, re.IGNORECASE)
    behind = words[len(words_of(found[0])) :] if found else words
    return behind if is_whether(" ".join(word.low for word in behind)) else words


def _usually_written(words: Sequence[Word]) -> list[Word]:
    """The words that ask, as they are usually written: "what yr", "wich country"."""
    spellings = english().spellings
    found: list[Word] = []
    for word in words:
        usual = spellings.get(word.low, "")
        asks = usual in ASKING_WORDS or usual in INTERROGATIVE or stem(usual) in PLANNING or is_class(usual)
        found += words_of(usual) if usual and asks else [word]
    return found


def _is_to_be(whole: str) -> bool:
    """Whether it asks for what was to be, by "be" and an infinitive: "what was the club to build"."""
    found = re.search(_WAS_X_TO, whole)
    return bool(
        found
        and is_base(found["done"])
        and not is_participle(found["before"])
        and found["before"] not in _WITH_INFINITIVE
    )


def _is_degree(words: Sequence[Word], term: Term) -> bool:
    """Whether it is asked of a quality how far it goes: "how big", "how close"."""
    return term.at > 0 and words[term.at - 1].low == "how" and term.low not in _NO_DEGREES


def _is_thanking(words: Sequence[Word], term: Term) -> bool:
    """Whether it is asked if somebody thanked another, and nobody is thanked for the answer."""
    return term.low in _THANKING and any(word.low in _HAVE_OR_DO for word in words[: term.at])


def _low(text: str) -> str:
    return " ".join(word.low for word in words_of(text))


def _as_meant(found: tuple[Time, ...], kind: Kind, whole: str, newest: date | None) -> tuple[Time, ...]:
    """How things stood in March is asked as of March; what happened then, or is to come, is not."""
    if kind != "status" or re.search(r"\bhappen", whole):
        return found
    return tuple(
        time._replace(bound="as of")
        if time.bound == "in" and (newest is None or time.first <= newest)
        else time
        for time in found
    )


def joined(question: Question, before: Question, *, repeated: bool) -> Question:
    """A question that leads on, with what the one before was about.

    `repeated` is whether it asks in the same way as that did, and only of something else.
    """
    said = {meaning for term in question.terms for meaning in term.meanings}
    carried = tuple(
        term._replace(carried=True, at=term.at + _BEHIND)
        for term in before.telling
        if not term.meanings & said
    )
    same = repeated and question.kind == "what"
    kind = before.kind if same and before.kind not in {"whether", "order"} else question.kind
    return question._replace(
        kind=kind,
        terms=(*question.terms, *carried),
        times=question.times or before.times,
        wanted=before.wanted if same else question.wanted,
        planned=question.planned or before.planned,
    )


def _speakers(
    words: Sequence[Word], terms: Sequence[Term], actors: Mapping[int, str], kind: Kind
) -> frozenset[str]:
    """The meanings of those whose words are asked for."""
    if kind not in {"quote", "whether", "what"}:
        return frozenset()
    saying = SAYING | _TAKING if kind == "quote" else SAYING
    said = {actors[term.at] for term in terms if term.at in actors and term.low in saying}
    return frozenset(said | {*_who_replies(words, terms), *_who_says(words, terms, kind)})


def _who_says(words: Sequence[Word], terms: Sequence[Term], kind: Kind) -> Iterator[str]:
    """Whose words are asked for by a verb behind the name: "what did the club reply to"."""
    if kind != "quote":
        return
    for at, word in enumerate(words[:_LEAD]):
        begins = at + 1 + (at + 1 < len(words) and words[at + 1].low == "the")
        for term in terms if word.low in _HAVE_OR_DO else ():
            behind = words[term.at + term.size : term.at + term.size + 1]
            if term.name and term.at == begins and behind and behind[0].low in _REPLYING:
                yield f"={term.name}"


def _who_replies(words: Sequence[Word], terms: Sequence[Term]) -> Iterator[str]:
    """Whose words are asked for by a noun: "the reply of the club", "what reply did the club give"."""
    for at, word in enumerate(words):
        if word.low not in _REPLIES:
            continue
        behind = [one.low for one in words[at + 1 : at + 3]]
        if not behind or behind[0] not in {"of", "from", "by", "did", "do", "does"}:
            continue
        begins = at + 2 + (behind[-1] == "the")
        yield from (f"={term.name}" for term in terms if term.name and term.at == begins)


def _says(terms: Sequence[Term], lexicon: Lexicon) -> bool:
    """Whether something is said in it: by "write", "publish", "break the news"."""
    return any(
        not term.name and (lexicon.means("say", (term,)) or lexicon.means("publish", (term,)))
        for term in terms
    )


def _leads_on(typed: str, words: Sequence[Word], terms: Sequence[Term]) -> bool:
    """Whether a question cannot be understood without the one before."""
    if _opened(typed):
        return True
    if len(words) <= _SHORT and all(term.light for term in terms):
        return True
    low = [word.low for word in words]
    at = next((at for at, word in enumerate(low) if word in _PRONOUNS), None)
    first = next((term.at for term in terms if term.name), None)
    if first is None:
        # "Did somebody say that they left?" says itself who they are.
        if re.search(_AS_BEFORE, " ".join(low)):
            return True
        return at is not None and not _SOMEBODY & {*low[:at]}
    # "What did he think of Ann?" is about another, and "how did Ann take it?" not about herself.
    return bool(_HE & {*low[:first]}) or (low[-1] in _POINTING and not _CLAUSES & {*low[first:]})


def _opened(typed: str) -> bool:
    """Whether a question begins as one that leads on."""
    return re.match(_LEADING_ON, typed, re.IGNORECASE) is not None


def _is_right(word: Word) -> bool:
    """Whether a word is not to be mended: one of grammar, a number, a name with a capital inside."""
    inside = word.text[1:]
    branded = not word.text.isupper() and inside != inside.lower()
    return word.low in GRAMMAR or word.low[0].isdigit() or branded


def _joined_up(words: Sequence[Word], mend: Mend) -> Iterator[Word]:
    """The words, with those as one that are one with a space in it: "para chute"."""
    at = 0
    while at < len(words):
        pair = words[at : at + 2]
        whole = mend(f"{pair[0].low} {pair[1].low}") if _may_be_one(pair) else None
        yield from words_of(whole) if whole else pair[:1]
        at += 2 if whole else 1


def _may_be_one(pair: Sequence[Word]) -> bool:
    return len(pair) > 1 and all(word.low.isalpha() for word in pair) and not _is_right(pair[0])


def _mended(words: Sequence[Word], mend: Mend) -> tuple[list[Word], list[tuple[str, str]]]:
    """The words as they were meant, and those that were read as others."""
    found: list[Word] = []
    mended: list[tuple[str, str]] = []
    for word in _joined_up(words, mend):
        better = None if _is_right(word) else mend(word.low)
        if better:
            mended.append((word.text, better))
            found += [one._replace(genitive=word.genitive) for one in words_of(better)]
        else:
            found.append(word)
    return found, mended
