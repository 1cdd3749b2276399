"""What a recursive resolver would answer, if the DNS of the world were one plain document.

```
{"yourdomain.com": {"SOA": "ns1.yourdomain.com hostmaster.yourdomain.com 1 7200 900 1209600 300",
                    "MX": ["10 mx.yourdomain.com"], "TXT": ["v=spf1 -all"], "ttl": {"MX": 3600}},
 "www.yourdomain.com": {"CNAME": "yourdomain.com", "ttl": 60}, "*.apps.yourdomain.com": {"A": ["192.0.2.1"]}}
```

Values are in presentation form, names in lower case and without final dot. A TXT value longer than 255 octets is cut
into strings; a list of texts is taken as the strings themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset

Document = Mapping[str, Mapping[str, Any]]

DEFAULT_TTL = 300
NEGATIVE_TTL = 900
MOST_CNAMES = 16
ROOT_SOA = "a.root-servers.net nstld.verisign-grs.com 2026112400 1800 900 604800 86400"


@dataclass(slots=True)
class Resolution:
    """What is answered: the records of the answer and the authority section."""

    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    answer: list[dns.rrset.RRset] = field(default_factory=list)
    authority: list[dns.rrset.RRset] = field(default_factory=list)
    is_authoritative: bool = False


def resolve(document: Document, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Resolution:
    """Follows CNAMEs to the end; a chain that does not end is answered as far as it goes, without an end."""
    resolution = Resolution()
    seen: set[str] = set()
    while True:
        text = as_text(name)
        if text in seen or len(seen) > MOST_CNAMES:
            return resolution
        seen.add(text)
        records = _records_at(document, text)
        if records is None:
            resolution.rcode = dns.rcode.NXDOMAIN
        elif found := _record_set(name, rdtype, records):
            resolution.answer.append(found)
            return resolution
        elif alias := _record_set(name, dns.rdatatype.CNAME, records):
            resolution.answer.append(alias)
            target: Any = alias[0]
            name = target.target
            continue
        resolution.authority.append(_authority(document, text))
        return resolution


def resolve_at(
    document: Document, apexes: Iterable[str], name: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> Resolution:
    """What a name server says that serves the zones at these apexes: its records, a referral, or REFUSED."""
    text = as_text(name)
    apex = max((one for one in apexes if text == one or text.endswith(f".{one}")), key=len, default=None)
    if apex is None:
        return Resolution(dns.rcode.REFUSED)
    cut = text
    while cut != apex and not document.get(cut, {}).get("NS"):
        cut = cut.partition(".")[2]
    if cut != apex:
        found = _record_set(dns.name.from_text(cut), dns.rdatatype.NS, document[cut])
        return Resolution(authority=[found] if found else [])
    resolution = resolve(document, name, rdtype)
    resolution.is_authoritative = True
    return resolution


def as_text(name: dns.name.Name) -> str:
    """A name as the document writes it; "." for the root."""
    return name.to_text(omit_final_dot=True).lower()


def _records_at(document: Document, name: str) -> Mapping[str, Any] | None:
    """The records, own or from a wildcard (RFC 4592); empty for an empty non-terminal; None where no name is."""
    if name in document:
        return document[name]
    if _has_below(document, name):
        return {}
    encloser = name
    while encloser:
        encloser = encloser.partition(".")[2]
        if encloser in document or _has_below(document, encloser):
            return document.get(f"*.{encloser}")
    return None


def _has_below(document: Document, name: str) -> bool:
    """The names are copied first: the document may change meanwhile."""
    ending = f".{name}"
    return any(known.endswith(ending) for known in list(document))


def _record_set(
    name: dns.name.Name, rdtype: dns.rdatatype.RdataType, records: Mapping[str, Any]
) -> dns.rrset.RRset | None:
    kind = dns.rdatatype.to_text(rdtype)
    values = records.get(kind)
    if not values:
        return None
    ttl = records.get("ttl", DEFAULT_TTL)
    if isinstance(ttl, Mapping):
        ttl = ttl.get(kind, DEFAULT_TTL)
    listed = [values] if isinstance(values, str) else values
    return dns.rrset.from_rdata_list(name, ttl, [_rdata(rdtype, value) for value in listed])


def _rdata(rdtype: dns.rdatatype.RdataType, value: str | Iterable[str]) -> dns.rdata.Rdata:
    if rdtype == dns.rdatatype.TXT:
        strings = _cut(value) if isinstance(value, str) else [part.encode() for part in value]
        return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, rdtype, strings)
    return _parsed(rdtype, str(value))


@lru_cache(maxsize=4096)
def _parsed(rdtype: dns.rdatatype.RdataType, value: str) -> dns.rdata.Rdata:
    return dns.rdata.from_text(dns.rdataclass.IN, rdtype, value, origin=dns.name.root, relativize=False)


def _cut(text: str) -> list[bytes]:
    octets = text.encode()
    return [octets[at : at + 255] for at in range(0, len(octets), 255)] or [b""]


def _authority(document: Document, name: str) -> dns.rrset.RRset:
    """The SOA of the zone that a name lies in, as it goes with a negative answer: RFC 2308 section 3."""
    while name and not document.get(name, {}).get("SOA"):
        name = name.partition(".")[2]
    soa = document.get(name or ".", {}).get("SOA", ROOT_SOA)
    return dns.rrset.from_rdata_list(dns.name.from_text(name or "."), NEGATIVE_TTL, [_parsed(dns.rdatatype.SOA, soa)])
