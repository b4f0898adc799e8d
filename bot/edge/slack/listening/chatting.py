"""What people type on Slack: `!word …` in channels and threads, a mention, anything in a direct message."""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.command.addressed import Said, said
from bot.command.entry import Command
from bot.desk.flood import SILENCE
from bot.edge.answering import Answers, Caller
from bot.edge.slack.listening.askers import Askers
from bot.edge.slack.listening.finding import is_direct
from bot.edge.slack.listening.home import Homes
from bot.edge.slack.listening.pictures import Pictures, caption, without
from bot.edge.slack.listening.responding import Responder
from bot.edge.slack.listening.typed import canonical
from bot.edge.slack.listening.uploads import fetched
from bot.edge.slack.refusals import ERRORS, code, short
from bot.edge.slack.seen import Seen
from bot.edge.slack.workspace import Workspace
from bot.render.slack import message
from bot.reply import Reply, in_words

log = logging.getLogger("bot.slack")

Event = Mapping[str, Any]

QUIET_SECONDS = 600.0  # in a channel where the bot may not speak

# What people write; all else of this type is an edit, a join, a bot, or the like.
_WRITTEN = {"", "file_share", "thread_broadcast", "me_message"}

# Slack's errors where it will not be otherwise in a moment.
_MAY_NOT = {
    *("not_in_channel", "channel_not_found", "is_archived", "no_permission", "access_denied"),
    *("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
    *("restricted_action_non_threadable_channel", "restricted_action_thread_locked", "missing_scope"),
    *("messages_tab_disabled", "ekm_access_denied", "enterprise_is_restricted"),
}


class Chat:
    """Answers what is typed, where it is typed."""

    def __init__(  # noqa: PLR0917  (all that it takes to answer)
        self,
        web: AsyncWebClient,
        workspace: Workspace,
        tables: Mapping[str, Sequence[Command]],
        answers: Answers,
        askers: Askers,
        responder: Responder,
        pictures: Pictures,
        homes: Homes,
    ) -> None:
        self._web = web
        self._workspace = workspace
        self._tables = tables
        self._answers = answers
        self._askers = askers
        self._responder = responder
        self._pictures = pictures
        self._homes = homes
        self._seen = Seen()
        self._quiet: dict[str, float] = {}  # channels that refuse what is sent, until when

    async def hear(self, event: Event) -> None:
        """Answers a message that is for the bot, once: Slack tells twice of one that mentions it."""
        if not _is_written(event) or event.get("user") == self._workspace.bot_user:
            return
        channel, request = str(event.get("channel") or ""), self._request(event)
        if request is None or self._is_quiet(channel):
            return
        if not self._seen.first(f"{channel} {event.get('ts')}"):
            return
        user, team = str(event["user"]), str(event.get("user_team") or event.get("team") or "")
        caller = await self._askers.caller(user, channel, team, sign="!")
        held = self._answers.held(request.story, caller)
        if held is not SILENCE:
            await self._answer(event, request, caller, held)
        if held is None:
            await self._homes.after(user, team, request.story, request.words)

    def _request(self, event: Event) -> Said | None:
        """What a message asks; None where it is not for the bot."""
        text = canonical(str(event.get("text") or ""))
        direct = is_direct(str(event.get("channel") or ""))
        names = [f"<@{self._workspace.bot_user}>"]
        return said(text, self._tables, names=names, direct=direct, carries=bool(event.get("files")))

    async def _answer(self, event: Event, request: Said, caller: Caller, held: Reply | None) -> None:
        channel, thread = str(event["channel"]), str(event.get("thread_ts") or "")
        reply = held or await self._made(event, request, caller)
        try:
            if (reply.private or reply.alone) and not is_direct(channel):
                shown = message(in_words(reply), request.story)
                await self._responder.whisper(channel, thread, str(event["user"]), shown)
            else:
                await self._say(channel, thread, reply, request.story)
        except ERRORS as error:
            if code(error) in _MAY_NOT:
                self._hush(channel)
                log.warning("may not send to %s (%s); silent there for 10 minutes", channel, short(error))
            else:
                log.warning("an answer to channel %s was not sent (%s)", channel, short(error))

    async def _say(self, channel: str, thread: str, reply: Reply, story: str) -> None:
        """Says a reply, and shows its picture below it."""
        if reply.picture is None:
            await self._responder.say(channel, thread, message(reply, story))
            return
        if why := await self._pictures.barred(channel):
            await self._responder.say(channel, thread, without(reply, story, why))
            return
        await self._responder.say(channel, thread, caption(reply, story))
        if why := await self._pictures.share(channel, thread, reply.picture):
            await self._responder.say(channel, thread, without(reply, story, why))

    async def _made(self, event: Event, request: Said, caller: Caller) -> Reply:
        files = request.blocks
        if request.takes_files:
            files += await fetched(self._web, event.get("files") or (), len(files))
        return await self._answers.to_words(request.story, request.words, caller, files)

    def _is_quiet(self, channel: str) -> bool:
        return self._quiet.get(channel, 0.0) > time.monotonic()

    def _hush(self, channel: str) -> None:
        """Sends nothing there for a while."""
        now = time.monotonic()
        self._quiet = {one: until for one, until in self._quiet.items() if until > now}
        self._quiet[channel] = now + QUIET_SECONDS


def _is_written(event: Event) -> bool:
    """Whether a person wrote it, and just now."""
    of_bot = event.get("bot_id") or event.get("bot_profile")
    new = not (event.get("edited") or event.get("hidden"))
    return bool(event.get("user")) and not of_bot and new and (event.get("subtype") or "") in _WRITTEN
