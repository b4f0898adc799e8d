"""Reply → Slack messages: a header, rich text, small print and buttons, and a text beside them.

Limits: Slack's reference of Block Kit (50 blocks, header 150, buttons 25 with 75 and 2000 characters),
and what others measured of a whole message (about 13,200 characters of blocks, fewer if there are many).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.render.buttons import Button, made_buttons
from bot.render.slack_rich import Block, body, cut, said, size, sources
from bot.render.words import clean, shortened
from bot.reply import Reply

MAX_JSON = 13_000  # of all blocks of a message: less than what Slack refuses, however it counts
MAX_TEXT = 1_000  # of the text beside them, at most four bytes each: an edit takes 4,000 bytes
MAX_CARRIED, MAX_LABEL = 2000, 75  # of a button
_HEADER, _NOTES = 150, 1000
ROOM, LINES = 2800, 12  # of a page, as on Discord: what is one page there is one page here
_CALL, _TURNS = 200, 600  # characters as JSON, of who is called, and of the buttons to other pages

# Slack has no way to escape these, and no invisible character beside them keeps them from acting in all of
# its clients. They are replaced only in the text beside blocks, which is heard or seen for a moment.
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_GROUP = re.compile(r"S[A-Z0-9]{1,30}")


class Message(NamedTuple):
    """One message, as Slack takes it."""

    text: str  # for notifications and screen readers: mrkdwn, escaped
    blocks: tuple[Block, ...]


class _Laid(NamedTuple):
    """One page of a reply without the notes behind it: what thousands of digests have in common."""

    text: str
    shown: tuple[Block, ...]  # title, lines and sources
    page: str  # which of how many, where there are several
    below: tuple[Block, ...]  # buttons


def message(reply: Reply, story: str, page: int = 1) -> Message:
    """One page of a reply, counted from 1; the last one where there are fewer.

    A button carries its request as its value; its action_id is `ask-1`, `ask-2` and so on.
    """
    laid = _laid(reply._replace(notes=(), picture=None), story, page)
    notes = small_print([*reply.notes, *([laid.page] if laid.page else [])])
    return Message(laid.text, (*laid.shown, *notes, *laid.below))


def calling(shown: Message, group: str) -> Message:
    """The message with a call to a user group (S…) in front, which notifies everybody in it.

    Raises ValueError where that is no id of a user group.
    """
    if not _GROUP.fullmatch(group):
        raise ValueError(f"{group!r} is no id of a user group")
    call = f"<!subteam^{group}>"
    block = {"type": "section", "text": {"type": "mrkdwn", "text": call}}
    return Message(f"{call} {shown.text}", (block, *shown.blocks))


def escape(text: str) -> str:
    """The text for mrkdwn, so that nothing in it acts: no mention, no link of its own, no markup.

    What cannot be escaped is replaced by what looks like it.
    """
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A quotation: no character keeps it from being one but one in front, which nobody sees.
    quiet = re.sub(r"(?m)^(\s*)(?=&gt;|＞)", "\\1\u00ad", escaped)
    return quiet.translate(_LOOKALIKES).replace("://", ":\u200b//")


def plain(text: str, most: int) -> Block:
    """A text object of at most so many characters, shown as it is."""
    return {"type": "plain_text", "text": shortened(text, most), "emoji": False}


def header(title: str) -> list[Block]:
    """The title, if there is one."""
    shown = " ".join(clean(title).split())
    return [{"type": "header", "text": plain(shown, _HEADER)}] if shown else []


def small_print(notes: Sequence[str]) -> list[Block]:
    """The notes, if there are any."""
    shown = clean(" ".join(notes)).replace("`", "").strip()
    return [{"type": "context", "elements": [plain(shown, _NOTES)]}] if shown else []


def actions(buttons: Sequence[Button], first: int = 1) -> list[Block]:
    """The buttons, if there are any, numbered from `first`."""
    made = [
        {
            "type": "button",
            "action_id": f"ask-{number}",
            "text": plain(clean(button.label).strip() or "…", MAX_LABEL),
            "value": button.carries,
        }
        for number, button in enumerate(buttons, first)
    ]
    return [{"type": "actions", "elements": made}] if made else []


@lru_cache(64)
def _laid(reply: Reply, story: str, page: int) -> _Laid:
    found = cut(reply, ROOM, LINES)
    page = min(max(page, 1), len(found))
    here = found[page - 1]
    which = f"Page {page} of {len(found)}" if len(found) > 1 else ""
    shown = [*header(reply.title), *body(here)]
    # What is small print, and who is called, is not known yet.
    room = MAX_JSON - size([plain("\\" * _NOTES, _NOTES)]) - 2 * _CALL
    if size(shown) > room * 4 // 5:  # thousands of words are marked
        shown = [*header(reply.title), *body(here, marks=False)]
    named = [reference for reference in reply.references if reference.number in here.refs]
    shown += sources(named, room - size(shown) - _TURNS)
    text = _beside([reply.title, *said(here)]) or escape(story)
    buttons = made_buttons(reply, story, page, len(found), room=MAX_CARRIED, label=MAX_LABEL)
    return _Laid(text, tuple(shown), which, tuple(actions(_fitting(buttons, room - size(shown)))))


def _fitting(buttons: Sequence[Button], room: int) -> list[Button]:
    """The first buttons for which there is room."""
    most = len(buttons)
    while most and size(actions(buttons[:most])) > room:
        most -= 1
    return list(buttons[:most])


def _beside(lines: Sequence[str]) -> str:
    """The first of the lines, escaped, as many as are read out."""
    text = escape("\n".join(line for line in lines if line.strip())).strip()
    if len(text) <= MAX_TEXT:
        return text
    return re.sub(r"&[a-z]*$", "", text[: MAX_TEXT - 1]).rstrip() + "…"
