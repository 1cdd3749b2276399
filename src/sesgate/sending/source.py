"""The source of answers that acting gives: each question sends one message and waits for what SES tells of it.

Question: ("sending", "message", SENDER, ADDRESS), with `from`, `configuration_set`, `reply_to`, `event` (what is
awaited; null for nothing), `topics` (where), or `queue` and `queue_region` (its URL: it is read in place of
the application), `timeout` (seconds) and `per_second`.
Answer: `to` with its nonce, `message_id`, `at`, `by`, `refused`; `events`, each with the seconds until it came;
`missing` (the places where nothing came); `strays` (events that fit by message id or by nonce, and not by both); and
how many `others` there were. No body is kept, and nothing of other people's mail.
"""

import secrets
import threading
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from sesgate.clock import Clock, to_text
from sesgate.evidence.aws import AwsSource
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question
from sesgate.sending.acts import ActFailed, Acts
from sesgate.sending.events import Event
from sesgate.sending.inbox import Arrival, Inbox
from sesgate.sending.journal import Header, Journal, Thing
from sesgate.sending.letters import labelled, letter
from sesgate.sending.listening import Listener, TemporaryQueue
from sesgate.sending.pacing import Pace
from sesgate.sending.refusals import refusal
from sesgate.sending.removal import remove_all
from sesgate.sending.shared_queue import SharedQueue

LINGER = 1.0
"""Seconds after what was awaited has come, for what comes twice."""
MAKING = 45.0
"""Seconds that making the queue and sending may take, beside the waiting."""


def nonce_for(_address: str) -> str:
    """Ten hexadecimal digits, new for each message."""
    return secrets.token_hex(5)


class Run(Struct, frozen=True):
    """On whose behalf is acted. `endpoint` is told where it is not AWS."""

    region: str
    account: str | None
    caller: str | None
    profile: str | None = None
    endpoint: str | None = None


@dataclass
class _Ears:
    """What was opened to hear events: by topic or queue URL; and the ARNs of subscriptions."""

    listeners: dict[str, Listener] = field(default_factory=dict)
    arns: dict[Thing, str] = field(default_factory=dict)
    journal: Journal | None = None
    closed: bool = False


