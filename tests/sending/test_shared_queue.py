"""The application's queue: what is the run's own is taken, each message once; all else is given back."""

import json
import threading
import time
from typing import Any, cast

import pytest

from sesgate.evidence.question import Failure, FailureKind, NotSeen
from sesgate.sending.acts import Acts
from sesgate.sending.events import Event
from sesgate.sending.inbox import Inbox
from sesgate.sending.shared_queue import HIDDEN, SharedQueue

URL = "https://sqs.ap-southeast-1.amazonaws.com/111122223333/events"


def body(message_id: str) -> str:
    return json.dumps({"eventType": "Bounce", "mail": {"messageId": message_id, "destination": ["a@b.example"]}})


class Queue:
    """Stands for the acts: hands out batches, and writes down what is done."""

    def __init__(self, *batches: list[dict[str, str]] | None) -> None:
        self.batches = list(batches)
        self.asked: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.given_back: list[str] = []
        self.empty = threading.Event()

    def do(self, _region: str, _service: str, name: str, **parameters: Any) -> dict[str, Any]:
        if name == "ReceiveMessage":
            self.asked.append(parameters)
            return {"Messages": self._next()}
        kept = self.deleted if name == "DeleteMessageBatch" else self.given_back
        assert len(parameters["Entries"]) <= 10
        kept += [one["ReceiptHandle"] for one in parameters["Entries"]]
        return {}

    def _next(self) -> list[dict[str, str]]:
        if not self.batches:
            self.empty.set()
            return []
        found = self.batches.pop(0)
        if found is None:
            raise NotSeen(Failure(FailureKind.DENIED, "sqs:ReceiveMessage is denied"))
        return found


def message(name: str, text: str) -> dict[str, str]:
    return {"MessageId": name, "ReceiptHandle": f"handle of {name}", "Body": text}


def is_own(event: Event) -> bool:
    return event.message_id == "ours"


def read(queue: Queue) -> Inbox:
    """What came in by the time that the queue was empty."""
    inbox = Inbox()
    shared = SharedQueue(cast("Acts", queue), "ap-southeast-1", URL, inbox, is_own)
    with inbox.awaiting([URL]):
        shared.open()
        assert queue.empty.wait(20)
        shared.stop()
    return inbox


def test_a_look_goes_through_all_that_waits() -> None:
    others = [[message(f"{batch}-{at}", "theirs") for at in range(10)] for batch in range(3)]
    queue = Queue(*others, [message("event", body("ours")), message("other", body("not ours"))])
    inbox = read(queue)
    assert [one.event.message_id for one in inbox.arrivals()] == ["ours"]
    assert queue.deleted == ["handle of event"]
    assert len(set(queue.given_back)) == len(queue.given_back) == 31
    assert {one["VisibilityTimeout"] for one in queue.asked} == {HIDDEN}
    assert [one["WaitTimeSeconds"] > 0 for one in queue.asked[:5]] == [True, False, False, False, False]


def test_a_message_that_sqs_hands_out_twice_is_one_event() -> None:
    queue = Queue([message("event", body("ours"))], [message("event", body("ours"))])
    assert len(read(queue).arrivals()) == 1


def test_what_is_held_is_given_back_where_the_reading_breaks_off() -> None:
    queue = Queue([message("theirs", "x")], None)
    inbox = Inbox()
    shared = SharedQueue(cast("Acts", queue), "ap-southeast-1", URL, inbox, is_own)
    with inbox.awaiting([URL]):
        shared.open()
        with pytest.raises(NotSeen, match="ReceiveMessage is denied"):
            inbox.wait([URL], lambda _: False, time.monotonic() + 20)
    shared.stop()
    assert queue.given_back == ["handle of theirs"]


def test_nothing_is_received_while_nobody_waits() -> None:
    queue, inbox = Queue([message("theirs", "x")]), Inbox()
    shared = SharedQueue(cast("Acts", queue), "ap-southeast-1", URL, inbox, is_own)
    shared.open()
    assert not queue.empty.wait(0.5)
    shared.stop()
    assert queue.asked == []
