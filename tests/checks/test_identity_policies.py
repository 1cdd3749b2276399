"""identity-policies: whom the policies of an identity let in, and whom they keep out after all."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import AwsCall, Severity
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.accounts import ACCOUNT, IDENTITY, ROLE, document

OTHER = "arn:aws:iam::444455556666:root"
NEWS = f"arn:aws:iam::{ACCOUNT}:user/news"


def lets(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "ses:SendEmail", "Resource": IDENTITY, **more}


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


def shared(*statements: Mapping[str, Any], **policies: str) -> World:
    """Where the sender's identity has a policy of these statements, and others as they are told."""
    told = {"shared": document(*statements)} if statements else {}
    return ready_world().answer("sesv2", "GetEmailIdentity", Policies={**told, **policies})


def found(world: World) -> list[Judged]:
    return run("identity-policies", world)


def test_no_policy_at_all_passes() -> None:
    assert statuses(found(ready_world())) == {"pass"}


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        (lets("*"), "everyone"),
        (lets({"AWS": "*"}), "everyone"),
        (lets("*", **when("StringLike", "ses:FromAddress", "*@yourdomain.com")), "everyone"),
        ({**lets("*"), "NotPrincipal": {"AWS": OTHER}, "Principal": None}, "everyone"),
        (lets({"AWS": OTHER}), "other-account"),
        (lets({"AWS": "444455556666"}), "other-account"),
        (lets({"AWS": "arn:aws:iam::444455556666:role/agency"}), "other-account"),
        (lets({"Service": "cognito-idp.amazonaws.com"}), "service"),
        (lets("*", **when("StringEquals", "aws:PrincipalOrgID", "o-1234567890")), "organization"),
        (lets({"AWS": NEWS}), "not-declared"),
        (lets("*", **when("IpAddress", "aws:SourceIp", "192.0.2.0/24")), "depends"),
    ],
)
def test_whom_a_statement_lets_in(statement: dict[str, Any], cause: str) -> None:
    statement = {name: value for name, value in statement.items() if value is not None}
    assert causes(found(shared(statement))) == {cause}


@pytest.mark.parametrize(
    "statements",
    [
        [lets({"AWS": ROLE})],
        [lets({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})],
        [lets("*", **when("StringEquals", "aws:PrincipalAccount", ACCOUNT))],
        [lets("*", **when("ArnLike", "aws:PrincipalArn", ROLE))],
        [lets({"Service": "cognito-idp.amazonaws.com"}, **when("StringEquals", "aws:SourceAccount", ACCOUNT))],
        [lets({"AWS": OTHER}), lets({"AWS": OTHER}, "Deny")],
        [lets("*", "Deny", **when("Bool", "aws:SecureTransport", "false"))],
        [{**lets("*"), "Action": "ses:GetSendQuota"}],
        [{**lets("*"), "Resource": IDENTITY.replace("yourdomain.com", "another.com")}],
        [lets({"AWS": "AIDAEXAMPLEOFADELETEDU"})],
    ],
)
def test_whom_statements_name_and_keep_out(statements: list[dict[str, Any]]) -> None:
    assert statuses(found(shared(*statements))) == {"pass"}


