"""Forms, files and slow answers on a local Slack: opened, sent and attached through the real libraries.

The desk has a small table of its own. `Heard` remembers what arrived at its handlers.
"""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.command.entry import Ask, Command, Param
from bot.command.form import Field, Form
from bot.command.uploads import MOST_BYTES
from bot.config import NO_LIMITS, Limits, Slack
from bot.desk.desk import Desk
from bot.edge.slack.listening import forms, listener, uploads
from bot.edge.slack.listening.forms import WAIT
from bot.edge.slack.listening.listener import Listener
from bot.edge.slack.socket.app import new_app
from bot.edge.slack.socket.connection import SlackEdge
from bot.edge.slack.web import close_web, new_web
from bot.edge.slack.workspace import Workspace
from bot.reply import Action, Line, Reply, Section
from bot.store.store import Store
from tests.doubles.slack import Channel, Fault, Interaction, Message, SlackDouble, User, View
from tests.edge.slack_edges import answer, connected, whispered
from tests.stories import STORY

pytestmark = pytest.mark.asyncio

NOTE = "---\nid: 2022-07-13-end\n---\nIt ended. [@2022-07-13-termination#left]\n"
PREFILLED = "It ended in “July” & <before> @everyone.\nIt was over."
LONG = "Every word of this is wanted. " * 90
DAYS = (("Every day", "daily"), ("Mondays", "monday"))


def number(text: str) -> int:
    """A whole number. Raises ValueError."""
    if not text.isdigit():
        raise ValueError(f"“{text[:20]}” is no number")
    return int(text)


class Heard:
    """Commands with forms and files, and what arrived at their handlers."""

    def __init__(self) -> None:
        self.asks: list[Ask] = []
        self.wait = threading.Event()  # what `slow` and `wait` wait for
        self.value = PREFILLED  # what stands in the form of `mend`
        title, body = Param("title", "text", "its title"), Param("body", "text", "its text")
        item = Param("id", "item", "what is to be mended", required=True)
        why = Param("why", "words", "why, in a sentence", cues=("because",))
        count = Param("count", "value", "how many", cues=("count",), cued=True, read=number)
        place = Param("channel", "place", "where")
        days = Param("days", "value", "when", cues=("days",), cued=True, read=str)
        self.commands = (
            Command("look", "Look", (Param("words", "words", "anything"),), self.look),
            Command("write", "Write", (Param("to", "draft", "a draft", cues=("to",), cued=True),), self.hear,
                    changes=True, fields=(title, body), form=self.blank, files=True),
            Command("mend", "Mend", (item, why), self.hear, changes=True, fields=(title, body),
                    form=self.mend_form),
            Command("count", "Count", (count,), self.held_up, changes=True, fields=(body,),
                    form=self.count_form),
            Command("pick", "Pick", (place, days), self.hear, changes=True, form=self.pick_form,
                    form_bare=True),
            Command("send", "Send a file", (), self.hear, access="admins", changes=True, files=True),
            Command("slow", "Open slowly", (), self.hear, fields=(title,), form=self.slow_form),
            Command("wait", "Answer slowly", (Param("words", "words", "anything"),), self.held_up),
            Command("kept", "Keep with problems", (), self.keep, changes=True, fields=(body,),
                    form=self.kept_form),
        )  # fmt: skip

    def hear(self, ask: Ask) -> Reply:
        """Remembers what was asked, and says so."""
        self.asks.append(ask)
        problems = tuple(Line(one.problem) for one in ask.files if one.problem)
        actions = (Action("Mend", "mend 2022-07-13-end"), Action("Look", "look"))
        return Reply("heard", f"Heard {len(self.asks)}", (Section("", problems),), actions=actions)

    def held_up(self, ask: Ask) -> Reply:
        """The same, once it may."""
        self.wait.wait(20)
        return self.hear(ask)

    def look(self, ask: Ask) -> Reply:
        """An answer for everybody, which is kept, with a button that opens a form."""
        self.asks.append(ask)
        return Reply("look", "Looked", (), actions=(Action("Mend", "mend 2022-07-13-end"),))

    def keep(self, ask: Ask) -> Reply:
        """A draft with a problem, which is kept."""
        self.asks.append(ask)
        line = Section("", (Line("a sentence without a citation"),))
        return Reply("draft show", "Draft 1: 1 problem", (line,), abstained=True, private=True, alone=True)

    def blank(self, ask: Ask) -> Form | Reply:
        """An empty form, but for draft 99, which is closed."""
        if ask.text("to") == "99":
            return Reply("write", "Draft 99 is published", (), abstained=True, private=True)
        to = ask.text("to")
        fields = (
            Field("title", "Title", help="What readers see first", most=100),
            Field("body", "Text", long=True, required=False),
        )
        return Form(f"write to {to}" if to else "write", "Something new", fields)

    def mend_form(self, ask: Ask) -> Form:
        """A form with what there is."""
        fields = (Field("body", "Text", self.value, long=True, required=False), Field("why", "Why"))
        return Form(f"mend {ask.text('id')}", "Mend " + "it " * 30, fields)

    def count_form(self, _: Ask) -> Form:
        """A form of which one value can be wrong."""
        return Form("count", "Count", (Field("body", "Text", long=True), Field("count", "How many")))

    def kept_form(self, _: Ask) -> Form:
        """A form whose contents are kept, whatever they are."""
        return Form("kept", "Keep", (Field("body", "Text", long=True),))

    def pick_form(self, ask: Ask) -> Form:
        """A form with a channel and a choice, filled in with where it was asked."""
        here = f"<#{ask.asker.place.id}>" if ask.asker.server else ""
        fields = (
            Field("channel", "Channel", here, place=True, required=False),
            Field("days", "Days", "daily", choices=DAYS),
        )
        return Form("pick", "Pick", fields if here else fields[1:])

    def slow_form(self, _: Ask) -> Form | Reply:
        """A form that is long in coming; where it has been waited for in vain, there is none."""
        if not self.wait.wait(20) or self.value == "none":
            return Reply("slow", "There is none", (), abstained=True, private=True)
        return Form("slow", "Slow", (Field("title", "Title"),))

    @property
    def args(self) -> dict[str, object]:
        """The arguments that arrived last."""
        return dict(self.asks[-1].args)


