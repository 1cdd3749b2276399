"""The auditor's policy: what the checks declare, on what the gate names."""

from collections.abc import Iterator
from typing import Any

import pytest

from sesgate.access import ROLE_READS
from sesgate.check import Check, NoOptions, check
from sesgate.context import Context
from sesgate.finding import Finding, Severity, passed
from sesgate.gate import Gate
from sesgate.matrix import READS as OF_ALL_PLACES
from sesgate.policy import auditor_policy, told_by
from sesgate.policy.grants import without_covered
from sesgate.registry import load
from sesgate.subjects import Account, Identity, Sender

from .gates import ACCOUNT, IDENTITY, REGION, ROLE, SET, allowed, gate


def reading(*reads: str, each: Any = Sender, asked_by: str = "senders") -> Check:
    """A check that declares these reads."""

    @check(
        id="some",
        each=each,
        asked_by=asked_by,
        serves="A test",
        severity=Severity.INFO,
        reads=reads,
        causes={"cause": Severity.INFO},
    )
    def some(subject: Any, context: Context, options: NoOptions) -> Iterator[Finding]:
        yield passed("seen")

    declared: Check = some.__sesgate_check__  # type: ignore[attr-defined]
    return declared


def resources(*checks: Check, of: Gate | None = None, region: str = REGION, others: tuple[str, ...] = ()) -> Any:
    """The resources of the only statement."""
    [statement] = auditor_policy(checks, told_by(of or gate(), region, others))["Statement"]
    return statement["Resource"]


def test_a_check_of_senders_reads_what_belongs_to_them() -> None:
    found = resources(reading("ses:GetEmailIdentity"))
    assert found == [IDENTITY + "no-reply@yourdomain.com", IDENTITY + "yourdomain.com"]
    assert resources(reading("ses:GetConfigurationSet")) == SET + "main"


def test_a_check_of_all_identities_reads_all() -> None:
    for each in (Identity, Account):
        assert resources(reading("ses:GetEmailIdentity", each=each)) == IDENTITY + "*"
    both = resources(reading("ses:GetEmailIdentity"), reading("ses:GetEmailIdentity", each=Identity))
    assert both == IDENTITY + "*"


def test_an_unknown_default_set_may_be_any() -> None:
    unnamed = gate(senders=[{"address": "a@yourdomain.com", "configuration_set": "main"}, {"domain": "b.example"}])
    assert resources(reading("ses:GetConfigurationSet"), of=unnamed) == SET + "*"


def test_domains_above_are_named_down_to_the_registered_one() -> None:
    deep = gate(senders=[{"address": "A+x@mail.yourdomain.co.uk"}])
    names = ["A+x@mail.yourdomain.co.uk", "a+x@mail.yourdomain.co.uk", "a@mail.yourdomain.co.uk"]
    domains = ["mail.yourdomain.co.uk", "yourdomain.co.uk"]
    assert resources(reading("ses:GetEmailIdentity"), of=deep) == sorted(IDENTITY + name for name in names + domains)


def test_what_an_address_holds_is_no_wildcard() -> None:
    odd = gate(senders=[{"address": "a*b?c${d}@yourdomain.com"}])
    document = auditor_policy([reading("ses:GetEmailIdentity")], told_by(odd, REGION))
    assert allowed(document, "ses:GetEmailIdentity", IDENTITY + "a*b?c${d}@yourdomain.com")
    assert not allowed(document, "ses:GetEmailIdentity", IDENTITY + "axb?c${d}@yourdomain.com")


def test_what_has_no_resources_is_bound_to_the_region() -> None:
    [statement] = auditor_policy([reading("ses:GetAccount")], told_by(gate(), REGION))["Statement"]
    assert statement["Resource"] == "*"
    assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": REGION}}


def test_other_regions_of_the_gate_are_asked_of_ses_alone() -> None:
    told = told_by(gate(), REGION, ["eu-west-1", REGION])
    document = auditor_policy([reading("ses:GetAccount", "sns:GetTopicAttributes")], told)
    assert allowed(document, "ses:GetAccount", aws__RequestedRegion="eu-west-1")
    assert not allowed(document, "ses:GetAccount", aws__RequestedRegion="us-east-1")
    assert allowed(document, "sns:GetTopicAttributes", f"arn:aws:sns:{REGION}:{ACCOUNT}:bounces")
    assert not allowed(document, "sns:GetTopicAttributes", f"arn:aws:sns:eu-west-1:{ACCOUNT}:bounces")


