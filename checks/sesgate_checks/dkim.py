"""Will the mail of a sender's domain be signed with a DKIM key of that domain, and can receivers find the key?"""

from collections.abc import Iterator, Sequence

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import Because, Finding, Severity, failed, passed, skipped, unseen
from sesgate.ses import dkim_findings as findings
from sesgate.ses import dkim_parent
from sesgate.ses import dkim_repairs as repairs
from sesgate.ses.dkim_look import look
from sesgate.ses.dkim_own_key import OwnKeyFault, look_at_own_key
from sesgate.ses.dkim_records import Look, RecordFault, TokenRecord, by_fault
from sesgate.ses.identities import Identity, ListedIdentity, identity, listed
from sesgate.ses.publication import zone_causes
from sesgate.ses.senders import resolve_among
from sesgate.ses.walks import told
from sesgate.subjects import SenderDomain

_SAID = {
    RecordFault.MISSING: "missing",
    RecordFault.DOUBLED: "published at a name that holds the domain twice",
    RecordFault.FLATTENED: "answered without a CNAME: the DNS host proxies or flattens it",
    RecordFault.TARGET_DOUBLED: "pointing at a target with the domain appended",
    RecordFault.WRONG_ZONE: "pointing at a signing zone that is not this identity's",
    RecordFault.OLD_TOKEN: "pointing at the token of another set-up",
    RecordFault.OTHER_REGION: "not published: those of the identity in another region are",
    RecordFault.WILDCARD: "not published: a wildcard record answers for",
    RecordFault.WRONG: "pointing somewhere else",
}

_SAID_OF_OWN = {
    OwnKeyFault.MISSING: "is missing",
    OwnKeyFault.DOUBLED: "is published at a name that holds the domain twice",
    OwnKeyFault.INVALID: "is of no use",
}


