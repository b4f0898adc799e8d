"""Reply → text, for a terminal and for whatever reads its output."""

from bot.render.words import clean, described, numbers
from bot.reply import Line, Reply, Section, in_words

_STYLES = {
    "title": "1",
    "section": "1;36",
    "when": "33",
    "label": "36",
    "refs": "2",
    "mark": "1;4",
    "note": "2",
}


def text(reply: Reply, *, call: str = "", width: int = 0, colour: bool = False) -> str:
    """The whole reply as text, ending without a newline.

    With a `width` lines are folded at that many columns; with a `call`, the words before a
    command, it ends in what may be asked next.
    """
    reply = in_words(reply) if call else reply  # a chat has no pictures
    show = _Show(width, colour=colour)
    blocks = [show.styled("title", clean(reply.title))]
    blocks += [show.section(section) for section in reply.sections]
    if reply.references:
        lines = [
            show.folded(
                f"[{reference.number}] ", clean(f"{described(reference)} {reference.url}").rstrip(), "  "
            )
            for reference in reply.references
        ]
        blocks.append("\n".join([show.styled("section", "Sources"), *lines]))
    notes = [show.styled("note", show.folded("", clean(note), "")) for note in reply.notes]
    if call and reply.actions:
        words = " · ".join(f"{call} {action.words}" for action in reply.actions[:4])
        notes.append(show.styled("note", show.folded("", f"Ask next: {clean(words)}", "")))
    if notes:
        blocks.append("\n".join(notes))
    return "\n\n".join(block for block in blocks if block)


class _Show:
    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self.colour = colour

    def styled(self, style: str, text: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def section(self, section: Section) -> str:
        title = [self.styled("section", clean(section.title))] if section.title else []
        if section.flowing:
            flow = " ".join(f"{clean(line.text)} {numbers(line)}".strip() for line in section.lines)
            return "\n".join([*title, self.folded("", flow, "")])
        bullet = "• " if section.title or len(section.lines) > 1 else ""
        indent = "  " if section.title else ""
        return "\n".join([*title, *(self.line(line, bullet, indent) for line in section.lines)])

    def line(self, line: Line, bullet: str, indent: str) -> str:
        head = " ".join(filter(None, [line.label, line.when and f"{line.when}:"]))
        dash = "—" if line.label and line.text and not line.when else ""
        body = " ".join(filter(None, [head, dash, self._marked(line), numbers(line)]))
        shown = self.folded(bullet, clean(body), indent)
        if line.note:
            inner = indent + " " * len(bullet)
            shown += "\n" + self.styled("note", self.folded("", f"({clean(line.note)})", inner))
        return self._coloured(line, shown)

    def folded(self, bullet: str, text: str, indent: str) -> str:
        if not self.width:
            return f"{indent}{bullet}{text}"
        import textwrap  # only for a screen: a pipe does without

        return textwrap.fill(
            text,
            max(self.width, 30),
            initial_indent=indent + bullet,
            subsequent_indent=indent + " " * len(bullet),
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _marked(self, line: Line) -> str:
        """The text; where there is no colour to mark words with, between asterisks."""
        if self.colour:
            return line.text
        shown, end = "", 0
        for start, stop in line.marks:
            shown += f"{line.text[end:start]}*{line.text[start:stop]}*"
            end = stop
        return shown + line.text[end:]

    def _coloured(self, line: Line, shown: str) -> str:
        """Styles the parts of a line that are not broken by a fold."""
        if not self.colour:
            return shown
        for style, part in (("label", line.label), ("when", line.when and f"{line.when}:")):
            if part and part in shown:
                shown = shown.replace(part, self.styled(style, part), 1)
        for start, end in sorted(line.marks, reverse=True):
            word = line.text[start:end]
            place = shown.rfind(word)
            if place >= 0:
                shown = shown[:place] + self.styled("mark", word) + shown[place + len(word) :]
        return shown
