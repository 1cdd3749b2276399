"""iam-required-actions: can the roles do what the gate says they need, and if not, why not?"""

import json
from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import StatementToAdd, Text
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.accounts import (
    ACCOUNT,
    DETAILS,
    FILTER,
    IDENTITY,
    REGION,
    ROLE,
    SET,
    allow,
    by_single_reads,
    changed,
    deny,
    document,
    needing,
    with_policy,
)

CHECK = "iam-required-actions"
FROM = {"StringEquals": {"ses:FromAddress": "no-reply@yourdomain.com"}}
SEND = ("ses:SendEmail", "ses:SendRawEmail")
NAME = {"RoleName": "bizassist-api"}
FILE = "infra/api-policy.json"


def sending(world: World | None = None, **role: Any) -> World:
    return needing("ses:SendEmail", resources=["senders"], world=world, **role)


def one(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def statement_of(judged: Judged) -> dict[str, Any]:
    assert judged.finding.remedy is not None
    [change] = judged.finding.remedy.changes
    assert isinstance(change, StatementToAdd)
    assert change.target == "own (inline) of bizassist-api"
    return dict(change.statement)


def test_the_ready_role_can_do_all_it_needs_and_scps_are_said_to_be_unseen() -> None:
    judged = run(CHECK, ready_world())
    assert statuses(judged) == {"pass"}
    assert len(judged) == 9
    assert judged[0].subject == "bizassist-api ses:SendEmail"
    for told in ("identity/yourdomain.com", "configuration-set/bizassist-transactional", "SendAsNoReply", "SCPs"):
        assert told in judged[0].finding.message


def test_one_question_tells_of_all_roles() -> None:
    judged = run(CHECK, ready_world())
    assert len({one for finding in judged for one in finding.evidence}) <= 3


def test_nothing_allows_it() -> None:
    judged = one(sending(with_policy(allow("s3:GetObject"))))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "not-allowed", "blocker")
    for told in ("bizassist-api", "identity/yourdomain.com", "configuration-set/bizassist-transactional"):
        assert told in judged.finding.message


def test_the_statement_to_add_is_exact() -> None:
    found = run(CHECK, needing(*SEND, resources=["senders"], world=with_policy(allow("s3:GetObject"))))
    not_allowed = [judged for judged in found if judged.cause == "not-allowed"]
    assert statement_of(not_allowed[0]) == {
        "Effect": "Allow",
        "Action": list(SEND),
        "Resource": [IDENTITY, SET],
        "Condition": {"StringEquals": {"ses:FromAddress": ["no-reply@yourdomain.com"]}},
    }
    remedies = {judged.finding.remedy.id for judged in not_allowed if judged.finding.remedy}
    assert len(remedies) == 1


def test_what_was_missing_is_allowed_once_the_statements_are_added() -> None:
    world = sending(with_policy(allow("s3:GetObject")))
    added = [statement_of(judged) for judged in run(CHECK, world)]
    assert statuses(run(CHECK, sending(with_policy(*added)))) == {"pass"}


def test_a_deny_names_its_statement() -> None:
    world = sending(with_policy(allow("ses:*"), deny("ses:Send*", Sid="NoMail")))
    judged = one(world)
    assert judged.cause == "denied-explicitly"
    assert "NoMail" in judged.finding.message
    assert judged.finding.remedy is not None
    assert isinstance(judged.finding.remedy.changes[0], Text)


def test_the_boundary_does_not_allow_it() -> None:
    def change(_role: dict[str, Any], told: dict[str, Any]) -> None:
        limit = next(policy for policy in told["Policies"] if policy["PolicyName"] == "bizassist-boundary")
        limit["Document"] = document(allow("logs:*"))

    judged = one(sending(changed(change)))
    assert judged.cause == "boundary"
    assert judged.finding.remedy is not None
    [change_to_make] = judged.finding.remedy.changes
    assert isinstance(change_to_make, StatementToAdd)
    assert "bizassist-boundary" in change_to_make.target


def test_a_boundary_that_nobody_tells_makes_nothing_certain() -> None:
    def change(_role: dict[str, Any], told: dict[str, Any]) -> None:
        told["Policies"] = []

    found = run(CHECK, sending(changed(change)))
    assert statuses(found) == {"error"}
    assert "permissions boundary" in found[0].finding.message


