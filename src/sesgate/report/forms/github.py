"""The report as GitHub workflow commands: annotations on the files that the findings point at, worst first.

About ten of each level are shown for a step, so the verdict comes first and blockers before warnings.
"""

from collections.abc import Iterator

from sesgate.finding import Severity, Status
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Group, Ordered
from sesgate.report.forms.words import headline, identity, notices, reason, reason_of_all
from sesgate.report.joint import AnyReport, JointReport, labelled
from sesgate.report.model import Report, ReportedFinding
from sesgate.verdict import Verdict

_LEVELS = {Severity.BLOCKER: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MOST = 1000
_MOST_CHECKS = 10


def render(report: AnyReport, options: RenderOptions) -> str:
    """One workflow command a line. `quiet` leaves the verdict alone."""
    lines = [_verdict(report)]
    if not options.quiet:
        lines += _findings(report)
    return "".join(f"{line}\n" for line in lines)


def _verdict(report: AnyReport) -> str:
    level = "error"
    if report.verdict is Verdict.READY:
        level = "warning" if report.partial else "notice"
    if isinstance(report, JointReport):
        lines = [reason_of_all(report), *(f"{headline(one)}: {label}: {_why(one)}" for label, one in labelled(report))]
        return _command(level, f"{headline(report)}: {len(report.gates)} gates", *lines, place={})
    return _command(level, f"{headline(report)}: {report.gate.name or 'the gate'}", _why(report), place={})


def _why(report: Report) -> str:
    return ". ".join([reason(Ordered(report)), *(text for _, text in notices(report))])


def _findings(report: AnyReport) -> Iterator[str]:
    """Of several gates all blockers come before any warning; each is told with its gate."""
    gates = [(f"{label}: " if isinstance(report, JointReport) else "", Ordered(one)) for label, one in labelled(report)]
    for severity in Severity:
        for gate, ordered in gates:
            yield from (_finding(gate, one) for one in ordered.failures(severity))
            yield from (_finding(gate, one) for one in ordered.pending if one.severity is severity)
    for gate, ordered in gates:
        yield from (_unseen(gate, group) for group in ordered.errors)


def _finding(gate: str, finding: ReportedFinding) -> str:
    lines = [finding.message]
    lines += [f"{label}: {text}" for label, text in (("expected", finding.expected), ("found", finding.found)) if text]
    if finding.remedy:
        lines.append(f"repair: {finding.remedy.summary}")
    waiting = "pending: " if finding.status is Status.PENDING else ""
    title = f"{gate}{waiting}{identity(finding)} {finding.subject}"
    return _command(_LEVELS[finding.severity], title, *lines, place=_place(finding))


def _unseen(gate: str, group: Group) -> str:
    """One reason is one annotation, however much it hides."""
    weight = max(finding.severity.weight for finding in group.findings)
    level = "error" if weight == Severity.BLOCKER.weight else "warning"
    checks = list(group.checks)
    more = f" and {len(checks) - _MOST_CHECKS} more" if len(checks) > _MOST_CHECKS else ""
    title = f"{gate}not seen: {', '.join(checks[:_MOST_CHECKS])}{more}"
    return _command(level, title, group.name, place=_place(group.findings[0]))


def _place(finding: ReportedFinding) -> dict[str, str]:
    """Where the annotation goes."""
    at = finding.location
    if at is None:
        return {}
    return {"file": at.path, "line": str(at.line), "endLine": str(at.line), "col": str(at.column)}


def _command(level: str, title: str, *lines: str, place: dict[str, str]) -> str:
    """`::error file=…,title=…::message`; what comes from outside is visible text, then escaped for the command."""
    properties = ",".join(f"{name}={_property(value)}" for name, value in (place | {"title": title}).items())
    message = "\n".join(shorten(visible(line), _MOST) for line in lines)
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(shorten(visible(text), _MOST)).replace(":", "%3A").replace(",", "%2C")
