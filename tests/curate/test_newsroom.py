"""The newsroom by what people type: drafts, publishing, changing, undoing, and who may."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.command.asker import OPERATOR, Asker
from bot.command.entry import Command
from bot.command.form import Form
from bot.render.buttons import BUTTON
from bot.render.discord import message
from bot.reply import Reply
from bot.store.newsroom import Newsroom
from tests.curate.newsroom import (
    ADMIN,
    EDITOR,
    OTHER_ADMIN,
    OWNER,
    READER,
    SECOND,
    Room,
    number_of,
    person,
    read,
)
from tests.stories import NOW, PLAN, STORY, STRIKE, briefing, fact, source

OPENED = "2022-06-01-opened"
TEXT = briefing(
    OPENED,
    f"The builders had gone on strike [@{STRIKE}#strike].",
    f"Two towns now have a bridge [@{PLAN}#two-towns].",
    title="The bridge is open",
    state="The bridge is open.",
)
STRIKES = "2022-03-05-strike"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A newsroom, closed at the end."""
    made = Room(tmp_path / "story")
    yield made
    made.store.close()


def standing(room: Room, item: str, kind: str = "briefing") -> str:
    """The text that stands."""
    with room.store.reading(STORY.word) as shelf:
        row = Newsroom(shelf.connection, STORY.word).standing(kind, item)
    return row.text if row else ""


def test_an_editor_adds_a_briefing_from_a_file(room: Room) -> None:
    """It is a draft that nobody else sees, shown as readers will see it; published, the status has it."""
    before = read(room.says(READER, "status"))
    draft = room.says(EDITOR, "add", TEXT)
    assert draft.private
    assert draft.alone
    assert not draft.abstained
    assert "The bridge is open." in read(draft)
    assert "draft publish 1" in read(draft)
    assert read(room.says(READER, "status")) == before
    done = room.says(EDITOR, "draft publish 1")
    assert f"Published: {OPENED}" in read(done)
    assert "The bridge is open." in read(room.says(READER, "status"))
    assert standing(room, OPENED) == TEXT


def test_the_preview_is_just_what_readers_see(room: Room) -> None:
    """The same title, sections and sources, on every platform: only the small print differs."""
    draft = room.says(EDITOR, "add", TEXT)
    room.says(EDITOR, "draft publish 1")
    seen = room.says(READER, f"briefing {OPENED}")
    assert (draft.title, draft.sections, draft.references) == (seen.title, seen.sections, seen.references)


def test_a_form_makes_the_same_document_as_a_file(room: Room) -> None:
    """The id comes from the day and the title, citations may be short, tags are words."""
    reply = room.fills(
        EDITOR,
        "add",
        title="The bridge is open",
        as_of="2022-06-01",
        state="The bridge is open.",
        text="Two towns now have a bridge [@two-towns].",
        tags="bridge, opening",
    )
    assert not reply.abstained, read(reply)
    room.says(EDITOR, f"draft publish {number_of(reply)}")
    text = standing(room, "2022-06-01-the-bridge-is-open")
    assert f"[@{PLAN}#two-towns]" in text
    assert "tags: [bridge, opening]" in text
    assert "The bridge is open." in read(room.says(READER, "status"))


def test_all_problems_are_told_at_once_with_what_to_do_and_facts_that_fit(room: Room) -> None:
    """Lines, mends, and for a sentence without a citation the facts that have its words."""
    text = TEXT.replace('"2022-06-01"', '"June"').replace(f" [@{STRIKE}#strike]", "")
    reply = room.says(EDITOR, "add", text)
    said = read(reply)
    assert reply.abstained
    assert "2 problems" in said
    assert "line 4" in said
    assert "as_of" in said
    assert "a sentence without a citation" in said
    assert f"[@{STRIKE}#strike]" in said
    assert room.says(EDITOR, f"draft publish {number_of(reply)}").abstained
    assert not standing(room, OPENED)


def test_a_draft_is_edited_until_it_is_right(room: Room) -> None:
    """By its form, filled with what it says, or by the file anew; the id stays."""
    number = number_of(room.says(EDITOR, "add", TEXT.replace(f" [@{STRIKE}#strike]", "")))
    form = room.form(EDITOR, f"draft edit {number}")
    assert isinstance(form, Form)
    values = {field.name: field.value for field in form.fields}
    assert values["title"] == "The bridge is open"
    assert "gone on strike." in values["text"]
    cited = values["text"].replace("on strike.", f"on strike [@{STRIKE}#strike].")
    reply = room.fills(EDITOR, f"draft edit {number}", text=cited)
    assert not reply.abstained, read(reply)
    room.says(EDITOR, f"draft publish {number}")
    assert standing(room, OPENED) == TEXT


FORM = {
    "title": "The bridge is open",
    "as_of": "2022-06-01",
    "state": "The bridge is open.",
    "text": "Two towns now have a bridge [@two-towns].",
    "tags": "bridge",
}


