"""Digests in a workspace of Slack, by the same commands: ids, words and places that are Slack's; the form."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.command.asker import HERE, Asker, Place
from bot.command.form import MAX_FIELDS, Form
from bot.command.request import find_command, named
from bot.command.terms import WORKSPACE_TERMS
from bot.edge.operator import ASKER as SHELL
from bot.edge.operator import find
from bot.reply import Action
from tests.digest.servers import ADMIN, ALONE, NEWS_1, REFUSED, RUNNER, Bot, an_asker

NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)  # a Sunday
NINE = NOON + timedelta(hours=21)
HOUR = timedelta(hours=1)

NEWS = Place("slack", "T02ABCD", "C11NEWS", "#news", "text")
TALK = Place("slack", "T02ABCD", "C12TALK", "#talk", "text")
SHUT = Place("slack", "T02ABCD", "C13SHUT", "#shut", "text", ("membership",), "/invite @exomars")
OTHERS = Place("slack", "T99XYZ", "C21NEWS", "#news", "text")
DIRECT = Place("slack", "", "D91OWN", "your direct messages", "direct")


def a_member(place: Place, *others: Place, **fields: object) -> Asker:
    """An admin of the workspace who asks in a place, and finds it and others."""
    made = an_asker(place, *others, platform="slack", user="U01ADMIN", terms=WORKSPACE_TERMS)
    groups = {"S07READERS": "readers"}
    made = made._replace(role_called=lambda group: groups.get(group, group), zone="Europe/Berlin")
    return made._replace(**fields)  # type: ignore[arg-type]


BOSS = a_member(NEWS, TALK, SHUT, DIRECT)
TALKER = a_member(TALK, NEWS)
ELSEWHERE = a_member(OTHERS, user="U99OTHER")
OWN = a_member(DIRECT, user="U05ANN", manages=False)


@pytest.fixture(name="bot")
def _bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path)
    yield made
    made.close()


# ── what is typed ───────────────────────────────────────────────────────────────────────


def test_a_channel_and_a_user_group_keep_the_capitals_of_their_ids(bot: Bot) -> None:
    """A mention is understood, and kept as Slack knows it; the group is called what it is there."""
    said = bot.done("digest subscribe <#C12TALK> at 16:30 Europe/Berlin ping <@&S07READERS>", NOON, BOSS)
    assert "comes to #talk at 16:30 (Europe/Berlin)" in said
    assert "pings the user group readers, and nobody else" in said
    row = bot.row()
    assert (row.platform, row.server, row.place, row.place_kind) == ("slack", "T02ABCD", "C12TALK", "text")
    assert (row.role, row.by) == ("S07READERS", "U01ADMIN")
    shown = bot.done("digest show 1", NOON, BOSS)
    assert "ping — @readers" in shown
    assert "publish" not in shown
    assert "ping — @readers → none" in bot.done("digest change ping none", NOON, TALKER)


def test_an_edition_goes_to_slack_and_pings_the_group(bot: Bot) -> None:
    """It is promised for that channel, taken by that platform alone, and told as delivered."""
    bot.done("digest subscribe ping <@&S07READERS>", NOON, BOSS)
    bot.done("digest subscribe", NOON, ADMIN)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    rows = {row.platform: row for row in bot.send(NINE)}
    assert set(rows) == {"slack", "discord"}
    assert (rows["slack"].server, rows["slack"].place, rows["slack"].role) == (
        "T02ABCD",
        "C11NEWS",
        "S07READERS",
    )
    assert rows["slack"].body == rows["discord"].body
    assert "Arrived on 21 June" in bot.done("digest why 1", NINE + HOUR, BOSS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("digest subscribe publish on", "Nobody elsewhere can follow #news, so nothing can be published"),
        ("digest subscribe ping <@&123abc>", " <@&123abc>; "),
        (
            "digest subscribe <#C13SHUT>",
            "The bot is not in #shut. Type /invite @exomars in it, then say this again.",
        ),
        ("digest subscribe <#C21NEWS>", "#news is not of this workspace"),
        ("digest subscribe <#c12talk>", "was not understood"),
    ],
)
def test_what_cannot_be_on_slack_is_refused_in_its_words(bot: Bot, words: str, said: str) -> None:
    """There are no announcement channels, and no servers; nothing is kept."""
    reply = bot.ask(words, NOON, a_member(NEWS, SHUT, OTHERS))
    assert reply.abstained
    assert said in bot.say(words, NOON, a_member(NEWS, SHUT, OTHERS))
    assert bot.whole()["subscription"] == []


def test_one_platform_knows_nothing_of_the_others_digests(bot: Bot) -> None:
    """Neither another workspace, nor a Discord server; whoever runs the bot sees all."""
    bot.done("digest subscribe", NOON, BOSS)
    bot.done("digest subscribe", NOON, ADMIN)
    for asker, theirs in ((ADMIN, "1"), (BOSS, "2"), (ELSEWHERE, "1"), (ALONE, "1"), (OWN, "1")):
        for words in (f"digest show {theirs}", f"digest unsubscribe {theirs}"):
            assert "There is no digest no." in bot.say(words, NOON, asker)
        assert f"no. {theirs} —" not in bot.say("digest list", NOON, asker)
    everything = bot.say("digest list", NOON, RUNNER)
    assert "slack:T02ABCD/C11NEWS" in everything
    assert "discord:1/11" in everything


def test_direct_messages_on_slack_are_their_owners(bot: Bot) -> None:
    """From there, and from a channel as `me`."""
    bot.done("digest subscribe", NOON, OWN)
    assert (bot.row().server, bot.row().place, bot.row().place_kind) == ("", "D91OWN", "direct")
    bot.done("digest subscribe me weekly", NOON, a_member(NEWS, DIRECT, user="U05ANN"))
    assert bot.row(2).place == "D91OWN"
    assert "There is no digest no. 1 here" in bot.say("digest show 1", NOON, BOSS)


def test_a_digest_that_was_refused_is_resumed_where_the_bot_is_let_in(bot: Bot) -> None:
    """Its channel is looked at as it is now, also from another channel of the workspace."""
    bot.done("digest subscribe <#C12TALK>", NOON, BOSS)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, REFUSED)
    assert bot.row().paused
    shut = TALK._replace(missing=SHUT.missing, invite=SHUT.invite)
    assert "The bot is not in #talk" in bot.say("digest resume 1", NINE, a_member(NEWS, shut))
    assert "no such channel" in bot.say("digest resume 1", NINE, a_member(NEWS))
    assert bot.row().paused
    bot.done("digest resume 1", NINE, BOSS)
    assert not bot.row().paused


def test_what_ended_can_be_had_again(bot: Bot) -> None:
    """The words of the button bring the same wish, from the channel, from another, and from the shell."""
    wish = "digest subscribe at 10:00 zone Europe/Berlin days mon-fri ping <@&S07READERS>"
    bot.done(wish, NOON, BOSS)
    askers = ((BOSS, ""), (TALKER, " <#C11NEWS>"), (SHELL, " slack:T02ABCD/C11NEWS/text"))
    for number, (asker, named_so) in enumerate(askers, 1):
        reply = bot.ask(f"digest unsubscribe {number}", NOON, asker)
        again = next(action.words for action in reply.actions if action.label == "Subscribe again")
        assert again.startswith(f"digest subscribe{named_so} at 10:00")
        bot.done(again, NOON, asker)
        first, now = bot.row(1), bot.row(number + 1)
        same = ("platform", "server", "place", "at", "zone", "days", "role", "place_kind")
        assert all(getattr(first, name) == getattr(now, name) for name in same), number


# ── whoever runs the bot ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("slack:T02ABCD/C11NEWS", ("slack", "T02ABCD", "C11NEWS", "text")),
        ("slack:T02ABCD/C11NEWS/text", ("slack", "T02ABCD", "C11NEWS", "text")),
        ("slack:T02ABCD/D91OWN", ("slack", "", "D91OWN", "direct")),
        ("slack:D91OWN", ("slack", "", "D91OWN", "direct")),
        ("slack:D91OWN/direct", ("slack", "", "D91OWN", "direct")),
        ("discord:1/2/forum", ("discord", "1", "2", "forum")),
        ("discord:91", ("discord", "", "91", "direct")),
        ("discord:91/direct", ("discord", "", "91", "direct")),
    ],
)
def test_a_channel_is_named_by_its_ids(typed: str, place: tuple[str, str, str, str]) -> None:
    """On both platforms in one form; a direct message belongs to no workspace."""
    found = find(typed)
    assert isinstance(found, Place), found
    assert (found.platform, found.server, found.id, found.kind) == place


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("slack:t02abcd/C11NEWS", "“t02abcd” is no id of a channel or workspace of Slack"),
        ("discord:home/2", "“home” is no id of a channel or server of Discord"),
        ("slack:T02ABCD/C11NEWS/forum", "Slack has no kind of channel called forum"),
        ("irc:1/2", "discord:SERVER/CHANNEL or slack:WORKSPACE/CHANNEL"),
        ("#news", "cannot be looked up from here"),
    ],
)
def test_what_is_no_channel_is_refused_with_the_form_of_one(typed: str, why: str) -> None:
    """What is wrong with it, before anything is kept that could never arrive."""
    found = find(typed)
    assert isinstance(found, str)
    assert why in found


# ── the form ────────────────────────────────────────────────────────────────────────────


def form_for(bot: Bot, asker: Asker) -> Form:
    """The form that somebody is shown."""
    found = bot.desk.form_of("digest subscribe", "/ferry", NOON, asker)
    assert isinstance(found, Form), found
    return found


def sent(bot: Bot, asker: Asker, **others: str) -> str:
    """What somebody reads who sends the form as it is shown, with some fields filled in otherwise."""
    form = form_for(bot, asker)
    found = named(form.words, bot.desk.commands, NOON.date())
    assert found is not None
    values = {**{field.name: field.value for field in form.fields}, **others}
    reply = bot.desk.answer_values(found[0], found[1] | values, "/ferry", NOON, asker)
    return "\n".join(line.text for section in reply.sections for line in section.lines)


@pytest.mark.parametrize("asker", [ADMIN, BOSS], ids=["Discord", "Slack"])
def test_the_form_asks_for_what_most_choose(bot: Bot, asker: Asker) -> None:
    """Five fields that are parameters of the command; it shows where one is, and what is usual."""
    form = form_for(bot, asker)
    names = [field.name for field in form.fields]
    assert names == ["channel", "at", "zone", "days", "kind"]
    assert len(names) <= MAX_FIELDS
    command = find_command("digest subscribe", bot.desk.commands)
    assert command is not None
    assert {*names} <= {param.name for param in command.params}
    channel, at, zone, days, kind = form.fields
    assert (channel.value, channel.place) == (f"<#{asker.place.id}>", True)
    assert (at.value, zone.value) == ("09:00", asker.zone or "UTC")
    assert [value for _, value in kind.choices] == ["news", "replay", "weekly", "onthisday"]
    for field in (days, kind):
        for shown, value in field.choices:
            assert 0 < len(shown) <= 75  # what Slack shows; Discord shows more
            assert value
    assert all(len(field.label) <= 45 and len(field.help) <= 100 for field in form.fields)


@pytest.mark.parametrize("asker", [ADMIN, BOSS], ids=["Discord", "Slack"])
def test_the_form_as_it_is_shown_subscribes_the_channel(bot: Bot, asker: Asker) -> None:
    """Every day, also where the kind comes once a week: then it is that kind's own day."""
    assert "comes to #news at 09:00" in sent(bot, asker)
    row = bot.row()
    assert (row.place, row.zone, row.days, row.kind) == (
        asker.place.id,
        asker.zone or "UTC",
        "daily",
        "news",
    )
    assert "Monday" in sent(bot, asker, kind="weekly")
    assert (bot.row(2).kind, bot.row(2).days) == ("weekly", "mon")


