"""Digests on a local Discord: every kind of place, everything that goes wrong, and never a second message.

The client is the real discord.py over real sockets; where a test says nothing else it is logged in and
has no gateway, so nothing is known beforehand.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from bot.deliver.order import Absent, Failed, Order, Outcome, Refused, Sent, Wait
from bot.edge.discord.permissions import missing, named, needed
from bot.edge.discord.posting.posting import NONCE_SECONDS, DiscordPoster
from bot.edge.pace import Pace
from bot.reply import Line, Section
from tests.doubles.discord import Channel, Fault, Message, User
from tests.doubles.discord_http import Reply as Answer
from tests.doubles.discord_posts import Draft
from tests.edge.stage import MARK, Stage, hurry, said, stage

pytestmark = pytest.mark.asyncio

KINDS = ["text", "announcement", "thread", "forum", "direct", "notice"]
BY_NONCE = [kind for kind in KINDS if kind != "forum"]
BAN = 600.0
ELSEWHERE = "end it with `digest unsubscribe`, and subscribe in another channel"


# ── it arrives, once ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gateway", [False, True], ids=["logged in", "connected"])
@pytest.mark.parametrize("kind", KINDS)
async def test_it_arrives_in_every_kind_of_place(kind: str, gateway: bool) -> None:
    """The same digest, with its sources, its mark and its buttons, wherever it is wanted."""
    async with stage(gateway=gateway) as on:
        channel = on.place(kind)
        if gateway:
            await on.discord.until(
                lambda: kind in {"direct", "notice"} or on.client.get_channel(int(channel.id))
            )
        outcome = await on.poster.carry_out(on.for_kind(kind, channel))
        assert isinstance(outcome, Sent)
        place = on.discord.world.channels[outcome.message] if kind == "forum" else channel
        (message,) = on.discord.messages(place)
        assert message.id == outcome.message
        assert "ExoMars" in message.embeds[0]["title"]
        assert MARK in message.embeds[0]["footer"]["text"]
        assert message.buttons == ["Timeline"]
        assert message.pings == ()
        if kind == "forum":
            assert place.name == "ExoMars on 2022-03-18"


@pytest.mark.parametrize("kind", BY_NONCE)
async def test_posted_twice_it_is_one_message(kind: str) -> None:
    """Within the window Discord itself keeps a second one away."""
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        assert on.poster.window(order.row) == NONCE_SECONDS
        first, second = await on.poster.carry_out(order), await on.poster.carry_out(order)
        assert isinstance(first, Sent)
        assert first == second
        assert len(on.arrived(channel)) == 1


@pytest.mark.parametrize("kind", BY_NONCE)
async def test_a_lost_answer_makes_no_second_message(kind: str) -> None:
    """Where the answer is lost nobody knows; the next try finds the message that there is."""
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        on.discord.fail("POST", "/messages$", fault=Fault.lost())
        lost = await on.poster.carry_out(order)
        assert isinstance(lost, Failed)
        assert not lost.sure
        (there,) = on.discord.messages(channel)
        assert await on.poster.carry_out(order) == Sent(there.id)
        assert len(on.arrived(channel)) == 1


async def test_what_somebody_deleted_is_not_posted_again() -> None:
    """Discord knows the nonce and not the message: it had arrived, and that is enough."""
    async with stage() as on:
        channel = on.place("text")
        await on.poster.carry_out(on.order(channel))
        on.discord.delete_message(on.discord.messages(channel)[0])
        assert await on.poster.carry_out(on.order(channel)) == Sent("")
        assert on.arrived(channel) == []


@pytest.mark.parametrize(
    "fault", [Fault.lost(), Fault.status(500, stored=True), Fault.garbage(stored=True)], ids=lambda f: f.name
)
async def test_a_forum_post_is_made_by_one_request(fault: Fault) -> None:
    """There is no nonce in forums: whatever the answer, nothing is repeated, and it is found by looking."""
    async with stage() as on:
        forum = on.place("forum")
        order = on.order(forum)
        assert on.poster.window(order.row) == 0
        on.discord.fail("POST", "/threads$", fault=fault)
        failed = await on.poster.carry_out(order)
        assert isinstance(failed, Failed)
        assert not failed.sure
        assert on.asked("POST", "/threads$") == 1
        (post,) = [one for one in on.discord.world.channels.values() if one.parent_id == forum.id]
        assert await on.poster.look(order) == Sent(post.id)
        assert len(on.arrived(forum)) == 1


async def test_a_long_title_makes_a_short_name() -> None:
    """A forum post's name has at most 100 characters."""
    async with stage() as on:
        outcome = await on.poster.carry_out(on.order(on.place("forum"), reply=said(title="Rover " * 40)))
        assert isinstance(outcome, Sent)
        assert on.discord.world.channels[outcome.message].name == ("Rover " * 40)[:100]