@pytest.mark.parametrize("edited", [False, True], ids=["as it was", "edited since"])
def test_a_form_sent_twice_is_one_draft_and_one_briefing(room: Room, edited: bool) -> None:
    """Before it is published and after, also where it says something else by now; the audit has it."""
    name = "2022-06-01-the-bridge-is-open"
    room.fills(EDITOR, "add", **FORM)
    drafts = room.rows("draft"), room.rows("draft_part")
    again = room.fills(EDITOR, "add", **FORM)
    assert again.abstained
    assert "sent already: it is draft 1" in read(again)
    assert (room.rows("draft"), room.rows("draft_part")) == drafts
    row = room.audit()[-1]
    assert (row.act, row.item, row.before, row.outcome) == (
        "add: draft", name, "draft 1", "refused: sent already",
    )  # fmt: skip
    assert not room.fills(SECOND, "add", **FORM).abstained  # what another sends is theirs
    room.says(EDITOR, "draft publish 1")
    if edited:
        room.published(EDITOR, f"edit {name}", standing(room, name).replace("is open.", "is wide open."))
    done = room.rows("draft"), room.rows("revision")
    again = room.fills(EDITOR, "add", **FORM)
    assert again.abstained
    assert f"sent already: it is published as {name}" in read(again)
    assert (room.rows("draft"), room.rows("revision")) == done
    assert room.audit()[-1].outcome == "refused: published already"
    # Another one of the same day and title steps aside.
    other = room.fills(EDITOR, "add", **{**FORM, "state": "It is open at last."})
    room.says(EDITOR, f"draft publish {number_of(other)}")
    assert "It is open at last." in standing(room, f"{name}-2")


def test_a_form_sent_again_once_another_has_its_id_is_the_same_draft(room: Room) -> None:
    """It does not step aside: it is the draft that has come too late for that id."""
    first = number_of(room.fills(EDITOR, "add", **FORM))
    other = room.fills(SECOND, "add", **{**FORM, "state": "It is open at last."})
    room.says(SECOND, f"draft publish {number_of(other)}")
    assert f"it is draft {first};" in read(room.fills(EDITOR, "add", **FORM))
    assert "take another id" in read(room.says(EDITOR, f"draft show {first}"))


def test_a_file_without_an_id_sent_twice_is_one_draft(room: Room) -> None:
    """As a form; and what was undone can be sent again."""
    text = TEXT.replace(f'id: "{OPENED}"\n', "")
    number = number_of(room.says(EDITOR, "add", text))
    assert f"it is draft {number};" in read(room.says(EDITOR, "add", text))
    room.says(EDITOR, f"draft publish {number}")
    assert "it is published as 2022-06-01-the-bridge-is-open" in read(room.says(EDITOR, "add", text))
    room.says(EDITOR, "undo")
    assert not room.says(EDITOR, "add", text).abstained


def test_a_change_sent_twice_is_one_draft(room: Room) -> None:
    """An edit, a correction, a retraction; with another reason it is another."""
    text = standing(room, STRIKES).replace("holds up", "delays")
    for words in (f"edit {STRIKES}", f"correct {STRIKES} was it held up", f"retract {STRIKES} because so"):
        files = [] if words.startswith("retract") else [text]
        number = number_of(room.says(EDITOR, words, *files))
        assert f"it is draft {number};" in read(room.says(EDITOR, words, *files))
        assert room.audit()[-1].outcome == "refused: sent already"
    assert not room.says(EDITOR, f"retract {STRIKES} because not so").abstained
    assert len(room.rows("draft")) == 4
    room.says(EDITOR, "draft publish 1")
    assert "as it stands" in read(room.says(EDITOR, f"edit {STRIKES}", text))
    assert room.audit()[-1].outcome == "refused: it says so already"


LONG = TEXT.replace(
    f"[@{PLAN}#two-towns].", "".join(f"[@{PLAN}#two-towns].\n\nStrike number {n} was " for n in range(200))
    + f"[@{PLAN}#two-towns].",
)  # fmt: skip


def turned(room: Room, who: Asker, reply: Reply) -> Reply:
    """What comes of pressing Next › under a reply."""
    (press,) = [one.carries for one in message(reply, "bridge").buttons if one.label == "Next ›"]
    found = BUTTON.fullmatch(press)
    assert found
    return room.says(who, found["words"])


@pytest.mark.parametrize("way", ["add", "draft edit", "edit", "correct", "restore", "problems"])
def test_the_next_page_of_a_preview_is_a_page_of_it(room: Room, way: str) -> None:
    """It is looked at again: nothing is begun anew, and nothing changed."""
    if way not in {"add", "draft edit", "problems"}:
        room.published(EDITOR, "add", LONG)
    if way == "restore":
        room.published(EDITOR, f"retract {OPENED} because of nothing")
    shown = {
        "add": lambda: room.says(EDITOR, "add", LONG),
        "draft edit": lambda: [room.says(EDITOR, "add", TEXT), room.says(EDITOR, "draft edit 1", LONG)][1],
        "edit": lambda: room.says(EDITOR, f"edit {OPENED}", LONG.replace("is open", "is wide open")),
        "correct": lambda: room.says(EDITOR, f"correct {OPENED} was so", LONG.replace("is open", "is wide")),
        "restore": lambda: room.says(EDITOR, f"restore {OPENED}"),
        "problems": lambda: room.says(EDITOR, "add", LONG.replace(f"{PLAN}#two-towns", f"{PLAN}#three")),
    }[way]()
    before = room.rows("draft"), room.rows("draft_part"), room.rows("audit")
    assert turned(room, EDITOR, shown)._replace(notes=()) == shown._replace(notes=())
    assert (room.rows("draft"), room.rows("draft_part"), room.rows("audit")) == before


