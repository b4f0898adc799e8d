"""What editions say: never twice, nothing missed, nothing uncited, nothing from the future."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import read_config
from bot.curate.files.sync import folders, sync
from bot.digest.content.edition import compose
from bot.digest.content.lay import LEAST_LINES, MOST_LINES
from bot.digest.content.matter import Digest, Nothing, Occasion
from bot.digest.content.told import Told, baseline, index, parse_told, told_text, untold
from bot.model import BACKGROUND, Briefing, Relation, Source
from bot.render.discord import message
from bot.reply import Reply
from bot.store.store import Store
from tests.digest.stories import NOW, STORY, TODAY, Channel, a_briefing, a_fact, a_source, a_store, put
from tests.digest.test_subscription import a_subscription

ROOT = Path(__file__).parents[2]

NEWS = a_subscription(kind="news")
REPLAY = a_subscription(kind="replay")
PLAN, STRIKE, END = "2022-01-05-plan", "2022-03-01-strike", "2022-07-13-end"

PLANNED = a_source(
    PLAN,
    a_fact(PLAN, "agreed", "Two towns agreed on a bridge."),
    a_fact(PLAN, "opens", "The bridge is to open in May.", kind="plan", tags=("open",)),
)
STRUCK = a_source(
    STRIKE,
    a_fact(STRIKE, "strike", "The builders went on strike."),
    a_fact(STRIKE, "delayed", "It will not open in May.", speaker="Ada Penn", kind="statement"),
    relations=(Relation(f"{STRIKE}#delayed", "supersedes", f"{PLAN}#opens", "May was given up."),),
)
ENDED = a_source(
    END,
    a_fact(END, "left", "Alton left."),
    a_fact(END, "blame", "The strike was not to blame.", kind="statement"),
    relations=(Relation(f"{END}#blame", "disputes", f"{STRIKE}#strike", "She sees another cause."),),
)
FIRST = a_briefing(PLAN, f"Two towns want a bridge [@{PLAN}#agreed]. It opens in May [@{PLAN}#opens].")
SECOND = a_briefing(STRIKE, f"Builders went on strike [@{STRIKE}#strike]. May is off [@{STRIKE}#delayed].")


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    yield store
    store.close()


def told(reply: Reply) -> str:
    """All that a reader sees of it."""
    lines = [text for section in reply.sections for line in section.lines for text in (line.text, line.note)]
    return "\n".join([reply.title, *(section.title for section in reply.sections), *lines, *reply.notes])


def titles(made: Digest) -> list[str]:
    """The titles of its sections."""
    return [section.title for section in made.reply.sections]


# ── news ────────────────────────────────────────────────────────────────────────────────


def test_news_tells_what_became_known_since_the_last_edition(store: Store) -> None:
    """An edition has the new briefing's words, the state now and before, and what was overturned."""
    put(store, PLANNED, FIRST)
    channel = Channel(store, NEWS)
    channel.get()
    put(store, STRUCK, SECOND)
    made = channel.get()
    assert made.reply.title == f"The bridge: {SECOND.title}"
    assert titles(made)[:3] == ["Where it stood before", "Where it stands", "What is new"]
    text = told(made.reply)
    for words in (
        FIRST.state,
        SECOND.state,
        "Builders went on strike",
        "Overturns: The bridge is to open in May. May was given up.",
    ):
        assert words in text
    assert "Two towns agreed" not in text
    assert made.quotes == ((SECOND.id, 1), (FIRST.id, 1))