async def test_only_the_role_is_pinged() -> None:
    """The role that was asked for, and nothing that a digest may contain."""
    async with stage() as on:
        role = on.discord.world.add_role(on.guild, "watchers", ())
        other = on.discord.world.add_role(on.guild, "others", ())
        ann = on.discord.add_user("ann", on.guild)
        line = Line(f"@everyone @here {ann.mention} <@&{other.id}> <@&{role.id}>")
        reply = said(sections=(Section("", (line,)),), title=f"@everyone {ann.mention} <@&{other.id}>")
        for kind in ("text", "forum"):
            channel = on.place(kind)
            outcome = await on.poster.carry_out(on.order(channel, f"m-{kind}", reply=reply, role=role.id))
            assert isinstance(outcome, Sent)
            place = on.discord.world.channels.get(outcome.message, channel)
            (message,) = on.discord.messages(place)
            assert message.content == f"<@&{role.id}>"
            assert message.pings == (f"<@&{role.id}>",)
            (request,) = on.discord.requested("POST", f"/{channel.id}/(messages|threads)$")
            allowed = request.json.get("message", request.json)["allowed_mentions"]
            assert allowed == {"parse": [], "roles": [int(role.id)]}


async def test_a_message_is_published_once() -> None:
    """Publishing again changes nothing; that it is published can be looked up."""
    async with stage() as on:
        wire = on.place("announcement")
        sent = await on.poster.carry_out(on.order(wire))
        assert isinstance(sent, Sent)
        publish = on.order(wire, "m-2", task="publish", message=sent.message, reply=None)
        assert on.poster.window(publish.row) > 86400 * 365
        assert await on.poster.look(publish) == Absent()
        on.discord.fail("POST", "/crosspost$", fault=Fault.lost())
        assert isinstance(await on.poster.carry_out(publish), Failed)
        assert await on.poster.carry_out(publish) == sent
        assert await on.poster.carry_out(publish) == sent
        assert await on.poster.look(publish) == sent
        assert on.discord.messages(wire)[0].crossposted


async def test_what_cannot_be_published_any_more() -> None:
    """A deleted message, one whose id was never learned, and a channel that takes no announcements."""
    async with stage() as on:
        wire, news = on.place("announcement"), on.place("text")
        sent = await on.poster.carry_out(on.order(wire))
        other = await on.poster.carry_out(on.order(news, "m-3"))
        assert isinstance(sent, Sent)
        assert isinstance(other, Sent)
        on.discord.delete_message(on.discord.messages(wire)[0])
        publish = on.order(wire, "m-2", task="publish", message=sent.message, reply=None)
        for outcome in (
            await on.poster.carry_out(publish),
            await on.poster.look(publish),
            await on.poster.carry_out(Order(publish.row._replace(message=""), None)),
        ):
            assert isinstance(outcome, Refused)
            assert "was deleted" in outcome.why
        plain = on.order(news, "m-4", task="publish", message=other.message, reply=None)
        refused = await on.poster.carry_out(plain)
        assert isinstance(refused, Refused)
        assert "of this kind" in refused.why


def _forget(on: Stage, channel: Channel) -> None:
    """Discord no longer knows any nonce, nor shows it."""
    on.discord.forget_nonces()
    for message in on.discord.messages(channel):
        message.payload.pop("nonce", None)


# ── looking ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("others", [0, 250])
@pytest.mark.parametrize("kind", ["text", "thread", "direct", "notice"])
async def test_it_is_found_after_the_nonce_is_forgotten(kind: str, others: int) -> None:
    """By its mark, also behind what people wrote since."""
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        sent = await on.poster.carry_out(order)
        _forget(on, channel)
        for number in range(others):
            await on.discord.user_types(channel, f"message {number}")
        assert await on.poster.look(order) == sent
        assert on.asked("GET", "/messages$") == others // 100 + 1


def _footer(mark: str = MARK) -> dict[str, Any]:
    """A message whose embed has the mark in its footer."""
    return {"embeds": [{"title": "ExoMars on 2022-03-18", "footer": {"text": f"Digest no. 1 {mark}"}}]}


def _write(
    on: Stage, channel: Channel, author: User, body: dict[str, Any], *, message: str = "", **extra: Any
) -> Message:
    """Any account writes anything: a message with this id, and with `extra` in what Discord tells of it."""
    return on.discord._posts.write(channel, author, Draft(body, id=message, extra=extra))


async def test_it_is_found_without_an_embed() -> None:
    """Plain text of the bot's own that has the mark counts too."""
    async with stage() as on:
        channel = on.place("text")
        sent = await on.client.get_partial_messageable(int(channel.id)).send(f"ExoMars {MARK}")
        assert await on.poster.look(on.order(channel)) == Sent(str(sent.id))
        assert await on.poster.look(on.order(channel, "d-2")) == Absent()


async def test_the_bot_may_have_had_another_account() -> None:
    """An embed of another bot that has the mark is the digest; plain text, a person or a webhook is not."""
    async with stage() as on:
        old, ann = on.discord.add_user("old-bot", on.guild, bot=True), on.discord.add_user("ann", on.guild)
        for kind in ("text", "thread"):
            channel = on.place(kind)
            _write(on, channel, old, {"content": f"what is {MARK}?"})
            _write(on, channel, ann, _footer())
            _write(on, channel, old, _footer(), webhook_id="123456789012345678")
            assert await on.poster.look(on.order(channel)) == Absent()
            message = _write(on, channel, old, _footer())
            assert await on.poster.look(on.order(channel)) == Sent(message.id)


