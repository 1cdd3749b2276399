"""Simple Notification Service. `sns.topics` by ARN: `Attributes` and `Subscriptions`."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.answers.subscriptions import LISTED
from sesgate.sandbox.calls import ApiError

UNCONFIRMED = "PendingConfirmation"


def get_topic_attributes(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    arn, topic = _topic(scope, parameters)
    arns = [subscription["SubscriptionArn"] for subscription in topic.get("Subscriptions", [])]
    usual = {
        "TopicArn": arn,
        "Owner": scope.account_id,
        "DisplayName": "",
        "SubscriptionsConfirmed": str(len(arns) - arns.count(UNCONFIRMED)),
        "SubscriptionsPending": str(arns.count(UNCONFIRMED)),
        "SubscriptionsDeleted": "0",
        "Policy": default_policy(arn, scope.account_id),
    }
    attributes = usual | topic.get("Attributes", {})
    return {"Attributes": {name: as_text(value) for name, value in attributes.items()}}


def list_subscriptions_by_topic(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    arn, topic = _topic(scope, parameters)
    usual = {"Owner": scope.account_id, "TopicArn": arn}
    listed = [usual | subscription for subscription in topic.get("Subscriptions", [])]
    return {"Subscriptions": [{name: one[name] for name in LISTED if name in one} for one in listed]}


def default_policy(arn: str, account_id: str) -> dict[str, Any]:
    """The policy of a topic that nobody gave one."""
    actions = ("Publish", "RemovePermission", "SetTopicAttributes", "DeleteTopic", "ListSubscriptionsByTopic")
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{name}" for name in (*actions, "GetTopicAttributes", "AddPermission", "Subscribe")],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account_id}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}


def _topic(scope: Scope, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    arn = parameters.get("TopicArn", "")
    parts = arn.split(":")
    if len(parts) != 6 or parts[2:4] != ["sns", scope.region]:
        raise ApiError("InvalidParameter", "Invalid parameter: TopicArn", 400)
    found = scope.part("sns", "topics").get(arn)
    if found is None:
        raise ApiError("NotFound", "Topic does not exist", 404)
    return arn, found


OPERATIONS = {
    ("sns", "GetTopicAttributes"): get_topic_attributes,
    ("sns", "ListSubscriptionsByTopic"): list_subscriptions_by_topic,
}
