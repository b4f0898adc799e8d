"""`digest why`: every date has an answer in words, and each kind of day its own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import Reply
from tests.digest.servers import ABSENT, ADMIN, LOST, NOT_SENT, OTHER, REFUSED, TALKER, Bot

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)  # a Sunday
NINE = NOON + 19 * HOUR  # 09:00 in Berlin on Monday, the day after: 07:00 UTC


@pytest.fixture(name="bot")
def _bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path)
    made.done("digest subscribe Europe/Berlin", NOON)
    yield made
    made.close()


def lines(reply: Reply) -> list[str]:
    """What its lines say, with the date in front of each."""
    return [
        " ".join(filter(None, [line.label, line.when, line.text]))
        for section in reply.sections
        for line in section.lines
    ]


def day(bot: Bot, text: str, at: datetime = NINE) -> str:
    """What is said of one date."""
    reply = bot.ask(f"digest why {text}", at)
    assert not reply.abstained
    assert reply.private
    return "\n".join(lines(reply))


def test_an_edition_that_came_is_told_from_its_hour_to_its_message(bot: Bot) -> None:
    """When it was due, local and in UTC; when it was made and as what; what was in it; when it arrived."""
    bot.learn("2021-06-20", "The ferry sails.", "It is blue.")
    bot.make(NINE + timedelta(seconds=1))
    (sent,) = bot.send(NINE + timedelta(seconds=2))
    assert lines(bot.ask("digest why 2021-06-21", NINE + HOUR)) == [
        "due 21 June 2021, 09:00 (Europe/Berlin), which is 07:00 UTC.",
        "made 21 June 2021, 09:00:01 (Europe/Berlin), as no. 1, news, in time.",
        "in it “The ferry: 2 new facts from The Post”, with 3 cited facts of 2 sources.",
        f"It arrived on 21 June 2021, 09:00:02 (Europe/Berlin) as message m-{sent.id}.",
    ]


def test_what_was_late_says_by_how_much(bot: Bot) -> None:
    """By the moment at which it was made."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE + 65 * MINUTE)
    assert "as no. 1, news, 1 hour 5 minutes late." in day(bot, "2021-06-21")


def test_each_attempt_is_told_with_its_outcome(bot: Bot) -> None:
    """While it waits, when the next try is; and after it came, how often it was tried."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, LOST)
    waits = day(bot, "2021-06-21")
    assert "21 June 2021, 09:00:00 (Europe/Berlin) The connection was reset (it may have arrived)" in waits
    assert (
        "It waits to be sent (the connection was reset): the next try is on 21 June 2021, 09:00:02" in waits
    )
    assert "it may have arrived, and is looked for before it is sent again" in waits
    bot.send(NINE + MINUTE, ABSENT)
    bot.send(NINE + 2 * MINUTE, NOT_SENT)
    bot.send(NINE + 3 * MINUTE)
    came = day(bot, "2021-06-21")
    assert "Looked for it in the channel: it is not there." in came
    assert "No connection could be made; again in" in came
    assert "It arrived on 21 June 2021, 09:03:00 (Europe/Berlin)" in came
    assert "Tried 3 times." in came


def test_what_is_being_sent_is_said_to_be(bot: Bot) -> None:
    """Between taking and its outcome."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    (row,) = bot.deliveries()

    def take(db: object) -> None:
        from bot.store.outbox import Outbox

        Outbox(db.conn).save(row._replace(state="taken"))  # type: ignore[attr-defined]

    bot.store.write(take)
    assert "It is being sent right now." in day(bot, "2021-06-21")


def test_what_was_refused_is_told_with_the_reason_and_goes_into_the_next(bot: Bot) -> None:
    """As refused until it is resumed, then as what the next edition tells."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, REFUSED)
    text = day(bot, "2021-06-21")
    assert "Refused: the bot may not send there; give it Send Messages in the channel." in text
    assert "It was refused on 21 June 2021, 09:00:00 (Europe/Berlin): the bot may not send there." in text
    assert "it is paused (the bot may not send there; give it Send Messages in the channel)" in day(
        bot, "2021-06-22", NINE + DAY
    )
    bot.done("digest resume", NINE + DAY + HOUR)
    bot.make(NINE + 2 * DAY)
    gone = "no edition It could not be delivered (the bot may not send there); the next edition tells"
    assert gone in day(bot, "2021-06-21", NINE + 2 * DAY)
    text = day(bot, "2021-06-22", NINE + 2 * DAY)
    assert "its hour had passed when it was resumed, or its time was changed" in text
    assert "as no. 1, news, in time." in day(bot, "2021-06-23", NINE + 2 * DAY)


def test_what_was_not_sent_in_time_went_into_the_next(bot: Bot) -> None:
    """Its attempts are told, and that it was merged."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, NOT_SENT)
    bot.send(NINE + 7 * HOUR)
    text = day(bot, "2021-06-21", NINE + 8 * HOUR)
    assert "Its time is over; the next edition tells what was in it." in text
    assert "It was not sent: no connection could be made; what was in it goes into the next." in text
    bot.make(NINE + DAY)
    assert "It could not be delivered (no connection could be made)" in day(bot, "2021-06-21", NINE + DAY)


