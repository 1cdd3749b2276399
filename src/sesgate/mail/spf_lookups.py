"""What an SPF evaluation asks of the DNS, counted and bounded. RFC 7208 section 4.6.4."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from sesgate.mail.resolver import DnsFailure, Records, Resolver
from sesgate.mail.spf_macros import is_name
from sesgate.mail.spf_record import is_spf, shown

TERM_LIMIT = 10
"""Terms that ask the DNS: include, a, mx, ptr, exists, redirect."""

VOID_LIMIT = 2
"""Answers without records."""

MX_LIMIT = 10
PTR_LIMIT = 10

Address = IPv4Address | IPv6Address


class PermanentError(Exception):
    """The record cannot be evaluated as published; the message says why. RFC 7208 section 2.6.7."""


@dataclass(slots=True)
class Lookups:
    """The DNS as one evaluation sees it. Every query may raise DnsFailure, whose message names the query.

    `void_limit` is None for a caller that asks more than a check would.
    """

    resolver: Resolver
    void_limit: int | None = VOID_LIMIT
    terms: int = 0
    voids: int = 0

    def count_term(self, term: str) -> None:
        """Before a term asks the DNS. Raises PermanentError."""
        if self.terms == TERM_LIMIT:
            raise PermanentError(f"more than {TERM_LIMIT} terms ask the DNS; {shown(term)} is one too many")
        self.terms += 1

    def count_void(self, name: str, rdtype: str) -> None:
        """After a term's query came back without records. Raises PermanentError."""
        self.voids += 1
        if self.void_limit is not None and self.voids > self.void_limit:
            raise PermanentError(
                f"more than {self.void_limit} look-ups found nothing; {rdtype} {shown(name)} is one too many"
            )

    def spf_text(self, domain: str, *, counted: bool) -> str | None:
        """The domain's SPF record, None where it has none. Raises PermanentError for several. RFC 7208 section 4.5.

        `counted` is true where a term asks.
        """
        texts = self._of_term(domain, "TXT") if counted else self.texts(domain)
        found = [text for text in texts if is_spf(text)]
        if len(found) > 1:
            raise PermanentError(f"{domain} publishes {len(found)} SPF records, and may publish one")
        return found[0] if found else None

    def texts(self, name: str) -> tuple[str, ...]:
        """All TXT records, never counted as void."""
        return self._ask(name, "TXT").values

    def addresses(self, name: str, version: int) -> tuple[Address, ...]:
        """The A records (version 4) or AAAA records (version 6) that a term asks for."""
        rdtype = _address_type(version)
        return _addresses(self._of_term(name, rdtype), name, rdtype)

    def mail_hosts(self, domain: str) -> tuple[str, ...]:
        """The hosts of the MX records that can be asked for, best first. Raises PermanentError beyond ten records."""
        values = self._of_term(domain, "MX")
        if len(values) > MX_LIMIT:
            raise PermanentError(f"{domain} has {len(values)} MX records, and mx allows {MX_LIMIT}")
        pairs = [value.partition(" ") for value in values]
        ordered = sorted((preference.zfill(5), host.removesuffix(".")) for preference, _, host in pairs)
        return tuple(host for _, host in ordered if is_name(host))

    def client_names(self, address: Address) -> tuple[str, ...]:
        """The names that the address's PTR records give, the first ten, not yet validated. RFC 7208 section 4.6.4."""
        names = [name.removesuffix(".") for name in self._ask(address.reverse_pointer, "PTR").values]
        return tuple(name for name in names[:PTR_LIMIT] if is_name(name))

    def has_address(self, name: str, address: Address) -> bool:
        """Whether a client's name leads back to its address. A DNS failure reads as no. RFC 7208 section 5.5."""
        rdtype = _address_type(address.version)
        try:
            return address in _addresses(self._ask(name, rdtype).values, name, rdtype)
        except DnsFailure:
            return False

    def _of_term(self, name: str, rdtype: str) -> tuple[str, ...]:
        values = self._ask(name, rdtype).values
        if not values:
            self.count_void(name, rdtype)
        return values

    def _ask(self, name: str, rdtype: str) -> Records:
        try:
            return self.resolver.query(name.lower(), rdtype)
        except DnsFailure as failure:
            raise DnsFailure(f"{rdtype} {shown(name)}: {failure}") from failure


def _address_type(version: int) -> str:
    return "A" if version == 4 else "AAAA"


def _addresses(values: tuple[str, ...], name: str, rdtype: str) -> tuple[Address, ...]:
    try:
        return tuple(ip_address(value) for value in values)
    except ValueError as error:
        raise DnsFailure(f"{rdtype} {shown(name)}: {error}") from error
