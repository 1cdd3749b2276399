"""A temporary queue of the run's own, which is read for events. `shared_queue` reads the one that the gate names."""

import json
import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

from sesgate.evidence.question import Failure, FailureKind, NotSeen
from sesgate.sending.acts import LONG_POLL, ActFailed, Acts
from sesgate.sending.inbox import Inbox
from sesgate.sending.journal import Journal, Thing
from sesgate.sending.receiving import Message, delete, receive

SETTLING = 10.0
"""Seconds that SQS may take until a new queue is there for everyone."""
RETENTION = 600


class Listener(Protocol):
    """Reads one place until it is stopped."""

    def stop(self) -> None: ...


class TemporaryQueue:
    """A queue that is subscribed to one topic for the time of the run. Each event in it is read once and deleted."""

    def __init__(self, acts: Acts, journal: Journal, region: str, account: str, inbox: Inbox) -> None:
        self._acts = acts
        self._journal = journal
        self._region = region
        self._account = account
        self._inbox = inbox
        self._stopping = threading.Event()
        self._seen: set[str] = set()

    def open(self, name: str, topic: str) -> tuple[Thing, str]:
        """Makes the queue, subscribes it and begins to read. The subscription, and its ARN. Raises NotSeen."""
        queue = Thing(self._region, self._account, name)
        subscription = Thing(self._region, self._account, name, topic)
        queue_arn = f"arn:{topic.split(':')[1]}:sqs:{self._region}:{self._account}:{name}"
        self._write_down(queue)
        attributes = {
            "Policy": json.dumps(only_from(topic, queue_arn)),
            "MessageRetentionPeriod": str(RETENTION),
            "ReceiveMessageWaitTimeSeconds": str(LONG_POLL),
        }
        made = self._acts.do(self._region, "sqs", "CreateQueue", QueueName=name, Attributes=attributes)
        self._write_down(subscription)
        told = self._acts.do(
            self._region,
            "sns",
            "Subscribe",
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=queue_arn,
            ReturnSubscriptionArn=True,
        )
        arn = str(told.get("SubscriptionArn", ""))
        if not arn.startswith("arn:"):
            message = f"the temporary queue's subscription to {topic} waits for its owner to confirm it"
            raise NotSeen(Failure(FailureKind.REJECTED, message))
        threading.Thread(target=self._read, args=(made["QueueUrl"], topic), name="listening", daemon=True).start()
        return subscription, arn

    def stop(self) -> None:
        """Ends the reading; what was made stays for `remove_all`."""
        self._stopping.set()

    def _write_down(self, thing: Thing) -> None:
        try:
            self._journal.about_to_make(thing)
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            message = f"nothing was sent: the journal {self._journal.path} can't be written ({why})"
            raise NotSeen(Failure(FailureKind.REJECTED, message)) from None

    def _read(self, url: str, place: str) -> None:
        young_until = time.monotonic() + SETTLING
        while not self._stopping.is_set():
            try:
                messages = receive(self._acts, self._region, url)
            except NotSeen as failed:
                if isinstance(failed, ActFailed) and failed.is_gone and time.monotonic() < young_until:
                    self._stopping.wait(0.3)
                    continue
                self._inbox.go_blind(place, failed)
                return
            self._take(messages, url, place)

    def _take(self, messages: Sequence[Message], url: str, place: str) -> None:
        for message in messages:
            if message.event is not None and message.id not in self._seen:
                self._inbox.add(message.event, place)
            self._seen.add(message.id)
        try:
            delete(self._acts, self._region, url, messages)
        except NotSeen:
            return  # it comes again, and is known by its id; the queue goes away with all that is in it


def only_from(topic: str, queue_arn: str) -> dict[str, Any]:
    """The policy of a queue that takes messages of this very topic and of nobody else."""
    statement = {
        "Sid": "OnlyThisTopic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
