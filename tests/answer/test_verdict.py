"""Yes and no, by a made-up story of a ferry that two towns run."""

from collections.abc import Iterator

import pytest

from bot.command.asker import Asker, Place
from bot.desk.desk import Desk
from bot.model import Name, Vocabulary
from tests.answer import mill
from tests.answer.desks import desk_about
from tests.stories import briefing, fact, source

FIRST = "2022-03-20-ferry"
FILES = {
    f"corpus/{FIRST}.md": source(
        FIRST,
        fact("stays", "Brent said that it was still working with Arden on the ferry.", date="2022-03-01",
             speaker="Brent", kind="statement"),
        fact("not-expected", "Arden did not expect Brent to end the joint operation of the lighthouse.",
             date="2022-03-02"),
        fact("quality", "Arden played down the strike: the harbour would keep its quality of service.",
             date="2022-03-03", speaker="Arden", kind="statement"),
        fact("odds", "Ida Vane put the chances of a positive answer from Brent at 5 percent.",
             date="2022-03-04", speaker="Ida Vane", kind="statement"),
        fact("left", "Corwen's participation in the ferry ended in 2013.", date="2013"),
        fact("sunk", "The barge crashed on arrival at the museum.", date="2022-03-06"),
        fact("untold", "Brent did not say what had come of its talks with Arden.", date="2022-03-07",
             speaker="Brent", kind="statement"),
        fact("hope", "Ida Vane was confident of an opening of the museum in May 2022.", date="2022-03-05",
             speaker="Ida Vane", kind="statement"),
    ),
    f"briefings/{FIRST}.md": briefing(FIRST, f"They work on [@{FIRST}#stays].", state="It is open."),
}  # fmt: skip
WORDS = Vocabulary(
    (
        Name("Ida Vane", "person", ("Vane",), ("Arden",)),
        Name("Arden", "body"),
        Name("Brent", "body"),
        Name("Corwen", "body"),
        Name("ferry", "thing"),
        Name("barge", "craft"),
        Name("lighthouse", "thing"),
        Name("harbour", "thing"),
        Name("museum", "thing"),
    ),
    (),
)


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_about(tmp_path_factory.mktemp("ferry"), FILES, WORDS) as desk:
        yield desk


@pytest.mark.parametrize(
    ("question", "verdict", "slug"),
    [
        ("did Brent break off its work with Arden on the ferry?", "No", "stays"),
        ("does Brent want to stop working with Arden on the ferry?", "No", "stays"),
        ("did Arden expect the joint operation of the lighthouse to go on?", "Yes", "not-expected"),
        (
            "was Arden afraid that Brent would end the joint operation of the lighthouse?",
            "No",
            "not-expected",
        ),
        ("according to Arden, was the service of the harbour going to suffer?", "No", "quality"),
        ("did Arden worry about the strike?", "No", "quality"),
        ("was Ida Vane optimistic that Brent would agree?", "No", "odds"),
        ("was Corwen ever part of the ferry?", "Yes", "left"),
        ("is Corwen still part of the ferry?", "No", "left"),
        ("did the museum open in May 2022?", "", "hope"),
        ("was Ida Vane confident of the opening of the museum?", "Yes", "hope"),
        ("Brent broke off its work with Arden on the ferry, right?", "No", "stays"),
        ("so Brent ended its work with Arden on the ferry?", "No", "stays"),
        ("i heard that Brent still works with Arden on the ferry, is that true?", "Yes", "stays"),
        ("Corwen is not part of the ferry any more, is it?", "", "left"),
        ("does Arden want to stop working with Brent on the ferry?", "", "stays"),
        ("did the barge land at the museum?", "No", "sunk"),
        ("did Brent say how its talks with Arden went?", "No", "untold"),
        ("did Arden say how its talks with Brent went?", "", "untold"),
        ("can the museum open in May 2022?", "", "hope"),
    ],
)
def test_a_fact_decides_by_what_it_means(desk: Desk, question: str, verdict: str, slug: str) -> None:
    """Not by its words alone: what goes on has not ended, and who hopes has not yet got it."""
    asker = Asker("discord", "1", question, Place("discord", "1", "11", "#talk", "text"))
    reply = desk.answer(f"ask {question}", "!bridge", mill.NOW, asker)
    first = reply.sections[0].lines[0]
    assert (first.text.partition(". ")[0] if verdict else "") == verdict
    assert verdict or not first.text.startswith(("Yes", "No"))
    assert [one.partition("#")[2] for one in first.cites[:1]] == [slug]