@pytest.mark.parametrize("kind", ["old-bot", "ann"])
async def test_a_forum_post_of_another_account(kind: str) -> None:
    """A post of another bot by this name is the digest if its embed has the mark; a person's never is."""
    async with stage() as on:
        forum = on.place("forum")
        author = on.discord.add_user(kind, on.guild, bot=kind == "old-bot")
        post = on.discord.add_thread(forum, "ExoMars on 2022-03-18")
        _write(on, post, author, _footer(), message=post.id)
        found = Sent(post.id) if author.bot else Absent()
        assert await on.poster.look(on.order(forum)) == found


@pytest.mark.parametrize("renamed", [False, True])
@pytest.mark.parametrize("archived", [False, True])
async def test_an_old_forum_post_with_the_mark_counts(archived: bool, renamed: bool) -> None:
    """Clocks may differ by more than anybody thought: the mark decides, not the age."""
    now = [datetime.now(UTC).timestamp() - 7200]
    async with stage(clock=lambda: now[0]) as on:
        forum = on.place("forum")
        sent = await on.poster.carry_out(on.order(forum))
        assert isinstance(sent, Sent)
        post = on.discord.world.channels[sent.message]
        post.name = "Pinned by somebody" if renamed else post.name
        if archived:
            on.discord.archive(post)
        assert await on.poster.look(on.order(forum)) == sent
        on.discord.delete_message(on.discord.messages(post)[0])
        assert await on.poster.look(on.order(forum)) == Absent()  # last week's may have had that name


async def test_an_old_message_with_the_mark_counts() -> None:
    """The age only ends the reading, after a page at least."""
    now = [datetime.now(UTC).timestamp() - 7200]
    async with stage(clock=lambda: now[0]) as on:
        channel = on.place("text")
        sent = await on.poster.carry_out(on.order(channel))
        for number in range(50):
            await on.discord.user_types(channel, f"message {number}")
        assert await on.poster.look(on.order(channel)) == sent


async def test_only_its_own_mark_and_its_own_message_count() -> None:
    """Neither another digest, nor one whose mark begins the same, nor somebody who repeats the mark."""
    async with stage() as on:
        channel = on.place("text")
        await on.poster.carry_out(on.order(channel, "d-1-a"))
        await on.poster.carry_out(on.order(channel, "d-12"))
        await on.poster.carry_out(on.order(channel, "no-d-1"))
        await on.discord.user_types(channel, "what is d-1 ?")
        assert await on.poster.look(on.order(channel, "d-1")) == Absent()


async def test_it_reads_no_further_than_it_has_to() -> None:
    """What is older than the first try cannot be it; ten minutes are for clocks that differ."""
    now = [datetime.now(UTC).timestamp() - 7200]
    async with stage(clock=lambda: now[0]) as on:
        channel = on.place("text")
        for number in range(250):
            await on.discord.user_types(channel, f"message {number}")
        now[0] += 7200 - 300
        sent = await on.poster.carry_out(on.order(channel))
        assert await on.poster.look(on.order(channel, "d-2")) == Absent()
        assert on.asked("GET", "/messages$") == 1
        assert await on.poster.look(on.order(channel)) == sent  # the platform's clock is 5 minutes behind


@pytest.mark.parametrize("posted", [True, False])
async def test_where_too_much_was_written_it_looks_around_the_first_try(posted: bool) -> None:
    """A busy channel is not read to its end, and yet the digest is found near when it was tried."""
    now = [datetime.now(UTC).timestamp()]
    async with stage(pages=2, clock=lambda: now[0]) as on:
        channel = on.place("text")
        sent = await on.poster.carry_out(on.order(channel)) if posted else Absent()
        for number in range(450):
            now[0] += 10
            await on.discord.user_types(channel, f"message {number}")
        assert await on.poster.look(on.order(channel)) == sent
        assert on.asked("GET", "/messages$") == 3


@pytest.mark.parametrize("others", [350, 450])
async def test_what_was_not_read_is_not_taken_for_absent(others: int) -> None:
    """Where the pages end before the time of the try was reached from both sides, nothing is known."""
    async with stage(pages=2) as on:
        channel = on.place("text")
        for number in range(others):
            await on.discord.user_types(channel, f"message {number}")
        outcome = await on.poster.look(on.order(channel))
        assert on.asked("GET", "/messages$") == 4
        if others < 400:
            assert outcome == Absent()
        else:
            same(outcome, Failed("could not look far enough back"))


async def test_archived_posts_that_were_not_read_are_not_taken_for_absent() -> None:
    """The same in a forum; what was archived before the try ends the reading."""
    now = [datetime.now(UTC).timestamp() - 7200]
    async with stage(pages=1, clock=lambda: now[0]) as on:
        forum = on.place("forum")
        posts = [on.discord.add_thread(forum, f"question {number}") for number in range(120)]
        for post in posts:
            on.discord.archive(post)
        assert await on.poster.look(on.order(forum)) == Absent()
        now[0] += 7200
        for post in posts:
            on.discord.archive(post)
        same(await on.poster.look(on.order(forum)), Failed("could not look far enough back"))


