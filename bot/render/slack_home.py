"""The home tab of Slack: some replies one below the other.

Limits: Slack's reference of views (100 blocks, 250 KB).
"""

from collections.abc import Sequence
from typing import Any

from bot.render.buttons import NEW, Button, made_buttons
from bot.render.slack import (
    LINES,
    MAX_CARRIED,
    MAX_JSON,
    MAX_LABEL,
    ROOM,
    actions,
    header,
    small_print,
)
from bot.render.slack_rich import Block, body, cut, size, sources
from bot.reply import Reply

MAX_BLOCKS = 100
_MOST = 60_000  # characters as JSON, each at most four bytes


def home(replies: Sequence[Reply], story: str) -> dict[str, Any]:
    """The home tab: some replies one below the other, as far as there is room for them.

    Buttons carry what those of a message carry, and none replaces what it stands under: `NEW` throughout.
    What is longer than a message has a button that asks for all of it.
    """
    blocks: list[Block] = []
    buttons = 0
    for reply in replies:
        part, count = _part(reply, story, buttons + 1)
        line: list[Block] = [{"type": "divider"}] if blocks and part else []
        if len(blocks) + len(line) + len(part) > MAX_BLOCKS or size([*blocks, *part]) > _MOST:
            break
        blocks += [*line, *part]
        buttons += count
    return {"type": "home", "callback_id": f"{story}:home", "blocks": blocks}


def _part(reply: Reply, story: str, first: int) -> tuple[list[Block], int]:
    """One reply in the home tab, its buttons numbered from `first`, and how many they are."""
    pages = cut(reply, ROOM, LINES)
    shown = [*header(reply.title), *body(pages[0])]
    named = [reference for reference in reply.references if reference.number in pages[0].refs]
    more = [Button("Show all", f"{story}:{NEW}:{reply.words}")] if len(pages) > 1 and reply.words else []
    # Of one page, so that no button turns any.
    asked = made_buttons(reply, story, 1, 1, room=MAX_CARRIED, label=MAX_LABEL)
    buttons = [one for one in more if len(one.carries) <= MAX_CARRIED]
    buttons += [one for one in asked if one not in buttons and one.carries != f"{story}:{NEW}:{reply.words}"]
    shown += sources(named, MAX_JSON - size(shown))
    return [*shown, *small_print(reply.notes), *actions(buttons, first)], len(buttons)
