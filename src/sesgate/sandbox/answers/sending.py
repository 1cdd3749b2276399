"""SES takes a message, or refuses it; what becomes of it at the mailbox simulator is published as events.

The simulator: success@ is delivered, bounce@ and suppressionlist@ bounce hard, complaint@ is delivered and complained
about; a label behind `+` is allowed. Mail to anyone else is delivered. Keys of encrypted topics are not weighed.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError

SIMULATOR = "simulator.amazonses.com"
OUTCOMES = {
    "success": ("delivery",),
    "bounce": ("bounce",),
    "suppressionlist": ("bounce",),
    "complaint": ("delivery", "complaint"),
}
TITLES = {"send": "Send", "delivery": "Delivery", "bounce": "Bounce", "complaint": "Complaint"}
FEEDBACK_TOPICS = {"delivery": "DeliveryTopic", "bounce": "BounceTopic", "complaint": "ComplaintTopic"}


def send_email(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Takes the message, and has its events published after the delay of the mail's faults."""
    sender, [recipient] = parameters["FromEmailAddress"], parameters["Destination"]["ToAddresses"]
    _refuse_account(scope, recipient)
    name, identity = _identity(scope, sender)
    configuration_set = parameters.get("ConfigurationSetName") or identity.get("ConfigurationSetName")
    destinations = _destinations(scope, configuration_set)
    scope.post.sent.append(dict(parameters))
    message_id = f"010901{hashlib.sha256(recipient.encode()).hexdigest()[:40]}-000000"
    mail = _mail(scope, parameters, message_id, configuration_set)
    faults = scope.post.faults
    for kind in ("send", *_outcome(recipient, faults.instead)):
        if kind in faults.dropped:
            continue
        told = mail | ({"destination": [f"somebody-else@{SIMULATOR}"]} if kind in faults.misdirected else {})
        after = (0.0 if kind == "send" else faults.delay) + faults.late.get(kind, 0.0)
        body = {"mail": told, kind: _detail(kind, recipient)}
        for topic, source, field in _topics(scope, kind, name, identity, configuration_set, destinations):
            for _ in range(2 if kind in faults.duplicated else 1):
                scope.post.publish(after, topic, source, {field: TITLES[kind], **body})
            for number in range(faults.strays if kind == "send" else 0):
                other = mail | {"messageId": f"stray-{number}", "destination": ["customer@example.com"]}
                scope.post.publish(after, topic, source, {field: TITLES[kind], "mail": other, kind: {}})
    return {"MessageId": message_id}


def _outcome(recipient: str, instead: Mapping[str, str]) -> tuple[str, ...]:
    local, _, domain = recipient.lower().rpartition("@")
    usual = OUTCOMES.get(local.partition("+")[0], ("delivery",)) if domain == SIMULATOR else ("delivery",)
    return tuple(instead.get(kind, kind) for kind in usual)


def _refuse_account(scope: Scope, recipient: str) -> None:
    account = scope.part("ses", "account")
    if not account.get("SendingEnabled", True):
        raise ApiError("SendingPausedException", "Email sending is disabled.", 400)
    simulated = recipient.lower().endswith(f"@{SIMULATOR}")
    if not account.get("ProductionAccessEnabled") and not simulated and _verified(scope, recipient) is None:
        raise _not_verified(scope, recipient)


def _identity(scope: Scope, sender: str) -> tuple[str, dict[str, Any]]:
    found = _verified(scope, sender)
    if found is None:
        raise _not_verified(scope, sender)
    return found


def _verified(scope: Scope, address: str) -> tuple[str, dict[str, Any]] | None:
    identities = scope.part("ses", "identities")
    labels = address.rpartition("@")[2].lower().split(".")
    names = [address.lower(), *(".".join(labels[at:]) for at in range(len(labels) - 1))]
    verified = (name for name in names if identities.get(name, {}).get("VerifiedForSendingStatus"))
    name = next(verified, None)
    return None if name is None else (name, identities[name])


def _not_verified(scope: Scope, address: str) -> ApiError:
    where = scope.region.upper()
    message = f"Email address is not verified. The following identities failed the check in region {where}: {address}"
    return ApiError("MessageRejected", message, 400)


def _destinations(scope: Scope, name: str | None) -> list[dict[str, Any]]:
    if name is None:
        return []
    found = scope.part("ses", "configuration_sets").get(name)
    if found is None:
        raise ApiError("NotFoundException", f"Configuration set <{name}> does not exist.", 404)
    if not found.get("SendingOptions", {}).get("SendingEnabled", True):
        raise ApiError("SendingPausedException", f"Sending is paused for configuration set <{name}>.", 400)
    destinations: list[dict[str, Any]] = found.get("EventDestinations", [])
    return destinations


def _topics(
    scope: Scope,
    kind: str,
    name: str,
    identity: Mapping[str, Any],
    configuration_set: str | None,
    destinations: list[dict[str, Any]],
) -> Iterator[tuple[str, str, str]]:
    """Where an event is published: the topic, what SES sends along as its source, and the field that names the kind."""
    for destination in destinations:
        topic = destination.get("SnsDestination", {}).get("TopicArn")
        if topic and destination.get("Enabled") and kind.upper() in destination.get("MatchingEventTypes", ()):
            yield topic, scope.arn("ses", f"configuration-set/{configuration_set}"), "eventType"
    if topic := identity.get("Notifications", {}).get(FEEDBACK_TOPICS.get(kind, "")):
        yield topic, scope.arn("ses", f"identity/{name}"), "notificationType"


def _mail(
    scope: Scope, parameters: Mapping[str, Any], message_id: str, configuration_set: str | None
) -> dict[str, Any]:
    sender = parameters["FromEmailAddress"]
    tags = {"ses:configuration-set": [configuration_set]} if configuration_set else {}
    return {
        "timestamp": f"{scope.now:%Y-%m-%dT%H:%M:%S}.000Z",
        "source": sender,
        "sendingAccountId": scope.account_id,
        "messageId": message_id,
        "destination": list(parameters["Destination"]["ToAddresses"]),
        "headersTruncated": False,
        "tags": {**tags, "ses:from-domain": [sender.rpartition("@")[2]]},
    }


def _detail(kind: str, recipient: str) -> dict[str, Any]:
    match kind:
        case "bounce":
            bounced = [{"emailAddress": recipient, "action": "failed", "status": "5.1.1"}]
            return {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": bounced}
        case "complaint":
            return {"complaintFeedbackType": "abuse", "complainedRecipients": [{"emailAddress": recipient}]}
        case "delivery":
            return {"recipients": [recipient], "smtpResponse": "250 2.6.0 Message received"}
    return {}


OPERATIONS = {("sesv2", "SendEmail"): send_email}
