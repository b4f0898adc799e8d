"""Imports point one way, platforms and clocks stay at the edge: read from the code, not by hand."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

# From the bottom up. What stands in one row may import what stands below it, and a group of `bot/`
# nothing else of its own row; single modules of the lowest row may import each other.
ROWS = (
    ("errors", "model", "reply", "chart", "edtf", "nearest"),
    ("config",),
    ("load", "store", "render"),
    ("wording", "command"),
    ("answer", "digest", "curate", "deliver"),
    ("desk",),
    ("edge",),
    ("wiring",),
    ("__main__",),
)
ROW = {name: number for number, row in enumerate(ROWS) for name in row}
# The way of a question, in its order: each folder of `answer/asking/` imports from those before it.
ROOMS = ("language", "wording", "reading", "holding", "answers")
SDKS = ("discord", "aiohttp", "slack_bolt", "slack_sdk", "prompt_toolkit", "apscheduler")
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
          "time.localtime", "time.gmtime", "time.strftime", "dt.now", "clock.now", "clock.today"}  # fmt: skip


class File(NamedTuple):
    """One module of the bot."""

    name: str  # bot.load.note
    tree: ast.Module

    @property
    def group(self) -> str:
        """The part of the bot that it belongs to."""
        return self.name.split(".")[1] if "." in self.name else ""


def modules(root: Path = ROOT) -> dict[str, File]:
    """Every module of the bot, by name."""
    found = {}
    for path in sorted((root / "bot").rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        found[name] = File(name, ast.parse(path.read_text(encoding="utf-8")))
    return found


FILES = modules()


def imports(file: File, *, at_run_time: bool = False) -> Iterator[str]:
    """All modules that a file imports, also late; at run time without those for types alone."""
    skipped: set[int] = set()
    for node in ast.walk(file.tree):
        if at_run_time and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped |= {id(inside) for inside in ast.walk(node)}
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} imports relatively"
            assert node.module
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in FILES else node.module


def ours(file: File, *, at_run_time: bool = False) -> set[str]:
    """What a file imports of the bot."""
    return {name for name in imports(file, at_run_time=at_run_time) if name.split(".")[0] == "bot"}


named = pytest.mark.parametrize("file", FILES.values(), ids=FILES)


@named
def test_a_module_belongs_to_a_stage_of_the_design(file: File) -> None:
    """There is no module that the direction of imports says nothing about."""
    assert file.group in ROW or file.name == "bot"


@named
def test_a_module_imports_only_from_below(file: File) -> None:
    """Imports point one way, also late ones and those for types, and stages of one row do not meet."""
    for name in ours(file):
        group = name.partition(".")[2].partition(".")[0]
        if group in {"", file.group}:  # bot itself has only its version
            continue
        assert ROW[group] < ROW[file.group] or ROW[group] == ROW[file.group] == 0, (
            f"{file.name} imports {name}"
        )


def test_a_question_goes_one_way() -> None:
    """It is worded, read, held against facts and answered; no step knows of a later one."""
    asking = "bot.answer.asking."
    for name, file in FILES.items():
        if not name.startswith(asking):
            continue
        mine = ROOMS.index(name.removeprefix(asking).partition(".")[0])
        theirs = [one.removeprefix(asking) for one in ours(file) if one.startswith(asking)]
        assert all(ROOMS.index(one.partition(".")[0]) <= mine for one in theirs), name


def test_imports_run_in_no_circle() -> None:
    """No module needs itself, by whatever way."""
    graph = {name: ours(file, at_run_time=True) & set(FILES) for name, file in FILES.items()}
    assert list(TopologicalSorter(graph).static_order())


@named
def test_platforms_stay_at_the_edge(file: File) -> None:
    """Only `edge/` knows a platform's SDK."""
    found = {name.split(".")[0] for name in imports(file)} & set(SDKS)
    assert not found or file.group == "edge"


@named
def test_clocks_are_read_at_the_edge(file: File) -> None:
    """Elsewhere time is an argument: only `edge/` and `wiring.py` ask what time it is."""
    called = {ast.unparse(node.func) for node in ast.walk(file.tree) if isinstance(node, ast.Call)}
    read = {name for name in called if ".".join(name.split(".")[-2:]) in CLOCKS}
    bare = {clock.partition(".")[2] for clock in CLOCKS if clock.startswith("time.")}
    read |= {
        alias.name
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in bare
    }
    assert not read or file.group in {"edge", "wiring"}, f"{file.name} reads {read}"


def test_a_module_in_the_wrong_place_would_be_seen(tmp_path: Path) -> None:
    """The rules above catch what they are for: they are tried on a module that breaks each of them."""
    (tmp_path / "bot" / "load").mkdir(parents=True)
    code = "import discord\nfrom bot.store.store import Store\nNOW = datetime.datetime.now()\n"
    (tmp_path / "bot" / "load" / "wrong.py").write_text(code, encoding="utf-8")
    wrong = modules(tmp_path)["bot.load.wrong"]
    for rule in (
        test_a_module_imports_only_from_below,
        test_platforms_stay_at_the_edge,
        test_clocks_are_read_at_the_edge,
    ):
        with pytest.raises(AssertionError):
            rule(wrong)
