"""Modals of the double."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import (
    NEWS,
    QUIET,
    Json,
    button,
    client_of,
    connected,
    field,
    modal,
    refused,
    respond,
    row,
    section,
    select,
    wire,
)

pytestmark = pytest.mark.asyncio


async def opened(slack: SlackDouble, view: Json, **more: Any) -> tuple[Any, Any]:
    """A command for which a form opens."""
    news = slack.add_channel("forms")
    asked = await slack.slash(news, "form", **more)
    await client_of(slack).views_open(trigger_id=asked.trigger, view=view)
    return asked, await asked.view()


async def test_a_form_is_filled_in(slack: SlackDouble, ann: User) -> None:
    """Fields come back by name; what is not filled in stays as it was."""
    form = modal(
        section("*Correct* a fact"),
        field("fact", {"initial_value": "old", "max_length": 20}),
        field("note", optional=True),
        field("date", select("march", "july", initial_option=select("march")["options"][0])),
        field("place", {"type": "conversations_select"}, optional=True),
        private_metadata="kept",
    )
    async with wire(slack) as one:
        asked, view = await opened(slack, form)
        await one.ack(await one.next())
        assert view.fields == {"fact": "old", "note": "", "date": "march", "place": ""}
        assert view.said.splitlines()[:3] == ["Title", "Correct a fact", "Fact"]
        sent = await slack.submits(view, {"date": "july", "place": "C1"})
        frame = await one.next()
        await one.ack(frame)
        await sent.done()
        payload = frame["payload"]
        values = payload["view"]["state"]["values"]
        assert values["fact"]["typed"]["value"] == "old"
        assert values["note"]["typed"]["value"] is None
        assert values["date"]["chosen"]["selected_option"]["value"] == "july"
        assert values["place"]["typed"]["selected_conversation"] == "C1"
        assert payload["view"]["private_metadata"] == "kept"
        assert (payload["view"]["callback_id"], payload["user"]["id"]) == ("form", ann.id)
        assert not view.open
        await respond(asked.response_url, text="noted")
        assert (await sent.answered()).text == "noted"
    assert slack.violations == []


async def test_bolt_opens_a_form(slack: SlackDouble, news: Channel) -> None:
    """The real client opens, refuses and takes a form."""
    async with connected(slack) as bot:

        @bot.app.command("/exomars")
        async def taken(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal(field("fact")))

        @bot.app.view("form")
        async def sent(ack: Any, view: Json, client: AsyncWebClient, body: Json) -> None:
            said = view["state"]["values"]["fact"]["typed"]["value"]
            if said == "nonsense":
                await ack(response_action="errors", errors={"fact": "That is none."})
                return
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=said, **QUIET)

        view = await (await slack.slash(news, "form")).view()
        tried = await slack.submits(view, {"fact": "nonsense"})
        assert await tried.refused() == {"fact": "That is none."}
        assert view.open
        done = await slack.submits(view, {"fact": NEWS})
        assert (await done.answered()).text == NEWS
        await done.done()
    assert not view.open
    assert slack.violations == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "requires 'fact'"),
        ({"fact": "x" * 6}, "takes 2 to 5 characters"),
        ({"fact": "abc", "other": "x"}, "has no"),
        ({"fact": "abc", "date": "may"}, "no option 'may'"),
    ],
)
async def test_the_client_checks_fields(slack: SlackDouble, values: Json, said: str) -> None:
    """What no client would send is not sent."""
    form = modal(
        field("fact", {"min_length": 2, "max_length": 5}), field("date", select("july"), optional=True)
    )
    async with wire(slack):
        _, view = await opened(slack, form)
        with pytest.raises(AssertionError, match=said):
            await slack.submits(view, values)


async def test_a_trigger_opens_one_form(slack: SlackDouble) -> None:
    """Once, in time, and only one that was given out."""
    client = client_of(slack)
    async with wire(slack):
        asked, _ = await opened(slack, modal(field("fact")))

        def again(trigger: str) -> Any:
            return client.views_open(trigger_id=trigger, view=modal(field("fact")))

        assert await refused(again(asked.trigger)) == "exchanged_trigger_id"
        assert await refused(again("1.2.3")) == "invalid_trigger_id"
        late = await slack.slash(slack.add_channel("late"), "x")
        slack.windows.trigger = 0.01
        await asyncio.sleep(0.05)
        assert await refused(again(late.trigger)) == "expired_trigger_id"
    assert len(slack.violations) == 3


async def test_broken_views_are_refused(slack: SlackDouble) -> None:
    """A view over the limits does not open, and does not use up the trigger."""
    client = client_of(slack)
    async with wire(slack):
        asked = await slack.slash(slack.add_channel("forms"), "x")
        long = {"type": "plain_text", "text": "x" * 25}
        broken = client.views_open(trigger_id=asked.trigger, view=modal(field("a"), title=long))
        assert await refused(broken) == "invalid_arguments"
        home = client.views_open(trigger_id=asked.trigger, view={"type": "home", "blocks": []})
        assert await refused(home) == "invalid_arguments"
        await client.views_open(trigger_id=asked.trigger, view=modal(field("a")))
    assert len(slack.violations) == 2


async def test_views_change(slack: SlackDouble) -> None:
    """By their id and hash, for as long as they are open."""
    client = client_of(slack)
    async with wire(slack) as one:
        _, view = await opened(slack, modal(section("one"), row(button("More"))))
        await one.next()
        pressed = await slack.presses(view, "More")
        payload = (await one.next())["payload"]
        assert payload["container"] == {"type": "view", "view_id": view.id}
        assert "response_url" not in payload
        hashed = payload["view"]["hash"]
        await client.views_update(view_id=view.id, hash=hashed, view=modal(section("two")))
        assert "two" in view.said
        stale = client.views_update(view_id=view.id, hash=hashed, view=modal(section("three")))
        assert await refused(stale) == "hash_conflict"
        pushed = await client.views_push(trigger_id=pressed.trigger, view=modal(row(button("Top"))))
        assert pushed["view"]["root_view_id"] == view.id
        top = await pressed.view()
        third = await slack.presses(top, "Top")
        await client.views_push(trigger_id=third.trigger, view=modal(row(button("Over"))))
        fourth = await slack.presses(await third.view(), "Over")
        over = client.views_push(trigger_id=fourth.trigger, view=modal(section("x")))
        assert await refused(over) == "push_limit_reached"
        await slack.closes(view)
        gone = client.views_update(view_id=view.id, view=modal(section("x")))
        assert await refused(gone) == "not_found"


async def test_the_acknowledgement_of_a_form_may_change_it(slack: SlackDouble) -> None:
    """It updates it, puts another on top, or closes all."""
    async with wire(slack) as one:
        _, view = await opened(slack, modal(field("fact")))
        await one.next()
        sent = await slack.submits(view, {"fact": "x"})
        await one.ack(await one.next(), {"response_action": "update", "view": modal(field("sure"))})
        assert (await sent.view()).fields == {"sure": ""}
        sent = await slack.submits(view, {"sure": "x"})
        await one.ack(await one.next(), {"response_action": "push", "view": modal(field("top"))})
        top = await sent.view()
        assert (top.previous, top.fields) == (view, {"top": ""})
        sent = await slack.submits(top, {"top": "x"})
        await one.ack(await one.next(), {"response_action": "clear"})
        await sent.done()
    assert (view.open, top.open) == (False, False)
    assert slack.violations == []


async def test_errors_stand_at_fields(slack: SlackDouble) -> None:
    """An error at a field that is not there is a violation."""
    async with wire(slack) as one:
        _, view = await opened(slack, modal(field("fact")))
        await one.next()
        sent = await slack.submits(view, {"fact": "x"})
        await one.ack(await one.next(), {"response_action": "errors", "errors": {"fake": "x"}})
        await sent.done()
    assert "not there" in slack.violations[0]


async def test_closing_is_told_where_it_is_wanted(slack: SlackDouble) -> None:
    """Only a view with notify_on_close tells of it."""
    async with wire(slack) as one:
        _, view = await opened(slack, modal(field("fact"), notify_on_close=True))
        await one.next()
        assert await slack.closes(view)
        assert (await one.next())["payload"]["type"] == "view_closed"
        quiet = await slack.slash(slack.add_channel("other"), "x")
        await client_of(slack).views_open(trigger_id=quiet.trigger, view=modal(field("fact")))
        assert await slack.closes(await quiet.view()) is None
