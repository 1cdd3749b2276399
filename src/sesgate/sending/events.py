"""What a queue's message says of SES's mail. Pure.

Sources: SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS" (`eventType`, through a
configuration set) and "Amazon SNS notification contents" (`notificationType`, through an identity's topics).
"""

import json
from typing import Any, Literal

from msgspec import Struct

MOST = 1024 * 1024
"""Bytes that a message in SQS may have."""
_LONGEST = 320
_MOST_RECIPIENTS = 50

Form = Literal["envelope", "raw", "eventbridge"]


class Event(Struct, frozen=True):
    """One event. `kind` is "bounce", "complaint", "delivery", "send", "reject" …, in lower case without spaces.

    `field` is the one that named the kind: `eventType` or `notificationType`. `form` is how it came: in an SNS
    envelope, raw, or in an event of EventBridge. `detail` is a bounce's type and subtype, a complaint's feedback type.
    """

    kind: str
    field: str
    message_id: str
    recipients: tuple[str, ...]
    form: Form
    topic: str | None = None
    detail: str | None = None


def read_event(body: str) -> Event | None:
    """The event in a message of a queue; None where it is none of SES's."""
    form: Form = "raw"
    topic = None
    content = _object(body)
    if content is None:
        return None
    if content.get("Type") == "Notification" and isinstance(content.get("Message"), str):
        form, topic = "envelope", _text(content.get("TopicArn"))
        content = _object(content["Message"])
    elif content.get("source") == "aws.ses" and isinstance(content.get("detail"), dict):
        form, content = "eventbridge", content["detail"]
    return None if content is None else _event(content, form, topic)


def _event(content: dict[str, Any], form: Form, topic: str | None) -> Event | None:
    field = next((name for name in ("eventType", "notificationType") if isinstance(content.get(name), str)), None)
    mail = content.get("mail")
    if field is None or not isinstance(mail, dict):
        return None
    kind = (_text(content[field]) or "").lower().replace(" ", "")
    recipients = mail.get("destination")
    told = recipients if isinstance(recipients, list) else []
    return Event(
        kind,
        field,
        _text(mail.get("messageId")) or "",
        tuple(_text(one) or "" for one in told[:_MOST_RECIPIENTS]),
        form,
        topic,
        _detail(kind, content.get(kind)),
    )


def _detail(kind: str, told: Any) -> str | None:
    if not isinstance(told, dict):
        return None
    names = {"bounce": ("bounceType", "bounceSubType"), "complaint": ("complaintFeedbackType",)}.get(kind, ())
    parts = [part for name in names if (part := _text(told.get(name)))]
    return " ".join(parts) or None


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > MOST:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(value: Any) -> str | None:
    """On one line, and no longer than an address may be."""
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else None
