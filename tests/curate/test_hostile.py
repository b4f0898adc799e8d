"""Hostile text: every document that is not right is refused in clear words, and changes nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.entry import Upload
from bot.curate.documents.checking import Checked, Part, checked
from bot.curate.documents.document import fields_of, kind_of, tidy
from bot.model import Briefing, Problem
from bot.render.discord import message
from bot.render.slack import message as slack_message
from bot.reply import Line, Reply, Section
from bot.store.store import Store
from tests.curate.hostile import TOKENS, documents
from tests.curate.newsroom import ADMIN, EDITOR, READER, Room, number_of, read
from tests.doubles.slack_limits import problems_of_message
from tests.doubles.slack_text import pings
from tests.stories import PLAN, STORY, STRIKE, briefing, scene

FUZZED = 10_000
FUZZED_AT_DESK = 2_000
# What would ping, link or break out of its place in a message of Discord.
_LOUD = re.compile(r"(?<!\\)@(?:everyone|here)|(?<!\\)<[@#!]|(?<!\\)\]\((?!https://)|\[x\]\(javascript")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A newsroom, closed at the end."""
    made = Room(tmp_path / "story")
    yield made
    made.store.close()


def test_no_document_breaks_the_checks(tmp_path: Path) -> None:
    """Ten thousand wrong ones: each is accepted whole or has problems that a person can read."""
    folder = scene(tmp_path / "story")
    store = Store(folder.config.database)
    folder.sync(store)
    with store.reading(STORY.word) as shelf:
        shapes = shelf.shapes()
    store.close()
    refused = 0
    for text in documents(FUZZED, seed=20221112):
        kind = kind_of(text)
        found = checked([Part(kind, tidy(text))], shapes)
        new = found.parts[0]
        shown = problems_shown(new) if new.problems else document_shown(new)
        for embeds in (True, False):
            assert_quiet(shown, embeds=embeds)
        refused += not found.fine
        assert bool(new.problems) != bool(new.item)
    assert 0.5 * FUZZED < refused < FUZZED  # both are tried


def problems_shown(found: Checked) -> Reply:
    """The problems as they are told: each in one line of bearable length."""
    for problem in found.problems:
        assert isinstance(problem, Problem)
        assert len(str(problem)) < 700
        assert "\n" not in str(problem)
    lines = tuple(Line(f"{one.what}; {one.mend}", label=f"line {one.line}") for one in found.problems[:15])
    return Reply("draft show", "Draft 1", (Section("", lines),))


def document_shown(found: Checked) -> Reply:
    """An accepted document as readers see it."""
    item = found.item
    assert item is not None
    if isinstance(item, Briefing):
        lines = (Line(item.state), *(Line(sentence.text, sentence.facts) for sentence in item.sentences))
    else:
        lines = tuple(Line(fact.says, (fact.id,), label=fact.slug, note=fact.speaker) for fact in item.facts)
    return Reply("briefing", item.title, (Section("", lines),))


def assert_quiet(reply: Reply, *, embeds: bool) -> None:
    """Nothing in a message pings, links, steers a screen or is longer than Discord takes."""
    for page in (1, 2):
        made = message(reply, "bridge", page, embeds=embeds)
        embed = made.embed or {}
        texts = [made.content, str(embed.get("title", "")), str(embed.get("description", ""))]
        assert len(made.content) <= 2000
        assert len(texts[1]) <= 256
        assert len(texts[2]) <= 4096
        for text in texts:
            assert not _LOUD.search(text), text
            assert all(one.isprintable() or one in "\n\u200b" for one in text), ascii(text)


def test_what_is_refused_changes_nothing(room: Room) -> None:
    """Through the desk: the story, its revisions and its version stay as they were."""
    before = room.rows("revision"), room.rows("story"), room.rows("briefing"), room.rows("fact")
    expected: list[tuple[str, bool]] = []  # each act, and whether it was done just so
    for number, text in enumerate(documents(FUZZED_AT_DESK, seed=7)):
        reply = room.says(EDITOR, "add", text)
        assert_quiet(reply, embeds=number % 2 == 0)
        assert_readable(reply)
        if any(action.words.startswith("draft ") for action in reply.actions):
            room.says(EDITOR, f"draft discard {number_of(reply)}")
            expected += [("add", not reply.abstained), ("draft discard", True)]
        else:
            assert reply.abstained, number
            expected.append(("add", False))
    told = [(row.act.partition(":")[0], row.outcome) for row in room.audit()]
    assert [(act, outcome == "done") for act, outcome in told] == expected
    tried = {outcome.partition(" ")[0] for act, outcome in told if act == "add"}
    assert tried == {"done", "kept,", "refused:"}
    assert (room.rows("revision"), room.rows("story"), room.rows("briefing"), room.rows("fact")) == before


def assert_readable(reply: Reply) -> None:
    """On Slack nothing is read for markup or is longer than it takes; on a terminal nothing steers it."""
    for page in (1, 2):
        made = slack_message(reply, "bridge", page)
        given = {"channel": "C1", "text": made.text, "blocks": [*made.blocks]}
        assert problems_of_message(given) == []
        assert not pings(made.text)
    shown = read(reply)
    assert all(one.isprintable() or one == "\n" for one in shown), ascii(shown)


