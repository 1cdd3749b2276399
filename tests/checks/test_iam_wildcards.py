"""iam-wildcards: what the policies of the application's roles grant too widely, and whom trust policies let in."""

import json
import time
from typing import Any

import pytest

from sesgate.access import principals_question
from sesgate.engine import Judged
from sesgate.evidence import FailureKind, Question
from sesgate.finding import AwsCall, Because, StatementToAdd, Text
from sesgate.iam import parse_policy
from sesgate.iam.breadth import breadth
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "iam-wildcards"
ACCOUNT = "111122223333"
HERE = f"ap-southeast-1:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/bizassist-api"
IDENTITY = f"arn:aws:ses:{HERE}:identity/yourdomain.com"
SET = f"arn:aws:ses:{HERE}:configuration-set/bizassist-transactional"
NEEDS = [
    {"actions": ["ses:SendEmail", "ses:SendRawEmail"], "resources": ["senders"]},
    {"actions": ["ses:GetSendQuota", "ses:ListIdentities"]},
]
TASKS = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
GOOD = {"Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": [IDENTITY, SET]}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def managed(name: str, *statements: dict[str, Any], account: str = "aws") -> dict[str, Any]:
    return {"PolicyName": name, "Arn": f"arn:aws:iam::{account}:policy/{name}", "Document": document(*statements)}


ADMINISTRATOR = managed("AdministratorAccess", allow("*"))


def account(
    *statements: dict[str, Any],
    trust: tuple[dict[str, Any], ...] = (TASKS,),
    attached: tuple[dict[str, Any], ...] = (),
    boundary: dict[str, Any] | None = None,
    needs: Any = NEEDS,
    documents: Any = (),
) -> World:
    """The ready world with one role: its inline policy, what is attached, its boundary and trust policy."""
    inline = [{"PolicyName": "send-mail", "PolicyDocument": document(*statements)}] if statements else []
    role: dict[str, Any] = {
        "RoleName": "bizassist-api",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": document(*trust),
        "RolePolicyList": inline,
        "AttachedManagedPolicies": [{"PolicyName": one["PolicyName"], "PolicyArn": one["Arn"]} for one in attached],
    }
    if boundary:
        role["PermissionsBoundary"] = {"PermissionsBoundaryArn": boundary["Arn"]}
    policies = [*attached, *([boundary] if boundary else [])]
    entry = {"arn": ROLE, "needs": needs, **({"documents": documents} if documents else {})}
    return knowing(ready_world().with_gate(roles=[entry]), RoleDetailList=[role], Policies=policies)


def knowing(world: World, **details: Any) -> World:
    asked = principals_question(world.context()).parameters
    nobody: dict[str, Any] = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    return world.answer("iam", "GetAccountAuthorizationDetails", asked, **{**nobody, **details})


def local(text: str, path: str = "infra/api-policy.json", **role: Any) -> World:
    """A role that the gate knows by its documents only."""
    return ready_world().with_gate(roles=[{"documents": [path], "needs": NEEDS, **role}]).file(path, text)


def wrong(world: World) -> list[Judged]:
    return [one for one in run(CHECK, world) if one.status.value not in ("pass", "skip")]


def only(world: World) -> Judged:
    [judged] = wrong(world)
    return judged


def added(judged: Judged) -> list[dict[str, Any]]:
    assert judged.finding.remedy is not None
    return [dict(one.statement) for one in judged.finding.remedy.changes if isinstance(one, StatementToAdd)]


def test_a_role_that_is_scoped_passes_statement_by_statement() -> None:
    judged = run(CHECK, account(GOOD, allow(["ses:GetSendQuota", "ses:ListIdentities"])))
    assert statuses(judged) == {"pass"}
    assert [one.subject for one in judged] == [
        "bizassist-api send-mail (inline) Statement[0]",
        "bizassist-api send-mail (inline) Statement[1]",
        "bizassist-api bizassist-api (trust policy) Statement[0]",
    ]


