"""The `digest` commands as they are typed, on a real database: who may, what is kept, what is said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.command.asker import Asker
from bot.digest.content.told import index
from bot.edge.operator import ASKER as SHELL
from tests.digest.servers import (
    ABSENT,
    ADMIN,
    ALONE,
    DIRECT,
    LOST,
    LOUD_1,
    NEWS_1,
    NOT_SENT,
    OTHER,
    REFUSED,
    RUNNER,
    SHUT_1,
    TALKER,
    Bot,
    an_asker,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)  # a Sunday; in Berlin it is 14:00
NINE = NOON + 21 * HOUR  # 09:00 UTC the day after


@pytest.fixture(name="bot")
def _bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path)
    yield made
    made.close()


# ── who may ─────────────────────────────────────────────────────────────────────────────

WORDS = [
    "digest list",
    "digest subscribe",
    "digest show 1",
    "digest change 1 at 18:00",
    "digest pause 1",
    "digest resume 1",
    "digest unsubscribe 1",
    "digest preview 1",
    "digest now 1",
    "digest why 1",
]


@pytest.mark.parametrize("words", WORDS)
def test_who_is_no_admin_is_refused_in_private(bot: Bot, words: str) -> None:
    """For every command alike, alone, and nothing is changed or told."""
    bot.done("digest subscribe", NOON)
    before = bot.whole()
    reply = bot.ask(words, NOON, ADMIN._replace(manages=False))
    assert reply.title == "That is for admins"
    assert reply.private
    assert reply.alone
    assert bot.whole() == before


def test_a_role_that_was_named_may(bot: Bot) -> None:
    """Who has a role that an admin named in chat may do what admins do."""
    reader = ADMIN._replace(manages=False, roles=("7",))
    assert bot.ask("digest list", NOON, reader).abstained
    bot.done("admins add <@&7>", NOON)
    bot.done("digest subscribe", NOON, reader)


@pytest.mark.parametrize("words", [one for one in WORDS if one.endswith("1") or "change" in one])
@pytest.mark.parametrize("asker", [OTHER, ALONE], ids=["another server", "a direct message"])
def test_what_is_another_servers_is_not_there(bot: Bot, words: str, asker: Asker) -> None:
    """It is answered as if there were none of this number, word for word, and stays as it is."""
    bot.done("digest subscribe", NOON)
    before = bot.whole()
    reply = bot.ask(words, NOON, asker)
    assert reply.abstained
    assert reply.private
    assert [line.text for line in reply.sections[0].lines] == ["There is no digest no. 1 here."]
    missing = bot.ask(words.replace(" 1", " 99", 1), NOON, asker)
    assert missing.sections[0].lines[0].text == "There is no digest no. 99 here."
    assert bot.whole() == before


def test_a_list_has_only_what_is_of_the_own_server(bot: Bot) -> None:
    """Neither does it name another server's channel; whoever runs the bot sees all, with their ids."""
    bot.done("digest subscribe", NOON)
    bot.done("digest subscribe weekly", NOON, OTHER)
    assert "no. 2" not in bot.say("digest list", NOON)
    assert "no. 1" not in bot.say("digest list", NOON, OTHER)
    assert "No digest comes here yet." in bot.say("digest list", NOON, ALONE)
    everything = bot.say("digest list", NOON, RUNNER)
    assert "no. 1 — news in #news (discord:1/11)" in everything
    assert "no. 2 — weekly in #news (discord:2/21)" in everything


def test_a_channel_of_another_server_cannot_be_subscribed(bot: Bot) -> None:
    """Neither where it is found, nor from a direct message, where everybody is their own admin."""
    for asker in (an_asker(NEWS_1, OTHER.place), an_asker(DIRECT, OTHER.place, manages=False)):
        reply = bot.ask("digest subscribe <#21>", NOON, asker)
        assert reply.abstained
        assert "not of this server" in reply.sections[0].lines[0].text
    assert bot.whole()["subscription"] == []


