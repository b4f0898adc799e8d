"""The commands that ask. A new one is one entry here, one handler, one test."""

from bot.answer.briefings import briefing, briefings
from bot.answer.finding import search
from bot.answer.guide import about, guide
from bot.answer.sources import fact, source, sources
from bot.answer.status import status
from bot.answer.timeline import timeline
from bot.command.entry import Command, Param


def _chart(typed: str) -> str:
    """The one word that asks for a picture. Raises ValueError where it is another."""
    if typed.strip().lower() != "chart":
        raise ValueError("chart is either said or left out")
    return "chart"


# The first is what is answered where no command is named.
ASKING: tuple[Command, ...] = (
    Command(
        "status",
        "Where the story stands, or how it was known on a day",
        (Param("date", "date", "a day; only what was published by then is used", cues=("on",)),),
        status,
        ("status", "status 2022-03-05", "status mid march"),
    ),
    Command(
        "timeline",
        "What happened, in order; all of it, or a time, or a topic",
        (
            Param("from", "date", "the first day", cues=("from", "since", "after")),
            Param("to", "date", "the last day", cues=("to", "until", "till", "before", "-")),
            Param("tag", "tag", "a topic", cues=("about", "tag")),
            Param("known", "date", "only what was published by this day", cues=("known",), cued=True),
            Param(
                "chart",
                "value",
                "as a picture",
                read=_chart,
                offer=lambda: [("chart: as a picture", "chart")],
                shown="chart",
            ),
        ),
        timeline,
        (
            "timeline",
            "timeline march 2022 june 2022",
            "timeline since february",
            "timeline known 2022-03-05",
            "timeline chart",
        ),
    ),
    Command("briefings", "What was known when: all briefings, oldest first", (), briefings, ("briefings",)),
    Command(
        "briefing",
        "One briefing in full; the newest without an id",
        (Param("id", "briefing", "the id of a briefing, as `briefings` lists them"),),
        briefing,
        ("briefing",),
    ),
    Command("sources", "Every article that the story rests on", (), sources, ("sources",)),
    Command(
        "source",
        "One article, and every fact it states",
        (Param("id", "source", "the id of a source, as `sources` lists them", required=True),),
        source,
    ),
    Command(
        "fact",
        "One fact: who said it, when, and what stands against it",
        (Param("id", "fact", "the id of a fact, as `search` and `source` show them", required=True),),
        fact,
    ),
    Command(
        "search",
        "Facts and briefings that have the words, through their forms and misspellings",
        (Param("words", "words", "what to look for", required=True),),
        search,
        ("search launch", "search sanctions"),
    ),
)

ABOUT: tuple[Command, ...] = (
    Command(
        "help",
        "What can be asked",
        (Param("command", "command", "a command to tell more about"),),
        guide,
        ("help", "help timeline"),
    ),
    Command("about", "What this bot is, and what it holds", (), about, ("about",)),
)
