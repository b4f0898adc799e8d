"""What shows only across files, and which version of each file stands."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.load.check import Settled, across, settle
from bot.load.story import check_folders
from bot.model import Cite, Relation, Shape
from tests.stories import PLAN, STRIKE, StoryFolder, briefing, fact, line_of, source, told

DAY = date(2022, 3, 1)
SOURCE = f"corpus/{STRIKE}.md"
BRIEFING = "briefings/2022-03-05-strike.md"


def found(folder: StoryFolder) -> list[str]:
    """The problems of a story as they are printed."""
    return [str(problem) for problem in check_folders(folder.places).problems]


def test_a_story_without_mistakes_has_no_problems(folder: StoryFolder) -> None:
    """The small story is right, and every file of it was read."""
    checked = check_folders(folder.places)
    assert checked.problems == ()
    assert (checked.items("source"), checked.items("briefing")) == (2, 2)


BETWEEN = {
    "a fact that does not exist": (
        BRIEFING,
        f"[@{PLAN}#who-pays]",
        f"[@{PLAN}#who-payed]",
        f"cites {PLAN}#who-payed, which does not exist; did you mean {PLAN}#who-pays?",
    ),
    "a fact like no other": (
        BRIEFING,
        f"[@{PLAN}#who-pays]",
        f"[@{PLAN}#zzzzzzzzzzzzzzzzzzzz]",
        f"cites {PLAN}#zzzzzzzzzzzzzzzzzzzz, which does not exist; mend the id, or add the fact",
    ),
    "a source that does not exist": (
        BRIEFING,
        f"[@{PLAN}#who-pays]",
        "[@2022-01-05-plam#who-pays]",
        f"cites 2022-01-05-plam#who-pays, but there is no source 2022-01-05-plam; did you mean {PLAN}?",
    ),
    "a fact published later": (
        f"briefings/{PLAN}.md",
        f"[@{PLAN}#two-towns]",
        f"[@{STRIKE}#strike]",
        f"cites {STRIKE}#strike, which was published by 5 March 2022, after its as_of of 5 January 2022",
    ),
    "a fact that may be published later": (
        BRIEFING,
        'as_of: "2022-03-05"',
        "as_of: 2022-03-04",
        "which was published by 5 March 2022, after its as_of of 4 March 2022",
    ),
    "a relation that points nowhere": (
        SOURCE,
        f'"{PLAN}#opens-in-may"',
        f"{PLAN}#opens-in-april",
        f"supersedes {PLAN}#opens-in-april, which does not exist; did you mean {PLAN}#opens-in-may?",
    ),
    "a relation to no source": (
        SOURCE,
        f'"{PLAN}#who-pays"',
        "2021-01-01-none#x",
        "disputes 2021-01-01-none#x, but there is no source",
    ),
    "a fact that supersedes itself": (
        SOURCE,
        f'"{PLAN}#opens-in-may"',
        f"{STRIKE}#delayed",
        f"{STRIKE}#delayed supersedes itself; name the other fact",
    ),
    "a fact that disputes itself": (
        SOURCE,
        f'"{PLAN}#who-pays"',
        f"{STRIKE}#delayed",
        f"{STRIKE}#delayed disputes itself; name the other fact",
    ),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_a_mistake_between_files_is_told_on_its_line(folder: StoryFolder, name: str) -> None:
    """What points to another file is held against that file, and told where it stands."""
    path, old, new, message = BETWEEN[name]
    folder.edit(path, old, new)
    text = folder.path(path).read_text(encoding="utf-8")
    lines = found(folder)
    where = line_of(text, f"[@{STRIKE}#strike") if "as_of" in new else line_of(text, new)
    assert any(line.startswith(f"{path}:{where}: ") and message in line for line in lines), told(lines)


def test_an_earlier_fact_cannot_supersede_a_later(folder: StoryFolder) -> None:
    """What supersedes comes no earlier than what it overturns; a dispute may go either way."""
    relation = f"    supersedes: [{{fact: '{STRIKE}#strike', because: so}}]\n"
    folder.write(
        f"corpus/{PLAN}.md",
        source(PLAN, fact("opens-in-may"), fact("two-towns"), fact("who-pays") + relation),
    )
    (line,) = found(folder)
    assert f"supersedes {STRIKE}#strike, which was published only later, by 5 March 2022" in line
    folder.edit(f"corpus/{PLAN}.md", "supersedes", "disputes")
    assert found(folder) == []


def test_facts_that_overturn_each_other_in_a_circle_are_told_once(folder: StoryFolder) -> None:
    """A circle of any length is one problem that shows the whole way round."""
    name = "2022-04-01-circle"
    folder.write(
        f"corpus/{name}.md",
        source(
            name,
            fact("a", supersedes=[f"{name}#b"]),
            fact("b", supersedes=[f"{name}#c", f"{PLAN}#two-towns"]),
            fact("c", supersedes=[f"{name}#a"]),
            fact("d", supersedes=[f"{name}#a"]),
        ),
    )
    (line,) = found(folder)
    assert f"{name}#a → {name}#b → {name}#c → {name}#a runs in a circle" in line


def test_a_long_chain_is_no_circle(folder: StoryFolder) -> None:
    """A chain of two thousand facts, each over the last, is right and read without deep recursion."""
    name = "2022-04-01-chain"
    facts = [fact("f0"), *(fact(f"f{n}", supersedes=[f"{name}#f{n - 1}"]) for n in range(1, 2000))]
    folder.write(f"corpus/{name}.md", source(name, *facts))
    assert found(folder) == []


def test_two_facts_that_dispute_each_other_are_told(folder: StoryFolder) -> None:
    """A dispute is said once, on the later of the two."""
    name = "2022-04-01-two"
    folder.write(
        f"corpus/{name}.md",
        source(name, fact("a", disputes=[f"{name}#b"]), fact("b", disputes=[f"{name}#a"])),
    )
    (line,) = found(folder)
    assert "dispute each other in a circle; say it once, on the later of them" in line


def test_one_mistake_in_a_source_is_told_once(folder: StoryFolder) -> None:
    """What cites a source that cannot be read has no mistake of its own."""
    folder.edit(f"corpus/{PLAN}.md", 'kind: "plan"', "kind: rumour")
    (line,) = found(folder)
    assert line.startswith(f"corpus/{PLAN}.md:")
    folder.write(f"corpus/{PLAN}.md", b"\xff")
    (line,) = found(folder)
    assert line.startswith(f"corpus/{PLAN}.md:1: is not UTF-8")


def test_a_wrong_citation_of_a_broken_source_is_told_beside_it(folder: StoryFolder) -> None:
    """A broken source is asked for its facts as far as it can be read."""
    folder.edit(f"corpus/{PLAN}.md", 'kind: "plan"', "kind: rumour")
    folder.edit(BRIEFING, "#who-pays", "#who-payed")
    assert [line.split(":")[0] for line in found(folder)] == [BRIEFING, f"corpus/{PLAN}.md"]


def test_all_problems_of_all_files_are_told_at_once(folder: StoryFolder) -> None:
    """Files that cannot be read, wrong fields and wrong citations stand in one list, by file and line."""
    folder.write("corpus/2022-01-01-empty.md", "")
    folder.write("corpus/2022-01-02-latin.md", b"---\n\xe9")
    folder.path("corpus/2022-01-03-link.md").symlink_to("/etc/passwd")
    folder.write("corpus/2022-01-04-huge.md", b"x" * 2_000_000)
    folder.write(
        "briefings/2022-01-01-cites.md", briefing("2022-01-01-cites", "One [@x#y].", "Two.", title="")
    )
    folder.edit(SOURCE, 'kind: "statement"', "kind: rumour")
    lines = found(folder)
    rumour = line_of(folder.path(SOURCE).read_text(encoding="utf-8"), "rumour")
    assert lines == sorted(lines, key=lambda line: (line.split(":")[0], int(line.split(":")[1])))
    assert [line.split(";")[0] for line in lines] == [
        "briefings/2022-01-01-cites.md:3: title is empty",
        "briefings/2022-01-01-cites.md:9: cites x#y, but there is no source x",
        "briefings/2022-01-01-cites.md:10: a sentence without a citation: “Two.”",
        "corpus/2022-01-01-empty.md:1: is empty",
        "corpus/2022-01-02-latin.md:2: is not UTF-8 text",
        "corpus/2022-01-03-link.md:1: is a link that leads out of its folder",
        "corpus/2022-01-04-huge.md:1: is 2,000,000 bytes long, more than 1,048,576",
        f"{SOURCE}:{rumour}: facts[2].kind is 'rumour'",
    ]


HIDDEN = {
    "a wrong date": (
        SOURCE,
        ("published:", "published: soon #"),
        (f'"{PLAN}#opens-in-may"', "nope#nope"),
        "supersedes nope#nope, but there is no source nope",
    ),
    "a doubled field": (
        SOURCE,
        ("language:", "language: en\nlanguage:"),
        (f'"{PLAN}#who-pays"', f"{PLAN}#who-payed"),
        f"disputes {PLAN}#who-payed, which does not exist",
    ),
    "a field of no source": (
        SOURCE,
        ("title:", "colour: red\ntitle:"),
        (f'"{PLAN}#opens-in-may"', f"{STRIKE}#delayed"),
        "supersedes itself",
    ),
    "a field of no briefing": (
        BRIEFING,
        ("title:", "colour: red\ntitle:"),
        (f"[@{PLAN}#who-pays]", "[@x#nope]"),
        "cites x#nope, but there is no source x",
    ),
    "fields that are no YAML": (
        BRIEFING,
        ("title:", "x: y: z\ntitle:"),
        (f"[@{PLAN}#who-pays]", "[@x#nope]"),
        "cites x#nope, but there is no source x",
    ),
    "a sentence without a citation": (
        BRIEFING,
        ("strike, and", "strike. And"),
        (f"[@{PLAN}#who-pays]", "[@x#nope]"),
        "cites x#nope, but there is no source x",
    ),
    "a sentence that goes on": (
        BRIEFING,
        (f"[@{PLAN}#who-pays].", f"[@{PLAN}#who-pays] and more."),
        (f"[@{PLAN}#who-pays]", "[@x#nope]"),
        "cites x#nope, but there is no source x",
    ),
    "a field beside a citation from the future": (
        f"briefings/{PLAN}.md",
        ("title:", "colour: red\ntitle:"),
        (f"[@{PLAN}#two-towns]", f"[@{STRIKE}#strike]"),
        "after its as_of of 5 January 2022",
    ),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_mistake_within_a_file_does_not_hide_those_between_files(folder: StoryFolder, name: str) -> None:
    """What a broken file names is held against the other files as far as it can be read."""
    path, within, between, message = HIDDEN[name]
    folder.edit(path, *within)
    alone = found(folder)
    folder.edit(path, *between)
    line = line_of(folder.path(path).read_text(encoding="utf-8"), between[1])
    (more,) = set(found(folder)) - set(alone)
    assert more.startswith(f"{path}:{line}: ")
    assert message in more
    assert len(found(folder)) == len(alone) + 1


def test_a_broken_source_that_says_its_date_is_held_against_what_cites_it(folder: StoryFolder) -> None:
    """A citation from the future is told beside the mistakes of the source, if those are not of its date."""
    folder.edit(SOURCE, 'kind: "statement"', "kind: rumour")
    folder.edit(BRIEFING, 'as_of: "2022-03-05"', "as_of: 2022-03-04")
    assert any("after its as_of of 4 March 2022" in line for line in found(folder))
    folder.edit(SOURCE, "published:", "published: soon #")
    assert {line.split(":")[0] for line in found(folder)} == {SOURCE}


# ── which version of each file stands ───────────────────────────────────────────────────


def a_source(name: str, *facts: str, day: date = DAY, over: Mapping[str, str] | None = None) -> Shape:
    """A source `name` with these facts; `over` has what supersedes what."""
    relations = tuple(
        Relation(f"{name}#{new}", "supersedes", old, "so", 1) for new, old in (over or {}).items()
    )
    return Shape(f"corpus/{name}.md", "source", name, day, tuple(f"{name}#{one}" for one in facts), relations)


def a_briefing(name: str, *cites: str, day: date = DAY) -> Shape:
    """A briefing `name` that cites these facts."""
    return Shape(f"briefings/{name}.md", "briefing", name, day, cites=tuple(Cite(one, 1) for one in cites))


def own(shape: Shape, server: int = 1) -> Shape:
    """The same for one server alone."""
    return shape._replace(audience=f"discord/{server}")


def by_path(*shapes: Shape) -> dict[str, Shape]:
    """Shapes as `settle` takes them."""
    return {shape.path: shape for shape in shapes}


def standing(before: Mapping[str, Shape], read: Mapping[str, Shape], settled: Settled) -> dict[str, Shape]:
    """What the story is made of afterwards."""
    stand = {path: shape for path, shape in before.items() if path not in settled.drop}
    return {**stand, **{path: read[path] for path in settled.take}}


S, B = "corpus/s.md", "briefings/b.md"


def test_what_is_right_is_taken() -> None:
    """New versions without a problem stand."""
    read = by_path(a_source("s", "a"), a_briefing("b", "s#a"))
    settled = settle({}, read)
    assert settled == Settled((S, B), (), (), (), ())


def test_a_new_briefing_with_a_problem_is_left_out() -> None:
    """A briefing that cites nothing real does not come in, and keeps nothing else out."""
    settled = settle({}, by_path(a_source("s", "a"), a_briefing("b", "s#z")))
    assert (settled.take, settled.keep, settled.drop) == ((S,), (), (B,))
    assert "s#z, which does not exist" in told(settled.problems)


@pytest.mark.parametrize(
    "cites", [("s#y",), ("s#y", "s#z"), ("s#a", "s#y", "x#y")], ids=["one", "two", "mixed"]
)
def test_a_briefing_keeps_its_last_right_version(cites: tuple[str, ...]) -> None:
    """However many mistakes a new version has, the one before stays."""
    settled = settle(by_path(a_source("s", "a"), a_briefing("b", "s#a")), by_path(a_briefing("b", *cites)))
    assert (settled.take, settled.keep, settled.drop) == ((), (B,), ())
    assert len(settled.problems) == len(set(cites) - {"s#a"})


def test_a_source_whose_new_version_lacks_a_cited_fact_is_kept() -> None:
    """A fact cannot be taken away under a briefing that cites it."""
    settled = settle(by_path(a_source("s", "a", "b"), a_briefing("b", "s#a")), by_path(a_source("s", "b")))
    assert (settled.take, settled.keep, settled.drop) == ((), (S,), ())
    assert told(settled.problems).startswith(f"{B}:1: cites s#a, which does not exist")


def test_a_source_that_is_gone_but_cited_is_kept() -> None:
    """A source is not deleted under a briefing that cites it; one that nothing cites goes."""
    before = by_path(a_source("s", "a"), a_source("t", "a"), a_briefing("b", "s#a"))
    settled = settle(before, {}, [S, "corpus/t.md"])
    assert (settled.keep, settled.drop) == ((S,), ("corpus/t.md",))


def test_a_source_and_what_cites_it_go_together() -> None:
    """What is deleted together is dropped without a problem."""
    before = by_path(a_source("s", "a"), a_briefing("b", "s#a"))
    settled = settle(before, {}, [S, B])
    assert settled == Settled((), (), (S, B), (), ())


def test_a_fact_and_what_cited_it_can_change_together() -> None:
    """A renamed fact comes in with the briefing that names it anew."""
    before = by_path(a_source("s", "a"), a_briefing("b", "s#a"))
    settled = settle(before, by_path(a_source("s", "b"), a_briefing("b", "s#b")))
    assert (set(settled.take), settled.problems) == ({S, B}, ())


def test_a_source_dated_later_does_not_leak_into_an_older_briefing() -> None:
    """A correction of the date that would make a briefing tell the future waits for the briefing."""
    before = by_path(a_source("s", "a"), a_briefing("b", "s#a"))
    settled = settle(before, by_path(a_source("s", "a", day=DAY + timedelta(1))))
    assert settled.keep == (S,)
    assert "after its as_of of 1 March 2022" in told(settled.problems)


def test_a_new_source_that_closes_a_circle_is_left_out() -> None:
    """What was loaded before does not go because of what comes."""
    before = by_path(a_source("s", "a"), a_source("t", "a", over={"a": "s#a"}))
    settled = settle(before, by_path(a_source("s", "a", over={"a": "t#a"})))
    assert (settled.take, settled.keep, settled.drop) == ((), (S,), ())


def test_what_leans_on_a_broken_source_waits_without_a_mistake_of_its_own() -> None:
    """A briefing on a source that cannot be read is a consequence, not a problem."""
    settled = settle({}, by_path(a_briefing("b", "s#a")), broken=by_path(a_source("s", "a")))
    assert (settled.take, settled.drop, settled.problems) == ((), (B,), ())
    assert "cites s#a, but there is no source s" in told(settled.consequences)


def test_a_relation_to_a_broken_source_waits() -> None:
    """A source may come in before the one that it speaks of."""
    settled = settle({}, by_path(a_source("t", "a", over={"a": "s#a"})), broken=by_path(a_source("s")))
    assert settled.take == ("corpus/t.md",)


@pytest.mark.parametrize(
    ("read", "gone"),
    [
        (by_path(a_source("s", "a")), []),
        (by_path(a_source("s", "a"), a_source("t", "a", over={"a": "s#z"})), []),
        ({}, [S]),
    ],
    ids=["it comes without the fact", "both are read", "it goes"],
)
def test_a_loaded_source_stays_where_what_it_waited_for_does_not_come(
    read: dict[str, Shape], gone: list[str]
) -> None:
    """A relation that points nowhere is told, and takes neither what was loaded nor what is right away."""
    before = by_path(a_source("t", "a", over={"a": "s#z"}))
    settled = settle(before, read, gone)
    assert (set(settled.take) - {"corpus/t.md"}, settled.drop) == (set(read) - {"corpus/t.md"}, ())
    assert told(settled.problems).startswith("corpus/t.md:1: supersedes s#z, ")


def test_a_source_is_not_held_back_by_a_relation_to_what_it_never_had() -> None:
    """A version gives way to an earlier one only if that has the fact which is missing."""
    before = by_path(a_source("t", "a", over={"a": "s#z"}), a_source("s", "a"))
    settled = settle(before, by_path(a_source("s", "a", "b")))
    assert (settled.take, settled.keep, settled.drop) == ((S,), (), ())
    assert "supersedes s#z, which does not exist" in told(settled.problems)


def test_what_is_wrong_with_a_broken_file_changes_nothing_of_what_stands() -> None:
    """A broken file is held against the others only to be told about: it never stands."""
    before = by_path(a_source("s", "a"), a_source("t", "a"), a_briefing("b", "s#a"))
    broken = by_path(a_source("t", "a", over={"a": "x#y"}), a_briefing("b", "s#z"))
    settled = settle(before, {}, (), broken)
    assert (settled.take, settled.keep, settled.drop, settled.consequences) == ((), (), (), ())
    assert [problem.what.split(",")[0] for problem in settled.problems] == ["supersedes x#y", "cites s#z"]


AGAINST = {
    "a source that lacks the fact": ([a_source("s", "b")], [], {B}),
    "a source that is gone": ([], [S], {B}),
    "a source that is dated later": ([a_source("s", "a", day=DAY + timedelta(1))], [], {B}),
    "a retracted source": ([a_source("s", "a")._replace(retracted=True)], [], {B}),
    "a source for another server": ([own(a_source("s", "a"), 2)], [], {B}),
    "a source for the same server": ([own(a_source("s", "a"))], [], set()),
}


@pytest.mark.parametrize("how", AGAINST)
def test_what_is_for_one_server_holds_back_nothing_that_is_for_everyone(how: str) -> None:
    """It gives way, whether its file is there or not; the same briefing for everyone holds it back."""
    read, gone, held_out = AGAINST[how]
    local = by_path(a_source("s", "a"), own(a_briefing("b", "s#a")))
    settled = settle(local, by_path(*read), gone)
    assert (settled.keep, set(settled.drop)) == ((), held_out | {*gone})
    assert set(settled.take) == {shape.path for shape in read}
    settled = settle(by_path(a_source("s", "a"), a_briefing("b", "s#a")), by_path(*read), gone)
    assert (settled.take, settled.keep, settled.drop) == ((), (S,), ())


def test_what_leans_on_what_is_held_out_is_held_out_with_it() -> None:
    """A server's own source that would run in a circle goes, and its own briefing on that."""
    late = a_source("s", "a", day=DAY + timedelta(1))
    mine = own(a_source("t", "a", over={"a": "s#a"}))
    settled = settle(by_path(a_source("s", "a"), mine, own(a_briefing("b", "t#a"))), by_path(late))
    assert (settled.take, settled.keep, set(settled.drop)) == ((S,), (), {"corpus/t.md", B})