def test_direct_messages_are_their_owners_alone(bot: Bot) -> None:
    """Neither another's direct messages nor a server's admins reach them; their owner does from anywhere."""
    bot.done("digest subscribe", NOON, ALONE)
    stranger = an_asker(DIRECT._replace(id="92"), user="user-8", manages=False)
    for asker in (stranger, ADMIN):
        assert "There is no digest no. 1 here" in bot.say("digest show 1", NOON, asker)
        assert "no. 1" not in bot.say("digest list", NOON, asker)
    assert "your direct messages" in bot.done("digest show 1", NOON, ALONE)
    assert "your direct messages" in bot.done("digest show 1", NOON, an_asker(NEWS_1, user="user-9"))


# ── subscribe ───────────────────────────────────────────────────────────────────────────


def test_a_subscription_says_what_comes_and_when(bot: Bot) -> None:
    """Kind, channel, local time, zone, days, the first edition in local time, and how to see it before."""
    reply = bot.ask("digest subscribe at 16:30 Europe/Berlin weekdays ping <@&7>", NOON)
    lines = [line.text for line in reply.sections[0].lines]
    assert lines[0] == (
        "News (what became known since the last edition) comes to #news at 16:30 (Europe/Berlin),"
        " Monday to Friday."
    )
    assert lines[1] == "The first comes on 21 June 2021, 16:30 (Europe/Berlin), in 27 hours."
    assert "!ferry digest preview 1" in lines[3]
    assert lines[4] == "Each edition pings the role Readers, and nobody else."
    assert [action.words for action in reply.actions][:2] == ["digest preview 1", "digest show 1"]
    assert not reply.private
    row = bot.row()
    assert (row.server, row.place, row.place_name, row.by) == ("1", "11", "#news", "user-1")
    assert (row.role, row.days, row.last) == ("7", "mon-fri", "2021-06-20")
    assert bot.look() == NOON + DAY + 2.5 * HOUR


def test_values_by_name_do_the_same_as_words(bot: Bot) -> None:
    """As slash commands give them."""
    command = next(one for one in bot.desk.commands if one.name == "digest subscribe")
    values = {"channel": "<#12>", "at": "16:30", "zone": "berlin", "days": "mon, thu", "role": "<@&7>"}
    bot.desk.answer_values(command, values, "/ferry", NOON, ADMIN)
    row = bot.row()
    assert (row.place, row.at, row.zone, row.days, row.role) == (
        "12",
        "16:30",
        "Europe/Berlin",
        "mon, thu",
        "7",
    )


def test_what_is_not_said_is_nine_o_clock_utc_every_day(bot: Bot) -> None:
    """The defaults, and how to set another zone, which is never guessed."""
    reply = bot.ask("digest subscribe", NOON)
    row = bot.row()
    assert (row.kind, row.at, row.zone, row.days, row.quiet, row.grace, row.nothing_new) == (
        "news", "09:00", "UTC", "daily", "none", 6, "silent",
    )  # fmt: skip
    assert "digest change 1 zone Europe/Berlin" in reply.notes[0]
    assert bot.look() == NINE


def test_what_is_known_counts_as_told_but_to_a_replay(bot: Bot) -> None:
    """News begin with what becomes known; a replay with the beginning, or with where it is to start."""
    bot.done("digest subscribe", NOON)
    bot.done("digest subscribe replay", NOON)
    bot.done("digest subscribe replay start 2019-02", NOON, TALKER)
    with bot.store.reading("ferry") as shelf:
        known = index(shelf)
    told = [bot.told(number) for number in (1, 2, 3)]
    assert told[0] == known.names
    assert not told[1]
    assert {fact.partition("#")[0] for fact in told[2].facts} == {"2019-01-10-plan"}


def test_a_weekly_digest_comes_on_mondays_unless_said_otherwise(bot: Bot) -> None:
    """And it says so; several days are refused."""
    assert "it comes on Mondays" in bot.done("digest subscribe weekly", NOON)
    assert bot.row().days == "mon"
    assert "Mondays" not in bot.done("digest subscribe weekly on friday", NOON, TALKER)
    assert bot.row(2).days == "fri"
    assert "name one, as monday" in bot.say("digest subscribe weekly weekdays", NOON, OTHER)