def test_a_corrected_briefing_is_told_once_with_what_it_said_before(store: Store) -> None:
    """A new version says what is said now and what was said, and the next edition does not."""
    put(store, PLANNED, FIRST)
    channel = Channel(store, NEWS)
    channel.get()
    body = FIRST.body.replace("want a bridge", "want two bridges")
    put(store, a_briefing(PLAN, body))
    made = channel.get()
    assert made.reply.title == f"The bridge: corrected: {FIRST.title}"
    assert "Two towns want two bridges." in told(made.reply)
    assert "Before: Two towns want a bridge." in told(made.reply)
    assert made.carries == Told(briefings=frozenset({(PLAN, 2)}))
    assert isinstance(channel.next(), Nothing)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (FIRST._replace(state="Another state."), f"Before: {FIRST.state}"),
        (a_briefing(PLAN, FIRST.body.split(". ")[0] + "."), "No longer said: It opens in May."),
        (a_briefing(PLAN, f"{FIRST.body} More [@{PLAN}#agreed]."), "This was added."),
        (FIRST._replace(title="Another title"), "Only its form or its sources have changed."),
    ],
)
def test_a_correction_says_what_kind_it_is(store: Store, changed: Briefing, words: str) -> None:
    """State, sentences added or taken out, and mere form are told apart."""
    put(store, PLANNED, FIRST)
    channel = Channel(store, NEWS)
    channel.get()
    put(store, changed)
    assert words in told(channel.get().reply)


def test_facts_alone_make_an_edition(store: Store) -> None:
    """Where no briefing is new the headline counts the facts and names the one outlet."""
    put(store, PLANNED)
    assert Channel(store, NEWS).get().reply.title == "The bridge: 2 new facts from The Post"


def test_a_dispute_is_told_as_one(store: Store) -> None:
    """What disputes does not overturn, and is not said to."""
    put(store, PLANNED, STRUCK, FIRST, SECOND)
    channel = Channel(store, NEWS)
    channel.get()
    put(store, ENDED)
    made = channel.get()
    assert made.reply.title == "The bridge: what was reported is disputed"
    assert "What is disputed" in titles(made)
    assert "Disputes: The builders went on strike. She sees another cause." in told(made.reply)


def test_of_many_news_the_most_telling_stand_and_the_rest_is_counted(store: Store) -> None:
    """Seven lines at most: what briefings cite first, events before statements before plans."""
    kinds = ["plan", "statement", "event", "background"]
    facts = [a_fact(PLAN, f"f{number}", kind=kinds[number % 4]) for number in range(20)]
    cited = a_briefing(PLAN, f"It is so [@{PLAN}#f0].")
    put(store, a_source(PLAN, *facts), cited, a_briefing("2022-02-01-later", f"It goes on [@{PLAN}#f4]."))
    made = Channel(store, NEWS).get()
    news = [line for section in made.reply.sections[1:] for line in section.lines]
    assert [line.cites for line in news[:2]] == [(f"{PLAN}#f4",), (f"{PLAN}#f0",)]
    assert [line.cites[0].partition("#")[2] for line in news[2:]] == ["f0", "f10", "f14", "f18", "f2"]
    assert len(news) == MOST_LINES
    assert f"Also new: 14 more facts; see source {PLAN}." in made.reply.notes
    assert f"source {PLAN}" in [action.words for action in made.reply.actions]
    assert len(made.carries.facts) == 20


def test_a_quiet_day_is_silent_or_one_line_a_week(store: Store) -> None:
    """As the subscription says: nothing, with the reason, or a line with the day and how long ago."""
    put(store, ENDED, a_briefing(END, f"Alton left [@{END}#left]."))
    silent = Channel(store, NEWS, Channel(store, NEWS).all_told(), date(2022, 11, 14))
    made = silent.next(7)
    assert isinstance(made, Nothing)
    assert "quiet days are silent" in made.why
    spoken = Channel(store, NEWS._replace(nothing_new="weekly"), silent.told, date(2022, 11, 14))
    early = spoken.next(6)
    assert isinstance(early, Nothing)
    assert "once a week" in early.why
    line = spoken.get(1)
    assert line.reply.title == "The bridge: nothing new since 13 July 2022; 131 days"
    assert [section.lines[0].cites for section in line.reply.sections] == [(f"{END}#left",)]
    assert isinstance(spoken.next(), Nothing)


def test_what_goes_and_comes_back_is_not_told_again(store: Store) -> None:
    """A file that is put back as it was is no news."""
    put(store, PLANNED, FIRST)
    channel = Channel(store, NEWS)
    channel.get()
    put(store, drop=(("briefing", PLAN), ("source", PLAN)))
    assert isinstance(channel.next(), Nothing)
    put(store, PLANNED, FIRST)
    assert isinstance(channel.next(), Nothing)


