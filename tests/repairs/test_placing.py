"""Policy statements in recorded answers: where the reads would find them, and nowhere else."""

import json
from typing import Any

import pytest

from sesgate.evidence.question import Answer, Failure, FailureKind, Question
from sesgate.finding import PolicyKind, PolicyRef, StatementToAdd
from sesgate.repairs.placing import NEW_POLICY, with_statements
from sesgate.testing import MOMENT

REGION = "ap-southeast-1"
TOPIC, QUEUE, KEY = (f"arn:aws:{one}" for one in ("sns:topic", "sqs:queue", "kms:key"))
MANAGED = "arn:aws:iam::111122223333:policy/own"
OLD, NEW = {"Sid": "Old", "Effect": "Allow"}, {"Sid": "New", "Effect": "Allow"}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [OLD, {"Sid": "Other"}]})


def question(service: str, operation: str, **parameters: Any) -> Question:
    return Question.aws(REGION, service, operation, parameters)


def answer(value: Any) -> Answer:
    return Answer(value, None, MOMENT, 0.0)


ACCOUNT = question("iam", "GetAccountAuthorizationDetails", Filter=["Role"])
DETAILS: dict[str, Any] = {
    f"{kind}DetailList": [
        {f"{kind}Name": name, f"{kind}PolicyList": [{"PolicyName": "own", "PolicyDocument": DOCUMENT}]}
        for name in ("mine", "theirs")
    ]
    for kind in ("User", "Group", "Role")
} | {"Policies": [{"Arn": MANAGED, "Document": DOCUMENT}, {"Arn": f"{MANAGED}-2", "Document": DOCUMENT}]}


def placed(asked: Question, value: Any, policy: PolicyRef | None, target: str = "words") -> Any:
    """The answer once the new statement is in that policy."""
    return with_statements({asked: answer(value)}, [StatementToAdd(target, NEW, policy)])[asked].value


def sids(document: str) -> list[str]:
    return [one["Sid"] for one in json.loads(document)["Statement"]]


@pytest.mark.parametrize("kind", [PolicyKind.USER, PolicyKind.GROUP, PolicyKind.ROLE])
def test_an_inline_policy_of_its_holder_alone(kind: PolicyKind) -> None:
    found = placed(ACCOUNT, DETAILS, PolicyRef(kind, "mine", "own"))
    title = kind.value.title()
    mine, theirs = found[f"{title}DetailList"]
    assert sids(mine[f"{title}PolicyList"][0]["PolicyDocument"]) == ["Old", "Other", "New"]
    assert theirs == DETAILS[f"{title}DetailList"][1]
    others = [name for name in DETAILS if name != f"{title}DetailList"]
    assert {name: found[name] for name in others} == {name: DETAILS[name] for name in others}


def test_in_place_of_a_statement() -> None:
    found = placed(ACCOUNT, DETAILS, PolicyRef(PolicyKind.ROLE, "mine", "own", in_place_of=0))
    assert sids(found["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"]) == ["Other", "New"]


def test_several_places_of_one_policy_are_those_of_the_policy_as_it_was() -> None:
    both = [
        StatementToAdd("x", {"Sid": name}, PolicyRef(PolicyKind.ROLE, "mine", "own", at))
        for at, name in enumerate("ab")
    ]
    found = with_statements({ACCOUNT: answer(DETAILS)}, both)[ACCOUNT].value
    assert sids(found["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"]) == ["a", "b"]


def test_a_new_inline_policy() -> None:
    found = placed(ACCOUNT, DETAILS, PolicyRef(PolicyKind.USER, "mine"))
    own, new = found["UserDetailList"][0]["UserPolicyList"]
    assert (own["PolicyDocument"], new["PolicyName"], sids(new["PolicyDocument"])) == (DOCUMENT, NEW_POLICY, ["New"])


