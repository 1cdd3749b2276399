"""Does mail flow, and does what SES tells of it come back? Proven by sending, to the mailbox simulator."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sesgate.check import check
from sesgate.context import Context
from sesgate.evidence import NotSeen, Question
from sesgate.finding import Because, Finding, Severity, passed, skipped, unseen
from sesgate.gate import TestSend
from sesgate.ses.declared_queue import expected_events, missing, other_form, proven, why_not_consumed
from sesgate.ses.identities import listed
from sesgate.ses.queues import Queue, queue, queue_named
from sesgate.ses.reach import aside, cite
from sesgate.ses.send_outcome import Outcome, judge, outcome
from sesgate.ses.send_refusals import refused
from sesgate.ses.senders import Resolved, resolve
from sesgate.ses.sending_as import SendingAs, sending_as
from sesgate.ses.watching import Watch, Way, watch
from sesgate.subjects import Recipient
from sesgate.subjects.recipients import SIMULATED


@dataclass(frozen=True, slots=True)
class Options:
    """`late_after`: an event that comes later than so many seconds is told as late."""

    late_after: float = 30.0


@check(
    id="test-send",
    each=Recipient,
    asked_by="test_send",
    serves="Test send flows validated, with the events that come back",
    severity=Severity.BLOCKER,
    reads=[
        "ses:ListEmailIdentities",
        "ses:GetEmailIdentity",
        "ses:GetAccount",
        "ses:GetConfigurationSetEventDestinations",
        "ses:GetIdentityNotificationAttributes",
        "sqs:GetQueueUrl",
        "sqs:GetQueueAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:GetSubscriptionAttributes",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
    ],
    acts=[
        "ses:SendEmail",
        "sqs:CreateQueue",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteQueue",
        "sns:Subscribe",
        "sns:Unsubscribe",
    ],
    causes={
        "sender-refused": Severity.BLOCKER,
        "configuration-set-missing": Severity.BLOCKER,
        "sending-paused": Severity.BLOCKER,
        "mail-from-refused": Severity.BLOCKER,
        "quota-used-up": Severity.BLOCKER,
        "message-rejected": Severity.BLOCKER,
        "no-event": Severity.BLOCKER,
        "wrong-event": Severity.BLOCKER,
        "wrong-destination": Severity.BLOCKER,
        "event-late": Severity.WARNING,
        "duplicate-event": Severity.WARNING,
        "queue-missing": Severity.BLOCKER,
        "queue-not-subscribed": Severity.BLOCKER,
        "filter-drops": Severity.BLOCKER,
        "queue-policy": Severity.BLOCKER,
        "queue-key": Severity.BLOCKER,
        "other-form": Severity.WARNING,
    },
    options=Options,
)
def test_send(recipient: Recipient, context: Context, options: Options) -> Iterator[Finding]:
    """A message of each sender to each mailbox of the simulator, and the event that comes back. With --send only."""
    if recipient.address is not None and not context.place.send:
        yield unseen("not sent: a test send happens with `sesgate check --send` only", cause="not-run")
        return
    resolved = resolve(context, recipient.sender)
    if resolved.verified_by is None:
        message = f"nothing can be sent as {recipient.sender.name}: no identity of it is verified"
        yield skipped(message, because=Because("identity-verified", recipient.sender.name))
        return
    settings = context.gate.test_send or TestSend()
    how = sending_as(context, recipient.sender)
    if recipient.address is None:
        yield from _queue(recipient, context, resolved, how, settings)
    else:
        yield from _message(recipient, recipient.address, context, resolved, how, settings, options)


def _message(
    recipient: Recipient,
    address: str,
    context: Context,
    resolved: Resolved,
    how: SendingAs,
    settings: TestSend,
    options: Options,
) -> Iterator[Finding]:
    account = _account(context, needed=not recipient.is_simulated)
    if not recipient.is_simulated and not _may_write_to(context, address, account):
        yield unseen(
            f"not sent: the account is in the SES sandbox, and neither {address} nor its domain is verified here",
            cause="not-run",
        )
        return
    per_second = float((account.get("SendQuota") or {}).get("MaxSendRate") or 1.0)
    seen = watch(context, resolved, how.configuration_set, recipient.event)
    where: dict[str, Any] = {"topics": list(seen.topics)}
    places: Mapping[str, Sequence[Way]] = seen.topics
    found: Queue | None = None
    if settings.queue and settings.consume:
        found = queue(context, queue_named(settings.queue, context.region))
        until_all_are_sent = len(context.gate.senders) * len(SIMULATED) / per_second
        seconds = math.ceil(settings.timeout + until_all_are_sent)
        reason = why_not_consumed(found, seconds) if found else f"SQS queue {settings.queue} does not exist"
        if reason or found is None:
            yield unseen(f"not sent: {reason}", cause="not-run")
            return
        where = {"topics": [], "queue": found.url, "queue_region": found.region}
        places = {found.url: tuple(way for ways in seen.topics.values() for way in ways)}
    elif not seen.topics and (told := _nowhere_to_listen(recipient, seen)):
        yield told
        return
    asked = {
        "from": how.address,
        "configuration_set": how.configuration_set,
        "reply_to": recipient.sender.declared.reply_to,
        "event": recipient.event if places else None,
        "timeout": settings.timeout,
        "per_second": per_second,
        **where,
    }
    came = outcome(context.ask(Question.message(recipient.sender.name, address, asked)))
    _note(context, came, how, recipient.event)
    if came.refused:
        yield refused(
            came.refused["reason"],
            came.refused["code"],
            came.to,
            sender=how.address,
            configuration_set=how.configuration_set,
            region=context.region,
        )
        return
    if not recipient.is_simulated:
        context.notes[
            f"look for the message to {address} in its mailbox, save its source, and run `sesgate verify-message FILE`"
        ] = None
    if not places:
        yield passed(f"SES took the message to {came.to}; nothing takes its delivery event", found=came.sent)
    else:
        yield from judge(
            came,
            recipient.event,
            places,
            timeout=settings.timeout,
            late_after=options.late_after,
            shared=settings.consume,
        )
    if found:
        yield from other_form(context, found, seen, came)


def _note(context: Context, came: Outcome, how: SendingAs, event: str) -> None:
    context.notes[f"test messages were sent as {came.by or 'the auditor'}, not as the application's role"] = None
    if came.message_id:
        context.notes[came.told(event)] = None
    if how.named_by:
        context.notes[f"From and configuration set are those of {' and '.join(how.named_by)}"] = None


def _account(context: Context, *, needed: bool) -> Mapping[str, Any]:
    """GetAccount; empty where it can't be seen and is not needed: then one message a second is sent."""
    way = aside(context)
    try:
        told: Mapping[str, Any] = way.aws("sesv2", "GetAccount") or {}
    except NotSeen:
        if needed:
            raise
        return {}
    cite(context, way.cited)
    return told


