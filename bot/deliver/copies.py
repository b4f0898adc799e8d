"""The copies of what was posted, in the outbox: which corrections go now, and what follows from them."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.deliver import correcting
from bot.deliver.correcting import Correction
from bot.deliver.policy import Step
from bot.store.outbox import DeliveryRow, Outbox


class Going(NamedTuple):
    """The corrections that are carried out now."""

    corrections: list[Correction]
    full: bool  # as many are under way as may be, so that others have to wait for the end of one


def take(outbox: Outbox, platform: str, room: int, now: datetime) -> Going:
    """Takes as many of those that are due as there is room for; those whose turn it is not are put back."""
    places = outbox.corrected_places(platform)
    most = min(room, correcting.MOST - len(places))
    rows = outbox.take_corrections(platform, now, most) if most > 0 else []
    targets = outbox.get_all([*{row.target for row in rows}])
    others = outbox.open_corrections([*targets])
    going, rest, ahead = list[Correction](), list[DeliveryRow](), Counter(places)
    for row in rows:
        siblings = [other for other in others.get(row.target, ()) if other.id != row.id]
        it = Correction(row, targets.get(row.target), siblings)
        turned = correcting.turn(it, ahead[row.place], now)
        if turned.state == "taken":
            going.append(it._replace(row=turned))
        else:
            rest.append(turned)
        ahead[row.place] += turned.state != "done"
    outbox.keep(rest)
    for row in rest:
        if row.state == "done":
            outbox.note(correcting.settled(row, now))
    return Going(going, len(going) >= most)


def follow(outbox: Outbox, step: Step, new_mark: Callable[[], str], now: datetime) -> None:
    """Answers what cannot be edited, and edits anew what a later correction has changed meanwhile."""
    row = step.row
    if correcting.falls_back(row, step.refused):
        edit, target = outbox.get(row.id), outbox.get(row.target)
        if edit and target:
            outbox.promise(correcting.answer(edit, target, new_mark(), now))
    elif correcting.is_shown(row):
        body = outbox.shown_body(row.target)
        if body in {None, row.body} or outbox.open_corrections([row.target]):
            return
        edit = outbox.get(row.id)
        if edit and body:
            outbox.promise(correcting.again(edit, body, new_mark(), now))
