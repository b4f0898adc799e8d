"""A picture of a timeline, as a value: which lanes, which marks, and the same in words."""

from datetime import date

import pytest

from bot.answer.chart import (
    LEAST_MARKS,
    MOST_ALT,
    MOST_MARKS,
    OTHERS,
    Seen,
    chart,
    headline,
    lane_of,
    parties,
    short_date,
)
from bot.chart import Chart
from bot.config import Story
from bot.curate.files.sync import sync
from bot.desk.desk import Desk
from bot.edtf import parse_edtf
from bot.load.folder import Folder
from bot.model import Fact
from bot.reply import Reply, captioned, in_words, parse_reply, reply_text
from bot.store.store import Store
from tests import ferry
from tests.bots import ROOT

SHIPPED = Story("exomars", "ExoMars and Roscosmos", "corpus", "briefings")
FOLDERS = tuple(
    Folder(name, str(ROOT / name), kind) for name, kind in (("corpus", "source"), ("briefings", "briefing"))
)


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The story that is shipped."""
    store = Store(str(tmp_path_factory.mktemp("exomars") / "x.db"))
    sync(store, SHIPPED, FOLDERS, ferry.NOW)
    return store


@pytest.fixture(name="desk", scope="module")
def _desk(store: Store) -> Desk:
    return Desk(store, SHIPPED)


def ask(desk: Desk, typed: str) -> Reply:
    """Types a line."""
    return desk.answer(typed, "!exomars", ferry.NOW)


def drawn(desk: Desk, typed: str) -> Chart:
    """The picture that a line asks for."""
    picture = ask(desk, typed).picture
    assert picture is not None
    return picture


def fact(slug: str, says: str = "It was so.", when: str = "2020-01-01", **more: object) -> Fact:
    """A fact of a made-up story."""
    given: dict[str, object] = {"speaker": "", "kind": "event", "tags": (), **more}
    return Fact(f"a#{slug}", "a", parse_edtf(when), says, known_on=date(2020, 1, 2), **given)  # type: ignore[arg-type]


def by(speaker: str, *tags: str, count: int = 1) -> list[Fact]:
    """Facts that somebody states."""
    return [
        fact(f"{speaker.lower().replace(' ', '-')}-{n}", speaker=speaker, tags=tags) for n in range(count)
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "timeline chart",
        "timeline --chart",
        "timeline CHART",
        "timeline 2022 chart",
        "timeline esa --chart",
        "timeline known 2022-03-05 chart",
        "timeline chart about talks",
        "timeline from 2022-03 to june 2022 chart",
    ],
)
def test_a_picture_is_asked_for_by_one_word(desk: Desk, typed: str) -> None:
    """It may stand anywhere, also as an option of the shell, beside all else that a timeline takes."""
    assert drawn(desk, typed).lanes


@pytest.mark.parametrize(
    ("typed", "dark"),
    [
        ("timeline chart", None),
        ("timeline chart light", False),
        ("timeline Dark chart", True),
        ("timeline esa chart --dark", True),
        ("timeline light", False),
    ],
)
def test_its_colours_may_be_chosen(desk: Desk, typed: str, dark: bool | None) -> None:
    """Light or dark, by a word anywhere; without one it is for the platform to say."""
    assert drawn(desk, typed).dark is dark


def test_a_picture_has_no_other_colours(desk: Desk) -> None:
    """What is neither is no part of the request, and says so."""
    reply = ask(desk, "timeline chart purple")
    assert reply.picture is None
    assert reply.abstained


def test_without_the_word_there_is_none_but_a_button(desk: Desk) -> None:
    """The timeline in words offers its picture, and the picture the words, each with the same limits."""
    told = ask(desk, "timeline from 2022-03 to 2022-06 about esa known 2022-06-20")
    assert told.picture is None
    words = {action.label: action.words for action in told.actions}["Picture"]
    assert words == "timeline from 2022-03 to 2022-06 about esa known 2022-06-20 chart"
    beside = ask(desk, words)
    assert beside.picture is not None
    back = {action.label: action.words for action in beside.actions}["All in words"]
    assert ask(desk, back).sections == told.sections


def test_the_lanes_of_the_shipped_story_are_its_parties(desk: Desk) -> None:
    """ESA, Roscosmos, NASA and others: found in the story, where nothing names them for it."""
    assert [lane.name for lane in drawn(desk, "timeline chart").lanes] == ["ESA", "Roscosmos", "NASA", OTHERS]
    early = drawn(desk, "timeline known 2022-03-05 chart")
    assert {lane.name for lane in early.lanes} == {"ESA", "Roscosmos", "NASA", OTHERS}
    colours = [
        {lane.name: lane.colour for lane in one.lanes} for one in (drawn(desk, "timeline chart"), early)
    ]
    assert colours[0] == colours[1]
    assert len(set(colours[0].values())) == 4


def test_another_story_has_lanes_of_its_own() -> None:
    """Who speaks and is written about has one; who speaks for them stands in it; the rest is the others'."""
    told = [
        *by("Alton Council", "alton-council", "ship", count=6),
        *by("Ada Penn", "alton-council", "ship", count=3),
        *by("The Yard", "the-yard", count=4),
        *by("A passer-by", "ship"),
    ]
    among = parties(told)
    assert among.names == ("Alton Council", "The Yard")
    assert {one.speaker: lane_of(one, among) for one in told} == {
        "Alton Council": "Alton Council",
        "Ada Penn": "Alton Council",
        "The Yard": "The Yard",
        "A passer-by": OTHERS,
    }
    both = ("alton-council", "the-yard")
    assert lane_of(fact("b", "The Yard told Alton Council.", tags=both), among) == "The Yard"
    assert lane_of(fact("c", "Alton Council told the Yard.", tags=both), among) == "Alton Council"
    assert lane_of(fact("d", "Somebody said so.", tags=("ship",)), among) == OTHERS


