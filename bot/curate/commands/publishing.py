"""`draft publish`, `draft show`, `draft discard`, `drafts`: from a draft to what everybody reads."""

from bot.command.entry import Ask
from bot.command.record import known, record
from bot.curate.commands.asking import draft_named, still_open
from bot.curate.commands.reports import with_open
from bot.curate.commands.showing import Suggested, shown, suggest, told
from bot.curate.drafts.drafts import amiss, check, conflicts, is_mine, items_of, seen_as
from bot.curate.drafts.publishing import Published, publish
from bot.curate.drafts.rights import may_change
from bot.edtf import spoken_day
from bot.model import EVERYONE
from bot.reply import Action, Line, Reply, Section
from bot.store.moments import moment, stamp
from bot.store.newsroom import DraftRow
from bot.wording import plural

TWO_PERSONS = "two persons"
UNDONE = "Taken back"
_SAID = {"retract": "Retracted, with the reason in its place", "restore": "Restored"}


def drafts(ask: Ask) -> Reply:
    """Answers `drafts`: one's own, and those of others that wait for a second person."""
    me = known(ask)
    mine = ask.newsroom.drafts_of(me.id) if me else []
    waiting = [
        row
        for row in ask.newsroom.waiting()
        if (not me or row.person != me.id) and may_change(ask, row.audience)
    ]
    names = {one.id: one.name for one in ask.newsroom.persons([row.person for row in waiting]).values()}
    sections = [
        Section("Yours", tuple(_line(ask, row) for row in mine)),
        Section(
            "Waiting for a second person",
            tuple(_line(ask, row, by=names.get(row.person, "")) for row in waiting),
        ),
    ]
    there = tuple(section for section in sections if section.lines)
    if not there:
        return with_open(ask, told(ask, "There are no drafts.", Action("Status", "status")))
    actions = tuple(Action(f"Draft {row.id}", f"draft show {row.id}") for row in (*mine, *waiting)[-8:])
    listed = Reply("drafts", f"{ask.name}: drafts", there, actions=actions, private=True, alone=True)
    return with_open(ask, listed)


def draft_show(ask: Ask) -> Reply:
    """Answers `draft show N [ID]`."""
    draft = draft_named(ask)
    return draft if isinstance(draft, Reply) else shown(ask, draft, ask.text("id") or "")


def prepare_show(ask: Ask) -> Suggested | None:
    """What `draft show N` suggests, where the draft is for whoever asks."""
    draft = draft_named(ask._replace(only_form=True))  # here a refusal cannot be recorded
    return None if isinstance(draft, Reply) else suggest(ask, draft)


def draft_discard(ask: Ask) -> Reply:
    """Answers `draft discard N`: one's own is given up, one that waits for approval is sent back."""
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    row, drafts_too = draft.row, Action("Drafts", "drafts")
    if not is_mine(ask, draft):
        ask.newsroom.save_draft(row._replace(state="open", changed=stamp(ask.now)))
        record(ask, "send back", items_of(draft), before=draft.name, audience=row.audience)
        return told(ask, f"Draft {row.id} was sent back to its author, and is as it was.", drafts_too)
    ask.newsroom.save_draft(row._replace(state="discarded", changed=stamp(ask.now)))
    record(ask, "draft discard", items_of(draft), before=draft.name, audience=row.audience)
    return told(ask, f"Draft {row.id} was discarded.", drafts_too)


def draft_publish(ask: Ask) -> Reply:
    """Answers `draft publish N [SEEN]`: by its author, or, where two are needed, by the second person.

    Who approves a draft says by `seen` which words they saw: others may have come since.
    """
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    row, mine = draft.row, is_mine(ask, draft)
    if not may_change(ask, row.audience):
        record(ask, "draft publish", items_of(draft), outcome="refused: not theirs to publish")
        text = f"Draft {row.id} is not yours to publish here: it is for {row.audience or 'everyone'}."
        return told(ask, text, wrong=True)
    verdict = check(ask, draft)
    wrong = amiss(verdict, conflicts(ask, draft))
    if not wrong and not mine and ask.text("seen") != seen_as(draft):
        wrong = "other words than they saw" if ask.text("seen") else "to be looked at first"
    if wrong:
        record(ask, "draft publish", items_of(draft), before=draft.name, outcome=f"refused: {wrong}",
               audience=row.audience)  # fmt: skip
        return shown(ask, draft)
    if mine and _takes_two(ask, row):
        ask.newsroom.save_draft(row._replace(state="waiting", changed=stamp(ask.now)))
        outcome = "waits for a second person"
        record(ask, "draft publish", items_of(draft), outcome=outcome, audience=row.audience)
        text = f"Draft {row.id} {outcome}: they find it in `drafts`."
        return told(ask, text, Action("Drafts", "drafts"))
    done = publish(ask, draft, verdict, "publish" if mine else "approve")
    return published(ask, done, _SAID.get(row.act, "Published"), undo=row.id if mine else 0)


def published(ask: Ask, done: Published, said: str, *, undo: int = 0) -> Reply:
    """What readers have now, and how many copies are on their way.

    `undo` is the draft that whoever reads this may take back: its author's, and nobody else's.
    """
    there = [(kind, name) for kind, name in done.items if _stands(ask, kind, name)]
    gone = [name for kind, name in done.items if (kind, name) not in there]
    names = ", ".join(name for _, name in done.items)
    lines = [f"{said}: {names}." + (" Readers see it now." if there and said != _SAID["retract"] else "")]
    if said == UNDONE and gone:
        lines.append(f"{', '.join(gone)} is not there any more; `history` keeps what it said.")
    if done.copies:
        copies = plural(done.copies, "posted copy", "posted copies")
        lines.append(f"{copies} {_are(done.copies)} being corrected.")
    if done.held_out:
        theirs = plural(done.held_out, "document of a server of its own", "documents of servers of their own")
        lines.append(
            f"{theirs} leaned on what is gone, and {'is' if done.held_out == 1 else 'are'} held out."
        )
    see = [Action("See it", f"{kind} {name}") for kind, name in there if kind == "briefing"][-1:]
    progress = "Progress" if done.copies else "History"
    again = (Action("Undo", f"undo {undo}"),) if undo else ()
    return told(ask, "\n".join(lines), *see, Action(progress, f"history {done.items[-1][1]}"), *again)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _stands(ask: Ask, kind: str, name: str) -> bool:
    row = ask.newsroom.standing(kind, name)
    return bool(row and row.text)


def _takes_two(ask: Ask, row: DraftRow) -> bool:
    """Whether what one drafts another has to approve: where it was drafted, or where it is read."""
    platform, _, server = row.audience.partition("/")
    rules = [(row.platform, row.server)] if row.server else []
    rules += [("", "")] if row.audience == EVERYONE else [(platform, server)]
    return any(ask.newsroom.has_rule(TWO_PERSONS, *rule) for rule in rules)


def _line(ask: Ask, row: DraftRow, by: str = "") -> Line:
    items = ", ".join(part.item or f"a {part.kind}" for part in ask.newsroom.parts(row.id))
    note = f"by {by}" if by else "waits for a second person" if row.state == "waiting" else ""
    when = spoken_day(moment(row.changed).date())
    return Line(f"{row.act} {items}", label=f"draft {row.id}", when=when, note=note)
