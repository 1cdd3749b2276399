"""The JSON Schema of the gate file, for editors: generated from the models."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from sesgate.gate.keys import bare, fields_of, key_of
from sesgate.gate.models import Gate

_FILLED = {"$ref": "#/definitions/Filled"}
_DEFINITION_OF_FILLED = {
    "description": "A value that is filled from the environment: ${VAR}, ${VAR:-default} or ${VAR:?message}.",
    "type": "string",
    "pattern": r"\$\{",
}
_ANY_SCALAR = ["string", "number", "boolean", "null"]


def gate_schema() -> dict[str, Any]:
    """The schema, in draft-07, which the most editors know. It accepts every gate that the loader accepts.

    Where text is wanted it takes any scalar: the loader reads `8080` or `NO` by its characters, an editor does not.
    """
    generated = Gate.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = generated.pop("$defs")
    for model in _models(Gate):
        _describe(model, generated if model is Gate else definitions[model.__name__])
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "sesgate gate",
        **_for_editors(generated),
        "definitions": {name: _for_editors(part) for name, part in definitions.items()},
    }
    schema["definitions"]["Filled"] = _DEFINITION_OF_FILLED
    schema["type"] = "object"
    return schema


def _for_editors(part: dict[str, Any]) -> dict[str, Any]:
    """One part of pydantic's schema as an editor needs it."""
    part = {key: value for key, value in part.items() if key != "title" and (key, value) != ("default", None)}
    described: dict[str, Any] = {key: part.pop(key) for key in ("description", "default") if key in part}
    for key in ("properties", "patternProperties"):
        if key in part:
            part[key] = {name: _for_editors(each) for name, each in part[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(part.get(key), dict):
            part[key] = _for_editors(part[key])
    if "anyOf" in part and part.get("type") != "object":
        part["anyOf"] = [_for_editors(each) for each in part["anyOf"] if each != {"type": "null"}]
        if len(part["anyOf"]) == 1:
            part = part["anyOf"][0]
    return _with_description(_accepting_what_yaml_gives(part), described)


def _with_description(part: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """In draft-07, nothing counts beside a $ref."""
    if described and "$ref" in part:
        part = {"allOf": [part]}
    return {**described, **part}


def _accepting_what_yaml_gives(part: dict[str, Any]) -> dict[str, Any]:
    """`${VAR}` may stand for every scalar, any scalar may be text, and an empty section is null to an editor."""
    kind = part.get("type")
    if "enum" in part or "const" in part or kind in ("boolean", "integer", "number"):
        return {"anyOf": [part, _FILLED]}
    if kind == "string" and part.get("format") == "date":
        return {"anyOf": [{"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, _FILLED]}
    if kind == "string":
        return {**part, "type": _ANY_SCALAR}
    may_be_empty = not part.keys() & {"required", "minProperties", "oneOf", "anyOf", "minItems"}
    if kind in ("object", "array") and may_be_empty:
        return {**part, "type": [kind, "null"]}
    return part


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model, and all those in its fields."""
    yield model
    for field in model.model_fields.values():
        yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _models(annotation)
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _describe(model: type[BaseModel], part: dict[str, Any]) -> None:
    """Puts the docstrings below a model's fields into its schema."""
    parents = [each for each in reversed(model.__mro__) if issubclass(each, BaseModel) and each is not BaseModel]
    docstrings = {key: text for each in parents for key, text in _field_docstrings(each).items()}
    for key in fields_of(model):
        if key in docstrings:
            part["properties"][key]["description"] = docstrings[key]


def _field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """What stands below each field. Collected here rather than by pydantic: that would cost every import."""
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    except (OSError, SyntaxError):  # the source is not installed: the schema holds without descriptions
        return {}
    docstrings = {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for field, below in pairwise(statements):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            name = field.target.id
            text = ast.literal_eval(below.value)
            docstrings[key_of(name, model.model_fields[name])] = text
    return docstrings
