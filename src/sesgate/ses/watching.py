"""Where what SES tells of a message can be watched: the topics that it is published to."""

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from sesgate.evidence.question import NotSeen
from sesgate.ses.destinations import EventDestination, Target, destinations, destinations_question
from sesgate.ses.reach import aside, cite
from sesgate.ses.senders import Resolved, default_configuration_set, settings

if TYPE_CHECKING:
    from sesgate.context import Context

TOPIC_NAMES = {"bounce": "BounceTopic", "complaint": "ComplaintTopic", "delivery": "DeliveryTopic"}
"""What GetIdentityNotificationAttributes calls the topic of an event."""


class Way(NamedTuple):
    """One way to a topic, and the field that names the kind of event there."""

    name: str
    field: str


class Watch(Struct, frozen=True):
    """`topics` by ARN, each with the ways that lead there; `elsewhere` are destinations that are no topics.

    `unseen` says what could not be looked at, and might lead to further topics.
    """

    topics: dict[str, tuple[Way, ...]]
    elsewhere: tuple[str, ...]
    unseen: tuple[str, ...]


def watch(context: "Context", resolved: Resolved, configuration_set: str | None, event: str) -> Watch:
    """Where an event ("bounce", "complaint", "delivery") is published for a sender that uses the set.

    Where one way is seen, what is found does not rest on the other.
    """
    identity = (resolved.verified_by or resolved.identity or resolved).name
    own = context.aws_question("ses", "GetIdentityNotificationAttributes", {"Identity": identity})
    context.start([own, *([destinations_question(context, configuration_set)] if configuration_set else [])])
    by_set, by_identity = aside(context), aside(context)
    topics: dict[str, tuple[Way, ...]] = {}
    elsewhere: list[str] = []
    unseen: list[tuple[Context, str]] = []
    try:
        for one in _of_set(by_set, resolved, configuration_set, event):
            if one.target is Target.SNS and one.arn.split(":")[3:4] == [context.region]:
                topics[one.arn] = (*topics.get(one.arn, ()), Way(str(one), "eventType"))
            else:
                elsewhere.append(str(one))
    except NotSeen as not_seen:
        unseen.append((by_set, str(not_seen)))
    try:
        if topic := (by_identity.ask(own) or {}).get(TOPIC_NAMES[event]):
            topics[str(topic)] = (*topics.get(str(topic), ()), Way(f"{event} topic of {identity}", "notificationType"))
    except NotSeen as not_seen:
        unseen.append((by_identity, str(not_seen)))
    blind = [way for way, _ in unseen]
    for way in (by_set, by_identity):
        if way not in blind or not topics:
            cite(context, way.cited)
    return Watch(topics, tuple(elsewhere), tuple(told for _, told in unseen))


def _of_set(
    context: "Context", resolved: Resolved, configuration_set: str | None, event: str
) -> list[EventDestination]:
    """The enabled destinations that take the event, of the set that is passed or applies by default."""
    applying = configuration_set or default_configuration_set(settings(context, resolved))
    listed = (destinations(context, applying) if applying else None) or ()
    return [one for one in listed if one.enabled and event.upper() in one.event_types]
