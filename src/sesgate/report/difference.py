"""What is different from one report to a later one, by check, subject and cause. Pure."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from sesgate.clock import to_text
from sesgate.finding import Severity, Status
from sesgate.report.joint import AnyReport, JointReport, labelled, paired
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


class Change(Struct, frozen=True):
    """One finding as it was and as it is; None where there was, or is, none."""

    kind: Kind
    before: ReportedFinding | None
    after: ReportedFinding | None
    gate: str | None = None
    """Which of several gates it is about."""

    @property
    def latest(self) -> ReportedFinding:
        """The finding as it is, or as it last was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def turned(self) -> tuple[str, ...]:
        """What is another now, of a finding that was there and still is: `fail -> pending`, `waiver gone` …"""
        if self.before is None or self.after is None:
            return ()
        pairs = [(one.status.value, one.severity.value, f"found {one.found}") for one in (self.before, self.after)]
        told = [f"{old} -> {new.removeprefix('found ')}" for old, new in zip(*pairs, strict=True) if old != new]
        if (self.before.waiver is None) is not (self.after.waiver is None):
            told.append("waived now" if self.after.waiver else "waiver gone")
        return tuple(told)


class Difference(Struct, frozen=True):
    """Two reports compared. What passes in both is left out."""

    before: AnyReport
    after: AnyReport
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


def difference(before: AnyReport, after: AnyReport) -> Difference:
    """Compares two reports, gate by gate. What a gate had that is gone from the run is no longer looked at."""
    several = isinstance(before, JointReport) or isinstance(after, JointReport)
    names = {id(one): label for told in (before, after) for label, one in labelled(told)} if several else {}
    changes = [
        change for old, new in paired(before, after) for change in _of_one_gate(old, new, names.get(id(new or old)))
    ]
    return Difference(before, after, tuple(changes))


def _of_one_gate(before: Report | None, after: Report | None, gate: str | None) -> Iterator[Change]:
    """A finding that is gone is fixed only where its subject passes now, or is looked at."""
    earlier, later = before.findings if before else (), after.findings if after else ()
    old, new = _open(earlier), _open(later)
    there = {(one.check, one.subject) for one in later}
    seen = {(one.check, one.subject) for one in later if one.status in LOOKED_AT}
    checks = {check for check, _ in seen}
    for key, finding in new.items():
        yield Change(_compared(old.get(key), finding), old.get(key), finding, gate)
    for key, finding in old.items():
        if key not in new:
            known = key[:2] in seen or (key[0] in checks and key[:2] not in there)
            yield Change(Kind.FIXED if known else Kind.UNKNOWN, finding, None, gate)


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


def _report_json(report: AnyReport) -> dict[str, Any]:
    return {"started_at": to_text(report.started_at), "verdict": report.verdict.value, "counts": report.counts}


def _change_json(change: Change) -> dict[str, Any]:
    latest = change.latest
    return {
        "gate": change.gate,
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
