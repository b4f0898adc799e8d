"""Every command and every button of the table on a local Discord and a local Slack: the same is said on both.

One bot serves both from one database. What it writes down on the one is there on the other.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from bot.desk.table import COMMANDS
from tests.bots import RunningBot, running
from tests.doubles.discord import DiscordDouble
from tests.doubles.slack import SlackDouble
from tests.edge.sides import OnDiscord, OnSlack, Shown, Side, alike
from tests.edge.test_discord_roles import a_config

SOURCE = "2022-07-13-termination"
FACT = f"{SOURCE}#council-mandate"
ENDED = "2022-07-13-ended"
SUBSCRIBED = "digest subscribe at 09:00 Europe/Berlin"
NEXT = "Next ›"
TURNING = ("‹ Previous", NEXT)


def filled(side: Side, fill: Mapping[str, str]) -> dict[str, str]:
    """What is filled in, with the name of the side where that has to differ."""
    return {name: value.replace("{side}", f"{side.name} {side.room.name}") for name, value in fill.items()}


class Case(NamedTuple):
    """How a command is called: what is done before, its words, and what is filled in where a form opens.

    `{role}`, `{person}`, `{own}` (a briefing of this side's own) and `{draft}` stand for what each has.
    """

    words: str
    before: tuple[str, ...] = ()
    fill: Mapping[str, str] = {}
    after: tuple[str, ...] = ()  # takes back what is said on the other platform as well


def briefing(side: Side, state: str = "It has ended, says this test.") -> dict[str, str]:
    """What is filled in for a new briefing; each case on each side has one of its own."""
    return {
        "title": f"What {side.name} decided in {side.room.name}",
        "as_of": "2022-07-14",
        "state": state,
        "text": f"ESA's council ended the cooperation [@{FACT}].",
        "tags": "esa",
    }


CASES: Mapping[str, Case] = {
    "status": Case("status 2022-03-05"),
    "ask": Case("ask when was the partnership ended?"),
    "timeline": Case("timeline 2022-03"),
    "topic": Case("topic launch"),
    "disputes": Case("disputes launch"),
    "who": Case("who Dmitry Rogozin"),
    "since": Case("since 2022-06-15"),
    "compare": Case("compare 2022-03-01 2022-06-15"),
    "briefings": Case("briefings"),
    "briefing": Case(f"briefing {ENDED}"),
    "sources": Case("sources"),
    "source": Case(f"source {SOURCE}"),
    "fact": Case(f"fact {FACT}"),
    "search": Case("search launch"),
    "help": Case("help timeline"),
    "about": Case("about"),
    "report": Case("report Wrong, says this test.", after=("{closed}",)),
    "forget": Case("forget"),
    "digest list": Case("digest list", (SUBSCRIBED,)),
    "digest subscribe": Case(
        "digest subscribe", (), {"at": "09:00", "zone": "Europe/Berlin", "days": "daily", "kind": "news"}
    ),
    "digest show": Case("digest show", (SUBSCRIBED,)),
    "digest change": Case("digest change at 18:00", (SUBSCRIBED,)),
    "digest pause": Case("digest pause", (SUBSCRIBED,)),
    "digest resume": Case("digest resume", (SUBSCRIBED, "digest pause")),
    "digest unsubscribe": Case("digest unsubscribe", (SUBSCRIBED,)),
    "digest preview": Case("digest preview", (SUBSCRIBED,)),
    "digest now": Case("digest now", ("digest subscribe at 09:00 Europe/Berlin kind replay",)),
    "digest why": Case("digest why", (SUBSCRIBED,)),
    "add": Case("add", (), {"…": "briefing"}),
    "source add": Case(
        "source add",
        (),
        {
            "title": "A headline for {side}",
            "outlet": "unknown",
            "url": "unknown",
            "published": "2022-07-20",
            "language": "en",
        },
    ),
    "edit": Case("edit {own}", ("{publish}",), {"state": "It has ended for good, says this test."}),
    "correct": Case("correct {own}", ("{publish}",), {"was": "It said too much.", "state": "It has ended."}),
    "retract": Case("retract {own}", ("{publish}",), {"because": "It was a test."}),
    "restore": Case("restore {own}", ("{publish}",)),
    "undo": Case("undo", ("{publish}",)),
    "history": Case("history {own}", ("{publish}",)),
    "cite": Case("cite launch in 2022"),
    "drafts": Case("drafts", ("{write}",)),
    "draft show": Case("draft show {draft}", ("{write}",)),
    "draft edit": Case("draft edit {draft}", ("{write}",), {"state": "Another state, says this test."}),
    "draft fact": Case(
        "draft fact {draft}",
        ("{note}",),
        {"date": "2022-07-20", "says": "A test was made.", "speaker": "ESA", "kind": "event", "tags": "esa"},
    ),
    "draft publish": Case("draft publish {draft}", ("{write}",)),
    "draft discard": Case("draft discard {draft}", ("{write}",)),
    "reports": Case("reports {report}", ("{report}",), after=("{closed}",)),
    "report close": Case("report close {report}", ("{report}",), {"outcome": "It was mended."}),
    "admins list": Case("admins list"),
    "admins add": Case("admins add {role}", after=("admins remove {role}",)),
    "admins remove": Case("admins remove {role}", ("admins add {role}",)),
    "editors list": Case("editors list"),
    "editors add": Case("editors add {person}", after=("editors remove {person}",)),
    "editors remove": Case("editors remove {person}", ("editors add {person}",)),
    "approval": Case("approval"),
    "log": Case("log newest 1", ("approval",)),
}


class Both(NamedTuple):
    """A bot that serves both platforms."""

    sides: tuple[Side, Side]
    discord: DiscordDouble
    slack: SlackDouble
    bot: RunningBot


def config_of_both(folder: Path, on_discord: OnDiscord, on_slack: OnSlack) -> Path:
    """The shipped configuration with an owner on each, and without limits of the bot's own."""
    config = a_config(folder, on_discord.owner)
    text = config.read_text(encoding="utf-8")
    for old, new in (
        (f'"discord/{on_discord.owner.id}"', f'"discord/{on_discord.owner.id}", "slack/{on_slack.owner.id}"'),
        ("posts_per_minute = 300", "posts_per_minute = 0"),
        ("edits_per_minute = 50", "edits_per_minute = 0"),
    ):
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    return config


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Both]:
    """The bot between a local Discord and a local Slack; somebody on each owns it."""
    folder: Path = tmp_path_factory.mktemp("both")
    async with DiscordDouble() as discord, SlackDouble() as slack:
        on_discord, on_slack = OnDiscord(discord), OnSlack(slack)
        config = config_of_both(folder, on_discord, on_slack)
        async with running(folder, discord, config, more=slack.environment) as bot:
            await bot.says("slash commands synced")
            await slack.connected()
            yield Both((on_discord, on_slack), discord, slack, bot)
        assert "Traceback" not in bot.log
        assert discord.violations == []
        assert slack.violations == []