def test_missing_permissions_are_named_with_what_to_do(bot: Bot) -> None:
    """Exactly which, where, and the same words to say again; nothing is kept."""
    reply = bot.ask("digest subscribe <#13> at 10:00 zone Europe/Berlin", NOON)
    lines = [line.text for line in reply.sections[0].lines]
    assert lines[0] == (
        "The bot may not post digests in #shut: it lacks Send Messages and Embed Links there."
    )
    assert lines[1].startswith("Give it Send Messages and Embed Links in #shut")
    assert reply.actions[0].words == "digest subscribe <#13> at 10:00 zone Europe/Berlin"
    assert reply.private
    assert reply.abstained
    assert bot.whole()["subscription"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("digest subscribe <#99>", "There is no such channel on this server"),
        ("digest subscribe ping <@&1>", "@everyone is never pinged"),
        ("digest subscribe at 23:00 quiet 22:00-07:00", "lies in the quiet hours"),
        ("digest subscribe pace 3", "Pace and start are for a replay"),
        ("digest subscribe publish on", "no announcement channel"),
        ("digest subscribe at 25:00", "no time that a clock shows"),
        ("digest subscribe mars", "was not understood"),
    ],
)
def test_what_cannot_be_is_refused_in_words(bot: Bot, words: str, said: str) -> None:
    """Each with what is wrong; nothing is kept."""
    reply = bot.ask(words, NOON)
    assert said in bot.say(words, NOON)
    assert reply.abstained
    assert reply.private
    assert bot.whole()["subscription"] == []


def test_all_that_is_wrong_is_said_at_once(bot: Bot) -> None:
    """One line below the other."""
    reply = bot.ask("digest subscribe weekly weekdays at 23:00 quiet 22:00-07:00", NOON)
    assert len(reply.sections[0].lines) == 2


def test_an_announcement_channel_can_be_published(bot: Bot) -> None:
    """There, and only where it was asked for."""
    bot.done("digest subscribe <#14> publish on", NOON)
    bot.done("digest subscribe <#14> weekly", NOON)
    assert (bot.row(1).publish, bot.row(2).publish) == (1, 0)
    assert bot.row().place_kind == LOUD_1.kind


def test_a_channel_has_each_kind_once(bot: Bot) -> None:
    """The second is refused with the number of the first; another kind, channel or server is not."""
    bot.done("digest subscribe", NOON)
    reply = bot.ask("digest subscribe at 18:00", NOON)
    assert reply.abstained
    assert "Digest no. 1" in reply.sections[0].lines[0].text
    assert reply.actions[0].words == "digest change 1 at 18:00"
    bot.done("digest subscribe weekly", NOON)
    bot.done("digest subscribe", NOON, TALKER)
    bot.done("digest subscribe", NOON, OTHER)
    assert len(bot.whole()["subscription"]) == 4


def test_direct_messages_and_the_terminal_can_be_subscribed(bot: Bot) -> None:
    """To oneself, from there or from a server, and for whoever runs the bot also any channel by its ids."""
    bot.done("digest subscribe", NOON, ALONE)
    assert (bot.row(1).server, bot.row(1).place, bot.row(1).place_kind) == ("", "91", "direct")
    bot.done("digest subscribe me weekly", NOON)
    assert (bot.row(2).server, bot.row(2).place) == ("", "91")
    assert "every Monday" in bot.done("digest show 2", NOON) or "mon: Monday" in bot.done(
        "digest show 2", NOON
    )
    bot.done("digest subscribe", NOON, RUNNER)
    assert (bot.row(3).platform, bot.row(3).place, bot.row(3).by) == ("terminal", "terminal", "")
    bot.done("digest subscribe discord:3/31/forum", NOON, SHELL)
    assert (bot.row(4).server, bot.row(4).place, bot.row(4).place_kind) == ("3", "31", "forum")
    assert bot.say("digest show 4", NOON, ADMIN).startswith("That was not understood")


# ── which one ───────────────────────────────────────────────────────────────────────────


def test_without_a_number_the_one_of_the_channel_is_meant(bot: Bot) -> None:
    """Else the only one of the server; else all of them are named, as words to type."""
    assert "No digest comes here yet" in bot.say("digest pause", NOON)
    bot.done("digest subscribe", NOON)
    assert "Digest no. 1" in bot.done("digest show", NOON, TALKER)
    bot.done("digest subscribe weekly", NOON, TALKER)
    assert "Digest no. 1" in bot.done("digest show", NOON)
    assert "Digest no. 2" in bot.done("digest show", NOON, TALKER)
    bot.done("digest subscribe weekly", NOON)
    reply = bot.ask("digest change at 18:00", NOON)
    assert [action.words for action in reply.actions] == [
        "digest change 1 at 18:00",
        "digest change 3 at 18:00",
    ]
    assert not reply.alone
    elsewhere = bot.ask("digest show", NOON, an_asker(SHUT_1))
    assert [action.words for action in elsewhere.actions] == [f"digest show {number}" for number in (1, 2, 3)]
    assert elsewhere.alone, "it names channels that not everybody there may see"


