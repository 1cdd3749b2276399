"""What came of one test message: the answer of the acting source, parsed, and judged event by event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from sesgate.finding import HOUR, MINUTE, Finding, Owner, Remedy, Severity, Text, failed, passed
from sesgate.ses.watching import Way

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"
COMPANIONS = {
    "delivery": {"send", "delivery", "open", "click"},
    "bounce": {"send", "bounce"},
    "complaint": {"send", "delivery", "complaint"},
}
"""The events that belong to a message whose last one is awaited. A delay may come to any of them."""
DELAY = "deliverydelay"


class Heard(Struct, frozen=True):
    """One event: its kind, the field that named it, the form and place in which it came, and after how many seconds."""

    kind: str
    field: str
    form: str
    place: str
    detail: str | None
    seconds: float


class Outcome(Struct, frozen=True):
    """What came of one message. `missing` are the places where the awaited event did not come."""

    to: str
    message_id: str | None
    at: str
    by: str | None
    refused: Mapping[str, str] | None
    events: tuple[Heard, ...] = ()
    missing: tuple[str, ...] = ()
    strays: tuple[Heard, ...] = ()
    others: int = 0

    @property
    def sent(self) -> str:
        """What was sent, for the report."""
        return f"message {self.message_id} to {self.to}, sent {self.at} as {self.by or 'the auditor'}"

    def told(self, event: str) -> str:
        """One line on the message and the time until its event, for who wants to know what was sent."""
        times = [f"{one.seconds:g} s" for one in self.events if one.kind == event]
        came = f"{event} after {' and '.join(times)}" if times else f"no {event} seen"
        return f"sent to {self.to}: {came} (message {self.message_id}, {self.at})"


def outcome(value: Mapping[str, Any]) -> Outcome:
    """Reads the answer to a message's question."""
    return Outcome(
        to=value["to"],
        message_id=value["message_id"],
        at=value["at"],
        by=value["by"],
        refused=value["refused"],
        events=tuple(_heard(one) for one in value.get("events", ())),
        missing=tuple(value.get("missing", ())),
        strays=tuple(_heard(one) for one in value.get("strays", ())),
        others=int(value.get("others", 0)),
    )


def _heard(value: Mapping[str, Any]) -> Heard:
    return Heard(**{name: value[name] for name in ("kind", "field", "form", "place", "detail", "seconds")})


def judge(
    found: Outcome, event: str, places: Mapping[str, Sequence[Way]], *, timeout: float, late_after: float, shared: bool
) -> Iterator[Finding]:
    """The findings for a message that SES took, and whose `event` was awaited at the places.

    `shared` says that the place is a queue which others may read as well.
    """
    wrong = [one for one in found.events if one.kind not in (*COMPANIONS[event], DELAY)]
    if wrong:
        yield _wrong_event(found, event, wrong[0])
    elif found.strays:
        yield _wrong_destination(found, found.strays[0])
    elif found.missing:
        for place in found.missing:
            yield _no_event(found, event, place, places.get(place, ()), timeout, shared=shared)
    else:
        awaited = [one for one in found.events if one.kind == event]
        yield _came(found, event, awaited, late_after)
        for place in places:
            twice = [one for one in awaited if one.place == place]
            if len(twice) > 1:
                yield _duplicate(found, event, place, twice)


def _came(found: Outcome, event: str, awaited: Sequence[Heard], late_after: float) -> Finding:
    last = max(one.seconds for one in awaited)
    where = " and ".join(dict.fromkeys(_named(one.place) for one in awaited))
    form = " and ".join(dict.fromkeys(_FORMS.get(one.form, one.form) for one in awaited))
    detail = f" ({awaited[0].detail})" if awaited[0].detail else ""
    others = f"; {found.others} other messages came by" if found.others else ""
    told = f"the {event} event{detail} of the message to {found.to} came after {last:g} s on {where}, {form}"
    if last > late_after:
        return failed(
            "event-late",
            f"{told}: it was wanted within {late_after:g} s{others}",
            expected=f"within {late_after:g} s",
            found=f"{last:g} s; {found.sent}",
            remedy=Remedy(
                id=f"late:{where}",
                summary="Run the test send again; where it stays slow, ask what holds the events up",
                owner=Owner.AWS,
                lead_time_seconds=10 * MINUTE,
                changes=(
                    Text("Events of the simulator come within seconds. SES and SNS tell of delays on AWS Health."),
                ),
                docs=GUIDE + "send-an-email-from-console.html",
            ),
        )
    return passed(f"{told}{others}", found=found.sent)


