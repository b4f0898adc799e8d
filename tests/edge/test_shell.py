"""`exomars …` in the shell, as a process."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.deliver.lock import Lock
from bot.deliver.pump import account_setting
from bot.desk.table import COMMANDS
from bot.store.connect import connect
from bot.store.moments import stamp
from bot.store.outbox import DeliveryRow, Outbox
from bot.store.store import Store
from tests import ferry
from tests.bots import CONFIG, ROOT, environment, exomars
from tests.bots import command as command_line

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Path:
    """A folder with the small story and a config.toml; returns that file."""
    ferry.write(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text('[[story]]\nword = "ferry"\nname = "The ferry"\n', encoding="utf-8")
    return config


def test_the_story_that_is_shipped_answers_as_its_readers_need(tmp_path: Path) -> None:
    """The status says who ended what and when; an early day knows only what was known then."""
    now = json.loads(exomars(tmp_path, "status", "--json").stdout)
    assert "12 July 2022" in now["text"]
    assert "2022-07-13-termination" in now["sources"]
    assert not now["abstained"]
    early = json.loads(exomars(tmp_path, "status", "2022-03-05", "--json").stdout)
    assert early["as_of"] == "2022-03-05"
    assert "Kourou" in early["text"]
    assert set(early["sources"]) <= {"2022-02-25-esa-bridge", "2022-03-01-roscosmos-ceases"}
    assert "17 March" not in early["text"]
    years = exomars(tmp_path, "timeline").stdout
    assert years.index("• in 2013") < years.index("• 26 February 2022") < years.index("• 12 July 2022")


def test_every_command_of_the_table_is_a_command_of_the_shell(story: Path, tmp_path: Path) -> None:
    """Each has its help, and its example is answered."""
    for command in COMMANDS:
        told = exomars(tmp_path, *command.name.split(), "--help", config=story)
        assert told.returncode == 0
        assert command.help in " ".join(told.stdout.split())
        more = " [--NAME VALUE]" if command.written else ""
        usage = told.stdout.splitlines()[0].replace(" [FILE]", "", command.files)
        assert usage == f"usage: exomars {command.usage}{more} [--json]"
    assert exomars(tmp_path, "status", "mid", "march", config=story).returncode == 0


def test_an_answer_does_not_wait_for_what_is_remembered(story: Path, tmp_path: Path) -> None:
    """It is shown while another process holds the database, and the look is still written before the end."""
    exomars(tmp_path, "since", config=story)
    looks = "SELECT count(*) FROM looked"
    with closing(connect(str(tmp_path / "exomars.db"))) as other:
        other.execute("DELETE FROM looked")
        other.execute("BEGIN IMMEDIATE")
        with subprocess.Popen(
            command_line("since", config=story),
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as process:
            assert process.stdout
            assert "The ferry" in process.stdout.readline()
            other.execute("COMMIT")
            process.communicate(timeout=60)
        assert process.returncode == 0
        assert other.execute(looks).fetchone() == (1,)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("status",), 0, ""),
        (("search", "zeppelin"), 0, ""),
        (("status", "2018-01-01"), 0, ""),
        (("status", "never"), 2, ""),
        (("statsu",), 2, "did you mean status"),
        (("xyzzy",), 2, "--help"),
        (("--story", "nothing", "status"), 2, "no story 'nothing'"),
        (("status", "--frobnicate"), 2, "unrecognized"),
        (("health",), 1, ""),
        (("digest",), 0, ""),
        (("digest", "list"), 0, ""),
        (("digest", "subscrib"), 2, "did you mean digest subscribe?"),
        (("digest", "frobnicate"), 2, "exomars digest --help"),
        (("digest", "subscribe", "at", "25:00"), 2, ""),
        (("digest", "subscribe", "--frobnicate"), 2, "unrecognized"),
        (("digest", "show", "7"), 2, ""),
        (("digest", "adopt"), 0, ""),
        (("digest", "adopt", "slack"), 0, ""),
        (("digest", "adopt", "irc"), 2, "invalid choice: 'irc'"),
        (("digest", "subscribe"), 0, ""),
        (("digest", "subscribe", "slack:T1/C1"), 0, ""),
        (("digest", "subscribe", "slack:t1/C1"), 2, ""),
        (("admins",), 2, ""),
        (("source",), 2, ""),
        (("source", "2019-06-20-end"), 0, ""),
        (("sources", "add"), 2, ""),
        (("drafts",), 0, ""),
        (("draft", "show", "7"), 2, ""),
        (("draft", "publsh", "7"), 2, "did you mean draft publish?"),
        (("history", "2019-06-20-over"), 0, ""),
        (("editors", "list"), 0, ""),
        (("log",), 0, ""),
        (("undo",), 2, ""),
        (("export", "--to"), 2, "expected one argument"),
        (("digset", "list"), 2, "did you mean digest?"),
        (("digest", "send"), 2, "--all"),
        (("digest", "send", "1", "--all"), 2, "--all"),
        (("digest", "send", "1"), 2, "no digest no. 1"),
        (("digest", "send", "one"), 2, "no digest no. one"),
        (("digest", "send", "--all"), 0, "no digest to send"),
        (("check", "nowhere"), 2, "is not there"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_exit_codes_are_those_of_the_manual(
    story: Path, tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    """0 answered, also with "the corpus does not say"; 1 not well; 2 mistyped."""
    done = exomars(tmp_path, *words, config=story)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_digest_is_managed_from_the_shell(story: Path, tmp_path: Path) -> None:
    """Subscribed, listed, changed, paused, resumed, ended: each is done, said, and exit code 0."""
    for words, told in (
        ("subscribe at 09:00 Europe/Berlin weekdays", "comes to this terminal at 09:00"),
        ("", "Monday to Friday"),
        ("change at 18:30", "18:30"),
        ("pause", "is paused"),
        ("resume", "is resumed"),
        ("preview", "nothing would come"),
        ("subscribe discord:123/456/forum kind weekly on friday", "discord:123/456"),
        ("list", "2 digests"),
        ("unsubscribe 1", "has ended"),
    ):
        done = exomars(tmp_path, "digest", *words.split(), config=story)
        assert (done.returncode, done.stderr) == (0, ""), words
        assert told in done.stdout, words
    shown = json.loads(exomars(tmp_path, "digest", "show", "2", "--json", config=story).stdout)
    assert shown["command"] == "digest show"


def test_the_options_of_every_command_may_stand_anywhere(story: Path, tmp_path: Path) -> None:
    """--story and --config in front, behind, and with an equals sign."""
    for words in (
        ("--story", "ferry", "digest", "list"),
        ("digest", "--story", "ferry", "list"),
        ("digest", "list", "--story=ferry"),
        ("status", "--story", "ferry"),
        ("status", "--json", "2019-03-05"),
        ("search", "--json", "--", "strike"),
        ("retract", "--because", "why", "2019-06-20-over", "--json"),
    ):
        assert exomars(tmp_path, *words, config=story).returncode == 0, words
    wrong = exomars(tmp_path, "digest", "list", "--story", "nothing", config=story)
    assert (wrong.returncode, "no story 'nothing'" in wrong.stderr) == (2, True)
    other = exomars(tmp_path, "status", "--config", "nowhere.toml", config=story)
    assert (other.returncode, "nowhere.toml" in other.stderr) == (2, True)
    assert exomars(tmp_path, "status", "--story", config=story).returncode == 2


def test_the_help_lists_every_command(tmp_path: Path) -> None:
    """Those of the table, a line for each group of them, and those of whoever runs the bot."""
    told = exomars(tmp_path, "--help").stdout
    listed = set(re.findall(r"(?m)^    ([a-z]+) ", told))
    operating = {"backup", "run", "chat", "check", "export", "health"}
    assert listed == {*(command.name.split()[0] for command in COMMANDS)} | operating
    group = exomars(tmp_path, "digest", "--help").stdout
    digests = {command.name.split()[1] for command in COMMANDS if command.group == "digest"}
    assert set(re.findall(r"(?m)^    ([a-z]+)\b", group)) == {*digests, "send", "adopt"}


@pytest.mark.parametrize(("given", "adopted"), [((), {"discord", "slack"}), (("slack",), {"slack"})])
def test_the_account_of_one_platform_or_of_both_is_handed_over(
    story: Path, tmp_path: Path, given: tuple[str, ...], adopted: set[str]
) -> None:
    """What may have arrived there is looked for, since nobody knows that account any more."""
    exomars(tmp_path, "digest", "subscribe", config=story)
    store = Store(environment(tmp_path)["EXOMARS_DB"])
    try:
        for platform in ("discord", "slack"):
            store.remember(account_setting(platform), f"bot on {platform}")
            row = DeliveryRow(
                f"try-{platform}", platform, "1", "2", "text", "ferry", "post", 1, None, None, "", "", 0,
                stamp(NOW), stamp(NOW), None, state="taken", first_try=stamp(NOW),
            )  # fmt: skip
            store.write(partial(_promise, row))
        assert exomars(tmp_path, "digest", "adopt", *given, config=story).returncode == 0
        left = {one for one in ("discord", "slack") if store.recall(account_setting(one))}
        assert left == {"discord", "slack"} - adopted
        tried = store.write(_tried)
        assert tried == {f"try-{one}" for one in left}
    finally:
        store.close()


def test_an_account_is_not_handed_over_while_a_bot_delivers_with_it(story: Path, tmp_path: Path) -> None:
    """It would be neither the one nor the other's; nothing is changed, also not on the other platform."""
    exomars(tmp_path, "digest", "subscribe", config=story)
    database = environment(tmp_path)["EXOMARS_DB"]
    store, lock = Store(database), Lock(database, "slack")
    try:
        store.remember(account_setting("discord"), "bot on discord")
        assert lock.take()
        done = exomars(tmp_path, "digest", "adopt", config=story)
        assert (done.returncode, done.stdout) == (1, "")
        assert "delivers for Slack; nothing was changed" in done.stderr
        assert store.recall(account_setting("discord"))
        done = exomars(tmp_path, "digest", "adopt", "discord", config=story)
        assert (done.returncode, done.stderr) == (0, "")
        assert "connects to Discord with" in done.stdout
    finally:
        lock.release()
        store.close()


