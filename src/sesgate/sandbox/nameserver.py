"""A DNS server on loopback, over UDP and TCP, that answers from a zone document: a resolver, or a zone's own."""

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from sesgate.sandbox.dns_faults import DnsFaults, DnsMisbehaviour
from sesgate.sandbox.listener import TcpListener, reset_on_close
from sesgate.sandbox.log import DnsQuestion, Log
from sesgate.sandbox.zone import Document, as_text, resolve, resolve_at

PLAIN_SIZE = 512
LARGEST_UDP = 1232
LARGEST_TCP = 65535
_GARBAGE = b"\xff" * 7
_log = logging.getLogger(__name__)


class Nameserver:
    """Answers on one port over UDP and TCP. Change the document, and the next answer is changed.

    With `apexes` it is the name server of the zones that begin there, and refuses all others; without, a resolver.
    """

    def __init__(
        self,
        document: Document,
        *,
        faults: DnsFaults | None = None,
        log: Log | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        apexes: Sequence[str] | None = None,
    ) -> None:
        self._document = document
        self._apexes = apexes
        self._faults = faults or DnsFaults()
        self._log = log or Log()
        self._tcp, self._udp = _same_port(self._serve_tcp, host, port)
        threading.Thread(target=self._serve_udp, name="sandbox-dns", daemon=True).start()

    @property
    def address(self) -> str:
        """`127.0.0.1:port`."""
        host, port = self._tcp.address
        return f"{host}:{port}"

    def close(self) -> None:
        """Stops at once."""
        self._tcp.close()
        with contextlib.suppress(OSError):
            self._udp.sendto(b"", self._udp.getsockname())

    def _serve_udp(self) -> None:
        while True:
            try:
                octets, client = self._udp.recvfrom(LARGEST_TCP)
            except OSError:
                octets, client = b"", ("", 0)
            if self._tcp.closing.is_set():
                self._udp.close()
                return
            reply, delay = self._reply(octets, "udp")
            if not reply:
                continue
            if delay:
                later = threading.Timer(delay, self._send, (reply, client))
                later.daemon = True
                later.start()
            else:
                self._send(reply, client)

    def _send(self, reply: bytes, client: tuple[str, int]) -> None:
        with contextlib.suppress(OSError):
            self._udp.sendto(reply, client)

    def _serve_tcp(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while len(prefix := stream.read(2)) == 2:
            reply, delay = self._reply(stream.read(struct.unpack("!H", prefix)[0]), "tcp")
            if delay:
                time.sleep(delay)
            if reply is None:
                self._tcp.closing.wait()
            elif not reply:
                reset_on_close(connection)
                break
            else:
                connection.sendall(struct.pack("!H", len(reply)) + reply)
        stream.close()

    def _reply(self, octets: bytes, transport: str) -> tuple[bytes | None, float]:
        """The octets to send, and the seconds to wait before. None: say nothing. Empty: break the connection."""
        try:
            query = dns.message.from_wire(octets)
        except dns.exception.DNSException:
            return None, 0.0
        try:
            return self._answer(query, transport)
        except Exception:  # noqa: BLE001 - one question must not end the server
            _log.exception("the sandbox could not answer a DNS question")
            return _refusal(query, dns.rcode.SERVFAIL), 0.0

    def _answer(self, query: dns.message.Message, transport: str) -> tuple[bytes | None, float]:
        if query.opcode() != dns.opcode.QUERY:
            return _refusal(query, dns.rcode.NOTIMP), 0.0
        if len(query.question) != 1 or query.question[0].rdclass != dns.rdataclass.IN:
            return _refusal(query, dns.rcode.REFUSED), 0.0
        asked = query.question[0]
        name, rdtype = as_text(asked.name), dns.rdatatype.to_text(asked.rdtype)
        self._log.add_question(DnsQuestion(name, rdtype, transport))
        delay = self._faults.delay(name)
        match self._faults.meet(name, rdtype):
            case None:
                return self._resolved(query, transport), delay
            case DnsMisbehaviour.DROP:
                return None, delay
            case DnsMisbehaviour.SERVFAIL:
                return _refusal(query, dns.rcode.SERVFAIL), delay
            case DnsMisbehaviour.REFUSED:
                return _refusal(query, dns.rcode.REFUSED), delay
            case DnsMisbehaviour.TRUNCATE:
                return _truncated(query) if transport == "udp" else b"", delay
            case DnsMisbehaviour.GARBAGE:
                return query.to_wire()[:2] + _GARBAGE, delay
            case DnsMisbehaviour.CNAME_LOOP:
                return _looped(query), delay

    def _resolved(self, query: dns.message.Message, transport: str) -> bytes:
        asked = query.question[0]
        response = _response(query)
        if self._apexes is None:
            found = resolve(self._document, asked.name, asked.rdtype)
        else:
            found = resolve_at(self._document, self._apexes, asked.name, asked.rdtype)
            response.flags &= ~dns.flags.RA
        if found.is_authoritative:
            response.flags |= dns.flags.AA
        response.set_rcode(found.rcode)
        response.answer.extend(found.answer)
        response.authority.extend(found.authority)
        largest = LARGEST_TCP
        if transport == "udp":
            largest = min(max(query.payload, PLAIN_SIZE), LARGEST_UDP) if query.edns >= 0 else PLAIN_SIZE
        try:
            return response.to_wire(max_size=largest, want_shuffle=False)
        except dns.exception.TooBig:
            return _truncated(query)


def _same_port(serve: Callable[[socket.socket], None], host: str, port: int) -> tuple[TcpListener, socket.socket]:
    """A TCP listener and a UDP socket on one port, a free one where `port` is 0."""
    for attempts_left in range(9, -1, -1):
        tcp = TcpListener(serve, "sandbox-dns", host, port)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.address)
        except OSError:
            udp.close()
            tcp.close()
            if port or not attempts_left:
                raise
        else:
            return tcp, udp
    raise AssertionError


def _response(query: dns.message.Message) -> dns.message.Message:
    return dns.message.make_response(query, recursion_available=True, our_payload=LARGEST_UDP)


def _refusal(query: dns.message.Message, rcode: dns.rcode.Rcode) -> bytes:
    response = _response(query)
    response.set_rcode(rcode)
    return response.to_wire()


def _truncated(query: dns.message.Message) -> bytes:
    response = _response(query)
    response.flags |= dns.flags.TC
    return response.to_wire()


def _looped(query: dns.message.Message) -> bytes:
    response = _response(query)
    name = query.question[0].name
    other = dns.name.from_text("loop", name)
    for alias, target in ((name, other), (other, name)):
        response.answer.append(dns.rrset.from_text(alias, 60, "IN", "CNAME", target.to_text()))
    return response.to_wire()