class Scene(NamedTuple):
    """A workspace with a channel, an admin of it, and somebody who is none."""

    slack: SlackDouble
    news: Channel
    boss: User
    bea: User
    heard: Heard
    store: Store

    async def slash(self, words: str, author: User | None = None) -> Interaction:
        """Somebody calls a command."""
        return await self.slack.slash(self.news, words, author or self.bea, command="/bridge")

    async def typed(self, words: str, *files: tuple[str, bytes]) -> Message:
        """Somebody types a command, with files; the answer."""
        before = len(self.slack.from_bot(self.news))
        await self.slack.types(self.news, f"!bridge {words}", self.bea, files=files)
        return await answer(self.slack, self.news, before + 1)

    async def form(self, words: str, author: User | None = None) -> View:
        """The form that a command opens."""
        return await (await self.slash(words, author)).view()


@pytest_asyncio.fixture(name="it")
async def _it(store: Store) -> AsyncIterator[Scene]:
    async with SlackDouble() as slack:
        boss, bea = slack.add_user("boss", admin=True), slack.add_user("bea")
        yield Scene(slack, slack.add_channel("news"), boss, bea, Heard(), store)
        assert slack.violations == []


@asynccontextmanager
async def running(it: Scene, limits: Limits = NO_LIMITS) -> AsyncIterator[SlackEdge]:
    """A bot in this process, connected."""
    desk = Desk(it.store, STORY, it.heard.commands, limits=limits)
    async with connected(it.slack, desk) as edge:
        try:
            yield edge
        finally:
            it.heard.wait.set()


async def hidden(made: Interaction) -> str:
    """What an interaction was answered, to nobody else."""
    message = await made.answered()
    assert message.ephemeral == made.user.id
    return message.said


# ── forms ───────────────────────────────────────────────────────────────────────────────


