"""Documents as nobody should send them: made from good ones by many small and large wrongs."""

from collections.abc import Iterator
from random import Random

from tests.stories import SCENE, STRIKE

TOKENS: tuple[str, ...] = (
    "@everyone",
    "@here",
    "<@1>",
    "<@&2>",
    "<#3>",
    "<!channel>",
    "<!subteam^S1>",
    "```",
    "``",
    "`",
    "***",
    "__",
    "~~",
    "||",
    "> ",
    "# ",
    "[x](javascript:alert(1))",
    "<https://evil.example>",
    "https://evil.example",
    "\\",
    "\\\\n",
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u0000",
    "\x07",
    "\x1b[31m",
    "\r",
    "\t",
    "\u2028",
    "\ud7ff",
    "&a [*a, *a, *a]",
    "*a",
    "!!python/object/apply:os.system ['x']",
    "{{{{{{{{{{",
    "[" * 300,
    "- - - - - -",
    "---",
    "\n---\n",
    "...",
    "? :",
    "|",
    "|-\n  x",
    ">",
    "%YAML 1.1",
    "../../x",
    "id: ../../x",
    "id: con",
    "title: ",
    "as_of: 9999-99-99",
    "as_of: 0000-01-01",
    "as_of: 2022-02-30",
    "published: ..",
    "facts: 5",
    "facts: {a: b}",
    "audience: discord/2",
    "audience: ../x",
    "retracted: yes",
    "retracted: {on: 2022-13-01, because: }",
    "corrections: [x]",
    "corrections: [{on: 2022-01-01, was: x, body: '[@a#b]'}]",
    "story: mars",
    "tags: [[[]]]",
    "[@2022-99-other#server]",
    "[@]",
    "[@#]",
    "[@x",
    f"[@{STRIKE}#strike]",
    "[@@everyone#x]",
    ".",
    "…",
    "?" * 200,
    "a" * 5000,
    "é" * 700,
    "𝒳",
    "\U0001f600" * 50,
    "NaN",
    "1e999",
    "true",
    "null",
    "\n" * 50,
    " " * 2000,
)


def documents(count: int, seed: int) -> Iterator[str]:
    """So many wrong documents, always the same ones for a seed."""
    random, good = Random(seed), [*SCENE.values()]  # noqa: S311  (no secret hangs on it)
    for _ in range(count):
        text = random.choice(good)
        for _ in range(random.choice((1, 1, 2, 3, 8))):
            text = random.choice(WRONGS)(random, text)[:200_000]
        yield text


def _insert(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(TOKENS) + text[at:]


def _line(random: Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice(TOKENS))
    return "\n".join(lines)


def _value(random: Random, text: str) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    name, colon, _ = lines[at].partition(":")
    lines[at] = f"{name}{colon} {random.choice(TOKENS)}"
    return "\n".join(lines)


def _cut(random: Random, text: str) -> str:
    start = random.randrange(len(text) + 1)
    return text[:start] + text[start + random.randrange(40) :]


def _twice(random: Random, text: str) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    return "\n".join([*lines[: at + 1], *lines[at:]])


def _swap(random: Random, text: str) -> str:
    lines = text.split("\n")
    i, j = random.randrange(len(lines)), random.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines)


def _character(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return (
        text[:at]
        + chr(random.choice((random.randrange(0x20), random.randrange(0x300, 0xD7FF))))
        + text[at + 1 :]
    )


WRONGS = (_insert, _insert, _line, _line, _value, _value, _cut, _twice, _swap, _character)
