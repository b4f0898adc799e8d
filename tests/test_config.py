"""config.toml and the environment: defaults, what is refused, and on which line."""

from pathlib import Path

import pytest

from bot.config import KEYS, Config, read_config
from bot.errors import ConfigError

STORY = '[[story]]\nword = "bridge"\nname = "The bridge"\n'


def configured(folder: Path, text: str | bytes = STORY, **environment: str) -> Config:
    """Reads a configuration with this text."""
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_config(str(path), environment)


def refused(folder: Path, text: str | bytes, **environment: str) -> str:
    """The message about a configuration, without the path of its file."""
    with pytest.raises(ConfigError) as caught:
        configured(folder, text, **environment)
    return str(caught.value).replace(str(folder / "config.toml"), "config.toml")


def test_a_story_is_all_that_has_to_be_named(tmp_path: Path) -> None:
    """Every key but the story's word and name has a default."""
    config = configured(tmp_path)
    assert config.root == str(tmp_path)
    assert config.database == str(tmp_path / "state/exomars.db")
    assert config.health_file == str(tmp_path / "state/health.json")
    assert [tuple(story) for story in config.stories] == [("bridge", "The bridge", "corpus", "briefings")]
    assert (config.reload_seconds, config.log_level) == (30, "info")
    assert tuple(config.discord) == ("", "", "", True, 1, 49, ())
    assert config.owners == ()
    assert tuple(config.limits) == (60, 600)
    assert (config.backup.every_hours, config.backup.keep) == (24, 7)
    assert config.backups == str(tmp_path / "state/backups")
    assert config.place("corpus") == str(tmp_path / "corpus")