async def test_a_command_with_a_form_opens_it_and_what_is_filled_in_arrives(it: Scene) -> None:
    """The window opens with the trigger; its values come by name; the answer is for its sender alone."""
    async with running(it):
        called = await it.slash("write to 12")
        form = await called.view()
        assert (form.callback_id, form.title) == ("bridge:form:write to 12", "Something new")
        assert form.fields == {"title": "", "body": ""}
        assert "What readers see first" in form.said
        assert it.heard.asks == []
        sent = await it.slack.submits(form, {"title": " Over & <out> ", "body": "One.\n\nTwo."})
        assert "Heard 1" in await hidden(sent)
        await sent.done()
        assert not form.open
        assert it.heard.args == {"to": "12", "title": " Over & <out> ", "body": "One.\n\nTwo."}
        assert it.heard.asks[-1].asker.user == it.bea.id
        assert it.slack.from_bot(it.news) == []
        assert called.acked


async def test_a_form_shows_what_there_is_and_can_empty_it(it: Scene) -> None:
    """Under an answer in a channel a button opens the form, filled in; an emptied field arrives empty."""
    async with running(it):
        shown = await it.typed("look")
        form = await (await it.slack.presses(shown, "Mend", it.bea)).view()
        assert form.fields == {"body": PREFILLED, "why": ""}
        assert len(form.title) <= 24
        sent = await it.slack.submits(form, {"body": "", "why": "It was wrong."})
        assert "Heard" in await hidden(sent)
        # What the form does not have stays away; one of its fields is a parameter that may be typed too.
        assert it.heard.args == {"id": "2022-07-13-end", "body": "", "why": "It was wrong."}
        assert it.slack.from_bot(it.news) == [shown]


async def test_a_form_is_answered_where_it_was_opened(it: Scene) -> None:
    """From a thread in the thread, from a private answer, and in direct messages."""
    async with running(it):
        parent = await it.slack.types(it.news, "A thread", it.bea)
        await it.slack.types(it.news, "!bridge look", it.bea, thread=parent)
        shown = await answer(it.slack, it.news)
        form = await (await it.slack.presses(shown, "Mend", it.boss)).view()
        first = await (await it.slack.submits(form, {"why": "So."})).answered()
        assert (first.ephemeral, first.thread_ts) == (it.boss.id, parent.ts)
        again = await (await it.slack.presses(first, "Mend")).view()
        assert "Heard 3" in await hidden(await it.slack.submits(again, {"why": "So."}))
        direct = it.slack.dm(it.bea)
        called = await it.slack.slash(direct, "mend a-b", it.bea, command="/bridge")
        sent = await it.slack.submits(await called.view(), {"why": "So."})
        assert (await sent.answered()).channel == direct.id
        assert it.heard.asks[-1].asker.server == ""


async def test_a_form_is_answered_after_a_restart(it: Scene) -> None:
    """A form that an earlier process opened tells itself what it is for, and where its answer goes."""
    async with running(it):
        form = await it.form("mend 2022-07-13-end")
    async with running(it):
        sent = await it.slack.submits(form, {"body": "New.", "why": "So."})
        assert "Heard 1" in await hidden(sent)
        assert it.heard.args == {"id": "2022-07-13-end", "body": "New.", "why": "So."}


async def test_who_was_long_at_a_form_is_answered_by_direct_message(it: Scene) -> None:
    """After half an hour Slack takes no answer in place any more."""
    async with running(it):
        form = await it.form("write")
        it.slack.windows.response_url = 0.0
        await it.slack.submits(form, {"title": "Late"})
        direct = await answer(it.slack, it.slack.dm(it.bea))
        assert "Heard 1" in direct.said
        assert it.heard.asks[-1].asker.place.id == it.news.id
        it.slack.windows.response_url = 1800.0
        # Its buttons go on asking about the workspace, and not about the direct messages.
        look = await (await it.slack.presses(direct, "Look")).answered()
        assert look.ephemeral == it.bea.id
        assert it.heard.asks[-1].asker.server == it.slack.team.id
        form = await (await it.slack.presses(direct, "Mend")).view()
        sent = await it.slack.submits(form, {"why": "So."})
        assert "Heard" in await hidden(sent)
        assert it.heard.asks[-1].asker.server == it.slack.team.id
    (violation,) = it.slack.violations  # the double notes every refused response_url
    assert "the response_url is too old" in violation
    it.slack.violations.clear()


