"""Whom Principal and NotPrincipal name."""

from typing import Any

import pytest

from sesgate.iam import Effect, Principal, PrincipalKind, parse_policy
from tests.iam.documents import ACCOUNT, OTHER, ROLE, SESSION, USER, allow, decide, policy, statement

ROOT = Principal.of(ACCOUNT)
SERVICE = Principal.of("ses.amazonaws.com")
ANYONE = Principal.of("*")
SAML = Principal.of(f"arn:aws:iam::{ACCOUNT}:saml-provider/corp")
WEB = Principal("cognito-identity.amazonaws.com", None, PrincipalKind.FEDERATED)
FEDERATED_USER = Principal.of(f"arn:aws:sts::{ACCOUNT}:federated-user/eve", issuer=USER.arn)
CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
OWNER = Principal(USER.arn, ACCOUNT, PrincipalKind.USER, canonical_user=CANONICAL)
ROOT_ARN = f"arn:aws:iam::{ACCOUNT}:root"


def granted(element: Any, principal: Principal) -> bool:
    """Does the resource policy alone allow? The principal's own account has nothing to say."""
    document = policy(statement(Principal=element))
    return decide(principal=principal, resource_policy=document).effect is Effect.ALLOWED


@pytest.mark.parametrize(
    ("element", "principal", "matches"),
    [
        ("*", USER, True),
        ("*", ANYONE, True),
        ({"AWS": "*"}, ANYONE, True),
        ({"AWS": "*"}, SERVICE, True),
        ({"AWS": ["*"]}, SESSION, True),
        ({"AWS": USER.arn}, USER, True),
        ({"AWS": [ROLE.arn, USER.arn]}, USER, True),
        ({"AWS": USER.arn.replace("bob", "Bob")}, USER, False),
        ({"AWS": USER.arn.replace("team/", "")}, USER, False),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}, USER, False),
        ({"AWS": "arn:aws:iam::*:user/team/bob"}, USER, False),
        ({"AWS": ROLE.arn}, ROLE, True),
        ({"AWS": ROLE.arn}, SESSION, True),
        ({"AWS": ROLE.arn.replace("app/", "")}, SESSION, True),
        ({"AWS": ROLE.arn.replace(ACCOUNT, OTHER)}, SESSION, False),
        ({"AWS": ROLE.arn.replace("sender", "send")}, SESSION, False),
        ({"AWS": SESSION.arn}, SESSION, True),
        ({"AWS": SESSION.arn}, ROLE, False),
        ({"AWS": SESSION.arn.replace("task-1", "task-2")}, SESSION, False),
        ({"AWS": SESSION.arn.replace("task-1", "*")}, SESSION, False),
        ({"AWS": FEDERATED_USER.arn}, FEDERATED_USER, True),
        ({"AWS": USER.arn}, FEDERATED_USER, True),
        ({"AWS": ROOT_ARN}, ROOT, True),
        ({"AWS": ACCOUNT}, USER, False),  # only delegates
        ({"AWS": USER.arn}, ANYONE, False),
        ({"Service": "ses.amazonaws.com"}, SERVICE, True),
        ({"Service": ["sns.amazonaws.com", "ses.amazonaws.com"]}, SERVICE, True),
        ({"Service": "sns.amazonaws.com"}, SERVICE, False),
        ({"Service": "*"}, SERVICE, False),
        ({"AWS": "ses.amazonaws.com"}, SERVICE, False),
        ({"Federated": SAML.arn}, SAML, True),
        ({"Federated": "cognito-identity.amazonaws.com"}, WEB, True),
        ({"Federated": "accounts.google.com"}, WEB, False),
        ({"CanonicalUser": CANONICAL}, OWNER, True),
        ({"CanonicalUser": CANONICAL}, USER, False),
        ({"AWS": OTHER, "Service": "ses.amazonaws.com"}, SERVICE, True),
        ({}, USER, False),
        ({"AWS": []}, USER, False),
    ],
)
def test_principal(element: Any, principal: Principal, matches: bool) -> None:
    assert granted(element, principal) is matches


@pytest.mark.parametrize("element", [{"AWS": ACCOUNT}, {"AWS": ROOT_ARN}])
@pytest.mark.parametrize("principal", [USER, ROLE, SESSION])
def test_an_account_stands_for_all_in_it_when_denying(element: Any, principal: Principal) -> None:
    document = policy(statement("Deny", Principal=element))
    assert decide(allow(), principal=principal, resource_policy=document).effect is Effect.EXPLICITLY_DENIED
    elsewhere = policy(statement("Deny", Principal={"AWS": OTHER}))
    assert decide(allow(), principal=principal, resource_policy=elsewhere).effect is Effect.ALLOWED


def test_the_issuer_tells_roles_with_one_name_apart() -> None:
    session = Principal.of(SESSION.arn, issuer=ROLE.arn)
    assert granted({"AWS": ROLE.arn}, session)
    assert not granted({"AWS": ROLE.arn.replace("app/", "other/")}, session)


def test_a_statement_of_a_resource_policy_without_principal_is_about_nobody() -> None:
    denying = policy(statement("Deny"))
    assert decide(allow(), resource_policy=denying).effect is Effect.ALLOWED
    decision = decide(resource_policy=policy(statement("Allow")))
    assert decision.effect is Effect.IMPLICITLY_DENIED
    assert "nobody" in decision.problems[0].message


NAMED = {"AWS": [USER.arn, ROOT_ARN]}


