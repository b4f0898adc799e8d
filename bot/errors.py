"""Every error that the bot raises on purpose.

    BotError            something the reader of the message can act on; ends a command, never a process
    ├── ConfigError     config.toml or the environment is wrong                      exit code 2
    ├── StoreError      the database cannot be opened, read or written               exit code 3
    ├── ConnectError    a platform refuses us for good (token, intent, address)      exit code 4
    └── UnknownStoryError    no story has this command word                               exit code 2

Errors of libraries are turned into these where they enter; the cause stays attached. A message
says what failed, on what, why, and what to do next, in one line.
"""

EXIT_OK = 0
EXIT_PROBLEMS = 1
EXIT_USAGE = 2


class BotError(Exception):
    """A failure whose message is meant for a person; `exit_code` is for the shell."""

    exit_code = EXIT_PROBLEMS


class ConfigError(BotError):
    """The configuration cannot be used as it is."""

    exit_code = EXIT_USAGE


class UnknownStoryError(ConfigError):
    """A story was named that the configuration does not have."""


class StoreError(BotError):
    """The database cannot be opened, read or written."""

    exit_code = 3


class ConnectError(BotError):
    """A platform refuses the bot for good: waiting would not help."""

    exit_code = 4


class UnreachableError(BotError):
    """A platform cannot be reached for now; it may be later."""

    exit_code = 4
