"""Paths, methods, parameters, bodies, responses, security."""

from typing import Any

import pytest

from sesgate.finding import Severity
from sesgate.openapi import Break, DocumentError, Kind, Side, compare

from .documents import Json, answering, content, document, kinds, one, operation, told


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"swagger": "2.0"}, "the live document is Swagger 2.0, OpenAPI 3 was expected: convert it first"),
        ({}, "the live document has no openapi field: it is no OpenAPI document"),
        ({"openapi": "4.0.0"}, "the live document is OpenAPI 4.0.0, 3.0 or 3.1 was expected"),
        ({"openapi": None}, "the live document has no openapi field: it is no OpenAPI document"),
        ([], "the live document is no object, an OpenAPI document was expected"),
    ],
)
def test_other_documents_are_refused(value: Any, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        compare(document(), value)
    assert str(caught.value) == said


@pytest.mark.parametrize("version", ["3.0.0", "3.1.0", "3.1.1-rc1", 3.1])
def test_versions_that_are_read(version: Any) -> None:
    assert compare({"openapi": version}, {"openapi": version}) == ()


def test_a_path_is_gone() -> None:
    before = document({"/v1/a": {"get": operation()}, "/v1/b": {"get": operation()}})
    after = document({"/v1/b": {"get": operation()}})
    assert compare(before, after) == (
        Break(Kind.PATH_REMOVED, "/v1/a", None, Side.BASELINE, "/paths/~1v1~1a", "the path is gone", Severity.BLOCKER),
    )
    assert compare(after, before) == ()


def test_a_method_is_gone() -> None:
    before = document({"/a": {"get": operation(), "post": operation()}})
    (found,) = compare(before, document({"/a": {"get": operation()}}))
    assert (found.kind, found.path, found.method, found.pointer) == (
        Kind.METHOD_REMOVED,
        "/a",
        "POST",
        "/paths/~1a/post",
    )


def test_the_names_in_a_path_make_no_difference() -> None:
    def with_name(name: str, kind: str = "string") -> Json:
        parameter = {"in": "path", "name": name, "required": True, "schema": {"type": kind}}
        return one(operation(parameters=[parameter]), path=f"/v1/{{{name}}}/x")

    assert compare(with_name("id"), with_name("invoiceId")) == ()
    assert kinds(with_name("id"), with_name("invoiceId", "integer")) == ["blocker type-changed"]
    assert kinds(with_name("id"), one(operation(), path="/v1/me/x")) == ["blocker path-removed"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["https://api.a.com/v1"], ["https://api.b.com/v1/"]),
        (["/v1"], ["https://api.b.com:8443/{v}"]),
        (["https://a/v2", "https://a/v1"], ["v1", "/v2"]),
    ],
)
def test_other_hosts_of_the_same_base_path(before: list[str], after: list[str]) -> None:
    def served(urls: list[str]) -> Json:
        variables = {"v": {"default": "v1"}}
        return one(operation(), servers=[{"url": url, "variables": variables} for url in urls])

    assert compare(served(before), served(after)) == ()


def test_a_base_path_may_move_into_the_paths() -> None:
    before = one(operation(), path="/invoices", servers=[{"url": "https://a/v1"}])
    assert compare(before, one(operation(), path="/v1/invoices")) == ()
    assert compare(one(operation(), path="/v1/invoices"), before) == ()


def test_another_base_path_is_told_once() -> None:
    paths = {"/a": {"get": operation()}, "/b": {"get": operation(), "post": operation(operationId="x")}}
    before, after = (document(dict(paths), servers=[{"url": url}]) for url in ("/v1", "/v2"))
    assert told(compare(before, after)) == [
        "blocker base-path-changed: the base path of all operations is /v2 now, was /v1"
    ]
    del after["paths"]["/a"]
    assert kinds(before, after) == ["blocker base-path-changed", "blocker path-removed"]


def test_one_of_several_base_paths_is_gone() -> None:
    before = one(operation(), servers=[{"url": "/v1"}, {"url": "/v2"}])
    after = one(operation(), servers=[{"url": "/v2"}])
    assert told(compare(before, after)) == ["warning base-path-changed: nothing is served below /v1 any longer"]


