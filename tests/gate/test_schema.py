"""The JSON Schema of the gate."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from sesgate.gate import Gate
from tests.gate.corpus import SCHEMA as VALIDATOR

SCHEMA: Any = VALIDATOR.schema
SMALLEST: dict[str, Any] = {"version": 1, "aws": {"region": "ap-southeast-1"}, "senders": [{"address": "a@b.com"}]}


def valid(**parts: Any) -> bool:
    return VALIDATOR.is_valid({**SMALLEST, **parts})


def objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for each in part.values():
            yield from objects(each)
    elif isinstance(part, list):
        for each in part:
            yield from objects(each)


def test_it_is_draft_07() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMA["title"]
    assert not [part for part in objects(SCHEMA) if "$ref" in part and len(part) > 1], "nothing counts beside a $ref"
    assert not [part for part in objects(SCHEMA) if "$defs" in part or part.keys() & {"ge", "le", "gt"}]


def test_it_has_every_key_and_describes_it() -> None:
    assert list(SCHEMA["properties"]) == list(Gate.model_fields)
    described = [part["properties"] for part in objects(SCHEMA) if isinstance(part.get("properties"), dict)]
    assert len(described) > 20
    assert not [key for keys in described for key, part in keys.items() if not part.get("description")]


def test_any_scalar_may_be_text() -> None:
    for scalar in ("a", 5, 1.5, True, None):
        assert valid(name=scalar)
    assert not valid(name=["a"])
    assert not valid(name="")


@pytest.mark.parametrize(
    "parts",
    [
        {"version": "${VERSION}"},
        {"dns": {"authoritative": "${X}", "port": "${X:-53}", "timeout": "${X}"}},
        {"volume": {"daily": "${X}", "per_second": "${X}", "kind": "${X}"}},
        {"attestations": [{"id": "a", "statement": "b", "signed_on": "${X}"}]},
        {"clients": [{"path": "a", "must_not": ["${X}"]}]},
        {"checks": {"dmarc": {"enabled": "${X}", "severity": "${X}", "causes": {"a": {"severity": "${X}"}}}}},
        {"services": [{"name": "a", "source": "${X}", "variables": {"A": {"is": "${X}", "required": "${X}"}}}]},
    ],
)
def test_a_variable_may_stand_wherever_a_value_stands(parts: dict[str, Any]) -> None:
    assert valid(**parts)


@pytest.mark.parametrize("section", ["dns", "volume", "roles", "services", "test_send", "clients", "checks", "waivers"])
def test_a_section_may_be_empty(section: str) -> None:
    assert valid(**{section: None})


@pytest.mark.parametrize(
    "parts",
    [
        {"version": 2},
        {"unknown": 1},
        {"aws": {}},
        {"aws": None},
        {"senders": []},
        {"senders": None},
        {"senders": {"address": "a@b.com"}},
        {"senders": [{"address": "a@b.com", "domain": "b.com"}]},
        {"senders": [{"reply_to": "a@b.com"}]},
        {"dns": {"authoritative": "yes"}},
        {"dns": {"port": "53"}},
        {"dns": {"port": 0}},
        {"volume": {"kind": "bulky"}},
        {"roles": [{}]},
        {"services": [{"name": "a", "source": {"ecs": {"service": "a"}, "ssm": "/a"}}]},
        {"services": [{"name": "a", "source": "dotenv"}]},
        {"services": [{"name": "a", "source": "process", "variables": {"A": {"forbidden": False}}}]},
        {"database": {}},
        {"database": {"instance": "a", "cluster": "b"}},
        {"api": {"base_url": "https://a.b", "probes": [{"name": "a", "request": {"path": "/"}, "expect": {}}]}},
        {"waivers": [{"check": "a", "subject": "b", "reason": "c", "owner": "d"}]},
        {"attestations": [{"id": "a", "statement": "b", "signed_on": "17 February"}]},
    ],
)
def test_it_refuses_the_wrong_shape(parts: dict[str, Any]) -> None:
    assert not valid(**parts)
