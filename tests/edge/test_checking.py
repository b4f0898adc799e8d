"""`exomars check`: every problem, the right exit code, and only what was asked for."""

from pathlib import Path

import pytest

from bot.config import Story
from bot.edge.shell.checking import check
from tests.bots import CONFIG, exomars
from tests.stories import PLAN, STORY, StoryFolder, scene

CORPUS = f"corpus/{PLAN}.md"
BRIEFING = "briefings/2022-03-05-strike.md"
Output = pytest.CaptureFixture[str]


def broken(folder: StoryFolder) -> None:
    """Makes a mistake in a source and one in a briefing."""
    folder.edit(CORPUS, 'kind: "plan"', "kind: rumour")
    folder.edit(BRIEFING, "[@2022-03-strike#strike;", "[@2022-03-strike#sit-in;")


def paths(printed: str) -> list[str]:
    """The files that were told about."""
    return [line.split(":")[0] for line in printed.splitlines()]


def test_a_story_without_problems_ends_well(folder: StoryFolder, capsys: Output) -> None:
    """Nothing is printed but what was read, and the exit code is 0; no database is made."""
    assert check(folder.config, None) == 0
    assert tuple(capsys.readouterr()) == ("", "2 sources and 2 briefings read: no problems.\n")
    assert not (folder.root / "state").exists()


def test_every_problem_is_a_line_and_the_exit_code_tells(folder: StoryFolder, capsys: Output) -> None:
    """Problems go to standard output with file, line and what to do; the summary goes beside it."""
    broken(folder)
    assert check(folder.config, None) == 1
    out, err = capsys.readouterr()
    first, second = out.splitlines()
    assert first.startswith(f"{BRIEFING}:9: cites 2022-03-strike#sit-in, which does not exist")
    assert second.startswith(f"{CORPUS}:")
    assert second.endswith("kind is 'rumour'; write one of event, statement, plan, background")
    assert err == "2 sources and 2 briefings read: 2 problems.\n"


@pytest.mark.parametrize(
    ("path", "told", "code"),
    [
        (CORPUS, [CORPUS], 1),
        (BRIEFING, [BRIEFING], 1),
        ("briefings", [BRIEFING], 1),
        ("briefings/", [BRIEFING], 1),
        ("corpus/../corpus", [CORPUS], 1),
        (f"briefings/{PLAN}.md", [], 0),
    ],
)
def test_a_path_narrows_down_what_is_told(
    folder: StoryFolder, capsys: Output, path: str, told: list[str], code: int
) -> None:
    """With a file or a folder of a story only its problems are told, still held against all files."""
    broken(folder)
    assert check(folder.config, str(folder.root / path)) == code
    assert paths(capsys.readouterr().out) == told


def test_a_story_elsewhere_can_be_checked(folder: StoryFolder, tmp_path: Path, capsys: Output) -> None:
    """A folder that has a corpus of its own is checked in place of the configured one."""
    other = scene(tmp_path / "draft")
    broken(other)
    assert check(folder.config, str(other.root)) == 1
    assert paths(capsys.readouterr().out) == [str(other.path(BRIEFING)), str(other.path(CORPUS))]
    assert check(folder.config, str(folder.root)) == 0


@pytest.mark.parametrize(
    ("path", "told"),
    [("briefings", [BRIEFING]), (BRIEFING, [BRIEFING]), (CORPUS, [CORPUS]), (f"briefings/{PLAN}.md", [])],
)
def test_a_part_of_a_story_elsewhere_can_be_checked(
    folder: StoryFolder, tmp_path: Path, capsys: Output, path: str, told: list[str]
) -> None:
    """A folder called like a story's, with the other beside it, is a copy; only what is asked for is told."""
    other = scene(tmp_path / "draft")
    broken(other)
    assert check(folder.config, str(other.path(path))) == bool(told)
    out, err = capsys.readouterr()
    assert paths(out) == [str(other.path(one)) for one in told]
    assert err.startswith("2 sources and 2 briefings read: ")


def test_a_folder_alone_is_no_copy_of_a_story(folder: StoryFolder, tmp_path: Path) -> None:
    """What cannot be held against its sources is not checked."""
    other = scene(tmp_path / "draft")
    other.path("corpus").rename(tmp_path / "elsewhere")
    assert check(folder.config, str(other.path("briefings"))) == 2


