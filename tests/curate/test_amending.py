"""What a post should say now: corrections, retractions, and that it stays one message."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.curate.copies.amending import Change, amended
from bot.edtf import of_day, parse_edtf
from bot.model import Briefing, Correction, EarlierFact, Fact, Relation, Retraction, Sentence, Source
from bot.render.discord import message
from bot.reply import Line, Reference, Reply, Section, numbered, parse_reply, reply_text
from bot.store.shelf import Link
from bot.wording import cites_of, fact_line, said
from tests.digest.stories import a_briefing, a_fact, a_source

POST, HERALD = "2022-01-05-post", "2022-03-05-herald"
START = a_fact(POST, "start", "The bridge opens in May.", date=parse_edtf("2022-05"))
LONG = a_fact(POST, "long", "The bridge is 40 metres long.")
STRIKE = a_fact(HERALD, "strike", "The builders went on strike.")
OVERTURNS = Relation(STRIKE.id, "supersedes", START.id, "A strike holds it up.")
THE_POST = a_source(POST, START, LONG)
THE_HERALD = a_source(HERALD, STRIKE, relations=(OVERTURNS,))

DAY, NEXT = date(2026, 11, 21), date(2026, 11, 22)
WAS = Correction(DAY, "It said that the strike was in April.")
GONE = Retraction(DAY, "It was about another bridge.")

BRIEFING = a_briefing(
    "2022-03-05-delay",
    f"The builders went on strike in April 2022 [@{STRIKE.id}]. Nobody knows who pays [@{LONG.id}].",
    "A strike in April holds up the bridge.",
    title="A strike",
)
MENDED = a_briefing(
    "2022-03-05-delay",
    f"The builders went on strike in March 2022 [@{STRIKE.id}; @{START.id}].",
    "A strike in March holds up the bridge.",
    title="A strike in March",
)


def a_reference(source: Source, number: int = 1) -> Reference:
    """A source as a reply names it."""
    return Reference(number, source.id, source.title, source.outlet, source.published.text, "")


REFERENCES = (a_reference(THE_POST), a_reference(THE_HERALD))


def a_reply(*sections: Section, title: str = "The bridge: News") -> Reply:
    """A digest with these sections, its sources numbered."""
    reply = Reply("digest", title, sections)
    by_id = {one.source_id: one for one in REFERENCES}
    named = [by_id[source]._replace(number=number) for number, source in enumerate(reply.sources, 1)]
    return numbered(reply, tuple(named))


def a_digest(title: str = "The bridge: A strike") -> Reply:
    """A digest that has the state of the briefing, its sentences and two facts."""
    state = Line(BRIEFING.state, cites_of(BRIEFING.sentences), when="5 March 2022")
    told = tuple(Line(sentence.text, sentence.facts) for sentence in BRIEFING.sentences)
    facts = (fact_line(START), fact_line(LONG))
    return a_reply(
        Section("Where it stands", (state,)),
        Section("What is new", told),
        Section("Reported", facts),
        title=title,
    )


def corrected(now: Briefing = MENDED, *corrections: Correction) -> Change:
    """The briefing was corrected."""
    return Change(BRIEFING, now, corrections or (WAS,))


def texts(reply: Reply) -> dict[str, list[str]]:
    """What stands in each section, by its title."""
    return {section.title: [line.text for line in section.lines] for section in reply.sections}


def of_fact(before: Fact, says: str, **fields: Any) -> Change:
    """A fact of the Post was corrected."""
    facts = tuple(
        fact._replace(says=says, **fields) if fact.id == before.id else fact for fact in THE_POST.facts
    )
    was = Correction(
        DAY, "The length was wrong.", facts=(EarlierFact(before.id, before.date, before.says, ""),)
    )
    return Change(THE_POST, THE_POST._replace(facts=facts), (was,))


def test_a_reply_that_nothing_concerns_is_the_same() -> None:
    """Without changes, and with a change that only corrects what it does not cite."""
    reply = a_reply(Section("", (fact_line(START),)))
    assert amended(reply, ()) is reply
    assert amended(reply, [of_fact(LONG, "It is 50 metres long.")]) is reply


def test_a_corrected_briefing_is_told_as_it_stands() -> None:
    """State, sentence and title have the new words, and what these rest on; what was wrong is in front."""
    now = amended(a_digest(), [corrected()])
    assert now.title == "The bridge: A strike in March"
    assert texts(now) == {
        "Corrected on 21 November 2026": [WAS.was],
        "Where it stands": [MENDED.state],
        "What is new": ["The builders went on strike in March 2022."],
        "Reported": [START.says, LONG.says],
    }
    assert now.sections[2].lines[0].cites == (STRIKE.id, START.id)
    assert now.sections[1].lines[0].when == "5 March 2022"


def test_a_sentence_that_only_cites_otherwise_gets_the_new_citations() -> None:
    """Its words stay, the numbers behind it change."""
    now = a_briefing(BRIEFING.id, BRIEFING.body.replace(LONG.id, START.id), BRIEFING.state, title="A strike")
    lines = amended(a_digest(), [corrected(now)]).sections[2].lines
    assert [(line.text, line.cites) for line in lines][1] == ("Nobody knows who pays.", (START.id,))


def test_a_section_of_which_nothing_is_left_is_gone() -> None:
    """A sentence without anything like it in the new text is taken out, and its section with it."""
    now = MENDED._replace(sentences=(), body="")
    assert "What is new" not in texts(amended(a_digest(), [corrected(now)]))


def test_corrections_stand_in_front_by_day() -> None:
    """The oldest first, each once, also where two documents were corrected for one mistake."""
    later = WAS._replace(on=NEXT, was="It said that Alton pays.")
    changes = [corrected(MENDED, WAS, later), of_fact(LONG, "It is 50 metres long.")]
    changes[1] = changes[1]._replace(corrections=(later,))
    titles = [section.title for section in amended(a_digest(), changes).sections]
    assert titles[:2] == ["Corrected on 21 November 2026", "Corrected on 22 November 2026"]
    assert texts(amended(a_digest(), changes))[titles[1]] == [later.was]


def test_a_retracted_briefing_leaves_why_in_its_place() -> None:
    """Once in each section, with the day; the title loses it, what others say stays."""
    change = Change(BRIEFING, BRIEFING._replace(retracted=GONE), (), GONE)
    stub = "Retracted on 21 November 2026: It was about another bridge."
    now = amended(a_digest(), [change])
    assert now.title == "The bridge"
    assert texts(now) == {
        "Corrected on 21 November 2026": ["“A strike” was retracted: It was about another bridge."],
        "Where it stands": [stub],
        "What is new": [stub],
        "Reported": [START.says, LONG.says],
    }
    assert amended(a_digest("The bridge: corrected: A strike"), [change]).title == "The bridge"
    assert amended(a_digest(), [Change(BRIEFING, None, (), GONE)]) == now


def test_a_corrected_fact_is_told_as_it_stands() -> None:
    """With its new date in front, and its speaker where that is to be said."""
    change = of_fact(LONG, "The bridge is 50 metres long.", date=of_day(date(2022, 1, 4)), speaker="Ada")
    line = amended(a_digest(), [change]).sections[3].lines[1]
    assert (line.text, line.when) == ("Ada: The bridge is 50 metres long.", "4 January 2022")
    bare = a_reply(Section("4 years ago", (fact_line(LONG)._replace(when=""),)))
    assert amended(bare, [change]).sections[1].lines[0].when == "4 January 2022"


def test_a_fact_that_is_gone_is_as_if_retracted() -> None:
    """The line says what was wrong; a sentence that rested on it alone says so as well."""
    now = THE_POST._replace(facts=(START,))
    found = texts(amended(a_digest(), [Change(THE_POST, now, (WAS,))]))
    stub = f"Retracted on 21 November 2026: {WAS.was}"
    assert found["Reported"] == [START.says, stub]
    assert found["What is new"][1] == stub
    assert found["Where it stands"] == [BRIEFING.state]


def test_what_rests_on_a_retracted_source_and_on_another_keeps_the_other() -> None:
    """Its number is gone, and the rest is numbered anew."""
    line = Line("The bridge was begun.", (START.id, STRIKE.id))
    now = amended(a_reply(Section("", (line,))), [Change(THE_POST, None, (), GONE)])
    assert now.sections[1].lines == (Line("The bridge was begun.", (STRIKE.id,), (1,)),)
    assert [reference.source_id for reference in now.references] == [HERALD]
    assert texts(now)["Corrected on 21 November 2026"] == [
        f"The source “{THE_POST.title}” was retracted: It was about another bridge."
    ]


def test_notes_are_mended_too() -> None:
    """What a note quotes is quoted as it stands; a part that quotes what is gone is left out."""
    before = Line("It stands.", (STRIKE.id,), note=f"Before: {BRIEFING.state}")
    over = fact_line(STRIKE)._replace(
        cites=(STRIKE.id, START.id, LONG.id),
        note=f"Overturns: {START.says} A strike holds it up. Disputes: {LONG.says} It was measured.",
    )
    now = amended(a_reply(Section("", (before, over))), [corrected(), of_fact(LONG, "It has 50 metres.")])
    assert now.sections[1].lines[0].note == f"Before: {MENDED.state}"
    assert now.sections[1].lines[1].note == (
        f"Overturns: {START.says} A strike holds it up. Disputes: It has 50 metres. It was measured."
    )
    without = Change(THE_POST, THE_POST._replace(facts=(LONG,)), (WAS,))
    assert amended(a_reply(Section("", (over,))), [without]).sections[1].lines[0].note == (
        f"Disputes: {LONG.says} It was measured."
    )


def test_what_no_longer_overturns_is_not_said_to() -> None:
    """A source that is retracted, or has given the relation up, overturns nothing; others still do."""
    line = fact_line(START)._replace(
        cites=(START.id, STRIKE.id, LONG.id), note="Since overturned: A strike holds it up. And: It is long."
    )
    for change in (
        Change(THE_HERALD, THE_HERALD._replace(retracted=GONE), (), GONE),
        Change(THE_HERALD, THE_HERALD._replace(relations=()), (WAS,)),
    ):
        assert amended(a_reply(Section("", (line,))), [change]).sections[1].lines[0].note == (
            "Since overturned: It is long."
        )
    reworded = THE_HERALD._replace(relations=(OVERTURNS._replace(because="It was a lockout."),))
    now = amended(a_reply(Section("", (line,))), [Change(THE_HERALD, reworded, (WAS,))])
    assert now.sections[1].lines[0].note == "Since overturned: It was a lockout. And: It is long."


def test_sources_are_numbered_anew() -> None:
    """One that comes with the correction gets a number, and one that was corrected its new name."""
    line = Line(BRIEFING.sentences[0].text, (STRIKE.id,))
    reply = a_reply(Section("", (line,)))
    assert [one.source_id for one in reply.references] == [HERALD]
    renamed = a_reference(THE_HERALD)._replace(title="Another headline")
    now = amended(reply, [corrected()], (REFERENCES[0], renamed))
    assert [(one.number, one.source_id, one.title) for one in now.references] == [
        (1, HERALD, THE_HERALD.title),
        (2, POST, THE_POST.title),
    ]
    assert now.sections[1].lines[0].refs == (1, 2)
    headline = Change(THE_HERALD, THE_HERALD._replace(title="Another headline"), (WAS,))
    assert amended(reply, [headline], (renamed,)).references == (renamed,)


def test_a_post_stays_one_message() -> None:
    """Its own last lines give way first, and the reader is told; then the oldest corrections."""
    facts = tuple(a_fact(POST, f"f{number}", f"{number} " + "long words " * 20) for number in range(9))
    reply = a_reply(Section("Reported", tuple(map(fact_line, facts))), Section("", (fact_line(STRIKE),)))
    assert is_one_page(reply)
    was = [Correction(date(2026, 1, day), f"{day} " + "what was wrong " * 35) for day in range(1, 6)]
    now = amended(reply, [Change(THE_HERALD, THE_HERALD, tuple(was[:2]))])
    assert is_one_page(now)
    assert [section.title for section in now.sections][:2] == [
        "Corrected on 1 January 2026",
        "Corrected on 2 January 2026",
    ]
    assert now.sections[2].lines[0].text.startswith("0 long words")
    assert now.notes[-1].startswith("Lines left out to make room: ")
    now = amended(reply, [Change(THE_HERALD, THE_HERALD, tuple(was * 2))])
    assert is_one_page(now)
    assert now.sections[-1].title == "Corrected on 5 January 2026"


def is_one_page(reply: Reply) -> bool:
    """Whether Discord gets it as one message: of several pages, each says which it is."""
    embed = message(reply, "bridge").embed
    assert embed
    return "Page 1 of" not in str(embed.get("footer", ""))


# ── whatever is corrected ───────────────────────────────────────────────────────────────

SOME = (
    "a",
    "b",
    "strike",
    "ended.",
    "(Before:",
    "[x]",
    "\\1",
    "ESA",
    "Ω",
    "*bold*",
    "And:",
    "://",
    "Disputes:",
)
TEXT = st.lists(st.sampled_from(SOME), min_size=1, max_size=60).map(" ".join)
IDS = [f"{source}#f{number}" for source in (POST, HERALD) for number in range(3)]
CITES = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True).map(tuple)
SENTENCES = st.lists(st.tuples(TEXT, CITES).map(lambda one: Sentence(*one, 0, 1)), max_size=4)
ALL_WAS = st.lists(st.tuples(st.dates(), TEXT).map(lambda one: Correction(*one)), min_size=1, max_size=4)


@st.composite
def briefings(draw: st.DrawFn, name: str) -> Briefing:
    """Any briefing of this name."""
    return a_briefing(name, "", draw(TEXT), title=draw(TEXT))._replace(sentences=tuple(draw(SENTENCES)))


@st.composite
def sources(draw: st.DrawFn, name: str) -> Source:
    """Any source of this name, with some of its facts and what they overturn."""
    facts = [a_fact(name, one.partition("#")[2], draw(TEXT)) for one in IDS if one.startswith(name)]
    kept = facts[: draw(st.integers(1, len(facts)))]
    pairs = draw(st.lists(st.tuples(st.sampled_from(kept), st.sampled_from(IDS)), max_size=3, unique=True))
    relations = tuple(Relation(fact.id, "supersedes", other, draw(TEXT)) for fact, other in pairs)
    return a_source(name, *kept, relations=relations)


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    """What may have become of two briefings and two sources."""
    found: list[Change] = []
    for name in ("2022-03-05-one", "2022-03-05-two", POST, HERALD):
        kind: st.SearchStrategy[Any] = sources(name) if name in {POST, HERALD} else briefings(name)
        before, now, was = draw(kind), draw(kind), tuple(draw(ALL_WAS))
        gone = Retraction(draw(st.dates()), draw(TEXT)) if draw(st.booleans()) else None
        found.append(Change(before, now, () if gone else was, gone))
    return found


@st.composite
def lines_of(draw: st.DrawFn, told: list[Change]) -> Line:
    """A line as digests have it of a source or a briefing."""
    before = draw(st.sampled_from(told)).before
    if isinstance(before, Source):
        fact = draw(st.sampled_from(before.facts))
        return fact_line(fact, overturned=[Link(fact, one.because) for one in before.relations])
    whole: bool = draw(st.booleans())
    if before.sentences and not whole:
        sentence = draw(st.sampled_from(before.sentences))
        return Line(
            sentence.text, sentence.facts, note=draw(st.sampled_from(["", f"Before: {before.state}"]))
        )
    return Line(before.state, cites_of(before.sentences), when=draw(st.sampled_from(["", "5 March 2022"])))


@given(st.data())
def test_nothing_that_was_wrong_stays_whatever_it_was(data: st.DataObject) -> None:
    """No line says what a corrected item no longer says, and one message stays one message."""
    told = data.draw(changes())
    lines = data.draw(st.lists(lines_of(told), min_size=1, max_size=9))
    half = len(lines) // 2
    title = f"The bridge: {data.draw(st.sampled_from([change.before.title for change in told]))}"
    reply = a_reply(Section("One", tuple(lines[:half])), Section("Two", tuple(lines[half:])), title=title)
    now = amended(reply, told, REFERENCES)
    still = {text for change in told if not change.retracted for text in all_said(change.now)}
    for line in (
        line for section in now.sections if section.title in {"One", "Two"} for line in section.lines
    ):
        for change in told:
            wrong = set(all_said(change.before, line.cites)) - still
            assert line.text not in wrong
    assert is_one_page(now) or not is_one_page(reply)
    assert parse_reply(reply_text(now)) == now
    assert [one.number for one in now.references] == [*range(1, len(now.references) + 1)]


def all_said(item: Source | Briefing | None, cites: tuple[str, ...] | None = None) -> list[str]:
    """All that an item says; of a source only the facts that are cited, where that is given."""
    if isinstance(item, Briefing):
        return [item.state, *(sentence.text for sentence in item.sentences)]
    facts = item.facts if item else ()
    return [said(fact) for fact in facts if cites is None or fact.id in cites]
