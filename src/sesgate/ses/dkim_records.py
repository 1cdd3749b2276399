"""What stands in the DNS where SES looks for the CNAME records of Easy DKIM, and what went wrong with each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from sesgate.evidence import NotSeen
from sesgate.finding import DnsRecord
from sesgate.ses.dkim_keys import KeyRecord, read_key
from sesgate.ses.identities import DEFAULT_SIGNING_ZONE
from sesgate.ses.publication import NOT_SEEN_YET, SECONDARY_BEHIND, ZONE_UNASKED
from sesgate.ses.walking import Query, Right, walk, where
from sesgate.ses.walks import Place, Published, Walk
from sesgate.ses.zones import apexes

if TYPE_CHECKING:
    from sesgate.context import Context, Seen
    from sesgate.evidence.lookup import Lookup
    from sesgate.ses.identities import Dkim, Identity

SHOWN = 100


class RecordFault(StrEnum):
    """What is wrong with one record. The values are the causes of the check `dkim`."""

    MISSING = "cname-missing"
    DOUBLED = "cname-doubled"
    FLATTENED = "cname-flattened"
    TARGET_DOUBLED = "cname-target-doubled"
    WRONG_ZONE = "cname-wrong-zone"
    OLD_TOKEN = "cname-old-token"  # noqa: S105 - a cause
    WRONG = "cname-wrong"
    NOT_SEEN_YET = NOT_SEEN_YET
    BEHIND = SECONDARY_BEHIND
    UNASKED = ZONE_UNASKED


_PLACED = {
    Place.EVERYWHERE: RecordFault.NOT_SEEN_YET,
    Place.NOT_ON_ALL: RecordFault.BEHIND,
    Place.UNASKED: RecordFault.UNASKED,
}


@dataclass(frozen=True, slots=True)
class Selector:
    """A token of SES: the CNAME `<token>._domainkey.<domain>` has to point at `target`."""

    token: str
    domain: str
    target: str

    @property
    def name(self) -> str:
        return f"{self.token}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """What was found for one token. `fault` is None where the CNAME is right, or where it could not be seen.

    `keys` are the TXT records behind the name; None where they could not be seen. `ttl` is in seconds.
    `published` is where the zone's own name servers have it, where they were asked.
    """

    selector: Selector
    fault: RecordFault | None
    found: str
    keys: tuple[KeyRecord, ...] | None = None
    name_exists: bool = True
    ttl: int | None = None
    unseen: NotSeen | None = None
    published: Published | None = None

    @property
    def wanted(self) -> DnsRecord:
        """What SES waits for."""
        return DnsRecord(self.selector.name, "CNAME", self.selector.target)


@dataclass(frozen=True, slots=True)
class Look:
    """The records of one identity. `domain_exists` is False where the DNS does not know the domain at all."""

    records: tuple[TokenRecord, ...]
    domain_exists: bool = True
    walk: Walk | None = None

    @property
    def faulty(self) -> tuple[TokenRecord, ...]:
        return tuple(record for record in self.records if record.fault)

    @property
    def right(self) -> tuple[TokenRecord, ...]:
        return tuple(record for record in self.records if record.fault is None and record.unseen is None)


def look(context: "Context", identity: "Identity") -> Look:
    """Looks at all tokens side by side, and at more names only where one is missing. Never raises NotSeen."""
    selectors = [Selector(token, identity.name.lower(), identity.dkim.target(token)) for token in identity.dkim.tokens]
    seen = context.dns_all((selector.name, rdtype) for rdtype in ("CNAME", "TXT") for selector in selectors)
    count = len(selectors)
    pairs = zip(selectors, seen[:count], seen[count:], strict=True)
    records = [_record(selector, cname, txt, identity.dkim) for selector, cname, txt in pairs]
    return _walked(context, _closer(context, identity.name.lower(), records))


def wanted(records: Iterable[TokenRecord]) -> dict[Query, Right]:
    """For each record, what its name servers ought to say: see `sesgate.ses.walking.where`."""
    return {(one.selector.name, "CNAME"): partial(_points_at, one.selector.target) for one in records}


def _points_at(target: str, records: tuple[str, ...]) -> bool:
    return [record.lower().rstrip(".") for record in records] == [target.lower()]


def _walked(context: "Context", seen: Look) -> Look:
    """A third look, at the zone's own name servers where the gate asks for it: for each record that is not right."""
    domain = next((record.selector.domain for record in seen.records), None)
    found = walk(context, f"_domainkey.{domain}") if domain else None
    if found is None:
        return seen
    places = where(context, found, wanted(seen.faulty))
    records = tuple(_placed(record, places.get((record.selector.name, "CNAME"))) for record in seen.records)
    published_now = any(record.fault in _PLACED.values() for record in records)
    return Look(records, seen.domain_exists or published_now, found)


def _placed(record: TokenRecord, at: Published | None) -> TokenRecord:
    if at is None:
        return record
    return replace(record, fault=_PLACED.get(at.place, record.fault), published=at)


