"""How a question leads on from the one before: what of that one it repeats, replaces or asks about."""

import re
from collections.abc import Iterator, Sequence

from bot.answer.asking.language.lexicon import Lexicon, Term
from bot.answer.asking.language.predicate import is_participle
from bot.answer.asking.language.words import Word, listed
from bot.answer.asking.reading.kinds import is_whether
from bot.answer.asking.reading.question import Question, joined
from bot.answer.asking.reading.times import Time
from bot.answer.asking.reading.wanting import INTERROGATIVE, SAYING

_OPENING = r"^(?:(?:and|also|or|but|then|ok|okay|so|well|wait)\b[\s,]*)*(?:(?:what|how) about\b\s*)?"
_ASKED_OF_AN_ANSWER = frozenset(("who", "when", "where", "why"))
_SAYING = (SAYING | listed("says source sources claims claiming")) - listed("put use used call called")
_REACTING = listed(
    "react reacts reacted reaction reactions respond responded response reply replied answer answered"
)
_TOWARDS = listed("to on about with when if")
# "How did the club see it", "what did they do about that": what is said of it, or done, is its reaction.
_TOWARDS_IT = re.compile(r"\b(?:to|on|about|with) (?:that|this|it|these|those|them)(?: though| then| now)?$")
_SEEING = re.compile(
    r"\bhow (?:did|does|do|has|have) .+ (?:see|take|took|seen|taken|view|viewed|judge)"
    r" (?:it|that|this)$"
    r"|\bwhat (?:did|does|has|have) .+ (?:do|done) (?:about|with) (?:it|that|this)$"
)
_WHOSE_WORDS = r"\baccording to (?:who|whom)\b|^(?:and )?(?:what is the |which |what )?sources?\b"
_IDENTITY = r"\b(?:who|what) (?:is|was|are|were) (?:he|she|they|it|that|this|those|these)\b"
_PRONOUNS = listed("it its they them their theirs he him his she her hers those these")
_CLAUSE_PRONOUN = (
    r"\b(?:that|this|so)"
    r"(?=$| (?:is|was|were|are|be|been|to|in|on|by|for|at|then|exactly|happen\w*|said|meant?)\b)"
)
_HELPING = listed("did does do is are was were has have had will would can could should may might must")
_TOPICS = listed("about on of for with to against")
_ORDINALS = listed("first second third fourth fifth last next latest earliest previous other")
_ACTING = frozenset(("person", "body", "country"))
_ALIKE: tuple[frozenset[str], ...] = (
    frozenset(("person",)),
    frozenset(("body", "country")),
    frozenset(("place", "country")),
    frozenset(("craft", "mission", "thing")),
    _ACTING,
)
"""Kinds of names of which one may stand where the other stood: the nearest first."""


_OPENED = r"^(?:(?:and|so|but|ok|okay|oh|well|hm+|wait)\b[\s,]*)*"
_THEN = re.compile(
    rf"{_OPENED}(?:(?:what|anything) )?"
    r"(?:(?:did |has )?(?:happen(?:ed|s)?|came|come|follow(?:ed|s)?|was|is) )?(?:right |shortly |soon )?"
    r"(?:then|next|afterwards?|after (?:that|this|it)|later(?: on)?|since(?: then)?)"
    r"(?: what| what happened)?$"
)
_BEFORE_THAT = re.compile(
    rf"{_OPENED}(?:(?:what|anything) )?(?:(?:had )?(?:happen(?:ed)?|came|come|was(?: there)?) )?"
    r"(?:right |shortly |just )?(?:before(?:hand)?|before (?:that|this|it)|earlier|previously)$"
)
_CONFIRM = re.compile(
    rf"{_OPENED}(?:really|seriously|honestly|truly|for real|sure|true|no way|is (?:that|this|it) (?:really )?"
    r"(?:true|so|right|correct|a fact|certain|sure)|are you (?:really |quite )?(?:sure|certain|serious)"
    r"|(?:says|said) it)(?: about (?:that|this|it))?(?: though)?$"
)
_OF_IT = re.compile(
    rf"{_OPENED}(?:(?:for|about|of|with|on|against|to|by|from) (?:what|whom|who|which)"
    r"|what (?:for|about|of|with)|(?:stop|do|did|say|said|end|ended|stopped|doing|saying|stopping) what)"
    r"(?: (?:though|exactly|precisely|then))*$"
)
_OF_WHICH = re.compile(rf"{_OPENED}(?:for|about|with|against) (?:which|what) \w+$")
_DECIDED = re.compile(
    rf"{_OPENED}who(?:se)? (?:(?:had |has )?(?:decided|ordered|did|caused|wanted|made|took|initiated)"
    r"(?: on)?|decision was) (?:that|this|it|so)(?: decision| step)?$"
)


