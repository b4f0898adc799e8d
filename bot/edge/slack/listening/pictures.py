"""The picture of an answer as a file of Slack: drawn in a thread, so that nobody waits for it."""

import asyncio
import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.chart import Chart
from bot.edge.slack.refusals import ERRORS, code, short
from bot.edge.slack.workspace import Workspace
from bot.render.slack import Message, message
from bot.render.words import shortened
from bot.reply import Reply, captioned, in_words

log = logging.getLogger("bot.slack")

UPLOAD_SECONDS = 30.0
ASK_SECONDS = 1.5  # for whether the bot is in a channel
SCOPE = "files:write"
MAX_ALT = 1000  # characters; it goes in the address of a request
REFUSED = "The picture cannot be shown: the bot may not put files here."
LACKING = "The picture cannot be shown: the app lacks files:write; whoever runs the bot adds it."
NOT_AMONG = "The picture cannot be shown, as the bot is not in this channel; with /invite @{} it is."
FAILED = "The picture cannot be drawn or sent just now."
ELSEWHERE = "The picture is in your direct messages."

_MAY_NOT = {"missing_scope", "not_in_channel", "channel_not_found", "is_archived", "restricted_action"}


class Pictures:
    """Draws pictures, and puts them where they were asked for."""

    def __init__(self, web: AsyncWebClient, workspace: Workspace) -> None:
        self._web = web
        self._workspace = workspace

    async def barred(self, channel: str) -> str:
        """Why a picture can surely not be put there, in a sentence for a reader; else empty.

        To be asked before anything is said: what is said beside a picture makes no sense without it.
        """
        if self._workspace.scopes and SCOPE not in self._workspace.scopes:
            return LACKING
        try:
            async with asyncio.timeout(ASK_SECONDS):
                told = (await self._web.conversations_info(channel=channel))["channel"]
            among = any(told.get(one) for one in ("is_member", "is_mpim", "is_im"))
        except ERRORS as error:
            among = code(error) != "channel_not_found"
        return "" if among else NOT_AMONG.format(self._workspace.bot_name)

    async def share(self, channel: str, thread: str, chart: Chart) -> str:
        """Puts a picture into a channel, or into a thread of it.

        Returns why it surely did not arrive, in a sentence for a reader; empty where it did, or may have.
        """
        try:
            content = await asyncio.to_thread(_png, chart)
        except Exception:  # a font that is not there, no memory
            log.exception("a picture could not be drawn")
            return FAILED
        sharing = False
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                file = await self._upload(chart, content)
                sharing = True
                await self._web.files_completeUploadExternal(
                    files=[{"id": file, "title": chart.title}], channel_id=channel, thread_ts=thread or None
                )
        except ERRORS as error:
            log.warning("a picture for %s was not sent (%s)", channel, short(error))
            if code(error) in _MAY_NOT:
                return REFUSED
            return "" if sharing and not code(error) else FAILED
        return ""

    async def _upload(self, chart: Chart, content: bytes) -> str:
        """Hands the bytes in; returns the id of the file, which nobody sees yet. Raises one of ERRORS."""
        begun = await self._web.files_getUploadURLExternal(
            filename=f"{chart.name}.png",
            length=len(content),
            alt_txt=shortened(chart.alt or chart.title, MAX_ALT),
        )
        session = self._web.session
        assert session is not None
        request = session.post(
            str(begun["upload_url"]), data=content, allow_redirects=False, proxy=self._web.proxy
        )
        async with request as answer:
            if answer.status != 200:
                raise OSError(f"the upload was answered with {answer.status}")
        return str(begun["file_id"])


def caption(reply: Reply, story: str, *notes: str) -> Message:
    """What stands beside the picture of a reply."""
    return message(captioned(reply)._replace(notes=(*reply.notes, *notes)), story)


def without(reply: Reply, story: str, why: str) -> Message:
    """The reply in words alone, with the reason."""
    return message(in_words(reply)._replace(notes=(*reply.notes, why)), story)


def _png(chart: Chart) -> bytes:
    from bot.render.picture import png  # here, in its thread: Pillow takes long to load

    return png(chart)
