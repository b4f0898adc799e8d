"""`exomars log --json`: the audit, whole, one JSON object in a line, oldest first."""

import json
from collections.abc import Iterator

from bot.store.newsroom import AuditRow, Newsroom, Person
from bot.store.shelf import Shelf


def lines(shelf: Shelf, about: str = "", newest: int = 0) -> Iterator[str]:
    """What was done to the story; where it is given, only `about` an item, a draft or a person.

    Of all that is found the `newest` so many; 0: all.
    """
    newsroom = Newsroom(shelf.connection, shelf.story)
    rows = newsroom.audit()
    persons = newsroom.persons([row.person for row in rows])
    found = [row for row in rows if not about or about in _names(row, persons.get(row.person or 0))]
    for row in found[: newest or None][::-1]:
        yield json.dumps(_entry(row, persons.get(row.person or 0)), ensure_ascii=False)


def _entry(row: AuditRow, who: Person | None) -> dict[str, object]:
    return {
        "number": row.number,
        "at": f"{row.at}Z",
        "who": {"platform": who.platform, "user": who.user, "name": who.name} if who else None,
        "what": {"act": row.act, "item": row.item},
        "where": {"story": row.story, "platform": row.platform, "server": row.server, "place": row.place},
        "audience": row.audience,
        "before": row.before,
        "after": row.after,
        "outcome": row.outcome,
    }


def _names(row: AuditRow, who: Person | None) -> set[str]:
    """All by which a row may be asked for: ids of items, their sources, drafts, and who did it."""
    items = row.item.split(", ")
    drafts = {text.replace(" ", "-") for text in (row.before, row.after)}
    person = {f"{who.platform}/{who.user}"} if who and who.user else set()
    return {*items, *(item.partition("#")[0] for item in items), *drafts, *person}
