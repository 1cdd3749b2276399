"""The statements to put in place: they grant what is needed, nothing else, and are themselves not too wide."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.iam import Effect, Policy, parse_policy
from sesgate.iam.breadth import breadth
from sesgate.iam.known_actions import known_action
from sesgate.iam.narrowing import Narrowed, SenderArns, Wanted, narrowed
from tests.iam.documents import ACCOUNT, ROLE, allow, decide, policy

REGION = "ap-southeast-1"
HERE = f"{REGION}:{ACCOUNT}"
IDENTITY = f"arn:aws:ses:{HERE}:identity/yourdomain.com"
SET = f"arn:aws:ses:{HERE}:configuration-set/bizassist-transactional"
STREAM = f"arn:aws:logs:{HERE}:log-group:/bizassist/api:log-stream:*"
SENDER = SenderArns(IDENTITY, "no-reply@yourdomain.com", SET)
NEEDS = {
    "ses:SendEmail": (IDENTITY, SET),
    "ses:SendRawEmail": (IDENTITY, SET),
    "ses:GetSendQuota": ("*",),
    "logs:PutLogEvents": (STREAM,),
}
WANTED = Wanted(NEEDS, (SENDER,), "aws", REGION, ACCOUNT)
NO_NEEDS = Wanted({}, (SENDER,), "aws", REGION, ACCOUNT)
FROM = {"ses:FromAddress": "no-reply@yourdomain.com"}


def narrow(granting: Policy, wanted: Wanted = WANTED) -> Narrowed:
    return narrowed(granting.statements[0], wanted)


def written(made: Narrowed) -> Policy:
    found = parse_policy({"Version": "2012-10-17", "Statement": list(made.statements)})
    assert not found.problems
    return found


def may(made: Narrowed, action: str, resource: str, **context: Any) -> bool:
    keys = {"ses:FromAddress": context.get("sender", "no-reply@yourdomain.com")}
    known = known_action(action)
    holds = known is not None and "ses:fromaddress" in known.keys
    decision = decide(written(made), principal=ROLE, action=action, resource=resource, context=keys if holds else {})
    return decision.effect is Effect.ALLOWED


@pytest.mark.parametrize("action", ["*", ["ses:*", "logs:*"], ["ses:*", "logs:Put*"]])
def test_a_wildcard_becomes_the_needs_on_their_resources(action: Any) -> None:
    made = narrow(allow(action, "*"))
    for needed, resources in NEEDS.items():
        assert all(may(made, needed, resource) for resource in resources), needed
    assert not may(made, "ses:SendEmail", IDENTITY, sender="ceo@yourdomain.com")
    assert not may(made, "ses:SendEmail", IDENTITY.replace("yourdomain", "elsewhere"))
    assert not may(made, "ses:SendEmail", IDENTITY.replace(REGION, "eu-west-1"))
    assert not may(made, "ses:DeleteEmailIdentity", IDENTITY)
    assert not may(made, "s3:GetObject", "arn:aws:s3:::bucket/key")


def test_not_action_becomes_the_needs_that_it_granted() -> None:
    made = narrow(policy({"Effect": "Allow", "NotAction": "logs:*", "Resource": "*"}))
    assert may(made, "ses:SendEmail", IDENTITY)
    assert not may(made, "logs:PutLogEvents", STREAM)


def test_what_takes_only_a_star_stands_apart() -> None:
    made = narrow(allow(["ses:SendEmail", "ses:GetSendQuota"], "*", Sid="Mail-1"))
    assert made.statements == (
        {
            "Sid": "Mail1",
            "Effect": "Allow",
            "Action": ["ses:SendEmail"],
            "Resource": [IDENTITY, SET],
            "Condition": {"StringEquals": {"ses:FromAddress": ["no-reply@yourdomain.com"]}},
        },
        {"Sid": "Mail12", "Effect": "Allow", "Action": ["ses:GetSendQuota"], "Resource": ["*"]},
    )


def test_without_needs_a_wildcard_of_ses_becomes_sending_as_the_senders() -> None:
    made = narrow(allow("ses:*", "*"), NO_NEEDS)
    assert [each["Action"] for each in made.statements] == [["ses:SendEmail", "ses:SendRawEmail"]]


def test_without_needs_a_small_wildcard_becomes_what_it_stands_for_and_a_large_one_is_asked_about() -> None:
    made = narrow(allow("sqs:*Message", "*"), NO_NEEDS)
    assert "sqs:SendMessage" in made.statements[0]["Action"]
    assert made.statements[0]["Resource"] == [f"arn:aws:sqs:{HERE}:<QueueName>"]
    assert made.to_fill == ("<QueueName>",)
    assert narrow(allow("s3:*", "*"), NO_NEEDS).unknown == ("s3:*",)


def test_what_nobody_needs_is_left_out_and_told() -> None:
    made = narrow(allow(["s3:*", "ses:SendEmail"], "*"))
    assert made.dropped == ("s3:*",)
    assert len(made.statements) == 1
    assert narrow(allow("s3:*", "*")).statements == ()


def test_entries_that_are_narrow_are_kept() -> None:
    bucket = "arn:aws:s3:::uploads/*"
    made = narrow(allow(["s3:PutObject", "dynamodb:PutItem"], [bucket, f"arn:aws:dynamodb:{HERE}:table/*"]))
    assert [each["Resource"] for each in made.statements] == [
        [bucket],
        [f"arn:aws:dynamodb:{HERE}:table/<TableName>"],
    ]


def test_an_open_region_is_filled_in() -> None:
    made = narrow(allow("sqs:SendMessage", "arn:aws:sqs:*:*:jobs"))
    assert made.statements[0]["Resource"] == [f"arn:aws:sqs:{HERE}:jobs"]


def test_conditions_are_kept_and_the_sender_is_not_said_twice() -> None:
    condition = {"StringLike": {"ses:FromAddress": "*@yourdomain.com"}, "Bool": {"aws:SecureTransport": "true"}}
    made = narrow(allow("ses:Send*", "*", Condition=condition))
    assert made.statements[0]["Condition"] == condition


def test_bulk_sending_gets_no_condition_that_it_could_never_meet() -> None:
    made = narrow(allow("ses:SendBulkEmail", "*"))
    assert "Condition" not in made.statements[0]
    assert IDENTITY in made.statements[0]["Resource"]


def test_a_domain_sends_from_any_of_its_addresses() -> None:
    wanted = Wanted({}, (SenderArns(IDENTITY, "*@yourdomain.com"),), "aws", REGION, ACCOUNT)
    made = narrow(allow("ses:SendEmail", "*"), wanted)
    assert made.statements[0]["Condition"] == {"StringLike": {"ses:FromAddress": ["*@yourdomain.com"]}}


def test_where_nothing_is_known_a_person_fills_it_in() -> None:
    made = narrow(allow("ses:SendEmail", "*"), Wanted())
    assert made.statements[0]["Resource"] == ["arn:aws:ses:<Region>:<Account>:identity/<IdentityName>"]
    assert made.to_fill == ("<Region>", "<Account>", "<IdentityName>")


ACTIONS = st.sampled_from(
    (
        *("*", "ses:*", "ses:Send*", "ses:SendEmail", "ses:SendBulkEmail", "ses:GetSendQuota", "ses:Nothing"),
        *("iam:PassRole", "iam:*", "s3:*", "s3:GetObject", "s3:PutObject", "sqs:SendMessage*", "kms:Decrypt"),
        *("secretsmanager:Get*", "logs:PutLogEvents", "dynamodb:*Item", "ec2:RunInstances"),
        "ses:CreateConfigurationSet",
    )
)
RESOURCES = st.sampled_from(
    (
        *("*", IDENTITY, SET, STREAM, f"arn:aws:ses:{HERE}:identity/*", "arn:aws:ses:*:*:*", "arn:aws:s3:::*"),
        *("arn:aws:s3:::b/*", "arn:aws:ses:*:*:identity/x.example", "arn:aws:sqs:*:*:q", "arn:aws:iam::*:role/*"),
    )
)


@given(
    st.lists(ACTIONS, min_size=1, max_size=4),
    st.lists(RESOURCES, min_size=1, max_size=3),
    st.sampled_from([WANTED, NO_NEEDS, Wanted()]),
)
def test_what_is_put_in_place_is_not_too_wide_itself(actions: list[str], resources: list[str], wanted: Wanted) -> None:
    for each in written(narrow(allow(actions, resources), wanted)).statements:
        found = breadth(each)
        assert found is None or found.kind.value == "unknown-action"
