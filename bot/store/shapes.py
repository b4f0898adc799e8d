"""What is loaded of a story, as far as its documents have to do with each other; of all audiences."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from bot.model import Cite, Relation, Shape


def shapes(db: sqlite3.Connection, story: str, paths: Mapping[tuple[str, str], str]) -> dict[str, Shape]:
    """The shape of every source and briefing, by the path of its file; without one, by kind and id."""
    facts: dict[str, list[str]] = {}
    for source, fact in db.execute(
        "SELECT source, id FROM fact WHERE story = ? ORDER BY source, place", (story,)
    ):
        facts.setdefault(source, []).append(fact)
    relations: dict[str, list[Relation]] = {}
    for row in db.execute("SELECT fact, kind, other, because, line FROM relation WHERE story = ?", (story,)):
        relations.setdefault(row[0].partition("#")[0], []).append(Relation(*row))
    cites: dict[str, list[Cite]] = {}
    for briefing, fact, line in db.execute(
        "SELECT c.briefing, c.fact, s.line FROM citation AS c"
        " JOIN sentence AS s USING (story, briefing, place)"
        " WHERE c.story = ? ORDER BY c.briefing, c.place, c.rank",
        (story,),
    ):
        cites.setdefault(briefing, []).append(Cite(fact, line))
    found: dict[str, Shape] = {}
    for kind in ("source", "briefing"):
        rows = db.execute(
            f"SELECT id, known_on, audience, retracted != '~' FROM {kind} WHERE story = ?", (story,)
        )
        for item, known_on, audience, retracted in rows:
            path = paths.get((kind, item), f"{kind} {item}")
            found[path] = Shape(
                path,
                kind,
                item,
                date.fromisoformat(known_on),
                tuple(facts.get(item, ())) if kind == "source" else (),
                tuple(relations.get(item, ())) if kind == "source" else (),
                tuple(cites.get(item, ())) if kind == "briefing" else (),
                audience,
                bool(retracted),
            )
    return found