def test_a_server_holds_back_what_is_its_own() -> None:
    """What leans on a source of the same server keeps it, as it does for what is for everyone."""
    before = by_path(own(a_source("s", "a")), own(a_briefing("b", "s#a")))
    settled = settle(before, by_path(own(a_source("s", "b"))))
    assert (settled.take, settled.keep, settled.drop) == ((), (S,), ())
    settled = settle(before, by_path(a_source("s", "b")))
    assert (settled.take, settled.keep, settled.drop) == ((S,), (), (B,))


def test_a_server_takes_the_id_of_nothing_that_is_for_everyone() -> None:
    """A source for everyone takes the place of its source of that id, whatever leans on that."""
    before = by_path(own(a_source("s", "a")), own(a_briefing("b", "s#a")))
    settled = settle(before, by_path(a_source("s", "z"), a_briefing("c", "s#z")))
    assert (set(settled.take), settled.keep, settled.drop) == ({S, "briefings/c.md"}, (), (B,))


def test_what_is_for_others_closes_no_circle() -> None:
    """A relation to what is not there for a file is none; it is told as one that points nowhere."""
    mine = own(a_source("t", "a", over={"a": "s#a"}))
    settled = settle(by_path(mine, a_source("s", "a")), by_path(a_source("s", "a", over={"a": "t#a"})))
    assert "supersedes t#a, but there is no source t" in told(settled.problems)
    assert "circle" not in told(settled.problems)


