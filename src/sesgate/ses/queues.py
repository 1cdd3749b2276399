"""The queue that the gate names: where it is, and what SQS tells of it."""

import json
import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from sesgate.context import Context

_URL = re.compile(r"https?://(?:sqs\.([a-z0-9-]+)\.)?[^/]*/(\d{12})/([A-Za-z0-9_.-]{1,80})/?")


class QueueName(Struct, frozen=True):
    """A queue as the gate names it: by name, URL or ARN. `account` is None for the account under audit."""

    name: str
    region: str
    account: str | None


class Queue(Struct, frozen=True):
    """What SQS tells of a queue (GetQueueAttributes).

    `most_receipts` is its redrive policy's maxReceiveCount; `waiting` is about how many messages can be received.
    """

    name: str
    region: str
    url: str
    arn: str
    policy: str | None
    key: str | None
    most_receipts: int | None
    is_fifo: bool
    waiting: int


def queue_named(text: str, region: str) -> QueueName:
    """Reads what the gate says."""
    parts = text.split(":")
    if len(parts) == 6 and parts[0] == "arn":
        return QueueName(parts[5], parts[3] or region, parts[4] or None)
    if found := _URL.fullmatch(text):
        return QueueName(found[3], found[1] or region, found[2])
    return QueueName(text, region, None)


def queue(context: "Context", wanted: QueueName) -> Queue | None:
    """The queue; None where there is none. Raises NotSeen."""
    owner = {"QueueOwnerAWSAccountId": wanted.account} if wanted.account else {}
    asked = {"QueueName": wanted.name, **owner}
    told = context.aws("sqs", "GetQueueUrl", asked, region=wanted.region)
    if told is None:
        return None
    url = str(told.get("QueueUrl", ""))
    known = {"QueueUrl": url, "AttributeNames": ["All"]}
    answer = context.aws("sqs", "GetQueueAttributes", known, region=wanted.region)
    if answer is None:
        return None
    attributes: dict[str, Any] = answer.get("Attributes") or {}
    return Queue(
        wanted.name,
        wanted.region,
        url,
        str(attributes.get("QueueArn", "")),
        attributes.get("Policy") or None,
        attributes.get("KmsMasterKeyId") or None,
        _most_receipts(attributes.get("RedrivePolicy")),
        str(attributes.get("FifoQueue", "")).lower() == "true",
        _count(attributes.get("ApproximateNumberOfMessages")),
    )


def _count(text: object) -> int:
    digits = str(text)
    return int(digits[:12]) if digits.isascii() and digits.isdigit() else 0


def _most_receipts(redrive: str | None) -> int | None:
    """A policy that can't be read is as strict as one can be."""
    if not redrive:
        return None
    try:
        return int(json.loads(redrive)["maxReceiveCount"])
    except (ValueError, KeyError, TypeError):
        return 1
