"""Blocks of code and files that come with a command: what is taken, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command.addressed import Said
from bot.command.addressed import said as said_by
from bot.command.entry import Upload
from bot.command.uploads import (
    BLOCK,
    MAX_NAME,
    MOST_BYTES,
    MOST_FILES,
    Told,
    not_fetched,
    read_upload,
    shown_name,
    unfit,
    without_blocks,
)
from tests.command.newsdesk import TABLE

NOTE = "---\nid: x\n---\nText.\n"
TABLES = {"bridge": TABLE, "ferry": TABLE}


@pytest.mark.parametrize(
    ("typed", "words", "texts"),
    [
        (f"write ```md\n{NOTE}```", "write", [NOTE]),
        (f"write\n```\n{NOTE}\n```\nto 3", "write\n \nto 3", [NOTE]),
        (f"write ```{NOTE}```", "write", [NOTE]),
        (f"write ```markdown\r\n{NOTE}", "write", [NOTE]),
        ("write ```one``` and ```two```", "write   and", ["one\n", "two\n"]),
        ("write ``` \n```", "write", []),
        ("write", "write", []),
        ("write `x` ``y``", "write `x` ``y``", []),
    ],
    ids=["named", "on lines", "close", "open to the end", "two", "empty", "none", "short code"],
)
def test_blocks_of_code_are_taken_off_the_words(typed: str, words: str, texts: list[str]) -> None:
    """What stands in a fenced block is a file, closed or not; the rest is what was typed."""
    assert without_blocks(typed) == (words, tuple(Upload(BLOCK, text) for text in texts))


def test_more_blocks_than_are_taken_are_refused_in_words() -> None:
    """Of many blocks the first are taken, and one line says that there were more."""
    _, uploads = without_blocks("```a``` " * 9)
    assert [bool(one.problem) for one in uploads] == [False] * MOST_FILES + [True]


@given(st.text(alphabet="`\n abc-", max_size=60))
def test_nothing_typed_is_lost_or_breaks_it(typed: str) -> None:
    """Every letter is in the words or in a block, but for the name of its language."""
    words, uploads = without_blocks(typed)
    left = words + "".join(one.text for one in uploads if not one.problem)
    assert "```" not in words
    assert set(left) - {"\n"} <= set(typed) | {" "}


def a_write(block: str) -> Said:
    """A message that is for the command that takes files, with this block."""
    return Said("bridge", "write", takes_files=True, blocks=(Upload(BLOCK, block),))


@pytest.mark.parametrize(
    ("typed", "direct", "found"),
    [
        ("!bridge write ```x```", False, a_write("x\n")),
        ("```x``` <@5> write", False, a_write("x\n")),
        ("write ```<@5> !ferry look```", True, a_write("<@5> !ferry look\n")),
        ("```<@5> write```", False, None),
        ("```!bridge write```", False, None),
        ("!bridge look ```x```", False, Said("bridge", "look ```x```")),
        ("!bridge look", False, Said("bridge", "look")),
        ("what is ```x```?", False, None),
    ],
)
def test_a_block_is_a_file_only_for_a_command_that_takes_files(
    typed: str, direct: bool, found: Said | None
) -> None:
    """Nobody is addressed from within a block; to other commands it is words like all others."""
    assert said_by(typed, TABLES, names=["<@5>"], direct=direct) == found


def test_files_count_only_for_a_command_that_takes_them() -> None:
    """Whether what is attached is wanted is known from the words alone."""
    assert said_by("!bridge write to 3", TABLES, carries=True) == Said(
        "bridge", "write to 3", takes_files=True
    )
    assert said_by("!bridge look", TABLES, carries=True) == Said("bridge", "look")


@pytest.mark.parametrize(
    ("told", "before", "said"),
    [
        (Told("note.md", 10, ""), 0, ""),
        (Told("NOTE.MD", MOST_BYTES, "application/octet-stream"), 2, ""),
        (Told("note.txt", 10, ""), 0, ""),
        (Told("note", 10, "text/plain; charset=utf-8"), 0, ""),
        (Told("note.pdf", 10, "application/pdf"), 0, "is no text"),
        (Told("note.md.exe", 10, ""), 0, "is no text"),
        (Told("note.md", MOST_BYTES + 1, ""), 0, "131,073 bytes long, more than 131,072; shorten it"),
        (Told("note.md", 10, ""), MOST_FILES, "3 files are taken at once"),
    ],
)
def test_what_cannot_be_taken_is_told_before_it_is_fetched(told: Told, before: int, said: str) -> None:
    """Kind, size and number are judged by what the platform tells; the words say what to do."""
    found = unfit(told, before)
    assert found is None if not said else found is not None and said in found.problem and not found.text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Text.\r\nMore.\n", "Text.\nMore.\n"),
        (b"\xef\xbb\xbfText.", "Text."),
        ("Zwölf “Ärzte”.".encode(), "Zwölf “Ärzte”."),
        (b"", ""),
    ],
    ids=["line ends", "byte order mark", "letters", "empty"],
)
def test_a_file_is_read_as_utf_8(content: bytes, text: str) -> None:
    """As UTF-8 with or without its mark, and with one kind of line ends."""
    assert read_upload(Told("note.md", len(content), ""), content) == Upload("note.md", text)


def test_a_file_in_another_encoding_is_refused_with_its_line() -> None:
    """What is not UTF-8 is not guessed at."""
    content = b"One.\nTwo.\nZw\xf6lf.\n"
    found = read_upload(Told("note.md", len(content), ""), content)
    assert found.text == ""
    assert found.problem == "“note.md” is not in UTF-8 (line 3); save it as UTF-8 and send it again"


def test_a_file_longer_than_was_told_is_not_read() -> None:
    """Half of a document is none."""
    found = read_upload(Told("note.md", 4, ""), b"Text.")
    assert "longer than was told" in found.problem
    assert not found.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("note.md", "note.md"),
        ("../../x.md", "../../x.md"),
        ("a\u202eb\x1b[31m`c`\nd.md", "a b [31mc d.md"),
        ("\u200b", "a file"),
        ("x" * 300, "x" * (MAX_NAME - 1) + "…"),
    ],
    ids=["plain", "a path", "steering", "nothing to see", "long"],
)
def test_a_name_is_shown_clean_and_short(name: str, shown: str) -> None:
    """A name is only ever shown, whatever it looks like."""
    assert shown_name(name) == shown
    assert not_fetched(Told(name, 1, ""), "gone").problem.startswith(f"“{shown}” could not be fetched (gone)")
