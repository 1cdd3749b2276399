"""What mail authentication asks of the DNS: one protocol, so that the logic stays pure."""

from typing import Protocol

from msgspec import Struct


class DnsFailure(Exception):  # noqa: N818 - the DNS failed, not the program
    """The DNS could not tell: time-out, SERVFAIL, REFUSED, an answer that made no sense. RFC 7208 section 2.6.6."""


class Records(Struct, frozen=True):
    """The answer to one query, in presentation form.

    `values` holds addresses for A and AAAA, `"10 mx.example.com"` for MX, the name for PTR and CNAME (no final
    dot), and the joined strings for TXT (with nothing between them). `exists` is false for NXDOMAIN only.
    """

    values: tuple[str, ...] = ()
    exists: bool = True


class Resolver(Protocol):
    """Asks the DNS. CNAME chains are followed; names carry no final dot."""

    def query(self, name: str, rdtype: str) -> Records:
        """The records of `rdtype` at `name`. Raises DnsFailure where the DNS could not tell."""
        ...
