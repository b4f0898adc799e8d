"""Folders and files: what is listed, what is read, what is refused."""

import os
import time
from pathlib import Path

import pytest

from bot.load.folder import MAX_BYTES, Folder, Seen, listing, read
from bot.model import Problem
from tests.stories import PLAN, SCENE, STRIKE, StoryFolder

CORPUS = f"corpus/{PLAN}.md"


def seen(folder: StoryFolder, path: str) -> Seen:
    """One file as the folder lists it."""
    return next(one for one in listing(folder.places).files if one.path == path)


def refused(folder: StoryFolder, path: str = "corpus/x.md") -> str:
    """Why a file cannot be had."""
    found = read(seen(folder, path))
    assert isinstance(found, Problem)
    assert found.path == path
    assert found.mend
    return f"{found.line}: {found.what}"


def test_the_notes_of_both_folders_are_listed_by_name(folder: StoryFolder) -> None:
    """Markdown files are listed, sorted; what is hidden is passed over."""
    for name in (".hidden.md", ".git/x.md"):
        folder.write(f"corpus/{name}", "x")
    found = listing(folder.places)
    assert [(one.path, one.kind) for one in found.files] == [
        (CORPUS, "source"),
        (f"corpus/{STRIKE}.md", "source"),
        (f"briefings/{PLAN}.md", "briefing"),
        ("briefings/2022-03-05-strike.md", "briefing"),
    ]
    assert (found.problems, found.missing) == ((), ())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x.txt", "x.txt:1: is not read: its name does not end in .md; rename it, or put it elsewhere"),
        ("x.MD", "x.MD:1: is not read: its name does not end in .md; rename it, or put it elsewhere"),
        (
            "vocabulary.yml",
            "vocabulary.yml:1: is not read: a vocabulary is called vocabulary.yaml; rename it",
        ),
        (
            "Vocabulary.yaml",
            "Vocabulary.yaml:1: is not read: a vocabulary is called vocabulary.yaml; rename it",
        ),
        ("old/x.md", "old:1: is a folder, and what is in it is not read; put its notes into corpus itself"),
    ],
)
def test_what_is_no_note_is_told(folder: StoryFolder, name: str, message: str) -> None:
    """Nothing in a folder of notes is passed over without a word, unless it is hidden."""
    before = listing(folder.places)
    folder.write(f"corpus/{name}", "x")
    found = listing(folder.places)
    assert [str(problem) for problem in found.problems] == [f"corpus/{message}"]
    assert found.files == before.files
    assert found.signature != before.signature


def test_the_vocabulary_is_listed_behind_the_sources(folder: StoryFolder) -> None:
    """As a file of its own kind; it is no note, and among briefings it has no place."""
    for name in ("corpus", "briefings"):
        folder.write(f"{name}/vocabulary.yaml", "words: []")
    found = listing(folder.places)
    assert [one.kind for one in found.files] == ["source", "source", "vocabulary", "briefing", "briefing"]
    assert [problem.path for problem in found.problems] == ["briefings/vocabulary.yaml"]
    for path in (CORPUS, f"corpus/{STRIKE}.md"):
        folder.remove(path)
    assert "corpus:1: holds no notes; put .md files there" in map(str, listing(folder.places).problems)


def test_a_folder_without_notes_is_told(folder: StoryFolder) -> None:
    """An empty folder is no missing one, but no story either."""
    for path in folder.path("briefings").iterdir():
        path.unlink()
    found = listing(folder.places)
    assert [str(problem) for problem in found.problems] == [
        "briefings:1: holds no notes; put .md files there"
    ]
    assert found.missing == ()


def test_a_file_is_its_text_and_the_hash_of_its_bytes(folder: StoryFolder) -> None:
    """The same bytes have the same hash, others another; a byte order mark is no part of the text."""
    text = read(seen(folder, CORPUS))
    assert not isinstance(text, Problem)
    assert text[0] == SCENE[CORPUS]
    folder.write(CORPUS, SCENE[CORPUS])
    assert read(seen(folder, CORPUS)) == text
    folder.write(CORPUS, b"\xef\xbb\xbf" + SCENE[CORPUS].encode())
    marked = read(seen(folder, CORPUS))
    assert not isinstance(marked, Problem)
    assert marked[0] == text[0]
    assert marked[1] != text[1]


def test_a_file_that_is_not_utf8_is_refused_on_the_line(folder: StoryFolder) -> None:
    """The line of the first wrong byte is told."""
    folder.write("corpus/x.md", b"---\nid: x\ntitle: caf\xe9\n---\n")
    assert refused(folder) == "3: is not UTF-8 text"


