"""Front matter: text stays text, every value has its line, and no file can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.load.frontmatter import Parsed, split


def parsed(text: str) -> Parsed:
    """What a text that is right is taken apart into."""
    found = split("p.md", text)
    assert isinstance(found, Parsed), found
    assert found.problems == ()
    return found


def problems(text: str) -> list[str]:
    """What is wrong with a text."""
    found = split("p.md", text)
    return [str(problem) for problem in (found.problems if isinstance(found, Parsed) else [found])]


@pytest.mark.parametrize(
    "value",
    [
        "no",
        "Yes",
        "null",
        "~",
        "12:30",
        "1.10",
        "2022-07-12",
        "0x1f",
        "1e3",
        ".inf",
        "!!int 5",
        "!!python/name:os.system 5",
    ],
)
def test_every_value_stays_the_text_it_was(value: str) -> None:
    """Nothing is taken for a number, a date, a truth value or an object."""
    given_text = value.rpartition(" ")[2]
    assert parsed(f"---\nkey: {value}\nlist: [{value}]\n---\n").values == {
        "key": given_text,
        "list": [given_text],
    }


TEXT = """---
id: x
facts:
  - id: one
    tags: [a,
      b]
  - id: two
---

first
"""


@pytest.mark.parametrize(
    "text",
    [TEXT, TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), TEXT.replace("---\n", "--- \t\n")],
    ids=["line feeds", "Windows", "old Mac", "blanks behind the dashes"],
)
def test_each_value_knows_its_line(text: str) -> None:
    """Lines are counted as editors count them, however they end."""
    found = parsed(text)
    assert found.values is not None
    assert found.values["id"] == "x"
    assert found.line(["id"]) == 2
    assert found.line(["facts"]) == 3
    assert found.line(["facts", 0, "id"]) == 4
    assert found.line(["facts", 0, "tags", 1]) == 6
    assert found.line(["facts", 1]) == 7
    assert (found.body.strip("\n"), found.body_line) == ("first", 9)


def test_a_value_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    """A missing field is told where it should stand."""
    found = parsed(TEXT)
    assert found.line(["facts", 1, "date"]) == 7
    assert found.line(["title"]) == 1


def test_characters_that_part_lines_only_for_some_do_not_shift_lines() -> None:
    """A line separator within the text is no end of a line, as it is none to editors and git."""
    found = parsed("---\nid: x\n---\none\u2028still one\x0cand still\ntwo\n")
    assert found.body == "one\u2028still one\x0cand still\ntwo\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.md:1: is empty; "),
        (" \n\n", "p.md:1: is empty; "),
        ("id: x\n", "p.md:1: does not begin with ---; "),
        ("+++\nid: x\n+++\n", "p.md:1: does not begin with ---; "),
        ("---\nid: x\n", "p.md:1: has no second ---; "),
        ("---\n---\nbody\n", "p.md:2: has no fields in its front matter; "),
        ("---\n# nothing\n---\nbody\n", "p.md:2: has no fields in its front matter; "),
        ("---\n- a\n- b\n---\n", "p.md:2: has no fields in its front matter, but a list; "),
        ("---\njust words\n---\n", "p.md:2: has no fields in its front matter, but plain text; "),
        ("---\nid: x\nsays: a: b\n---\n", "p.md:3: is not YAML here (mapping values are not allowed"),
        ('---\nid: x\nsays: "open\n---\n', "p.md:3: is not YAML here (found unexpected end of stream)"),
        ("---\nid: x\n\tsays: y\n---\n", "p.md:3: is not YAML here (found a tab character"),
        ("---\nid: x\nsays: @me\n---\n", "p.md:3: is not YAML here (found character that cannot start"),
        ("---\nid: x\nid: y\n---\n", "p.md:3: the field 'id' stands twice; keep one of them"),
        ("---\nid: x\n[a, b]: y\n---\n", "p.md:3: a field's name is not a word; "),
        ("---\nid: &a x\nother: *a\n---\n", "p.md:3: refers to another value with *; write the value out"),
        ("---\nid: x\n<<: {a: b}\n...\nc: d\n---\n", "p.md:5: "),
        ("---\nid: x\n--- !\nid: y\n---\n", "p.md:3: has text after the fields; "),
        ("---\nid: x\nsays: a\x07b\n---\n", "p.md:3: has characters that cannot be seen; "),
        ("---\nid: x\nsays: a\u2028b\n---\n", "p.md:3: has characters that cannot be seen; "),
        ("---\nid: x\nsays: a\x85b\nto: y\n---\n", "p.md:3: has characters that cannot be seen; "),
        ("---\na: {b: {c: {d: {e: {f: {g: {h: {i: {j: k}}}}}}}}}\n---\n", "p.md:2: is nested too deep; "),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(text: str, message: str) -> None:
    """Each mistake is one problem, on the line where it is, with what to do."""
    found = problems(text)
    assert len(found) == 1
    assert found[0].startswith(message)


def test_several_mistakes_are_told_at_once() -> None:
    """Reading goes on behind a mistake where that is possible."""
    found = problems("---\nid: &x a\nid: b\nc: *x\nd:\n  - *x\n  - e: 1\n    e: 2\ny: \x07\n---\n")
    assert sorted(line.split(":")[1] for line in found) == ["3", "4", "6", "8", "9"]


def test_a_mistake_of_form_leaves_the_rest_to_be_read() -> None:
    """What stands twice counts once, what cannot be seen is passed over, and an alias is no value."""
    found = split("p.md", "---\nd: [&x a,\n  b]\nd: [c,\n\n  *x]\ne: 1\x072\nf: *x\n---\nbody")
    assert isinstance(found, Parsed)
    assert found.values == {"d": ["a", "b"], "e": "12", "f": None}
    assert found.line(["d", 1]) == 3
    assert found.body == "body"


def test_a_body_is_read_behind_fields_that_cannot_be() -> None:
    """Where the front matter is no YAML there are no values, but the body keeps its line."""
    found = split("p.md", "---\nstate: a: b\n---\nbody")
    assert isinstance(found, Parsed)
    assert (found.values, found.body, found.body_line) == (None, "body", 4)


def bomb(depth: int) -> str:
    """A file of few lines which would unfold to 9 to the power of its depth."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "---\n" + "\n".join(lines) + "\n---\n"


