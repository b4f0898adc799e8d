"""How corrections travel: which posts are to be mended, once each, and always from what they first said."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.command.asker import Place
from bot.command.terms import WORKSPACE_TERMS
from bot.curate.copies.travelling import TAKEN_OUT, travel
from bot.desk.desk import Desk
from bot.load.note import parse
from bot.render.asjson import as_json
from bot.render.discord import message
from bot.reply import Reply, parse_reply
from bot.store import outbox as kept
from bot.store.marks import new_mark
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox, Progress, State, Task
from bot.store.writing import Made, Put, drop, put
from tests import ferry
from tests.digest.servers import LOST, OTHER, RUNNER, Bot, an_asker

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)
NINE = NOON + 21 * HOUR  # the first digests
THEN = NINE + DAY  # 22 June 2021, when things are corrected

OVER, END = "2019-06-20-over", "2019-06-20-end"
STATE, WRONG = "Alton left the ferry on 19 June 2019.", "It said 19 June; it was 18 June."
RIGHT = "Alton left the ferry on 18 June 2019."
CORRECTED = "Corrected on 22 June 2021"

Name = tuple[str, str]


class Story:
    """The ferry, with digests of it in some channels, and an editor who changes it."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.now = THEN

    def publish(self, kind: str, name: str, text: str, act: str = "correct", now: datetime = THEN) -> int:
        """Writes a document, and sends it on; returns how many posts are to change."""
        item = parse(f"{name}.md", kind, text).item
        assert item is not None, parse(f"{name}.md", kind, text).problems
        return self.write(lambda db: put(db, "ferry", [Put(item, text)], Made(act), now), (kind, name), now)

    def take_out(self, kind: str, name: str) -> int:
        """Takes a document away, as the undoing of its addition does."""
        return self.write(
            lambda db: drop(db, "ferry", [(kind, name)], Made("undo"), THEN), (kind, name), THEN
        )

    def write(self, work: Callable[[Database], list[int]], item: Name, now: datetime) -> int:
        """Changes the story in one transaction with what follows."""

        def both(db: Database) -> int:
            self.revision = max(work(db))
            db.conn.execute("UPDATE story SET version = version + 1")
            return travel(db, "ferry", [item], self.revision, now, new_mark)

        return self.bot.store.write(both)

    def progress(self, revision: int | None = None) -> Progress:
        """How far the newest correction has come."""
        with self.bot.store.reading("ferry") as shelf:
            return Outbox(shelf.connection).progress(revision or self.revision)

    def rows(self, task: Task) -> list[DeliveryRow]:
        """All deliveries of a task, the oldest first."""
        columns = ", ".join(DeliveryRow._fields)
        with self.bot.store.reading("ferry") as shelf:
            found = shelf.connection.execute(
                f"SELECT {columns} FROM delivery WHERE task = ? ORDER BY revision, made, place, place_kind",
                (task,),
            ).fetchall()
        return [DeliveryRow._make(row) for row in found]

    def become(self, row: DeliveryRow, **fields: Any) -> None:
        """Has something become of a delivery."""
        self.bot.store.write(lambda db: Outbox(db.conn).save(row._replace(**fields)))

    def promise(self, *rows: DeliveryRow) -> None:
        """Puts deliveries into the outbox."""
        self.bot.store.write(lambda db: Outbox(db.conn).promise_all(rows))

    def said(self, row: DeliveryRow) -> dict[str, list[str]]:
        """What a delivery brings: the lines of each section, by its title."""
        return {section.title: [line.text for line in section.lines] for section in self.reply(row).sections}

    def reply(self, row: DeliveryRow) -> Reply:
        """What a delivery brings."""
        return parse_reply(self.bot.words(row))

    def shown(self, row: DeliveryRow) -> int | None:
        """The body that a post should show."""
        with self.bot.store.reading("ferry") as shelf:
            return Outbox(shelf.connection).shown_body(row.id)

    def carries(self) -> set[tuple[str, int]]:
        """What the bodies of posts carry."""
        with self.bot.store.reading("ferry") as shelf:
            found = shelf.connection.execute("SELECT item, version FROM carries WHERE item != ''")
            return {(str(item), int(version)) for item, version in found.fetchall()}


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Iterator[Story]:
    """Two channels of two servers have the same digest, one the day's news of a strike besides."""
    bot = Bot(tmp_path)
    bot.done("digest subscribe", NOON)
    bot.done("digest subscribe", NOON, OTHER)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE)
    yield Story(bot)
    bot.close()


