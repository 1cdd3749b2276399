"""Looks at the CNAME records of Easy DKIM where SES looks, and closer where one is not right."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sesgate.evidence import NotSeen
from sesgate.ses.dkim_keys import KeyRecord, read_key
from sesgate.ses.dkim_records import Look, RecordFault, Selector, TokenRecord, cut, judge_target, wanted
from sesgate.ses.identities import tokens_elsewhere
from sesgate.ses.walking import walk, where
from sesgate.ses.walks import Place, Published
from sesgate.ses.zones import apexes

if TYPE_CHECKING:
    from sesgate.context import Context, Seen
    from sesgate.evidence.lookup import Lookup
    from sesgate.ses.identities import Dkim, Identity

NOBODYS_LABEL = "sesgate-asks-for-a-wildcard"
_PLACED = {
    Place.EVERYWHERE: RecordFault.NOT_SEEN_YET,
    Place.NOT_ON_ALL: RecordFault.BEHIND,
    Place.UNASKED: RecordFault.UNASKED,
}


def look(context: "Context", identity: "Identity") -> Look:
    """Looks at all tokens side by side, and at more names only where one is missing. Never raises NotSeen."""
    selectors = [Selector(token, identity.name.lower(), identity.dkim.target(token)) for token in identity.dkim.tokens]
    seen = context.dns_all((selector.name, rdtype) for rdtype in ("CNAME", "TXT") for selector in selectors)
    count = len(selectors)
    pairs = zip(selectors, seen[:count], seen[count:], strict=True)
    records = [_record(selector, cname, txt, identity.dkim) for selector, cname, txt in pairs]
    found = _closer(context, identity.name.lower(), records)
    return _walked(context, _of_other_region(context, identity, found))


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
    return TokenRecord(selector, fault, _found(lookup), keys, ttl=lookup.ttl, unseen=None if fault else key_unseen)


def _found(lookup: "Lookup") -> str:
    return f"CNAME {cut(', '.join(lookup.records))}"


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
        return Look(tuple(_unlike_wildcard(context, domain, records)))
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


def _unlike_wildcard(context: "Context", domain: str, records: list[TokenRecord]) -> list[TokenRecord]:
    """Where a target is foreign: whether a name that nobody publishes has it too. RFC 4592."""
    if not any(record.fault is RecordFault.WRONG for record in records):
        return records
    [probe] = context.dns_all([(f"{NOBODYS_LABEL}._domainkey.{domain}", "CNAME")])
    common = _optional(probe)
    if common is None or not common.records:
        return records
    found = _found(common)
    alike = [record.fault is RecordFault.WRONG and record.found == found for record in records]
    return [
        replace(record, fault=RecordFault.WILDCARD) if same else record
        for record, same in zip(records, alike, strict=True)
    ]


def _of_other_region(context: "Context", identity: "Identity", seen: Look) -> Look:
    """Whether the records that are there are those of the same identity in another region that the gate names."""
    suspects = [one for one in seen.records if one.fault in (RecordFault.MISSING, RecordFault.OLD_TOKEN)]
    if not suspects:
        return seen
    theirs = {
        token: region
        for region, tokens in tokens_elsewhere(context, identity).items()
        for token in tokens
        if token not in identity.dkim.tokens
    }
    names = [(f"{token}._domainkey.{identity.name.lower()}", "CNAME") for token in theirs]
    there = context.dns_all(names) if any(one.fault is RecordFault.MISSING for one in suspects) else []
    standing = [one for one in map(_optional, there) if one and one.records]
    regions = {one.name: theirs[one.name.partition(".")[0]] for one in standing}
    return replace(seen, records=tuple(_foreign(one, theirs, regions) for one in seen.records))


def _foreign(record: TokenRecord, theirs: "Mapping[str, str]", published: "Mapping[str, str]") -> TokenRecord:
    """`theirs` has the regions of tokens of other regions, `published` those of names that stand in the DNS."""
    if record.fault is RecordFault.OLD_TOKEN:
        region = theirs.get(record.found.removeprefix("CNAME ").partition(".")[0].lower())
        found = f"{record.found} (a token of {region})"
    elif record.fault is RecordFault.MISSING and published:
        region = next(iter(published.values()))
        found = f"{record.found}; the records of {region} are there"
    else:
        return record
    return replace(record, fault=RecordFault.OTHER_REGION, found=found) if region else record


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
