"""The DKIM signatures of a message, verified by dkimpy with keys that a `Resolver` finds. RFC 6376, RFC 8301."""

import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.mail.dkim import MINIMUM_BITS, DkimSyntaxError, Key, parse_key
from sesgate.mail.domains import DomainSyntaxError, normalise
from sesgate.mail.resolver import DnsFailure

if TYPE_CHECKING:
    from sesgate.mail.message import Message
    from sesgate.mail.resolver import Resolver

FIELD = "dkim-signature"
MOST_SIGNATURES = 8
"""Signatures that are verified; a message may bear any number, and each costs a look-up and a walk over the body."""

LONGEST_FIELD = 8000
_WHITE = re.compile(rb"[\t ]+")
_MUCH_WHITE = re.compile(r"\s{100}")
_SILENT = logging.getLogger("sesgate.mail.receiving.signatures.silent")
_SILENT.disabled = True


class NoVerifier(Exception):  # noqa: N818 - an extra is not installed; nothing is broken
    """dkimpy is not installed."""


class Signature(Struct, frozen=True):
    """One signature. `valid` is None where it could not be told; `reason` says why it is not true.

    `covered` are the header fields in `h=`, in lower case. `part_of_body` tells that `l=` leaves an end unsigned.
    """

    domain: str
    selector: str
    covered: frozenset[str]
    valid: bool | None
    reason: str = ""
    part_of_body: bool = False


class _Invalid(Exception):  # noqa: N818 - never leaves this module
    """The signature does not count, and why."""


class _Unseen(Exception):  # noqa: N818 - never leaves this module
    """Whether it counts could not be told, and why."""


def read_signatures(message: "Message", resolver: "Resolver | None") -> tuple[Signature, ...]:
    """The signatures from the top. Without a resolver they are read and not verified. Raises NoVerifier."""
    values = message.values(FIELD)[:MOST_SIGNATURES]
    if not values or resolver is None:
        return tuple(_read(value, None, "not verified: offline") for value in values)
    try:
        import dkim
    except ModuleNotFoundError:
        raise NoVerifier from None
    return tuple(_verified(message, index, value, resolver, dkim) for index, value in enumerate(values))


def unverified(message: "Message", reason: str) -> tuple[Signature, ...]:
    """The signatures as they are written."""
    return tuple(_read(value, None, reason) for value in message.values(FIELD)[:MOST_SIGNATURES])


def tags(value: str) -> dict[str, str]:
    """The tags of a signature; of those that come twice the first. RFC 6376 section 3.2."""
    found: dict[str, str] = {}
    for segment in value[:LONGEST_FIELD].split(";"):
        name, equals, text = segment.partition("=")
        if equals:
            found.setdefault(name.strip(), "".join(text.split()))
    return found


def _read(value: str, valid: bool | None, reason: str = "") -> Signature:
    found = tags(value)
    covered = frozenset(found.get("h", "").lower().split(":"))
    return Signature(
        found.get("d", "").lower()[:253], found.get("s", "")[:253], covered, valid, reason, part_of_body="l" in found
    )


def _verified(message: "Message", index: int, value: str, resolver: "Resolver", dkim: Any) -> Signature:
    try:
        _check(message, index, value, resolver, dkim)
    except _Invalid as invalid:
        return _read(value, False, str(invalid))
    except (_Unseen, DnsFailure) as unseen:
        return _read(value, None, str(unseen))
    return _read(value, True)


def _check(message: "Message", index: int, value: str, resolver: "Resolver", dkim: Any) -> None:
    """Raises _Invalid, _Unseen and DnsFailure."""
    if len(value) > LONGEST_FIELD:
        raise _Invalid(f"it is longer than {LONGEST_FIELD} characters")
    if _MUCH_WHITE.search(value):
        # dkimpy looks for b= with patterns that such a run makes slow.
        raise _Invalid("it is not written as RFC 6376 has it")
    found = tags(value)
    if "from" not in found.get("h", "").lower().split(":"):
        raise _Invalid("it does not cover From")
    if found.get("a", "").endswith("sha1"):
        raise _Invalid("it is made with SHA-1, which no longer counts")
    text = _key_text(found, resolver)
    _check_key(found, _key(text))
    try:
        verifier = dkim.DKIM(_for_verifier(message, found), logger=_SILENT, minkey=MINIMUM_BITS)
        if verifier.verify(idx=index, dnsfunc=lambda *_, **__: text.encode("utf-8")):
            return
    except dkim.NaClNotFoundError:
        raise _Unseen("an Ed25519 signature is verified with pynacl only: pip install pynacl") from None
    except dkim.DKIMException as error:
        raise _told(str(error)) from None
    except Exception as error:  # noqa: BLE001 - a library on hostile text: that it fails means that nobody can verify it
        raise _Invalid(f"it can't be read ({type(error).__name__})") from None
    raise _Invalid("it does not match the header fields that it covers: they were changed, or the key is another")


def _told(error: str) -> Exception:
    """dkimpy's text holds the message's own octets; only what it is about is told."""
    if error.startswith("body hash mismatch"):
        return _Invalid("the body was changed after it was signed")
    if error.startswith("x= value is past"):
        return _Unseen("it has expired since: whether it counted when the message came can't be told")
    return _Invalid("it is not written as RFC 6376 has it")


def _key_text(found: dict[str, str], resolver: "Resolver") -> str:
    try:
        name = normalise(f"{found.get('s', '')}._domainkey.{found.get('d', '')}")
    except DomainSyntaxError:
        raise _Invalid("its selector and domain make no name") from None
    texts = [text for text in resolver.query(name, "TXT").values if "p=" in "".join(text.split())]
    if not texts:
        raise _Invalid(f"there is no key at {name}")
    return texts[0]


def _key(text: str) -> Key:
    try:
        return parse_key(text)
    except DkimSyntaxError as error:
        raise _Invalid(f"its key can't be used: {error}") from None


def _check_key(found: dict[str, str], key: Key) -> None:
    if key.revoked:
        raise _Invalid("its key was revoked")
    if key.type == "rsa" and key.bits < MINIMUM_BITS:
        raise _Invalid(f"its key of {key.bits} bits is too short: {MINIMUM_BITS} is the least")
    if not key.takes_sha256 or not key.serves_email:
        raise _Invalid("its key is not for mail signed with SHA-256")
    identity = found.get("i", "@" + found.get("d", "")).rpartition("@")[2].lower()
    if key.same_domain and identity != found.get("d", "").lower():
        raise _Invalid("its key has t=s, and the domain of i= is another than d=")


def _for_verifier(message: "Message", found: dict[str, str]) -> bytes:
    """The message, with what canonicalization drops dropped before: dkimpy's own takes quadratic time for it."""
    body = b"".join(_body(message.body, relaxed=found.get("c", "").lower().partition("/")[2] == "relaxed"))
    return message.head.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n" + body


def _body(body: bytes, *, relaxed: bool) -> Iterator[bytes]:
    lines = body.replace(b"\r\n", b"\n")
    if relaxed:
        lines = _WHITE.sub(b" ", lines).replace(b" \n", b"\n")
    kept = lines.rstrip(b"\n")
    yield kept.replace(b"\n", b"\r\n")
    if len(kept) < len(lines):
        yield b"\r\n"
