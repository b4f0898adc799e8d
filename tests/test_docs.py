"""What the documents say is what there is."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.desk.table import COMMANDS
from bot.edge.shell.commandline import parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_readme_has_every_command(command: object) -> None:
    """A command that is not in the README does not exist for its readers."""
    usage = getattr(command, "usage", "")
    assert f"| `{usage}` |" in README


def test_the_readme_has_every_command_of_the_shell() -> None:
    """Also those of whoever runs the bot."""
    shown = parser().format_help()
    names = set(re.findall(r"^    ([a-z-]+) ", shown, re.MULTILINE))
    for name in names - {command.name for command in COMMANDS}:
        assert f"`exomars {name}" in README


def test_the_readme_names_every_variable() -> None:
    """Each variable of the environment that the code reads is documented."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    for name in set(re.findall(r"\"((?:EXOMARS|DISCORD|SLACK)_[A-Z_]+)\"", code)):
        assert f"`{name}`" in README, name


def test_every_link_between_documents_leads_somewhere() -> None:
    """A relative link in Markdown names a file that is there."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_make_help_lists_every_target() -> None:
    """`make help` says what can be made."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"run", "test", "bench", "lock", "help"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target} ", shown, re.MULTILINE), target


def test_the_guide_to_a_new_platform_names_what_is_there() -> None:
    """Each file and each name in it is one of the code: but for the platform that it makes up."""
    text = (ROOT / "docs" / "new-platform.md").read_text(encoding="utf-8")
    named = {one for one in re.findall(r"`([\w./]+/[\w.]*)`", text) if "matrix" not in one}
    assert len(named) > 20
    for one in named:
        assert (ROOT / one).exists() or (ROOT / "bot" / one).exists(), one
    files = [path for folder in ("bot", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for one in set(re.findall(r"`(_?[A-Za-z]*[A-Z_][A-Za-z_]*)`", text)) - {"ID"}:
        assert re.search(rf"\b{one}\b", code), one