@pytest.mark.parametrize("asker", [ADMIN, BOSS], ids=["Discord", "Slack"])
def test_every_choice_of_the_form_is_understood(bot: Bot, asker: Asker) -> None:
    """Each kind with each of the days, and what the one cannot have is said."""
    form = form_for(bot, asker)
    days = next(field for field in form.fields if field.name == "days")
    kinds = next(field for field in form.fields if field.name == "kind")
    for _, kind in kinds.choices:
        for _, value in days.choices:
            said = sent(bot, asker, kind=kind, days=value)
            several = kind == "weekly" and value in {"daily", "weekdays", "weekends"}
            assert ("comes on one day" if several else "comes to #news") in said
            if not several:
                number = len(bot.whole()["subscription"])
                bot.done(f"digest unsubscribe {number}", NOON, asker)


def test_a_form_that_is_filled_in_wrongly_says_all_of_it(bot: Bot) -> None:
    """Field by field, and nothing is kept."""
    said = sent(bot, BOSS, at="25:00", zone="Mars/Phobos")
    assert "no time that a clock shows" in said
    assert "is no time zone" in said
    assert bot.whole()["subscription"] == []


@pytest.mark.parametrize("asker", [ALONE, OWN], ids=["Discord", "Slack"])
def test_in_a_direct_message_the_form_has_no_channel(bot: Bot, asker: Asker) -> None:
    """It comes to whoever asks."""
    assert "channel" not in {field.name for field in form_for(bot, asker).fields}
    sent(bot, asker)
    assert bot.row().place == asker.place.id