def test_a_story_whose_speakers_are_no_tags_has_lanes_of_speakers() -> None:
    """The most frequent ones; and where nobody speaks, all is in one lane."""
    told = [*by("Ada Penn", count=5), *by("Bo Lund", count=3), *by("Cy Ott")]
    among = parties(told)
    assert among.names == ("Ada Penn", "Bo Lund")
    assert lane_of(told[-1], among) == OTHERS
    silent = [fact("x"), fact("y")]
    made = chart("T", date(2020, 1, 2), silent, Seen(parties(silent), (), {}))
    assert [(lane.name, sum(1 + mark.more for mark in lane.marks)) for lane in made.lanes] == [(OTHERS, 2)]


def test_a_plan_that_was_overturned_is_struck_through(desk: Desk) -> None:
    """The launch of 2020 is, what stands is not; and on an early day nothing is that fell only later."""
    marks = {mark.label: mark for lane in drawn(desk, "timeline chart").lanes for mark in lane.marks}
    assert marks["Launch 2020"].plan
    assert marks["Launch 2020"].superseded
    assert not marks["Kourou suspended"].superseded
    early = {m.label: m for lane in drawn(desk, "timeline known 2022-03-05 chart").lanes for m in lane.marks}
    assert early["Rover and lander"].plan
    assert not early["Rover and lander"].superseded
    assert marks["Rover and lander"].superseded


@pytest.mark.parametrize("day", ["2022-02-25", "2022-03-05", "2022-03-24", "2022-06-15"])
def test_a_picture_of_an_early_day_shows_nothing_that_came_later(desk: Desk, store: Store, day: str) -> None:
    """Each fact in it, and each mark's state, was known by then."""
    picture = drawn(desk, f"timeline known {day} chart")
    assert picture.as_of == date.fromisoformat(day)
    with store.reading("exomars") as shelf:
        known = shelf.facts(mark.fact for lane in picture.lanes for mark in lane.marks)
    assert all(one.known_on <= picture.as_of for one in known.values())


def test_a_date_that_is_no_day_is_a_span(desk: Desk) -> None:
    """From the first to the last day that it can mean; a day is no span."""
    marks = {mark.label: mark for lane in drawn(desk, "timeline chart").lanes for mark in lane.marks}
    spanned = marks["Rogozin cease Europe"]
    assert (spanned.first, spanned.last, spanned.exact) == (date(2022, 2, 26), date(2022, 3, 1), False)
    assert marks["Kourou suspended"].exact


def test_it_says_which_of_how_many_it_shows(desk: Desk) -> None:
    """As many marks as a phone can show; every lane has some; none is told that all are there."""
    picture = drawn(desk, "timeline chart")
    assert sum(len(lane.marks) for lane in picture.lanes) == MOST_MARKS
    assert all(len(lane.marks) >= LEAST_MARKS for lane in picture.lanes)
    assert picture.note == f"{MOST_MARKS} of 95 events"
    few = drawn(desk, "timeline 2022-04 2022-05 chart")
    assert few.note.endswith("events")


