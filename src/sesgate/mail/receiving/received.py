"""The hop by which a message came from outside to its receiver: TLS, and from which address. RFC 5321, RFC 3848."""

import ipaddress

from msgspec import Struct

from sesgate.mail.domains import is_domain, normalise, registrable
from sesgate.mail.message import Message, domain_of
from sesgate.mail.receiving.fields import Token, tokens

MOST_HOPS = 50
MOST_TOKENS = 200
WITH_TLS = frozenset(
    ("esmtps", "esmtpsa", "lmtps", "lmtpsa", "smtps", "utf8smtps", "utf8smtpsa", "utf8lmtps", "utf8lmtpsa")
)
"""Transmission types that say TLS. RFC 3848, RFC 6531 section 4.3; `smtps` is Yahoo's."""
WITHOUT_TLS = frozenset(("smtp", "esmtp", "esmtpa", "lmtp", "lmtpa", "utf8smtp", "utf8smtpa", "utf8lmtp", "utf8lmtpa"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Hop(Struct, frozen=True):
    """One Received field. `tls` is None where it says neither; `has_ptr` where it shows no result of a look-up."""

    by: str
    address: Address
    tls: bool | None
    has_ptr: bool | None


def handover(message: Message) -> Hop | None:
    """The topmost hop from a public address of someone else: there the receiver took the message over."""
    for value in message.values("received")[:MOST_HOPS]:
        hop = _hop(value)
        if hop:
            return hop
    return None


def _hop(value: str) -> Hop | None:
    found: list[Token] = []
    for token in tokens(value):
        if len(found) == MOST_TOKENS or (token.text == ";" and not token.is_comment):
            break
        found.append(token)
    words = [None if token.is_comment else token.text.lower() for token in found]
    if len(found) < 4 or words[0] != "from" or "by" not in words:
        return None
    at = words.index("by")
    sender, receiver = found[1:at], found[at + 1 :]
    by = words[at + 1] if at + 1 < len(words) else None
    address = next((one for one in map(_address, _parts(sender)) if one and one.is_global), None)
    if by is None or address is None or _same_house(found[1].text, by):
        return None
    return Hop(by[:255], address, _tls(receiver), _has_ptr(sender, address))


def _parts(sender: list[Token]) -> list[str]:
    return [word for token in sender for word in token.text.split()]


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]();,").lower().removeprefix("ipv6:"))
    except ValueError:
        return None


def _same_house(sender: str, receiver: str) -> bool:
    """Whether both hosts are of one organization: a hop within the receiver's own system."""
    names = [domain_of(name) for name in (sender, receiver)]
    if any(name is None or "." not in name or _address(name) for name in names):
        return False
    above = [registrable(normalise(name)) for name in names if name and is_domain(name)]
    return None not in above and len(set(above)) == 1


def _tls(receiver: list[Token]) -> bool | None:
    """What the receiving side says of the connection; what comes before `by` the sender could have written."""
    texts = [token.text.lower() for token in receiver]
    if any(text.startswith(("version=tls", "using tls")) or " tls" in f" {text}" for text in texts[2:]):
        return True
    words = [token.text.lower() for token in receiver if not token.is_comment]
    kind = words[words.index("with") + 1] if "with" in words[:-1] else ""
    if kind in WITH_TLS:
        return True
    return False if kind in WITHOUT_TLS else None


def _has_ptr(sender: list[Token], address: Address) -> bool | None:
    """Whether the receiver found a name for the address: it writes one before the address, or `unknown`."""
    for token in sender:
        words = token.text.split()
        if not token.is_comment or address not in map(_address, words):
            continue
        name = words[0].rstrip(".").lower()
        if name == "unknown":
            return False
        if len(words) > 1 and "." in name and is_domain(name) and not _address(name):
            return True
    return None
