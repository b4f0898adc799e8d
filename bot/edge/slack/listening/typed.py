"""What people type on Slack, in the words that the desk reads: mentions as on Discord, nothing escaped.

Slack sends its own marks for mentions and links, and escapes three characters (basics of mrkdwn).
"""

import re

_MARK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_PERSON = re.compile(r"@[UW]\w+")
_GROUP = re.compile(r"!subteam\^(\w+)")


def canonical(text: str) -> str:
    """The text with `<@U1>`, `<#C1>` and `<@&S1>` for people, channels and user groups, and plain links."""
    plain = _MARK.sub(lambda found: _meant(found[1], found[2] or ""), text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _meant(what: str, label: str) -> str:
    if _PERSON.fullmatch(what) or re.fullmatch(r"#\w+", what):
        return f"<{what}>"
    if group := _GROUP.fullmatch(what):
        return f"<@&{group[1]}>"
    if what.startswith("!date^"):
        return label
    if what.startswith("!"):
        return "@" + what[1:].partition("^")[0]  # <!channel>, <!here>
    # An address that was typed without its scheme becomes a link of its own accord.
    return label if label and what.partition(":")[2].removeprefix("//").rstrip("/") == label else what
