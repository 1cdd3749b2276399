"""Whether what an event destination publishes reaches someone, by the kind of its target."""

from typing import TYPE_CHECKING, assert_never

from sesgate.finding import HOUR, MINUTE, AwsCall, Finding, Owner, Remedy, Text, failed, pending
from sesgate.ses import event_rules, topics
from sesgate.ses.alarms import NAMESPACE, alarms
from sesgate.ses.configuration_sets import set_arn
from sesgate.ses.destinations import EventDestination, Target
from sesgate.ses.event_patterns import ses_feedback
from sesgate.ses.reach import Look, Reach
from sesgate.ses.topic_access import Publisher

if TYPE_CHECKING:
    from sesgate.context import Context

SERVICE = "ses.amazonaws.com"
GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"
METRICS = {"bounce": "Bounce", "complaint": "Complaint"}


def ses(context: "Context", source_arn: str) -> Publisher:
    """SES, publishing for a configuration set or for an identity."""
    return Publisher(SERVICE, "SES", context.account, source_arn)


def reach(context: "Context", destination: EventDestination, kind: str, domain: str) -> Reach:
    """Does this kind of feedback ("bounce", "complaint") reach someone through the destination? It may be disabled."""
    look = Look()
    found = Reach()
    with look.at():
        found = _reach(context, destination, kind, domain)
    return found + look.result()


def _reach(context: "Context", destination: EventDestination, kind: str, domain: str) -> Reach:
    match destination.target:
        case Target.SNS:
            source = set_arn(context.region, context.account or "*", destination.configuration_set)
            return topics.reach(context, destination.arn, ses(context, source))
        case Target.EVENT_BRIDGE:
            event = ses_feedback(
                kind,
                account=context.account,
                region=context.region,
                configuration_set=destination.configuration_set,
                domain=domain,
            )
            return event_rules.reach(context, event)
        case Target.FIREHOSE:
            return _stream(context, destination)
        case Target.CLOUDWATCH:
            return _metric(context, destination, METRICS[kind])
        case Target.PINPOINT:
            return Reach((_pinpoint(context, destination),))
        case None:
            return Reach(unseen=(f"{destination} publishes to something that is not known to sesgate",))
        case other:
            assert_never(other)


def _stream(context: "Context", destination: EventDestination) -> Reach:
    name = destination.arn.rpartition("/")[2]
    value = context.aws("firehose", "DescribeDeliveryStream", {"DeliveryStreamName": name})
    docs = GUIDE + "event-publishing-add-event-destination-firehose.html"
    if value is None:
        remedy = Remedy(
            id=f"create-stream:{name}",
            summary=f"Create the Firehose stream {name}, or publish to another one",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            docs=docs,
        )
        message = f"{destination} publishes to the Firehose stream {name}, which does not exist in {context.region}"
        fault = failed("stream-missing", message, expected="an ACTIVE stream", found="no such stream", remedy=remedy)
        return Reach((fault,))
    status = str((value.get("DeliveryStreamDescription") or {}).get("DeliveryStreamStatus", ""))
    if status == "ACTIVE":
        return Reach()
    message = f"{destination} publishes to the Firehose stream {name}, which is {status}"
    told = pending if status == "CREATING" else failed
    remedy = Remedy(
        id=f"repair-stream:{name}",
        summary=f"Find out why the Firehose stream {name} is {status}" if told is failed else f"Wait for {name}",
        owner=Owner.AWS,
        lead_time_seconds=HOUR if told is failed else MINUTE,
        docs="https://docs.aws.amazon.com/firehose/latest/APIReference/API_DeliveryStreamDescription.html",
    )
    return Reach((told("stream-inactive", message, expected="ACTIVE", found=status, remedy=remedy),))


def _metric(context: "Context", destination: EventDestination, metric: str) -> Reach:
    """A number in CloudWatch is nobody told, unless an alarm that acts looks at it, under the same dimensions."""
    known = alarms(context)
    watching = [
        alarm
        for alarm in known.reading(metric)
        if any(one.name == metric and set(one.dimensions) == set(destination.dimensions) for one in alarm.metrics)
    ]
    if any(known.set_off(alarm) for alarm in watching):
        return Reach(notes=(f"{destination} makes a CloudWatch metric, and an alarm on it acts",))
    names = ", ".join(alarm.name for alarm in watching)
    dimensions = ", ".join(f"{name}={value}" for name, value in destination.dimensions.items()) or "no dimension"
    seen = f"alarm {names} on it does nothing" if watching else "no alarm looks at it"
    fault = failed(
        "metrics-without-alarm",
        f"{destination} only makes the CloudWatch metric {NAMESPACE} {metric} ({dimensions}), and {seen}",
        expected=f"an alarm that acts, on {NAMESPACE} {metric}",
        found=seen,
        remedy=Remedy(
            id=f"publish-elsewhere:{destination.configuration_set}",
            summary="Add an event destination that tells who bounced: SNS, EventBridge or Firehose",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(Text(f"Or make an alarm that acts, on {NAMESPACE} {metric} with {dimensions}."),),
            docs=GUIDE + "monitor-using-event-publishing.html",
        ),
    )
    return Reach((fault,))


def _pinpoint(context: "Context", destination: EventDestination) -> Finding:
    one = {"ConfigurationSetName": destination.configuration_set, "EventDestinationName": destination.name}
    return failed(
        "pinpoint-ended",
        f"{destination} publishes to Amazon Pinpoint, which ended on 30 October 2026: it reaches nobody",
        expected="SNS, EventBridge or Firehose",
        found="Pinpoint",
        remedy=Remedy(
            id=f"leave-pinpoint:{destination.configuration_set}",
            summary="Publish to SNS, EventBridge or Firehose instead of Pinpoint",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(
                Text("First make the new event destination."),
                AwsCall("sesv2", "DeleteConfigurationSetEventDestination", one, context.region),
            ),
            docs="https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html",
        ),
    )
