"""Whom a trust policy lets in."""

from typing import Any

import pytest

from sesgate.iam import parse_policy
from sesgate.iam.trust import Opening, Stranger, closed, openings
from tests.iam.documents import ACCOUNT, OTHER, policy

GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "x"}}


def provider(issuer: str) -> dict[str, str]:
    return {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}


def through(
    principal: Any, condition: dict[str, Any] | None = None, *, action: Any = "sts:AssumeRole", **more: Any
) -> tuple[Opening, ...]:
    raw = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition or {}, **more}
    return openings(policy({name: value for name, value in raw.items() if value is not None}).statements[0], ACCOUNT)


def by_token(issuer: str, **claims: Any) -> tuple[Opening, ...]:
    condition = {
        operator: {f"{issuer}:{name}": value for name, value in told.items()} for operator, told in claims.items()
    }
    return through(provider(issuer), condition, action="sts:AssumeRoleWithWebIdentity")


@pytest.mark.parametrize(
    ("stranger", "principal", "condition"),
    [
        (Stranger.ANYONE, "*", None),
        (Stranger.ANYONE, {"AWS": "*"}, None),
        (Stranger.ANYONE, {"AWS": "*"}, EXTERNAL),
        (Stranger.ANYONE, {"AWS": "*"}, {"StringLike": {"aws:PrincipalOrgID": "*"}}),
        (Stranger.ANYONE, {"AWS": "*"}, {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
        (Stranger.ANYONE, {"AWS": "*"}, {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
        (Stranger.ANYONE, {"AWS": "*"}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}),
        (Stranger.ANYONE, {"AWS": "*"}, {"StringEquals": {"aws:PrincipalTag/team": "api"}}),
        (Stranger.ACCOUNT, {"AWS": OTHER}, None),
        (Stranger.ACCOUNT, {"AWS": f"arn:aws:iam::{OTHER}:root"}, None),
        (Stranger.ACCOUNT, {"AWS": OTHER}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    ],
)
def test_strangers(stranger: Stranger, principal: Any, condition: dict[str, Any] | None) -> None:
    [opening] = through(principal, condition)
    assert opening.stranger is stranger


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        ({"Service": "ecs-tasks.amazonaws.com"}, None),
        ({"AWS": ACCOUNT}, None),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/deploy"}, None),
        ({"AWS": f"arn:aws:iam::{OTHER}:role/deploy"}, None),
        ({"AWS": OTHER}, EXTERNAL),
        ({"AWS": OTHER}, ORG),
        ({"AWS": "*"}, ORG),
        ({"AWS": "*"}, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/deploy-*"}}),
        ({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}, None),
    ],
)
def test_no_strangers(principal: Any, condition: dict[str, Any] | None) -> None:
    assert through(principal, condition) == ()


def test_everyone_but_those_named() -> None:
    [opening] = through(None, NotPrincipal={"AWS": ACCOUNT})
    assert opening.stranger is Stranger.ALL_BUT


def test_a_deny_and_another_action_let_nobody_in() -> None:
    assert through("*", Effect="Deny") == ()
    assert through("*", action="sts:TagSession") == ()


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"StringEquals": {"aud": "sts.amazonaws.com"}},
        {"StringLike": {"sub": "*"}},
        {"StringLike": {"sub": "repo:*"}},
        {"StringLike": {"sub": "repo:yourorg*"}},
        {"StringLike": {"sub": "repo:*/api:ref:refs/heads/main"}},
        {"StringLike": {"sub": ["repo:yourorg/api:*", "repo:*"]}},
        {"StringNotEquals": {"sub": "repo:yourorg/api:pull_request"}},
    ],
)
def test_tokens_of_everybody(claims: dict[str, Any]) -> None:
    [opening] = by_token(GITHUB, **claims)
    assert (opening.stranger, opening.issuer) == (Stranger.TOKEN, GITHUB)


@pytest.mark.parametrize(
    "claims",
    [
        {"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:yourorg/*"}},
        {"StringEquals": {"sub": "repo:yourorg/api:ref:refs/heads/main"}},
        {"StringLike": {"sub": "repo:yourorg/api:*"}},
        {"StringEquals": {"repository_owner_id": "123456"}},
        {"ForAllValues:StringLike": {"sub": "repo:yourorg/api:*"}},
    ],
)
def test_tokens_of_ones_own(claims: dict[str, Any]) -> None:
    assert by_token(GITHUB, **claims) == ()


def test_an_issuer_of_ones_own_is_told_by_its_audience() -> None:
    assert by_token(EKS) != ()
    assert by_token(EKS, StringEquals={"aud": "sts.amazonaws.com"}) == ()
    assert by_token(EKS, StringEquals={"sub": "system:serviceaccount:mail:api"}) == ()
    terraform = "app.terraform.io"
    assert by_token(terraform, StringEquals={"aud": "aws.workload.identity"}) != ()
    assert by_token(terraform, StringLike={"sub": "organization:yourorg:project:*:workspace:*:run_phase:*"}) == ()


def test_cognito_wants_its_pool() -> None:
    pool = "cognito-identity.amazonaws.com"
    authenticated = {"ForAnyValue:StringLike": {f"{pool}:amr": "authenticated"}}
    web = "sts:AssumeRoleWithWebIdentity"
    assert through({"Federated": pool}, authenticated, action=web) != ()
    with_pool = {**authenticated, "StringEquals": {f"{pool}:aud": "ap-southeast-1:1234"}}
    assert through({"Federated": pool}, with_pool, action=web) == ()


def test_without_the_account_nothing_is_said_of_others() -> None:
    trusting = policy({"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "sts:AssumeRole"})
    [opening] = openings(trusting.statements[0], None)
    assert opening.stranger is Stranger.UNKNOWN


def test_closed_statements_let_no_stranger_in() -> None:
    raw = {
        "Sid": "Open",
        "Effect": "Allow",
        "Principal": {"AWS": ["*", OTHER], **provider(GITHUB)},
        "Action": ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"],
        "Condition": {"StringLike": {f"{GITHUB}:sub": "repo:*"}},
    }
    statement = policy(raw).statements[0]
    found = openings(statement, ACCOUNT)
    assert {each.stranger for each in found} == {Stranger.ANYONE, Stranger.ACCOUNT, Stranger.TOKEN}
    made = closed(statement, found, ACCOUNT, "aws")
    assert [each["Sid"] for each in made] == ["Open", "OpenTokens"]
    for each in parse_policy({"Version": "2012-10-17", "Statement": list(made)}).statements:
        assert openings(each, ACCOUNT) == ()
