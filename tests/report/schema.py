"""The schema of the JSON report, held against every report that tests make."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from sesgate.report.schema import report_schema

_FINDING = "#/$defs/finding"
_follow = Draft202012Validator.VALIDATORS["$ref"]
_valid: set[str] = set()
"""Findings that were found valid, as JSON: runs of one account say the same of it."""


def _follow_once(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    told = json.dumps(instance) if reference == _FINDING else ""
    if told in _valid:
        return
    errors = list(_follow(validator, reference, instance, schema))
    if told and not errors:
        _valid.add(told)
    yield from errors


@cache
def _validator() -> Any:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    return extend(Draft202012Validator, {"$ref": _follow_once})(schema)  # type: ignore[no-untyped-call]


def validate_report(document: dict[str, Any]) -> None:
    """Raises where the document is not a valid report."""
    _validator().validate(document)
