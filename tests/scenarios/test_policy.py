"""`sesgate policy`: what a whole run really calls is what the policy allows; and the command as a user meets it."""

import json
import re
from typing import Any

import pytest

from sesgate.evidence.operations import OPERATIONS
from sesgate.iam.known_actions import known_action
from sesgate.registry import load
from sesgate.sandbox.calls import Call
from tests.policy.gates import ACCOUNT, REGION, allowed

from .stage import Done, Stage

NAMED_BY = {
    "IdentityName": "EmailIdentity",
    "RoleNameWithPath": "RoleName",
    "UserNameWithPath": "UserName",
    "RuleName": "Rule",
    "ClusterName": "cluster",
    "ServiceName": "services",
    "SecretId": "SecretId",
}
"""The parameter behind a part of an ARN, where it has another name. A parameter that is an ARN is the resource."""


def resource_of(call: Call) -> str:
    """What AWS authorises a call on, by the service authorization reference and the call's own parameters."""
    known = known_action(OPERATIONS[call.service, call.operation].action)
    assert known is not None, call
    if known.needs_star or known.name == "cloudwatch:DescribeAlarms":
        return "*"
    for value in call.parameters.values():
        if isinstance(value, str) and value.startswith("arn:"):
            return value
    filled = {"Partition": "aws", "Region": call.region, "Account": ACCOUNT}

    def part(found: re.Match[str]) -> str:
        value = call.parameters.get(NAMED_BY.get(found[1], found[1]), "x")
        return filled.get(found[1]) or str(value[0] if isinstance(value, list) else value)

    return re.sub(r"\$\{(\w+)\}", part, known.decisive[-1].arn)


def refused(document: Any, calls: list[Call]) -> list[str]:
    """The calls that the document alone does not allow."""
    asked = {(OPERATIONS[call.service, call.operation].action, resource_of(call), call.region) for call in calls}
    return [
        f"{action} on {resource}"
        for action, resource, region in sorted(asked)
        if not allowed(document, action, resource, aws__RequestedRegion=region)
    ]


def document_of(done: Done) -> Any:
    assert done.code == 0, done.err
    return json.loads(done.out)


@pytest.fixture(params=["stage", "evening"])
def any_stage(request: pytest.FixtureRequest) -> Stage:
    """Each of the two accounts."""
    chosen: Stage = request.getfixturevalue(request.param)
    return chosen


def test_all_that_a_run_calls_is_allowed_and_declared(any_stage: Stage) -> None:
    document = document_of(any_stage.run("policy", "auditor"))
    assert not any_stage.sandbox.log.calls
    any_stage.check()
    calls = list(any_stage.sandbox.log.calls)
    assert len(calls) > 10
    assert refused(document, calls) == []
    granted = {action for statement in document["Statement"] for action in statement["Action"]}
    declared = {action for check in load().checks.values() for action in check.reads}
    assert granted <= declared


def test_the_reads_of_one_role_are_allowed_too(any_stage: Stage) -> None:
    document = document_of(any_stage.run("policy", "auditor"))
    any_stage.sandbox.faults.aws.deny("iam", "GetAccountAuthorizationDetails")
    any_stage.check()
    asked = any_stage.sandbox.log.count_calls()
    assert asked["iam", "GetRole"]
    assert asked["iam", "GetRolePolicy"] or asked["iam", "GetPolicyVersion"]
    assert refused(document, list(any_stage.sandbox.log.calls)) == []


def test_a_part_of_the_checks_needs_a_part_of_the_policy(stage: Stage) -> None:
    for options in (["--only", "production-access,dkim"], ["--skip", "notifications", "--skip", "monitoring"]):
        document = document_of(stage.run("policy", "auditor", *options))
        stage.sandbox.log.clear()
        stage.check(*options)
        assert refused(document, list(stage.sandbox.log.calls)) == []
        granted = {action for statement in document["Statement"] for action in statement["Action"]}
        assert "sns:GetTopicAttributes" not in granted


