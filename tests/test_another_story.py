"""The bot with another story: alone and beside the shipped one; the code knows the words of neither."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.command.asker import Asker, Place
from bot.config import Story
from bot.curate.files.sync import folders
from bot.desk.desk import Desk, check_word
from bot.desk.table import COMMANDS
from bot.edge.operator import ASKER
from bot.edge.parts import Parts
from bot.errors import ConfigError
from bot.load.story import Checked, check_folders
from bot.model import Briefing, Source
from bot.reply import Reply
from bot.store.store import Store
from tests.another import FOLDER, WORD, both_stories

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SHIPPED = "exomars"


@pytest.fixture(name="parts", scope="module")
def _parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with both_stories(tmp_path_factory.mktemp("two")) as parts:
        yield parts


@pytest.fixture(name="checked", scope="module")
def _checked(parts: Parts) -> Checked:
    return check_folders(folders(parts.config, parts.config.stories[1]))


def asked(parts: Parts, words: str, word: str = WORD, who: Asker = ASKER) -> Reply:
    """What a story answers."""
    return parts.desk(word).answer(words, f"!{word}", NOW, who)


def ids(word: str) -> set[str]:
    """The ids of the sources of a story, as their files are called."""
    folder = FOLDER if word == WORD else ROOT
    return {path.stem for path in (folder / "corpus").glob("*.md")}


def test_the_second_story_loads_without_a_problem(checked: Checked) -> None:
    """It has sources, facts and briefings enough to be asked about, and a vocabulary."""
    assert checked.problems == ()
    items = [one.note.item for one in checked.loaded]
    assert len([one for one in items if isinstance(one, Source)]) >= 3
    assert sum(len(one.facts) for one in items if isinstance(one, Source)) >= 25
    assert len([one for one in items if isinstance(one, Briefing)]) >= 2
    assert "vocabulary" in {one.seen.kind for one in checked.loaded}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("status", "7 July 2021"),
        ("status 2021-03-28", "has lain across the Suez Canal since 23 March 2021"),
        ("timeline", "3 August 2021"),
        ("timeline known 2021-03-26", "25 March 2021"),
        ("search tugs", "eleven tugs"),
        ("who Osama Rabie", "technical or human errors"),
        ("who SCA", "navigation"),
        ("topic compensation", "916 million dollars"),
        ("disputes", "wind"),
        ("compare 2021-03-26 2021-03-30", "refloated"),
        ("since 2021-07-01", "Felixstowe"),
        ("ask when was the ship refloated?", "29 March 2021"),
        ("source 2021-04-14-held", "Ismailia"),
    ],
)
def test_it_answers_as_the_shipped_one_does(parts: Parts, words: str, said: str) -> None:
    """Every way of asking finds what is there, and rests on the sources of this story alone."""
    reply = asked(parts, words)
    assert not reply.abstained
    assert said in _text(reply)
    assert set(reply.sources) <= ids(WORD)
    assert reply.sources


@pytest.mark.parametrize("day", sorted(path.stem[:10] for path in (FOLDER / "corpus").glob("*.md")))
def test_nothing_leaks_from_the_future(parts: Parts, day: str) -> None:
    """As of a day, nothing is cited that was published later."""
    for words in (f"status {day}", f"timeline known {day}"):
        assert {name[:10] for name in asked(parts, words).sources} <= {
            name[:10] for name in ids(WORD) if name[:10] <= day
        }


@pytest.mark.parametrize(("word", "foreign"), [(SHIPPED, "Felixstowe"), (WORD, "Roscosmos")])
def test_neither_story_knows_of_the_other(parts: Parts, word: str, foreign: str) -> None:
    """What only the other tells of is not found, completed or told; each names its own sources."""
    for words in (f"search {foreign}", f"who {foreign}", f"ask who is {foreign}?"):
        assert not asked(parts, words, word).facts, words
    other = ids(SHIPPED if word == WORD else WORD)
    for words in ("status", "timeline", "sources", "briefings", "disputes", "topic"):
        reply = asked(parts, words, word)
        assert not {cite.partition("#")[0] for cite in reply.cites} & other
        assert not {name for name in other if name in _text(reply)}
    source = next(one for one in COMMANDS if one.name == "source")
    offered = {value for _, value in parts.desk(word).complete(source, source.params[0], "", NOW.date())}
    assert offered == ids(word)


def test_digests_are_of_one_story(parts: Parts) -> None:
    """A channel subscribed to one story is not subscribed to the other, and each lists its own."""
    news = Place("discord", "1", "3", "#news", "text")
    boss = Asker("discord", "1", "2", news, manages=True, find=lambda _: news)
    assert not asked(parts, "digest subscribe at 09:00 Europe/Berlin", WORD, boss).abstained
    assert "#news" in _text(asked(parts, "digest list", WORD, boss))
    assert "#news" not in _text(asked(parts, "digest list", SHIPPED, boss))
    shown = asked(parts, "digest show 1", SHIPPED, boss)
    assert shown.abstained
    preview = asked(parts, "digest preview", WORD, boss)
    assert set(preview.sources) <= ids(WORD)


def test_a_story_is_not_called_like_a_command(tmp_path: Path) -> None:
    """Where the word before a command may be left out, nobody could tell which is meant."""
    with pytest.raises(ConfigError, match="there is a command digest"):
        Desk(Store(str(tmp_path / "x.db")), Story("digest", "A digest", "corpus", "briefings"))
    check_word(WORD, COMMANDS)


def _text(reply: Reply) -> str:
    lines = [line for section in reply.sections for line in section.lines]
    return "\n".join([reply.title, *(f"{line.label} {line.when} {line.text} {line.note}" for line in lines)])


# ── the code knows no story ─────────────────────────────────────────────────────────────

# Names of a story that are ordinary words of English as well, anywhere in the code.
ORDINARY = {"platform"}  # Discord, Slack and the terminal

# Those that stand in one place only, with the reason why they may.
ALLOWED = {
    # Words of news at large.
    "answer/asking/language/english.toml": {"rover", "orbiter", "american", "press office"},
    "answer/asking/reading/kinds.py": {"cosmodrome", "spaceport"},  # what asks for a place
    "answer/asking/reading/wanting.py": {"cosmodrome", "spaceport"},  # the same
    "digest/schedule/localtime.py": {"europe", "america"},  # names of time zones, here and below
    "digest/commands/asking.py": {"europe"},
    "digest/commands/forms.py": {"europe"},
    "digest/commands/saying.py": {"europe"},
    "digest/commands/subscribing.py": {"europe", "london"},
    "digest/commands/table.py": {"europe"},
    "command/asker.py": {"europe"},
    "edge/slack/listening/askers.py": {"europe"},
}


def _names(path: Path) -> set[str]:
    """Every spelling of every name of a story, as a reader would type it."""
    words = yaml.safe_load(path.read_text(encoding="utf-8"))["names"]
    spelled = {spelling for one in words for spelling in (one["name"], *one.get("also", ()))}
    return {spelling.lower() for spelling in spelled if len(spelling) >= 4} - ORDINARY


def _code() -> Iterator[tuple[str, str]]:
    """Every file of the bot that is text, without the program's own name and its variables'."""
    for path in sorted((ROOT / "bot").rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".ttf"} and "fonts" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(ROOT / "bot").as_posix(), re.sub(r"exomars|EXOMARS", "", text).lower()


@pytest.mark.parametrize("story", [ROOT, FOLDER], ids=[SHIPPED, WORD])
def test_the_code_has_no_name_of_a_story(story: Path) -> None:
    """Whatever has a name in a story has it in the story's files alone: not in code, data or comments."""
    names = sorted(_names(story / "corpus" / "vocabulary.yaml"), key=len, reverse=True)
    any_of_them = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    found = {
        f"{path}: {match}"
        for path, text in _code()
        for match in set(any_of_them.findall(text)) - ALLOWED.get(path, set())
    }
    assert found == set()


def test_what_is_allowed_is_there() -> None:
    """An exception that nothing needs any longer is taken out."""
    texts = dict(_code())
    for path, words in ALLOWED.items():
        assert not {word for word in words if not re.search(rf"(?<!\w){word}(?!\w)", texts[path])}, path