def test_every_problem_is_told_over_pages(room: Room) -> None:
    """With the facts that fit each sentence; of a form, the field and its own line are named."""
    wrong = LONG.replace(f" [@{PLAN}#two-towns]", "").replace('"2022-06-01"', '"June"')
    reply = room.says(EDITOR, "add", wrong)
    said = [line.label for section in reply.sections for line in section.lines]
    assert "line 4 (as_of)" in said
    assert len([one for one in said if "(text, line" in one]) > 150
    # Nobody else can write meanwhile: for most sentences facts are looked for when it is looked at.
    again = room.says(EDITOR, reply.words)
    fitting = [[one for one in told.sections if one.title.startswith("May fit")] for told in (reply, again)]
    assert len(fitting[0]) == 5
    assert len(fitting[1]) > 30
    assert "when the draft is looked at" in reply.sections[-1].lines[0].text
    assert again.sections[: len(reply.sections) - 1] == reply.sections[:-1]  # pages of it are turned so
    filled = room.fills(EDITOR, "add", **{**FORM, "as_of": "June", "text": "One.\n\nTwo is not cited."})
    labels = [line.label for line in filled.sections[0].lines]
    assert sorted(labels) == ["As of", "Text, line 1", "Text, line 3"]
    note = source("2022-07-01-x", fact("a", "A."), fact("b", "B."), published="2022-07-01")
    reply = room.says(EDITOR, "source add", note.replace('says: "B."', "says:"))
    assert "(fact b)" in read(reply)


def test_a_draft_survives_a_restart_and_is_listed(room: Room) -> None:
    """It is in the database; `drafts` lists one's own and nobody else's."""
    room.says(EDITOR, "add", TEXT)
    room.store.close()
    assert OPENED in read(room.says(EDITOR, "drafts"))
    assert "no drafts" in read(room.says(SECOND, "drafts"))
    assert "no draft 1 of yours" in read(room.says(SECOND, "draft publish 1"))


def test_a_source_and_a_briefing_are_published_together(room: Room) -> None:
    """The briefing cites what comes with it; neither is there before the other."""
    note = source(
        "2022-07-01-party", fact("party", "A party was held on the bridge."), published="2022-07-01"
    )
    story = briefing("2022-07-02-party", "There was a party [@2022-07-01-party#party].", state="They danced.")
    alone = room.says(EDITOR, "add", story)
    assert "there is no source 2022-07-01-party" in read(alone)
    room.says(EDITOR, f"source add to {number_of(alone)}", note)
    done = room.says(EDITOR, f"draft publish {number_of(alone)}")
    assert "2022-07-01-party" in read(done)
    assert "2022-07-02-party" in read(done)
    assert "They danced." in read(room.says(READER, "status"))


def test_a_source_is_added_fact_by_fact(room: Room) -> None:
    """A form for the article, then one for each fact; a fact is changed and taken out by the same form."""
    reply = room.fills(
        EDITOR,
        "source add",
        title="A party",
        outlet="The Post",
        url="unknown",
        published="2022-07-01",
        language="en",
    )
    number = number_of(reply)
    assert "states no fact yet" in read(reply)
    for says in ("A party was held on the bridge.", "Nobody fell off."):
        reply = room.fills(
            EDITOR, f"draft fact {number}", date="2022-07-01", says=says, kind="event", tags="bridge"
        )
    assert not reply.abstained, read(reply)
    reply = room.fills(EDITOR, f"draft fact {number} nobody-fell-off", speaker="the mayor")
    assert "the mayor: Nobody fell off." in read(reply)
    room.says(EDITOR, f"draft publish {number}")
    assert "Nobody fell off." in read(room.says(READER, "source 2022-07-01-a-party"))


def test_a_correction_says_what_was_wrong_from_then_on(room: Room) -> None:
    """The new text stands, the note with it, the old one is kept in the history with who and when."""
    text = standing(room, STRIKES).replace("holds up", "delays")
    room.published(EDITOR, f"correct {STRIKES} was it said that the strike holds up the bridge", text)
    seen = read(room.says(READER, f"briefing {STRIKES}"))
    assert "A strike delays the bridge." in seen
    assert "it said that the strike holds up the bridge" in seen
    assert "1 August 2022" in seen
    told = read(room.says(EDITOR, f"history {STRIKES}"))
    assert "− state: A strike holds up the bridge." in told
    assert "+ state: A strike delays the bridge." in told
    assert "corrected by name of 100" in told


def test_a_correction_needs_a_reason_unless_it_is_quiet(room: Room) -> None:
    """Readers are told what was wrong; a typing error is mended without a note."""
    text = standing(room, STRIKES).replace("holds up", "delays")
    assert "what was wrong" in read(room.says(EDITOR, f"correct {STRIKES}", text))
    room.published(EDITOR, f"correct {STRIKES} quiet", text)
    seen = read(room.says(READER, f"briefing {STRIKES}"))
    assert "A strike delays the bridge." in seen
    assert "Corrected" not in seen


def test_one_fact_of_a_source_is_corrected_by_a_form(room: Room) -> None:
    """The form has what the fact says; the rest of the note stays as it was written."""
    before = standing(room, STRIKE, "source")
    reply = room.fills(
        EDITOR,
        f"correct {STRIKE}#strike",
        says="The welders went on strike.",
        was="It said the builders did.",
    )
    room.says(EDITOR, f"draft publish {number_of(reply)}")
    after = standing(room, STRIKE, "source")
    assert "The welders went on strike." in after
    assert "It said the builders did." in after
    assert "the mayor of Alton" in after
    assert before.count("because") == after.count("because")
    assert "The welders went on strike." in read(room.says(READER, f"fact {STRIKE}#strike"))


