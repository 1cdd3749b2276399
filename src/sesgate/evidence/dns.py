"""The DNS source: one question to one resolver, or to one of a zone's own name servers."""

import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from sesgate.evidence.dns_exchange import TRIES, Server, exchange
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import NAME_SERVER, Failure, FailureKind, NotSeen, Question

MOST_CNAMES = 10
MOST_ADDRESSES = 2


class DnsSource(OneByOne):
    """Answers ("dns", type, name, place). `places` maps a resolver's place to its servers, tried in order.

    The place may also be "server <host>": a zone's own name server, whose addresses the resolvers tell, at `port`.
    """

    def __init__(self, places: Mapping[str, Sequence[Server]], timeout: float = 3.0, port: int = 53) -> None:
        self._places = places
        self._timeout = timeout
        self._port = port
        self._hosts: dict[str, list[Server]] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self.limit = timeout * TRIES * (MOST_CNAMES + 1) * max((len(servers) for servers in places.values()), default=1)

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002 - DNS waits for no turn
        """`{"rcode", "records", "chain", "ttl"}`: see `Lookup`. NXDOMAIN and "no data" are answers.

        A name server's answer has "authoritative" and "delegated" too: the NS records of a referral.
        """
        rdtype, name, place = question.fields
        try:
            wanted = dns.name.from_text(name)
            kind = dns.rdatatype.from_text(rdtype)
        except dns.exception.DNSException:
            return {"rcode": "NXDOMAIN", "records": [], "chain": [], "ttl": None}
        if place.startswith(NAME_SERVER):
            return self._at_name_server(wanted, kind, place.removeprefix(NAME_SERVER))
        return self._follow(wanted, kind, place)

    def _at_name_server(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, host: str) -> dict[str, Any]:
        """What one name server says by itself, without recursion. A failed address is followed by the next one."""
        failure = Failure(FailureKind.UNREACHABLE, f"{host} has no address that can be asked")
        for server in self._addresses(host):
            try:
                response = exchange(name, kind, server, self._timeout, host, recursive=False)
            except NotSeen as unseen:
                failure = unseen.failure
            else:
                return _authoritative_value(response, name, kind)
        raise NotSeen(failure)

    def _addresses(self, host: str) -> list[Server]:
        """Where a name server is, as the first resolver tells: at most two addresses, looked up once. RFC 1034 5.3.3"""
        with self._lock:
            turn = self._turns.setdefault(host, threading.Lock())
        with turn:
            if host not in self._hosts:
                self._hosts[host] = self._look_up(host)
            return self._hosts[host]

    def _look_up(self, host: str) -> list[Server]:
        wanted, place = dns.name.from_text(host), next(iter(self._places))
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            found = self._follow(wanted, kind, place)["records"]
            if found:
                return [Server(address, self._port) for address in found[:MOST_ADDRESSES]]
        return []

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
                return exchange(name, kind, server, self._timeout, place)
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


def _authoritative_value(
    response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> dict[str, Any]:
    chain: list[dns.name.Name] = []
    ttls: list[int] = []
    _, rrset = _end_of_chain(response, name, kind, chain, ttls)
    referral = next((one for one in response.authority if one.rdtype == dns.rdatatype.NS), None)
    is_authoritative = bool(response.flags & dns.flags.AA)
    if rrset is not None:
        value = _value("NOERROR", [_text(record, kind) for record in rrset], chain, min([*ttls, rrset.ttl]))
    else:
        value = _value(dns.rcode.to_text(response.rcode()), [], chain, _negative_ttl(response))
    delegated = [_name(record.target) for record in referral] if referral and not is_authoritative else []
    return {**value, "authoritative": is_authoritative, "delegated": sorted(delegated)}


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