@pytest.mark.parametrize("gateway", [False, True], ids=["logged in", "connected"])
@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_what_cannot_be_read_is_not_taken_for_absent(kind: str, gateway: bool) -> None:
    """Without Read Message History Discord shows an empty channel: that says nothing."""
    async with stage(gateway=gateway) as on:
        channel = on.place(kind)
        on.discord.deny(channel, "read_message_history")
        if gateway:
            await _told(on, channel, "read_message_history")
        before = len(on.discord.requests)
        outcome = await on.poster.look(on.order(channel))
        assert isinstance(outcome, Refused)
        assert "cannot be known whether this was posted" in outcome.why
        assert "Read Message History" in outcome.mend
        assert outcome.invalid is not gateway
        assert (len(on.discord.requests) == before) is gateway


async def test_an_empty_channel_is_empty() -> None:
    """Where the history may be read and has nothing, the digest is not there."""
    async with stage() as on:
        assert await on.poster.look(on.order(on.place("text"))) == Absent()
        assert await on.poster.look(on.order(on.place("direct"))) == Absent()
        assert await on.poster.look(on.order(on.place("forum"))) == Absent()


@pytest.mark.parametrize("archived", [False, True])
async def test_a_forum_post_is_found_by_its_mark(archived: bool) -> None:
    """Open or archived, among other posts of the bot and of people."""
    async with stage() as on:
        forum = on.place("forum")
        other = on.discord.add_channel(on.guild, "elsewhere", "forum")
        on.discord.add_thread(forum, "somebody's question")
        on.discord.add_thread(forum, "No such")
        sent = await on.poster.carry_out(on.order(forum))
        assert isinstance(sent, Sent)
        await on.poster.carry_out(on.order(forum, "d-2", reply=said("d-2", title="Another day")))
        await on.poster.carry_out(on.order(other, "d-3"))
        if archived:
            on.discord.archive(on.discord.world.channels[sent.message])
        assert await on.poster.look(on.order(forum)) == sent
        assert await on.poster.look(on.order(forum, "d-3", reply=said("d-3", title="No such"))) == Absent()


async def test_archived_posts_are_read_page_by_page() -> None:
    """Behind more than a page of archived posts it is found too."""
    async with stage() as on:
        forum = on.place("forum")
        sent = await on.poster.carry_out(on.order(forum))
        assert isinstance(sent, Sent)
        on.discord.archive(on.discord.world.channels[sent.message])
        for number in range(120):
            on.discord.archive(on.discord.add_thread(forum, f"question {number}"))
        assert await on.poster.look(on.order(forum)) == sent
        assert on.asked("GET", "/threads/archived/public$") == 2


async def test_a_forum_post_without_its_first_message_is_known_by_name() -> None:
    """Somebody deleted the digest and left the talk below it: it was posted."""
    async with stage() as on:
        forum = on.place("forum")
        sent = await on.poster.carry_out(on.order(forum))
        assert isinstance(sent, Sent)
        on.discord.delete_message(on.discord.messages(on.discord.world.channels[sent.message])[0])
        assert await on.poster.look(on.order(forum)) == sent


async def test_looking_takes_its_turns() -> None:
    """Every page is a request like any other, and waits until it may go out."""
    async with stage(pace=5) as on:
        channel = on.place("text")
        for number in range(250):
            await on.discord.user_types(channel, f"message {number}")
        order = on.order(channel)
        await on.poster.turn(order.row)
        await on.poster.turn(order.row)
        start = asyncio.get_running_loop().time()
        assert await on.poster.look(order) == Absent()
        assert on.asked("GET", "/messages$") == 4  # the last one is empty
        assert asyncio.get_running_loop().time() - start > 0.55


# ── what goes wrong ─────────────────────────────────────────────────────────────────────


def page(status: int, **headers: str) -> Fault:
    """A web page instead of Discord's answer."""
    answer = Answer(status, headers=headers, raw=b"<html>no</html>", content_type="text/html")
    return Fault(f"page {status}", stored=False, reply=answer)


