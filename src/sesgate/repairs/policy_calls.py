"""The operations that put statements into the policies that were seen, each with the one that takes it back. Pure."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from sesgate.finding import AwsCall, PolicyKind
from sesgate.repairs.placing import NEW_POLICY, SeenPolicy

_HOLDERS = {PolicyKind.USER: "User", PolicyKind.GROUP: "Group", PolicyKind.ROLE: "Role"}
_IN_IAM = "iam"


def policy_calls(policies: Iterable[SeenPolicy]) -> dict[str, AwsCall]:
    """The operation for each statement, by the statement's `repr`: after it, those before it are in the policy too."""
    found: dict[str, AwsCall] = {}
    for one in policies:
        for at, statement in enumerate(one.statements):
            before, after = one.after(at), one.after(at + 1)
            call = _put(one, after or "")
            if call is not None:
                found[repr(statement)] = replace(call, undo=_put(one, before) if before else _deleted(one))
    return found


def policy_name(one: SeenPolicy) -> str:
    """The policy as people find it: by kind, name and holder, or by its ARN."""
    policy = one.policy
    match policy.kind:
        case PolicyKind.MANAGED | PolicyKind.RESOURCE:
            return policy.of
        case PolicyKind.TRUST:
            return f"trust policy of role {policy.of}"
        case _:
            new = ", which is new" if one.document is None else ""
            return f"inline policy {policy.name or NEW_POLICY} of {policy.kind.value} {policy.of}{new}"


def _put(one: SeenPolicy, document: str) -> AwsCall | None:
    """The operation that makes the document the policy; None where none does."""
    policy = one.policy
    region, service, _ = one.question.fields
    match policy.kind, service:
        case PolicyKind.USER | PolicyKind.GROUP | PolicyKind.ROLE, _:
            return AwsCall(_IN_IAM, f"Put{_HOLDERS[policy.kind]}Policy", {**_inline(one), "PolicyDocument": document})
        case PolicyKind.TRUST, _:
            return AwsCall(_IN_IAM, "UpdateAssumeRolePolicy", {"RoleName": policy.of, "PolicyDocument": document})
        case PolicyKind.MANAGED, _:
            parameters = {"PolicyArn": policy.of, "PolicyDocument": document, "SetAsDefault": True}
            return AwsCall(_IN_IAM, "CreatePolicyVersion", parameters)
        case _, "sns":
            named = {"TopicArn": policy.of, "AttributeName": "Policy", "AttributeValue": document}
            return AwsCall("sns", "SetTopicAttributes", named, region)
        case _, "sqs":
            url = one.question.parameters["QueueUrl"]
            return AwsCall("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": document}}, region)
        case _, "kms":
            named = {"KeyId": policy.of, "PolicyName": "default", "Policy": document}
            return AwsCall("kms", "PutKeyPolicy", named, region)
    return None


def _deleted(one: SeenPolicy) -> AwsCall | None:
    """What takes a policy back that was not there before."""
    holder = _HOLDERS.get(one.policy.kind)
    return AwsCall(_IN_IAM, f"Delete{holder}Policy", _inline(one)) if holder else None


def _inline(one: SeenPolicy) -> dict[str, Any]:
    return {f"{_HOLDERS[one.policy.kind]}Name": one.policy.of, "PolicyName": one.policy.name or NEW_POLICY}