NAMES = ("p", "q", "r")
FACTS = [f"{name}#{slug}" for name in NAMES for slug in "ab"]
DAYS = st.sampled_from([DAY, DAY + timedelta(1)])
AUDIENCES = st.sampled_from(["", "", "discord/1", "discord/2"])


@st.composite
def sources(draw: st.DrawFn, name: str) -> Shape:
    """Any source that one file can be."""
    facts = draw(st.lists(st.sampled_from("ab"), unique=True, min_size=1))
    pairs = st.tuples(
        st.sampled_from(facts), st.sampled_from(["supersedes", "disputes"]), st.sampled_from(FACTS)
    )
    relations = draw(st.lists(pairs, max_size=2, unique=True))
    return Shape(
        f"corpus/{name}.md",
        "source",
        name,
        draw(DAYS),
        tuple(f"{name}#{one}" for one in facts),
        tuple(Relation(f"{name}#{new}", kind, old, "so", 1) for new, kind, old in relations),
        audience=draw(AUDIENCES),
        retracted=draw(st.booleans()) and draw(st.booleans()),
    )


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Shape]:
    """Any files that may be read together."""
    made = [draw(sources(name)) for name in draw(st.lists(st.sampled_from(NAMES), unique=True))]
    cites = st.lists(st.sampled_from(FACTS), max_size=3)
    made += [
        a_briefing(name, *draw(cites), day=draw(DAYS))._replace(audience=draw(AUDIENCES))
        for name in draw(st.lists(st.sampled_from("xy"), unique=True))
    ]
    return by_path(*made)


