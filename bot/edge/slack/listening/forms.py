"""Forms as Slack's modals: opened with a trigger, kept open where what was filled in is not taken.

A trigger is good for 3 seconds. A form that is longer in the making is opened as a window that says so,
and becomes the form; so does one whose answer is longer in the making once it was sent.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping
from typing import Any, NamedTuple

from slack_sdk.web.async_client import AsyncWebClient

from bot.command.form import Form
from bot.edge.answering import one_line
from bot.edge.slack.listening.finding import is_direct
from bot.edge.slack.listening.responding import Responder, Way
from bot.edge.slack.listening.views import MAX_PRIVATE, overlong, view
from bot.edge.slack.refusals import ERRORS, short
from bot.render.slack import message, plain
from bot.render.words import clean, shortened
from bot.reply import Reply

log = logging.getLogger("bot.slack")

FORM_SECONDS = 1.5  # for a form; after that, its window is opened without it
OPEN_SECONDS = 10.0  # for a request that opens or changes a window
MAX_TITLE, MAX_ERROR = 24, 500
WAIT, DONE = "One moment…", "This was taken; the answer stands where the form was opened."

NOT_OPENED = "The form could not be opened; press it again, or call it again."

# The answer of a draft, which keeps what was filled in, also where it has problems.
_KEPT = "draft show"

View = Mapping[str, Any]
"""A view as Slack tells of it."""


class Origin(NamedTuple):
    """Where a form was opened; it brings that back, so that nothing is kept for one that is never sent."""

    about: str = ""  # the conversation that is meant; empty: the workspace
    name: str = ""  # of the channel
    channel: str = ""  # where it was, and where the response_url leads; empty: in the home tab
    thread: str = ""
    response_url: str = ""

    @property
    def in_home(self) -> bool:
        """Whether it was in the home tab."""
        return not self.channel

    def way(self, user: str) -> Way:
        """How whoever was there is answered."""
        return Way(user, self.response_url, self.channel, self.thread, is_direct(self.about))


class Forms:
    """Opens forms, and keeps them open."""

    def __init__(self, web: AsyncWebClient, responder: Responder) -> None:
        self._web = web
        self._responder = responder

    async def open(
        self, trigger: str, user: str, origin: Origin, story: str, work: Awaitable[Form | Reply]
    ) -> None:
        """Opens a form, or says to whoever asked for it why there is none."""
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=FORM_SECONDS)
        waiting = ""
        if not task.done():
            waiting = await self._open(trigger, note(story, WAIT), user)
            if not waiting:
                task.cancel()
                await self._not_opened(user, origin, story)
                return
        found = await task
        made = found if isinstance(found, Reply) else _modal(found, story, origin)
        if isinstance(made, Reply):
            if not (waiting and await self.change(waiting, said(made, story))):
                await self._responder.answer(origin.way(user), message(made, story))
        elif not (await self.change(waiting, made) if waiting else await self._open(trigger, made, user)):
            await self._not_opened(user, origin, story)

    async def change(self, view_id: str, made: View) -> bool:
        """Shows something else in a window; False where it cannot be, as where it was closed."""
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await self._web.views_update(view_id=view_id, view=dict(made))
        except ERRORS as error:
            log.info("a window of Slack was not changed (%s)", short(error))
            return False
        return True

    async def _not_opened(self, user: str, origin: Origin, story: str) -> None:
        await self._responder.answer(origin.way(user), message(one_line(story, NOT_OPENED), story))

    async def _open(self, trigger: str, made: View, user: str) -> str:
        """Opens a window; returns its id, or nothing where it could not be opened."""
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                opened = await self._web.views_open(trigger_id=trigger, view=dict(made))
            return str(opened["view"]["id"])
        except ERRORS as error:
            log.warning("a form of Slack was not opened for %s (%s)", user, short(error))
            return ""


def brought_back(private: object) -> Origin:
    """What a form brought back of where it was opened."""
    try:
        kept = json.loads(str(private))
        return Origin(*map(str, kept))
    except (ValueError, TypeError):  # of another version
        return Origin()


def keeps_open(reply: Reply) -> bool:
    """Whether what was filled in was not taken, and would be lost with the window."""
    return reply.abstained and reply.private and reply.command != _KEPT


def errors_of(form: View, reply: Reply) -> dict[str, str]:
    """What is wrong, at the fields that it is about; at the first one, where that is not said."""
    labels = {str(block["block_id"]): str(block["label"]["text"]) for block in _inputs(form)}
    called = {label.lower(): name for name, label in labels.items()} | {name: name for name in labels}
    told: dict[str, list[str]] = {}
    for line in _lines(reply):
        about, colon, what = line.partition(":")
        name = called.get(about.lower())
        text = f"{labels[name]}{colon}{what}" if name else line
        told.setdefault(name or next(iter(labels)), []).append(text)
    return {name: shortened(" ".join(lines), MAX_ERROR) for name, lines in told.items()}


def takes_errors(form: View) -> bool:
    """Whether a form has fields at which something can be said."""
    return bool(_inputs(form))


def refilled(form: View, reply: Reply) -> View:
    """A form that was sent, with all that was filled in, and above it what is wrong."""
    values = (form.get("state") or {}).get("values") or {}
    told = {"type": "section", "text": plain("\n".join(_lines(reply)), 2000)}
    blocks = [_with_given(block, values) for block in form.get("blocks") or ()]
    return {**_frame(form), "blocks": [told, *blocks]}


def note(story: str, text: str) -> View:
    """A window that says one thing."""
    told = {"type": "section", "text": plain(text, 2000)}
    return {"type": "modal", "title": plain(story, MAX_TITLE), "close": plain("Close", MAX_TITLE),
            "blocks": [told]}  # fmt: skip


def said(reply: Reply, story: str) -> View:
    """A window that says a reply; without buttons, which would have nowhere to answer."""
    blocks = [block for block in message(reply, story).blocks if block["type"] != "actions"]
    return {**note(story, ""), "blocks": blocks}


def _modal(form: Form, story: str, origin: Origin) -> View | Reply:
    """The form as a window; where there is no room for it, a word on what to do instead."""
    private = json.dumps([*origin], ensure_ascii=False)
    made = view(form, story, private if len(private) <= MAX_PRIVATE else "[]", here=bool(origin.about))
    if made is not None:
        return made
    field = overlong(form)
    text = (
        f"The {field.label.lower()} is too long for a form of Slack; send the whole as a file instead,"
        f" with `{shortened(form.words, 80)}`."
        if field
        else "What this form is for is named by too long a name for Slack; send a file instead."
    )
    return one_line(story, text)


def _lines(reply: Reply) -> list[str]:
    """What a reply says, without what to type instead."""
    lines = [clean(line.text) for section in reply.sections for line in section.lines if line.text]
    return lines or [clean(reply.title)]


def _inputs(form: View) -> list[Mapping[str, Any]]:
    return [block for block in form.get("blocks") or () if block.get("type") == "input"]


def _frame(form: View) -> dict[str, Any]:
    kept = ("type", "callback_id", "private_metadata", "title", "submit", "close")
    return {name: form[name] for name in kept if form.get(name)}


def _with_given(block: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A block of a form; a field, with what was filled in."""
    if block.get("type") != "input":
        return block
    element = dict(block["element"])
    given = (values.get(str(block.get("block_id"))) or {}).get(element.get("action_id")) or {}
    for kept, first in _FIRST.items():
        if kept in given:
            element.pop(first, None)
            element.pop("default_to_current_conversation", None)
            if given[kept]:
                element[first] = given[kept]
    return {**block, "element": element}


# What a field brings back, and what it is called where it stands there at first.
_FIRST = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_conversation": "initial_conversation",
}