@pytest.mark.parametrize(
    ("element", "principal", "denied"),
    [
        (NAMED, USER, False),
        (NAMED, ROLE, True),
        (NAMED, ROOT, False),
        ({"AWS": USER.arn}, USER, False),
        ({"AWS": ROLE.arn}, USER, True),
        ({"AWS": ROLE.arn}, SESSION, False),
        ({"AWS": SESSION.arn}, SESSION, False),
        ({"AWS": ROOT_ARN}, USER, False),
        ({"AWS": OTHER}, USER, True),
        ({"AWS": [OTHER, f"arn:aws:iam::{OTHER}:user/eve", ACCOUNT]}, USER, False),
        ({"Service": "ses.amazonaws.com"}, USER, True),
        ({"AWS": "*"}, USER, False),
    ],
)
def test_not_principal_with_deny(element: Any, principal: Principal, denied: bool) -> None:
    document = policy({"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": element})
    decision = decide(allow(), principal=principal, resource_policy=document)
    assert decision.effect is (Effect.EXPLICITLY_DENIED if denied else Effect.ALLOWED)


def test_not_principal_with_deny_hits_everyone_who_has_a_boundary() -> None:
    document = policy({"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": NAMED})
    assert decide(allow(), boundary=allow(), resource_policy=document).effect is Effect.EXPLICITLY_DENIED


def test_not_principal_with_allow() -> None:
    document = policy({"Effect": "Allow", "Action": "*", "Resource": "*", "NotPrincipal": NAMED})
    assert decide(resource_policy=document).effect is Effect.IMPLICITLY_DENIED
    assert decide(principal=ROLE, resource_policy=document).effect is Effect.IMPLICITLY_DENIED
    assert decide(principal=ANYONE, resource_policy=document).effect is Effect.ALLOWED


@pytest.mark.parametrize(
    ("text", "kind", "account"),
    [
        (USER.arn, PrincipalKind.USER, ACCOUNT),
        (ROLE.arn, PrincipalKind.ROLE, ACCOUNT),
        (SESSION.arn, PrincipalKind.SESSION, ACCOUNT),
        (FEDERATED_USER.arn, PrincipalKind.SESSION, ACCOUNT),
        (ACCOUNT, PrincipalKind.ROOT, ACCOUNT),
        (ROOT_ARN, PrincipalKind.ROOT, ACCOUNT),
        ("ses.amazonaws.com", PrincipalKind.SERVICE, None),
        (SAML.arn, PrincipalKind.FEDERATED, None),
        ("*", PrincipalKind.ANONYMOUS, None),
    ],
)
def test_a_principal_is_known_by_its_name(text: str, kind: PrincipalKind, account: str | None) -> None:
    principal = Principal.of(text)
    assert (principal.kind, principal.account) == (kind, account)


@pytest.mark.parametrize("text", ["", "bob", "arn:aws:s3:::bucket", f"arn:aws:iam::{ACCOUNT}:group/senders"])
def test_what_is_no_principal(text: str) -> None:
    with pytest.raises(ValueError, match="not a principal"):
        Principal.of(text)


@pytest.mark.parametrize(
    ("principal", "keys"),
    [
        (USER, {"aws:PrincipalArn": USER.arn, "aws:username": "bob", "aws:PrincipalType": "User"}),
        (ROLE, {"aws:PrincipalArn": ROLE.arn, "aws:username": None, "aws:PrincipalType": "AssumedRole"}),
        (SESSION, {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/sender", "aws:PrincipalAccount": ACCOUNT}),
        (Principal.of(SESSION.arn, issuer=ROLE.arn), {"aws:PrincipalArn": ROLE.arn, "aws:userid": None}),
        (ROOT, {"aws:PrincipalType": "Account", "aws:userid": ACCOUNT, "aws:PrincipalIsAWSService": "false"}),
        (FEDERATED_USER, {"aws:PrincipalArn": FEDERATED_USER.arn, "aws:PrincipalType": "FederatedUser"}),
        (SERVICE, {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": "ses.amazonaws.com"}),
        (SERVICE, {"aws:PrincipalArn": None, "aws:PrincipalAccount": None}),
        (ANYONE, {"aws:PrincipalArn": None, "aws:PrincipalType": "Anonymous", "aws:userid": "anonymous"}),
    ],
)
def test_keys_that_follow_from_the_principal(principal: Principal, keys: dict[str, str | None]) -> None:
    present = {key: value for key, value in keys.items() if value is not None}
    absent = {key: "true" for key, value in keys.items() if value is None}
    document = policy(statement(Principal="*", Condition={"StringEquals": present, "Null": absent}))
    assert decide(principal=principal, resource_policy=document).effect is Effect.ALLOWED


def test_a_given_key_overrules() -> None:
    granting = allow(Condition={"StringEquals": {"aws:username": "alice"}})
    assert decide(granting, context={"aws:UserName": "alice"}).effect is Effect.ALLOWED


@pytest.mark.parametrize(
    ("element", "malformed"),
    [
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}, False),
        ({"Users": "bob"}, False),
        (USER.arn, False),
        ({"AWS": 7}, True),
        (["*"], True),
        (None, True),
    ],
)
def test_what_iam_would_refuse_is_reported(element: Any, malformed: bool) -> None:
    document = parse_policy({"Statement": statement("Deny", Principal=element)})
    assert document.problems
    assert document.statements[0].malformed is malformed
