"""The report as SARIF 2.1.0, for code scanning: a rule for each check, a result for each finding that stands.

What could not be looked at is a notification of the tool, not a result; a waived finding is suppressed.
"""

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from sesgate.clock import to_text
from sesgate.finding import Remedy, Severity, Status
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Group, Ordered, by_check
from sesgate.report.forms.words import headline, identity, notices, reason
from sesgate.report.joint import AnyReport, labelled
from sesgate.report.layout import laid_out
from sesgate.report.model import Report, ReportedFinding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST = 1024
NO_FILE = "gate.yaml"
"""Where a result points that has no file: without a place, code scanning refuses all of them."""
_LEVELS = {Severity.BLOCKER: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISION = {"precision": "very-high"}


def render(report: AnyReport, options: RenderOptions) -> str:  # noqa: ARG001 - JSON looks the same everywhere
    """A run for each gate, in ASCII, a result a line.

    The category of a run is its gate, so that code scanning keeps them apart.
    """
    runs = [_run(label, Ordered(one)) for label, one in labelled(report)]
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return laid_out(log, levels=4) + "\n"


def _run(gate: str, ordered: Ordered) -> dict[str, Any]:
    report = ordered.report
    groups = by_check(report.findings)
    rules = {group.name: at for at, group in enumerate(groups)}
    results = [one for one in report.findings if one.status in (Status.FAIL, Status.PENDING)]
    return {
        "tool": {"driver": _driver(report, groups)},
        "automationDetails": {"id": f"sesgate/{_text(gate)}/"},
        "invocations": [_invocation(ordered, rules)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules[one.check], report) for one in results],
        "properties": {"verdict": report.verdict.value, "counts": report.counts},
    }


def _driver(report: Report, groups: Iterable[Group]) -> dict[str, Any]:
    return {
        "name": "sesgate",
        "version": report.tool.version,
        "semanticVersion": report.tool.version,
        "rules": [_rule(group, report) for group in groups],
    }


def _rule(group: Group, report: Report) -> dict[str, Any]:
    """What a reader of code scanning learns of a check: its causes in this report, and where to read on."""
    heaviest = max((one.severity for one in group.findings), key=lambda severity: severity.weight)
    remedies = [one.remedy for one in group.findings if one.remedy]
    line = report.checks.get(group.name)
    serves = line.serves if line else f"The check {group.name} of the go-live gate"
    controls = [_text(f"{one.framework} {one.id}") for one in line.controls] if line else []
    told = f"See `sesgate explain {group.name}`: what it looks at, why, each cause and its repair."
    links = [remedy.docs for remedy in remedies if remedy.docs and remedy.docs.startswith("https://")]
    return {
        "id": group.name,
        "name": "".join(word.title() for word in group.name.split("-")),
        "shortDescription": {"text": _text(serves)},
        "fullDescription": {"text": _text(told)},
        "help": {"text": _text(told), "markdown": _text(told)},
        **({"helpUri": quote(links[0], safe=":/?#[]@!$&'()*+,;=%~")} if links else {}),
        "defaultConfiguration": {"level": _LEVELS[heaviest]},
        "properties": {"tags": ["email", "ses", *controls][:20], **_PRECISION},
    }


def _invocation(ordered: Ordered, rules: dict[str, int]) -> dict[str, Any]:
    report = ordered.report
    errors = [one for group in ordered.errors for one in group.findings]
    loud = [{"level": "warning", "message": {"text": _text(text)}} for _, text in notices(report)]
    return {
        "executionSuccessful": True,
        "startTimeUtc": to_text(report.started_at),
        "toolExecutionNotifications": [_notification(one, rules[one.check]) for one in errors] + loud,
        "properties": {
            "verdict": f"{headline(report)}: {reason(ordered)}",
            "account": report.target.account,
            "region": report.target.region,
            "caller": report.target.caller,
        },
    }


def _notification(finding: ReportedFinding, rule: int) -> dict[str, Any]:
    return {
        "level": "error" if finding.severity is Severity.BLOCKER else "warning",
        "message": {"text": _text(f"{finding.subject}: {finding.message}")},
        "associatedRule": {"id": finding.check, "index": rule},
        "descriptor": {"id": identity(finding)},
    }


def _result(finding: ReportedFinding, rule: int, report: Report) -> dict[str, Any]:
    return {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(_message(finding, report.target.endpoint))},
        "locations": [_location(finding, report)],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(finding)},
        **({"suppressions": [_suppression(finding)]} if finding.waiver else {}),
        "properties": {"cause": finding.cause, "subject": finding.subject, "status": finding.status.value},
    }


def _fingerprint(finding: ReportedFinding) -> str:
    """The same in every run, in the shape that code scanning gives its own."""
    key = "\n".join((finding.check, finding.subject, finding.cause or ""))
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}:1"


def _message(finding: ReportedFinding, endpoint: str | None) -> list[str]:
    waiting = "pending: " if finding.status is Status.PENDING else ""
    lines = [f"{identity(finding)} {finding.subject}: {waiting}{finding.message}"]
    lines += [f"{label}: {text}" for label, text in (("expected", finding.expected), ("found", finding.found)) if text]
    return [_text(line) for line in lines] + (_repair(finding.remedy, endpoint) if finding.remedy else [])


def _repair(remedy: Remedy, endpoint: str | None) -> list[str]:
    lines = [f"repair: {remedy.summary}"]
    for change in remedy.changes:
        lines += change_lines(change, endpoint)
    return [_text(line) for line in lines]


def _location(finding: ReportedFinding, report: Report) -> dict[str, Any]:
    place = finding.location
    path = place.path if place else report.gate.path or NO_FILE
    region = {"startLine": place.line, "startColumn": place.column} if place else {"startLine": 1}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}


def _uri(path: str) -> str:
    """A path as a URI reference: RFC 3986. An absolute one names its scheme."""
    quoted = quote(path.encode("utf-8", "surrogatepass"))
    return f"file://{quoted}" if path.startswith("/") else quoted


def _suppression(finding: ReportedFinding) -> dict[str, Any]:
    waiver = finding.waiver
    assert waiver is not None
    told = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"
    return {"kind": "external", "status": "accepted", "justification": _text(told)}


def _text(text: str) -> str:
    return shorten(visible(text), MOST - 40)