# ── list and show ───────────────────────────────────────────────────────────────────────


def test_a_list_says_what_comes_where_and_when(bot: Bot) -> None:
    """Each with its next edition, its last, and where it is paused, why."""
    bot.done("digest subscribe at 10:00 Europe/Berlin", NOON)
    bot.done("digest subscribe weekly", NOON, TALKER)
    bot.done("digest pause", NOON, TALKER)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE)
    reply = bot.ask("digest list", NINE)
    first, second = reply.sections[0].lines
    assert (first.label, first.text) == ("no. 1", "news in #news, every day at 10:00 (Europe/Berlin)")
    assert "Next: 22 June 2021, 10:00 (Europe/Berlin), in 23 hours." in first.note
    assert "Last: no. 1 of 21 June 2021." in first.note
    assert "paused: an admin paused it." in second.note
    assert "None has come yet." in second.note
    assert reply.private
    assert reply.alone
    assert reply.title == "2 digests"


def test_show_has_all_that_is_set_and_what_came_and_comes(bot: Bot) -> None:
    """Every value by the word with which it is changed, the last edition, the next, and what is under way."""
    bot.done("digest subscribe ping <@&7> quiet 22:00-07:00 off 12-24/01-02", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, NOT_SENT)
    reply = bot.ask("digest show", NINE)
    values = {line.label: line.text for line in reply.sections[0].lines}
    assert values["role"] == "Readers"
    assert values["quiet"] == "22:00-07:00"
    assert values["off"] == "12-24/01-02"
    assert "pace" not in values
    text = bot.say("digest show", NINE)
    assert "no. 1 21 June 2021: Waits to be sent (no connection could be made): the next try is on" in text
    assert "The next comes on 22 June 2021, 09:00 (UTC), in 24 hours." in text
    assert "Under way" in text
    assert "Wished by the user user-1" in text
    assert bot.ask("digest show 1", NINE, TALKER).alone
    bot.send(NINE + MINUTE)
    assert "Arrived on 21 June 2021, 09:01:00 (UTC) as message m-" in bot.say("digest show", NINE + MINUTE)


# ── change ──────────────────────────────────────────────────────────────────────────────


def test_a_change_says_what_was_and_is_and_when_the_next_comes(bot: Bot) -> None:
    """From → to, of all that changed and nothing else; who changed it is who is told of trouble."""
    bot.done("digest subscribe", NOON)
    reply = bot.ask(
        "digest change at 18:00 in Europe/Berlin nothing_new weekly", NOON, ADMIN._replace(user="u2")
    )
    lines = {line.label: line.text for line in reply.sections[0].lines}
    assert lines == {
        "at": "09:00 → 18:00",
        "zone": "UTC → Europe/Berlin",
        "nothing_new": "silent → weekly",
        "": "The next comes on 20 June 2021, 18:00 (Europe/Berlin), in 4 hours.",
    }
    assert bot.look() == NOON + 4 * HOUR
    assert bot.row().by == "u2"
    bot.done("digest change 1 at 19:00", NOON, RUNNER)
    assert bot.row().by == "u2"


def test_nothing_to_change_is_said(bot: Bot) -> None:
    """Nothing given, with examples; nothing different, without any write."""
    bot.done("digest subscribe", NOON)
    before = bot.whole()
    given = bot.ask("digest change", NOON)
    assert given.abstained
    assert given.actions[0].words == "digest change 1 at 18:00"
    same = bot.ask("digest change 1 at 09:00", NOON)
    assert "is so already" in same.title
    assert "name one, as monday" in bot.say("digest change kind weekly on mon-fri", NOON)
    assert bot.whole() == before