def test_every_key_is_read(tmp_path: Path) -> None:
    """What a key is set to is what the bot gets."""
    text = """
owners = ["discord/1108290010035556352", " slack/U02ABCDEF ", "discord/1108290010035556352"]
database = "elsewhere/bot.db"
reload_seconds = 0
log_level = "debug"
[[story]]
word = "bridge"
name = "The bridge"
corpus = "a"
briefings = "b"
[[story]]
word = "ferry-2"
name = "The ferry"
[discord]
prefix_commands = false
shards = 16
requests_per_second = 0
admin_roles = ["Editors", " 1108290010035556352 "]
[limits]
person_per_minute = 0
server_per_minute = 100000
[backup]
every_hours = 0
keep = 1
folder = "copies"
"""
    config = configured(tmp_path, text)
    assert config.database == str(tmp_path / "elsewhere/bot.db")
    assert (config.reload_seconds, config.log_level) == (0, "debug")
    assert [story.word for story in config.stories] == ["bridge", "ferry-2"]
    assert (config.stories[0].corpus, config.stories[0].briefings) == ("a", "b")
    assert config.discord.prefix_commands is False
    assert (config.discord.shards, config.discord.requests_per_second) == (16, 0)
    assert config.discord.admin_roles == ("Editors", "1108290010035556352")
    assert config.owners == ("discord/1108290010035556352", "slack/U02ABCDEF")
    assert tuple(config.limits) == (0, 100_000)
    assert tuple(config.backup) == (0, 1, str(tmp_path / "copies"))
    assert config.backups == str(tmp_path / "copies")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "reload_secnds = 3\n" + STORY,
            "config.toml:1: there is no key 'reload_secnds'; did you mean 'reload_seconds'?",
        ),
        (STORY + "wrod = 'x'\n", "config.toml:4: there is no key 'wrod'; did you mean 'word'?"),
        (
            STORY + STORY.replace("bridge", "ferry"),
            "config.toml:4: corpus is no folder of its own: corpus is the corpus of 'bridge' already",
        ),
        (
            STORY + STORY.replace("bridge", "ferry") + 'corpus = "a"\nbriefings = "corpus/b"\n',
            "config.toml:8: briefings is no folder of its own: corpus is the corpus of 'bridge' already",
        ),
        (
            STORY + '[[story]]\nword = "bridge-newsroom"\nname = "x"\ncorpus = "a"\nbriefings = "b"\n',
            "config.toml:5: 'bridge-newsroom' is the newsroom of 'bridge' on Discord; choose another word",
        ),
        (STORY + "[telegram]\nx = 1\n", "config.toml:4: there is no key 'telegram'; known are"),
        (STORY + "[discrod]\nx = 1\n", "config.toml:4: there is no key 'discrod'; did you mean 'discord'?"),
        ("reload_seconds = '30'\n" + STORY, "config.toml:1: reload_seconds is '30'; it holds a whole number"),
        ("reload_seconds = true\n" + STORY, "config.toml:1: reload_seconds is True; it holds a whole number"),
        ("reload_seconds = -1\n" + STORY, "config.toml:1: reload_seconds is -1; it holds a whole number"),
        (
            "reload_seconds = 86401\n" + STORY,
            "config.toml:1: reload_seconds is 86401; it holds a whole number",
        ),
        ("\n\nlog_level = 'loud'\n" + STORY, "config.toml:3: log_level is 'loud'; it holds debug, info"),
        ("database = ''\n" + STORY, "config.toml:1: database is ''; it holds a path"),
        (
            STORY + "[discord]\nprefix_commands = 1\n",
            "config.toml:5: prefix_commands is 1; it holds true or false",
        ),
        (
            STORY + "[discord]\nshards = 0\n",
            "config.toml:5: shards is 0; it holds a whole number from 1 to 1000",
        ),
        (STORY + "[discord]\n\nshards = 1001\n", "config.toml:6: shards is 1001; it holds a whole number"),
        (STORY + "[discord]\nshards = true\n", "config.toml:5: shards is True; it holds a whole number"),
        (
            STORY + "[discord]\nrequests_per_second = -1\n",
            "config.toml:5: requests_per_second is -1; it holds a whole number from 0 (no limit) to 1000",
        ),
        (
            STORY + "[discord]\nrequests_per_second = 49.5\n",
            "config.toml:5: requests_per_second is 49.5; it holds a whole number",
        ),
        (
            STORY + "[discord]\nadmin_roles = 'Editors'\n",
            "config.toml:5: admin_roles is 'Editors'; it holds a list of names or ids of roles in quotation",
        ),
        (
            STORY + "[discord]\nadmin_roles = [\n  1108290010035556352,\n]\n",
            "config.toml:5: admin_roles is [1108290010035556352]; it holds a list of names or ids of roles",
        ),
        (
            STORY + "[discord]\nadmin_roles = ['a', ' ']\n",
            "config.toml:5: admin_roles is ['a', ' ']; it holds",
        ),
        (
            STORY + "[discord]\nadmin_roles = ['a\\nb']\n".replace("'", '"'),
            "config.toml:5: admin_roles is ['a",
        ),
        (STORY + f"[discord]\nadmin_roles = ['{'a' * 101}']\n", "config.toml:5: admin_roles is ['aaa"),
        (
            "owners = 'discord/1'\n" + STORY,
            "config.toml:1: owners is 'discord/1'; it holds a list of platforms and user ids, as [",
        ),
        ("owners = ['ada']\n" + STORY, "config.toml:1: owners is ['ada']; it holds a list of platforms"),
        ("owners = ['discord/ada']\n" + STORY, "config.toml:1: owners is ['discord/ada']; it holds a list"),
        ("owners = ['slack/u02abcdef']\n" + STORY, "config.toml:1: owners is ['slack/u02abcdef']; it holds"),
        ("owners = ['slack/C02ABCDEF']\n" + STORY, "config.toml:1: owners is ['slack/C02ABCDEF']; it holds"),
        ("owners = [1108290010035556352]\n" + STORY, "config.toml:1: owners is [1108290010035556352]; it"),
        (
            STORY + "[limits]\nperson_per_minute = -1\n",
            "config.toml:5: person_per_minute is -1; it holds a whole number from 0 (no limit) to 100000",
        ),
        (
            STORY + "[limits]\n\nserver_per_minute = 100001\n",
            "config.toml:6: server_per_minute is 100001; it holds a whole number from 0 (no limit) to 100000",
        ),
        (STORY + "[limit]\nx = 1\n", "config.toml:4: there is no key 'limit'; did you mean 'limits'?"),
        ("limits = 30\n" + STORY, "config.toml:1: limits is not a table; write [limits]"),
        (STORY + "[backup]\nkeep = 0\n", "config.toml:5: keep is 0; it holds a whole number from 1 to 1000"),
        (
            STORY + "[backup]\nevery_hours = 1.5\n",
            "config.toml:5: every_hours is 1.5; it holds a whole number of hours from 0 (never) to 8760",
        ),
        (STORY + "[backup]\nfolder = ''\n", "config.toml:5: folder is ''; it holds a folder"),
        ('[[story]]\nname = "The bridge"\n', "config.toml:1: word is missing; it holds a lower-case word"),
        (
            '[[story]]\nword = "The Bridge"\nname = "x"\n',
            "config.toml:2: word is 'The Bridge'; it holds a lower-case",
        ),
        (STORY + "[[story]]\nword = 'b'\n", "config.toml:4: name is missing"),
        (STORY + STORY, "config.toml:5: two stories have the word 'bridge'; change one"),
        (
            STORY + "corpus = 'x'\nbriefings = 'x'\n",
            "config.toml:5: corpus and briefings are the same folder",
        ),
        (
            STORY + "briefings = 'x'\ncorpus = './x/'\n",
            "config.toml:4: corpus and briefings are the same folder",
        ),
        (STORY + "corpus = 7\nbriefings = 8\n", "config.toml:4: corpus is 7; it holds a folder"),
        ("", "config.toml: there is no [[story]]; name at least one"),
        ("story = ['x']\n", "config.toml:1: story is not a table; write [[story]]"),
        ("\n[story]\nword = 'b'\nname = 'x'\n", "config.toml:2: [story] is one of several; write [[story]]"),
        ("discord = 3\n" + STORY, "config.toml:1: discord is not a table; write [discord]"),
        ("a = \n", "config.toml is not TOML"),
        (b"a = '\xff'\n", "config.toml is not UTF-8 text"),
    ],
    ids=[
        "an unknown key",
        "an unknown key of a story",
        "a folder of another story",
        "a folder within that of another",
        "the newsroom of another",
        "an unknown table",
        "a misspelt table",
        "text for a number",
        "true for a number",
        "a number too small",
        "a number too large",
        "an unknown level",
        "an empty path",
        "a number for a truth value",
        "no shard",
        "too many shards",
        "true for shards",
        "a rate below none",
        "a rate that is not whole",
        "a name for a list",
        "a number in a list",
        "a blank name in a list",
        "a name of two lines in a list",
        "a name too long in a list",
        "an owner for a list",
        "an owner without a platform",
        "an owner by name",
        "an owner of Slack in small letters",
        "a channel of Slack for an owner",
        "an owner by number",
        "a limit below none",
        "a limit too high",
        "a misspelt table of limits",
        "a limit for a table",
        "no backup to keep",
        "hours that are not whole",
        "no folder for backups",
        "no word",
        "a word with capitals",
        "the second story without a name",
        "a word used twice",
        "one folder for both",
        "one folder written in two ways",
        "numbers for folders",
        "no story",
        "a story that is no table",
        "a story in single brackets",
        "a table that is no table",
        "not TOML",
        "not UTF-8",
    ],
)
def test_what_is_wrong_is_told_by_key_and_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    """A wrong key or value is named with its line and with what would be right."""
    assert message in refused(tmp_path, text)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """One message has every mistake, and nothing besides."""
    text = "log_level = 'loud'\nreload_seconds = -1\n[[story]]\ncorpus = 1\nbriefings = 2\n[[story]]\n"
    lines = refused(tmp_path, text, DISCORD_TOKEN_FILE="/nowhere/token").split("\n")
    assert [line.split(" ")[0] for line in lines] == [
        "config.toml:2:",
        "config.toml:1:",
        *["config.toml:3:"] * 2,
        "config.toml:4:",
        "config.toml:5:",
        *["config.toml:6:"] * 2,
        "DISCORD_TOKEN_FILE:",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Without a configuration the message says where it was looked for, and what to do."""
    with pytest.raises(ConfigError, match=r"nothing\.toml cannot be read .*--config"):
        read_config(str(tmp_path / "nothing.toml"), {})


def test_a_mark_at_the_beginning_is_no_mistake(tmp_path: Path) -> None:
    """A byte order mark, as some editors write it, is passed over."""
    assert configured(tmp_path, b"\xef\xbb\xbf" + STORY.encode()).stories[0].word == "bridge"


def test_the_environment_names_the_database_and_the_servers(tmp_path: Path) -> None:
    """EXOMARS_DB goes before the key; addresses lose their last slash, a bare host gets the usual path."""
    config = configured(
        tmp_path,
        'database = "a.db"\n' + STORY,
        EXOMARS_DB="/tmp/other.db",  # noqa: S108
        DISCORD_API_BASE="http://127.0.0.1:80/",
        DISCORD_GATEWAY_URL="ws://127.0.0.1:80",
    )
    assert config.database == "/tmp/other.db"  # noqa: S108
    assert config.discord.api_base == "http://127.0.0.1:80/api/v10"
    assert config.discord.gateway_url == "ws://127.0.0.1:80"


@pytest.mark.parametrize(
    ("folder", "backups"),
    [("", "elsewhere/backups"), ("state/backups", "elsewhere/backups"), ("mine", "mine"), ("/x/y", "/x/y")],
    ids=["not set", "as it is shipped", "another", "an absolute one"],
)
def test_backups_are_beside_a_database_that_the_environment_names(
    tmp_path: Path, folder: str, backups: str
) -> None:
    """Unless config.toml has another folder: a container has one volume, with the database in it."""
    text = STORY + (f"[backup]\nfolder = '{folder}'\n" if folder else "")
    config = configured(tmp_path, text, EXOMARS_DB=str(tmp_path / "elsewhere" / "bot.db"))
    assert config.backups == str(tmp_path / backups)


@pytest.mark.parametrize(
    ("variable", "file", "beside", "token"),
    [
        ("one", None, None, "one"),
        (" one\n", None, None, "one"),
        ("", "two\n", None, "two"),
        ("one", "two", None, "one"),
        ("", None, "export DISCORD_TOKEN='three'\n# no\n", "three"),
        ("one", None, "DISCORD_TOKEN=three\n", "one"),
        ("", None, None, ""),
    ],
    ids=[
        "a variable",
        "a variable with blanks",
        "a file",
        "a variable before a file",
        "a file .env",
        "a variable before .env",
        "none",
    ],
)
def test_a_token_comes_from_the_environment_or_a_file(
    tmp_path: Path, variable: str, file: str | None, beside: str | None, token: str
) -> None:
    """The variable goes before *_FILE and .env, and blanks around a token are no part of it."""
    environment = {"DISCORD_TOKEN": variable} if variable else {}
    if file is not None:
        (tmp_path / "token").write_text(file, encoding="utf-8")
        environment["DISCORD_TOKEN_FILE"] = str(tmp_path / "token")
    if beside is not None:
        (tmp_path / ".env").write_text(beside, encoding="utf-8")
    assert configured(tmp_path, STORY, **environment).discord.token == token


def test_a_token_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The variable and the path are told; what to mend, too."""
    message = refused(tmp_path, STORY, DISCORD_TOKEN_FILE=str(tmp_path / "none"))
    assert message.startswith(f"DISCORD_TOKEN_FILE: {tmp_path / 'none'} cannot be read")


def test_a_token_file_that_is_empty_is_named(tmp_path: Path) -> None:
    """Whoever names a file for the token means to connect."""
    (tmp_path / "token").write_text(" \n", encoding="utf-8")
    message = refused(tmp_path, STORY, DISCORD_TOKEN_FILE=str(tmp_path / "token"))
    assert message.startswith(f"DISCORD_TOKEN_FILE: {tmp_path / 'token'} is empty; put the secret in it")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("DISCORD_API_BASE", "discord.example/api", "https:// or http://"),
        ("DISCORD_API_BASE", "wss://discord.example", "https:// or http://"),
        ("DISCORD_GATEWAY_URL", "https://discord.example", "wss:// or ws://"),
    ],
)
def test_the_address_of_a_server_says_how_to_speak_to_it(
    tmp_path: Path, name: str, value: str, allowed: str
) -> None:
    """An address that begins otherwise is refused by name, and not shown, as it may be a secret."""
    message = refused(tmp_path, STORY, **{name: value})
    assert message == f"{name} is no such address; it begins with {allowed}"


@pytest.mark.parametrize("how", ["a folder", "not UTF-8"])
def test_a_file_env_that_cannot_be_read_is_named(tmp_path: Path, how: str) -> None:
    """What somebody put there is meant to count; only where nothing is there, nothing is meant."""
    path = tmp_path / ".env"
    if how == "a folder":
        path.mkdir()
        assert refused(tmp_path, STORY).startswith(f"{path} cannot be read (Is a directory); ")
    else:
        path.write_bytes(b"DISCORD_TOKEN=\xff\n")
        assert refused(tmp_path, STORY) == f"{path} is not UTF-8 text; save it in UTF-8"


def test_a_message_never_has_the_token(tmp_path: Path) -> None:
    """A configuration that is wrong is told without the secrets beside it."""
    (tmp_path / ".env").write_text("DISCORD_TOKEN=hush-1\n", encoding="utf-8")
    assert "hush" not in refused(tmp_path, "log_level = 1\n", DISCORD_TOKEN="hush-2")


def test_defaults_are_allowed_values() -> None:
    """Every default of the table fits its own rule."""
    for keys in KEYS.values():
        for rule in keys.values():
            if rule.default is not None:
                assert type(rule.default) is rule.kind
                assert rule.fits(rule.default)
