"""The proof of repairs: what they change is put in place of the recorded answers, and the gate is run again on that."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sesgate.evidence.question import Answer, Question
from sesgate.finding import StatementToAdd, Status
from sesgate.repairs.work import RecordSet, Work
from sesgate.report.model import Report, ReportedFinding

_IN_PLACE = ", in place of "
_NEW_POLICY = "a new inline policy of "
_LISTS = {
    "UserDetailList": ("UserName", "UserPolicyList"),
    "GroupDetailList": ("GroupName", "GroupPolicyList"),
    "RoleDetailList": ("RoleName", "RolePolicyList"),
}


class Proof(Struct, frozen=True):
    """The open findings before, by what becomes of them: closed, waiting for someone who looks, or as they were."""

    closed: tuple[ReportedFinding, ...]
    waiting: tuple[ReportedFinding, ...]
    remaining: tuple[ReportedFinding, ...]


def proof(before: Report, after: Report) -> Proof:
    """Compares the report with that of the repaired evidence. What could not be seen there is not closed."""
    settled = {(one.check, one.subject, one.cause): one.status for one in after.findings}
    seen = {(one.check, one.subject) for one in after.findings if one.status is not Status.ERROR}
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
    by_target: dict[str, list[StatementToAdd]] = {}
    for statement in work.statements:
        by_target.setdefault(statement.target, []).append(statement)
    for target, statements in by_target.items():
        for question, answer in list(changed.items()):
            if question.source == "aws" and answer.failure is None and answer.value:
                changed[question] = replace(answer, value=_with_statements(question, answer.value, target, statements))
    return changed


def _followed(one: RecordSet, resolver: str, answers: Mapping[Question, Answer]) -> Iterator[tuple[Question, Answer]]:
    """What an alias leads to, where that was asked at its target."""
    target = one.values[0].lower().rstrip(".")
    for question, answer in list(answers.items()):
        if question.source == "dns" and question.fields[1:] == (target, resolver) and answer.failure is None:
            value = {**answer.value, "chain": [target, *answer.value["chain"]]}
            yield Question.dns(question.fields[0], one.name, resolver), replace(answer, value=value)


def _with_statements(question: Question, value: Any, target: str, statements: list[StatementToAdd]) -> Any:
    """The answer with the statements in the policy that they are for; as it was where it holds no such policy."""
    _, service, operation = question.fields
    policy, _, place = target.partition(_IN_PLACE)
    match service, operation:
        case "sns", "GetTopicAttributes" if question.parameters.get("TopicArn") == policy:
            attributes = dict(value["Attributes"])
            attributes["Policy"] = _added(attributes.get("Policy"), statements, place)
            return {**value, "Attributes": attributes}
        case "kms", "GetKeyPolicy" if question.parameters.get("KeyId") == policy:
            return {**value, "Policy": _added(value.get("Policy"), statements, place)}
        case "iam", "GetAccountAuthorizationDetails":
            return _account(value, policy, statements, place)
        case "iam", "GetRolePolicy" if policy == _inline(value["PolicyName"], value["RoleName"]):
            return {**value, "PolicyDocument": _added(value["PolicyDocument"], statements, place)}
    return value


def _account(value: Any, policy: str, statements: list[StatementToAdd], place: str) -> Any:
    changed = dict(value)
    for members, (name, inline) in _LISTS.items():
        changed[members] = [
            _member(one, one[name], inline, policy, statements, place) for one in value.get(members, ())
        ]
    return changed


def _member(one: Any, name: str, inline: str, policy: str, statements: list[StatementToAdd], place: str) -> Any:
    policies = [
        {**held, "PolicyDocument": _added(held["PolicyDocument"], statements, place)}
        if policy == _inline(held["PolicyName"], name)
        else held
        for held in one.get(inline, ())
    ]
    if policy == f"{_NEW_POLICY}{name}":
        policies.append({"PolicyName": "sesgate-repair", "PolicyDocument": _added(None, statements, "")})
    return {**one, inline: policies}


def _inline(policy: str, holder: str) -> str:
    return f"{policy} (inline) of {holder}"


def _added(document: str | None, statements: list[StatementToAdd], place: str) -> str:
    """The policy document, without the statement whose place is taken, and with the new ones."""
    policy = json.loads(document) if document else {"Version": "2012-10-17", "Statement": []}
    held = policy.get("Statement", [])
    kept = held if isinstance(held, list) else [held]
    taken = _position(kept, place)
    kept = [one for at, one in enumerate(kept) if at != taken]
    return json.dumps({**policy, "Statement": [*kept, *(dict(one.statement) for one in statements)]})


def _position(statements: list[Any], place: str) -> int | None:
    """Which statement a title means: its Sid, or its index (`Statement[2]`)."""
    for at, one in enumerate(statements):
        if place and one.get("Sid") == place:
            return at
    indexed = re.fullmatch(r"Statement\[(\d+)\]", place)
    return int(indexed[1]) if indexed else None