WRONG: list[tuple[Fault, Outcome]] = [
    (Fault.lost(), Failed("")),
    (Fault.reset(), Failed("")),
    (Fault.garbage(stored=True), Failed("")),
    (Fault.hang(), Failed("")),
    (Fault.status(503), Failed("")),
    (Fault.rate_limited(100.5), Wait(100.5, "", invalid=True)),
    (Fault.rate_limited(100, "shared"), Wait(100, "", invalid=True)),
    (Fault.banned(), Wait(BAN, "", everywhere=True, invalid=True)),
    (page(403), Wait(BAN, "", everywhere=True, invalid=True)),
    (page(404), Failed("", sure=True)),
    (Fault.refused(403, 40333, "internal network error"), Wait(BAN, "", everywhere=True, invalid=True)),
    (Fault.refused(401, 0, "401: Unauthorized"), Wait(600, "", everywhere=True, invalid=True)),
    (Fault.refused(403, 20016, "slowmode"), Wait(60, "", invalid=True)),
    (Fault.refused(403, 20028, "write rate limit"), Wait(600, "", invalid=True)),
    (Fault.refused(403, 40004, "disabled"), Wait(600, "", invalid=True)),
    (Fault.refused(400, 40004, "disabled"), Wait(600, "")),
    (Fault.refused(403, 50001, "Missing Access"), Refused("does not see", "View Channel")),
    (Fault.forbidden(), Refused("may not post", "`digest resume`")),
    (Fault.refused(403, 50007, "Cannot send"), Refused("takes no direct messages", "allow direct")),
    (Fault.refused(403, 160005, "locked"), Refused("is locked", "unlock it")),
    (Fault.refused(400, 50083, "archived"), Refused("is archived", "open it", invalid=False)),
    (Fault.refused(400, 200000, "blocked"), Refused("a filter", "AutoMod", invalid=False)),
    (Fault.refused(403, 99999, "Never heard of"), Refused("Never heard of (99999)", "log")),
    (Fault.refused(404, 10003, "Unknown Channel"), Refused("is gone", ELSEWHERE, invalid=False)),
    (Fault.refused(404, 19999, "Unknown"), Refused("Unknown (19999)", "log", invalid=False)),
    (Fault.refused(404, 10004, "Unknown Guild"), Refused("server any more", "invite", invalid=False)),
    (
        Fault.refused(400, 50035, "Invalid\n Form " * 90),
        Refused("Invalid Form", "log", invalid=False, ours=True),
    ),
    (Fault.refused(400, 7, "No idea"), Refused("No idea (7)", "log", invalid=False, ours=True)),
    (Fault.refused(413, 40005, "Too large"), Refused("Too large", "log", invalid=False, ours=True)),
    (Fault.refused(400, 40067, "A tag"), Refused("tag", "Require people to select tags", invalid=False)),
]


def same(outcome: Outcome, wanted: Outcome) -> None:
    """Whether an outcome is what was wanted; texts need only be within."""
    assert type(outcome) is type(wanted)
    for name, value in wanted._asdict().items():
        got = getattr(outcome, name)
        assert value in got if isinstance(value, str) else got == value, (name, outcome)
        assert not isinstance(got, str) or 0 < len(got) < 300


@pytest.mark.parametrize("kind", ["text", "forum"])
@pytest.mark.parametrize(("fault", "wanted"), WRONG, ids=[fault.name for fault, _ in WRONG])
async def test_what_goes_wrong_has_an_outcome(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, wanted: Outcome, kind: str
) -> None:
    """Nothing is raised; the pump learns whether to wait, to try again, or to tell an admin."""
    if fault.name == "hang":
        hurry(monkeypatch)
    async with stage() as on:
        on.discord.fail("POST", "/(messages|threads)$", fault=fault)
        same(await on.poster.carry_out(on.order(on.place(kind))), wanted)
        assert on.asked("POST", "/(messages|threads)$") == 1


@pytest.mark.parametrize("kind", ["text", "notice"])
async def test_a_short_trouble_is_overcome_at_once(kind: str) -> None:
    """A 500 and a short 429 are repeated within one try, with the same nonce."""
    async with stage() as on:
        channel = on.place(kind)
        on.discord.fail("POST", "/messages$", fault=Fault.status(500, stored=True))
        on.discord.fail("POST", "/messages$", fault=Fault.rate_limited(0.05))
        assert isinstance(await on.poster.carry_out(on.for_kind(kind, channel)), Sent)
        assert len(on.arrived(channel)) == 1


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_global_limit_stops_everything(kind: str) -> None:
    """A limit on all requests that does not pass is for all deliveries."""
    async with stage() as on:
        channel = on.place(kind)
        on.discord.fail("POST", "/(messages|threads)$", 5, Fault.rate_limited(0.02, "global"))
        outcome = await on.poster.carry_out(on.order(channel))
        assert isinstance(outcome, Wait)
        assert outcome.everywhere
        assert outcome.seconds == 1  # as the header has it, in whole seconds


