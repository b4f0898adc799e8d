"""Forms, files and people on a local Discord: opened, sent, attached and picked by the real library.

The desk has a small table of its own. `Heard` remembers what arrived at its handlers.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import discord
import pytest
import pytest_asyncio
from discord import app_commands

from bot.command.entry import Ask, Command, Param
from bot.command.form import Field, Form
from bot.command.uploads import MOST_BYTES
from bot.config import NO_LIMITS, Limits, Story
from bot.config import Discord as Settings
from bot.desk.desk import Desk
from bot.desk.table import COMMANDS
from bot.edge.discord.connection import DiscordEdge
from bot.edge.discord.listening import responding, slash, uploads
from bot.reply import Action, Line, Reply, Section
from bot.store.store import Store
from tests.doubles.discord import Attached, Channel, DiscordDouble, Guild, Interaction, Message, User
from tests.doubles.discord_interaction import MODAL, MODAL_SUBMIT
from tests.stories import STORY

pytestmark = pytest.mark.asyncio

NOTE = "---\nid: 2022-07-13-end\n---\nIt ended. [@2022-07-13-termination#left]\n"
PREFILLED = "It ended in “July” & <before> @everyone.\nIt was over."


class Heard:
    """Commands with forms, files and people, and what arrived at their handlers."""

    def __init__(self) -> None:
        self.asks: list[Ask] = []
        self.wait = threading.Event()  # what `slow` waits for
        self.value = PREFILLED  # what stands in the form of `mend`
        self.way = ""  # what is chosen in that of `plan`
        title, body = Param("title", "text", "its title"), Param("body", "text", "its text")
        item = Param("id", "item", "what is to be mended", required=True)
        where = Param("where", "place", "a channel", cues=("to",))
        how = Param("how", "value", "quick or slow", cues=("how",), read=str)
        why = Param("why", "words", "why, in a sentence", cues=("because",))
        self.commands = (
            Command("look", "Look", (Param("words", "words", "anything"),), self.look),
            Command("write", "Write", (Param("to", "draft", "a draft", cues=("to",), cued=True),), self.hear,
                    changes=True, fields=(title, body), form=self.blank, files=True),
            Command("mend", "Mend", (item, why), self.hear, changes=True, fields=(title, body),
                    form=self.mend_form),
            Command("send", "Send a file", (), self.hear, access="admins", changes=True, files=True),
            Command("plan", "Plan something", (where, how), self.hear, changes=True, form=self.plan_form,
                    form_bare=True),
            Command("slow", "Open slowly", (), self.hear, fields=(title,), form=self.slow_form),
            Command("name", "Name somebody", (Param("who", "person", "who", required=True),), self.hear),
            Command("page", "One page", (Param("id", "words", "which"),), self.hear),
            Command("page add", "Add a page", (), self.hear),
            Command("pages", "All pages", (), self.hear, access="admins"),
        )  # fmt: skip

    def hear(self, ask: Ask) -> Reply:
        """Remembers what was asked, and says so."""
        self.asks.append(ask)
        problems = tuple(Line(one.problem) for one in ask.files if one.problem)
        actions = (Action("Mend", "mend 2022-07-13-end"), Action("Look", "look"),
                   Action("Plan", "plan"), Action("Plan slowly", "plan how slow"))  # fmt: skip
        return Reply("heard", f"Heard {len(self.asks)}", (Section("", problems),), actions=actions)

    def look(self, ask: Ask) -> Reply:
        """An answer for everybody, which is kept, with a button that opens a form."""
        self.asks.append(ask)
        return Reply("look", "Looked", (), actions=(Action("Mend", "mend 2022-07-13-end"),))

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

    def plan_form(self, ask: Ask) -> Form:
        """A form of which things are chosen."""
        ways = (("Quickly, and at once", "quick"), ("Slowly", "slow"))
        fields = (
            Field("where", "Where", f"<#{ask.asker.place.id}>", required=False, place=True),
            Field("how", "How", self.way, "As it suits", choices=ways, required=False),
        )
        return Form("plan", "A plan", fields)

    def slow_form(self, _: Ask) -> Form:
        """A form that is long in coming."""
        self.wait.wait(20)
        return Form("slow", "Slow", (Field("title", "Title"),))

    @property
    def args(self) -> dict[str, object]:
        """The arguments that arrived last."""
        return dict(self.asks[-1].args)


class Scene(NamedTuple):
    """A server with a channel, somebody who manages it, and somebody who does not."""

    discord: DiscordDouble
    guild: Guild
    news: Channel
    boss: User
    bea: User
    heard: Heard
    store: Store

    def slash(self, words: str, author: User | None = None, /, **options: Any) -> Any:
        """Somebody calls a command."""
        return self.discord.slash(self.news, "bridge", words, options, author or self.bea)

    async def typed(self, words: str, *files: Attached) -> Message:
        """Somebody types a command, with files; the answer."""
        await self.discord.user_types(self.news, f"!bridge {words}", author=self.bea, files=files)
        return await self.discord.next_message(self.news)


@pytest_asyncio.fixture(name="it")
async def _it(store: Store) -> AsyncIterator[Scene]:
    async with DiscordDouble() as double:
        guild = double.add_guild("Rover Watch")
        news = double.add_channel(guild, "news")
        boss, bea = double.add_user("boss", guild, ["manage_guild"]), double.add_user("bea", guild)
        yield Scene(double, guild, news, boss, bea, Heard(), store)
        assert double.violations == []


@pytest.fixture(autouse=True)
def _library(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the edge sets in discord.py's own classes is put back."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    socket = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(socket, "DEFAULT_GATEWAY", socket.DEFAULT_GATEWAY)
    for module in (discord.client, discord.shard):
        monkeypatch.setattr(module, "ExponentialBackoff", discord.backoff.ExponentialBackoff)


@asynccontextmanager
async def running(it: Scene, limits: Limits = NO_LIMITS) -> AsyncIterator[DiscordEdge]:
    """A bot in this process, connected and with its commands synced."""
    desk = Desk(it.store, STORY, it.heard.commands, limits=limits)
    double = it.discord
    settings = Settings(double.token, double.api_base, double.gateway_url, prefix_commands=True)
    edge = DiscordEdge(settings, {"bridge": desk}, it.store.recall, it.store.remember)
    task = asyncio.create_task(edge.run())
    try:
        await double.connected()
        await double.until(double.commands, 5)
        yield edge
    finally:
        it.heard.wait.set()
        await edge.close()
        await task
        await double.disconnected()


def inputs(opened: Interaction) -> dict[str, dict[str, Any]]:
    """The text inputs of a modal by their labels."""
    return {label["label"]: label["component"] for label in opened.modal["components"]}


async def opened(made: Interaction) -> Interaction:
    """An interaction that opened a modal."""
    await made.answered()
    assert made.callback_type == MODAL, made.message and made.message.text
    return made


async def hidden(made: Interaction) -> str:
    """What an interaction was answered, to nobody else."""
    message = await made.reply()
    assert message.ephemeral
    return message.text.replace("\\", "")


# ── forms ───────────────────────────────────────────────────────────────────────────────


async def test_a_command_with_a_form_opens_it_and_what_is_filled_in_arrives(it: Scene) -> None:
    """The form is the first response; its values come by name, and the answer is for its sender alone."""
    async with running(it) as edge:
        form = await opened(await it.slash("write", to="12"))
        assert form.modal["custom_id"] == "bridge:form:write to 12"
        assert form.modal["title"] == "Something new"
        title, body = inputs(form)["Title"], inputs(form)["Text"]
        assert (title["style"], title["max_length"], title["required"]) == (1, 100, True)
        assert (body["style"], body["required"], body.get("value")) == (2, False, None)
        assert form.modal["components"][0]["description"] == "What readers see first"
        assert it.heard.asks == []
        assert edge.client is not None
        assert edge.client._connection._view_store._modals == {}  # most forms are never sent
        sent = await it.discord.submit_modal(form, {"Title": " Over ", "Text": "One.\n\nTwo."})
        assert "Heard 1" in await hidden(sent)
        assert it.heard.args == {"to": "12", "title": " Over ", "body": "One.\n\nTwo."}
        assert it.heard.asks[-1].asker.user == it.bea.id
        assert it.discord.messages(it.news) == []


async def test_a_form_shows_what_there_is_and_can_empty_it(it: Scene) -> None:
    """Under an answer in a channel a button opens the form, filled in; an emptied field arrives empty."""
    async with running(it):
        shown = await it.typed("look")
        form = await opened(await it.discord.press(shown, label="Mend", author=it.bea))
        assert inputs(form)["Text"]["value"] == PREFILLED
        assert len(form.modal["title"]) <= 45
        sent = await it.discord.submit_modal(form, {"Text": "", "Why": "It was wrong."})
        assert "Heard" in await hidden(sent)
        # What the form does not have stays away; one of its fields is a parameter that may be typed too.
        assert it.heard.args == {"id": "2022-07-13-end", "body": "", "why": "It was wrong."}
        assert it.discord.from_bot(it.news) == [shown]


async def test_a_form_opens_from_a_private_answer_and_in_a_direct_message(it: Scene) -> None:
    """Wherever a button can stand, its form opens, and is answered there."""
    async with running(it):
        form = await opened(await it.slash("write"))
        first = await it.discord.submit_modal(form, {"Title": "One"})
        again = await opened(await it.discord.press(await first.reply(), label="Mend", author=it.bea))
        assert "Heard 2" in await hidden(await it.discord.submit_modal(again, {"Why": "So."}))
        dm = it.discord.dm(it.bea)
        alone = await opened(await it.discord.slash(dm, "bridge", "mend", {"id": "a-b"}, it.bea))
        assert "Heard 3" in (await (await it.discord.submit_modal(alone, {"Why": "So."})).reply()).text


async def test_a_form_is_answered_after_a_restart(it: Scene) -> None:
    """A form that an earlier process opened tells itself what it is for."""
    async with running(it):
        form = await opened(await it.slash("mend", id="2022-07-13-end"))
    async with running(it):
        sent = await it.discord.submit_modal(form, {"Text": "New.", "Why": "So."})
        assert "Heard 1" in await hidden(sent)
        assert it.heard.args == {"id": "2022-07-13-end", "body": "New.", "why": "So."}


async def test_a_form_sent_twice_is_answered_twice(it: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Both come to the desk, one after another or at once, and nothing breaks."""
    async with running(it):
        form = await opened(await it.slash("write"))
        both = [await it.discord.submit_modal(form, {"Title": "Twice"}) for _ in range(2)]
        assert {await hidden(one) for one in both} == {"Heard 1", "Heard 2"}
        assert "Heard 3" in await hidden(await it.discord.submit_modal(form, {"Title": "Thrice"}))
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_form_is_sent_with_the_rights_of_whoever_sends_it(it: Scene) -> None:
    """Somebody else's form is somebody else's no more once it is sent."""
    async with running(it):
        form = await opened(await it.slash("write", it.boss))
        await hidden(await it.discord.submit_modal(form, {"Title": "Mine"}, author=it.bea))
        assert it.heard.asks[-1].asker.user == it.bea.id
        assert not it.heard.asks[-1].asker.manages


