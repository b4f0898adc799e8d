"""The commands that ask. A new one is one entry here, one handler, one test."""

from bot.answer.briefings import briefing, briefings
from bot.answer.finding import search
from bot.answer.guide import about, guide
from bot.answer.sources import fact, source, sources
from bot.answer.status import status
from bot.answer.timeline import timeline
from bot.command.entry import Ask, Command, Memory, Param
from bot.reply import Reply


def _chart(typed: str) -> str:
    """The one word that asks for a picture. Raises ValueError where it is another."""
    if typed.strip().lower() != "chart":
        raise ValueError("chart is either said or left out")
    return "chart"


def _colours(typed: str) -> str:
    """`light` or `dark`. Raises ValueError where it is another word."""
    if typed.strip().lower() not in {"light", "dark"}:
        raise ValueError("a picture is either light or dark")
    return typed


def _page(typed: str) -> str:
    """The number of a page. Raises ValueError where it is none."""
    if not typed.isascii() or not typed.isdigit() or not 0 < int(typed[:6]) < 1000:
        raise ValueError("a page is a number from 1 on")
    return typed


def _ask(asked: Ask) -> Reply:
    """Answers `ask QUESTION`; imported here, since the words of a language are many."""
    from bot.answer.ask import ask

    return ask(asked)


def _since(ask: Ask) -> Reply:
    """Answers `since [DATE] [added DATE]`; imported here, as below: `status` does without."""
    from bot.answer.since import since

    return since(ask)


def _looked(ask: Ask, reply: Reply) -> Memory | None:
    """That somebody looked what is new."""
    from bot.answer.since import memory

    return memory(ask, reply)


def _compare(ask: Ask) -> Reply:
    """Answers `compare DATE DATE`."""
    from bot.answer.compare import compare

    return compare(ask)


def _disputes(ask: Ask) -> Reply:
    """Answers `disputes [TOPIC] [page NUMBER]`."""
    from bot.answer.disputes import disputes

    return disputes(ask)


def _topic(ask: Ask) -> Reply:
    """Answers `topic [TOPIC]`."""
    from bot.answer.topic import topic

    return topic(ask)


def _who(ask: Ask) -> Reply:
    """Answers `who [NAME]`."""
    from bot.answer.who import who

    return who(ask)


def _remember(asked: Ask, reply: Reply) -> Memory:
    """The question, for a few minutes."""
    from bot.answer.following import memory

    return memory(asked, reply)


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
        "ask",
        "A question in your own words, answered by the facts that answer it",
        (Param("question", "words", "what you would like to know", required=True),),
        _ask,
        ("ask when was the partnership ended?", "ask who moved first?", "ask what was known in march 2022?"),
        takes_questions=True,
        remembers=_remember,
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
            Param(
                "colours",
                "value",
                "of the picture, where they are not to be those of the platform",
                read=_colours,
                offer=lambda: [("light colours", "light"), ("dark colours", "dark")],
                shown="light/dark",
            ),
        ),
        timeline,
        (
            "timeline",
            "timeline march 2022 june 2022",
            "timeline since february",
            "timeline known 2022-03-05",
            "timeline chart",
            "timeline chart light",
        ),
    ),
    Command(
        "since",
        "What became known after a day, or since you last looked here",
        (
            Param("date", "date", "a day, or a time: what became known after it"),
            Param("added", "date", "only what was added here from this day on", cues=("added",), cued=True),
        ),
        _since,
        ("since", "since 2022-03-05", "since last week"),
        remembers=_looked,
    ),
    Command(
        "compare",
        "The story as known on two days, and what changed between them",
        (
            Param("from", "date", "a day", required=True, cues=("from", "between"), shown="DATE"),
            Param(
                "to", "date", "a second day", required=True, cues=("to", "and", "with", "until"), shown="DATE"
            ),
        ),
        _compare,
        ("compare 2022-03-01 2022-07-13", "compare march 2022 and july 2022"),
    ),
    Command(
        "topic",
        "One thread of the story, in order; without a topic, all there are",
        (Param("topic", "topic", "a tag, in any spelling, or a name", cues=("about",)),),
        _topic,
        ("topic", "topic launch"),
    ),
    Command(
        "disputes",
        "Where sources contradict each other, and what was overturned",
        (
            Param("topic", "topic", "a tag, a name, or words", cues=("about",)),
            Param(
                "page", "value", "which part of them", cues=("page",), cued=True, read=_page, shown="NUMBER"
            ),
        ),
        _disputes,
        ("disputes", "disputes launch", "disputes page 2"),
    ),
    Command(
        "who",
        "Who somebody is, what they said, and what is told of them",
        (Param("name", "name", "a person, a body, a place or a thing", cues=("is", "are", "was", "were")),),
        _who,
        ("who",),
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
