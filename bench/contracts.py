"""Large OpenAPI documents: a thousand schemas that lean on those next to them, some of them unions of six."""

import copy
import random
from typing import Any

SCHEMAS = 800
PATHS = 400


def compare_large(change: str) -> None:
    """Compares two of them. `change` is "none", "one" or "all"."""
    from sesgate.openapi import compare

    baseline = large()
    live = copy.deepcopy(baseline)
    schemas = live["components"]["schemas"]
    changed = {"none": [], "one": [schemas[f"S{SCHEMAS - 50}"]], "all": list(schemas.values())}[change]
    for schema in changed:
        schema["properties"]["p2"] = {"type": "object"}
    found = compare(baseline, live)
    assert bool(found) == bool(changed)


def large() -> dict[str, Any]:
    """About two megabytes as JSON, the same each time."""
    chance = random.Random(1)  # noqa: S311 - no secret
    schemas = {f"S{at}": _schema(chance, at) for at in range(SCHEMAS)}
    return {
        "openapi": "3.0.3",
        "info": {"title": "large", "version": "1"},
        "paths": {
            f"/v1/r{at}/{{id}}": {method: _operation(chance) for method in ("get", "post")} for at in range(PATHS)
        },
        "components": {"schemas": schemas},
    }


def _reference(at: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{min(at, SCHEMAS - 1)}"}


def _schema(chance: random.Random, at: int) -> dict[str, Any]:
    properties: dict[str, Any] = {"type": {"type": "string", "enum": [f"t{at}"]}}
    for number in range(14):
        near = at + 1 + int(chance.expovariate(1 / 25))
        kind = chance.choices(["plain", "reference", "list", "union", "enum"], [65, 20, 10, 2, 3])[0]
        properties[f"p{number}"] = {
            "plain": {
                "type": chance.choice(["string", "integer", "boolean"]),
                "description": "What clients show. " * 9,
            },
            "reference": _reference(near),
            "list": {"type": "array", "items": _reference(near)},
            "union": {"oneOf": [_reference(near + offset) for offset in range(6)]},
            "enum": {"type": "string", "enum": ["a", "b", "c"]},
        }[kind]
    return {"type": "object", "properties": properties, "required": ["type", "p0"]}


def _operation(chance: random.Random) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": _reference(chance.randrange(SCHEMAS))}}}
    answer = {"content": {"application/json": {"schema": _reference(chance.randrange(SCHEMAS))}}}
    parameter = {"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}
    return {"parameters": [parameter], "requestBody": body, "responses": {"200": {"description": "ok", **answer}}}
