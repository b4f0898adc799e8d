"""What Slack refuses in a message or a view, and the words it refuses it with.

Numbers are those of Slack's reference (block-kit, methods) and of the models of slack_sdk; those of a
whole message are measured by others (bolt-js #2509, #2867), as Slack does not publish them. Every
problem begins with the code of Slack's error, and says where as Slack does: `[json-pointer:/blocks/1]`.
"""

import json
import re
from collections.abc import Iterator, Mapping

from tests.doubles.slack_block_limits import check_blocks, type_of
from tests.doubles.slack_problems import ID, Json, Problems

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# The whole of a message's blocks. Reports differ in what Slack counts: with long blocks it stops at 13,202
# to 13,297 characters of text, with many small ones before 11,400, so that their frames seem to count. The
# JSON of the blocks, as compact as it gets, counts text and frames in full: it is the strictest measure.
MESSAGE_JSON = 13_200
VIEW_BYTES = 250 * 1024  # of the view's JSON
TEXT = 40_000
READ_TEXT = 4_000  # longer text may be split into several messages
EDIT_BYTES = 4_000  # of `text` in chat.update
ATTACHMENTS = 100
VIEW_TITLE, PRIVATE, CALLBACK = 24, 3000, 255
METADATA_BYTES = 8000  # conservative: Slack names no number

# What Slack takes with a warning or none at all, and the bot must not do all the same.
NOT_REFUSED = frozenset({"missing_text_in_message", "broadcast_mention", "text_may_be_split"})
_EVENT_TYPE = re.compile(r"[a-z][a-z0-9_]*")
_KNOWN_VIEW = {
    *("type", "title", "submit", "close", "blocks", "private_metadata", "callback_id"),
    *("external_id", "clear_on_close", "notify_on_close", "submit_disabled"),
}


def problems_of_message(args: Json) -> list[str]:
    """What is wrong with the arguments of chat.postMessage, postEphemeral or update, or of a response_url.

    Arguments with a `ts` are those of an edit. An empty list: Slack takes it, and so do we.
    """
    problems = Problems("invalid_blocks")
    text = args.get("text")
    blocks = problems.listed(args.get("blocks"), "/blocks", code="invalid_blocks_format")
    if text is not None and not isinstance(text, str):
        problems.add("/text", "must be a string", code="invalid_arguments")
        text = ""
    deleted = args.get("delete_original") is True
    if not text and not deleted:
        if not blocks and not args.get("attachments"):
            problems.add("/text", "there is neither text nor blocks", code="no_text")
        elif blocks:
            what = "blocks without text: nothing to show in a notification, nothing to read out"
            problems.add("/text", what, code="missing_text_in_message")
    _check_text(text or "", problems, edit="ts" in args)
    if len(args.get("attachments") or ()) > ATTACHMENTS:
        problems.add("/attachments", f"no more than {ATTACHMENTS} items allowed", code="too_many_attachments")
    problems.count(blocks, "/blocks", 0, MESSAGE_BLOCKS)
    check_blocks(blocks, problems, "/blocks", surface="message")
    if (size := len(_compact(blocks))) > MESSAGE_JSON:
        what = f"the blocks have {size} characters as JSON, more than {MESSAGE_JSON}"
        problems.add("/blocks", what, code="msg_blocks_too_long")
    if args.get("metadata") is not None:
        _check_metadata(args["metadata"], problems)
    return problems.found


def problems_of_view(view: Json) -> list[str]:
    """What is wrong with the view of views.open, views.push, views.update or views.publish."""
    problems = Problems("invalid_arguments")
    if not isinstance(view, Mapping):
        problems.add("/view", "must be an object")
        return problems.found
    at, kind = "/view", view.get("type")
    if kind not in ("modal", "home"):
        problems.add(f"{at}/type", f"unsupported type: {kind}")
    problems.keys(view, at, _KNOWN_VIEW)
    blocks = problems.listed(view.get("blocks"), f"{at}/blocks")
    if view.get("blocks") is None:
        problems.add(at, "missing required field: blocks")
    problems.count(blocks, f"{at}/blocks", 0, VIEW_BLOCKS)
    surface = "modal" if kind == "modal" else "home"
    _check_frame(view, problems, at, surface)
    check_blocks(blocks, problems, f"{at}/blocks", surface=surface)
    inputs = [index for index, block in enumerate(blocks) if type_of(block) == "input"]
    if inputs and surface == "modal" and not view.get("submit"):
        problems.add(f"{at}/blocks/{inputs[0]}/input", "must define submit to use input block")
    if sum(one.get("focus_on_load") is True for one in _nested(blocks)) > 1:
        problems.add(f"{at}/blocks", "only one element can have focus_on_load")
    if (size := len(_compact(view).encode())) > VIEW_BYTES:
        problems.add(at, f"the view has {size} bytes, more than {VIEW_BYTES}", code="view_too_large")
    return problems.found


def _check_frame(view: Json, problems: Problems, at: str, surface: str) -> None:
    """All of a view that stands around its blocks."""
    for name in ("title", "submit", "close"):
        if view.get(name) is not None and surface == "home":
            problems.add(f"{at}/{name}", f"a home view has no {name}")
        elif view.get(name) is not None or (name == "title" and surface == "modal"):
            problems.text(view, at, name, VIEW_TITLE, plain=True)
    problems.string(view, at, "private_metadata", PRIVATE)
    problems.string(view, at, "callback_id", CALLBACK)
    problems.string(view, at, "external_id", ID)
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        problems.flag(view, at, name)


def _check_text(text: str, problems: Problems, *, edit: bool) -> None:
    if len(text) > TEXT:
        problems.add("/text", f"has {len(text)} characters, more than {TEXT}", code="msg_too_long")
    elif edit and len(text.encode()) > EDIT_BYTES:
        what = f"has {len(text.encode())} bytes, more than {EDIT_BYTES} of an edit"
        problems.add("/text", what, code="msg_too_long")
    elif len(text) > READ_TEXT:
        what = f"has {len(text)} characters, more than {READ_TEXT}"
        problems.add("/text", what, code="text_may_be_split")
    problems.quiet(text, "/text")


def _check_metadata(metadata: object, problems: Problems) -> None:
    code = "invalid_metadata_format"
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except ValueError:
            metadata = None
    if not isinstance(metadata, Mapping):
        problems.add("/metadata", "must be an object", code=code)
        return
    event, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event, str) or not _EVENT_TYPE.fullmatch(event):
        what = "must begin with a letter and have only a-z, 0-9 and _"
        problems.add("/metadata/event_type", what, code=code)
    if not isinstance(payload, Mapping):
        problems.add("/metadata/event_payload", "must be an object", code=code)
    for name in metadata:
        if name not in ("event_type", "event_payload"):
            problems.add("/metadata", f"invalid additional property: {name}", code=code)
    if (size := len(_compact(metadata).encode())) > METADATA_BYTES:
        what = f"has {size} bytes, more than {METADATA_BYTES}"
        problems.add("/metadata", what, code="metadata_too_large")


def _nested(thing: object) -> Iterator[Json]:
    """Every object in a thing, itself included."""
    if isinstance(thing, Mapping):
        yield thing
        for value in thing.values():
            yield from _nested(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _nested(value)


def _compact(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"), default=dict)
