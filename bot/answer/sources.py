"""`sources`, `source` and `fact`: where everything comes from."""

from collections.abc import Sequence

from bot.answer.lines import MOST_WAYS, corrections, counted, not_there, nothing_loaded, stub
from bot.command.entry import Ask
from bot.command.mistake import mistake, shortened
from bot.command.reporting import report_action
from bot.edtf import spoken, spoken_day
from bot.model import UNKNOWN, Fact
from bot.nearest import nearest
from bot.reply import Action, Line, Reply, Section
from bot.store.shelf import Link, Shelf, SourceCard
from bot.wording import dated, fact_line, overturned_by, plural, retracted, said

MOST_LISTED = 200
MAX_DIGITS = 5
MOST_RESTING = 40


def sources(ask: Ask) -> Reply:
    """Answers `sources`: every article, oldest first."""
    cards = ask.shelf.sources(stubs=True)
    if not cards:
        return nothing_loaded(ask, "sources")
    from bot.store.resting import resting_counts  # nothing else needs it, as below

    alone = resting_counts(ask.shelf, (card.id for card in cards[-MOST_LISTED:]))
    lines = tuple(_listed(card, alone.get(card.id, 0)) for card in cards[-MOST_LISTED:])
    count = counted(len(cards), "source", sum(card.retracted is not None for card in cards))
    notes = [f"{count}; `{ask.call} source ID` shows what one states."]
    if len(cards) > len(lines):
        notes.append(f"Only the newest {len(lines)} are listed.")
    return Reply(
        "sources",
        f"{ask.name}: sources",
        (Section("", lines),),
        notes=tuple(notes),
        actions=(
            Action("Status", "status"),
            Action("Timeline", "timeline"),
            Action("Where they disagree", "disputes"),
        ),
        as_of=cards[-1].known_on,
    )


def source(ask: Ask) -> Reply:
    """Answers `source ID`: what an article is, and every fact it states."""
    given = ask.text("id") or ""
    card = ask.shelf.source(given)
    if card is None:
        named = _named(ask.shelf, given)
        if len(named) != 1:
            return _no_source(ask, given, named)
        card = named[0]
    if card.retracted:
        way = Action("All sources", "sources")
        return stub("source", f"Source {card.id}", card.retracted, way, as_of=card.known_on)
    from bot.store.resting import resting_on

    facts = ask.shelf.facts_of(card.id)
    overturned = overturned_by(ask.shelf, facts)
    lines = tuple(
        fact_line(fact, overturned=overturned.get(fact.id, ()))._replace(label=f"#{fact.slug}")
        for fact in facts
    )
    alone = tuple(
        Line(one.text, one.facts, label=one.briefing) for one in resting_on(ask.shelf, card.id)[:MOST_RESTING]
    )
    about = tuple(Line(text, (card.id,) if number == 0 else ()) for number, text in enumerate(_about(card)))
    return Reply(
        "source",
        card.title,
        (
            Section("", about),
            *corrections(ask.shelf.amendments("source", [card.id]).get(card.id, ())),
            Section(plural(card.facts, "fact"), lines),
            *([Section("What of the briefings rests on it alone", alone)] if alone else []),
        ),
        notes=(f"`{ask.call} fact {card.id}#…` shows one with all that speaks for and against it.",),
        actions=(
            Action(f"Status as of {spoken_day(card.known_on)}", f"status {card.known_on.isoformat()}"),
            Action("All sources", "sources"),
        ),
        as_of=ask.shelf.horizon(None),
        words=f"source {card.id}",
    )


def fact(ask: Ask) -> Reply:
    """Answers `fact ID`: one statement, who said it and when, and what stands against it."""
    given = (ask.text("id") or "").strip("[]").removeprefix("@").removeprefix("#")
    ids = [given] if "#" in given else ask.shelf.fact_ids(given) or ask.shelf.fact_ids(given, stubs=True)
    found = ask.shelf.fact(ids[0]) if len(ids) == 1 else None
    if found is None and ask.shelf.source(given) is not None:
        return mistake(ask.call, "fact", f"“{given}” is a source, not a fact.", [f"source {given}"])
    if found is None and len(ids) == 1 and (gone := ask.shelf.withdrawn(ids[0])):
        way = Action("Its source", f"source {ids[0].partition('#')[0]}")
        return stub("fact", f"Fact {ids[0]}", gone, way, as_of=ask.shelf.horizon(None))
    if found is None:
        return not_there(ask, "fact", "fact", given, ids if len(ids) > 1 else _near_facts(ask, given))
    shelf = ask.shelf
    sections = [
        Section("", (fact_line(found), Line(_described(found)))),
        *corrections(shelf.amendments("fact", [found.id]).get(found.id, ())),
    ]
    for title, kind, back in (
        ("Overturned by", "supersedes", True),
        ("It overturns", "supersedes", False),
        ("Disputed by", "disputes", True),
        ("It disputes", "disputes", False),
    ):
        links = shelf.links([found.id], kind, None, back=back).get(found.id, [])
        if links:
            sections.append(Section(title, tuple(_linked(link) for link in links)))
    citing = shelf.citing(found.id)
    if citing:
        lines = tuple(Line(card.title, (), when=dated(card.as_of), label=card.id) for card in citing)
        sections.append(Section("Cited in", lines))
    actions = [Action(f"Briefing {card.id}"[:80], f"briefing {card.id}") for card in citing[:2]]
    return Reply(
        "fact",
        f"Fact {found.id}",
        tuple(sections),
        notes=(f"Known from {spoken_day(found.known_on)}, when its source counts as published.",),
        actions=(
            *actions,
            Action("Its source", f"source {found.source_id}"),
            report_action(f"fact {found.id}"),
        ),
        as_of=shelf.horizon(None),
    )


