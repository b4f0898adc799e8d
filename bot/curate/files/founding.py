"""A story that is begun: its folders with one example each, and its table in config.toml.

All is made beside, and put in its place at the end: what fails leaves nothing.
"""

import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from bot.config import Config, Story, parse_config
from bot.errors import EXIT_USAGE, BotError, ConfigError
from bot.load.folder import VOCABULARY

ROOF = "stories"  # the folder of all stories that are begun so
EXAMPLE = "example"  # the id of the source note and of the briefing that are to be replaced

_SOURCE = f"""---
# A source note: one article, cut into facts. Copy it for each article, fill it in, and delete this one.
# What may stand where: docs/writing-briefings.md. What is wrong: exomars check.
id: {EXAMPLE}                   # the name of the file without .md, as 2024-05-17-harbour-closes
title: (no headline printed) A template, to be replaced by the headline as printed
outlet: unknown               # who published it; never guessed
url: unknown
published: DAY         # when it came out
dated_by: This is the day on which the template was made; leave the line out where the article prints one.
language: en
facts:
  - id: {EXAMPLE}-fact
    date: DAY          # when it happened: 2024-05-17, 2024-05, 2024, or 2024-05-14/2024-05-17 for in between
    says: This is a template and tells of nothing; write one statement of the article here, in your own words.
    speaker:                  # who said it; empty where the article reports it as its own
    kind: background          # event, statement, plan or background
    tags: [template]
---
A note on the article may stand here.
"""

_BRIEFING = f"""---
# A briefing: a short summary as of a day, in which every sentence cites the facts that it rests on.
id: {EXAMPLE}
title: A template, to be replaced
as_of: DAY
state: Nothing is told of this story yet; this is a template.
phase: template
tags: [template]
---
This sentence is a template, and what stands behind it shows how a fact is cited [@{EXAMPLE}#{EXAMPLE}-fact].
"""

_WORDS = """# What the people, bodies and places of the story are called, so that questions find them
# by each of their names. An entry for each, without the # in front:
#
# names:
#   - name: Harbour Authority
#     kind: body                # person, body, country, place, craft, mission, thing or document
#     also: [HA, harbour office]
#
# Words that mean the same in this story, and wider words with what they may mean in it:
#
# words:
#   - [ferry, ship]
# narrower:
#   vessel: [ferry]
names: []
"""

_TABLE = """
[[story]]
word = "{word}"
name = "{name}"
corpus = "{corpus}"
briefings = "{briefings}"
"""


class FoundingError(BotError):
    """A story cannot be begun as it was asked for."""

    exit_code = EXIT_USAGE


def planned(word: str, name: str) -> Story:
    """The story as it will stand in config.toml."""
    corpus, briefings = (f"{ROOF}/{word}/{folder}" for folder in ("corpus", "briefings"))
    return Story(word, name or word.replace("-", " ").capitalize(), corpus, briefings)


def with_story(text: str, story: Story) -> str:
    """The text of a config.toml with one more story, behind the last; all else stays as it is."""
    ending = "\r\n" if "\r\n" in text else "\n"
    values = {field: _quoted(value) for field, value in story._asdict().items()}
    table = _TABLE.format(**values).replace("\n", ending)
    lines = text.splitlines(keepends=True)
    heads = [number for number, line in enumerate(lines) if re.match(r"\s*\[", line)]
    last = max((number for number in heads if re.match(r"\s*\[\[\s*story\s*\]\]", lines[number])), default=-1)
    end = next((number for number in heads if number > last >= 0), len(lines))
    while end and _says_nothing(lines[end - 1]):  # what stands before the next table is about that
        end -= 1
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += ending
    return "".join([*lines[:end], table, *lines[end:]])


def found(config: Config, path: str, story: Story, today: date, environment: Mapping[str, str]) -> list[str]:
    """Begins a story; the files that were made, and config.toml, from the folder of that.

    Raises FoundingError, and then nothing has changed.
    """
    for other in config.stories:
        if other.name.casefold() == story.name.casefold() and other.word != story.word:
            raise FoundingError(
                f"{other.name!r} is the name of the story {other.word!r} already, and readers could not tell"
                " them apart; name another with --name"
            )
    changed = with_story(_text(path), story)
    try:
        tomllib.loads(changed.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise FoundingError(
            f"{path} is written in a way that cannot be added to; {by_hand(story)}"
        ) from error
    try:
        then = parse_config(path, changed.removeprefix("\ufeff"), environment)
    except ConfigError as error:  # its lines are those of a text that nobody has seen
        told = re.sub(rf"^{re.escape(path)}:\d+: ", "", str(error), flags=re.MULTILINE)
        raise FoundingError(told) from error
    if then != config._replace(stories=(*config.stories, story)):
        raise FoundingError(f"{path} is written in a way that cannot be added to; {by_hand(story)}")
    home = config.place(f"{ROOF}/{story.word}")
    if os.path.lexists(home) and not _is_empty(home):
        raise FoundingError(
            f"{home} is there already; choose another word or move it away. To take over what is in it,"
            f" {by_hand(story)}"
        )
    roof_is_new = not os.path.lexists(config.place(ROOF))
    part, real = f".{os.getpid()}.part", os.path.realpath(path)  # a link stays one
    beside, draft = f"{home}{part}", f"{real}{part}"
    moved = done = False
    try:
        made = _skeleton(beside, today)
        _write(draft, changed, like=real)
        os.rename(beside, home)
        moved = True
        os.replace(draft, real)
        done = True
    except OSError as error:
        where = str(error.filename or path).replace(part, "")
        raise FoundingError(
            f"{where} cannot be written ({error.strerror or error}); nothing was made. Mend its permissions,"
            " or work on a copy of config.toml with its folders, named by --config"
        ) from error
    finally:
        if not done:
            shutil.rmtree(home if moved else beside, ignore_errors=True)
            _forget(draft, config.place(ROOF) if roof_is_new else "")
    return [*(f"{ROOF}/{story.word}/{name}" for name in made), os.path.basename(path)]


def by_hand(story: Story) -> str:
    """What to write instead, in one line."""
    fields = ", ".join(f"{key} = {_value(value)}" for key, value in story._asdict().items())
    return f"add a [[story]] by hand: {fields}"


def _skeleton(root: str, today: date) -> list[str]:
    """Writes the files below a folder; what they are called there."""
    files = {
        f"corpus/{EXAMPLE}.md": _SOURCE,
        f"corpus/{VOCABULARY}": _WORDS,
        f"briefings/{EXAMPLE}.md": _BRIEFING,
    }
    for name, text in files.items():
        place = os.path.join(root, *name.split("/"))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        _write(place, text.replace("DAY", today.isoformat()))
    return [*files]


def _write(place: str, text: str, like: str = "") -> None:
    with open(place, "x", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if like:
        shutil.copymode(like, place)


def _forget(draft: str, roof: str) -> None:
    """Takes away what was begun; a folder only where nothing else has come into it."""
    with suppress(OSError):
        os.unlink(draft)
    if roof:
        with suppress(OSError):
            os.rmdir(roof)


def _text(path: str) -> str:
    """The text of config.toml with its own line ends, and the mark that some editors put in front."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise FoundingError(f"{path} cannot be read ({error.strerror}); mend its permissions") from error


def _is_empty(folder: str) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:  # it is no folder, or nobody may look into it
        return False


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _quoted(value: str) -> str:
    """What stands between the quotation marks of a value."""
    return _value(value)[1:-1]


def _value(value: str) -> str:
    import json  # a string of JSON is one of TOML

    return json.dumps(value, ensure_ascii=False)
