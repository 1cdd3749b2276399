"""Statements as operations: each policy whole, what was there before it comes back, and botocore takes it all."""

import json
import subprocess
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from msgspec import structs

from sesgate.evidence.question import Answer, Question
from sesgate.finding import AwsCall, Owner, PolicyKind, PolicyRef, Remedy, StatementToAdd, Status
from sesgate.repairs import Work, work_of, write
from sesgate.repairs.placing import NEW_POLICY
from sesgate.repairs.policy_calls import policy_calls
from sesgate.testing import MOMENT
from sesgate.verdict import Verdict
from tests.report import samples

REGION = "ap-southeast-1"
TOPIC, QUEUE, KEY = (
    f"arn:aws:{one}" for one in (f"sns:{REGION}:1:topic", f"sqs:{REGION}:1:queue", f"kms:{REGION}:1:key/k")
)
MANAGED = "arn:aws:iam::111122223333:policy/own"
OLD = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "Old"}, {"Sid": "Other"}]})
FIRST, SECOND = {"Sid": "First"}, {"Sid": "Second"}


def question(service: str, operation: str, **parameters: Any) -> Question:
    return Question.aws(REGION, service, operation, parameters)


SEEN: dict[Question, Any] = {
    question("iam", "GetAccountAuthorizationDetails"): {
        f"{kind}DetailList": [
            {f"{kind}Name": "api", f"{kind}PolicyList": [{"PolicyName": "own", "PolicyDocument": OLD}]}
        ]
        for kind in ("User", "Group")
    }
    | {
        "RoleDetailList": [
            {
                "RoleName": "api",
                "AssumeRolePolicyDocument": OLD,
                "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": OLD}],
            },
            {"RoleName": "again", "RolePolicyList": [{"PolicyName": NEW_POLICY, "PolicyDocument": OLD}]},
        ],
        "Policies": [{"Arn": MANAGED, "Document": OLD}],
    },
    question("sns", "GetTopicAttributes", TopicArn=TOPIC): {"Attributes": {"Policy": OLD}},
    question("sqs", "GetQueueAttributes", QueueUrl="https://q/1/queue"): {"Attributes": {"QueueArn": QUEUE}},
    question("kms", "GetKeyPolicy", KeyId=KEY): {"Policy": OLD},
}
ANSWERS = {asked: Answer(value, None, MOMENT, 0.0) for asked, value in SEEN.items()}


def work(*statements: StatementToAdd) -> Work:
    remedies = [Remedy(f"r{at}", f"Allow {at}", Owner.IAM, 60, (one,)) for at, one in enumerate(statements)]
    found = [samples.finding("iam", one.id, Status.FAIL, "no", cause="c", remedy=one) for one in remedies]
    return work_of(samples.report(*found, verdict=Verdict.NOT_READY), ANSWERS)


def documents(call: AwsCall | None) -> list[str]:
    """The Sids in the policy that a call puts, wherever it has its document."""
    assert call is not None
    flat = {**call.parameters, **call.parameters.get("Attributes", {})}
    return [one["Sid"] for text in flat.values() if str(text)[:2] == '{"' for one in json.loads(text)["Statement"]]


@pytest.mark.parametrize(
    ("ref", "operation"),
    [
        (PolicyRef(PolicyKind.USER, "api", "own"), "PutUserPolicy"),
        (PolicyRef(PolicyKind.GROUP, "api", "own"), "PutGroupPolicy"),
        (PolicyRef(PolicyKind.ROLE, "api", "own"), "PutRolePolicy"),
        (PolicyRef(PolicyKind.ROLE, "again"), "PutRolePolicy"),
        (PolicyRef(PolicyKind.TRUST, "api"), "UpdateAssumeRolePolicy"),
        (PolicyRef(PolicyKind.MANAGED, MANAGED), "CreatePolicyVersion"),
        (PolicyRef(PolicyKind.RESOURCE, TOPIC), "SetTopicAttributes"),
        (PolicyRef(PolicyKind.RESOURCE, KEY), "PutKeyPolicy"),
    ],
)
def test_each_statement_is_an_operation_that_can_be_taken_back(ref: PolicyRef, operation: str) -> None:
    in_place = structs.replace(ref, in_place_of=0)
    first, second = StatementToAdd("a", FIRST, ref), StatementToAdd("b", SECOND, in_place)
    calls = policy_calls(work(first, second).policies)
    one, two = calls[repr(first)], calls[repr(second)]
    assert (one.operation, two.operation) == (operation, operation)
    assert documents(one.undo) == ["Old", "Other"]
    assert documents(one) == documents(two.undo) == ["Old", "Other", "First"]
    assert documents(two) == ["Other", "First", "Second"]
    for call in (one, one.undo, two, two.undo):
        assert call is not None
        model = botocore.session.Session().get_service_model(call.service).operation_model(call.operation)
        assert not ParamValidator().validate(dict(call.parameters), model.input_shape).has_errors()