def _may_write_to(context: Context, address: str, account: Mapping[str, Any]) -> bool:
    """In the sandbox SES takes mail to verified recipients only."""
    if account.get("ProductionAccessEnabled"):
        return True
    known = listed(context)
    domain = address.rpartition("@")[2].lower()
    names = (address.lower(), *(domain.split(".", at)[-1] for at in range(domain.count("."))))
    return any(name in known and known[name].is_verified for name in names)


def _nowhere_to_listen(recipient: Recipient, seen: Watch) -> Finding | None:
    """Why a message would prove nothing; None for a delivery, where that SES takes the message is something."""
    if recipient.event == "delivery":
        return None
    if seen.unseen:
        return unseen(f"not sent: could not see where {recipient.event}s are published: {'; '.join(seen.unseen)}")
    if seen.elsewhere:
        return unseen(
            f"not sent: {recipient.event}s go to {' and '.join(seen.elsewhere)}, where sesgate can't listen; "
            "name the queue behind it as test_send.queue, with consume: true",
            cause="not-run",
        )
    message = f"no topic takes {recipient.event}s of {recipient.sender.name}: there is nothing to wait for"
    return skipped(message, because=Because("notifications", f"{recipient.sender.name} {recipient.event}"))


def _queue(
    recipient: Recipient, context: Context, resolved: Resolved, how: SendingAs, settings: TestSend
) -> Iterator[Finding]:
    """The queue that the gate names, proven by reads."""
    assert settings.queue is not None
    wanted = queue_named(settings.queue, context.region)
    found = queue(context, wanted)
    if found is None:
        yield missing(settings.queue, wanted.region)
        return
    seen = {event: watch(context, resolved, how.configuration_set, event) for event in ("bounce", "complaint")}
    topics = expected_events(context, how, seen)
    if topics:
        yield from proven(context, found, topics)
    else:
        yield _no_topic(recipient, tuple(seen.values()))


def _no_topic(recipient: Recipient, seen: Sequence[Watch]) -> Finding:
    blind = [text for one in seen for text in one.unseen]
    elsewhere = [name for one in seen for name in one.elsewhere]
    if blind:
        return unseen(f"could not see where events are published: {'; '.join(dict.fromkeys(blind))}")
    if elsewhere:
        names = " and ".join(dict.fromkeys(elsewhere))
        return unseen(
            f"events go to {names}: reads can't prove a queue behind that; consume: true can", cause="not-run"
        )
    message = f"no topic takes bounces or complaints of {recipient.sender.name}"
    return skipped(message, because=Because("notifications", f"{recipient.sender.name} bounce"))
