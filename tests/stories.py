"""A small made-up story as files: notes built from words, in a folder that tests may do anything to."""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.config import Config, Discord, Story
from bot.curate.files.sync import Synced, sync
from bot.load.folder import Folder
from bot.store.store import Store

NOW = datetime(2022, 8, 1, 12, tzinfo=UTC)
STORY = Story("bridge", "The bridge", "corpus", "briefings")

PLAN = "2022-01-05-plan"
STRIKE = "2022-03-strike"


def fact(slug: str, says: str = "The bridge was built.", **fields: object) -> str:
    """The lines of one fact; `supersedes` and `disputes` are lists of fact ids."""
    given: dict[str, object] = {"date": "2022-01-05", "says": says, "speaker": "", "kind": "event", **fields}
    for kind in ("supersedes", "disputes"):
        others = given.pop(kind, ())
        assert isinstance(others, tuple | list)
        if others:
            given[kind] = [{"fact": other, "because": "It came later."} for other in others]
    return f"  - id: {slug}\n" + "".join(f"    {name}: {_shown(value)}\n" for name, value in given.items())


def source(name: str, *facts: str, note: str = "", **fields: object) -> str:
    """The text of a source note."""
    given = {
        "id": name,
        "title": "The bridge in the news",
        "outlet": "The Post",
        "url": "https://post.example/bridge",
        "published": name[:10] if name[7:8] == "-" and name[8:10].isdigit() else "2022-03-01/2022-03-05",
        "language": "en",
        **fields,
    }
    return _front(given) + "facts:\n" + ("".join(facts) or fact("built")) + f"---\n{note}\n"


def briefing(name: str, *sentences: str, **fields: object) -> str:
    """The text of a briefing; each sentence is given with its citations."""
    given = {
        "id": name,
        "title": "How it stands",
        "as_of": name[:10],
        "state": "The bridge stands.",
        "phase": "building",
        "tags": ["bridge"],
        **fields,
    }
    return _front(given) + "---\n" + "\n".join(sentences) + "\n"


class StoryFolder(NamedTuple):
    """A story on disk."""

    root: Path

    def path(self, name: str) -> Path:
        """Where `corpus/x.md` is."""
        return self.root / name

    def write(self, name: str, text: str | bytes) -> None:
        """Makes or replaces a file. It is a new one each time, as editors make it: its inode changes."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(text.encode() if isinstance(text, str) else text)
        os.replace(part, path)

    def edit(self, name: str, old: str, new: str) -> None:
        """Changes one place of a file."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def link(self, name: str, target: str) -> None:
        """Puts a link in the place of a file."""
        self.path(name).unlink(missing_ok=True)
        self.path(name).symlink_to(target)

    def remove(self, *names: str) -> None:
        """Deletes files."""
        for name in names:
            self.path(name).unlink()

    @property
    def places(self) -> tuple[Folder, Folder]:
        """The folders as `load` takes them."""
        return (
            Folder("corpus", str(self.root / "corpus"), "source"),
            Folder("briefings", str(self.root / "briefings"), "briefing"),
        )

    def sync(self, store: Store, now: datetime = NOW) -> Synced | None:
        """Takes its files over."""
        return sync(store, STORY, self.places, now)

    @property
    def config(self) -> Config:
        """A configuration with this story alone."""
        database = str(self.root / "state" / "test.db")
        return Config(
            str(self.root), database, (STORY,), 0, "info", Discord("", "", "", prefix_commands=True)
        )


def scene(root: Path, files: Mapping[str, str] | None = None) -> StoryFolder:
    """Writes a story into a folder: these files, or those of SCENE."""
    folder = StoryFolder(root)
    for name in ("corpus", "briefings"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, text in (SCENE if files is None else files).items():
        folder.write(name, text)
    return folder


def line_of(text: str, words: str) -> int:
    """The number of the first line that has these words."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def told(problems: Iterable[object]) -> str:
    """Problems as `exomars check` prints them."""
    return "\n".join(map(str, problems))


def _front(fields: Mapping[str, object]) -> str:
    return "---\n" + "".join(f"{name}: {_shown(value)}\n" for name, value in fields.items())


def _shown(value: object) -> str:
    # JSON is YAML, and leaves nothing to guess.
    return "" if value == "" else json.dumps(value, ensure_ascii=False)


SCENE: Mapping[str, str] = {
    f"corpus/{PLAN}.md": source(
        PLAN,
        fact(
            "opens-in-may",
            "The bridge is to open in May 2022.",
            date="2022-05",
            kind="plan",
            tags=["bridge", "opening"],
        ),
        fact("two-towns", "Alton and Berry lie on two banks.", kind="background", tags=["towns"]),
        fact("who-pays", "Nobody has said who pays for the lamps.", tags=["open", "money"]),
    ),
    f"corpus/{STRIKE}.md": source(
        STRIKE,
        fact("strike", "The builders went on strike.", date="2022-03-01", tags=["strike", "bridge"]),
        fact(
            "delayed",
            "The opening is put off, the mayor of Alton said.",
            date="2022-03-01/2022-03-05",
            speaker="the mayor of Alton",
            kind="statement",
            tags=["opening"],
            supersedes=[f"{PLAN}#opens-in-may"],
            disputes=[f"{PLAN}#who-pays"],
        ),
    ),
    f"briefings/{PLAN}.md": briefing(
        PLAN,
        f"Two towns want a bridge [@{PLAN}#two-towns].",
        f"It is to open in May [@{PLAN}#opens-in-may].",
        state="A bridge is planned.",
        phase="planned",
    ),
    "briefings/2022-03-05-strike.md": briefing(
        "2022-03-05-strike",
        f"The builders went on strike, and the opening is put off [@{STRIKE}#strike; @{STRIKE}#delayed].",
        "",
        f"Nobody has said who pays [@{PLAN}#who-pays].",
        state="A strike holds up the bridge.",
        phase="strike",
    ),
}
