"""Buttons and selects of the double."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackDouble, User
from tests.slack_double.tools import button, post, respond, row, select, wire

pytestmark = pytest.mark.asyncio


async def test_a_button_is_pressed(
    slack: SlackDouble, client: AsyncWebClient, news: Channel, ann: User
) -> None:
    """The bot learns which, on which message, by whom; and may replace the message."""
    parent = await slack.types(news, "news?")
    await post(client, news, blocks=[row(button("Next", value="s:2"))], thread_ts=parent.ts)
    message = slack.from_bot(news)[0]
    async with wire(slack) as one:
        pressed = await slack.presses(message, "Next")
        frame = await one.next()
        await one.ack(frame)
        payload = frame["payload"]
        assert payload["actions"][0]["value"] == "s:2"
        assert payload["actions"][0]["block_id"] == payload["message"]["blocks"][0]["block_id"]
        assert payload["container"] == {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": news.id,
            "is_ephemeral": False,
            "thread_ts": parent.ts,
        }
        assert (payload["user"]["id"], payload["channel"]["id"]) == (ann.id, news.id)
        assert frame["accepts_response_payload"] is False
        await respond(payload["response_url"], text="page 2", replace_original=True)
        assert await pressed.answered() is message
    assert (message.text, message.edited) == ("page 2", True)
    assert slack.violations == []


async def test_a_button_on_what_one_person_sees(slack: SlackDouble, news: Channel) -> None:
    """Nobody else can press it; the bot is told no message, and can still replace it."""
    async with wire(slack) as one:
        asked = await slack.slash(news, "status")
        await one.ack(await one.next(), {"text": "x", "blocks": [row(button("Next", value="2"))]})
        shown = await asked.answered()
        with pytest.raises(AssertionError, match="nobody else"):
            await slack.presses(shown, "Next", slack.add_user("bob"))
        await slack.presses(shown, "Next")
        payload = (await one.next())["payload"]
        assert payload["container"]["is_ephemeral"] is True
        assert "message" not in payload
        await respond(payload["response_url"], text="page 2", replace_original=True)
    assert shown.text == "page 2"


async def test_links_and_selects_are_told_as_well(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """A button with an address is one more thing to acknowledge."""
    blocks = [row(button("ESA", url="https://esa.int"), select("march", "july"))]
    await post(client, news, blocks=blocks)
    message = slack.from_bot(news)[0]
    async with wire(slack) as one:
        await slack.presses(message, "ESA")
        assert (await one.next())["payload"]["actions"][0]["type"] == "button"
        await slack.chooses(message, "July")
        action = (await one.next())["payload"]["actions"][0]
    assert (action["type"], action["selected_option"]["value"]) == ("static_select", "july")


async def test_only_what_is_there_can_be_pressed(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """A person presses nothing that they do not see."""
    await post(client, news, blocks=[row(button("Next"))])
    message = slack.from_bot(news)[0]
    with pytest.raises(AssertionError, match=r"no button 'Back'; there are \['Next'\]"):
        await slack.presses(message, "Back")
    slack.delete_message(message)
    with pytest.raises(AssertionError, match="gone"):
        await slack.presses(message, "Next")


async def test_an_acknowledgement_of_a_press_has_no_payload(
    slack: SlackDouble, client: AsyncWebClient, news: Channel
) -> None:
    """Slack would not read it."""
    await post(client, news, blocks=[row(button("Next"))])
    async with wire(slack) as one:
        pressed = await slack.presses(slack.from_bot(news)[0], "Next")
        await one.ack(await one.next(), {"text": "x"})
        await pressed.done()
    assert "which nobody reads" in slack.violations[0]
