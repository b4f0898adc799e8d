"""Slow answers on a local Slack: all is acknowledged in time, and no answer or text is lost for that."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.edge.slack.listening import askers, listener
from bot.edge.slack.socket import envelopes
from bot.store.store import Store
from tests.doubles.slack import Fault, SlackDouble
from tests.edge.slack_edges import answer, stranger
from tests.edge.test_slack_forms import Heard, Scene, hidden, running
from tests.stories import StoryFolder, source

pytestmark = pytest.mark.asyncio

SLOW = 0.5  # Slack's answer to who somebody is: later than an acknowledgement may be


@pytest.fixture(autouse=True)
def _shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (listener.DEFER_SECONDS, envelopes.ACK_SECONDS) == (1.5, 2.5)
    monkeypatch.setattr(listener, "DEFER_SECONDS", 0.2)
    monkeypatch.setattr(envelopes, "ACK_SECONDS", 0.3)


@pytest_asyncio.fixture(name="it")
async def _it(folder: StoryFolder, store: Store) -> AsyncIterator[Scene]:
    """A workspace that has something of its own: Slack is asked who belongs to it."""
    async with SlackDouble() as slack:
        audience = f"slack/{slack.team.id}"
        folder.write("corpus/2022-02-02-own.md", source("2022-02-02-own", audience=audience))
        folder.sync(store)
        boss, bea = slack.add_user("boss", admin=True), slack.add_user("bea")
        yield Scene(slack, slack.add_channel("news"), boss, bea, Heard(), store)
        assert slack.violations == []


async def test_a_command_is_answered_however_long_it_takes_to_know_who_asks(it: Scene) -> None:
    """Behind an empty acknowledgement, once for all to see."""
    async with running(it):
        it.slack.fail("users.info", Fault.slow(SLOW))
        made = await it.slash("look")
        assert "Looked" in (await made.answered()).said
        assert made.acked
        assert made.ack_payload == {}
        assert made.ack_seconds < SLOW
        assert "Looked" in (await answer(it.slack, it.news)).said


async def test_a_form_stays_however_long_it_takes_to_know_who_sent_it(
    it: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was misread is said in the window, with all that was filled in."""
    monkeypatch.setattr(askers, "PERSON_SECONDS", 0.0)
    async with running(it):
        it.heard.wait.set()
        with stranger(it.slack, it.news) as cem, pytest.MonkeyPatch.context() as patch:
            form = await it.form("count", cem)
            common = it.slack._interactions._common

            def of_another(*about: Any) -> dict[str, Any]:
                told: dict[str, Any] = common(*about)
                return told | {"user": told["user"] | {"team_id": "T0ELSEWHERE"}}

            patch.setattr(it.slack._interactions, "_common", of_another)
            it.slack.fail("users.info", Fault.slow(SLOW))
            await it.slack.submits(form, {"body": "A long text.", "count": "many"}, cem)
            await it.slack.until(lambda: "is no number" in form.said, what="it does not say what is wrong")
        assert form.fields == {"body": "A long text.", "count": "many"}
        assert form.open


async def test_what_is_delivered_again_gets_the_same_answer(it: Scene) -> None:
    """Also while the first delivery is still being answered: else Slack would take its emptiness for that."""
    it.slack.redeliver_after = 0.05
    async with running(it):
        made = await it.slash("wait")
        await asyncio.sleep(0.1)
        it.heard.wait.set()
        assert "Heard" in (await made.answered()).said
        assert made.ack_payload
        assert len(it.heard.asks) == 1


@pytest.mark.parametrize("how", ["called", "pressed", "late"])
async def test_who_gets_no_form_is_told(it: Scene, how: str) -> None:
    """A trigger is good for three seconds: what comes too late can be done again."""
    async with running(it):
        if how == "pressed":
            await it.slack.types(it.news, "!bridge look", it.bea)
            shown = await answer(it.slack, it.news)
            it.slack.fail("views.open", Fault.error("expired_trigger_id"))
            made = await it.slack.presses(shown, "Mend", it.bea)
        else:
            it.slack.fail("views.open", Fault.error("expired_trigger_id"))
            made = await it.slash("write" if how == "called" else "slow")
        assert "again" in await hidden(made)
        it.heard.wait.set()
        assert (await it.form("write")).open
