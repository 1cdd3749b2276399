"""The report as OCSF events, class Compliance Finding (2003), for security data lakes: one event for each finding."""

import json
from collections.abc import Iterator
from typing import Any

from sesgate.finding import Remedy, Severity, Status
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.words import identity, notices
from sesgate.report.joint import AnyReport, labelled
from sesgate.report.model import CheckLine, Report, ReportedFinding

VERSION = "1.5.0"
"""Of the schema, as metadata.version has it."""
MOST = 4000
_FINDINGS, _COMPLIANCE_FINDING, _CREATE = 2, 2003, 1
_AWS_ACCOUNT = 10
_SEVERITIES = {Severity.BLOCKER: (4, "High"), Severity.WARNING: (3, "Medium"), Severity.INFO: (1, "Informational")}
_NEW, _SUPPRESSED, _RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")
# "Warning" is the class's word for what could not be looked at: no result, for want of information.
_COMPLIANCE = {
    Status.PASS: (1, "Pass"),
    Status.ERROR: (2, "Warning"),
    Status.FAIL: (3, "Fail"),
    Status.PENDING: (99, "Pending"),
    Status.SKIP: (99, "Skipped"),
}


def render(report: AnyReport, options: RenderOptions) -> str:  # noqa: ARG001 - JSON looks the same everywhere
    """A JSON array in ASCII, an event a line."""
    events = [event for label, gate in labelled(report) for event in _events(label, gate)]
    return "[\n" + ",\n".join(events) + "\n]\n"


def _events(label: str, report: Report) -> Iterator[str]:
    """Those of one gate. What many events share is made once."""
    run, told = _members(_run(report)), _members(_told(report))
    kinds = {(one.check, one.status) for one in report.findings}
    shared = {kind: f"{_members(_compliance(report, *kind))}, {run}" for kind in kinds}
    for one in report.findings:
        unmapped = f'"unmapped": {{{_members(_unmapped(one))}, {told}}}'
        yield f"{{{_members(_event(label, report, one))}, {unmapped}, {shared[one.check, one.status]}}}"


def _members(value: dict[str, Any]) -> str:
    """An object as JSON, without its braces."""
    return json.dumps(value)[1:-1]


def _run(report: Report) -> dict[str, Any]:
    """What is the same in every event."""
    product = {"name": "sesgate", "vendor_name": "sesgate", "version": report.tool.version}
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _FINDINGS,
        "category_name": "Findings",
        "class_uid": _COMPLIANCE_FINDING,
        "class_name": "Compliance Finding",
        "type_uid": _COMPLIANCE_FINDING * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": _moment(report),
        "metadata": {"version": VERSION, "product": product, "profiles": ["cloud"], "log_name": "sesgate"},
        "cloud": _cloud(report),
    }


def _told(report: Report) -> dict[str, Any]:
    """Who ran it, against what, and what it came to: no attribute of the class takes that."""
    return {
        "verdict": report.verdict.value,
        "gate": report.gate.name and _text(report.gate.name),
        "gate_path": report.gate.path and _text(report.gate.path),
        "gate_sha256": report.gate.sha256,
        "caller": report.target.caller and _text(report.target.caller),
        "notices": [_text(text) for _, text in notices(report)],
    }


def _moment(report: Report) -> int:
    """Milliseconds since 1970."""
    return int(report.started_at.timestamp() * 1000)


def _event(gate: str, report: Report, finding: ReportedFinding) -> dict[str, Any]:
    """What is of one finding alone. Its uid is the same in every run: gate, check, cause and subject."""
    severity_id, severity = _SEVERITIES[finding.severity] if finding.status is not Status.PASS else (1, "Informational")
    status_id, status = _status(finding)
    message, subject = _text(finding.message), _text(finding.subject)
    return {
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "status_code": finding.status.value,
        "status_detail": _text(finding.waiver.reason) if finding.waiver else message,
        "message": message,
        "finding_info": {
            "uid": _text(f"{gate} {identity(finding)} {finding.subject}"),
            "title": _text(f"{identity(finding)}: {finding.subject}"),
            "desc": message,
            "types": [_text(finding.check)],
            "created_time": _moment(report),
        },
        "resources": [{"uid": subject, "name": subject, "region": report.target.region}],
        **({"remediation": _remediation(report, finding.remedy)} if finding.remedy else {}),
    }


def _status(finding: ReportedFinding) -> tuple[int, str]:
    if finding.waiver:
        return _SUPPRESSED
    return _RESOLVED if finding.status is Status.PASS else _NEW


def _compliance(report: Report, check: str, status: Status) -> dict[str, Any]:
    """The check as the control, with the checklist line that it serves."""
    line = report.checks.get(check)
    status_id, word = _COMPLIANCE[status]
    told = {"control": _text(check), "status_id": status_id, "status": word}
    return {"compliance": told | (_controls(line) if line else {"standards": ["sesgate"]})}


def _controls(line: CheckLine) -> dict[str, Any]:
    """The controls of published frameworks that a check gives evidence for, each with the source of the claim."""
    return {
        "desc": _text(line.serves),
        "standards": [*dict.fromkeys(_text(one.framework) for one in line.controls)] or ["sesgate"],
        "requirements": [_text(f"{one.framework} {one.id}: {one.title}") for one in line.controls],
        "checks": [
            {
                "uid": _text(one.id),
                "name": _text(one.title),
                "desc": _text(f"{one.why}. Source: {one.source}"),
                "standards": [_text(one.framework)],
            }
            for one in line.controls
        ],
    }


def _cloud(report: Report) -> dict[str, Any]:
    account = report.target.account
    told = {"uid": account, "name": account, "type_id": _AWS_ACCOUNT, "type": "AWS Account"}
    return {"provider": "AWS", "region": report.target.region, **({"account": told} if account else {})}


def _remediation(report: Report, remedy: Remedy) -> dict[str, Any]:
    lines = [line for change in remedy.changes for line in change_lines(change, report.target.endpoint)]
    told = {"desc": _text("\n".join([remedy.summary, *lines]))}
    return {**told, "references": [_text(remedy.docs)]} if remedy.docs else told


def _unmapped(finding: ReportedFinding) -> dict[str, Any]:
    waiver = finding.waiver
    return {
        "cause": finding.cause and _text(finding.cause),
        "expected": finding.expected and _text(finding.expected),
        "found": finding.found and _text(finding.found),
        "because": finding.because and _text(finding.because),
        "notes": [_text(note) for note in finding.notes],
        "evidence": [*finding.evidence],
        "waiver": {"owner": _text(waiver.owner), "expires": _text(waiver.expires)} if waiver else None,
    }


def _text(text: str) -> str:
    return shorten("\n".join([visible(line) for line in text.split("\n")]), MOST)
