"""A made-up story about a mill that two villages share, with facts of every kind that decides a question."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.model import Name, Vocabulary
from tests.stories import briefing, fact, source

NOW = datetime(2022, 8, 1, 12, tzinfo=UTC)
FIRST, NEXT, LAST = "2022-01-10-contract", "2022-03-20-flood", "2022-06-20-wheel"

FILES: Mapping[str, str] = {
    f"corpus/{FIRST}.md": source(
        FIRST,
        fact("contract", "Ottley and Pell signed a contract to share the mill.", date="2022-01-03"),
        fact("opening", "The mill was to open in May 2022.", date="2022-05", kind="plan"),
        fact("ferry", "Mayor Ada Moss denied that Ottley would sell its ferry.", date="2022-01-04",
             speaker="Ada Moss", kind="statement"),
        fact("museum", "The museum of Pell was to close in 2023.", date="2023", kind="plan"),
        fact("oak", "The wheel of the mill is of oak.", kind="background", date="undated"),
    ),
    f"corpus/{NEXT}.md": source(
        NEXT,
        fact("flood", "A flood damaged the mill.", date="2022-03-02"),
        fact("weir", "Somebody opened the weir.", date="2022-02/2022-03"),
        fact("never", "The flood did not reach the school of Pell.", date="2022-03-02"),
        fact("put-off", "Ada Moss said that the opening of the mill was put off.", date="2022-03-18",
             speaker="Ada Moss", kind="statement", supersedes=[f"{FIRST}#opening"]),
    ),
    f"corpus/{LAST}.md": source(
        LAST,
        fact("repaired", "Carpenters of Ottley repaired the mill.", date="2022-06-10",
             supersedes=[f"{NEXT}#flood"]),
        fact("bell", "A thief stole the bell of the chapel.", date="2022-06-15"),
        fact("ended", "Ottley ended the contract with Pell.", date="2022-06-18",
             supersedes=[f"{FIRST}#contract"]),
    ),
    f"briefings/{FIRST}.md": briefing(FIRST, f"They share it [@{FIRST}#contract].", state="It is shared."),
    f"briefings/{LAST}.md": briefing(LAST, f"It has ended [@{LAST}#ended].", state="It is over."),
}  # fmt: skip

WORDS = Vocabulary(
    (
        Name("Ada Moss", "person", ("Moss", "the mayor"), ("Ottley",), (f"{FIRST}#ferry",)),
        Name("Ottley", "body"),
        Name("Pell", "body"),
        Name("mill", "thing", (), (), (f"{FIRST}#oak",)),
    ),
    (("heist", "stole"),),
)