def test_an_operation_may_have_servers_of_its_own() -> None:
    before = one(operation(servers=[{"url": "/files"}]), servers=[{"url": "/v1"}])
    assert compare(before, document({"/files/v1/invoices": {"get": operation()}})) == ()


def test_a_server_url_may_be_nonsense() -> None:
    assert compare(one(operation(), servers=[{"url": "http://[x"}, {}, 7]), one(operation())) == ()


def test_the_operation_id() -> None:
    (found,) = compare(one(operation(operationId="a")), one(operation(operationId="b")))
    assert (found.kind, found.severity, found.pointer) == (
        Kind.OPERATION_ID,
        Severity.INFO,
        "/paths/~1v1~1invoices/get/operationId",
    )


def with_parameter(**members: Any) -> Json:
    return one(operation(parameters=[{"in": "query", "name": "q", "schema": {"type": "string"}, **members}]))


def test_parameters_come_and_go() -> None:
    assert kinds(one(operation()), with_parameter()) == []
    assert kinds(one(operation()), with_parameter(required=True)) == ["blocker parameter-required"]
    assert kinds(with_parameter(), with_parameter(required=True)) == ["blocker parameter-required"]
    assert kinds(with_parameter(required=True), with_parameter()) == []
    assert kinds(with_parameter(), one(operation())) == ["blocker parameter-removed"]
    assert kinds(with_parameter(required=True), one(operation())) == ["info parameter-removed"]
    assert kinds(with_parameter(), with_parameter(**{"in": "cookie"})) == ["blocker parameter-removed"]


def test_header_parameters_know_no_case_and_some_are_none() -> None:
    header = {"in": "header", "name": "X-Active-Business-Id", "required": True}
    assert kinds(with_parameter(**header), with_parameter(**header | {"name": "x-active-business-id"})) == []
    assert kinds(one(operation()), with_parameter(**header | {"name": "Authorization"})) == []


def test_parameters_of_the_path_count_for_its_operations() -> None:
    shared = {"parameters": [{"in": "query", "name": "q", "schema": {"type": "string"}}], "get": operation()}
    assert compare(with_parameter(), document({"/v1/invoices": shared})) == ()


def test_how_a_parameter_is_written() -> None:
    array = {"schema": {"type": "array", "items": {"type": "string"}}}
    assert kinds(with_parameter(**array), with_parameter(**array, explode=False)) == [
        "blocker parameter-serialization-changed"
    ]
    assert kinds(with_parameter(**array), with_parameter(**array, style="form", explode=True)) == []
    assert kinds(with_parameter(), with_parameter(explode=False)) == []
    json = {"content": {"application/json": {"schema": {"type": "string"}}}}
    after = one(operation(parameters=[{"in": "query", "name": "q", **json}]))
    assert kinds(with_parameter(), after) == ["blocker parameter-serialization-changed"]
    assert kinds(after, after) == []


def test_a_narrowed_parameter_has_its_place() -> None:
    after = with_parameter(schema={"type": "string", "maxLength": 5})
    (found,) = compare(with_parameter(), after)
    assert found == Break(
        Kind.LIMIT,
        "/v1/invoices",
        "GET",
        Side.LIVE,
        "/paths/~1v1~1invoices/get/parameters/0/schema/maxLength",
        "query parameter q: maxLength is 5 now, was open",
        Severity.BLOCKER,
    )


def test_bodies() -> None:
    def body(**members: Any) -> Json:
        return one(operation(requestBody={**content({"type": "object"}), **members}), method="post")

    none = one(operation(), method="post")
    assert kinds(none, body()) == []
    assert kinds(none, body(required=True)) == ["blocker body-required"]
    assert kinds(body(), body(required=True)) == ["blocker body-required"]
    assert kinds(body(required=True), body()) == []
    assert kinds(body(), none) == ["blocker body-removed"]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("application/json", "Application/JSON; charset=utf-8", True),
        ("application/json", "application/*", True),
        ("application/json", "*/*", True),
        ("*/*", "application/json", True),
        ("application/*", "application/json", True),
        ("application/json", "text/json", False),
        ("application/json;v=1", "application/json;v=2", False),
        ("text/*", "application/json", False),
    ],
)
def test_media_types(before: str, after: str, same: bool) -> None:
    def of_body(media_type: str) -> Json:
        return one(operation(requestBody=content({"type": "string"}, media_type)))

    def of_response(media_type: str) -> Json:
        return one({"responses": {"200": content({"type": "string"}, media_type)}})

    expected = [] if same else ["blocker media-type-removed"]
    assert kinds(of_body(before), of_body(after)) == expected
    assert kinds(of_response(before), of_response(after)) == expected


