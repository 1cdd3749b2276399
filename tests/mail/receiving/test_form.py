"""Header fields, unsubscribing, and how the message came."""

import random

import pytest

from sesgate.mail.message import MessageSyntaxError, parse_message
from sesgate.mail.receiving import Status
from sesgate.mail.resolver import DnsFailure
from tests.mail.receiving.messages import HOST, ONE_CLICK, OWN, PTR, RECEIVED, judged, message, statuses, zone

PASS, FAIL, NOT_SEEN, NOT_ASKED = Status.PASS, Status.FAIL, Status.NOT_SEEN, Status.NOT_ASKED


@pytest.mark.parametrize("name", ["From", "Date", "Message-ID", "Subject", "To"])
def test_a_field_that_is_doubled(name: str) -> None:
    status, seen = judged(message(more=[one for one in OWN if one[0] == name], sign=False))["header-fields"]
    assert (status, seen) == (FAIL, f"{name} 2 times")


@pytest.mark.parametrize(
    ("name", "status"), [("From", FAIL), ("Date", FAIL), ("Message-ID", FAIL), ("Subject", PASS), ("To", PASS)]
)
def test_a_field_that_is_missing(name: str, status: Status) -> None:
    own = [one for one in OWN if one[0] != name]
    assert statuses(message(own, sign=False))["header-fields"] is status


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("From", "a@yourdomain.com, b@yourdomain.com", "2 addresses"),
        ("From", "nobody", "can't be read"),
        ("From", "(" * 9000, "can't be read"),
        ("Date", "yesterday", "no date"),
        ("Message-ID", "0100", "<left@right>"),
        ("Subject", "one\rFrom: x@evil.example", "bare CR"),
        ("Subject", "x" * 999, "octets"),
    ],
)
def test_fields_that_are_written_wrongly(name: str, value: str, why: str) -> None:
    own = [(known, value if known == name else text) for known, text in OWN]
    status, seen = judged(message(own, sign=False))["format"]
    assert status is FAIL
    assert why in seen


@pytest.mark.parametrize(("domain", "status"), [("gmail.com", FAIL), ("GMAIL.COM", FAIL), ("notgmail.com", PASS)])
def test_nobody_sends_as_a_mailbox_provider(domain: str, status: Status) -> None:
    assert statuses(message((("From", f"a@{domain}"), *OWN[1:])))["from-domain"] is status


LINK, POST = ONE_CLICK


@pytest.mark.parametrize(
    ("more", "transactional", "bulk"),
    [
        ((), NOT_ASKED, FAIL),
        ((LINK,), NOT_ASKED, FAIL),
        ((POST,), FAIL, FAIL),
        ((LINK, POST), PASS, PASS),
        ((("List-Unsubscribe", "<mailto:out@yourdomain.com>"), POST), FAIL, FAIL),
        ((("List-Unsubscribe", "<http://yourdomain.com/out>"), POST), FAIL, FAIL),
        ((("List-Unsubscribe", "https://yourdomain.com/out"), POST), FAIL, FAIL),
        ((("List-Unsubscribe", "<https://[>"), POST), FAIL, FAIL),
        ((LINK, ("List-Unsubscribe-Post", "One-Click")), FAIL, FAIL),
        ((LINK, LINK, POST), FAIL, FAIL),
    ],
)
def test_one_click(more: tuple[tuple[str, str], ...], transactional: Status, bulk: Status) -> None:
    octets = message(more=more)
    assert statuses(octets, zone())["one-click"] is transactional
    assert statuses(octets, zone(), is_bulk=True)["one-click"] is bulk