def test_the_application_may_do_what_its_check_wants(stage: Stage) -> None:
    policy = stage.folder / "policy.json"
    done = stage.run("policy", "application", "--output", str(policy))
    assert (done.code, done.out) == (0, "")
    text = stage.gate.read_text("utf-8")
    arn = "arn: arn:aws:iam::111122223333:role/bizassist-api"
    assert arn in text
    stage.gate.write_text(text.replace(arn, "documents: [policy.json]"), "utf-8")
    local = stage.check("--offline", "--only", "iam-required-actions,iam-wildcards")
    assert local.code == 0
    assert local.statuses() == {"pass"}
    assert stage.check("--only", "iam-required-actions,iam-wildcards").statuses() == {"pass"}


def test_nothing_is_asked_of_aws(stage: Stage) -> None:
    without = {name: None for name in stage.environ if name.startswith("AWS_")}
    assert stage.run("policy", "application", environ=without).code == 0
    assert stage.run("policy", "auditor", environ=without).code == 0
    assert not stage.sandbox.log.calls
    assert not stage.sandbox.log.questions


@pytest.mark.parametrize("command", ["auditor", "application"])
def test_a_wrong_command_line_or_gate_is_told(stage: Stage, command: str) -> None:
    (stage.folder / "bad.yaml").write_text("version: 1\nsenders: 3\n", "utf-8")
    for options in (["--format", "yaml"], ["--region", "bogus"], ["missing.yaml"], ["bad.yaml"], ["--output", "no/x"]):
        done = stage.run("policy", command, *options)
        assert (done.code, done.out) == (2, ""), options
        assert done.err.startswith(("sesgate: ", "Usage")), options
        assert "fault in sesgate" not in done.err


def test_a_role_is_chosen_where_there_are_several(stage: Stage) -> None:
    second = "  - {arn: 'arn:aws:iam::111122223333:role/worker', needs: [{actions: [s3:ListAllMyBuckets]}]}\n"
    stage.gate.write_text(stage.gate.read_text("utf-8").replace("\nroles:\n", "\nroles:\n" + second, 1), "utf-8")
    done = stage.run("policy", "application")
    assert done.code == 2
    assert re.search(r"gate\.yaml:\d+:1: the gate has several roles: say which by --role", done.err)
    assert stage.run("policy", "application", "--role", "nobody").code == 2
    [statement] = document_of(stage.run("policy", "application", "--role", "worker"))["Statement"]
    assert statement["Action"] == ["s3:ListAllMyBuckets"]


def test_the_account_is_wanted_at_its_place(stage: Stage) -> None:
    done = stage.run("policy", "application", "--sender", "a@yourdomain.com", "--region", REGION)
    assert done.code == 2
    assert "aws.account is needed" in done.err
    assert stage.run("policy", "auditor", "--sender", "a@yourdomain.com", "--region", REGION).code == 0


def test_without_a_gate_the_policy_is_for_all_checks(stage: Stage) -> None:
    stage.gate.unlink()
    (stage.folder / ".git").mkdir()
    done = stage.run("policy", "auditor")
    assert "all installed checks" in done.err
    assert {statement["Resource"] for statement in document_of(done)["Statement"]} == {"*"}
    assert stage.run("policy", "auditor", "--only", "dkimm").code == 2
    assert stage.run("policy", "application").code == 2


WITH_A_SECRET = """\
version: 1
aws: {account: "111122223333", region: ap-southeast-1}
senders: [{address: no-reply@yourdomain.com}]
api:
  base_url: https://api.yourdomain.com
  probes:
    - {name: a, request: {method: GET, path: /a, headers: {Authorization: "${TOKEN}"}}, expect: {status: 401}}
"""


def test_secrets_of_probes_need_not_be_set_where_nobody_is_asked(stage: Stage) -> None:
    stage.gate.write_text(WITH_A_SECRET, "utf-8")
    assert stage.run("policy", "application").code == 0
    assert stage.run("policy", "auditor").code == 0
    assert stage.check("--offline", "--only", "region").code == 0
    assert stage.check("--only", "region").code == 2
