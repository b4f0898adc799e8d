"""`help` and `about`: what can be asked, and what the bot is."""

from bot import __version__
from bot.command.entry import Access, Ask, Command
from bot.command.mistake import is_pattern, mistake
from bot.command.request import find_command
from bot.command.when import EXAMPLES
from bot.edtf import spoken_day
from bot.nearest import nearest
from bot.reply import Action, Line, Reply, Section
from bot.wording import plural


def guide(ask: Ask) -> Reply:
    """Answers `help [COMMAND]`."""
    given = ask.text("command")
    if given is None:
        return _all(ask)
    command = find_command(given.removeprefix("!"), ask.commands)
    group = [command for command in ask.commands if command.group == given.removeprefix("!")]
    if group:
        return _several(ask, given, group, command)
    if command is None:
        names = [command.name for command in ask.commands]
        near = [f"help {name}" for name in nearest(given, names)]
        what = f"There is no command “{given}” to be asked. There are: {', '.join(names)}."
        return mistake(ask.call, "help", what, [*near, "help"])
    return _one(ask, command)


def about(ask: Ask) -> Reply:
    """Answers `about`: what the bot is, what it holds, and what was left out."""
    shelf, span = ask.shelf, ask.shelf.span()
    holds = ", ".join(plural(shelf.count(what), what) for what in ("source", "fact", "briefing"))
    covers = f", published from {spoken_day(span[0])} to {spoken_day(span[1])}" if span else ""
    lines = [
        Line(
            f"This bot keeps the story of {ask.name} straight: short, dated answers, each with its sources."
        ),
        Line("It says nothing that it cannot cite, and can answer as of any past date."),
        Line(f"It holds {holds}{covers}."),
    ]
    problems = shelf.problems()
    sections = [Section("", tuple(lines))]
    if problems:
        files = dict.fromkeys(problem.path for problem in problems)
        text = f"{plural(len(files), 'file')} could not be loaded as they are now; `exomars check` says why."
        sections.append(Section(text, tuple(Line("", label=path) for path in [*files][:10])))
    return Reply(
        "about",
        f"{ask.name} briefing bot",
        tuple(sections),
        notes=(f"Version {__version__}. `{ask.call} help` shows what can be asked.",),
        actions=(Action("Status", "status"), Action("Sources", "sources"), Action("Help", "help")),
        as_of=shelf.horizon(None),
    )


_FOR: dict[Access, str] = {"admins": "For admins: ", "curators": "For editors: ", "owners": "For owners: "}


def _all(ask: Ask) -> Reply:
    plain = [one for one in ask.commands if not one.group]
    worded = ask.asker.terms.worded
    asking = [one for one in plain if one.access == "everyone"]
    lines = [Line(worded(one.help), label=f"{ask.call} {worded(one.usage)}") for one in asking]
    editing = [one.name for one in plain if one.access == "curators"]
    if editing:
        lines.append(Line(f"{_FOR['curators']}{', '.join(editing)}.", label=f"{ask.call} help {editing[0]}"))
    groups = dict.fromkeys(command.group for command in ask.commands if command.group)
    for group in groups:
        mine = [one for one in ask.commands if one.group == group]
        ranks = {one.access for one in mine}
        who = _FOR.get(ranks.pop(), "") if len(ranks) == 1 else ""
        names = ", ".join(one.name.rpartition(" ")[2] for one in mine)
        lines.append(Line(f"{who}{names}.", label=f"{ask.call} help {group}"))
    return Reply(
        "help",
        f"{ask.name}: what can be asked",
        (Section("", tuple(lines)),),
        notes=(
            f"DATE may be typed like this: {EXAMPLES}.",
            f"`{ask.call} help COMMAND` tells more about one.",
        ),
        actions=(Action("Status", "status"), Action("Timeline", "timeline")),
    )


def _several(ask: Ask, group: str, commands: list[Command], alone: Command | None) -> Reply:
    """A group; what its name means by itself stands first."""
    worded = ask.asker.terms.worded
    lines = tuple(Line(worded(command.help), label=f"{ask.call} {command.name}") for command in commands)
    more = f"`{ask.call} help {commands[0].name}` tells what each takes."
    if alone is None:
        return Reply("help", f"{ask.call} {group}", (Section("", lines),), notes=(more,))
    one = _one(ask, alone)
    return one._replace(sections=(*one.sections, Section("As well", lines)), notes=(more,))


def _one(ask: Ask, command: Command) -> Reply:
    worded = ask.asker.terms.worded
    sections = [Section("", (Line(worded(command.help)),))]
    if command.params:
        lines = tuple(
            Line(worded(param.help), label=worded(param.usage.strip("[]")))
            for param in command.params
            if param.only in {"", ask.asker.platform} or ask.asker.operator
        )
        sections.append(Section("Parameters", lines))
    if command.examples:
        lines = tuple(Line("", label=f"{ask.call} {words}") for words in command.examples)
        sections.append(Section("Examples", lines))
    return Reply(
        "help",
        f"{ask.call} {worded(command.usage)}",
        tuple(sections),
        actions=tuple(Action(words[:80], words) for words in command.examples[:3] if not is_pattern(words)),
    )
