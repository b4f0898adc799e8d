"""Digests of what is for one server alone, and of what was corrected or retracted."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.digest.content.edition import compose
from bot.digest.content.matter import Digest, Nothing, Occasion
from bot.digest.content.told import Told, index
from bot.digest.schedule.subscription import Kind
from bot.model import EVERYONE
from bot.render.terminal import text
from bot.store.store import Store
from tests.digest.test_subscription import a_subscription
from tests.servers import HERE, HERES, THERE, own
from tests.stories import PLAN, SCENE, STORY, STRIKE, scene

DAY = date(2023, 1, 5)  # a year after the plan was published
KINDS: tuple[Kind, ...] = ("news", "replay", "weekly", "onthisday")

SLIP = """corrections:
  - on: 2022-07-01
    was: It gave the wrong month.
    facts: [{id: opens-in-may, date: 2022-04, says: The bridge is to open in April 2022.}]
facts:"""
GONE = 'retracted: {on: 2022-07-01, because: "It was made up."}\n'


def editions(store: Store, audience: str, kind: Kind) -> list[Digest | Nothing]:
    """The first editions of a channel that was told nothing yet."""
    told, made = Told(), list[Digest | Nothing]()
    for number in range(1, 6):
        occasion = Occasion(a_subscription(kind=kind), "The bridge", number, DAY, told, DAY - timedelta(1))
        with store.reading(STORY.word, audience) as shelf:
            made.append(compose(shelf, occasion))
        last = made[-1]
        if isinstance(last, Digest):
            told = told.and_then(last.carries)
    return made


def told(made: list[Digest | Nothing]) -> str:
    """All that they say."""
    return "\n".join(text(one.reply) for one in made if isinstance(one, Digest))


@pytest.mark.parametrize("kind", KINDS)
def test_an_edition_for_others_is_as_if_the_documents_of_a_server_did_not_exist(
    tmp_path: Path, kind: Kind
) -> None:
    """What a channel is told, and is held to have been told, has nothing of another server's."""
    full, bare = Store(str(tmp_path / "full.db")), Store(str(tmp_path / "bare.db"))
    scene(tmp_path / "full", {**SCENE, **own(HERE, HERES)}).sync(full)
    scene(tmp_path / "bare").sync(bare)
    for audience in (EVERYONE, THERE):
        assert editions(full, audience, kind) == editions(bare, audience, kind)
        with full.reading(STORY.word, audience) as one, bare.reading(STORY.word, audience) as other:
            assert index(one) == index(other)
    assert HERES in told(editions(full, HERE, kind))
    for store in (full, bare):
        store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_retracted_is_no_news(tmp_path: Path, kind: Kind) -> None:
    """It is not in the index, and no edition tells it, not even one that tells the story again."""
    store = Store(str(tmp_path / "state.db"))
    files = dict(SCENE)
    for name in (f"corpus/{STRIKE}.md", "briefings/2022-03-05-strike.md"):
        files[name] = files[name].replace("id: ", f"{GONE}id: ", 1)
    scene(tmp_path / "story", files).sync(store)
    with store.reading(STORY.word) as shelf:
        known = index(shelf)
    assert {name.partition("#")[0] for name in known.facts} == {PLAN}
    assert {name for name, _ in known.briefings} == {PLAN}
    assert not known.relations
    said = told(editions(store, EVERYONE, kind))
    assert said
    assert "strike" not in said.lower()
    assert "overturned" not in said
    store.close()


def test_a_story_told_again_is_told_in_the_words_of_now(tmp_path: Path) -> None:
    """A replay is of what was published by a day, and never posts what is known to have been wrong."""
    store = Store(str(tmp_path / "state.db"))
    files = {**SCENE, f"corpus/{PLAN}.md": SCENE[f"corpus/{PLAN}.md"].replace("facts:", SLIP, 1)}
    synced = scene(tmp_path / "story", files).sync(store)
    assert synced
    assert synced.problems == ()
    said = told(editions(store, EVERYONE, "replay"))
    assert "in May" in said
    assert "April" not in said
    store.close()