def test_what_is_retracted_leaves_a_stub_and_comes_back(room: Room) -> None:
    """It leaves the status and the search; its place says why. Restored, it is as before."""
    before = read(room.says(READER, "status"))
    room.published(EDITOR, f"retract {STRIKES} because the strike was made up")
    assert "A strike holds up the bridge." not in read(room.says(READER, "status"))
    assert "the strike was made up" in read(room.says(READER, f"briefing {STRIKES}"))
    assert "already" in read(room.says(EDITOR, f"retract {STRIKES} because of that"))
    room.published(EDITOR, f"restore {STRIKES}")
    assert read(room.says(READER, "status")) == before


def test_a_source_that_is_cited_is_not_retracted(room: Room) -> None:
    """Every briefing that leans on it is named."""
    reply = room.says(EDITOR, f"retract {PLAN}#two-towns because of nothing")
    assert "A fact alone is corrected" in read(reply)
    reply = room.says(EDITOR, f"retract {STRIKE} because it is not true")
    assert reply.abstained
    assert f"briefings/{STRIKES}.md" in read(reply)


def test_undo_takes_back_what_one_published_last(room: Room) -> None:
    """Within ten minutes, one's own, once; what was new is gone, what was changed is as before."""
    room.published(EDITOR, "add", TEXT)
    assert "nothing of yours" in read(room.says(SECOND, "undo"))
    assert "Taken back" in read(room.says(EDITOR, "undo"))
    assert "There is no briefing" in read(room.says(READER, f"briefing {OPENED}"))
    assert "nothing of yours" in read(room.says(EDITOR, "undo"))
    before = standing(room, STRIKES)
    room.published(EDITOR, f"edit {STRIKES}", before.replace("holds up", "delays"))
    room.now += timedelta(minutes=11)
    assert "within ten minutes" in read(room.says(EDITOR, "undo"))
    room.published(EDITOR, f"edit {STRIKES}", before.replace("holds up", "stops"))
    room.says(EDITOR, "undo")
    assert "delays" in standing(room, STRIKES)


def pressed(reply: Reply, label: str) -> str:
    """What a button carries."""
    return next(one.words for one in reply.actions if one.label == label)


def test_a_button_takes_back_what_it_stands_under_and_nothing_else(room: Room) -> None:
    """An older one is refused, in words and in the audit; the right one works, also under the history."""
    first = room.published(EDITOR, "add", TEXT)
    text = standing(room, STRIKES)
    second = room.published(EDITOR, f"edit {STRIKES}", text.replace("holds up", "delays"))
    refused = room.says(EDITOR, pressed(first, "Undo"))
    assert refused.abstained
    assert f"What draft 1 published is not what you published last, which is {STRIKES}" in read(refused)
    assert room.audit()[-1].outcome == "refused: not what they published last"
    assert standing(room, OPENED) == TEXT
    assert "delays" in standing(room, STRIKES)
    assert [one.label for one in room.says(EDITOR, f"history {OPENED}").actions] == ["See it"]
    assert pressed(room.says(EDITOR, f"history {STRIKES}"), "Undo") == pressed(second, "Undo")
    assert "Taken back" in read(room.says(EDITOR, pressed(second, "Undo")))
    assert standing(room, STRIKES) == text
    assert room.says(EDITOR, pressed(second, "Undo")).abstained
    assert room.audit()[-1].outcome == "refused: nothing to undo"
    assert standing(room, STRIKES) == text


def test_who_approves_is_offered_no_undo(room: Room) -> None:
    """It would take back something of their own: what was published is its author's."""
    room.published(SECOND, f"edit {STRIKES}", standing(room, STRIKES).replace("holds up", "delays"))
    room.says(ADMIN, "approval on")
    number = number_of(room.says(EDITOR, "add", TEXT))
    room.says(EDITOR, f"draft publish {number}")
    done = approved(room, SECOND, number)
    assert "Published" in read(done)
    assert "Undo" not in [one.label for one in done.actions]
    assert room.says(SECOND, f"undo {number}").abstained
    assert standing(room, OPENED) == TEXT


def test_what_others_lean_on_is_not_undone(room: Room) -> None:
    """A source that a briefing of somebody else cites by now stays; the briefing is named."""
    note = source("2022-07-01-party", fact("party", "A party was held."), published="2022-07-01")
    room.published(EDITOR, "source add", note)
    story = briefing("2022-07-02-party", "There was a party [@2022-07-01-party#party].", state="They danced.")
    room.published(SECOND, "add", story)
    reply = room.says(EDITOR, "undo")
    assert reply.abstained
    assert "2022-07-02-party" in read(reply)
    assert "They danced." in read(room.says(READER, "status"))


def test_what_was_undone_can_be_added_again(room: Room) -> None:
    """The id is free, and the history goes on."""
    room.published(EDITOR, "add", TEXT)
    room.says(EDITOR, "undo")
    room.published(EDITOR, "add", TEXT)
    assert "The bridge is open." in read(room.says(READER, "status"))
    told = read(room.says(EDITOR, f"history {OPENED}"))
    assert "Version 3" in told
    assert "put back" in told