def test_a_huge_file_is_refused_unread(folder: StoryFolder) -> None:
    """A file above the limit is refused, one at the limit is read."""
    folder.write("corpus/x.md", b"x" * (MAX_BYTES + 1))
    assert refused(folder) == "1: is 1,048,577 bytes long, more than 1,048,576"
    folder.write("corpus/x.md", b"x" * MAX_BYTES)
    assert not isinstance(read(seen(folder, "corpus/x.md")), Problem)


@pytest.mark.parametrize("target", ["../../secret.md", "/etc/passwd", "../briefings/2022-01-05-plan.md"])
def test_a_link_out_of_the_folder_is_refused(folder: StoryFolder, target: str) -> None:
    """No note can show what lies outside its folder."""
    (folder.root.parent / "secret.md").write_text("secret", encoding="utf-8")
    folder.path("corpus/x.md").symlink_to(target)
    assert refused(folder) == "1: is a link that leads out of its folder"


def test_a_link_within_the_folder_is_read(folder: StoryFolder) -> None:
    """A link to a file beside it is that file."""
    folder.path("corpus/x.md").symlink_to(f"{PLAN}.md")
    assert read(seen(folder, "corpus/x.md")) == read(seen(folder, CORPUS))


def test_a_folder_may_be_a_link(folder: StoryFolder, tmp_path: Path) -> None:
    """A linked folder is the roof of its own files, as where a disk is mounted."""
    (tmp_path / "linked").symlink_to(folder.path("corpus"))
    found = listing([Folder("corpus", str(tmp_path / "linked"), "source")])
    assert [isinstance(read(one), Problem) for one in found.files] == [False, False]


@pytest.mark.parametrize("target", ["nothing.md", "x.md"], ids=["nowhere", "itself"])
def test_a_link_that_leads_nowhere_is_refused(folder: StoryFolder, target: str) -> None:
    """A broken link is a problem of one file, not of the folder."""
    folder.path("corpus/x.md").symlink_to(target)
    assert refused(folder).startswith("1: cannot be read (")


def test_what_is_no_file_is_refused_without_waiting(folder: StoryFolder) -> None:
    """A folder or a pipe with the name of a note is told and not opened."""
    folder.path("corpus/x.md").mkdir()
    assert refused(folder) == "1: is not a file"
    os.mkfifo(folder.path("corpus/y.md"))
    assert refused(folder, "corpus/y.md") == "1: is not a file"


def test_a_file_that_went_away_is_refused(folder: StoryFolder) -> None:
    """A file deleted between listing and reading is a problem, not an error."""
    gone = seen(folder, CORPUS)
    folder.remove(CORPUS)
    found = read(gone)
    assert isinstance(found, Problem)
    assert "cannot be read" in found.what


def test_a_name_that_is_not_utf8_can_be_told(folder: StoryFolder) -> None:
    """A file whose name is no text is listed and read, and its name can be printed and stored."""
    path = os.fsencode(folder.path("corpus")) + b"/caf\xe9.md"
    with open(path, "wb") as file:
        file.write(b"x")
    one = seen(folder, "corpus/caf\\xe9.md")
    assert one.path.encode()
    assert not isinstance(read(one), Problem)
    assert listing(folder.places).signature


@pytest.mark.parametrize("name", ["corpus", "briefings"])
def test_a_folder_that_is_missing_is_told(folder: StoryFolder, name: str) -> None:
    """The other folder is still listed, and which kind is missing is known."""
    folder.path(name).rename(folder.root / "elsewhere")
    found = listing(folder.places)
    (problem,) = found.problems
    assert (problem.path, problem.line) == (name, 1)
    assert problem.what == "the folder cannot be listed (No such file or directory)"
    assert problem.mend == "make it, or name the right one in config.toml"
    assert found.missing == ({"corpus": "source", "briefings": "briefing"}[name],)
    assert len(found.files) == 2


CHANGES = {
    "a file is added": lambda folder: folder.write("corpus/new.md", "x"),
    "a file is removed": lambda folder: folder.remove(CORPUS),
    "a file is renamed": lambda folder: folder.path(CORPUS).rename(folder.path("corpus/other.md")),
    "a file is written anew": lambda folder: folder.write(CORPUS, SCENE[CORPUS]),
    "a file is changed in its place": lambda folder: folder.path(CORPUS).write_text(
        "shorter", encoding="utf-8"
    ),
    "a file's permissions change": lambda folder: folder.path(CORPUS).chmod(0o400),
    "a folder goes": lambda folder: folder.path("briefings").rename(folder.root / "elsewhere"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_signature_changes_with_whatever_may_matter(folder: StoryFolder, name: str) -> None:
    """Two listings have one signature only where no file can have changed."""
    before = listing(folder.places).signature
    assert listing(folder.places).signature == before
    time.sleep(0.02)  # the clock of a file system ticks that slowly
    CHANGES[name](folder)
    assert listing(folder.places).signature != before
