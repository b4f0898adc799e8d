"""`config.toml` and the environment → one frozen value, or one message that names what is wrong.

Checked by hand against the table KEYS, and not by pydantic, since every command reads it: pydantic
takes longer to import than `exomars status` may take as a whole.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from bot.errors import ConfigError, UnknownStoryError
from bot.nearest import nearest

FILE = "config.toml"

Value = str | int | bool | list[str]


class Story(NamedTuple):
    """One thread of news: `[[story]]`."""

    word: str  # the command word, as in !word status
    name: str  # what people call it, above an answer
    corpus: str  # the folders as they are called, relative to config.toml
    briefings: str

    @property
    def newsroom(self) -> str:
        """The word of the slash command for those who write the story, where that has one of its own."""
        return f"{self.word}-newsroom"


class Discord(NamedTuple):
    """`[discord]` and DISCORD_*."""

    token: str  # empty: not connected
    api_base: str  # empty: Discord's own
    gateway_url: str
    prefix_commands: bool  # whether to ask for the message-content intent
    shards: int = 1  # connections over which the servers are spread
    requests_per_second: int = 49  # to Discord, at most; 0: no limit
    admin_roles: tuple[str, ...] = ()  # names or ids of roles with an admin's rights on every server


class Slack(NamedTuple):
    """`[slack]` and SLACK_*."""

    bot_token: str = ""  # both tokens empty: not connected
    app_token: str = ""
    api_base: str = ""  # empty: Slack's own
    posts_per_minute: int = 300  # over the whole workspace; 0: no limit
    edits_per_minute: int = 50  # the same; 0: no limit
    admin_groups: tuple[str, ...] = ()  # handles or ids of user groups with an admin's rights


class Limits(NamedTuple):
    """`[limits]`: how many commands are answered in a minute; 0: no limit."""

    person_per_minute: int = 60
    server_per_minute: int = 600


NO_LIMITS = Limits(0, 0)


class Backup(NamedTuple):
    """`[backup]`: copies of the database that a running bot makes by itself."""

    every_hours: int = 24  # 0: never
    keep: int = 7  # so many copies
    folder: str = ""  # path; empty: `backups` beside the database


class Config(NamedTuple):
    """All that an operator can set."""

    root: str  # the folder of config.toml
    database: str  # path
    stories: tuple[Story, ...]
    reload_seconds: int  # how often a running bot looks for changed files; 0: never
    log_level: str
    discord: Discord
    owners: tuple[str, ...] = ()  # who may do everything in chat: discord/1108290010035556352
    limits: Limits = Limits()
    backup: Backup = Backup()
    slack: Slack = Slack()

    @property
    def platforms(self) -> tuple[str, ...]:
        """The chat platforms that there are tokens for."""
        tokens = {"discord": self.discord.token, "slack": self.slack.bot_token}
        return tuple(name for name, token in tokens.items() if token)

    def story(self, word: str) -> Story:
        """The story with this word. Raises UnknownStoryError."""
        found = next((story for story in self.stories if story.word == word), None)
        if found is None:
            there = ", ".join(story.word for story in self.stories)
            raise UnknownStoryError(f"there is no story {word!r}; config.toml has {there}")
        return found

    def place(self, name: str) -> str:
        """Where something named in config.toml is."""
        return os.path.join(self.root, name)

    @property
    def health_file(self) -> str:
        """Where a running bot says how it is."""
        return os.path.join(os.path.dirname(os.path.abspath(self.database)), "health.json")

    @property
    def backups(self) -> str:
        """The folder of the backups."""
        beside = os.path.join(os.path.dirname(os.path.abspath(self.database)), "backups")
        return self.backup.folder or beside


class _Key(NamedTuple):
    """What a key may hold."""

    kind: type
    default: Value | None  # None: has to be given
    allowed: str  # in words
    fits: Callable[[Value], bool] = bool


def _is_word(value: Value) -> bool:
    return bool(re.fullmatch(r"[a-z][a-z0-9-]{0,19}", str(value)))


def _within(low: int, high: int) -> Callable[[Value], bool]:
    return lambda value: low <= _whole(value) <= high


def _are_names(value: Value) -> bool:
    return all(type(name) is str and 0 < len(name.strip()) <= 100 for name in _names(value))


def _are_people(value: Value) -> bool:
    return all(type(one) is str and re.fullmatch(_PERSON, one.strip()) for one in _names(value))


# Discord's ids are numbers, and Slack's capitals and digits: a name that stands there by mistake would
# never be anybody's.
_PERSON = r"discord/[0-9]{5,20}|slack/[UW][A-Z0-9]{4,20}|(?!discord/|slack/)[a-z]{2,20}/[A-Za-z0-9_.-]{1,64}"

KEYS: dict[str, dict[str, _Key]] = {
    "": {
        "owners": _Key(
            list,
            [],
            'a list of platforms and user ids, as ["discord/1108290010035556352"] or ["slack/U02AB3CD4"]',
            _are_people,
        ),
        "database": _Key(str, "state/exomars.db", "a path"),
        "reload_seconds": _Key(
            int,
            30,
            "a whole number of seconds from 0 (never) to 86400",
            _within(0, 86400),
        ),
        "log_level": _Key(
            str,
            "info",
            "debug, info, warning or error",
            lambda value: value in {"debug", "info", "warning", "error"},
        ),
    },
    "story": {
        "word": _Key(str, None, "a lower-case word of up to 20 letters, digits and hyphens", _is_word),
        "name": _Key(str, None, "a name of up to 80 characters", lambda value: 0 < len(str(value)) <= 80),
        "corpus": _Key(str, "corpus", "a folder"),
        "briefings": _Key(str, "briefings", "a folder"),
    },
    "discord": {
        "prefix_commands": _Key(bool, default=True, allowed="true or false", fits=lambda _: True),
        "shards": _Key(int, 1, "a whole number from 1 to 1000", _within(1, 1000)),
        "requests_per_second": _Key(int, 49, "a whole number from 0 (no limit) to 1000", _within(0, 1000)),
        "admin_roles": _Key(
            list, [], 'a list of names or ids of roles in quotation marks, as ["Editors"]', _are_names
        ),
    },
    "slack": {
        "posts_per_minute": _Key(int, 300, "a whole number from 0 (no limit) to 100000", _within(0, 100_000)),
        "edits_per_minute": _Key(int, 50, "a whole number from 0 (no limit) to 100000", _within(0, 100_000)),
        "admin_groups": _Key(
            list, [], 'a list of handles or ids of user groups in quotation marks, as ["editors"]', _are_names
        ),
    },
    "limits": {
        "person_per_minute": _Key(int, 60, "a whole number from 0 (no limit) to 100000", _within(0, 100_000)),
        "server_per_minute": _Key(
            int, 600, "a whole number from 0 (no limit) to 100000", _within(0, 100_000)
        ),
    },
    "backup": {
        "every_hours": _Key(int, 24, "a whole number of hours from 0 (never) to 8760", _within(0, 8760)),
        "keep": _Key(int, 7, "a whole number from 1 to 1000", _within(1, 1000)),
        "folder": _Key(str, "state/backups", "a folder"),
    },
}

TOKENS: Mapping[str, tuple[str, ...]] = {
    "discord": ("DISCORD_TOKEN",),
    "slack": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
}
"""The variables that a platform needs, by its name. Each may be set as NAME_FILE instead."""

_SECRETS = tuple(name for names in TOKENS.values() for name in names)

_SERVERS = {
    "DISCORD_API_BASE": ("https://", "http://"),
    "DISCORD_GATEWAY_URL": ("wss://", "ws://"),
    "SLACK_API_BASE": ("https://", "http://"),
}


def read_config(path: str, environment: Mapping[str, str]) -> Config:
    """Reads the configuration at `path`, and what the environment sets over it.

    Raises ConfigError, with all that is wrong in one message.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read(1 << 20)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror});"
            " run the bot in its own folder, or name the file with --config"
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text; save it in UTF-8") from error
    return parse_config(path, text, environment)