# ── weekly ──────────────────────────────────────────────────────────────────────────────


def test_a_weekly_digest_runs_from_the_state_at_its_start_to_that_at_its_end(store: Store) -> None:
    """The state before stands first and the state now last; where it is the same, once."""
    put(store, PLANNED, FIRST)
    channel = Channel(store, a_subscription(kind="weekly", days=(0,)))
    assert titles(channel.get(7))[-1] == "At its end"
    put(store, STRUCK, SECOND)
    made = channel.get(7)
    assert made.reply.title == f"The bridge, the week to 3 August 2026: {SECOND.title}"
    assert [titles(made)[0], titles(made)[-1]] == ["At the start of the week", "At the end of the week"]
    put(store, ENDED)
    assert "At its start and at its end" in titles(channel.get(7))


# ── on this day ─────────────────────────────────────────────────────────────────────────


def test_on_this_day_has_what_happened_on_exactly_this_day_in_earlier_years(store: Store) -> None:
    """Neither plans nor less exact dates, nor this year's; each with what overturned it since."""
    one, two = "2016-03-14-a", "2022-03-14-b"
    facts = (a_fact(one, "launch"), a_fact(one, "soon", kind="plan"))
    later = (
        a_fact(two, "said", kind="statement"),
        a_fact(two, "month", date=a_source("2022-03-14-x").published._replace(text="2022-03")._replace(
            first=date(2022, 3, 1), last=date(2022, 3, 31))),
    )  # fmt: skip
    overturns = Relation(f"{two}#said", "supersedes", f"{one}#launch", "It was not so.")
    put(store, a_source(one, *facts), a_source(two, *later, relations=(overturns,)))
    made = Channel(store, a_subscription(kind="onthisday"), day=date(2026, 3, 13)).get()
    assert made.reply.title == "The bridge: 14 March in 2016, 2022"
    assert titles(made) == ["10 years ago, in 2016", "4 years ago, in 2022"]
    assert made.reply.facts == (f"{one}#launch", f"{two}#said")
    assert "Since overturned: It was not so." in told(made.reply)
    assert made.carries == Told()


def test_of_many_on_one_day_seven_stand(store: Store) -> None:
    """Events before statements; the rest is counted."""
    kinds = ["statement", "statement", *["event"] * 7]
    put(store, a_source(PLAN, *(a_fact(PLAN, f"f{number}", kind=kind) for number, kind in enumerate(kinds))))
    made = Channel(store, a_subscription(kind="onthisday"), day=date(2026, 1, 4)).get()
    assert made.reply.facts == tuple(f"{PLAN}#f{number}" for number in range(2, 9))
    assert f"Also on this day: 2 more facts; see source {PLAN}." in made.reply.notes


def test_on_a_day_on_which_nothing_happened_there_is_no_edition(store: Store) -> None:
    """The reason names the day."""
    put(store, PLANNED)
    made = Channel(store, a_subscription(kind="onthisday")).next()
    assert made == Nothing("Nothing of the story happened on a 21 July of an earlier year.")


# ── replay ──────────────────────────────────────────────────────────────────────────────


def test_a_replay_tells_the_story_day_by_day_and_turns_to_news(store: Store) -> None:
    """Each edition is what became known next; the last says that it is, and news follow."""
    put(store, PLANNED, STRUCK, ENDED, FIRST, SECOND)
    channel = Channel(store, REPLAY)
    editions = [channel.get() for _ in range(3)]
    assert [made.reply.as_of for made in editions] == [date(2022, 1, 5), date(2022, 3, 1), date(2022, 7, 13)]
    assert [made.turns for made in editions] == [None, None, "news"]
    assert "news follow here" in told(editions[2].reply)
    assert channel.subscription.kind == "news"
    assert isinstance(channel.next(), Nothing)


def test_a_replay_has_nothing_from_after_its_day(store: Store) -> None:
    """What later overturned a fact, and every later word, is nowhere in the edition of its day."""
    put(store, PLANNED, STRUCK, FIRST, SECOND)
    made = Channel(store, REPLAY).get()
    assert set(made.reply.sources) == {PLAN}
    for words in ("overturned", "Overturns", "May was given up", "strike", "March"):
        assert words not in told(made.reply)


