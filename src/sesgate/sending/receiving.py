"""Messages of a queue: received, deleted, given back."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sesgate.sending.acts import LONG_POLL, Acts
from sesgate.sending.events import Event, read_event

MOST_MESSAGES = 10
"""Messages in one call. Source: SQS API, ReceiveMessage, ChangeMessageVisibilityBatch."""


class Message(NamedTuple):
    """A message as it was received."""

    id: str
    handle: str
    event: Event | None


def receive(acts: Acts, region: str, url: str, *, wait: int = LONG_POLL, hidden: int | None = None) -> list[Message]:
    """Up to ten messages; waits so many seconds for the first. Raises NotSeen.

    `hidden` is how many seconds nobody else receives them; None is as the queue says.
    """
    answer = acts.do(
        region,
        "sqs",
        "ReceiveMessage",
        QueueUrl=url,
        MaxNumberOfMessages=MOST_MESSAGES,
        WaitTimeSeconds=wait,
        **({} if hidden is None else {"VisibilityTimeout": hidden}),
    )
    return [
        Message(str(one.get("MessageId", "")), str(one["ReceiptHandle"]), read_event(str(one.get("Body", ""))))
        for one in answer.get("Messages", ())
    ]


def delete(acts: Acts, region: str, url: str, messages: Sequence[Message]) -> None:
    """Deletes messages. Raises NotSeen."""
    for entries in _entries(messages):
        acts.do(region, "sqs", "DeleteMessageBatch", QueueUrl=url, Entries=entries)


def give_back(acts: Acts, region: str, url: str, messages: Sequence[Message]) -> None:
    """Lets others receive the messages at once. Raises NotSeen."""
    for entries in _entries(messages, VisibilityTimeout=0):
        acts.do(region, "sqs", "ChangeMessageVisibilityBatch", QueueUrl=url, Entries=entries)


def _entries(messages: Sequence[Message], **more: Any) -> Iterator[list[dict[str, Any]]]:
    """The entries of as many calls as it takes."""
    entries = [{"Id": str(at), "ReceiptHandle": one.handle, **more} for at, one in enumerate(messages)]
    for start in range(0, len(entries), MOST_MESSAGES):
        yield entries[start : start + MOST_MESSAGES]
