"""Which zone the DNS of a domain comes from: what the resolver sees of it, beside what SES saw."""

from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.evidence import NotSeen
from sesgate.mail.domains import registrable

if TYPE_CHECKING:
    from sesgate.context import Context


class Zone(Struct, frozen=True):
    """What the SOA record of a zone says: the primary name server in lower case, and the serial number."""

    primary: str
    serial: int | None


def zone_of(context: "Context", domain: str) -> Zone | None:
    """The zone of a domain, or that of its registrable domain. None where no SOA record could be seen; never raises."""
    for seen in context.dns_all((name, "SOA") for name in apexes(domain)):
        try:
            records = seen.read().records
        except NotSeen:
            continue
        if records:
            return read_soa(records[0])
    return None


def apexes(domain: str) -> tuple[str, ...]:
    """Where the zone of a domain may begin, and so what a DNS host may append: the domain, its registrable domain."""
    return tuple(dict.fromkeys((domain, registrable(domain) or domain)))


def read_soa(text: str) -> Zone:
    """The SOA record in presentation form. RFC 1035 section 3.3.13."""
    fields = text.split()
    serial = int(fields[2]) if len(fields) > 2 and fields[2].isdecimal() else None
    return Zone(fields[0].rstrip(".").lower() if fields else "", serial)
