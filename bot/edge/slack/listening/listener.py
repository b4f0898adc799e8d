"""One workspace's worth of Slack: what people do there → requests to the desk, replies → messages."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.command.addressed import without_word
from bot.command.asker import Asker
from bot.command.form import Form
from bot.command.request import command_of, opens_form
from bot.desk.desk import Desk
from bot.edge.answering import Answers, Caller, audible
from bot.edge.slack.listening.askers import Askers
from bot.edge.slack.listening.chatting import Chat
from bot.edge.slack.listening.finding import PLATFORM, is_direct
from bot.edge.slack.listening.forms import (
    DONE,
    WAIT,
    Forms,
    Origin,
    brought_back,
    errors_of,
    keeps_open,
    note,
    refilled,
    takes_errors,
)
from bot.edge.slack.listening.home import Homes
from bot.edge.slack.listening.pictures import ELSEWHERE, FAILED, Pictures, caption, without
from bot.edge.slack.listening.responding import (
    OF_DIRECT,
    OF_WORKSPACE,
    QUIET,
    Ahead,
    Responder,
    Way,
    parts_of,
)
from bot.edge.slack.listening.typed import canonical
from bot.edge.slack.listening.views import FORM, filled
from bot.edge.slack.refusals import ERRORS, short
from bot.edge.slack.seen import ARRIVED
from bot.edge.slack.workspace import Workspace
from bot.edge.work import Work
from bot.render.buttons import BUTTON, NEW
from bot.render.slack import message
from bot.reply import Reply, in_words

log = logging.getLogger("bot.slack")

T = TypeVar("T")

Body = Mapping[str, Any]

DEFER_SECONDS = 1.5  # from the arrival; Slack waits 3 for an acknowledgement, with the way there and back
SETTLE_SECONDS = 0.3  # from an acknowledgement with a window to another one in its place
CLOSE_SECONDS = 7.0  # for answers in progress at the end; Docker kills after 10
HISTORY = "channels:history"  # without this scope, nothing that is typed in a channel is heard

ANYTHING = re.compile("", re.DOTALL)


class Listener:
    """Answers whatever people do in a workspace.

    Each message in a channel is posted within `ahead` of it.
    """

    def __init__(
        self,
        app: AsyncApp,
        web: AsyncWebClient,
        workspace: Workspace,
        desks: Mapping[str, Desk],
        ahead: Ahead,
    ) -> None:
        self._tables = {word: desk.commands for word, desk in desks.items()}
        self._answers = Answers(desks, prefix=not workspace.scopes or HISTORY in workspace.scopes)
        self._desks = desks
        self._workspace = workspace
        self._askers = Askers(web, workspace, self._has_own)
        self._responder = Responder(web, self._askers.direct, ahead)
        self._forms = Forms(web, self._responder)
        self._homes = Homes(web, self._askers, self._answers, desks)
        self._pictures = Pictures(web, workspace)
        self._chat = Chat(
            web,
            workspace,
            self._tables,
            self._answers,
            self._askers,
            self._responder,
            self._pictures,
            self._homes,
        )
        self._work = Work()  # what is being answered
        self._register(app)

    async def finish(self) -> None:
        """Waits for the answers in progress."""
        await self._work.finish(CLOSE_SECONDS)
        self._answers.close()

    def _has_own(self) -> bool:
        """Whether the workspace has anything that is for its members alone."""
        member = Asker(PLATFORM, self._workspace.id)
        return any(desk.own(member) == member.audience for desk in self._desks.values())

    def _register(self, app: AsyncApp) -> None:
        """Takes all that an app can be sent: what nobody takes is sent again and again."""
        for kind in ("message", "app_mention"):
            app.event(kind)(self._on_message)
        app.event("app_home_opened")(self._on_home)
        for word in self._tables:
            app.command(f"/{word}")(self._on_slash)
        app.action(ANYTHING)(self._on_action)
        app.view_submission(ANYTHING)(self._on_form)
        for take in (app.event, app.command, app.shortcut, app.options, app.view_closed):
            take(ANYTHING)(_leave)

    # ── what people type, and look at ───────────────────────────────────────────────────

    async def _on_message(self, event: Body) -> None:
        await self._work.do(self._chat.hear(event))

    async def _on_home(self, event: Body) -> None:
        if event.get("tab") == "home" and event.get("user"):
            # The team that the event tells is the one where it happens: not whose member somebody is.
            await self._work.do(self._homes.show(str(event["user"]), ""))

    # ── what people call, press and send ────────────────────────────────────────────────

    async def _on_slash(self, ack: AsyncAck, command: Body, context: Body) -> None:
        await self._work.do(self._slash(ack, command, _deadline(context)))

    async def _slash(self, ack: AsyncAck, called: Body, deadline: float) -> None:
        """A command was called: answered in the acknowledgement where that is in time, else behind it."""
        story = str(called["command"])[1:]
        words = without_word(canonical(str(called.get("text") or "")), story)
        channel, name = str(called["channel_id"]), str(called.get("channel_name") or "")
        origin = Origin(channel, name, channel, "", str(called.get("response_url") or ""))
        user, table = str(called["user_id"]), self._tables[story]
        # The team that it tells is the one where it was called: not whose member somebody is.
        caller = self._askers.caller(user, channel, "", name)
        if opens_form(words, table):
            await ack()
            await self._open(called, user, origin, story, words, caller)
            return
        entry = command_of(words, table)
        alone = entry is None or entry.access != "everyone" or entry.changes
        asked = self._unless_held(story, caller, partial(self._answers.to_words, story, words))
        task = asyncio.ensure_future(asked)
        # Behind its acknowledgement alone can a message be that has a picture below it.
        if not await _is_in_time(task, deadline) or task.result()[0].picture is not None:
            await ack()
        reply, held = await task
        way = origin.way(user)
        public = not (alone or held or reply.private or reply.alone)
        if public and reply.picture is not None:
            await self._show(way, channel, reply, story, public=True)
        elif ack.response is None:
            kind = "in_channel" if public else "ephemeral"
            await ack({**parts_of(message(reply, story)), **QUIET, "response_type": kind})
        else:
            await self._responder.answer(way, message(in_words(reply), story), public=public)
        if not held:
            await self._homes.after(user, "", story, words)

    async def _on_action(self, ack: AsyncAck, body: Body) -> None:
        """A button was pressed, which tells itself what it is for, also after a restart.

        Whose message it stands under is no matter: whoever presses it asks, with their own rights.
        """
        await ack()
        action = (body.get("actions") or [{}])[0]
        found = BUTTON.fullmatch(str(action.get("value") or ""))
        if found is not None and found["story"] in self._tables:
            work = self._press(body, action, found["story"], int(found["page"]), found["words"])
            await self._work.do(work)

    async def _press(self, body: Body, action: Body, story: str, page: int, words: str) -> None:
        user, team = str(body["user"]["id"]), str(body["user"].get("team_id") or "")
        try:
            origin = await self._pressed_in(body, action, user)
        except ERRORS as error:
            log.warning("a button of Slack was not answered (%s)", short(error))
            return
        caller = self._askers.caller(user, origin.about, team, origin.name, _sign(origin))
        if page == NEW and opens_form(words, self._tables[story]):
            await self._open(body, user, origin, story, words, caller)
            return
        asked = partial(self._answers.to_words, story, words)
        reply, held = await self._unless_held(story, caller, asked)
        way = origin.way(user)
        turning = page != NEW and not held and bool(way.response_url)
        hidden = turning and (reply.private or reply.alone) and not await self._seen_by_one(body, way)
        if turning and not hidden:
            await self._responder.turn(way, message(reply, story, page))
        elif page == NEW and reply.picture is not None:
            await self._show_alone(way, reply, story)
        else:
            await self._responder.answer(way, message(reply, story, max(page, 1)))
        if not held:
            await self._homes.after(user, team, story, words)

    async def _show_alone(self, way: Way, reply: Reply, story: str) -> None:
        """Shows a picture to whoever asked: by direct message, as no file is seen by one alone elsewhere."""
        try:
            channel = await self._askers.direct(way.user)
        except ERRORS:
            await self._responder.answer(way, without(reply, story, FAILED))
        else:
            await self._show(way, channel, reply, story)

    async def _show(self, way: Way, channel: str, reply: Reply, story: str, *, public: bool = False) -> None:
        """Answers, then puts the picture into a channel; where it cannot be there, all it says in words."""
        assert reply.picture is not None
        if why := await self._pictures.barred(channel):
            await self._responder.answer(way, without(reply, story, why), public=public)
            return
        notes = () if channel == way.channel or not way.response_url else (ELSEWHERE,)
        await self._responder.answer(way, caption(reply, story, *notes), public=public)
        if why := await self._pictures.share(channel, "", reply.picture):
            await self._responder.answer(way, without(reply, story, why), public=public)

    async def _pressed_in(self, body: Body, action: Body, user: str) -> Origin:
        """Where a button stands, and what it asks about: by default the conversation that it stands in."""
        container, where = body.get("container") or {}, body.get("channel") or {}
        channel = about = str(where.get("id") or container.get("channel_id") or "")
        mark = str(action.get("block_id") or "")
        if not channel and mark.startswith(OF_DIRECT):
            about = await self._askers.direct(user)
        elif is_direct(channel) and mark.startswith(OF_WORKSPACE):
            about = ""
        under = body.get("message") or {}
        thread = str(container.get("thread_ts") or under.get("thread_ts") or "")
        if thread == str(container.get("message_ts") or ""):  # the thread is below it
            thread = ""
        return Origin(
            about, str(where.get("name") or ""), channel, thread, str(body.get("response_url") or "")
        )

    async def _seen_by_one(self, body: Body, way: Way) -> bool:
        """Whether the message under which a button stands is seen by nobody but who pressed it."""
        if (body.get("container") or {}).get("is_ephemeral"):
            return True
        # Commands can be called in direct messages with others as well.
        with suppress(*ERRORS):
            return is_direct(way.channel) and await self._askers.direct(way.user) == way.channel
        return False

    async def _unless_held(
        self, story: str, caller: Awaitable[Caller], ask: Callable[[Caller], Awaitable[T]]
    ) -> tuple[T | Reply, bool]:
        """What somebody is answered, and whether that is only that they ask too much."""
        who = await caller
        held = self._answers.held(story, who)
        return (await ask(who), False) if held is None else (audible(held, story), True)

    async def _open(  # noqa: PLR0917  (who asks for what, from where)
        self, body: Body, user: str, origin: Origin, story: str, words: str, caller: Awaitable[Caller]
    ) -> None:
        """Opens the form that was asked for, unless too much was."""

        async def work() -> Form | Reply:
            return (await self._unless_held(story, caller, partial(self._answers.form, story, words)))[0]

        await self._forms.open(str(body.get("trigger_id") or ""), user, origin, story, work())

    async def _on_form(self, ack: AsyncAck, body: Body, view: Body, context: Body) -> None:
        """A form was sent, which tells itself what it is for, also after a restart."""
        found = FORM.fullmatch(str(view.get("callback_id") or ""))
        if found is None or found["story"] not in self._tables:
            await ack()
        else:
            await self._work.do(
                self._form(ack, body, view, found["story"], found["words"], _deadline(context))
            )

    async def _form(  # noqa: PLR0917  (what was sent, for what, by when)
        self, ack: AsyncAck, body: Body, view: Body, story: str, words: str, deadline: float
    ) -> None:
        """Answers a form; it stays open with all that was filled in, where that was not taken."""
        user, team = str(body["user"]["id"]), str(body["user"].get("team_id") or "")
        origin, window = brought_back(view.get("private_metadata")), str(view.get("id") or "")
        given = filled(view.get("state") or {})
        caller = self._askers.caller(user, origin.about, team, origin.name, _sign(origin))
        asked = self._unless_held(story, caller, partial(self._answers.to_form, story, words, given))
        task = asyncio.ensure_future(asked)
        late = not await _is_in_time(task, deadline)
        if late:
            await ack(response_action="update", view=dict(note(story, WAIT)))
            await asyncio.sleep(SETTLE_SECONDS)
        reply, held = await task
        if keeps_open(reply) and takes_errors(view):
            if not late:
                await ack(response_action="errors", errors=errors_of(view, reply))
            elif not await self._forms.change(window, refilled(view, reply)):
                await self._responder.answer(origin.way(user), message(reply, story))
            return
        if not late:
            await ack()
        else:
            await self._forms.change(window, note(story, DONE))
        await self._responder.answer(origin.way(user), message(reply, story))
        if not held:
            await self._homes.after(user, team, story, words)


async def _leave(ack: AsyncAck) -> None:
    """Takes what is not for this bot."""
    await ack()


def _deadline(context: Body) -> float:
    """By when something that came is acknowledged, by the clock of the event loop."""
    return float(context.get(ARRIVED) or asyncio.get_running_loop().time()) + DEFER_SECONDS


async def _is_in_time(task: asyncio.Future[Any], deadline: float) -> bool:
    """Waits for something until a deadline; whether it is done."""
    await asyncio.wait({task}, timeout=max(deadline - asyncio.get_running_loop().time(), 0.0))
    return task.done()


def _sign(origin: Origin) -> str:
    """What a command is called with where something was pressed: in a thread, none can be with a slash."""
    return "!" if origin.thread else "/"
