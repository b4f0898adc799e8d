"""Corrections of posts on their way: when one's turn has come, and what follows from what came of it.

An edit changes a post where it stands; where the platform does not let it, an answer under the post says
the same. Of one place one is under way at a time, so that no two can meet at one message, and a platform
that is slow in one place holds back nothing else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.deliver.order import Refused
from bot.deliver.policy import PATIENCE
from bot.reply import Reply
from bot.store.moments import moment, stamp
from bot.store.outbox import NEVER_ARRIVED, OVERTAKEN, Attempt, DeliveryRow

MOST = 40  # corrections under way at one time: with what is looked for, fewer than deliveries in all
TURN = timedelta(seconds=0.5)  # between two corrections in one place, at the least
TARGET = timedelta(seconds=2)  # between two looks whether the post has arrived

DOUBT = timedelta(minutes=10)  # the same, where the post was refused and may have arrived before
IN_DOUBT = "it is not known whether its post arrived"

TITLE = "Corrected: "


class Correction(NamedTuple):
    """An edit or an answer whose turn it may be, with what is kept of what it corrects."""

    row: DeliveryRow
    target: DeliveryRow | None  # the delivery that brought the post
    others: Sequence[DeliveryRow]  # corrections of the same post that are still to be made


def turn(it: Correction, now: datetime) -> DeliveryRow:
    """What becomes of a correction that was just taken.

    It stays taken where it may be carried out now; else it is put back, or nothing is left to do. Of two
    corrections of one post the older gives way, but not before it is known what came of it.
    """
    row, target = it.row, it.target
    if target is not None and target.state == "refused" and target.unsure:
        return _in_doubt(row, now)
    if target is None or target.state in {"held", "refused"}:
        return _settled(row, NEVER_ARRIVED, now)
    if target.state != "done":
        return _put_back(row, max(now + TARGET, moment(target.due)))
    overtaken = any(_newer(other, row) for other in it.others if other.task == "edit")
    if overtaken and not row.unsure:  # else it may still land, and on top of the newer: it is looked for
        return _settled(row, OVERTAKEN, now)
    earlier = [moment(other.due) for other in it.others if _newer(row, other)]
    if earlier:  # which gives way as soon as it is its turn, or as it is known what came of it
        return _put_back(row, max(now + TURN, *earlier))
    return row


def shown(reply: Reply, row: DeliveryRow) -> Reply:
    """The amended reply as this correction brings it: what does not stand in a post's place says so."""
    return told_anew(reply) if row.task == "answer" else reply


def told_anew(reply: Reply) -> Reply:
    """The amended reply as a message of its own."""
    return reply if reply.title.startswith(TITLE) else reply._replace(title=TITLE + reply.title)


def mark(row: DeliveryRow) -> str:
    """What is found in the footer: of an edited post its own mark, and then that of the edit."""
    return f"{row.target}] [{row.id}" if row.task == "edit" else row.id


def answer(edit: DeliveryRow, target: DeliveryRow, new_mark: str, now: datetime) -> DeliveryRow:
    """The delivery that says under a post what could not be edited into it."""
    return _anew(edit, new_mark, now)._replace(task="answer", message=target.message, publish=target.publish)


def again(edit: DeliveryRow, body: int, new_mark: str, now: datetime) -> DeliveryRow:
    """Another edit of the same post, which was corrected while this one, or the post, was under way."""
    return _anew(edit, new_mark, now)._replace(body=body)


def falls_back(row: DeliveryRow, refused: Refused | None) -> bool:
    """Whether an answer is to say what this could not."""
    return row.task == "edit" and refused is not None and refused.answer


def is_shown(row: DeliveryRow) -> bool:
    """Whether it has edited its post; what needed no editing any more has an outcome."""
    return row.task == "edit" and row.state == "done" and not row.outcome


def is_posted(row: DeliveryRow) -> bool:
    """Whether it is a post that has arrived, whenever that was: corrections may have given it up by now."""
    return row.task == "post" and row.state == "done"


def settled(row: DeliveryRow, now: datetime) -> Attempt:
    """What is kept of a correction with which nothing was done."""
    return Attempt(row.id, stamp(now), row.outcome)


def _settled(row: DeliveryRow, why: str, now: datetime) -> DeliveryRow:
    return row._replace(state="done", unsure=0, outcome=why, done=stamp(now))


def _in_doubt(row: DeliveryRow, now: datetime) -> DeliveryRow:
    """Waits for a post that may have arrived before it was refused, and that a resumed digest looks for."""
    if now <= moment(row.made) + PATIENCE:
        return _put_back(row, now + DOUBT)
    return row._replace(state="held", outcome=IN_DOUBT, done=stamp(now))


def _put_back(row: DeliveryRow, due: datetime) -> DeliveryRow:
    return row._replace(state="due", first_try=row.first_try if row.unsure else None, due=stamp(due))


def _anew(row: DeliveryRow, new_mark: str, now: datetime) -> DeliveryRow:
    return row._replace(
        id=new_mark,
        made=stamp(now),
        due=stamp(now),
        state="due",
        tries=0,
        unsure=0,
        first_try=None,
        outcome="",
        done=None,
        publish=0,
    )


def _newer(one: DeliveryRow, other: DeliveryRow) -> bool:
    """Whether one correction was made after another."""
    return _order(one) > _order(other)


def _order(row: DeliveryRow) -> tuple[int, str, bool, str]:
    return row.revision or 0, row.made, row.task == "answer", row.id
