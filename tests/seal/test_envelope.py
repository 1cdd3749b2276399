"""The DSSE envelope, against the specification's own example."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.seal.envelope import BadEnvelope, Envelope, Signature, pae

EXAMPLE = (
    b'{"payload": "aGVsbG8gd29ybGQ=",\n "payloadType": "http://example.com/HelloWorld",\n "signatures": [{"sig": '
    b'"A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}'
)
"""DSSE 1.0.0, "Test Vectors"."""


def test_what_is_signed_is_encoded_as_the_specification_says() -> None:
    wanted = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("http://example.com/HelloWorld", b"hello world") == wanted
    assert Envelope.from_octets(EXAMPLE).signed == wanted


def test_lengths_are_those_of_octets() -> None:
    assert pae("ü", "é".encode()) == "DSSEv1 2 ü 2 é".encode()


def test_both_alphabets_of_base64_are_read() -> None:
    urlsafe = EXAMPLE.replace(b"+", b"-").replace(b"/W2J", b"_W2J")
    assert Envelope.from_octets(urlsafe) == Envelope.from_octets(EXAMPLE)


@given(st.binary(), st.text(st.characters(codec="utf-8")), st.binary(min_size=64, max_size=64))
def test_an_envelope_has_one_spelling(payload: bytes, keyid: str, signature: bytes) -> None:
    envelope = Envelope(payload, (Signature(keyid, signature),))
    octets = envelope.to_octets()
    assert Envelope.from_octets(octets) == envelope
    assert base64.b64decode(json.loads(octets)["payload"]) == payload


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "a JSON object"),
        (b"{}", "signatures"),
        (b'{"signatures": [1]}', "payload"),
        (b'{"signatures": [1], "payload": "aa=="}', "JSON object"),
        (b'{"signatures": [{"sig": "a"}], "payload": "", "payloadType": ""}', '"sig" is not base64'),
        (b'{"signatures": [{"sig": 1}], "payload": "", "payloadType": ""}', '"sig"'),
        (b'{"signatures": [{"sig": "", "keyid": 1}], "payload": "", "payloadType": ""}', '"keyid"'),
        (b'{"signatures": [{"sig": ""}], "payload": "%"}', '"payload" is not base64'),
        (b'{"signatures": [{"sig": ""}], "payload": ""}', '"payloadType"'),
        (b'{"signatures": [{"sig": ""}], "payload": "", "payloadType": "\\ud800"}', '"payloadType" is no text'),
    ],
)
def test_what_is_no_envelope_is_refused(octets: bytes, told: str) -> None:
    with pytest.raises(BadEnvelope, match=told):
        Envelope.from_octets(octets)