def test_iam_is_global_and_composite_alarms_need_every_resource() -> None:
    told = told_by(gate(), REGION)
    [statement] = auditor_policy([reading("iam:GetAccountAuthorizationDetails")], told)["Statement"]
    assert (statement["Resource"], "Condition" in statement) == ("*", False)
    assert resources(reading("cloudwatch:DescribeAlarms")) == "*"


def test_roles_are_the_gates_and_policies_may_be_awss() -> None:
    with_role = gate({"actions": ["ses:SendEmail"], "resources": ["senders"]})
    document = auditor_policy([reading(*ROLE_READS, asked_by="database")], told_by(with_role, REGION))
    assert allowed(document, "iam:GetRole", ROLE)
    assert not allowed(document, "iam:GetRole", ROLE + "-other")
    assert resources(reading("iam:GetRole"), of=with_role) == f"arn:aws:iam::{ACCOUNT}:role/*"
    policies = [f"arn:aws:iam::{ACCOUNT}:policy/*", "arn:aws:iam::aws:policy/*"]
    assert resources(reading("iam:GetPolicy", asked_by="roles"), of=with_role) == policies


def test_the_account_is_told_by_the_roles_too() -> None:
    without = {"aws": {"region": REGION}}
    by_role = gate({"actions": ["ses:SendEmail"], "resources": ["senders"]}, **without)
    assert resources(reading("ses:GetConfigurationSet"), of=by_role) == SET + "main"
    unknown = f"arn:aws:ses:{REGION}:*:configuration-set/main"
    assert resources(reading("ses:GetConfigurationSet"), of=gate(**without)) == unknown


def test_other_partitions() -> None:
    china = gate(aws={"account": ACCOUNT, "region": "cn-north-1"})
    assert resources(reading("sns:GetTopicAttributes"), of=china, region="cn-north-1") == (
        f"arn:aws-cn:sns:cn-north-1:{ACCOUNT}:*"
    )


def test_an_arn_in_another_region_is_read_there() -> None:
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:api"
    services = [{"name": "api", "source": {"lambda": function}, "variables": {"A": {"required": True}}}]
    elsewhere = gate(services=services)
    check = reading("lambda:GetFunctionConfiguration", asked_by="services")
    document = auditor_policy([check], told_by(elsewhere, REGION))
    assert allowed(document, "lambda:GetFunctionConfiguration", function)
    assert not allowed(document, "lambda:GetFunctionConfiguration", function.replace("eu-west-1", "eu-west-2"))


def test_what_needs_no_grant_is_left_out() -> None:
    assert auditor_policy([reading("sts:GetCallerIdentity")], None)["Statement"] == []


def test_without_a_gate_everything_is_every_resource() -> None:
    document = auditor_policy(load().checks.values(), None)
    assert {statement["Resource"] for statement in document["Statement"]} == {"*"}
    assert all("Condition" not in statement for statement in document["Statement"])
    granted = {action for statement in document["Statement"] for action in statement["Action"]}
    declared = {action for check in load().checks.values() for action in check.reads}
    assert granted == declared - {"sts:GetCallerIdentity"}


def granted_for(source: Any, *, variables: Any = None, read_secrets: bool = False) -> set[str]:
    """What reading the variables of a service takes."""
    variables = variables or {"A": {"required": True}}
    service = {"name": "api", "source": source, "variables": variables, "read_secrets": read_secrets}
    told = told_by(gate(services=[service]), REGION)
    document = auditor_policy([reading(*OF_ALL_PLACES, asked_by="services")], told)
    return {action for statement in document["Statement"] for action in statement["Action"]}


