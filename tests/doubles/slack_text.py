"""Text as people type it, as Slack sends and keeps it (mrkdwn), and as a reader sees it."""

import re
from collections.abc import Callable, Mapping

MARK = re.compile(r"<([^<>]+)>")  # a mention or a link in mrkdwn
PING = re.compile(r"<(!(?:channel|here|everyone)|!subteam\^\w+|@\w+)(?:\|[^<>]*)?>")
STYLED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]+?)(?<=\S)\1(?![\w*_~`])")
BARE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
URL = re.compile(r"https?://[^\s<>|]+")
# What the client takes for a link besides an address with a scheme: Slack knows all top-level domains.
TYPED_LINK = re.compile(
    r"(?P<url>https?://[^\s<>|]+)"
    r"|(?P<mail>(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|int|eu|de|io|gov)\b)"
    r"|(?P<domain>(?<![\w.@/])(?:[a-z0-9-]+\.)+(?:com|org|net|int|eu|de|io|gov)\b(?:/[^\s<>|]*)?)",
    re.IGNORECASE,
)
TRAILING = ".,;:!?)'\""  # of an address as it is typed: belongs to the sentence


def escaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """And back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, names: Mapping[str, str], *, labelled: bool = False) -> str:
    """What Slack makes of typed text: escaped, with the mentions and links that the client finds.

    `names` are ids by what one types: "@ann", "#news", "@eds". `labelled`: users as `<@U1|ann>`, as in
    a slash command with should_escape; in messages they are `<@U1>`.
    """
    linked = _linked(escaped(text))
    return re.sub(r"(?<![\w<|/@#.])[@#][\w.-]+", lambda found: _mention(found[0], names, labelled), linked)


def _linked(text: str) -> str:
    def link(found: re.Match[str]) -> str:
        whole = found[0].rstrip(TRAILING)
        rest = found[0][len(whole) :]
        if found["url"]:
            return f"<{whole}>{rest}"
        scheme = "mailto:" if found["mail"] else "http://"
        return f"<{scheme}{whole}|{whole}>{rest}"

    return TYPED_LINK.sub(link, text)


def _mention(word: str, names: Mapping[str, str], labelled: bool) -> str:
    known = word
    while known not in names and known[-1] in ".-_":
        known = known[:-1]
    found = names.get(known)
    if found is None:
        return word
    rest, name = word[len(known) :], known[1:]
    if found.startswith("S"):
        return f"<!subteam^{found}|@{name}>{rest}"
    if known.startswith("#"):
        return f"<#{found}|{name}>{rest}"
    return (f"<@{found}|{name}>" if labelled else f"<@{found}>") + rest


def kept(text: str) -> str:
    """Text of a bot as Slack gives it back: lone ampersands escaped, bare addresses made links."""
    whole = BARE_AMPERSAND.sub("&amp;", text)
    parts = re.split(r"(<[^<>]+>)", whole)
    return "".join(part if index % 2 else URL.sub(r"<\g<0>>", part) for index, part in enumerate(parts))


def plain(text: str, names: Mapping[str, str]) -> str:
    """What a reader sees of mrkdwn: no marks, no addresses behind labels; `names` by id."""
    whole = MARK.sub(lambda found: _seen(found[1], names), text)
    before = None
    while before != whole:  # styles stand in each other
        before, whole = whole, STYLED.sub(r"\2", whole)
    return unescaped(whole)


def _seen(inner: str, names: Mapping[str, str]) -> str:
    what, _, label = inner.partition("|")
    if what.startswith("!date^"):
        return label
    if label:
        return label
    shown: dict[str, Callable[[], str]] = {
        "@": lambda: "@" + names.get(what[1:], what[1:]),
        "#": lambda: "#" + names.get(what[1:], what[1:]),
        "!": lambda: "@" + names.get(what.removeprefix("!subteam^"), what[1:]),
    }
    return shown[what[0]]() if what[0] in shown else what.removeprefix("mailto:")


def pings(text: str) -> list[str]:
    """Whom mrkdwn notifies: "<@U1>", "<!channel>", "<!subteam^S1>"."""
    return [f"<{found[1]}>" for found in PING.finditer(text)]


def links(text: str) -> list[str]:
    """The addresses that mrkdwn links to."""
    inner = [found[1].partition("|")[0] for found in MARK.finditer(text)]
    return [unescaped(one) for one in inner if re.match(r"https?://|mailto:", one)]