async def test_what_waits_for_a_global_limit_does_not_block_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is given up while discord.py waits for a global limit holds nothing back."""
    hurry(monkeypatch, 0.5)
    async with stage() as on:
        news, other = on.place("text"), on.place("announcement")
        on.discord.fail("POST", "/messages$", fault=Fault.rate_limited(20, "global"))
        assert isinstance(await on.poster.carry_out(on.order(news)), Failed)
        await asyncio.sleep(0.6)
        assert isinstance(await on.poster.carry_out(on.order(other, "d-2")), Sent)


async def test_after_a_repetition_nothing_is_sure() -> None:
    """A 500 may have been carried out, whatever becomes of the request that discord.py makes after it."""
    async with stage() as on:
        channel = on.place("text")
        on.discord.fail("POST", "/messages$", fault=Fault.status(500, stored=True))
        on.discord.fail("POST", "/messages$", fault=Fault.rate_limited(100))
        outcome = await on.poster.carry_out(on.order(channel))
        same(outcome, Wait(100, "", invalid=True, unsure=True))
        on.discord.fail("POST", "/messages$", fault=Fault.status(500, stored=True))
        trying = asyncio.create_task(on.poster.carry_out(on.order(channel)))
        await on.discord.until(lambda: on.asked("POST", "/messages$") == 3)
        await asyncio.sleep(0.1)
        await on.discord.close_port()
        outcome = await trying
        assert isinstance(outcome, Failed)
        assert not outcome.sure
        await on.discord.open_port()
        assert isinstance(await on.poster.carry_out(on.order(channel)), Sent)
        assert len(on.arrived(channel)) == 1


AFTER_A_502 = [
    (Fault.banned(), Wait(BAN, "", everywhere=True, invalid=True, unsure=True)),
    (Fault.refused(401, 0, "401: Unauthorized"), Wait(600, "", True, True, True)),  # noqa: FBT003
    (page(403), Wait(BAN, "", everywhere=True, invalid=True, unsure=True)),
    (Fault.forbidden(), Refused("may not post", "`digest resume`", unsure=True)),
    (Fault.refused(404, 10003, "Unknown Channel"), Refused("", "", invalid=False, unsure=True)),
    (Fault.refused(400, 50035, "Invalid"), Refused("", "", invalid=False, unsure=True, ours=True)),
]


@pytest.mark.parametrize("kind", ["text", "announcement", "direct", "notice"])
@pytest.mark.parametrize(("fault", "wanted"), AFTER_A_502, ids=[fault.name for fault, _ in AFTER_A_502])
async def test_a_refusal_after_a_repetition_says_so(fault: Fault, wanted: Outcome, kind: str) -> None:
    """What is refused may stand there all the same: the request before was carried out."""
    async with stage() as on:
        channel = on.place(kind)
        on.discord.fail("POST", "/messages$", fault=Fault.status(502, stored=True))
        on.discord.fail("POST", "/messages$", fault=fault)
        if kind in {"direct", "notice"} and isinstance(wanted, Refused) and fault.name == "403":
            wanted = wanted._replace(mend="what it needs")  # there are no permissions for a person
        same(await on.poster.carry_out(on.for_kind(kind, channel)), wanted)
        assert on.asked("POST", "/messages$") == 2
        assert len(on.arrived(channel)) == 1
        assert isinstance(await on.poster.look(on.for_kind(kind, channel)), Sent)


async def test_a_notice_that_was_refused_before_it_was_opened_was_not_sent() -> None:
    """However often the direct messages were asked for, nothing was written."""
    async with stage() as on:
        on.discord.fail("POST", "/users/@me/channels$", fault=Fault.status(502))
        on.discord.fail("POST", "/users/@me/channels$", fault=Fault.banned())
        outcome = await on.poster.carry_out(on.for_kind("notice", on.place("notice")))
        same(outcome, Wait(BAN, "", everywhere=True, invalid=True))


async def test_what_the_gateway_tells_meanwhile_is_not_sure_either() -> None:
    """A refusal whose reason is known by then does not forget the request before."""
    async with stage(gateway=True) as on:
        channel = on.place("text")
        await on.discord.until(lambda: on.client.get_channel(int(channel.id)))
        on.discord.fail("POST", "/messages$", fault=Fault.status(502, stored=True))
        trying = asyncio.create_task(on.poster.carry_out(on.order(channel)))
        await on.discord.until(lambda: on.asked("POST", "/messages$"))
        on.discord.deny(channel, "send_messages")
        await _told(on, channel, "send_messages")
        same(await trying, Refused("lacks Send Messages", "give it Send Messages", unsure=True))
        assert len(on.arrived(channel)) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_how_long_it_may_still_arrive(kind: str) -> None:
    """Only a forum post has no nonce that keeps a second one away."""
    async with stage() as on:
        row = on.for_kind(kind, on.place(kind)).row
        assert on.poster.settle(row) == (20.0 if kind == "forum" else 0.0)
        assert on.poster.settle(row._replace(task="publish")) == 0.0


async def test_as_whom_it_posts() -> None:
    """Its own user, once it is logged in."""
    async with stage() as on:
        assert on.poster.account == on.discord.bot.id
        stranger = discord.Client(intents=discord.Intents.none())
        assert DiscordPoster(lambda: stranger, Pace(0)).account == ""
        assert DiscordPoster(lambda: None, Pace(0)).account == ""


@pytest.mark.parametrize("kind", KINDS)
async def test_where_nobody_listens_nothing_was_sent(kind: str) -> None:
    """A connection that could not be made is surely nothing that arrived; looking says nothing."""
    async with stage() as on:
        channel = on.place(kind)
        order = on.for_kind(kind, channel)
        await on.discord.close_port()
        await asyncio.sleep(0.05)  # the client sees that its connection was cut
        failed = await on.poster.carry_out(order)
        assert isinstance(failed, Failed)
        assert failed.sure
        assert isinstance(await on.poster.look(order), Failed)
        await on.discord.open_port()
        assert isinstance(await on.poster.carry_out(order), Sent)


@pytest.mark.parametrize("fault", [Fault.lost(), Fault.garbage(), Fault.status(503)], ids=lambda f: f.name)
async def test_a_notice_that_was_not_opened_was_not_sent(fault: Fault) -> None:
    """As long as only the direct messages were opened, nothing can have arrived."""
    async with stage() as on:
        channel = on.place("notice")
        on.discord.fail("POST", "/users/@me/channels$", fault=fault)
        failed = await on.poster.carry_out(on.for_kind("notice", channel))
        assert isinstance(failed, Failed)
        assert failed.sure
        assert on.arrived(channel) == []


@pytest.mark.parametrize("kind", ["direct", "notice"])
async def test_who_takes_no_direct_messages(kind: str) -> None:
    """A closed door is for good, until they open it."""
    async with stage() as on:
        closed = on.discord.dm(on.discord.add_user("cleo", on.guild, dms_open=False))
        outcome = await on.poster.carry_out(on.for_kind(kind, closed))
        same(outcome, Refused("takes no direct messages", "allow direct messages"))


async def test_nobody_with_this_id() -> None:
    """A notice to somebody whom Discord does not know."""
    async with stage() as on:
        order = on.for_kind("notice", on.place("notice"))
        outcome = await on.poster.carry_out(Order(order.row._replace(place="1234567890"), order.reply))
        same(outcome, Refused("not known", ELSEWHERE, invalid=False))


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (Fault.lost(), Failed("")),
        (Fault.garbage(), Failed("")),
        (Fault.hang(), Failed("")),
        (Fault.status(503), Failed("")),
        (Fault.rate_limited(100), Wait(100, "", invalid=True)),
        (Fault.banned(), Wait(BAN, "", everywhere=True, invalid=True)),
        (Fault.refused(400, 50035, "Invalid"), Refused("cannot be known", "log", invalid=False, ours=True)),
        (Fault.forbidden(), Refused("cannot be known", "View Channel and Read Message History")),
        (Fault.refused(404, 10003, "Unknown Channel"), Refused("cannot be known", "another", invalid=False)),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
@pytest.mark.parametrize(
    ("kind", "path"),
    [("text", "/messages$"), ("forum", "/threads/active$"), ("forum", "/archived/public$"),
     ("forum", "/messages/[0-9]+$")],
)  # fmt: skip
async def test_looking_goes_wrong_too(
    monkeypatch: pytest.MonkeyPatch, kind: str, path: str, fault: Fault, wanted: Outcome
) -> None:
    """What could not be read is neither there nor absent."""
    if fault.name == "hang":
        hurry(monkeypatch)
    async with stage() as on:
        channel = on.place(kind)
        await on.poster.carry_out(on.order(channel, "another"))
        on.discord.fail("GET", path, 2, fault)  # a GET that was cut is repeated once by aiohttp
        same(await on.poster.look(on.order(channel)), wanted)


async def test_being_ended_is_no_outcome() -> None:
    """A delivery that is cancelled stays under way; the next process makes sure of it."""
    async with stage() as on:
        channel = on.place("text")
        on.discord.fail("POST", "/messages$", fault=Fault.hang())
        trying = asyncio.create_task(on.poster.carry_out(on.order(channel)))
        await on.discord.until(lambda: on.asked("POST", "/messages$"))
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying


async def test_without_a_client_nothing_is_tried() -> None:
    """It is ready from the login on, without a gateway, until the client is closed."""
    async with stage() as on:
        order = on.order(on.place("text"))
        nobody = DiscordPoster(lambda: None, Pace(0))
        stranger = DiscordPoster(lambda: discord.Client(intents=discord.Intents.none()), Pace(0))
        for poster in (nobody, stranger):
            assert not poster.ready
            for outcome in (await poster.carry_out(order), await poster.look(order)):
                assert isinstance(outcome, Failed)
                assert outcome.sure
        assert on.poster.ready
        await on.client.close()
        assert not on.poster.ready
        assert on.asked("POST", "/") == 0


# ── what is known beforehand ────────────────────────────────────────────────────────────


async def _told(on: Stage, channel: Channel, denied: str) -> None:
    """Waits until the gateway has told that the bot may not do this."""

    def look() -> bool:
        found = on.client.get_channel(int(channel.id))
        assert found is None or isinstance(found, discord.abc.GuildChannel | discord.Thread)
        return found is not None and not getattr(found.permissions_for(found.guild.me), denied)

    await on.discord.until(look)


async def _refused_unasked(on: Stage, channel: Channel) -> Refused:
    """What a delivery is refused with, without a request."""
    before = len(on.discord.requests)
    outcome = await on.poster.carry_out(on.order(channel))
    assert isinstance(outcome, Refused)
    assert not outcome.invalid
    assert len(on.discord.requests) == before
    return outcome


async def test_where_the_bot_was_removed_nothing_is_tried() -> None:
    """The server is known to be gone, for posts, publications and looking alike."""
    async with stage(gateway=True) as on:
        channel = on.place("announcement")
        on.discord.remove_bot(on.guild)
        await on.discord.until(lambda: not on.client.guilds)
        refused = await _refused_unasked(on, channel)
        assert "not on this server any more" in refused.why
        assert "invite it again" in refused.mend
        publish = on.order(channel, task="publish", message="1", reply=None)
        before = len(on.discord.requests)
        assert await on.poster.carry_out(publish) == refused
        looked = await on.poster.look(on.order(channel))
        assert isinstance(looked, Refused)
        assert len(on.discord.requests) == before


async def test_where_the_channel_is_gone_nothing_is_tried() -> None:
    """The channel is known to be deleted, or was never shown."""
    async with stage(gateway=True) as on:
        channel = on.place("text")
        await on.discord.until(lambda: on.client.get_channel(int(channel.id)))
        on.discord.delete_channel(channel)
        await on.discord.until(lambda: not on.client.get_channel(int(channel.id)))
        assert "was deleted, or is hidden" in (await _refused_unasked(on, channel)).why


@pytest.mark.parametrize(
    ("kind", "denied", "names"),
    [
        ("text", ["send_messages"], "Send Messages"),
        ("announcement", ["view_channel", "send_messages"], "View Channel and Send Messages"),
        ("thread", ["send_messages_in_threads"], "Send Messages in Threads"),
        ("forum", ["send_messages"], "Create Posts"),
        ("text", ["embed_links"], "Embed Links"),
        ("announcement", ["embed_links"], "Embed Links"),
        ("thread", ["embed_links"], "Embed Links"),
        ("forum", ["embed_links"], "Embed Links"),
    ],
)
async def test_missing_permissions_are_named(kind: str, denied: list[str], names: str) -> None:
    """As Discord's client names them, and without a request that counts towards a ban."""
    async with stage(gateway=True) as on:
        channel = on.place(kind)
        parent = on.discord.world.channels[channel.parent_id] if channel.parent_id else channel
        on.discord.deny(parent, *denied)
        await _told(on, channel, denied[-1])
        refused = await _refused_unasked(on, channel)
        assert refused.why == f"the bot lacks {names} in this channel"
        assert refused.mend == f"give it {names} there, then `digest resume`"


