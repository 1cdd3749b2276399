"""Who there is in the account: groups, boundaries, managed policies parsed once, and what is missing told."""

from typing import Any

import pytest

from sesgate.access import AccountPrincipals, Origin, account_principals, known_keys, request
from sesgate.evidence import NotSeen
from sesgate.evidence.operations import OPERATIONS
from sesgate.iam import Effect, PrincipalKind, evaluate
from sesgate.testing import ready_world
from tests.checks.accounts import ACCOUNT, DETAILS, FILTER, IDENTITY, ROLE, allow, deny, details, document

USER = f"arn:aws:iam::{ACCOUNT}:user/staff/dana"
MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/mail"
LIMIT = f"arn:aws:iam::{ACCOUNT}:policy/limit"


def attached(*arns: str) -> list[dict[str, str]]:
    return [{"PolicyName": arn.rsplit("/", 1)[-1], "PolicyArn": arn} for arn in arns]


def managed(arn: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {"PolicyName": arn.rsplit("/", 1)[-1], "Arn": arn, "Document": document(*statements)}


def everyone(**parts: Any) -> AccountPrincipals:
    user = {
        "UserName": "dana",
        "Arn": USER,
        "GroupList": ["mailers"],
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": document(allow("s3:*"))}],
        "AttachedManagedPolicies": attached(MANAGED),
        "PermissionsBoundary": {"PermissionsBoundaryArn": LIMIT},
        "Tags": [{"Key": "team", "Value": "mail"}],
    }
    group = {
        "GroupName": "mailers",
        "Arn": f"arn:aws:iam::{ACCOUNT}:group/mailers",
        "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": document(allow("ses:*"))}],
        "AttachedManagedPolicies": attached(MANAGED),
    }
    policies = [managed(MANAGED, allow("ses:SendEmail")), managed(LIMIT, allow("ses:*", "s3:*"))]
    told = {"UserDetailList": [user], "GroupDetailList": [group], "RoleDetailList": [], "Policies": policies}
    return AccountPrincipals({**told, **parts})


def test_a_user_has_its_own_policies_and_those_of_its_groups() -> None:
    dana = everyone().find(USER)
    assert dana is not None
    assert (dana.name, dana.kind, dana.groups, dana.tags) == (
        "dana",
        PrincipalKind.USER,
        ("mailers",),
        {"team": "mail"},
    )
    assert [placed.label for placed in dana.policies] == [
        "own (inline)",
        "mail (attached)",
        "own (inline in group mailers)",
        "mail (attached to group mailers)",
    ]
    assert [placed.group for placed in dana.policies] == [None, None, "mailers", "mailers"]
    assert dana.boundary is not None
    assert dana.boundary.origin is Origin.BOUNDARY
    assert dana.unseen == ()


def test_a_managed_policy_is_parsed_once_whoever_has_it() -> None:
    dana = everyone().find(USER)
    assert dana is not None
    _, own, _, group = dana.policies
    assert own.policy.statements is group.policy.statements


def test_a_decision_leads_back_to_its_policy() -> None:
    dana = everyone().find(USER)
    assert dana is not None
    keys = known_keys(ready_world().context(), tags=dana.tags)
    decision = evaluate(
        request(dana.principal, "ses:CreateTemplate", [IDENTITY], keys, account=ACCOUNT), dana.evaluated
    )
    assert decision.effect is Effect.ALLOWED
    placed = dana.source(decision.statement)
    assert placed is not None
    assert placed.label == "own (inline in group mailers)"


@pytest.mark.parametrize(("part", "what"), [("Policies", "permissions boundary"), ("GroupDetailList", "group mailers")])
def test_what_the_account_names_and_does_not_tell_is_unseen(part: str, what: str) -> None:
    dana = everyone(**{part: []}).find(USER)
    assert dana is not None
    assert any(what in missing.what for missing in dana.unseen)


def test_a_document_that_is_no_policy_makes_nothing_certain() -> None:
    told = everyone(Policies=[{"PolicyName": "mail", "Arn": MANAGED, "Document": "%7B"}, managed(LIMIT, allow("*"))])
    dana = told.find(USER)
    assert dana is not None
    assert any(placed.problems for placed in dana.policies)
    decision = evaluate(request(dana.principal, "ses:SendEmail", [IDENTITY], {}, account=ACCOUNT), dana.evaluated)
    assert decision.effect is Effect.DEPENDS


def test_principals_of_the_ready_account() -> None:
    context = ready_world().context()
    known = account_principals(context)
    assert account_principals(context) is known
    assert len(known) == len(list(known)) == 4
    role = known.find(ROLE)
    assert role is not None
    assert role.trust is not None
    assert known.find(ROLE + "x") is None
    assert known.arn_of_role("bizassist-api") == ROLE
    assert known.group("developers") is not None
    assert known.group("nobody") is None


def test_what_is_denied_is_not_seen() -> None:
    with pytest.raises(NotSeen, match="iam:GetAccountAuthorizationDetails"):
        account_principals(ready_world().fail("iam", DETAILS, parameters=FILTER).context())


def test_statements_are_called_by_their_sid_where_it_is_the_only_one() -> None:
    twice = document(allow("ses:*", Sid="Mail"), deny("ses:*", Sid="Mail"), allow("s3:*", Sid="Store"), allow("s3:*"))
    told = everyone(Policies=[{"PolicyName": "mail", "Arn": MANAGED, "Document": twice}, managed(LIMIT, allow("*"))])
    dana = told.find(USER)
    assert dana is not None
    placed = dana.policies[1]
    assert [placed.title(index) for index in range(4)] == ["Statement[0]", "Statement[1]", "Store", "Statement[3]"]


def test_only_the_default_version_and_no_more_than_is_needed_is_kept() -> None:
    operation = OPERATIONS["iam", DETAILS]
    versions = [
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": {"Statement": []}},
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": {"Statement": [{"Effect": "Deny"}]}},
    ]
    policy = {
        "PolicyName": "a",
        "Arn": MANAGED,
        "DefaultVersionId": "v2",
        "PolicyVersionList": versions,
        "PolicyId": "x",
    }
    kept = operation.project({"Policies": [policy], "UserDetailList": [{"UserId": "AIDA", "Arn": USER}]})
    assert kept["Policies"] == [
        {"PolicyName": "a", "Arn": MANAGED, "DefaultVersionId": "v2", "Document": '{"Statement":[{"Effect":"Deny"}]}'}
    ]
    assert kept["UserDetailList"] == [{"Arn": USER}]


@pytest.mark.parametrize("sent", [{"Statement": []}, "%7B%22Statement%22%3A%5B%5D%7D", '{"Statement":[]}'])
def test_documents_are_kept_as_text_however_they_come(sent: Any) -> None:
    kept = OPERATIONS["iam", "GetRolePolicy"].project({"PolicyName": "a", "PolicyDocument": sent})
    assert kept["PolicyDocument"] == '{"Statement":[]}'


def test_details_are_a_copy() -> None:
    world = ready_world()
    details(world)["RoleDetailList"].clear()
    assert details(world)["RoleDetailList"]
