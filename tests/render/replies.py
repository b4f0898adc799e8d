"""Any reply at all, for tests of the renderers."""

from hypothesis import strategies as st

from bot.reply import Action, Line, Reference, Reply, Section


def marked(line: Line, bounds: list[int]) -> Line:
    """The line with what stands between each two of these places made visible."""
    places = sorted({min(bound, len(line.text)) for bound in bounds})
    return line._replace(marks=tuple(zip(places[::2], places[1::2], strict=False)))


words = st.text(max_size=400)
plain_lines = st.builds(
    Line,
    text=st.text(max_size=900),
    refs=st.lists(st.integers(1, 30), max_size=12, unique=True).map(lambda refs: tuple(sorted(refs))),
    when=st.text(max_size=40),
    label=st.text(max_size=60),
    note=st.text(max_size=400),
)
lines = st.builds(marked, plain_lines, st.lists(st.integers(0, 900), max_size=9))
sections = st.builds(Section, words, st.lists(lines, max_size=8).map(tuple), st.booleans())
URLS = st.sampled_from(["", "https://a.example/" + "x" * 250, "https://a.example/" + "y" * 600, "no address"])
references = st.tuples(*(
    st.builds(
        Reference, st.just(number), st.just(f"s{number}"), st.text(max_size=150), st.text(max_size=80),
        st.text(max_size=40), URLS,
    )
    for number in range(1, 31)
))  # fmt: skip
actions = st.builds(Action, st.text(min_size=1, max_size=120), st.text(min_size=1, max_size=2100))
replies = st.builds(
    Reply,
    st.just("test"),
    words,
    st.lists(sections, min_size=1, max_size=6).map(tuple),
    references,
    st.lists(words, max_size=4).map(tuple),
    st.lists(actions, max_size=30).map(tuple),
    words=st.text(max_size=120),
)

# Letters that every platform does something with: escapes, marks, quotes; and more than one byte each.
ODD = '"\\&<>*_~`@#|[]()\n🚀'


def heavy(letter: str, actions: int = 30) -> Reply:
    """A reply that is as much as it can be, all of one letter."""
    source = tuple(
        Reference(
            number, f"s{number}", letter * 150, letter * 80, letter * 40, "https://a.example/" + "x" * 250
        )
        for number in range(1, 31)
    )
    line = Line(
        letter * 900, refs=tuple(range(1, 31)), when=letter * 40, label=letter * 60, note=letter * 400
    )
    asked = tuple(Action(letter * 100, f"{number} {letter * 1900}") for number in range(actions))
    every = marked(line, list(range(900)))
    parts = tuple(Section(letter * 400, (line, every, line), number % 2 == 1) for number in range(6))
    return Reply("test", letter * 400, parts, source, (letter * 900, letter * 900), asked, words=letter * 90)
