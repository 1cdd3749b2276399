"""A report read back from its JSON: the inverse of `Report.to_json`. Keys of later versions are passed over."""

import json
from typing import Any, NoReturn

from sesgate.controls import Control
from sesgate.finding import (
    AwsCall,
    Change,
    DnsRecord,
    Location,
    Owner,
    PolicyKind,
    PolicyRef,
    Remedy,
    Severity,
    StatementToAdd,
    Status,
    Text,
)
from sesgate.report.joint import AnyReport, JointReport
from sesgate.report.model import (
    SCHEMA_VERSION,
    CheckLine,
    EnvironmentCell,
    Exhibit,
    GateSource,
    RecordingRef,
    Report,
    ReportedFinding,
    Target,
    Tool,
    UnusedWaiver,
    WaiverApplied,
)
from sesgate.report.node import BadReport, Node
from sesgate.verdict import Verdict


def load_report(text: str) -> AnyReport:
    """The report that a JSON text holds, of one gate or of several. Raises BadReport."""
    try:
        document = json.loads(text, parse_constant=_not_a_number)
    except RecursionError:
        raise BadReport("the report is nested too deeply") from None
    except ValueError:
        raise BadReport("the report is not JSON: write one with `sesgate check --format json --output FILE`") from None
    if not isinstance(document, dict) or "schema_version" not in document:
        raise BadReport('the file is not a report of sesgate: it has no "schema_version"')
    version = document["schema_version"]
    if version is not True and version == SCHEMA_VERSION:
        return _any_report(Node(document, ""))
    raise BadReport(f"the report has schema_version {json.dumps(version)}, this sesgate reads {SCHEMA_VERSION}")


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


def _any_report(node: Node) -> AnyReport:
    if "gates" not in node.mapping():
        return _report(node)
    gates = tuple(_report(item) for item in node["gates"].items())
    if not gates:
        node["gates"].refuse("one report or more is expected")
    told = JointReport(gates, node["duration_seconds"].seconds(), node["recording"].maybe(_recording))
    if node["verdict"].one_of(Verdict) is not told.verdict:
        node["verdict"].refuse(f"{told.verdict.value} is expected, the worst verdict of its gates")
    return told


def _report(node: Node) -> Report:
    return Report(
        tool=_tool(node["tool"]),
        gate=_gate(node["gate"]),
        target=_target(node["target"]),
        started_at=node["started_at"].moment(),
        duration_seconds=node["duration_seconds"].seconds(),
        verdict=node["verdict"].one_of(Verdict),
        partial=node["partial"].flag(),
        waiting=node["waiting"].flag(),
        not_asked=node["not_asked"].texts(),
        findings=tuple(_finding(item) for item in node["findings"].items()),
        evidence=tuple(_exhibit(item) for item in node["evidence"].items()),
        recording=node["recording"].maybe(_recording),
        unused_waivers=tuple(_unused_waiver(item) for item in node["unused_waivers"].items()),
        replayed=node.get("replayed", default=False).flag(),
        left_out=node.get("left_out", default=[]).texts(),
        environment=node.get("environment", default=None).maybe(_environment) or (),
        checks=_checks(node.get("checks", default={})),
    )


def _checks(node: Node) -> dict[str, CheckLine]:
    return {name: _check_line(node[name]) for name in node.mapping()}


def _check_line(node: Node) -> CheckLine:
    return CheckLine(node["serves"].text(), tuple(_control(item) for item in node["controls"].items()))


def _control(node: Node) -> Control:
    return Control(
        framework=node["framework"].text(),
        id=node["id"].text(),
        title=node["title"].text(),
        why=node["why"].text(),
        source=node["source"].text(),
    )


def _environment(node: Node) -> tuple[EnvironmentCell, ...]:
    return tuple(_cell(item) for item in node["cells"].items())


def _cell(node: Node) -> EnvironmentCell:
    return EnvironmentCell(
        service=node["service"].text(),
        variable=node["variable"].text(),
        state=node["state"].text(),
        place=node["place"].maybe(Node.text),
    )