def test_two_drafts_of_one_thing_do_not_overwrite_each_other(room: Room) -> None:
    """The second is told that what it changes has changed."""
    text = standing(room, STRIKES)
    first = number_of(room.says(EDITOR, f"edit {STRIKES}", text.replace("holds up", "delays")))
    second = number_of(room.says(SECOND, f"edit {STRIKES}", text.replace("holds up", "stops")))
    room.says(EDITOR, f"draft publish {first}")
    reply = room.says(SECOND, f"draft publish {second}")
    assert reply.abstained
    assert "has been changed since" in read(reply)
    assert "delays" in standing(room, STRIKES)


@pytest.mark.parametrize("command", ["publish", "edit", "discard"])
def test_a_draft_is_published_once(room: Room, command: str) -> None:
    """A form sent twice, a button pressed again: nothing happens, and it says so."""
    room.says(EDITOR, "add", TEXT)
    room.says(EDITOR, "draft publish 1")
    rows = room.rows("revision")
    reply = room.says(EDITOR, f"draft {command} 1", *([TEXT] if command == "edit" else []))
    assert "was published already" in read(reply)
    assert room.rows("revision") == rows


def test_what_is_there_already_is_not_added(room: Room) -> None:
    """Whoever adds it is told to edit it."""
    reply = room.says(EDITOR, "add", standing(room, STRIKES))
    assert reply.abstained
    assert f"`edit {STRIKES}`" in read(reply)


@pytest.mark.parametrize("who", [READER, person("500", "")], ids=["on a server", "in a direct message"])
def test_a_reader_may_not(room: Room, who: Asker) -> None:
    """Every command of the newsroom is refused, alone, and changes nothing."""
    rows = room.rows("revision"), room.rows("draft")
    for command in room.desk.commands:
        if command.access == "curators":
            reply = room.says(who, f"{command.name} {STRIKES} because 1", TEXT)
            assert reply.abstained, command.name
    assert (room.rows("revision"), room.rows("draft")) == rows


def test_a_server_admin_writes_for_their_server_alone(room: Room) -> None:
    """Readers there see it, nobody elsewhere does, and what is for everyone is not theirs to change."""
    room.published(ADMIN, "add", TEXT)
    assert "The bridge is open." in read(room.says(READER, "status"))
    for other in (OTHER_ADMIN, OWNER, OPERATOR, person("400", "")):
        assert "The bridge is open." not in read(room.says(other, "status"))
    assert "audience: discord/1" in standing(room, OPENED)
    refused = room.says(ADMIN, f"edit {STRIKES}", standing(room, STRIKES))
    assert refused.abstained
    assert "editors" in read(refused)
    assert room.says(OTHER_ADMIN, f"edit {OPENED}", TEXT).abstained


def test_an_admin_of_a_workspace_writes_for_it_alone(room: Room) -> None:
    """As one of a server does, in Slack's words; its id is the workspace's own, with its capitals."""
    boss = person("U200", "T02ABCD", manages=True, on="slack")
    reader = person("U400", "T02ABCD", on="slack")
    drafted = room.says(boss, "add", TEXT)
    assert "this workspace" in read(drafted)
    assert "Published" in read(room.says(boss, f"draft publish {number_of(drafted)}"))
    assert "audience: slack/T02ABCD" in standing(room, OPENED)
    assert "The bridge is open." in read(room.says(reader, "status"))
    for other in (READER, OWNER, person("U400", "", on="slack"), person("U400", "T9", on="slack")):
        assert "The bridge is open." not in read(room.says(other, "status"))
    for words in (f"edit {STRIKES}", f"retract {STRIKES} because it was wrong"):
        refused = read(room.says(boss, words, standing(room, STRIKES)))
        assert "What you may change is what was written for this workspace." in refused
    assert "there is no" in read(room.says(EDITOR, f"retract {OPENED} because so")).lower()
    (row, *_) = [row for row in room.audit() if row.item == OPENED]
    assert (row.platform, row.server, row.audience) == ("slack", "T02ABCD", "slack/T02ABCD")
    assert "on slack, workspace T02ABCD, channel 11" in read(room.says(boss, "log"))


def test_an_editor_of_one_platform_writes_for_readers_of_both(room: Room) -> None:
    """What is for everyone is for everyone; two who approve each other may be on different platforms."""
    room.says(OWNER, "editors add slack/U100")
    editor = person("U100", "", on="slack")
    room.says(OWNER, "approval on")
    number = number_of(room.says(editor, "add", TEXT))
    assert "waits for a second person" in read(room.says(editor, f"draft publish {number}"))
    assert "Published" in read(approved(room, EDITOR, number))
    for reader in (READER, person("U400", "T02ABCD", on="slack"), person("U400", "", on="slack")):
        assert "The bridge is open." in read(room.says(reader, "status"))