def test_the_configuration_set_is_forgotten() -> None:
    judged = one(sending(with_policy(allow(*SEND, on=IDENTITY, Condition=FROM))))
    assert judged.cause == "configuration-set-not-allowed"
    assert statement_of(judged)["Resource"] == SET


def test_a_default_configuration_set_counts_as_well() -> None:
    senders = [{"address": "no-reply@yourdomain.com"}]
    world = sending(with_policy(allow(*SEND, on=IDENTITY))).with_gate(senders=senders)
    assert causes(run(CHECK, world)) == {"configuration-set-not-allowed"}


def test_an_address_that_is_an_identity_is_the_one_that_counts() -> None:
    listed = [
        {"IdentityName": "yourdomain.com", "IdentityType": "DOMAIN", "VerificationStatus": "SUCCESS"},
        {"IdentityName": "no-reply@yourdomain.com", "IdentityType": "EMAIL_ADDRESS", "VerificationStatus": "SUCCESS"},
    ]
    world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=listed)
    judged = run(CHECK, sending(with_policy(allow(*SEND, on=[IDENTITY, SET]), world=world)))
    assert causes(judged) == {"not-allowed"}
    assert "identity/no-reply@yourdomain.com" in judged[0].finding.message


@pytest.mark.parametrize("statement", [allow, deny])
def test_another_from_address_decides(statement: Any) -> None:
    others = {"StringEquals" if statement is allow else "StringNotEquals": {"ses:FromAddress": "info@yourdomain.com"}}
    statements = [statement("ses:SendEmail", Condition=others)]
    if statement is deny:
        statements.append(allow("ses:*"))
    judged = one(sending(with_policy(*statements)))
    assert judged.cause == "from-address"
    if statement is allow:
        assert "info@yourdomain.com" in judged.finding.message


def test_a_domain_sender_may_send_as_any_of_its_addresses() -> None:
    world = ready_world().with_gate(senders=[{"domain": "yourdomain.com"}])
    like = {"StringLike": {"ses:FromAddress": "*@yourdomain.com"}}
    assert statuses(run(CHECK, sending(with_policy(allow("ses:SendEmail", Condition=like), world=world)))) == {"pass"}
    judged = run(CHECK, sending(with_policy(allow("ses:SendEmail", Condition=FROM), world=world)))
    assert causes(judged) == {"from-address"}
    assert statement_of(judged[0])["Condition"] == {"StringLike": {"ses:FromAddress": ["*@yourdomain.com"]}}


def test_the_other_api_is_allowed() -> None:
    judged = run(CHECK, sending(with_policy(allow("ses:SendRawEmail", on=[IDENTITY, SET]))))
    assert "wrong-api" in causes(judged)
    assert "ses:SendRawEmail" in next(one for one in judged if one.cause == "wrong-api").finding.message


def test_bulk_mail_carries_no_from_address() -> None:
    world = needing("ses:SendBulkEmail", resources=["senders"], world=with_policy(allow("ses:Send*", Condition=FROM)))
    judged = run(CHECK, world)
    assert causes(judged) == {"not-allowed"}
    assert "carries no ses:FromAddress" in judged[0].finding.message
    world = needing("ses:SendBulkEmail", resources=["senders"], world=with_policy(allow("ses:Send*")))
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_policy_that_can_t_be_read_is_named() -> None:
    judged = run(CHECK, sending(with_policy(allow("ses SendEmail", on=[IDENTITY, SET]))))
    assert "malformed-policy" in causes(judged)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringIs": {"aws:PrincipalTag/team": "mail"}},
        {"ForMost:StringEquals": {"aws:TagKeys": "mail"}},
        {"DateLessThan": {"aws:CurrentTime": "soon"}},
    ],
)
def test_a_deny_that_can_t_be_read_might_deny_it(condition: dict[str, Any]) -> None:
    """IAM takes no such statement; what was meant by it is not to be passed over."""
    policy = [allow("ses:SendEmail", on=[IDENTITY, SET]), deny("ses:*", Condition=condition)]
    judged = run(CHECK, sending(with_policy(*policy)))
    assert (statuses(judged), causes(judged)) == ({"fail"}, {"malformed-policy"})


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, "aws:SourceVpc"),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, "aws:SourceIp"),
    ],
)
def test_what_only_the_request_knows(condition: dict[str, Any], told: str) -> None:
    judged = one(sending(with_policy(allow("ses:SendEmail", Condition=condition))))
    assert (judged.cause, judged.severity.value) == ("depends", "warning")
    assert told in judged.finding.message


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:RequestedRegion": REGION}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:PrincipalTag/application": "bizassist"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
        {"StringEquals": {"aws:ResourceAccount": ACCOUNT}},
    ],
)
def test_what_is_known_of_each_request(condition: dict[str, Any]) -> None:
    assert statuses(run(CHECK, sending(with_policy(allow("ses:SendEmail", Condition=condition))))) == {"pass"}