def test_a_replay_begins_where_it_is_asked_to(store: Store) -> None:
    """What was known before its first day counts as told."""
    put(store, PLANNED, STRUCK, FIRST, SECOND)
    asked = REPLAY._replace(start=date(2022, 2, 1))
    with store.reading(STORY) as shelf:
        channel = Channel(store, asked, baseline(index(shelf), asked))
    made = channel.get()
    assert made.reply.as_of == date(2022, 3, 1)
    assert made.turns == "news"


def test_what_is_added_behind_a_replay_comes_as_news_after_it(store: Store) -> None:
    """A source that is added with a day told already, and a correction, are not lost."""
    put(store, PLANNED, STRUCK, FIRST)
    channel = Channel(store, REPLAY)
    channel.get()
    early = a_source("2022-01-04-early", a_fact("2022-01-04-early", "early"))
    put(store, early, FIRST._replace(state="Corrected."))
    assert channel.get().carries.facts == {fact.id for fact in STRUCK.facts}
    made = channel.get()
    assert made.kind == "news"
    assert made.carries == Told(frozenset({"2022-01-04-early#early"}), frozenset({(PLAN, 2)}))


# ── every kind ──────────────────────────────────────────────────────────────────────────


@contextmanager
def fresh() -> Iterator[Store]:
    """An empty store for one example."""
    with tempfile.TemporaryDirectory() as folder:
        store = a_store(Path(folder))
        yield store
        store.close()


DAYS = ("2022-01-05", "2022-01-06", "2022-01-09", "2022-02-28", "2022-03-01")
WORDS = ("one", "two", "three")


@st.composite
def syncs(draw: st.DrawFn) -> list[tuple[Source | Briefing, ...]]:
    """Some syncs: each a few sources with facts, relations to earlier ones, and briefings on them."""
    made: list[tuple[Source | Briefing, ...]] = []
    facts: dict[str, date] = {}
    for _ in range(draw(st.integers(1, 5))):
        items: dict[str, Source | Briefing] = {}
        for day in draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=2)):
            number = len([name for name in facts if name.startswith(day)])
            name = f"{day}-s{number}"
            kinds = draw(
                st.lists(st.sampled_from(["event", "statement", "plan", BACKGROUND]), min_size=1, max_size=9)
            )
            own = [a_fact(name, f"f{place}", kind=kind) for place, kind in enumerate(kinds)]
            older = sorted(fact for fact, known in facts.items() if known <= own[0].known_on)
            others = draw(st.lists(st.sampled_from(older), unique=True, max_size=2)) if older else []
            kind = draw(st.sampled_from(["supersedes", "disputes"]))
            items[name] = a_source(
                name, *own, relations=[Relation(own[0].id, kind, other, "It is so.") for other in others]
            )
            facts |= {fact.id: fact.known_on for fact in own}
        for day in draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=2)):
            known = sorted(fact for fact, since in facts.items() if since <= date.fromisoformat(day))
            if known:
                cited = draw(st.lists(st.sampled_from(known), min_size=1, max_size=4, unique=True))
                word = draw(st.sampled_from(WORDS))
                body = " ".join(f"It is {word} [@{fact}]." for fact in cited)
                phase = draw(st.sampled_from(["phase", BACKGROUND]))
                items[f"b{day}"] = a_briefing(f"{day}-b", body, f"It was {word}.", phase=phase)
        made.append(tuple(items.values()))
    return made


def is_right(made: Digest) -> None:
    """Whether an edition is one: short, whole, cited, numbered, within one message."""
    lines = [line for section in made.reply.sections for line in section.lines]
    assert 1 <= len(lines) <= MOST_LINES + 2
    assert all(section.lines for section in made.reply.sections)
    for line in lines:
        assert line.text
        assert line.cites
        assert line.refs
    assert {reference.source_id for reference in made.reply.references} == set(made.reply.sources)
    assert made.reply.actions
    shown = message(made.reply, STORY).embed
    assert shown
    assert "Page 1" not in str(shown)


