"""Citing made easy: short forms of a citation written out, and facts that fit a sentence without one."""

import re
from typing import NamedTuple

from bot.curate.documents.document import fields_of, with_body
from bot.model import Fact
from bot.store.shelf import Shelf

_SHORT = re.compile(r"\[(?:@#?|#)([a-z0-9][a-z0-9-]*)\](?!\()")
_UNCITED = "a sentence without a citation: "
MOST_FACTS = 3


class Fitting(NamedTuple):
    """A sentence without a citation, and the facts that fit it best."""

    sentence: str
    facts: tuple[Fact, ...]


def written_out(text: str, shelf: Shelf) -> str:
    """The text with `[@board-decided]` as `[@2024-05-17-harbour-closes#board-decided]`.

    Only where one fact alone has that name; else it is left, and told as what it is.
    """

    def full(found: "re.Match[str]") -> str:
        ids = shelf.fact_ids(found.group(1))
        return f"[@{ids[0]}]" if len(ids) == 1 else found.group()

    fields = fields_of(text)
    if not fields.values:
        return _SHORT.sub(full, text)
    # Of a document the body alone: what looks like a citation further up is a list of tags.
    return with_body(text, body) if (body := _SHORT.sub(full, fields.body)) != fields.body else text


def fitting(shelf: Shelf, sentence: str) -> Fitting:
    """The facts that have most of a sentence's words, the best first."""
    words = " ".join(dict.fromkeys(re.findall(r"[^\W_]{3,}", sentence)))
    hits = [hit for hit in shelf.search(words, 20).hits if hit.kind == "fact"][:MOST_FACTS]
    facts = shelf.facts(hit.id for hit in hits)
    return Fitting(sentence, tuple(facts[hit.id] for hit in hits if hit.id in facts))


def uncited(whats: "list[str]") -> list[str]:
    """The sentences that problems name as being without a citation, as far as they show them."""
    return [what.removeprefix(_UNCITED).strip("“”…") for what in whats if what.startswith(_UNCITED)]