def _named(shelf: Shelf, given: str) -> list[SourceCard]:
    """The sources whose outlet has all the words that were given, or else, with its title, has them."""
    from bot.answer.naming import key_of  # most who ask for a source have its id

    words = {*key_of(given).split()}
    if not words or given.isdigit():
        return []
    outlets = [(card, key_of(card.outlet if card.outlet != UNKNOWN else "")) for card in shelf.sources()]
    found = [card for card, outlet in outlets if words <= {*outlet.split()}]
    return found or [card for card, of in outlets if words <= {*of.split(), *key_of(card.title).split()}]


def _no_source(ask: Ask, given: str, named: Sequence[SourceCard]) -> Reply:
    """Says that nothing, or more than one, is called so; a number is one of a list, and no name."""
    if named:
        what = f"“{shortened(given)}” is the outlet, or in the title, of {plural(len(named), 'source')}."
        ways = [f"source {card.id}" for card in named[-MOST_WAYS:]]
        return mistake(ask.call, "source", what, [*ways, "sources"])
    cards = [card for card in ask.shelf.sources(stubs=True)[-MOST_LISTED:] if not card.retracted]
    number = int(given) if given.isascii() and given.isdigit() and len(given) < MAX_DIGITS else 0
    if 0 < number <= len(cards):
        what = f"Each answer numbers its sources anew; in the list of all, {number} is this one."
        return mistake(ask.call, "source", what, [f"source {cards[number - 1].id}", "sources"])
    return not_there(ask, "source", "source", given, ask.shelf.source_ids())


def _listed(card: SourceCard, alone: int) -> Line:
    if card.retracted:
        return Line(retracted(card.retracted), when=dated(card.published), label=card.id)
    text = f"{card.title}: {plural(card.facts, 'fact')}"
    return Line(text, (card.id,), when=dated(card.published), label=card.id, note=_resting(alone))


def _resting(alone: int) -> str:
    """That some of the briefings cites this source and no other: see `bot.store.resting`."""
    if not alone:
        return "No sentence of the briefings rests on it alone."
    return f"{plural(alone, 'sentence')} of the briefings {'rests' if alone == 1 else 'rest'} on it alone."


def _about(card: SourceCard) -> list[str]:
    by = "; the outlet is not named" if card.outlet == UNKNOWN else f" by {card.outlet}"
    lines = [f"Published {spoken(card.published)}{by}. {card.dated_by}".strip()]
    lines.append("Its address is not known." if card.url == UNKNOWN else f"Address: {card.url}")
    return [*lines, *([card.note] if card.note else [])]


def _described(found: Fact) -> str:
    by = f"said by {found.speaker}" if found.speaker else "reported by the outlet as its own"
    tags = f"; tags {', '.join(found.tags)}" if found.tags else ""
    article = "An" if found.kind == "event" else "A"
    return f"{article} {found.kind}, {by}{tags}."


def _linked(link: Link) -> Line:
    return Line(
        said(link.fact), (link.fact.id,), when=dated(link.fact.date), label=link.fact.id, note=link.because
    )


def _near_facts(ask: Ask, given: str) -> list[str]:
    """The ids to offer for one that does not exist: by its source and slug, or by its words."""
    source_id, mark, slug = given.rpartition("#")
    if not mark:
        hits = ask.shelf.search(slug.replace("-", " "), 20).hits
        return [hit.id for hit in hits if hit.kind == "fact"]
    near = nearest(source_id, ask.shelf.source_ids())
    return [f"{source}#{other}" for source in near for other in nearest(slug, _slugs(ask, source), 3, 0.4)]


def _slugs(ask: Ask, source_id: str) -> list[str]:
    return [fact.slug for fact in ask.shelf.facts_of(source_id)]
