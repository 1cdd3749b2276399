"""The DNS source: one question to one resolver, over UDP and then TCP, with what went wrong told apart."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

TRIES = 2
MOST_CNAMES = 10
PAYLOAD = 1232


@dataclass(frozen=True, slots=True)
class Server:
    """One DNS server."""

    address: str
    port: int = 53


class DnsSource(OneByOne):
    """Answers ("dns", type, name, place). `places` maps a resolver's place to its servers, tried in order."""

    def __init__(self, places: Mapping[str, Sequence[Server]], timeout: float = 3.0) -> None:
        self._places = places
        self._timeout = timeout
        self.limit = timeout * TRIES * (MOST_CNAMES + 1) * max((len(servers) for servers in places.values()), default=1)

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002 - DNS waits for no turn
        """`{"rcode", "records", "chain", "ttl"}`: see `Lookup`. NXDOMAIN and "no data" are answers."""
        rdtype, name, place = question.fields
        try:
            wanted = dns.name.from_text(name)
            kind = dns.rdatatype.from_text(rdtype)
        except dns.exception.DNSException:
            return {"rcode": "NXDOMAIN", "records": [], "chain": [], "ttl": None}
        return self._follow(wanted, kind, place)

    def _follow(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, place: str) -> dict[str, Any]:
        chain: list[dns.name.Name] = []
        ttls: list[int] = []
        at = name
        while True:
            response = self._ask(at, kind, place)
            at, rrset = _end_of_chain(response, at, kind, chain, ttls)
            if rrset is not None:
                ttls.append(rrset.ttl)
                return _value("NOERROR", [_text(record, kind) for record in rrset], chain, min(ttls))
            if not chain or chain[-1] != at or _is_final(response, at):
                rcode = dns.rcode.to_text(response.rcode())
                return _value(rcode, [], chain, _negative_ttl(response))

    def _ask(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, place: str) -> dns.message.Message:
        failure: NotSeen | None = None
        for server in self._places[place]:
            try:
                return _exchange(name, kind, server, self._timeout, place)
            except NotSeen as unseen:
                failure = failure or unseen
        raise failure or NotSeen(Failure(FailureKind.UNREACHABLE, f"{place} names no DNS server"))


def system_servers() -> list[Server]:
    """The name servers that this machine uses."""
    path = Path("/etc/resolv.conf")
    if sys.platform != "win32" and path.is_file():
        words = [line.split() for line in path.read_text("utf-8", "replace").splitlines()]
        found = [Server(line[1]) for line in words if len(line) > 1 and line[0] == "nameserver"]
        return found[:3] or [Server("127.0.0.1")]
    import dns.resolver

    return [Server(str(address)) for address in dns.resolver.Resolver().nameservers]


def _exchange(
    name: dns.name.Name, kind: dns.rdatatype.RdataType, server: Server, timeout: float, place: str
) -> dns.message.Message:
    """One answer with rcode NOERROR or NXDOMAIN. Raises NotSeen."""
    asked = f"{dns.rdatatype.to_text(kind)} {name.to_text(omit_final_dot=True)}"
    failure = Failure(FailureKind.TIMEOUT, f"{place} did not answer {asked} within {timeout:g} s, {TRIES} times")
    edns = True
    for _ in range(TRIES):
        try:
            response = _once(name, kind, server, timeout, edns=edns)
        except dns.exception.Timeout:
            continue
        except _TcpFailed:
            failure = Failure(FailureKind.UNREACHABLE, f"{place} truncated its answer to {asked} and refused TCP")
            continue
        except OSError:
            failure = Failure(FailureKind.UNREACHABLE, f"{place} could not be reached for {asked}")
            continue
        except (dns.exception.DNSException, ValueError, EOFError):
            failure = Failure(FailureKind.NOT_UNDERSTOOD, f"{place} answered {asked} with something that is not DNS")
            continue
        rcode = response.rcode()
        if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return response
        failure = _rcode_failure(rcode, place, asked)
        if rcode in (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS):
            edns = False
        if rcode == dns.rcode.REFUSED:
            break
    raise NotSeen(failure)


class _TcpFailed(Exception):  # noqa: N818 - never leaves this module
    """The answer was truncated, and TCP did not bring the whole of it."""


def _once(
    name: dns.name.Name, kind: dns.rdatatype.RdataType, server: Server, timeout: float, *, edns: bool
) -> dns.message.Message:
    query = dns.message.make_query(name, kind, use_edns=0 if edns else -1, payload=PAYLOAD)
    try:
        return dns.query.udp(
            query, server.address, timeout, server.port, ignore_unexpected=True, raise_on_truncation=True
        )
    except dns.message.Truncated:
        try:
            return dns.query.tcp(query, server.address, timeout, server.port)
        except (OSError, EOFError) as error:
            raise _TcpFailed from error


def _rcode_failure(rcode: dns.rcode.Rcode, place: str, asked: str) -> Failure:
    kind = {dns.rcode.SERVFAIL: FailureKind.SERVFAIL, dns.rcode.REFUSED: FailureKind.REFUSED}.get(
        rcode, FailureKind.NOT_UNDERSTOOD
    )
    return Failure(kind, f"{place} answered {dns.rcode.to_text(rcode)} to {asked}")


def _end_of_chain(
    response: dns.message.Message,
    at: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    chain: list[dns.name.Name],
    ttls: list[int],
) -> tuple[dns.name.Name, Any]:
    """Follows the CNAMEs of one answer. The name reached, and its records where the answer holds them."""
    while True:
        rrset = response.get_rrset(dns.message.ANSWER, at, dns.rdataclass.IN, kind)
        if rrset is not None:
            return at, rrset
        alias = response.get_rrset(dns.message.ANSWER, at, dns.rdataclass.IN, dns.rdatatype.CNAME)
        if alias is None or kind == dns.rdatatype.CNAME:
            return at, None
        at = _first(alias).target
        if at in chain or len(chain) >= MOST_CNAMES:
            shown = at.to_text(omit_final_dot=True)
            raise NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, f"the CNAME chain through {shown} does not end"))
        chain.append(at)
        ttls.append(alias.ttl)


def _is_final(response: dns.message.Message, at: dns.name.Name) -> bool:
    """Whether this answer speaks for the end of the chain, or only for its beginning."""
    asked = response.question[0].name if response.question else at
    return asked == at or response.rcode() == dns.rcode.NXDOMAIN or _negative_ttl(response) is not None


def _negative_ttl(response: dns.message.Message) -> int | None:
    """RFC 2308 section 5: the lesser of the SOA's own TTL and its MINIMUM field."""
    for rrset in response.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            return int(min(rrset.ttl, _first(rrset).minimum))
    return None


def _first(rrset: Any) -> Any:
    """The one record of a set: dnspython types it by its class only."""
    return rrset[0]


def _value(rcode: str, records: list[str], chain: list[dns.name.Name], ttl: int | None) -> dict[str, Any]:
    names = [name.to_text(omit_final_dot=True) for name in chain]
    return {"rcode": rcode, "records": sorted(records), "chain": names, "ttl": ttl}


def _text(record: Any, kind: dns.rdatatype.RdataType) -> str:
    if kind == dns.rdatatype.TXT:
        return _decode(b"".join(record.strings))
    if kind == dns.rdatatype.MX:
        return f"{record.preference} {_name(record.exchange)}"
    if kind in (dns.rdatatype.CNAME, dns.rdatatype.NS, dns.rdatatype.PTR):
        return _name(record.target)
    return str(record.to_text())


def _name(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True) if name != dns.name.root else "."


def _decode(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")
