"""Corrections and retractions that come with the files go to the posts that carry what was wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.curate.files.sync import sync
from bot.store.outbox import DeliveryRow
from tests import ferry
from tests.digest.servers import Bot

NOON = datetime(2021, 6, 20, 12, tzinfo=UTC)
NINE = NOON + timedelta(hours=21)
NEWS = """---
id: 2021-06-20-sails
title: The ferry sails
outlet: The Harbour Post
url: unknown
published: 2021-06-20
language: en
facts:
  - {id: sails, date: 2021-06-20, says: The ferry sails to Cork., speaker: "", kind: event, tags: []}
---
"""
CORRECTED = NEWS.replace("to Cork", "to Borth").replace(
    "facts:\n",
    "corrections:\n  - on: 2021-06-21\n    was: It named the wrong town.\n    facts:\n"
    "      - {id: sails, date: 2021-06-20, says: The ferry sails to Cork.}\nfacts:\n",
)
RETRACTED = NEWS.replace(
    "facts:\n", "retracted: {on: 2021-06-21, because: The paper took it back.}\nfacts:\n"
)
LATER = NINE + timedelta(hours=1)


@pytest.fixture(name="posted")
def _posted(tmp_path: Path) -> Iterator[Bot]:
    """A channel that was told of the note in an edition, which has arrived."""
    bot = Bot(tmp_path)
    bot.done("digest subscribe", NOON)
    arrive(bot, tmp_path, NEWS)
    bot.make(NINE)
    bot.send(NINE)
    yield bot
    bot.close()


def arrive(bot: Bot, root: Path, text: str, at: datetime = NOON) -> None:
    """The file of the note is written, and taken over."""
    places = ferry.write(root)
    (root / "corpus" / "2021-06-20-sails.md").write_text(text, encoding="utf-8")
    done = sync(bot.store, ferry.STORY, places, at)
    assert done is not None
    assert done.problems == ()


def edits(bot: Bot) -> list[DeliveryRow]:
    """The promises to mend a post."""
    return [row for row in bot.deliveries() if row.task == "edit"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(CORRECTED, "It named the wrong town."), (RETRACTED, "The paper took it back.")],
    ids=["a correction", "a retraction"],
)
def test_what_a_file_corrects_or_retracts_travels(posted: Bot, tmp_path: Path, text: str, said: str) -> None:
    """The post is promised to be mended, once, by the version that came with the file."""
    arrive(posted, tmp_path, text, LATER)
    (edit,) = edits(posted)
    (post,) = (row for row in posted.deliveries() if row.task == "post")
    assert edit.target == post.id
    assert edit.revision is not None
    assert said in posted.words(edit)
    arrive(posted, tmp_path, text + "\nA note.\n", LATER)
    assert len(edits(posted)) == 1


@pytest.mark.parametrize("text", [CORRECTED, RETRACTED], ids=["a correction", "a retraction"])
def test_what_a_file_takes_back_travels_as_well(posted: Bot, tmp_path: Path, text: str) -> None:
    """Without the field, the post is to say again what it said."""
    before = posted.words(next(row for row in posted.deliveries() if row.task == "post"))
    arrive(posted, tmp_path, text, LATER)
    arrive(posted, tmp_path, NEWS, LATER + timedelta(hours=1))
    assert posted.words(edits(posted)[-1]) == before


def test_a_file_that_only_changes_its_words_changes_no_post(posted: Bot, tmp_path: Path) -> None:
    """A new version is news for the next edition, and no correction of the last."""
    arrive(posted, tmp_path, NEWS.replace("to Cork", "to Borth"), LATER)
    assert edits(posted) == []


def test_a_first_load_brings_nothing_to_mend(tmp_path: Path) -> None:
    """Nobody was told before what the story's files correct."""
    bot = Bot(tmp_path)
    arrive(bot, tmp_path, CORRECTED)
    assert edits(bot) == []
    bot.close()