@pytest.mark.parametrize(
    "who", [ADMIN, person("U200", "T1", manages=True, on="slack")], ids=["Discord", "Slack"]
)
def test_a_form_for_what_is_not_theirs_is_refused_in_words(room: Room, who: Asker) -> None:
    """As the command with a file is, and written down as that is; a form that opens writes nothing."""
    for words, item, why in (
        (f"edit {STRIKES}", STRIKES, "not theirs to change"),
        (f"correct {STRIKES}", STRIKES, "not theirs to change"),
        (f"retract {STRIKES}", STRIKES, "not theirs to change"),
        ("draft edit 7", "draft 7", "no draft of theirs"),
        ("draft fact 7", "draft 7", "no draft of theirs"),
    ):
        found = room.form(who, words)
        assert isinstance(found, Reply)
        assert found.abstained
        expected = "There is no draft" if words.startswith("draft") else "is for everyone"
        assert expected in read(found)
        row = room.audit()[-1]
        assert (row.act, row.item, row.outcome) == (words.split()[0], item, f"refused: {why}")
    refused = room.form(READER, "add")
    assert isinstance(refused, Reply)
    assert (room.audit()[-1].act, room.audit()[-1].outcome) == ("add", "refused")
    rows = room.rows("audit"), room.rows("person")
    assert isinstance(room.form(who, "add"), Form)
    assert (room.rows("audit"), room.rows("person")) == rows


@pytest.mark.parametrize("audience", ["discord/2", "slack/T1"])
def test_nobody_writes_for_a_server_that_is_not_theirs(room: Room, audience: str) -> None:
    """A document may say for whom it is; that does not give the right."""
    text = TEXT.replace("---\n", f"---\naudience: {audience}\n", 1)
    for who in (ADMIN, EDITOR):
        reply = room.says(who, "add", text)
        assert reply.abstained
        assert audience in read(reply)
    assert room.rows("draft") == []


def test_what_is_for_one_server_is_cited_by_no_other(room: Room) -> None:
    """Its facts do not exist for others; the editors of what is for everyone cannot lean on them either."""
    note = source("2022-07-01-party", fact("party", "A party was held."), published="2022-07-01")
    room.published(ADMIN, "source add", note)
    story = briefing("2022-07-02-party", "There was a party [@2022-07-01-party#party].", state="They danced.")
    for who in (OTHER_ADMIN, EDITOR):
        assert "there is no source 2022-07-01-party" in read(room.says(who, "add", story))
    assert not room.says(ADMIN, "add", story).abstained


def approved(room: Room, who: Asker, number: int) -> Reply:
    """What comes of pressing Approve below what somebody is shown."""
    shown = room.says(who, f"draft show {number}")
    return room.says(who, next(one.words for one in shown.actions if one.label == "Approve"))


def test_two_persons_are_needed_where_a_server_wishes_it(room: Room) -> None:
    """What one drafts waits; another finds it in their drafts and approves it; nobody approves their own."""
    room.says(ADMIN, "approval on")
    room.says(EDITOR, "add", TEXT)
    waits = room.says(EDITOR, "draft publish 1")
    assert "waits for a second person" in read(waits)
    assert "waits" in read(room.says(EDITOR, "draft publish 1"))
    assert not standing(room, OPENED)
    listed = read(room.says(SECOND, "drafts"))
    assert OPENED in listed
    assert "name of 100" in listed
    assert "Published" in read(approved(room, SECOND, 1))
    acts = [(row.act, row.outcome) for row in room.audit() if row.item == OPENED]
    assert acts == [
        ("add: draft", "done"),
        ("draft publish", "waits for a second person"),
        ("draft publish", "waits for a second person"),
        ("approve", "done"),
    ]


def test_who_approves_approves_what_they_saw(room: Room) -> None:
    """Without the mark of a preview, or with that of other words, the draft is shown and not published."""
    room.says(ADMIN, "approval on")
    room.says(EDITOR, "add", TEXT)
    room.says(EDITOR, "draft publish 1")
    old = next(one.words for one in room.says(SECOND, "draft show 1").actions if one.label == "Approve")
    room.says(EDITOR, "draft edit 1", TEXT.replace("is open.", "is shut."))
    room.says(EDITOR, "draft publish 1")
    for words in ("draft publish 1", old):
        assert "The bridge is shut." in read(room.says(SECOND, words))
        assert not standing(room, OPENED)
    approved(room, SECOND, 1)
    assert "is shut." in standing(room, OPENED)


def test_who_approves_changes_nothing_and_may_send_back(room: Room) -> None:
    """Only its author edits a draft; sent back, it is theirs again as it was."""
    room.says(ADMIN, "approval on")
    room.says(EDITOR, "add", TEXT)
    room.says(EDITOR, "draft publish 1")
    reply = room.says(SECOND, "draft edit 1", TEXT.replace("is open.", "is shut."))
    assert "somebody else's" in read(reply)
    assert "sent back" in read(room.says(SECOND, "draft discard 1"))
    assert "no drafts" in read(room.says(SECOND, "drafts"))
    assert OPENED in read(room.says(EDITOR, "drafts"))


@pytest.mark.parametrize("who", [ADMIN, EDITOR])
def test_a_draft_changes_what_it_was_begun_for_and_nothing_else(room: Room, who: Asker) -> None:
    """Another id in the text of a draft is refused, for whoever it is: nothing else is written over."""
    room.published(who, "add", TEXT)
    number = number_of(
        room.says(who, f"edit {OPENED}", standing(room, OPENED).replace("is open.", "is shut."))
    )
    before = standing(room, STRIKES)
    text = standing(room, OPENED).replace(OPENED, STRIKES)
    for reply in (room.says(who, f"draft edit {number}", text), room.says(who, f"draft publish {number}")):
        assert reply.abstained
        assert "an id stays what it is" in read(reply)
    assert standing(room, STRIKES) == before