def text_of(name: str, *front: str, **changed: str) -> str:
    """The text of a document of the ferry: words exchanged, and fields added at its top."""
    text = {**ferry.SOURCES, **ferry.BRIEFINGS}[name]
    for old, new in changed.items():
        assert old == "said"
        before, after = new.split(" → ")
        assert before in text
        text = text.replace(before, after)
    return text.replace(f"id: {name}\n", "\n".join([f"id: {name}", *front, ""]), 1)


def corrections(*was: str, day: str = "2021-06-22") -> list[str]:
    """The field that says what was wrong."""
    return ["corrections:", *(line for one in was for line in (f"  - on: {day}", f"    was: {one}"))]


def corrected(*was: str) -> str:
    """The briefing on the end, with the right day."""
    return text_of(OVER, *corrections(*(was or (WRONG,))), said=f"{STATE} → {RIGHT}")


def retracted() -> str:
    """The briefing on the end, retracted."""
    return text_of(OVER, "retracted:", "  on: 2021-06-22", "  because: Nobody has left.")


def test_a_digest_carries_its_facts_and_the_briefings_it_quotes(story: Story) -> None:
    """In the versions in which they stood when it was made; a fact in the version of its source."""
    assert {(OVER, 1), (f"{END}#left", 1), ("2021-06-20-source#f0", 1)} <= story.carries()


def test_a_correction_is_promised_to_every_post_that_carries_it(story: Story) -> None:
    """Once each, due at once, with words that were composed once; the posts keep their own."""
    posts = story.rows("post")
    assert story.publish("briefing", OVER, corrected()) == 2
    edits = story.rows("edit")
    assert len(edits) == 2
    assert {row.body for row in edits} == {story.shown(post) for post in posts}
    for edit in edits:
        post = next(post for post in posts if post.id == edit.target)
        assert edit[1:9] == (*post[1:6], "edit", *post[7:9])
        assert (edit.state, edit.due, edit.until, edit.publish) == ("due", stamp(THEN), None, 0)
        assert (edit.message, edit.revision) == (post.message, story.revision)
        assert (edit.heading, edit.role) == ("", "")
    said = story.said(edits[0])
    assert next(iter(said)) == CORRECTED
    assert said[CORRECTED] == [WRONG]
    assert said["Where it stands"] == [RIGHT]
    assert [row.body for row in story.rows("post")] == [row.body for row in posts]
    assert story.said(posts[0])["Where it stands"] == [STATE]
    assert story.progress() == Progress(2, 0, 0, 2, 0, ())


def test_what_is_promised_already_is_not_promised_again(story: Story) -> None:
    """A second look finds every post as it should be."""
    story.publish("briefing", OVER, corrected())
    again = story.bot.store.write(
        lambda db: travel(db, "ferry", [("briefing", OVER)], story.revision, THEN, new_mark)
    )
    assert again == 0
    assert len(story.rows("edit")) == 2


def test_a_plain_edit_travels_nowhere(story: Story) -> None:
    """Only what was wrong does; and with what comes later it is told as it stands then."""
    assert story.publish("briefing", OVER, text_of(OVER, said=f"{STATE} → Alton left."), "edit") == 0
    assert story.rows("edit") == []
    assert story.publish("briefing", OVER, corrected()) == 2


def test_a_second_correction_begins_with_what_was_first_said(story: Story) -> None:
    """The post shows both notices and the newest words, however the first has come."""
    story.publish("briefing", OVER, corrected())
    for edit in story.rows("edit"):
        story.become(edit, state="done", done=stamp(THEN))
    later = "Alton left in a hurry."
    text = corrected(WRONG, later).replace("2019 [", "2019, at night [")
    assert story.publish("briefing", OVER, text, now=THEN + HOUR) == 2
    edits = story.rows("edit")[2:]
    assert [row.state for row in edits] == ["due", "due"]
    assert story.said(edits[0])[CORRECTED] == [WRONG, later]
    assert story.said(edits[0])["Where it stands"] == [RIGHT]
    assert story.shown(story.rows("post")[0]) == edits[0].body


