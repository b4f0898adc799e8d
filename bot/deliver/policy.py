"""What to do with a delivery next: a pure function of what it is, what came of the last try, and now.

    send    it was surely not carried out before, or a second try cannot make a second message
    look    it may have arrived, and the platform no longer knows: look for it in its place first
    wait    it may still arrive, so that looking for it would prove nothing
    hold    its time is over: the next edition tells what was in it

Times are seconds and aware moments in UTC. Chance is a number from 0 to 1, for jitter.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from bot.deliver.order import CORRECTIONS, Absent, Failed, Gone, Outcome, Refused, Sent, Wait
from bot.store.moments import moment, stamp
from bot.store.outbox import Attempt, DeliveryRow

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0  # seconds between two tries; doubled each time
MOST_DOUBLED = 9
PUBLISHED_ANHOUR = 10
"""Of one announcement channel; what Discord allows (platform limit, undocumented)."""

HOUR = timedelta(hours=1)

PATIENCE = timedelta(days=7)
"""For so long at least a correction is tried; it has no edition after it that could bring it instead."""

_NOT_THERE = "for it in the channel: it is not there"

First = Literal["send", "look", "wait", "hold"]


class Step(NamedTuple):
    """What is to be kept of one try."""

    row: DeliveryRow
    attempt: Attempt | None = None
    refused: Refused | None = None  # its admins have to be told, and nothing else sent there
    wait: float = 0.0  # seconds for which nothing at all may be sent


def first(row: DeliveryRow, now: datetime, window: float, settle: float = 0.0) -> First:
    """What to do with a delivery whose turn it is; `window` and `settle`: see Poster."""
    if not row.unsure:
        return "hold" if _over(row, now) else "send"
    # A clock that was put back says nothing about how long ago it was.
    age = (now - moment(row.first_try)).total_seconds() if row.first_try else -1.0
    if 0 <= age < window and not _over(row, now):
        return "send"
    return "wait" if 0 <= age < settle else "look"


def later(row: DeliveryRow, now: datetime, settle: float) -> Step:
    """A delivery that may still arrive: it is looked for afterwards."""
    return Step(_again(row, moment(row.first_try) if row.first_try else now, settle))


def after(row: DeliveryRow, outcome: Outcome, now: datetime, chance: float) -> Step:
    """What has become of a delivery."""
    at = stamp(now)
    corrects = row.task in CORRECTIONS
    row = row._replace(tries=row.tries + (not isinstance(outcome, Absent)))
    if isinstance(outcome, Sent):
        message = outcome.message or row.message
        # Of a correction that is done, the outcome says why nothing had to be done.
        said_before = "" if corrects else row.outcome
        return Step(row._replace(state="done", unsure=0, outcome=said_before, message=message, done=at))
    if isinstance(outcome, Gone):
        row = row._replace(state="done", unsure=0, outcome=outcome.why, done=at)
        return Step(row, Attempt(row.id, at, outcome.why))
    if isinstance(outcome, Absent):
        # It never arrived: from here on it is as if it had not been tried.
        where = "at the post: it does not say so yet" if row.task == "edit" else _NOT_THERE
        said = Attempt(row.id, at, f"looked {where}")
        return Step(row._replace(state="due", unsure=0, first_try=None, due=at), said)
    if isinstance(outcome, Refused):
        # How to mend it is for those who subscribed; a correction is none of their doing.
        why = outcome.why if corrects else f"{outcome.why}; {outcome.mend}"
        unsure = int(bool(row.unsure) or outcome.unsure)
        row = row._replace(state="refused", outcome=outcome.why, done=at, unsure=unsure)
        return Step(row, Attempt(row.id, at, f"refused: {why}"), refused=outcome)
    if isinstance(outcome, Wait):
        pause = outcome.seconds + chance
        said = Attempt(row.id, at, f"told to wait {outcome.seconds:.0f} s: {outcome.why}")
        row = _doubted(_again(row, now, pause), now, unsure=outcome.unsure)._replace(outcome=outcome.why)
        return Step(_or_given_up(row, now), said, wait=pause if outcome.everywhere else 0.0)
    pause = pause_before(row.tries, chance)
    sure = "" if outcome.sure else " (it may have arrived)"
    said = Attempt(row.id, at, f"{outcome.why}{sure}; again in {pause:.0f} s")
    row = _doubted(_again(row, now, pause), now, unsure=not outcome.sure)._replace(outcome=outcome.why)
    return Step(_or_given_up(row, now), said)


def held(row: DeliveryRow, now: datetime) -> Step:
    """A delivery whose time is over."""
    why = row.outcome or "it could not be sent before its time was over"
    row = row._replace(state="held", outcome=why, done=stamp(now))
    return Step(row, Attempt(row.id, stamp(now), "its time is over; the next edition tells what was in it"))


def lost(row: DeliveryRow, why: str, now: datetime, chance: float) -> Step:
    """Something in the bot itself went wrong while it was being sent."""
    return after(row, Failed(why), now, chance)


def pause_before(tries: int, chance: float) -> float:
    """Seconds before the next of so many tries: doubled each time, spread over half of it."""
    doubled: float = FIRST_PAUSE * 2 ** min(max(tries - 1, 0), MOST_DOUBLED)
    pause = min(doubled, LONGEST_PAUSE)
    return pause * (0.75 + chance / 2)


def publish_at(published: list[str], now: datetime) -> datetime:
    """When a channel may be published in again, so that its hourly limit is kept.

    `published`: when its last ones were, oldest first.
    """
    recent = [moment(one) for one in published if moment(one) > now - HOUR]
    return now if len(recent) < PUBLISHED_ANHOUR else recent[-PUBLISHED_ANHOUR] + HOUR


def publication(row: DeliveryRow, mark: str, due: datetime, now: datetime) -> DeliveryRow:
    """The delivery that publishes what this one has posted."""
    return DeliveryRow(
        mark,
        row.platform,
        row.server,
        row.place,
        row.place_kind,
        row.story,
        "publish",
        row.subscription,
        row.edition,
        None,
        "",
        "",
        0,
        stamp(now),
        stamp(due),
        stamp(now + 24 * HOUR),
        message=row.message,
    )


def _again(row: DeliveryRow, now: datetime, pause: float) -> DeliveryRow:
    return row._replace(state="due", due=stamp(now + timedelta(seconds=pause)))


def _doubted(row: DeliveryRow, now: datetime, *, unsure: bool) -> DeliveryRow:
    """After a try; `unsure`: it may have been carried out."""
    if not unsure and not row.unsure:
        return row._replace(first_try=None)
    # An edit is never sent while in doubt, so what counts is for how long it may still land: from its end.
    just_tried = row.task == "edit" and not row.unsure
    return row._replace(unsure=1, first_try=stamp(now) if just_tried else row.first_try)


def _over(row: DeliveryRow, now: datetime) -> bool:
    return row.until is not None and now > moment(row.until)


def _or_given_up(row: DeliveryRow, now: datetime) -> DeliveryRow:
    """A correction that was tried for long enough is held, with why; anything else stays as it is.

    Only after a try, so that one that waited for the bot itself to come back has its own.
    """
    patient = row.task not in CORRECTIONS or row.tries <= MOST_DOUBLED
    if patient or now <= moment(row.made) + PATIENCE:
        return row
    return row._replace(state="held", done=stamp(now))
