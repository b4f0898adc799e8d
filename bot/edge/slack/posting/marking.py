"""A delivery as arguments of a call of Slack, and what of it is found again in a message."""

import re
from collections.abc import Mapping
from typing import Any

from bot.deliver.order import Order
from bot.render.slack import calling, message
from bot.store.outbox import DeliveryRow

Json = Mapping[str, Any]
Parts = Mapping[str, Any]  # what is said, as arguments of a post or an edit

EVENT = "exomars_delivery"
"""The type of the metadata that mark a message as a delivery. Only apps can set metadata."""


def parts(order: Order) -> Parts:
    """What is said, and the mark.

    A post calls the user group that was asked for; whom it has called, a correction does not call again.
    Raises ValueError where that is no user group.
    """
    row = order.row
    assert order.reply is not None
    shown = message(order.reply, row.story)
    if row.role and not order.corrects:
        shown = calling(shown, row.role)
    return {"text": shown.text, "blocks": [*shown.blocks], "metadata": metadata(row)}


def metadata(row: DeliveryRow) -> dict[str, Any]:
    """The mark of a delivery; of an edited post its own, and that of the edit."""
    payload = {"id": row.target, "edit": row.id} if row.task == "edit" else {"id": row.id}
    return {"event_type": EVENT, "event_payload": payload}


def marks(found: Json) -> Json:
    """The mark that a message has: what `metadata` has put there; empty where it is no delivery."""
    kept = found.get("metadata") or {}
    payload = kept.get("event_payload") if kept.get("event_type") == EVENT else None
    return payload if isinstance(payload, dict) else {}


def wording(blocks: object) -> str:
    """What blocks say in all, whatever their white space, and the links that Slack makes of addresses."""
    return re.sub(r"[\s<>]", "", "".join(_texts(blocks)))


def _texts(part: object) -> list[str]:
    if isinstance(part, str):
        return []
    if isinstance(part, Mapping):
        own = part.get("text")
        return [own] if isinstance(own, str) else [one for value in part.values() for one in _texts(value)]
    return [one for value in part for one in _texts(value)] if isinstance(part, list | tuple) else []
