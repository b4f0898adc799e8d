"""Front matter as nobody writes it by rule: legal, and each field in another form."""

import json
from typing import NamedTuple

from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["One", "two towns", "a # b", "it's: so", '"quoted"', "- x", "yes", "{a}", "#1", "x:"]
)
NAMES = ("id", "title", "state", "tags", "facts", "corrections", "retracted", "own")


class Odd(NamedTuple):
    """A document, and what its fields say."""

    text: str
    values: dict[str, object]
    comments: tuple[str, ...]  # that belong to no field


def _double(text: str) -> str:
    return json.dumps(text)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


TEXTS = st.lists(WORDS, min_size=1, max_size=3)


@st.composite
def _text(draw: st.DrawFn, indent: int) -> tuple[str, object]:
    words = draw(TEXTS)
    pad = " " * indent
    form = draw(st.sampled_from(["double", "single", "wrapped", "literal", "folded", "empty", "behind"]))
    if form == "double":
        return f" {_double(' '.join(words))}  # said", " ".join(words)
    if form == "single":
        return " " + _single(" ".join(words)), " ".join(words)
    if form == "wrapped":  # goes on in the first column
        return " " + "\n".join(_single(" ".join(words)).split(" ")), " ".join(words)
    if form == "literal":
        return " |-\n" + "\n\n".join(f"{pad}  {word}" for word in words), "\n\n".join(words)
    if form == "folded":
        return " >-\n" + "\n".join(f"{pad}   {word}" for word in words) + "\n", " ".join(words)
    if form == "behind":
        return f"\n{pad}  # before\n{pad}  {_double(words[0])}\n{pad}   # after", words[0]
    return "", ""


@st.composite
def _list(draw: st.DrawFn, indent: int) -> tuple[str, object]:
    words = draw(TEXTS)
    pad = " " * (indent + draw(st.sampled_from([0, 2, 4])))
    form = draw(st.sampled_from(["flow", "flow in lines", "dashes", "fields", "fields in flow", "own lines"]))
    if form == "flow":
        return f" [{', '.join(map(_double, words))}]", words
    if form == "flow in lines":
        return " [\n" + "".join(f"{_double(word)},\n" for word in words) + "]", words
    if form == "dashes":
        return "\n" + f"\n{pad}# between\n".join(f"{pad}- {_double(word)}" for word in words), words
    if form == "fields in flow":
        return f"  # ours\n{pad}- {{a: {_double(words[0])}, b: [x]}}", [{"a": words[0], "b": ["x"]}]
    fields: list[object] = [{"a": word, "b": ["x", ""]} for word in words]
    dash = "- " if form == "fields" else f"-\n{pad}  "
    entries = (f"{pad}{dash}a: {_double(word)}\n{pad}  b:\n{pad}  - x\n{pad}  -" for word in words)
    return "\n" + "\n\n".join(entries), fields


@st.composite
def documents(draw: st.DrawFn) -> Odd:
    """A document of some fields, with comments and blank lines between them."""
    indent = draw(st.sampled_from([0, 0, 0, 2, 3]))
    pad = " " * indent
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    lines: list[str] = []
    values: dict[str, object] = {}
    comments: list[str] = []
    for number, name in enumerate(names):
        for kind in draw(st.lists(st.sampled_from(["", "#", " "]), max_size=2)):
            if kind == "#":
                comments.append(f"{pad}# about {number}.{len(comments)}")
            lines.append(comments[-1] if kind == "#" else kind)
        written, values[name] = draw(st.one_of(_text(indent), _list(indent)))
        key = draw(
            st.sampled_from(
                ["{}:", '"{}":', "{} :", "'{}' :", "? {}\n" + pad + ":", "?\n" + pad + "  {}\n" + pad + ":"]
            )
        )
        lines.append(pad + key.format(name) + written)
    closing = draw(st.sampled_from(["", "\n...", "\n# the end", "\n\n"]))
    comments += ["# the end"] if "#" in closing else []
    return Odd("---\n" + "\n".join(lines) + closing + "\n---\nBody.\n", values, tuple(comments))


@st.composite
def flows(draw: st.DrawFn) -> Odd:
    """A document whose fields stand in one pair of braces."""
    values = draw(st.dictionaries(st.sampled_from(NAMES), st.one_of(TEXTS, WORDS), min_size=1, max_size=4))
    between = draw(st.sampled_from([", ", ",\n", ",  # ours\n  "]))
    inside = between.join(f"{name}: {json.dumps(value)}" for name, value in values.items())
    return Odd(
        f"---\n{{{inside}}}\n---\nBody.\n",
        {**values},
        ("ours",) if "#" in between and len(values) > 1 else (),
    )