def test_marks_of_one_lane_and_date_are_one_that_counts_the_others() -> None:
    """The one of which most is made is named; those that were overturned stand apart."""
    told = [fact("one"), fact("two"), fact("three"), fact("four")]
    seen = Seen(parties(told), {"a#four"}, {"a#two": 5})
    (lane,) = chart("T", date(2020, 1, 2), told, seen).lanes
    assert [(mark.label, mark.more, mark.superseded) for mark in lane.marks] == [
        ("Two", 2, False),
        ("Four", 0, True),
    ]


def test_the_alternative_text_tells_the_picture_and_fits(desk: Desk) -> None:
    """Title, day, every lane and the marks in words, within what platforms take, also of a crowded story."""
    alt = drawn(desk, "timeline chart").alt
    assert len(alt) <= MOST_ALT
    for part in ("timeline", "13 July 2022", "ESA (", "Roscosmos (", "NASA (", "overturned since", "planned"):
        assert part in alt
    told = [
        fact(
            f"{'very-' * 20}long-{n}",
            when=f"2020-01-{n + 1:02}",
            speaker="Somebody with a long name",
            tags=("s",),
        )
        for n in range(20)
    ]
    crowded = chart("T" * 300, date(2020, 1, 2), told, Seen(parties(told), (), {}))
    assert len(crowded.alt) <= MOST_ALT


def test_beside_the_picture_stand_words_with_their_sources(desk: Desk) -> None:
    """Every mark is a cited line for a terminal; beside the picture it is how to read that, cited too."""
    reply = ask(desk, "timeline chart")
    assert reply.picture is not None
    marks = [mark.fact for lane in reply.picture.lanes for mark in lane.marks]
    assert [line.cites[0] for section in reply.sections[1:] for line in section.lines] == marks
    assert all(line.refs for section in reply.sections for line in section.lines)
    short = captioned(reply)
    assert [section.title for section in short.sections] == [""]
    assert set(short.sections[0].lines[0].cites) == set(marks)
    assert in_words(reply).sections == reply.sections[1:]
    plain = ask(desk, "timeline")
    assert captioned(plain) == in_words(plain) == plain


def test_a_timeline_without_a_fact_has_no_picture(desk: Desk) -> None:
    """There is nothing to draw; the words say so."""
    reply = ask(desk, "timeline to 1990 chart")
    assert reply.picture is None
    assert reply.abstained


def test_what_is_kept_of_a_reply_is_without_its_picture(desk: Desk) -> None:
    """Digests have none; any other reply comes back with all but that."""
    reply = ask(desk, "timeline chart")
    assert parse_reply(reply_text(reply)) == reply._replace(picture=None)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2022-02-25", "25 Feb 2022"),
        ("2022-03", "Mar 2022"),
        ("2013", "2013"),
        ("2022-02-24/2022-02-25", "24–25 Feb 2022"),
        ("2022-02-26/2022-03-01", "26 Feb – 1 Mar 2022"),
        ("2021-12-30/2022-01-02", "30 Dec 2021 – 2 Jan 2022"),
        ("2022-02/2022-03", "Feb – Mar 2022"),
        ("2022-02/2022-03-04", "Feb – 4 Mar 2022"),
        ("2013/2016", "2013 – 2016"),
        ("2022-02-25/2022-02-25", "25–25 Feb 2022"),
        ("undated", "undated"),
    ],
)
def test_dates_are_short(written: str, told: str) -> None:
    """As short as they can be, with nothing lost."""
    assert short_date(parse_edtf(written)) == told


@pytest.mark.parametrize(
    ("slug", "says", "told"),
    [
        ("kourou-suspended", "Work at Kourou stopped.", "Kourou suspended"),
        ("iss-work-continues", "It was going on with the ISS.", "ISS work continues"),
        ("eu-satellites", "The European Union said so.", "EU satellites"),
        ("in-doubt", "It was in doubt.", "In doubt"),
        ("x", "It was so.", "X"),
    ],
)
def test_a_mark_is_called_what_its_author_called_the_fact(slug: str, says: str, told: str) -> None:
    """Its short name as words, written as the statement writes them."""
    assert headline(fact(slug, says)) == told