def parse_config(path: str, text: str, environment: Mapping[str, str]) -> Config:
    """The same for a text that stands in this file, or is to stand there."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}; mend that line") from error
    return _Checker(path, text).config(found, environment)


def check_tokens(config: Config) -> None:
    """Raises ConfigError where the tokens are not such as can connect; to be asked before connecting.

    Slack needs two, which are easily taken for one another. None is ever shown.
    """
    tokens = (config.slack.bot_token, config.slack.app_token)
    wrong = []
    for name, token, begins, what in (
        ("SLACK_BOT_TOKEN", tokens[0], "xoxb-", "Bot User OAuth Token (OAuth & Permissions)"),
        ("SLACK_APP_TOKEN", tokens[1], "xapp-", "app-level token (Basic Information)"),
    ):
        if not token and any(tokens):
            wrong.append(f"{name} is missing; Slack needs it as well: the {what} of the app")
        elif token and not token.startswith(begins):
            wrong.append(f"{name} does not begin with {begins}; it is the {what} of the app")
    if wrong:
        raise ConfigError("\n".join(wrong))


class _Checker:
    """Collects everything that is wrong, so that it is told at once."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.wrong: list[str] = []

    def config(self, found: Mapping[str, object], environment: Mapping[str, str]) -> Config:
        top = {key: value for key, value in found.items() if key not in KEYS}
        general = self.table("", top)
        discord, slack, limits, backup = (
            self.table(name, self._mapping(name, found.get(name, {})))
            for name in ("discord", "slack", "limits", "backup")
        )
        stories = self._stories(found.get("story", []))
        root = os.path.dirname(os.path.abspath(self.path))
        environment = {**self._env_file(root), **environment}
        secrets = {name: self._secret(name, environment) for name in _SECRETS}
        servers = {name: self._server(name, environment) for name in _SERVERS}
        if self.wrong:
            raise ConfigError("\n".join(self.wrong))
        database = environment.get("EXOMARS_DB") or os.path.join(root, str(general["database"]))
        return Config(
            root,
            database,
            stories,
            _whole(general["reload_seconds"]),
            str(general["log_level"]),
            Discord(
                secrets["DISCORD_TOKEN"],
                _address(servers["DISCORD_API_BASE"], "/api/v10"),
                servers["DISCORD_GATEWAY_URL"],
                bool(discord["prefix_commands"]),
                _whole(discord["shards"]),
                _whole(discord["requests_per_second"]),
                tuple(name.strip() for name in _names(discord["admin_roles"])),
            ),
            tuple(dict.fromkeys(one.strip() for one in _names(general["owners"]))),
            Limits(_whole(limits["person_per_minute"]), _whole(limits["server_per_minute"])),
            Backup(
                _whole(backup["every_hours"]),
                _whole(backup["keep"]),
                _backups(str(backup["folder"]), root, moved=bool(environment.get("EXOMARS_DB"))),
            ),
            Slack(
                secrets["SLACK_BOT_TOKEN"],
                secrets["SLACK_APP_TOKEN"],
                _slash(_address(servers["SLACK_API_BASE"], "/api")),
                _whole(slack["posts_per_minute"]),
                _whole(slack["edits_per_minute"]),
                tuple(name.strip().removeprefix("@") for name in _names(slack["admin_groups"])),
            ),
        )

    def table(self, name: str, given: Mapping[str, object], number: int = 0) -> dict[str, Value]:
        """Checks one table against KEYS and fills in the defaults."""
        keys = KEYS[name]
        values: dict[str, Value] = {}
        for key in given:
            if key not in keys:
                known = [*keys, *(KEYS if not name else ())]
                near = nearest(key, known)
                mend = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(filter(None, known))}"
                self._say(name, key, number, f"there is no key {key!r}; {mend}")
        for key, rule in keys.items():
            value = given.get(key, rule.default)
            if value is None:
                self._say(name, key, number, f"{key} is missing; it holds {rule.allowed}")
            elif not _fits(value, rule):
                self._say(name, key, number, f"{key} is {value!r}; it holds {rule.allowed}")
            else:
                assert isinstance(value, str | int | list)
                values[key] = value
        return values

    def _stories(self, found: object) -> tuple[Story, ...]:
        if isinstance(found, dict):
            self._say("", "story", 0, "[story] is one of several; write [[story]] with two brackets")
            found = [found]
        if not isinstance(found, list) or not found:
            self.wrong.append(f"{self.path}: there is no [[story]]; name at least one")
            return ()
        stories: list[Story] = []
        root = os.path.dirname(os.path.abspath(self.path))
        for number, given in enumerate(found):
            values = self.table("story", self._mapping("story", given), number)
            story = Story(*(str(values.get(key, "")) for key in Story._fields))
            if story.word and any(story.word == other.word for other in stories):
                self._say("story", "word", number, f"two stories have the word {story.word!r}; change one")
            if story.corpus and os.path.normpath(story.corpus) == os.path.normpath(story.briefings):
                self._say("story", "briefings", number, "corpus and briefings are the same folder; use two")
            for other in stories:
                if other.word != story.word:
                    self._apart(story, other, number, root)
            stories.append(story)
        return tuple(stories)

    def _apart(self, story: Story, other: Story, number: int, root: str) -> None:
        """Says where two stories would get into each other's way: they share nothing but the database."""
        for one, two in ((story, other), (other, story)):
            if one.word and one.word == two.newsroom:
                what = f"{one.word!r} is the newsroom of {two.word!r} on Discord; choose another word"
                self._say("story", "word", number, what)
        for key in ("corpus", "briefings"):
            mine = _real(root, getattr(story, key))
            for key_there in ("corpus", "briefings"):
                name = getattr(other, key_there)
                there = _real(root, name)
                if mine == there or mine.startswith(there + os.sep) or there.startswith(mine + os.sep):
                    what = f"{name} is the {key_there} of {other.word!r} already"
                    self._say("story", key, number, f"{key} is no folder of its own: {what}; name another")

    def _mapping(self, name: str, found: object) -> Mapping[str, object]:
        if isinstance(found, dict):
            return found
        written = f"[[{name}]]" if name == "story" else f"[{name}]"
        self._say("", name, 0, f"{name} is not a table; write {written}")
        return {}

    def _secret(self, name: str, environment: Mapping[str, str]) -> str:
        """A secret from the environment, or from the file that NAME_FILE names."""
        path = environment.get(f"{name}_FILE")
        if environment.get(name) or not path:
            return environment.get(name, "").strip()
        try:
            with open(path, encoding="utf-8") as file:
                secret = file.read(4096).strip()
        except (OSError, UnicodeDecodeError) as error:
            self.wrong.append(
                f"{name}_FILE: {path} cannot be read ({error}); mend the path or its permissions"
            )
            return ""
        if not secret:
            self.wrong.append(f"{name}_FILE: {path} is empty; put the secret in it, or unset {name}_FILE")
        return secret

    def _server(self, name: str, environment: Mapping[str, str]) -> str:
        """The address of a server; empty for the platform's own."""
        address = environment.get(name, "")
        allowed = _SERVERS[name]
        if address and not address.startswith(allowed):
            # Not shown: a token may have been put there by mistake.
            self.wrong.append(f"{name} is no such address; it begins with {' or '.join(allowed)}")
        return address

    def _env_file(self, root: str) -> dict[str, str]:
        """The variables in the file .env beside config.toml, if there is one: `NAME=value` lines."""
        path = os.path.join(root, ".env")
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read(1 << 16).splitlines()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.wrong.append(f"{path} cannot be read ({error.strerror}); mend its permissions, or delete it")
            return {}
        except UnicodeDecodeError:
            self.wrong.append(f"{path} is not UTF-8 text; save it in UTF-8")
            return {}
        pairs = (line.strip().removeprefix("export ").partition("=") for line in lines)
        return {
            name.strip(): value.strip().strip("\"'")
            for name, mark, value in pairs
            if mark and name.strip().isidentifier()
        }

    def _say(self, table: str, key: str, number: int, what: str) -> None:
        line = self._line(table, key, number)
        self.wrong.append(f"{self.path}:{line}: {what}" if line else f"{self.path}: {what}")

    def _line(self, table: str, key: str, number: int) -> int:
        """The line of a key, or of its table; 0 where neither is found."""
        whole = not table and key  # a table may stand where a key is meant
        here, count, start = "", -1, 0
        for place, line in enumerate(self.lines, 1):
            if heading := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", line):
                here = heading.group(1)
                if here == whole:
                    return place
                count = count + 1 if here == table else count
                start = place if here == table and count == number else start
            elif here == table and (not table or count == number) and _sets(line, key):
                return place
        return start


def _backups(folder: str, root: str, *, moved: bool) -> str:
    """Where the backups are; beside the database where that was `moved` and nothing else is set."""
    return "" if moved and folder == KEYS["backup"]["folder"].default else os.path.join(root, folder)


def _real(root: str, folder: str) -> str:
    return os.path.realpath(os.path.join(root, folder))


def _sets(line: str, key: str) -> bool:
    return bool(re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line))


def _fits(value: object, rule: _Key) -> bool:
    # type() and not isinstance(): to Python, true is an int.
    if type(value) is not rule.kind:
        return False
    texts = value if isinstance(value, list) else [value]
    return not any("\n" in str(text) for text in texts) and rule.fits(cast("Value", value))


def _whole(value: Value) -> int:
    assert isinstance(value, int)
    return value


def _names(value: Value) -> list[str]:
    assert isinstance(value, list)
    return value


def _slash(base: str) -> str:
    """With a slash at its end, as Slack's library wants it."""
    return f"{base}/" if base else ""


def _address(base: str, path: str) -> str:
    """An address without its last slash; a bare host gets the usual path."""
    base = base.rstrip("/")
    return base + path if re.fullmatch(r"https?://[^/]+", base) else base
