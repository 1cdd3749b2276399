"""Policy statements put into recorded answers, where a read would find them once they were added."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sesgate.evidence.question import Answer, Question
from sesgate.finding import PolicyKind, PolicyRef, StatementToAdd

NEW_POLICY = "sesgate-repair"
"""What an inline policy is called that a repair makes, or that an earlier one has made."""
_LISTS = {
    PolicyKind.USER: ("UserDetailList", "UserName", "UserPolicyList"),
    PolicyKind.GROUP: ("GroupDetailList", "GroupName", "GroupPolicyList"),
    PolicyKind.ROLE: ("RoleDetailList", "RoleName", "RolePolicyList"),
}

Statements = Sequence[StatementToAdd]
Rewrite = Callable[[str | None], str]
"""A policy document to what it is to be; None is one that there is not yet."""


class SeenPolicy(Struct, frozen=True):
    """A policy that the evidence holds, and the statements that go into it. `document` is None where it is new.

    `question` is what tells the policy.
    """

    policy: PolicyRef
    statements: tuple[StatementToAdd, ...]
    question: Question
    document: str | None

    def after(self, count: int) -> str | None:
        """The document once the first so many statements are in it."""
        return added(self.document, self.statements[:count]) if count else self.document


def seen_policies(answers: Mapping[Question, Answer], statements: Iterable[StatementToAdd]) -> Iterator[SeenPolicy]:
    """The policies that statements go into, as far as the evidence holds them whole."""
    for policy, together in _by_policy(statements).items():
        for question, answer in answers.items():
            found: list[str | None] = []

            def look(document: str | None, found: list[str | None] = found) -> str:
                found.append(document)
                return document or ""

            if question.source == "aws" and answer.failure is None and answer.value:
                _placed(question, answer.value, policy, look)
            document = found[0] if found else None
            if (found or _lists_new(question, answer, policy)) and (not document or _read(document) is not None):
                yield SeenPolicy(policy, tuple(together), question, document)
                break


def with_statements(answers: Mapping[Question, Answer], statements: Iterable[StatementToAdd]) -> dict[Question, Answer]:
    """The answers with the statements in their policies. What stands in files, and what no read tells, stays."""
    changed = dict(answers)
    for policy, together in _by_policy(statements).items():

        def add(document: str | None, together: Statements = together) -> str:
            return added(document, together)

        for question, answer in list(changed.items()):
            if question.source == "aws" and answer.failure is None and answer.value:
                changed[question] = replace(answer, value=_placed(question, answer.value, policy, add))
        changed.update(_read_alone(changed, policy, together))
    return changed


def _by_policy(statements: Iterable[StatementToAdd]) -> dict[PolicyRef, list[StatementToAdd]]:
    """The statements by the policy that they go into, whatever statement of it each replaces."""
    found: dict[PolicyRef, list[StatementToAdd]] = {}
    for one in statements:
        policy = one.policy or PolicyRef(PolicyKind.RESOURCE, one.target)
        found.setdefault(replace(policy, in_place_of=None), []).append(one)
    return found


def _placed(question: Question, value: Any, policy: PolicyRef, rewrite: Rewrite) -> Any:
    """The answer with the policy rewritten in it; as it was where it does not hold the policy."""
    _, service, operation = question.fields
    match policy.kind, service, operation:
        case PolicyKind.RESOURCE, "sns", "GetTopicAttributes" if question.parameters.get("TopicArn") == policy.of:
            return _in_attributes(value, rewrite)
        case PolicyKind.RESOURCE, "sqs", "GetQueueAttributes" if value["Attributes"].get("QueueArn") == policy.of:
            return _in_attributes(value, rewrite)
        case PolicyKind.RESOURCE, "kms", "GetKeyPolicy" if question.parameters.get("KeyId") == policy.of:
            return {**value, "Policy": rewrite(value.get("Policy"))}
        case _, "iam", "GetAccountAuthorizationDetails":
            return _in_account(value, policy, rewrite)
        case PolicyKind.ROLE, "iam", "GetRolePolicy" if _is_asked(question, policy):
            return {**value, "PolicyDocument": rewrite(value["PolicyDocument"])}
        case PolicyKind.TRUST, "iam", "GetRole" if question.parameters.get("RoleName") == policy.of:
            return {**value, "Role": _with_trust(value["Role"], rewrite)}
        case PolicyKind.MANAGED, "iam", "GetPolicyVersion" if question.parameters.get("PolicyArn") == policy.of:
            version = value["PolicyVersion"]
            return {**value, "PolicyVersion": {**version, "Document": rewrite(version["Document"])}}
    return value


def _read_alone(
    answers: Mapping[Question, Answer], policy: PolicyRef, statements: Statements
) -> dict[Question, Answer]:
    """A new inline policy of a role, where the role's policies were listed and read one by one."""
    found: dict[Question, Answer] = {}
    for question, answer in answers.items():
        if _lists_new(question, answer, policy):
            asked = {"RoleName": policy.of, "PolicyName": NEW_POLICY}
            document = {"PolicyName": NEW_POLICY, "PolicyDocument": added(None, statements)}
            names = [*answer.value.get("PolicyNames", ()), NEW_POLICY]
            found[question] = replace(answer, value={**answer.value, "PolicyNames": names})
            found[Question.aws(question.fields[0], "iam", "GetRolePolicy", asked)] = replace(answer, value=document)
    return found


