"""Conditions are weighed: neither ignored, nor does any of them silence a finding."""

from typing import Any

import pytest

from sesgate.iam.breadth import Breadth, breadth
from tests.iam.documents import allow

FROM = {"StringEquals": {"ses:FromAddress": "no-reply@example.com"}}


def judge(action: Any, condition: dict[str, Any], resource: Any = "*") -> Breadth | None:
    return breadth(allow(action, resource, Condition=condition).statements[0])


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("ses:SendEmail", FROM),
        ("ses:SendRawEmail", {"StringLike": {"ses:FromAddress": "*@example.com"}}),
        ("ses:SendEmail", {"StringEqualsIfExists": {"ses:FromAddress": "a@example.com"}}),
        ("ses:SendEmail", {"ForAllValues:StringEquals": {"ses:FromAddress": "a@example.com"}}),
        ("ses:SendBulkEmail", FROM),  # its requests hold no such key, so that it is not granted at all
        ("ses:DeleteEmailIdentity", {"StringEquals": {"aws:ResourceTag/app": "bizassist"}}),
        ("kms:Decrypt", {"StringEquals": {"aws:ResourceTag/app": "bizassist"}}),
        ("kms:Decrypt", {"StringEquals": {"kms:EncryptionContext:app": "bizassist"}}),
        ("secretsmanager:GetSecretValue", {"StringEquals": {"secretsmanager:ResourceTag/app": "x"}}),
        ("ecs:RunTask", {"ArnEquals": {"ecs:cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod"}}),
    ],
)
def test_what_says_on_what_or_as_whom_narrows(action: str, condition: dict[str, Any]) -> None:
    assert judge(action, condition) is None


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"ses:FromAddress": "*"}},
        {"StringLike": {"ses:FromAddress": "*@*"}},
        {"StringLike": {"ses:FromAddress": ["no-reply@example.com", "*"]}},
        {"StringNotEquals": {"ses:FromAddress": "ceo@example.com"}},
        {"Null": {"ses:FromAddress": "false"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}},
        {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
        {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
        {"StringLike": {"aws:UserAgent": "*node*"}},
        {"StringEquals": {"ses:FromDisplayName": "BizAssist"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"StringEquals": {"ses:ApiVersion": "2"}},
        {"StringMatches": {"ses:FromAddress": "no-reply@example.com"}},
    ],
)
def test_what_narrows_nothing_lessens_nothing(condition: dict[str, Any]) -> None:
    found = judge("ses:SendEmail", condition)
    assert found is not None
    assert (found.kind.value, found.lessened) == ("resource-wildcard", False)


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("s3:PutObject", {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}}),
        ("s3:PutObject", {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}}),
        ("s3:PutObject", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        ("kms:Decrypt", {"StringEquals": {"kms:ViaService": "secretsmanager.ap-southeast-1.amazonaws.com"}}),
        ("iam:PassRole", {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}),
        ("ses:DeleteEmailIdentity", {"StringEqualsIfExists": {"aws:ResourceTag/app": "bizassist"}}),
        ("ses:DeleteEmailIdentity", {"Null": {"aws:ResourceTag/app": "false"}}),
        ("ses:*", FROM),
        ("ses:*", {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}}),
        ("*", {"StringEquals": {"aws:ResourceTag/app": "bizassist"}}),
    ],
)
def test_circumstances_lessen_and_are_told(action: str, condition: dict[str, Any]) -> None:
    found = judge(action, condition)
    assert found is not None
    assert found.lessened
    assert next(iter(condition.values())).keys() & {limit.partition(" ")[0] for limit in found.limits}


def test_a_condition_on_the_sender_holds_only_for_what_sends() -> None:
    found = judge("ses:*", FROM)
    assert found is not None
    names = {action.name for action in found.actions}
    assert {"ses:SendEmail", "ses:SendRawEmail"} < names
    assert not names & {"ses:DeleteEmailIdentity", "ses:PutIdentityPolicy", "ses:SendBulkEmail"}


def test_a_lenient_condition_is_no_condition_for_what_does_not_hold_the_key() -> None:
    found = judge(["ses:SendEmail", "ses:SendBulkEmail"], {"StringEqualsIfExists": {"ses:FromAddress": "a@x.example"}})
    assert found is not None
    assert [action.name for action in found.actions] == ["ses:SendBulkEmail"]
    assert not found.lessened


def test_where_an_administrator_comes_from_changes_nothing() -> None:
    found = judge("*", {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}})
    assert found is not None
    assert not found.lessened


def test_a_region_that_is_requested_narrows_the_region_alone() -> None:
    everywhere = "arn:aws:ses:*:111122223333:identity/example.com"
    here = {"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}}
    assert judge("ses:SendEmail", {}, everywhere) is not None
    assert judge("ses:SendEmail", here, everywhere) is None
    assert judge("ses:SendEmail", here, "*") is not None