@st.composite
def breakages(draw: st.DrawFn) -> dict[str, Shape]:
    """Files that cannot be read whole, as far as they can be."""
    made = [draw(sources(name)) for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))]
    undated = [shape._replace(known_on=draw(st.sampled_from([shape.known_on, None]))) for shape in made]
    return by_path(*(draw(st.sampled_from([shape, shape._replace(facts=())])) for shape in undated))


def split_off(read: dict[str, Shape], broken: dict[str, Shape]) -> tuple[dict[str, Shape], dict[str, Shape]]:
    """A file is read or broken, never both."""
    return {path: shape for path, shape in read.items() if path not in broken}, broken


changes = st.builds(split_off, stories(), breakages())


@settings(max_examples=400, deadline=None)
@given(
    changes, changes, st.sets(st.sampled_from([*(f"corpus/{name}.md" for name in NAMES), "briefings/x.md"]))
)
def test_whatever_changes_what_stands_fits_together(
    first: tuple[dict[str, Shape], dict[str, Shape]],
    second: tuple[dict[str, Shape], dict[str, Shape]],
    deleted: set[str],
) -> None:
    """After any changes nothing is wrong but what waits, and nothing is lost of which the file is there."""
    before = standing({}, first[0], settle({}, first[0], broken=first[1]))
    read, broken = second
    gone = sorted(path for path in deleted if path not in read and path not in broken)
    settled = settle(before, read, gone, broken)
    stand = standing(before, read, settled)

    for wrong in across(stand.values(), broken.values()):
        assert wrong.lacks
        assert wrong.problem.path in set(before) - set(settled.take)
        assert stand[wrong.problem.path].kind == "source"
    assert not set(settled.take) & set(settled.keep)
    assert not (set(settled.take) | set(settled.keep)) & set(settled.drop)
    assert set(read) <= {*settled.take, *settled.keep, *settled.drop}
    assert set(settled.keep) <= set(before)
    # Only what is for one server gives way though its file is there.
    assert {path for path in settled.drop if path in before and not before[path].audience} <= set(gone)
    assert set(read) == set(settled.take) or settled.problems or settled.consequences

    again = settle(stand, {}, (), broken)
    assert (again.take, again.keep, again.drop) == ((), (), ())