def test_several_files_mend_the_documents_they_are(room: Room) -> None:
    """By kind and id; a new one comes besides, and none twice."""
    note = source("2022-07-01-party", fact("party", "A party was held."), published="2022-07-01")
    story = briefing("2022-07-01-party", "There was one [@2022-07-01-party#party].", state="They danced.")
    number = number_of(room.says(EDITOR, "add", story))
    assert not room.says(EDITOR, f"draft edit {number}", story, note).abstained
    again = room.says(EDITOR, f"add to {number}", story)
    assert f"sent already: it is in draft {number}; nothing was added" in read(again)
    assert not room.says(EDITOR, f"draft show {number}").abstained
    twice = room.says(EDITOR, f"add to {number}", story.replace("danced", "sang"))
    assert "stands twice" in read(twice)


@pytest.mark.parametrize("command", ["retract", "restore"])
def test_a_retraction_brings_no_other_words(room: Room, command: str) -> None:
    """Only the reason can be another; what comes back is what was."""
    before = standing(room, STRIKES)
    number = number_of(room.says(EDITOR, f"retract {STRIKES} because of nothing"))
    if command == "restore":
        room.says(EDITOR, f"draft publish {number}")
        number = number_of(room.says(EDITOR, f"restore {STRIKES}"))
    reply = room.says(EDITOR, f"draft edit {number}", before.replace("holds up", "stops"))
    assert "takes back what stands as it is" in read(reply)
    assert "holds up" in standing(room, STRIKES)


def test_a_file_does_not_take_corrections_away(room: Room) -> None:
    """What was wrong once stays told, whatever the front matter of a new text says."""
    text = standing(room, STRIKES).replace("holds up", "delays")
    room.published(EDITOR, f"correct {STRIKES} was it said holds up", text)
    bare = text.replace("---\n", "---\ncorrections: []\n", 1).replace("delays", "stops")
    room.published(EDITOR, f"edit {STRIKES}", bare)
    assert "it said holds up" in read(room.says(READER, f"briefing {STRIKES}"))
    gone = bare.replace("corrections: []", "retracted: {on: 2022-08-01, because: x}")
    room.published(EDITOR, f"edit {STRIKES}", gone.replace("stops", "ends"))
    assert "ends" in read(room.says(READER, f"briefing {STRIKES}"))


def test_a_correction_keeps_the_day_and_every_fact(room: Room) -> None:
    """Else an answer as of a day could not tell what was known: it says what to do."""
    text = (
        standing(room, STRIKES)
        .replace("2022-03-05\n", "2022-03-06\n")
        .replace('"2022-03-05"', '"2022-03-06"')
    )
    assert "keeps the day" in read(room.says(EDITOR, f"correct {STRIKES} was it was the wrong day", text))
    note = standing(room, PLAN, "source")
    less = note[: note.index("  - id: who-pays")] + "---\n"
    reply = room.says(EDITOR, f"correct corpus/{PLAN} was one is not so", less)
    assert "#who-pays is gone" in read(reply)


def test_an_overtaken_draft_is_given_anew(room: Room) -> None:
    """With its text anew, it is a change of what stands by then."""
    text = standing(room, STRIKES)
    first = number_of(room.says(EDITOR, f"edit {STRIKES}", text.replace("holds up", "delays")))
    second = number_of(room.says(SECOND, f"edit {STRIKES}", text.replace("holds up", "stops")))
    room.says(EDITOR, f"draft publish {first}")
    assert f"`draft edit {second}` with the text anew" in read(room.says(SECOND, f"draft show {second}"))
    room.says(SECOND, f"draft edit {second}", text.replace("holds up", "stops"))
    assert "Published" in read(room.says(SECOND, f"draft publish {second}"))
    assert "stops" in standing(room, STRIKES)


def test_an_owner_sees_what_readers_of_a_server_will(room: Room) -> None:
    """From elsewhere: a document says for whom it is, and its draft and its preview are for them."""
    text = TEXT.replace("---\n", "---\naudience: discord/1\n", 1)
    draft = room.says(OWNER, "add", text)
    assert "for one server (discord/1)" in read(draft)
    assert "The bridge is open." in read(draft)
    room.says(OWNER, f"draft publish {number_of(draft)}")
    assert "The bridge is open." in read(room.says(READER, "status"))
    assert "The bridge is open." not in read(room.says(OWNER, "status"))
    assert {row.audience for row in room.audit() if row.item == OPENED} == {"discord/1"}


def test_what_was_taken_away_still_has_a_history(room: Room) -> None:
    """Who added it, and that it was put back."""
    room.published(EDITOR, "add", TEXT)
    done = room.says(EDITOR, "undo")
    assert "not there any more" in read(done)
    assert "added by name of 100" in read(room.says(EDITOR, f"history {OPENED}"))


def test_a_draft_that_was_changed_has_to_be_looked_at_anew(room: Room) -> None:
    """Whoever edits a waiting draft takes it back from those who would approve it."""
    room.says(ADMIN, "approval on")
    room.says(EDITOR, "add", TEXT)
    room.says(EDITOR, "draft publish 1")
    room.says(EDITOR, "draft edit 1", TEXT.replace("is open.", "is shut."))
    assert "no draft 1 of yours" in read(room.says(SECOND, "draft publish 1"))


