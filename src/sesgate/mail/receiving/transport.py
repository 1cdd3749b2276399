"""How one message came: over TLS, from an address with a name."""

from collections.abc import Iterator

from sesgate.mail.domains import is_domain
from sesgate.mail.receiving.received import Address, Hop, handover
from sesgate.mail.receiving.rules import Facts, Line, Status
from sesgate.mail.resolver import DnsFailure, Resolver

MOST_NAMES = 5
"""Names of one address that are looked up."""


def transport(facts: Facts) -> Iterator[Line]:
    """The rules `tls` and `ptr`."""
    hop = handover(facts.message)
    if hop is None:
        seen = "no Received field shows a hop from a public address of someone else"
        yield "tls", Status.NOT_SEEN, seen
        yield "ptr", Status.NOT_SEEN, seen
        return
    yield ("tls", *_tls(hop))
    yield ("ptr", *_ptr(facts, hop))


def _tls(hop: Hop) -> tuple[Status, str]:
    if hop.tls is None:
        return Status.NOT_SEEN, f"{hop.by} does not say how it took the message from {hop.address}"
    said = "over TLS" if hop.tls else "without TLS"
    return (Status.PASS if hop.tls else Status.FAIL), f"{hop.by} took it from {hop.address} {said}"


def _ptr(facts: Facts, hop: Hop) -> tuple[Status, str]:
    """By the DNS; offline by `iprev` or what the receiver wrote beside the address. RFC 8601 section 3."""
    if facts.resolver is not None:
        try:
            return _asked(hop.address, facts.resolver)
        except DnsFailure as failure:
            return Status.NOT_SEEN, str(failure)
    for result in facts.results.of("iprev"):
        if result.result in {"pass", "fail"}:
            return Status(result.result), f"iprev={result.result}, says {facts.results.server}"
    if hop.has_ptr is None:
        return Status.NOT_SEEN, f"{hop.by} shows no name of {hop.address}, and the DNS was not asked: offline"
    said = "a name" if hop.has_ptr else "no name"
    return (Status.PASS if hop.has_ptr else Status.FAIL), f"{hop.by} found {said} of {hop.address}"


def _asked(address: Address, resolver: Resolver) -> tuple[Status, str]:
    names = [name for name in resolver.query(address.reverse_pointer, "PTR").values if is_domain(name)]
    if not names:
        return Status.FAIL, f"{address} has no PTR record"
    rdtype = "A" if address.version == 4 else "AAAA"
    for name in names[:MOST_NAMES]:
        if str(address) in resolver.query(name, rdtype).values:
            return Status.PASS, f"{address} is {name}, which leads back to it"
    return Status.FAIL, f"{address} is {names[0]}, which does not lead back to it"
