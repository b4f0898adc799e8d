"""How the bot words what it knows: facts, sources and dates as lines of an answer or of a digest."""

import re
from collections.abc import Iterable
from datetime import date

from bot.edtf import Edtf, spoken, spoken_day, spoken_span
from bot.model import UNKNOWN, Fact, Retraction, Sentence
from bot.reply import Line, Reference
from bot.store.shelf import Amendment, Link, Shelf, SourceCard


def fact_line(fact: Fact, *, label: bool = False, overturned: Iterable[Link] = (), amended: str = "") -> Line:
    """A fact with its date, attributed, and what has become of it since."""
    links = tuple(overturned)
    note = "Since overturned: " + " And: ".join(link.because for link in links) if links else ""
    return Line(
        said(fact),
        (fact.id, *(link.fact.id for link in links)),
        when=dated(fact.date),
        label=fact.id if label else "",
        note=" ".join(filter(None, [note, amended])),
    )


def amended(amendments: Iterable[Amendment], as_of: date | None = None) -> str:
    """What was mended, in a sentence for each; with `as_of`, what only came later says so."""
    return " ".join(_ended(_amended(one, as_of)) for one in amendments)


def retracted(retraction: Retraction) -> str:
    """What stands in the place of something retracted."""
    return _amended(Amendment("retracted", *retraction), None)


def _amended(one: Amendment, as_of: date | None) -> str:
    since = " since," if as_of and one.on > as_of else ""
    return f"{one.act.capitalize()}{since} on {spoken_day(one.on)}: {one.why}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else f"{text}."


def cites_of(sentences: Iterable[Sentence]) -> tuple[str, ...]:
    """All that a briefing cites: its state, in one line, rests on the whole of it."""
    return tuple(dict.fromkeys(fact for sentence in sentences for fact in sentence.facts))


def said(fact: Fact) -> str:
    """The statement with its speaker, who is put in front where the sentence leaves them out."""
    names = [name for name in re.findall(r"\w+", fact.speaker.lower()) if len(name) > 2]
    if not names or any(re.search(rf"\b{name}\b", fact.says.lower()) for name in names):
        return fact.says
    return f"{fact.speaker}: {fact.says}"


def dated(when: Edtf) -> str:
    """A date in front of a line: an uncertain one shows that it is."""
    text = spoken(when)
    if when.last is None or when.exact or "/" in when.text:
        return text
    return f"in {text}"


def references(cards: Iterable[SourceCard], order: Iterable[str]) -> tuple[Reference, ...]:
    """The numbered sources of an answer, in the given order of ids."""
    by_id = {card.id: card for card in cards}
    known = [by_id[source] for source in order if source in by_id]
    return tuple(
        Reference(
            number,
            card.id,
            card.title,
            outlet(card.outlet),
            spoken(card.published),
            "" if card.url == UNKNOWN else card.url,
        )
        for number, card in enumerate(known, 1)
    )


def outlet(name: str) -> str:
    """Who published a source, in words."""
    return "outlet not named" if name == UNKNOWN else name


def age(then: date, today: date) -> str:
    """How long ago a day was: `4 years ago`."""
    days = (today - then).days
    if days <= 0:
        return "today" if days == 0 else "still to come"
    return "yesterday" if days == 1 else f"{spoken_span(days)} ago"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 source`, `5 sources`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def overturned_by(shelf: Shelf, facts: Iterable[Fact], as_of: date | None = None) -> dict[str, list[Link]]:
    """What has overturned each of these facts, as known by a day."""
    return shelf.links([fact.id for fact in facts], "supersedes", as_of, back=True)