async def test_a_form_is_sent_with_the_rights_of_that_moment(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was an admin when it was opened, and is none any more, is none."""
    monkeypatch.setattr("bot.edge.slack.listening.askers.PERSON_SECONDS", 0.0)
    async with running(it):
        form = await it.form("write", it.boss)
        it.boss.admin = False
        await hidden(await it.slack.submits(form, {"title": "Mine"}))
        assert not it.heard.asks[-1].asker.manages


async def test_where_there_is_no_form_its_reason_is_told_alone(it: Scene) -> None:
    """A desk that gives a reply instead is heard by who asked, and nothing opens."""
    async with running(it):
        for words, said in (("write to 99", "Draft 99 is published"), ("write to twelve", "twelve")):
            made = await it.slash(words)
            assert said in await hidden(made)
            assert made.views == []
        assert it.slack.from_bot(it.news) == []


async def test_a_form_that_is_long_in_the_making_opens_as_a_window_that_becomes_it(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trigger is used in time; where there is no form in the end, the window says why."""
    monkeypatch.setattr(forms, "FORM_SECONDS", 0.1)
    async with running(it):
        form = await it.form("slow")
        assert WAIT in form.said
        it.heard.wait.set()
        await it.slack.until(lambda: form.fields)
        assert "Heard 1" in await hidden(await it.slack.submits(form, {"title": "At last"}))
        it.heard.wait.clear()
        it.heard.value = "none"
        none = await it.form("slow")
        it.heard.wait.set()
        await it.slack.until(lambda: "There is none" in none.said)
        assert none.fields == {}
        it.heard.wait.clear()
        closed = await it.form("slow")
        await it.slack.closes(closed)
        it.heard.wait.set()
        assert "There is none" in (await whispered(it.slack, it.news, it.bea, 2)).said


async def test_what_is_too_long_for_a_form_is_told(it: Scene) -> None:
    """Nothing is cut off unseen: what does not fit into a field, or into the request, is refused in words."""
    async with running(it):
        it.heard.value = "x" * 3000
        assert (await it.form("mend a-b")).fields["body"] == it.heard.value
        it.heard.value += "x"
        made = await it.slash("mend a-b")
        assert "too long for a form of Slack" in await hidden(made)
        it.heard.value = ""
        assert "too long a name" in await hidden(await it.slash("mend " + "a-" * 150))


@pytest.mark.parametrize(
    ("callback", "said"),
    [("bridge:form:gone 7", "no command “gone”"), ("bridge:form:mend", "needs ID")],
    ids=["a command that is no more", "a parameter that is missing"],
)
async def test_a_form_that_is_no_longer_understood_keeps_what_was_typed(
    it: Scene, callback: str, said: str
) -> None:
    """What an older version opened says so at its fields, and stays open."""
    async with running(it):
        form = await it.form("write")
        form.given["callback_id"] = callback
        sent = await it.slack.submits(form, {"title": "x", "body": LONG})
        assert said in " ".join((await sent.refused()).values())
        assert form.open
        assert it.heard.asks == []


async def test_what_is_misread_is_said_at_its_field_and_nothing_is_lost(it: Scene) -> None:
    """The form stays open with all that was filled in; corrected, it is taken."""
    it.heard.wait.set()
    async with running(it):
        form = await it.form("count")
        sent = await it.slack.submits(form, {"body": LONG, "count": "many"})
        assert await sent.refused() == {"count": "How many: “many” is no number."}
        assert form.open
        assert it.slack.ephemerals(it.news, it.bea) == []
        assert "Heard 1" in await hidden(await it.slack.submits(form, {"body": LONG, "count": "7"}))
        assert it.heard.args == {"body": LONG, "count": "7"}


async def test_what_is_answered_late_keeps_what_was_typed_as_well(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acknowledged in time with a window that waits; it becomes the form again, or says that it was taken."""
    monkeypatch.setattr(listener, "DEFER_SECONDS", 0.05)
    async with running(it):
        form = await it.form("count")
        sent = await it.slack.submits(form, {"body": LONG, "count": "7"})
        await sent.done()
        assert WAIT in form.said
        it.heard.wait.set()
        assert "Heard 1" in await hidden(sent)
        await it.slack.until(lambda: "was taken" in form.said)


async def test_a_late_mistake_brings_the_form_back(it: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every field as it was filled in, also a choice and a channel; a window that was closed is not."""
    monkeypatch.setattr(listener, "DEFER_SECONDS", 0.05)
    monkeypatch.setattr("bot.edge.slack.listening.askers.PERSON_SECONDS", 0.0)
    other = it.slack.add_channel("other")

    async def late(words: str, given: dict[str, str]) -> tuple[View, Interaction]:
        form = await it.form(words)
        for fault in (Fault.hang(0.4), Fault.status(503)):  # it is not known what they may do, and late
            it.slack.fail("users.info", fault)
        sent = await it.slack.submits(form, given)
        await sent.done()
        assert WAIT in form.said
        return form, sent

    async with running(it):
        form, _ = await late("count", {"body": LONG, "count": "7"})
        await it.slack.until(lambda: form.fields == {"body": LONG, "count": "7"})
        assert "could not be looked up" in form.said
        it.heard.wait.set()
        assert "Heard 1" in await hidden(await it.slack.submits(form, {}))
        picked = {"channel": other.id, "days": "monday"}
        form, _ = await late("pick", picked)
        await it.slack.until(lambda: form.fields == picked)
        assert len(it.slack.ephemerals(it.news, it.bea)) == 1
        form, _ = await late("count", {"body": LONG, "count": "7"})
        await it.slack.closes(form)
        assert "could not be looked up" in (await whispered(it.slack, it.news, it.bea, 2)).said


async def test_a_draft_with_problems_is_kept_and_closes_its_form(it: Scene) -> None:
    """Sent a second time, it would be there twice."""
    async with running(it):
        form = await it.form("kept")
        sent = await it.slack.submits(form, {"body": LONG})
        assert "Draft 1: 1 problem" in await hidden(sent)
        await sent.done()
        assert not form.open


async def test_a_channel_and_a_choice_are_picked(it: Scene) -> None:
    """A channel arrives as it is mentioned; given behind the command, no form opens where none is needed."""
    other = it.slack.add_channel("other")
    async with running(it):
        form = await it.form("pick")
        assert form.fields == {"channel": it.news.id, "days": "daily"}
        await hidden(await it.slack.submits(form, {"channel": other.id, "days": "monday"}))
        assert it.heard.args == {"channel": f"<#{other.id}>", "days": "monday"}
        made = await it.slash(f"pick {other.mention} days daily")
        assert "Heard 2" in await hidden(made)
        assert it.heard.args == {"channel": f"<#{other.id}>", "days": "daily"}
        assert made.views == []


async def test_a_form_that_cannot_be_opened_is_one_line(it: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Slack away, or a trigger that is too old: nothing else breaks."""
    async with running(it):
        for fault in (Fault.error("expired_trigger_id"), Fault.status(503), Fault.lost()):
            it.slack.fail("views.open", fault)
            await (await it.slash("write")).done()
        await it.slack.until(lambda: len(it.slack.requested("views.open")) == 3)
        assert (await it.form("write")).open
    lines = [one for one in caplog.records if "was not opened" in one.message]
    assert len(lines) == 3
    assert [one for one in caplog.records if one.exc_info] == []


async def test_what_is_no_form_or_button_of_ours_is_left_alone(
    it: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """Of another story or another app, or of no shape at all: acknowledged, and nothing breaks."""
    async with running(it):
        form = await it.form("write")
        for callback in ("other:form:write", "write", ""):
            form.given["callback_id"] = callback
            await (await it.slack.submits(form, {"title": "x"})).done()
            form.open = True
        form.given |= {"callback_id": "bridge:form:write", "private_metadata": '{"of": ["another", 1]}'}
        sent = await it.slack.submits(form, {"title": "x"})
        assert "Heard 1" in (await sent.answered()).said  # by direct message: nothing else is known
        shown = await it.typed("look")
        (button,) = [one for block in shown.shown for one in block.get("elements", ()) if "value" in one]
        for value in ("other:0:look", "bridge:look", "", "bridge:999999:look", None):
            button["value"] = value
            await (await it.slack.presses(shown, "Mend", it.bea)).done()
        it.slack.commands.add("/other")
        await (await it.slack.slash(it.news, "status", it.bea, command="/other")).done()
        assert len(it.heard.asks) == 2
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event": {"type": "reaction_added"}},
        {"type": "event_callback", "event": {"type": "message", "subtype": "message_changed"}},
        {"type": "event_callback", "event": {"type": "app_home_opened", "tab": "home"}},
        {"type": "event_callback", "event": {"type": "function_executed", "function": {"callback_id": "x"}}},
        {"command": "/another", "text": "status", "user_id": "U1", "channel_id": "C1"},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "message_action", "callback_id": "x", "message": {}},
        {"type": "block_actions", "actions": [{"type": "static_select", "action_id": "x", "block_id": "y"}]},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "", "value": "\x00:1:"}]},
        {"type": "interactive_message", "callback_id": "x", "actions": [{"name": "y"}]},
        {"type": "block_suggestion", "action_id": "x", "block_id": "y", "value": ""},
        {"type": "dialog_submission", "callback_id": "x", "submission": {}, "state": ""},
        {"type": "dialog_cancellation", "callback_id": "x", "state": ""},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "x", "state": {}}},
        {"type": "view_closed", "view": {"type": "modal", "callback_id": "x"}},
    ],
    ids=lambda payload: payload.get("command") or payload["type"],
)
async def test_whatever_an_app_can_be_sent_is_taken(it: Scene, payload: dict[str, Any]) -> None:
    """Nothing is unmatched: Slack would send that again and again."""
    web = new_web(Slack(it.slack.bot_token, it.slack.app_token, it.slack.api_base))
    workspace = Workspace(it.slack.team.id, "Rover Watch", it.slack.bot.id, "B1", "bot", frozenset())
    app = new_app(web, workspace)
    listener = Listener(
        app, web, workspace, {"bridge": Desk(it.store, STORY, it.heard.commands)}, lambda _: nullcontext()
    )
    about = {"team_id": it.slack.team.id, "user": {"id": it.bea.id}, "team": {"id": it.slack.team.id}}
    try:
        answered = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body={**about, **payload}))
        assert answered.status == 200
    finally:
        await listener.finish()
        await close_web(web)
    assert it.heard.asks == []


# ── in time ─────────────────────────────────────────────────────────────────────────────


async def test_a_slow_desk_is_answered_for_behind_the_acknowledgement(it: Scene) -> None:
    """Commands are acknowledged within two seconds, whatever the desk does; all are answered in the end."""
    async with running(it):
        called = [await it.slash(f"wait no. {number}") for number in range(3)]
        public = await it.typed("look")
        pressed = await it.slack.presses(public, "Mend", it.bea)
        for one in (*called, pressed):
            assert (await one.done()).ack_seconds < 2.5
        assert all(one.shown == [] for one in called)
        it.heard.wait.set()
        for one in called:
            message = await one.answered()
            assert "Heard" in message.said
            assert message in it.slack.from_bot(it.news)  # as everybody may see it
        quick = await it.slash("wait no more")
        assert "Heard" in (await quick.answered()).said
        assert quick.ack_payload["response_type"] == "in_channel"


async def test_an_answer_that_slack_does_not_take_any_more_is_one_line(
    it: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Expired, lost, or answered by something else; it does not come twice."""
    monkeypatch.setattr(listener, "DEFER_SECONDS", 0.05)
    async with running(it):
        for fault in (Fault.status(404), Fault.status(500), Fault.lost(), Fault.dropped()):
            it.heard.wait.clear()
            it.slack.fail("response_url", fault)
            made = await it.slash(f"wait for {fault.name}")
            await made.done()
            it.heard.wait.set()
            await asyncio.sleep(0.3)
            assert len(made.shown) == (1 if fault.stored else 0)
        assert len(it.slack.requested("response_url")) == 4
    lines = [one.message for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(lines) == 4
    assert all("was not shown" in line or "perhaps not shown" in line for line in lines)


async def test_what_is_in_progress_is_finished_at_the_end(it: Scene) -> None:
    """A command that was acknowledged is answered before the bot is gone."""
    desk = Desk(it.store, STORY, it.heard.commands)
    async with connected(it.slack, desk) as edge:
        made = await it.slash("wait until the end")
        await made.done()
        closing = asyncio.create_task(edge.close())
        await asyncio.sleep(0.2)
        it.heard.wait.set()
        await closing
        assert "Heard 1" in made.shown[0].said


# ── files ───────────────────────────────────────────────────────────────────────────────


async def test_an_attached_file_arrives_as_text(it: Scene) -> None:
    """Typed with the command, also with a mention, which tells of it twice."""
    async with running(it):
        await it.typed("write to 3", ("note.md", NOTE.encode()))
        assert [(one.name, one.text, one.problem) for one in it.heard.asks[-1].files] == [
            ("note.md", NOTE, "")
        ]
        assert it.heard.args == {"to": "3"}
        file = ("note.md", b"\xef\xbb\xbf" + NOTE.encode())
        await it.slack.types(it.news, "write to 4", it.bea, mention=True, files=[file])
        await answer(it.slack, it.news, 2)
        assert [one.text for one in it.heard.asks[-1].files] == [NOTE]
        assert len(it.slack.requested("file")) == 2


@pytest.mark.parametrize(
    ("name", "content", "fault", "said", "fetched"),
    [
        ("big.md", b"x" * (MOST_BYTES + 1), None, "131,073 bytes long", False),
        ("photo.png", b"\x89PNG", None, "is no text", False),
        ("latin.md", "Zwölf.".encode("latin-1"), None, "not in UTF-8", True),
        ("liar.md", b"x" * 100_000, 100, "longer than was told", True),
        ("gone.md", b"x", Fault.status(404), "Slack answered 404", True),
        ("moved.md", b"x", Fault.status(302), "Slack answered 302", True),
        ("cut.md", b"x", Fault.dropped(), "connection to Slack broke off", True),
        ("late.md", b"x", Fault.hang(5), "did not hand it out", True),
        ("hidden.md", b"x", "scope", "files:read", True),
    ],
    ids=lambda one: one if isinstance(one, str) and one.endswith(("md", "png")) else "",
)
async def test_a_file_that_cannot_be_read_is_told_of(  # noqa: PLR0917  (as many as cases differ in)
    it: Scene,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    fault: Any,
    said: str,
    *,
    fetched: bool,
) -> None:
    """Each in words with what to do; what is too big is never fetched."""
    monkeypatch.setattr(uploads, "FETCH_SECONDS", 1.0)
    if isinstance(fault, Fault):
        it.slack.fail("file", fault, 2)
    elif fault == "scope":
        it.slack.scopes.discard("files:read")
    async with running(it):
        if isinstance(fault, int):
            add = it.slack.files.add

            def told(*of: Any) -> Any:
                made = add(*of)
                made.told = fault
                return made

            monkeypatch.setattr(it.slack.files, "add", told)
        shown = await it.typed("write", (name, content))
        assert said in shown.said
        (upload,) = it.heard.asks[-1].files
        assert (upload.name, upload.text) == (name, "")
        assert bool(it.slack.requested("file")) is fetched


async def test_the_token_goes_to_slack_alone(it: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is told to be elsewhere is not fetched."""
    payload = it.slack.files.payload
    elsewhere = [
        "http://localhost.evil.example/x.md",
        "https://evil.example/slack.com/x.md",
        "https://notslack.com/x.md",
        "http://files.slack.com/x.md",
        "https://files.slack.com:x@evil.example/x.md",
        "ftp://files.slack.com/x.md",
        "",
    ]
    assert uploads._is_slacks("https://files.slack.com/files-pri/T1-F1/download/x.md", it.slack.api_base)
    async with running(it):
        for url in elsewhere:
            told = {"url_private_download": url}
            monkeypatch.setattr(it.slack.events, "file_payload", lambda file, told=told: payload(file) | told)
            shown = await it.typed("write", ("x.md", NOTE.encode()))
            assert "Slack does not hand it out" in shown.said, url
    assert it.slack.requested("file") == []


async def test_a_file_of_a_shared_channel_is_asked_for_first(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There Slack tells no more of it in the message than its id."""
    monkeypatch.setattr(
        it.slack.events, "file_payload", lambda file: {"id": file.id, "file_access": "check_file_info"}
    )
    async with running(it):
        await it.typed("write", ("note.md", NOTE.encode()))
        assert [(one.name, one.text) for one in it.heard.asks[-1].files] == [("note.md", NOTE)]


async def test_three_files_are_taken_at_once(it: Scene) -> None:
    """What is more is named and not fetched; blocks of code count as well."""
    async with running(it):
        files = [(f"{number}.md", NOTE.encode()) for number in range(4)]
        await it.typed("write\n```md\n" + NOTE + "```", *files)
        arrived = it.heard.asks[-1].files
        assert [one.name for one in arrived] == ["code block", *(f"{number}.md" for number in range(4))]
        assert [bool(one.problem) for one in arrived] == [False, False, False, True, True]
        assert len(it.slack.requested("file")) == 2


async def test_files_are_left_alone_where_no_command_takes_them(it: Scene) -> None:
    """With a question, with talk, or with words that are no command, nothing is fetched."""
    file = ("note.md", NOTE.encode())
    async with running(it):
        await it.typed("look", file)
        await it.slack.types(it.news, "!bridge nothing such", it.bea, files=[file])
        await whispered(it.slack, it.news, it.bea)
        await it.slack.types(it.news, "see this", it.bea, files=[file])
        await it.typed("look again")
        assert it.slack.requested("file") == []
        assert [one.files for one in it.heard.asks] == [()] * 2


async def test_a_block_of_code_is_a_file(it: Scene) -> None:
    """As it was typed, with links, mentions and what Slack escapes; it need not be closed."""
    text = NOTE + "See https://www.esa.int/a?b=1&c=2 & <that> of @bea, `[@a#b]`. " * 40
    async with running(it):
        await it.typed(f"write to 5\n```md\n{text}\n```")
        (block,) = it.heard.asks[-1].files
        assert block.text == text.replace("@bea", f"<@{it.bea.id}>") + "\n"
        assert it.heard.args == {"to": "5"}
        await it.typed(f"write ```{NOTE}")
        assert [one.text for one in it.heard.asks[-1].files] == [NOTE]
        await it.typed("look ```md```")
        assert it.heard.args == {"words": "```md```"}


# ── who sees what, and too much at once ─────────────────────────────────────────────────


async def test_what_only_some_may_is_answered_to_them_alone(it: Scene) -> None:
    """By slash, whatever the answer is; what changes something as well."""
    async with running(it):
        assert "Heard 1" in await hidden(await it.slash("send", it.boss))
        assert "That is for admins" in await hidden(await it.slash("send", it.bea))
        assert it.slack.from_bot(it.news) == []


async def test_whoever_asks_too_much_is_told_once_and_then_nothing(it: Scene) -> None:
    """Typed, the wait is whispered, and then nothing is said; kept answers count as well."""
    async with running(it, Limits(person_per_minute=6, server_per_minute=0)):
        for _ in range(9):
            await it.slack.types(it.news, "!bridge look", it.bea)
        assert "Wait" in (await whispered(it.slack, it.news, it.bea)).said
        await it.slack.types(it.news, "!bridge look", it.boss)
        await answer(it.slack, it.news, 6)
        assert len(it.slack.ephemerals(it.news, it.bea)) == 1


async def test_commands_buttons_and_forms_are_held_back_too_and_say_so(it: Scene) -> None:
    """Slack shows a failure where nothing is answered, so one private line is; no form loses its text."""
    async with running(it, Limits(person_per_minute=6, server_per_minute=0)):
        shown = await it.typed("look")
        form = await it.form("write")
        for _ in range(3):
            await (await it.slash("look")).answered()
        heard = len(it.heard.asks)
        assert "Wait" in await hidden(await it.slash("look"))
        sent = await it.slack.submits(form, {"title": "x", "body": LONG})
        assert "wait a moment" in (await sent.refused())["title"]
        assert form.open
        assert "wait a moment" in await hidden(await it.slack.presses(shown, "Mend", it.bea))
        assert "wait a moment" in await hidden(await it.slash("write"))
        assert len(it.heard.asks) == heard
        assert "Looked" in (await (await it.slash("look", it.boss)).answered()).said


async def test_what_a_form_brings_back_is_small() -> None:
    """It has to fit into what Slack lets a form keep, with the longest address that Slack gives out."""
    url = "https://hooks.slack.com/commands/T0123456789/1234567890123/" + "x" * 40
    origin = forms.Origin("C" * 20, "n" * 80, "C" * 20, "1795276155.410525", url)
    kept = json.dumps([*origin])
    assert len(kept) < 1000
    assert forms.brought_back(kept) == origin
