"""Findings about records that name servers have and resolvers, or SES, do not see; one id for one thing to do."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.finding import DAY, HOUR, MINUTE, DnsRecord, Finding, Owner, Remedy, Severity, Text, failed, pending
from sesgate.ses.walking import Query, Right, walk, where
from sesgate.ses.walks import Place, Published, Walk, delegation, names, told, with_serials
from sesgate.ses.zones import zone_of

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.ses.identities import Identity, LastLook

NOT_SEEN_YET = "not-seen-yet"
SECONDARY_BEHIND = "secondary-behind"
ZONE_UNASKED = "zone-unasked"
ZONE_DIFFERS = "zone-differs"
CAUSE_OF = {
    Place.EVERYWHERE: NOT_SEEN_YET,
    Place.NOT_ON_ALL: SECONDARY_BEHIND,
    Place.UNASKED: ZONE_UNASKED,
}
DOCS = "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-verification.html"
_SAW_NO_RECORD = ("HOST_NOT_FOUND", "TYPE_NOT_FOUND", "INVALID_VALUE")


def zone_causes(severity: Severity) -> dict[str, Severity]:
    """The causes that `misplaced` and `obstacle` tell, for a check to declare."""
    return dict.fromkeys((NOT_SEEN_YET, SECONDARY_BEHIND, ZONE_UNASKED, ZONE_DIFFERS), severity)


class Wanted(Struct, frozen=True):
    """Records that were not seen as wanted. `what` and its `verb` begin the message, `state` ends it.

    `found` is what resolvers show, and `ttl` how many seconds they keep that.
    """

    what: str
    records: tuple[DnsRecord, ...]
    found: str
    ttl: int | None
    state: str = ""
    verb: str = "are"


def misplaced(found: Walk, at: Published, wanted: Wanted) -> Finding | None:
    """The finding about records that are published somewhere; None where they are nowhere to be seen."""
    said = told(found, at, wanted.ttl)
    cause = CAUSE_OF.get(at.place)
    if cause is None or said is None:
        return None
    end = f"; {wanted.state}" if wanted.state else ""
    expected = "; ".join(f"{one.name} {one.type} {one.value}" for one in wanted.records)
    if cause == NOT_SEEN_YET:
        message = f"{wanted.what} {wanted.verb} published, and not yet seen by resolvers: {said}{end}"
        remedy = wait_for_resolvers(found.zone, wanted.ttl)
        return pending(cause, message, expected=expected, found=wanted.found, remedy=remedy)
    if cause == SECONDARY_BEHIND:
        message = f"{wanted.what} {wanted.verb} not on all name servers of {found.zone}: {said}{end}"
        return failed(cause, message, expected=expected, found=wanted.found, remedy=transfer(found, at))
    message = f"{wanted.what} {wanted.verb} published in a zone that nobody asks: {said}{end}"
    return failed(cause, message, expected=expected, found=wanted.found, remedy=delegate(found, wanted.records))


def obstacle(
    context: "Context", identity: "Identity", what: str, wanted: Mapping[Query, Right], records: tuple[DnsRecord, ...]
) -> Finding | None:
    """Why SES does not see records that resolvers show as wanted: one cause, or None where waiting is all there is."""
    look = identity.last_look
    found = walk(context, next(iter(wanted))[0]) if wanted else None
    at = _worst(where(context, found, wanted).values()) if found else None
    if found and at and at.place is Place.NOT_ON_ALL:
        return failed(
            SECONDARY_BEHIND,
            f"{what} are right here, and not on all name servers of {found.zone}: {told(found, at, None)}; {look}",
            expected=f"the same zone on {names(found.asked)}",
            found=f"missing on {with_serials(found, at.lacking)}",
            remedy=transfer(found, at),
        )
    if found and at and at.place in (Place.NOWHERE, Place.UNASKED):
        return failed(
            ZONE_UNASKED,
            f"{what} are right here, in a zone that SES does not come to: {delegation(found)}, and none of these "
            f"has them; {look}",
            expected=f"the records on {names(found.asked) or f'name servers that {found.parent} delegates to'}",
            found=f"no such records on {names(at.lacking)}" if at.lacking else f"records on {names(at.having)}",
            remedy=delegate(found, records),
        )
    return _other_zone(context, identity.name, what, look)


def _worst(places: Iterable[Published]) -> Published | None:
    order = (Place.NOT_ON_ALL, Place.UNASKED, Place.NOWHERE)
    return min((one for one in places if one.place in order), key=lambda one: order.index(one.place), default=None)


def _other_zone(context: "Context", name: str, what: str, look: "LastLook") -> Finding | None:
    """Whether the SOA record that SES saw is that of another zone than the one that resolvers show here."""
    theirs = (look.primary_name_server or "").rstrip(".").lower()
    zone = zone_of(context, name) if theirs and look.error_type in _SAW_NO_RECORD else None
    if zone is None or zone.primary == theirs:
        return None
    return failed(
        ZONE_DIFFERS,
        f"{what} are right here, and SES looks into another zone: it saw that of {theirs}, here it is that of "
        f"{zone.primary} ({look})",
        expected=f"one public zone for {name}",
        found=f"{zone.primary} here, {theirs} at SES",
        remedy=one_zone(name, zone.primary),
    )


def wait_for_resolvers(zone: str, ttl: int | None) -> Remedy:
    """Nothing but time: resolvers forget what they remember when its TTL has run out. RFC 2308 section 5."""
    return Remedy(
        id=f"wait-for-resolvers:{zone}",
        summary=f"Wait until resolvers have forgotten what they remember of {zone}: {ttl or HOUR} s at most",
        owner=Owner.DNS,
        lead_time_seconds=max(ttl or HOUR, MINUTE),
        docs=DOCS,
    )


def transfer(found: Walk, at: Published) -> Remedy:
    """A secondary that does not take the zone over from its primary."""
    return Remedy(
        id=f"transfer-zone:{found.zone}",
        summary=f"Have {names(at.lacking)} take over the zone {found.zone} as {names(at.having)} has it",
        owner=Owner.DNS,
        lead_time_seconds=HOUR,
        changes=(
            Text(
                f"On {names(at.lacking)}: see why the zone transfer (NOTIFY, AXFR) of {found.zone} fails, or, where "
                "two DNS hosts hold it, publish the records at both; each change raises the serial of the SOA record"
            ),
        ),
        docs=DOCS,
    )


def delegate(found: Walk, records: tuple[DnsRecord, ...]) -> Remedy:
    """Either the zone that is asked gets the records, or the parent's delegation leads to the zone that has them."""
    in_use = names(found.asked) if found.delegated else ""
    first = f"Publish the records on {in_use}, which {found.parent} delegates to; or have" if in_use else "Have"
    return Remedy(
        id=f"delegate-zone:{found.zone}",
        summary=f"Publish the records of {found.zone} where resolvers and SES look, or delegate the zone anew",
        owner=Owner.DNS,
        lead_time_seconds=DAY,
        changes=(
            Text(f"{first} the NS records for {found.zone} in {found.parent} name the servers that hold the records"),
            *records,
        ),
        docs=DOCS,
    )


def one_zone(name: str, primary: str) -> Remedy:
    """SES sees the public DNS; what this resolver sees may be private, or not delegated yet."""
    return Remedy(
        id=f"one-zone:{name}",
        summary=f"Publish the records in the public zone of {name} as well, or delegate it to {primary}",
        owner=Owner.DNS,
        lead_time_seconds=DAY,
        changes=(
            Text(
                f"Compare the NS records that the parent zone has for {name} with the name servers of the zone that "
                "holds the records: a private zone, an old DNS host or a delegation that was forgotten"
            ),
        ),
        docs="https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-dkim.html",
    )
