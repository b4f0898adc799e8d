"""A story that is begun by `exomars new-story`: what is made, what is left alone, what is refused."""

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from bot.config import Config, Story, read_config
from bot.curate.files import founding
from bot.curate.files.founding import FoundingError, found, planned, with_story
from bot.curate.files.sync import folders
from bot.errors import EXIT_USAGE
from bot.load.story import check_folders
from tests.bots import CONFIG, exomars

TODAY = date(2026, 11, 21)
HEAD = '# ours\n[[story]]\nword = "bridge"\nname = "The bridge"\n'


def begun(folder: Path, text: str = HEAD, word: str = "ferry", name: str = "") -> tuple[Config, list[str]]:
    """A story that was begun beside this config.toml, and what was made."""
    path = folder / "config.toml"
    path.write_bytes(text.encode())
    made = found(read_config(str(path), {}), str(path), planned(word, name), TODAY, {})
    return read_config(str(path), {}), made


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if not path.is_dir()
    }


def test_what_is_made_loads_without_a_problem(tmp_path: Path) -> None:
    """The templates are right as files are, and say themselves that they tell of nothing."""
    config, made = begun(tmp_path)
    assert config.stories[1] == Story("ferry", "Ferry", "stories/ferry/corpus", "stories/ferry/briefings")
    checked = check_folders(folders(config, config.stories[1]))
    assert checked.problems == ()
    assert sorted(one.seen.kind for one in checked.loaded) == ["briefing", "source", "vocabulary"]
    assert all("emplate" in one.text or one.seen.kind == "vocabulary" for one in checked.loaded)
    assert {tmp_path / name for name in made} == {path for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD.rstrip("\n"),
        HEAD + "\n# About Discord.\n[discord]\nshards = 2  # [[story]]\n\n[limits]\n",
        '[discord]\nshards = 2\n[[ story ]]\nword = "bridge"\nname = "[[story]]"\n\n\n# The end.\n',
        HEAD.replace("\n", "\r\n"),
        "\ufeff" + HEAD,
    ],
    ids=["last", "no newline", "comments", "tables before", "windows", "mark"],
)
def test_the_rest_of_the_file_stays_byte_for_byte(tmp_path: Path, text: str) -> None:
    """One piece comes in; without it, the file is what it was."""
    begun(tmp_path, text)
    after = (tmp_path / "config.toml").read_bytes().decode()
    ending = "\r\n" if "\r\n" in text else "\n"
    begins = after.index(f'{ending}[[story]]{ending}word = "ferry"')
    ends = after.index("stories/ferry/briefings") + len(f'stories/ferry/briefings"{ending}')
    assert (after[:begins] + after[ends:]).rstrip() == text.rstrip()
    assert "\r\n" not in after.replace(ending, "") if ending == "\r\n" else "\r" not in after
    if "# About Discord." in text:
        assert after.index("stories/ferry") < after.index("# About Discord.")


def test_a_link_stays_one(tmp_path: Path) -> None:
    """The file behind it is changed; the folders are beside the link, from where the others are read."""
    real, link = tmp_path / "elsewhere" / "real.toml", tmp_path / "config.toml"
    real.parent.mkdir()
    link.symlink_to(real)
    begun(tmp_path)
    assert link.is_symlink()
    assert "stories/ferry/corpus" in real.read_text(encoding="utf-8")
    assert (tmp_path / "stories" / "ferry" / "corpus" / "example.md").is_file()


def test_a_name_is_written_as_it_is(tmp_path: Path) -> None:
    """Quotation marks, backslashes and other scripts come back as they were given."""
    name = 'The "ferry" \\ Fähre 渡し'
    assert begun(tmp_path, name=name)[0].stories[1].name == name


