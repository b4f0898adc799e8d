"""`disputes`: where sources contradict each other, which side stands, and what was overturned."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.model import NO_WORDS
from bot.render.terminal import text
from bot.store.relations import About, _of, _walked, ties
from bot.store.store import Store
from tests.answer.row import FILES, ROW, ask, desk, lines, slugs
from tests.stories import PLAN, STORY, STRIKE, briefing, fact, source

BACK = "Overturned by an article of 10 April 2022: 2 facts"


@pytest.fixture(name="told", scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk(tmp_path_factory.mktemp("row"))
    yield made
    made._store.close()


def test_disputes_come_before_what_was_overturned_and_those_between_sources_first(told: Desk) -> None:
    """The newest of each first; what one fact has overturned stands under it."""
    reply = ask(told, "disputes")
    assert [section.title for section in reply.sections] == [
        "Disputed: an article published between 1 and 5 March 2022, and the mayor of Alton",
        "Disputed: an article of 5 January 2022, and the mayor of Alton",
        "Disputed: the council of Alton, and a clerk",
        BACK,
        "Overturned by the council of Alton: 1 fact",
        "Overturned by the mayor of Alton: 1 fact",
    ]
    assert reply.notes == ("3 disputes, 2 of them between sources; 4 facts overturned by 3 others.",)
    assert not reply.abstained


def test_both_sides_have_their_dates_and_sources_and_why_it_matters(told: Desk) -> None:
    """The earlier side first; the last line rests on both."""
    first, second, why = ask(told, "disputes").sections[0].lines
    assert (first.when, second.when) == ("1 March 2022", "9 April 2022")
    assert first.cites[0] == f"{STRIKE}#strike"
    assert second.cites == (f"{ROW}#no-strike",)
    assert why.cites == (f"{STRIKE}#strike", f"{ROW}#no-strike")
    assert why.refs == (1, 2)
    assert why.text.startswith("It came later. ")


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (0, "Of the two, what the mayor of Alton said has not been overturned."),
        (1, "Both have been overturned since."),
        (2, "Neither has been overturned."),
    ],
    ids=["one side", "both", "neither"],
)
def test_no_side_is_said_to_be_right_unless_the_other_was_overturned(
    told: Desk, number: int, verdict: str
) -> None:
    """What stands today is what nothing has overturned."""
    assert ask(told, "disputes").sections[number].lines[-1].text.endswith(f". {verdict}")


def test_a_fact_that_overturned_others_says_whether_it_stands_itself(told: Desk) -> None:
    """The newer stands, unless a still newer one has overturned it."""
    reply = ask(told, "disputes")
    newer, *older = lines(reply, BACK)
    assert newer.note == "This stands today."
    assert {line.note for line in older} == {"Overturned: It came later."}
    assert {*slugs(older)} == {"strike", "delayed"}
    delayed = lines(reply, "Overturned by the mayor of Alton: 1 fact")[0]
    assert delayed.note == "Since overturned: It came later."
    assert f"{ROW}#back" in delayed.cites


@pytest.mark.parametrize(
    ("topic", "disputed", "overturned"),
    [
        ("strike", ["strike"], ["back"]),
        ("about the Strike", ["strike"], ["back"]),
        ("walkout", ["strike"], ["back"]),
        ("Ada Penn", ["strike", "who-pays"], ["back", "delayed"]),
        ("penn", ["strike", "who-pays"], ["back", "delayed"]),
        ("lamps nobody", ["who-pays", "paid"], ["paid"]),
        ("nobdy lamps", ["who-pays", "paid"], ["paid"]),
    ],
    ids=["a tag", "its spelling", "another word for it", "a name", "a spelling", "words", "misspelt words"],
)
def test_a_topic_leaves_what_one_side_of_is_about_it(
    told: Desk, topic: str, disputed: list[str], overturned: list[str]
) -> None:
    """A tag, a name in any spelling, or words that a fact has."""
    reply = ask(told, f"disputes {topic}")
    found = [section for section in reply.sections if section.title.startswith("Disputed")]
    assert slugs([section.lines[0] for section in found]) == disputed
    others = [section for section in reply.sections if section not in found]
    assert slugs([section.lines[0] for section in others]) == overturned
    assert ask(told, reply.words).sections == reply.sections


@pytest.mark.parametrize("typed", ["2022-03-01", "about 1 march 2022", "5 march"])
def test_a_day_is_no_topic(told: Desk, typed: str) -> None:
    """It is refused with where days are asked for, and not looked for as words."""
    reply = ask(told, f"disputes {typed}")
    assert reply.abstained
    assert "is a date; disputes takes a topic" in text(reply)
    assert reply.actions[1].words.startswith("status 2022-03-")


@pytest.mark.parametrize(
    ("topic", "note"),
    [
        ("walkout", "1 dispute; 2 facts overturned by 1 other."),
        ("penn", "2 disputes, 2 of them between sources; 2 facts overturned by 2 others."),
        ("towns", None),
    ],
)
def test_what_there_is_none_of_is_not_counted(told: Desk, topic: str, note: str | None) -> None:
    """Neither zeros nor a part that is the whole."""
    assert ask(told, f"disputes {topic}").notes == ((note,) if note else ())


def test_of_many_a_few_are_told_and_the_others_over_pages(tmp_path: Path) -> None:
    """By the button as by what is typed; a page of its own for a few is not made."""
    for count, sizes in ((9, [9]), (10, [6, 4]), (16, [6, 6, 4])):
        first, then = "2022-01-05-first", "2022-02-05-then"
        files = {
            f"corpus/{first}.md": source(first, *(fact(f"a-{n}") for n in range(count))),
            f"corpus/{then}.md": source(
                then, *(fact(f"b-{n}", tags=["lamp"], disputes=[f"{first}#a-{n}"]) for n in range(count))
            ),
            f"briefings/{first}.md": briefing(first, f"It was built [@{first}#a-0]."),
        }
        made = desk(tmp_path / str(count), NO_WORDS, files)
        for about in ("", " lamp"):
            reply, seen, found = ask(made, f"disputes{about}"), [], []
            for number in range(1, len(sizes) + 1):
                assert ask(made, f"disputes{about} page {number}").sections == reply.sections
                assert ask(made, reply.words).sections == reply.sections
                seen.append(len(reply.sections))
                found += [section.lines[0].cites[0] for section in reply.sections]
                more = [action for action in reply.actions if action.label == "More"]
                assert len(more) == (number < len(sizes))
                reply = ask(made, more[0].words) if more else reply
            assert (seen, len({*found})) == (sizes, count)
            assert ask(made, f"disputes{about} page 99").sections == reply.sections
        made._store.close()
    assert "Page: a page is a number from 1 on." in text(ask(made, "disputes page x"))


@pytest.mark.parametrize("topic", ["towns", "Cedric", "zebra"])
def test_where_nothing_is_disputed_it_says_so(told: Desk, topic: str) -> None:
    """It abstains, cites nothing, and leads on to all that is disputed."""
    reply = ask(told, f"disputes {topic}")
    assert reply.abstained
    assert reply.cites == ()
    assert "nothing disputed or overturned" in text(reply)
    assert "disputes" in [action.words for action in reply.actions]


def test_the_nearest_topics_are_offered(told: Desk) -> None:
    """A misspelt one leads to what was meant."""
    assert ask(told, "disputes mony").actions[0].words == "disputes money"


def test_a_story_without_contradictions_says_so(tmp_path: Path) -> None:
    """The same for the whole of it, and for one in which nothing is loaded."""
    files = {
        f"corpus/{PLAN}.md": source(PLAN, fact("built")),
        f"briefings/{PLAN}.md": briefing(PLAN, f"It was built [@{PLAN}#built]."),
    }
    calm = desk(tmp_path / "calm", NO_WORDS, files)
    reply = ask(calm, "disputes")
    assert reply.abstained
    assert "Nothing in the corpus disputes" in text(reply)
    empty = Desk(Store(str(tmp_path / "empty.db")), STORY)
    assert all(ask(empty, typed).abstained for typed in ("disputes", "who", "topic"))
    for made in (calm, empty):
        made._store.close()


def test_what_is_retracted_neither_disputes_nor_overturns(tmp_path: Path) -> None:
    """With its source, a relation goes, on whichever side of it that stood."""
    gone = 'retracted: {on: 2022-07-01, because: "It was made up."}\nfacts:'
    for name, left in ((ROW, [PLAN, STRIKE]), (PLAN, [STRIKE, ROW])):
        files = {key: some for key, some in FILES.items() if key.startswith("corpus")}
        files[f"corpus/{name}.md"] = files[f"corpus/{name}.md"].replace("facts:", gone, 1)
        files[f"briefings/{STRIKE}-on.md"] = briefing(
            f"{STRIKE}-on", f"They struck [@{STRIKE}#strike].", as_of="2022-03-05"
        )
        made = desk(tmp_path / name, files=files)
        reply = ask(made, "disputes")
        assert sorted(reply.sources) == left
        made._store.close()


def test_facts_asked_for_one_by_one_give_what_a_walk_through_the_story_gives(told: Desk) -> None:
    """Few facts and many are looked for in two ways, which find the same in the same order."""
    with told._store.reading(STORY.word) as shelf:
        every = list(_walked(shelf, About()))
        assert len(every) == 7
        assert _of(shelf, [*shelf.known_facts()]) == every
        for about in (About("strike"), About("", ("lamps",)), About("money", ("builders", "nobody"))):
            few = [(tie.kind, tie.fact_id, tie.other_id) for tie in ties(shelf, about)]
            assert {tie[:3] for tie in _walked(shelf, about)} == {*few}
            assert few
        assert [tie.apart for tie in ties(shelf)] == [True] * 6 + [False]
        assert len(ties(shelf, limit=2)) == 2