@check(
    id="dkim",
    each=SenderDomain,
    asked_by="senders",
    serves="SES Easy DKIM CNAME records published and validated",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity"],
    causes={
        "not-domain-identity": Severity.BLOCKER,
        "not-started": Severity.BLOCKER,
        "signing-off": Severity.BLOCKER,
        **dict.fromkeys((dkim_parent.MISSING, dkim_parent.UNUSABLE, dkim_parent.UNVERIFIED), Severity.BLOCKER),
        "domain-missing": Severity.BLOCKER,
        **{fault.value: Severity.BLOCKER for fault in (*RecordFault, *OwnKeyFault)},
        "key-missing": Severity.BLOCKER,
        "key-invalid": Severity.BLOCKER,
        "pending": Severity.BLOCKER,
        **zone_causes(Severity.BLOCKER),
        "status-failed": Severity.BLOCKER,
        "weak-key": Severity.WARNING,
    },
    dns=True,
)
def dkim(subject: SenderDomain, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The nearest domain identity signs, and its key can be found. Sources: GetEmailIdentity, the DNS."""
    identities = listed(context)
    resolved = [resolve_among(identities, sender) for sender in subject.senders]
    addresses = [one.address for one in resolved if one.address]
    nearest = resolved[0].nearest_domain
    if nearest is None:
        yield _without_domain(subject, addresses, context)
        return
    overriding = [address for address in addresses if address.is_verified]
    context.start(
        context.aws_question("sesv2", "GetEmailIdentity", {"EmailIdentity": one.name}) for one in (nearest, *overriding)
    )
    found = identity(context, nearest.name)
    if found is None:
        yield unseen(f"{nearest.name} was in the list of identities and then was not there: run again")
        return
    good = True
    for finding in _problems(found, overriding, context):
        good = False
        yield finding
    if good:
        yield passed(f"{found.name} signs with {_method(found)}, and its key can be found", found="DKIM SUCCESS")


def _problems(found: Identity, overriding: Sequence[ListedIdentity], context: Context) -> Iterator[Finding]:
    if found.dkim.status == "NOT_STARTED" and not found.dkim.tokens:
        yield failed(
            "not-started",
            f"{found.name} has no DKIM: SES signs with amazonses.com only, and DMARC can't pass by DKIM",
            expected="Easy DKIM or BYODKIM",
            found="NOT_STARTED",
            remedy=repairs.start_easy_dkim(found.name, context.region),
        )
        return
    if not found.dkim.signing_enabled:
        yield _signing_off(found.name, context)
    for address in overriding:
        own = identity(context, address.name)
        if own and not own.dkim.signing_enabled:
            yield _signing_off(address.name, context, of=found.name)
    yield from findings.parent(found, context)
    yield from _own_key(found, context) if found.dkim.is_byodkim else _records(found, context)


def _without_domain(subject: SenderDomain, addresses: Sequence[ListedIdentity], context: Context) -> Finding:
    if not addresses:
        sender = subject.senders[0].name
        return skipped(f"no identity of {subject.name} exists", because=Because("identity-verified", sender))
    names = ", ".join(address.name for address in addresses)
    return failed(
        "not-domain-identity",
        f"only addresses of {subject.name} are identities ({names}): SES signs with amazonses.com only, "
        "and DMARC can't pass by DKIM",
        expected=f"a domain identity of {subject.name}, or of a domain above it",
        found=names,
        remedy=repairs.create_domain(subject.name, context.region),
    )


def _signing_off(name: str, context: Context, of: str | None = None) -> Finding:
    told = f"DKIM signing is switched off at the address identity {name}, which counts before {of}"
    return failed(
        "signing-off",
        told if of else f"DKIM signing of {name} is switched off",
        expected="SigningEnabled true",
        found="SigningEnabled false",
        remedy=repairs.sign(name, context.region),
    )


def _records(found: Identity, context: Context) -> Iterator[Finding]:
    """The three records of Easy DKIM. What was seen is told before what was not."""
    seen = look(context, found)
    not_seen = [record.unseen for record in seen.records if record.unseen]
    if not seen.domain_exists:
        yield _domain_missing(found, seen)
    else:
        yield from (_faulty(found, seen, fault, records) for fault, records in by_fault(seen))
    yield from findings.status(found, context, wrong=bool(seen.faulty), seen=not not_seen, records=seen.right)
    keys = [key for record in seen.right for key in record.keys or ()]
    if not seen.faulty and found.dkim.status == "SUCCESS":
        yield from findings.keys(found, keys, all_seen=not not_seen)
    yield from findings.weak(found, max((key.bits for key in keys), default=0), context)
    if not_seen:
        raise not_seen[0]


def _own_key(found: Identity, context: Context) -> Iterator[Finding]:
    """The one record of BYODKIM."""
    try:
        own = look_at_own_key(context, found)
    except NotSeen:
        yield from findings.status(found, context, wrong=False, seen=False)
        raise
    if own.name and own.fault:
        value = own.text if own.fault is OwnKeyFault.DOUBLED else None
        yield failed(
            own.fault.value,
            f"the DKIM key of {found.name} {_SAID_OF_OWN[own.fault]}: {own.found}; {findings.state(found)}",
            expected=f"{own.name} TXT p=<the public key>",
            found=own.found,
            remedy=repairs.own_key(found, own.name, value),
        )
    yield from findings.status(found, context, wrong=own.fault is not None, seen=own.name is not None)
    if not own.fault:
        yield from findings.weak(found, own.bits, context)


def _domain_missing(found: Identity, seen: Look) -> Finding:
    return failed(
        "domain-missing",
        f"{found.name} does not exist in the DNS (NXDOMAIN), and so none of its DKIM records; {findings.state(found)}",
        expected=f"a delegated zone for {found.name}",
        found="NXDOMAIN",
        remedy=repairs.publish(found.name, seen, first=f"Register {found.name}, or delegate its zone"),
    )


def _faulty(found: Identity, seen: Look, fault: RecordFault, records: Sequence[TokenRecord]) -> Finding:
    if placed := findings.placed(found, seen, records):
        return placed
    are = "is" if len(records) == 1 else "are"
    tokens = ", ".join(record.selector.token for record in records)
    return failed(
        fault.value,
        f"{len(records)} of {len(seen.records)} DKIM records of {found.name} {are} {_SAID[fault]} ({tokens}); "
        f"{_searched(seen, records)}{findings.state(found)}",
        expected="; ".join(f"{record.selector.name} CNAME {record.selector.target}" for record in records),
        found="; ".join(dict.fromkeys(record.found for record in records)),
        remedy=repairs.publish(found.name, seen),
    )


def _searched(seen: Look, records: Sequence[TokenRecord]) -> str:
    """What the zone's own name servers say of records that are nowhere."""
    at = records[0].published
    said = told(seen.walk, at, None) if seen.walk and at else None
    return f"{said}; " if said else ""


def _method(found: Identity) -> str:
    bits = f" ({found.dkim.bits} bits)" if found.dkim.bits else ""
    if found.dkim.is_byodkim:
        return "its own key (BYODKIM)"
    if found.dkim.parent_region:
        return f"the keys of its parent in {found.dkim.parent_region}{bits}"
    return f"Easy DKIM{bits}"
