"""What the DKIM state of an identity amounts to, as findings of the check `dkim`: status, keys, their length."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sesgate.finding import Finding, failed, pending, unseen
from sesgate.mail.dkim import MINIMUM_BITS, RECOMMENDED_BITS
from sesgate.ses import dkim_repairs as repairs
from sesgate.ses.dkim_parent import UNVERIFIED, parent_problem
from sesgate.ses.dkim_records import wanted
from sesgate.ses.publication import Wanted, misplaced, obstacle
from sesgate.ses.walks import is_newer
from sesgate.ses.zones import zone_of

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.ses.dkim_keys import KeyRecord
    from sesgate.ses.dkim_records import Look, TokenRecord
    from sesgate.ses.identities import Identity


def state(found: "Identity") -> str:
    """What SES makes of a record that is not right."""
    if found.dkim.status == "SUCCESS":
        return f"SES still counts DKIM as verified, and revokes it once it sees this ({found.last_look})"
    return f"DKIM is {found.dkim.status} ({found.last_look})"


def status(
    found: "Identity", context: "Context", *, wrong: bool, seen: bool, records: "Sequence[TokenRecord]" = ()
) -> Iterator[Finding]:
    """What SES itself says. Pending is told only where no record is wrong: then waiting helps."""
    match found.dkim.status:
        case "SUCCESS":
            return
        case "PENDING" | "TEMPORARY_FAILURE":
            if not wrong:
                yield from _undecided(found, context, records, seen=seen)
        case "FAILED":
            yield failed(
                "status-failed",
                f"SES gave up looking for the DKIM records of {found.name}, and looks again only when told to "
                f"({found.last_look})",
                expected="DKIM SUCCESS",
                found="DKIM FAILED",
                remedy=repairs.restart(found, context.region),
            )
        case "NOT_STARTED":
            yield failed(
                "not-started",
                f"SES was never told to look for the DKIM records of {found.name}",
                expected="DKIM SUCCESS",
                found="DKIM NOT_STARTED",
                remedy=repairs.restart(found, context.region),
            )
        case unknown:
            yield unseen(f"SES tells the DKIM status {unknown!r}, which this version of sesgate does not know")


def _undecided(
    found: "Identity", context: "Context", records: "Sequence[TokenRecord]", *, seen: bool
) -> Iterator[Finding]:
    """SES has not decided, and no record is wrong. A parent that is of no use is told by `parent`."""
    held_up = parent_problem(found, context)
    if held_up is None:
        yield _waiting(found, context, records, seen=seen)
    elif held_up.cause == UNVERIFIED:
        yield held_up


def parent(found: "Identity", context: "Context") -> Iterator[Finding]:
    """A replica of which SES can't make anything, whatever its records: waiting does not help."""
    held_up = parent_problem(found, context) if found.dkim.status != "SUCCESS" else None
    if held_up and (held_up.cause != UNVERIFIED or found.dkim.status in ("FAILED", "NOT_STARTED")):
        yield held_up


def _waiting(found: "Identity", context: "Context", records: "Sequence[TokenRecord]", *, seen: bool) -> Finding:
    if seen and (hindered := unseen_by_ses(found, context, records)):
        return hindered
    right = "are right" if seen else "could not all be looked at"
    known = found.last_look
    zone = zone_of(context, found.name) if seen and known.serial and known.error_type else None
    newer = ""
    if zone and is_newer(zone.serial, known.serial):
        newer = f"; the zone has changed since (serial {zone.serial})"
    return pending(
        "pending",
        f"the DKIM records of {found.name} {right}, and SES has not verified them yet: DKIM is {found.dkim.status}, "
        f"{known}{newer}",
        expected="DKIM SUCCESS",
        found=f"DKIM {found.dkim.status}",
        remedy=repairs.wait(found.name),
    )


def unseen_by_ses(found: "Identity", context: "Context", records: "Sequence[TokenRecord]") -> Finding | None:
    """Why SES does not see records that are right here; None where waiting is all there is."""
    asked = tuple(record.wanted for record in records)
    return obstacle(context, found, f"the DKIM records of {found.name}", wanted(records), asked)


def placed(found: "Identity", seen: "Look", records: "Sequence[TokenRecord]") -> Finding | None:
    """Records that the zone's own name servers have as wanted, at least one of them."""
    first = records[0]
    if seen.walk is None or first.published is None:
        return None
    sought = Wanted(
        what=f"{len(records)} of {len(seen.records)} DKIM records of {found.name}",
        records=tuple(record.wanted for record in records),
        found="; ".join(dict.fromkeys(record.found for record in records)),
        ttl=max((record.ttl or 0 for record in records), default=0) or None,
        state="" if found.dkim.status == "SUCCESS" else state(found),
        verb="is" if len(records) == 1 else "are",
    )
    return misplaced(seen.walk, first.published, sought)


def keys(found: "Identity", records: "Sequence[KeyRecord]", *, all_seen: bool) -> Iterator[Finding]:
    """SES signs with one of its three selectors and keeps the others empty, so one good key is enough."""
    faults = list(dict.fromkeys(key.fault for key in records if key.fault))
    if faults:
        yield failed(
            "key-invalid",
            f"the CNAME records of {found.name} are right, and a key behind them is of no use: {'; '.join(faults)}",
            expected="an RSA key",
            found="; ".join(faults),
            remedy=repairs.ask_aws(found),
        )
    elif all_seen and not any(key.bits for key in records):
        yield failed(
            "key-missing",
            f"the CNAME records of {found.name} are right, and none leads to a key: signatures can't be checked",
            expected="a TXT record with a key behind at least one CNAME",
            found="no key",
            remedy=repairs.ask_aws(found),
        )


def weak(found: "Identity", bits: int, context: "Context") -> Iterator[Finding]:
    """A key that verifiers still take and that is short. `bits` are the key's own, where SES does not tell them."""
    bits = found.dkim.bits or bits
    if not MINIMUM_BITS <= bits < RECOMMENDED_BITS:
        return
    told = f"{found.name} signs with a {bits}-bit key; 2048 bits are wanted (RFC 8301)"
    expected, seen = "2048 bits", f"{bits} bits"
    if found.dkim.is_byodkim:
        yield failed("weak-key", told, expected=expected, found=seen, remedy=repairs.longer_own_key(found))
    elif (found.dkim.next_bits or 0) >= RECOMMENDED_BITS:
        yield pending("weak-key", f"{told}: SES makes the next key with 2048", expected=expected, found=seen)
    else:
        remedy = repairs.longer_key(found, context.region)
        yield failed("weak-key", told, expected=expected, found=seen, remedy=remedy)
