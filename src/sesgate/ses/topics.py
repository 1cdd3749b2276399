"""SNS topics as a way to be told something: the topic, its access, its subscriptions."""

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.finding import HOUR, MINUTE, AwsCall, Finding, Owner, Remedy, Text, failed
from sesgate.ses.reach import Look, Reach
from sesgate.ses.topic_access import Publisher, named, publishing, statement
from sesgate.ses.topic_keys import encryption

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html"
SUBSCRIBING = "https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html"
UNCONFIRMED = "PendingConfirmation"


class Subscriptions(Struct, frozen=True):
    """How many confirmed subscriptions a topic has, and the protocols of those that wait for confirmation."""

    confirmed: int
    waiting: tuple[str, ...]


def topic_questions(context: "Context", arn: str) -> "list[Question]":
    """What is asked of a topic at once: its attributes and its subscriptions."""
    asked = {"TopicArn": arn}
    return [context.aws_question("sns", name, asked) for name in ("GetTopicAttributes", "ListSubscriptionsByTopic")]


def reach(context: "Context", arn: str, publisher: Publisher) -> Reach:
    """Does what the publisher publishes to the topic reach someone?"""
    look = Look()
    region = _part(arn, 3)
    if region != context.region:
        where = f"is in {region}" if region else "is no ARN of a topic"
        look.faults.append(_other_region(context, arn, where, publisher))
        return look.result()
    attributes, subscriptions = context.ask_all(topic_questions(context, arn))
    with look.at():
        value = attributes.read()
        if value is None:
            return Reach((_missing(context, arn, publisher),))
        _topic(context, look, arn, value.get("Attributes") or {}, publisher)
    with look.at():
        _subscribers(look, arn, _subscriptions(subscriptions.read() or {}))
    return look.result()


def _topic(context: "Context", look: Look, arn: str, attributes: dict[str, Any], publisher: Publisher) -> None:
    if str(attributes.get("FifoTopic", "")).lower() == "true":
        look.faults.append(_fifo(context, arn, publisher))
    publishing(look, arn, attributes.get("Policy"), publisher)
    if key := attributes.get("KmsMasterKeyId"):
        encryption(context, look, arn, str(key), publisher)


def _subscriptions(value: dict[str, Any]) -> Subscriptions:
    """A subscription that is not confirmed has no ARN; one that was deleted reads "Deleted" for a while."""
    listed = [(str(one.get("SubscriptionArn")), str(one.get("Protocol"))) for one in value.get("Subscriptions") or ()]
    return Subscriptions(
        sum(arn.startswith("arn:") for arn, _ in listed),
        tuple(protocol for arn, protocol in listed if arn == UNCONFIRMED),
    )


def _subscribers(look: Look, arn: str, found: Subscriptions) -> None:
    if found.confirmed:
        return
    if found.waiting:
        waiting = ", ".join(sorted(found.waiting))
        look.faults.append(
            failed(
                "subscription-pending",
                f"no subscription of {named(arn)} is confirmed: {waiting} waits for confirmation",
                expected="at least one confirmed subscription",
                found=f"{len(found.waiting)} waiting for confirmation",
                remedy=_confirm(arn, waiting),
            )
        )
    else:
        look.faults.append(
            failed(
                "no-subscription",
                f"nobody is subscribed to {named(arn)}: what is published there is dropped",
                expected="at least one confirmed subscription",
                found="no subscription",
                remedy=_subscribe(arn),
            )
        )


def _missing(context: "Context", arn: str, publisher: Publisher) -> Finding:
    return failed(
        "topic-missing",
        f"{named(arn)} does not exist: what {publisher.name} publishes there is lost",
        expected=f"topic {arn}",
        found="no such topic",
        remedy=create(context, arn, publisher),
    )


def create(context: "Context", arn: str, publisher: Publisher) -> Remedy:
    """Makes a topic that lets the publisher publish; it still has to be subscribed to."""
    name = _part(arn, 5)
    policy = {"Version": "2012-10-17", "Statement": [statement(arn, publisher)]}
    call = AwsCall(
        "sns",
        "CreateTopic",
        {"Name": name, "Attributes": {"Policy": json.dumps(policy)}},
        context.region,
        AwsCall("sns", "DeleteTopic", {"TopicArn": arn}, context.region),
    )
    owner = _part(arn, 4)
    foreign = Text(f"Ask account {owner} to make the topic {name} again, or publish to another one.")
    mine = context.account in (None, owner)
    return Remedy(
        id=f"create-topic:{arn}",
        summary=f"Create the topic {name}, and subscribe to it",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(call, Text("Subscribe whoever handles it, and confirm the subscription.")) if mine else (foreign,),
        docs=SUBSCRIBING,
    )


def _other_region(context: "Context", arn: str, where: str, publisher: Publisher) -> Finding:
    return failed(
        "topic-other-region",
        f"{arn} {where}: {publisher.name} publishes only to topics of its own region, {context.region}",
        expected=f"a topic in {context.region}",
        found=where,
        remedy=_another_topic(context, arn, f"Publish to a standard topic in {context.region}"),
    )


def _fifo(context: "Context", arn: str, publisher: Publisher) -> Finding:
    return failed(
        "topic-fifo",
        f"{named(arn)} is a FIFO topic: {publisher.name} publishes to standard topics only",
        expected="a standard topic",
        found="FifoTopic true",
        remedy=_another_topic(context, arn, "Publish to a standard topic"),
    )


def _another_topic(context: "Context", arn: str, summary: str) -> Remedy:
    return Remedy(
        id=f"replace-topic:{arn}",
        summary=summary,
        owner=Owner.AWS,
        lead_time_seconds=10 * MINUTE,
        changes=(Text(f"Create a standard topic in {context.region}, subscribe to it, and name it instead of {arn}."),),
        docs=DOCS,
    )


def _confirm(arn: str, waiting: str) -> Remedy:
    return Remedy(
        id=f"confirm-subscription:{arn}",
        summary=f"Confirm the subscription ({waiting}) of {named(arn)}",
        owner=Owner.APPLICATION,
        lead_time_seconds=HOUR,
        changes=(
            Text(
                "SNS sent a SubscriptionConfirmation to the end point, which has to open the SubscribeURL in it. "
                "After two days SNS drops the subscription; then subscribe again."
            ),
        ),
        docs="https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html",
    )


def _subscribe(arn: str) -> Remedy:
    return Remedy(
        id=f"subscribe:{arn}",
        summary=f"Subscribe whoever handles it to {named(arn)}",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(Text("Subscribe a queue, a function, an HTTPS end point or an address, and confirm it."),),
        docs=SUBSCRIBING,
    )


def _part(arn: str, position: int) -> str:
    """A part of an ARN, counted from 0; empty where it is no ARN of a topic."""
    parts = arn.split(":", 5)
    return parts[position] if len(parts) == 6 and parts[0] == "arn" and parts[2] == "sns" else ""
