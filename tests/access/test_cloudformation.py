"""CloudFormation templates: which policies are whose, and what of their functions a template alone can tell."""

import json
from typing import Any

import pytest

from sesgate.access import Origin, known_keys, request
from sesgate.iam import Decision, Effect, evaluate
from sesgate.testing import ready_world
from tests.access.files import access, problems

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/bizassist-api"
IDENTITY = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/yourdomain.com"
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Domain: {Type: String, Default: yourdomain.com}
  Bucket: {Type: String}
Resources:
  ConfigurationSet:
    Type: AWS::SES::ConfigurationSet
    Properties: {Name: bizassist-transactional}
  ApiRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: bizassist-api
      PermissionsBoundary: !Ref Limit
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: send
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Sid: Send
                Effect: Allow
                Action: ses:SendEmail
                Resource:
                  - !Sub arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${Domain}
                  - !Join ["", [!Sub "arn:aws:ses:${AWS::Region}:", !Ref "AWS::AccountId", ":configuration-set/",
                      !Ref ConfigurationSet]]
              - Sid: Put
                Effect: Allow
                Action: s3:PutObject
                Resource: !Sub arn:aws:s3:::${Bucket}/*
  OtherRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: other
      Policies:
        - PolicyName: everything
          PolicyDocument: {Statement: {Effect: Allow, Action: "*", Resource: "*"}}
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: "ses:*", Resource: "*"}}
  Shared:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: shared
      Roles: [!Ref ApiRole]
      PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: "logs:PutLogEvents", Resource: "*"}}
"""


def decide(text: str, action: str, resource: str, arn: str | None = ROLE) -> Decision:
    found = access(text, arn=arn)
    keys = known_keys(ready_world().context())
    asked = request(found.principal(ACCOUNT), action, [resource], keys, account=ACCOUNT, unknown=found.unknown_keys)
    return evaluate(asked, found.with_documents)


def with_resource(resource: Any, **more: Any) -> str:
    """A template, as JSON, of one policy on this resource."""
    statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    resources = {"Policy": policy, **more.pop("Resources", {})}
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **more})


def test_a_role_gets_its_own_policies_and_those_that_name_it() -> None:
    found = access(TEMPLATE, arn=ROLE)
    assert [policy.label for policy in found.documents] == ["policies.yaml ApiRole/send", "policies.yaml Shared"]
    assert found.boundary is not None
    assert found.boundary.origin is Origin.BOUNDARY
    assert found.trust is not None
    assert found.file_problems == ()


def test_a_role_that_the_template_does_not_know_gets_all_that_is_in_it() -> None:
    assert len(access(TEMPLATE).documents) == 3


def test_functions_are_filled_with_what_is_known() -> None:
    assert decide(TEMPLATE, "ses:SendEmail", IDENTITY).effect is Effect.ALLOWED
    chosen = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/bizassist-transactional"
    assert decide(TEMPLATE, "ses:SendEmail", chosen).effect is Effect.ALLOWED
    assert decide(TEMPLATE, "ses:SendEmail", IDENTITY + ".example").effect is Effect.IMPLICITLY_DENIED


def test_a_parameter_at_its_default_is_told() -> None:
    [send, _] = access(TEMPLATE, arn=ROLE).documents
    assert send.written is not None
    assert send.written.assumed == ("Domain",)
    assert send.written.open == ("Bucket",)


def test_what_is_left_open_decides_nothing() -> None:
    decision = decide(TEMPLATE, "s3:PutObject", "arn:aws:s3:::a-bucket/key")
    assert decision.effect in (Effect.IMPLICITLY_DENIED,)  # the boundary does not allow it
    decision = decide(
        TEMPLATE.replace("PermissionsBoundary: !Ref Limit", "Path: /"), "s3:PutObject", "arn:aws:s3:::b/k"
    )
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == {"open:bucket"}


def test_statements_have_their_places() -> None:
    [send, _] = access(TEMPLATE, arn=ROLE).documents
    where = send.locate(1, "Action")
    assert where is not None
    assert TEMPLATE.splitlines()[where.line - 1].strip() == "Action: s3:PutObject"


@pytest.mark.parametrize(
    ("resource", "effect"),
    [
        ({"Fn::Sub": "arn:aws:ses:*:${AWS::AccountId}:identity/*"}, Effect.ALLOWED),
        ({"Fn::Sub": ["arn:aws:ses:*:*:identity/${D}", {"D": "yourdomain.com"}]}, Effect.ALLOWED),
        ({"Fn::Sub": "arn:aws:ses:*:*:identity/${Mail}"}, Effect.ALLOWED),
        ({"Fn::Join": [":", ["arn:aws:ses", {"Ref": "AWS::Region"}, "*", "identity/*"]]}, Effect.ALLOWED),
        ({"Fn::FindInMap": ["Arns", "prod", "identity"]}, Effect.ALLOWED),
        ({"Fn::Select": [1, ["x", "arn:aws:ses:*:*:identity/*"]]}, Effect.ALLOWED),
        ({"Fn::Split": ["|", "arn:aws:s3:::a|arn:aws:ses:*:*:identity/*"]}, Effect.ALLOWED),
        ({"Fn::Sub": "arn:aws:ses:*:*:identity/${!aws:username}"}, Effect.DEPENDS),
        ({"Fn::Sub": "arn:aws:ses:${Where}:*:identity/*"}, Effect.DEPENDS),
        ({"Fn::ImportValue": "identity-arn"}, Effect.DEPENDS),
        ({"Fn::GetAtt": ["Mail", "Arn"]}, Effect.DEPENDS),
        ({"Fn::If": ["IsProd", "arn:aws:ses:*:*:identity/*", "arn:aws:s3:::a"]}, Effect.DEPENDS),
        ("{{resolve:ssm:/identity-arn}}", Effect.DEPENDS),
        ({"Ref": "Nowhere"}, Effect.DEPENDS),
        ({"Fn::Sub": "arn:aws:s3:::${Where}"}, Effect.IMPLICITLY_DENIED),
        ("arn:aws:ses:*:*:identity/other.example", Effect.IMPLICITLY_DENIED),
    ],
)
def test_each_function(resource: Any, effect: Effect) -> None:
    mail = {"Mail": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "yourdomain.com"}}}
    mappings = {"Arns": {"prod": {"identity": "arn:aws:ses:*:*:identity/*"}}}
    text = with_resource(resource, Resources=mail, Mappings=mappings)
    decision = decide(text, "ses:SendEmail", IDENTITY, arn=None)
    assert decision.effect is effect or (effect is Effect.DEPENDS and "!aws:username" in json.dumps(resource))
    assert decision.problems == ()


def test_an_open_deny_is_not_taken_for_none() -> None:
    statements = [
        {"Effect": "Allow", "Action": "ses:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "ses:*", "Resource": {"Fn::Sub": "arn:aws:ses:${Where}:*:identity/*"}},
    ]
    text = with_resource("*").replace(
        json.dumps([{"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}]), json.dumps(statements)
    )
    assert decide(text, "ses:SendEmail", IDENTITY, arn=None).effect is Effect.DEPENDS


def test_a_statement_under_a_condition_of_the_template() -> None:
    statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    text = with_resource("*").replace(
        json.dumps([statement]), json.dumps([{"Fn::If": ["IsProd", statement, {"Ref": "AWS::NoValue"}]}])
    )
    decision = decide(text, "ses:SendEmail", IDENTITY, arn=None)
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == {"open:IsProd"}


def test_a_boundary_that_the_template_only_names() -> None:
    text = TEMPLATE.replace("PermissionsBoundary: !Ref Limit", f"PermissionsBoundary: arn:aws:iam::{ACCOUNT}:policy/x")
    found = access(text, arn=ROLE)
    assert any("permissions boundary" in str(missing) for missing in found.unseen)


def test_functions_that_never_end_are_cut_short() -> None:
    node: Any = "arn:aws:ses:*:*:identity/*"
    for _ in range(50):
        node = {"Fn::Join": ["", [node]]}
    assert "nested deeper" in problems(with_resource(node))[0][0]
    circle = {"Circle": {"Type": "AWS::SES::ConfigurationSet", "Properties": {"Name": {"Ref": "Circle"}}}}
    assert (
        decide(with_resource({"Ref": "Circle"}, Resources=circle), "ses:SendEmail", IDENTITY, None).effect
        is Effect.DEPENDS
    )


def test_a_text_that_doubles_with_each_step_is_cut_short() -> None:
    doubling = {
        f"Set{at}": {
            "Type": "AWS::SES::ConfigurationSet",
            "Properties": {"Name": {"Fn::Join": ["", [{"Ref": f"Set{at + 1}"}, {"Ref": f"Set{at + 1}"}]]}},
        }
        for at in range(30)
    }
    last = {"Set30": {"Type": "AWS::SES::ConfigurationSet", "Properties": {"Name": "x" * 100}}}
    text = with_resource({"Ref": "Set0"}, Resources={**doubling, **last})
    assert decide(text, "ses:SendEmail", IDENTITY, None).effect is Effect.DEPENDS


def test_a_template_without_policies_is_a_problem() -> None:
    text = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}})
    assert "holds no IAM policy" in problems(text)[0][0]
