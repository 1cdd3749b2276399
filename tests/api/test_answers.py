"""Answers judged without a network: JSON, JMESPath, headers, and what an answer gives away."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.api import MAX_LEAKS, Received, judge, leaks
from sesgate.api.answers import LONGEST, MOST_MISMATCHES
from sesgate.gate import Expect

KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "qD3aSdF0Zk"


def received(document: Any, **headers: str) -> Received:
    return Received(200, headers, json.dumps(document).encode())


def mismatches(document: Any, **expect: Any) -> list[tuple[str, str, str]]:
    """Place, expected and found of whatever is not as expected of the JSON."""
    facts = judge(received(document), Expect.model_validate(expect))
    return [(each["at"], each["expected"], each["found"]) for each in facts["unexpected_json"]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": {"b": []}}, {"a": {"b": [1], "c": None}}),
        ([{"id": 2}], [{"id": 1}, {"id": 2, "x": 0}]),
        (1, 1.0),
        ({"a": None}, {"a": None}),
    ],
)
def test_a_document_may_hold_more(wanted: Any, found: Any) -> None:
    assert mismatches(found, json=wanted) == []


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        ({"a": 1}, {}, ("/a", "1", "nothing")),
        ({"a": None}, {}, ("/a", "null", "nothing")),
        ({"a": True}, {"a": 1}, ("/a", "true", "1")),
        ({"a/b": {"~": "x"}}, {"a/b": {"~": "y"}}, ("/a~1b/~0", '"x"', '"y"')),
        ({"a": "1"}, {"a": 1}, ("/a", '"1"', "1")),
        ({"a": {}}, {"a": []}, ("/a", "an object", "a list")),
        ([{"id": 2}], [{"id": 1}], ("/0", "an object", "no such element")),
    ],
)
def test_what_is_missing_is_told_with_its_place(wanted: Any, found: Any, told: tuple[str, str, str]) -> None:
    assert mismatches(found, json=wanted) == [told]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_every_document_holds_itself(document: Any) -> None:
    assert document is None or mismatches(document, json=document) == []


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=300), min_size=20, max_size=40))
def test_what_is_told_is_short_and_on_one_line(document: dict[str, str]) -> None:
    told = mismatches({}, json=document)
    assert len(told) == MOST_MISMATCHES
    assert all(len(text) <= LONGEST and text.isprintable() for each in told for text in each)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("error.code", "null"),
        ("items", "empty"),
        ("ok", "false"),
        ("length(number)", "it can't be evaluated here"),
        ("length(items) > `0`", "false"),
    ],
)
def test_an_expression_that_is_not_true(expression: str, found: str) -> None:
    document = {"items": [], "ok": False, "number": 1}
    assert mismatches(document, jmespath=expression) == [(expression, "true", found)]
    assert mismatches({"error": {"code": 0}}, jmespath="error") == []


def test_what_is_no_json_is_told_only_where_json_is_expected() -> None:
    page = Received(200, {}, b"<html>")
    assert judge(page, Expect(status=(200,)))["unexpected_json"] == []
    wanted = Expect.model_validate({"json": {}, "jmespath": "a"})
    assert judge(page, wanted)["unexpected_json"] == [{"at": "", "expected": "JSON", "found": "something else"}]


@pytest.mark.parametrize(
    ("wanted", "found", "holds"),
    [
        ("application/json", "application/json; charset=utf-8", True),
        ("application/json; charset=utf-8", "application/json", False),
        ("application/json", "text/html", False),
    ],
)
def test_a_media_type(wanted: str, found: str, holds: bool) -> None:
    facts = judge(received({}, **{"content-type": found}), Expect(headers={"Content-Type": wanted}))
    assert (facts["unexpected_headers"] == []) is holds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f'{{"AWS_SECRET_KEY": "{KEY}"}}', "secret-access-key"),
        ("the variable SMTP_PASSWORD is not set", "secret-name"),
        ("MAIL_TOKEN=", "secret-name"),
        ("postgres://api:hunter22secret@db.internal/app", "password-in-url"),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:bizassist/db-a1b2c3", "secret-arn"),
    ],
)
def test_what_gives_something_away(text: str, kind: str) -> None:
    found = leaks(f"one\n  {text}".encode(), {}, {"MAIL_TOKEN"})
    assert kind in {each["kind"] for each in found}
    assert all(each["place"].startswith("line 2, column ") for each in found)
    assert text not in json.dumps(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://yourdomain.com/a@b",
        "NOT_SMTP_PASSWORD_AT_ALL",
        "postgres://user:<password>@host/db",
        "postgres://user:changeme@host/db",
        "see arn:aws:ses:eu-west-1:111122223333:identity/yourdomain.com",
    ],
)
def test_what_gives_nothing_away(text: str) -> None:
    assert leaks(text.encode(), {}, ()) == []


def test_leaks_in_headers_are_told_by_name() -> None:
    header = f"aws_secret_access_key={KEY}"
    assert leaks(b"", {"x-debug": header}, ()) == [{"kind": "secret-access-key", "place": "header x-debug"}]


def test_only_so_many_are_told() -> None:
    assert len(leaks(b"postgres://api:hunter22secret@db\n" * 500, {}, ())) == MAX_LEAKS


@given(st.binary(max_size=300))
def test_any_body_is_judged(body: bytes) -> None:
    facts = judge(Received(200, {}, body), Expect.model_validate({"json": {"a": 1}, "jmespath": "a"}))
    assert json.loads(json.dumps(facts))["bytes"] == len(body)


def test_nothing_is_told_of_the_json_of_half_a_document() -> None:
    half = Received(200, {}, b'{"a": [1, 2', whole=False)
    facts = judge(half, Expect.model_validate({"json": {"a": [3]}, "jmespath": "b"}))
    assert (facts["whole"], facts["unexpected_json"]) == (False, [])
