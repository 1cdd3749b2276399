"""Documents made to be slow, deep or endless."""

from typing import Any

import pytest

from sesgate.openapi import MAX_BREAKS, compare

from .documents import Json, answering, content, document, operation


def doubling(keyword: str) -> Json:
    """Thirty schemas, each twice the one before: 2^30 when written out."""
    schemas: Json = {"S0": {"type": "string"}}
    for level in range(1, 30):
        inner = {"$ref": f"#/components/schemas/S{level - 1}"}
        schemas[f"S{level}"] = (
            {"type": "object", "properties": {"a": inner, "b": inner}}
            if keyword == "properties"
            else {keyword: [inner, {**inner}]}
        )
    return answering({"$ref": "#/components/schemas/S29"}, components={"schemas": schemas})


def shared_objects() -> Json:
    """What YAML aliases make: objects that are shared, 2^40 places of few objects."""
    inner: Any = {"type": "string"}
    for _ in range(40):
        inner = {"type": "object", "properties": {"a": inner, "b": inner}}
    return answering(inner)


def endless() -> Json:
    """What YAML anchors make: an object that has itself."""
    inner: Json = {"type": "object", "properties": {}}
    inner["properties"]["self"] = inner
    inner["not"] = inner
    inner["allOf"] = [inner]
    return answering(inner)


def cycles(length: int, kind: str) -> Json:
    """A ring of schemas, one with more to say. Rings of coprime lengths meet in as many pairs as their product."""
    schemas: Json = {
        f"S{at}": {"type": "object", "properties": {"n": {"$ref": f"#/components/schemas/S{(at + 1) % length}"}}}
        for at in range(length)
    }
    schemas["S0"]["properties"]["v"] = {"type": kind}
    return answering({"$ref": "#/components/schemas/S0"}, components={"schemas": schemas})


def many_alternatives(count: int, kind: str) -> Json:
    branches = [
        {"type": "object", "properties": {f"{kind}{at}": {"type": "string"}}, "required": [f"{kind}{at}"]}
        for at in range(count)
    ]
    return answering({"oneOf": branches})


def many_events(count: int) -> Json:
    """A union of events that a fixed value tells apart, each with unions of its own."""
    inner = [{"type": "object", "properties": {"kind": {"enum": [f"k{at}"]}, "v": {}}} for at in range(count // 3)]
    branches = [
        {"type": "object", "properties": {"type": {"enum": [f"t{at}"]}, f"p{at % 7}": {"oneOf": [*inner]}}}
        for at in range(count)
    ]
    return answering({"oneOf": branches})


def many_operations(kind: str) -> Json:
    """Operations that all answer one large graph, with a change at its end."""
    schemas: Json = {"S300": {"type": kind}}
    for at in range(300):
        schemas[f"S{at}"] = {"type": "object", "properties": {"n": {"$ref": f"#/components/schemas/S{at + 1}"}}}
    answer = {"responses": {"200": content({"$ref": "#/components/schemas/S0"})}}
    return document({f"/p{at}": {"get": answer} for at in range(2000)}, components={"schemas": schemas})


def alternatives_of_one_another() -> Json:
    """Each schema is one of the others, and all of them: 2^12 combinations, of which few differ."""
    names = [f"S{at}" for at in range(12)]
    both = [{"oneOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "string"}]} for name in names]
    return answering({"allOf": both}, components={"schemas": {name: {"allOf": both} for name in names}})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (doubling("properties"), doubling("properties")),
        (doubling("allOf"), doubling("allOf")),
        (doubling("oneOf"), doubling("oneOf")),
        (doubling("anyOf"), doubling("allOf")),
        (alternatives_of_one_another(), alternatives_of_one_another()),
        (alternatives_of_one_another(), doubling("allOf")),
        (shared_objects(), shared_objects()),
        (endless(), endless()),
        (endless(), shared_objects()),
        (cycles(101, "string"), cycles(97, "string")),
        (cycles(101, "string"), cycles(97, "integer")),
        (many_alternatives(60, "a"), many_alternatives(60, "b")),
        (many_events(60), many_events(61)),
        (many_operations("string"), many_operations("integer")),
    ],
)
def test_it_comes_to_an_end(one: Json, other: Json) -> None:
    """What grows without bounds meets the limit of the test runner."""
    found = compare(one, other)
    assert len(found) <= MAX_BREAKS + 1


def test_what_is_cut_off_is_told() -> None:
    before = document({f"/{at}": {"get": operation()} for at in range(MAX_BREAKS + 5)})
    found = compare(before, document())
    assert len(found) == MAX_BREAKS + 1
    assert found[-1].kind == "not-compared"
    assert compare(cycles(1009, "string"), cycles(1013, "integer"))[-1].kind == "not-compared"


def test_a_deep_document() -> None:
    schema: Json = {"type": "string"}
    for _ in range(3000):
        schema = {"type": "array", "items": schema}
    found = compare(answering(schema), answering({"type": "array"}))
    assert [each.severity.value for each in found if each.kind == "type-changed"] == ["blocker"]
    assert all(len(each.message) < 400 for each in found)


def test_long_names_are_cut() -> None:
    before = answering({"type": "object", "properties": {"a" * 9999: {"type": "string", "enum": ["b" * 9999]}}})
    for each in compare(before, answering({"type": "object", "properties": {"a" * 9999: {"type": "integer"}}})):
        assert len(each.message) < 400
