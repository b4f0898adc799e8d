"""`since`: what became known after a day, and what has come since somebody last looked."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer.lines import next_after
from bot.answer.since import shared
from bot.command.asker import Asker, Place
from bot.desk.desk import Desk
from bot.render.terminal import text
from bot.reply import Line, Reply
from bot.store.store import Store
from tests.servers import HERE, HERES, own
from tests.stories import NOW, PLAN, SCENE, STORY, STRIKE, StoryFolder, briefing, fact, scene, source

TOLD = "2022-03-05-strike"
OPENED = "2022-08-02-opened"
MORE = {
    f"corpus/{OPENED}.md": source(
        OPENED,
        fact("opened", "The bridge opened.", date="2022-08-02", supersedes=[f"{STRIKE}#delayed"]),
        fact("ribbon", "The ribbon was red.", date="2022-08-02"),
        fact("sunk", "In 1950 a barge sank there.", date="1950", supersedes=[f"{PLAN}#two-towns"]),
    ),
    f"briefings/{OPENED}.md": briefing(
        OPENED,
        f"It opened on 2 August [@{OPENED}#opened; @{OPENED}#ribbon].",
        state="The bridge is open.",
        phase="open",
    ),
}


def taken_back(on: str) -> dict[str, str]:
    """The strike, and the briefing on it, as they are written after they were retracted."""
    front = f'retracted: {{on: {on}, because: "The Post took it back."}}\n'
    return {
        f"corpus/{STRIKE}.md": SCENE[f"corpus/{STRIKE}.md"].replace("facts:", f"{front}facts:", 1),
        f"briefings/{TOLD}.md": SCENE[f"briefings/{TOLD}.md"].replace("phase:", f"{front}phase:", 1),
    }


class Talk:
    """A desk, the files of its story, and a clock."""

    def __init__(self, root: Path) -> None:
        self.store = Store(str(root / "state.db"))
        self.folder: StoryFolder = scene(root / "story")
        self.now = NOW
        self.desk = Desk(self.store, STORY)
        self.comes({})

    def comes(self, files: dict[str, str]) -> None:
        """Files are written and taken over."""
        for name, written in files.items():
            self.folder.write(name, written)
        self.now += timedelta(minutes=1)
        synced = self.folder.sync(self.store, self.now)
        assert synced
        assert synced.problems == ()

    def asks(self, typed: str, who: Asker | None = None) -> Reply:
        """The reply to a line, a minute later."""
        self.now += timedelta(minutes=1)
        return self.desk.answer(typed, "!bridge", self.now, who or somebody())


@pytest.fixture(name="talk")
def _talk(tmp_path: Path) -> Iterator[Talk]:
    made = Talk(tmp_path)
    yield made
    made.store.close()


def somebody(user: str = "400", place: str = "11", server: str = "1", kind: str = "text") -> Asker:
    """A person in a channel."""
    return Asker("discord", server, user, Place("discord", server, place, "#news", kind))  # type: ignore[arg-type]


def titles(reply: Reply) -> list[str]:
    """What stands above its sections."""
    return [section.title for section in reply.sections]


def lines(reply: Reply, title: str) -> tuple[Line, ...]:
    """The lines of the section whose title begins so."""
    (found,) = (section.lines for section in reply.sections if section.title.startswith(title))
    return found


def words(reply: Reply) -> list[str]:
    """What its buttons ask."""
    return [action.words for action in reply.actions]


def test_the_state_now_and_then_comes_first_then_what_became_known(talk: Talk) -> None:
    """Each with what it rests on; a fact that overturned something says what."""
    reply = talk.asks("since 2022-01-05")
    assert titles(reply) == [
        "How it stands now",
        "How it stood on 5 January 2022",
        "Known from 5 March 2022",
    ]
    assert lines(reply, "How it stands now")[0].text == "A strike holds up the bridge."
    assert lines(reply, "How it stood")[0].text == "A bridge is planned."
    first, second = lines(reply, "Known")
    assert first.cites == (f"{STRIKE}#delayed", f"{PLAN}#opens-in-may")
    assert first.note == "It overturned: It came later."
    assert second.cites == (f"{STRIKE}#strike",)
    assert all(line.refs for section in reply.sections for line in section.lines)
    assert (reply.as_of, reply.abstained) == (date(2022, 3, 5), False)


def test_the_turns_in_between_and_what_has_been_overturned_since(talk: Talk) -> None:
    """The first sentence of each briefing between the state then and the one now; days oldest first."""
    talk.comes(MORE)
    reply = talk.asks("since 2022-01-05")
    assert [line.text for line in lines(reply, "The turns since")] == [
        "The builders went on strike, and the opening is put off."
    ]
    assert titles(reply)[-2:] == ["Known from 5 March 2022", "Known from 2 August 2022"]
    assert "Since overturned: It came later." in lines(reply, "Known from 5 March")[0].note
    # What overturns comes first, but for what lay long in the past when it became known.
    told = [line.cites[0].partition("#")[2] for line in lines(reply, "Known from 2 August")]
    assert told == ["opened", "ribbon", "sunk"]


def test_of_many_facts_the_more_telling_are_told_and_all_are_counted(talk: Talk) -> None:
    """What a briefing cites, then events, then background; the rest stands in the timeline."""
    name = "2022-08-03-crowd"
    many = [fact(f"b-{n}", f"Lamp {n} is lit.", kind="background") for n in range(30)]
    many += [fact(f"e-{n}", f"Guest {n} came.") for n in range(10)] + [fact("cited", "The mayor spoke.")]
    talk.comes({f"corpus/{name}.md": source(name, *many)})
    talk.comes({f"briefings/{name}.md": briefing(name, f"The mayor spoke [@{name}#cited].")})
    reply = talk.asks("since 2022-03-05")
    told = lines(reply, "Known from 3 August 2022, 12 of 41 facts")
    slugs = [line.cites[0].partition("#")[2] for line in told]
    assert slugs[0] == "cited"
    assert {*slugs[1:11]} == {f"e-{n}" for n in range(10)}
    assert "41 facts became known" in reply.notes[0]
    assert "timeline from 2022-03-05" in words(reply)
    assert f"source {name}" in words(reply)


def test_a_few_more_than_usual_are_told_as_well(talk: Talk) -> None:
    """To leave out three would save nothing; neither is there a way to more then."""
    name = "2022-08-03-crowd"
    talk.comes({f"corpus/{name}.md": source(name, *(fact(f"e-{n}", f"Guest {n} came.") for n in range(15)))})
    reply = talk.asks("since 2022-03-05")
    assert len(lines(reply, "Known from 3 August 2022")) == 15
    assert titles(reply)[-1] == "Known from 3 August 2022"
    assert f"source {name}" not in words(reply)


@pytest.mark.parametrize(
    ("counts", "most", "shares"),
    [
        ((5, 5), 12, (5, 5)), ((15, 16), 12, (6, 6)), ((1, 30, 2), 12, (1, 9, 2)), ((9, 9), 5, (2, 3)),
        ((), 12, ()),
    ],
)  # fmt: skip
def test_lines_are_shared_out_among_days(counts: tuple[int, ...], most: int, shares: tuple[int, ...]) -> None:
    """Evenly, what one does not need to the others, and what is over to the newest."""
    days = [date(2022, 1, number + 1) for number in range(len(counts))]
    assert shared(dict(zip(days, counts, strict=True)), most) == dict(zip(days, shares, strict=True))


@pytest.mark.parametrize(
    ("typed", "title", "told"),
    [
        ("since 2022-03-04", "since 4 March 2022", True),
        ("since 2022-03-05", "nothing new since 5 March 2022", False),
        ("since march 2022", "from 1 March 2022 on", True),
        ("since 5 march", "nothing new since 5 March 2022", False),
        ("since yesterday", "nothing new since 31 July 2022", False),
    ],
)
def test_a_day_is_left_out_itself_and_a_longer_time_is_not(
    talk: Talk, typed: str, title: str, told: bool
) -> None:
    """Since the fifth is after the fifth; since March is from its first day on."""
    reply = talk.asks(typed)
    assert reply.title == f"The bridge: {title}"
    assert any(one.startswith("Known") for one in titles(reply)) is told
    assert not reply.abstained


def test_nothing_new_says_how_old_the_newest_is(talk: Talk) -> None:
    """And leads to it."""
    reply = talk.asks("since 2022-03-05")
    assert "from 5 March 2022, 4 months ago" in text(reply)
    assert "since 2022-01-05" in words(reply)
    assert "still to come" not in text(reply)


def test_a_day_that_is_still_to_come_and_one_before_all(talk: Talk) -> None:
    """The one is said to be; before the other nothing was known."""
    assert "That day is still to come." in talk.asks("since 2023-01-01").notes
    first = talk.asks("since 0001-01-01")
    assert "Nothing was known yet" in lines(first, "How it stood")[0].text
    assert titles(first)[-2:] == ["Known from 5 January 2022", "Known from 5 March 2022"]
    assert talk.asks("since 0001").sections


def test_where_nothing_is_loaded_it_says_so(tmp_path: Path) -> None:
    """And remembers no look."""
    store = Store(str(tmp_path / "state.db"))
    desk = Desk(store, STORY)
    assert desk.answer("since", "!bridge", NOW, somebody()).abstained
    with store.reading("bridge") as shelf:
        assert shelf.connection.execute("SELECT count(*) FROM looked").fetchone() == (0,)
    store.close()


# ── without a day ───────────────────────────────────────────────────────────────────────


def test_the_first_time_it_is_what_the_newest_source_brought(talk: Talk) -> None:
    """And says that they have not looked here before; its words ask the same again."""
    reply = talk.asks("since")
    assert reply.title == "The bridge: since 5 January 2022"
    assert "not looked here before" in reply.notes[0]
    assert talk.asks(reply.words).sections == reply.sections


def test_then_it_is_what_has_come_since_whatever_day_that_is_of(talk: Talk) -> None:
    """Also where it was published long before: new is what was not there when they looked."""
    talk.asks("since")
    assert "Nothing new since you last looked" in text(talk.asks("since"))
    late = "2022-02-01-late"
    talk.comes({f"corpus/{late}.md": source(late, fact("late", "A pillar leant."))})
    talk.now += timedelta(days=2)
    reply = talk.asks("since")
    assert "A pillar leant." in text(reply)
    assert reply.words == "since added 2022-08-01"
    assert "You last looked here on 1 August 2022." in reply.notes
    assert "nothing new" in talk.asks("since").title


def test_pages_of_it_are_turned_after_it_was_remembered(talk: Talk) -> None:
    """The words of the answer name the day from which it was added."""
    talk.now = datetime(2022, 9, 1, 12, tzinfo=UTC)
    talk.asks("since")
    talk.comes(MORE)
    reply = talk.asks("since")
    assert (reply.title, reply.words) == (
        "The bridge: added since 1 September 2022",
        "since added 2022-09-01",
    )
    assert [line.text for line in lines(reply, "How it stood before that")] == [
        "A strike holds up the bridge."
    ]
    assert titles(reply)[-1] == "Known from 2 August 2022"
    assert talk.asks(reply.words).sections == reply.sections


def test_what_was_mended_since_they_looked_is_told_once(talk: Talk) -> None:
    """A source that was taken back on the day on which they looked, but later."""
    talk.asks("since")
    talk.comes(taken_back("2022-08-01"))
    reply = talk.asks("since")
    assert {line.label for line in lines(reply, "Mended since")} == {STRIKE, TOLD}
    assert "Retracted on 1 August 2022: The Post took it back." in text(reply)
    assert "strike" not in lines(reply, "How it stands")[0].text
    assert f"source {STRIKE}" in words(reply)
    assert reply.words == "since added 2022-08-01"
    assert "nothing new" in talk.asks("since").title


def test_what_comes_mended_already_is_not_mended_since(talk: Talk) -> None:
    """A note that tells of a correction when it is first read: nobody here was told otherwise."""
    talk.asks("since")
    told = {"id": "lamp", "date": "2022-07-20", "says": "No lamp is lit."}
    slip = {"on": "2022-08-01", "was": "It had no lamp.", "facts": [told]}
    name = "2022-07-20-lamp"
    talk.comes({f"corpus/{name}.md": source(name, fact("lamp", "One lamp is lit."), corrections=[slip])})
    reply = talk.asks("since")
    assert "One lamp is lit." in text(reply)
    assert "Mended since" not in titles(reply)


def test_what_was_under_way_while_they_looked_is_new(talk: Talk) -> None:
    """What is loaded has the moment at which that began; new is all that could not be seen yet."""
    talk.now = datetime(2022, 9, 2, 0, 0, 30, tzinfo=UTC)
    talk.asks("since")
    talk.now = datetime(2022, 9, 1, 23, 58, tzinfo=UTC)
    talk.comes(MORE)
    talk.now = datetime(2022, 9, 2, 0, 30, tzinfo=UTC)
    reply = talk.asks("since")
    assert "The bridge opened." in text(reply)
    assert reply.words == "since added 2022-09-01"
    assert talk.asks(reply.words).sections == reply.sections
    assert "nothing new" in talk.asks("since").title


def test_a_fact_that_was_added_to_a_source_of_before_is_new(talk: Talk) -> None:
    """It alone; a fact that is only reworded is none."""
    talk.now = datetime(2022, 9, 1, 12, tzinfo=UTC)
    talk.asks("since")
    name = f"corpus/{STRIKE}.md"
    more = SCENE[name].replace("facts:\n", "facts:\n" + fact("rain", "It rained.", date="2022-03-01"), 1)
    talk.comes({name: more})
    late = talk.asks("since")
    assert [line.cites for line in lines(late, "Known from")] == [(f"{STRIKE}#rain",)]
    assert "1 fact became known" in late.notes[1]
    assert late.words == "since added 2022-09-01"
    assert talk.asks(late.words).sections == late.sections
    whole = text(talk.asks("since added 2022-08-01"))  # when the source was added as well
    assert "It rained." in whole
    assert "6 facts became known" in whole
    assert "nothing new" in talk.asks("since").title
    talk.comes({name: more.replace("It rained.", "It poured.")})
    assert "It poured." not in text(talk.asks("since"))


def test_nobody_waits_for_what_is_remembered(talk: Talk) -> None:
    """They are answered while the writer is busy; and what they ask next knows of it."""
    busy, go_on = threading.Event(), threading.Event()

    def long_write(_: object) -> None:
        busy.set()
        go_on.wait(20)

    written = talk.store.write_soon(long_write)
    assert busy.wait(20)
    assert "not looked here before" in talk.asks("since").notes[0]
    assert not written.done()
    go_on.set()
    talk.store.write(lambda _: None)
    assert "You last looked here" in talk.asks("since").notes[0]


def test_a_look_is_of_one_person_in_one_place(talk: Talk) -> None:
    """Another person, another channel and direct messages are other looks; a day of one's own is none."""
    talk.asks("since 2022-01-05")
    talk.asks("since added 2022-01-05")
    alone = somebody(place="77", server="", kind="direct")
    for who in (somebody(), somebody("500"), somebody(place="12"), alone):
        assert "not looked here before" in talk.asks("since", who).notes[0]
    talk.store.write(lambda _: None)  # by then all of it is written
    with talk.store.reading("bridge") as shelf:
        rows = shelf.connection.execute("SELECT user, place FROM looked ORDER BY user, place").fetchall()
    assert rows == [("400", ""), ("400", "11"), ("400", "12"), ("500", "11")]


