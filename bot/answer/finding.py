"""`search`: facts and briefings that have the words."""

from bot.command.entry import Ask
from bot.command.mistake import shortened
from bot.reply import Action, Line, Reply, Section
from bot.store.search import CLOSE_MARK, OPEN_MARK, Found
from bot.wording import dated, fact_line, plural

MOST_HITS = 40


def search(ask: Ask) -> Reply:
    """Answers `search WORDS`."""
    typed = ask.text("words") or ""
    found = ask.shelf.search(typed, MOST_HITS)
    typed = shortened(typed)
    title = f"{ask.name}: search for “{typed}”"
    notes = [f"“{word}” stands nowhere; looked for “{other}”." for word, other in found.understood.instead]
    notes += [f"“{word}” stands nowhere, nor anything like it." for word in found.understood.nowhere]
    if found.understood.left:
        notes.append(f"Not looked for, since it is too much at once: {' '.join(found.understood.left)[:80]}.")
    words = f"search {' '.join(found.understood.words)}"
    if not found.hits:
        text = f"The corpus does not have “{typed}”, in any form."
        return Reply(
            "search", title, (Section("", (Line(text),)),), (), tuple(notes),
            (Action("Timeline", "timeline"), Action("Sources", "sources")),
            as_of=ask.shelf.horizon(None), abstained=True, words=words,
        )  # fmt: skip
    return Reply(
        "search",
        title,
        tuple(_sections(ask, found)),
        notes=(*notes, f"{plural(len(found.hits), 'hit')}, the best first."),
        actions=(Action("Status", "status"), Action("Timeline", "timeline")),
        as_of=ask.shelf.horizon(None),
        words=words,
    )


def _sections(ask: Ask, found: Found) -> list[Section]:
    facts = ask.shelf.facts(hit.id for hit in found.hits if hit.kind == "fact")
    fact_lines = tuple(
        _marked(fact_line(facts[hit.id], label=True), hit.marked) for hit in found.hits if hit.kind == "fact"
    )
    briefing_lines = tuple(
        _marked(_briefing_line(ask, hit.id), hit.marked) for hit in found.hits if hit.kind == "briefing"
    )
    sections = [Section("Facts", fact_lines), Section("Briefings", briefing_lines)]
    return [section for section in sections if section.lines]


def _briefing_line(ask: Ask, briefing_id: str) -> Line:
    card = ask.shelf.briefing(briefing_id)
    assert card is not None
    lead = ask.shelf.sentences(briefing_id, limit=1)
    return Line("", lead[0].facts if lead else (), when=dated(card.as_of), label=briefing_id)


def _marked(line: Line, marked: str) -> Line:
    """The line with the words that were found marked, where its text is the one they were found in."""
    pieces = marked.split(OPEN_MARK)
    text, marks = pieces[0], []
    for piece in pieces[1:]:
        word, _, rest = piece.partition(CLOSE_MARK)
        marks.append((len(text), len(text) + len(word)))
        text += word + rest
    # A speaker put in front of a fact moves the marks.
    shift = len(line.text) - len(text) if line.text.endswith(text) else 0
    return line._replace(
        text=line.text if line.text.endswith(text) and line.text else text,
        marks=tuple((start + shift, end + shift) for start, end in marks),
    )
