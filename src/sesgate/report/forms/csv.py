"""The report as CSV, RFC 4180: a row for each finding, with who looked at what and when in each."""

import csv
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO

from sesgate.clock import to_text
from sesgate.finding import Remedy
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.words import notices
from sesgate.report.joint import AnyReport, gates_of
from sesgate.report.model import CheckLine, Report, ReportedFinding

MOST = 32_000
"""Characters: what a cell of the common spreadsheets takes."""
Value = str | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")


def render(report: AnyReport, options: RenderOptions) -> str:  # noqa: ARG001 - CSV looks the same everywhere
    """All findings, in the order of the report. What a spreadsheet would calculate begins with an apostrophe."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    gates = gates_of(report)
    rows = (row for gate in gates for row in _rows(gate))
    for at, row in enumerate(rows):
        if at == 0:
            writer.writerow(row)
        writer.writerow(row.values())
    if not any(gate.findings for gate in gates):
        writer.writerow(_cells(_run(gates[0])))
    return file.getvalue()


def _rows(report: Report) -> Iterator[dict[str, str | int]]:
    """What many rows share is made once."""
    run = _cells(_run(report))
    checks = {
        check: _cells(_check(check, report.checks.get(check))) for check in {one.check for one in report.findings}
    }
    for one in report.findings:
        yield checks[one.check] | _cells(_finding(one, report.target.endpoint)) | run


def _cells(values: Iterable[tuple[str, Value]]) -> dict[str, str | int]:
    return {name: _cell(value) for name, value in values}


def _check(check: str, line: CheckLine | None) -> Iterator[tuple[str, Value]]:
    controls = line.controls if line else ()
    yield "check", check
    yield "checklist_line", line.serves if line else None
    yield "controls", "; ".join(f"{one.framework} {one.id}" for one in controls)
    yield "control_sources", "; ".join(dict.fromkeys(one.source for one in controls))


def _finding(finding: ReportedFinding, endpoint: str | None) -> Iterator[tuple[str, Value]]:
    yield "subject", finding.subject
    yield "status", "waived" if finding.waiver else finding.status.value
    yield "cause", finding.cause
    yield "severity", finding.severity.value
    yield "message", finding.message
    yield "expected", finding.expected
    yield "found", finding.found
    yield "because", finding.because
    yield from _remedy(finding.remedy, endpoint)
    yield "place", f"{finding.location.path}:{finding.location.line}" if finding.location else None
    yield "waiver_reason", finding.waiver.reason if finding.waiver else None
    yield "waiver_owner", finding.waiver.owner if finding.waiver else None
    yield "waiver_expires", finding.waiver.expires if finding.waiver else None
    yield "notes", "; ".join(finding.notes)
    yield "evidence", " ".join(finding.evidence)


def _remedy(remedy: Remedy | None, endpoint: str | None) -> Iterator[tuple[str, Value]]:
    lines = [line for change in remedy.changes for line in change_lines(change, endpoint)] if remedy else []
    yield "remedy", remedy.summary if remedy else None
    yield "remedy_owner", remedy.owner.value if remedy else None
    yield "remedy_seconds", remedy.lead_time_seconds if remedy else None
    yield "remedy_changes", "; ".join(lines)
    yield "remedy_docs", remedy.docs if remedy else None


def _run(report: Report) -> Iterator[tuple[str, Value]]:
    target = report.target
    yield "verdict", report.verdict.value
    yield "gate", report.gate.name
    yield "gate_sha256", report.gate.sha256
    yield "account", target.account
    yield "region", target.region
    yield "caller", target.caller
    yield "endpoint", target.endpoint
    yield "notices", "; ".join(text for _, text in notices(report))
    yield "started_at", to_text(report.started_at)
    yield "sesgate_version", report.tool.version
    yield "gate_path", report.gate.path


def _cell(value: Value) -> str | int:
    if not value or isinstance(value, int):
        return "" if value is None else value
    return _shown(value)


@lru_cache(4096)
def _shown(text: str) -> str:
    """Many findings say the same."""
    shown = shorten(visible(text), MOST)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