# ── what is not to be seen ──────────────────────────────────────────────────────────────


def test_what_is_of_another_server_is_never_new(talk: Talk) -> None:
    """Neither told nor counted, nor a reason to say that there is something."""
    here, there = somebody(), somebody(server="2")
    for who in (here, there):
        talk.asks("since", who)
    talk.comes(dict(own(HERE, HERES)))
    mine = text(talk.asks("since", here))
    assert f"The {HERES} asks for three coins" in mine
    assert f"A {HERES} stands in the way." in mine
    assert "nothing new" in talk.asks("since", there).title
    for typed in ("since added 2022-01-01", "since 2022-01-05", "since 2021"):
        assert HERES in text(talk.asks(typed, here))
        assert HERES not in text(talk.asks(typed, there))


def test_what_is_retracted_is_not_news(talk: Talk) -> None:
    """It is told to be retracted, and no more."""
    talk.comes(taken_back("2022-07-01"))
    # Who knew nothing of it by then has nothing to be told of it.
    assert talk.asks("since 2022-01-05").title == "The bridge: nothing new since 5 January 2022"
    reply = talk.asks("since 2022-03-05")
    assert titles(reply) == ["How it stands now", "How it stood on 5 March 2022", "Mended since"]
    assert lines(reply, "How it stood")[0].note == "Retracted since, on 1 July 2022: The Post took it back."


