"""What the newsroom keeps from its beginning, worked out for what was there before it: once, in version 3."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from bot.store.meaning import meaning
from bot.store.moments import stamp

if TYPE_CHECKING:
    from sqlite_utils import Database


def revisions(db: "Database") -> None:
    """The versions of briefings as revisions; sources get their first when their files are read anew."""
    rows = db.conn.execute(
        "SELECT story, id, version, loaded, title, as_of, state, phase, tags, body FROM briefing_version"
    ).fetchall()
    for story, item, version, loaded, title, as_of, state, phase, tags, body in rows:
        front = {"id": item, "title": title, "as_of": as_of, "state": state, "phase": phase}
        # A JSON string is a YAML string as well.
        head = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items())
        text = f"---\n{head}\ntags: [{', '.join(tags.split())}]\n---\n{body}\n"
        said = meaning((title, as_of, state, phase, tags, body), "", (), None)
        db.conn.execute(
            "INSERT INTO revision (story, kind, item, version, audience, made, person, act, note, quiet,"
            " stands, title, state, body, text, meaning)"
            " VALUES (?, 'briefing', ?, ?, '', ?, NULL, 'file', '', 0, 1, ?, ?, ?, ?, ?)",
            (story, item, version, stamp(datetime.fromisoformat(loaded)), title, state, body, text, said),
        )
    # Has the files of sources be read once more.
    db.conn.execute("UPDATE file SET sha = '', stat = '' WHERE kind = 'source'")
    db.conn.execute("UPDATE story SET signature = ''")


def carried(db: "Database") -> None:
    """What the digests posted before carry: the facts they cite, and the briefings whose words they have."""
    wordings = db.conn.execute("SELECT id, version, title, state FROM briefing_version ORDER BY version")
    said = [(item, version, {title, state}) for item, version, title, state in wordings.fetchall()]
    for body, reply in db.conn.execute("SELECT id, reply FROM body").fetchall():
        lines = [line for section in json.loads(reply)["sections"] for line in section["lines"]]
        facts = {cite for line in lines for cite in line.get("cites", ()) if "#" in cite}
        texts = {line["text"] for line in lines}
        told = {item: version for item, version, words in said if words & texts}
        found = [*((fact, body, 0) for fact in facts), *((item, body, told[item]) for item in told)]
        db.conn.executemany("INSERT OR REPLACE INTO carries VALUES (?, ?, ?)", found)
