"""What a statement grants too widely, and what must never be called so."""

import time

import pytest

from sesgate.iam import Policy
from sesgate.iam.breadth import Breadth, TooWide, breadth
from sesgate.iam.known_actions import Level, actions_of, expand, known_action, services
from sesgate.iam.reach import Around
from tests.iam.documents import ACCOUNT, IDENTITY, allow, deny, policy, statement

HERE = f"ap-southeast-1:{ACCOUNT}"
GROUP = f"arn:aws:logs:{HERE}:log-group:/bizassist/api"


def judge(granting: Policy, *others: Policy, boundary: Policy | None = None) -> Breadth | None:
    return breadth(granting.statements[0], Around.of([granting, *others], boundary))


def kind(granting: Policy, *others: Policy, boundary: Policy | None = None) -> str | None:
    found = judge(granting, *others, boundary=boundary)
    return found.kind.value if found else None


@pytest.mark.parametrize(
    ("wanted", "granting"),
    [
        ("administrator", allow("*", "*")),
        ("administrator", allow("*:*", "*")),
        ("administrator", allow("**", "arn:aws:*")),
        ("administrator", allow(["ses:SendEmail", "*"], ["*"])),
        ("service-wildcard", allow("ses:*", "*")),
        ("service-wildcard", allow("SES:*", IDENTITY)),
        ("service-wildcard", allow("*", "arn:aws:s3:::bucket/*")),
        ("service-wildcard", allow("nosuchservice:*", "*")),
        ("action-wildcard", allow("ses:Send*", IDENTITY)),
        ("action-wildcard", allow("iam:*Policy", "*")),
        ("action-wildcard", allow("s3:*Object", "arn:aws:s3:::bucket/*")),
        ("pass-role-any", allow("iam:PassRole", "*")),
        ("pass-role-any", allow("iam:Pass*", "*")),
        ("pass-role-any", allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*")),
        ("resource-wildcard", allow("ses:SendEmail", "*")),
        ("resource-wildcard", allow("ses:SendEmail", [IDENTITY, "*"])),
        ("resource-wildcard", allow("ses:SendEmail", f"arn:aws:ses:{HERE}:identity/*")),
        ("resource-wildcard", allow("ses:SendEmail", "arn:aws:ses:*:*:*")),
        ("resource-wildcard", allow("ses:SendEmail", "arn:aws:ses")),
        ("resource-wildcard", allow("s3:PutObject", "arn:aws:s3:::*")),
        ("resource-wildcard", allow("sqs:SendMessage", f"arn:aws:sqs:{HERE}:*")),
        ("resource-wildcard", allow("secretsmanager:GetSecretValue", "*")),
        ("resource-wildcard", allow("secretsmanager:Get*", "*")),
        ("resource-wildcard", allow("ssm:GetParameter*", "*")),
        ("resource-wildcard", allow("kms:Decrypt", "*")),
        ("data-read", allow("s3:GetObject", "*")),
        ("data-read", allow("s3:Get*", "*")),
        ("data-read", allow("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/*")),
        ("region-wildcard", allow("ses:SendEmail", f"arn:aws:ses:*:{ACCOUNT}:identity/example.com")),
        ("unknown-action", allow("ses:SendEmial", "*")),
    ],
)
def test_what_is_too_wide(wanted: str, granting: Policy) -> None:
    assert kind(granting) == wanted


@pytest.mark.parametrize(
    "granting",
    [
        allow("ses:SendEmail", IDENTITY),
        allow(["ses:GetSendQuota", "ses:GetSendStatistics", "ses:ListIdentities", "ses:GetAccount"], "*"),
        allow("ses:GetIdentityVerificationAttributes", "*"),
        allow(["ses:BatchGetMetricData", "ses:GetSuppressedDestination", "ses:ListRecommendations"], "*"),
        allow(["ses:CreateConfigurationSet", "ses:UpdateConfigurationSetEventDestination"], "*"),
        allow(["ses:Get*", "ses:List*"], "*"),
        allow(["ses:Describe*", "ec2:Describe*", "cloudwatch:Get*", "rds:Describe*"], "*"),
        allow(["ecr:GetAuthorizationToken", "sts:GetCallerIdentity", "xray:PutTraceSegments"], "*"),
        allow("cloudwatch:PutMetricData", "*"),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{GROUP}:*"),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{GROUP}:log-stream:*"),
        allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:bizassist/db-??????"),
        allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:bizassist/db-*"),
        allow("secretsmanager:Get*", f"arn:aws:secretsmanager:{HERE}:secret:bizassist/db-??????"),
        allow("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-ABC/app"),
        allow("rds-db:*", f"arn:aws:rds-db:{HERE}:dbuser:db-ABC/app"),
        allow("s3:GetObject", "arn:aws:s3:::bucket/*"),
        allow("s3:PutObject", "arn:aws:s3:::bucket/uploads/*"),
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/bizassist-*"),
        allow("sqs:SendMessage", "arn:aws:sqs:${aws:RequestedRegion}:1:queue"),
        allow("ses:SendEmail", [IDENTITY, f"arn:aws:ses:{HERE}:configuration-set/*"]),
        allow("ses:Nothing*", "*"),
        allow("ses:SendRaw*", IDENTITY),
        allow("s*:*", "*"),
        deny("*", "*"),
        policy({"Effect": "Deny", "NotAction": "ses:*", "Resource": "*"}),
        policy({"Effect": "Allow", "NotAction": "*", "Resource": "*"}),
    ],
    ids=lambda granting: str(granting.statements[0].actions),
)
def test_what_is_none(granting: Policy) -> None:
    assert judge(granting) is None