def test_a_day_with_nothing_to_say_says_so(bot: Bot) -> None:
    """With the reason why there was nothing."""
    bot.make(NINE)
    text = day(bot, "2021-06-21")
    assert "decided 21 June 2021, 09:00:00 (Europe/Berlin), as news, in time." in text
    assert "no edition Nothing has become known since 20 June 2021, and quiet days are silent here." in text


def test_held_days_say_why(bot: Bot) -> None:
    """An outage, quiet hours and days off; each of a long stretch, and none of its other days."""
    bot.done("digest change weekdays", NOON)
    bot.make(NINE + 7 * DAY)
    away = "No edition of its own: the bot was away at its time, and for longer than its grace"
    for text in ("2021-06-21", "2021-06-25"):
        assert away in day(bot, text, NINE + 7 * DAY)
    assert "it is not one of its days, which are Monday to Friday." in day(bot, "2021-06-26", NINE + 7 * DAY)
    bot.done("digest change quiet 10:00-22:00 off 2021-06-30", NINE + 7 * DAY)
    bot.make(NINE + 8 * DAY + 2 * HOUR)
    assert "its time fell in the quiet hours" in day(bot, "2021-06-29", NINE + 9 * DAY)
    bot.make(NINE + 10 * DAY)
    assert "it fell on days off" in day(bot, "2021-06-30", NINE + 10 * DAY)


def test_days_before_and_days_to_come(bot: Bot) -> None:
    """Before it was subscribed, that day when its hour had passed, today, tomorrow, in a hundred years."""
    assert "It was before this was subscribed, on 20 June 2021, 14:00 (Europe/Berlin)." in day(
        bot, "2021-06-19"
    )
    passed = day(bot, "2021-06-20")
    assert (
        "its hour had passed when it was subscribed; that was 20 June 2021, 09:00 (Europe/Berlin)" in passed
    )
    assert (
        "Still to come: due on 22 June 2021, 09:00 (Europe/Berlin), which is 07:00 UTC, in 24 hours."
        in day(bot, "2021-06-22")
    )
    assert "Due, and not made yet, since 21 June 2021, 09:00 (Europe/Berlin)" in day(bot, "2021-06-21")
    assert "so far ahead that nothing is decided" in day(bot, "2121-06-22")
    assert "It was before this was subscribed" in day(bot, "0001-01-01")
    assert "so far ahead" in day(bot, "9999-12-31")


def test_days_to_come_of_what_is_paused_or_off(bot: Bot) -> None:
    """They do not come, and that is said."""
    bot.done("digest change off 2021-06-30 weekdays", NOON)
    assert "one of its days off: none comes." in day(bot, "2021-06-30")
    assert "it is not one of its days" in day(bot, "2021-06-27")
    bot.done("digest pause", NOON)
    assert "Still to come, but it is paused (an admin paused it)." in day(bot, "2021-06-22")
    assert "it is paused (an admin paused it); it would have been due on" in day(bot, "2021-06-21")


def test_what_was_sent_on_request_says_so(bot: Bot) -> None:
    """Neither late nor in time: somebody asked for it."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.done("digest now", NOON)
    assert "as no. 1, news; it was asked for with “digest now”." in day(bot, "2021-06-20")


def test_what_waits_for_the_one_before_says_so(bot: Bot) -> None:
    """Nothing is made on top of an edition of which nobody knows whether it arrived."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE, LOST)
    bot.make(NINE + DAY)
    text = day(bot, "2021-06-22", NINE + DAY)
    assert "It waits until it is known whether no. 1 of 21 June 2021 arrives" in text
    newest = lines(bot.ask("digest why", NINE + DAY))
    assert newest[-1] == "It waits until it is known whether no. 1 arrives."