def test_a_managed_policy() -> None:
    found = placed(ACCOUNT, DETAILS, PolicyRef(PolicyKind.MANAGED, MANAGED))
    assert [sids(one["Document"]) for one in found["Policies"]] == [["Old", "Other", "New"], ["Old", "Other"]]


def test_policies_that_were_read_one_by_one() -> None:
    inline = question("iam", "GetRolePolicy", RoleName="mine", PolicyName="own")
    own = {"PolicyName": "own", "PolicyDocument": DOCUMENT}
    assert sids(placed(inline, own, PolicyRef(PolicyKind.ROLE, "mine", "own"))["PolicyDocument"])[-1] == "New"
    assert placed(inline, own, PolicyRef(PolicyKind.ROLE, "theirs", "own")) == own
    version = question("iam", "GetPolicyVersion", PolicyArn=MANAGED, VersionId="v1")
    found = placed(version, {"PolicyVersion": {"Document": DOCUMENT}}, PolicyRef(PolicyKind.MANAGED, MANAGED))
    assert sids(found["PolicyVersion"]["Document"])[-1] == "New"


def test_a_new_policy_of_a_role_that_was_read_alone() -> None:
    listed = question("iam", "ListRolePolicies", RoleName="mine")
    statement = StatementToAdd("x", NEW, PolicyRef(PolicyKind.ROLE, "mine"))
    found = with_statements({listed: answer({"PolicyNames": ["own"]})}, [statement])
    assert found[listed].value == {"PolicyNames": ["own", NEW_POLICY]}
    read = found[question("iam", "GetRolePolicy", RoleName="mine", PolicyName=NEW_POLICY)].value
    assert sids(read["PolicyDocument"]) == ["New"]


def test_who_may_assume_a_role() -> None:
    role = {"RoleName": "mine", "AssumeRolePolicyDocument": DOCUMENT}
    trust = PolicyRef(PolicyKind.TRUST, "mine", in_place_of=1)
    alone = placed(question("iam", "GetRole", RoleName="mine"), {"Role": role}, trust)
    assert sids(alone["Role"]["AssumeRolePolicyDocument"]) == ["Old", "New"]
    among = placed(ACCOUNT, {"RoleDetailList": [role]}, trust)
    assert sids(among["RoleDetailList"][0]["AssumeRolePolicyDocument"]) == ["Old", "New"]


@pytest.mark.parametrize("policy", [None, "stated"])
def test_a_resource_by_its_arn(policy: str | None) -> None:
    for asked, value, arn, path in (
        (
            question("sns", "GetTopicAttributes", TopicArn=TOPIC),
            {"Attributes": {"Policy": DOCUMENT}},
            TOPIC,
            "Attributes",
        ),
        (
            question("sqs", "GetQueueAttributes", QueueUrl="x"),
            {"Attributes": {"QueueArn": QUEUE, "Policy": DOCUMENT}},
            QUEUE,
            "Attributes",
        ),
        (question("kms", "GetKeyPolicy", KeyId=KEY, PolicyName="default"), {"Policy": DOCUMENT}, KEY, ""),
    ):
        reference = PolicyRef(PolicyKind.RESOURCE, arn) if policy else None
        found = placed(asked, value, reference, arn)
        assert sids((found[path] if path else found)["Policy"]) == ["Old", "Other", "New"]
        assert placed(asked, value, None, "somebody else's") == value


def test_a_resource_without_a_policy_gets_one() -> None:
    asked = question("sns", "GetTopicAttributes", TopicArn=TOPIC)
    assert sids(placed(asked, {"Attributes": {}}, None, TOPIC)["Attributes"]["Policy"]) == ["New"]


def test_what_was_not_seen_stays_so() -> None:
    failed = Answer(None, Failure(FailureKind.DENIED, "no"), MOMENT, 0.0)
    statement = StatementToAdd("x", NEW, PolicyRef(PolicyKind.ROLE, "mine", "own"))
    assert with_statements({ACCOUNT: failed}, [statement]) == {ACCOUNT: failed}