def test_both_fields_have_to_be_signed() -> None:
    half = message(more=ONE_CLICK, covered=[b"from", b"list-unsubscribe"])
    assert statuses(half, zone())["one-click-signed"] is FAIL
    whole = message(more=ONE_CLICK)
    assert statuses(whole, zone())["one-click-signed"] is PASS
    assert statuses(whole, None)["one-click-signed"] is NOT_SEEN
    assert statuses(whole.replace(b"out?u=1", b"out?u=2"), zone())["one-click-signed"] is FAIL


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (RECEIVED, PASS),
        (f"from {HOST} ({HOST} [54.240.8.52]) by mail.example.net (Postfix) with ESMTP id 1; x", FAIL),
        (
            f"from {HOST} ([54.240.8.52]) by mx.example.net with Microsoft SMTP Server (version=TLS1_2, cipher=x); x",
            PASS,
        ),
        (f"from 54.240.8.52 (EHLO {HOST}) by 10.1.2.3 with SMTPs; x", PASS),
        ("from tls.example (version=TLS1_3 [54.240.8.52]) by mx.example.net with SMTP id 1; x", FAIL),
        (f"from {HOST} ([54.240.8.52]) by mx.example.net; x", NOT_SEEN),
        ("from a.google.com ([54.240.8.52]) by b.google.com with SMTP id 1; x", NOT_SEEN),
        ("by 2002:a05:6402:1 with SMTP id 1; x", NOT_SEEN),
        ("from localhost ([127.0.0.1]) by mx.example.net with SMTP; x", NOT_SEEN),
        (None, NOT_SEEN),
    ],
)
def test_tls_of_the_hop_into_the_receiver(received: str | None, status: Status) -> None:
    assert statuses(message(received=received, sign=False))["tls"] is status


def test_the_address_needs_a_name_that_leads_back() -> None:
    assert statuses(message(), zone(**{PTR: {}}))["ptr"] is FAIL
    assert statuses(message(), zone(**{HOST: {"A": "192.0.2.1"}}))["ptr"] is FAIL
    assert statuses(message(), zone(**{HOST: DnsFailure}))["ptr"] is NOT_SEEN


@pytest.mark.parametrize(
    ("beside", "status"),
    [(f"{HOST}. [54.240.8.52]", PASS), ("unknown [54.240.8.52]", FAIL), ("[54.240.8.52]", NOT_SEEN)],
)
def test_offline_the_receiver_tells_of_the_name(beside: str, status: Status) -> None:
    received = f"from {HOST} ({beside}) by mx.example.net with ESMTPS id 1; x"
    assert statuses(message(received=received, results=None), None)["ptr"] is status


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x00" * 1000,
        b"<html>hello</html>",
        b"Foo: bar\r\n\r\n",
        b"From: a@b.example\r\n" + b" x\r\n" * 6000,
        b"From: " + b"x" * 300_000,
        b"From: a@b.example\r\n\r\n" + b"x" * (25 * 1024 * 1024),
    ],
    ids=["empty", "zeros", "html", "other", "lines", "long", "large"],
)
def test_what_is_no_message(octets: bytes) -> None:
    with pytest.raises(MessageSyntaxError):
        parse_message(octets)


IN_MAILBOX = b"From no-reply@yourdomain.com Tue Nov 24 06:00:00 2026\n"


def test_one_message_in_a_mailbox_file_is_taken_out() -> None:
    octets = message(body=b"Dear customer,\r\nFrom here on\r\n>From there\r\n")
    boxed = IN_MAILBOX + octets.replace(b"\r\n", b"\n").replace(b"\n>From", b"\n>>From").replace(
        b"\nFrom h", b"\n>From h"
    )
    assert statuses(boxed + b"\n", zone()) == statuses(octets, zone())
    assert statuses(octets, zone())["dkim-signature"] is PASS


def test_several_messages_in_a_mailbox_file_are_too_many() -> None:
    boxed = IN_MAILBOX + message().replace(b"\r\n", b"\n") + b"\n"
    with pytest.raises(MessageSyntaxError, match="several messages"):
        parse_message(boxed * 2)


def test_what_canonicalization_would_take_long_for() -> None:
    """Runs of white space and of empty lines, in which a pattern that goes back would be lost."""
    for body in (b" " * 2_000_000 + b"x\r\n", b"\r\n" * 1_000_000, b" \r\n" * 600_000):
        octets = message(canonicalize=(b"relaxed", b"relaxed")).partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body
        assert statuses(octets, zone())["dkim-signature"] is FAIL


def test_noise_in_place_of_any_octets_harms_nothing() -> None:
    noise = random.Random(6)  # noqa: S311 - noise
    octets = message(more=ONE_CLICK)
    for _ in range(150):
        changed = bytearray(octets)
        for _ in range(noise.randrange(1, 12)):
            changed[noise.randrange(len(changed))] = noise.choice(b'()";=<>@\\\r\n\x00\x1b\xff:, ')
        try:
            parsed = statuses(bytes(changed), zone())
        except MessageSyntaxError:
            continue
        assert len(parsed) == 13
