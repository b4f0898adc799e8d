"""An edition as it is promised, and as it is posted: its words, and what is said of it alone.

The words are the same in most channels and kept once; number, date, what was held and how late it is
belong to the one edition.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.digest.content.lay import heading, late_note
from bot.digest.schedule.due import PUNCTUAL, Held
from bot.digest.schedule.subscription import Kind
from bot.reply import Reply
from bot.store.moments import moment, stamp


def heading_text(kind: Kind, number: int, day: date, held: Sequence[Held], due: datetime) -> str:
    """What is said of one edition alone, in one line for the database."""
    return json.dumps({"notes": heading(kind, number, day, held), "due": stamp(due)}, ensure_ascii=False)


def posted(reply: Reply, heading: str, mark: str, now: datetime) -> Reply:
    """The reply as it is posted now; the mark by which it is found again stands in its first note.

    The mark may be empty, where the reply is only shown.
    """
    found = json.loads(heading) if heading else {}
    first, *rest = found.get("notes", [""])
    late = now - moment(found["due"]) if found else timedelta(0)
    begins = " ".join(filter(None, [first, f"[{mark}]" if mark else ""]))
    notes = (
        *([f"{begins}." if first else begins] if begins else []),
        *([late_note(late)] if late > PUNCTUAL else []),
        *rest,
        *reply.notes,
    )
    return reply._replace(notes=notes)
