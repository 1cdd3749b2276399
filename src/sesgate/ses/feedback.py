"""All ways by which a bounce or complaint may reach someone: event destinations, identity topics, forwarded mail."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from sesgate.evidence import NotSeen
from sesgate.finding import MINUTE, AwsCall, Finding, Owner, Remedy, failed
from sesgate.ses import target_reach, topics
from sesgate.ses.configuration_sets import applying, identity_arn
from sesgate.ses.destinations import EventDestination, Target, destinations, destinations_question
from sesgate.ses.reach import Look, Path, aside
from sesgate.ses.senders import Resolved, default_configuration_set, settings

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question
    from sesgate.subjects import Feedback, Sender

EVENT_TYPES = {"bounce": "BOUNCE", "complaint": "COMPLAINT"}
TOPICS = {"bounce": "BounceTopic", "complaint": "ComplaintTopic"}
DOCS = "https://docs.aws.amazon.com/ses/latest/dg/event-destinations-manage.html"


class EventPaths(Struct, frozen=True):
    """What the configuration set does with the event.

    `name` is the set that is looked at, None where there is none; `exists` is False where it is not there. `applies` is
    False where nothing makes it apply, None where that can't be told. `others` are enabled destinations without the
    event type. `unseen` is what could not be seen of the set's destinations, `unsure` of whether the set applies;
    `asked` is what was asked for both.
    """

    name: str | None = None
    exists: bool = True
    applies: bool | None = None
    paths: tuple[Path, ...] = ()
    others: tuple[EventDestination, ...] = ()
    unseen: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def would_work(self) -> bool:
        """Would one of them work, if only the set applied?"""
        return any(path.reach.works for path in self.paths)

    @property
    def working(self) -> tuple[Path, ...]:
        if self.unsure or self.applies is False:
            return ()
        return tuple(path for path in self.paths if path.reach.works)


class IdentityPaths(Struct, frozen=True):
    """What the identity's own notifications do. `forwarding` is None where it can't be seen."""

    identity: str
    paths: tuple[Path, ...] = ()
    forwarding: bool | None = None
    unseen: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def first_questions(context: "Context", feedback: "Feedback", resolved: Resolved) -> "Iterator[Question]":
    """What will be needed, and hangs on nothing but the list of identities."""
    if declared := feedback.sender.declared.configuration_set:
        yield destinations_question(context, declared)
    for known in (resolved.address, resolved.nearest_domain):
        if known:
            yield context.aws_question("sesv2", "GetEmailIdentity", {"EmailIdentity": known.name})
    yield _notification_question(context, _notifying(resolved))


def event_paths(context: "Context", feedback: "Feedback", resolved: Resolved) -> EventPaths:
    """By way of the configuration set: the declared one, else the default of the sender's identity."""
    name = feedback.sender.declared.configuration_set
    base, unsure, blind = aside(context), Look(), Look()
    applies: bool | None = None
    listed: tuple[EventDestination, ...] | None = ()
    with unsure.at():
        found = applying(base, feedback.sender, resolved)
        name, applies = found.name, found.applies
        if name is not None and applies is None:
            unsure.unseen.append(f"whether {name} applies: {' and '.join(found.unread)} could not be read")
    if name is None:
        return EventPaths(unseen=tuple(unsure.unseen), asked=tuple(base.cited))
    with blind.at():
        listed = destinations(base, name)
    seen = EventPaths(name, listed is not None, applies, asked=tuple(base.cited))
    seen = replace(seen, unseen=tuple(blind.unseen), unsure=tuple(unsure.unseen))
    if listed is None:
        return seen
    wanted = EVENT_TYPES[feedback.event]
    meant = [one for one in listed if wanted in one.event_types]
    context.start(question for one in meant for question in _target_questions(context, one))
    paths = tuple(_through(context, feedback, one) for one in meant)
    others = sorted((one for one in listed if one.enabled and wanted not in one.event_types), key=_preference)
    return replace(seen, paths=paths, others=tuple(others))