@pytest.mark.parametrize("token", TOKENS, ids=ascii)
def test_hostile_words_in_a_form_stay_words(room: Room, token: str) -> None:
    """In each field; what is accepted is shown as it is, what is not says why."""
    reply = room.fills(
        EDITOR,
        "add",
        title=f"A {token} title"[:150],
        as_of="2022-06-01",
        state=f"It {token} stands."[:300],
        text=f"Two towns {token[:1000]} lie there [@{PLAN}#two-towns].",
        tags="bridge",
    )
    assert_quiet(reply, embeds=True)
    assert_quiet(reply, embeds=False)
    if not reply.abstained:
        done = room.says(EDITOR, f"draft publish {number_of(reply)}")
        assert "Published" in read(done)
        assert_quiet(room.says(READER, "status"), embeds=False)


def test_ten_megabytes_are_refused_unread(room: Room) -> None:
    """With the size, the limit and what to do; nothing is kept."""
    reply = room.says(EDITOR, "add", "---\n" + "a: [" * 2_600_000)
    assert reply.abstained
    assert "10,400,004 characters long, more than 65,536; split it up" in read(reply)
    assert room.rows("draft") == []
    assert room.audit()[-1].outcome.startswith("refused")


def test_a_bomb_of_aliases_does_not_unfold(room: Room) -> None:
    """References between values are refused, whatever they would grow to."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{last}, *{last}, *{last}]\n"
        for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    reply = room.says(EDITOR, "add", f"---\nid: x\n{bomb}---\nHello.\n")
    assert reply.abstained
    assert "refers to another value with *" in read(reply)


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "C:\\x", "x\u202egnp.md", "a" * 300, ""])
def test_the_name_of_a_file_is_no_path(room: Room, name: str) -> None:
    """It is said back at most; the document is what its text says it is."""
    text = briefing("2022-06-01-x", f"Two towns [@{PLAN}#two-towns].")
    upload = Upload(name, "", "it is not UTF-8 text; save it in UTF-8")
    reply = room.desk.answer("add", "!bridge", room.now, EDITOR, (upload,))
    assert reply.abstained
    assert ".." not in read(reply)
    assert_quiet(reply, embeds=False)
    good = room.desk.answer("add", "!bridge", room.now, EDITOR, (Upload(name, text),))
    assert not good.abstained
    assert {path.name for path in room.folder.root.rglob("*") if path.is_file()} == {
        *(path.rpartition("/")[2] for path in files(room)), "test.db", "test.db-wal", "test.db-shm",
    }  # fmt: skip


def files(room: Room) -> list[str]:
    """The files of the story."""
    with room.store.reading(STORY.word) as shelf:
        return [row.path for row in shelf.files()]


@pytest.mark.parametrize("item", ["../../x", "con/../x", "x y", "X", "é", "a" * 61, "-x"])
def test_an_id_that_is_no_slug_is_refused(room: Room, item: str) -> None:
    """It will be the name of a file."""
    reply = room.says(EDITOR, "add", briefing(item, f"Two towns [@{PLAN}#two-towns].", as_of="2022-06-01"))
    assert reply.abstained
    assert "is not a slug" in read(reply)


def test_the_front_matter_of_another_story_is_refused(room: Room) -> None:
    """Fields that the format does not have, and citations of what is not in this story."""
    text = briefing("2022-06-01-x", "Mars [@2022-07-13-termination#council-mandate].", story="exomars")
    reply = read(room.says(EDITOR, "add", text))
    assert "story is not a known field" in reply
    assert "there is no source 2022-07-13-termination" in reply


def test_a_draft_is_nobody_elses(room: Room) -> None:
    """A button pressed by somebody else: no word of the draft, and no change."""
    room.says(EDITOR, "add", briefing("2022-06-01-x", f"Two towns [@{PLAN}#two-towns].", state="Secret."))
    rows = room.rows("draft"), room.rows("draft_part"), room.rows("revision")
    for who in (ADMIN, READER):
        for command in ("show", "edit", "publish", "discard", "fact"):
            reply = room.says(who, f"draft {command} 1")
            assert "Secret" not in read(reply)
            assert reply.abstained
    assert (room.rows("draft"), room.rows("draft_part"), room.rows("revision")) == rows


def test_a_correction_cannot_break_out_of_its_place(room: Room) -> None:
    """What was wrong is one line of text, whatever is typed."""
    said = "x\n---\nid: other\n---\n@everyone `rm` [@x#y] **loud**"
    reply = room.fills(EDITOR, f"retract {STRIKE[:7]}-05-strike", because=said)
    room.says(EDITOR, f"draft publish {number_of(reply)}")
    seen = room.says(READER, "briefing 2022-03-05-strike")
    assert_quiet(seen, embeds=True)
    assert "id: other" in read(seen)
    assert fields_of(str(room.rows("revision")[-1][15])).text("id") == "2022-03-05-strike"
