"""iam-senders: who can send, by which way, and who was meant to."""

from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.access.mailers.actions import BULK
from sesgate.access.needs import SENDING
from sesgate.engine import Judged
from sesgate.evidence import FailureKind
from sesgate.finding import Severity, StatementToAdd
from sesgate.iam.known_actions import known_action
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.accounts import (
    ACCOUNT,
    DETAILS,
    FILTER,
    IDENTITY,
    ROLE,
    allow,
    changed,
    deny,
    details,
    document,
    with_policy,
)

SENDER = "no-reply@yourdomain.com"
SET = f"arn:aws:ses:ap-southeast-1:{ACCOUNT}:configuration-set/bizassist-transactional"
FROM_SENDER = {"StringEquals": {"ses:FromAddress": SENDER}}
TRUST_ECS = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def trust(*principals: str, **more: Any) -> str:
    return document({"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole", **more})


def user(name: str, *statements: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    inline = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return {"UserName": name, "Arn": arn("user", name), "UserPolicyList": inline, "GroupList": [], **more}


def role(name: str, *statements: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    inline = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    kept = {"AssumeRolePolicyDocument": document(TRUST_ECS), "RolePolicyList": inline, "AttachedManagedPolicies": []}
    return {"RoleName": name, "Arn": arn("role", name), **kept, **more}


def managed(name: str, *statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"PolicyName": name, "Arn": arn("policy", name), "Document": document(*statements)}


def attached(*arns: str) -> list[dict[str, str]]:
    return [{"PolicyName": one.rsplit("/", 1)[-1], "PolicyArn": one} for one in arns]


def with_more(*entries: dict[str, Any], policies: tuple[dict[str, Any], ...] = (), world: World | None = None) -> World:
    """The ready account with more users, roles and policies."""
    world = world or ready_world()
    told = details(world)
    told["UserDetailList"] += [entry for entry in entries if "UserName" in entry]
    told["RoleDetailList"] += [entry for entry in entries if "RoleName" in entry]
    told["GroupDetailList"] += [entry for entry in entries if "GroupName" in entry]
    told["Policies"] += policies
    return world.answer("iam", DETAILS, FILTER, **told)


def of(name: str, world: World) -> list[Judged]:
    """What is found of one principal."""
    return [one for one in run("iam-senders", world) if one.subject == name]


def cause(name: str, world: World) -> str | None:
    """The one cause of one principal; None where nothing or a pass is told of it."""
    found = of(name, world)
    assert len(found) <= 1
    return found[0].cause if found else None


def with_identity_policy(*statements: Mapping[str, Any], world: World | None = None) -> World:
    world = world or ready_world()
    return world.answer("sesv2", "GetEmailIdentity", Policies={"shared": document(*statements)})


def lets(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "ses:SendEmail", "Resource": IDENTITY, **more}


def test_the_ready_account_passes_with_one_finding_for_everyone_else() -> None:
    found = run("iam-senders", ready_world())
    assert statuses(found) == {"pass"}
    [others] = [one for one in found if one.subject == "everyone else"]
    assert "2 of 4 users and roles can't send as no-reply@yourdomain.com" in others.finding.message


# Who is not meant to


def test_a_role_that_nobody_named_is_told_with_the_statement() -> None:
    [found] = of("role/other", with_more(role("other", allow("ses:*"))))
    assert found.cause == "not-declared"
    assert found.severity is Severity.BLOCKER
    assert "own (inline) Statement[0] allows ses:SendEmail" in found.finding.message
    assert "every identity" in found.finding.message
    remedy = found.finding.remedy
    assert remedy is not None
    added = remedy.changes[0]
    assert isinstance(added, StatementToAdd)
    assert added.statement["Effect"] == "Deny"
    assert added.statement["Resource"] == [IDENTITY]


def test_a_user_by_its_group() -> None:
    group = {
        "GroupName": "mailers",
        "Arn": arn("group", "mailers"),
        "GroupPolicyList": [{"PolicyName": "mail", "PolicyDocument": document(allow("ses:SendRawEmail", on=IDENTITY))}],
    }
    [found] = of("user/kim", with_more(group, user("kim", GroupList=["mailers"])))
    assert found.cause == "not-declared"
    assert "mail (inline in group mailers) Statement[0] allows ses:SendRawEmail" in found.finding.message


def test_a_pattern_of_may_send_covers_and_the_default_is_the_roles() -> None:
    world = with_more(role("bizassist-worker", allow("ses:SendEmail", on=IDENTITY, Condition=FROM_SENDER)))
    assert cause("role/bizassist-worker", world) == "not-declared"
    named = world.with_gate(may_send=[arn("role", "bizassist-*"), arn("role", "aws-reserved/*")])
    assert cause("role/bizassist-worker", named) is None
    assert statuses(run("iam-senders", named)) == {"pass"}
    assert (
        "it is none of the gate's roles"
        in of("role/bizassist-worker", world.with_gate(may_send=None))[0].finding.message
    )


@pytest.mark.parametrize(
    "statement",
    [
        allow("ses:SendEmail", on=IDENTITY.replace("yourdomain.com", "another.com")),
        allow("ses:SendEmail", on=IDENTITY, Condition={"StringEquals": {"ses:FromAddress": "news@yourdomain.com"}}),
        allow("ses:SendEmail", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        allow("ses:GetSendQuota", "ses:List*"),
        allow("ses:SendEmail", on=IDENTITY.replace("ap-southeast-1", "eu-west-1")),
    ],
)
def test_who_may_send_something_else_is_no_finding(statement: dict[str, Any]) -> None:
    assert of("role/other", with_more(role("other", statement))) == []


def test_a_deny_and_a_boundary_count() -> None:
    denied = role("denied", allow("ses:Send*"), deny("ses:Send*", on=IDENTITY))
    limited = role("limited", allow("ses:*"), PermissionsBoundary={"PermissionsBoundaryArn": arn("policy", "limit")})
    world = with_more(denied, limited, policies=(managed("limit", allow("s3:*")),))
    assert of("role/denied", world) == []
    assert of("role/limited", world) == []


def test_an_address_kept_from_the_sender_alone_still_sends_from_the_others() -> None:
    kept = deny("ses:Send*", Condition={"StringEquals": {"ses:FromAddress": SENDER}})
    statements = (allow("ses:SendEmail", on=IDENTITY), kept)
    [found] = of("role/other", with_more(role("other", *statements)))
    assert "another address than no-reply@yourdomain.com" in found.finding.message


def test_what_turns_on_the_request_is_told_as_such() -> None:
    from_office = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    [found] = of("user/kim", with_more(user("kim", allow("ses:SendEmail", Condition=from_office))))
    assert found.cause == "depends"
    assert found.severity is Severity.WARNING
    assert "depending on aws:SourceIp" in found.finding.message


def test_a_second_factor_and_recipients_are_at_hand() -> None:
    with_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    to_few = {"ForAllValues:StringLike": {"ses:Recipients": "*@example.com"}}
    world = with_more(
        user("kim", allow("ses:SendEmail", Condition=with_mfa)), user("lee", allow("ses:SendEmail", Condition=to_few))
    )
    assert (cause("user/kim", world), cause("user/lee", world)) == ("not-declared", "not-declared")


def test_tags_and_names_of_the_principal_are_its_own() -> None:
    """Two users with one policy that speaks of who asks: the answers are not shared."""
    mail = managed("mail", allow("ses:SendEmail", Condition={"StringEquals": {"aws:PrincipalTag/mail": "yes"}}))
    yes = user("yes", AttachedManagedPolicies=attached(mail["Arn"]), Tags=[{"Key": "mail", "Value": "yes"}])
    no = user("no", AttachedManagedPolicies=attached(mail["Arn"]))
    world = with_more(no, yes, policies=(mail,))
    assert cause("user/yes", world) == "not-declared"
    assert of("user/no", world) == [] or cause("user/no", world) == "depends"


# Through roles


def test_a_role_that_may_be_assumed_is_a_way() -> None:
    def open_to_account(told: dict[str, Any], _details: dict[str, Any]) -> None:
        told["AssumeRolePolicyDocument"] = trust(f"arn:aws:iam::{ACCOUNT}:root")

    world = with_more(
        user("kim", allow("sts:AssumeRole", on=ROLE)),
        user("lee", allow("sts:AssumeRole", on=arn("role", "another"))),
        world=changed(open_to_account),
    )
    [found] = of("user/kim", world)
    assert found.cause == "through-role"
    assert "it may assume role/bizassist-api" in found.finding.message
    assert of("user/lee", world) == []


def test_the_trust_policy_has_to_let_it() -> None:
    assert of("user/kim", with_more(user("kim", allow("sts:AssumeRole")))) == []


def test_a_role_that_trusts_a_user_by_name_needs_no_policy_of_the_users() -> None:
    mail = role("mail", allow("ses:SendEmail"), AssumeRolePolicyDocument=trust(arn("user", "kim")))
    assert cause("user/kim", with_more(mail, user("kim"))) == "through-role"


def test_roles_in_a_row_are_followed() -> None:
    mail = role("mail", allow("ses:SendEmail"), AssumeRolePolicyDocument=trust(arn("role", "middle")))
    middle = role("middle", allow("sts:AssumeRole"), AssumeRolePolicyDocument=trust(arn("user", "kim")))
    [found] = of("user/kim", with_more(mail, middle, user("kim")))
    assert "it may assume role/middle by its trust policy, then role/mail" in found.finding.message


def test_roles_in_a_circle_end() -> None:
    one = role("one", AssumeRolePolicyDocument=trust(arn("role", "two")))
    two = role("two", allow("ses:SendEmail"), AssumeRolePolicyDocument=trust(arn("role", "one")))
    assert causes(run("iam-senders", with_more(one, two))) == {"not-declared", "through-role"}


# Through the policies of the identity


def test_another_account_in_the_identity_policy() -> None:
    world = with_identity_policy(lets({"AWS": "444455556666"}))
    [found] = of("444455556666", world)
    assert found.cause == "through-identity-policy"
    assert "the policy shared (Statement[0])" in found.finding.message
    named = world.with_gate(may_send=[ROLE, "arn:aws:iam::444455556666:root", arn("role", "aws-reserved/*")])
    assert statuses(run("iam-senders", named)) == {"pass"}


def test_strangers_that_may_not_send_as_the_sender_are_the_other_checks_business() -> None:
    from_news = {"StringEquals": {"ses:FromAddress": "news@yourdomain.com"}}
    assert of("444455556666", with_identity_policy(lets({"AWS": "444455556666"}, Condition=from_news))) == []


def test_a_whole_organization_depends_on_who_is_in_it() -> None:
    of_it = {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
    [found] = of("anyone", with_identity_policy(lets("*", Condition=of_it)))
    assert (found.cause, found.severity) == ("depends", Severity.WARNING)


def test_hostile_names_stay_on_one_line_and_short() -> None:
    world = with_identity_policy(lets({"AWS": "arn:aws:iam::444455556666:role/" + "x\n" * 5000}))
    told = [one for one in run("iam-senders", world) if one.cause == "through-identity-policy"]
    assert told
    assert all("\n" not in one.subject + one.finding.message for one in told)
    assert all(len(one.subject) < 200 and len(one.finding.message) < 800 for one in told)


def test_a_user_whom_the_identity_policy_names() -> None:
    world = with_identity_policy(lets({"AWS": arn("user", "dana")}))
    assert cause("user/dana", world) == "through-identity-policy"


def test_anyone() -> None:
    found = run("iam-senders", with_identity_policy(lets("*")))
    assert "through-identity-policy" in {one.cause for one in found if one.subject == "anyone"}


# Through what may be rewritten


@pytest.mark.parametrize(
    "statement",
    [
        allow("iam:PutUserPolicy", on=arn("user", "kim")),
        allow("iam:AttachUserPolicy"),
        allow("iam:Attach*", Condition={"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonSES*"}}),
        allow("iam:CreatePolicyVersion", on=arn("policy", "own")),
        allow("iam:AddUserToGroup", on=arn("group", "mailers")),
        allow("iam:PutGroupPolicy", on=arn("group", "team")),
        allow("iam:UpdateAssumeRolePolicy", on=ROLE),
        allow("iam:PutRolePolicy", on=ROLE),
        allow("iam:CreateAccessKey", on=arn("user", "mail")),
        allow("ses:CreateEmailIdentityPolicy", on=IDENTITY),
        allow("ses:PutIdentityPolicy"),
        allow("iam:PassRole", "lambda:CreateFunction"),
    ],
    ids=lambda statement: statement["Action"][0],
)
def test_ways_that_begin_with_a_change(statement: dict[str, Any]) -> None:
    mailers = {
        "GroupName": "mailers",
        "Arn": arn("group", "mailers"),
        "GroupPolicyList": [{"PolicyName": "mail", "PolicyDocument": document(allow("ses:SendEmail"))}],
    }
    team = {"GroupName": "team", "Arn": arn("group", "team"), "GroupPolicyList": []}
    own = managed("own", allow("s3:*"))
    on_lambda = document({**TRUST_ECS, "Principal": {"Service": "lambda.amazonaws.com"}})
    world = with_more(
        mailers,
        team,
        user("mail", allow("ses:SendEmail")),
        role("function", allow("ses:SendEmail"), AssumeRolePolicyDocument=on_lambda),
        user("kim", statement, GroupList=["team"], AttachedManagedPolicies=attached(own["Arn"])),
        policies=(own,),
    )
    [found] = of("user/kim", world)
    assert found.cause == "may-rewrite"
    assert found.severity is Severity.WARNING
    assert "could come to send, or let others send, as" in found.finding.message


@pytest.mark.parametrize(
    "statement",
    [
        allow("iam:PutUserPolicy", on=arn("user", "another")),
        allow("iam:AttachUserPolicy", Condition={"ArnEquals": {"iam:PolicyARN": arn("policy", "harmless")}}),
        allow("iam:CreatePolicyVersion", on=arn("policy", "another")),
        allow("iam:AddUserToGroup", on=arn("group", "developers")),
        allow("iam:PassRole"),
        allow("lambda:CreateFunction"),
        allow("iam:PassRole", "lambda:CreateFunction", Condition={"StringEquals": {"aws:RequestedRegion": "x"}}),
    ],
)
def test_changes_that_lead_nowhere(statement: dict[str, Any]) -> None:
    assert of("user/kim", with_more(user("kim", statement))) == []


def test_who_looks_after_its_own_keys_only() -> None:
    """The policy that lets users manage their own credentials is no way to those of another."""
    own = allow("iam:*AccessKey*", "iam:*LoginProfile", on=arn("user", "${aws:username}"))
    world = with_more(user("kim", own), user("mail", allow("ses:SendEmail")))
    assert of("user/kim", world) == []


def test_a_boundary_that_holds_after_the_change() -> None:
    limit = managed("limit", allow("iam:*", "s3:*"))
    bound = {"PermissionsBoundary": {"PermissionsBoundaryArn": limit["Arn"]}}
    world = with_more(user("kim", allow("iam:PutUserPolicy"), **bound), policies=(limit,))
    assert of("user/kim", world) == []


def test_an_older_version_of_a_policy_is_not_read() -> None:
    own = managed("own", allow("s3:*"))
    kim = user("kim", allow("iam:SetDefaultPolicyVersion"), AttachedManagedPolicies=attached(own["Arn"]))
    assert cause("user/kim", with_more(kim, policies=(own,))) == "depends"


# Administrators


def test_administrators_are_one_finding_with_their_number() -> None:
    chiefs = [user(f"chief-{number:02d}", allow("*")) for number in range(12)]
    found = run("iam-senders", with_more(*chiefs))
    [one] = [each for each in found if each.cause == "administrators"]
    assert one.severity is Severity.INFO
    assert "12 full administrators" in one.finding.message
    assert "and 2 more" in one.finding.message
    assert causes(found) == {"administrators"}


def test_who_may_become_an_administrator_is_told_with_them() -> None:
    chief = role("chief", allow("*"), AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:root"))
    found = run("iam-senders", with_more(chief, user("kim", allow("sts:AssumeRole"))))
    [one] = [each for each in found if each.cause == "administrators"]
    assert "1 more can become one by assuming role/chief: user/kim" in one.finding.message
    assert causes(found) == {"administrators"}


def test_a_power_user_is_no_administrator() -> None:
    power = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}
    assert cause("user/kim", with_more(user("kim", power))) == "not-declared"


def test_an_application_is_no_administrator() -> None:
    assert cause("role/bizassist-api", with_policy(allow("*"))) == "arbitrary-address"


def test_service_linked_roles_are_left_out() -> None:
    path = "aws-service-role/mail.amazonaws.com/AWSServiceRoleForMail"
    linked = {**role("AWSServiceRoleForMail", allow("ses:*")), "Arn": arn("role", path)}
    found = run("iam-senders", with_more(linked))
    assert statuses(found) == {"pass"}
    assert any("1 service-linked roles left out" in one.finding.message for one in found)


def test_a_permission_set_is_repaired_where_it_is_made() -> None:
    name = "AWSReservedSSO_Marketing_1a2b3c4d5e6f7a8b"
    marketing = {**role(name, allow("ses:SendEmail")), "Arn": arn("role", f"aws-reserved/sso.amazonaws.com/{name}")}
    [found] = of(f"role/{name}", with_more(marketing))
    remedy = found.finding.remedy
    assert remedy is not None
    added = remedy.changes[0]
    assert isinstance(added, StatementToAdd)
    assert added.target == "the inline policy of the permission set Marketing in IAM Identity Center"


# Who is meant to


def test_the_role_from_any_address_fails_with_the_condition_to_add() -> None:
    [found] = of("role/bizassist-api", with_policy(allow("ses:SendEmail", "ses:SendRawEmail", on=[IDENTITY, SET])))
    assert found.cause == "arbitrary-address"
    assert found.severity is Severity.BLOCKER
    assert "as any address of yourdomain.com" in found.finding.message
    remedy = found.finding.remedy
    assert remedy is not None
    [added] = remedy.changes
    assert isinstance(added, StatementToAdd)
    assert added.statement == {
        "Effect": "Allow",
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": [IDENTITY, SET],
        "Condition": {"StringEquals": {"ses:FromAddress": [SENDER]}},
    }
    assert statuses(of("role/bizassist-api", with_policy(added.statement))) == {"pass"}


def test_a_pattern_that_lets_every_address_pass_is_no_hold() -> None:
    wide = {"StringLike": {"ses:FromAddress": "*@yourdomain.com"}}
    assert cause("role/bizassist-api", with_policy(allow("ses:SendEmail", on=IDENTITY, Condition=wide))) == (
        "arbitrary-address"
    )


def test_bulk_sending_slips_through_a_condition_with_if_exists() -> None:
    loose = {"StringEqualsIfExists": {"ses:FromAddress": SENDER}}
    [found] = of("role/bizassist-api", with_policy(allow("ses:Send*", on=IDENTITY, Condition=loose)))
    assert found.cause == "arbitrary-address"
    assert "ses:SendBulkEmail carries no ses:FromAddress" in found.finding.message


def test_a_sender_that_is_a_domain_may_use_all_its_addresses() -> None:
    world = ready_world().with_gate(senders=[{"domain": "yourdomain.com"}])
    narrow = with_policy(allow("ses:SendEmail", on=IDENTITY), world=world)
    wide = with_policy(allow("ses:SendEmail"), world=world)
    assert statuses(of("role/bizassist-api", narrow)) == {"pass"}
    assert cause("role/bizassist-api", wide) == "arbitrary-address"


def test_who_is_named_and_no_role_of_the_gate_is_only_warned_of() -> None:
    named = ready_world().with_gate(may_send=[ROLE, arn("user", "news"), arn("role", "aws-reserved/*")])
    [found] = of("user/news", with_more(user("news", allow("ses:SendRawEmail")), world=named))
    assert (found.cause, found.severity) == ("arbitrary-address", Severity.WARNING)


def test_an_entry_of_may_send_that_is_nobody() -> None:
    world = ready_world().with_gate(may_send=[ROLE, arn("role", "aws-reserved/*"), arn("role", "gone-*")])
    assert cause(arn("role", "gone-*"), world) == "no-such-principal"


# What could not be seen


@pytest.mark.parametrize("kind", [FailureKind.DENIED, FailureKind.TIMEOUT, FailureKind.THROTTLED])
def test_an_account_that_does_not_tell_is_an_error(kind: FailureKind) -> None:
    found = run("iam-senders", ready_world().fail("iam", DETAILS, kind))
    assert statuses(found) == {"error"}
    assert "iam:GetAccountAuthorizationDetails" in found[0].finding.message


def test_strangers_are_told_even_so() -> None:
    world = with_identity_policy(lets({"AWS": "444455556666"})).fail("iam", DETAILS)
    assert statuses(run("iam-senders", world)) == {"fail", "error"}


def test_a_policy_that_is_named_and_not_told_is_an_error_of_its_principal() -> None:
    missing = arn("policy", "missing")
    found = run("iam-senders", with_more(user("kim", AttachedManagedPolicies=attached(missing))))
    [kim] = [one for one in found if one.subject == "user/kim"]
    assert kim.status.value == "error"
    assert missing in kim.finding.message


def test_a_gate_that_names_nobody_asks_for_nothing() -> None:
    world = ready_world().with_gate(may_send=None, roles=None).fail("iam", DETAILS)
    [found] = run("iam-senders", world)
    assert (found.status.value, found.cause) == ("skip", "not-asked")
    assert found.evidence == ()


def test_the_action_without_a_from_address_is_the_one_that_aws_says() -> None:
    without = [name for name in SENDING if (known := known_action(name)) and not known.carries("ses:fromaddress")]
    assert without == [BULK]
