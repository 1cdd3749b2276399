"""The schema of the JSON report, held against every report that tests make."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from sesgate.report.schema import report_schema


@cache
def _validator() -> Draft202012Validator:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def validate_report(document: dict[str, Any]) -> None:
    """Raises where the document is not a valid report."""
    _validator().validate(document)
