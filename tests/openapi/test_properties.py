"""What holds for every pair of documents."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sesgate.openapi import Side, compare

from .documents import Json, content, document, operation

NAMES = ("A", "B", "C")
REFERENCES = st.sampled_from([{"$ref": f"#/components/schemas/{name}"} for name in NAMES])
LEAVES: st.SearchStrategy[Json] = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": st.integers(0, 3),
            "maxLength": st.integers(3, 6),
            "pattern": st.sampled_from(["^a", "b$"]),
            "format": st.sampled_from(["date", "uuid", "x"]),
            "nullable": st.booleans(),
            "enum": st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, unique=True),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": st.integers(0, 3),
            "maximum": st.integers(3, 6),
            "exclusiveMinimum": st.booleans(),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "format": st.sampled_from(["int32", "int64"]),
        },
    ),
    st.sampled_from([{"type": "boolean"}, {}, {"type": "array"}, {"type": "object"}, {"not": {"type": "string"}}]),
)
PROPERTIES = st.sampled_from(["a", "b", "c", "description"])


def objects(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(PROPERTIES, schemas, max_size=3)},
        optional={"required": st.lists(PROPERTIES, max_size=2, unique=True)},
    )


def arrays(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.builds(lambda items: {"type": "array", "items": items}, schemas)


def composed(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    lists = st.lists(schemas, min_size=1, max_size=3)
    keywords = st.sampled_from(["allOf", "oneOf", "anyOf"])
    return st.builds(lambda keyword, members: {keyword: members}, keywords, lists) | st.builds(
        lambda schema, additional: {**schema, "additionalProperties": additional}, objects(schemas), schemas
    )


PLAIN: st.SearchStrategy[Json] = st.recursive(LEAVES, lambda inner: objects(inner) | arrays(inner), max_leaves=6)
SCHEMAS: st.SearchStrategy[Json] = st.recursive(
    LEAVES | REFERENCES, lambda inner: objects(inner) | arrays(inner) | composed(inner), max_leaves=8
)


def operations(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    parameters = st.builds(
        lambda place, name, schema, required: {"in": place, "name": name, "schema": schema, "required": required},
        st.sampled_from(["query", "header"]),
        st.sampled_from(["p", "q"]),
        schemas,
        st.booleans(),
    )
    bodies = schemas.map(content)
    codes = st.sampled_from(["200", "201", "404", "4XX", "default"])
    return st.fixed_dictionaries(
        {
            "parameters": parameters.map(lambda parameter: [parameter]),
            "responses": st.dictionaries(codes, bodies, min_size=1, max_size=2),
        },
        optional={"requestBody": bodies},
    )


def documents(schemas: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Documents of one operation, and a path that says little: what is hard lies in the schemas."""
    paths = st.fixed_dictionaries(
        {
            "/a/{id}": st.builds(
                lambda method, found: {method: found}, st.sampled_from(["get", "post"]), operations(schemas)
            )
        }
    )
    components = st.fixed_dictionaries(dict.fromkeys(NAMES, schemas)).map(lambda found: {"schemas": found})
    versions = st.sampled_from(["3.0.3", "3.1.0"])
    return st.builds(
        lambda found, version, parts: document(found, version=version, components=parts), paths, versions, components
    )


DOCUMENTS = documents(SCHEMAS)
SHALLOW = st.dictionaries(
    st.sampled_from(["/a", "/a/{id}", "/b/{x}/c"]),
    st.dictionaries(st.sampled_from(["get", "post"]), operations(REFERENCES), min_size=1),
    min_size=1,
).map(lambda paths: document(paths, components={"schemas": {name: {"type": "string"} for name in NAMES}}))


@given(DOCUMENTS)
def test_a_document_breaks_nothing_of_itself(one: Json) -> None:
    assert compare(one, one) == ()
    assert compare(one, copy.deepcopy(one)) == ()


def turned(value: Any) -> Any:
    """The same with all members, and all lists whose order says nothing, the other way round, and with prose."""
    if isinstance(value, dict):
        found = {key: turned(inner) for key, inner in reversed(value.items())}
        for keyword in ("required", "enum", "allOf", "parameters"):
            if isinstance(found.get(keyword), list):
                found[keyword].reverse()
        return {**found, "description": "new"} if "type" in found and isinstance(found["type"], str) else found
    return [turned(inner) for inner in value] if isinstance(value, list) else value


@given(DOCUMENTS)
def test_order_and_prose_break_nothing(one: Json) -> None:
    assert compare(one, turned(one)) == ()
    assert compare(turned(one), one) == ()


