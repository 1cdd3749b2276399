"""Schemas: what narrows for those who send, what widens for those who get."""

from typing import Any

import pytest

from sesgate.openapi import compare

from .documents import Json, answering, content, document, got, kinds, one, operation, sent, told

STRING: Json = {"type": "string"}
INTEGER: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}


def thing(required: list[str] | None = None, /, **properties: Any) -> Json:
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def test_types() -> None:
    assert sent(NUMBER, INTEGER) == ["blocker type-changed: request body: number is no longer taken, integer is"]
    assert sent(INTEGER, NUMBER) == []
    assert got(INTEGER, NUMBER) == ["blocker type-changed: response 200: may now be number, was integer"]
    assert got(NUMBER, INTEGER) == []
    assert got(STRING, INTEGER) == ["blocker type-changed: response 200: may now be integer, was string"]
    assert got(STRING, {}) == [
        "warning null-changed: response 200: may now be null",
        "blocker type-changed: response 200: may be anything now, was string",
    ]
    assert sent({}, STRING) == [
        "warning null-changed: request body: null is no longer taken",
        "warning type-changed: request body: string is wanted now, anything was taken",
    ]
    assert sent(STRING, {}) == got({}, STRING) == []


def test_types_that_are_only_implied() -> None:
    assert got({"properties": {"a": STRING}}, thing(a=STRING)) == []
    assert sent({"items": STRING}, {"type": "array", "items": STRING}) == []
    assert sent({"pattern": "a"}, {"type": "string", "pattern": "a"}) == []
    assert sent({"minimum": 1}, {"type": "number", "minimum": 1}) == []
    assert got({"enum": ["a", "b"]}, {"type": "string", "enum": ["b", "a"]}) == []
    assert got({"enum": [1, 2.0]}, {"type": "integer", "enum": [1, 2]}) == []


NULLABLE = [
    ({**STRING, "nullable": True}, "3.0.3"),
    ({"type": ["string", "null"]}, "3.1.0"),
    ({"oneOf": [STRING, {"type": "null"}]}, "3.1.0"),
    ({"anyOf": [{"type": "null"}, STRING]}, "3.1.0"),
    ({"allOf": [STRING], "nullable": True}, "3.0.3"),
    ({"oneOf": [STRING], "nullable": True}, "3.0.3"),
]


@pytest.mark.parametrize(("schema", "version"), NULLABLE)
@pytest.mark.parametrize(("other", "other_version"), NULLABLE)
def test_null_has_many_spellings(schema: Json, version: str, other: Json, other_version: str) -> None:
    assert compare(answering(schema, version=version), answering(other, version=other_version)) == ()
    plain = answering(STRING, version=version)
    assert kinds(plain, answering(other, version=other_version)) == ["blocker null-changed"]
    assert kinds(answering(other, version=other_version), plain) == []


def test_null_in_an_enum() -> None:
    before, after = {"enum": ["a", None]}, {"type": "string", "nullable": True, "enum": ["a"]}
    assert compare(answering(before, version="3.1.0"), answering(after)) == ()
    assert sent({"type": ["string", "null"]}, STRING, version="3.1.0") == [
        "blocker null-changed: request body: null is no longer taken"
    ]
    # In 3.1 nullable is no keyword, in 3.0 null is no type beside others.
    assert got(STRING, {**STRING, "nullable": True}, version="3.1.0") == []