def asks_what_was_around(question: Question) -> str:
    """`after` or `before`, where it is only asked what came then: "and then?", "before that?"."""
    if _THEN.match(question.low):
        return "after"
    return "before" if _BEFORE_THAT.match(question.low) else ""


def asks_to_confirm(question: Question) -> bool:
    """Whether it is only asked if the answer is true: "really?", "are you sure?"."""
    return _CONFIRM.match(question.low) is not None


def asks_more_of_it(question: Question) -> bool:
    """Whether it is only asked for a part of the answer: "for what?", "with whom?"."""
    return _OF_IT.match(question.low) is not None


def asks_which_of_it(question: Question) -> bool:
    """Whether it is only asked which of a kind the answer names: "for which boats?"."""
    return _OF_WHICH.match(question.low) is not None and question.kind in {"what", "who"}


def asks_who_did_it(question: Question) -> bool:
    """Whether it is only asked who did what the question before told: "who decided that?"."""
    return _DECIDED.match(question.low) is not None


def reacts(question: Question) -> bool:
    """Whether it is asked how somebody took something, and not what: "how did the club react?"."""
    if question.times or sum(bool(term.name) for term in question.terms) != 1:
        return False
    others = [term for term in question.telling if not term.name]
    if _SEEING.search(question.low):
        return not others
    return (
        bool(_REACTING & _lows(question))
        and all(_REACTING & {*term.low.split()} for term in others)
        and (bool(_TOWARDS_IT.search(question.low)) or not _TOWARDS & _lows(question))
    )


def asks_of_the_answer(question: Question) -> bool:
    """Whether it is only asked who said, when, where or why: "who said so?", "and when?"."""
    if whose_words(question) and not any(term.name for term in question.telling):
        return True
    if question.kind not in _ASKED_OF_AN_ANSWER or question.times or re.search(_IDENTITY, question.low):
        return False
    return not question.telling


def whose_words(question: Question) -> bool:
    """Whether it is asked whose words the answer was: "says who?", "according to whom?"."""
    telling = {term.low for term in question.telling}
    if question.times:
        return False
    if re.search(_WHOSE_WORDS, question.low):
        return telling <= _SAYING
    said = _lows(question) & _SAYING
    return question.kind == "who" and bool(said) and telling <= _SAYING and "what" not in _lows(question)


def is_a_fragment(question: Question) -> bool:
    """Whether it is no sentence: "and in March?", "what about the port?", "and how many wounded?"."""
    rest = _rest(question).split()
    if any(word in _HELPING for word in rest) or is_whether(" ".join(rest)):
        return False
    asks = [word for word in rest if word in INTERROGATIVE]
    return not asks or (question.kind == "how many" and rest[:2] in (["how", "many"], ["how", "much"]))


def stands_alone(question: Question) -> bool:
    """Whether a sentence names what it is about and points at nothing before: "And when did Ann leave?"."""
    return (
        any(term.name for term in question.terms)
        and not is_a_fragment(question)
        and not reacts(question)
        and not _PRONOUNS & _lows(question)
        and not _points_at_a_clause(question)
    )


def led_on(question: Question, before: Question) -> Question:
    """A question with what it carries of the one before.

    What points at a person or a thing, as "it" and "the ship", carries names alone; what stands for a
    sentence, or is none itself, carries all.
    """
    longer = joined(question, before, repeated=is_a_fragment(question))
    if question.kind == "when":
        # When it was is asked, and that was of another time.
        longer = longer._replace(times=question.times or _as_of(before.times))
    if is_a_fragment(question) or not question.telling:
        return longer
    if _points_at_a_clause(question) or ("then" in _lows(question) and "if" in _lows(before)):
        return longer
    named = any(term.carried and term.name for term in longer.terms)
    if not (_has_a_noun(question) or (named and _PRONOUNS & _lows(question))):
        return longer
    return longer._replace(
        terms=tuple(
            term._replace(light=True) if term.carried and not term.name else term for term in longer.terms
        )
    )


