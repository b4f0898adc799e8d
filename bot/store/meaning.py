"""A hash of what a document says, whatever its form: two that say the same are one version."""

from collections.abc import Sequence
from datetime import date

from bot.model import Briefing, Correction, Retraction, Source


def of(item: Source | Briefing) -> str:
    """The meaning of a source or a briefing."""
    content: tuple[object, ...]
    if isinstance(item, Briefing):
        tags = " ".join(item.tags)
        content = (item.title, item.as_of.text, item.state, item.phase, tags, item.body)
    else:
        head = (item.title, item.outlet, item.url, item.published.text, item.dated_by, item.language)
        facts = [
            (fact.id, fact.date.text, fact.says, fact.speaker, fact.kind, fact.tags) for fact in item.facts
        ]
        content = (*head, item.note, facts, [relation[:4] for relation in item.relations])
    return meaning(content, item.audience, item.corrections, item.retracted)


def meaning(
    content: Sequence[object],
    audience: str,
    corrections: Sequence[Correction],
    retracted: Retraction | None,
) -> str:
    """The hash of all that a document says."""
    from hashlib import sha256  # 3 ms that only a writer needs

    said = [_said(one) for one in corrections]
    gone = (_day(retracted.on), retracted.because) if retracted else ()
    return sha256(repr((*content, audience, said, gone)).encode()).hexdigest()


def _said(one: Correction) -> tuple[object, ...]:
    said = (_day(one.on), one.was, one.title, one.state, one.body)
    facts = [(fact.id, fact.date.text, fact.says, fact.speaker) for fact in one.facts]
    # Without facts as it has always been: those of briefings are kept in databases already.
    return (*said, facts) if facts else said


def _day(day: date) -> str:
    return day.isoformat()