def test_without_a_date_the_last_ten_stand_newest_first(bot: Bot) -> None:
    """One line each with its outcome, those held among them, and what comes next."""
    bot.done("digest change off 2021-06-25/2021-06-26", NOON)
    for number in range(14):
        if number != 2:
            bot.learn(f"2021-06-{number + 8:02}", f"Day {number}.")
            bot.make(NINE + number * DAY)
            bot.send(NINE + number * DAY)
    reply = bot.ask("digest why", NINE + 14 * DAY - HOUR)
    told = [(line.label, line.when) for line in reply.sections[0].lines]
    assert told[:2] == [("no. 11", "4 July 2021"), ("no. 10", "3 July 2021")]
    assert ("", "25 to 26 June 2021") in told
    assert len(told) == 10
    assert lines(reply)[-1] == "The next comes on 5 July 2021, 09:00 (Europe/Berlin), in 1 hour."
    assert "it fell on days off" in "\n".join(lines(reply))


def test_before_anything_was_due_it_says_so(bot: Bot) -> None:
    """And when the first comes."""
    assert lines(bot.ask("digest why", NOON)) == [
        "Nothing has been due so far.",
        "The next comes on 21 June 2021, 09:00 (Europe/Berlin), in 19 hours.",
    ]


def test_a_month_has_a_line_for_each_stretch_of_days(bot: Bot) -> None:
    """The newest first; days with the same answer together; a year is cut to its end."""
    bot.done("digest change weekdays", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE)
    told = lines(bot.ask("digest why 2021-06", NINE))
    assert told[0] == "28 to 30 June 2021 Still to come."
    assert told[1] == "26 to 27 June 2021 No edition: it is not one of its days."
    assert told[-3].startswith("no. 1 21 June 2021 Arrived on 21 June 2021, 09:00:00")
    assert told[-2].startswith("20 June 2021 No edition: ")
    assert told[-1] == "1 to 19 June 2021 It was before this was subscribed."
    year = bot.ask("digest why 2021", NINE)
    assert "Only the last 92 days of these are shown." in year.notes
    assert lines(bot.ask("digest why 9998/9999", NINE))


def test_one_that_has_ended_is_still_explained(bot: Bot) -> None:
    """By its number, to its own server, also of days after its end."""
    bot.learn("2021-06-20", "The ferry sails.")
    bot.make(NINE)
    bot.send(NINE)
    bot.done("digest unsubscribe 1", NINE + HOUR)
    reply = bot.ask("digest why 2021-06-21 1", NINE + HOUR)
    assert "as no. 1, news, in time." in "\n".join(lines(reply))
    after = bot.ask("digest why 2021-06-25 1", NINE + 9 * DAY)
    assert lines(after) == ["No edition: this had ended, on 21 June 2021, 10:00 (Europe/Berlin)."]
    assert bot.ask("digest why 1", NINE, OTHER).abstained


def test_in_another_channel_it_is_for_the_asker_alone(bot: Bot) -> None:
    """Since that channel may be one that not everybody there knows."""
    assert bot.ask("digest why 1", NINE, TALKER).alone
    assert not bot.ask("digest why 1", NINE, ADMIN).alone


STEPS = (
    "make", "send", "fail", "lose", "pause", "resume", "now", "change at 18:00", "change on mon-wed",
    "change quiet 08:00-11:00", "change zone America/New_York",
)  # fmt: skip


@settings(max_examples=40)
@given(
    when=st.dates(date(2021, 6, 10), date(2021, 7, 20)),
    hours=st.integers(0, 30 * 24),
    steps=st.lists(st.sampled_from(STEPS), max_size=8),
)
def test_every_date_has_an_answer_whatever_happened(
    tmp_path_factory: pytest.TempPathFactory, when: date, hours: int, steps: list[str]
) -> None:
    """After any history, also of days to come, before it, and while it was paused."""
    bot = Bot(tmp_path_factory.mktemp("why"))
    bot.done("digest subscribe Europe/Berlin", NOON)
    bot.learn("2021-06-20", "The ferry sails.")
    at = NOON
    for number, step in enumerate(steps):
        at = NOON + hours * HOUR * (number + 1) / len(steps)
        if step == "make":
            bot.make(at)
        elif step in {"send", "fail", "lose"}:
            bot.send(at, *{"send": (), "fail": (NOT_SENT,), "lose": (LOST,)}[step])
        else:
            bot.ask(f"digest {step}", at)
    for words in (f"digest why {when} no. 1", "digest why 2021-06 no. 1", "digest why 1", "digest show 1",
                  "digest list", "digest preview 1"):  # fmt: skip
        reply = bot.ask(words, at)
        assert lines(reply), words
        assert all(line.text or line.label for section in reply.sections for line in section.lines)
    bot.close()
