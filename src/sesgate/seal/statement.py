"""The in-toto statement of a seal: what was tested, how it went, and which files tell so.

Sources: in-toto attestation framework 1.1, statement and resource descriptor; predicate test-result 0.1.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from sesgate.evidence.question import canonical
from sesgate.finding import Severity, Status
from sesgate.report.joint import AnyReport, JointReport, gates_of, labelled
from sesgate.report.model import Report, ReportedFinding
from sesgate.report.schedule import blocking_findings
from sesgate.seal.blocks import blocks
from sesgate.verdict import Verdict

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
OPEN = (Status.FAIL, Status.PENDING, Status.ERROR)
TOLD = ("result", "passedTests", "warnedTests", "failedTests")
"""What the predicate says of how the run went."""


class Part(StrEnum):
    """What a sealed file is."""

    REPORT = "report"
    RECORDING = "recording"


class Sealed(Struct, frozen=True):
    """A file to seal. `name` is its name without folders."""

    part: Part
    name: str
    octets: bytes

    @property
    def sha256(self) -> str:
        """Of all its octets, in hexadecimal."""
        return hashlib.sha256(self.octets).hexdigest()


def statement(report: AnyReport, files: Sequence[Sealed], url: str | None = None) -> bytes:
    """The statement as canonical JSON. `files` are the report itself and its recording, `url` is that of the run."""
    document = {
        "_type": STATEMENT,
        "subject": [_subject(file) for file in files],
        "predicateType": PREDICATE,
        "predicate": {**told(report), "configuration": _configuration(report), **({"url": url} if url else {})},
    }
    return canonical(document).encode("utf-8", "replace")


def told(report: AnyReport) -> dict[str, Any]:
    """How the run went: `result` and the names of tests ("dkim yourdomain.com"), each in one list only.

    Failed is what the verdict rests on, and what would have weighed as much and could not be seen. Warned is whatever
    else is open, waived findings too. Of several gates each test is named with its gate.
    """
    found: dict[str, set[str]] = {"passedTests": set(), "warnedTests": set(), "failedTests": set()}
    for label, gate in labelled(report):
        for outcome, names in _told_of(gate).items():
            found[outcome] |= {f"{label}: {name}" if isinstance(report, JointReport) else name for name in names}
    result = "FAILED" if report.verdict is not Verdict.READY else "WARNED" if found["warnedTests"] else "PASSED"
    return {"result": result, **{name: sorted(names) for name, names in found.items()}}


def _told_of(report: Report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"passedTests": set(), "warnedTests": set(), "failedTests": set()}
    weighing = {one.severity for one in blocking_findings(report)} or {Severity.BLOCKER}
    for one in report.findings:
        if one.status is Status.PASS:
            found["passedTests"].add(_name(one))
        elif one.status in OPEN:
            stops = report.verdict is not Verdict.READY and one.waiver is None and one.severity in weighing
            found["failedTests" if stops else "warnedTests"].add(_name(one))
    found["warnedTests"] -= found["failedTests"]
    found["passedTests"] -= found["failedTests"] | found["warnedTests"]
    return found


def subject_of(document: Mapping[str, Any], part: Part) -> Mapping[str, Any] | None:
    """The subject that is this part, of a statement that somebody signed; None where there is none."""
    for subject in document["subject"]:
        if subject.get("annotations", {}).get("sesgate_part") == part.value:
            found: Mapping[str, Any] = subject
            return found
    return None


def _name(finding: ReportedFinding) -> str:
    return f"{finding.check} {finding.subject}"


def _subject(file: Sealed) -> dict[str, Any]:
    return {
        "name": file.name,
        "digest": {"sha256": file.sha256},
        "mediaType": "application/json",
        "annotations": {"sesgate_part": file.part.value, "sesgate_blocks": blocks(file.octets)},
    }


def _configuration(report: AnyReport) -> list[dict[str, Any]]:
    """Each gate as it was written, and what read it."""
    gates = [
        {"name": one.gate.path or one.gate.name or "gate", "digest": {"sha256": one.gate.sha256}}
        for one in gates_of(report)
    ]
    tool = {
        "name": report.tool.name,
        "uri": f"pkg:pypi/{report.tool.name}@{report.tool.version}",
        "annotations": {"sesgate_packs": dict(report.tool.packs)},
    }
    return [*gates, tool]
