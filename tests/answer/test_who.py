"""`who`: names by any of their spellings, what they said, and what is told of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answer.naming import Figure, key_of, members, mentions
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.model import NO_WORDS, Name
from bot.render.terminal import text
from tests.answer.row import MAYOR, NOW, ROW, ask, desk, lines, slugs
from tests.stories import STORY, STRIKE, briefing, fact, source

HOSTILE = (
    '"', "'; DROP TABLE fact; --", 'x" OR "y', "*", "says:strike", "NEAR(", "\x00strike", "<@1>", "(", "%",
    "\\", "-", "AND", "^the", "🦀", "ﷺ", "a" * 400, "[" * 100,
)  # fmt: skip


@pytest.fixture(name="told", scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk(tmp_path_factory.mktemp("row"))
    yield made
    made._store.close()


@pytest.fixture(name="bare", scope="module")
def _bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk(tmp_path_factory.mktemp("bare"), NO_WORDS)
    yield made
    made._store.close()


def test_everybody_is_listed_with_what_they_said(told: Desk) -> None:
    """People, bodies, and who speaks without being in the vocabulary; what else has a name is not."""
    reply = ask(told, "who")
    shown = {section.title: [(line.label, line.text) for line in section.lines] for section in reply.sections}
    assert shown == {
        "People": [("Ada Penn", "2 statements; belongs to Council"), ("Cedric", "no statement")],
        "Bodies": [("Council", "1 statement; belongs to Alton")],
        "Others who speak": [("a clerk", "1 statement")],
    }
    assert lines(reply, "People")[0].cites == (f"{STRIKE}#delayed",)


def test_without_a_vocabulary_there_are_those_who_speak(bare: Desk) -> None:
    """In the words of the facts, who says the most first."""
    assert [line.label for line in lines(ask(bare, "who"))] == [MAYOR, "a clerk", "the council of Alton"]
    reply = ask(bare, "who mayor")
    assert slugs(lines(reply, f"What {MAYOR} said")) == ["no-strike", "delayed"]


@pytest.mark.parametrize(
    "name", ["Ada Penn", "ada PENN?", "the mayor of Alton", "is Penn", "Ádá Penn", "ada"]
)
def test_a_name_is_found_in_any_spelling(told: Desk, name: str) -> None:
    """Whoever says it how: capitals, accents, another spelling, a part that no other has."""
    reply = ask(told, f"who {name}")
    assert reply.title == "The bridge: Ada Penn"
    assert slugs(lines(reply)) == ["delayed"]
    assert slugs(lines(reply, "What Ada Penn said")) == ["no-strike"]
    assert reply.notes[0].startswith(
        "Ada Penn: a person; belongs to Council; also written the mayor of Alton"
    )
    assert ask(told, reply.words).sections == reply.sections


def test_what_its_people_said_is_marked_as_theirs(told: Desk) -> None:
    """A place said nothing itself; who belongs to what belongs to it did."""
    reply = ask(told, "who Alton")
    theirs = lines(reply, "Said by those who belong to Alton")
    assert [(line.label, slug) for line, slug in zip(theirs, slugs(theirs), strict=True)] == [
        (MAYOR, "no-strike"), ("the council of Alton", "paid"), (MAYOR, "delayed"),
    ]  # fmt: skip
    assert not lines(reply, "What Alton said")


def test_what_was_overturned_says_so(told: Desk) -> None:
    """Also where somebody said it who belongs to what was asked for; it is told only once."""
    reply = ask(told, "who Alton")
    told_of = lines(reply, "What is told of Alton")
    assert slugs(told_of) == ["two-towns"]
    delayed = lines(reply, "Said by those who belong to Alton")[-1]
    assert delayed.note == "Since overturned: It came later."
    assert f"{ROW}#back" in delayed.cites


def test_a_country_is_not_found_in_a_word(told: Desk) -> None:
    """The index takes `us` for `US`; an answer does not."""
    reply = ask(told, "who U.S.")
    assert slugs(lines(reply, "What is told of US")) == ["from-us"]


def test_a_word_that_is_no_name_shows_the_facts_that_have_it(told: Desk) -> None:
    """It is said that it is no name; nobody is told that no source has what one has."""
    reply = ask(told, "who lamps")
    assert not reply.abstained
    # A briefing cites the oldest of them, and none the others; a plan comes behind what happened.
    assert slugs(lines(reply, "What is told of lamps")) == ["who-pays", "told-us", "lamps"]
    assert reply.notes[0].startswith("That is no name")


@pytest.mark.parametrize(
    ("typed", "first"), [("Pen", "Ada Penn"), ("Adda Pen", "Ada Penn"), ("Altona", "Alton")]
)
def test_a_misspelt_name_is_offered_and_not_guessed(told: Desk, typed: str, first: str) -> None:
    """It abstains, cites nothing, and leads to the nearest."""
    reply = ask(told, f"who {typed}")
    assert reply.abstained
    assert reply.cites == ()
    assert f"No source of the corpus names “{typed}”." in text(reply)
    assert reply.actions[0].words == f"who {first}"


def test_a_name_of_which_no_source_tells_is_said_to_be_one(told: Desk) -> None:
    """The vocabulary alone is no source."""
    reply = ask(told, "who Cedric")
    assert reply.abstained
    assert "No source of the corpus names “Cedric”." in text(reply)


@pytest.mark.parametrize("typed", ["party", "the Party", "parties"])
def test_a_word_that_may_mean_several_asks_which(told: Desk, typed: str) -> None:
    """The names that the vocabulary has for it are offered; what is no name of it is not."""
    reply = ask(told, f"who {typed}")
    assert [line.label for line in lines(reply, "Which one?")] == ["Council", "Alton"]
    assert [action.words for action in reply.actions] == ["who Council", "who Alton", "who"]
    assert "may mean more than one here: Council or Alton." in text(reply)
    assert ask(told, reply.words).sections[1:] == reply.sections[1:]


def test_a_word_that_may_mean_but_one_is_that_one(told: Desk) -> None:
    """It is said to; a name itself is never taken for another."""
    reply = ask(told, "who official")
    assert reply.title == "The bridge: Ada Penn"
    assert reply.notes[0] == "“official” may mean Ada Penn here."
    assert ask(told, "who US").title == "The bridge: US"


def test_of_many_statements_the_most_telling_are_told_and_all_are_counted(tmp_path: Path) -> None:
    """Few more are not left out; of more it is said how many there are, and where."""
    for count, shown in ((11, 11), (12, 8)):
        some = [
            fact(f"s-{n}", f"Dora spoke of lamp {n}.", date=f"2022-05-{n + 1:02}", speaker="Dora")
            for n in range(count)
        ]
        name = "2022-06-01-dora"
        files = {
            f"corpus/{name}.md": source(name, *some),
            f"briefings/{name}.md": briefing(name, f"It is lit [@{name}#s-0]."),
        }
        made = desk(tmp_path / str(count), NO_WORDS, files)
        reply = ask(made, "who Dora")
        told = slugs(lines(reply, "What Dora said"))
        assert len(told) == shown
        assert (told[0], told[-1]) == (f"s-{count - 1}", "s-0")  # the newest, and the one that is cited
        more = ("12 statements of Dora, the 8 that tell the most here.", "`!bridge search Dora` finds")
        assert all((one in text(reply)) is (shown < count) for one in more), text(reply)
        made._store.close()


@pytest.mark.parametrize("command", ["who", "topic", "disputes"])
@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_words_and_nothing_else(told: Desk, command: str, typed: str) -> None:
    """Neither the language of the index nor that of the database is spoken by readers."""
    found = next(one for one in COMMANDS if one.name == command)
    value = {found.params[0].name: typed}
    reply = told.answer_values(found, value, "/bridge", NOW)
    assert reply.command == command
    assert len(reply.title) < 150
    if not typed.strip("\x00").isalpha():
        assert len(reply.facts) < 20


def test_names_are_completed_and_topics_with_them(told: Desk) -> None:
    """Who says the most first; topics are tags before names."""
    by_name = {one.name: one for one in COMMANDS}

    def offered(command: str, typed: str) -> list[str]:
        found = by_name[command]
        return [value for _, value in told.complete(found, found.params[0], typed, NOW.date())]

    assert offered("who", "")[:2] == ["Ada Penn", "Council"]
    assert offered("who", "ced") == ["Cedric"]
    assert offered("who", "the mayor") == ["Ada Penn"]
    assert offered("disputes", "penn") == ["Ada Penn"]
    assert offered("topic", "al")[0] == "Alton"
    assert "Alton" not in offered("topic", "brid") == ["bridge"]
    assert offered("disputes", "m")[0] == "money"


@pytest.mark.parametrize(
    ("one", "other"),
    [("European-Union", "european union"), ("The Émile", "emile"), ("Penn’s", "penn's"), ("the", "THE")],
)
def test_spellings_that_people_take_for_the_same_are(one: str, other: str) -> None:
    """Capitals, accents, hyphens, apostrophes and a leading `the` make no difference."""
    assert key_of(one) == key_of(other) != ""


def test_those_who_belong_to_it_are_found_through_others_and_in_a_circle() -> None:
    """A vocabulary that runs in a circle ends as well."""
    chain = [
        Figure(Name(name, "body", (), (of,))) for name, of in (("a", "c"), ("b", "a"), ("c", "b"), ("d", "e"))
    ]
    assert [one.name.name for one in members(chain[0], chain)] == ["b", "c"]


def test_a_name_is_no_part_of_a_word(told: Desk) -> None:
    """Neither before nor behind may a letter follow, but for a plural and a possessive."""
    with told._store.reading(STORY.word) as shelf:
        some = next(iter(shelf.facts([f"{ROW}#back"]).values()))
    says = ("US troops", "the US's part", "tell us", "USB", "a bUS", "(US)")
    facts = {says: some._replace(says=says) for says in says}
    assert [fact.says for fact in mentions(facts, Figure(Name("US", "country")))] == [
        "US troops", "the US's part", "(US)",
    ]  # fmt: skip


def test_a_description_stands_whole(told: Desk) -> None:
    """What belongs to the last name in it is another thing; a name may own what follows it."""
    with told._store.reading(STORY.word) as shelf:
        some = next(iter(shelf.facts([f"{ROW}#back"]).values()))
    says = (
        "The head of Altonia's bank spoke", "The head of Altonia’s bank", "The head of Altonia, Penn",
        "Ada Penn's car", "Altonia's chief's car", "The head of Altonian banks",
    )  # fmt: skip
    facts = {one: some._replace(says=one) for one in says}
    spelt = ("head of Altonia", "Ada Penn", "Altonia's chief")
    assert [fact.says for fact in mentions(facts, Figure(Name("Ada Penn", "person", spelt)))] == [
        "The head of Altonia, Penn", "Ada Penn's car", "Altonia's chief's car",
    ]  # fmt: skip