@pytest.mark.parametrize("state", ["due", "taken"])
def test_an_edit_that_is_not_done_brings_the_newer_words(story: Story, state: State) -> None:
    """There is no second one beside it; of one under way the pump sees that it brought other words."""
    story.publish("briefing", OVER, corrected())
    for edit in story.rows("edit"):
        story.become(edit, state=state)
    assert story.publish("briefing", OVER, corrected(WRONG, "It was a Tuesday."), now=THEN + HOUR) == 2
    edits = story.rows("edit")
    assert [(row.state, row.revision) for row in edits] == [(state, story.revision)] * 2
    assert story.said(edits[0])[CORRECTED] == [WRONG, "It was a Tuesday."]
    assert story.shown(story.rows("post")[0]) == edits[0].body


@pytest.mark.parametrize("change", [corrected(), retracted()], ids=["a correction", "a retraction"])
def test_what_is_taken_back_gives_the_posts_their_own_words_again(story: Story, change: str) -> None:
    """After an undo, or a restoration, the edit has the words that were posted."""
    story.publish("briefing", OVER, change, "retract")
    for edit in story.rows("edit"):
        story.become(edit, state="done", done=stamp(THEN))
    assert story.publish("briefing", OVER, text_of(OVER), "undo", THEN + HOUR) == 2
    posts, edits = story.rows("post"), story.rows("edit")[2:]
    assert [row.body for row in edits] == [row.body for row in posts]


def test_what_said_it_only_while_it_was_corrected_is_told_too(story: Story) -> None:
    """A digest of the time between a correction and its undoing says what then no longer stands."""
    story.publish("briefing", OVER, corrected())
    story.bot.learn("2021-06-22", "It sank.")
    story.bot.make(NINE + 2 * DAY)
    story.bot.send(NINE + 2 * DAY)
    late = NINE + 2 * DAY + HOUR
    assert story.publish("briefing", OVER, text_of(OVER), "undo", late) == 4
    said = [story.said(row) for row in story.rows("edit")]
    between = next(one for one in said if "It sank." in one.get("Reported", ()))
    assert between["Corrected on 23 June 2021"] == [f"A correction was taken back: {WRONG}"]
    assert between["Where it stands"] == [STATE]


def test_a_retracted_briefing_leaves_its_posts_with_why(story: Story) -> None:
    """In the place of its words, and above all."""
    assert story.publish("briefing", OVER, retracted(), "retract") == 2
    said = story.said(story.rows("edit")[0])
    assert said[CORRECTED] == ["“Alton leaves” was retracted: Nobody has left."]
    assert said["Where it stands"] == ["Retracted on 22 June 2021: Nobody has left."]


def test_a_document_that_is_gone_is_as_if_retracted(story: Story) -> None:
    """On the day on which it went."""
    assert story.take_out("briefing", OVER) == 2
    said = story.said(story.rows("edit")[0])
    assert said["Where it stands"] == [f"Retracted on 22 June 2021: {TAKEN_OUT}"]


def test_a_corrected_source_reaches_what_cites_the_fact(story: Story) -> None:
    """And not what cites only another of its facts."""
    said = "Alton left the agreement on 19 June 2019. → Alton left the agreement on 18 June 2019."
    facts = ["    facts:", "      - id: left", "        date: 2019-06-19", f"        says: {STATE}"]
    other = [line.replace("id: left", "id: blame") for line in facts]
    assert story.publish("source", END, text_of(END, *corrections("Not blame."), *other, said=said)) == 0
    text = text_of(END, *corrections("Not blame."), *other, *corrections(WRONG)[1:], *facts, said=said)
    assert story.publish("source", END, text) == 2
    assert story.said(story.rows("edit")[0])[CORRECTED] == [WRONG]


def test_facts_of_digests_from_before_versions_were_kept_have_their_first(story: Story) -> None:
    """Version 0 stands for it."""
    story.bot.store.write(lambda db: db.conn.execute("UPDATE carries SET version = 0 WHERE item LIKE '%#%'"))
    text = text_of(END, *corrections(WRONG), said="19 June 2019. → 18 June 2019.")
    assert story.publish("source", END, text) == 2


