"""What was corrected or retracted: how it is told now, and how as of a day before."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.render.terminal import text
from bot.reply import Line, Reply
from bot.store.store import Store
from tests.stories import PLAN, SCENE, STORY, STRIKE, briefing, fact, scene, source

NOW = datetime(2022, 8, 1, 12, tzinfo=UTC)
TOLD = "2022-03-05-strike"

CORRECTED: Mapping[str, str] = {
    **SCENE,
    f"corpus/{PLAN}.md": source(
        PLAN,
        fact(
            "opens-in-may",
            "The bridge is to open in May 2022.",
            date="2022-05",
            kind="plan",
            tags=["opening"],
        ),
        fact("two-towns", "Alton and Berry lie on two banks.", kind="background"),
        fact("who-pays", "Nobody has said who pays for the lamps.", tags=["open"]),
        corrections=[
            {
                "on": "2022-06-10",
                "was": "It gave January as the month of the opening.",
                "facts": [
                    {
                        "id": "opens-in-may",
                        "date": "2022-01",
                        "says": "The bridge is to open in January 2022.",
                    }
                ],
            },
            {
                "on": "2022-06-20",
                "was": "It spoke of one lamp.",
                "facts": [
                    {
                        "id": "who-pays",
                        "date": "2022-01-04",
                        "says": "Who pays for the lamp?",
                        "speaker": "Alton",
                    }
                ],
            },
        ],
    ),
    f"briefings/{TOLD}.md": briefing(
        TOLD,
        f"The builders went on strike, and the opening is put off [@{STRIKE}#strike; @{STRIKE}#delayed].",
        f"Nobody has said who pays [@{PLAN}#who-pays].",
        state="A strike holds up the bridge.",
        corrections=[
            {
                "on": "2022-06-01",
                "was": "It said that the strike was over.",
                "state": "The strike is over.",
                "body": (
                    f"The builders went back [@{STRIKE}#strike; @2022-02-gone#gone].\n\n"
                    f"That was all [@{STRIKE}#strike]."
                ),
            },
            {
                "on": "2022-07-01",
                "was": "It put off the wrong thing.",
                "title": "No more strike",
                "state": "A strike puts off the bridge.",
            },
        ],
    ),
}

RETRACTED: Mapping[str, str] = {
    f"corpus/{PLAN}.md": SCENE[f"corpus/{PLAN}.md"],
    f"briefings/{PLAN}.md": SCENE[f"briefings/{PLAN}.md"],
    f"corpus/{STRIKE}.md": SCENE[f"corpus/{STRIKE}.md"].replace(
        "facts:", 'retracted: {on: 2022-07-01, because: "The Post took it back."}\nfacts:', 1
    ),
    f"briefings/{TOLD}.md": SCENE[f"briefings/{TOLD}.md"].replace(
        "phase:", 'retracted: {on: 2022-07-02, because: "There was no strike."}\nphase:', 1
    ),
}

ONE, OTHER = (
    "on 1 June 2022: It said that the strike was over.",
    "on 1 July 2022: It put off the wrong thing.",
)

Asked = Callable[[str], Reply]


def asked_of(root: Path, files: Mapping[str, str]) -> Iterator[Asked]:
    """What answers about a story of these files."""
    store = Store(str(root / "state.db"))
    synced = scene(root / "story", files).sync(store)
    assert synced
    assert synced.problems == ()
    desk = Desk(store, STORY)
    yield lambda typed: desk.answer(typed, "!bridge", NOW)
    store.close()


@pytest.fixture(name="corrected")
def _corrected(tmp_path: Path) -> Iterator[Asked]:
    yield from asked_of(tmp_path, CORRECTED)


@pytest.fixture(name="retracted")
def _retracted(tmp_path: Path) -> Iterator[Asked]:
    yield from asked_of(tmp_path, RETRACTED)


def lines(reply: Reply, title: str = "") -> list[Line]:
    """The lines of the sections with this title."""
    return [line for section in reply.sections if section.title == title for line in section.lines]


def slugs(reply: Reply) -> list[str]:
    """The facts of a timeline, in order."""
    return [line.cites[0].partition("#")[2] for line in lines(reply)]


# ── corrections ─────────────────────────────────────────────────────────────────────────


def test_a_briefing_tells_each_of_its_corrections_from_then_on(corrected: Asked) -> None:
    """Its text is the present one, and what was wrong in it stands before it."""
    reply = corrected(f"briefing {TOLD}")
    assert [line.text for line in lines(reply)] == [
        "A strike holds up the bridge.",
        "Corrected on 1 June 2022: It said that the strike was over.",
        "Corrected on 1 July 2022: It put off the wrong thing.",
        "The builders went on strike, and the opening is put off.",
        "Nobody has said who pays.",
    ]
    assert reply.title == "How it stands"


def test_a_status_says_that_the_briefing_behind_it_was_corrected(corrected: Asked) -> None:
    """Today's state stands in the present words, with what was wrong in them."""
    first = lines(corrected("status"))[0]
    assert first.text == "A strike holds up the bridge."
    assert first.note == f"Corrected {ONE} Corrected {OTHER}"


