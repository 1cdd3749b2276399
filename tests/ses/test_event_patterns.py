"""Event patterns against what SES tells of a bounce, of which only part is known."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.ses.event_patterns import Match, matches, ses_feedback

BOUNCE = ses_feedback(
    "bounce",
    account="111122223333",
    region="ap-southeast-1",
    configuration_set="transactional",
    domain="yourdomain.com",
)
SES = {"source": ["aws.ses"]}


def _match(pattern: Any) -> Match:
    return matches(json.dumps(pattern), BOUNCE)


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        SES,
        {"source": [{"prefix": "aws."}]},
        {"source": [{"prefix": {"equals-ignore-case": "AWS."}}]},
        {"source": [{"suffix": ".ses"}]},
        {"source": [{"suffix": {"equals-ignore-case": ".SES"}}]},
        {"source": [{"equals-ignore-case": "AWS.SES"}]},
        {"source": [{"wildcard": "aws.*"}]},
        {"source": [{"wildcard": "*"}]},
        {"source": [{"wildcard": "a*s*s"}]},
        {"source": [{"anything-but": "aws.ec2"}]},
        {"source": [{"anything-but": ["aws.ec2", "aws.s3"]}]},
        {"source": [{"anything-but": {"prefix": "aws.e"}}]},
        {"source": [{"anything-but": {"suffix": [".ec2", ".s3"]}}]},
        {"source": [{"exists": True}]},
        {"user": [{"exists": False}]},
        {**SES, "detail-type": ["Email Bounced", "Email Complaint Received"]},
        {**SES, "account": ["111122223333"], "region": ["ap-southeast-1"]},
        {**SES, "detail": {"eventType": ["Bounce"]}},
        {"detail": {"mail": {"tags": {"ses:configuration-set": ["transactional"]}}}},
        {"$or": [{"source": ["aws.ec2"]}, {"detail-type": ["Email Bounced"]}]},
        {"source": [{"regex": "x"}, "aws.ses"]},
    ],
)
def test_patterns_that_take_every_bounce(pattern: Any) -> None:
    assert _match(pattern) is Match.ALWAYS


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.ec2"]},
        {"source": ["AWS.SES"]},
        {"source": [{"anything-but": {"prefix": "aws."}}]},
        {"source": [{"anything-but": {"equals-ignore-case": ["AWS.SES"]}}]},
        {"source": [{"wildcard": "aws.\\*"}]},
        {"source": [{"wildcard": "aws.s*ses"}]},
        {"source": [{"exists": False}]},
        {"source": [{"numeric": [">", 0]}]},
        {"source": {"name": ["aws.ses"]}},
        {**SES, "detail-type": ["Email Complaint Received"]},
        {**SES, "detail-type": ["AWS API Call via CloudTrail"]},
        {**SES, "region": ["eu-west-1"]},
        {**SES, "detail": {"eventType": ["Complaint"]}},
        {**SES, "detail": {"eventName": ["CreateEmailIdentity"]}},
        {**SES, "detail": {"complaint": {"complaintFeedbackType": ["abuse"]}}},
        {"detail": {"mail": {"tags": {"ses:configuration-set": ["marketing"]}}}},
        {"detail": [{"exists": True}]},
        {"source": ["aws.ec2"], "time": [{"regex": "x"}]},
    ],
)
def test_patterns_that_take_no_bounce(pattern: Any) -> None:
    assert _match(pattern) is Match.NEVER


@pytest.mark.parametrize(
    "pattern",
    [
        {**SES, "detail": {"bounce": {"bounceType": ["Permanent"]}}},
        {**SES, "detail": {"mail": {"source": [{"suffix": "@yourdomain.com"}]}}},
        {**SES, "detail": {"mail": {"tags": {"campaign": ["spring"]}}}},
        {**SES, "resources": [{"prefix": "arn:aws:ses:"}]},
        {**SES, "detail": {"bounce": {"bounceSubType": [{"exists": True}]}}},
    ],
)
def test_patterns_that_take_some(pattern: Any) -> None:
    assert _match(pattern) is Match.SOMETIMES


@pytest.mark.parametrize(
    "pattern",
    [
        [],
        {"source": []},
        {"source": "aws.ses"},
        {"source": [{"regex": "aws.*"}]},
        {"source": [{"prefix": 5}]},
        {"source": [{"prefix": "aws", "suffix": "ses"}]},
        {"source": [{"anything-but": {"regex": "x"}}]},
        {"source": [{"anything-but": []}]},
        {"source": [{"exists": "yes"}]},
        {"source": [["aws.ses"]]},
        {"$or": ["aws.ses", "aws.ec2"]},
    ],
)
def test_what_is_not_understood_is_said_so(pattern: Any) -> None:
    assert _match(pattern) is Match.UNCLEAR


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", '"aws.ses"'])
def test_what_is_no_pattern_is_unclear(text: str) -> None:
    assert matches(text, BOUNCE) is Match.UNCLEAR


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(["source", "detail", "$or", "prefix", "anything-but", "exists", "mail"]), one
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_has_an_answer(pattern: Any) -> None:
    assert _match(pattern) in set(Match)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_wildcards_agree_with_a_regular_expression(glob: str, text: str) -> None:
    import re

    expected = re.fullmatch(re.escape(glob).replace(r"\*", ".*"), text) is not None
    event = {"source": text}
    assert (matches(json.dumps({"source": [{"wildcard": glob}]}), event) is Match.ALWAYS) is expected
