"""From findings, waivers and evidence to the report. It decides nothing: the verdict is handed in."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sesgate.engine import Judged
from sesgate.evidence import Answer, Question
from sesgate.evidence.question import canonical, digest
from sesgate.finding import Location
from sesgate.report.model import Exhibit, ReportedFinding, UnusedWaiver, WaiverApplied
from sesgate.verdict import UnusedWaiver as Unused
from sesgate.verdict import Waived

EXCERPT_BYTES = 4096
_FIELDS = {
    "aws": ("region", "service", "operation"),
    "http": ("request", "shown"),
    "contract": ("baseline", "live"),
    "dns": ("type", "name", "resolver"),
    "file": ("reader", "path"),
    "sending": ("act", "sender", "address"),
    "environment": ("what", "service"),
}

Locate = Callable[[Judged], Location | None]
"""Where a finding points: to a local file, or to the place in the gate that asks."""


def reported(waived: Waived, locate: Locate) -> ReportedFinding:
    """One finding as the report tells it."""
    judged, finding = waived.judged, waived.judged.finding
    return ReportedFinding(
        check=judged.check,
        subject=judged.subject,
        status=finding.status,
        cause=finding.cause,
        severity=judged.severity,
        message=finding.message,
        expected=finding.expected,
        found=finding.found,
        because=str(finding.because) if finding.because else None,
        evidence=judged.evidence,
        notes=judged.notes,
        remedy=finding.remedy,
        location=locate(judged),
        waiver=_applied(waived),
    )


def _applied(waived: Waived) -> WaiverApplied | None:
    waiver = waived.waiver
    return WaiverApplied(waiver.reason, waiver.owner, waiver.expires.isoformat()) if waiver else None


def unused(entries: Iterable[Unused]) -> tuple[UnusedWaiver, ...]:
    """The waivers that cover nothing."""
    return tuple(
        UnusedWaiver(
            entry.waiver.check, entry.waiver.subject, entry.waiver.cause, entry.waiver.expires.isoformat(), entry.why
        )
        for entry in entries
    )


def exhibits(answers: Mapping[Question, Answer], cited: Iterable[str]) -> tuple[Exhibit, ...]:
    """The evidence that findings cite, in the order in which they cite it."""
    by_id = {question.id: (question, answer) for question, answer in answers.items()}
    return tuple(_exhibit(*by_id[one]) for one in dict.fromkeys(cited) if one in by_id)


def _exhibit(question: Question, answer: Answer) -> Exhibit:
    content = _content(answer)
    return Exhibit(
        question.id, question_json(question), _excerpt(content), digest(content), answer.asked_at, answer.seconds
    )


def question_json(question: Question) -> dict[str, Any]:
    """A question as an object with named fields."""
    names = _FIELDS.get(question.source, tuple(f"field_{at}" for at in range(1, len(question.fields) + 1)))
    fields = dict(zip(names, question.fields, strict=False))
    parameters = {"parameters": question.parameters} if question.parameters else {}
    return {"source": question.source, **fields, **parameters}


def _content(answer: Answer) -> dict[str, Any]:
    if answer.failure is not None:
        return {"failure": {"kind": answer.failure.kind.value, "message": answer.failure.message}}
    return {"value": answer.value}


def _excerpt(content: dict[str, Any]) -> dict[str, Any]:
    """The answer, or as much of its text as 4 KiB hold once they are JSON again."""
    text = canonical(content)
    if len(json.dumps(content)) <= EXCERPT_BYTES:
        return content
    cut = text[:EXCERPT_BYTES]
    while len(json.dumps({"truncated": cut})) > EXCERPT_BYTES:
        cut = cut[: int(len(cut) * 0.9)]
    return {"truncated": cut}
