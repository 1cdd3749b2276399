"""One DNS question to one server, over UDP and then TCP, with what went wrong told apart."""

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
from msgspec import Struct

from sesgate.evidence.question import Failure, FailureKind, NotSeen

TRIES = 2
PAYLOAD = 1232


class Server(Struct, frozen=True):
    """One DNS server."""

    address: str
    port: int = 53


def exchange(
    name: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    server: Server,
    timeout: float,
    place: str,
    *,
    recursive: bool = True,
) -> dns.message.Message:
    """One answer with rcode NOERROR or NXDOMAIN. `place` names the server in messages. Raises NotSeen."""
    asked = f"{dns.rdatatype.to_text(kind)} {name.to_text(omit_final_dot=True)}"
    failure = Failure(FailureKind.TIMEOUT, f"{place} did not answer {asked} within {timeout:g} s, {TRIES} times")
    edns = True
    for _ in range(TRIES):
        try:
            response = _once(_query(name, kind, edns=edns, recursive=recursive), server, timeout)
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


def _query(
    name: dns.name.Name, kind: dns.rdatatype.RdataType, *, edns: bool, recursive: bool
) -> dns.message.QueryMessage:
    flags = dns.flags.RD if recursive else dns.flags.Flag(0)
    return dns.message.make_query(name, kind, use_edns=0 if edns else -1, payload=PAYLOAD, flags=flags)


def _once(query: dns.message.Message, server: Server, timeout: float) -> dns.message.Message:
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
