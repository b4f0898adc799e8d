"""The body of a briefing → its sentences, each with the facts it cites.

A sentence ends in its citations, before or after its full stop:
`The board closed the harbour [@2024-05-17-harbour-closes#board-decided].`
"""

import re
from typing import NamedTuple

from bot.load.frontmatter import UNSEEN
from bot.model import Cite, Problem, Sentence

_CITATION = re.compile(r"\[@([^\[\]]*)\]")
_FACT_ID = re.compile(r"[a-z0-9][a-z0-9.-]*#[a-z0-9][a-z0-9-]*\Z")
_MASK = "\0"
# Each part takes all it can and gives nothing back: else a text of dots would take hours.
_END = re.compile(
    r"""(?<![.!?…])[.!?…]++["”’')*_]*+   # the stop, and what closes behind it
        (?:\s*+\0++)*+                   # citations may stand behind the stop, too
        (?=\s+["“‘'(*_]*[^\Wa-z_]|\s*\Z)   # then a capital, a number, or nothing""",
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vs|approx|ca|cf|Gen|Col|Lt|Sen|Rep|Gov|Inc|Ltd|Corp))\.\Z"
)
_FURNITURE = re.compile(r"\s*(?:#{1,6}\s|>|```|~~~|\||<[a-zA-Z!/]|!\[|[-=]{3,}\s*\Z|(?:[-*_]\s*+){3,}+\Z)")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)])\s+")
_LONGEST = len("approx.")
_SHOWN = 60
_MAX_NAME = 121  # of a fact with its source: each is a slug of 60 at most


class Body(NamedTuple):
    """What came of a body."""

    sentences: list[Sentence]
    cites: list[Cite]  # of all its sentences, also of those with a problem
    problems: list[Problem]


class _Block(NamedTuple):
    text: str
    line: int  # of the file
    paragraph: int
    furniture: bool = False  # no sentence, but what a page is laid out with


def read_body(path: str, body: str, first_line: int) -> Body:
    """Reads a body which begins on `first_line` of its file."""
    found, given, problems = Body([], [], [])
    for number, text in enumerate(body.split("\n"), first_line):
        # Of the others the sentence is told that has them; these part words, so a sentence hides them.
        if any(character.isspace() for character in UNSEEN.findall(text)):
            what = "has characters that cannot be seen"
            problems.append(Problem(path, number, what, "type the line anew"))
    for block in _blocks(body, first_line):
        if block.furniture:
            given += [Cite(one, block.line) for one in _citations(path, block.text, block.line)[0]]
            what = f"{_short(block.text)} is not a sentence"
            problems.append(Problem(path, block.line, what, "write plain paragraphs or lists"))
            continue
        line, at = block.line, 0
        for start, chunk in _chunks(block.text):
            line, at = line + block.text.count("\n", at, start), start
            text = " ".join(_CITATION.sub("", chunk).split())
            text = re.sub(r"\s+([.,;:!?…])", r"\1", text)
            cites, wrong = _citations(path, chunk, line)
            given += [Cite(one, line) for one in cites]
            if not text.isprintable():
                what = f"a sentence has characters that cannot be seen: {_short(text)}"
                wrong.append(Problem(path, line, what, "type it anew"))
            problems += wrong
            if cites and not wrong:
                found.append(Sentence(text, cites, block.paragraph, line))
    if not found and not problems:
        problems.append(Problem(path, first_line, "has no text", "write what happened, with citations"))
    return Body(found, given, problems)


def _blocks(body: str, first_line: int) -> list[_Block]:
    blocks: list[_Block] = []
    held: list[str] = []
    start = paragraph = 0

    def close(*, furniture: bool = False) -> None:
        if held:
            blocks.append(_Block("\n".join(held), first_line + start, paragraph, furniture))
            held.clear()

    for number, line in enumerate(body.split("\n")):
        furniture, bullet = bool(_FURNITURE.match(line)), _BULLET.match(line)
        if not line.strip() or bullet or furniture:
            close()
        if not line.strip():
            continue
        if not held:
            start, paragraph = number, paragraph + 1
        held.append(line[bullet.end() :] if bullet and not furniture else line)
        # A line tells what it is by itself: what comes behind it is not hidden by it, nor hides it.
        if furniture or (bullet and _FURNITURE.match(held[0])):
            close(furniture=True)
    close()
    return [block._replace(paragraph=block.paragraph - 1) for block in blocks]


def _chunks(text: str) -> list[tuple[int, str]]:
    """The sentences of a block with where they start, citations still in them."""
    masked = _CITATION.sub(lambda found: _MASK * len(found.group()), text)
    chunks: list[tuple[int, str]] = []
    start, last = 0, len(masked.rstrip())
    for end in _END.finditer(masked):
        stop = masked[max(0, end.start() - _LONGEST) : end.start() + 1]
        # Behind an abbreviation a sentence ends only where something closes it, or the text is over.
        if end.group() == "." and _ABBREVIATION.search(stop) and end.end() < last:
            continue
        chunks.append((start, text[start : end.end()]))
        start = end.end()
    chunks.append((start, text[start:]))
    return [
        (start + len(chunk) - len(chunk.lstrip()), chunk.strip()) for start, chunk in chunks if chunk.strip()
    ]


def _citations(path: str, chunk: str, line: int) -> tuple[tuple[str, ...], list[Problem]]:
    problems: list[Problem] = []
    cites: list[str] = []
    for found in _CITATION.finditer(chunk):
        for part in re.split(r"[;,\s]+", found.group(1)):
            name = part.removeprefix("@")
            if _FACT_ID.match(name) and len(name) <= _MAX_NAME:
                cites.append(name)
            elif name:
                what = f"the citation {name[:_SHOWN]!r} is not of the form source-id#fact-id"
                problems.append(Problem(path, line, what, "write [@source-id#fact-id]"))
    rest = _CITATION.split(chunk)[-1]
    if "[@" in _CITATION.sub("", chunk):
        problems.append(Problem(path, line, "a citation is not closed", "write [@source-id#fact-id]"))
    elif not problems and not cites:
        what = f"a sentence without a citation: {_short(chunk)}"
        problems.append(Problem(path, line, what, "end it in [@source-id#fact-id], or take it out"))
    elif not problems and any(character.isalnum() for character in rest):
        what = f"a sentence goes on behind its citation: {_short(rest)}"
        problems.append(Problem(path, line, what, "put the citations at its end"))
    return tuple(dict.fromkeys(cites)), problems


def _short(text: str) -> str:
    line = "".join(character if character.isprintable() else "�" for character in " ".join(text.split()))
    return f"“{line[:_SHOWN]}…”" if len(line) > _SHOWN else f"“{line}”"
