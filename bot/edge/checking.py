"""`exomars check`: every problem of the files, without the database."""

import os
import sys

from bot.answer.lines import plural
from bot.config import Config, Story
from bot.curate.sync import folders
from bot.errors import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE
from bot.load.folder import Folder
from bot.load.story import Checked, check_folders
from bot.model import Problem


def check(config: Config, path: str | None) -> int:
    """Prints the problems of all stories, or those under `path`; the exit code says if there are any."""
    if path is not None and not os.path.lexists(path):
        print(
            f"exomars: {path} is not there; name a file, or a folder with corpus/ and briefings/",
            file=sys.stderr,
        )
        return EXIT_USAGE
    inside = _stories_in(config, path) if path is not None else []
    chosen = inside or [folders(config, each) for each in config.stories]
    checked = [check_folders(places) for places in chosen]
    problems = [problem for one in checked for problem in one.problems]
    if path is not None and not inside:
        name = _named(config, path)
        if name is None:
            print(
                f"exomars: {path} is no note in a folder of a story; name a .md file in one of"
                f" {', '.join(place.name for places in chosen for place in places)}",
                file=sys.stderr,
            )
            return EXIT_USAGE
        problems = [problem for problem in problems if _under(problem, name)]
    for problem in problems:
        print(problem)
    _summary(checked, problems)
    return EXIT_PROBLEMS if problems else EXIT_OK


def _stories_in(config: Config, path: str) -> list[tuple[Folder, Folder]]:
    """The folders of each story that lies under `path`, called as the path was typed."""
    return [
        _folders_in(story, path)
        for story in config.stories
        if os.path.isdir(os.path.join(path, story.corpus))
    ]


def _folders_in(story: Story, path: str) -> tuple[Folder, Folder]:
    corpus, briefings = (
        os.path.normpath(os.path.join(path, name)) for name in (story.corpus, story.briefings)
    )
    return Folder(corpus, corpus, "source"), Folder(briefings, briefings, "briefing")


def _named(config: Config, path: str) -> str | None:
    """What `path` is called in problems: the story's name of its folder, and what comes after."""
    real = os.path.abspath(path)
    for story in config.stories:
        for folder in folders(config, story):
            roof = os.path.abspath(folder.place)
            if real == roof:
                return folder.name
            if os.path.dirname(real) == roof and real.endswith(".md"):
                return f"{folder.name}/{os.path.basename(real)}"
    return None


def _under(problem: Problem, path: str) -> bool:
    return problem.path == path or problem.path.startswith(path.rstrip("/") + "/")


def _summary(checked: list[Checked], problems: list[Problem]) -> None:
    sources = sum(one.items("source") for one in checked)
    briefings = sum(one.items("briefing") for one in checked)
    read = f"{plural(sources, 'source')} and {plural(briefings, 'briefing')} read"
    found = plural(len(problems), "problem") if problems else "no problems"
    print(f"{read}: {found}.", file=sys.stderr)