def test_posts_that_are_still_unsent_bring_the_right_words_themselves(story: Story) -> None:
    """No edit follows; and what is taken back before they are sent gives them theirs again."""
    story.bot.learn("2021-06-22", "It sank.")
    story.bot.make(NINE + 2 * DAY)
    unsent = [row for row in story.rows("post") if row.state == "due"]
    assert len(unsent) == 2
    late = NINE + 2 * DAY + HOUR
    assert story.publish("briefing", OVER, corrected(), now=late) == 4
    assert len(story.rows("edit")) == 2
    changed = [row for row in story.rows("post") if row.id in {row.id for row in unsent}]
    assert {row.revision for row in changed} == {story.revision}
    assert story.said(changed[0])["Where it stands"] == [RIGHT]
    assert story.publish("briefing", OVER, corrected(WRONG, "More."), now=late) == 4
    changed = [row for row in story.rows("post") if row.id in {row.id for row in unsent}]
    assert story.said(changed[0])[CORRECTED] == [WRONG, "More."]
    assert story.publish("briefing", OVER, text_of(OVER), "undo", late) == 4
    changed = [row for row in story.rows("post") if row.id in {row.id for row in unsent}]
    assert [row.body for row in changed] == [row.body for row in unsent]


def test_a_post_that_went_out_with_the_right_words_is_mended_from_its_first(story: Story) -> None:
    """What it would have said counts, not what it was given in its place."""
    story.bot.learn("2021-06-22", "It sank.")
    story.bot.make(NINE + 2 * DAY)
    first = next(row for row in story.rows("post") if row.state == "due").body
    story.publish("briefing", OVER, corrected(), now=NINE + 2 * DAY)
    story.bot.send(NINE + 2 * DAY)
    story.publish("briefing", OVER, text_of(OVER), "undo", NINE + 2 * DAY + HOUR)
    last = [row for row in story.rows("post") if row.made == stamp(NINE + 2 * DAY)]
    assert {story.shown(row) for row in last} == {first}


@pytest.mark.parametrize(
    "fields", [{"state": "taken"}, {"state": "due", "unsure": 1}], ids=["taken", "unsure"]
)
def test_a_post_under_way_gets_an_edit_that_waits_for_it(story: Story, fields: dict[str, Any]) -> None:
    """It may have the wrong words by now; where it stands is not known yet."""
    for post in story.rows("post"):
        story.become(post, message="", done=None, **fields)
    assert story.publish("briefing", OVER, corrected()) == 2
    assert [(row.message, row.due) for row in story.rows("edit")] == [("", stamp(THEN))] * 2
    assert {story.said(row)["Where it stands"][0] for row in story.rows("post")} == {STATE}


@pytest.mark.parametrize(
    ("fields", "edits"),
    [
        ({"state": "held"}, 1),
        ({"state": "refused"}, 1),
        ({"message": ""}, 1),
        ({"message": "", "platform": "terminal"}, 2),
        ({"story": "other"}, 1),
        ({"task": "notice"}, 1),
    ],
    ids=["held", "refused", "deleted", "on the terminal", "of another story", "a notice"],
)
def test_only_posts_that_can_show_it_are_mended(story: Story, fields: dict[str, Any], edits: int) -> None:
    """What never arrived goes into the next edition; what has no message any more shows nothing."""
    story.become(story.rows("post")[0], **fields)
    assert story.publish("briefing", OVER, corrected()) == edits
    assert len(story.rows("edit")) == edits


def test_nothing_travels_to_whom_it_was_never_told(story: Story) -> None:
    """A briefing of one server stands in its digests alone, and so does its correction."""
    name = "2021-06-21-dock"
    own = f"""---
id: {name}
audience: discord/1
title: A dock
as_of: 2021-06-21
state: The dock is dry.
phase: dock
---
The dock is dry [@{END}#left].
"""
    story.publish("briefing", name, own, "add", NINE + HOUR)
    story.bot.make(NINE + DAY)
    story.bot.send(NINE + DAY)
    mine = [row for row in story.rows("post") if "The dock is dry." in story.bot.words(row)]
    assert {row.server for row in mine} == {"1"}
    mended = own.replace("dry", "wet").replace("phase:", "\n".join([*corrections("It is wet."), "phase:"]))
    assert story.publish("briefing", name, mended, now=NINE + DAY + HOUR) == 1
    assert [row.server for row in story.rows("edit")] == ["1"]


