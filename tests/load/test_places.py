"""Where fields stand: each has its own lines, however it is written, and nobody else's."""

import pytest
from hypothesis import given

from bot.load.frontmatter import Parsed, split
from bot.load.places import places
from tests.curate.odd import Odd, documents


def taken(text: str) -> dict[str, str]:
    """The lines of each field, as one text."""
    found = places(text)
    assert found is not None
    lines = text.split("\n")
    return {name: "\n".join(lines[one.first : one.stop]) for name, one in found.fields.items()}


@given(documents())
def test_the_lines_of_a_field_are_the_field(odd: Odd) -> None:
    """By themselves they say what they say in the file; no comment of the file is in any."""
    parts = taken(odd.text)
    assert list(parts) == list(odd.values)
    for name, lines in parts.items():
        alone = split("p.md", f"---\n{lines}\n---\n")
        assert isinstance(alone, Parsed)
        assert alone.values == {name: odd.values[name]}
        assert not any(comment in lines for comment in odd.comments)


def test_comments_in_front_of_a_field_are_not_of_the_one_above() -> None:
    """But those that are indented further are."""
    text = "---\nid: x\n  # about x\n# about tags\n\ntags: [\na]\n# the end\n---\n"
    assert taken(text) == {"id": "id: x\n  # about x", "tags": "tags: [\na]"}


def test_the_entries_of_a_list_have_lines_of_their_own() -> None:
    """Where they are written with dashes, indented or not."""
    for indent in ("", "  "):
        lines = ["- id: a", "  tags: []", "  # of a", "# of b", "-", "  id: b"]
        found = places("---\nfacts:\n" + "\n".join(indent + line for line in lines) + "\n---\n")
        assert found is not None
        assert [(one.first, one.stop) for one in found.fields["facts"].entries] == [(2, 5), (6, 8)]


@pytest.mark.parametrize(
    "text",
    ["", "id: x", "---\nid: x", "---\n{id: x}\n---\n", "---\nid: a: b\n---\n", "---\n- a\n---\n",
     "---\na: 1\n--- !\nb: 2\n---\n", "---\n? [a]\n: b\n---\n", f"---\na: {'[' * 90_000}\n---\n"],
)  # fmt: skip
def test_what_has_no_fields_line_by_line_has_no_places(text: str) -> None:
    """Broken, in braces, or no fields at all: nothing is guessed."""
    assert places(text) is None


def test_front_matter_without_fields_has_room_for_some() -> None:
    """In front of the line that closes it."""
    found = places("---\n# nothing\n---\n")
    assert found is not None
    assert (found.fields, found.end) == ({}, 2)
