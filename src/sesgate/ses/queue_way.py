"""Does what is published to a topic get into a queue? Judged by reads: subscription, filter, policy, key."""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.finding import MINUTE, AwsCall, Owner, Remedy, StatementToAdd, Text, failed
from sesgate.iam import Effect, Policy, service_may
from sesgate.ses.event_patterns import Event, Match, matches
from sesgate.ses.queues import Queue
from sesgate.ses.reach import Look, Reach
from sesgate.ses.topic_access import Publisher, left_open, named, read_policy, why_not
from sesgate.ses.topic_keys import KEY_ACTIONS

if TYPE_CHECKING:
    from sesgate.context import Context

SERVICE = "sns.amazonaws.com"
DOCS = "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html"
FILTER_DOCS = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html"
KEY_DOCS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"


class QueueWay(Struct, frozen=True):
    """Whether it gets there, and in which form: `raw` is None where there is no subscription."""

    reach: Reach
    raw: bool | None = None


def queue_way(context: "Context", topic: str, found: Queue, events: dict[str, Event]) -> QueueWay:
    """The way of the named events from a topic into a queue."""
    look = Look()
    raw: bool | None = None
    with look.at():
        subscription = _subscription(context, look, topic, found)
        if subscription:
            told = context.aws("sns", "GetSubscriptionAttributes", {"SubscriptionArn": subscription}) or {}
            attributes: dict[str, Any] = told.get("Attributes") or {}
            raw = _is_raw(attributes)
            _filter(look, topic, found, subscription, attributes, events)
    sns = Publisher(SERVICE, "SNS", topic.split(":")[4], topic)
    _policy(look, topic, found, sns)
    if found.key:
        with look.at():
            _key(context, look, found, sns)
    return QueueWay(look.result(), raw)


def subscription_form(context: "Context", topic: str, found: Queue) -> str | None:
    """How messages of the topic come into the queue: "raw" or "envelope"; None where it is not subscribed."""
    subscription = _confirmed(context, topic, found)[0]
    if subscription is None:
        return None
    told = context.aws("sns", "GetSubscriptionAttributes", {"SubscriptionArn": subscription}) or {}
    return "raw" if _is_raw(told.get("Attributes") or {}) else "envelope"


def _is_raw(attributes: dict[str, Any]) -> bool:
    return str(attributes.get("RawMessageDelivery", "")).lower() == "true"


def _confirmed(context: "Context", topic: str, found: Queue) -> tuple[str | None, list[str]]:
    """The ARN of the queue's confirmed subscription, and all that is told of its subscriptions."""
    answer = context.aws("sns", "ListSubscriptionsByTopic", {"TopicArn": topic}) or {}
    mine = [one for one in answer.get("Subscriptions") or () if one.get("Endpoint") == found.arn]
    arns = [str(one.get("SubscriptionArn", "")) for one in mine]
    return next((arn for arn in arns if arn.startswith("arn:")), None), arns


def _subscription(context: "Context", look: Look, topic: str, found: Queue) -> str | None:
    confirmed, arns = _confirmed(context, topic, found)
    if confirmed is None:
        waiting = "its subscription is not confirmed" if arns else "it is not subscribed"
        look.faults.append(
            failed(
                "queue-not-subscribed",
                f"SQS queue {found.name} gets nothing of {named(topic)}: {waiting}",
                expected=f"a confirmed subscription of {found.arn}",
                found=arns[0] if arns else "none",
                remedy=_subscribe(context, topic, found),
            )
        )
    return confirmed


def _filter(
    look: Look, topic: str, found: Queue, subscription: str, attributes: dict[str, Any], events: dict[str, Event]
) -> None:
    """SES sends no message attributes, so a filter on them drops all of its events."""
    policy = attributes.get("FilterPolicy")
    if not policy:
        return
    in_body = attributes.get("FilterPolicyScope") == "MessageBody"
    met = {kind: matches(policy, event if in_body else {}) for kind, event in events.items()}
    dropped = sorted(kind for kind, match in met.items() if match is Match.NEVER)
    where = "message bodies" if in_body else "message attributes, which SES does not send"
    if dropped:
        look.faults.append(
            failed(
                "filter-drops",
                f"the filter policy of {found.name}'s subscription to {named(topic)} drops {' and '.join(dropped)} "
                f"events: it looks at {where}",
                expected=f"a filter policy that lets {' and '.join(events)} events pass, or none",
                found=str(policy)[:500],
                remedy=_no_filter(topic, found, subscription, str(policy)),
            )
        )
    elif any(match is not Match.ALWAYS for match in met.values()):
        look.unseen.append(f"whether the filter policy of {found.name}'s subscription lets all events pass is unclear")