# ── posts of both platforms ─────────────────────────────────────────────────────────────

WORKSPACE = Place("slack", "T02ABCD", "C11NEWS", "#news", "text")
MEMBER = an_asker(WORKSPACE, platform="slack", user="U01ADMIN", terms=WORKSPACE_TERMS)


@pytest.fixture(name="both")
def _both(story: Story) -> Story:
    """A channel of a workspace has the same digest as those of the servers."""
    story.bot.done("digest subscribe", NINE + HOUR, MEMBER)
    story.bot.learn("2021-06-22", "The ferry turns.")
    story.bot.make(NINE + DAY)
    story.bot.send(NINE + DAY)
    assert {row.platform for row in story.rows("post")} == {"discord", "slack"}
    return story


def test_a_correction_reaches_the_posts_of_every_platform(both: Story) -> None:
    """Wherever it was made; each post is mended once, and its editor sees all of them."""
    posts = {row.id: row for row in both.rows("post")}
    assert both.publish("briefing", OVER, corrected(), now=NINE + DAY + HOUR) == len(posts)
    edits = both.rows("edit")
    assert {row.target for row in edits} == {*posts}
    for edit in edits:
        post = posts[edit.target]
        assert (edit.platform, edit.server, edit.place, edit.message) == (
            post.platform,
            post.server,
            post.place,
            post.message,
        )
        assert both.said(edit)[CORRECTED] == [WRONG]
    for edit in edits:
        outcome = "refused" if edit.platform == "slack" else "done"
        both.become(edit, state=outcome, outcome="cannot be edited" if outcome == "refused" else "")
    failed = (("#news (C11NEWS)", "cannot be edited"),)
    assert both.progress() == Progress(len(posts), len(posts) - 1, 0, 0, 0, failed)


def test_posts_with_the_same_words_are_amended_once_for_both_platforms(both: Story) -> None:
    """The words do not depend on where they stand."""
    both.publish("briefing", OVER, corrected(), now=NINE + DAY + HOUR)
    posts = {row.id: row for row in both.rows("post")}
    bodies: dict[int | None, set[int | None]] = {}
    for edit in both.rows("edit"):
        bodies.setdefault(posts[edit.target].body, set()).add(edit.body)
    assert all(len(made) == 1 for made in bodies.values())
    assert len({posts[row.target].platform for row in both.rows("edit")}) == 2


def test_what_is_a_workspaces_own_travels_to_its_posts_alone(both: Story) -> None:
    """Neither to a server, nor to another workspace."""
    own = dock("The dock is dry.").replace("phase:", "audience: slack/T02ABCD\nphase:")
    now = NINE + DAY + HOUR
    both.publish("briefing", DOCK, own, "add", now)
    both.bot.make(NINE + 2 * DAY)
    both.bot.send(NINE + 2 * DAY)
    mine = [row for row in both.rows("post") if "The dock is dry." in both.bot.words(row)]
    assert {row.platform for row in mine} == {"slack"}
    mended = own.replace("dry", "wet").replace("phase:", "\n".join([*corrections("It is wet."), "phase:"]))
    assert both.publish("briefing", DOCK, mended, now=NINE + 2 * DAY + HOUR) == 1
    assert [(row.platform, row.server) for row in both.rows("edit")] == [("slack", "T02ABCD")]


# ── ids that are used anew ──────────────────────────────────────────────────────────────

DOCK = "2021-06-21-dock"


def dock(text: str, *front: str, server: str = "") -> str:
    """A briefing on the dock; for one server, where one is named."""
    fields = [*([f"audience: discord/{server}"] if server else []), *front]
    head = f"id: {DOCK}\ntitle: A dock\nas_of: 2021-06-21\nstate: {text}\nphase: dock"
    return "\n".join(["---", head, *fields, "---", f"{text} [@{END}#left].", ""])


