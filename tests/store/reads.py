"""Every read of a shelf, asked for all that the story of a test has, and what servers have of their own."""

from collections.abc import Callable
from datetime import date

from bot.store.shelf import Shelf
from tests.servers import HERES
from tests.stories import PLAN, STRIKE

Read = Callable[[Shelf], object]

DAY = date(2022, 6, 30)
NOTE, TOLD, GONE = f"2022-04-01-{HERES}", f"2022-04-02-{HERES}", f"2021-12-01-{HERES}-gone"
IDS = [PLAN, STRIKE, NOTE, GONE]
FACTS = [f"{PLAN}#who-pays", f"{PLAN}#two-towns", f"{STRIKE}#strike", f"{NOTE}#{HERES}-toll"]
TEXTS = [PLAN, "2022-03-05-strike", TOLD, f"{TOLD}-gone"]

READS: dict[str, Read] = {
    "span": Shelf.span,
    "horizon": lambda shelf: [shelf.horizon(day) for day in (None, DAY, date(2022, 1, 1))],
    "count": lambda shelf: [
        shelf.count(what, day) for what in ("source", "fact", "briefing") for day in (None, DAY)
    ],
    "problems": Shelf.problems,
    "sources": lambda shelf: [shelf.sources(), shelf.sources(DAY)],
    "source ids": Shelf.source_ids,
    "facts": lambda shelf: shelf.facts(FACTS),
    "facts of": lambda shelf: [shelf.facts_of(one) for one in IDS],
    "fact ids": lambda shelf: [shelf.fact_ids(f"{HERES}-{end}") for end in ("toll", "never")],
    "timeline": lambda shelf: [
        shelf.timeline(None, None, tag, day, limit)
        for tag in (None, "bridge", f"{HERES}-tag")
        for day in (None, DAY)
        for limit in (2, 100)
    ],
    "open questions": lambda shelf: [shelf.open_questions(day, DAY, 9) for day in (None, DAY)],
    "recent": lambda shelf: shelf.recent(DAY, 9),
    "known facts": Shelf.known_facts,
    "relations": Shelf.relations,
    "happened on": lambda shelf: shelf.happened_on(date(2023, 1, 5)),
    "search": lambda shelf: [
        shelf.search(words, 20) for words in (HERES, "quoka", "builders strike", "gate")
    ],
    "links": lambda shelf: [
        shelf.links(FACTS, kind, None, back=back)
        for kind in ("supersedes", "disputes")
        for back in (False, True)
    ],
    "has tag": lambda shelf: [shelf.has_tag(tag) for tag in (f"{HERES}-tag", f"{HERES}-gone", "bridge")],
    "tags": Shelf.tags,
    "briefings": lambda shelf: [shelf.briefings(newest=2), shelf.briefings(DAY)],
    "backgrounds": lambda shelf: shelf.backgrounds(DAY),
    "briefing ids": Shelf.briefing_ids,
    "sentences": lambda shelf: [shelf.sentences(one, limit) for one in TEXTS for limit in (-1, 1)],
    "citing": lambda shelf: [shelf.citing(one) for one in FACTS],
}
# What is retracted is in them by its id, or where stubs are asked for.
STUBS: dict[str, Read] = {
    "count": lambda shelf: [shelf.count(what, stubs=True) for what in ("source", "fact", "briefing")],
    "sources": lambda shelf: [shelf.sources(stubs=True), shelf.sources(ids=IDS)],
    "source": lambda shelf: [shelf.source(one) for one in IDS],
    "fact ids": lambda shelf: [shelf.fact_ids(f"{HERES}-{end}", stubs=True) for end in ("toll", "never")],
    "withdrawn": lambda shelf: shelf.withdrawn(f"{GONE}#{HERES}-never"),
    "briefings": lambda shelf: shelf.briefings(stubs=True),
    "briefing": lambda shelf: [shelf.briefing(one) for one in TEXTS],
    "briefing ids": lambda shelf: shelf.briefing_ids(stubs=True),
    "wording": lambda shelf: [shelf.wording(one, 1) for one in TEXTS],
}
NOT_READS = {
    "as_told_on", "signature", "version", "setting", "audiences", "files", "shapes", "fact", "vocabulary",
    "amendments",  # asked only of what was found
}  # fmt: skip