def inlined(value: Any, schemas: Json) -> Any:
    """The same with each reference replaced by what it refers to, once."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            return copy.deepcopy(schemas[value["$ref"].rpartition("/")[2]])
        return {key: inlined(inner, schemas) for key, inner in value.items()}
    return [inlined(inner, schemas) for inner in value] if isinstance(value, list) else value


@given(DOCUMENTS)
def test_inlining_references_breaks_nothing(one: Json) -> None:
    other = inlined(one, one["components"]["schemas"])
    assert compare(one, other) == ()
    assert compare(other, one) == ()


@given(DOCUMENTS, DOCUMENTS)
def test_whether_something_breaks_hangs_on_no_reference(one: Json, other: Json) -> None:
    """How it is told may: alternatives that are references have a name, and are paired by it."""
    copies = [inlined(each, each["components"]["schemas"]) for each in (one, other)]
    assert bool(compare(one, other)) == bool(compare(*copies))


@given(SHALLOW, st.data())
def test_what_is_gone_is_told(one: Json, data: st.DataObject) -> None:
    other = copy.deepcopy(one)
    path = data.draw(st.sampled_from(sorted(one["paths"])))
    if data.draw(st.booleans()):
        del other["paths"][path]
    else:
        del other["paths"][path][data.draw(st.sampled_from(sorted(one["paths"][path])))]
    breaks = compare(one, other)
    assert [each.path for each in breaks] == [path]
    assert compare(other, one) == ()


def property_lists(value: Any) -> Iterator[Json]:
    """Every `properties` with something in it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "properties" and inner:
                yield inner
            yield from property_lists(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from property_lists(inner)


@given(documents(objects(PLAIN)), st.data())
def test_a_property_that_is_gone_is_told(one: Json, data: st.DataObject) -> None:
    other = copy.deepcopy(one)
    lists = list(property_lists(other["paths"]))
    if not lists:
        return
    properties = data.draw(st.sampled_from(lists))
    name = data.draw(st.sampled_from(sorted(properties)))
    del properties[name]
    assert any(
        each.kind == "property-removed" and each.message.endswith(shown_end(name)) for each in compare(one, other)
    )


def shown_end(name: str) -> tuple[str, str]:
    return f"the property {name} is gone", f"the property {name} is gone, and may be ignored or refused"


@given(documents(objects(PLAIN)))
def test_what_is_added_and_optional_breaks_nothing(one: Json) -> None:
    other = copy.deepcopy(one)
    for properties in property_lists(other["paths"]):
        properties["added"] = {"type": "string", "minLength": 1}
    for item in other["paths"].values():
        for found in item.values():
            found["parameters"].append({"in": "query", "name": "added", "schema": {"type": "string"}})
            found.setdefault("requestBody", content({"type": "object"}))["content"]["text/csv"] = {}
            # What the baseline has under 4XX or default holds for 409 too.
            if not {"4XX", "default"} & set(found["responses"]):
                found["responses"]["409"] = {}
            found["responses"] = {
                code: {**response, "headers": {"X-Added": {"schema": {"type": "string"}}}}
                for code, response in found["responses"].items()
            }
        item["put"] = operation()
    other["paths"]["/added"] = {"get": operation()}
    assert compare(one, other) == ()


def resolved(found: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found


@given(DOCUMENTS, DOCUMENTS)
def test_every_break_has_a_place(one: Json, other: Json) -> None:
    for each in compare(one, other):
        resolved(one if each.side is Side.BASELINE else other, each.pointer)
        assert "\n" not in each.message


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["#", "#/", "object"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("/a", "get", "responses", "200", "content", "a/b", "schema", "type", "$ref", "allOf", "oneOf"),
                    *("items", "properties", "required", "enum", "parameters", "in", "name", "security", "servers"),
                    *("url", "minimum", "discriminator", "mapping", "propertyName", "headers", "requestBody", "not"),
                    "additionalProperties",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=2 * settings().max_examples)
@given(JSON, JSON)
def test_any_json_is_compared(one: Any, other: Any) -> None:
    whole = document({"/a": {"get": one}}, components=other)
    compare(whole, document({"/a": {"get": other}}, components=one))
    compare(document({"/a": {"get": {"responses": {"200": {"content": {"a/b": {"schema": one}}}}}}}), whole)
    compare({"openapi": "3.1.0", "paths": one, "servers": other, "security": one}, whole)
