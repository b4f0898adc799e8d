"""What stands in the ledger about a subscription, read and written as one thing.

All of this runs in one transaction with what it belongs to.
"""

import json
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from bot.digest.ledger.rows import subscription_of
from bot.digest.schedule.due import Held, ledger_limit, next_due
from bot.digest.schedule.subscription import Subscription
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.register import EditionRow, HeldRow, Register, SubscriptionRow

BATCH = 1000

# It arrived; it surely did not and will not; it waits to be sent; it may have arrived, or may yet.
Fate = Literal["arrived", "lost", "waits", "open"]


class Past(NamedTuple):
    """What has become of the newest editions of a subscription."""

    row: SubscriptionRow  # as it was before those that do not arrive
    unsent: tuple[EditionRow, ...] = ()  # these, the newest first
    # The newest of the others, where it is not known yet whether it arrives. Until then no other may be
    # made, since one that never arrives goes into the next.
    under_way: EditionRow | None = None


def settled(register: Register, row: SubscriptionRow, it: Subscription, now: datetime) -> date | None:
    """The newest date that is settled, as `verdict` wants it."""
    limit = ledger_limit(it, now).isoformat()
    newest = row.settled
    if newest and newest > limit:  # written while the clock was ahead
        newest = register.settled_by(row.id, limit)
    return date.fromisoformat(newest) if newest else None


def look(register: Register, row: SubscriptionRow, now: datetime) -> str | None:
    """When it has to be looked at next; None where it is paused or has ended."""
    if row.paused or row.ended:
        return None
    it = subscription_of(row)
    coming = next_due(it, settled(register, row, it, now), now)
    return stamp(max(coming.moment, now) if coming else now)


def reindex(register: Register, now: datetime) -> int:
    """Sets anew when each subscription has to be looked at, as after a jump of the clock.

    Returns how many there are. One whose zone is gone is looked at now, and said to be wrong then.
    """
    register.not_after(now)
    after, count = 0, 0
    while rows := register.active(after, BATCH):
        looks: list[tuple[str | None, int]] = []
        for row in rows:
            try:
                looks.append((look(register, row, now), row.id))
            except ValueError:
                looks.append((stamp(now), row.id))
        register.look_at(looks)
        after, count = rows[-1].id, count + len(rows)
    return count


def held_since(register: Register, row: SubscriptionRow) -> tuple[Held, ...]:
    """What was held since its last edition, oldest first."""
    return tuple(
        Held(date.fromisoformat(one.first), date.fromisoformat(one.last), one.why)  # type: ignore[arg-type]
        for one in register.held_after(row.id, row.last)
    )


def before(row: SubscriptionRow) -> str:
    """What an edition changes of its subscription, as it was before it."""
    kept = {name: getattr(row, name) for name in ("told", "number", "last", "kind", "pace", "start")}
    return json.dumps(kept)


def past(register: Register, outbox: Outbox, row: SubscriptionRow, *, stop: bool) -> Past:
    """What has become of the newest editions; writes nothing.

    With `stop`, what still waits to be sent counts as not arriving: it is to go into the next.
    """
    lost = {"lost", "waits"} if stop else {"lost"}
    gone: list[EditionRow] = []
    while newest := register.last_numbered(row.id, gone[-1].number if gone else None):
        became = fate(outbox, newest)
        if became not in lost:
            return Past(row, tuple(gone), None if became == "arrived" else newest)
        row = row._replace(**_put_back(register, row, newest))
        gone.append(newest)
    return Past(row, tuple(gone))


def take_back(register: Register, outbox: Outbox, row: SubscriptionRow, now: datetime, *, stop: bool) -> Past:
    """Takes back the newest editions as far as they do not arrive: the next tells their news.

    With `stop`, also what still waits to be sent, which then is not.
    """
    found = past(register, outbox, row, stop=stop)
    for edition in found.unsent:
        posts = posts_of(outbox, edition)
        for post in posts:
            if post.state == "due":
                outbox.save(post._replace(state="held", done=stamp(now)))
        why = posts[-1].outcome or "it was not sent in time"
        said = f"It could not be delivered ({why}); the next edition tells what was in it."
        register.save_edition(edition._replace(number=0, said=said))
        register.hold(HeldRow(row.id, edition.day, edition.day, "undelivered"))
    for post in posts_of(outbox, found.under_way) if found.under_way else ():
        if post.state == "refused" and post.unsure:
            # It may have arrived before it was refused: the pump looks, and holds it where it is not there.
            outbox.save(post._replace(state="due", due=stamp(now), done=None))
    return found


def fate(outbox: Outbox, edition: EditionRow) -> Fate:
    """What has become of an edition with a number."""
    posts = posts_of(outbox, edition)
    if not posts or any(post.state == "done" for post in posts):
        return "arrived"
    if any(post.unsure or post.state == "taken" for post in posts):
        return "open"
    return "waits" if any(post.state == "due" for post in posts) else "lost"


def posts_of(outbox: Outbox, edition: EditionRow) -> list[DeliveryRow]:
    """The deliveries that bring an edition, oldest first: several where it was made again."""
    return [one for one in outbox.of_edition(edition.id) if one.task == "post"]


def amend(register: Register, outbox: Outbox, row: SubscriptionRow, *, told: bool) -> None:
    """Sees to it that an edition under way, should it be taken back, leaves what was changed since.

    With `told`, also what counts as told was set anew.
    """
    edition = past(register, outbox, row, stop=False).under_way
    if edition is None:
        return
    names = ("kind", "pace", "start", *(("told", "last") if told else ()))
    put_back = json.loads(edition.before) | {name: getattr(row, name) for name in names}
    register.save_edition(edition._replace(before=json.dumps(put_back)))


def _put_back(register: Register, row: SubscriptionRow, edition: EditionRow) -> dict[str, Any]:
    """What a subscription was before an edition."""
    found: dict[str, Any] = json.loads(edition.before)
    others = register.of_place(row.story, row.platform, row.place) if found["kind"] != row.kind else []
    if any(other.kind == found["kind"] and other.id != row.id for other in others):
        # A replay that turned to news, in whose place there is another replay since.
        return {name: found[name] for name in ("told", "number", "last")}
    return found
