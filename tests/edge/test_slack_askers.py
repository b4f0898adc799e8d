"""Who asks on Slack and which channels they can name, through a real connection to a local Slack.

The desk has commands that answer with what they were told of the asker and found.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from bot.command.asker import Asker, Place
from bot.command.entry import Ask, Command, Param
from bot.command.terms import WORKSPACE_TERMS
from bot.desk.desk import Desk
from bot.edge.slack.listening import askers, finding
from bot.reply import Line, Reply, Section
from bot.store.store import Store
from tests.doubles.slack import Channel, Fault, Interaction, SlackDouble, User
from tests.edge.slack_edges import answer, connected, stranger, whispered
from tests.stories import STORY

pytestmark = pytest.mark.asyncio


class Looking:
    """Commands that remember who asked, and what they found; `looking` does it while it writes."""

    def __init__(self) -> None:
        self.askers: list[Asker] = []
        self.found: list[Place | str] = []
        params = (Param("channel", "place", "any channel"), Param("why", "words", "anything"))
        self.commands = (
            Command("look", "Look for a channel", params, self.look),
            Command("looking", "Look while writing", params, self.look, changes=True),
            Command("ask", "Ask only", (Param("why", "words", "anything"),), self.ask),
        )

    def look(self, ask: Ask) -> Reply:
        """Looks a channel up as a handler does."""
        self.found.append(ask.asker.find(ask.text("channel") or "here"))
        return self._said(ask, str(self.found[-1]))

    def ask(self, ask: Ask) -> Reply:
        """Looks nothing up."""
        return self._said(ask, "asked")

    def _said(self, ask: Ask, text: str) -> Reply:
        self.askers.append(ask.asker)
        return Reply("look", f"looked {len(self.askers)}", (Section("", (Line(text),)),))


class Scene(NamedTuple):
    """A connected bot, and what it stands before."""

    slack: SlackDouble
    news: Channel
    bea: User
    looking: Looking
    ahead: list[str]  # where the bot said that a message of its own goes ahead

    async def asked(
        self, words: str, author: User | None = None, channel: Channel | None = None, **more: Any
    ) -> Asker:
        """Who the desk was told of when somebody typed this; each question is made another."""
        before, where = len(self.looking.askers), channel or self.news
        await self.slack.types(where, f"!bridge {words} no. {before}", author or self.bea, **more)
        await self.slack.until(lambda: len(self.looking.askers) > before, 12, f"{words} was not asked")
        return self.looking.askers[-1]

    async def found(self, text: str, author: User | None = None, *, command: str = "look") -> Place | str:
        """What somebody finds who types a channel."""
        await self.asked(f"{command} {text}", author)
        return self.looking.found[-1]

    def place(self, channel: Channel, *lacks: str, name: str = "") -> Place:
        """A channel as the desk knows it."""
        invite = f"/invite @{self.slack.bot.name}" if lacks else ""
        shown = name or f"#{channel.name}"
        return Place("slack", self.slack.team.id, channel.id, shown, "text", lacks, invite)

    @property
    def no_such(self) -> str:
        """What is said of a channel that is not there for somebody, or not for the bot."""
        return finding.NO_SUCH.format(invite=f"/invite @{self.slack.bot.name}")

    def requested(self) -> list[str]:
        """What Slack was asked of people and channels."""
        prefixes = ("users.", "usergroups.", "conversations.")
        return [one.method for one in self.slack.requests if one.method.startswith(prefixes)]


@asynccontextmanager
async def standing(store: Store) -> AsyncIterator[Scene]:
    """A scene; in the end nothing was sent amiss."""
    async with SlackDouble() as slack:
        bea, news = slack.add_user("bea"), slack.add_channel("news")
        slack.join(news, bea)
        looking, ahead = Looking(), list[str]()

        def going(channel: str) -> AbstractAsyncContextManager[None]:
            ahead.append(channel)
            return nullcontext()

        async with connected(slack, Desk(store, STORY, looking.commands), going):
            yield Scene(slack, news, bea, looking, ahead)
        assert slack.violations == []


@pytest_asyncio.fixture(name="it")
async def _it(store: Store) -> AsyncIterator[Scene]:
    async with standing(store) as it:
        yield it


async def test_what_everybody_may_ask_costs_no_request(it: Scene) -> None:
    """Typed, called and pressed: who asks is known, with the channel; Slack is asked for nothing."""
    asker = await it.asked("ask")
    assert (asker.platform, asker.server, asker.user) == ("slack", it.slack.team.id, it.bea.id)
    assert (asker.place.id, asker.manages, asker.terms) == (it.news.id, False, WORKSPACE_TERMS)
    await (await it.slack.slash(it.news, "ask by slash", it.bea, command="/bridge")).answered()
    assert it.looking.askers[-1].place == it.place(it.news)
    direct = it.slack.dm(it.bea)
    asker = await it.asked("ask", channel=direct)
    assert (asker.server, asker.place) == (
        "",
        Place("slack", "", direct.id, "your direct messages", "direct"),
    )
    assert it.requested() == []


@pytest.mark.parametrize("how", ["typed", "slash"])
async def test_an_asker_is_who_they_are(it: Scene, how: str) -> None:
    """Name, zone, user groups, and whether they manage the workspace: admins and owners do."""
    slack = it.slack
    people = {
        slack.add_user("reader", tz="America/New_York"): False,
        slack.add_user("boss", admin=True): True,
        slack.add_user("owner", owner=True): True,
        slack.add_user("guest", admin=True, guest=True): False,
    }
    eds = slack.add_group("eds", [one for one in people if one.name in {"reader", "guest"}])
    gone = slack.add_group("old-eds", [*people])
    gone.disabled = True
    for user, manages in people.items():
        if how == "typed":
            asker = await it.asked("looking", user)
        else:
            made = await slack.slash(it.news, "looking here", user, command="/bridge")
            assert (await made.answered()).ephemeral == user.id  # it changes something
            asker = it.looking.askers[-1]
        assert (asker.user, asker.server, asker.server_name) == (user.id, slack.team.id, slack.team.name)
        assert (asker.name, asker.zone, asker.manages, asker.operator) == (user.name, user.tz, manages, False)
        assert asker.place == it.place(it.news)
        member = user.name == "reader"
        assert (asker.roles, asker.role_names) == (((eds.id,), ("eds",)) if member else ((), ()))
        assert (asker.role_called(eds.id), asker.role_called("S1")) == ("eds", "S1")


async def test_who_somebody_is_is_asked_once_in_a_while(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a while nobody is asked for again, for a longer one no group; then what has changed counts."""
    assert (askers.PERSON_SECONDS, askers.GROUPS_SECONDS) == (60, 300)
    monkeypatch.setattr(askers, "PERSON_SECONDS", 1.0)
    async with standing(store) as it:
        boss = it.slack.add_user("boss", admin=True)
        for _ in range(3):
            assert (await it.asked("looking", boss)).manages
        assert (it.requested().count("users.info"), it.requested().count("usergroups.list")) == (1, 1)
        boss.admin = False
        await asyncio.sleep(1)
        assert not (await it.asked("looking", boss)).manages
        assert (it.requested().count("users.info"), it.requested().count("usergroups.list")) == (2, 1)


