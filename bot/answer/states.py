"""The state of the story as known on a day: what its newest briefing of then says in one line."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.model import BACKGROUND, Sentence
from bot.reply import Line
from bot.store.shelf import BriefingCard, Shelf
from bot.wording import amended, cites_of

MOST_READ = 8  # briefings; one that only tells the background gives no state


class State(NamedTuple):
    """A briefing that gives a state, and its sentences, on which that rests."""

    card: BriefingCard
    sentences: Sequence[Sentence]
    mended: str = ""  # what has been corrected of it, or became of it since


def newest_of(cards: Sequence[BriefingCard]) -> BriefingCard | None:
    """The one that gives the state: the newest that tells of the story, and not of what lay before it."""
    return next((card for card in reversed(cards) if card.phase != BACKGROUND), cards[-1] if cards else None)


def state_on(shelf: Shelf, day: date | None) -> State | None:
    """The state as known on a day, in the words of then; None where no briefing was there yet."""
    told = shelf.as_told_on(day)
    return state_of(told, newest_of(told.briefings(day, newest=MOST_READ)), day)


def state_of(shelf: Shelf, card: BriefingCard | None, day: date | None = None) -> State | None:
    """The state that a briefing gives, as the shelf tells it."""
    if card is None:
        return None
    amendments = shelf.amendments("briefing", [card.id]).get(card.id, ())
    return State(card, shelf.sentences(card.id), amended(amendments, day))


def state_line(state: State, *, when: str = "") -> Line:
    """A state as a line of an answer."""
    return Line(state.card.state, cites_of(state.sentences), when=when, note=state.mended)