async def test_a_thread_where_only_threads_take_messages() -> None:
    """That nothing can be sent in its channel says nothing of the thread."""
    async with stage(gateway=True) as on:
        thread = on.place("thread")
        parent = on.discord.world.channels[str(thread.parent_id)]
        on.discord.deny(parent, "send_messages")
        await _told(on, parent, "send_messages")
        assert isinstance(await on.poster.carry_out(on.order(thread)), Sent)


async def test_what_stands_there_is_published_without_embed_links() -> None:
    """Embed Links is for writing it."""
    async with stage(gateway=True) as on:
        wire = on.place("announcement")
        await on.discord.until(lambda: on.client.get_channel(int(wire.id)))
        sent = await on.poster.carry_out(on.order(wire))
        assert isinstance(sent, Sent)
        on.discord.deny(wire, "embed_links")
        await _told(on, wire, "embed_links")
        publish = on.order(wire, "m-2", task="publish", message=sent.message, reply=None)
        assert await on.poster.carry_out(publish) == sent


async def test_a_forum_that_wants_tags() -> None:
    """The setting is named, as it is called in the forum's settings."""
    async with stage(gateway=True) as on:
        forum = on.place("forum", tags=["rover"], requires_tag=True)
        await on.discord.until(lambda: on.client.get_channel(int(forum.id)))
        assert "Require people to select tags when posting" in (await _refused_unasked(on, forum)).mend


