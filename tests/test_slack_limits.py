"""What the double of Slack refuses: at each limit it takes what one more breaks."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    ConversationFilter,
    ConversationSelectElement,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from tests.doubles.slack_limits import MESSAGE_JSON, VIEW_BYTES, problems_of_message, problems_of_view

Json = dict[str, Any]
LINE: Json = {"type": "divider"}


def plain(text: str) -> Json:
    """A text object without formatting."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A text object with formatting."""
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    """A section with a word in it."""
    return {"type": "section", "text": mrkdwn("Hello"), **more}


def button(**more: Any) -> Json:
    """A button with a word on it."""
    return {"type": "button", "text": plain("Press"), **more}


def actions(*elements: Json) -> Json:
    """A row of things to press."""
    return {"type": "actions", "elements": [*elements]}


def option(number: int = 0, **more: Any) -> Json:
    """One of several."""
    return {"text": plain(f"Option {number}"), "value": f"{number}", **more}


def select(**more: Any) -> Json:
    """A select with one option."""
    return {"type": "static_select", "options": [option()], **more}


def typed(**more: Any) -> Json:
    """A field to type into."""
    return {"type": "input", "label": plain("Says"), "element": {"type": "plain_text_input", **more}}


def confirm(**more: Any) -> Json:
    """A question before something is done."""
    texts = {"title": plain("Sure?"), "text": mrkdwn("It cannot be undone."), "confirm": plain("Yes")}
    return {**texts, "deny": plain("No"), **more}


def asked(**more: Any) -> Json:
    """A message with a button that asks before it does."""
    return message(actions(button(confirm=confirm(**more))))


def image(**more: Any) -> Json:
    """A picture."""
    return {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "A rover", **more}


def message(*blocks: Any, **more: Any) -> Json:
    """The arguments of chat.postMessage."""
    return {"channel": "C1", "text": "Hello", **({"blocks": [*blocks]} if blocks else {}), **more}


def modal(*blocks: Any, **more: Any) -> Json:
    """A view with a field."""
    frame = {"type": "modal", "title": plain("Correct"), "submit": plain("Send")}
    return {**frame, "blocks": [*(blocks or [typed()])], **more}


def home(*blocks: Any, **more: Any) -> Json:
    """The Home tab."""
    return {"type": "home", "blocks": [*blocks], **more}


def link(size: int) -> str:
    """An address of this many characters."""
    return "https://a.example/".ljust(size, "a")


def sections(size: int, taken: int = 0) -> list[Json]:
    """Sections that have this many characters as compact JSON, together with `taken` ones beside them."""
    blocks = [section(text=mrkdwn("ä" * 1000))]
    while (left := size - taken - len(compact(blocks))) > 2500:
        blocks.append(section(text=mrkdwn("ä" * 1000)))
    blocks[0]["text"] = mrkdwn("ä" * (1000 + min(left, 2000)))
    blocks[-1]["text"] = mrkdwn("ä" * (1000 + max(left - 2000, 0)))
    return blocks


def compact(thing: object) -> str:
    """The shortest JSON of it."""
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))


def wide(size: int) -> Json:
    """A message whose blocks have this many characters as JSON."""
    blocks = sections(size)
    assert len(compact(blocks)) == size
    return message(*blocks)


def broad(size: int) -> Json:
    """A view that has this many bytes as JSON."""
    options = [option(i, description=plain("ä" * 70)) for i in range(100)]
    view = modal(actions(*[select(options=options)] * 10), private_metadata="")
    while (left := size - len(compact(view).encode())) > 3000:
        view["blocks"].append(section(text=mrkdwn("x" * min(left - 2500, 3000))))
    view["private_metadata"] = "x" * left
    assert len(compact(view).encode()) == size
    return view