def _lists_new(question: Question, answer: Answer, policy: PolicyRef) -> bool:
    """Whether the answer lists the inline policies of the role that is to get a new one, and has none of its name."""
    if question.source != "aws" or question.fields[1:] != ("iam", "ListRolePolicies") or not answer.value:
        return False
    new = policy.kind is PolicyKind.ROLE and policy.name is None and question.parameters.get("RoleName") == policy.of
    return new and NEW_POLICY not in answer.value.get("PolicyNames", ())


def _in_attributes(value: Any, rewrite: Rewrite) -> Any:
    attributes = dict(value["Attributes"])
    attributes["Policy"] = rewrite(attributes.get("Policy"))
    return {**value, "Attributes": attributes}


def _is_asked(question: Question, policy: PolicyRef) -> bool:
    asked = question.parameters
    return (asked.get("RoleName"), asked.get("PolicyName")) == (policy.of, policy.name or NEW_POLICY)


def _in_account(value: Any, policy: PolicyRef, rewrite: Rewrite) -> Any:
    match policy.kind:
        case PolicyKind.USER | PolicyKind.GROUP | PolicyKind.ROLE:
            members, name, inline = _LISTS[policy.kind]
            return _in_members(
                value,
                members,
                name,
                policy.of,
                lambda one: {**one, inline: _in_inline(one.get(inline), policy, rewrite)},
            )
        case PolicyKind.TRUST:
            return _in_members(value, "RoleDetailList", "RoleName", policy.of, lambda one: _with_trust(one, rewrite))
        case PolicyKind.MANAGED:
            return _in_members(
                value,
                "Policies",
                "Arn",
                policy.of,
                lambda one: {**one, "Document": rewrite(one.get("Document"))},
            )
    return value


def _in_members(value: Any, members: str, name: str, wanted: str, change: Any) -> Any:
    return {**value, members: [change(one) if one[name] == wanted else one for one in value.get(members, ())]}


def _in_inline(held: Sequence[Any] | None, policy: PolicyRef, rewrite: Rewrite) -> list[Any]:
    wanted = policy.name or NEW_POLICY
    if policy.name is None and all(one["PolicyName"] != wanted for one in held or ()):
        return [*(held or ()), {"PolicyName": wanted, "PolicyDocument": rewrite(None)}]
    return [
        {**one, "PolicyDocument": rewrite(one["PolicyDocument"])} if one["PolicyName"] == wanted else one
        for one in held or ()
    ]


def _with_trust(role: Mapping[str, Any], rewrite: Rewrite) -> Mapping[str, Any]:
    name = "AssumeRolePolicyDocument"
    return {**role, name: rewrite(role.get(name))}


def added(document: str | None, statements: Statements) -> str:
    """The policy document, without the statements whose place is taken, and with the new ones.

    A text that is no policy stays as it is.
    """
    policy = _read(document) if document else {"Version": "2012-10-17", "Statement": []}
    if policy is None:
        return str(document)
    held = policy.get("Statement", [])
    taken = {one.policy.in_place_of for one in statements if one.policy}
    kept = [one for at, one in enumerate(held if isinstance(held, list) else [held]) if at not in taken]
    return json.dumps({**policy, "Statement": [*kept, *(dict(one.statement) for one in statements)]})


def _read(document: str) -> dict[str, Any] | None:
    """The policy; None where the text is none."""
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        return None
    return policy if isinstance(policy, dict) else None