@pytest.mark.parametrize(
    ("at", "changed", "next_at"),
    [
        # Today's has come at nine; a later hour of today does not bring a second.
        ("09:00", "18:00", datetime(2021, 6, 21, 18, tzinfo=UTC)),
        # Today's is still to come at 18:00; an hour of today that has passed brings it at once.
        ("18:00", "10:00", NOON),
        # An hour that is still to come, for another that is.
        ("18:00", "15:00", datetime(2021, 6, 20, 15, tzinfo=UTC)),
    ],
)
def test_a_change_of_the_hour_neither_skips_nor_doubles_the_day(
    bot: Bot, at: str, changed: str, next_at: datetime
) -> None:
    """Whatever the two hours, each date has one edition."""
    bot.done(f"digest subscribe onthisday at {at}", NOON - 3 * DAY)
    bot.learn("2020-06-18", "One.")
    bot.learn("2020-06-19", "Two.")
    bot.learn("2020-06-20", "Three.")
    bot.learn("2020-06-21", "Four.")
    for hours in range(-72, 0):
        bot.make(NOON + hours * HOUR)
        bot.send(NOON + hours * HOUR)
    bot.done(f"digest change 1 at {changed}", NOON)
    assert bot.look() == next_at
    for hours in range(36):
        bot.make(NOON + hours * HOUR)
        bot.send(NOON + hours * HOUR)
    days = [day for _, day in bot.numbered()]
    assert days[-4:] == ["2021-06-18", "2021-06-19", "2021-06-20", "2021-06-21"]
    assert len(bot.deliveries()) == len(days)


def test_another_kind_brings_days_that_fit(bot: Bot) -> None:
    """Weekly on Mondays, back to every day, each said; a single day that was set stays."""
    bot.done("digest subscribe weekdays", NOON)
    assert "it comes on Mondays" in bot.done("digest change kind weekly", NOON)
    assert bot.row().days == "mon"
    assert "every day" in bot.done("digest change kind onthisday", NOON)
    assert bot.row().days == "daily"
    bot.done("digest change on friday", NOON)
    assert "Mondays" not in bot.done("digest change kind weekly", NOON)
    assert bot.row().days == "fri"


def test_another_kind_that_the_channel_has_is_refused(bot: Bot) -> None:
    """With the number of the one that it has; nothing is changed."""
    bot.done("digest subscribe", NOON)
    bot.done("digest subscribe weekly", NOON)
    before = bot.whole()
    reply = bot.ask("digest change 2 kind news", NOON)
    assert "Digest no. 1" in reply.sections[0].lines[0].text
    assert bot.whole() == before


def told_of(bot: Bot) -> set[str]:
    """The sources of which something counts as told."""
    return {fact.partition("#")[0] for fact in bot.told().facts}


def test_from_news_to_weekly_and_back_nothing_is_lost(bot: Bot) -> None:
    """What became known before the change and was not told yet comes in the next edition."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-19", "The ferry sails.")
    bot.done("digest change kind weekly", NOON)
    assert "2021-06-19-source" not in told_of(bot)
    bot.make(NINE)
    assert "The ferry sails." in bot.words(bot.deliveries()[0])


def test_from_a_replay_to_news_the_rest_counts_as_told(bot: Bot) -> None:
    """It says so; pace and start are a replay's alone."""
    bot.done("digest subscribe replay pace 3 start 2019-01", NOON)
    assert "All that is known now counts as told" in bot.done("digest change kind news", NOON)
    assert told_of(bot) == {"2019-01-10-plan", "2019-03-strike", "2019-06-20-end"}
    assert (bot.row().pace, bot.row().start) == (1, "beginning")
    assert "nothing would come" in bot.say("digest preview", NOON)


def test_to_a_replay_the_story_begins_anew(bot: Bot) -> None:
    """From its beginning or from a day; a replay that is given a start begins anew as well."""
    bot.done("digest subscribe", NOON)
    assert "The story is told from its beginning" in bot.done("digest change kind replay", NOON)
    assert told_of(bot) == set()
    bot.make(NINE)
    bot.send(NINE)
    assert told_of(bot) == {"2019-01-10-plan"}
    bot.done("digest change pace 2", NINE)
    assert told_of(bot) == {"2019-01-10-plan"}
    bot.done("digest change start beginning", NINE)
    assert told_of(bot) == set()
    bot.done("digest change start 2019-05", NINE)
    assert told_of(bot) == {"2019-01-10-plan", "2019-03-strike"}


