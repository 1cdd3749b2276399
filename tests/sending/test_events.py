"""Events are read in every form in which they come, and nothing that comes can do harm."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.sending.events import Event, read_event

MAIL = {"messageId": "id-1", "destination": ["bounce+n@simulator.amazonses.com"], "source": "a@b.example"}
BOUNCE: dict[str, Any] = {
    "eventType": "Bounce",
    "mail": MAIL,
    "bounce": {"bounceType": "Permanent", "bounceSubType": "General"},
}
TOPIC = "arn:aws:sns:eu-west-1:111122223333:events"


def enveloped(content: dict[str, Any]) -> str:
    return json.dumps({"Type": "Notification", "TopicArn": TOPIC, "Message": json.dumps(content)})


def test_in_an_envelope() -> None:
    recipients = ("bounce+n@simulator.amazonses.com",)
    wanted = Event("bounce", "eventType", "id-1", recipients, "envelope", TOPIC, "Permanent General")
    assert read_event(enveloped(BOUNCE)) == wanted


def test_raw_and_through_event_bridge() -> None:
    raw = read_event(json.dumps(BOUNCE))
    bridged = read_event(json.dumps({"source": "aws.ses", "detail-type": "Email Bounced", "detail": BOUNCE}))
    assert raw is not None
    assert bridged is not None
    assert (raw.form, bridged.form) == ("raw", "eventbridge")
    assert raw.recipients == bridged.recipients


def test_a_notification_of_an_identity() -> None:
    told = {"notificationType": "Complaint", "mail": MAIL, "complaint": {"complaintFeedbackType": "abuse"}}
    event = read_event(enveloped(told))
    assert event is not None
    assert (event.kind, event.field, event.detail) == ("complaint", "notificationType", "abuse")


def test_the_kind_has_no_spaces() -> None:
    event = read_event(json.dumps({"eventType": "Rendering Failure", "mail": MAIL}))
    assert event is not None
    assert event.kind == "renderingfailure"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{",
        "[" * 100_000,
        json.dumps({"Type": "Notification", "Message": "Successfully validated SNS topic"}),
        json.dumps({"Type": "Notification", "Message": 3}),
        json.dumps({"eventType": "Bounce"}),
        json.dumps({"eventType": 3, "mail": MAIL}),
        json.dumps({"eventType": "Bounce", "mail": "text"}),
        json.dumps(BOUNCE) + " " * (1024 * 1024),
    ],
)
def test_what_is_no_event(body: str) -> None:
    assert read_event(body) is None


def test_what_comes_is_one_short_line() -> None:
    mail = {"messageId": "a\nb" * 500, "destination": [f"x{number}\r\n@y" for number in range(9000)] + [7]}
    event = read_event(json.dumps({**BOUNCE, "mail": mail}))
    assert event is not None
    assert "\n" not in event.message_id
    assert len(event.message_id) <= 320
    assert len(event.recipients) == 50
    assert not any("\n" in one or "\r" in one for one in event.recipients)


_KEYS = st.sampled_from(
    ["eventType", "notificationType", "mail", "bounce", "messageId", "destination", "Type", "Message", "detail"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, JSON, max_size=6))
def test_no_document_breaks_it(document: dict[str, Any]) -> None:
    for body in (json.dumps(document), enveloped(document)):
        event = read_event(body)
        assert event is None or isinstance(event.recipients, tuple)
