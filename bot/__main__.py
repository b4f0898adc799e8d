"""`exomars`, and `python -m bot`."""

import sys


def main() -> None:
    """Runs the command line."""
    from bot.edge.shell.commandline import main as shell
    from bot.wiring import build

    sys.exit(shell(build))


if __name__ == "__main__":
    main()