@pytest.mark.parametrize("outcome", [NOT_SENT, LOST], ids=["it waits", "it may have arrived"])
def test_an_edition_that_fails_after_a_change_does_not_undo_it(bot: Bot, outcome: object) -> None:
    """What is put back where it never arrives leaves the new kind and pace as they are."""
    bot.done("digest subscribe replay", NOON)
    bot.make(NINE)
    bot.send(NINE, outcome)  # type: ignore[arg-type]
    bot.done("digest change 1 kind onthisday", NINE)
    bot.learn("2020-06-22", "A year ago.")
    for minutes in range(0, 60 * 12, 30):
        bot.send(NINE + minutes * MINUTE, ABSENT)
    bot.make(NINE + DAY)
    assert bot.row().kind == "onthisday"
    assert "A year ago." in bot.words(bot.deliveries()[-1])


def test_a_zone_that_is_gone_can_be_changed(bot: Bot) -> None:
    """What cannot be reckoned with any more can still be shown, mended and resumed."""
    bot.done("digest subscribe", NOON)
    bot.set_row(zone="Mars/Olympus")
    assert "there is no time zone" in bot.say("digest list", NOON)
    assert "there is no time zone" in bot.say("digest show", NOON)
    assert "there is no time zone" in bot.say("digest preview", NOON)
    assert "there is no time zone" in bot.say("digest now", NOON)
    assert "No edition" in bot.say("digest why 2021-06-20", NOON)
    bot.done("digest pause", NOON)
    assert "there is no time zone" in bot.say("digest resume", NOON)
    bot.done("digest change zone Europe/Berlin", NOON)
    bot.done("digest resume", NOON)
    assert bot.look() == NOON + 19 * HOUR


# ── pause, resume, unsubscribe ──────────────────────────────────────────────────────────


def test_while_paused_nothing_comes_and_then_all_of_it_in_one(bot: Bot) -> None:
    """Neither for the days of the pause afterwards; what became known in them is not lost."""
    bot.done("digest subscribe", NOON)
    bot.done("digest pause", NOON)
    assert bot.row().paused == "an admin paused it"
    bot.learn("2021-06-20", "The ferry sails.")
    for days in range(3):
        assert bot.make(NINE + days * DAY).looked == 0
    text = bot.done("digest resume", NINE + 2 * DAY + HOUR)
    assert "The next comes on 24 June 2021, 09:00 (UTC), in 23 hours." in text
    bot.make(NINE + 3 * DAY)
    assert bot.numbered() == [(1, "2021-06-24")]
    assert bot.held() == []
    assert "The ferry sails." in bot.words(bot.deliveries()[0])


def test_pausing_and_resuming_twice_changes_nothing(bot: Bot) -> None:
    """And says so."""
    bot.done("digest subscribe", NOON)
    before = bot.whole()
    assert "is not paused" in bot.say("digest resume", NOON)
    assert bot.whole() == before
    bot.done("digest pause", NOON)
    before = bot.whole()
    assert "is paused already" in bot.say("digest pause", NOON)
    assert bot.whole() == before


