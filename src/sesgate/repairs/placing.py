"""Policy statements put into recorded answers, where a read would find them once they were added."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from sesgate.evidence.question import Answer, Question
from sesgate.finding import PolicyKind, PolicyRef, StatementToAdd

NEW_POLICY = "sesgate-repair"
"""What an inline policy is called that a repair makes."""
_LISTS = {
    PolicyKind.USER: ("UserDetailList", "UserName", "UserPolicyList"),
    PolicyKind.GROUP: ("GroupDetailList", "GroupName", "GroupPolicyList"),
    PolicyKind.ROLE: ("RoleDetailList", "RoleName", "RolePolicyList"),
}

Statements = Sequence[StatementToAdd]


def with_statements(answers: Mapping[Question, Answer], statements: Iterable[StatementToAdd]) -> dict[Question, Answer]:
    """The answers with the statements in their policies. What stands in files, and what no read tells, stays."""
    changed = dict(answers)
    for policy, together in _by_policy(statements).items():
        for question, answer in list(changed.items()):
            if question.source == "aws" and answer.failure is None and answer.value:
                changed[question] = replace(answer, value=_placed(question, answer.value, policy, together))
        changed.update(_read_alone(changed, policy, together))
    return changed


def _by_policy(statements: Iterable[StatementToAdd]) -> dict[PolicyRef, list[StatementToAdd]]:
    """The statements by the policy that they go into, whatever statement of it each replaces."""
    found: dict[PolicyRef, list[StatementToAdd]] = {}
    for one in statements:
        policy = one.policy or PolicyRef(PolicyKind.RESOURCE, one.target)
        found.setdefault(replace(policy, in_place_of=None), []).append(one)
    return found


def _placed(question: Question, value: Any, policy: PolicyRef, statements: Statements) -> Any:
    """The answer with the statements in it; as it was where it does not hold the policy."""
    _, service, operation = question.fields
    match policy.kind, service, operation:
        case PolicyKind.RESOURCE, "sns", "GetTopicAttributes" if question.parameters.get("TopicArn") == policy.of:
            return _in_attributes(value, statements)
        case PolicyKind.RESOURCE, "sqs", "GetQueueAttributes" if value["Attributes"].get("QueueArn") == policy.of:
            return _in_attributes(value, statements)
        case PolicyKind.RESOURCE, "kms", "GetKeyPolicy" if question.parameters.get("KeyId") == policy.of:
            return {**value, "Policy": added(value.get("Policy"), statements)}
        case _, "iam", "GetAccountAuthorizationDetails":
            return _in_account(value, policy, statements)
        case PolicyKind.ROLE, "iam", "GetRolePolicy" if _is_asked(question, policy):
            return {**value, "PolicyDocument": added(value["PolicyDocument"], statements)}
        case PolicyKind.TRUST, "iam", "GetRole" if question.parameters.get("RoleName") == policy.of:
            return {**value, "Role": _with_trust(value["Role"], statements)}
        case PolicyKind.MANAGED, "iam", "GetPolicyVersion" if question.parameters.get("PolicyArn") == policy.of:
            version = value["PolicyVersion"]
            return {**value, "PolicyVersion": {**version, "Document": added(version["Document"], statements)}}
    return value


def _read_alone(
    answers: Mapping[Question, Answer], policy: PolicyRef, statements: Statements
) -> dict[Question, Answer]:
    """A new inline policy of a role, where the role's policies were listed and read one by one."""
    found: dict[Question, Answer] = {}
    for question, answer in answers.items():
        listed = question.source == "aws" and question.fields[1:] == ("iam", "ListRolePolicies")
        new = policy.kind is PolicyKind.ROLE and policy.name is None
        if listed and new and answer.value and question.parameters.get("RoleName") == policy.of:
            asked = {"RoleName": policy.of, "PolicyName": NEW_POLICY}
            document = {"PolicyName": NEW_POLICY, "PolicyDocument": added(None, statements)}
            names = [*answer.value.get("PolicyNames", ()), NEW_POLICY]
            found[question] = replace(answer, value={**answer.value, "PolicyNames": names})
            found[Question.aws(question.fields[0], "iam", "GetRolePolicy", asked)] = replace(answer, value=document)
    return found


def _in_attributes(value: Any, statements: Statements) -> Any:
    attributes = dict(value["Attributes"])
    attributes["Policy"] = added(attributes.get("Policy"), statements)
    return {**value, "Attributes": attributes}


def _is_asked(question: Question, policy: PolicyRef) -> bool:
    return (question.parameters.get("RoleName"), question.parameters.get("PolicyName")) == (policy.of, policy.name)


def _in_account(value: Any, policy: PolicyRef, statements: Statements) -> Any:
    match policy.kind:
        case PolicyKind.USER | PolicyKind.GROUP | PolicyKind.ROLE:
            members, name, inline = _LISTS[policy.kind]
            return _in_members(
                value,
                members,
                name,
                policy.of,
                lambda one: {**one, inline: _in_inline(one.get(inline), policy, statements)},
            )
        case PolicyKind.TRUST:
            return _in_members(value, "RoleDetailList", "RoleName", policy.of, lambda one: _with_trust(one, statements))
        case PolicyKind.MANAGED:
            return _in_members(
                value,
                "Policies",
                "Arn",
                policy.of,
                lambda one: {**one, "Document": added(one.get("Document"), statements)},
            )
    return value


def _in_members(value: Any, members: str, name: str, wanted: str, change: Any) -> Any:
    return {**value, members: [change(one) if one[name] == wanted else one for one in value.get(members, ())]}


def _in_inline(held: Sequence[Any] | None, policy: PolicyRef, statements: Statements) -> list[Any]:
    if policy.name is None:
        return [*(held or ()), {"PolicyName": NEW_POLICY, "PolicyDocument": added(None, statements)}]
    return [
        {**one, "PolicyDocument": added(one["PolicyDocument"], statements)} if one["PolicyName"] == policy.name else one
        for one in held or ()
    ]


def _with_trust(role: Mapping[str, Any], statements: Statements) -> Mapping[str, Any]:
    name = "AssumeRolePolicyDocument"
    return {**role, name: added(role.get(name), statements)}


def added(document: str | None, statements: Statements) -> str:
    """The policy document, without the statements whose place is taken, and with the new ones."""
    policy = json.loads(document) if document else {"Version": "2012-10-17", "Statement": []}
    held = policy.get("Statement", [])
    taken = {one.policy.in_place_of for one in statements if one.policy}
    kept = [one for at, one in enumerate(held if isinstance(held, list) else [held]) if at not in taken]
    return json.dumps({**policy, "Statement": [*kept, *(dict(one.statement) for one in statements)]})