@settings(deadline=None, max_examples=60)
@given(syncs(), st.data())
def test_news_never_repeats_and_never_misses(
    changes: list[tuple[Source | Briefing, ...]], data: st.DataObject
) -> None:
    """Over any syncs and editions, what stands has been told, each fact and version by one edition."""
    with fresh() as store:
        channel, editions = Channel(store, NEWS), []
        for items in changes:
            put(store, *items)
            if data.draw(st.booleans()):
                editions.append(channel.next())
        editions.append(channel.next())
        made = [one for one in editions if isinstance(one, Digest)]
        for field in ("facts", "briefings", "relations"):
            each = [name for one in made for name in getattr(one.carries, field)]
            assert len(each) == len(set(each))
            assert set(each) >= getattr(channel.all_told(), field)
        for one in made:
            is_right(one)
            assert one.carries
        assert isinstance(channel.next(), Nothing)


@settings(deadline=None, max_examples=60)
@given(syncs(), st.integers(1, 31))
def test_a_replay_tells_each_exactly_once_in_order(
    changes: list[tuple[Source | Briefing, ...]], pace: int
) -> None:
    """Whatever the story and the pace, all of it is told once, by its days, and nothing before its day."""
    with fresh() as store:
        for items in changes:
            put(store, *items)
        channel, made = Channel(store, REPLAY._replace(pace=pace)), []
        whole = channel.all_told()
        while channel.subscription.kind == "replay" and whole:
            made.append(channel.get())
        with store.reading(STORY) as shelf:
            known = index(shelf)
            for one in made:
                assert one.reply.as_of
                assert (
                    max(shelf.facts(one.reply.facts).values(), key=lambda fact: fact.known_on).known_on
                    <= one.reply.as_of
                )
        for field in ("facts", "briefings", "relations"):
            each = [name for one in made for name in getattr(one.carries, field)]
            assert sorted(each) == sorted(getattr(whole, field))
        days = [{known.facts[fact] for fact in one.carries.facts} for one in made]
        told_days = [day for some in days for day in sorted(some)]
        assert told_days == sorted(set(told_days))
        for one in made:
            is_right(one)
        assert isinstance(channel.next(), Nothing)


@given(
    st.builds(
        Told,
        st.frozensets(st.text()),
        st.frozensets(st.tuples(st.text(), st.integers(1))),
        st.frozensets(st.tuples(st.text(), st.sampled_from(["supersedes", "disputes"]), st.text())),
        st.none() | st.dates(),
    )
)
def test_what_was_told_can_be_kept_as_text(told: Told) -> None:
    """The text of what was told is read back as the same value."""
    assert parse_told(told_text(told)) == told


def test_a_small_edition_is_filled_with_what_is_open(store: Store) -> None:
    """Where there are fewer than three lines, what is open and how it came stand beside them."""
    put(store, PLANNED, STRUCK, FIRST, SECOND)
    channel = Channel(store, NEWS)
    channel.get()
    name = "2022-04-01-lamp"
    put(store, a_source(name, a_fact(name, "lamp")))
    lines = [line for section in channel.get().reply.sections for line in section.lines]
    assert len(lines) >= LEAST_LINES


@pytest.mark.parametrize(("kind", "count"), [("news", 1), ("replay", 5)])
def test_an_edition_of_the_real_story_is_one_message(tmp_path: Path, kind: str, count: int) -> None:
    """Long sentences leave room for fewer lines, so that nobody has to turn a page."""
    config = read_config(str(ROOT / "config.toml"), {"EXOMARS_DB": str(tmp_path / "state.db")})
    store, story = Store(config.database), config.stories[0]
    sync(store, story, folders(config, story), NOW)
    with store.reading(story.word) as shelf:
        told = Told()
        for number in range(1, count + 1):
            occasion = Occasion(a_subscription(kind=kind), story.name, number, TODAY, told, TODAY)
            made = compose(shelf, occasion)
            assert isinstance(made, Digest)
            is_right(made)
            told = told.and_then(made.carries)
        assert not untold(index(shelf), told).names
    store.close()