def test_what_waits_to_be_sent_is_held_back_by_a_pause(bot: Bot) -> None:
    """After it, the next edition has what was in it, under the same number."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    assert "held back" in bot.done("digest pause", NINE)
    assert bot.send(NINE) == []
    assert "never arrived" in bot.done("digest resume", NINE + HOUR)
    bot.make(NINE + DAY)
    assert bot.numbered() == [(1, "2021-06-22")]
    assert "The ferry sails." in bot.words(bot.deliveries()[-1])


def test_resuming_makes_sure_that_the_bot_may_post(bot: Bot) -> None:
    """The permissions are named that are missing now; a channel that is gone is said to be."""
    bot.done("digest subscribe", NOON)
    bot.done("digest pause", NOON)
    shut = NEWS_1._replace(missing=("Send Messages",))
    for asker in (an_asker(shut), an_asker(TALKER.place, shut)):
        reply = bot.ask("digest resume 1", NOON, asker)
        assert reply.abstained
        assert "it lacks Send Messages there" in reply.sections[0].lines[0].text
        assert bot.row().paused
    gone = bot.say("digest resume 1", NOON, an_asker(TALKER.place))
    assert "There is no such channel" in gone
    bot.done("digest resume 1", NOON, TALKER)
    assert not bot.row().paused


def test_after_unsubscribing_nothing_comes_and_it_can_be_had_again(bot: Bot) -> None:
    """What waited is not sent; the words to have it again bring the same wish under a new number."""
    wish = "digest subscribe at 10:00 zone Europe/Berlin days mon-fri quiet 22:00-07:00 ping <@&7>"
    bot.done(wish, NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    reply = bot.ask("digest unsubscribe", NINE)
    assert bot.send(NINE) == []
    assert bot.make(NINE + DAY).looked == 0
    assert bot.deliveries()[0].state == "held"
    again = next(action.words for action in reply.actions if action.label == "Subscribe again")
    bot.done(again, NINE)
    first, second = bot.row(1), bot.row(2)
    same = ("kind", "at", "zone", "days", "days_off", "quiet", "grace", "role", "nothing_new", "place")
    assert all(getattr(first, name) == getattr(second, name) for name in same)
    assert "There is no digest no. 1 here" in bot.say("digest show 1", NINE)
    assert "was ended" in bot.done("digest why 1", NINE)


def test_what_may_have_arrived_is_not_sent_again_after_the_end(bot: Bot) -> None:
    """It is looked for, and where it is not there it is held."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, LOST)
    assert "may still arrive" in bot.done("digest unsubscribe", NINE + MINUTE)
    bot.send(NINE + HOUR, ABSENT)
    bot.send(NINE + 2 * HOUR)
    assert bot.deliveries()[0].state == "held"


# ── preview ─────────────────────────────────────────────────────────────────────────────


def test_a_preview_is_the_edition_as_it_will_come_and_writes_nothing(bot: Bot) -> None:
    """The same words as are posted then, for the asker alone; the database stays as it is."""
    bot.done("digest subscribe at 10:00 Europe/Berlin", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    before = bot.whole()
    reply = bot.ask("digest preview", NOON)
    assert bot.whole() == before
    assert reply.private
    assert reply.alone
    assert reply.notes[0] == (
        "This is a preview, for you alone. It comes on 21 June 2021, 10:00 (Europe/Berlin), in 20 hours,"
        " with what is known by then."
    )
    assert reply.notes[1] == "News no. 1, 21 June 2021."
    bot.make(NINE - HOUR)
    assert bot.numbered() == [(1, "2021-06-21")]
    sent = bot.words(bot.deliveries()[0])
    assert reply.title in sent
    for section in reply.sections:
        for line in section.lines:
            assert line.text in sent


def test_a_preview_of_nothing_says_why(bot: Bot) -> None:
    """And when it is looked at again."""
    bot.done("digest subscribe", NOON)
    text = bot.say("digest preview", NOON)
    assert "Nothing has become known since 20 June 2021" in text
    assert "It is looked at again on 21 June 2021, 09:00 (UTC), in 21 hours." in text


def test_a_preview_of_what_is_paused_or_was_lost(bot: Bot) -> None:
    """As if it were resumed now, with what never arrived, and without a write."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, REFUSED)
    assert bot.row().paused
    before = bot.whole()
    text = bot.say("digest preview", NINE)
    assert bot.whole() == before
    assert "resumed now, it would come on 22 June 2021, 09:00 (UTC)" in text
    assert "The ferry sails." in text
    assert "News no. 1, 22 June 2021." in text
    assert "21 June 2021 (it could not be delivered)" in text


# ── now ─────────────────────────────────────────────────────────────────────────────────


def test_now_sends_todays_edition_and_no_other_comes_that_day(bot: Bot) -> None:
    """Neither by the timer at its hour, nor by asking again; the day after comes as always."""
    bot.done("digest subscribe at 18:00", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    text = bot.done("digest now", NOON)
    assert "No. 1 of 20 June 2021 is on its way to #news." in text
    assert "The next comes on 21 June 2021, 18:00 (UTC), in 30 hours." in text
    again = bot.ask("digest now", NOON + MINUTE)
    assert again.abstained
    assert "There is never a second for one date." in again.sections[0].lines[2].text
    bot.send(NOON + MINUTE)
    bot.learn("2021-06-21", "It sank.")
    assert bot.make(NOON + 6 * HOUR).looked == 0
    bot.make(NOON + 30 * HOUR)
    assert bot.numbered() == [(1, "2021-06-20"), (2, "2021-06-21")]
    arrived = bot.say("digest now", NOON + 30 * HOUR)
    assert "no. 2, was made on 21 June 2021, 18:00 (UTC)" in arrived


def test_now_after_todays_has_come_is_refused(bot: Bot) -> None:
    """With when it was made, its number and when it arrived."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE)
    text = bot.say("digest now", NINE + HOUR)
    assert "The edition of 21 June 2021, no. 1, was made on 21 June 2021, 09:00 (UTC)." in text
    assert "It arrived on 21 June 2021, 09:00:00 (UTC)" in text


def test_now_with_nothing_to_say_leaves_the_day_open(bot: Bot) -> None:
    """The ledger is not touched: what becomes known before its hour still comes."""
    bot.done("digest subscribe at 18:00", NOON)
    before = bot.whole()
    assert "There is nothing to send." in bot.say("digest now", NOON)
    assert bot.whole() == before
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NOON + 6 * HOUR)
    assert bot.numbered() == [(1, "2021-06-20")]


