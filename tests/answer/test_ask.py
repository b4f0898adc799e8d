"""`ask`: a question in a reader's own words, answered by facts or declined."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.command.asker import Asker, Place
from bot.desk.desk import Desk
from bot.edge.parts import Parts
from bot.render.terminal import text
from bot.reply import Line, Reply, reply_text
from bot.store.store import Store
from bot.store.vocabulary import keep_vocabulary
from tests.another import FOLDER, WORD, both_stories
from tests.answer import mill
from tests.answer.mill import NEXT
from tests.stories import STORY, StoryFolder, scene

SHIPPED = "exomars"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEAREST = "Nearest to it, though no answer"
OFF = "That is not about this story, as far as its sources go."
DECLINES = (
    "The corpus does not say.",
    "No source says that ",
    OFF,
    "Nothing was known yet on ",
    "The corpus has no ",
)


@pytest.fixture(name="parts", scope="module")
def _parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with both_stories(tmp_path_factory.mktemp("two")) as parts:
        yield parts


class Mill(NamedTuple):
    """The desk of the mill, its files and its database."""

    desk: Desk
    folder: StoryFolder
    store: Store

    def asks(self, question: str, who: Asker | None = None, now: datetime = mill.NOW) -> Reply:
        """The answer to a question; of somebody who has asked nothing before, unless it is told who."""
        return self.desk.answer(f"ask {question}", "!bridge", now, who or stranger())


@pytest.fixture(name="story", scope="module")
def _story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mill]:
    made = a_mill(tmp_path_factory.mktemp("mill"))
    yield made
    made.store.close()


def a_mill(root: Path) -> Mill:
    """The story of the mill in a database of its own."""
    folder, store = scene(root / "story", mill.FILES), Store(str(root / "state.db"))
    synced = folder.sync(store)
    assert synced
    assert synced.problems == ()
    store.write(lambda db: keep_vocabulary(db.conn, STORY.word, mill.WORDS))
    return Mill(Desk(store, STORY), folder, store)


def person(user: str, place: str = "11", kind: str = "text", platform: str = "discord") -> Asker:
    """Somebody in a channel of a server, or in direct messages."""
    server = "" if kind == "direct" else "1"
    return Asker(platform, server, user, Place(platform, server, place, "#talk", kind))  # type: ignore[arg-type]


_STRANGERS = iter(range(1_000_000))


def stranger() -> Asker:
    """Somebody who has asked nothing before."""
    return person(f"stranger-{next(_STRANGERS)}")


def asked(parts: Parts, words: str, word: str = SHIPPED) -> Reply:
    """What a story answers to a stranger."""
    return parts.desk(word).answer(words, f"!{word}", NOW, stranger())


def lines(reply: Reply) -> list[Line]:
    """All that it says, but for the notes."""
    return [line for section in reply.sections for line in section.lines]


def slugs(reply: Reply) -> list[str]:
    """The facts that its lines tell, in order, once each."""
    return list(dict.fromkeys(one.partition("#")[2] for line in lines(reply) for one in line.cites[:1]))


# ── anything may be asked ───────────────────────────────────────────────────────────────

_ODD = (
    """
    *bold* <@1> @everyone `x` [a](http://b.example) ||s|| 🚀 👩‍🚀 \u202eabc \x07 é ÅÅÅ % _ ( ) * ^ :: " ' “ ?
    the of and is it 42 3.14 -1 2022 31.02.2022 NEAR OR NOT fact_fts as of before after between or first until
    """
    f"x'y'z since when who why yes no not who's o’clock how long {'a' * 120}"
).split()
_STARTS = ("who", "what", "when", "where", "why", "how many", "how long", "did", "was", "what changed", "")


def _questions(folder: Path, count: int) -> Iterator[str]:
    """Questions of words of a story, of usual ones and of odd ones; the same ones each time."""
    rng = random.Random(20220712)  # noqa: S311  (nothing here is secret)
    files = sorted((folder / "corpus").iterdir())
    words = [word for path in files for word in re.findall(r"[^\W_]+", path.read_text("utf-8"))]
    for number in range(count):
        begin = rng.randrange(len(words))
        some = words[begin : begin + rng.randint(0, 6)]  # of a sentence, or of what stands in front
        some += [rng.choice(_ODD) for _ in range(rng.choice((0, 0, 0, 1, 4)))]
        rng.shuffle(some)
        day = f" as of {rng.choice(('2022-03-01', '1 april 2021', '2020', '2030-01-01'))}" * (number % 5 == 0)
        yield f"{rng.choice(_STARTS)} {' '.join(some)}{day}{'?' * rng.randint(0, 2)}"[:490]


@pytest.mark.parametrize(
    ("word", "folder"), [(SHIPPED, FOLDER.parents[2]), (WORD, FOLDER)], ids=[SHIPPED, WORD]
)
def test_whatever_is_asked_is_answered_or_declined(parts: Parts, word: str, folder: Path) -> None:
    """Always the same, always cited, declined just where it says so; the nearest are few and marked."""
    outcomes = {True: 0, False: 0}
    for question in _questions(folder, 150):
        reply = asked(parts, f"ask {question}", word)
        if reply.private:  # nothing was asked
            assert not question.strip("? '\"“"), question
            continue
        assert reply_text(asked(parts, f"ask {question}", word)) == reply_text(reply), question
        told = lines(reply)
        assert told, question
        assert reply.abstained == told[0].text.startswith(DECLINES), question
        outcomes[reply.abstained] += 1
        if reply.abstained:
            assert not told[0].cites, question
            assert [section.title for section in reply.sections[1:]] in ([], [NEAREST]), question
            assert len(told) <= 1 + 3, question
        assert all(line.cites for line in (told[1:] if reply.abstained else told)), question
    assert min(outcomes.values()) > 10


@pytest.mark.parametrize("question", ["?", "", "??"])
def test_who_asks_nothing_is_told_how_to(parts: Parts, question: str) -> None:
    """It is no question, and nothing is remembered of it."""
    reply = asked(parts, f"ask {question}")
    assert reply.private
    assert "QUESTION" in text(reply)


def test_a_question_may_be_as_long_as_a_line(parts: Parts) -> None:
    """A slash command lets more through; that is not read, and not remembered whole."""
    command = next(one for one in parts.desk(SHIPPED).commands if one.name == "ask")
    who = person("talks-much")
    reply = parts.desk(SHIPPED).answer_values(command, {"question": "when " * 1200}, "!exomars", NOW, who)
    assert "500 are read at most" in text(reply)
    parts.store.write(lambda _: None)  # by then it is written
    with parts.store.reading(SHIPPED) as shelf:
        kept = shelf.connection.execute(
            "SELECT length(question) FROM asked WHERE user = 'talks-much'"
        ).fetchone()
    assert kept is None or kept[0] <= 500


@pytest.mark.parametrize("question", ["how do I bake bread?", "who won the 1998 chess final?", "asdf qwerty"])
def test_what_is_about_something_else_is_declined_in_one_line(parts: Parts, question: str) -> None:
    """Without a fact of the story, which would look like an answer."""
    reply = asked(parts, f"ask {question}")
    assert [line.text for line in lines(reply)] == [OFF]
    assert (reply.abstained, reply.facts, reply.references) == (True, (), ())


def test_what_nothing_answers_names_the_nearest(story: Mill) -> None:
    """Marked, with their days and their sources."""
    reply = story.asks("what did Ada Moss eat?")
    assert lines(reply)[0].text == "The corpus does not say."
    assert reply.sections[1].title == NEAREST
    assert 1 <= len(reply.sections[1].lines) <= 3
    assert all(line.cites and line.refs for line in reply.sections[1].lines)
    assert reply.abstained


def test_an_empty_story_has_no_answer(tmp_path: Path) -> None:
    """And remembers nothing that could go on."""
    store = Store(str(tmp_path / "state.db"))
    reply = Desk(store, STORY).answer("ask who left?", "!bridge", NOW, stranger())
    assert reply.abstained
    assert "no source has been loaded" in text(reply)
    store.close()


def test_what_was_misspelt_is_read_and_said(story: Mill) -> None:
    """By the words of the story."""
    reply = story.asks("did a flod damage the mill?")
    assert reply.abstained or "flood" in slugs(reply)
    reply = story.asks("did a flood damage the mill of Otley?")
    assert slugs(story.asks("who repaired the mill, carpentres?"))[:1] == ["repaired"]
    assert "“carpentres” was read as “carpenters”." in story.asks("who repaired the mill, carpentres?").notes


# ── as of a day ─────────────────────────────────────────────────────────────────────────

_OF_A_DAY = (
    *("did ESA end the partnership", "what is the state of the mission", "when will the rover launch"),
    *("what did Rogozin say", "is the cooperation suspended", "who called it sabotage", "what changed"),
    *("how long did the cooperation last", "what came first, the suspension or the end", "who is Aschbacher"),
)
_DAYS = ("2022-02-24", "2022-02-25", "2022-02-28", "2022-03-01", "2022-03-23", "2022-06-14", "2022-07-12")


def test_an_answer_as_of_a_day_cites_nothing_that_came_later(parts: Parts) -> None:
    """Nor as what overturned it, nor as the nearest; what came next is behind a button."""
    with parts.store.reading(SHIPPED) as shelf:
        known = shelf.known_facts()
    told = 0
    for day in _DAYS:
        for question in _OF_A_DAY:
            reply = asked(parts, f"ask {question} as of {day}?")
            late = [one for one in reply.facts if known[one] > date.fromisoformat(day)]
            assert (late, reply.as_of) == ([], date.fromisoformat(day)), (question, day)
            told += len(reply.facts)
            if not reply.abstained:
                assert f"since {day}" in [action.words for action in reply.actions], (question, day)
    assert told > 50


def test_what_overturned_an_answer_is_told_from_its_day_on(story: Mill) -> None:
    """As of the day before, nothing says so."""
    before, since = (
        story.asks(f"did a flood damage the mill as of {day}?") for day in ("2022-06-19", "2022-06-20")
    )
    assert (slugs(before)[0], slugs(since)[0]) == ("flood", "flood")
    assert "overturned" not in text(before)
    assert "Since overturned" in text(since)


# ── yes and no ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "begins", "slug"),
    [
        ("did a flood damage the mill?", "Yes. A flood", "flood"),
        ("was the mill damaged by a flood?", "Yes. A flood", "flood"),
        ("did Ottley end the contract with Pell?", "Yes. Ottley", "ended"),
        ("did Ada Moss say that the opening was put off?", "Yes. Ada Moss", "put-off"),
        ("did the flood reach the school?", "No. The flood", "never"),
        ("will the museum of Pell close?", "The museum", "museum"),
        ("did the museum of Pell close?", "The museum", "museum"),
        ("did the mill open in May 2022?", "Ada Moss", "put-off"),
    ],
    ids=[
        "it happened",
        "turned round",
        "done by whom",
        "said",
        "denied",
        "to come",
        "planned alone",
        "overturned",
    ],
)
def test_yes_and_no_stand_only_before_what_decides(
    story: Mill, question: str, begins: str, slug: str
) -> None:
    """What was planned has not happened, and what was given up neither."""
    reply = story.asks(question)
    assert lines(reply)[0].text.startswith(begins)
    assert slugs(reply)[0] == slug


def test_what_is_over_is_not_affirmed(story: Mill) -> None:
    """It was damaged; whether it is, the repair has changed."""
    reply = story.asks("is the mill damaged?")
    assert not lines(reply)[0].text.startswith("Yes")


@pytest.mark.parametrize(
    "question",
    ["when did a flood damage the mill?", "who signed a contract to share the mill?", "what is the mill?"],
)
def test_nothing_else_is_answered_by_yes_or_no(story: Mill, question: str) -> None:
    """Only what may be."""
    reply = story.asks(question)
    assert not reply.abstained
    assert not re.match(r"(?:Yes|No)\b", lines(reply)[0].text)


# ── two things ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "first", "told"),
    [
        (
            "how long was it from the contract to the flood?",
            "58 days, about 8 weeks: from 3 January 2022 to 2 March 2022.",
            ["contract", "flood"],
        ),
        (
            "how long after the flood was the mill repaired?",
            "100 days, about 3 months: from 2 March 2022 to 10 June 2022.",
            ["flood", "repaired"],
        ),
        (
            "how long did the contract between Ottley and Pell last?",
            "166 days, about 5 months: from 3 January 2022 to 18 June 2022.",
            ["contract", "ended"],
        ),
        (
            "put these in order: the theft of the bell, the flood, the end of the contract",
            "First: A flood",
            ["flood", "bell", "ended"],
        ),
        ("what came first, the flood or the end of the contract?", "First: A flood", ["flood", "ended"]),
        ("what came first, the end of the contract or the flood?", "First: A flood", ["flood", "ended"]),
        ("did the flood come before the end of the contract?", "Yes. First: A flood", ["flood", "ended"]),
        ("did the end of the contract come before the flood?", "No. First: A flood", ["flood", "ended"]),
    ],
)
def test_dates_are_set_against_each_other(
    story: Mill, question: str, first: str, told: Sequence[str]
) -> None:
    """A number of days, or an order, before the two facts that it rests on."""
    reply = story.asks(question)
    assert lines(reply)[0].text.startswith(first)
    assert slugs(reply) == told


def test_what_may_have_been_at_one_time_is_put_in_no_order(story: Mill) -> None:
    """The weir was opened in February or March, the flood came on 2 March."""
    reply = story.asks("what came first, the weir being opened or the flood?")
    assert {*slugs(reply)} == {"weir", "flood"}
    assert not any(line.text.startswith(("First", "Then")) for line in lines(reply))


# ── going on ────────────────────────────────────────────────────────────────────────────

_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("first", "then", "later", "goes_on"),
    [
        (person("ann"), person("ann"), 9, True),
        (person("ben"), person("ben"), 11, False),
        (person("cat"), person("dan"), 1, False),
        (person("eve"), person("eve", "12"), 1, False),
        (person("fay"), person("fay", platform="slack"), 1, False),
        (person("gus", "77", "direct"), person("gus", "78", "direct"), 1, True),
        (person("hal", "77", "direct"), person("hal"), 1, False),
    ],
    ids=["goes on", "too late", "another", "elsewhere", "another platform", "direct messages", "from there"],
)
def test_a_short_question_goes_on_from_the_one_before(
    story: Mill, first: Asker, then: Asker, later: int, goes_on: bool
) -> None:
    """Of the same person, in the same place, within ten minutes; else it is not understood."""
    assert slugs(story.asks("did a flood damage the mill?", first))[0] == "flood"
    reply = story.asks("and when?", then, mill.NOW + later * _MINUTE)
    assert reply.abstained != goes_on
    assert ("flood" in slugs(reply)) == goes_on


def test_who_asks_anew_is_not_answered_from_before(story: Mill) -> None:
    """A question about something else stays one."""
    who = person("ida")
    story.asks("did a flood damage the mill?", who)
    assert [line.text for line in lines(story.asks("how do I bake bread?", who))] == [OFF]


# ── what is not to be told ──────────────────────────────────────────────────────────────


def test_what_was_retracted_is_not_told(tmp_path: Path) -> None:
    """Neither as an answer, nor as the nearest; of a day before it is told as then, and what came of it."""
    made = a_mill(tmp_path)
    assert not made.asks("did a flood damage the mill?").abstained
    name = f"corpus/{NEXT}.md"
    front = 'retracted: {on: 2022-07-01, because: "There was no flood."}\nfacts:'
    made.folder.write(name, mill.FILES[name].replace("facts:", front, 1))
    assert made.folder.sync(made.store, mill.NOW + _MINUTE)
    for question in (
        "did a flood damage the mill?",
        "flood weir school?",
    ):
        reply = made.asks(question)
        assert NEXT not in {one.partition("#")[0] for one in reply.facts}, question
        assert "A flood damaged" not in text(reply), question
    assert "Retracted since" in text(made.asks("did a flood damage the mill as of 2022-04-01?"))
    made.store.close()


# ── under an answer ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "question",
    [
        *("when was the partnership ended?", "did ESA suspend the cooperation as of 2022-06-14?"),
        *("who is Rogozin?", "how do I bake bread?", "how much does the rover cost?"),
        "what is the state of the mission as of 2022-03-05, and of all that belongs to it, if I may ask?",
    ],
)
def test_every_button_under_an_answer_works(parts: Parts, question: str) -> None:
    """What it carries is understood, and leads somewhere else; the answer's own words ask it again."""
    reply = asked(parts, f"ask {question}")
    assert reply.actions
    for action in reply.actions:
        if action.words.startswith("report"):  # it opens a form
            opened = parts.desk(SHIPPED).form_of(action.words, "!exomars", NOW, stranger())
            assert opened is not None
            assert not isinstance(opened, Reply)
            continue
        led = asked(parts, action.words)
        assert not led.private, action
        assert led.command == action.words.split()[0], action
    assert lines(asked(parts, reply.words)) == lines(reply)


def test_an_answer_can_be_reported_and_a_refusal_to_answer_cannot(parts: Parts) -> None:
    """There is nothing in it to be wrong."""
    told, declined = (asked(parts, f"ask {one}") for one in ("who is Rogozin?", "how do I bake bread?"))
    assert "Report a mistake" in [action.label for action in told.actions]
    assert "Report a mistake" not in [action.label for action in declined.actions]


@pytest.mark.parametrize(
    "question",
    [
        "where in Pell was the contract signed?",
        "what was the weight of the wheel?",
        "which body signed the contract instead of Ottley and Pell?",
        "how many fish did the flood kill?",
        "what was the reply of Pell to Ottley?",
        "who was the mill?",
    ],
)
def test_what_is_asked_of_has_to_be_told(story: Mill, question: str) -> None:
    """That the names match is no answer."""
    assert story.asks(question).abstained


@pytest.mark.parametrize(
    "question",
    [
        "I should like to know when the flood damaged the mill",
        "what I mean is, when did the flood damage the mill?",
        "when did the flood damage the mill, back in the day?",
        "on which day did we learn that the flood damaged the mill?",
    ],
)
def test_what_only_opens_or_fills_a_question_is_not_asked_for(story: Mill, question: str) -> None:
    """Nor is it missed in an answer."""
    assert slugs(story.asks(question))[:1] == ["flood"]
