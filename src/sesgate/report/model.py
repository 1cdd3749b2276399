"""The model of a report, `schema_version` 1. Plain frozen data, and its JSON, which only ever grows."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from sesgate.clock import to_text
from sesgate.controls import Control
from sesgate.finding import (
    AwsCall,
    Change,
    DnsRecord,
    Location,
    Owner,
    Remedy,
    Severity,
    StatementToAdd,
    Status,
    Text,
)
from sesgate.report.layout import laid_out
from sesgate.report.schedule import schedule
from sesgate.verdict import Verdict

SCHEMA_VERSION = 1
COUNTED = ("pass", "fail", "pending", "error", "skip", "waived")


class Tool(Struct, frozen=True):
    """What made the report: version of sesgate, and of each pack."""

    version: str
    packs: Mapping[str, str]
    name: str = "sesgate"


class GateSource(Struct, frozen=True):
    """The gate that was run. `path` is None where it came from flags or from standard input."""

    name: str | None
    path: str | None
    sha256: str


class Target(Struct, frozen=True):
    """What was audited, as whom. `endpoint` is set where it is not AWS itself."""

    account: str | None
    region: str
    caller: str | None
    endpoint: str | None
    region_overridden: bool = False


class WaiverApplied(Struct, frozen=True):
    """The waiver that covers a finding. `expires` is a date, the last day it holds, UTC."""

    reason: str
    owner: str
    expires: str


class UnusedWaiver(Struct, frozen=True):
    """A waiver that covers nothing, and why."""

    check: str
    subject: str
    cause: str | None
    expires: str
    why: str


class ReportedFinding(Struct, frozen=True):
    """One finding, complete."""

    check: str
    subject: str
    status: Status
    cause: str | None
    severity: Severity
    message: str
    expected: str | None = None
    found: str | None = None
    because: str | None = None
    evidence: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remedy: Remedy | None = None
    location: Location | None = None
    waiver: WaiverApplied | None = None


class Exhibit(Struct, frozen=True):
    """A piece of evidence that a finding cites. `excerpt` is at most 4 KiB of the answer, `sha256` is of all of it."""

    id: str
    question: Mapping[str, Any]
    excerpt: Mapping[str, Any]
    sha256: str
    asked_at: datetime
    seconds: float


class EnvironmentCell(Struct, frozen=True):
    """One variable of one service. `state` is a word of `sesgate.matrix.Cell`, `place` is where it is set, if it is."""

    service: str
    variable: str
    state: str
    place: str | None


class CheckLine(Struct, frozen=True):
    """The checklist line that a check serves, and the controls that it gives evidence for."""

    serves: str
    controls: tuple[Control, ...] = ()


class RecordingRef(Struct, frozen=True):
    """Where all the evidence was written."""

    path: str
    sha256: str


class Report(Struct, frozen=True):
    """The outcome of one run of the gate."""

    tool: Tool
    gate: GateSource
    target: Target
    started_at: datetime
    duration_seconds: float
    verdict: Verdict
    partial: bool
    waiting: bool
    not_asked: tuple[str, ...]
    findings: tuple[ReportedFinding, ...]
    evidence: tuple[Exhibit, ...]
    recording: RecordingRef | None = None
    unused_waivers: tuple[UnusedWaiver, ...] = ()
    replayed: bool = False
    left_out: tuple[str, ...] = ()
    environment: tuple[EnvironmentCell, ...] = ()
    checks: Mapping[str, CheckLine] = {}

    @property
    def counts(self) -> dict[str, int]:
        """Disjoint: a waived finding counts as waived only."""
        counter = Counter("waived" if finding.waiver else finding.status.value for finding in self.findings)
        return {name: counter[name] for name in COUNTED}

    @property
    def failures(self) -> frozenset[tuple[str, str, str | None]]:
        """What failed or was pending: check, subject, cause. It is what a baseline holds."""
        failed = [one for one in self.findings if one.status in (Status.FAIL, Status.PENDING)]
        return frozenset((one.check, one.subject, one.cause) for one in failed)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, section 6 of the contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": self.tool.name, "version": self.tool.version, "packs": dict(self.tool.packs)},
            "gate": asdict(self.gate),
            "target": asdict(self.target),
            "started_at": to_text(self.started_at),
            "duration_seconds": round(self.duration_seconds, 3),
            "replayed": self.replayed,
            "verdict": self.verdict.value,
            "partial": self.partial,
            "left_out": list(self.left_out),
            "waiting": self.waiting,
            "not_asked": list(self.not_asked),
            "counts": self.counts,
            "findings": [_finding_json(finding) for finding in self.findings],
            "environment": {"cells": [asdict(cell) for cell in self.environment]} if self.environment else None,
            "checks": {name: _line_json(line) for name, line in self.checks.items()},
            "evidence": [_exhibit_json(exhibit) for exhibit in self.evidence],
            "recording": asdict(self.recording) if self.recording else None,
            "unused_waivers": [asdict(waiver) for waiver in self.unused_waivers],
            "schedule": _schedule_json(self),
        }

    def to_json(self) -> str:
        """The JSON form as text, in ASCII, a finding a line."""
        return laid_out(self.to_dict(), levels=2) + "\n"


def _schedule_json(report: Report) -> dict[str, Any] | None:
    planned = schedule(report)
    return planned.to_dict() if planned else None


def _line_json(line: CheckLine) -> dict[str, Any]:
    return {"serves": line.serves, "controls": [control.to_dict() for control in line.controls]}


def _finding_json(finding: ReportedFinding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "subject": finding.subject,
        "status": finding.status.value,
        "cause": finding.cause,
        "severity": finding.severity.value,
        "message": finding.message,
        "expected": finding.expected,
        "found": finding.found,
        "because": finding.because,
        "evidence": list(finding.evidence),
        "notes": list(finding.notes),
        "remedy": _remedy_json(finding.remedy) if finding.remedy else None,
        "location": asdict(finding.location) if finding.location else None,
        "waiver": asdict(finding.waiver) if finding.waiver else None,
    }


def _remedy_json(remedy: Remedy) -> dict[str, Any]:
    return {
        "id": remedy.id,
        "summary": remedy.summary,
        "owner": remedy.owner.value,
        "after": list(remedy.after),
        "lead_time_seconds": remedy.lead_time_seconds,
        "changes": [change_json(change) for change in remedy.changes],
        "docs": remedy.docs,
    }


def change_json(change: Change) -> dict[str, Any]:
    """A change as data: one key that names its kind."""
    match change:
        case DnsRecord():
            return {"dns_record": asdict(change)}
        case AwsCall():
            return {"aws": _call_json(change)}
        case StatementToAdd():
            policy = {**asdict(change.policy), "kind": change.policy.kind.value} if change.policy else None
            written = {"target": change.target, "statement": dict(change.statement), "policy": policy}
            return {"policy_statement": written}
        case Text():
            return {"text": change.text}


def _call_json(call: AwsCall) -> dict[str, Any]:
    return {
        "service": call.service,
        "operation": call.operation,
        "parameters": dict(call.parameters),
        "region": call.region,
        "undo": _call_json(call.undo) if call.undo else None,
    }


def _exhibit_json(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "id": exhibit.id,
        "question": dict(exhibit.question),
        "excerpt": dict(exhibit.excerpt),
        "sha256": exhibit.sha256,
        "asked_at": to_text(exhibit.asked_at),
        "seconds": exhibit.seconds,
    }


__all__ = [
    "CheckLine",
    "EnvironmentCell",
    "Exhibit",
    "GateSource",
    "Owner",
    "RecordingRef",
    "Report",
    "ReportedFinding",
    "Target",
    "Tool",
    "UnusedWaiver",
    "WaiverApplied",
    "change_json",
]
