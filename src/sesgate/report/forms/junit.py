"""The report as JUnit XML: a suite for each gate and check, a test case for each finding.

`error` is an error, `fail` and `pending` are failures, waived and skipped findings are skipped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from sesgate.clock import to_text
from sesgate.finding import Remedy, Status
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Group, Ordered, by_check
from sesgate.report.forms.words import headline, identity, notices, reason
from sesgate.report.joint import AnyReport, JointReport, labelled
from sesgate.report.model import Report, ReportedFinding

_MOST = 4000


def render(report: AnyReport, options: RenderOptions) -> str:  # noqa: ARG001 - XML looks the same everywhere
    """The JUnit form, in the dialect that Jenkins, GitLab and GitHub's actions read."""
    suites = list(_suites(report))
    name = f"sesgate {report.gate.name}" if isinstance(report, Report) and report.gate.name else "sesgate"
    root = ET.Element("testsuites", {"name": _text(name), **_totals(suites), "time": f"{report.duration_seconds:.3f}"})
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suites(report: AnyReport) -> Iterator[ET.Element]:
    """Of several gates each names its suites and classes: two may look at one subject."""
    for label, one in labelled(report):
        ordered = Ordered(one)
        gate = label if isinstance(report, JointReport) else None
        yield from (_suite(ordered, group, gate) for group in by_check(one.findings))


def _totals(suites: Iterable[ET.Element]) -> dict[str, str]:
    """Without what is skipped: the schema of Jenkins' xUnit plugin has no such attribute here."""
    members = list(suites)
    return {
        counter: str(sum(int(suite.get(counter, "0")) for suite in members))
        for counter in ("tests", "failures", "errors")
    }


def _suite(ordered: Ordered, group: Group, gate: str | None) -> ET.Element:
    names: Counter[str] = Counter()
    place = f"{gate}." if gate else ""
    cases = [_case(ordered, finding, f"{place}{group.name}", names) for finding in group.findings]
    suite = ET.Element(
        "testsuite",
        {
            "name": _text(f"{gate}: {group.name}" if gate else group.name),
            "tests": str(len(cases)),
            "failures": str(_count(cases, "failure")),
            "errors": str(_count(cases, "error")),
            "skipped": str(_count(cases, "skipped")),
            "time": f"{sum(float(case.get('time', '0')) for case in cases):.3f}",
            "timestamp": to_text(ordered.report.started_at).removesuffix("Z"),
        },
    )
    suite.append(_properties(ordered))
    suite.extend(cases)
    return suite


def _count(cases: Iterable[ET.Element], tag: str) -> int:
    return sum(1 for case in cases if case.find(tag) is not None)


def _properties(ordered: Ordered) -> ET.Element:
    """What a reader of one suite must know of the whole."""
    report = ordered.report
    facts = {
        "verdict": f"{headline(report)}: {reason(ordered)}",
        "account": report.target.account or "not known",
        "region": report.target.region,
        **{f"notice {at}": text for at, (_, text) in enumerate(notices(report), 1)},
    }
    properties = ET.Element("properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", {"name": name, "value": _text(value)})
    return properties


def _case(ordered: Ordered, finding: ReportedFinding, classname: str, names: Counter[str]) -> ET.Element:
    seconds = sum(exhibit.seconds for exhibit in ordered.exhibits(finding))
    case = ET.Element(
        "testcase",
        {"classname": _text(classname), "name": _unique(finding, names), "time": f"{seconds:.3f}"},
    )
    tag = _tag(finding)
    if tag is None:
        ET.SubElement(case, "system-out").text = _text(finding.message)
        return case
    kind = "pending" if finding.status is Status.PENDING else finding.severity.value
    attributes = {"message": _text(finding.message)}
    outcome = ET.SubElement(case, tag, attributes if tag == "skipped" else attributes | {"type": kind})
    outcome.text = "\n".join(_content(ordered, finding))
    return case


def _tag(finding: ReportedFinding) -> str | None:
    if finding.waiver or finding.status is Status.SKIP:
        return "skipped"
    return {Status.FAIL: "failure", Status.PENDING: "failure", Status.ERROR: "error"}.get(finding.status)


def _unique(finding: ReportedFinding, names: Counter[str]) -> str:
    """The subject; with its cause, and then a number, where the check says several things of it."""
    candidates = [finding.subject, f"{finding.subject} {finding.cause}" if finding.cause else finding.subject]
    name = next((one for one in candidates if not names[one]), candidates[-1])
    names[name] += 1
    return _text(name if names[name] == 1 else f"{name} ({names[name]})")


def _content(ordered: Ordered, finding: ReportedFinding) -> list[str]:
    lines = [f"{identity(finding)} {finding.severity.value}: {finding.message}"]
    lines += [f"{label}: {text}" for label, text in (("expected", finding.expected), ("found", finding.found)) if text]
    lines += [f"note: {note}" for note in finding.notes]
    if finding.because:
        lines.append(f"because {finding.because} is not right")
    if finding.waiver:
        lines.append(f"waived: {finding.waiver.reason} ({finding.waiver.owner}, until {finding.waiver.expires})")
    if finding.location:
        lines.append(f"at {finding.location.path}:{finding.location.line}")
    told = [_text(line) for line in lines]
    if finding.remedy and not finding.waiver:
        told += [visible(line) for line in _repair(finding.remedy, ordered.report.target.endpoint)]
    return told


def _repair(remedy: Remedy, endpoint: str | None) -> list[str]:
    lines = [f"repair: {remedy.summary}"]
    for change in remedy.changes:
        lines += [f"  {line}" for line in change_lines(change, endpoint)]
    return lines


def _text(text: str) -> str:
    """Text that XML 1.0 can hold: control characters are shown as numbers."""
    return shorten(visible(text), _MOST)
