"""What is for one server alone shows nowhere else: not in any answer, completion, count or suggestion."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from bot.command.asker import OPERATOR, Asker, Place
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.render.terminal import text
from bot.reply import Reply, reply_text
from bot.store.asking import Words
from tests.answer.desks import desk_about
from tests.servers import HERE, HERES, THERE, THERES, own
from tests.stories import PLAN, SCENE, STORY, STRIKE

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAYS = ("2021-12-01", "2022-01-05", "2022-04-02", "2022-07-01", "2022-07-03", "2023")
# What a question is weighed by are all facts that its asker sees: rare words, misspelt ones, the nearest.
QUESTIONS = (
    *(f"what does the {word} ask for?" for word in (HERES, THERES, "quoka")),
    *("did the builders go on strike?", "is the strike over?", "when does the bridge open?", "and why?"),
    *(
        "who asks for coins?",
        "how many coins is the toll?",
        "will a gate open in 2023?",
        "who pays for lamps?",
    ),
    *("what changed about the strike?", "what was known as of 2022-04-02?", "is the bridge open as of 2023?"),
)
BY_HAND = {"forget"}  # asks for nothing of the story


def on(server: str) -> Asker:
    """An admin of a server; or, without one, a person in a direct message."""
    place = Place("discord", server, "11", "#news", "text" if server else "direct")
    return Asker("discord", server, "400", place, manages=bool(server), find=lambda _: place)


READERS = {"another server": on("2"), "a direct message": on(""), "the terminal": OPERATOR}


@contextmanager
def desk_of(root: Path, *servers: tuple[str, str]) -> Iterator[Desk]:
    """A desk that answers about the small story, and what these servers have of their own."""
    files = dict(SCENE)
    for audience, word in servers:
        files |= own(audience, word)
    with desk_about(root, files) as desk:
        yield desk


def requests(who: Asker) -> Iterator[str]:
    """Every command that reads the story, with every value that could bring something out."""
    words = (HERES, THERES, "quoka", "narwal", "strike", "toll coins", "gate open", "never", "the bridge")
    notes = [f"{day}-{word}{end}" for day in ("2022-04-01", "2022-04-02", "2021-12-01")
             for word in (HERES, THERES) for end in ("", "-gone", "-before")]  # fmt: skip
    facts = [f"{note}#{word}-{end}" for note in notes for word in (HERES, THERES)
             for end in ("toll", "plan", "open", "never")]  # fmt: skip
    known = [
        f"{source}#{slug}" for source, slug in product((PLAN, STRIKE), ("two-towns", "who-pays", "strike"))
    ]
    values: dict[str, list[str]] = {
        "date": [*DAYS],
        "tag": [f"{HERES}-tag", f"{THERES}-gone", "bridge", "opening", "open"],
        "briefing": [PLAN, "2022-03-05-strike", *notes],
        "source": [PLAN, STRIKE, *notes],
        "fact": [*known, *facts, f"{HERES}-toll", f"{THERES}-never", "strike"],
        "item": [PLAN, *notes],
        "words": [*words],
        "name": [*words, "the mayor of Alton", "Alton", f"the {HERES}", f"the {THERES}"],
        "topic": [*words, "bridge", "opening", f"{HERES}-tag", f"{THERES}-gone", f"the {HERES}"],
        "command": ["status", HERES],
        "value": ["chart"],
    }
    for command in COMMANDS:
        # The operator is an owner, who may look into what any server has written.
        reads = command.access == "everyone" or (command.name in {"history", "cite"} and not who.operator)
        if command.name in BY_HAND or not reads:
            continue
        yield command.name
        for param in command.params:
            cue = f"{param.cues[0]} " if param.cued else ""
            for value in values[param.kind]:
                yield f"{command.name} {cue}{value}"
    for question in QUESTIONS:
        yield f"ask {question}"
    for day in DAYS:  # what takes two days, or was added by one
        yield f"compare 2022-02-01 {day}"
        yield f"since added {day}"
    yield from ("digest preview 1", "digest list", "digest why")


def completions(desk: Desk, who: Asker) -> dict[str, object]:
    """All that every parameter of every command is completed with."""
    typed = (
        "",
        "2022",
        "2021",
        "op",
        "br",
        HERES,
        HERES[:3],
        THERES,
        f"2022-04-01-{HERES}#",
        "toll",
        "strike",
    )
    return {
        f"{command.name} {param.name} {begun}": desk.complete(command, param, begun, NOW.date(), who)
        for command in COMMANDS
        for param in command.params
        for begun in typed
    }


def ask(desk: Desk, who: Asker, typed: str) -> Reply:
    """Types a line."""
    return desk.answer(typed, "!bridge", NOW, who)


@pytest.mark.parametrize("reader", READERS)
def test_elsewhere_everything_is_as_if_the_documents_of_a_server_did_not_exist(
    tmp_path: Path, reader: str
) -> None:
    """Every answer and every completion is the same, byte for byte, with the documents and without them."""
    who = READERS[reader]
    theirs = [(THERE, THERES)] if who.server else []
    with ExitStack() as stack:
        full = stack.enter_context(desk_of(tmp_path / "full", (HERE, HERES), (THERE, THERES)))
        bare = stack.enter_context(desk_of(tmp_path / "bare", *theirs))
        for desk in (full, bare):
            ask(desk, who, "digest subscribe kind replay at 08:00 zone Europe/Berlin")
        asked = 0
        for typed in requests(who):
            told, expected = ask(full, who, typed), ask(bare, who, typed)
            assert reply_text(told) == reply_text(expected), typed
            assert told.picture == expected.picture, typed
            asked += 1
        assert asked > 100
        assert completions(full, who) == completions(bare, who)


def test_how_rare_a_word_is_tells_nothing_of_another_server(tmp_path: Path) -> None:
    """A question is weighed by what its asker sees; else an answer might change with what they do not."""
    stems = ("strike", "builder", "bridg", "open", "nobodi", HERES, "coin")
    weights = []
    for name, servers in (("full", [(HERE, HERES), (THERE, THERES)]), ("bare", [])):
        with desk_of(tmp_path / name, *servers) as desk, desk._store.reading(STORY.word) as shelf:
            words = Words(shelf, None)
            weights.append([words.size(), *(words.frequency([one]) for one in stems)])
            assert HERES not in words.like(HERES, 1)
    assert weights[0] == weights[1]
    assert weights[0][1] == 1


def test_on_their_own_server_they_are_told(tmp_path: Path) -> None:
    """A server sees its own beside what is for everyone: in answers, in search and in completion."""
    with desk_of(tmp_path, (HERE, HERES), (THERE, THERES)) as desk:
        told = {typed: text(ask(desk, on("1"), typed)) for typed in requests(on("1"))}
        assert "A quokka stands in the way." in told["status"]
        assert "The quokka asks for three coins" in told["timeline"]
        assert "asks for three coins" in told["ask what does the quokka ask for?"]
        assert "“quoka” was read as “quokka”." in told["ask what does the quoka ask for?"]
        assert "“quoka” stands nowhere; looked for “quokka”" in told["search quoka"]
        assert "Overturned by" in told[f"fact {STRIKE}#strike"]
        assert "5 briefings, 1 of them retracted" in told["briefings"]
        offered = completions(desk, on("1"))
        assert f"2022-04-02-{HERES}" in str(offered["briefing id "])
        assert f"{HERES}-tag" in str(offered["timeline tag "])
        mine = {
            typed: answer for typed, answer in told.items() if THERES not in typed and "narwal" not in typed
        }
        assert THERES not in str(mine)
        assert THERES not in str({typed: some for typed, some in offered.items() if THERES not in typed})