@pytest.mark.parametrize(
    ("tokens", "wrong"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"}, "does not begin with xoxb-"),
    ],
    ids=["no app token", "no bot token", "one for the other"],
)
def test_tokens_that_cannot_connect_concern_only_what_connects(
    story: Path, tmp_path: Path, tokens: dict[str, Any], wrong: str
) -> None:
    """`run` and `digest send` say what is missing; the story can be asked all the same."""
    for words in (("run",), ("digest", "send", "--all")):
        done = exomars(tmp_path, *words, config=story, typed="", **tokens)
        assert (done.returncode, done.stdout) == (2, "")
        assert wrong in done.stderr
    done = exomars(tmp_path, "status", config=story, **tokens)
    assert (done.returncode, done.stderr) == (0, "")


def _promise(row: DeliveryRow, db: Database) -> None:
    Outbox(db.conn).promise(row)


def _tried(db: Database) -> set[str]:
    """The deliveries of which a first try is known."""
    found = db.conn.execute("SELECT id FROM delivery WHERE first_try IS NOT NULL")
    return {str(name) for (name,) in found.fetchall()}


def test_a_question_imports_nothing_for_digests(story: Path, tmp_path: Path) -> None:
    """What `exomars status` does not need is not read from the disk: it answers within a few Pythons."""
    exomars(tmp_path, "status", config=story)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--config", str(story), "status"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    imported = set(re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE))
    assert "bot.digest.commands.table" in imported
    unwanted = (
        r"bot\.(digest\.(?!commands(\.table)?$)|deliver|store\.(register|outbox|writing)|load\.(story|note)"
        r"|edge\.(?!parts$|clock$|shell(\.commandline)?$|loading$|operator$))|asyncio|hashlib|logging|zoneinfo|json|yaml"
    )
    assert [name for name in sorted(imported) if re.match(unwanted, name)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no [[story]]"),
        (
            '[[story]]\nword = "x"\nname = "X"\nnmae = "Y"',
            "config.toml:4: there is no key 'nmae'; did you mean 'name'?",
        ),
        ('[[story]]\nword = "Ferry!"\nname = "X"', "config.toml:2: word is 'Ferry!'"),
        ("[[story]\n", "is not TOML"),
    ],
    ids=["no story", "a wrong key", "a wrong value", "no TOML"],
)
def test_a_wrong_configuration_names_itself(tmp_path: Path, text: str, told: str) -> None:
    """The key, its line and what is allowed, and exit code 2."""
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")
    done = exomars(tmp_path, "status", config=config)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_used_is_exit_code_3(story: Path, tmp_path: Path) -> None:
    """It is named, with what to do."""
    broken = tmp_path / "state"
    broken.mkdir()
    (broken / "exomars.db").write_bytes(b"not a database" * 100)
    done = exomars(broken, "status", config=story)
    assert done.returncode == 3
    assert "exomars.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_file_is_left_out_and_said_to_be(story: Path, tmp_path: Path) -> None:
    """The rest answers; the problem goes to standard error with its file and line."""
    (tmp_path / "briefings" / "2019-06-20-over.md").write_text("---\nid: x\n---\n", encoding="utf-8")
    done = exomars(tmp_path, "status", config=story)
    assert done.returncode == 0
    assert "A strike keeps the ferry" in done.stdout
    assert "briefings/2019-06-20-over.md:2:" in done.stderr
    assert "1 file could not be loaded" in done.stdout


