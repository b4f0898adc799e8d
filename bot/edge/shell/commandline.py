"""`exomars COMMAND …`: every command of the table in the shell, and those of whoever runs the bot.

argparse and not click, which alone takes longer to import than half of what `exomars status` may.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from bot import __version__
from bot.command.entry import Command
from bot.config import FILE, TOKENS, Config, check_tokens, read_config
from bot.desk.table import COMMANDS
from bot.edge.parts import Parts
from bot.errors import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, BotError
from bot.reply import Reply
from bot.store.damage import DamagedError

Build = Callable[[Config], Parts]

_VALUE = "value of "
_CHART = "chart"
_ADOPTED = tuple(TOKENS)  # where a bot has an account

_NAMES = {command.name for command in COMMANDS}
_BOTH = _NAMES & {command.group for command in COMMANDS}  # a command, and a group of others

EXIT_CODES = """exit codes:
  0  done; for a question: answered, also where the answer is that the corpus does not say
  1  check found problems, or a draft has some; health: not connected; digest send: one did not arrive;
     export: a file was left as it was; something else failed
  2  the command line or the configuration is wrong
  3  the database cannot be used
  4  a platform refuses the bot: token, intent or address"""


def main(build: Build, arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit code; `build` joins the parts that it needs."""
    arguments = _options_first(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no “ ” shows ? and goes on
    first, second = _first_words(arguments)
    made = parser(first, second)
    if not arguments:
        made.print_help()
        return EXIT_OK
    names = _names(made)
    if first and first not in names:
        return _no_command(first, names)
    grouped = _names(names[first]) if first else {}
    if second and grouped and second not in grouped:
        return _no_command(second, grouped, first)
    own = grouped.get(second) or names.get(first)
    given = made.parse_args(_words_last(arguments, own) if own else arguments)
    try:
        return _flushed(int(given.run(given, build)))
    except DamagedError as error:
        from bot.edge.damaged import told

        print(f"exomars: {told(_config(given), error)}", file=sys.stderr)
        return error.exit_code
    except BotError as error:
        print(f"exomars: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output, as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except OSError as error:
        print(f"exomars: the output cannot be written: {error.strerror}", file=sys.stderr)
        return EXIT_PROBLEMS


class _Wrapped(argparse.HelpFormatter):
    """Takes the width of the screen without shutil, whose import takes longer than making the parser."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, width=columns - 2)


class _Help(_Wrapped, argparse.RawDescriptionHelpFormatter):
    """The same, for texts whose lines are to stay as they are."""


def _flushed(code: int) -> int:
    """The exit code, once the output is out: a full disk shows here, and not after the end."""
    if sys.stdout:
        sys.stdout.flush()
    return code


def parser(first: str = "", second: str = "") -> argparse.ArgumentParser:
    """The parser of all commands, made from the table.

    Where the `first` word is a command of the table, of that one alone: making them all takes as
    long as answering. A word may be a command and a group, as `source` and `source add`; then the
    `second` decides which it is.
    """
    root = argparse.ArgumentParser(
        prog="exomars",
        description="A briefing bot: dated, cited answers about a story in the news.",
        epilog=EXIT_CODES,
        allow_abbrev=False,
        formatter_class=_Help,
    )
    root.add_argument("--version", action="version", version=f"exomars {__version__}")
    root.add_argument("--config", default=os.environ.get("EXOMARS_CONFIG", FILE), help="config.toml to use")
    root.add_argument("--story", default="", help="the command word of a story; else the first one")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="exomars")
    named = [command for command in COMMANDS if first and first in {command.name, command.group}]
    alone = _NAMES - (_BOTH if f"{first} {second}" in _NAMES else set())
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in named or COMMANDS:
        if command.group in alone or (command.name in _BOTH and command.name not in alone):
            continue
        if command.group and command.group not in groups:
            groups[command.group] = _add_group(commands, command.group)
        _add_asking(groups.get(command.group, commands), command)
    if "digest" in groups:
        _add_send(groups["digest"])
    if named:
        return root
    from bot.edge.shell import backup  # here: a question does without

    backup.add(commands, _add)
    running = _add(
        commands, "run", "Connect to every platform that has a token; the terminal chat where none has", _run
    )
    running.add_argument(
        "--chat", action="store_true", help="chat in this terminal as well, at the same time"
    )
    _add(commands, "chat", "Talk to the bot in this terminal, or line by line from a pipe", _chat)
    check = _add(commands, "check", "List every problem in the files of the stories, or of PATH", _check)
    check.add_argument(
        "path", nargs="?", metavar="PATH", help="a file, or a folder with corpus/ and briefings/"
    )
    export = _add(commands, "export", "Write what was written in chat into corpus/ and briefings/", _export)
    export.add_argument("--to", metavar="FOLDER", default="", help="everything into another folder")
    founding = _add(
        commands, "new-story", "Begin another story: its folders, and its place in config.toml", _found
    )
    founding.add_argument("word", metavar="WORD", help="the word that is to call it, as in !WORD status")
    founding.add_argument("--name", metavar="NAME", help="what it is called above an answer")
    _add(commands, "health", "Whether the running bot is connected: exit code 0 or 1", _health)
    return root


def _options_first(arguments: Sequence[str]) -> list[str]:
    """The same, with the options that every command has in front, wherever they were typed."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in {"--config", "--story"}:
            value = [*islice(words, 1)]
            (front if value else rest).extend([word, *value])
        elif word.startswith(("--config=", "--story=")):
            front.append(word)
        else:
            rest.append(word)
    return [*front, *rest]


def _words_last(arguments: Sequence[str], made: argparse.ArgumentParser) -> list[str]:
    """The same, with a command's options before its words, which argparse takes only all together."""
    options: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    head: list[str] = []
    for _ in made.prog.split()[1:]:  # up to the words that name the command
        for word in words:
            head.append(word)
            if word in {"--config", "--story"}:
                head += islice(words, 1)
            elif not word.startswith("-"):
                break
    for word in words:
        option = made._option_string_actions.get(word.partition("=")[0])  # noqa: SLF001
        if word == "--":
            rest += [word, *words]
        elif option is not None:
            takes_one = option.nargs != 0 and "=" not in word
            options += [word, *islice(words, 1 if takes_one else 0)]
        else:
            (options if word.startswith("--") else rest).append(word)
    return [*head, *options, *rest]


def _first_words(arguments: Sequence[str]) -> tuple[str, str]:
    """The command, in one word or two: the first that are neither options nor values of these."""
    found, words = [], iter(arguments)
    for word in words:
        if word in {"--config", "--story"}:
            next(words, "")
        elif not word.startswith("-"):
            found.append(word)
    first, second, *_ = *found, "", ""
    return first, second


def _names(made: argparse.ArgumentParser) -> "Mapping[str, argparse.ArgumentParser]":
    """The commands that a parser knows, each with its own parser."""
    actions = (action for action in made._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    return {name: parser for action in actions for name, parser in action.choices.items()}


def _no_command(word: str, names: Iterable[str], group: str = "") -> int:
    """Says that there is none, and which may be meant; the group is what stands before the word."""
    from bot.nearest import nearest

    before = f"{group} " if group else ""
    near = nearest(word.lower(), names)
    mend = f"did you mean {before}{near[0]}?" if near else f"exomars {before}--help lists all"
    print(f"exomars: there is no command {before + word!r}; {mend}", file=sys.stderr)
    return EXIT_USAGE


def _add_asking(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Command) -> None:
    also = [other.name for other in COMMANDS if other.group == command.name]
    made = _add(commands, command.name.rpartition(" ")[2], "; also: ".join([command.help, *also]), _ask)
    typed = {param.usage.strip("[]"): param.help for param in command.params}
    widest = max(map(len, typed), default=0)
    details = [f"  {form:{widest}}  {told}" for form, told in typed.items()]
    examples = [f"example: exomars {words}" for words in command.examples]
    made.epilog = "\n".join([*details, *([""] if details and examples else []), *examples])
    made.formatter_class = _Help
    more = ""
    made.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    made.add_argument("--json", action="store_true", help="print one JSON object in one line")
    if any(param.name == _CHART for param in command.params):
        made.add_argument("--chart", action="store_true", help="as a picture: a PNG file")
        made.add_argument("--to", metavar="FILE", default="", help="where the picture goes; - for a pipe")
        made.add_argument("--dark", action="store_true", help="the picture in dark colours")
    if command.written:
        more += " [--NAME VALUE]"
        _add_values(made, command)
    made.usage = f"exomars {_usage(command)}{more} [--json]"
    made.set_defaults(command=command)


def _usage(command: Command) -> str:
    """`correct ID [quiet] [FILE] [WAS]`: a file stands before words that go on to the end."""
    if not command.files:
        return command.usage
    short = [param.usage for param in command.params if param.kind != "words"]
    long = [param.usage for param in command.params if param.kind == "words"]
    return " ".join((command.name, *short, "[FILE]", *long))


def _add_values(made: argparse.ArgumentParser, command: Command) -> None:
    """An option for each value that may be given by its name, as a form has them."""
    from bot.edge.shell.words import by_name, flags

    for param in by_name(command):
        option = f"--{param.name.replace('_', '-')}"
        made.add_argument(option, dest=_VALUE + param.name, metavar="VALUE", help=param.help)
    for param in flags(command):
        made.add_argument(
            f"--{param.name}",
            dest=_VALUE + param.name,
            action="store_const",
            const=param.name,
            help=param.help,
        )


def _add_group(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    """A command of which there are several, as `digest subscribe`; on its own it is its first, as in chat."""
    mine = [command for command in COMMANDS if command.group == name]
    names = [command.name.rpartition(" ")[2] for command in mine]
    names += ["send", "adopt"] if name == "digest" else []
    made = _add(commands, name, f"{', '.join(names)}; exomars {name} --help tells more", _ask)
    made.description = f"On its own it is the same as exomars {mine[0].name}."
    made.set_defaults(command=mine[0], words=[], json=False)
    return made.add_subparsers(title="commands", metavar="COMMAND", prog=f"exomars {name}")


def _add_send(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    made = _add(commands, "send", "Send today's editions now, and wait until they have arrived", _send)
    adopt = _add(commands, "adopt", "Have another bot account deliver what the one before has begun", _adopt)
    whose = f"{' or '.join(_ADOPTED)}; else both"
    adopt.add_argument("platform", nargs="?", choices=_ADOPTED, metavar="PLATFORM", help=whose)
    made.add_argument("ids", nargs="*", metavar="ID", help="the numbers of the digests")
    made.add_argument("--all", action="store_true", help="every digest that is not paused")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_text: str,
    run: Callable[[argparse.Namespace, Build], int],
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=help_text, description=help_text, formatter_class=_Wrapped)
    made.set_defaults(run=run)
    return made


def _config(given: argparse.Namespace) -> Config:
    return read_config(given.config, os.environ)


def _ask(given: argparse.Namespace, build: Build) -> int:
    from bot.edge import clock
    from bot.edge.loading import load
    from bot.edge.operator import ASKER

    parts = build(_config(given))
    try:
        for line in [line for synced in load(parts) for line in synced.told()]:
            print(f"exomars: {line}", file=sys.stderr)
        if given.command.written:
            return _write(given, parts)
        if given.command.name == "log" and given.json:
            return _audit(given, parts)
        asked = _CHART in map(str.lower, given.words)
        wish = [_CHART] if _draws(given) and not asked else []
        typed = " ".join([given.command.name, *given.words, *wish])
        desk = parts.desk(given.story)
        reply = desk.answer(typed, parts.called(given.story), clock.now(), ASKER)
        if reply.picture is None:
            # Before the end, which waits for what is still to be remembered.
            print(_shown(reply, as_json=given.json), flush=True)
    finally:
        parts.close()
    if reply.picture is not None:
        return _drawn(given, reply, desk.story.word)
    if given.command.name == "digest now" and not reply.abstained:
        print("exomars: the bot sends it while it runs; exomars digest send waits for it", file=sys.stderr)
    return EXIT_USAGE if reply.private and reply.abstained else EXIT_OK


def _draws(given: argparse.Namespace) -> bool:
    """Whether an option asks for a picture, or says what is to become of it."""
    return any(getattr(given, name, None) for name in (_CHART, "to", "dark"))


def _drawn(given: argparse.Namespace, reply: Reply, word: str) -> int:
    """Writes the picture of a reply into a file, and says in words what it shows and where it is."""
    from bot.edge.shell.picture import write  # it brings along Pillow

    assert reply.picture is not None
    where = write(reply.picture, given.to, f"{word}-{reply.picture.name}.png", dark=given.dark)
    if where:
        print(_shown(reply, as_json=given.json))
        print(f"exomars: the picture is in {where}", file=sys.stderr)
    return EXIT_OK


def _write(given: argparse.Namespace, parts: Parts) -> int:
    """A command for which something is written, and what follows from it."""
    from bot.edge.shell.editing import and_then, answer
    from bot.edge.shell.hands import room

    here = room(parts, given.story, as_json=given.json)
    values = {
        name.removeprefix(_VALUE): value for name, value in vars(given).items() if name.startswith(_VALUE)
    }
    code = EXIT_PROBLEMS  # where it is given up
    reply = answer(here, given.command, given.words, {name: value for name, value in values.items() if value})
    while reply is not None:
        print(_shown(reply, as_json=given.json), flush=True)
        is_draft = reply.command == "draft show"
        code = (EXIT_PROBLEMS if is_draft else EXIT_USAGE) if reply.private and reply.abstained else EXIT_OK
        reply = and_then(here, reply)
    return code


def _audit(given: argparse.Namespace, parts: Parts) -> int:
    from bot.command.request import named
    from bot.edge import clock
    from bot.edge.operator import ASKER
    from bot.edge.shell.audit import lines

    desk = parts.desk(given.story)
    typed = " ".join([given.command.name, *given.words])
    found = named(typed, desk.commands, clock.today())
    if found is None:  # then the desk says what is wrong with the words
        reply = desk.answer(typed, parts.called(given.story), clock.now(), ASKER)
        print(_shown(reply, as_json=False), file=sys.stderr)
        return EXIT_USAGE
    with parts.store.reading(desk.story.word) as shelf:
        for line in lines(shelf, found[1].get("what", ""), int(found[1].get("newest", "0"))):
            print(line)
    return EXIT_OK


def _shown(reply: Reply, *, as_json: bool) -> str:
    if as_json:
        from bot.render.asjson import as_json as render

        return render(reply)
    from bot.render.terminal import text

    tty = bool(sys.stdout) and sys.stdout.isatty()
    width = os.get_terminal_size().columns if tty else 0
    return text(reply, width=min(width, 100), colour=tty and "NO_COLOR" not in os.environ)


def _check(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.shell.checking import check

    config = _config(given)
    if given.story:
        config = config._replace(stories=(config.story(given.story),))
    if not os.path.exists(config.database):  # none is made only to be empty
        return check(config, given.path)
    parts = build(config)
    try:
        return check(config, given.path, parts.store)
    finally:
        parts.close()


def _export(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.shell.export import run

    return run(build(_config(given)), given.to, given.story)


def _found(given: argparse.Namespace, _: Build) -> int:
    from bot.edge.shell.founding import run

    return run(_config(given), given.config, given.word, given.name)


def _run(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.running import run

    config = _config(given)
    check_tokens(config)
    return run(build(config), with_chat=given.chat)


def _adopt(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.shell.adopting import adopt

    print(adopt(build(_config(given)), [given.platform] if given.platform else _ADOPTED))
    return EXIT_OK


def _send(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.shell.sending import send

    config = _config(given)
    check_tokens(config)
    return send(build(config), given.ids, everything=given.all, story=given.story)


def _chat(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.terminal.chat import chat

    return chat(build(_config(given)), given.story)


def _health(given: argparse.Namespace, _: Build) -> int:
    from bot.edge.health import told

    well, words = told(_config(given).health_file)
    print(words)
    return EXIT_OK if well else EXIT_PROBLEMS