def responses(*codes: str | int, **schemas: Any) -> Json:
    return one({"responses": {**{code: {} for code in codes}, **{k: content(v) for k, v in schemas.items()}}})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("200",), ("200", "404"), []),
        (("200",), (200,), []),
        (("200", "404"), ("200",), ["warning response-removed"]),
        (("200", "201"), ("200",), ["blocker response-removed"]),
        (("200",), ("200", "202"), ["info response-added"]),
        (("200",), ("2XX",), ["info response-added"]),
        (("2xx",), ("200", "202"), []),
        (("2XX", "default"), ("200", "202", "404"), []),
        (("200", "404"), ("200", "4XX"), []),
        (("200", "404"), ("200", "default"), []),
        (("200", "default"), ("200", "400", "500"), []),
        (("200", "default"), ("200",), ["warning response-removed"]),
        (("200", "4XX"), ("200", "default"), []),
    ],
)
def test_response_codes(before: tuple[str, ...], after: tuple[str, ...], expected: list[str]) -> None:
    assert kinds(responses(*before), responses(*after)) == expected


def test_what_comes_under_the_default_is_compared_with_it() -> None:
    before = responses("200", default={"type": "object", "properties": {"code": {"type": "string"}}})
    after = responses("200", **{"404": {"type": "object", "properties": {"message": {"type": "string"}}}})
    assert told(compare(before, after)) == ["blocker property-removed: response default: the property code is gone"]


def test_response_headers() -> None:
    def headers(**members: Any) -> Json:
        return one({"responses": {"200": {"headers": members}}})

    plain, wanted = {"schema": {"type": "string"}}, {"schema": {"type": "string"}, "required": True}
    assert kinds(headers(ETag=plain), headers()) == ["warning header-removed"]
    assert kinds(headers(ETag=wanted), headers()) == ["blocker header-removed"]
    assert kinds(headers(ETag=plain), headers(etag=wanted)) == []
    assert kinds(headers(), headers(ETag=plain)) == []
    assert told(compare(headers(A=plain), headers(A={"schema": {"type": "integer"}}))) == [
        "blocker type-changed: response 200, header A: may now be integer, was string"
    ]


SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "jwt": {"type": "http", "scheme": "Bearer", "bearerFormat": "JWT"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "oauth": {"type": "oauth2", "flows": {}},
}


def secured(*requirements: Json, **members: Any) -> Json:
    return one(operation(security=list(requirements), **members), components={"securitySchemes": SCHEMES})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [{"bearer": []}], ["blocker security-added"]),
        ([{}, {"bearer": []}], [{"bearer": []}], ["blocker security-added"]),
        ([{"bearer": []}], [{"jwt": []}], []),
        ([{"bearer": []}], [{"key": []}], ["blocker security-changed"]),
        ([{"bearer": []}], [{"bearer": []}, {"key": []}], []),
        ([{"bearer": []}, {"key": []}], [{"bearer": []}], ["blocker security-changed"]),
        ([{"bearer": []}], [{"bearer": [], "key": []}], ["blocker security-changed"]),
        ([{"bearer": [], "key": []}], [{"bearer": []}], []),
        ([{"oauth": ["read"]}], [{"oauth": ["read", "write"]}], ["blocker security-changed"]),
        ([{"oauth": ["read", "write"]}], [{"oauth": ["read"]}], []),
        ([{"bearer": []}], [], ["warning security-removed"]),
        ([{"bearer": []}], [{}], ["warning security-removed"]),
    ],
)
def test_security(before: list[Json], after: list[Json], expected: list[str]) -> None:
    assert kinds(secured(*before), secured(*after)) == expected


def test_security_of_the_document_holds_where_an_operation_has_none() -> None:
    components = {"securitySchemes": SCHEMES}
    open_to_all = one(operation(), components=components)
    closed = one(operation(), components=components, security=[{"bearer": []}])
    assert told(compare(open_to_all, closed)) == ["blocker security-added: asks for http bearer now, asked for nothing"]
    assert compare(secured({"bearer": []}), closed) == ()