@pytest.mark.parametrize(
    "text",
    [
        bomb(20),
        "---\na: " + "[" * 300_000 + "\n---\n",
        "---\na: " + "{b: " * 100_000 + "\n---\n",
        "---\n" + "".join(f"{' ' * n}a{n}:\n" for n in range(1000)) + "---\n",
        "---\n" + "- " * 100_000 + "\n---\n",
        "---\n" + "? " * 100_000 + "\n---\n",
    ],
    ids=[
        "a bomb of aliases",
        "brackets",
        "braces",
        "steps of indentation",
        "nested dashes",
        "nested question marks",
    ],
)
def test_a_hostile_file_is_refused_at_once(text: str) -> None:
    """A file made to unfold or to nest without end costs nothing but a problem."""
    assert len(problems(text)) < 200


yamlish = st.text(alphabet="-:[]{},&*!|>'\"#%@? \n\t\x85\u2028\x00abc12", max_size=80)


@given(
    st.text(max_size=80)
    | yamlish.map("---\n{}\n---\nbody".format)
    | yamlish.map("---\nid: x\n{}\n---\n".format)
)
def test_any_text_is_taken_apart_or_has_problems(text: str) -> None:
    """Whatever a file holds, it is read or told about; lines are lines of the file."""
    found = split("p.md", text)
    last = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if isinstance(found, Parsed):
        assert all(1 <= line <= last for line in found.lines.values())
        assert found.body in text.replace("\r\n", "\n").replace("\r", "\n")
        assert found.problems or found.values is not None
    problems = found.problems if isinstance(found, Parsed) else [found]
    assert all(1 <= problem.line <= last for problem in problems)
    assert all("\n" not in str(problem) for problem in problems)
