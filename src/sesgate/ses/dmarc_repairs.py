"""How a DMARC record is put right: one record with everything, since a name holds one only. Pure."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from sesgate.finding import HOUR, DnsRecord, Owner, Remedy, Text
from sesgate.mail.dmarc import DmarcSyntaxError, Policy, Record, parse
from sesgate.mail.domains import registrable
from sesgate.ses.records import dmarc_with

RFC = "https://www.rfc-editor.org/rfc/rfc9989.html"
DOCS = "https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html"
STRENGTH = {Policy.NONE: 0, Policy.QUARANTINE: 1, Policy.REJECT: 2}

Tags = Mapping[str, str | None]
"""Tags to set in a record, or to take out where the value is None."""


class Correctable(Protocol):
    """What a fault says of its repair: tags to change in the record, or what else there is to do."""

    @property
    def cause(self) -> str: ...
    @property
    def tags(self) -> Tags: ...
    @property
    def advice(self) -> str | None: ...


def organization(author: str) -> str:
    """Where the DMARC record of a sender's domain belongs, when it is to be published."""
    return registrable(author) or author


def reports_to(domain: str) -> str:
    """A destination for aggregate reports that needs nobody's permission."""
    return f"mailto:dmarc-reports@{domain}"


def first_record(domain: str, minimum: Policy) -> str:
    """A record to begin with: reports, and no more enforcement than the gate asks for."""
    return f"v=DMARC1; p={minimum.value}; rua={reports_to(domain)}"


def strictest(texts: Iterable[str]) -> str | None:
    """Of several records the valid one that asks for most."""
    best: tuple[int, str] | None = None
    for text in texts:
        try:
            record = parse(text)
        except DmarcSyntaxError:
            continue
        if record.p and (best is None or STRENGTH[record.p] > best[0]):
            best = STRENGTH[record.p], dmarc_with(text, {})
    return best[1] if best else None


def corrected(record: Record, faults: Iterable[Correctable]) -> str:
    """The record with all faults put right at once."""
    changes: dict[str, str | None] = {}
    for fault in faults:
        changes |= fault.tags
    return dmarc_with(record.text, changes)


def publish_dmarc(domain: str, text: str, advice: str | None = None) -> Remedy:
    """The one record of a domain; `advice` is what has to go first."""
    return Remedy(
        id=f"publish-dmarc:{domain}",
        summary=f"Publish the one DMARC record of {domain}",
        owner=Owner.DNS,
        lead_time_seconds=HOUR,
        changes=(*([Text(advice)] if advice else []), DnsRecord(f"_dmarc.{domain}", "TXT", text)),
        docs=DOCS,
    )


def fault_remedy(fault: Correctable, domain: str, publish: Remedy) -> Remedy:
    """The record with everything put right, or what else there is to do."""
    if fault.tags or fault.advice is None:
        return publish
    return Remedy(f"dmarc-{fault.cause}:{domain}", fault.advice, Owner.DNS, HOUR, (Text(fault.advice),), docs=RFC)