@pytest.mark.parametrize(
    ("day", "state", "lead", "note"),
    [
        (
            "2022-05-31",
            "The strike is over.",
            "The builders went back.",
            f"Corrected since, {ONE} Corrected since, {OTHER}",
        ),
        (
            "2022-06-01",
            "A strike puts off the bridge.",
            "The builders went on strike, and the opening is put off.",
            f"Corrected {ONE} Corrected since, {OTHER}",
        ),
        (
            "2022-07-01",
            "A strike holds up the bridge.",
            "The builders went on strike, and the opening is put off.",
            f"Corrected {ONE} Corrected {OTHER}",
        ),
    ],
    ids=["before both", "between them", "after both"],
)
def test_a_status_of_a_day_is_in_the_words_of_that_day(
    corrected: Asked, day: str, state: str, lead: str, note: str
) -> None:
    """Each field as the earliest later correction has it; what came later is told as such."""
    reply = corrected(f"status {day}")
    first = lines(reply)[0]
    assert (first.text, first.note) == (state, note)
    assert lead in [line.text for line in lines(reply, "What led there")]
    ways = [action.words for action in reply.actions if action.words == f"briefing {TOLD}"]
    assert len(ways) == ("since" in note)


def test_words_of_a_day_cite_only_what_can_be_looked_up(corrected: Asked) -> None:
    """A fact that an earlier text cited and that is gone by now is not cited."""
    reply = corrected("status 2022-05-31")
    led = next(line for line in lines(reply, "What led there") if line.text == "The builders went back.")
    assert led.cites == (f"{STRIKE}#strike",)
    assert "2022-02-gone" not in reply.sources


def test_an_earlier_turn_says_what_was_corrected_since(tmp_path: Path) -> None:
    """Where another briefing gives the state, the line that leads there has the note, and only then."""
    later = briefing("2022-03-20-over", f"They work again [@{STRIKE}#strike].", state="They work.")
    for asked in asked_of(tmp_path, {**CORRECTED, "briefings/2022-03-20-over.md": later}):
        then, now = lines(asked("status 2022-05-31")), lines(asked("status"))
        assert (then[0].text, then[0].note) == ("They work.", "")
        led = lines(asked("status 2022-05-31"), "What led there")
        assert [line.note[:15] for line in led] == ["", "Corrected since", ""]
        assert all(not line.note for line in [*now, *lines(asked("status"), "What led there")])


def test_a_source_and_a_fact_tell_what_was_corrected_of_them(corrected: Asked) -> None:
    """The source all of it, a fact only what was wrong with it."""
    may, pays = "Corrected on 10 June 2022: It gave January as the month of the opening.", (
        "Corrected on 20 June 2022: It spoke of one lamp."
    )  # fmt: skip
    assert [line.text for line in lines(corrected(f"source {PLAN}")) if "Corrected" in line.text] == [
        may,
        pays,
    ]
    told = {slug: [line.text for line in lines(corrected(f"fact {PLAN}#{slug}")) if "Corrected" in line.text]
            for slug in ("opens-in-may", "who-pays", "two-towns")}  # fmt: skip
    assert told == {"opens-in-may": [may], "who-pays": [pays], "two-towns": []}