async def test_an_archived_thread_is_opened_again() -> None:
    """No cache knows it, and it can be written in."""
    async with stage(gateway=True) as on:
        thread = on.place("thread")
        await on.discord.until(lambda: on.client.get_channel(int(thread.id)))
        on.discord.archive(thread)
        await on.discord.until(lambda: not on.client.get_channel(int(thread.id)))
        assert isinstance(await on.poster.carry_out(on.order(thread)), Sent)
        assert not thread.archived


async def test_a_locked_thread_takes_nothing() -> None:
    """Only whoever locked it can help."""
    async with stage() as on:
        same(
            await on.poster.carry_out(on.order(on.place("thread", locked=True))), Refused("locked", "unlock")
        )


async def test_permissions_by_the_kind_of_a_place() -> None:
    """What others ask for before a digest is set up."""
    nothing, everything = discord.Permissions.none(), discord.Permissions.all()
    assert needed("text") == ("view_channel", "send_messages", "embed_links", "read_message_history")
    assert missing("text", nothing) == (
        "View Channel", "Send Messages", "Embed Links", "Read Message History"
    )  # fmt: skip
    assert "Send Messages in Threads" in missing("thread", nothing)
    assert "Send Messages" not in missing("thread", nothing)
    assert {"Create Posts", "Send Messages in Posts"} <= set(missing("forum", nothing))
    assert missing("forum", everything) == missing("direct", nothing) == missing("terminal", nothing) == ()
    assert named("send_messages") == named("Send Messages") == "Send Messages"
    assert named("send_messages", "forum") == "Create Posts"
    for kind in ("text", "announcement", "thread", "forum", "direct"):
        assert all(hasattr(everything, one) for one in needed(kind))


async def test_a_message_without_the_mark_is_another() -> None:
    """That it has the same words in the same place says nothing: last week's may have had them too."""
    async with stage() as on:
        channel = on.place("text")
        await on.poster.carry_out(on.order(channel, reply=said("another mark")))
        _forget(on, channel)
        assert await on.poster.look(on.order(channel)) == Absent()
