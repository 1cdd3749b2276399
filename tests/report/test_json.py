"""JSON: valid by its schema, and read back as it was."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sesgate.report.load import BadReport, load_report
from sesgate.report.schema import report_schema
from tests.report.samples import EVERY, evening_before, several

VALIDATOR = Draft202012Validator(report_schema())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize("case", EVERY)
def test_reports_are_valid(case: str) -> None:
    VALIDATOR.validate(json.loads(EVERY[case]().to_json()))


def test_the_schema_names_every_key() -> None:
    written = json.loads(evening_before().to_json())
    schema = report_schema()
    one, joint = schema["$defs"]["report"], schema["$defs"]["joint_report"]
    assert set(one["properties"]) == set(one["required"]) == set(written)
    assert set(joint["properties"]) == set(joint["required"]) == set(json.loads(several().to_json()))
    assert set(schema["$defs"]["finding"]["properties"]) == set(written["findings"][0])
    assert set(schema["$defs"]["exhibit"]["properties"]) == set(written["evidence"][0])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict",), "maybe"),
        (("schema_version",), 2),
        (("counts", "fail"), -1),
        (("findings", 0, "status"), "ok"),
        (("findings", 0, "severity"), "high"),
        (("gate", "sha256"), "x"),
        (("findings", 2, "remedy", "changes"), [{"other": 1}]),
    ],
)
def test_the_schema_is_strict(path: tuple[str | int, ...], value: object) -> None:
    assert not VALIDATOR.is_valid(changed(path, value))


def test_the_schema_lets_reports_grow() -> None:
    VALIDATOR.validate(changed(("findings", 0, "added_later"), True))


@pytest.mark.parametrize("case", EVERY)
def test_a_report_is_read_back_as_it_was(case: str) -> None:
    report = EVERY[case]()
    assert load_report(report.to_json()) == report


def test_keys_of_later_versions_are_passed_over() -> None:
    text = json.dumps(changed(("findings", 0, "added_later"), True))
    assert load_report(text) == evening_before()


def test_keys_of_later_versions_may_be_missing() -> None:
    document = json.loads(evening_before().to_json())
    for key in ("replayed",):
        del document[key]
    for finding in document["findings"]:
        del finding["notes"]
    assert not load_report(json.dumps(document)).replayed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("NaN", "is not JSON"),
        ("[" * 100000, "nested too deeply"),
        ("[]", 'no "schema_version"'),
        ("{}", 'no "schema_version"'),
        ('{"schema_version": 2}', "schema_version 2, this sesgate reads 1"),
        ('{"schema_version": true}', "schema_version true"),
        ('{"schema_version": 1}', "damaged at its top: 'tool' is missing"),
    ],
)
def test_what_is_no_report(text: str, says: str) -> None:
    with pytest.raises(BadReport, match=says.replace("[", r"\[")):
        load_report(text)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("verdict",), "maybe", "verdict: one of ready, not_ready, undecided is expected"),
        (("findings",), {}, "findings: a list is expected"),
        (("findings", 3, "status"), "ok", r"findings\[3\].status: one of pass, fail"),
        (("findings", 0, "message"), 7, r"findings\[0\].message: text is expected"),
        (("findings", 2, "remedy", "changes"), [{}], r"changes\[0\]: a change is a dns_record"),
        (("findings", 2, "remedy", "lead_time_seconds"), True, "lead_time_seconds: a whole number is expected"),
        (("started_at",), "yesterday", "started_at: a time such as"),
        (("duration_seconds",), -1, "duration_seconds: a number of seconds is expected"),
        (("evidence", 0, "question"), [], r"evidence\[0\].question: an object is expected"),
        (("partial",), 1, "partial: true or false is expected"),
        (("target",), None, "target: an object is expected"),
    ],
)
def test_damage_is_told_with_its_place(path: tuple[str | int, ...], value: object, says: str) -> None:
    with pytest.raises(BadReport, match=says):
        load_report(json.dumps(changed(path, value)))


def changed(path: tuple[str | int, ...], value: object) -> Any:
    """The JSON of a report with one value in another's place."""
    document = json.loads(evening_before().to_json())
    at = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return document
