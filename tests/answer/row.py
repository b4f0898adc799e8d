"""A row about the bridge, beside the small story: contradictions of every kind, and a vocabulary."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.desk.desk import Desk
from bot.model import Name, Vocabulary
from bot.reply import Line, Reply
from bot.store.store import Store
from bot.store.vocabulary import keep_vocabulary
from tests.stories import PLAN, SCENE, STORY, STRIKE, briefing, fact, scene, source

NOW = datetime(2022, 8, 1, 12, tzinfo=UTC)
ROW = "2022-04-10-row"
MAYOR = "the mayor of Alton"

FILES: Mapping[str, str] = {
    **SCENE,
    f"corpus/{ROW}.md": source(
        ROW,
        fact(
            "no-strike",
            "The mayor of Alton denied that anybody had struck.",
            date="2022-04-09",
            speaker=MAYOR,
            kind="statement",
            tags=["strike"],
            disputes=[f"{STRIKE}#strike"],
        ),
        fact(
            "back",
            "The builders went back to work.",
            date="2022-04-08",
            tags=["strike", "bridge"],
            supersedes=[f"{STRIKE}#strike", f"{STRIKE}#delayed"],
        ),
        fact(
            "paid",
            "The council of Alton said that it would pay.",
            date="2022-04-09",
            speaker="the council of Alton",
            kind="statement",
            tags=["money"],
            supersedes=[f"{PLAN}#who-pays"],
            disputes=[f"{ROW}#told-us"],
        ),
        fact(
            "told-us", "Nobody told us about the lamps.", date="2022-04-10", speaker="a clerk", tags=["money"]
        ),
        fact("from-us", "US builders came to Berry.", date="2022-04-06", tags=["towns"]),
        fact("lamps", "The lamps are to be lit.", date="2022-12", kind="plan", tags=["money", "bridge"]),
        fact("undated", "The bridge has three arches.", date="undated", kind="background", tags=["bridge"]),
    ),
    f"briefings/{ROW}.md": briefing(
        ROW,
        f"The builders are back [@{ROW}#back; @{STRIKE}#strike].",
        f"Alton will pay [@{ROW}#paid].",
        state="They build again.",
    ),
}

WORDS = Vocabulary(
    (
        Name(
            "Ada Penn",
            "person",
            (MAYOR, "Penn", 'Pe"nn OR *', "Pe(nn["),
            ("Council",),
            (f"{STRIKE}#delayed",),
        ),
        Name("Council", "body", ("the council of Alton",), ("Alton",)),
        Name("Alton", "place", ("Altonia",)),
        Name("US", "country", ("U.S.",)),
        Name("Cedric", "person"),
        Name("Industrial action", "thing", (), ("Alton",)),
    ),
    (("walkout", "strike"),),
    (("party", ("Council", "Alton", "crane")), ("official", ("Ada Penn",)), ("US", ("Alton",))),
)


def desk(root: Path, words: Vocabulary = WORDS, files: Mapping[str, str] = FILES) -> Desk:
    """A desk that answers about the row."""
    store = Store(str(root / "state.db"))
    synced = scene(root / "story", files).sync(store)
    assert synced
    assert synced.problems == ()
    store.write(lambda db: keep_vocabulary(db.conn, STORY.word, words))
    return Desk(store, STORY)


def ask(asked: Desk, typed: str) -> Reply:
    """Types a line."""
    return asked.answer(typed, "!bridge", NOW)


def lines(reply: Reply, title: str = "") -> list[Line]:
    """The lines of the sections with this title."""
    return [line for section in reply.sections if section.title == title for line in section.lines]


def slugs(found: list[Line]) -> list[str]:
    """The facts that lines tell, in order."""
    return [line.cites[0].partition("#")[2] for line in found]
