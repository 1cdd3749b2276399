"""The DSSE envelope: a payload, its type, and signatures over both. Source: DSSE 1.0.0, protocol and envelope."""

import base64
import binascii
import json
from typing import Any

from msgspec import Struct

from sesgate.evidence.question import canonical

PAYLOAD_TYPE = "application/vnd.in-toto+json"


class BadEnvelope(Exception):  # noqa: N818 - it is a statement about a file
    """The octets are no envelope; says what was expected."""


def pae(payload_type: str, body: bytes) -> bytes:
    """The pre-authentication encoding: what is signed. DSSE protocol, "Signature Definition"."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)


class Signature(Struct, frozen=True):
    """A signature, and the name of its key. The name is not authenticated: it is never what a decision rests on."""

    keyid: str
    octets: bytes


class Envelope(Struct, frozen=True):
    """A payload and its signatures."""

    payload: bytes
    signatures: tuple[Signature, ...]
    payload_type: str = PAYLOAD_TYPE

    @property
    def signed(self) -> bytes:
        """The octets that a signature is over."""
        return pae(self.payload_type, self.payload)

    def to_octets(self) -> bytes:
        """Canonical JSON and a line end: an envelope has one spelling."""
        document = {
            "payload": _base64(self.payload),
            "payloadType": self.payload_type,
            "signatures": [{"keyid": one.keyid, "sig": _base64(one.octets)} for one in self.signatures],
        }
        return canonical(document).encode() + b"\n"

    @classmethod
    def from_octets(cls, octets: bytes) -> "Envelope":
        """Reads any spelling, in both alphabets of base64. Raises BadEnvelope."""
        try:
            document = json.loads(octets)
        except (ValueError, RecursionError):
            raise BadEnvelope("it is not JSON") from None
        if not isinstance(document, dict):
            raise BadEnvelope("a JSON object is expected")
        signatures = document.get("signatures")
        if not isinstance(signatures, list) or not signatures:
            raise BadEnvelope('it has no "signatures"')
        return cls(
            _octets(document, "payload"),
            tuple(_signature(one) for one in signatures),
            _text(document, "payloadType"),
        )


def _signature(document: Any) -> Signature:
    if not isinstance(document, dict):
        raise BadEnvelope("a signature is expected to be a JSON object")
    return Signature(_text(document, "keyid") if "keyid" in document else "", _octets(document, "sig"))


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise BadEnvelope(f'it has no "{name}"')
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadEnvelope(f'its "{name}" is no text') from None
    return value


def _octets(document: dict[str, Any], name: str) -> bytes:
    text = _text(document, name).translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadEnvelope(f'its "{name}" is not base64') from None


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