def test_two_corrections_of_one_day_are_told_apart(tmp_path: Path) -> None:
    """Until that day the first gives the words; a fact tells only what was wrong with it."""

    def until(day: str, slug: str, was: str, says: str) -> dict[str, object]:
        return {"on": day, "was": was, "facts": [{"id": slug, "date": "2022-01-05", "says": says}]}

    note = source(
        PLAN,
        fact("opens-in-may", "It is to open in May."),
        fact("two-towns", "There are two towns."),
        fact("who-pays", "Nobody pays."),
        corrections=[
            until("2022-06-10", "opens-in-may", "It said March.", "It is to open in March."),
            until("2022-06-10", "opens-in-may", "It said April.", "It is to open in April."),
            until("2022-06-10", "two-towns", "It said three.", "There are three towns."),
        ],
    )
    for asked in asked_of(tmp_path, {**SCENE, f"corpus/{PLAN}.md": note}):
        said = [line.text for line in lines(asked("timeline known 2022-06-09"))]
        assert {"It is to open in March.", "There are three towns."} <= {*said}
        assert "It is to open in April." not in said
        towns = [line.text for line in lines(asked(f"fact {PLAN}#two-towns")) if "Corrected" in line.text]
        assert towns == ["Corrected on 10 June 2022: It said three."]


def test_a_timeline_as_known_before_a_correction_has_the_words_and_the_date_of_then(corrected: Asked) -> None:
    """The fact stands where it stood, with a note, and a way to what it says now."""
    reply = corrected("timeline known 2022-06-09")
    assert slugs(reply) == ["opens-in-may", "who-pays", "strike", "delayed"]
    first, second = lines(reply)[:2]
    assert (first.text, first.when) == ("The bridge is to open in January 2022.", "in January 2022")
    assert first.note.endswith(
        "It came later. Corrected since, on 10 June 2022: It gave January as the month of the opening."
    )
    assert (second.text, second.when) == ("Alton: Who pays for the lamp?", "4 January 2022")
    assert [action.words for action in reply.actions][:2] == [
        f"fact {PLAN}#opens-in-may",
        f"fact {PLAN}#who-pays",
    ]
    between = corrected("timeline known 2022-06-10")
    assert slugs(between) == ["who-pays", "strike", "delayed", "opens-in-may"]
    assert [bool("since" in line.note) for line in lines(between)] == [True, False, False, False]
    assert slugs(corrected("timeline known 2022-06-20")) == ["who-pays", "strike", "delayed", "opens-in-may"]
    assert slugs(corrected("timeline")) == ["who-pays", "strike", "delayed", "opens-in-may"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("timeline 2022-01 2022-01", ["opens-in-may", "who-pays"]),
        ("timeline 2022-05 2022-05", []),
        ("timeline opening", ["opens-in-may", "delayed"]),
        ("timeline 2022-02 2022-03", ["strike", "delayed"]),
    ],
)
def test_a_stretch_of_time_is_that_of_the_dates_of_then(
    corrected: Asked, typed: str, found: list[str]
) -> None:
    """A fact that was dated otherwise belongs where it was dated, and is counted there."""
    reply = corrected(f"{typed} known 2022-06-09")
    assert ([] if reply.abstained else slugs(reply)) == found
    if found:
        assert reply.notes[-1].startswith(f"{len(found)} dated facts")


def test_what_was_open_on_a_day_is_asked_of_the_dates_of_then(corrected: Asked) -> None:
    """A plan that was dated in January was not to come in February, though it is dated in May by now."""
    was_open = {line.text for line in lines(corrected("status 2022-02-10"), "What was open")}
    assert was_open == {"Alton: Who pays for the lamp?"}
    early = {line.text for line in lines(corrected("status 2022-01-06"), "What was open")}
    assert early == {"Alton: Who pays for the lamp?", "The bridge is to open in January 2022."}


# ── retractions ─────────────────────────────────────────────────────────────────────────


def test_what_is_retracted_is_nowhere_but_in_its_place(retracted: Asked) -> None:
    """It leaves status, timeline, search and counts, and no longer overturns anything."""
    reply = retracted("status")
    assert lines(reply)[0].text == "A bridge is planned."
    assert "1 source and 1 briefing" in text(reply)
    assert slugs(retracted("timeline")) == ["who-pays", "opens-in-may"]
    assert not [line for line in lines(retracted("timeline")) if line.note]
    assert retracted("search strike").abstained
    assert retracted("search strke").abstained
    assert "1 source, 3 facts, 1 briefing" in text(retracted("about"))
    assert retracted("briefing").title == retracted(f"briefing {PLAN}").title
    assert [action.words for action in retracted("briefings").actions] == ["status 2022-01-05"]
    assert not lines(retracted(f"fact {PLAN}#who-pays"), "Disputed by")