@pytest.mark.parametrize(
    "fault",
    [Fault.status(503), Fault.lost(), Fault.too_many(30), Fault.garbage(), Fault.hang(5)],
    ids=lambda fault: fault.name,
)
async def test_nobody_has_rights_that_slack_does_not_confirm(
    it: Scene, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Where Slack cannot be asked, that is said to who asked alone; nothing is done, and later it is."""
    monkeypatch.setattr(askers, "ASK_SECONDS", 1.0)
    boss = it.slack.add_user("boss", admin=True)
    it.slack.fail("users.info", fault, 2 if fault.name == "lost" else 1)  # read again by aiohttp itself
    await it.slack.types(it.news, "!bridge looking here", boss)
    told = await whispered(it.slack, it.news, boss)
    assert "could not be looked up" in told.said
    assert it.looking.askers == []
    assert (await it.asked("looking", boss)).manages


async def test_without_the_scope_for_groups_nobody_is_in_one(it: Scene) -> None:
    """All else is known."""
    boss = it.slack.add_user("boss", admin=True)
    it.slack.add_group("eds", [boss])
    it.slack.scopes.discard("usergroups:read")
    asker = await it.asked("looking", boss)
    assert (asker.manages, asker.roles) == (True, ())


async def test_a_member_of_another_workspace_has_nothing_here(it: Scene) -> None:
    """They see what is for everyone and manage nothing, whatever they are at home."""
    with stranger(it.slack, it.news) as cem:
        it.slack.add_group("eds", [cem])
        for words in ("ask", "looking"):
            asker = await it.asked(words, cem)
            assert (asker.server, asker.manages, asker.roles) == ("T0ELSEWHERE", False, ())
            assert asker.audience == "slack/T0ELSEWHERE"
            assert asker.server_name == ""
        other = it.slack.add_channel("plans", members=[it.bea])
        assert await it.found(f"<#{other.id}>", cem) == it.no_such


async def test_whom_an_event_does_not_tell_of_is_found_out(it: Scene) -> None:
    """Rights are never given before it is known where somebody belongs."""
    with stranger(it.slack, it.news) as cem:
        made = await it.slack.slash(it.news, "looking here", cem, command="/bridge")
        await made.answered()
        asker = it.looking.askers[-1]
        assert (asker.server, asker.manages) == ("T0ELSEWHERE", False)


async def test_who_is_in_two_workspaces_of_an_organisation_is_a_member(it: Scene) -> None:
    """Their event tells of the other one; Slack tells that they are in this one as well."""
    with stranger(it.slack, it.news) as cem:
        payload = User.payload

        def in_both(user: User, own: str) -> dict[str, Any]:
            both = {"enterprise_user": {"teams": ["T0ELSEWHERE", it.slack.team.id]}}
            return payload(user, own) | (both if user is cem else {})

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(User, "payload", in_both)
            for words in ("ask", "looking"):
                assert (await it.asked(words, cem)).server == it.slack.team.id
            assert it.looking.askers[-1].manages


async def test_channels_are_found_by_link_and_by_name(it: Scene) -> None:
    """Public and private ones, and those of several people; here is the channel, also in a thread.

    What is not for all has no name, which everybody would read who sees where digests come.
    """
    slack = it.slack
    secret = slack.add_channel("secret", private=True, members=[it.bea])
    group = slack.add_group_dm(it.bea, slack.add_user("dan"))
    for channel, place in (
        (it.news, it.place(it.news)),
        (secret, it.place(secret, name="a private channel")),
    ):
        for text in (channel.mention, f"<#{channel.id}>", f"slack:{channel.id}", f"#{channel.name.upper()}"):
            assert await it.found(text) == place, text
        assert await it.found(channel.mention, command="looking") == place
    assert await it.found(f"slack:{group.id}") == it.place(group, name="a group message")
    parent = await slack.types(it.news, "A thread", it.bea)
    await it.asked("look here", thread=parent)
    assert it.looking.found[-1] == it.place(it.news)
    assert await it.found("") == it.place(it.news)
    assert "A channel is named with #" in str(await it.found("discord:12"))


async def test_what_somebody_does_not_see_does_not_exist_for_them(it: Scene) -> None:
    """A private channel is found by its members alone; the sentence does not say which it is."""
    boss = it.slack.add_user("boss", admin=True)
    secret = it.slack.add_channel("secret", private=True, members=[boss])
    hidden = it.slack.add_channel("hidden", private=True, members=[it.bea], bot=False)
    open_to_all = it.slack.add_channel("open", members=[it.bea])
    direct = it.slack.dm(boss)
    texts = (
        f"<#{secret.id}>",
        "#secret",
        f"<#{hidden.id}>",
        "#hidden",
        f"slack:{direct.id}",
        "#gone",
        "<#C1>",
    )
    for text in texts:
        assert await it.found(text) == it.no_such, text
    assert await it.found("#SECRET", boss) == it.place(secret, name="a private channel")
    guest = it.slack.add_user("guest", guest=True)
    assert await it.found("#OPEN", guest) == it.no_such
    assert await it.found("#OPEN") == it.place(open_to_all)


async def test_an_archived_channel_is_no_place(it: Scene) -> None:
    """Who sees it is told why."""
    old = it.slack.add_channel("old", archived=True)
    assert "#old is archived" in str(await it.found(f"<#{old.id}>"))
    assert await it.found("#OLD") == it.no_such


async def test_where_the_bot_is_not_it_says_how_to_invite_it(it: Scene) -> None:
    """For a channel that was found, and for here, where somebody calls a command."""
    lacks = "membership"
    quiet = it.slack.add_channel("quiet", bot=False)
    assert await it.found("#QUIET") == it.place(quiet, lacks)
    await (await it.slack.slash(quiet, "looking here", it.bea, command="/bridge")).answered()
    assert it.looking.askers[-1].place == it.place(quiet, lacks)
    hidden = it.slack.add_channel("hidden", private=True, members=[it.bea], bot=False)
    await (await it.slack.slash(hidden, "looking here", it.bea, command="/bridge")).answered()
    place = it.looking.askers[-1].place
    assert (place.id, place.missing, place.invite) == (hidden.id, (lacks,), f"/invite @{it.slack.bot.name}")


async def test_me_are_the_direct_messages_of_whoever_asks(it: Scene) -> None:
    """Also where a command is called among two other people; within them there are no channels."""
    own = Place("slack", "", it.slack.dm(it.bea).id, "your direct messages", "direct")
    assert await it.found("me") == own
    direct = it.slack.dm(it.bea)
    asker = await it.asked("looking here", channel=direct)
    assert (asker.server, asker.place, asker.manages) == ("", own, False)
    assert it.looking.found[-1] == own
    await it.asked(f"look <#{it.news.id}>", channel=direct)
    assert "no channels in a direct message" in str(it.looking.found[-1])
    among = it.slack.world.add_channel("bea and dan", "im", [it.bea.id, it.slack.add_user("dan").id])
    among.user = it.bea
    await answer(it.slack, direct, 2)
    await (await it.slack.slash(among, "looking here", it.bea, command="/bridge")).answered()
    assert it.looking.found[-1] == own
    assert it.looking.askers[-1].place == own


async def test_what_channels_are_called_is_kept_for_a_while(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is asked of anew, so that the bot can be invited meanwhile; a new one is soon found as well."""
    quiet = it.slack.add_channel("quiet", bot=False)
    assert await it.found("#QUIET") == it.place(quiet, "membership")
    it.slack.join(quiet, it.slack.bot)
    assert await it.found("#QUIET") == it.place(quiet)
    fresh = it.slack.add_channel("fresh")
    assert await it.found("#FRESH") == it.no_such
    assert it.requested().count("conversations.list") == 1
    monkeypatch.setattr(finding, "ANEW_SECONDS", 0.0)
    assert await it.found("#FRESH") == it.place(fresh)
    assert it.requested().count("conversations.list") == 2


async def test_a_long_list_of_channels_is_looked_through_in_part(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to five pages; behind them, one is asked to pick the channel."""
    monkeypatch.setattr(finding, "CHANNELS", 3)
    for number in range(13):
        last = it.slack.add_channel(f"room-{number}")
    assert await it.found("#ROOM-12") == it.place(last)
    assert it.requested().count("conversations.list") == 5
    it.slack.add_channel("room-13")
    it.slack.add_channel("room-14")
    monkeypatch.setattr(finding, "ANEW_SECONDS", 0.0)
    assert "too many channels" in str(await it.found("#ROOM-14"))


async def test_a_question_that_slack_does_not_answer_is_given_up(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is told to try again; what comes next is not held back."""
    monkeypatch.setattr(finding, "FIND_SECONDS", 0.5)
    other = it.slack.add_channel("other")
    for fault in (Fault.hang(3), Fault.status(503), Fault.too_many(9), Fault.dropped(), Fault.garbage()):
        it.slack.fail("conversations.info", fault, 2 if fault.name == "dropped" else 1, other)
        assert "could not be asked" in str(await it.found(f"<#{other.id}>"))
    assert await it.found("#OTHER") == it.place(other)


async def test_those_who_wait_for_slack_hold_up_nobody_else(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads look at most; whoever comes then is told to try again, and the others are answered."""
    monkeypatch.setattr(finding, "FIND_SECONDS", 1.0)
    monkeypatch.setattr(finding, "WAIT_SECONDS", 0.05)
    rooms = [it.slack.add_channel(f"slow-{number}") for number in range(6)]
    for number, room in enumerate(rooms):
        it.slack.fail("conversations.info", Fault.hang(3), channel=room)
        author = it.slack.add_user(f"user-{number}")
        await it.slack.types(it.news, f"!bridge look <#{room.id}>", author)
    await it.asked("ask")
    assert len(it.looking.found) <= len(rooms) - finding.MOST_LOOKING
    await it.slack.until(lambda: len(it.looking.found) == len(rooms), 3, "not all were told")
    assert {*it.looking.found} == {finding.NO_ANSWER}


async def test_all_that_is_looked_for_at_once_takes_no_longer_than_one_thing(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes after something slow is not looked for at all."""
    monkeypatch.setattr(finding, "FIND_SECONDS", 0.3)
    asker = await it.asked("ask")
    slow, other = it.slack.add_channel("slow"), it.slack.add_channel("other")
    it.slack.fail("conversations.info", Fault.hang(3), channel=slow)
    before = time.monotonic()
    found = [await asyncio.to_thread(asker.find, f"<#{one.id}>") for one in (slow, slow, other)]
    assert found == [finding.NO_ANSWER] * 3
    assert time.monotonic() - before < 1.0


async def test_every_message_of_its_own_goes_ahead(it: Scene) -> None:
    """What counts in a channel is said before it is sent; answers to slash commands and whispers do not."""
    await it.asked("ask")
    await answer(it.slack, it.news)
    assert it.ahead == [it.news.id]
    await (await it.slack.slash(it.news, "ask by slash", it.bea, command="/bridge")).answered()
    await it.slack.types(it.news, "!bridge nothing such", it.bea)
    await whispered(it.slack, it.news, it.bea)
    assert it.ahead == [it.news.id]


async def test_two_that_ask_at_once_are_told_apart(it: Scene) -> None:
    """Answers made side by side are each for who asked."""
    people = [it.slack.add_user(f"user-{number}", admin=number % 2 == 0) for number in range(8)]
    made: list[Interaction] = [
        await it.slack.slash(it.news, "looking here", user, command="/bridge") for user in people
    ]
    for one, user in zip(made, people, strict=True):
        assert (await one.answered()).ephemeral == user.id
    assert {asker.user: asker.manages for asker in it.looking.askers} == {
        user.id: user.admin for user in people
    }
