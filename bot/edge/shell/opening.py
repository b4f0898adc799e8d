"""What an editor opens for a command: a template for something new, else the text as it stands."""

import re
from collections.abc import Mapping
from datetime import date

from bot.edge.shell.editor import COMMENT, commented
from bot.model import KINDS
from bot.reply import Line, Reply
from bot.store.newsroom import Newsroom

_HOW = (
    f"Lines that begin with {COMMENT} are for you alone, and are left out.",
    "To give up, leave it as it is, or empty it.",
)
_BRIEFING = """---
#> Left empty, it is made from the day and the title.
id:
#> A few words.
title:
#> The day on which the briefing tells the story.
as_of: {today}
#> The whole story on that day, in one line that stands alone.
state:
#> Where the story stands, in one word: bridge, break, suspended, waiting, talks, ended …
phase:
tags: []
---
#> The text, below: plain paragraphs, each sentence with its citations before the full stop,
#> as [@source-id#fact-id]; `exomars cite WORDS` finds them.

"""
_SOURCE = """---
#> Left empty, it is made from the day and the headline.
id:
#> The headline as printed.
title:
#> Who published it, and where; or: unknown.
outlet:
url:
#> As 2022-07-13, 2022-07, or 2022-03-18/2022-03-24 for somewhere in between.
published:
language: en
facts:
#> One statement each, in our own words. The id is a short slug; kind is one of {kinds}.
  - id:
    date:
    says:
    speaker:
    kind:
    tags: []
---
#> A note on the article, if you like.

"""


def template(command: str, today: date) -> str:
    """What `add` and `source add` begin with."""
    text = _SOURCE if command.startswith("source") else _BRIEFING
    text = text.format(today=today.isoformat(), kinds=", ".join(KINDS))
    return commented(text, (f"A new {'source note' if text.count('facts:') else 'briefing'}.", *_HOW))


def standing(newsroom: Newsroom, given: str) -> str:
    """An item as it stands, to be changed; empty where there is none."""
    folder, _, name = given.removesuffix(".md").rpartition("/")
    item, fact, _ = name.partition("#")
    # Where a source and a briefing share an id, a fact or the folder says which is meant.
    kinds = ("source",) if fact or folder == "corpus" else ("briefing", "source")
    rows = (newsroom.standing(kind, item) for kind in kinds)
    row = next((row for row in rows if row and row.text), None)
    return commented(row.text, (f"{item}, version {row.version}.", *_HOW)) if row else ""


def drafted(newsroom: Newsroom, values: Mapping[str, str], shown: Reply) -> str:
    """A document of a draft, with its problems above it; empty where there is none.

    `shown` is the draft as it is shown; of several documents it is the one with the id that was named, the
    last briefing, or the last.
    """
    parts = newsroom.parts(int(values["draft"]))
    named = [part for part in parts if part.item == values.get("id")]
    briefings = [part for part in parts if part.kind == "briefing"]
    if not parts:
        return ""
    text = (named or briefings or parts)[-1].text
    head = [f"Draft {values['draft']}.", *_HOW]
    wrong = [f"{line.label}: {line.text}".removeprefix(": ") for line in _wrong(shown)]
    lines = len(head) + len(wrong)
    return commented(text, [*head, *(_moved(line, lines) for line in wrong)])


def _wrong(shown: Reply) -> list[Line]:
    return [line for section in shown.sections for line in section.lines] if shown.abstained else []


def _moved(problem: str, lines: int) -> str:
    """The problem with the number of its line as it is below so many lines of comments."""
    # Behind it may stand its field, as in “line 9 (text, line 1)”.
    number = r"\bline (\d+)(?=(?: \([^)]*\))?: )"
    return re.sub(number, lambda found: f"line {int(found[1]) + lines}", problem, count=1)