def test_a_stub_stays_with_the_reason(retracted: Asked) -> None:
    """In lists in its place, and by its id alone: when and why, and not a word of what it said."""
    briefings, sources = retracted("briefings"), retracted("sources")
    no_strike, no_source = (
        "Retracted on 2 July 2022: There was no strike.",
        "Retracted on 1 July 2022: The Post took it back.",
    )
    assert [(line.label, line.text) for line in lines(briefings)][1] == (TOLD, no_strike)
    assert [(line.label, line.text) for line in lines(sources)][1] == (STRIKE, no_source)
    assert "2 briefings, 1 of them retracted" in text(briefings)
    assert "2 sources, 1 of them retracted" in text(sources)
    for typed, told in (
        (f"briefing {TOLD}", no_strike),
        (f"source {STRIKE}", no_source),
        (f"fact {STRIKE}#delayed", no_source),
        ("fact delayed", no_source),
    ):
        reply = retracted(typed)
        assert [line.text for line in lines(reply)] == [told]
        assert reply.facts == ()
        assert "holds up" not in text(reply)
        assert "put off" not in text(reply)


def test_as_of_a_day_before_it_is_told_and_said_to_be_retracted_since(retracted: Asked) -> None:
    """Status and timeline of then have it, with when and why it was retracted."""
    first = lines(retracted("status 2022-06-30"))[0]
    assert (first.text, first.note) == (
        "A strike holds up the bridge.",
        "Retracted since, on 2 July 2022: There was no strike.",
    )
    shown = retracted("timeline known 2022-06-30")
    assert slugs(shown) == ["who-pays", "strike", "delayed", "opens-in-may"]
    notes = {line.cites[0].partition("#")[2]: line.note for line in lines(shown)}
    since = "Retracted since, on 1 July 2022: The Post took it back."
    assert notes["strike"] == notes["delayed"] == since
    assert notes["opens-in-may"] == "Since overturned: It came later."
    assert all(line.refs for line in lines(shown))
    assert "2 sources" in text(retracted("status 2022-06-30"))


def test_from_its_day_on_it_is_told_no_more(retracted: Asked) -> None:
    """As of the day of the retraction and later, it does not count."""
    assert slugs(retracted("timeline known 2022-07-01")) == ["who-pays", "opens-in-may"]
    assert lines(retracted("status 2022-07-01"))[0].text == "A strike holds up the bridge."
    assert lines(retracted("status 2022-07-02"))[0].text == "A bridge is planned."


def test_a_way_to_what_was_retracted_since_leads_to_the_stub(retracted: Asked) -> None:
    """What an answer offers next is always answered."""
    for typed in ("status 2022-06-30", "timeline known 2022-06-30", "briefings", f"briefing {TOLD}"):
        for action in retracted(typed).actions:
            # What is reported is typed or filled in first.
            reported = action.words.startswith("report ")
            assert retracted(action.words).private is reported, action.words


def test_it_completes_nothing_but_what_restores_it(tmp_path: Path) -> None:
    """Readers are not offered what is retracted, its facts or its tags; editors are."""
    store = Store(str(tmp_path / "state.db"))
    scene(tmp_path / "story", RETRACTED).sync(store)
    desk = Desk(store, STORY)
    offered = {
        (command.name, param.name): {value for _, value in desk.complete(command, param, "", NOW.date())}
        for command in COMMANDS
        for param in command.params
    }
    assert offered["briefing", "id"] == {PLAN}
    assert offered["source", "id"] == {PLAN}
    assert not [value for value in offered["fact", "id"] if value.startswith(STRIKE)]
    assert "strike" not in offered["timeline", "tag"]
    assert {PLAN, STRIKE, TOLD} <= offered["restore", "id"]
    store.close()


def test_where_all_is_retracted_the_stubs_are_still_told(tmp_path: Path) -> None:
    """A story of which nothing is left says so, and still what became of it."""
    gone = 'retracted: {on: 2022-07-03, because: "It was all made up."}\n'
    files = {
        name: text if "retracted:" in text else text.replace("id: ", f"{gone}id: ", 1)
        for name, text in RETRACTED.items()
    }
    for asked in asked_of(tmp_path, files):
        assert asked("status").abstained
        assert asked("timeline").abstained
        assert asked("briefing").abstained
        assert "It was all made up." in text(asked("briefings"))
        assert "It was all made up." in text(asked(f"briefing {PLAN}"))
        assert "It was all made up." in text(asked("sources"))
        assert lines(asked("status 2022-06-30"))[0].text == "A strike holds up the bridge."
