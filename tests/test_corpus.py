"""The story that is shipped: right, attributed to the five articles, and in our own words."""

import re
from pathlib import Path

import pytest

from bot.config import read_config
from bot.curate.files.sync import folders
from bot.load.story import Checked, check_folders
from bot.model import Briefing, Source

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT.parent / "shared" / "sources"
IDS = [
    "2022-02-25-esa-bridge",
    "2022-03-01-roscosmos-ceases",
    "2022-03-rover-in-doubt",
    "2022-06-talks",
    "2022-07-13-termination",
]
RUN = 9  # words in a row that would be an article's and not ours


@pytest.fixture(name="checked", scope="module")
def _checked() -> Checked:
    config = read_config(str(ROOT / "config.toml"), {})
    return check_folders(folders(config, config.stories[0]))


def sources(checked: Checked) -> list[Source]:
    """The sources that are shipped."""
    return [one.note.item for one in checked.loaded if isinstance(one.note.item, Source)]


def briefings(checked: Checked) -> list[Briefing]:
    """The briefings that are shipped."""
    return [one.note.item for one in checked.loaded if isinstance(one.note.item, Briefing)]


def test_the_story_has_no_problem(checked: Checked) -> None:
    """`exomars check` finds nothing to mend in what is shipped."""
    assert [str(problem) for problem in checked.problems] == []


def test_the_sources_are_the_five_articles(checked: Checked) -> None:
    """The ids are fixed: others cite them."""
    assert [source.id for source in sources(checked)] == IDS


def test_there_are_facts_enough_and_not_too_many(checked: Checked) -> None:
    """Five articles hold between 100 and 170 statements that matter, and each article some."""
    counts = {source.id: len(source.facts) for source in sources(checked)}
    assert 100 <= sum(counts.values()) <= 170
    assert min(counts.values()) >= 5


def test_every_statement_has_a_speaker(checked: Checked) -> None:
    """What is a statement says whose."""
    facts = [fact for source in sources(checked) for fact in source.facts if fact.kind == "statement"]
    assert [fact.id for fact in facts if not fact.speaker] == []


def test_each_turn_of_the_story_has_a_briefing_of_the_right_length(checked: Checked) -> None:
    """There are at least seven, each of 80 to 200 words."""
    lengths = {
        one.id: sum(len(sentence.text.split()) for sentence in one.sentences) for one in briefings(checked)
    }
    assert len(lengths) >= 7
    assert {name: length for name, length in lengths.items() if not 80 <= length <= 200} == {}


def test_every_sentence_is_cited_and_every_lead_is_short(checked: Checked) -> None:
    """Each sentence rests on facts, and the first, which is shown alone, fits 220 characters."""
    for briefing in briefings(checked):
        assert all(sentence.facts for sentence in briefing.sentences)
        assert len(briefing.sentences[0].text) <= 220, briefing.id


def test_a_source_without_a_printed_date_says_how_it_was_dated(checked: Checked) -> None:
    """An interval is worked out and not guessed."""
    for source in sources(checked):
        if not source.published.exact:
            assert source.dated_by, source.id


def test_the_story_has_words_of_its_own(checked: Checked) -> None:
    """There is a vocabulary, of names and of words, and most names say which facts tell who that is."""
    words = next((one.words for one in checked.loaded if one.seen.kind == "vocabulary"), None)
    assert words
    assert words.words
    assert words.narrower
    assert sum(bool(one.introduced) for one in words.names) > len(words.names) / 2


def test_no_run_of_words_is_an_articles(checked: Checked) -> None:
    """No nine words in a row of an article stand in our notes or briefings, titles and addresses apart."""
    if not ARTICLES.is_dir():
        pytest.skip(
            "the articles are not beside this repository, so that our words cannot be held against theirs"
        )
    theirs = {
        run: path.name
        for path in sorted(ARTICLES.glob("*.txt"))
        for run in runs(path.read_text(encoding="utf-8"))
    }
    assert theirs
    copied = []
    for one in checked.loaded:
        lines = Path(one.seen.place).read_text(encoding="utf-8").splitlines()
        text = "\n".join(line for line in lines if not re.match(r"(title|url):", line))
        text = re.sub(r"\[@[^\]]*\]", " ", text)
        copied += [f"{one.seen.path}: {' '.join(run)} ({theirs[run]})" for run in runs(text) if run in theirs]
    assert copied == []


def runs(text: str) -> list[tuple[str, ...]]:
    """Every run of so many words, whatever stands between them."""
    words = re.findall(r"\w+", text.lower().replace("’", "").replace("'", ""))
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