def test_every_command_has_its_case() -> None:
    """A new command is walked as well."""
    assert {*CASES} == {command.name for command in COMMANDS}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CASES)
async def test_the_same_is_said_on_both(both: Both, name: str) -> None:
    """Called by slash, its form filled in, and each button under the answer pressed."""
    walks = []
    for side in both.sides:
        side.moves(f"room-{name.replace(' ', '-')}")
        walks.append(await walked(side, CASES[name]))
    assert apart(*walks) == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not (case.before or case.fill)])
async def test_the_same_is_said_to_what_is_typed(both: Both, name: str) -> None:
    """As `!exomars …` in a channel; what is for one alone is seen by them alone on both."""
    told = []
    for side in both.sides:
        side.moves(f"talk-{name.replace(' ', '-')}")
        shown = await side.types(CASES[name].words.format(role=side.role, person=side.person))
        if NEXT not in shown.labels:  # a direct message of Discord has no buttons
            shown = shown._replace(labels=())
        told.append(await all_pages(side, shown, "answer"))
        for step in CASES[name].after:
            await done(side, step, {"role": side.role, "person": side.person})
    assert apart(told[:1], told[1:]) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_mistake_is_reported_under_an_answer(both: Both) -> None:
    """A button, its form, filled in: an editor sees it with the facts that the answer rested on."""
    for side in both.sides:
        side.moves("reporting")
        form = await side.presses(await side.calls(f"fact {FACT}"), "Report a mistake")
        assert form.fields == {"says": ""}
        said = f"It was another day, says {side.name}."
        kept = report_of(await side.submits(form, {"says": said}))
        seen = await side.calls(f"reports {kept}")
        assert said in seen.text
        assert seen.text.count(FACT) > 1  # in the request, and among its facts
        assert {"Close", "Correct"} <= {*seen.labels}
        form = await side.presses(seen, "Close")
        await side.submits(form, {"outcome": "It was mended."})
        assert f"report {kept}, closed" in (await side.calls("report mine")).text


