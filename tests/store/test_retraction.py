"""What is retracted is read by its id alone; as told on a day before, it is there as it was."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.model import Retraction
from bot.store.shelf import Amendment
from bot.store.store import Store
from tests.servers import HERE, HERES, own
from tests.store.reads import DAY, GONE, IDS, NOTE, READS, TEXTS, TOLD, Read
from tests.stories import PLAN, SCENE, STORY, STRIKE, scene

ON = date(2022, 7, 20)
AGAIN = Retraction(ON, "It was all made up.")
FIELD = f'retracted: {{on: {ON}, because: "{AGAIN.because}"}}\n'


def with_line(files: dict[str, str], line: str) -> dict[str, str]:
    """The files with another line at the top of those that are not retracted yet."""
    return {
        name: text if "retracted:" in text else text.replace("id: ", f"{line}id: ", 1)
        for name, text in files.items()
    }


@pytest.fixture(name="stores", scope="module")
def _stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """A story with documents that are retracted, with the same while they stood, and without them."""
    root = tmp_path_factory.mktemp("retracted")
    mine = {name: text.replace('audience: "discord/1"\n', "") for name, text in own(HERE, HERES).items()}
    standing = {name: text for name, text in mine.items() if "retracted:" not in text}
    files = {
        "gone": {**SCENE, **with_line(mine, FIELD)},
        # With as many lines: sentences and relations know theirs.
        "stood": {**SCENE, **with_line(standing, "# It stands.\n")},
        "bare": dict(SCENE),
    }
    stores = {name: Store(str(root / f"{name}.db")) for name in files}
    for name, store in stores.items():
        synced = scene(root / name, files[name]).sync(store)
        assert synced
        assert synced.problems == ()
    yield stores
    for store in stores.values():
        store.close()


@pytest.mark.parametrize("name", READS)
def test_what_is_retracted_is_not_read(stores: dict[str, Store], name: str) -> None:
    """A story is as if it did not exist, wherever it is not asked for by its id."""
    read: Read = READS[name]
    with stores["gone"].reading(STORY.word) as shelf, stores["bare"].reading(STORY.word) as bare:
        assert read(shelf) == read(bare)
        assert read(shelf.as_told_on(ON)) == read(bare)


@pytest.mark.parametrize("name", [name for name in READS if name != "search"])
def test_as_told_on_a_day_before_it_is_read(stores: dict[str, Store], name: str) -> None:
    """Until its day a document counts as if nothing had become of it since."""
    read, before = READS[name], ON - timedelta(1)
    with stores["gone"].reading(STORY.word) as shelf, stores["stood"].reading(STORY.word) as stood:
        assert read(shelf.as_told_on(before)) == read(stood.as_told_on(before))


def test_by_its_id_it_is_there_with_when_and_why(stores: dict[str, Store]) -> None:
    """Its card says since when it is retracted, where it is: not as told on a day before."""
    with stores["gone"].reading(STORY.word) as shelf:
        source, briefing = shelf.source(NOTE), shelf.briefing(TOLD)
        assert source
        assert briefing
        assert source.retracted == briefing.retracted == AGAIN
        assert shelf.withdrawn(f"{NOTE}#{HERES}-toll") == AGAIN
        assert shelf.withdrawn(f"{PLAN}#who-pays") is None
        assert shelf.withdrawn(f"{NOTE}#no-such") is None
        assert shelf.fact(f"{NOTE}#{HERES}-toll") is None
        assert {card.id for card in shelf.sources(ids=IDS)} == {*IDS}
        assert [card.id for card in shelf.briefings(stubs=True) if card.retracted] == [
            TOLD,
            f"{TOLD}-before",
            f"{TOLD}-gone",
        ]
        then = shelf.as_told_on(DAY)
        before = then.briefing(TOLD)
        assert before
        assert before.retracted is None
        assert then.withdrawn(f"{NOTE}#{HERES}-toll") is None


def test_what_became_of_it_is_told_oldest_first(stores: dict[str, Store]) -> None:
    """Corrections by their days, then the retraction; of a fact its own, and its source's retraction."""
    fact, other = f"{NOTE}#{HERES}-toll", f"{NOTE}#{HERES}-plan"
    gone = Amendment("retracted", *AGAIN)
    slip = Amendment("corrected", date(2022, 7, 1), f"It said two {HERES} coins.")
    mended = Amendment("corrected", date(2022, 7, 2), f"It had another {HERES}.")
    with stores["gone"].reading(STORY.word) as shelf:
        then = shelf.as_told_on(DAY)
        assert then.amendments("source", [NOTE, PLAN]) == {NOTE: [slip, gone]}
        assert then.amendments("fact", [fact, other, f"{STRIKE}#strike"]) == {
            fact: [slip, gone],
            other: [gone],
        }
        assert then.amendments("briefing", TEXTS)[TOLD] == [mended, gone]
    with stores["stood"].reading(STORY.word) as shelf:
        assert shelf.amendments("source", [NOTE, PLAN, GONE]) == {NOTE: [slip]}
        assert shelf.amendments("fact", [fact, other]) == {fact: [slip]}
        assert shelf.amendments("briefing", TEXTS) == {TOLD: [mended]}
    with stores["bare"].reading(STORY.word) as shelf:
        assert shelf.amendments("briefing", TEXTS) == {}
        assert shelf.as_told_on(DAY).amendments("briefing", TEXTS) == {}


def test_a_page_of_a_timeline_is_cut_where_the_dates_of_then_have_it(stores: dict[str, Store]) -> None:
    """A fact that was dated otherwise is counted once, and stands at its place on the first page."""
    toll = f"{NOTE}#{HERES}-toll"
    with stores["stood"].reading(STORY.word) as shelf:
        whole, total = shelf.timeline(None, None, None, None, 99)
        then, as_many = shelf.as_told_on(DAY).timeline(None, None, None, None, 99)
        assert total == as_many == len(then)
        assert {fact.id for fact in whole} == {fact.id for fact in then}
        assert then[0].id == toll != whole[0].id
        for limit in range(1, total + 1):
            page, counted = shelf.as_told_on(DAY).timeline(None, None, None, None, limit)
            assert (page, counted) == (then[:limit], total)