def test_references_to_everything_but_schemas() -> None:
    parts: Json = {
        "parameters": {"Q": {"in": "query", "name": "q", "required": True, "schema": {"type": "string"}}},
        "requestBodies": {"B": content({"type": "object", "properties": {"a": {"type": "string"}}})},
        "responses": {"R": {**content({"type": "string"}), "headers": {"H": {"$ref": "#/components/headers/H"}}}},
        "headers": {"H": {"schema": {"type": "string"}}},
        "pathItems": {"I": {"get": operation()}},
    }
    referring = document(
        {
            "/a": {
                "post": {
                    "parameters": [{"$ref": "#/components/parameters/Q"}],
                    "requestBody": {"$ref": "#/components/requestBodies/B"},
                    "responses": {"200": {"$ref": "#/components/responses/R"}},
                }
            },
            "/b": {"$ref": "#/components/pathItems/I"},
        },
        components=parts,
    )
    inlined = document(
        {
            "/a": {
                "post": {
                    "parameters": [parts["parameters"]["Q"]],
                    "requestBody": parts["requestBodies"]["B"],
                    "responses": {"200": {**content({"type": "string"}), "headers": parts["headers"]}},
                }
            },
            "/b": parts["pathItems"]["I"],
        }
    )
    assert compare(referring, inlined) == ()
    assert compare(inlined, referring) == ()


@pytest.mark.parametrize(
    "broken",
    [
        document({"/a": {"$ref": "paths.yaml#/a"}}),
        document({"/a": {"get": operation(parameters=[{"$ref": "p.yaml"}])}}),
        document({"/a": {"get": operation(requestBody={"$ref": "#/nowhere"})}}),
        document({"/a": {"get": {"responses": {"200": {"$ref": "r.yaml"}}}}}),
    ],
)
def test_references_that_cannot_be_followed_are_told(broken: Json) -> None:
    whole = document({"/a": {"get": operation()}})
    for found in (compare(whole, broken), compare(broken, whole), compare(broken, broken)):
        assert "not-compared" in {each.kind for each in found}
        assert {each.kind for each in found if each.severity is Severity.BLOCKER} <= {Kind.BODY_REMOVED}


def test_callbacks_and_webhooks_are_compared_by_their_words() -> None:
    def calling(schema: Json, **members: Any) -> Json:
        return one(operation(callbacks={"paid": {"{$request.body#/url}": {"post": content(schema)}}}), **members)

    components = {"schemas": {"S": {"type": "string", "description": "a"}}}
    before = calling({"type": "string"})
    assert compare(before, calling({"$ref": "#/components/schemas/S"}, components=components)) == ()
    assert kinds(before, calling({"type": "integer"})) == ["warning not-compared"]
    assert kinds(before, one(operation())) == ["warning not-compared"]
    assert kinds(document(webhooks={"a": {}}), document()) == ["warning not-compared"]
    assert kinds(document(), document(webhooks={"a": {}})) == []


def test_a_break_of_a_shared_schema_is_told_for_each_operation_once() -> None:
    def sharing(*names: str) -> Json:
        answer = {
            "200": content({"$ref": "#/components/schemas/S"}),
            "201": content({"$ref": "#/components/schemas/S"}),
        }
        schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
        paths = {"/a": {"get": {"responses": answer}}, "/b": {"get": {"responses": answer}}}
        return document(paths, components={"schemas": {"S": schema}})

    found = compare(sharing("a", "b"), sharing("a"))
    assert [(each.path, each.pointer) for each in found] == [
        ("/a", "/components/schemas/S/properties/b"),
        ("/b", "/components/schemas/S/properties/b"),
    ]


def test_prose_and_order_make_no_difference() -> None:
    before = answering({"type": "object", "properties": {"a": {"type": "string"}, "b": {"enum": ["x", "y"]}}})
    after = answering(
        {
            "description": "new",
            "example": {"a": 1},
            "properties": {
                "b": {"enum": ["y", "x"], "title": "B"},
                "a": {"type": "string", "examples": ["z"], "x-extra": 1, "deprecated": True},
            },
            "type": "object",
        }
    )
    assert compare(before, after) == ()
    assert compare(after, before) == ()
