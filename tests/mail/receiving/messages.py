"""Messages as a mailbox received them, signed here with a key made here, and the DNS that goes with them."""

import base64
import functools
from typing import Any

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sesgate.mail.message import parse_message
from sesgate.mail.receiving import Facts, Status, judge, read_signatures, trusted
from tests.mail.zones import Node, ZoneResolver

DOMAIN, SELECTOR, ADDRESS = "yourdomain.com", "s1", "54.240.8.52"
PTR = "52.8.240.54.in-addr.arpa"
HOST = "a8-52.smtp-out.amazonses.com"

RESULTS = (
    "mx.google.com; dkim=pass header.i=@yourdomain.com header.s=s1 header.b=AbC=; "
    "spf=pass (google.com: domain of x@bounce.yourdomain.com designates 54.240.8.52 as permitted sender) "
    "smtp.mailfrom=0100=abc@bounce.yourdomain.com; "
    "dmarc=pass (p=QUARANTINE sp=NONE dis=NONE) header.from=yourdomain.com"
)
RECEIVED = (
    f"from {HOST} ({HOST}. [{ADDRESS}]) by mx.google.com with ESMTPS id a1 for <someone@gmail.com> "
    "(version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128); Tue, 24 Nov 2026 06:00:00 -0800 (PST)"
)
OWN = (
    ("From", "Your Domain <no-reply@yourdomain.com>"),
    ("To", "someone@gmail.com"),
    ("Subject", "Your invoice"),
    ("Date", "Tue, 24 Nov 2026 14:00:00 +0000"),
    ("Message-ID", "<0100@email.amazonses.com>"),
)
ONE_CLICK = (
    ("List-Unsubscribe", "<mailto:out@yourdomain.com>, <https://yourdomain.com/out?u=1>"),
    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
)
BODY = b"Dear customer,\r\n\r\nyour  invoice is there. \r\n\r\n\r\n"


@functools.cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of this test run."""
    return rsa.generate_private_key(65537, bits)


def key_record(bits: int = 2048) -> str:
    """The TXT record of that key."""
    public = key(bits).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"


def zone(**changed: Node) -> ZoneResolver:
    """The DNS in which all is right. Names are changed by keyword, dots written as two underscores."""
    nodes: dict[str, Node] = {
        f"{SELECTOR}._domainkey.{DOMAIN}": {"TXT": key_record()},
        f"_dmarc.{DOMAIN}": {"TXT": "v=DMARC1; p=quarantine"},
        PTR: {"PTR": HOST},
        HOST: {"A": ADDRESS},
    }
    return ZoneResolver({**nodes, **{name.replace("__", "."): node for name, node in changed.items()}})


def message(
    own: Any = OWN,
    *,
    more: Any = (),
    received: str | None = RECEIVED,
    results: str | None = RESULTS,
    body: bytes = BODY,
    sign: bool = True,
    covered: list[bytes] | None = None,
    domain: str = DOMAIN,
    bits: int = 2048,
    canonicalize: tuple[bytes, bytes] = (b"relaxed", b"simple"),
    length: bool = False,
) -> bytes:
    """A message with its receiver's fields at the top. `covered` are the fields that the signature covers."""
    written = b"".join(f"{name}: {value}\r\n".encode() for name, value in (*own, *more)) + b"\r\n" + body
    signature = b""
    if sign:
        pem = key(bits).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        names = covered or sorted({name.lower().encode() for name, _ in (*own, *more)})
        how = {"canonicalize": canonicalize, "include_headers": names, "length": length}
        signature = dkim.sign(written, SELECTOR.encode(), domain.encode(), pem, **how)
    top = [("Return-Path", "<0100@bounce.yourdomain.com>"), ("Received", received), ("Authentication-Results", results)]
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in top if value) + signature + written


def judged(
    octets: bytes, resolver: ZoneResolver | None = None, *, servers: tuple[str, ...] = (), is_bulk: bool = False
) -> dict[str, tuple[Status, str]]:
    """Status and what was seen of each rule, by its id."""
    parsed = parse_message(octets)
    signatures = read_signatures(parsed, resolver)
    why = None if resolver else "offline"
    facts = Facts(parsed, trusted(parsed, servers), signatures, resolver, why, is_bulk)
    return {one.rule.id: (one.status, one.seen) for one in judge(facts)}


def statuses(octets: bytes, resolver: ZoneResolver | None = None, **told: Any) -> dict[str, Status]:
    """The status of each rule, by its id."""
    return {name: status for name, (status, _) in judged(octets, resolver, **told).items()}