def test_inverse_elements_with_allow() -> None:
    found = judge(policy({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}))
    assert found is not None
    assert (found.kind, found.element) == (TooWide.NOT_ACTION, "NotAction[0]")
    assert "sts:AssumeRole" in found.notable
    assert "iam:PassRole" not in found.notable
    found = judge(policy({"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::logs/*"}))
    assert found is not None
    assert (found.kind, found.element) == (TooWide.NOT_RESOURCE, "NotResource[0]")
    assert found.resources == ("all but arn:aws:s3:::logs/*",)


def test_each_statement_is_told_once_by_the_gravest_that_it_does() -> None:
    found = judge(allow(["s3:GetObject", "ses:SendEmail", "ses:*", "iam:PassRole"], "*"))
    assert found is not None
    assert found.kind is TooWide.SERVICE
    assert found.element == "Action[2]"
    assert found.also == (TooWide.PASS_ROLE, TooWide.RESOURCE, TooWide.DATA)


def test_actions_are_expanded_permissions_first_then_writes() -> None:
    found = judge(allow("ses:*", "*"))
    assert found is not None
    levels = [action.level for action in found.actions]
    assert levels == sorted(levels, reverse=True)
    assert found.actions[0].level is Level.PERMISSIONS
    assert {"ses:PutIdentityPolicy", "ses:SendEmail"} < {action.name for action in found.actions}
    assert all(level.changes for level in levels)


def test_an_arn_grants_only_actions_that_act_on_such_a_resource() -> None:
    found = judge(allow("ses:*", IDENTITY))
    assert found is not None
    names = {action.name for action in found.actions}
    assert "ses:DeleteEmailIdentity" in names
    assert not names & {"ses:PutAccountDetails", "ses:DeleteContactList", "ses:UpdateAccountSendingEnabled"}


def test_the_entry_that_is_open_is_named_and_no_other() -> None:
    found = judge(allow(["ses:GetSendQuota", "ses:SendEmail"], [IDENTITY, f"arn:aws:ses:{HERE}:identity/*"]))
    assert found is not None
    assert (found.element, found.entries) == ("Resource[1]", ("ses:SendEmail",))
    assert found.resources == (f"arn:aws:ses:{HERE}:identity/*",)
    assert [action.name for action in found.actions] == ["ses:SendEmail"]


def test_arns_are_not_compared_by_their_beginning() -> None:
    assert kind(allow("ses:SendEmail", "arn:aws:s3:::identity/*")) is None
    assert kind(allow("sqs:SendMessage", f"arn:aws:sns:{HERE}:*")) is None


