"""Does a bounce, does a complaint reach someone?"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import (
    HOUR,
    Because,
    Finding,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    skipped,
    unseen,
)
from sesgate.ses.feedback import (
    EVENT_TYPES,
    EventPaths,
    IdentityPaths,
    add_feedback_types,
    event_paths,
    first_questions,
    identity_paths,
)
from sesgate.ses.reach import Path, cite, nearest
from sesgate.ses.senders import resolve
from sesgate.subjects import Feedback

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/monitor-sending-activity.html"
FORWARDING = "https://docs.aws.amazon.com/ses/latest/dg/monitor-sending-activity-using-notifications-email.html"


@check(
    id="notifications",
    each=Feedback,
    asked_by="senders",
    serves="Bounce and complaint notifications configured, and they reach someone",
    severity=Severity.BLOCKER,
    reads=[
        "ses:ListEmailIdentities",
        "ses:GetEmailIdentity",
        "ses:GetConfigurationSetEventDestinations",
        "ses:GetIdentityNotificationAttributes",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "events:ListRules",
        "events:ListTargetsByRule",
        "firehose:DescribeDeliveryStream",
        "cloudwatch:DescribeAlarms",
    ],
    dns=True,
    causes={
        "no-path": Severity.BLOCKER,
        "destination-disabled": Severity.BLOCKER,
        "event-type-missing": Severity.BLOCKER,
        "topic-missing": Severity.BLOCKER,
        "topic-policy": Severity.BLOCKER,
        "topic-key": Severity.BLOCKER,
        "topic-key-aws-managed": Severity.BLOCKER,
        "topic-fifo": Severity.BLOCKER,
        "topic-other-region": Severity.BLOCKER,
        "subscription-pending": Severity.BLOCKER,
        "no-subscription": Severity.BLOCKER,
        "rule-missing": Severity.BLOCKER,
        "rule-disabled": Severity.BLOCKER,
        "rule-without-target": Severity.BLOCKER,
        "stream-missing": Severity.BLOCKER,
        "stream-inactive": Severity.BLOCKER,
        "metrics-without-alarm": Severity.BLOCKER,
        "pinpoint-ended": Severity.BLOCKER,
        "forwarding-nowhere": Severity.BLOCKER,
        "forwarding-only": Severity.WARNING,
    },
)
def notifications(feedback: Feedback, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """A way exists, and works to its end: destination, topic, policy, key, subscription. Sources: SES, SNS, KMS …"""
    resolved = resolve(context, feedback.sender)
    if resolved.identity is None:
        message = f"{feedback.sender.name} has no identity that could tell of a {feedback.event}"
        yield skipped(message, because=Because("identity-verified", feedback.sender.name))
        return
    context.start(first_questions(context, feedback, resolved))
    events = event_paths(context, feedback, resolved)
    identity = identity_paths(context, feedback, resolved)
    paths = [*events.paths, *identity.paths]
    by_identity = [path for path in identity.paths if path.reach.works]
    if working := [*events.working, *by_identity]:
        seen = [path for path in paths if path in working or (path.reach.faults and not path.reach.unseen)]
        cite(context, events.asked if events.working else identity.asked)
        cite(context, (asked for path in seen for asked in path.asked))
        yield _works(feedback, working, seen)
        return
    cite(context, (*events.asked, *identity.asked, *(asked for path in paths for asked in path.asked)))
    if events.name and (not events.exists or (events.applies is False and events.would_work)):
        missing = "does not apply to the sender" if events.exists else "does not exist"
        yield skipped(
            f"{feedback.event}s are to come through configuration set {events.name}, which {missing}",
            because=Because("configuration-set", feedback.sender.name),
        )
    elif blind := [*events.unseen, *identity.unseen, *_unseen_of(paths)]:
        yield _unseen(feedback, paths, [*blind, *events.unsure])
    elif any(path.reach.faults for path in paths):
        yield from _broken(feedback, paths)
    elif events.unsure:
        yield _unseen(feedback, (), events.unsure)
    else:
        yield _nothing_built(feedback, context, events, identity)


def _unseen_of(paths: Sequence[Path]) -> Iterator[str]:
    """Where a fault is seen, what else there is does not matter: that way does not work."""
    for path in paths:
        if not path.reach.faults:
            yield from path.reach.unseen


def _works(feedback: Feedback, working: Sequence[Path], paths: Sequence[Path]) -> Finding:
    best = min(working, key=lambda path: len(path.reach.notes))
    told = [f"{feedback.event}s of {feedback.sender.name} reach someone through {best.name}", *best.reach.notes]
    told += [f"{path.name} does not work ({path.reach.faults[0].cause})" for path in paths if path.reach.faults]
    return passed("; ".join(told), found=best.name)


def _unseen(feedback: Feedback, paths: Sequence[Path], blind: Sequence[str]) -> Finding:
    broken = [f"{path.name} does not work ({path.reach.faults[0].cause})" for path in paths if path.reach.faults]
    told = "; ".join((*dict.fromkeys(blind), *broken))
    return unseen(f"could not see whether {feedback.event}s reach someone: {told}")


def _broken(feedback: Feedback, paths: Sequence[Path]) -> Iterator[Finding]:
    """The way that needs the least repair, with all that is wrong with it."""
    best = nearest(paths)
    assert best is not None
    others = " and ".join(path.name for path in paths if path is not best)
    also = f"; {others} does not work either" if others else ""
    for fault in best.reach.faults:
        yield replace(fault, message=f"{feedback.event}s reach nobody through {best.name}: {fault.message}{also}")
    for text in best.reach.unseen:
        yield unseen(f"could not see all of {best.name}: {text}")


def _nothing_built(feedback: Feedback, context: Context, events: EventPaths, identity: IdentityPaths) -> Finding:
    if identity.forwarding:
        return _forwarded(feedback, context, identity)
    event_type = EVENT_TYPES[feedback.event]
    if events.others:
        other = events.others[0]
        types = ", ".join(other.event_types)
        return failed(
            "event-type-missing",
            f"{other} takes {types}, and no destination of the set takes {event_type}",
            expected=f"an enabled event destination with {event_type}",
            found=types,
            remedy=add_feedback_types(other, context.region),
        )
    without = f"configuration set {events.name} has no event destination" if events.name else "no configuration set"
    return failed(
        "no-path",
        f"no {feedback.event} of {feedback.sender.name} reaches anyone: {without}, {identity.identity} has no "
        f"{feedback.event} topic, and feedback forwarding is off",
        expected=f"an event destination with {event_type}, or a {feedback.event} topic",
        found="none",
        remedy=_build(feedback, events.name),
    )


def _forwarded(feedback: Feedback, context: Context, identity: IdentityPaths) -> Finding:
    """Forwarded mail goes to the Return-Path or the From address: where that takes no mail it goes nowhere."""
    domain = feedback.sender.domain
    why_not = _no_mail(context, domain)
    event_type = EVENT_TYPES[feedback.event]
    remedy = _build(feedback, feedback.sender.declared.configuration_set)
    if why_not:
        return failed(
            "forwarding-nowhere",
            f"{feedback.event}s are only forwarded by mail to {feedback.sender.name}, and {domain} {why_not}",
            expected=f"an event destination with {event_type}, or a {feedback.event} topic",
            found=f"forwarding to a domain that {why_not}",
            remedy=remedy,
        )
    return failed(
        "forwarding-only",
        f"{feedback.event}s are only forwarded by mail, to the Return-Path or {feedback.sender.name}: no program "
        f"hears of them, and {identity.identity} has no {feedback.event} topic",
        expected=f"an event destination with {event_type}, or a {feedback.event} topic",
        found="e-mail feedback forwarding",
        remedy=remedy,
    )


def _no_mail(context: Context, domain: str) -> str | None:
    """Why a domain takes no mail. Without an MX, mail goes to its address. RFC 5321 section 5.1, RFC 7505."""
    exchanges = context.dns(domain, "MX")
    if exchanges.records:
        null = all(record.split()[-1] in (".", "0") for record in exchanges.records)
        return "takes no mail (null MX)" if null else None
    if not exchanges.exists:
        return "does not exist"
    addresses = [seen.read() for seen in context.dns_all([(domain, "A"), (domain, "AAAA")])]
    return None if any(seen.records for seen in addresses) else "has neither an MX nor an address"


def _build(feedback: Feedback, configuration_set: str | None) -> Remedy:
    where = f"configuration set {configuration_set}" if configuration_set else "a configuration set of the sender"
    return Remedy(
        id=f"add-event-destination:{configuration_set or feedback.sender.name}",
        summary=f"Give {where} an event destination with BOUNCE and COMPLAINT",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(
            Text(
                "Make an SNS topic that lets ses.amazonaws.com publish, subscribe whoever handles bounces and "
                f"complaints, and add it to {where} as an event destination with BOUNCE and COMPLAINT."
            ),
        ),
        docs=DOCS,
    )
