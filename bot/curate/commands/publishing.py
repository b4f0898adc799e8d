"""`draft publish`, `draft show`, `draft discard`, `drafts`: from a draft to what everybody reads."""

from bot.command.entry import Ask
from bot.command.record import known, record
from bot.curate.commands.asking import draft_named, still_open
from bot.curate.commands.showing import shown, told
from bot.curate.drafts.drafts import Draft, check, conflicts, item_of
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
        return told(ask, "There are no drafts.", Action("Status", "status"))
    actions = tuple(Action(f"Draft {row.id}", f"draft show {row.id}") for row in (*mine, *waiting)[-8:])
    return Reply("drafts", f"{ask.name}: drafts", there, actions=actions, private=True, alone=True)


def draft_show(ask: Ask) -> Reply:
    """Answers `draft show N [ID]`."""
    draft = draft_named(ask)
    return draft if isinstance(draft, Reply) else shown(ask, draft, ask.text("id") or "")


def draft_discard(ask: Ask) -> Reply:
    """Answers `draft discard N`."""
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    ask.newsroom.save_draft(draft.row._replace(state="discarded", changed=stamp(ask.now)))
    record(ask, "draft discard", _items(draft), before=draft.name, audience=draft.row.audience)
    return told(ask, f"Draft {draft.row.id} was discarded.", Action("Drafts", "drafts"))


def draft_publish(ask: Ask) -> Reply:
    """Answers `draft publish N`: by its author, or, where two are needed, by the second person."""
    draft = draft_named(ask)
    if isinstance(draft, Reply):
        return draft
    if closed := still_open(ask, draft):
        return closed
    row = draft.row
    if not may_change(ask, row.audience):
        record(
            ask,
            "draft publish",
            _items(draft),
            outcome="refused: not theirs to publish",
            audience=row.audience,
        )
        text = f"Draft {row.id} is not yours to publish here: it is for {row.audience or 'everyone'}."
        return told(ask, text, wrong=True)
    if conflicts(ask, draft) or not check(ask, draft).fine:
        return shown(ask, draft)
    me = known(ask)
    mine = me is not None and me.id == row.person
    if mine and _takes_two(ask, row):
        ask.newsroom.save_draft(row._replace(state="waiting", changed=stamp(ask.now)))
        record(
            ask, "draft publish", _items(draft), outcome="waits for a second person", audience=row.audience
        )
        text = f"Draft {row.id} waits for a second person: they find it in `drafts`."
        return told(ask, text, Action("Drafts", "drafts"))
    return published(ask, publish(ask, draft, "publish" if mine else "approve"), "Published")


def published(ask: Ask, done: Published, said: str) -> Reply:
    """That something is published, and how many copies are on their way."""
    items = [name for _, name in done.items]
    lines = [f"{said}: {', '.join(items)}. Readers see it now."]
    if done.copies:
        verb = "is" if done.copies == 1 else "are"
        lines.append(f"{plural(done.copies, 'posted copy', 'posted copies')} {verb} being corrected.")
    briefings = [name for kind, name in done.items if kind == "briefing" and ask.shelf.briefing(name)]
    see = [Action("See it", f"briefing {briefings[-1]}")] if briefings else []
    progress = "Progress" if done.copies else "History"
    again = () if said == UNDONE else (Action("Undo", "undo"),)
    actions = (*see, Action(progress, f"history {items[-1]}"), *again)
    return told(ask, "\n".join(lines), *actions)


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


def _items(draft: Draft) -> str:
    return ", ".join(filter(None, map(item_of, draft.parts)))