def test_now_goes_past_quiet_hours_and_days_off(bot: Bot) -> None:
    """Since an admin asks for it."""
    bot.done("digest subscribe at 18:00 weekdays quiet 10:00-14:00 off 06-20", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.done("digest now", NOON)
    assert [row.id for row in bot.send(NOON)] == [bot.deliveries()[0].id]
    assert bot.deliveries()[0].state == "done"


def test_now_is_refused_while_paused_or_without_permissions(bot: Bot) -> None:
    """With the reason, and what to do."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    shut = an_asker(NEWS_1._replace(missing=("Embed Links",)))
    before = bot.whole()
    assert "it lacks Embed Links there" in bot.say("digest now", NOON, shut)
    assert bot.whole() == before
    bot.done("digest pause", NOON)
    reply = bot.ask("digest now", NOON)
    assert reply.abstained
    assert reply.actions[0].words == "digest resume 1"
    assert bot.numbered() == []


def test_now_waits_until_the_last_one_is_known_to_have_arrived(bot: Bot) -> None:
    """Else what was in that one could be lost, or told twice."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, LOST)
    later = NINE + 20 * HOUR
    assert "is still under way" in bot.say("digest now", later)
    assert bot.numbered() == [(1, "2021-06-21")]


def test_now_after_todays_was_lost_brings_it_again(bot: Bot) -> None:
    """Under the same date and number, told as what could not be delivered."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, REFUSED)
    bot.done("digest resume", NINE + HOUR)
    bot.done("digest now", NINE + HOUR)
    bot.send(NINE + HOUR)
    assert bot.numbered() == [(1, "2021-06-21")]
    assert [row.state for row in bot.deliveries()] == ["refused", "done"]
    bot.make(NINE + DAY)
    assert bot.numbered() == [(1, "2021-06-21")], "it is not taken back although its first try was refused"


def test_what_still_waits_goes_into_what_is_sent_now(bot: Bot) -> None:
    """Yesterday's, which could not be sent yet, does not come besides."""
    bot.done("digest subscribe at 18:00 grace 23", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NOON + 6 * HOUR)
    bot.send(NOON + 6 * HOUR, NOT_SENT)
    bot.done("digest now", NINE)
    assert bot.numbered() == [(1, "2021-06-21")]
    assert [row.state for row in bot.deliveries()] == ["held", "due"]
    assert "The ferry sails." in bot.words(bot.deliveries()[1])


def test_a_missed_day_goes_into_what_is_sent_now(bot: Bot) -> None:
    """Where no timer ran, the ledger has the days before as well."""
    bot.done("digest subscribe", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.done("digest now", NINE + 3 * DAY - HOUR)
    assert bot.numbered() == [(1, "2021-06-24")]
    assert [(one.first, one.last, one.why) for one in bot.held()] == [
        ("2021-06-21", "2021-06-22", "missed"),
        ("2021-06-23", "2021-06-23", "missed"),
    ]