def replaced(question: Question, before: Question, lexicon: Lexicon) -> Iterator[tuple[str, int | None]]:
    """The question before with a part of it replaced by what only names another: "and in March?".

    Where several parts may be meant, each of them in turn; with the place of what is new.
    """
    if not is_a_fragment(question) or any(term.carried for term in before.terms):
        return
    if _PRONOUNS & _lows(question):
        return
    times = _typed(question.times, before.times) or _typed(before.times)
    if not question.telling:
        if question.times:
            yield f"{_text(before.words)} {times}", None
        return
    for old, new in _counterparts(question, before, lexicon):
        some = [word.text for word in question.words[new.at : new.at + new.size]]
        if old.genitive and not new.genitive:
            some[-1] += "'s"
        head, tail = before.words[: old.at], before.words[old.at + old.size :]
        yield " ".join(part for part in (_text(head), *some, _text(tail), times) if part), old.at


def _counterparts(question: Question, before: Question, lexicon: Lexicon) -> list[tuple[Term, Term]]:
    """What of the question before is replaced by what."""
    new = question.telling[0]
    if len(question.telling) > 1:
        return []
    if new.name:
        found = [(old, new) for old in _like(new, question, before, lexicon)]
        return found or [(old, new) for old in _inside(new, before, lexicon)]
    if _before(question.words, new.at, articles=True) == "the" and new.low not in _ORDINALS:
        # Of the bridge it was asked, and now of the port.
        return [(old, new) for old in before.telling if _before(before.words, old.at, articles=True) == "the"]
    if new.low in _ORDINALS:
        return [(old, new) for old in before.terms if old.low in _ORDINALS and old.low != new.low]
    done = [
        term
        for term in before.telling
        if not term.name and (term.at in before.focus or is_participle(term.low.split()[0]))
    ]
    if question.focus and done and question.kind in {before.kind, "what"}:
        return [(done[-1], new)]
    return []


def _like(new: Term, question: Question, before: Question, lexicon: Lexicon) -> list[Term]:
    """The names of the question before in whose place a name may stand."""
    kind = lexicon.names[f"={new.name}"].kind
    names = [term for term in before.terms if term.name and term.name != new.name]
    for kinds in _ALIKE:
        alike = [term for term in names if kind in kinds and lexicon.names[f"={term.name}"].kind in kinds]
        if alike:
            lead = _before(question.words, new.at)
            behind = [term for term in alike if lead and _before(before.words, term.at) == lead]
            return behind or alike
    # Whatever it was about: "what did he say of the mill", "and of Ann?"
    lead = _before(question.words, new.at)
    return [term for term in before.telling if lead in _TOPICS and _before(before.words, term.at) == lead]


def _inside(new: Term, before: Question, lexicon: Lexicon) -> list[Term]:
    """The names of a like kind within a longer one: the club of "the head of the club"."""
    kind = lexicon.names[f"={new.name}"].kind
    return [
        term._replace(at=whole.at + 1 + term.at)
        for whole in before.terms
        if whole.name and whole.size > 1 and lexicon.names[f"={whole.name}"].kind != kind
        for term in lexicon.terms(before.words[whole.at + 1 : whole.at + whole.size])
        if term.name and term.name != new.name
        if any({kind, lexicon.names[f"={term.name}"].kind} <= kinds for kinds in _ALIKE)
    ]


def _before(words: Sequence[Word], at: int, *, articles: bool = False) -> str:
    """The word before a place; an article only where these are asked for."""
    lead = [word.low for word in words[:at] if articles or word.low not in {"the", "a", "an"}]
    return lead[-1] if lead else ""


def _points_at_a_clause(question: Question) -> bool:
    """Whether `that`, `this` or `so` stands for a whole sentence, and not before a word of its own."""
    return re.search(_CLAUSE_PRONOUN, question.low) is not None


def _has_a_noun(question: Question) -> bool:
    """Whether a sentence says what it is about, by an article or a genitive before that."""
    words = [word.low for word in question.words]
    telling = {term.at for term in question.telling}
    return any(word in {"the", "its", "their"} and at + 1 in telling for at, word in enumerate(words))


def _lows(question: Question) -> set[str]:
    return {word.low for word in question.words}


def _rest(question: Question) -> str:
    return re.sub(_OPENING, "", question.low).strip()


def _as_of(times: tuple[Time, ...]) -> tuple[Time, ...]:
    return tuple(time for time in times if time.bound == "as of")


def _typed(times: Sequence[Time], before: Sequence[Time] = ()) -> str:
    """Times as they are typed; a month alone is of the year of the one before."""
    years = {time.first.year for time in before if not time.month}
    found = []
    for time in times:
        year = f" {years.pop()}" if time.month and len(years) == 1 else ""
        found.append(f"{time.bound} {time.typed.strip(' ,.;:?!')}{year}")
    return " ".join(found)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