MESSAGE_LIMITS: list[tuple[str, int, Callable[[int], Json], str]] = [
    ("blocks", 50, lambda n: message(*[LINE] * n), "invalid_blocks: no more than 50 items"),
    ("section", 3000, lambda n: message(section(text=mrkdwn("x" * n))), "/blocks/0/text/text]"),
    ("fields", 10, lambda n: message(section(fields=[plain("x")] * n)), "/blocks/0/fields]"),
    ("field", 2000, lambda n: message(section(fields=[mrkdwn("x" * n)])), "/blocks/0/fields/0/text]"),
    ("header", 150, lambda n: message({"type": "header", "text": plain("x" * n)}), "/blocks/0/text/text]"),
    ("elements", 25, lambda n: message(actions(*[button()] * n)), "/blocks/0/elements]"),
    (
        "context",
        10,
        lambda n: message({"type": "context", "elements": [mrkdwn("x")] * n}),
        "/blocks/0/elements]",
    ),
    (
        "button",
        75,
        lambda n: message(actions(button(text=plain("x" * n)))),
        "/blocks/0/elements/0/text/text]",
    ),
    ("value", 2000, lambda n: message(actions(button(value="x" * n))), "/blocks/0/elements/0/value]"),
    ("url", 3000, lambda n: message(actions(button(url=link(n)))), "/blocks/0/elements/0/url]"),
    ("spoken", 75, lambda n: message(actions(button(accessibility_label="x" * n))), "accessibility_label]"),
    ("action_id", 255, lambda n: message(actions(button(action_id="x" * n))), "/elements/0/action_id]"),
    ("block_id", 255, lambda n: message(section(block_id="x" * n)), "/blocks/0/block_id]"),
    (
        "options",
        100,
        lambda n: message(actions(select(options=[option(i) for i in range(n)]))),
        "/elements/0/options]",
    ),
    (
        "option",
        75,
        lambda n: message(actions(select(options=[option(text=plain("x" * n))]))),
        "/options/0/text/text]",
    ),
    (
        "option value",
        150,
        lambda n: message(actions(select(options=[option(value="x" * n)]))),
        "/options/0/value]",
    ),
    (
        "placeholder",
        150,
        lambda n: message(actions(select(placeholder=plain("x" * n)))),
        "/placeholder/text]",
    ),
    ("alt", 2000, lambda n: message(image(alt_text="x" * n)), "/blocks/0/alt_text]"),
    ("image", 3000, lambda n: message(image(image_url=link(n))), "/blocks/0/image_url]"),
    ("image title", 2000, lambda n: message(image(title=plain("x" * n))), "/blocks/0/title/text]"),
    ("confirm title", 100, lambda n: asked(title=plain("x" * n)), "/confirm/title/text]"),
    ("confirm text", 300, lambda n: asked(text=mrkdwn("x" * n)), "/confirm/text/text]"),
    ("confirm yes", 30, lambda n: asked(confirm=plain("x" * n)), "/confirm/confirm/text]"),
    ("confirm no", 30, lambda n: asked(deny=plain("x" * n)), "/confirm/deny/text]"),
    ("all blocks", MESSAGE_JSON, wide, "msg_blocks_too_long: the blocks have 13201 characters"),
    ("text", 4000, lambda n: message(text="x" * n), "text_may_be_split: has 4001 characters"),
    ("edit", 4000, lambda n: message(text="x" * n, ts="1.2"), "msg_too_long: has 4001 bytes"),
    ("edit in bytes", 2000, lambda n: message(text="ä" * n, ts="1.2"), "msg_too_long: has 4002 bytes"),
    ("attachments", 100, lambda n: message(attachments=[{}] * n), "too_many_attachments"),
    (
        "metadata",
        7956,
        lambda n: message(metadata={"event_type": "a", "event_payload": {"id": "x" * n}}),
        "metadata_too_large",
    ),
]

