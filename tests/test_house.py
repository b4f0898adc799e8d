"""House rules that no linter knows: what is tracked, what is locked, what is explained."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.config import KEYS

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")

# Put together, so that this file does not name what it forbids.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(
        "|".join(["/" + name + "/" for name in ("ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk")])
        + r"|fi"
        + r"le:///|[A-Z]:\\\\?Us"
        + "ers"
    ),
    "the host of a package registry": re.compile(
        r"py"
        r"pi\.(org|python)|python"
        r"hosted\.org|regis"
        r"try\.npm|an"
        r"aconda\.org|pypi"
        r"\.tuna"
    ),
}


def tracked() -> list[Path]:
    """The files of the repository, new ones included, without what .gitignore names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("this is not a git checkout, so that nobody knows which files are tracked")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_names_where_it_was_made(what: str) -> None:
    """Neither a machine's paths nor a registry's address are in the repository: it works anywhere."""
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [
            f"{path.relative_to(ROOT)}:{number}: {match.group()}"
            for number, line in enumerate(text.splitlines(), 1)
            if (match := FORBIDDEN[what].search(line))
        ]
    assert found == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    """What is not done stands in no comment: it is done, or it is nobody's promise."""
    marks = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix == ".py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_hashes_and_no_address(name: str) -> None:
    """What is installed is exactly what was locked, wherever it comes from."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", line), line
        assert "--hash=sha256:" in line, line
        assert "://" not in line, line
        assert "@" not in line, line
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_what_runs_is_locked_the_same_for_tests() -> None:
    """The tests run on the versions that are shipped."""
    shipped, tested = ({line.split(" ")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
                        if "==" in line} for name in LOCKS)  # fmt: skip
    assert shipped <= tested


def test_config_has_every_key_and_no_other() -> None:
    """The file that is shipped sets all there is to set."""
    found = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    tables = {"": {key: value for key, value in found.items() if key not in KEYS}}
    tables |= {
        name: value[0] if isinstance(value, list) else value for name, value in found.items() if name in KEYS
    }
    assert {name: set(table) for name, table in tables.items()} == {
        name: set(keys) for name, keys in KEYS.items()
    }


def test_config_has_the_defaults() -> None:
    """Any line of the shipped file may be taken out without changing anything, except the story's name."""
    found = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    for name, keys in KEYS.items():
        table = found[name][0] if name == "story" else found.get(name, found)
        for key, rule in keys.items():
            assert rule.default is None or table[key] == rule.default, key


def test_every_key_is_explained_above_it() -> None:
    """Each key stands under a comment, or under another key that shares it."""
    explained = False
    for line in (ROOT / "config.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            explained = True
        elif not line.strip() or line.startswith("["):
            explained = False
        else:
            assert explained, line


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module begins with a docstring whose first line is a sentence."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert said
    assert said.split("\n\n")[0].rstrip().endswith((".", ":")), said
