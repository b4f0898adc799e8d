"""Files: uploading them in three steps, and handing them out to who has a token."""

import mimetypes
import secrets
from collections.abc import Callable
from typing import Any

from tests.doubles.slack_events import Events
from tests.doubles.slack_http import Call, Refused, Reply, wrong_arguments
from tests.doubles.slack_message import File
from tests.doubles.slack_posts import Draft, Posts
from tests.doubles.slack_world import World

Json = dict[str, Any]

MOST_BYTES = 1024**3
SIGN_IN = Reply(raw=b"<!DOCTYPE html><title>Sign in | Slack</title>", content_type="text/html; charset=utf-8")
"""What Slack answers, with a 200, to who asks for a file without a token that may read it."""


class Files:
    """files.* of the Web API, and the servers that take and hand out bytes."""

    def __init__(self, world: World, events: Events, posts: Posts) -> None:
        self._world = world
        self._posts = posts
        self._expected: dict[str, tuple[File, int]] = {}  # uploads by the token of their address
        self.base = ""  # http://127.0.0.1:port
        events.file_payload = self.payload

    def methods(self) -> dict[str, Callable[[Call], Json]]:
        """The methods, by name."""
        return {
            "files.getUploadURLExternal": self._begin,
            "files.completeUploadExternal": self._complete,
            "files.info": self._info,
        }

    def add(self, name: str, content: bytes, user: str) -> File:
        """A file that a person attaches."""
        file = File(self._world.new_id("F"), name, content, user, name)
        self._world.files[file.id] = file
        return file

    def payload(self, file: File) -> Json:
        """A file as Slack sends it."""
        url = f"{self.base}/files/{self._world.team.id}-{file.id}/{file.name}"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        ending = file.name.rpartition(".")[2] if "." in file.name else "binary"
        now = int(self._world.clock())
        return {
            "id": file.id,
            "created": now,
            "timestamp": now,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": kind,
            "filetype": {"txt": "text", "yml": "yaml"}.get(ending, ending),
            "pretty_type": ending.upper(),
            "user": file.user,
            "size": len(file.content) if file.told is None else file.told,
            "mode": "hosted",
            "is_external": False,
            "is_public": bool(file.channels),
            "url_private": url,
            "url_private_download": url.replace(f"/{file.name}", f"/download/{file.name}"),
            "channels": list(file.channels),
            "file_access": "visible",
        }

    def _begin(self, call: Call) -> Json:
        self._world.need("files:write")
        name, length = call.needed("filename"), call.number("length", 0, MOST_BYTES)
        if not length:
            raise wrong_arguments(call.method, "missing required field: length")
        file = File(self._world.new_id("F"), name, b"", self._world.bot.id, complete=False)
        token = secrets.token_urlsafe(18)
        self._expected[token] = (file, length)
        self._world.files[file.id] = file
        return {"upload_url": f"{self.base}/upload/v1/{token}", "file_id": file.id}

    def take(self, path: str, content: bytes) -> Reply:
        """The bytes of an upload."""
        found = self._expected.pop(path.rsplit("/", 1)[-1], None)
        if found is None:
            raise Refused("no_such_url", wrong="bytes for an address that was never given out, or is used")
        file, length = found
        if len(content) != length:
            raise Refused("length", wrong=f"an upload of {len(content)} bytes, where {length} were said")
        file.content = content
        words = f"OK - {len(content)}"
        return Reply(raw=words.encode(), content_type="text/plain; charset=utf-8")

    def _complete(self, call: Call) -> Json:
        self._world.need("files:write")
        listed = call.value("files")
        if not isinstance(listed, list) or not listed:
            raise wrong_arguments(call.method, "missing required field: files")
        files = [self._world.files.get(str(one.get("id"))) for one in listed]
        found = [file for file in files if file is not None and file.content and not file.complete]
        if len(found) != len(listed):
            raise Refused("file_not_found")
        places = call.listed("channels") or call.listed("channel_id")
        channels = [self._world.target(place) for place in places]
        thread = call.text("thread_ts")
        for channel in channels:
            self._posts.thread(channel, thread)
        for file, one in zip(found, listed, strict=True):
            file.title = str(one.get("title") or file.name)
            file.complete = True
            file.channels += [channel.id for channel in channels]
        for channel in channels:
            draft = Draft(call.text("initial_comment"), thread_ts=thread, files=found)
            self._posts.write(channel, self._world.bot, draft)
        return {"files": [self.payload(file) for file in found]}

    def _info(self, call: Call) -> Json:
        self._world.need("files:read")
        file = self._world.files.get(call.needed("file"))
        if file is None or not file.complete:
            raise Refused("file_not_found")
        return {"file": self.payload(file), "comments": [], "response_metadata": {"next_cursor": ""}}

    def serve(self, path: str, *, allowed: bool) -> Reply:
        """A file's bytes, or the page to sign in where the token does not allow it."""
        if not allowed or "files:read" not in self._world.scopes:
            return SIGN_IN
        found = self._world.files.get(path.split("/")[2].partition("-")[2])
        if found is None:
            return Reply(status=404, raw=b"not found", content_type="text/html; charset=utf-8")
        return Reply(raw=found.content, content_type="application/octet-stream")