def _policy(look: Look, topic: str, found: Queue, sns: Publisher) -> None:
    if found.policy is None:
        why = "it has no policy"
    else:
        policy = read_policy(look, found.policy, f"the policy of SQS queue {found.name}")
        if policy is None:
            return
        decision = _may(policy, "sqs:SendMessage", found.arn, sns)
        if decision.effect is Effect.ALLOWED:
            return
        if decision.effect is Effect.DEPENDS:
            look.unseen.append(left_open(decision, sns, f"send to SQS queue {found.name}"))
            return
        why = why_not(policy, decision)
    statement = {
        "Sid": "LetTheTopicSend",
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sqs:SendMessage",
        "Resource": found.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    look.faults.append(
        failed(
            "queue-policy",
            f"the policy of SQS queue {found.name} does not let SNS send for {named(topic)}: {why}",
            expected=f"{SERVICE} may sqs:SendMessage with aws:SourceArn {topic}",
            found=why,
            remedy=Remedy(
                id=f"let-send:{found.arn}:{topic}",
                summary=f"Let {named(topic)} send to SQS queue {found.name}",
                owner=Owner.AWS,
                lead_time_seconds=MINUTE,
                changes=(StatementToAdd(found.arn, statement),),
                docs=DOCS,
            ),
        )
    )


def _key(context: "Context", look: Look, found: Queue, sns: Publisher) -> None:
    told = context.aws("kms", "DescribeKey", {"KeyId": found.key})
    metadata: dict[str, Any] = (told or {}).get("KeyMetadata") or {}
    why = _unusable(metadata)
    if why is None:
        answer = context.aws("kms", "GetKeyPolicy", {"KeyId": metadata.get("Arn"), "PolicyName": "default"}) or {}
        policy = read_policy(look, str(answer.get("Policy") or ""), f"the policy of the key of {found.name}")
        if policy is None:
            return
        decisions = [_may(policy, action, str(metadata.get("Arn")), sns) for action in KEY_ACTIONS]
        refused = next((one for one in decisions if one.effect is not Effect.ALLOWED), None)
        if refused is None:
            return
        if refused.effect is Effect.DEPENDS:
            look.unseen.append(left_open(refused, sns, f"use the key of SQS queue {found.name}"))
            return
        why = f"the key's policy does not let it: {why_not(policy, refused)}"
    statement = {
        "Sid": "LetSNSSendToEncryptedQueues",
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
        "Resource": "*",
    }
    look.faults.append(
        failed(
            "queue-key",
            f"SQS queue {found.name} is encrypted, and SNS can't use its key: {why}",
            expected=f"{SERVICE} may {' and '.join(KEY_ACTIONS)}",
            found=why,
            remedy=Remedy(
                id=f"let-use-queue-key:{found.arn}",
                summary=f"Let SNS use the key of SQS queue {found.name}, or encrypt it with SSE-SQS",
                owner=Owner.AWS,
                lead_time_seconds=MINUTE,
                changes=(StatementToAdd(str(metadata.get("Arn") or found.key), statement),),
                docs=KEY_DOCS,
            ),
        )
    )


def _unusable(metadata: dict[str, Any]) -> str | None:
    """Why nobody's policy could help, if so."""
    if not metadata:
        return "the key does not exist"
    if metadata.get("KeyManager") == "AWS":
        return "an AWS managed key never lets another service use it"
    state = metadata.get("KeyState") or "Enabled"
    return None if state == "Enabled" else f"the key is {state}"


def _may(policy: Policy, action: str, resource: str, sns: Publisher) -> Any:
    return service_may(
        policy,
        service=SERVICE,
        action=action,
        resource=resource,
        context=sns.sent,
        unknown_keys=sns.unknown | {"kms:ViaService", "kms:CallerAccount"},
    )


def _subscribe(context: "Context", topic: str, found: Queue) -> Remedy:
    parameters = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": found.arn, "ReturnSubscriptionArn": True}
    return Remedy(
        id=f"subscribe-queue:{topic}:{found.arn}",
        summary=f"Subscribe SQS queue {found.name} to {named(topic)}",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(
            AwsCall("sns", "Subscribe", parameters, context.region),
            Text("To undo it, unsubscribe the subscription ARN that comes back."),
        ),
        docs=DOCS,
    )


def _no_filter(topic: str, found: Queue, subscription: str, policy: str) -> Remedy:
    def call(value: str) -> AwsCall:
        parameters = {"SubscriptionArn": subscription, "AttributeName": "FilterPolicy", "AttributeValue": value}
        return AwsCall("sns", "SetSubscriptionAttributes", parameters, topic.split(":")[3])

    after, before = call("{}"), call(policy)
    return Remedy(
        id=f"no-filter:{subscription}",
        summary=f"Take the filter policy off {found.name}'s subscription to {named(topic)}",
        owner=Owner.AWS,
        lead_time_seconds=15 * MINUTE,
        changes=(AwsCall(after.service, after.operation, after.parameters, after.region, before),),
        docs=FILTER_DOCS,
    )