def test_the_audit_tells_what_was_done_by_whom_and_where(room: Room) -> None:
    """Each act is a row, with the versions before and after; refusals as well."""
    room.published(EDITOR, "add", TEXT)
    room.says(ADMIN, f"edit {STRIKES}", TEXT)
    rows = room.audit()
    assert [(row.act, row.item, row.before, row.after) for row in rows[:2]] == [
        ("add: draft", OPENED, "", "draft 1"),
        ("publish", OPENED, "not there", "version 1"),
    ]
    assert rows[-1].outcome.startswith("refused")
    assert rows[-1].item == STRIKES
    assert {row.place for row in rows} == {"11"}


def test_the_audit_tells_what_came_of_a_draft(room: Room) -> None:
    """A draft with problems is kept with these; one that is not published says why, and is not done."""
    text = TEXT.replace(f" [@{STRIKE}#strike]", "").replace('"2022-06-01"', '"June"')
    room.says(EDITOR, "add", text)
    room.says(EDITOR, "draft publish 1")
    room.says(EDITOR, "draft edit 1", TEXT)
    room.says(SECOND, "add", TEXT)
    room.says(SECOND, "draft publish 2")
    room.says(EDITOR, "draft publish 1")
    note = source("2022-07-01-x", fact("a", "A."), published="2022-07-01")
    room.says(EDITOR, "source add", note[: note.index("facts:")] + "facts: []\n---\n")
    assert [(row.act, row.outcome) for row in room.audit()] == [
        ("add: draft", "kept, with 2 problems"),
        ("draft publish", "refused: 2 problems"),
        ("draft edit", "done"),
        ("add: draft", "done"),
        ("publish", "done"),
        ("draft publish", "refused: 1 problem"),
        ("add: draft", "kept, with no fact yet"),
    ]


def test_a_history_has_every_version_and_one_in_full(room: Room) -> None:
    """All of them over pages; of one alone, every line that it changed."""
    for number in range(10):
        text = standing(room, STRIKES).replace("title: ", f"title: {number}", 1)
        lines = "".join(f" It is {number} to {n} [@{STRIKE}#strike]." for n in range(20))
        room.published(EDITOR, f"edit {STRIKES}", text.rstrip() + lines + "\n")
    every = room.says(EDITOR, f"history {STRIKES}")
    assert [one.title for one in every.sections] == [f"Version {n}" for n in range(11, 0, -1)]
    assert f"more: !bridge history {STRIKES} version 11" in read(every)
    assert "9 to 19" not in read(every)
    one = room.says(EDITOR, f"history {STRIKES} version 11")
    assert [section.title for section in one.sections] == ["Version 11"]
    said = [line.text for line in one.sections[0].lines]
    assert {f"+ It is 9 to {n}. [{STRIKE}#strike]" for n in range(20)} <= {*said}
    assert "has no version 12" in read(room.says(EDITOR, f"history {STRIKES} version 12"))


def test_a_person_keeps_at_most_twenty_drafts(room: Room) -> None:
    """The twenty-first is refused, and loses nothing that was there."""
    for number in range(20):
        room.says(EDITOR, "add", TEXT.replace(OPENED, f"{OPENED}-{number}"))
    reply = room.says(EDITOR, "add", TEXT)
    assert reply.abstained
    assert "20 open drafts" in read(reply)
    assert len(room.rows("draft")) == 20


def test_facts_are_found_to_be_cited(room: Room) -> None:
    """As citations to copy, with what they say."""
    reply = room.says(EDITOR, "cite who pays for lamps")
    assert f"[@{PLAN}#who-pays]" in read(reply)


def test_drafts_and_facts_complete_what_is_typed(room: Room) -> None:
    """One's own drafts by number, and a fact by its words where an item is asked for."""
    room.says(EDITOR, "add", TEXT)
    table = {command.name: command for command in room.desk.commands}
    draft, item = table["draft show"], table["correct"]

    def offered(command: Command, typed: str, who: Asker) -> list[str]:
        return [value for _, value in room.desk.complete(command, command.params[0], typed, NOW.date(), who)]

    assert offered(draft, "", EDITOR) == ["1"]
    assert offered(draft, "", SECOND) == []
    assert offered(draft, "", READER) == []
    assert f"{STRIKE}#strike" in offered(item, "builders strike", EDITOR)


def test_a_servers_own_holds_back_nothing_that_is_for_everyone(room: Room) -> None:
    """It is held out, its admins read why and have its text; the editor is told only that there was one."""
    own = briefing("2022-06-02-own", f"They struck [@{STRIKE}#strike].", state="They struck, says server 1.")
    room.published(ADMIN, "add", own)
    room.published(EDITOR, f"retract {STRIKES} because it leans on what is wrong")
    done = read(room.published(EDITOR, f"retract {STRIKE} because it is wrong"))
    assert "1 document of a server of its own leaned on what is gone, and is held out." in done
    assert "2022-06-02-own" not in done
    assert "says server 1" not in read(room.says(READER, "status"))
    assert "held out" in read(room.says(ADMIN, "log"))
    assert "2022-06-02-own" not in read(room.says(person(EDITOR.user, ""), "log"))
    again = room.says(ADMIN, "edit 2022-06-02-own", own.replace(f"{STRIKE}#strike", f"{PLAN}#two-towns"))
    room.says(ADMIN, f"draft publish {number_of(again)}")
    assert "says server 1" in read(room.says(READER, "status"))
    assert "Taken back" in read(room.says(ADMIN, "undo"))