def test_log_lines_on_every_group_weigh_less() -> None:
    found = judge(allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*"))
    assert found is not None
    assert (found.kind, found.lessened) == (TooWide.RESOURCE, True)
    worse = judge(allow(["logs:PutLogEvents", "logs:DeleteLogGroup"], "*"))
    assert worse is not None
    assert not worse.lessened


def test_a_boundary_that_cuts_the_wildcard_lessens_it() -> None:
    limit = policy(statement("Allow", "ses:SendEmail", IDENTITY), name="edge")
    for granting in (allow("*"), allow("ses:*"), allow("ses:SendEmail"), allow("iam:PassRole")):
        found = judge(granting, boundary=limit)
        assert found is not None
        assert found.lessened
        assert found.limits == ("the permissions boundary edge",)


def test_a_boundary_that_leaves_it_wide_does_not() -> None:
    for limit in (allow("*"), allow("ses:*"), policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})):
        found = judge(allow("ses:SendEmail"), boundary=limit)
        assert found is not None
        assert not found.lessened
    found = judge(allow("*"), boundary=policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}))
    assert found is not None
    assert not found.lessened
    part = judge(allow("ses:*"), boundary=allow(["ses:DeleteIdentity", "ses:DeleteEmailIdentity"]))
    assert part is not None
    assert {action.name for action in part.actions} == {"ses:DeleteIdentity", "ses:DeleteEmailIdentity"}
    assert not part.lessened


def test_a_boundary_of_its_own_width_is_no_excuse_for_a_scoped_wildcard() -> None:
    found = judge(allow("ses:*", IDENTITY), boundary=allow("ses:*", IDENTITY))
    assert found is not None
    assert not found.lessened


def test_a_deny_takes_away_what_it_denies() -> None:
    assert kind(allow("ses:*"), deny("ses:*")) is None
    assert kind(allow("ses:SendEmail"), deny("ses:Send*")) is None
    outside = policy({"Effect": "Deny", "Action": "ses:Send*", "NotResource": IDENTITY})
    assert kind(allow("ses:SendEmail"), outside) is None
    assert kind(allow("ses:SendEmail"), deny("ses:SendEmail", IDENTITY)) == "resource-wildcard"
    stranger = deny("ses:*", "*", Condition={"StringNotEquals": {"ses:FromAddress": "a@example.com"}})
    assert kind(allow("ses:SendEmail"), stranger) is None
    plain = deny("ses:*", "*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert kind(allow("ses:SendEmail"), plain) == "resource-wildcard"
    all_but_everything = policy({"Effect": "Deny", "Action": "ses:*", "NotResource": f"arn:aws:ses:{HERE}:identity/*"})
    assert kind(allow("ses:SendEmail"), all_but_everything) == "resource-wildcard"


def test_a_boundary_is_asked_once_an_action_whoever_asks() -> None:
    limit = policy(*(statement("Allow", f"{service}:*") for service in ("ec2", "s3", "logs", "sqs", "dynamodb")))
    around = Around.of([], limit)
    started = time.process_time()
    for number in range(300):
        found = breadth(allow(["ses:*", "dynamodb:*"], ["*", f"arn:aws:s3:::b{number}"]).statements[0], around)
        assert found is not None
        assert all(action.service == "dynamodb" for action in found.actions)
    assert time.process_time() - started < 30


def test_the_denies_of_a_boundary_count_within_it() -> None:
    limit = policy(statement("Allow", "*"), statement("Deny", "ses:*"), name="edge")
    found = judge(allow("ses:SendEmail"), boundary=limit)
    assert found is not None
    assert found.lessened


def test_the_reference_knows_what_it_should() -> None:
    assert len(actions_of("ses")) > 200
    assert known_action("SES:sendemail") == known_action("ses:SendEmail")
    assert known_action("ses:nothing") is None
    assert "ses" in services()
    assert [action.name for action in expand("iam:PassRole")] == ["iam:PassRole"]
    assert expand("s*:*") == ()
    quota = known_action("ses:GetSendQuota")
    assert quota is not None
    assert quota.needs_star
    by_v1 = [each.name for each in actions_of("ses").values() if each.needs_star and each.types]
    assert len(by_v1) == 16  # ten by the first API, six that take an ARN or none


def test_many_policies_are_judged_in_time() -> None:
    """1,500 policies, none like another: about a second of this process's own time, however busy the machine is."""
    started = time.process_time()
    for number in range(1500):
        granting = allow(
            ["ses:*", "dynamodb:PutItem", "s3:GetObject", "logs:PutLogEvents", "ses:GetSendQuota"],
            ["*", f"arn:aws:s3:::bucket-{number}/*", f"arn:aws:dynamodb:{HERE}:table/t{number}"],
        )
        assert judge(granting) is not None
    assert time.process_time() - started < 30
