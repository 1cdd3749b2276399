"""The account of the ready world with its IAM changed: for the tests of IAM checks."""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from sesgate.access.account import EVERYTHING
from sesgate.evidence import Question
from sesgate.testing import World, ready_world

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/bizassist-api"
IDENTITY = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/yourdomain.com"
SET = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/bizassist-transactional"
DETAILS = "GetAccountAuthorizationDetails"
FILTER = {"Filter": list(EVERYTHING)}


def allow(*actions: str, on: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions: str, on: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement."""
    return {**allow(*actions, on=on, **more), "Effect": "Deny"}


def document(*statements: Mapping[str, Any]) -> str:
    """A policy, as it is kept of an answer."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def details(world: World) -> dict[str, Any]:
    """A copy of what the account tells of everyone."""
    told = world.answers[Question.aws(REGION, "iam", DETAILS, FILTER)].value
    return copy.deepcopy(dict(told))


def changed(change: Callable[[dict[str, Any], dict[str, Any]], None], world: World | None = None) -> World:
    """A world in which `change(role, details)` was made to the application's role and to the whole account."""
    world = world or ready_world()
    told = details(world)
    change(told["RoleDetailList"][0], told)
    return world.answer("iam", DETAILS, FILTER, **told)


def with_policy(*statements: Mapping[str, Any], world: World | None = None, boundary: bool = False) -> World:
    """Where the role has these statements and no others; without its boundary unless told."""

    def change(role: dict[str, Any], _told: dict[str, Any]) -> None:
        role["RolePolicyList"] = [{"PolicyName": "own", "PolicyDocument": document(*statements)}]
        role["AttachedManagedPolicies"] = []
        if not boundary:
            role.pop("PermissionsBoundary", None)

    return changed(change, world)


def needing(*actions: str, resources: list[str] | None = None, world: World | None = None, **role: Any) -> World:
    """Where the role needs these actions and no others."""
    need: dict[str, Any] = {"actions": list(actions)} | ({"resources": resources} if resources else {})
    declared = {"arn": ROLE, "needs": [need], **role}
    return (world or ready_world()).with_gate(roles=[{k: v for k, v in declared.items() if v is not None}])


def by_single_reads(world: World, **refused: bool) -> World:
    """Where GetAccountAuthorizationDetails is denied and the role's own reads answer, but those that are refused."""
    told = details(world)
    role = told["RoleDetailList"][0]
    name = {"RoleName": role["RoleName"]}
    managed = {policy["Arn"]: policy for policy in told["Policies"]}
    inline = {policy["PolicyName"]: policy["PolicyDocument"] for policy in role["RolePolicyList"]}
    arns = [policy["PolicyArn"] for policy in role["AttachedManagedPolicies"]]
    boundary = (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    world = world.fail("iam", DETAILS, parameters=FILTER)
    world = world.answer("iam", "GetRole", name, Role=role)
    world = world.answer("iam", "ListRolePolicies", name, PolicyNames=list(inline))
    world = world.answer("iam", "ListAttachedRolePolicies", name, AttachedPolicies=[{"PolicyArn": one} for one in arns])
    for policy, text in inline.items():
        world = world.answer("iam", "GetRolePolicy", {**name, "PolicyName": policy}, PolicyDocument=text)
    for arn in (*arns, *([boundary] if boundary else ())):
        head = {"PolicyName": managed[arn]["PolicyName"], "Arn": arn, "DefaultVersionId": "v1"}
        version = {"PolicyArn": arn, "VersionId": "v1"}
        world = world.answer("iam", "GetPolicy", {"PolicyArn": arn}, Policy=head)
        world = world.answer("iam", "GetPolicyVersion", version, PolicyVersion={"Document": managed[arn]["Document"]})
    for operation in refused:
        world = world.fail("iam", operation)
    return world