def test_the_gate_may_name_another_account() -> None:
    named = [ROLE, OTHER, f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/*"]
    assert statuses(found(shared(lets({"AWS": "444455556666"})).with_gate(may_send=named))) == {"pass"}


def test_where_nobody_is_named_the_account_is_at_home() -> None:
    world = shared(lets({"AWS": NEWS})).with_gate(may_send=None, roles=None)
    assert statuses(found(world)) == {"pass"}


def test_a_policy_with_nobody_left_is_deleted_and_can_be_made_again() -> None:
    [one] = found(shared(lets({"AWS": OTHER})))
    assert one.finding.remedy is not None
    [change] = one.finding.remedy.changes
    assert isinstance(change, AwsCall)
    assert (change.operation, change.parameters["PolicyName"]) == ("DeleteEmailIdentityPolicy", "shared")
    assert change.undo is not None
    assert change.undo.operation == "CreateEmailIdentityPolicy"
    assert json.loads(change.undo.parameters["Policy"])["Statement"][0]["Principal"] == {"AWS": OTHER}


def test_a_policy_with_others_keeps_them() -> None:
    [one] = found(shared(lets({"AWS": [OTHER, ROLE]}), lets({"Service": "cognito-idp.amazonaws.com"}, "Deny")))
    assert one.finding.remedy is not None
    [change] = one.finding.remedy.changes
    assert isinstance(change, AwsCall)
    assert change.operation == "UpdateEmailIdentityPolicy"
    written = change.parameters["Policy"]
    assert json.loads(written)["Statement"][0]["Principal"] == {"AWS": [ROLE]}
    assert statuses(found(shared(shared=written))) == {"pass"}


def test_a_service_is_held_to_the_account() -> None:
    [one] = found(shared(lets({"Service": "cognito-idp.amazonaws.com"})))
    assert one.finding.remedy is not None
    [change] = one.finding.remedy.changes
    assert isinstance(change, AwsCall)
    assert statuses(found(shared(shared=change.parameters["Policy"]))) == {"pass"}


@pytest.mark.parametrize("text", ["{", "[]", '{"Statement": 3}', json.dumps({"Statement": [{"Effect": "Alow"}]})])
def test_what_can_not_be_read_is_no_pass(text: str) -> None:
    assert causes(found(shared(broken=text))) == {"malformed-policy"}


def test_who_may_change_the_policy_lets_itself_in() -> None:
    [one] = found(shared({**lets({"AWS": OTHER}), "Action": "ses:UpdateEmailIdentityPolicy"}))
    assert one.cause == "other-account"
    assert "can ses:UpdateEmailIdentityPolicy, so let itself send, with yourdomain.com" in one.finding.message


def test_policies_are_weighed_together() -> None:
    """One policy lets in, another keeps out."""
    kept = document(lets({"AWS": OTHER}, "Deny"))
    assert statuses(found(shared(lets({"AWS": OTHER}), kept=kept))) == {"pass"}


def with_others(number: int) -> World:
    world = ready_world()
    entries = [
        {
            "IdentityName": f"other-{each}.com",
            "IdentityType": "DOMAIN",
            "SendingEnabled": True,
            "VerificationStatus": "SUCCESS" if each else "PENDING",
        }
        for each in range(number + 1)
    ]
    known = next(value for question, value in world.answers.items() if "ListEmailIdentities" in str(question)).value
    return world.answer("sesv2", "ListEmailIdentities", EmailIdentities=[*known["EmailIdentities"], *entries])


def test_a_few_other_identities_are_looked_at_and_weigh_less() -> None:
    own = ready_world().context().aws("sesv2", "GetEmailIdentity", {"EmailIdentity": "yourdomain.com"})
    open_to_all = document({**lets("*"), "Resource": IDENTITY.replace("yourdomain.com", "other-1.com")})
    of_it = {"EmailIdentity": "other-1.com"}
    world = with_others(1).answer("sesv2", "GetEmailIdentity", of_it, **{**own, "Policies": {"open": open_to_all}})
    told = found(world)
    assert {one.subject: one.cause for one in told} == {"yourdomain.com": None, "other-1.com": "everyone"}
    assert [one.severity for one in told if one.cause] == [Severity.WARNING]


def test_many_other_identities_are_not_and_it_says_so() -> None:
    [one] = found(with_others(400))
    assert one.status.value == "pass"
    assert "400 identities that no sender uses were not looked at" in one.finding.message


def test_an_identity_that_is_not_there_is_another_checks_business() -> None:
    world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[])
    [one] = found(world)
    assert one.status.value == "skip"
    assert str(one.finding.because) == "identity-verified no-reply@yourdomain.com"


def test_a_denied_read_is_an_error() -> None:
    assert statuses(found(ready_world().fail("sesv2", "GetEmailIdentity"))) == {"error"}
