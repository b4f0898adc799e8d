"""`approval [on|off]`: whether what one drafts another has to approve, on a server or for everyone."""

from bot.command.entry import Ask
from bot.command.record import record
from bot.curate.commands.publishing import TWO_PERSONS as RULE
from bot.desk.access import FOR_OWNERS, denied, for_managers
from bot.reply import Action, Line, Reply, Section


def read_switch(text: str) -> bool:
    """`on` or `off`. Raises ValueError."""
    given = text.strip().lower()
    if given not in {"on", "off"}:
        raise ValueError(f"“{text[:40]}” is neither on nor off")
    return given == "on"


def approval(ask: Ask) -> Reply:
    """Answers `approval`: on a server for what is drafted there, elsewhere for what everyone is told."""
    newsroom, where = ask.newsroom, _where(ask)
    stands, given = newsroom.has_rule(RULE, *where), ask.text("switch")
    if given is None:
        return _shown(ask, on=stands)
    if not _may_set(ask):
        record(ask, "approval", given, outcome="refused", audience=ask.asker.audience)
        return _refused(ask)
    on = read_switch(given)
    if on != stands:
        newsroom.set_rule(RULE, *where, on=on)
        before, after = _word(on=stands), _word(on=on)
        record(ask, "approval", RULE, before=before, after=after, audience=ask.asker.audience)
    return _shown(ask, on=on)


def _where(ask: Ask) -> tuple[str, str]:
    """Where the rule holds: platform and server; both empty for what everyone is told."""
    return (ask.asker.platform, ask.asker.server) if ask.asker.server else ("", "")


def _may_set(ask: Ask) -> bool:
    """Owners, and on a server who manages it: a role alone does not decide how its holders are watched."""
    return ask.rank == "owner" or (bool(ask.asker.server) and ask.asker.manages)


def _refused(ask: Ask) -> Reply:
    if ask.asker.server:
        terms = ask.asker.terms
        text = f"Only who {terms.manager}, or an owner of this bot, can set this."
        return denied(ask, "approval", for_managers(terms), text)
    return denied(ask, "approval", FOR_OWNERS, "Only an owner of this bot can set this for everyone.")


def _shown(ask: Ask, *, on: bool) -> Reply:
    terms = ask.asker.terms
    here = f"what is drafted {terms.within} this {terms.server}"
    what = here if ask.asker.server else "what everyone is told"
    rule = f"A second person has to approve {what}." if on else f"Nobody has to approve {what}."
    lines = [Line(rule)]
    if on:
        lines.append(
            Line("A draft that is published waits for another who may publish it: `drafts` lists it.")
        )
    other = _word(on=not on)
    actions = (Action(f"Turn it {other}", f"approval {other}"),) if _may_set(ask) else ()
    return Reply("approval", f"{ask.name}: approval is {_word(on=on)}", (Section("", tuple(lines)),),
                 actions=actions, private=True)  # fmt: skip


def _word(*, on: bool) -> str:
    return "on" if on else "off"