class Told(NamedTuple):
    """What somebody was told at one step."""

    what: str
    words: Sequence[str]
    whole: bool = True  # else on several pages, which each platform cuts as it can: the order says nothing


def apart(on_discord: Sequence[Told], on_slack: Sequence[Told]) -> list[str]:
    """Where two walks differ, from a few words before it on."""
    found = []
    for one, other in zip_longest(on_discord, on_slack, fillvalue=Told("nothing", [])):
        if one.what != other.what:
            found.append(f"Discord: {one.what} | Slack: {other.what}")
        elif one.whole and other.whole and one.words != other.words:
            pairs = enumerate(zip(one.words, other.words, strict=False))
            same = next((at for at, (a, b) in pairs if a != b), min(len(one.words), len(other.words)))
            words = slice(max(same - 6, 0), same + 12)
            found.append(f"{one.what}: {' '.join(one.words[words])} | {' '.join(other.words[words])}")
        elif {*one.words} ^ {*other.words}:
            found.append(f"{one.what}: {sorted({*one.words} ^ {*other.words})}")
    return found


async def walked(side: Side, case: Case) -> list[Told]:
    """All that is said to somebody who does what a case says, in order."""
    known = {"role": side.role, "person": side.person}
    for step in case.before:
        known |= await done(side, step, known)
    said = []
    shown = await side.calls(case.words.format(**known))
    if shown.fields is not None:
        said.append(await all_pages(side, shown, "form"))
        fill = briefing(side) if "…" in case.fill else filled(side, case.fill)
        given = {name: value for name, value in shown.fields.items() if value} | fill
        shown = await side.submits(shown, given)
    said.append(await all_pages(side, shown, "answer"))
    if case.words == "digest now":
        await side.until_posted()
    labels = [label for label in shown.labels if label not in TURNING]
    for label in labels:
        said.append(await all_pages(side, await side.presses(shown, label), " ".join(alike(label))))  # noqa: PERF401
    if case.words == "digest now":
        said += [Told("posted", alike(text)) for text in side.posted()]
    for step in case.after:
        await done(side, step, known)
    return said


async def all_pages(side: Side, shown: Shown, what: str) -> Told:
    """An answer with all its pages, or the fields of a form."""
    if shown.fields is not None:
        # Where somebody is, and at what hour, Slack knows and Discord does not.
        held = {name: value for name, value in shown.fields.items() if name not in {"channel", "zone"}}
        return Told(what, alike(f"{' '.join(shown.fields)} {held}"))
    text, page, whole = shown.text, shown, NEXT not in shown.labels
    while NEXT in page.labels:
        page = await side.presses(page, NEXT)
        text += f"\n{page.text}"
    labels = [label for label in shown.labels if label not in TURNING]
    words = [*alike(text), *alike(" ".join(labels))]
    return Told(what, words if whole else [word for word in words if word != "continued"], whole)


async def done(side: Side, step: str, known: Mapping[str, str]) -> dict[str, str]:
    """Does what has to be done before, and tells what it is called."""
    if step == "{note}":
        note = await side.submits(await side.calls("source add"), filled(side, CASES["source add"].fill))
        return {"draft": number(note)}
    if step == "{report}":
        return {"report": report_of(await side.calls(f"report All of {side.room.name} is wrong"))}
    if step == "{closed}":
        for one in re.findall(r"(?i)report (\d+)", (await side.calls("reports")).text):
            await side.calls(f"report close {one} Done")
        return {}
    if step in {"{write}", "{publish}"}:
        form = await side.calls("add")
        draft = await side.submits(form, briefing(side))
        if step == "{publish}":
            await side.calls(f"draft publish {number(draft)}")
        return {"draft": number(draft), "own": f"2022-07-14-what-{side.name}-decided-in-{side.room.name}"}
    await side.calls(step.format(**known))
    return {}


def report_of(told: Shown) -> str:
    """The number of a report that was kept."""
    found = re.search(r"(?i)report (\d+)", told.text)
    assert found, told.text
    return found[1]


def number(draft: Shown) -> str:
    """The number of a draft that is shown."""
    found = re.search(r"(?i)draft (?:no\. )?(\d+)", draft.text)
    assert found, draft.text
    return found[1]
