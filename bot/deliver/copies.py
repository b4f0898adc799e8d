"""The copies of what was posted, in the outbox: which corrections go now, and what follows from them."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.deliver import correcting
from bot.deliver.correcting import Correction
from bot.deliver.policy import Step
from bot.store.moments import moment
from bot.store.outbox import DeliveryRow, Outbox


class Going(NamedTuple):
    """The corrections that are carried out now."""

    corrections: list[Correction]
    next_due: str | None  # None also where others have to wait for the end of one


def take(outbox: Outbox, platform: str, room: int, now: datetime) -> Going:
    """Takes of each place one that is due, as there is room; those whose turn it is not are put back."""
    under_way = len(outbox.corrected_places(platform))
    most = min(room, correcting.MOST - under_way)
    if most <= 0:
        return Going([], None)
    tried = outbox.corrected_between(platform, now - correcting.TURN, now)
    rests = {place: moment(done) + correcting.TURN for place, done in tried.items()}
    rows = outbox.take_corrections(platform, now, most, rests)
    targets = outbox.get_all([*{row.target for row in rows}])
    others = outbox.open_corrections([*targets])
    going, rest = list[Correction](), list[DeliveryRow]()
    for row in rows:
        siblings = [other for other in others.get(row.target, ()) if other.id != row.id]
        it = Correction(row, targets.get(row.target), siblings)
        turned = correcting.turn(it, now)
        if turned.state == "taken":
            going.append(it._replace(row=turned))
        else:
            rest.append(turned)
    outbox.keep(rest)
    for row in rest:
        if row.state != "due":
            outbox.note(correcting.settled(row, now))
    full = len(going) >= most
    return Going(going, None if full else outbox.next_correction(platform, rests))


def follow(outbox: Outbox, step: Step, new_mark: Callable[[], str], now: datetime) -> None:
    """Answers what cannot be edited, and edits anew what was changed while it was under way."""
    row = step.row
    if correcting.falls_back(row, step.refused):
        edit, target = outbox.get(row.id), outbox.get(row.target)
        if edit and target:
            outbox.promise(correcting.answer(edit, target, new_mark(), now))
    elif correcting.is_shown(row) or correcting.is_posted(row):
        post = row.target or row.id
        body = outbox.shown_body(post)
        if body in {None, row.body} or outbox.open_corrections([post]):
            return
        newest = outbox.newest_edit(post) or outbox.get(row.id)
        if newest and body:
            edit = newest._replace(task="edit", target=post, message=row.message, until=None, heading="")
            outbox.promise(correcting.again(edit, body, new_mark(), now))