VIEW_LIMITS: list[tuple[str, int, Callable[[int], Json], str]] = [
    ("blocks", 100, lambda n: home(*[LINE] * n), "invalid_arguments: no more than 100 items"),
    ("title", 24, lambda n: modal(title=plain("x" * n)), "/view/title/text]"),
    ("submit", 24, lambda n: modal(submit=plain("x" * n)), "/view/submit/text]"),
    ("close", 24, lambda n: modal(close=plain("x" * n)), "/view/close/text]"),
    ("private_metadata", 3000, lambda n: modal(private_metadata="x" * n), "/view/private_metadata]"),
    ("callback_id", 255, lambda n: modal(callback_id="x" * n), "/view/callback_id]"),
    ("label", 2000, lambda n: modal({**typed(), "label": plain("x" * n)}), "/view/blocks/0/label/text]"),
    ("hint", 2000, lambda n: modal({**typed(), "hint": plain("x" * n)}), "/view/blocks/0/hint/text]"),
    ("max_length", 3000, lambda n: modal(typed(max_length=n)), "/element/max_length]"),
    ("min_length", 3000, lambda n: modal(typed(min_length=n)), "/element/min_length]"),
    ("initial value", 3000, lambda n: modal(typed(initial_value="x" * n)), "/element/initial_value]"),
    ("its own", 9, lambda n: modal(typed(max_length=9, initial_value="x" * n)), "longer than max_length (9)"),
    ("placeholder", 150, lambda n: modal(typed(placeholder=plain("x" * n))), "/element/placeholder/text]"),
    ("bytes", VIEW_BYTES, broad, "view_too_large: the view has 256001 bytes"),
]