def test_nobody_stands_by_with_an_mfa_device() -> None:
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert causes(run(CHECK, sending(with_policy(allow("ses:SendEmail", Condition=condition))))) == {"not-allowed"}


def test_a_need_without_resources_wants_every_resource_or_names_them() -> None:
    account_wide = needing("ses:GetSendQuota", world=with_policy(allow("ses:GetSendQuota")))
    assert statuses(run(CHECK, account_wide)) == {"pass"}
    narrow = needing("ses:GetSendQuota", world=with_policy(allow("ses:GetSendQuota", on=IDENTITY)))
    assert causes(run(CHECK, narrow)) <= {"not-allowed", "depends"}
    on_some = needing("ses:GetEmailIdentity", world=with_policy(allow("ses:GetEmailIdentity", on=IDENTITY)))
    judged = one(on_some)
    assert (judged.cause, judged.severity.value) == ("depends", "warning")
    assert IDENTITY in judged.finding.message


def test_a_secret_by_its_full_name_is_within_the_pattern() -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-"
    policy = allow("secretsmanager:GetSecretValue", on=f"{secret}a1B2c3")
    world = needing("secretsmanager:GetSecretValue", resources=[f"{secret}??????"], world=with_policy(policy))
    assert statuses(run(CHECK, world)) == {"pass"}


def test_another_region_s_resource_is_asked_there() -> None:
    topic = f"arn:aws:sns:eu-west-1:{ACCOUNT}:events"
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    world = needing("sns:Publish", resources=[topic], world=with_policy(allow("sns:Publish", Condition=condition)))
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_missing_role_is_told_once() -> None:
    def change(_role: dict[str, Any], told: dict[str, Any]) -> None:
        del told["RoleDetailList"][0]

    judged = run(CHECK, changed(change))
    assert [one.cause for one in judged if one.status.value == "fail"] == ["role-missing"]
    skipped = [one for one in judged if one.status.value == "skip"]
    assert len(skipped) == 8
    assert {str(one.finding.because) for one in skipped} == {f"{CHECK} {judged[0].subject}"}


def test_a_path_that_was_left_out_is_named() -> None:
    def change(role: dict[str, Any], _told: dict[str, Any]) -> None:
        role["Arn"] = f"arn:aws:iam::{ACCOUNT}:role/service/bizassist-api"

    judged = run(CHECK, changed(change))[0]
    assert judged.cause == "role-missing"
    assert "role/service/bizassist-api" in judged.finding.message


def test_an_action_that_does_not_exist() -> None:
    judged = run(CHECK, needing("ses:SendEmial", resources=["senders"], world=with_policy(allow("ses:*"))))
    assert causes(judged) == {"unknown-action"}
    assert "ses:SendEmail" in judged[0].finding.message


def test_a_user_is_judged_with_the_policies_of_its_groups() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:user/dana"

    def change(_role: dict[str, Any], told: dict[str, Any]) -> None:
        told["GroupDetailList"][0]["GroupPolicyList"] = [
            {"PolicyName": "mail", "PolicyDocument": document(allow("ses:*"))}
        ]

    judged = one(sending(changed(change), arn=arn))
    assert judged.status.value == "pass"
    assert "inline in group developers" in judged.finding.message


def test_the_single_reads_of_a_role_are_enough() -> None:
    assert statuses(run(CHECK, by_single_reads(ready_world()))) == {"pass"}