def test_where_no_digest_can_come_no_channel_is_proposed(bot: Bot) -> None:
    """A voice channel is not shown as chosen."""
    voice = ADMIN._replace(find=lambda _: "#voice is a voice channel")
    (channel, *_) = form_for(bot, voice).fields
    assert (channel.name, channel.value) == ("channel", "")


def test_with_anything_given_there_is_no_form(bot: Bot) -> None:
    """Then it is answered as it was typed; and the same words are never both."""
    for words in ("digest subscribe weekly", "digest subscribe at 10:00", "digest list", "nothing"):
        assert bot.desk.form_of(words, "/ferry", NOON, ADMIN) is None
    bot.done("digest subscribe", NOON, ADMIN)
    assert bot.row().place == NEWS_1.id


@pytest.mark.parametrize("asker", [ADMIN, BOSS], ids=["Discord", "Slack"])
def test_where_there_is_no_digest_a_button_opens_the_form(bot: Bot, asker: Asker) -> None:
    """In the empty list, and where none comes; typed, one's own zone is proposed."""
    for words in ("digest list", "digest show"):
        reply = bot.ask(words, NOON, asker)
        assert [action.words for action in reply.actions] == ["digest subscribe"], words
        assert f"digest subscribe at 09:00 {asker.zone or 'Europe/Berlin'}" in bot.say(words, NOON, asker)


