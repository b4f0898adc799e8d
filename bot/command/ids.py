"""What ids look like on each platform: Discord's are numbers, Slack's have capital letters as well."""

import re
from collections.abc import Mapping

ANY = r"(?-i:\d{1,20}|[A-Z][A-Z0-9]{1,19})"
"""Of whichever platform, where a line is read before it is known which one is meant."""

FORMS: Mapping[str, str] = {
    "discord": r"[1-9]\d{0,19}",
    "slack": "[A-Z0-9]{1,20}",
    "terminal": "[a-z]{1,20}",
}
"""Of a channel, a server, a role or a person."""

# In settings, names stand beside ids. A user group's handle has no capitals, and its id nothing else.
_ROLES = {"discord": r"\d{1,20}", "slack": "S[A-Z0-9]{4,20}"}


_MENTION = rf"<(#|@&|@!?){ANY}>"  # compiled when it is needed: most questions mention nobody
_SHOWN = {"#": "#channel", "@&": "@role", "@": "@person", "@!": "@person"}


def readable(text: str) -> str:
    """A text without the ids of what it mentions, which say nothing to people."""
    return re.sub(_MENTION, lambda found: _SHOWN[found[1]], text, flags=re.ASCII)


def is_id(platform: str, text: str) -> bool:
    """Whether something can be an id on a platform."""
    return bool(re.fullmatch(FORMS.get(platform, ANY), text, re.ASCII))


def is_role_id(platform: str, text: str) -> bool:
    """Whether a setting that names a role does so by its id."""
    return bool(re.fullmatch(_ROLES.get(platform, ANY), text, re.ASCII))