def on_servers(story: Story, rows: list[DeliveryRow]) -> dict[str, str]:
    """The words of the newest delivery on each server."""
    return {row.server: story.bot.words(row) for row in rows}


@pytest.mark.parametrize("server", ["1", "2"])
def test_an_id_that_another_audience_uses_anew_changes_no_post(story: Story, server: str) -> None:
    """Posts of all servers go on telling that it was taken out; never the words of one server's own."""
    story.publish("briefing", DOCK, dock("The dock is dry."), "add", NINE + HOUR)
    story.bot.make(NINE + DAY)
    story.bot.send(NINE + DAY)
    assert story.take_out("briefing", DOCK) == 2
    edits = story.rows("edit")
    assert {row.server for row in edits} == {"1", "2"}
    assert story.publish("briefing", DOCK, dock("It is secret.", server=server), "add") == 0
    more = corrections("It is very secret.")
    assert story.publish("briefing", DOCK, dock("It is silent.", *more, server=server)) == 0
    assert story.publish("briefing", OVER, corrected(), now=THEN + HOUR) == 4
    for words in on_servers(story, story.rows("edit")).values():
        assert "secret" not in words
        assert "silent" not in words
    assert any(
        TAKEN_OUT in story.bot.words(row) and WRONG in story.bot.words(row) for row in story.rows("edit")
    )


def test_an_id_that_one_server_had_and_everyone_uses_anew_changes_no_post_of_its(story: Story) -> None:
    """The other way round: a correction of what is for everyone is none of the server's earlier own."""
    story.publish("briefing", DOCK, dock("The dock is dry.", server="1"), "add", NINE + HOUR)
    story.bot.make(NINE + DAY)
    story.bot.send(NINE + DAY)
    story.take_out("briefing", DOCK)
    for edit in story.rows("edit"):
        story.become(edit, state="done", done=stamp(THEN))
    story.publish("briefing", DOCK, dock("The dock is deep."), "add")
    assert story.publish("briefing", DOCK, dock("It is flat.", *corrections("It is not deep."))) == 0
    assert all("deep" not in story.bot.words(row) for row in story.rows("edit"))


def test_what_becomes_one_servers_own_is_corrected_there_alone(story: Story) -> None:
    """Posts elsewhere keep the words that were for everyone, which is all that they may see."""
    story.publish("briefing", DOCK, dock("The dock is dry."), "add", NINE + HOUR)
    story.bot.make(NINE + DAY)
    story.bot.send(NINE + DAY)
    story.publish("briefing", DOCK, dock("The dock is dry.", server="2"), "edit")
    more = corrections("It is wet.")
    assert story.publish("briefing", DOCK, dock("The dock is wet.", *more, server="2")) == 1
    assert [row.server for row in story.rows("edit")] == ["2"]
    assert story.publish("briefing", OVER, corrected(), now=THEN + HOUR) == 4
    for row in story.rows("edit"):
        assert ("It is wet." in story.bot.words(row)) <= (row.server == "2")


def test_a_thousand_posts_with_the_same_words_are_amended_once(story: Story) -> None:
    """Each has its edit, all of them the same words."""
    first = story.rows("post")[0]
    story.promise(*(first._replace(id=f"copy-{n}", place=f"{n}", message=f"m-{n}") for n in range(1000)))
    assert story.publish("briefing", OVER, corrected()) == 1002
    edits = story.rows("edit")
    assert len({row.target for row in edits}) == len(edits) == 1002
    assert len({row.body for row in edits}) == 1
    assert {row.message for row in edits} >= {f"m-{number}" for number in range(1000)}


