"""Policies in local files: JSON, YAML, lists, what the AWS CLI prints; and what can't be read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.access.local.json_nodes import json_nodes
from sesgate.access.local.nodes import Unreadable, to_json
from sesgate.access.local.reading import LONGEST
from sesgate.access.placed import Origin
from tests.access.files import access, problems, read

STATEMENT = {"Sid": "Send", "Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"},
}
YAML = """\
# the API's policy
Version: 2012-10-17
Statement:
  - Sid: Send
    Effect: Allow
    Action:
      - ses:SendEmail
      - ses:SendRawEmail
    Resource: "*"
    Condition:
      StringEquals:
        aws:ResourceAccount: 111122223333
"""


def placed(text: str) -> Any:
    [policy] = access(text).documents
    return policy


def test_json_with_places() -> None:
    policy = placed(json.dumps(POLICY, indent=2))
    assert policy.label == "policies.yaml"
    assert policy.problems == ()
    assert policy.statements[0].actions == ("ses:SendEmail", "ses:SendRawEmail")
    where = [policy.locate(), policy.locate(0), policy.locate(0, "Action"), policy.locate(0, "Action[1]")]
    assert [(place.line, place.column) for place in where if place] == [(1, 1), (4, 5), (7, 7), (9, 9)]


def test_yaml_with_places_and_a_version_without_quotes() -> None:
    policy = placed(YAML)
    assert policy.policy.version == "2012-10-17"
    assert policy.problems == ()
    assert policy.statements[0].conditions[0].values == ("111122223333",)
    where = [
        policy.locate(0),
        policy.locate(0, "Action[1]"),
        policy.locate(0, "Condition.StringEquals.aws:ResourceAccount"),
    ]
    assert [(place.line, place.column) for place in where if place] == [(4, 5), (8, 9), (12, 9)]


def test_what_has_no_place_of_its_own_is_where_its_surroundings_are() -> None:
    policy = placed(json.dumps(POLICY, indent=2))
    assert policy.locate(0, "Resource[0]") == policy.locate(0, "Resource")
    assert policy.locate(7).line == 3


def test_tabs_are_json_s_business() -> None:
    assert placed(json.dumps(POLICY, indent="\t")).locate(0, "Action[1]").line == 9


@pytest.mark.parametrize(
    ("document", "titles"),
    [
        ([POLICY, POLICY], ["[0]", "[1]"]),
        ({"send": POLICY, "more": POLICY}, ["send", "more"]),
        ({"RoleName": "api", "PolicyName": "send", "PolicyDocument": POLICY}, ["send"]),
        ({"PolicyVersion": {"VersionId": "v3", "Document": POLICY}}, [""]),
        ([{"name": "send", "policy": POLICY}], ["send"]),
    ],
)
def test_several_in_one_file(document: Any, titles: list[str]) -> None:
    found = read(json.dumps(document))
    assert found["problems"] == []
    assert [policy["title"] for policy in found["policies"]] == titles
    assert all(json.loads(policy["document"]) == POLICY for policy in found["policies"])


def test_a_trust_policy_is_told_from_an_identity_policy() -> None:
    found = access(json.dumps([TRUST, POLICY]))
    assert [policy.origin for policy in found.documents] == [Origin.FILE]
    assert found.trust is not None
    assert found.trust.origin is Origin.TRUST
    assert found.trust.label == "policies.yaml [0]"
    assert (
        read(json.dumps({"Role": {"RoleName": "api", "AssumeRolePolicyDocument": TRUST}}))["policies"][0]["kind"]
        == "trust"
    )


def test_names_are_on_one_line_and_short() -> None:
    named = json.dumps({"a\nb" * 500: {"Statement": {**STATEMENT, "Sid": "x\ny" * 500}}})
    [policy] = access(named).documents
    assert "\n" not in policy.label + policy.title(0)
    assert len(policy.label + policy.title(0)) < 400


def test_a_key_that_stands_twice_is_not_lost() -> None:
    policy = placed('{"Statement": {"Effect": "Allow", "Action": "ses:*", "Action": "s3:*", "Resource": "*"}}')
    assert policy.statements[0].malformed


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "is empty", (1, 1)),
        ("# nothing\n", "is empty", (1, 1)),
        ("{", "a key in double quotes", (1, 2)),
        ('{"a": 1,\n "b": }', "a value is expected", (2, 7)),
        ('{"a": "\n"}', "invalid control character", (1, 8)),
        ("{} {}", "nothing more", (1, 4)),
        ("[" * 200, "nested deeper", (1, 62)),
        ("a: [1", "not YAML", (1, 6)),
        ("a: b: c", "not YAML", (1, 5)),
        ("Statement:\n\t- a", "tabs", (2, 1)),
        ("{}", "there is no IAM policy in it", (1, 1)),
        ("hello", "there is no IAM policy in it", (1, 1)),
        ('{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', "CloudFormation template holds no", (1, 1)),
        ('{"terraform_version": "1.9.0", "planned_values": {}}', "Terraform plan holds no", (1, 1)),
    ],
)
def test_what_can_t_be_read_has_its_place(text: str, message: str, place: tuple[int, int]) -> None:
    [(told, line, column)] = problems(text)
    assert message in told
    assert (line, column) == place
    assert "\n" not in told


def test_huge_files_and_bombs_are_refused() -> None:
    assert "longer than" in problems("[" + "1," * LONGEST)[0][0]
    bomb = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{chr(98 + at)}: &{chr(98 + at)} [{','.join(['*' + chr(97 + at)] * 9)}]\n" for at in range(8)
    )
    assert "aliases" in problems(bomb)[0][0]
    assert "values" in problems("[" + ",".join(["1"] * 300_000) + "]")[0][0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


@given(JSON, st.sampled_from([None, 1, "\t"]))
def test_the_json_reader_agrees_with_python_s(value: Any, indent: Any) -> None:
    for ascii_only in (True, False):
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
        assert json.loads(to_json(json_nodes(text))) == json.loads(text)


@given(st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \n\t\\u', max_size=40))
def test_the_json_reader_refuses_what_python_s_does(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(Unreadable):
            json_nodes(text)
    else:
        assert json.loads(to_json(json_nodes(text))) == expected


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = read(text)
    assert found["policies"] or found["problems"]
    assert json.loads(json.dumps(found)) == found
