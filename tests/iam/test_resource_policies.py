"""What a service may do by a topic's or a key's policy."""

from typing import Any

import pytest

from sesgate.iam import Decision, Effect, Policy, service_may
from tests.iam.documents import ACCOUNT, KEY, OTHER, policy, statement

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:bounces"
CONFIGURATION_SET = f"arn:aws:ses:us-east-1:{ACCOUNT}:configuration-set/main"
SES = {"Service": "ses.amazonaws.com"}
SENT = {"AWS:SourceAccount": ACCOUNT, "AWS:SourceArn": CONFIGURATION_SET}


def publish(topic: Policy, context: dict[str, Any] | None = None, **more: Any) -> Decision:
    return service_may(
        topic,
        service="ses.amazonaws.com",
        action="sns:Publish",
        resource=TOPIC,
        context=SENT if context is None else context,
        **more,
    )


def grant(**more: Any) -> dict[str, Any]:
    return statement("Allow", "sns:Publish", TOPIC, **{"Principal": SES, "Sid": "AllowSES", **more})


def test_ses_may_publish() -> None:
    decision = publish(policy(grant(), name="topic policy"))
    assert decision.effect is Effect.ALLOWED
    assert decision.layer == "resource policy"
    assert decision.statement is not None
    assert (decision.statement.policy, decision.statement.sid) == ("topic policy", "AllowSES")
    assert decision.unseen == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": {"Service": "sns.amazonaws.com"}},
        {"Principal": {"AWS": ACCOUNT}},
        {"Action": "sns:Subscribe"},
        {"Resource": f"arn:aws:sns:us-east-1:{ACCOUNT}:complaints"},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": OTHER}}},
        {"Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}},
        {"Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/*"}}},
    ],
)
def test_ses_may_not(changed: dict[str, Any]) -> None:
    assert publish(policy(grant(**changed))).effect is Effect.IMPLICITLY_DENIED


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:sourceaccount": ACCOUNT}},
        {"StringLike": {"AWS:SourceArn": f"arn:aws:ses:*:{ACCOUNT}:configuration-set/*"}},
        {"ArnEquals": {"AWS:SourceArn": CONFIGURATION_SET}, "StringEquals": {"AWS:SourceAccount": ACCOUNT}},
    ],
)
def test_source_conditions_hold(condition: dict[str, Any]) -> None:
    assert publish(policy(grant(Condition=condition))).effect is Effect.ALLOWED


def test_everyone_includes_services() -> None:
    assert publish(policy(grant(Principal={"AWS": "*"}))).effect is Effect.ALLOWED


def test_a_deny_wins() -> None:
    tls_only = statement(
        "Deny", "sns:Publish", TOPIC, Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}
    )
    topic = policy(grant(), tls_only)
    assert publish(topic, {**SENT, "aws:SecureTransport": "false"}).effect is Effect.EXPLICITLY_DENIED
    assert publish(topic, {**SENT, "aws:SecureTransport": "true"}).effect is Effect.ALLOWED


def test_an_unknown_source_is_named() -> None:
    topic = policy(grant(Condition={"ArnLike": {"AWS:SourceArn": "arn:aws:ses:*:*:*"}}))
    decision = publish(topic, {}, unknown_keys=frozenset({"aws:SourceArn"}))
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == {"aws:SourceArn"}


@pytest.mark.parametrize("action", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_key_policies(action: str) -> None:
    key = policy(
        statement("Allow", "kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        statement("Allow", ["kms:GenerateDataKey*", "kms:Decrypt"], "*", Principal=SES),
    )
    without = policy(statement("Allow", "kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))

    def ask(document: Policy) -> Effect:
        return service_may(document, service="ses.amazonaws.com", action=action, resource=KEY).effect

    assert ask(key) is Effect.ALLOWED
    assert ask(without) is Effect.IMPLICITLY_DENIED