def shared(shapes: Mapping[str, Shape], whose: Mapping[str, str]) -> dict[str, Shape]:
    """Those of files that are for everyone."""
    return {path: shape for path, shape in shapes.items() if not whose[path]}


PATHS = [*(f"corpus/{name}.md" for name in NAMES), *(f"briefings/{name}.md" for name in "xy")]


@settings(max_examples=400, deadline=None)
@given(
    changes, changes, st.sets(st.sampled_from(PATHS)), st.fixed_dictionaries(dict.fromkeys(PATHS, AUDIENCES))
)
def test_what_is_for_everyone_stands_as_if_there_was_nothing_else(
    first: tuple[dict[str, Shape], dict[str, Shape]],
    second: tuple[dict[str, Shape], dict[str, Shape]],
    deleted: set[str],
    whose: dict[str, str],
) -> None:
    """No server's own files make a difference, whatever they cite, break or delete."""
    (one, one_broken), (read, broken) = (
        tuple(
            {path: shape._replace(audience=whose[path]) for path, shape in shapes.items()} for shapes in pair
        )
        for pair in (first, second)
    )
    before = standing({}, one, settle({}, one, broken=one_broken))
    alone = settle({}, shared(one, whose), broken=shared(one_broken, whose))
    assert shared(before, whose) == standing({}, shared(one, whose), alone)
    gone = sorted(path for path in deleted if path not in read and path not in broken)
    settled = settle(before, read, gone, broken)
    alone = settle(
        shared(before, whose), shared(read, whose), [path for path in gone if not whose[path]],
        shared(broken, whose),
    )  # fmt: skip
    for which, those in (
        (settled.take, alone.take),
        (settled.keep, alone.keep),
        (settled.drop, alone.drop),
    ):
        assert {path for path in which if not whose[path]} == set(those)


@settings(max_examples=200, deadline=None)
@given(stories(), stories())
def test_changes_without_a_problem_are_all_taken(before: dict[str, Shape], read: dict[str, Shape]) -> None:
    """Nothing is held back where everything fits together."""
    before = standing({}, before, settle({}, before))
    settled = settle(before, read)
    if not across({**before, **read}.values(), {}):
        assert set(settled.take) == set(read)
        assert (settled.keep, settled.drop, settled.problems, settled.consequences) == ((), (), (), ())
    else:
        assert settled.problems