@pytest.mark.parametrize("asker", [ADMIN, BOSS], ids=["Discord", "Slack"])
def test_of_a_channel_that_is_none_the_same_is_asked_again(bot: Bot, asker: Asker) -> None:
    """A form would be for another channel; and nobody reads an id."""
    reply = bot.ask("digest subscribe <#99> at 10", NOON, asker)
    assert reply.actions == (Action("Try again", "digest subscribe <#99> at 10"),)
    shown = [line.label for section in reply.sections for line in section.lines if line.label]
    assert shown == ["!ferry digest subscribe #channel at 10"]


def test_where_a_digest_comes_elsewhere_is_told_alone(bot: Bot) -> None:
    """Not everybody where it is typed may know of another channel; of this one they all do."""
    asked = (
        ("digest subscribe at 9", False),
        ("digest subscribe <#C12TALK>", True),
        ("digest subscribe <#C12TALK>", True),  # it has that already
        ("digest subscribe <#C13SHUT>", True),
        ("digest subscribe here weekly", False),
        ("digest change 2 at 10", True),
        ("digest unsubscribe 2", True),
        ("digest unsubscribe 1", False),
    )
    for words, alone in asked:
        reply = bot.ask(words, NOON, a_member(NEWS, TALK, SHUT))
        assert reply.alone is alone, words


