"""What a question takes for granted, as a clause: `the club did withdraw` of "why did the club withdraw"."""

import re

from bot.answer.asking.reading.kinds import bare
from bot.answer.asking.reading.question import Question

_MOST = 140  # characters
_ASKS = re.compile(r"(?:why|how come|when|where|what made|for what reason)\b\s*", re.IGNORECASE)
_FIRST = re.compile(r"(did|was|were|is|are|has|had|have|will|would|does|do)\s+(.+)", re.IGNORECASE)


def premise(question: Question) -> str:
    """The clause that a question takes for granted; empty where it takes nothing."""
    text = bare(question.text).strip(" ?!.")
    if question.kind not in {"why", "when", "where"} or len(text) > _MOST:
        return ""
    asked = _ASKS.match(text)
    if not asked:
        return ""
    rest = text[asked.end() :]
    first = _FIRST.match(rest)
    if not first:
        return rest if asked[0].lower().startswith("how come") else ""
    subject = _subject(question, first[2])
    behind = first[2][len(subject) :].strip()
    return f"{subject} {first[1].lower()} {behind}".strip() if subject and behind else ""


def _subject(question: Question, text: str) -> str:
    """The name that a clause begins with, as typed."""
    for term in question.terms:
        if not term.name:
            continue
        for lead in ("", "the "):
            wanted = f"{lead}{term.low}"
            if re.sub(r"[’'\-]", " ", text.lower()).startswith((f"{wanted} ",)):
                return text[: len(wanted)]
        break
    return ""
