"""What is on its way: events that SES will publish, and messages that wait in queues.

It is no part of the account's document: a test changes the document to say what is, and reads here what came of it.
"""

import itertools
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sesgate.sandbox.mail_faults import MailFaults


class Publication(NamedTuple):
    """An event that is due at a monotonic time, for a topic. `source` is what SES sends along as AWS:SourceArn."""

    due: float
    number: int
    topic: str
    source: str
    body: dict[str, Any]


@dataclass
class Waiting:
    """A message in a queue. It can be received from `visible` on, a monotonic time; `receipts` counts how often it was.

    `handle` is the receipt handle of the last time.
    """

    id: str
    body: str
    visible: float = 0.0
    receipts: int = 0
    handle: str = ""


class NotYet(Exception):  # noqa: N818 - it is no fault
    """Nothing is there yet: the call may wait so many seconds for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class Post:
    """The mail and the messages of one account. `sent` are the parameters of every SendEmail that SES took."""

    faults: MailFaults = field(default_factory=MailFaults)
    sent: list[dict[str, Any]] = field(default_factory=list)
    queues: dict[str, list[Waiting]] = field(default_factory=dict)
    _on_the_way: list[Publication] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def publish(self, seconds: float, topic: str, source: str, body: dict[str, Any]) -> None:
        """Has an event published, so many seconds from now."""
        self._on_the_way.append(Publication(time.monotonic() + seconds, next(self._numbers), topic, source, body))

    def take_due(self) -> list[Publication]:
        """What is due by now, in order; it is not on its way any more."""
        now = time.monotonic()
        due = sorted(one for one in self._on_the_way if one.due <= now)
        self._on_the_way = [one for one in self._on_the_way if one.due > now]
        return due

    def put(self, queue: str, body: str) -> None:
        """Puts a message into a queue, by its ARN."""
        self.queues.setdefault(queue, []).append(Waiting(str(uuid.uuid4()), body))
