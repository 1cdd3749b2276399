"""JSON values made comparable: canonical texts, numbers, and schemas less their prose."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

from sesgate.openapi.document import At, Document

_DEEPEST = 24
_MOST = 5000

_NAMES = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "callbacks", "responses", "content", "headers"}
)
"""Under these keywords the members have names of the author's: one called `description` is no prose."""
_LITERAL = frozenset({"enum", "const", "required", "type", "mapping"})
_PROSE = frozenset(
    {"title", "summary", "description", "example", "examples", "default", "deprecated", "externalDocs", "xml", "tags"}
    | {"operationId", "$comment", "$defs", "definitions", "$id", "$schema", "$anchor"}
)
_UNORDERED = frozenset({"required", "enum", "type"})


def number(value: object) -> Fraction | None:
    """A finite JSON number, None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not isfinite(value):
        return None
    return Fraction(value)


def canonical(value: Any, depth: int = 0) -> str:
    """One text for equal values: member order and 1 = 1.0 make no difference. Cut off at a depth of 24."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        members = sorted((json.dumps(str(key)), canonical(inner, depth + 1)) for key, inner in value.items())
        return "{" + ",".join(f"{key}:{inner}" for key, inner in members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "[" + ",".join(canonical(inner, depth + 1) for inner in value) + "]"
    if value is None or isinstance(value, bool | str):
        return json.dumps(value)
    plain = number(value)
    return str(plain) if plain is not None else json.dumps(str(value))


def fingerprint(document: Document, at: At) -> str:
    """One text for objects that say the same in the same words: references followed, prose left out.

    Two texts may differ for objects that mean the same; then it takes a person to tell.
    """
    return _Fingerprint(document).of(at, 0)


class _Fingerprint:
    """Counts its steps: a document can refer to itself in exponentially many ways."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.left = _MOST

    def of(self, at: At, depth: int, *, names: bool = False) -> str:
        """`names` says that the members' names are the author's own."""
        self.left -= 1
        if isinstance(at.value, list):
            inner = [self.of(At(value), depth + 1) for value in at.value[: max(self.left, 0)]]
            return "[" + ",".join(inner) + "]"
        if not isinstance(at.value, Mapping):
            return canonical(at.value)
        reference = None if names else at.text("$ref")
        target = self.document.target(reference) if reference is not None else None
        if depth > _DEEPEST or self.left < 0:
            return f"…{reference or ''}"
        if target is not None and not (self.document.has_siblings_of_references and len(at.value) > 1):
            return self.of(target, depth + 1)
        told = []
        for name, member in at.members():
            if names:
                told.append(f"{json.dumps(name)}:{self.of(member, depth + 1)}")
            elif not (name in _PROSE or name.startswith("x-") or (name == "$ref" and target is not None)):
                told.append(f"{json.dumps(name)}:{self._member(name, member, depth)}")
        if target is not None:
            told.append(f'"$ref":{self.of(target, depth + 1)}')
        return "{" + ",".join(sorted(told)) + "}"

    def _member(self, name: str, member: At, depth: int) -> str:
        if name in _UNORDERED and isinstance(member.value, list):
            return "[" + ",".join(sorted(canonical(value) for value in member.value)) + "]"
        if name in _LITERAL:
            return canonical(member.value)
        return self.of(member, depth + 1, names=name in _NAMES)
