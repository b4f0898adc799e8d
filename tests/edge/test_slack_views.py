"""Forms as Slack's modals: within its limits, nothing cut off unsaid, and read back as they were."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command.form import Field, Form
from bot.curate.commands.forms import briefing_form, fact_form, source_form
from bot.desk.table import COMMANDS
from bot.edge.slack.listening.views import DOES, FORM, filled, overlong, view
from tests.doubles.slack_limits import problems_of_view
from tests.doubles.slack_reading import fields, initial, state_of

texts = st.text(max_size=3200)
choices = st.lists(
    st.tuples(st.text(max_size=100), st.text(max_size=160)), max_size=120, unique_by=lambda one: one[1]
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Any form that a command may ask for."""
    count = draw(st.integers(1, 5))
    made = [
        Field(
            f"field-{number}", draw(st.text(max_size=45)), draw(texts), draw(st.text(max_size=100)),
            draw(st.booleans()), draw(st.booleans()), draw(st.integers(1, 4000)),
            tuple(draw(choices)) if draw(st.booleans()) else (), draw(st.booleans()),
        )
        for number in range(count)
    ]  # fmt: skip
    return Form(draw(st.text(min_size=1, max_size=300)), draw(st.text(max_size=45)), tuple(made))


@settings(max_examples=100, deadline=None)
@given(forms(), st.text(max_size=3100))
def test_a_form_is_shown_whole_or_not_at_all(form: Form, private: str) -> None:
    """Slack takes what is shown; what stands in its fields can be read, and so can what it is for."""
    made = view(form, "ferry", private)
    if made is None:
        assert overlong(form) or len(f"ferry:form:{form.words}") > 255 or len(private) > 3000
        return
    assert problems_of_view(made) == []
    found = FORM.fullmatch(made["callback_id"])
    assert found is not None
    assert found["words"] == form.words
    assert made["private_metadata"] == private
    shown = dict(zip(form.fields, fields(made["blocks"]), strict=True))
    for field, (block, element) in shown.items():
        assert (block["block_id"], block["optional"]) == (field.name, not field.required)
        if element["type"] == "plain_text_input":
            assert initial(element) == field.value


def state(made: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    """The state of a modal that is sent with these values."""
    return {
        "values": {
            block["block_id"]: {
                element["action_id"]: state_of(element, given.get(block["block_id"], initial(element)))
            }
            for block, element in fields(made["blocks"])
        }
    }


def shown(form: Form) -> dict[str, Any]:
    """The form as a modal that Slack takes."""
    made = view(form, "ferry", "")
    assert made is not None
    assert problems_of_view(made) == []
    return made


@pytest.mark.parametrize("made", [briefing_form(), source_form(), fact_form()], ids=["add", "source", "fact"])
def test_a_form_of_the_newsroom_comes_back_as_it_was_filled_in(made: tuple[Field, ...]) -> None:
    """What is typed comes back by the names of the fields; what is left empty is empty."""
    form = shown(Form("add", "A new briefing", made))
    typed = {field.name: f"<{field.name}> & more" for field in made[:3]}
    assert filled(state(form, typed)) == {
        field.name: typed.get(field.name, "en" if field.name == "language" else "") for field in made
    }


def test_one_of_the_choices_is_chosen() -> None:
    """What was chosen comes back as its value, and what is chosen at first is what stood there."""
    kinds = Field("kind", "Kind", "daily", choices=(("Every day", "daily"), ("Every week", "weekly")))
    form = shown(Form("digest subscribe", "A digest", (kinds,)))
    assert filled(state(form, {})) == {"kind": "daily"}
    assert filled(state(form, {"kind": "weekly"})) == {"kind": "weekly"}
    other = shown(Form("digest subscribe", "A digest", (kinds._replace(value="hourly"),)))
    assert filled(state(other, {})) == {"kind": ""}


def test_a_channel_is_chosen_and_mentioned() -> None:
    """The channel where one is stands there at first, or the one that was named; it comes as a mention."""
    place = Field("channel", "Channel", place=True, required=False)
    form = shown(Form("digest subscribe", "A digest", (place,)))
    element = form["blocks"][0]["element"]
    assert element["default_to_current_conversation"] is True
    assert filled(state(form, {"channel": "C123"})) == {"channel": "<#C123>"}
    assert filled(state(form, {"channel": ""})) == {"channel": ""}
    named = shown(Form("digest subscribe", "A digest", (place._replace(value="<#C9>"),)))
    assert filled(state(named, {})) == {"channel": "<#C9>"}


def test_what_the_narrow_title_cuts_off_is_said_below_it() -> None:
    """Slack shows 24 characters of a title: a longer one stands whole in the modal."""
    field = Field("was", "What was wrong")
    short = shown(Form("x", "A fact", (field,)))
    long = shown(Form("x", "Correct 2022-07-13-termination", (field,)))
    assert [block["type"] for block in short["blocks"]] == ["input"]
    assert long["blocks"][0]["text"]["text"] == "Correct 2022-07-13-termination"
    assert long["title"]["text"] == "Correct 2022-07-13-term…"


def test_a_field_that_slack_cannot_hold_is_named() -> None:
    """Nothing that stands in a form is cut off: there is no form then, and it is known why."""
    text = Field("text", "Text", "x" * 3001, long=True)
    assert overlong(Form("x", "T", (Field("a", "A"), text))) is text
    assert view(Form("x", "T", (text,)), "ferry", "") is None
    fits = shown(Form("x", "T", (text._replace(value="x" * 3000),)))
    assert fits["blocks"][0]["element"]["max_length"] == 3000


def test_a_text_of_several_lines_keeps_them() -> None:
    """It is shown in a field of several lines, also where one was asked for."""
    form = shown(Form("x", "T", (Field("a", "A", "one\ntwo"),)))
    assert form["blocks"][0]["element"]["multiline"] is True


@pytest.mark.parametrize("sent", [{}, {"values": {}}, {"values": {"a": {}}}])
def test_a_state_without_values_is_nothing(sent: dict[str, Any]) -> None:
    """What has no fields brings none."""
    assert filled(sent) == {}


def test_the_button_that_sends_a_form_says_what_that_does() -> None:
    """Every form of the table has a word for it."""
    for words, does in {
        "digest subscribe": "Subscribe",
        "add to 12": "Preview",
        "source add": "Preview",
        "draft fact 3 #left": "Preview",
        "retract 2022-07-13-end": "Preview",
        "report": "Report",
        "report close 3": "Close report",
        "unheard of": "Send",
    }.items():
        made = view(Form(words, "A form", (Field("body", "Text"),)), "ferry", "")
        assert made is not None
        assert made["submit"]["text"] == does
    asked = [command.name for command in COMMANDS if command.form is not None]
    assert set(asked) == set(DOES)