_FORMS = {"envelope": "in an SNS envelope", "raw": "raw", "eventbridge": "in an event of EventBridge"}


def _wrong_event(found: Outcome, event: str, came: Heard) -> Finding:
    detail = f" ({came.detail})" if came.detail else ""
    return failed(
        "wrong-event",
        f"a {came.kind} event{detail} came of the message to {found.to}, where a {event} was wanted",
        expected=event,
        found=f"{came.kind}{detail}; {found.sent}",
        remedy=Remedy(
            id=f"wrong-event:{event}:{came.kind}",
            summary=f"Find out why SES tells of a {came.kind}",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(
                Text(
                    "A bounce with the subtype OnAccountSuppressionList means that the address is on the account's own "
                    "suppression list; a reject, that SES took the content for malware."
                ),
            ),
            docs=GUIDE + "sending-email-suppression-list.html",
        ),
    )


def _wrong_destination(found: Outcome, came: Heard) -> Finding:
    return failed(
        "wrong-destination",
        f"a {came.kind} event fits the message to {found.to} by its message id or by its nonce, and not by both",
        expected=f"message id {found.message_id} and destination {found.to} in one event",
        found=f"a {came.kind} event on {_named(came.place)} that has one of them; {found.sent}",
        remedy=Remedy(
            id=f"wrong-destination:{came.place}",
            summary="Find out what changes events on their way, or publishes old ones again",
            owner=Owner.APPLICATION,
            lead_time_seconds=HOUR,
            changes=(Text(f"Look for what else publishes to {came.place}."),),
            docs=GUIDE + "event-publishing-retrieving-sns-contents.html",
        ),
    )


def _no_event(found: Outcome, event: str, place: str, ways: Sequence[Way], timeout: float, *, shared: bool) -> Finding:
    through = f" through {' and '.join(way.name for way in ways)}" if ways else ""
    thief = "; another reader of the queue may have taken it: stop it while the test runs" if shared else ""
    seen = ", ".join(dict.fromkeys(one.kind for one in found.events if one.place == place)) or "nothing"
    return failed(
        "no-event",
        f"SES took the message to {found.to}, and no {event} event came{through} on {_named(place)} within "
        f"{timeout:g} s{thief}",
        expected=f"a {event} event within {timeout:g} s",
        found=f"{seen}; {found.sent}",
        remedy=Remedy(
            id=f"no-event:{place}",
            summary=f"Let SES publish to {_named(place)}",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(
                Text(
                    "In this order: the topic's policy (may ses.amazonaws.com publish for this configuration set?), "
                    "the key of an encrypted topic, the event types of the destination. The notifications check "
                    "reads them."
                ),
            ),
            docs=GUIDE + "event-publishing-add-event-destination-sns.html",
        ),
    )


def _duplicate(found: Outcome, event: str, place: str, twice: Sequence[Heard]) -> Finding:
    fields = list(dict.fromkeys(one.field for one in twice))
    why = (
        "the configuration set (eventType) and the identity (notificationType) both publish there"
        if len(fields) > 1
        else f"all of them as {fields[0]}"
    )
    return failed(
        "duplicate-event",
        f"the {event} event of the message to {found.to} came {len(twice)} times on {_named(place)}: {why}",
        expected="each event once",
        found=f"{len(twice)} times; {found.sent}",
        severity=Severity.WARNING,
        remedy=Remedy(
            id=f"duplicate:{place}",
            summary="Let one of them publish, or let the application tell repeated events by their message id",
            owner=Owner.AWS,
            lead_time_seconds=10 * MINUTE,
            changes=(Text("Take the identity's own topics out where a configuration set tells the same."),),
            docs=GUIDE + "monitor-sending-activity.html",
        ),
    )


def _named(place: str) -> str:
    """A topic or a queue as messages name it."""
    if place.startswith("arn:"):
        return f"SNS topic {place.rpartition(':')[2]}"
    return f"SQS queue {place.rpartition('/')[2]}"
