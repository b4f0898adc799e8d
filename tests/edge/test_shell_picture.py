"""`exomars timeline --chart` as a process: a file that is a picture, and nothing of anybody else's lost."""

import json
import os
import stat
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import EXIT_OK, EXIT_USAGE
from tests.bots import command, environment

NAME = "exomars-timeline.png"


def inside(folder: Path, *words: str, typed: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Runs a command line in a folder."""
    environ = environment(folder / "state")
    return subprocess.run(
        command(*words), cwd=folder, env=environ, input=typed, capture_output=True, check=False
    )


def paper(path: Path) -> tuple[int, ...]:
    """The colour of a picture's corner."""
    with Image.open(path) as image:
        found = image.convert("RGB").getpixel((1, 1))
    assert isinstance(found, tuple)
    return found


def test_a_picture_is_a_file_and_is_told_in_words(tmp_path: Path) -> None:
    """Without a name it is in the folder where one is; the words go to standard output, its place beside."""
    done = inside(tmp_path, "timeline", "--chart")
    assert done.returncode == EXIT_OK
    with Image.open(tmp_path / NAME) as image:
        assert image.format == "PNG"
        assert image.size[0] == 1080
    told = done.stdout.decode()
    assert "The dashed line is 13 July 2022. [1]" in told
    assert "Roscosmos\n  • " in told
    assert done.stderr.decode() == f"exomars: the picture is in {NAME}\n"
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o666 & ~mask
    assert [path.name for path in tmp_path.glob("*.png")] == [NAME]  # nothing half-made is left


@pytest.mark.parametrize(
    "words",
    [
        ("timeline", "chart"),
        ("timeline", "2022", "--chart"),
        ("timeline", "Chart", "--chart"),
        ("timeline", "--dark"),
        ("timeline", "--to", NAME),
    ],
)
def test_it_may_be_asked_for_in_any_of_its_forms(tmp_path: Path, words: tuple[str, ...]) -> None:
    """As in chat, as an option, or by saying what is to become of it."""
    assert inside(tmp_path, *words).returncode == EXIT_OK
    assert (sum(paper(tmp_path / NAME)) < 200) is ("--dark" in words)


def test_an_earlier_picture_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    """A file that the bot did not make is left as it is, also by its name, and through a link."""
    assert inside(tmp_path, "timeline", "--chart").returncode == EXIT_OK
    assert inside(tmp_path, "timeline", "--chart", "--dark").returncode == EXIT_OK
    assert sum(paper(tmp_path / NAME)) < 200
    replaced = inside(tmp_path, "timeline", "--chart")
    assert f"the picture is in {NAME}, in the place of an earlier one" in replaced.stderr.decode()
    Image.new("RGB", (5, 5)).save(tmp_path / "mine.png")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "link.png").symlink_to(tmp_path / NAME)
    for name in ("mine.png", "notes.txt", "link.png"):
        before = (tmp_path / name).read_bytes()
        done = inside(tmp_path, "timeline", "--chart", "--to", name)
        assert done.returncode == EXIT_USAGE
        assert f"{name} is there already" in done.stderr.decode()
        assert done.stdout == b""
        assert (tmp_path / name).read_bytes() == before
    assert (tmp_path / "link.png").is_symlink()


def test_it_goes_where_it_is_told_to(tmp_path: Path) -> None:
    """Into a file, a folder or a pipe; where that cannot be, the message says so and what to do."""
    assert inside(tmp_path, "timeline", "--chart", "--to", "story.png").returncode == EXIT_OK
    assert (tmp_path / "story.png").is_file()
    (tmp_path / "pictures").mkdir()
    assert inside(tmp_path, "timeline", "--chart", "--to", "pictures").returncode == EXIT_OK
    assert (tmp_path / "pictures" / NAME).is_file()
    piped = inside(tmp_path, "timeline", "--chart", "--to", "-")
    assert Image.open(BytesIO(piped.stdout)).format == "PNG"
    assert piped.stderr == b""
    missing = inside(tmp_path, "timeline", "--chart", "--to", "nowhere/x.png")
    assert missing.returncode == EXIT_USAGE
    assert "nowhere/x.png cannot be written (No such file or directory)" in missing.stderr.decode()


def test_json_has_the_same_keys_with_a_picture(tmp_path: Path) -> None:
    """One object in one line and nothing else on standard output."""
    done = inside(tmp_path, "timeline", "--chart", "--json")
    with_picture = json.loads(done.stdout)
    assert with_picture.keys() == json.loads(inside(tmp_path, "timeline", "--json").stdout).keys()
    assert with_picture["facts"]
    assert (tmp_path / NAME).is_file()


def test_where_nothing_is_there_to_draw_no_file_is_made(tmp_path: Path) -> None:
    """The answer says so in words."""
    done = inside(tmp_path, "timeline", "to", "1990", "--chart")
    assert done.returncode == EXIT_OK
    assert b"no dated event, statement or plan" in done.stdout
    assert not (tmp_path / NAME).exists()


def test_the_terminal_chat_tells_it_in_words(tmp_path: Path) -> None:
    """A terminal shows text: every mark is a line, and no file is made."""
    done = inside(tmp_path, "chat", typed=b"!exomars timeline chart\n")
    assert b"The dashed line is" not in done.stdout
    assert b"Shown: 20 of 95 events." in done.stdout
    assert b"Kourou" in done.stdout
    assert not (tmp_path / NAME).exists()
