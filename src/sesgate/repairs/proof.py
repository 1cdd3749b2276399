"""The proof of repairs: what they change is put in place of the recorded answers, and the gate is run again on that."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sesgate.evidence.question import Answer, Question
from sesgate.finding import Status
from sesgate.repairs.placing import with_statements
from sesgate.repairs.work import RecordSet, Work
from sesgate.report.model import Report, ReportedFinding


class Proof(Struct, frozen=True):
    """The open findings before, by what becomes of them: closed, waiting for someone who looks, or as they were."""

    closed: tuple[ReportedFinding, ...]
    waiting: tuple[ReportedFinding, ...]
    remaining: tuple[ReportedFinding, ...]


def proof(before: Report, after: Report) -> Proof:
    """Compares the report with that of the repaired evidence. What could not be seen there is not closed.

    A subject of which a check has nothing more to say is closed, where the check could see all that it asked for.
    """
    settled = {(one.check, one.subject, one.cause): one.status for one in after.findings}
    told = {(one.check, one.subject) for one in after.findings}
    blind = {one.check for one in after.findings if one.status is Status.ERROR}
    ran = {one.check for one in after.findings} - blind
    seen = {(one.check, one.subject) for one in after.findings if one.status is not Status.ERROR}
    seen |= {key for one in before.findings if (key := (one.check, one.subject)) not in told and one.check in ran}
    found: dict[str, list[ReportedFinding]] = {"closed": [], "waiting": [], "remaining": []}
    for one in before.findings:
        if one.waiver or one.status not in (Status.FAIL, Status.PENDING, Status.ERROR):
            continue
        found[_became(one, settled, seen, after)].append(one)
    return Proof(tuple(found["closed"]), tuple(found["waiting"]), tuple(found["remaining"]))


def _became(
    one: ReportedFinding,
    settled: Mapping[tuple[str, str, str | None], Status],
    seen: set[tuple[str, str]],
    after: Report,
) -> str:
    now = settled.get((one.check, one.subject, one.cause))
    if now is None and (one.check, one.subject) in seen:
        pending = any(
            other.status is Status.PENDING and (other.check, other.subject) == (one.check, one.subject)
            for other in after.findings
        )
        return "waiting" if pending else "closed"
    return "waiting" if now is Status.PENDING and one.status is Status.FAIL else "remaining"


def repaired(answers: Mapping[Question, Answer], work: Work) -> dict[Question, Answer]:
    """The answers as they would be with the records published and the statements added."""
    changed = dict(answers)
    resolvers = {question.fields[2] for question in answers if question.source == "dns"}
    moment = work.report.started_at
    for one in work.record_sets:
        for resolver in resolvers:
            value = {"rcode": "NOERROR", "records": list(one.values), "chain": [], "ttl": one.ttl}
            changed[Question.dns(one.type, one.name, resolver)] = Answer(value, None, moment, 0.0)
            if one.type == "CNAME":
                changed.update(_followed(one, resolver, changed))
    return with_statements(changed, work.statements)


def _followed(one: RecordSet, resolver: str, answers: Mapping[Question, Answer]) -> Iterator[tuple[Question, Answer]]:
    """What an alias leads to, where that was asked at its target."""
    target = one.values[0].lower().rstrip(".")
    for question, answer in list(answers.items()):
        if question.source == "dns" and question.fields[1:] == (target, resolver) and answer.failure is None:
            value = {**answer.value, "chain": [target, *answer.value["chain"]]}
            yield Question.dns(question.fields[0], one.name, resolver), replace(answer, value=value)
