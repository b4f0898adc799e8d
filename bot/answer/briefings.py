"""`briefings` and `briefing`: what was known when, and the text of one briefing."""

from itertools import groupby

from bot.answer.lines import corrections, counted, next_after, not_there, nothing_loaded, stub
from bot.command.entry import Ask
from bot.command.reporting import report_action
from bot.edtf import spoken_day
from bot.reply import Action, Line, Reply, Section
from bot.store.shelf import BriefingCard
from bot.wording import age, cites_of, dated, retracted

MOST_BUTTONS = 8
MOST_LISTED = 200


def briefings(ask: Ask) -> Reply:
    """Answers `briefings`: one line for each, oldest first."""
    cards = ask.shelf.briefings(newest=MOST_LISTED, stubs=True)
    if not cards:
        return nothing_loaded(ask, "briefings")
    total = ask.shelf.count("briefing", stubs=True)
    count = counted(total, "briefing", total - ask.shelf.count("briefing"))
    lines = tuple(_listed(ask, card) for card in cards)
    notes = [f"{count}; `{ask.call} briefing ID` shows one, `{ask.call} status DATE` the day."]
    if total > len(cards):
        notes.append(f"Only the newest {len(cards)} are listed.")
    days = dict.fromkeys(card.known_on for card in cards if not card.retracted)
    return Reply(
        "briefings",
        f"{ask.name}: what was known when",
        (Section("", lines),),
        notes=tuple(notes),
        actions=tuple(
            Action(f"As of {spoken_day(known)}", f"status {known.isoformat()}")
            for known in [*days][-MOST_BUTTONS:]
        ),
        as_of=ask.shelf.horizon(None),
    )


def briefing(ask: Ask) -> Reply:
    """Answers `briefing [ID]`: the text, sentence by sentence with its sources; the newest without an id."""
    ids = ask.shelf.briefing_ids()
    given = ask.text("id") or (ids[-1] if ids else "")
    card = ask.shelf.briefing(given)
    if card is None:
        return not_there(ask, "briefing", "briefing", given, ids) if ids else nothing_loaded(ask, "briefing")
    if card.retracted:
        ways = (
            *_neighbours(ask.shelf.briefing_ids(stubs=True), card.id),
            Action("All briefings", "briefings"),
        )
        return stub("briefing", f"Briefing {card.id}", card.retracted, *ways, as_of=card.known_on)
    sentences = ask.shelf.sentences(card.id)
    paragraphs = tuple(
        Section("", tuple(Line(sentence.text, sentence.facts) for sentence in group), flowing=True)
        for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)
    )
    notes = [f"As of {spoken_day(card.known_on)}, {age(card.known_on, ask.today)}; id {card.id}."]
    return Reply(
        "briefing",
        card.title,
        (
            Section("", (Line(card.state, cites_of(sentences)),)),
            *corrections(ask.shelf.amendments("briefing", [card.id]).get(card.id, ())),
            *paragraphs,
        ),
        notes=tuple(notes),
        actions=(
            *_neighbours(ids, card.id),
            Action(f"Status as of {spoken_day(card.known_on)}", f"status {card.known_on.isoformat()}"),
            Action("Timeline as known then", f"timeline known {card.known_on.isoformat()}"),
            *next_after(card.known_on, ask.shelf.horizon(None)),
            report_action(f"briefing {card.id}"),
        ),
        as_of=card.known_on,
    )


def _listed(ask: Ask, card: BriefingCard) -> Line:
    if card.retracted:
        return Line(retracted(card.retracted), when=dated(card.as_of), label=card.id)
    return Line(card.state, cites_of(ask.shelf.sentences(card.id)), when=dated(card.as_of), label=card.id)


def _neighbours(ids: list[str], here: str) -> list[Action]:
    place = ids.index(here)
    actions = []
    if place > 0:
        actions.append(Action("Earlier", f"briefing {ids[place - 1]}"))
    if place + 1 < len(ids):
        actions.append(Action("Later", f"briefing {ids[place + 1]}"))
    return actions