def test_to_have_a_digest_again_nobody_types_an_id(bot: Bot) -> None:
    """The name of a channel can be typed; of one that has none for everybody, the button alone knows."""
    hidden = Place("slack", "T02ABCD", "C14SECRET", "a private channel", "text")
    asker = a_member(NEWS, TALK, hidden)
    for number, (channel, shown) in enumerate((("C12TALK", "#talk"), ("C14SECRET", "")), 1):
        bot.done(f"digest subscribe <#{channel}>", NOON, asker)
        reply = bot.ask(f"digest unsubscribe {number}", NOON, asker)
        assert reply.actions[0].words.startswith(f"digest subscribe <#{channel}> at 09:00")
        said = " ".join(line.text for section in reply.sections for line in section.lines)
        assert channel not in said
        assert (f"digest subscribe {shown} at 09:00" in said) is bool(shown)


def test_hours_are_those_of_whoever_subscribes(bot: Bot) -> None:
    """Where Slack tells their time zone and none was typed; one that this machine has not is no zone."""
    said = bot.done("digest subscribe at 9", NOON, BOSS)
    assert bot.row().zone == "Europe/Berlin"
    assert "No time zone was given, so its hours are those of your time zone, Europe/Berlin;" in said
    bot.done("digest subscribe <#C12TALK>", NOON, a_member(NEWS, TALK)._replace(zone="Mars/Oxia"))
    assert bot.row(2).zone == "UTC"
    assert "so its hours are UTC;" in bot.done("digest subscribe", NOON, ADMIN)


def test_a_channel_that_was_named_in_the_shell_was_not_looked_at(bot: Bot) -> None:
    """It is said; of one that Slack was asked for it is not."""
    what = "Whether the bot may post there could not be checked from here."
    assert what in bot.done("digest subscribe slack:T02ABCD/C11NEWS/text", NOON, SHELL)
    assert what not in bot.done("digest subscribe <#C12TALK>", NOON, BOSS)


def test_each_digest_of_a_list_has_a_button(bot: Bot) -> None:
    """As far as there is room for them."""
    places = [Place("slack", "T02ABCD", f"C{number}ROOM", f"#room-{number}", "text") for number in range(12)]
    for place in places:
        bot.done(f"digest subscribe <#{place.id}>", NOON, a_member(NEWS, *places))
    labels = [action.label for action in bot.ask("digest list", NOON, BOSS).actions]
    assert labels == [f"Show no. {number}" for number in range(1, 11)]


@pytest.mark.parametrize("asker", [ADMIN, BOSS], ids=["Discord", "Slack"])
def test_help_tells_what_there_is_on_a_platform(bot: Bot, asker: Asker) -> None:
    """Nobody follows a channel of Slack; who is pinged there is a group."""
    slack = asker is BOSS
    said = bot.say("help digest subscribe", NOON, asker)
    assert ("publish ON/OFF" in said) is not slack
    assert f"ping {'GROUP' if slack else 'ROLE'}" in said
    assert "admins add @editors" in bot.say("help admins add", NOON, asker)
    assert bot.ask("help admins add", NOON, asker).actions == ()


def test_in_the_terminal_the_button_is_what_can_be_typed(bot: Bot) -> None:
    """There is no form to open there."""
    assert RUNNER.place == HERE
    reply = bot.ask("digest list", NOON, RUNNER)
    assert [action.words for action in reply.actions] == ["digest subscribe at 09:00 Europe/Berlin"]