@pytest.mark.parametrize(
    ("path", "told"), [("corpus", [CORPUS]), (CORPUS, [CORPUS]), ("briefings", [BRIEFING])]
)
def test_a_story_may_be_reached_through_a_link(
    folder: StoryFolder, tmp_path: Path, capsys: Output, path: str, told: list[str]
) -> None:
    """A path that leads into a story is that path, however it gets there."""
    broken(folder)
    (tmp_path / "link").symlink_to(folder.root)
    (tmp_path / "other").symlink_to(folder.path(path))
    config = folder.config._replace(root=str(tmp_path / "link"))
    # A link of its own to a folder is that folder; one to a file is another file, and lies elsewhere.
    links = [tmp_path / "link" / path, *([tmp_path / "other"] if folder.path(path).is_dir() else [])]
    for typed in (folder.path(path), *links):
        assert check(config, str(typed)) == 1
        assert paths(capsys.readouterr().out) == told


def test_what_is_no_note_is_told_where_it_is_asked_for(folder: StoryFolder, capsys: Output) -> None:
    """A file with another ending in a story's folder is a problem and not a wrong path."""
    folder.write("corpus/notes.txt", "x")
    assert check(folder.config, str(folder.path("corpus/notes.txt"))) == 1
    assert capsys.readouterr().out.startswith("corpus/notes.txt:1: is not read: its name does not end in .md")


def test_the_vocabulary_can_be_checked_alone(folder: StoryFolder, tmp_path: Path, capsys: Output) -> None:
    """As a note can, in its place and in a copy, and held against the facts."""
    wrong = f"words: [[bridge]]\nnames:\n  - {{name: Alton, kind: place, introduced: [{PLAN}#two-town]}}\n"
    for story, shown in ((folder, ""), (scene(tmp_path / "draft"), f"{tmp_path}/draft/")):
        path = story.path("corpus/vocabulary.yaml")
        broken(story)
        story.write("corpus/vocabulary.yaml", "words: [[bridge, crossing]]\n")
        assert check(folder.config, str(path)) == 0
        capsys.readouterr()
        story.write("corpus/vocabulary.yaml", wrong)
        assert check(folder.config, str(path)) == 1
        first, second = capsys.readouterr().out.splitlines()
        assert first.startswith(f"{shown}corpus/vocabulary.yaml:1: words[1] has only one word; ")
        assert second.startswith(f"{shown}corpus/vocabulary.yaml:3: names {PLAN}#two-town, which does not")
        assert second.endswith(f"; did you mean {PLAN}#two-towns?")


def test_every_story_under_a_path_is_checked(folder: StoryFolder, capsys: Output) -> None:
    """Where two stories lie in one folder, the folder is both."""
    more = Story("ferry", "The ferry", "ferry/corpus", "ferry/briefings")
    broken(scene(folder.root / "ferry"))
    config = folder.config._replace(stories=(STORY, more))
    for path in (None, str(folder.root)):
        assert check(config, path) == 1
        assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere", "is not there; name a file, or a folder with corpus/ and briefings/"),
        (
            "corpus/.hidden.md",
            "is no note in a folder of a story; name a .md file in one of corpus, briefings",
        ),
        ("corpus/deeper/x.md", "is no note in a folder of a story"),
        ("other.md", "is no note in a folder of a story"),
    ],
    ids=["a path that is not there", "a hidden file", "a note too deep", "a note outside"],
)
def test_a_path_that_is_no_part_of_a_story_is_told(
    folder: StoryFolder, capsys: Output, path: str, message: str
) -> None:
    """What is not checked is never called right."""
    for name in ("corpus/.hidden.md", "corpus/deeper/x.md", "other.md"):
        folder.write(name, "x")
    assert check(folder.config, str(folder.root / path)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"exomars: {folder.root / path} ")
    assert message in err
    assert "no problems" not in err


def test_a_broken_link_is_a_problem_and_not_a_wrong_path(folder: StoryFolder, capsys: Output) -> None:
    """A link that leads nowhere is there, and is told as the file it is."""
    folder.path("corpus/x.md").symlink_to("nothing")
    assert check(folder.config, str(folder.path("corpus/x.md"))) == 1
    assert paths(capsys.readouterr().out) == ["corpus/x.md"]


def test_a_missing_folder_is_a_problem(folder: StoryFolder, capsys: Output) -> None:
    """A story that cannot be listed is not right."""
    folder.path("corpus").rename(folder.root / "elsewhere")
    assert check(folder.config, None) == 1
    assert "corpus:1: the folder cannot be listed" in capsys.readouterr().out


def test_check_is_a_command_of_the_shell(tmp_path: Path) -> None:
    """The command line reaches it, with its exit code, and needs no database that works."""
    (tmp_path / "exomars.db").write_text("not a database", encoding="utf-8")
    done = exomars(tmp_path, "check", str(tmp_path / "nowhere"), config=CONFIG)
    assert done.returncode == 2
    assert "is not there" in done.stderr
    assert "Traceback" not in done.stderr