# ── the way to it ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("status 2022-01-05", True),
        ("status 2021-01-05", True),
        ("status 2022-03-05", False),
        ("status", False),
        ("timeline known 2022-01-05", True),
        ("timeline known 2022-01-05 chart", True),
        ("timeline known 2021-01-05", True),
        ("timeline known 2022-03-05", False),
        ("timeline", False),
        (f"briefing {PLAN}", True),
        (f"briefing {TOLD}", False),
        ("compare 2021-01-01 2022-01-05", True),
        ("compare 2021-01-01 2022-03-05", False),
    ],
)
def test_what_happened_next_stands_under_answers_as_of_a_day(talk: Talk, typed: str, there: bool) -> None:
    """Only where something became known after it, and among the first, so that it is never cut off."""
    reply = talk.asks(typed)
    found = [one for one in reply.actions[:4] if one.label == "What happened next"]
    assert len(found) == there
    for action in found:
        assert not talk.asks(action.words).title.startswith("The bridge: nothing")


def test_the_way_is_there_where_anything_came_after() -> None:
    """A day of its own, and nothing at all."""
    day = date(2022, 3, 5)
    assert next_after(None, day) == next_after(day, None) == next_after(day, day) == ()
    assert next_after(day, date(2022, 3, 6))[0].words == "since 2022-03-05"