def _tool(node: Node) -> Tool:
    packs = node["packs"].mapping()
    return Tool(node["version"].text(), {name: node["packs"][name].text() for name in packs}, node["name"].text())


def _gate(node: Node) -> GateSource:
    return GateSource(node["name"].maybe(Node.text), node["path"].maybe(Node.text), node["sha256"].text())


def _target(node: Node) -> Target:
    return Target(
        account=node["account"].maybe(Node.text),
        region=node["region"].text(),
        caller=node["caller"].maybe(Node.text),
        endpoint=node["endpoint"].maybe(Node.text),
        region_overridden=node.get("region_overridden", default=False).flag(),
    )


def _finding(node: Node) -> ReportedFinding:
    return ReportedFinding(
        check=node["check"].text(),
        subject=node["subject"].text(),
        status=node["status"].one_of(Status),
        cause=node["cause"].maybe(Node.text),
        severity=node["severity"].one_of(Severity),
        message=node["message"].text(),
        expected=node["expected"].maybe(Node.text),
        found=node["found"].maybe(Node.text),
        because=node["because"].maybe(Node.text),
        evidence=node["evidence"].texts(),
        notes=node.get("notes", default=[]).texts(),
        remedy=node["remedy"].maybe(_remedy),
        location=node["location"].maybe(_location),
        waiver=node["waiver"].maybe(_waiver),
    )


def _remedy(node: Node) -> Remedy:
    return Remedy(
        id=node["id"].text(),
        summary=node["summary"].text(),
        owner=node["owner"].one_of(Owner),
        lead_time_seconds=node["lead_time_seconds"].whole(),
        changes=tuple(_change(item) for item in node["changes"].items()),
        after=node["after"].texts(),
        docs=node["docs"].maybe(Node.text),
    )


def _change(node: Node) -> Change:
    given: dict[str, Any] = node.mapping()
    if "dns_record" in given:
        record = node["dns_record"]
        return DnsRecord(record["name"].text(), record["type"].text(), record["value"].text(), record["ttl"].whole())
    if "aws" in given:
        return _call(node["aws"])
    if "policy_statement" in given:
        statement = node["policy_statement"]
        policy = statement.get("policy", default=None).maybe(_policy)
        return StatementToAdd(statement["target"].text(), statement["statement"].mapping(), policy)
    if "text" in given:
        return Text(node["text"].text())
    return node.refuse("a change is a dns_record, aws, policy_statement or text")


def _policy(node: Node) -> PolicyRef:
    return PolicyRef(
        kind=node["kind"].one_of(PolicyKind),
        of=node["of"].text(),
        name=node["name"].maybe(Node.text),
        in_place_of=node["in_place_of"].maybe(Node.whole),
    )


def _call(node: Node) -> AwsCall:
    return AwsCall(
        service=node["service"].text(),
        operation=node["operation"].text(),
        parameters=node["parameters"].mapping(),
        region=node["region"].maybe(Node.text),
        undo=node["undo"].maybe(_call),
    )


def _location(node: Node) -> Location:
    return Location(node["path"].text(), node["line"].whole(), node["column"].whole())


def _waiver(node: Node) -> WaiverApplied:
    return WaiverApplied(node["reason"].text(), node["owner"].text(), node["expires"].text())


def _exhibit(node: Node) -> Exhibit:
    return Exhibit(
        id=node["id"].text(),
        question=node["question"].mapping(),
        excerpt=node["excerpt"].mapping(),
        sha256=node["sha256"].text(),
        asked_at=node["asked_at"].moment(),
        seconds=node["seconds"].seconds(),
    )


def _recording(node: Node) -> RecordingRef:
    return RecordingRef(node["path"].text(), node["sha256"].text())


def _unused_waiver(node: Node) -> UnusedWaiver:
    return UnusedWaiver(
        check=node["check"].text(),
        subject=node["subject"].text(),
        cause=node["cause"].maybe(Node.text),
        expires=node["expires"].text(),
        why=node["why"].text(),
    )


__all__ = ["BadReport", "load_report"]