REFERENCES = {"secretsmanager:DescribeSecret", "ssm:DescribeParameters", "ssm:GetParameters"}


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("process", set()),
        ({"dotenv": ".env"}, set()),
        ({"lambda": "api"}, {"lambda:GetFunctionConfiguration"}),
        ({"ssm": "/api"}, {"ssm:GetParametersByPath"}),
        (
            {"ecs": {"cluster": "c", "service": "s"}},
            {"ecs:DescribeServices", "ecs:DescribeTaskDefinition"} | REFERENCES,
        ),
        ({"ecs_task_definition": "api"}, {"ecs:DescribeTaskDefinition"} | REFERENCES),
        ({"apprunner": "api"}, {"apprunner:DescribeService", "apprunner:ListServices"} | REFERENCES),
    ],
)
def test_only_the_places_of_the_gate_are_read(source: Any, reads: set[str]) -> None:
    assert granted_for(source) == reads


def test_secrets_are_opened_only_where_the_gate_says_so() -> None:
    arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:api-AbCdEf"
    assert granted_for({"secrets_manager": arn}) == {"secretsmanager:DescribeSecret"}
    assert "secretsmanager:GetSecretValue" in granted_for({"secrets_manager": arn}, read_secrets=True)
    assert granted_for("process", variables={"S": {"is": "secret_arn"}}) == {"secretsmanager:DescribeSecret"}


def test_a_check_that_reads_by_itself_keeps_what_it_declares() -> None:
    assert resources(reading("ssm:GetParametersByPath")) == f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/*"


@pytest.mark.parametrize(
    ("action", "parts", "resource"),
    [
        ("ecs:DescribeServices", {"ecs": {"cluster": "c", "service": "s"}}, "ecs:{}:service/c/s"),
        ("lambda:GetFunctionConfiguration", {"lambda": "api"}, "lambda:{}:function:api"),
        ("apprunner:DescribeService", {"apprunner": "api"}, "apprunner:{}:service/api/*"),
    ],
)
def test_places_are_named(action: str, parts: Any, resource: str) -> None:
    services = [{"name": "api", "source": parts, "variables": {"A": {"required": True}}}]
    expected = f"arn:aws:{resource.format(f'{REGION}:{ACCOUNT}')}"
    assert resources(reading(action, asked_by="services"), of=gate(services=services)) == expected


def test_a_cluster_s_arn_tells_where_its_service_is() -> None:
    ecs = {"cluster": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/c", "service": "s"}
    services = [{"name": "api", "source": {"ecs": ecs}, "variables": {"A": {"required": True}}}]
    found = resources(reading("ecs:DescribeServices", asked_by="services"), of=gate(services=services))
    assert found == f"arn:aws:ecs:eu-west-1:{ACCOUNT}:service/c/s"


@pytest.mark.parametrize(
    "queue",
    ["events", f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/events", f"arn:aws:sqs:{REGION}:{ACCOUNT}:events"],
)
def test_the_queue_is_named(queue: str) -> None:
    check = reading("sqs:GetQueueAttributes", asked_by="test_send")
    assert resources(check, of=gate(test_send={"queue": queue})) == f"arn:aws:sqs:{REGION}:{ACCOUNT}:events"


def test_all_checks_read_and_nothing_is_granted_that_none_declares() -> None:
    checks = load().checks.values()
    document = auditor_policy(checks, told_by(gate(), REGION))
    granted = {action for statement in document["Statement"] for action in statement["Action"]}
    declared = {action for check in checks for action in check.reads}
    assert declared - granted <= {"sts:GetCallerIdentity", *OF_ALL_PLACES}
    assert granted <= declared
    assert all(action.partition(":")[2].startswith(("Get", "List", "Describe")) for action in granted)


def test_the_same_gate_makes_the_same_policy() -> None:
    checks = list(load().checks.values())
    told = told_by(gate(), REGION)
    assert auditor_policy(checks, told) == auditor_policy(reversed(checks), told)
    sids = [statement["Sid"] for statement in auditor_policy(checks, told)["Statement"]]
    assert len(sids) == len(set(sids))
    assert all(sid.isalnum() for sid in sids)


def test_a_pattern_that_another_covers_is_left_out() -> None:
    assert without_covered(["rule/*", "rule/*/*", "a", "a"]) == ("rule/*", "a")