def test_output_into_a_closed_pipe_is_no_error(story: Path, tmp_path: Path) -> None:
    """`exomars timeline | head -1` ends quietly."""
    command = f"{sys.executable} -m bot --config {story} timeline | head -1"
    env = {**os.environ, "EXOMARS_DB": str(tmp_path / "exomars.db")}
    done = subprocess.run(
        ["bash", "-c", command], env=env, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stderr == ""
    assert "timeline" in done.stdout


def test_a_pipe_is_answered_line_by_line(tmp_path: Path) -> None:
    """Each line gets its answer, with or without the command word; then it ends with 0."""
    done = exomars(tmp_path, "run", typed="!exomars status\n\nhelp\n!exomars statsu\nstatus 1 march 2022")
    assert done.returncode == 0
    assert "12 July 2022" in done.stdout
    assert "what can be asked" in done.stdout
    assert "Did you mean status" in done.stdout
    assert "as known on 1 March 2022" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_without_token_and_words_it_says_what_is_missing(tmp_path: Path) -> None:
    """A container started without a token does not end without a word."""
    done = exomars(tmp_path, "run", typed="")
    assert done.returncode == 0
    assert "DISCORD_TOKEN" in done.stderr


def test_the_token_may_stand_in_a_file_beside_the_configuration(tmp_path: Path) -> None:
    """`.env` is read, and the environment goes before it."""
    from bot.config import read_config

    config = tmp_path / "config.toml"
    config.write_bytes(CONFIG.read_bytes())
    (tmp_path / ".env").write_text('# mine\nexport DISCORD_TOKEN="from the file"\nOTHER\n', encoding="utf-8")
    assert read_config(str(config), {}).discord.token == "from the file"
    assert read_config(str(config), {"DISCORD_TOKEN": "mine"}).discord.token == "mine"
    secret = tmp_path / "secret"
    secret.write_text("from a secret\n", encoding="utf-8")
    config_of = tmp_path / "other" / "config.toml"
    config_of.parent.mkdir()
    config_of.write_bytes(CONFIG.read_bytes())
    assert read_config(str(config_of), {"DISCORD_TOKEN_FILE": str(secret)}).discord.token == "from a secret"
