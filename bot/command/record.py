"""What somebody did, or was refused: one row of the audit, and one line of the log."""

import logging

from bot.command.entry import Ask
from bot.model import EVERYONE
from bot.store.moments import stamp
from bot.store.newsroom import AuditRow, Person

log = logging.getLogger("bot.newsroom")

DONE = "done"


def who(ask: Ask) -> int:
    """The person who asks, entered where they are new."""
    asker = ask.asker
    return ask.newsroom.person(asker.platform, asker.user, asker.name)


def known(ask: Ask) -> Person | None:
    """The person who asks, where they have done something before."""
    return ask.newsroom.known_person(ask.asker.platform, ask.asker.user)


def record(
    ask: Ask,
    act: str,
    item: str = "",
    *,
    before: str = "",
    after: str = "",
    outcome: str = DONE,
    audience: str | None = None,
) -> None:
    """Adds to the audit, within the transaction of what it is about; where a form is opened, there is none.

    Without an audience, it is for those who may read what this person does where they ask.
    """
    if ask.only_form:
        return
    if audience is None:
        audience = EVERYONE if ask.rank in {"editor", "owner"} else ask.asker.audience
    asker, story, person = ask.asker, ask.shelf.story, who(ask)
    row = AuditRow(
        0,
        stamp(ask.now),
        story,
        audience,
        asker.platform,
        asker.server,
        # The channel of somebody's direct messages is theirs, and would stand here for ever.
        asker.place.id if asker.server else asker.place.kind,
        person,
        act,
        item,
        before,
        after,
        outcome,
    )
    ask.newsroom.note(row)
    log.info("%s: %s %s (person %d): %s", story, act, item or "-", person, outcome)
