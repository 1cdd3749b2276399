"""The queue that must receive the events: proven by reads, and whether a test may read it instead."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sesgate.evidence.question import NotSeen
from sesgate.finding import HOUR, Finding, Owner, Remedy, Text, failed, passed, unseen
from sesgate.ses.event_patterns import Event, published
from sesgate.ses.queue_way import queue_way, subscription_form
from sesgate.ses.queues import Queue
from sesgate.ses.reach import aside, cite
from sesgate.ses.send_outcome import Outcome
from sesgate.ses.sending_as import SendingAs
from sesgate.ses.watching import Watch

if TYPE_CHECKING:
    from sesgate.context import Context

LOOK_EVERY = 2.0
"""Seconds between two looks into a queue that others use: each counts as a receipt of what it gives back."""
MOST_WAITING = 500
"""Messages that a look goes through: fifty calls, a second or two."""
SUBSCRIBING = "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html"


def expected_events(context: "Context", how: SendingAs, seen: Mapping[str, Watch]) -> dict[str, dict[str, Event]]:
    """What will be published to each topic, by names for people. `seen` says where, by kind of event."""
    topics: dict[str, dict[str, Event]] = {}
    for event, watched in seen.items():
        for topic, ways in watched.topics.items():
            for way in ways:
                name = event if way.field == "eventType" else f"{event} (of the identity)"
                topics.setdefault(topic, {})[name] = published(
                    event,
                    way.field,
                    account=context.account,
                    configuration_set=how.configuration_set,
                    source=how.address,
                )
    return topics


def proven(context: "Context", found: Queue, topics: Mapping[str, dict[str, Event]]) -> Iterator[Finding]:
    """Whether the events of each topic get into the queue."""
    for topic, events in topics.items():
        way_in = queue_way(context, topic, found, events)
        yield from way_in.reach.faults
        for text in way_in.reach.unseen:
            yield unseen(f"could not see all of the way to SQS queue {found.name}: {text}")
        if way_in.reach.works:
            form = "raw" if way_in.raw else "in an SNS envelope"
            yield passed(
                f"{' and '.join(events)} events on SNS topic {topic.rpartition(':')[2]} get into SQS queue "
                f"{found.name}, {form}",
                found=found.arn,
            )


def why_not_consumed(found: Queue, seconds: float) -> str | None:
    """Why the queue must not be read in place of the application, for so long.

    Each look counts as a receipt of what it returns, and returns all that waits.
    """
    if found.is_fifo:
        return f"SQS queue {found.name} is a FIFO queue: what is given back would hold up what comes after it"
    looks = math.ceil(seconds / LOOK_EVERY) + 1
    if found.most_receipts is not None and found.most_receipts <= looks:
        return (
            f"SQS queue {found.name} gives a message up after {found.most_receipts} receipts, and reading it for "
            f"{seconds:g} s may receive each up to {looks} times; leave consume out, or wait for less long"
        )
    if found.waiting > MOST_WAITING:
        return (
            f"about {found.waiting} messages wait in SQS queue {found.name}, and all would be received to find the "
            "test's among them; let its reader catch up, or leave consume out"
        )
    return None


def missing(named: str, region: str) -> Finding:
    return failed(
        "queue-missing",
        f"SQS queue {named}, which must receive the events, does not exist in {region}",
        expected=f"queue {named}",
        found="no such queue",
        remedy=Remedy(
            id=f"create-queue:{named}",
            summary="Create the queue and subscribe it, or correct its name in the gate",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(Text("The queue's policy has to let sns.amazonaws.com send with aws:SourceArn of the topic."),),
            docs=SUBSCRIBING,
        ),
    )


def other_form(context: "Context", found: Queue, watched: Watch, came: Outcome) -> Iterator[Finding]:
    """Whether events came in another form than the queue's subscription says: the application reads but one."""
    way = aside(context)
    try:
        said = {topic: subscription_form(way, topic, found) for topic in watched.topics}
    except NotSeen:
        return
    cite(context, way.cited)
    wanted = {form for form in said.values() if form}
    others = sorted({one.form for one in came.events if one.form in ("raw", "envelope")} - wanted)
    if wanted and others:
        yield failed(
            "other-form",
            f"events of the message to {came.to} came {' and '.join(others)} into SQS queue {found.name}, whose "
            f"subscription says {' and '.join(sorted(wanted))}",
            expected=" and ".join(sorted(wanted)),
            found=" and ".join(others),
            remedy=Remedy(
                id=f"one-form:{found.arn}",
                summary=f"Find out what else puts events into SQS queue {found.name}",
                owner=Owner.AWS,
                lead_time_seconds=HOUR,
                changes=(Text("Look for a second subscription or rule that leads to the queue; keep one of them."),),
                docs="https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html",
            ),
        )
