"""Documents that are for one server alone, beside the small story: everything that they could show up in."""

from collections.abc import Mapping

from tests.stories import PLAN, STRIKE, briefing, fact, source

HERE, THERE = "discord/1", "discord/2"
HERES, THERES = "quokka", "narwhal"  # stands in every word of theirs, and in nothing else


def own(audience: str, word: str) -> Mapping[str, str]:
    """The files of a server: older and newer than the story, on its facts, corrected and retracted."""
    note, gone, told = f"2022-04-01-{word}", f"2021-12-01-{word}-gone", f"2022-04-02-{word}"
    earlier = [
        {"id": f"{word}-toll", "date": "2022-01-04", "says": f"The {word} toll was two.", "speaker": word}
    ]
    slip = {"on": "2022-07-01", "was": f"It said two {word} coins.", "facts": earlier}
    body = f"The {word} toll was two [@{note}#{word}-toll]."
    mended = {"on": "2022-07-02", "was": f"It had another {word}.", "state": f"No {word} here.", "body": body}
    return {
        f"corpus/{note}.md": source(
            note,
            fact(
                f"{word}-toll",
                f"The {word} asks for three coins, and builders went on strike.",
                date="2022-01-05",
                speaker=f"the {word}",
                kind="statement",
                tags=["bridge", f"{word}-tag"],
                supersedes=[f"{STRIKE}#strike", f"{PLAN}#who-pays"],
                disputes=[f"{PLAN}#two-towns"],
            ),
            fact(f"{word}-plan", f"A {word} gate is to open.", date="2023", kind="plan", tags=["opening"]),
            fact(f"{word}-open", f"Nobody knows the {word}.", tags=["open"]),
            note=f"From the {word}.",
            title=f"The {word} at the bridge",
            outlet=f"The {word} Post",
            audience=audience,
            corrections=[slip],
        ),
        f"corpus/{gone}.md": source(
            gone,
            fact(f"{word}-never", f"The {word} never was.", tags=[f"{word}-gone", "bridge"]),
            title=f"No {word}",
            audience=audience,
            retracted={"on": "2022-07-03", "because": f"There is no such {word}."},
        ),
        f"briefings/{told}.md": briefing(
            told,
            f"The {word} asks for three [@{note}#{word}-toll].",
            f"The builders went on strike [@{STRIKE}#strike].",
            title=f"The {word} at the gate",
            state=f"A {word} stands in the way.",
            tags=[f"{word}-tag"],
            audience=audience,
            corrections=[mended],
        ),
        f"briefings/{told}-before.md": briefing(
            f"{told}-before",
            f"There always was a {word} [@{note}#{word}-open].",
            state=f"It began with a {word}.",
            phase="background",
            audience=audience,
        ),
        f"briefings/{told}-gone.md": briefing(
            f"{told}-gone",
            f"It is to open [@{PLAN}#opens-in-may].",
            state=f"A {word} opens it.",
            audience=audience,
            retracted={"on": "2022-07-04", "because": f"It was no {word}."},
        ),
    }