@pytest.mark.parametrize("operation", ["ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies", "GetPolicy"])
def test_a_role_that_is_seen_in_part_is_an_error(operation: str) -> None:
    world = sending(by_single_reads(ready_world(), **{operation: True}))
    found = run(CHECK, world)
    assert statuses(found) == {"error"}
    assert any(f"iam:{operation}" in judged.finding.message for judged in found)


def test_a_deny_is_certain_even_where_the_rest_is_not_seen() -> None:
    world = sending(by_single_reads(with_policy(deny("ses:*")), ListAttachedRolePolicies=True))
    assert statuses(run(CHECK, world)) == {"error", "fail"}


def test_nothing_seen_names_what_to_grant() -> None:
    found = run(
        CHECK, sending(ready_world().fail("iam", DETAILS, parameters=FILTER).fail("iam", "GetRole", parameters=NAME))
    )
    assert statuses(found) == {"error"}
    assert "iam:GetAccountAuthorizationDetails" in found[0].finding.message
    assert "iam:GetRole" in found[0].finding.message


def test_identities_that_can_t_be_listed_are_an_error() -> None:
    assert statuses(run(CHECK, sending(ready_world().fail("sesv2", "ListEmailIdentities")))) == {"error"}


def policy_file(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def test_documents_alone_are_judged_offline() -> None:
    text = policy_file(allow(*SEND, on=[IDENTITY, SET], Condition=FROM))
    world = sending(ready_world().file(FILE, text), documents=[FILE]).offline()
    judged = one(world)
    assert judged.status.value == "pass"
    assert FILE in judged.finding.message


def test_a_document_s_deny_has_its_place() -> None:
    text = policy_file(allow("ses:*"), deny("ses:SendEmail"))
    judged = one(sending(ready_world().file(FILE, text), documents=[FILE], arn=None))
    assert judged.cause == "denied-explicitly"
    assert judged.finding.location is not None
    assert (judged.finding.location.path, judged.finding.location.line) == (FILE, 11)


def test_no_pass_beside_a_document_that_could_not_be_read() -> None:
    text = policy_file(allow(*SEND, on=[IDENTITY, SET], Condition=FROM))
    read = ready_world().file(FILE, text).file("infra/cut.json", text[:-20])
    world = sending(read, documents=[FILE, "infra/cut.json"], arn=None).offline()
    assert statuses(run(CHECK, world)) == {"error"}


def test_offline_without_documents_is_a_skip() -> None:
    found = run(CHECK, ready_world().offline())
    assert statuses(found) == {"skip"}
    assert causes(found) == {"offline"}


def test_a_document_that_is_not_in_place_yet_is_named() -> None:
    text = policy_file(allow(*SEND, on=[IDENTITY, SET]))
    world = sending(with_policy(allow("s3:GetObject")).file(FILE, text), documents=[FILE])
    found = run(CHECK, world)
    assert statuses(found) == {"fail"}
    assert all(FILE in judged.finding.message for judged in found)


def test_a_document_that_would_deny_is_a_failure_beforehand() -> None:
    text = policy_file(deny("ses:SendEmail"))
    judged = one(sending(ready_world().file(FILE, text), documents=[FILE]))
    assert judged.cause == "denied-explicitly"
    assert FILE in judged.finding.message


@pytest.mark.parametrize("text", [None, "{", "", "Resources: {}", "\x00", "[" * 100])
def test_a_file_that_can_t_be_read_is_an_error_with_its_place(text: str | None) -> None:
    found = run(CHECK, sending(ready_world().file(FILE, text), documents=[FILE], arn=None))
    assert statuses(found) == {"error"}
    assert found[0].finding.location is not None
    assert found[0].finding.location.path == FILE


def test_without_an_account_nothing_can_be_named() -> None:
    world = sending(ready_world().file(FILE, policy_file(allow("ses:*"))), documents=[FILE], arn=None)
    world = world.with_gate(aws={"region": REGION}).elsewhere(account=None)
    found = run(CHECK, world)
    assert statuses(found) == {"error"}
    assert "aws.account" in found[0].finding.message


def test_a_role_in_the_account_counts_by_its_arn() -> None:
    assert ROLE in {role.name for role in ready_world().loaded().gate.roles}