def test_a_policy_that_is_new_is_deleted_again() -> None:
    statement = StatementToAdd("new", FIRST, PolicyRef(PolicyKind.ROLE, "api"))
    call = policy_calls(work(statement).policies)[repr(statement)]
    assert documents(call) == ["First"]
    assert call.undo == AwsCall("iam", "DeleteRolePolicy", {"RoleName": "api", "PolicyName": NEW_POLICY})


def test_a_queue_without_a_policy() -> None:
    statement = StatementToAdd(QUEUE, FIRST)
    call = policy_calls(work(statement).policies)[repr(statement)]
    assert call.parameters["QueueUrl"] == "https://q/1/queue"
    assert (documents(call), call.undo) == (["First"], None)


def test_the_documents_are_whole_where_they_were_seen() -> None:
    seen = StatementToAdd("send-mail of api", FIRST, PolicyRef(PolicyKind.ROLE, "api", "own", in_place_of=1))
    told = json.loads(write("policies", work(seen, StatementToAdd("infra/api.json", SECOND))))
    whole = told["policies"]["inline policy own of role api"]["Statement"]
    assert [one["Sid"] for one in whole] == ["Old", "First"]
    assert told["statements"]["infra/api.json"]["Statement"] == [SECOND]


def test_the_script_puts_a_statement_in_once() -> None:
    seen = StatementToAdd("send-mail of api", FIRST, PolicyRef(PolicyKind.ROLE, "api", "own"))
    script = write("aws-cli", work(seen, seen, StatementToAdd("infra/api.json", SECOND)))
    assert script.count("aws iam put-role-policy") == 2
    assert "# - Allow 2" in script


@pytest.mark.parametrize("text", ["no policy", "[]", "{}"])
def test_a_text_that_is_no_policy_breaks_nothing(text: str) -> None:
    answers = {question("sns", "GetTopicAttributes", TopicArn=TOPIC): {"Attributes": {"Policy": text}}}
    known = {asked: Answer(value, None, MOMENT, 0.0) for asked, value in answers.items()}
    made = work(StatementToAdd(TOPIC, FIRST))
    assert write("policies", work_of(made.report, known))


def test_what_a_policy_holds_reaches_the_command_as_it_is(tmp_path: Path) -> None:
    nasty = {"Sid": "x\n$(touch owned)`id`\"'\\ ##[error] ${HOME} %{if} é", "Effect": "Deny"}
    statement = StatementToAdd("send-mail of api", nasty, PolicyRef(PolicyKind.ROLE, "api", "own"))
    script, log, aws = tmp_path / "repairs.sh", tmp_path / "log", tmp_path / "aws"
    script.write_text(write("aws-cli", work(statement)), "utf-8")
    asked = f"echo {samples.ACCOUNT}"
    aws.write_text(
        f'#!/bin/sh\ncase "$2" in get-caller-identity) {asked};; *) printf %s "$4" > {log};; esac\n', "utf-8"
    )
    aws.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", str(script)], input="y\n", env=environ, cwd=tmp_path, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    put = json.loads(json.loads(log.read_text("utf-8"))["PolicyDocument"])
    assert put["Statement"][-1] == nasty
    assert not (tmp_path / "owned").exists()
