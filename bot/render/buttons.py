"""The buttons under a page of a reply: what each says, and what it brings back when pressed.

A button carries its request, so that nothing has to be remembered and it works after a restart.
"""

import re
from typing import NamedTuple

from bot.render.words import shortened
from bot.reply import Reply

MAX_ACTIONS = 10

# What a button brings back: which page of the answer to which words. NEW asks for an answer of its
# own; any other page takes the place of the one under which the button stands.
NEW = 0
BUTTON = re.compile(r"(?P<story>[a-z][a-z0-9-]*):(?P<page>\d{1,3}):(?P<words>.+)", re.DOTALL)


class Button(NamedTuple):
    """One button: what it says, and what it brings back when pressed."""

    label: str
    carries: str  # story:page:words; see BUTTON


def made_buttons(
    reply: Reply, story: str, page: int, count: int, *, room: int, label: int
) -> tuple[Button, ...]:
    """The buttons under one of `count` pages: to its neighbours, and to what may be asked next.

    A platform takes labels of so many characters, and in `room` what a button carries; what is longer is
    left out. Of two that would do the same, the last one stays.
    """
    wanted: list[Button] = []
    if count > 1 and reply.words:
        turns = [("‹ Previous", page - 1)] * (page > 1) + [("Next ›", page + 1)] * (page < count)
        wanted += [Button(says, f"{story}:{target}:{reply.words}") for says, target in turns]
    for action in reply.actions[:MAX_ACTIONS]:
        wanted.append(Button(shortened(action.label, label), f"{story}:{NEW}:{action.words}"))
    fitting = {button.carries: button for button in reversed(wanted) if len(button.carries) <= room}
    return tuple(button for button in wanted if fitting.get(button.carries) is button)
