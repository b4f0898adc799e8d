"""A question in unusual words is read as the one that is usually asked."""

import pytest

from bot.answer.asking.reading.kinds import bare, is_whether, kind_of


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("suspension date", "when suspension"),
        ("the exact date of the flood", "what date the flood"),
        ("planned launch month", "what month planned launch"),
        ("the mill at the weir how long", "how long the mill at the weir"),
        ("the launch, when exactly?", "when exactly the launch"),
        ("nr of boats lost", "number of boats lost"),
        ("club member count", "number of club member"),
        ("the mayor said what about the bell?", "what did the mayor say about the bell"),
        ("harbour boss?", "who is the harbour boss"),
        ("builder of the crane", "who is the builder of the crane"),
        ("the mayor left, right?", "did the mayor left"),
        ("so the mayor left the town?", "did the mayor left the town"),
        ("i heard the bridge fell, is that true?", "did the bridge fell"),
        ("who closed it? some say Ann", "who closed it"),
        ("how many came, like fifty?", "how many came"),
        ("where is the crane, the one they painted", "where is the crane"),
        ("when was it meant to open, before the flood?", "when was it meant to open"),
        ("whose idea was it to close the bridge", "who did close the bridge"),
        ("who is running the harbour", "who leads the harbour"),
        ("any idea when it opened", "when it opened"),
        ("I don't get why they left", "why they left"),
    ],
)
def test_a_question_is_put_into_the_usual_words(typed: str, usual: str) -> None:
    """Whether it is asked with keywords, by the way, or as a claim."""
    assert bare(typed) == usual


@pytest.mark.parametrize(
    "typed",
    [
        "what is the launch date",
        "which date was named first",
        "what did the mayor say about the bell",
        "landing site of the probe",
        "is the bridge closed",
        "if they had agreed, when would it have opened",
        "the state of the talks, still going",
    ],
)
def test_what_is_usual_stays(typed: str) -> None:
    """And what only looks like another wording."""
    assert bare(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("on what grounds did they leave", "why"),
        ("what led the club to close", "why"),
        ("what stopped the launch", "why"),
        ("due to what did it fall", "why"),
        ("how recently did it open", "when"),
        ("at what point did they leave", "when"),
        ("how far is the mill from the school", "how many"),
        ("the amount of people hurt", "how many"),
        ("for what period was it closed", "how long"),
        ("which app did she post on", "where"),
        ("what country is the pad in", "where"),
        ("launch site of the probe", "where"),
        ("how did the mayor phrase it", "quote"),
        ("which word did he use for it", "quote"),
        ("any news on the talks", "status"),
        ("so where does that leave us", "status"),
        ("did anything come of the talks", "status"),
        ("how did the talks go", "status"),
        ("flood or fire first", "order"),
        ("did they go on working together after the flood", "whether"),
        ("name of the harbour boss", "who"),
        ("whose fault was it", "who"),
    ],
)
def test_any_wording_has_its_kind(typed: str, kind: str) -> None:
    """A question is of a kind by what it asks for, and not by its first word."""
    assert kind_of(bare(typed).lower()) == kind


@pytest.mark.parametrize(
    "typed",
    [
        "the bridge was closed?",
        "I read that Ann left the club. Is that so?",
        "Ann left the club, didn't she?",
        "a friend told me Ann left. true?",
        "so you're telling me Ann left the club?",
        "isn't it funny that Ann left?",
        "so basically Ann left the club?",
    ],
)
def test_a_claim_is_answered_by_yes_or_no(typed: str) -> None:
    """Where it has a question mark, and no word that asks."""
    assert is_whether(bare(typed).lower())


@pytest.mark.parametrize(
    "typed", ["the bridge was closed", "the bridge was closed when?", "so basically who left?"]
)
def test_what_is_no_claim_is_not_turned(typed: str) -> None:
    """What asks otherwise, or nothing."""
    assert not is_whether(bare(typed).lower())
