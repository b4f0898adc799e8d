"""Discord's own API description (OpenAPI 3.1) as a judge of every request.

The file is named by the environment variable DISCORD_OPENAPI, or lies next to the checkout in
`../shared/discord/openapi.json`. Where there is none, nothing is judged.
"""

import functools
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import referencing
from jsonschema.exceptions import ValidationError, best_match
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]

BESIDE = Path(__file__).parents[2].parent / "shared" / "discord" / "openapi.json"
ROOT = "urn:discord"


@dataclass(frozen=True)
class Exemption:
    """A place where Discord is looser than its description says, with what holds instead."""

    schema: str  # a name in components/schemas
    instead: Json
    because: str


EXEMPTIONS = (
    Exemption(
        "SnowflakeType",
        {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0},
        "Discord reads integer ids too; discord.py sends them in message_reference, attachments, "
        "allowed_mentions and applied_tags",
    ),
)
"""All that discord.py's own well-formed requests need, and nothing more."""


@dataclass(frozen=True)
class Operation:
    """One documented method on one path."""

    name: str  # operationId
    method: str
    template: str
    shape: re.Pattern[str]  # matches the paths of this template
    details: Json


class OpenApi:
    """Finds the operation of a request, and says what its body does against the schema."""

    def __init__(self, document: Json) -> None:
        self._schemas: Json = document["components"]["schemas"]
        for exemption in EXEMPTIONS:
            self._schemas[exemption.schema] = exemption.instead
        resource = DRAFT202012.create_resource(document)
        self._registry: Any = referencing.Registry().with_resource(ROOT, resource)
        self._operations = list(_operations(document))
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request; a template without placeholders goes first."""
        for operation in self._operations:
            if operation.method == method and operation.shape.fullmatch(path):
                return operation
        return None

    def violations(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with a request; an empty list if nothing is."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such path in Discord's API"]
        request = operation.details.get("requestBody")
        if body is None or request is None:
            needed = request is not None and request.get("required")
            return [f"{method} {path}: {operation.name} needs a body"] if needed else []
        where = f"{_pointer(operation)}/requestBody/content/application~1json/schema"
        return [f"{method} {path}: {what} ({operation.name})" for what in self._faults(where, body)]

    def reply_violations(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with a successful reply of the double, by the same description."""
        operation = self.operation(method, path)
        if operation is None or body is None:
            return []
        answer = operation.details["responses"].get(str(status), {})
        if "application/json" not in answer.get("content", {}):
            return [f"{method} {path}: {operation.name} does not answer {status} with JSON"]
        where = f"{_pointer(operation)}/responses/{status}/content/application~1json/schema"
        return [f"{method} {path}: {what} ({operation.name})" for what in self._faults(where, body)]

    def _faults(self, pointer: str, body: Any) -> list[str]:
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema.Draft202012Validator(
                {"$ref": f"{ROOT}#{pointer}"}, registry=self._registry
            )
        error = best_match(self._validators[pointer].iter_errors(body))
        if error is None:
            return []
        while error.context:
            error = _meant(error.context)
        return [f"{error.json_path} {error.message[:300]}"]


def _meant(errors: Sequence[ValidationError]) -> ValidationError:
    """Of a union, the error of the alternative with the right `type` that went furthest."""
    wrong = {e.schema_path[0] for e in errors if list(e.relative_path) == ["type"]}
    right = [e for e in errors if e.schema_path[0] not in wrong] or errors
    return max(right, key=lambda e: len(e.relative_path))


def _pointer(operation: Operation) -> str:
    template = operation.template.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    return f"/paths/{template}/{operation.method.lower()}"


def _operations(document: Json) -> list[Operation]:
    found = []
    for template, methods in document["paths"].items():
        shape = re.compile(re.sub(r"\{\w+\}", "[^/]+", template))
        for method, details in methods.items():
            if method != "parameters":
                name = str(details["operationId"])
                found.append(Operation(name, method.upper(), template, shape, details))
    return sorted(found, key=lambda operation: operation.template.count("{"))


def load() -> OpenApi | None:
    """The description, if there is one; an empty DISCORD_OPENAPI switches it off."""
    named = os.environ.get("DISCORD_OPENAPI")
    path = BESIDE if named is None else Path(named)
    return _read(path) if path.is_file() else None


@functools.cache
def _read(path: Path) -> OpenApi:
    return OpenApi(json.loads(path.read_text(encoding="utf-8")))
