"""What two versions of a document have different, in lines that a person reads."""

from difflib import SequenceMatcher
from itertools import zip_longest

from bot.curate.documents.document import Fields, fields_of
from bot.edtf import Edtf, parse_edtf, spoken
from bot.load.sentences import read_body

_SHOWN = ("title", "as_of", "published", "outlet", "url", "state", "tags", "audience")
_FACT = ("date", "says", "speaker", "kind")


def difference(before: str, after: str) -> list[str]:
    """What is out (−) and what is in (+), field by field, sentence by sentence, fact by fact."""
    if not before or not after:
        return ["all of it"]
    old, new = fields_of(before), fields_of(after)
    lines = [line for name in _SHOWN for line in _field(name, old.words(name), new.words(name))]
    lines += _sentences(old, new)
    lines += _facts(old, new)
    lines += [] if old.values.get("retracted") == new.values.get("retracted") else _retraction(new)
    return lines or ["only its form"]


def _field(name: str, old: str, new: str) -> list[str]:
    if old == new:
        return []
    return [f"{sign} {name}: {_date(value)}" for sign, value in (("−", old), ("+", new)) if value]


def _date(value: str) -> str:
    try:
        found: Edtf = parse_edtf(value)
    except ValueError:
        return value
    return spoken(found)


def _sentences(old: Fields, new: Fields) -> list[str]:
    before, after = _said(old), _said(new)
    lines: list[str] = []
    for tag, i, j, k, n in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for gone, come in zip_longest(before[i:j], after[k:n]):
            lines += [f"− {gone}"] if gone else []
            lines += [f"+ {come}"] if come else []
    return lines


def _said(fields: Fields) -> list[str]:
    """The sentences with what they cite, since a change of that alone is one as well."""
    found = read_body("", fields.body, 1).sentences if "facts" not in fields.values else []
    return [f"{sentence.text} [{'; '.join(sentence.facts)}]" for sentence in found]


def _facts(old: Fields, new: Fields) -> list[str]:
    before = {str(fact.get("id")): fact for fact in old.entries("facts")}
    after = {str(fact.get("id")): fact for fact in new.entries("facts")}
    lines = [f"− #{name}: {fact.get('says')}" for name, fact in before.items() if name not in after]
    for name, fact in after.items():
        was = before.get(name)
        if was is None:
            lines.append(f"+ #{name}: {fact.get('says')}")
        elif was != fact:
            changed = [one for one in _FACT if was.get(one) != fact.get(one)]
            lines += [f"− #{name} {one}: {was.get(one) or 'nothing'}" for one in changed]
            lines += [f"+ #{name} {one}: {fact.get(one) or 'nothing'}" for one in changed]
            lines += [] if changed else [f"+ #{name}: its tags, or what it stands against"]
    return lines


def _retraction(new: Fields) -> list[str]:
    return ["− all of it: retracted" if new.values.get("retracted") else "+ all of it: restored"]
