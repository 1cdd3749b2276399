"""SNS subscriptions: made, ended, told of; and what is published delivered to the queues that subscribe.

A subscription stands in its topic's `Subscriptions`; beside what lists tell of it, it may have `Attributes`
(RawMessageDelivery, FilterPolicy …). Only queues get anything.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sesgate.iam import Effect, parse_policy, service_may
from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.calls import ApiError
from sesgate.sandbox.post import Publication
from sesgate.ses.event_patterns import Match, matches

LISTED = ("SubscriptionArn", "Owner", "Protocol", "Endpoint", "TopicArn")


def subscribe(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    arn = parameters["TopicArn"]
    topic = scope.part("sns", "topics").get(arn)
    if topic is None:
        raise ApiError("NotFound", "Topic does not exist", 404)
    listed = topic.setdefault("Subscriptions", [])
    known = next((one for one in listed if one.get("Endpoint") == parameters["Endpoint"]), None)
    if known is None:
        known = {
            "SubscriptionArn": f"{arn}:{uuid.uuid4()}",
            "Protocol": parameters["Protocol"],
            "Endpoint": parameters["Endpoint"],
            "Attributes": dict(parameters.get("Attributes") or {}),
        }
        listed.append(known)
    return {"SubscriptionArn": known["SubscriptionArn"]}


def unsubscribe(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    arn = parameters["SubscriptionArn"]
    for topic in scope.part("sns", "topics").values():
        topic["Subscriptions"] = [one for one in topic.get("Subscriptions", []) if one["SubscriptionArn"] != arn]
    return {}


def get_subscription_attributes(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    wanted = parameters["SubscriptionArn"]
    for arn, topic in scope.part("sns", "topics").items():
        for one in topic.get("Subscriptions", []):
            if one["SubscriptionArn"] == wanted:
                usual = {"TopicArn": arn, "Owner": scope.account_id, "RawMessageDelivery": "false"}
                own = {name: as_text(value) for name, value in one.get("Attributes", {}).items()}
                head = {name: one[name] for name in ("SubscriptionArn", "Protocol", "Endpoint")}
                return {"Attributes": {**usual, "PendingConfirmation": "false", **head, **own}}
    raise ApiError("NotFound", "Subscription does not exist", 404)


def deliver_due(scope: Scope) -> None:
    """Delivers what is due by now, as the topics and queues are now."""
    for publication in scope.post.take_due():
        _publish(scope, publication)


def _publish(scope: Scope, publication: Publication) -> None:
    topic = scope.part("sns", "topics").get(publication.topic)
    if topic is None or not _ses_may_publish(scope, topic, publication):
        return
    message_id, text = str(uuid.uuid4()), json.dumps(publication.body)
    for one in topic.get("Subscriptions", []):
        endpoint = str(one.get("Endpoint", ""))
        if one.get("Protocol") != "sqs" or not one["SubscriptionArn"].startswith("arn:"):
            continue
        if _passes(one.get("Attributes", {}), text) and _takes(scope, endpoint, publication.topic):
            raw = one.get("Attributes", {}).get("RawMessageDelivery") == "true"
            scope.post.put(endpoint, text if raw else _envelope(scope, publication.topic, message_id, text))


def _envelope(scope: Scope, topic: str, message_id: str, text: str) -> str:
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": topic,
            "Subject": "Amazon SES Email Event Notification",
            "Message": text,
            "Timestamp": f"{scope.now:%Y-%m-%dT%H:%M:%S}.000Z",
            "SignatureVersion": "1",
        }
    )


def _passes(attributes: Mapping[str, Any], text: str) -> bool:
    """SES sends no message attributes: a filter on them sees nothing."""
    policy = attributes.get("FilterPolicy")
    if not policy:
        return True
    seen = json.loads(text) if attributes.get("FilterPolicyScope") == "MessageBody" else {}
    return matches(as_text(policy), seen) is Match.ALWAYS


def _ses_may_publish(scope: Scope, topic: Mapping[str, Any], publication: Publication) -> bool:
    policy = topic.get("Attributes", {}).get("Policy")
    sent = {"aws:SourceArn": publication.source, "aws:SourceAccount": scope.account_id}
    return policy is None or _allowed(policy, "ses.amazonaws.com", "sns:Publish", publication.topic, sent)


def _takes(scope: Scope, queue: str, topic: str) -> bool:
    """Whether there is such a queue, and its policy lets SNS in for the topic."""
    found = scope.part("sqs", "queues").get(queue.rpartition(":")[2])
    policy = (found or {}).get("Attributes", {}).get("Policy")
    sent = {"aws:SourceArn": topic, "aws:SourceAccount": scope.account_id}
    return policy is not None and _allowed(policy, "sns.amazonaws.com", "sqs:SendMessage", queue, sent)


def _allowed(policy: Any, service: str, action: str, resource: str, sent: Mapping[str, str]) -> bool:
    parsed = parse_policy(as_text(policy), name="policy")
    decision = service_may(parsed, service=service, action=action, resource=resource, context=sent)
    return decision.effect is Effect.ALLOWED


OPERATIONS = {
    ("sns", "Subscribe"): subscribe,
    ("sns", "Unsubscribe"): unsubscribe,
    ("sns", "GetSubscriptionAttributes"): get_subscription_attributes,
}