async def test_where_there_is_no_form_its_reason_is_told_alone(it: Scene) -> None:
    """A desk that gives a reply instead is heard by who asked, and nothing opens."""
    async with running(it):
        assert "Draft 99 is published" in await hidden(await it.slash("write", to="99"))
        assert "twelve" in await hidden(await it.slash("write", to="twelve"))
        assert it.discord.messages(it.news) == []


async def test_a_form_that_is_not_ready_in_time_is_not_waited_for(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord takes a form as the first response alone, within three seconds: else who asked is told."""
    monkeypatch.setattr(responding, "FORM_SECONDS", 0.1)
    async with running(it):
        assert "try again" in await hidden(await it.slash("slow"))
        it.heard.wait.set()
        await opened(await it.slash("slow"))


async def test_what_is_too_long_for_a_form_is_told(it: Scene) -> None:
    """A value is cut to what Discord takes; a request too long to be carried is refused in words."""
    it.heard.value = "x" * 5000
    async with running(it):
        form = await opened(await it.slash("mend", id="a-b"))
        assert inputs(form)["Text"]["value"] == "x" * 4000
        assert "too long a name" in await hidden(await it.slash("mend", id="a-" * 60))


@pytest.mark.parametrize(
    ("custom_id", "said"),
    [("bridge:form:gone 7", "no command “gone”"), ("bridge:form:mend", "needs ID")],
    ids=["a command that is no more", "a parameter that is missing"],
)
async def test_a_form_that_is_no_longer_understood_says_so(it: Scene, custom_id: str, said: str) -> None:
    """What an older version opened is answered in words, and nothing happens."""
    async with running(it):
        form = await opened(await it.slash("write"))
        form.callback["data"]["custom_id"] = custom_id
        assert said in await hidden(await it.discord.submit_modal(form, {"Title": "x"}))
        assert it.heard.asks == []


async def test_what_is_no_form_of_ours_is_left_alone(it: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Modals of another story or another bot, and such that are no modals, break nothing."""
    shapes: Sequence[dict[str, Any]] = (
        {"custom_id": "other:form:write", "components": []},
        {"custom_id": "write", "components": []},
        {"custom_id": "", "components": [{"type": 18, "id": 1, "component": None}]},
    )
    async with running(it):
        for data in shapes:
            it.discord._interactions.open(MODAL_SUBMIT, it.news, it.bea, data)
        odd = {
            "custom_id": "bridge:form:write",
            "components": [
                {"type": 18, "component": {"type": 4, "custom_id": "title", "value": None}},
                {"type": 18, "component": {"type": 4, "custom_id": "strange", "value": "x"}},
                {"type": 1, "components": [{"type": 4, "custom_id": "body", "value": "In a row."}]},
                {"type": 10, "id": 4},
            ],
        }
        await hidden(it.discord._interactions.open(MODAL_SUBMIT, it.news, it.bea, odd))
        assert it.heard.args == {"title": "", "body": "In a row."}
        assert len(it.heard.asks) == 1
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_what_is_chosen_in_a_form_arrives_as_it_is_typed(it: Scene) -> None:
    """One of some choices, and a channel as a mention; both show what stands there, where anything does."""
    talk = it.discord.add_channel(it.guild, "talk")
    it.heard.way = "slow"
    async with running(it):
        form = await opened(await it.slash("plan"))
        where, how = inputs(form)["Where"], inputs(form)["How"]
        assert (where["type"], where["required"], where["min_values"]) == (8, False, 0)
        assert [str(one["id"]) for one in where["default_values"]] == [it.news.id]
        assert set(where["channel_types"]) == {0, 5, 10, 11, 12, 15}
        assert [(one["label"], one["value"], one["default"]) for one in how["options"]] == [
            ("Quickly, and at once", "quick", False),
            ("Slowly", "slow", True),
        ]
        assert form.modal["components"][1]["description"] == "As it suits"
        await hidden(await it.discord.submit_modal(form, {}))
        assert it.heard.args == {"where": it.news.mention, "how": "slow"}
        chosen = {"Where": talk.id, "How": "Quickly, and at once"}
        await hidden(await it.discord.submit_modal(form, chosen))
        assert it.heard.args == {"where": talk.mention, "how": "quick"}


async def test_what_is_not_chosen_is_left_out(it: Scene) -> None:
    """A channel that was taken away, and a choice that was never made, are no values."""
    async with running(it):
        form = await opened(await it.slash("plan"))
        assert not any(one["default"] for one in inputs(form)["How"]["options"])
        await hidden(await it.discord.submit_modal(form, {"Where": []}))
        assert it.heard.args == {}


async def test_a_form_that_can_be_done_without_opens_only_bare(it: Scene) -> None:
    """With anything given it is answered at once, called or pressed; typed, there is nothing to open it."""
    async with running(it):
        assert "Heard 1" in await hidden(await it.slash("plan", how="slow"))
        assert it.heard.args == {"how": "slow"}
        shown = await it.typed("plan")
        assert it.heard.args == {}
        await hidden(await it.discord.press(shown, label="Plan slowly", author=it.bea))
        assert it.heard.args == {"how": "slow"}
        await opened(await it.discord.press(shown, label="Plan", author=it.bea))
        assert len(it.heard.asks) == 3


# ── files ───────────────────────────────────────────────────────────────────────────────


async def test_an_attached_file_arrives_as_text(it: Scene) -> None:
    """Typed with the command or given to its slash twin; then no form opens."""
    async with running(it):
        await it.typed("write to 3", Attached("note.md", NOTE.encode()))
        assert [(one.name, one.text, one.problem) for one in it.heard.asks[-1].files] == [
            ("note.md", NOTE, "")
        ]
        assert it.heard.args == {"to": "3"}
        made = await it.slash("write", to="4", file=Attached("note.md", b"\xef\xbb\xbf" + NOTE.encode()))
        assert "Heard 2" in await hidden(made)
        assert [one.text for one in it.heard.asks[-1].files] == [NOTE]
        assert it.heard.args == {"to": "4"}


@pytest.mark.parametrize(
    ("file", "said", "fetched"),
    [
        (Attached("big.md", b"x" * (MOST_BYTES + 1)), "131,073 bytes long", False),
        (Attached("photo.png", b"\x89PNG", "image/png"), "is no text", False),
        (Attached("latin.md", "Zwölf.".encode("latin-1"), "text/markdown"), "not in UTF-8", True),
        (Attached("liar.md", b"x" * 10_000_000, told=100), "longer than was told", True),
        (Attached("gone.md", b"", status=404), "Discord answered 404", True),
        (Attached("moved.md", b"", status=302), "Discord answered 302", True),
        (Attached("late.md", b"x", delay=5), "did not hand it out", True),
    ],
    ids=lambda one: one.name if isinstance(one, Attached) else "",
)
async def test_a_file_that_cannot_be_read_is_told_of(
    it: Scene, monkeypatch: pytest.MonkeyPatch, file: Attached, said: str, *, fetched: bool
) -> None:
    """Each in words with what to do, typed and by slash; what is too big is never fetched."""
    monkeypatch.setattr(uploads, "FETCH_SECONDS", 1.0)
    async with running(it):
        answer = await it.typed("write", file)
        assert said in answer.text
        (upload,) = it.heard.asks[-1].files
        assert (upload.name, upload.text) == (file.name, "")
        assert said in await hidden(await it.slash("write", file=file))
        assert it.discord.files.fetched == [file.name] * (2 * fetched)


async def test_a_name_that_looks_like_a_path_is_only_shown(it: Scene) -> None:
    """What a file is called leads nowhere, steers no screen and pings nobody."""
    async with running(it):
        await it.typed("write", Attached("../../x.md", NOTE.encode()))
        assert [(one.name, one.text) for one in it.heard.asks[-1].files] == [("../../x.md", NOTE)]
        answer = await it.typed("write", Attached("@everyone\u202e`**../x", b"x", "application/pdf"))
        (upload,) = it.heard.asks[-1].files
        assert upload.name == "@everyone **../x"
        assert "\u202e" not in answer.text
        assert not answer.pings


async def test_three_files_are_taken_at_once(it: Scene) -> None:
    """What is more is named and not fetched; blocks of code count as well."""
    async with running(it):
        files = [Attached(f"{number}.md", NOTE.encode()) for number in range(4)]
        await it.typed("write\n```md\n" + NOTE + "```", *files)
        arrived = it.heard.asks[-1].files
        assert [one.name for one in arrived] == ["code block", "0.md", "1.md", "2.md", "3.md"]
        assert [bool(one.problem) for one in arrived] == [False, False, False, True, True]
        assert sorted(it.discord.files.fetched) == ["0.md", "1.md"]


async def test_files_are_left_alone_where_no_command_takes_them(it: Scene) -> None:
    """With a question, with talk, or with words that are no command, nothing is fetched."""
    file = Attached("note.md", NOTE.encode())
    async with running(it):
        for words in ("look", "mend a-b", "nothing such"):
            await it.typed(words, file)
        await it.discord.user_types(it.news, "see this", author=it.bea, files=[file])
        await it.typed("look again")
        assert it.discord.files.fetched == []
        assert [one.files for one in it.heard.asks] == [()] * 3


async def test_a_block_of_code_is_a_file(it: Scene) -> None:
    """It may be longer than what is typed otherwise, and need not be closed."""
    long = NOTE + "More. " * 200
    async with running(it):
        await it.typed(f"write to 5\n```md\n{long}\n```")
        assert [(one.name, one.text) for one in it.heard.asks[-1].files] == [("code block", long + "\n")]
        assert it.heard.args == {"to": "5"}
        await it.typed(f"write ```{NOTE}")
        assert [one.text for one in it.heard.asks[-1].files] == [NOTE]
        await it.typed("look ```md```")
        assert it.heard.args == {"words": "```md```"}


# ── people, places in the menu, and who sees what ───────────────────────────────────────


async def test_a_person_or_a_role_is_picked_from_one_list(it: Scene) -> None:
    """Discord's option for both hands on what one would have typed."""
    role = it.discord.world.add_role(it.guild, "Editors", ())
    async with running(it):
        (command,) = it.discord.commands()
        (option,) = next(one for one in command["options"] if one["name"] == "name")["options"]
        assert (option["type"], option["required"], option.get("autocomplete")) == (9, True, None)
        for picked, who in ((it.boss.id, it.boss.mention), (role.id, f"<@&{role.id}>")):
            await (await it.slash("name", who=picked)).reply()
            assert it.heard.args == {"who": who}
        await it.typed(f"name <@!{it.boss.id}>")
        assert it.heard.args == {"who": it.boss.mention}


async def test_an_asker_has_a_name_and_their_server_too(it: Scene) -> None:
    """As people see them, typed, by slash and with a form; in a direct message there is no server."""
    async with running(it):
        await it.typed("look at this")
        await (await it.slash("look")).reply()
        form = await opened(await it.slash("write"))
        await (await it.discord.submit_modal(form, {"Title": "x"})).reply()
        for ask in it.heard.asks:
            assert (ask.asker.name, ask.asker.server_name) == ("Bea", "Rover Watch")
        await it.discord.user_types(it.discord.dm(it.bea), "look here")
        await it.discord.next_message(it.discord.dm(it.bea))
        assert (it.heard.asks[-1].asker.name, it.heard.asks[-1].asker.server_name) == ("Bea", "")


async def test_a_command_that_shares_its_word_with_a_group_goes_into_it(it: Scene) -> None:
    """`page` beside `page add` is `page show`; typed, both stay what they are."""
    async with running(it):
        (command,) = it.discord.commands()
        (group,) = [one for one in command["options"] if one["name"] == "page"]
        assert [one["name"] for one in group["options"]] == ["show", "add"]
        await (await it.slash("page show", id="seven")).reply()
        assert it.heard.args == {"id": "seven"}
        await (await it.slash("pages", it.boss)).reply()
        await it.typed("page seven")
        assert it.heard.args == {"id": "seven"}
        assert len(it.heard.asks) == 3


async def test_what_only_some_may_is_answered_to_them_alone(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the answer is deferred: Discord keeps to what the deferral said."""
    monkeypatch.setattr(responding, "DEFER_SECONDS", 0.05)
    async with running(it):
        made = await it.slash("send", it.boss, file=Attached("note.md", NOTE.encode(), delay=0.5))
        await made.answered()
        assert made.deferred
        assert "Heard 1" in await hidden(made)
        assert "That is for admins" in await hidden(await it.slash("send", it.bea))
        assert it.discord.messages(it.news) == []


# ── too much at once ────────────────────────────────────────────────────────────────────


async def test_whoever_asks_too_much_is_told_once_and_then_nothing(it: Scene) -> None:
    """Typed, the wait is told by direct message, and then nothing is said; kept answers count as well."""
    async with running(it, Limits(person_per_minute=6, server_per_minute=0)):
        for _ in range(9):
            await it.discord.user_types(it.news, "!bridge look", author=it.bea)
        told = await it.discord.next_message(it.discord.dm(it.bea))
        assert "Wait" in told.text
        await it.discord.user_types(it.news, "!bridge look", author=it.boss)
        await it.discord.until(lambda: len(it.discord.from_bot(it.news)) == 6)
        assert len(it.discord.from_bot(it.discord.dm(it.bea))) == 1


async def test_commands_buttons_and_forms_are_held_back_too_and_say_so(it: Scene) -> None:
    """Discord shows a failure where nothing is answered, so one private line is; nothing is done."""
    async with running(it, Limits(person_per_minute=6, server_per_minute=0)):
        shown = await it.typed("look")
        form = await opened(await it.slash("write"))
        for _ in range(3):
            await (await it.slash("look")).reply()
        heard = len(it.heard.asks)
        assert "Wait" in await hidden(await it.slash("look"))
        assert "wait a moment" in await hidden(await it.discord.submit_modal(form, {"Title": "x"}))
        assert "wait a moment" in await hidden(await it.discord.press(shown, label="Mend", author=it.bea))
        assert "wait a moment" in await hidden(await it.slash("write"))
        assert len(it.heard.asks) == heard
        assert "Looked" in (await (await it.slash("look", it.boss)).reply()).text


# ── what Discord has room for ───────────────────────────────────────────────────────────


BRIDGE = Story("bridge", "The bridge", "", "")


def added(commands: Sequence[Command], store: Store, story: Story = BRIDGE) -> app_commands.CommandTree[Any]:
    """The slash commands of a story with these commands."""
    client = discord.Client(intents=discord.Intents.none())
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)

    async def nothing(*_: object) -> Any:
        raise NotImplementedError

    slash.add_story(tree, Desk(store, story, commands), nothing, nothing)
    return tree


async def test_all_commands_fit_into_what_discord_takes(store: Store) -> None:
    """The whole table, under two words: 25 entries and 8,000 characters each, and no command is lost."""
    root, newsroom = added(COMMANDS, store).get_commands()
    assert isinstance(root, app_commands.Group)
    assert isinstance(newsroom, app_commands.Group)
    assert (root.name, newsroom.name) == ("bridge", "bridge-newsroom")
    assert {"status", "source", "digest", "admins"} <= {one.name for one in root.commands}
    assert {"add", "source", "draft", "drafts", "editors", "log"} <= {one.name for one in newsroom.commands}
    leaves = [one for top in (root, newsroom) for one in top.walk_commands()]
    assert len([one for one in leaves if not isinstance(one, app_commands.Group)]) == len(COMMANDS)


async def test_a_story_with_the_longest_word_has_both_its_commands(store: Store) -> None:
    """Discord takes names of 32 characters; discord.py refuses longer ones itself."""
    longest = Story("w" * 20, "The bridge", "", "")
    roots = added(COMMANDS, store, longest).get_commands()
    assert [root.name for root in roots] == [longest.word, longest.newsroom]


async def test_how_to_go_on_by_slash_names_the_newsroom(store: Store) -> None:
    """What is written to be called is called as it is there; the words of buttons and of facts stay."""
    desk = Desk(store, BRIDGE)
    lines = (
        Line("Then /bridge draft publish 5, or /bridge status.", label="/bridge source add"),
        Line("They typed /bridge add", ("a#b",), label="/bridge source a"),
    )
    given = Reply("x", "/bridge add", (Section("", lines),), notes=("not /bridge added",),
                  actions=(Action("Add", "add"),))  # fmt: skip
    made = slash.spelled(given, desk)
    assert made.title == "/bridge-newsroom add"
    assert [line.text for line in made.sections[0].lines] == [
        "Then /bridge-newsroom draft publish 5, or /bridge status.",
        "They typed /bridge add",
    ]
    assert [line.label for line in made.sections[0].lines] == [
        "/bridge-newsroom source add",
        "/bridge source a",
    ]
    assert (made.notes, made.actions) == (given.notes, given.actions)


@pytest.mark.parametrize(
    ("names", "help_text", "said"),
    [
        ([f"c{number}" for number in range(26)], "Help", "has 26 entries, and Discord takes 25"),
        ([f"c d{number}" for number in range(26)], "Help", "/bridge c has 26 entries"),
        ([f"g{number // 20} c{number}" for number in range(80)], "x" * 100, "characters of text"),
    ],
    ids=["entries", "entries of a group", "text"],
)
async def test_more_than_discord_takes_ends_the_start(
    store: Store, names: Sequence[str], help_text: str, said: str
) -> None:
    """A table that cannot be synced is seen when the bot is built, with what is too much."""

    def handler(_: Ask) -> Reply:
        raise NotImplementedError

    table = [Command(name, help_text, (), handler) for name in names]
    with pytest.raises(AssertionError, match=said):
        added(table, store)
