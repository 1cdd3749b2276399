"""Terraform plans and states: the policies that are known, and those that are not yet."""

import json
from typing import Any

from sesgate.access import Origin
from tests.access.files import access, problems, read

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/bizassist-api"


def policy(action: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def resource(kind: str, label: str, **values: Any) -> dict[str, Any]:
    return {"address": f"{kind}.{label}", "mode": "managed", "type": kind, "name": label, "values": values}


TRUST = json.dumps(
    {"Statement": {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}}
)
RESOURCES = [
    resource("aws_iam_role", "api", name="bizassist-api", assume_role_policy=TRUST, inline_policy=[]),
    resource("aws_iam_role_policy", "send", name="send", role="bizassist-api", policy=policy("ses:SendEmail")),
    resource("aws_iam_role_policy", "other", name="other", role="other", policy=policy("*")),
    resource("aws_iam_policy", "shared", name="shared", policy=policy("logs:PutLogEvents")),
    resource("aws_db_instance", "main", password="hunter2hunter2"),
]


def plan(*resources: dict[str, Any], **more: Any) -> str:
    module = {"resources": list(resources[:1]), "child_modules": [{"resources": list(resources[1:])}]}
    return json.dumps(
        {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": module}, **more}
    )


def test_a_role_gets_its_own_and_what_belongs_to_nobody() -> None:
    found = access(plan(*RESOURCES), arn=ROLE, path="plan.json")
    assert [one.label for one in found.documents] == [
        "plan.json aws_iam_role_policy.send",
        "plan.json aws_iam_policy.shared",
    ]
    assert found.trust is not None
    assert found.trust.origin is Origin.TRUST


def test_a_resource_s_place_is_its_address() -> None:
    text = json.dumps(json.loads(plan(*RESOURCES)), indent=2)
    [send, _] = access(text, arn=ROLE, path="plan.json").documents
    where = send.locate(0)
    assert where is not None
    assert "aws_iam_role_policy.send" in text.splitlines()[where.line - 1]


def test_secrets_of_the_plan_are_not_kept() -> None:
    assert "hunter2" not in json.dumps(read(plan(*RESOURCES)))


def test_a_boundary_grants_nothing() -> None:
    limit = resource("aws_iam_policy", "limit", name="limit", policy=policy("ses:*"))
    role = resource(
        "aws_iam_role", "api", name="bizassist-api", permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/limit"
    )
    found = access(plan(role, limit, *RESOURCES[1:]), arn=ROLE)
    assert found.boundary is not None
    assert "limit" in found.boundary.label
    assert all("limit" not in one.label for one in found.documents)
    elsewhere = access(plan(role, *RESOURCES[1:]), arn=ROLE)
    assert any("permissions boundary" in str(missing) for missing in elsewhere.unseen)


def test_what_is_known_only_after_apply_is_a_problem() -> None:
    change = {
        "address": "aws_iam_role_policy.late",
        "type": "aws_iam_role_policy",
        "change": {"after": {}, "after_unknown": {"policy": True}},
    }
    assert "known only after apply" in problems(plan(*RESOURCES, resource_changes=[change]))[0][0]


def test_policy_documents_count_where_nothing_else_does() -> None:
    data = resource("aws_iam_policy_document", "api", json=policy("ses:SendEmail"))
    assert len(read(plan(*RESOURCES, data))["policies"]) == 4
    assert [one["title"] for one in read(plan(data))["policies"]] == ["aws_iam_policy_document.api"]
    prior = {"values": {"root_module": {"resources": [data]}}}
    assert len(read(plan(prior_state=prior))["policies"]) == 1


def test_a_state_is_read_like_a_plan() -> None:
    state = {"terraform_version": "1.9.0", "values": {"root_module": {"resources": RESOURCES}}}
    assert len(read(json.dumps(state))["policies"]) == 4


def test_plans_of_any_shape_are_survived() -> None:
    shapes: list[Any] = [None, 1, [], "x", {"resources": 1}, {"resources": [1, {"values": 2}], "child_modules": 3}]
    for odd in shapes:
        document = {
            "terraform_version": "1",
            "planned_values": {"root_module": odd},
            "resource_changes": [1, {"change": 2}],
        }
        assert read(json.dumps(document))["problems"]
    twisted = resource("aws_iam_role", "a", inline_policy=7, name=[1], permissions_boundary=3, assume_role_policy=9)
    assert read(plan(twisted))["problems"]