@pytest.mark.parametrize(
    ("most", "made", "said"), [row[1:] for row in MESSAGE_LIMITS], ids=[row[0] for row in MESSAGE_LIMITS]
)
def test_a_message_has_limits(most: int, made: Callable[[int], Json], said: str) -> None:
    """What is as long as may be passes, one more is refused once, with code and place."""
    assert problems_of_message(made(most)) == []
    found = problems_of_message(made(most + 1))
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("most", "made", "said"), [row[1:] for row in VIEW_LIMITS], ids=[row[0] for row in VIEW_LIMITS]
)
def test_a_view_has_limits(most: int, made: Callable[[int], Json], said: str) -> None:
    """A modal and the Home tab have limits as well."""
    assert problems_of_view(made(most)) == []
    assert any(said in problem for problem in problems_of_view(made(most + 1)))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (message(text="x" * 40_001), "msg_too_long: has 40001"),
        ({"channel": "C1"}, "no_text: there is neither text nor blocks [json-pointer:/text]"),
        ({"channel": "C1", "text": ""}, "no_text"),
        ({"channel": "C1", "blocks": [LINE]}, "missing_text_in_message"),
        (message(text=5), "invalid_arguments: must be a string [json-pointer:/text]"),
        (message(blocks="no JSON"), "invalid_blocks_format: is not JSON"),
        (message(blocks={"type": "divider"}), "invalid_blocks_format: must be an array"),
        (message("x"), "invalid_blocks: must be an object [json-pointer:/blocks/0]"),
        (message({}), "invalid_blocks: unsupported type: None [json-pointer:/blocks/0/type]"),
        (message({"type": ["section"]}), "unsupported type"),
        (message({"type": "video"}), "unsupported type: video"),
        (message(typed()), "unsupported type in a message: input"),
        (message({"type": "section"}), "missing required field: text [json-pointer:/blocks/0]"),
        (message({"type": "header"}), "missing required field: text"),
        (message({"type": "header", "text": mrkdwn("x")}), "must be plain_text, is mrkdwn"),
        (message({"type": "header", "text": "x"}), "must be a text object"),
        (message({"type": "actions"}), "no fewer than 1 items"),
        (message({"type": "context", "elements": []}), "no fewer than 1 items"),
        (
            message({"type": "context", "elements": [button()]}),
            "is button [json-pointer:/blocks/0/elements/0",
        ),
        (message(section(text=mrkdwn(""))), "must be more than 0 characters"),
        (message(section(text={"type": "mrkdwn"})), "missing required field: text"),
        (message(section(text={"type": "markdown", "text": "x"})), "must be plain_text or mrkdwn"),
        (message(section(text={**mrkdwn("x"), "emoji": True})), "invalid additional property: emoji"),
        (message(section(text={**plain("x"), "emoji": "yes"})), "must be a boolean"),
        (message(section(fields=[])), "no fewer than 1 items"),
        (message(section(accessory={"type": "plain_text_input"})), "unsupported type: plain_text_input"),
        (message(section(colour="red")), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (message({**LINE, "text": plain("x")}), "invalid additional property: text"),
        (message(section(block_id="a"), section(block_id="a")), "block_id a already exists"),
        (message(section(block_id="")), "must be more than 0 characters [json-pointer:/blocks/0/block_id]"),
        (message(section(block_id=5)), "must be a string"),
        (message(actions(button(action_id="a"), button(action_id="a"))), "action_id a already exists"),
        (message(actions(button(style="default"))), "must be one of primary, danger, is default"),
        (message(actions(button(url="javascript:x"))), "must be a valid URL"),
        (message(actions(button(text=mrkdwn("x")))), "must be plain_text, is mrkdwn"),
        (message(actions({"type": "button"})), "missing required field: text"),
        (message(actions(button(label="x"))), "invalid additional property: label"),
        (message(actions(typed()["element"])), "unsupported type: plain_text_input"),
        (message(actions(select(options=None))), "needs either options or option_groups"),
        (message(actions(select(options=[]))), "no fewer than 1 items"),
        (message(actions(select(options=[{"text": plain("x")}]))), "missing required field: value"),
        (message(actions(select(options=[option(value="")]))), "must be more than 0 characters"),
        (message(actions(select(initial_option=option(5)))), "must be one of the options"),
        (message(actions({"type": "conversations_select", "filter": {}})), "at least one field"),
        (
            message(actions({"type": "conversations_select", "filter": {"include": ["dm"]}})),
            "must be some of im, mpim, private, public",
        ),
        (message(actions(button(confirm={"title": plain("x")}))), "missing required field: text"),
        (asked(style="loud"), "must be one of primary, danger"),
        (
            message({"type": "image", "image_url": "https://a.example/b.png"}),
            "missing required field: alt_text",
        ),
        (message(image(image_url=None)), "needs either image_url or slack_file"),
        (message(image(slack_file={"id": "F1"})), "needs either image_url or slack_file"),
        (message(image(image_url=None, slack_file={})), "needs an id or a url"),
        (message(metadata="x"), "invalid_metadata_format: must be an object"),
        (message(metadata={"event_type": "A b", "event_payload": {}}), "must begin with a letter"),
        (message(metadata={"event_type": "a"}), "must be an object [json-pointer:/metadata/event_payload]"),
        (message(section(text=mrkdwn("Hi <!channel>"))), "broadcast_mention: <!channel> calls everybody"),
        (message(section(text=mrkdwn("<!here|here> you"))), "broadcast_mention: <!here|here>"),
        (message(text="<!everyone>"), "broadcast_mention: <!everyone> calls everybody"),
    ],
)
def test_a_message_is_refused(args: Json, said: str) -> None:
    """Whatever Slack refuses in a message, or we do, is said with its code and its place."""
    found = problems_of_message(args)
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(type="popup"), "unsupported type: popup"),
        (modal(title=None), "missing required field: title [json-pointer:/view]"),
        (modal(title=mrkdwn("x")), "must be plain_text"),
        (modal(submit=None), "must define submit to use input block [json-pointer:/view/blocks/0/input]"),
        (modal(submit=plain("")), "must be more than 0 characters"),
        (modal(blocks=None), "missing required field: blocks"),
        (modal(colour="red"), "invalid additional property: colour"),
        (modal(private_metadata={}), "must be a string [json-pointer:/view/private_metadata]"),
        (modal(clear_on_close="yes"), "must be a boolean"),
        (home(title=plain("x")), "a home view has no title"),
        (home(typed(), submit=plain("x")), "a home view has no submit"),
        (modal({"type": "input", "label": plain("x")}), "missing required field: element"),
        (modal({"type": "input", "element": typed()["element"]}), "missing required field: label"),
        (modal({**typed(), "label": mrkdwn("x")}), "must be plain_text, is mrkdwn"),
        (modal({**typed(), "element": button()}), "unsupported type: button"),
        (modal(typed(max_length=0)), "must be between 1 and 3000, is 0"),
        (modal(typed(max_length="9")), "must be an integer"),
        (modal(typed(min_length=9, max_length=8)), "must not be more than max_length (8)"),
        (modal(typed(value="x")), "invalid additional property: value"),
        (modal(typed(focus_on_load=True), typed(focus_on_load=True)), "only one element"),
        (modal({**typed(), "block_id": "a"}, {**typed(), "block_id": "a"}), "block_id a already exists"),
    ],
)
def test_a_view_is_refused(view: Json, said: str) -> None:
    """Whatever Slack refuses in a view is said with its code and its place."""
    found = problems_of_view(view)
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    "args",
    [
        message(),
        message(section(), LINE, actions(button(action_id="a")), actions(button(action_id="a"))),
        message(section(text=None, fields=[plain("a"), mrkdwn("b")], accessory=image())),
        message(section(text=plain("<!channel> is a word here, without formatting"))),
        message(section(text=mrkdwn("&lt;!channel&gt; <!date^0^{date}|then> <!subteam^S1>"))),
        message(blocks='[{"type": "divider"}]'),
        message(metadata={"event_type": "exomars_delivery", "event_payload": {"id": "a2"}}),
        message(text="x" * 4000, ts="1.2"),
        {"delete_original": True},
    ],
)
def test_a_good_message_passes(args: Json) -> None:
    """Nothing is refused without a reason."""
    assert problems_of_message(args) == []


