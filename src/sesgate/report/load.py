"""A report read back from its JSON: the inverse of `Report.to_json`. Keys of later versions are passed over."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from sesgate.clock import from_text
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
from sesgate.verdict import Verdict

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class BadReport(Exception):  # noqa: N818 - it is a statement about a file
    """The text is not a report; says where, and what was expected."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its path, such as `findings[3].remedy`. Each reader raises BadReport for a value of another kind."""

    value: Any
    path: str

    def __getitem__(self, name: str) -> "Node":
        """The value at a key that must be there."""
        if name not in self.mapping():
            self.refuse(f"{name!r} is missing")
        return Node(self.value[name], f"{self.path}.{name}" if self.path else name)

    def get(self, name: str, *, default: Any) -> "Node":
        """The value at a key that early versions did not write."""
        return self[name] if name in self.mapping() else Node(default, f"{self.path}.{name}")

    def maybe(self, read: "Callable[[Node], T]") -> T | None:
        """None for null."""
        return None if self.value is None else read(self)

    def items(self) -> "Iterator[Node]":
        """The members of a list."""
        if not isinstance(self.value, list):
            self.refuse("a list is expected")
        return (Node(item, f"{self.path}[{at}]") for at, item in enumerate(self.value))

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def mapping(self) -> dict[str, Any]:
        """An object, as it is."""
        return self.value if isinstance(self.value, dict) else self.refuse("an object is expected")

    def text(self) -> str:
        return self.value if isinstance(self.value, str) else self.refuse("text is expected")

    def flag(self) -> bool:
        return self.value if isinstance(self.value, bool) else self.refuse("true or false is expected")

    def whole(self) -> int:
        """A whole number, zero or more."""
        good = isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0
        return int(self.value) if good else self.refuse("a whole number is expected")

    def seconds(self) -> float:
        """A finite number, zero or more."""
        good = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        if not good or not 0 <= self.value < math.inf:
            self.refuse("a number of seconds is expected")
        return float(self.value)

    def moment(self) -> datetime:
        """An RFC 3339 time stamp."""
        try:
            return from_text(self.text())
        except (ValueError, OverflowError):
            return self.refuse("a time such as 2026-11-24T06:00:00Z is expected")

    def one_of(self, words: type[E]) -> E:
        """One of the words of an enumeration."""
        try:
            return words(self.text())
        except ValueError:
            return self.refuse(f"one of {', '.join(words)} is expected")

    def refuse(self, expected: str) -> NoReturn:
        """Says where, and what was expected."""
        raise BadReport(f"the report is damaged at {self.path or 'its top'}: {expected}")


def load_report(text: str) -> Report:
    """The report that a JSON text holds. Raises BadReport."""
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
        return _report(Node(document, ""))
    raise BadReport(f"the report has schema_version {json.dumps(version)}, this sesgate reads {SCHEMA_VERSION}")


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


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
        return StatementToAdd(statement["target"].text(), statement["statement"].mapping())
    if "text" in given:
        return Text(node["text"].text())
    return node.refuse("a change is a dns_record, aws, policy_statement or text")


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