class SendingSource(OneByOne):
    """Sends, listens, and takes everything away again in `close`. `longest` is how long events are waited for.

    `pace` is that of the account, where several runs send from it.
    """

    def __init__(
        self,
        aws: AwsSource,
        clock: Clock,
        folder: Path,
        *,
        longest: float,
        nonces: Callable[[str], str] = nonce_for,
        pace: Pace | None = None,
    ) -> None:
        self.limit = longest + MAKING
        self.run: Run | None = None
        self._acts = Acts(aws)
        self._clock = clock
        self._folder = folder
        self._nonces = nonces
        self._inbox = Inbox()
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._ears = _Ears()
        self._own: set[str] = set()
        self._own_ids: set[str] = set()

    def answer(self, question: Question, flight: Flight) -> Any:
        _act, _sender, address = question.fields
        asked = question.parameters
        nonce = self._nonces(address)
        to = labelled(address, nonce)
        if nonce in to:
            self._own.add(to.lower())
        places = self._listen(asked)
        flight.extend(self._pace.turn(float(asked["per_second"])))
        self._refuse_after_the_end()
        at, began = to_text(self._clock.now()), time.monotonic()
        told = {"to": to, "nonce": nonce, "at": at, "by": self._run().caller}
        try:
            sent = self._acts.do(self._run().region, "sesv2", "SendEmail", **letter(asked, to, nonce))
        except ActFailed as failed:
            reason = refusal(failed)
            if reason is None or failed.unclear:
                raise _unclear(failed, to) if failed.unclear else failed from None
            return {**told, "message_id": None, "refused": {"code": failed.code, "reason": reason}}
        message_id = str(sent.get("MessageId", ""))
        self._own_ids.add(message_id)
        heard = self._hear(asked, places, to, message_id, began)
        return {**told, "message_id": message_id, "refused": None, **heard}

    def close(self) -> list[tuple[Thing, str]]:
        """Ends all listening, and removes what was made. What could not be removed, each with the reason."""
        with self._lock:
            self._ears.closed = True
            for listener in self._ears.listeners.values():
                listener.stop()
            journal = self._ears.journal
            if journal is None:
                return []
            stuck = remove_all(self._acts, journal, self._ears.arns)
            journal.close()
            self._ears.journal = None
            return stuck

    def _run(self) -> Run:
        assert self.run is not None
        return self.run

    def _listen(self, asked: Mapping[str, Any]) -> list[str]:
        """Makes sure that each place is being read before anything is sent. Raises NotSeen."""
        if not asked["event"]:
            return []
        if url := asked.get("queue"):
            return [self._opened(url, partial(self._open_declared, url, asked["queue_region"]))]
        return [self._opened(topic, partial(self._open_temporary, topic)) for topic in asked["topics"]]

    def _opened(self, place: str, make: Callable[[], Listener]) -> str:
        with self._lock:
            self._refuse_after_the_end()
            if place not in self._ears.listeners:
                self._ears.listeners[place] = make()
        return place

    def _refuse_after_the_end(self) -> None:
        if self._ears.closed:
            raise NotSeen(Failure(FailureKind.DEADLINE, "the run ended before the message was sent"))

    def _open_declared(self, url: str, region: str) -> Listener:
        queue = SharedQueue(self._acts, region, url, self._inbox, self._is_own)
        queue.open()
        return queue

    def _open_temporary(self, topic: str) -> Listener:
        run = self._run()
        account = run.account or topic.split(":")[4]
        name = f"sesgate-test-send-{secrets.token_hex(6)}"
        if self._ears.journal is None:
            started = to_text(self._clock.now())
            header = Header(account, run.caller, run.endpoint, run.profile, started)
            self._ears.journal = Journal.begin(self._folder, name, header)
        queue = TemporaryQueue(self._acts, self._ears.journal, run.region, account, self._inbox)
        subscription, arn = queue.open(name, topic)
        self._ears.arns[subscription] = arn
        return queue

    def _is_own(self, event: Event) -> bool:
        """A mailbox of one's own gets the application's mail too: its test is known by the message id alone."""
        return event.message_id in self._own_ids or any(one.lower() in self._own for one in event.recipients)

    def _hear(
        self, asked: Mapping[str, Any], places: Sequence[str], to: str, message_id: str, began: float
    ) -> dict[str, Any]:
        """What came of one message, by the places where it was awaited."""
        wanted = asked["event"]

        def missing(arrivals: Sequence[Arrival]) -> list[str]:
            matched = [one for one in arrivals if _matches(one.event, to, message_id)]
            return [at for at in places if not any(one.place == at and one.event.kind == wanted for one in matched)]

        def over(arrivals: Sequence[Arrival]) -> bool:
            ended = any(_matches(one.event, to, message_id) and one.event.kind == "reject" for one in arrivals)
            return ended or not missing(arrivals)

        with self._inbox.awaiting(places):
            if places and self._inbox.wait(places, over, began + float(asked["timeout"])):
                time.sleep(LINGER)
        arrivals = self._inbox.arrivals()
        return {
            "events": [_told(one, began) for one in arrivals if _matches(one.event, to, message_id)],
            "missing": missing(arrivals),
            "strays": [_told(one, began) for one in arrivals if _strays(one.event, to, message_id, self._own)],
            "others": sum(not self._is_own(one.event) for one in arrivals),
        }


def _matches(event: Event, to: str, message_id: str) -> bool:
    """By message id and by nonce."""
    return event.message_id == message_id and _is_to(event, to)


def _strays(event: Event, to: str, message_id: str, with_nonce: Container[str]) -> bool:
    """By one of the two, and not by the other; without a nonce others may have written to the same address."""
    if to.lower() not in with_nonce:
        return event.message_id == message_id and not _is_to(event, to)
    return (event.message_id == message_id) is not _is_to(event, to)


def _is_to(event: Event, to: str) -> bool:
    return to.lower() in (recipient.lower() for recipient in event.recipients)


def _told(arrival: Arrival, began: float) -> dict[str, Any]:
    event = arrival.event
    return {
        "kind": event.kind,
        "field": event.field,
        "form": event.form,
        "place": arrival.place,
        "detail": event.detail,
        "seconds": round(max(arrival.at - began, 0.0), 2),
    }


def _unclear(failed: ActFailed, to: str) -> NotSeen:
    message = f"whether SES took the message to {to} is unclear, and it was not sent again: {failed}"
    return NotSeen(Failure(failed.failure.kind, message))
