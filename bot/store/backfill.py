"""What the newsroom keeps from its beginning, worked out for what was there before it: once, in version 3."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.store.meaning import meaning
from bot.store.moments import stamp

if TYPE_CHECKING:
    from sqlite_utils import Database

_CITATION = re.compile(r"\[@[^\[\]]*\]")
_BEFORE_STOP = re.compile(r"\s+([.,;:!?…])")
# Where a sentence begins: behind the one before, or behind the bullet of a list.
_STOPS = ".!?…\"”’')*_"
_START = rf"(?:^|(?<=[{re.escape(_STOPS)}+-]\s))"


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
    """What the digests promised before carry: the facts they cite, and the briefings whose words they have.

    Of a fact no version is known: 0 stands for the first that is kept. Of a briefing that was worded alike
    in several versions, it is the newest that was there when the digest was made.
    """
    worded = _Worded(db)
    promised = db.conn.execute(
        "SELECT d.body, d.story, min(d.made), b.reply FROM delivery d JOIN body b ON b.id = d.body"
        " WHERE d.task = 'post' GROUP BY d.body, d.story"
    ).fetchall()
    for body, story, made, reply in promised:
        said = json.loads(reply)
        lines = [line for section in said["sections"] for line in section["lines"]]
        found = {cite: 0 for line in lines for cite in line.get("cites", ()) if "#" in cite}
        # The title ends in that of a briefing, behind what the story is called.
        title = said["title"].partition(": ")[2].removeprefix("corrected: ")
        found.update(worded.told(story, [title, *(line["text"] for line in lines)], made))
        db.conn.executemany(
            "INSERT OR IGNORE INTO carries VALUES (?, ?, ?)",
            [(item, body, version) for item, version in found.items()],
        )


class _Version(NamedTuple):
    """One version of a briefing."""

    item: str
    version: int
    loaded: str
    words: str  # title, state and sentences, each between two line ends or blanks


class _Worded:
    """How briefings were worded in their versions; each text is looked up once."""

    def __init__(self, db: "Database") -> None:
        self._versions: dict[str, list[_Version]] = {}
        self._found: dict[tuple[str, str], list[_Version]] = {}
        rows = db.conn.execute("SELECT story, id, version, loaded, title, state, body FROM briefing_version")
        for story, item, version, loaded, title, state, body in rows.fetchall():
            # As a body is read into sentences, but that they stay together.
            plain = _BEFORE_STOP.sub(r"\1", " ".join(_CITATION.sub("", body).split()))
            one = _Version(item, version, stamp(datetime.fromisoformat(loaded)), f"{title}\n{state}\n{plain}")
            self._versions.setdefault(story, []).append(one)

    def told(self, story: str, texts: Iterable[str], made: str) -> dict[str, int]:
        """The briefings that have any of these texts, each in the version that was most likely told."""
        some: dict[str, set[_Version]] = {}
        for text in filter(None, texts):
            for one in self._with(story, text):
                some.setdefault(one.item, set()).add(one)
        return {
            item: max(versions, key=lambda one: (one.loaded <= made, one.version)).version
            for item, versions in some.items()
        }

    def _with(self, story: str, text: str) -> list[_Version]:
        if (story, text) not in self._found:
            end = r"(?=\s|$)" if text[-1] in _STOPS else "$"
            whole = re.compile(rf"{_START}{re.escape(text)}{end}", re.MULTILINE)
            self._found[story, text] = [
                one for one in self._versions.get(story, ()) if text in one.words and whole.search(one.words)
            ]
        return self._found[story, text]