def identity_paths(context: "Context", feedback: "Feedback", resolved: Resolved) -> IdentityPaths:
    """By way of the identity. A verified address has settings of its own, and its domain's do not count for it.

    Source: SES Developer Guide, "Configuring Amazon SNS notifications". Only the v1 API tells them.
    """
    identity = _notifying(resolved)
    base = aside(context)
    try:
        value = base.ask(_notification_question(context, identity)) or {}
    except NotSeen as not_seen:
        return IdentityPaths(identity, unseen=(str(not_seen),), asked=tuple(base.cited))
    topic = value.get(TOPICS[feedback.event])
    paths: tuple[Path, ...] = ()
    if topic:
        way = aside(context)
        source = identity_arn(context.region, context.account or "*", identity)
        reach = topics.reach(way, str(topic), target_reach.ses(context, source))
        paths = (Path(f"{feedback.event} topic of {identity}", reach, tuple(way.cited)),)
    return IdentityPaths(identity, paths, bool(value.get("ForwardingEnabled")), asked=tuple(base.cited))


def targets_of(context: "Context", sender: "Sender", resolved: Resolved) -> Iterator[tuple[str, str]]:
    """The ARNs that a sender's events go to, and whose they are. Raises NotSeen."""
    identity = _notifying(resolved)
    own = _notification_question(context, identity)
    declared = sender.declared.configuration_set
    context.start([own, *([destinations_question(context, declared)] if declared else [])])
    name = declared or default_configuration_set(settings(context, resolved))
    for one in (destinations(context, name) or ()) if name else ():
        yield one.arn, f"{one}"
    told = context.ask(own) or {}
    for event, topic in TOPICS.items():
        if told.get(topic):
            yield str(told[topic]), f"{event} topic of {identity}"


def add_feedback_types(destination: EventDestination, region: str) -> Remedy:
    """Lets a destination take bounces and complaints as well: both, as one call would undo the other."""
    before = list(destination.event_types)
    after = [*before, *(one for one in EVENT_TYPES.values() if one not in before)]
    return _update(
        destination,
        region,
        f"Let {destination} take {' and '.join(EVENT_TYPES.values())}",
        {"MatchingEventTypes": after},
        {"MatchingEventTypes": before},
    )


def _update(
    destination: EventDestination, region: str, summary: str, after: dict[str, Any], before: dict[str, Any]
) -> Remedy:
    operation = "UpdateConfigurationSetEventDestination"
    undo = AwsCall("sesv2", operation, destination.changed(**before), region)
    return Remedy(
        id=f"update-event-destination:{destination.configuration_set}:{destination.name}",
        summary=summary,
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(AwsCall("sesv2", operation, destination.changed(**after), region, undo),),
        docs=DOCS,
    )


def _preference(destination: EventDestination) -> int:
    """The kinds of target that tell who bounced come first."""
    telling = (Target.SNS, Target.EVENT_BRIDGE, Target.FIREHOSE)
    return telling.index(destination.target) if destination.target in telling else len(telling)


def _through(context: "Context", feedback: "Feedback", destination: EventDestination) -> Path:
    """What is behind a disabled destination is looked at as well: all of it has to be repaired."""
    way, look = aside(context), Look()
    if not destination.enabled:
        look.faults.append(_disabled(destination, context.region))
    reach = look.result() + target_reach.reach(way, destination, feedback.event, feedback.sender.domain)
    return Path(str(destination), reach, tuple(way.cited))


def _disabled(destination: EventDestination, region: str) -> Finding:
    return failed(
        "destination-disabled",
        f"{destination} is disabled",
        expected="Enabled true",
        found="Enabled false",
        remedy=_update(destination, region, f"Switch {destination} on", {"Enabled": True}, {"Enabled": False}),
    )


def _target_questions(context: "Context", destination: EventDestination) -> "list[Question]":
    """Sets the topics of several destinations on their way at once."""
    in_region = destination.arn.split(":", 5)[3:4] == [context.region]
    is_topic = destination.target is Target.SNS and in_region
    return topics.topic_questions(context, destination.arn) if is_topic else []


def _notifying(resolved: Resolved) -> str:
    """The identity whose own notifications count."""
    found = resolved.verified_by or resolved.identity
    return found.name if found else resolved.name


def _notification_question(context: "Context", identity: str) -> "Question":
    return context.aws_question("ses", "GetIdentityNotificationAttributes", {"Identity": identity})