def test_what_slacks_own_models_make_passes() -> None:
    """The fields that are known are those which slack_sdk sends."""
    sure = ConfirmObject(title="Sure?", text=MarkdownTextObject(text="It is for good."), style="danger")
    chosen = StaticSelectElement(
        placeholder="Which?", action_id="b", options=[Option(value="1", text="One", description="The first")]
    )
    places = ConversationSelectElement(
        placeholder="Where?",
        action_id="c",
        default_to_current_conversation=True,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    pressed = ButtonElement(
        text="Stop", action_id="a", value="1", style="danger", confirm=sure, accessibility_label="Stop it"
    )
    shared = [
        HeaderBlock(text="Heading"),
        SectionBlock(text=MarkdownTextObject(text="*Text*", verbatim=True), accessory=pressed),
        DividerBlock(block_id="line"),
        ActionsBlock(elements=[pressed, chosen, places, UserSelectElement(action_id="d", initial_user="U1")]),
        ContextBlock(elements=[PlainTextObject(text="small", emoji=False)]),
        ImageBlock(image_url="https://a.example/b.png", alt_text="A rover", title="Rover"),
    ]
    field = InputBlock(
        label="Says",
        hint="In a sentence",
        optional=True,
        element=PlainTextInputElement(
            action_id="e", placeholder="…", multiline=True, min_length=1, max_length=9, focus_on_load=True
        ),
    )
    blocks = [block.to_dict() for block in shared]
    view = View(
        type="modal", title="Edit", submit="Send", close="Close", callback_id="x", blocks=[*shared, field]
    )
    assert problems_of_message(message(*blocks)) == []
    assert problems_of_view(view.to_dict()) == []
    assert problems_of_view(home(*blocks, field.to_dict())) == []