@pytest.mark.parametrize(
    ("cause", "severity", "statement"),
    [
        ("administrator", "blocker", allow("*")),
        ("not-action", "blocker", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        ("service-wildcard", "blocker", allow("ses:*")),
        ("pass-role-any", "blocker", allow("iam:PassRole")),
        ("action-wildcard", "blocker", allow("ses:Send*", IDENTITY)),
        ("not-resource", "blocker", {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::a/*"}),
        ("resource-wildcard", "blocker", allow("ses:SendEmail")),
        ("malformed", "blocker", allow("s*:*")),
        ("data-read", "warning", allow("s3:GetObject")),
        ("region-wildcard", "warning", allow("ses:SendEmail", f"arn:aws:ses:*:{ACCOUNT}:identity/yourdomain.com")),
        ("unknown-action", "info", allow("ses:SendEmial", IDENTITY)),
    ],
)
def test_each_cause(cause: str, severity: str, statement: dict[str, Any]) -> None:
    judged = only(account(GOOD, statement))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", cause, severity)
    assert judged.subject == "bizassist-api send-mail (inline) Statement[1]"
    assert "\n" not in judged.finding.message
    assert judged.finding.remedy is not None


def test_a_wildcard_is_told_once_with_what_it_grants_and_what_to_write_instead() -> None:
    judged = only(account(allow("ses:*", Sid="Mail")))
    assert judged.subject == "bizassist-api send-mail (inline) Mail"
    assert "ses:*" in judged.finding.message
    assert "ses:PutIdentityPolicy" in str(judged.finding.found)
    assert added(judged) == [
        {
            "Sid": "Mail",
            "Effect": "Allow",
            "Action": ["ses:SendEmail", "ses:SendRawEmail"],
            "Resource": [IDENTITY, SET],
            "Condition": {"StringEquals": {"ses:FromAddress": ["no-reply@yourdomain.com"]}},
        },
        {"Sid": "Mail2", "Effect": "Allow", "Action": ["ses:GetSendQuota", "ses:ListIdentities"], "Resource": ["*"]},
    ]
    for statement in parse_policy({"Version": "2012-10-17", "Statement": added(judged)}).statements:
        assert breadth(statement) is None


def test_the_identity_of_the_address_counts_before_its_domain() -> None:
    listed = [
        {"IdentityName": "yourdomain.com", "IdentityType": "DOMAIN", "VerificationStatus": "SUCCESS"},
        {"IdentityName": "no-reply@yourdomain.com", "IdentityType": "EMAIL_ADDRESS", "VerificationStatus": "SUCCESS"},
    ]
    world = account(allow("ses:SendEmail")).answer("sesv2", "ListEmailIdentities", EmailIdentities=listed)
    address = f"arn:aws:ses:{HERE}:identity/no-reply@yourdomain.com"
    assert added(only(world))[0]["Resource"] == [address, SET]


def test_the_set_that_applies_by_default_is_needed_too() -> None:
    senders = [{"address": "no-reply@yourdomain.com"}]
    assert added(only(account(allow("ses:SendEmail")).with_gate(senders=senders)))[0]["Resource"] == [IDENTITY, SET]


def test_where_ses_can_not_tell_the_domain_is_taken() -> None:
    world = account(allow("ses:SendEmail")).fail("sesv2", "ListEmailIdentities")
    assert added(only(world))[0]["Resource"] == [IDENTITY, SET]


@pytest.mark.parametrize(
    "statement",
    [
        allow(["ses:GetSendQuota", "ses:ListIdentities", "ses:GetAccount", "ses:CreateConfigurationSet"]),
        allow(["ses:Get*", "ses:List*", "ec2:Describe*"]),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:{HERE}:log-group:/bizassist/api:*"),
        allow("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/bizassist/api:log-stream:*"),
        allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:bizassist/db-??????"),
        allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:bizassist/db-*"),
        allow("ses:SendEmail", Condition={"StringEquals": {"ses:FromAddress": "no-reply@yourdomain.com"}}),
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "ses:*", "NotResource": IDENTITY},
    ],
)
def test_no_false_alarm(statement: dict[str, Any]) -> None:
    assert statuses(run(CHECK, account(statement))) == {"pass"}


def test_secrets_of_the_whole_account_block() -> None:
    for action in ("secretsmanager:Get*", "ssm:GetParameter*", "kms:Decrypt"):
        judged = only(account(allow(action)))
        assert (judged.cause, judged.severity.value) == ("resource-wildcard", "blocker")


def test_conditions_weigh() -> None:
    here = {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}}
    judged = only(account(allow("ses:SendEmail", Condition=here)))
    assert (judged.cause, judged.severity.value) == ("resource-wildcard", "warning")
    assert "aws:SourceVpc" in judged.finding.message
    for condition in (
        {"StringLike": {"ses:FromAddress": "*"}},
        {"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ):
        judged = only(account(allow("ses:SendEmail", Condition=condition)))
        assert (judged.cause, judged.severity.value) == ("resource-wildcard", "blocker")


def test_the_gates_word_on_a_cause_counts_before_what_lessens_it() -> None:
    here = {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}}
    settings = {CHECK: {"causes": {"resource-wildcard": {"severity": "blocker"}}}}
    world = account(allow("ses:SendEmail", Condition=here)).with_gate(checks=settings)
    assert only(world).severity.value == "blocker"


def test_a_boundary_grants_nothing_and_limits_what_is_granted() -> None:
    wide = managed("edge", allow("*"), account=ACCOUNT)
    assert statuses(run(CHECK, account(GOOD, boundary=wide))) == {"pass"}
    narrow = managed("edge", allow("ses:SendEmail", IDENTITY), account=ACCOUNT)
    judged = only(account(allow("ses:*"), boundary=narrow))
    assert (judged.cause, judged.severity.value) == ("service-wildcard", "warning")
    assert "the permissions boundary edge" in judged.finding.message


def test_policies_of_aws_are_named_and_replaced() -> None:
    judged = only(account(attached=(ADMINISTRATOR,)))
    assert judged.cause == "administrator"
    assert judged.subject == "bizassist-api AdministratorAccess (attached) Statement[0]"
    assert "AdministratorAccess, a policy that AWS maintains" in judged.finding.message
    assert judged.finding.remedy is not None
    detach = judged.finding.remedy.changes[-1]
    assert isinstance(detach, AwsCall)
    assert (detach.operation, detach.parameters["PolicyArn"]) == ("DetachRolePolicy", ADMINISTRATOR["Arn"])
    assert detach.undo is not None
    assert added(judged)[0]["Resource"] == [IDENTITY, SET]
    power = managed("PowerUserAccess", {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"})
    ses = managed("AmazonSESFullAccess", allow(["ses:*"]))
    assert causes(run(CHECK, account(attached=(power, ses)))) == {"not-action", "service-wildcard"}


def test_the_statements_of_one_policy_of_aws_share_one_repair() -> None:
    both = managed("AmazonSESFullAccess", allow("ses:*"), allow("iam:PassRole"))
    first, second = (one.finding.remedy for one in wrong(account(attached=(both,))))
    assert first == second


def test_a_policy_that_a_group_gives_is_detached_from_the_group() -> None:
    user = f"arn:aws:iam::{ACCOUNT}:user/mailer"
    attachment = [{"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR["Arn"]}]
    world = knowing(
        ready_world().with_gate(roles=[{"arn": user, "needs": NEEDS}]),
        UserDetailList=[{"UserName": "mailer", "Arn": user, "GroupList": ["operators"]}],
        GroupDetailList=[
            {"GroupName": "operators", "Arn": f"{user}s", "GroupPolicyList": [], "AttachedManagedPolicies": attachment}
        ],
        Policies=[ADMINISTRATOR],
    )
    judged = only(world)
    assert judged.finding.remedy is not None
    detach = judged.finding.remedy.changes[-1]
    assert isinstance(detach, AwsCall)
    assert (detach.operation, detach.parameters["GroupName"]) == ("DetachGroupPolicy", "operators")


def test_a_statement_reached_by_two_ways_is_told_once() -> None:
    path = "infra/api-policy.json"
    world = account(allow("ses:*"), documents=[path]).file(path, document(allow("ses:*")))
    told, skipped = ([one for one in run(CHECK, world) if one.status.value == status] for status in ("fail", "skip"))
    assert [one.subject for one in told] == [f"bizassist-api {path} Statement[0]"]
    assert [one.finding.because for one in skipped] == [Because(CHECK, told[0].subject)]


def test_a_local_file_is_named_with_line_and_column() -> None:
    text = document(GOOD, allow(["ses:GetSendQuota", "ses:*"]))
    judged = only(local(text))
    line = next(number for number, each in enumerate(text.splitlines(), 1) if '"ses:*"' in each)
    assert judged.finding.location is not None
    assert (judged.finding.location.path, judged.finding.location.line) == ("infra/api-policy.json", line)
    assert judged.finding.location.column > 1


def test_a_template_is_judged_with_what_it_leaves_open() -> None:
    text = """
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Queue.Arn}
          - {Effect: Allow, Action: "sqs:*", Resource: !GetAtt Queue.Arn}
          - Effect: Allow
            Action: ses:SendEmail
            Resource: !Sub "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/*"
"""
    found = wrong(local(text, "infra/stack.yaml"))
    assert [one.cause for one in found] == ["service-wildcard", "resource-wildcard"]
    assert [one.finding.location.line for one in found if one.finding.location] == [11, 14]
    assert "<Queue.Arn>" in found[0].finding.message


def test_documents_are_judged_offline_and_the_account_is_skipped() -> None:
    path = "infra/api-policy.json"
    judged = run(CHECK, account(GOOD, documents=[path]).file(path, document(allow("ses:*"))).offline())
    assert causes(judged) == {"service-wildcard", "offline"}
    assert statuses(judged) == {"fail", "skip"}


def test_malformed_parts_are_findings_and_never_a_pass() -> None:
    for statement, told in (
        (allow(["ses:SendEmail", "s*:*"], IDENTITY), "Action[1]"),
        (allow("ses:SendEmail", IDENTITY, Conditions={}), "Conditions"),
        (allow("ses:SendEmail", IDENTITY, Principal={"AWS": "*"}), "names principals"),
        ({"Effect": "Allow", "Action": "ses:SendEmail"}, "no Resource"),
        ({"Effect": "Permit", "Action": "ses:SendEmail", "Resource": IDENTITY}, "Effect"),
        (allow("ses:SendEmail", IDENTITY, Condition={"StringMatches": {"ses:FromAddress": "x"}}), "StringMatches"),
    ):
        judged = only(account(statement))
        assert judged.cause == "malformed"
        assert told in judged.finding.message
    assert causes(run(CHECK, account(allow(["ses:*", "s*:*"])))) == {"malformed", "service-wildcard"}
    assert causes(run(CHECK, local('{"Version": "2012-10-17", "Statement": "all"}'))) == {"malformed"}


def test_a_file_that_can_not_be_read_is_an_error_with_its_place() -> None:
    judged = only(local('{"Version": "2012-10-17",\n "Statement": [}'))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
    assert judged.finding.location is not None
    assert judged.finding.location.line == 2


@pytest.mark.parametrize(
    "trust",
    [
        {**TASKS, "Principal": "*"},
        {**TASKS, "Principal": {"AWS": "999988887777"}},
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
        },
    ],
)
def test_a_trust_policy_open_to_strangers(trust: dict[str, Any]) -> None:
    judged = only(account(GOOD, trust=(trust,)))
    assert (judged.cause, judged.severity.value) == ("trust-open", "blocker")
    assert judged.subject == "bizassist-api bizassist-api (trust policy) Statement[0]"
    [statement] = added(judged)
    assert statement["Effect"] == "Allow"
    assert statement != trust


def test_a_trust_policy_of_ones_own_account_passes() -> None:
    own = {**TASKS, "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", "arn:aws:iam::999988887777:role/deploy"]}}
    known = {**TASKS, "Principal": {"AWS": "999988887777"}, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}
    assert statuses(run(CHECK, account(GOOD, trust=(own, known)))) == {"pass"}


def test_without_an_account_other_accounts_are_not_judged() -> None:
    text = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: "999988887777"}, Action: "sts:AssumeRole"}]
"""
    world = local(text, "infra/stack.yaml").elsewhere(account=None)
    judged = only(world)
    assert judged.status.value == "error"
    assert "aws.account" in judged.finding.message


def test_a_need_that_nothing_serves_is_told_in_words() -> None:
    judged = only(account(allow("s3:*")))
    assert judged.finding.remedy is not None
    [text] = judged.finding.remedy.changes
    assert isinstance(text, Text)
    assert text.text.startswith("Remove Statement[0]")
    judged = only(account(allow("s3:*"), needs=[]))
    assert judged.finding.remedy is not None
    [text] = judged.finding.remedy.changes
    assert isinstance(text, Text)
    assert "`needs`" in text.text


def test_what_is_denied_is_an_error_and_names_the_grant() -> None:
    world = account(GOOD)
    details = principals_question(world.context()).parameters
    world = world.fail("iam", "GetAccountAuthorizationDetails", parameters=details)
    world = world.fail("iam", "GetRole", parameters={"RoleName": "bizassist-api"})
    judged = only(world)
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
    assert "iam:GetAccountAuthorizationDetails" in judged.finding.message
    assert "iam:GetRole" in judged.finding.message


def test_documents_are_judged_where_the_account_is_denied() -> None:
    path = "infra/api-policy.json"
    world = account(GOOD, documents=[path]).file(path, document(allow("ses:*")))
    asked = principals_question(world.context()).parameters
    world = world.fail("iam", "GetAccountAuthorizationDetails", FailureKind.NO_CREDENTIALS, asked)
    assert {one.status.value for one in wrong(world)} == {"fail", "error"}


def test_a_role_that_is_not_there_is_no_pass() -> None:
    world = knowing(ready_world().with_gate(roles=[{"arn": ROLE}]))
    judged = only(world)
    assert judged.status.value == "error"
    assert ROLE in judged.finding.message


def test_a_role_without_a_policy_grants_nothing() -> None:
    assert statuses(run(CHECK, account(trust=()))) == {"pass"}


def test_hostile_text_stays_on_one_line() -> None:
    nasty = "ses:*\n::error::pwned\x1b[31m"
    judged = wrong(account(allow(["ses:*", nasty])))
    assert judged
    for one in judged:
        assert "\n" not in one.finding.message + str(one.finding.found) + str(one.finding.expected)


def test_many_statements_are_judged_in_time() -> None:
    path = "infra/all.json"
    statements = [allow(["ses:SendEmail", "s3:*"], ["*", f"arn:aws:s3:::b{number}/*"]) for number in range(400)]
    world = local(document(*statements), path)
    started = time.process_time()
    assert len(wrong(world)) == 400
    assert time.process_time() - started < 30
    assert Question.file("policies", path) in world.answers


def told_of(judged: Judged) -> str:
    assert judged.finding.remedy is not None
    changes = judged.finding.remedy.changes
    return judged.finding.message + judged.finding.remedy.summary + " ".join(map(str, changes))


def test_a_statement_for_sending_names_the_configuration_set_too() -> None:
    [judged] = [one for one in run(CHECK, account(allow("ses:SendEmail"), needs=[])) if one.cause]
    assert "though it could name which: identity, configuration-set" in judged.finding.message
    assert judged.finding.remedy is not None
    [change] = judged.finding.remedy.changes
    assert isinstance(change, StatementToAdd)
    assert change.statement["Resource"] == [IDENTITY, SET]


def test_where_the_set_of_a_sender_can_t_be_seen_it_is_to_be_filled_in() -> None:
    sender = {"address": "no-reply@yourdomain.com"}
    world = local(document(allow("ses:SendEmail")), needs=[]).with_gate(senders=[sender]).offline()
    [judged] = [one for one in run(CHECK, world) if one.cause == "resource-wildcard"]
    told = told_of(judged)
    assert f"arn:aws:ses:{HERE}:configuration-set/<ConfigurationSetName>" in told
    assert "where none does, strike its ARN" in told


def test_examples_are_examples() -> None:
    others = ["iam:*", "sts:*", "ec2:*", "s3:*", "kms:*", "sqs:*"]
    messages = [
        one.finding.message
        for statement in ({"Effect": "Allow", "NotAction": others, "Resource": "*"}, allow("ses:*"))
        for one in run(CHECK, account(statement))
        if one.cause
    ]
    assert len(messages) == 2
    assert all("such as ses:" in message and "more" not in message.partition("such as")[2] for message in messages)


def test_a_trust_policy_in_a_file_is_told_by_its_own_name() -> None:
    path, text = "trust.json", document({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"})
    world = ready_world().with_gate(roles=[{"documents": ["a.json", path]}])
    world = world.file("a.json", document(GOOD)).file(path, text).offline()
    [judged] = [one for one in run(CHECK, world) if one.cause == "trust-open"]
    told = told_of(judged)
    assert "the role of trust.json" in told
    assert "a.json" not in told
