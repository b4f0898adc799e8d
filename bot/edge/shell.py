"""`exomars COMMAND …`: every command of the table in the shell, and those of whoever runs the bot.

argparse and not click, which alone takes longer to import than half of what `exomars status` may.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

from bot import __version__
from bot.answer.command import Command
from bot.answer.table import COMMANDS
from bot.config import FILE, Config, read_config
from bot.edge.parts import Parts
from bot.errors import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, BotError
from bot.reply import Reply

Build = Callable[[Config], Parts]

EXIT_CODES = """exit codes:
  0  done; for a question: answered, also where the answer is that the corpus does not say
  1  check found problems; health: not connected; something else failed
  2  the command line or the configuration is wrong
  3  the database cannot be used
  4  a platform refuses the bot: token, intent or address"""


def main(build: Build, arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit code; `build` joins the parts that it needs."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no “ ” shows ? and goes on
    first = _first_word(arguments)
    made = parser(first or "")
    if not arguments:
        made.print_help()
        return EXIT_OK
    if first is not None and first not in _names(made):
        return _no_command(first, _names(made))
    given = made.parse_args(arguments)
    try:
        return _flushed(int(given.run(given, build)))
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


def _flushed(code: int) -> int:
    """The exit code, once the output is out: a full disk shows here, and not after the end."""
    if sys.stdout:
        sys.stdout.flush()
    return code


def parser(first: str = "") -> argparse.ArgumentParser:
    """The parser of all commands, made from the table.

    Where the `first` word is a command of the table, of that one alone: making them all takes as
    long as answering.
    """
    root = argparse.ArgumentParser(
        prog="exomars",
        description="A briefing bot: dated, cited answers about a story in the news.",
        epilog=EXIT_CODES,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"exomars {__version__}")
    root.add_argument("--config", default=os.environ.get("EXOMARS_CONFIG", FILE), help="config.toml to use")
    root.add_argument("--story", default="", help="the command word of a story; else the first one")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="exomars")
    named = [command for command in COMMANDS if command.name == first]
    for command in named or COMMANDS:
        _add_asking(commands, command)
    if named:
        return root
    _add(
        commands, "run", "Connect to every platform that has a token; the terminal chat where none has", _run
    )
    _add(commands, "chat", "Talk to the bot in this terminal, or line by line from a pipe", _chat)
    check = _add(commands, "check", "List every problem in the files of the stories, or of PATH", _check)
    check.add_argument(
        "path", nargs="?", metavar="PATH", help="a file, or a folder with corpus/ and briefings/"
    )
    _add(commands, "health", "Whether the running bot is connected: exit code 0 or 1", _health)
    return root


def _first_word(arguments: Sequence[str]) -> str | None:
    """The command: the first word that is neither an option nor the value of one."""
    words = iter(arguments)
    for word in words:
        if word in {"--config", "--story"}:
            next(words, "")
        elif not word.startswith("-"):
            return word
    return None


def _names(made: argparse.ArgumentParser) -> list[str]:
    """The commands that a parser knows."""
    actions = (action for action in made._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    return [name for action in actions for name in action.choices]


def _no_command(first: str, names: Sequence[str]) -> int:
    from bot.nearest import nearest

    near = nearest(first.lower(), names)
    mend = f"did you mean {near[0]}?" if near else "exomars --help lists all"
    print(f"exomars: there is no command {first!r}; {mend}", file=sys.stderr)
    return EXIT_USAGE


def _add_asking(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Command) -> None:
    made = _add(commands, command.name, command.help, _ask)
    details = "; ".join(f"{param.name.upper()}: {param.help}" for param in command.params)
    made.epilog = "\n".join(
        [*([details] if details else []), *(f"example: exomars {words}" for words in command.examples)]
    )
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.usage = f"exomars {command.usage} [--json]"
    made.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    made.add_argument("--json", action="store_true", help="print one JSON object in one line")
    made.set_defaults(command=command)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_text: str,
    run: Callable[[argparse.Namespace, Build], int],
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=help_text, description=help_text)
    made.set_defaults(run=run)
    return made


def _config(given: argparse.Namespace) -> Config:
    return read_config(given.config, os.environ)


def _ask(given: argparse.Namespace, build: Build) -> int:
    from bot.edge import clock

    parts = build(_config(given))
    try:
        for line in [line for synced in parts.refresh() for line in synced.told()]:
            print(f"exomars: {line}", file=sys.stderr)
        typed = " ".join([given.command.name, *given.words])
        reply = parts.desk(given.story).answer(typed, "exomars", clock.today())
    finally:
        parts.close()
    print(_shown(reply, as_json=given.json))
    return EXIT_USAGE if reply.private else EXIT_OK


def _shown(reply: Reply, *, as_json: bool) -> str:
    if as_json:
        from bot.render.asjson import as_json as render

        return render(reply)
    from bot.render.terminal import text

    tty = bool(sys.stdout) and sys.stdout.isatty()
    width = os.get_terminal_size().columns if tty else 0
    return text(reply, width=min(width, 100), colour=tty and "NO_COLOR" not in os.environ)


def _check(given: argparse.Namespace, _: Build) -> int:
    from bot.edge.checking import check

    return check(_config(given), given.path)


def _run(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.running import run

    return run(build(_config(given)))


def _chat(given: argparse.Namespace, build: Build) -> int:
    from bot.edge.chat import chat

    return chat(build(_config(given)), given.story)


def _health(given: argparse.Namespace, _: Build) -> int:
    from bot.edge.health import told

    well, words = told(_config(given).health_file)
    print(words)
    return EXIT_OK if well else EXIT_PROBLEMS