@pytest.mark.parametrize(
    ("text", "word", "said"),
    [
        (HEAD, "bridge", "two stories have the word 'bridge'; change one"),
        (HEAD, "Two Words", "word is 'Two Words'"),
        (HEAD, "../up", "word is '../up'"),
        (HEAD, "", "word is ''"),
        (HEAD, "bridge-newsroom", "the newsroom of 'bridge'"),
        (HEAD + 'corpus = "stories"\n', "ferry", "is the corpus of 'bridge' already"),
        (
            'story = [{ word = "bridge", name = "The bridge" }]\n',
            "ferry",
            'add a [[story]] by hand: word = "ferry"',
        ),
    ],
    ids=["taken", "two words", "a path", "none", "newsroom", "within", "inline"],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    tmp_path: Path, text: str, word: str, said: str
) -> None:
    """The message has no line of a text that nobody has seen."""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    before = everything(tmp_path)
    with pytest.raises(FoundingError) as caught:
        begun(tmp_path, text, word)
    assert said in str(caught.value)
    assert "config.toml:" not in str(caught.value).replace("config.toml: ", "")
    assert everything(tmp_path) == before
    assert not (tmp_path / "stories").exists()


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    """What is in it may be somebody's work; the message says how to take it over."""
    kept = tmp_path / "stories" / "ferry" / "mine.md"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(
        FoundingError, match=r"is there already.*add a \[\[story\]\] by hand: word = \"ferry\""
    ):
        begun(tmp_path)
    assert everything(tmp_path) == {"config.toml": HEAD.encode(), "stories/ferry/mine.md": b"mine"}


@pytest.mark.parametrize("step", range(4))
def test_a_disk_that_refuses_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Wherever it fails (the last is putting config.toml in its place), all is as it was before."""
    calls = iter(range(100))
    real_open, real_replace = open, os.replace

    def full() -> OSError:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "there")

    def refuses(name: str, mode: str = "r", **more: object) -> object:
        if mode == "x" and next(calls) == step:
            raise full()
        return real_open(name, mode, **more)  # type: ignore[call-overload]

    def stays(one: str, other: str) -> None:
        if step == 3:
            raise full()
        real_replace(one, other)

    monkeypatch.setattr(founding, "open", refuses, raising=False)
    monkeypatch.setattr(os, "replace", stays)
    with pytest.raises(FoundingError, match=r"there cannot be written .*; nothing was made"):
        begun(tmp_path)
    assert everything(tmp_path) == {"config.toml": HEAD.encode()}
    assert not (tmp_path / "stories").exists()


def test_the_table_stands_behind_the_last_story() -> None:
    """Where there are several already, too."""
    text = HEAD + '[[story]]\nword = "a"\nname = "A"\n[limits]\n'
    after = with_story(text, planned("ferry", ""))
    assert after.index('"a"') < after.index('"ferry"') < after.index("[limits]")


def test_in_the_shell_it_says_what_was_made_and_what_comes_next(tmp_path: Path) -> None:
    """The shipped configuration takes a second story, which answers at once; a command's word is refused."""
    config = tmp_path / "config.toml"
    text = CONFIG.read_text(encoding="utf-8")
    for name in ("corpus", "briefings"):
        text = text.replace(f'{name} = "{name}"', f'{name} = "{CONFIG.parent / name}"')
    config.write_text(text, encoding="utf-8")
    made = exomars(tmp_path, "new-story", "ferry", "--name", "The ferry", config=config)
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-1] == "config.toml"
    assert "exomars --story ferry status" in made.stderr
    told = exomars(tmp_path, "--story", "ferry", "status", config=config)
    assert told.stdout.startswith("The ferry")
    assert "template" in told.stdout
    for words, said in (
        (("sea", "--name", " "), "the name of a story cannot be empty"),
        (("Bad Word",), "'Bad Word' cannot be the word of a story: it must be a lower-case word"),
        (("../x",), "'../x' cannot be the word of a story: it must be a lower-case word"),
        (("sea", "--name", "the  FERRY"), "'The ferry' is the name of the story 'ferry' already"),
    ):
        wrong = exomars(tmp_path, "new-story", *words, config=config)
        assert wrong.returncode == EXIT_USAGE
        assert said in wrong.stderr
    refused = exomars(tmp_path, "new-story", "timeline", config=config)
    assert refused.returncode == 2
    assert "there is a command timeline" in refused.stderr
