"""SARIF, CSV and OCSF: valid by the published models, whole, and harmless."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from sarif_pydantic import Sarif

from sesgate.finding import Status
from sesgate.report.forms import RenderOptions, render
from sesgate.report.forms.escape import visible
from sesgate.report.model import Report
from tests.report import samples

OPTIONS = RenderOptions(ascii=False)
CASES = [(name, make()) for name, make in samples.SAMPLES.items()]


def sarif(report: Report) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(render("sarif", report, OPTIONS))["runs"][0]
    return run


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(render("csv", report, OPTIONS), newline="")))


@pytest.mark.parametrize("report", [case for _, case in CASES], ids=[name for name, _ in CASES])
class TestEveryCase:
    def test_sarif_is_valid_and_holds_what_stands(self, report: Report) -> None:
        Sarif.model_validate_json(render("sarif", report, OPTIONS))
        run = sarif(report)
        standing = [one for one in report.findings if one.status in (Status.FAIL, Status.PENDING)]
        assert [one["ruleId"] for one in run["results"]] == [one.check for one in standing]
        assert all(one["locations"] for one in run["results"])
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
        assert len(rules) == len(set(rules))

    def test_what_was_not_seen_is_a_notification(self, report: Report) -> None:
        unseen = [one for one in report.findings if one.status is Status.ERROR and not one.waiver]
        told = sarif(report)["invocations"][0]["toolExecutionNotifications"]
        assert len([one for one in told if "associatedRule" in one]) == len(unseen)

    def test_ocsf_is_valid_and_holds_every_finding(self, report: Report) -> None:
        events = json.loads(render("ocsf", report, OPTIONS))
        assert len(events) == len(report.findings)
        for event in events:
            known = ComplianceFinding.model_validate(event).model_dump(mode="json", exclude_unset=True)
            assert set(event) - set(known) <= {"cloud"}
            assert set(event["compliance"]) - set(known["compliance"]) <= {"status"}
            assert [set(one) for one in event["compliance"].get("checks", ())] == [
                set(one) for one in known["compliance"].get("checks", ())
            ]
            assert set(event["finding_info"]) == set(known["finding_info"])
            assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]

    def test_csv_has_a_row_for_each_finding(self, report: Report) -> None:
        found = rows(report)
        assert [row["check"].lstrip("'") for row in found] == [visible(one.check) for one in report.findings]
        assert {row["started_at"] for row in found} <= {"2026-11-24T06:00:00Z"}

    def test_no_cell_is_a_formula(self, report: Report) -> None:
        for row in rows(report):
            assert not [cell for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))]

    @pytest.mark.parametrize("kind", ["sarif", "ocsf", "csv"])
    def test_no_control_character_is_left(self, report: Report, kind: str) -> None:
        text = render(kind, report, OPTIONS)
        assert not {character for character in text if not character.isprintable()} - {"\n", "\r"}


def test_fingerprints_stay_the_same_and_tell_findings_apart() -> None:
    first, second = sarif(samples.evening_before()), sarif(samples.evening_before())
    prints = [one["partialFingerprints"]["primaryLocationLineHash"] for one in first["results"]]
    assert prints == [one["partialFingerprints"]["primaryLocationLineHash"] for one in second["results"]]
    assert len(prints) == len(set(prints))


def test_a_waived_finding_is_suppressed() -> None:
    suppressed = [one for one in sarif(samples.ready())["results"] if one.get("suppressions")]
    assert [one["ruleId"] for one in suppressed] == ["dmarc"]
    assert "ops@yourdomain.com" in suppressed[0]["suppressions"][0]["justification"]
    waived = [
        event for event in json.loads(render("ocsf", samples.ready(), OPTIONS)) if event["status"] == "Suppressed"
    ]
    assert len(waived) == 1


def test_texts_fit_code_scanning() -> None:
    for rule in sarif(samples.nasty())["tool"]["driver"]["rules"]:
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["help"]["text"]) <= 1024


def test_the_controls_and_the_sources_of_the_claims_are_told() -> None:
    report = samples.evening_before()
    [control] = report.checks["dkim"].controls
    [row] = [row for row in rows(report) if row["check"] == "dkim"]
    assert (row["controls"], row["control_sources"]) == (f"{control.framework} {control.id}", control.source)
    events = json.loads(render("ocsf", report, OPTIONS))
    [event] = [event for event in events if event["compliance"]["control"] == "dkim"]
    assert event["compliance"]["standards"] == [control.framework]
    assert event["compliance"]["requirements"] == [f"{control.framework} {control.id}: {control.title}"]
    [check] = event["compliance"]["checks"]
    assert (check["uid"], check["name"]) == (control.id, control.title)
    assert control.why in check["desc"]
    assert control.source in check["desc"]


def test_every_event_tells_who_ran_it_when_and_against_what() -> None:
    report = samples.evening_before()
    for event in json.loads(render("ocsf", report, OPTIONS)):
        assert event["time"] == report.started_at.timestamp() * 1000
        assert event["metadata"]["product"]["version"] == report.tool.version
        assert event["cloud"]["account"]["uid"] == report.target.account
        assert event["unmapped"]["caller"] == report.target.caller
        assert event["unmapped"]["gate_sha256"] == report.gate.sha256
