"""The report as OCSF events, class Compliance Finding (2003), for security data lakes: one event for each finding."""

import json
from typing import Any

from sesgate.finding import Severity, Status
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.words import identity, notices
from sesgate.report.model import Report, ReportedFinding

VERSION = "1.5.0"
"""Of the schema, as metadata.version has it."""
MOST = 4000
_FINDINGS, _COMPLIANCE_FINDING, _CREATE = 2, 2003, 1
_AWS_ACCOUNT = 10
_SEVERITIES = {Severity.BLOCKER: (4, "High"), Severity.WARNING: (3, "Medium"), Severity.INFO: (1, "Informational")}
_NEW, _SUPPRESSED, _RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")
_COMPLIANCE = {
    Status.PASS: (1, "Pass"),
    Status.PENDING: (2, "Warning"),
    Status.FAIL: (3, "Fail"),
    Status.ERROR: (0, "Unknown"),
    Status.SKIP: (99, "Other"),
}


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - JSON looks the same everywhere
    """A JSON array of events, in ASCII."""
    return json.dumps([_event(report, one) for one in report.findings], indent=2, ensure_ascii=True) + "\n"


def _event(report: Report, finding: ReportedFinding) -> dict[str, Any]:
    severity_id, severity = _SEVERITIES[finding.severity] if finding.status is not Status.PASS else (1, "Informational")
    status_id, status = _status(finding)
    moment = int(report.started_at.timestamp() * 1000)
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _FINDINGS,
        "category_name": "Findings",
        "class_uid": _COMPLIANCE_FINDING,
        "class_name": "Compliance Finding",
        "type_uid": _COMPLIANCE_FINDING * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": moment,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "status_code": finding.status.value,
        "status_detail": _text(finding.waiver.reason if finding.waiver else finding.message),
        "message": _text(finding.message),
        "metadata": _metadata(report),
        "finding_info": _information(finding, moment),
        "compliance": _compliance(report, finding),
        "resources": [_resource(report, finding)],
        "cloud": _cloud(report),
        **({"remediation": _remediation(report, finding)} if finding.remedy else {}),
        "unmapped": _unmapped(report, finding),
    }


def _status(finding: ReportedFinding) -> tuple[int, str]:
    if finding.waiver:
        return _SUPPRESSED
    return _RESOLVED if finding.status is Status.PASS else _NEW


def _metadata(report: Report) -> dict[str, Any]:
    product = {"name": "sesgate", "vendor_name": "sesgate", "version": report.tool.version}
    return {"version": VERSION, "product": product, "profiles": ["cloud"], "log_name": "sesgate"}


def _information(finding: ReportedFinding, moment: int) -> dict[str, Any]:
    """The uid is the same in every run: the finding's check, subject and cause."""
    return {
        "uid": _text(f"{identity(finding)} {finding.subject}"),
        "title": _text(f"{identity(finding)}: {finding.subject}"),
        "desc": _text(finding.message),
        "types": [finding.check],
        "created_time": moment,
    }


def _compliance(report: Report, finding: ReportedFinding) -> dict[str, Any]:
    """The check as the control, with the checklist line it serves and the controls that it gives evidence for."""
    status_id, status = _COMPLIANCE[finding.status]
    line = report.checks.get(finding.check)
    controls = line.controls if line else ()
    return {
        "control": finding.check,
        "desc": _text(line.serves) if line else finding.check,
        "standards": [*dict.fromkeys(_text(one.framework) for one in controls)] or ["sesgate"],
        "requirements": [_text(f"{one.framework} {one.id}: {one.title}") for one in controls],
        "status_id": status_id,
        "status": status,
    }


def _resource(report: Report, finding: ReportedFinding) -> dict[str, Any]:
    return {"uid": _text(finding.subject), "name": _text(finding.subject), "region": report.target.region}


def _cloud(report: Report) -> dict[str, Any]:
    account = report.target.account
    told = {"uid": account, "name": account, "type_id": _AWS_ACCOUNT, "type": "AWS Account"}
    return {"provider": "AWS", "region": report.target.region, **({"account": told} if account else {})}


def _remediation(report: Report, finding: ReportedFinding) -> dict[str, Any]:
    remedy = finding.remedy
    assert remedy is not None
    lines = [line for change in remedy.changes for line in change_lines(change, report.target.endpoint)]
    told = {"desc": _text("\n".join([remedy.summary, *lines]))}
    return {**told, "references": [_text(remedy.docs)]} if remedy.docs else told


def _unmapped(report: Report, finding: ReportedFinding) -> dict[str, Any]:
    return {
        "cause": finding.cause,
        "expected": finding.expected and _text(finding.expected),
        "found": finding.found and _text(finding.found),
        "verdict": report.verdict.value,
        "caller": report.target.caller and _text(report.target.caller),
        "notices": [_text(text) for _, text in notices(report)],
    }


def _text(text: str) -> str:
    return shorten("\n".join(visible(line) for line in text.split("\n")), MOST)
