"""What is different from one report to a later one, by check, subject and cause. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sesgate.clock import to_text
from sesgate.finding import Severity, Status
from sesgate.report.model import Report, ReportedFinding

Key = tuple[str, str, str | None]
LOOKED_AT = frozenset({Status.PASS, Status.FAIL, Status.PENDING})


class Kind(StrEnum):
    """What became of a finding that is not a pass."""

    NEW = "new"
    CHANGED = "changed"
    OPEN = "still open"
    FIXED = "fixed"
    UNKNOWN = "no longer looked at"


@dataclass(frozen=True, slots=True)
class Change:
    """One finding as it was and as it is; None where there was, or is, none."""

    kind: Kind
    before: ReportedFinding | None
    after: ReportedFinding | None

    @property
    def latest(self) -> ReportedFinding:
        """The finding as it is, or as it last was."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Difference:
    """Two reports compared. What passes in both is left out."""

    before: Report
    after: Report
    changes: tuple[Change, ...]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind, blockers first."""
        found = [change for change in self.changes if change.kind is kind]
        return tuple(sorted(found, key=lambda change: -change.latest.severity.weight))

    @property
    def is_worse(self) -> bool:
        """Whether something fails, or could not be seen, that did not before: blockers and warnings count."""
        worse = [change.latest for change in (*self.of(Kind.NEW), *self.of(Kind.CHANGED)) if _worse(change)]
        return any(one.severity is not Severity.INFO and one.waiver is None for one in worse)

    def to_dict(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "before": _report_json(self.before),
            "after": _report_json(self.after),
            **{kind.name.lower(): [_change_json(change) for change in self.of(kind)] for kind in Kind},
        }


def difference(before: Report, after: Report) -> Difference:
    """Compares two reports. A finding that is gone is fixed only where its subject passes now, or is looked at."""
    old, new = _open(before.findings), _open(after.findings)
    there = {(one.check, one.subject) for one in after.findings}
    seen = {(one.check, one.subject) for one in after.findings if one.status in LOOKED_AT}
    checks = {check for check, _ in seen}
    changes = [Change(_compared(old.get(key), finding), old.get(key), finding) for key, finding in new.items()]
    for key, finding in old.items():
        if key not in new:
            known = key[:2] in seen or (key[0] in checks and key[:2] not in there)
            changes.append(Change(Kind.FIXED if known else Kind.UNKNOWN, finding, None))
    return Difference(before, after, tuple(changes))


def _open(findings: Iterable[ReportedFinding]) -> dict[Key, ReportedFinding]:
    """The findings that are neither a pass nor skipped."""
    closed = (Status.PASS, Status.SKIP)
    return {(one.check, one.subject, one.cause): one for one in findings if one.status not in closed}


def _compared(before: ReportedFinding | None, after: ReportedFinding) -> Kind:
    if before is None:
        return Kind.NEW
    return Kind.OPEN if _state(before) == _state(after) else Kind.CHANGED


def _state(finding: ReportedFinding) -> tuple[Status, Severity, bool, str | None]:
    return finding.status, finding.severity, finding.waiver is None, finding.found


def _worse(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return after is not None
    return (before.waiver is not None and after.waiver is None) or after.severity.weight > before.severity.weight


def _report_json(report: Report) -> dict[str, Any]:
    return {"started_at": to_text(report.started_at), "verdict": report.verdict.value, "counts": report.counts}


def _change_json(change: Change) -> dict[str, Any]:
    latest = change.latest
    return {
        "check": latest.check,
        "subject": latest.subject,
        "cause": latest.cause,
        "severity": latest.severity.value,
        "message": latest.message,
        "before": _told(change.before),
        "after": _told(change.after),
    }


def _told(finding: ReportedFinding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {
        "status": finding.status.value,
        "severity": finding.severity.value,
        "found": finding.found,
        "waived": finding.waiver is not None,
    }
