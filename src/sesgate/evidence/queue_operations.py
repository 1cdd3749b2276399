"""The reads of queues and of their subscriptions. No message is ever received here."""

from collections.abc import Iterator

from sesgate.evidence.operation import Operation

NO_QUEUE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
NO_SUBSCRIPTION = frozenset({"NotFound", "NotFoundException"})

_OF_A_QUEUE = (
    *("QueueArn", "Policy", "KmsMasterKeyId", "SqsManagedSseEnabled", "RedrivePolicy", "FifoQueue"),
    "ApproximateNumberOfMessages",
)


def queue_operations() -> Iterator[Operation]:
    """Simple Queue Service, and what SNS tells of one subscription."""
    yield Operation("sqs", "GetQueueUrl", "sqs:GetQueueUrl", ("QueueUrl",), NO_QUEUE)
    yield Operation(
        "sqs",
        "GetQueueAttributes",
        "sqs:GetQueueAttributes",
        tuple(f"Attributes.{name}" for name in _OF_A_QUEUE),
        NO_QUEUE,
    )
    yield Operation(
        "sns",
        "GetSubscriptionAttributes",
        "sns:GetSubscriptionAttributes",
        tuple(
            f"Attributes.{name}"
            for name in ("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "PendingConfirmation")
        ),
        NO_SUBSCRIPTION,
    )