def test_enums() -> None:
    two, three = {"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}
    assert sent(three, two) == ['blocker enum-changed: request body: "c" is no longer taken']
    assert sent(two, three) == []
    assert got(two, three) == ['blocker enum-changed: response 200: may now be "c"']
    assert got(three, two) == []
    assert sent(STRING, two) == ['blocker enum-changed: request body: only "a", "b" is taken now']
    assert got(two, STRING) == ['blocker enum-changed: response 200: may be other than "a", "b" now']
    assert got(STRING, two) == sent(two, STRING) == []


def test_enums_in_other_forms() -> None:
    listed = {"type": "string", "enum": ["a", "b"]}
    assert got(listed, {"oneOf": [{"const": "a"}, {"const": "b", "title": "B"}]}, version="3.1.0") == []
    assert got({"oneOf": [{"const": "a"}, {"const": "b"}]}, listed, version="3.1.0") == []
    assert got({"type": "boolean"}, {"enum": [True, False]}) == got({"enum": [False, True]}, {"type": "boolean"}) == []
    assert sent({"enum": ["ab", "abc"]}, {**STRING, "maxLength": 3, "minLength": 2}) == []
    assert len(sent({"enum": ["ab", "abc"]}, {**STRING, "maxLength": 2})) == 1
    assert sent({"enum": [1, 5]}, {**INTEGER, "minimum": 1, "exclusiveMaximum": 6}, version="3.1.0") == []


@pytest.mark.parametrize(
    ("keyword", "kind", "lax", "strict"),
    [
        ("minLength", "string", 1, 2),
        ("maxLength", "string", 2, 1),
        ("minItems", "array", 1, 2),
        ("maxItems", "array", 2, 1),
        ("minProperties", "object", 1, 2),
        ("maxProperties", "object", 2, 1),
        ("minimum", "integer", 1, 2),
        ("maximum", "number", 2.5, 1.5),
        ("multipleOf", "number", 0.5, 1.5),
        ("uniqueItems", "array", False, True),
    ],
)
def test_limits(keyword: str, kind: str, lax: object, strict: object) -> None:
    open_, wide, narrow = {"type": kind}, {"type": kind, keyword: lax}, {"type": kind, keyword: strict}
    assert [line.split(":")[0] for line in sent(wide, narrow)] == ["blocker limit-changed"]
    assert [line.split(":")[0] for line in sent(open_, narrow)] == ["blocker limit-changed"]
    assert sent(narrow, wide) == sent(narrow, open_) == sent(narrow, narrow) == []
    assert [line.split(":")[0] for line in got(narrow, wide)] == ["warning limit-changed"]
    assert got(wide, narrow) == []
    # A limit on another type says nothing.
    assert sent({"type": "boolean"}, {"type": "boolean", keyword: strict}) == []


def test_how_limits_are_told() -> None:
    assert sent({**STRING, "maxLength": 9}, {**STRING, "maxLength": 5}) == [
        "blocker limit-changed: request body: maxLength is 5 now, was 9"
    ]
    assert sent(NUMBER, {**NUMBER, "minimum": 0.5, "exclusiveMinimum": True}) == [
        "blocker limit-changed: request body: minimum is 0.5 exclusive now, was open"
    ]
    assert got({**STRING, "maxLength": 9}, STRING) == [
        "warning limit-changed: response 200: maxLength is open now, was 9"
    ]


@pytest.mark.parametrize(
    ("one", "version", "other", "other_version"),
    [
        ({**NUMBER, "minimum": 1, "exclusiveMinimum": True}, "3.0.3", {**NUMBER, "exclusiveMinimum": 1}, "3.1.0"),
        ({**NUMBER, "maximum": 1, "exclusiveMaximum": True}, "3.0.3", {**NUMBER, "exclusiveMaximum": 1}, "3.1.0"),
        ({**INTEGER, "minimum": 0, "exclusiveMinimum": True}, "3.0.3", {**INTEGER, "minimum": 1}, "3.1.0"),
        ({**INTEGER, "maximum": 9.5}, "3.0.3", {**INTEGER, "exclusiveMaximum": 10}, "3.1.0"),
        ({**INTEGER, "exclusiveMinimum": 0.5}, "3.1.0", {**INTEGER, "minimum": 1}, "3.1.0"),
        ({**STRING, "minLength": 0}, "3.0.3", STRING, "3.0.3"),
        ({**INTEGER, "multipleOf": 1}, "3.0.3", INTEGER, "3.0.3"),
        ({**NUMBER, "allOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, "3.0.3", {**NUMBER, "multipleOf": 6}, "3.0.3"),
    ],
)
def test_limits_in_other_forms(one: Json, version: str, other: Json, other_version: str) -> None:
    for make in (answering, answering_taker):
        assert compare(make(one, version=version), make(other, version=other_version)) == ()
        assert compare(make(other, version=other_version), make(one, version=version)) == ()


def answering_taker(schema: Json, version: str) -> Json:
    return {**answering(schema), "openapi": version, "paths": {"/a": {"post": operation(requestBody=content(schema))}}}


def test_formats() -> None:
    date, moment = {**STRING, "format": "date"}, {**STRING, "format": "date-time"}
    assert sent(STRING, date) == ["blocker format-changed: request body: the format date is wanted now"]
    assert sent(date, STRING) == []
    assert got(date, moment) == ["blocker format-changed: response 200: the format is date-time now, was date"]
    assert got(date, STRING) == ["blocker format-changed: response 200: the format is open now, was date"]
    assert got(STRING, date) == []
    assert sent(STRING, {**STRING, "format": "house-style"})[0].startswith("warning")
    assert sent(STRING, {**STRING, "format": "password"}) == []
    small, large = {**INTEGER, "format": "int32"}, {**INTEGER, "format": "int64"}
    assert got(small, large) == ["blocker format-changed: response 200: the format is int64 now, was int32"]
    assert sent(small, large) == sent(INTEGER, large) == got(large, INTEGER) == []
    assert len(sent(large, small)) == 1


def test_patterns() -> None:
    a, b = {**STRING, "pattern": "^a"}, {**STRING, "pattern": "^b"}
    assert sent(STRING, a) == ["blocker pattern-changed: request body: must match ^a now"]
    assert sent(a, b) == ["warning pattern-changed: request body: must match ^b now, which may be narrower than before"]
    assert got(a, STRING) == ["warning pattern-changed: response 200: need not match ^a any longer"]
    assert sent(a, STRING) == got(STRING, a) == got(a, a) == []


def test_properties_that_are_gone() -> None:
    both, one_ = thing(a=STRING, b=STRING), thing(a=STRING)
    assert got(both, one_) == ["blocker property-removed: response 200: the property b is gone"]
    assert sent(both, one_) == [
        "warning property-removed: request body: the property b is gone, and may be ignored or refused"
    ]
    assert sent(both, {**one_, "additionalProperties": False}) == [
        "blocker property-removed: request body: the property b is refused now: it is gone",
        "warning additional-properties-changed: request body: properties that are not named are refused now",
    ]
    assert got(one_, both) == sent(one_, both) == []


def test_properties_that_are_required() -> None:
    optional, required = thing(a=STRING), thing(["a"], a=STRING)
    assert sent(optional, required) == [
        "blocker property-required: request body: the property a is required now, it was optional"
    ]
    assert sent(thing(), required) == [
        "blocker property-required: request body: the property a is required now, it was not known"
    ]
    assert sent(required, optional) == got(optional, required) == []
    assert got(required, optional) == [
        "blocker property-optional: response 200: the property a may be missing now, it was required"
    ]
    assert got(required, thing()) == ["blocker property-removed: response 200: the property a is gone"]


def test_what_is_read_only_is_not_sent() -> None:
    read_only = {**STRING, "readOnly": True}
    assert sent(thing(a=read_only), thing()) == []
    assert sent(thing(a=read_only), thing(a={**INTEGER, "readOnly": True})) == []
    assert sent(thing(), thing(["a"], a=read_only)) == []
    assert sent(thing(["a"], a=read_only), thing(["a"], a=STRING)) == [
        "blocker property-required: request body: the property a is required now, it was optional"
    ]
    assert sent(thing(a=STRING), thing(a=read_only)) == [
        "warning property-removed: request body: the property a is read-only now"
    ]
    assert got(thing(a=read_only), thing()) == ["blocker property-removed: response 200: the property a is gone"]


def test_what_is_write_only_is_not_got() -> None:
    write_only = {"allOf": [STRING], "writeOnly": True}
    assert got(thing(["a"], a=write_only), thing()) == []
    assert got(thing(a=STRING), thing(a=write_only)) == [
        "blocker property-removed: response 200: the property a is gone"
    ]
    assert sent(thing(a=write_only), thing(a=INTEGER)) == [
        "blocker type-changed: request body, a: string is no longer taken, integer is"
    ]


def test_properties_that_are_not_named() -> None:
    def mapping(additional: Any) -> Json:
        return {"type": "object", "additionalProperties": additional}

    assert sent(mapping(True), mapping(False))[0].startswith("blocker additional-properties-changed")
    assert sent({"type": "object"}, mapping(False))[0].startswith("warning additional-properties-changed")
    assert sent(mapping(False), mapping(True)) == sent(mapping({}), mapping(True)) == []
    assert sent(mapping(NUMBER), mapping(INTEGER)) == [
        "blocker type-changed: request body, *: number is no longer taken, integer is"
    ]
    assert sent(mapping(True), mapping(STRING))[0].startswith("blocker additional-properties-changed")
    assert got(mapping(STRING), mapping(True))[0].startswith("blocker additional-properties-changed")
    assert got(mapping(STRING), mapping(False))[0].startswith("warning additional-properties-changed")
    assert got(mapping(True), mapping(STRING)) == got(mapping(True), mapping(False)) == []
    assert got(mapping(STRING), {**mapping(STRING), "properties": {"a": INTEGER}}) == [
        "blocker type-changed: response 200, a: may now be integer, was string"
    ]
    assert sent(mapping(STRING), {**mapping(STRING), "properties": {"a": {"enum": ["x"]}}})[0].startswith(
        "blocker enum-changed: request body, a"
    )


def test_properties_by_pattern() -> None:
    def named(pattern: str, schema: Json) -> Json:
        return {"type": "object", "patternProperties": {pattern: schema}}

    assert got(named("^a", STRING), named("^a", STRING)) == []
    assert got(named("^a", STRING), named("^a", INTEGER))[0].startswith("blocker type-changed: response 200, <^a>")
    assert got(named("^a", STRING), named("^b", STRING))[0].startswith("warning not-compared")


def test_items() -> None:
    def array(items: Any, *first: Any) -> Json:
        return {"type": "array", "items": items, **({"prefixItems": list(first)} if first else {})}

    assert got(array(thing(a=STRING)), array(thing(a=INTEGER))) == [
        "blocker type-changed: response 200, [].a: may now be integer, was string"
    ]
    assert got(array(STRING, STRING, INTEGER), array(STRING, STRING, STRING), version="3.1.0") == [
        "blocker type-changed: response 200, [1]: may now be string, was integer"
    ]
    assert got(array(STRING, STRING), array(STRING), version="3.1.0") == []
    assert got(array(False, STRING), array(False, STRING, STRING), version="3.1.0") == [
        "blocker type-changed: response 200, [1]: may now be string, nothing could be"
    ]
    assert sent(array(STRING), array(False), version="3.1.0") == [
        "blocker type-changed: request body, []: nothing is taken any longer"
    ]


def test_all_of_is_merged() -> None:
    whole = thing(["a"], a={**STRING, "maxLength": 5}, b=INTEGER)
    parts = {
        "allOf": [
            thing(a=STRING),
            {"properties": {"a": {"maxLength": 5}}},
            {"required": ["a"]},
            {"allOf": [thing(b=INTEGER)]},
        ]
    }
    for compared in (got, sent):
        assert compared(whole, parts) == compared(parts, whole) == []
    assert got(parts, thing(["a"], a={**STRING, "maxLength": 5})) == [
        "blocker property-removed: response 200: the property b is gone"
    ]


def test_alternatives() -> None:
    two, three = {"oneOf": [STRING, INTEGER]}, {"oneOf": [INTEGER, thing(a=STRING), STRING]}
    assert sent(three, two) == ["blocker alternative-changed: request body: the alternative object is no longer taken"]
    assert got(two, three) == ["blocker alternative-changed: response 200: may now be the alternative object"]
    assert sent(two, three) == got(three, two) == []
    assert got(three, {"anyOf": [STRING, thing(a=STRING)]}) == []
    assert got({"type": ["string", "integer"]}, two, version="3.1.0") == []
    assert got(two, {"type": ["integer", "string"]}, version="3.1.0") == []


def test_the_alternative_that_was_meant_is_told_in_detail() -> None:
    def alternatives(**card: Any) -> Json:
        schemas = {"Card": thing(**card), "Iban": thing(iban=STRING)}
        refs = [{"$ref": f"#/components/schemas/{name}"} for name in sorted(schemas)]
        return answering({"oneOf": refs}, components={"schemas": schemas})

    assert told(compare(alternatives(pan=STRING, name=STRING), alternatives(pan=STRING))) == [
        "blocker property-removed: response 200: the property name is gone"
    ]


def test_alternatives_that_are_inlined_or_reordered() -> None:
    schemas = {"A": thing(["a"], a=STRING), "B": thing(["b"], b=STRING)}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    before = answering({"oneOf": refs}, components={"schemas": schemas})
    for other in ([schemas["B"], schemas["A"]], [*refs[::-1]], [schemas["A"], refs[1]]):
        after = answering({"oneOf": other}, components={"schemas": schemas})
        assert compare(before, after) == compare(after, before) == ()


def discriminated(*, mapping: dict[str, str] | None = None, name: str = "kind", **schemas: Any) -> Json:
    refs = [{"$ref": f"#/components/schemas/{key}"} for key in schemas]
    discriminator: Json = {"propertyName": name, **({"mapping": mapping} if mapping else {})}
    return answering({"oneOf": refs, "discriminator": discriminator}, components={"schemas": schemas})


def test_a_discriminator_of_alternatives() -> None:
    one_ = discriminated(Dog=thing(kind=STRING, bark=STRING))
    assert compare(one_, one_) == ()
    assert told(compare(one_, discriminated(name="type", Dog=thing(kind=STRING, bark=STRING)))) == [
        "blocker discriminator-changed: response 200: the discriminator is type now, was kind"
    ]


def test_subtypes_that_a_discriminator_chooses() -> None:
    def pets(**children: Any) -> Json:
        parent = {**thing(kind=STRING), "discriminator": {"propertyName": "kind"}}
        schemas = {name: {"allOf": [{"$ref": "#/components/schemas/Pet"}, child]} for name, child in children.items()}
        return answering({"$ref": "#/components/schemas/Pet"}, components={"schemas": {"Pet": parent, **schemas}})

    before = pets(Dog=thing(bark=STRING), Cat=thing(meow=STRING))
    assert compare(before, before) == ()
    assert compare(before, pets(Dog=thing(bark=STRING))) == ()
    assert told(compare(pets(Dog=thing(bark=STRING)), before)) == [
        "blocker discriminator-changed: response 200: may now be of the subtype Cat"
    ]
    assert told(compare(before, pets(Dog=thing(), Cat=thing(meow=STRING)))) == [
        "blocker property-removed: response 200, <Dog>: the property bark is gone"
    ]


def test_keywords_that_only_a_person_can_compare() -> None:
    before = {**STRING, "not": {"enum": ["a"]}}
    assert got(before, before) == []
    assert got(before, STRING)[0].startswith("warning not-compared")
    assert sent(before, {**STRING, "not": {"enum": ["a", "b"]}})[0].startswith("warning not-compared")
    components = {"schemas": {"N": {"enum": ["a"], "description": "x"}}}
    inlined = answering({**STRING, "not": {"$ref": "#/components/schemas/N"}}, components=components)
    assert compare(answering(before), inlined) == ()


def test_references_beside_keywords() -> None:
    components = {"schemas": {"S": STRING}}
    beside = {"$ref": "#/components/schemas/S", "maxLength": 3}
    plain = {"$ref": "#/components/schemas/S"}
    # 3.0 ignores what stands beside $ref.
    assert sent(plain, beside, components=components) == []
    assert len(sent(plain, beside, components=components, version="3.1.0")) == 1


def test_references_that_lead_elsewhere() -> None:
    url, file, nowhere = ({"$ref": ref} for ref in ("https://a.test/s.json", "./s.json", "#/components/schemas/No"))
    assert got(url, url) == []
    assert got(file, file)[0] == (
        "warning not-compared: response 200: the reference ./s.json of the live document leads to another document, "
        "which was not read: not compared"
    )
    assert "points nowhere" in got(nowhere, nowhere)[0]
    for compared in (got, sent):
        assert [line.split(":")[0] for line in compared(STRING, url)] == ["warning not-compared"]
        assert [line.split(":")[0] for line in compared(url, STRING)] == ["warning not-compared"]
    assert any("not-compared" in line for line in sent(url, file))


def test_escaped_references() -> None:
    components = {"schemas": {"a/b~c d": STRING}}
    assert got({"$ref": "#/components/schemas/a~1b~0c%20d"}, STRING, components=components) == []
    assert got({"$ref": "#/x-list/1"}, STRING, **{"x-list": [INTEGER, STRING]}) == []


def node(*, required: bool = False, extra: Json | None = None) -> Json:
    properties = {"child": {"$ref": "#/components/schemas/Node"}, "id": STRING, **(extra or {})}
    return {"type": "object", "properties": properties, **({"required": ["id"]} if required else {})}


def test_recursive_schemas() -> None:
    def tree(schema: Json) -> Json:
        return answering({"$ref": "#/components/schemas/Node"}, components={"schemas": {"Node": schema}})

    before = tree(node(extra={"size": INTEGER}))
    assert compare(before, before) == ()
    assert told(compare(before, tree(node()))) == ["blocker property-removed: response 200: the property size is gone"]
    unrolled = answering(
        node(extra={"size": INTEGER, "child": node(extra={"size": INTEGER})}),
        components={"schemas": {"Node": node(extra={"size": INTEGER})}},
    )
    assert compare(before, unrolled) == compare(unrolled, before) == ()


def test_recursive_alternatives() -> None:
    def json(*leaves: Json) -> Json:
        this = {"$ref": "#/components/schemas/Json"}
        schema = {
            "oneOf": [*leaves, {"type": "array", "items": this}, {"type": "object", "additionalProperties": this}]
        }
        return answering(this, components={"schemas": {"Json": schema}})

    before, after = json(STRING), json(STRING, INTEGER)
    assert compare(before, before) == compare(after, before) == ()
    assert told(compare(before, after)) == [
        "blocker alternative-changed: response 200: may now be the alternative integer"
    ]


@pytest.mark.parametrize(
    "schema", [{"allOf": [{"$ref": "#/components/schemas/S"}]}, {"$ref": "#/components/schemas/S"}]
)
def test_a_schema_that_is_part_of_itself(schema: Json) -> None:
    looping = answering({"$ref": "#/components/schemas/S"}, components={"schemas": {"S": schema}})
    assert compare(looping, looping) == ()
    compare(looping, answering(STRING))


def test_one_operation_tells_both_ways_apart() -> None:
    def echo(schema: Json) -> Json:
        return one({"requestBody": content(schema), "responses": {"200": content(schema)}}, method="post")

    assert kinds(echo(thing(a=STRING)), echo(thing(["b"], b=STRING))) == [
        "warning property-removed",
        "blocker property-required",
        "blocker property-removed",
    ]


def test_values_of_the_wrong_type_read_as_absent() -> None:
    values: tuple[Any, ...] = (
        7,
        "x",
        [],
        None,
        {"type": 7},
        {"properties": []},
        {"required": 1},
        {"allOf": {}},
        {"$ref": 1},
    )
    for nonsense in values:
        broken = answering(nonsense)
        assert compare(broken, broken) == ()
        compare(document({"/a": nonsense}), broken)


def test_another_alternative_that_holds_is_found_where_the_likely_one_fails() -> None:
    """The branch of the same place is looked at first, and the others only after it."""
    one = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}}
    two = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 9}}}
    assert got({"oneOf": [one, two]}, {"oneOf": [two, one]}) == []
    assert sent({"oneOf": [one, two]}, {"oneOf": [two, one]}) == []
    assert got({"oneOf": [one, one]}, {"oneOf": [two, one]}) != []


