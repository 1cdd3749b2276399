"""The key of BYODKIM: one TXT record at the selector that SES was given."""

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.evidence import NotSeen
from sesgate.ses.dkim_keys import read_key
from sesgate.ses.zones import apexes

if TYPE_CHECKING:
    from sesgate.context import Context, Seen
    from sesgate.ses.identities import Identity


class OwnKeyFault(StrEnum):
    """What is wrong with the record. The values are causes of the check `dkim`."""

    MISSING = "byodkim-missing"
    DOUBLED = "byodkim-doubled"
    INVALID = "byodkim-invalid"


class OwnKey(Struct, frozen=True):
    """What was found at the selector. `text` is the record, where there is just one, here or at the doubled name.

    `name` is None where SES does not tell the selector, so that nothing could be looked at.
    """

    name: str | None
    fault: OwnKeyFault | None = None
    found: str = ""
    text: str | None = None
    bits: int = 0


def look_at_own_key(context: "Context", identity: "Identity") -> OwnKey:
    """Looks at the selector, and at the doubled names where nothing is there. Raises NotSeen."""
    if not identity.dkim.tokens:
        return OwnKey(None)
    domain = identity.name.lower()
    name = f"{identity.dkim.tokens[0]}._domainkey.{domain}"
    lookup = context.dns(name, "TXT")
    if not lookup.records:
        return _elsewhere(context, name, domain, str(lookup))
    text, *others = lookup.records
    if others:
        found = f"{len(lookup.records)} TXT records: verifiers take any one of them (RFC 6376 section 3.6.2.2)"
        return OwnKey(name, OwnKeyFault.INVALID, found)
    key = read_key(text)
    fault = "an empty p: the key is revoked" if key.is_idle else key.fault
    return OwnKey(name, OwnKeyFault.INVALID if fault else None, fault or f"{key.bits} bits", text, key.bits)


def _elsewhere(context: "Context", name: str, domain: str, found: str) -> OwnKey:
    for seen in context.dns_all((f"{name}.{zone}", "TXT") for zone in apexes(domain)):
        text = _one_key(seen)
        if text is not None:
            return OwnKey(name, OwnKeyFault.DOUBLED, f"TXT at {seen.name}", text)
    return OwnKey(name, OwnKeyFault.MISSING, found)


def _one_key(seen: "Seen") -> str | None:
    """The record is missing whether or not this look tells why."""
    try:
        return next((text for text in seen.read().records if read_key(text).bits), None)
    except NotSeen:
        return None