def judge_target(selector: Selector, targets: Sequence[str], tokens: Iterable[str]) -> RecordFault | None:
    """What is wrong with the targets of the CNAME at a token's name; `tokens` are all that SES waits for."""
    if len(targets) != 1:
        return RecordFault.WRONG
    target = targets[0].lower().rstrip(".")
    token, _, zone = target.partition(".")
    if target == selector.target.lower():
        return None
    if target.startswith(f"{selector.target.lower()}."):
        return RecordFault.TARGET_DOUBLED
    if not _is_signing_zone(zone):
        return RecordFault.WRONG
    if token == selector.token.lower():
        return RecordFault.WRONG_ZONE
    return RecordFault.WRONG if token in tokens else RecordFault.OLD_TOKEN


def _is_signing_zone(zone: str) -> bool:
    return zone == DEFAULT_SIGNING_ZONE or (zone.startswith("dkim.") and zone.endswith(".amazonses.com"))


def _record(selector: Selector, cname: "Seen", txt: "Seen", dkim: "Dkim") -> TokenRecord:
    try:
        lookup = cname.read()
    except NotSeen as unseen:
        return TokenRecord(selector, None, "", unseen=unseen)
    keys, key_unseen = _keys(txt)
    if not lookup.records:
        return _without_cname(selector, lookup, keys)
    fault = judge_target(selector, lookup.records, dkim.tokens)
    if fault is RecordFault.WRONG_ZONE and not dkim.zone_is_told and dkim.status == "SUCCESS" and _has_key(keys):
        fault = None  # SES took it and the key is there: it is the list of zones that is wrong
    found = f"CNAME {cut(', '.join(lookup.records))}"
    return TokenRecord(selector, fault, found, keys, ttl=lookup.ttl, unseen=None if fault else key_unseen)


def _has_key(keys: tuple[KeyRecord, ...] | None) -> bool:
    return any(key.bits and not key.fault for key in keys or ())


def _without_cname(selector: Selector, lookup: "Lookup", keys: tuple[KeyRecord, ...] | None) -> TokenRecord:
    if any(key.bits for key in keys or ()):
        return TokenRecord(selector, RecordFault.FLATTENED, "no CNAME, but a TXT record with a key", keys)
    return TokenRecord(selector, RecordFault.MISSING, str(lookup), None, lookup.exists, lookup.ttl)


def _keys(txt: "Seen") -> tuple[tuple[KeyRecord, ...] | None, NotSeen | None]:
    try:
        return tuple(read_key(text) for text in txt.read().records), None
    except NotSeen as unseen:
        return None, unseen


def _closer(context: "Context", domain: str, records: list[TokenRecord]) -> Look:
    """A second look where records are missing: at the doubled names, at addresses, at the domain itself."""
    absent = [record for record in records if record.fault is RecordFault.MISSING]
    if not absent:
        return Look(tuple(records))
    zones = apexes(domain)
    doubled = [(f"{record.selector.name}.{zone}", "CNAME") for record in absent for zone in zones]
    names = [(record.selector.name, "A") for record in absent if record.name_exists]
    wildcard = [(f"_domainkey.{domain}", "A")] if names else []
    nothing_there = len(absent) == len(records) and not names
    whole = [(domain, "SOA")] if nothing_there else []
    queries = [*doubled, *names, *wildcard, *whole]
    seen = dict(zip(queries, (_optional(one) for one in context.dns_all(queries)), strict=True))
    common = _values(seen, wildcard)
    told = [_explained(record, seen, zones, common) if record in absent else record for record in records]
    top = seen.get((domain, "SOA"))
    return Look(tuple(told), domain_exists=top is None or top.exists)


def _explained(
    record: TokenRecord,
    seen: "dict[tuple[str, str], Lookup | None]",
    zones: Iterable[str],
    common: frozenset[str],
) -> TokenRecord:
    """Why a record is missing, where that can be seen. `common` is what a wildcard answers to any such name."""
    name = record.selector.name
    for zone in zones:
        lookup = seen.get((f"{name}.{zone}", "CNAME"))
        if lookup and any(target.lower().startswith(f"{record.selector.token.lower()}.") for target in lookup.records):
            return replace(record, fault=RecordFault.DOUBLED, found=f"CNAME at {lookup.name}")
    addresses = _values(seen, [(name, "A")])
    if addresses and addresses != common:
        found = f"no CNAME, but A {cut(', '.join(sorted(addresses)))}"
        return replace(record, fault=RecordFault.FLATTENED, found=found)
    return record


def _values(seen: "dict[tuple[str, str], Lookup | None]", queries: Iterable[tuple[str, str]]) -> frozenset[str]:
    lookups = (seen.get(query) for query in queries)
    return frozenset(value for lookup in lookups if lookup for value in lookup.records)


def _optional(seen: "Seen") -> "Lookup | None":
    """The record is missing whether or not this look tells why."""
    try:
        return seen.read()
    except NotSeen:
        return None


def cut(text: str) -> str:
    """Foreign text, cut to what a message can hold."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def by_fault(look: Look) -> Iterator[tuple[RecordFault, tuple[TokenRecord, ...]]]:
    """The faulty records, those with the same fault together, in the order of `RecordFault`."""
    for fault in RecordFault:
        found = tuple(record for record in look.records if record.fault is fault)
        if found:
            yield fault, found