def test_a_pair_that_only_mattered_for_a_choice_is_told_where_a_property_leads_to_it() -> None:
    """Its second break was left out as long as the outcome was all that counted."""
    before = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    after = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
    other = {"type": "object", "required": ["z"], "properties": {"z": {"type": "string"}}}

    def whole(inner: dict[str, Any]) -> dict[str, Any]:
        schemas = {"A": {"type": "object", "properties": {"i": inner}}, "Z": other}
        references = [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/Z"}]
        schema = {"type": "object", "properties": {"u": {"oneOf": references}, "p": references[0]}}
        return answering(schema, components={"schemas": schemas})

    breaks = told(compare(whole(before), whole(after)))
    assert len(breaks) == 2
    assert all("may now be integer, was string" in each for each in breaks)


def test_a_reference_and_what_it_stands_for_are_one() -> None:
    schemas: Json = {"A": {"type": "string"}, "B": {"$ref": "#/components/schemas/A"}}
    schemas["C"] = {"$ref": "#/components/schemas/C"}
    before = answering({"$ref": "#/components/schemas/B"}, components={"schemas": schemas})
    assert compare(before, answering({"type": "string"})) == ()
    ring = answering({"$ref": "#/components/schemas/C"}, components={"schemas": schemas})
    assert compare(ring, ring) == ()


def pets(**mapping: str) -> Json:
    discriminator = {
        "propertyName": "kind",
        "mapping": {value: f"#/components/schemas/{name}" for value, name in mapping.items()},
    }
    return {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": discriminator,
    }


PETS = {
    "schemas": {
        "Cat": {"type": "object", "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
        "Dog": {"type": "object", "properties": {"kind": {"type": "string"}, "tricks": {"type": "integer"}}},
    }
}


def test_the_values_of_a_discriminator_choose_the_same_alternatives() -> None:
    before = pets(cat="Cat", dog="Dog")
    assert got(before, pets(cat="Cat", dog="Dog"), components=PETS) == []
    assert got(before, pets(cat="Cat", hound="Dog"), components=PETS) == [
        "blocker discriminator-changed: response 200: hound may stand for Dog now"
    ]
    assert sent(before, pets(cat="Cat", hound="Dog"), components=PETS) == [
        "blocker discriminator-changed: request body: dog no longer stands for Dog"
    ]
    assert sent(before, pets(cat="Cat", dog="Dog", hound="Dog"), components=PETS) == []
    assert len(got(before, pets(cat="Dog", dog="Cat"), components=PETS)) == 2


def test_a_discriminator_that_lists_no_values_changes_nothing() -> None:
    assert got(pets(cat="Cat", dog="Dog"), pets(), components=PETS) == []