def test_a_version_that_cannot_be_read_leaves_the_posts_alone(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told in the log; all else goes on."""
    story.bot.store.write(
        lambda db: db.conn.execute("UPDATE revision SET text = '---' WHERE item = ? AND version = 1", (OVER,))
    )
    assert story.publish("briefing", OVER, corrected()) == 0
    assert f"version 1 of {OVER} cannot be read" in caplog.text


# ── how far it has come ─────────────────────────────────────────────────────────────────


def test_the_editor_sees_how_far_a_correction_has_come(story: Story) -> None:
    """Each post once: mended, answered, waiting, gone, or failed with why."""
    first = story.rows("post")[0]
    extra = [first._replace(id=f"copy-{n}", place=f"place-{n}", message=f"m-{n}") for n in range(6)]
    story.promise(*extra)
    story.publish("briefing", OVER, corrected())
    edits = {row.target: row for row in story.rows("edit")}
    story.become(edits["copy-0"], state="done")
    story.become(edits["copy-1"], state="done", outcome="the message was deleted")
    story.become(edits["copy-2"], state="refused", outcome="the bot may not see the channel")
    story.become(edits["copy-3"], state="done", outcome=kept.NEVER_ARRIVED)
    states: tuple[tuple[int, State], ...] = ((4, "due"), (5, "done"))
    for number, state in states:
        edit = edits[f"copy-{number}"]
        story.become(edit, state="refused", outcome="it is too old")
        answer = edit._replace(id=f"answer-{number}", task="answer", state=state, made=stamp(THEN + HOUR))
        story.promise(answer)
    failed = (("#news (place-2)", "the bot may not see the channel"),)
    assert story.progress() == Progress(7, 1, 1, 3, 1, failed)
    assert story.progress(story.revision + 1) == Progress(0, 0, 0, 0, 0, ())


def test_every_post_that_was_not_reached_is_named_by_why(story: Story) -> None:
    """However many there are: what most have in common first, over pages and in JSON."""
    first = story.rows("post")[0]
    story.promise(*(first._replace(id=f"copy-{n}", place=f"place-{n}", message=f"m-{n}") for n in range(60)))
    story.publish("briefing", OVER, corrected())
    for row in story.rows("edit"):
        number = int(row.target.rpartition("-")[2]) if row.target.startswith("copy-") else None
        why = "the bot may not see the channel" if number != 7 else "it is too old"
        story.become(row, state="refused" if number is not None else "done", outcome=why if number else "")
    story.become(story.rows("edit")[0], outcome="the bot may not see the channel")
    reply = Desk(story.bot.store, ferry.STORY).answer(f"history {OVER}", "exomars", THEN)
    lines = [line.text for line in reply.sections[0].lines]
    assert any(line.endswith(" places: the bot may not see the channel") for line in lines)
    assert "Not reached: #news (place-7): it is too old" in lines
    for said in (" ".join(lines), as_json(reply), " ".join(map(str, pages_of(reply)))):
        plain = said.replace("\\", "")
        assert all(f"(place-{number})" in plain for number in range(60)), plain


def pages_of(reply: Reply) -> list[object]:
    """What Discord shows on all pages."""
    return [(message(reply, "ferry", page).embed or {})["description"] for page in range(1, 11)]


def test_a_digest_on_the_terminal_is_corrected_there(story: Story) -> None:
    """It has no message, and none is needed: what is wrong is told anew."""
    story.bot.done("digest subscribe", NINE + HOUR, RUNNER)
    story.bot.learn("2021-06-22", "It sank.")
    story.bot.make(NINE + 2 * DAY)
    story.bot.send(NINE + 2 * DAY)
    story.publish("briefing", OVER, corrected(), now=NINE + 2 * DAY + HOUR)
    assert "terminal" in {row.platform for row in story.rows("edit")}


def test_days_are_those_of_the_correction(story: Story) -> None:
    """Not of the moment at which it travels: so the words of a post do not depend on when that is."""
    story.publish("briefing", OVER, corrected(), now=THEN + 9 * DAY)
    assert CORRECTED in story.said(story.rows("edit")[0])


def test_one_that_cannot_be_edited_may_be_lost_and_found(story: Story) -> None:
    """A post that may have arrived is not given other words, since nobody knows which it shows."""
    story.bot.learn("2021-06-22", "It sank.")
    story.bot.make(NINE + 2 * DAY)
    story.bot.send(NINE + 2 * DAY, LOST, LOST)
    unsure = [row for row in story.rows("post") if row.unsure]
    assert len(unsure) == 2
    story.publish("briefing", OVER, corrected(), now=NINE + 2 * DAY)
    assert {row.target for row in story.rows("edit")} >= {row.id for row in unsure}
