"""Does the sender's domain have a MAIL FROM domain of its own, and does SES use it?"""

from collections.abc import Iterator

from msgspec.structs import replace

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.evidence.lookup import Lookup
from sesgate.finding import (
    HOUR,
    Because,
    DnsRecord,
    Finding,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    pending,
    skipped,
    unseen,
)
from sesgate.mail.domains import is_subdomain
from sesgate.ses.envelope import Envelope, envelopes
from sesgate.ses.identities import Identity
from sesgate.ses.mail_from import (
    API,
    DOCS,
    REJECT,
    USE_DEFAULT,
    MxFault,
    meanwhile,
    mx_fault,
    parent_of,
    put_call,
    set_mail_from,
)
from sesgate.ses.mail_from_walk import look_closer, why_unseen
from sesgate.ses.publication import zone_causes
from sesgate.ses.records import MAIL_FROM_SPF, feedback_host, mail_from_mx, mail_hosts
from sesgate.ses.zones import apexes
from sesgate.subjects import SenderDomain


@check(
    id="mail-from",
    each=SenderDomain,
    asked_by="senders",
    serves="Custom MAIL FROM domain set up: MX published, found by SES, behaviour on MX failure chosen",
    severity=Severity.WARNING,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity"],
    dns=True,
    causes={
        "none": Severity.WARNING,
        "differs": Severity.WARNING,
        "not-subdomain": Severity.WARNING,
        "mx-missing": Severity.WARNING,
        "doubled-name": Severity.WARNING,
        "mx-null": Severity.WARNING,
        "mx-several": Severity.WARNING,
        "mx-other-region": Severity.WARNING,
        "mx-wrong": Severity.WARNING,
        "pending": Severity.WARNING,
        "temporary-failure": Severity.WARNING,
        "status-failed": Severity.WARNING,
        **zone_causes(Severity.WARNING),
        "rejects-on-failure": Severity.INFO,
        "also-a-sender": Severity.INFO,
    },
)
def mail_from(subject: SenderDomain, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The custom MAIL FROM domain that applies, its MX, and what SES makes of it. Source: GetEmailIdentity, DNS."""
    by_identity: dict[str, list[Envelope]] = {}
    for envelope in envelopes(context, subject.senders):
        if envelope.identity is None:
            name = envelope.sender.name
            yield skipped(f"no identity stands behind {name}", because=Because("identity-verified", name))
        else:
            by_identity.setdefault(envelope.identity.name, []).append(envelope)
    for members in by_identity.values():
        identity = members[0].identity
        if identity is not None:
            wanted = dict.fromkeys(envelope.declared for envelope in members if envelope.declared)
            yield from _identity(context, identity, tuple(wanted))


def _identity(context: Context, identity: Identity, wanted: tuple[str, ...]) -> Iterator[Finding]:
    applied = identity.mail_from.domain
    if applied is None:
        yield _none(context, identity, wanted)
    for domain in wanted:
        if domain == applied:
            continue
        if applied is not None:
            yield _differs(context, identity, domain)
        parent = parent_of(identity)
        if is_subdomain(domain, parent):
            yield from _mx(context, domain, identity, "")
        else:
            yield _not_subdomain(domain, parent, identity)
    if applied is not None:
        yield from _applied(context, identity, applied)


def _applied(context: Context, identity: Identity, domain: str) -> Iterator[Finding]:
    """The domain that SES holds: the choice on failure, then its MX, then what SES says of it."""
    settings = identity.mail_from
    if settings.behavior == REJECT:
        yield _rejects(context, identity, domain)
    if domain in {sender.from_domain.lower() for sender in context.gate.senders}:
        yield failed(
            "also-a-sender",
            f"{domain} is the MAIL FROM domain and a From domain too: answers to that address end at SES",
            expected="a MAIL FROM domain that nothing is sent as",
            found=domain,
            remedy=Remedy(
                id=f"separate-mail-from:{domain}",
                summary=f"Choose another name than {domain} for the MAIL FROM domain, or for the From address",
                owner=Owner.PERSON,
                lead_time_seconds=HOUR,
                docs=API,
            ),
        )
    wrong = list(_mx(context, domain, identity, meanwhile(settings)))
    yield from wrong or [_status(context, identity, domain)]


def _status(context: Context, identity: Identity, domain: str) -> Finding:
    """What SES says of a domain whose MX is right."""
    settings = identity.mail_from
    right = f"10 {feedback_host(context.region)}"
    waiting = settings.status in ("PENDING", "TEMPORARY_FAILURE")
    if waiting and (hindered := why_unseen(context, identity, domain)):
        return hindered
    match settings.status:
        case "SUCCESS":
            return passed(f"{domain} is the MAIL FROM domain of {identity.name}, and its MX is {right}", found=domain)
        case "PENDING":
            message = f"the MX of {domain} is right, and SES has not seen it yet (it searches for up to 72 hours)"
            return pending(
                "pending", message + meanwhile(settings), expected="SUCCESS", found="PENDING", remedy=_wait(domain)
            )
        case "TEMPORARY_FAILURE":
            message = f"the MX of {domain} is right, and SES had trouble to read it: it looks again by itself"
            return pending(
                "temporary-failure",
                message + meanwhile(settings),
                expected="SUCCESS",
                found="TEMPORARY_FAILURE",
                remedy=_wait(domain),
            )
        case "FAILED":
            return failed(
                "status-failed",
                f"the MX of {domain} is right, but SES gave up looking for it: set the domain again to have it look"
                + meanwhile(settings),
                expected="SUCCESS",
                found="FAILED",
                remedy=set_mail_from(identity, domain, context.region, f"Set {domain} again: SES then looks once more"),
            )
        case other:
            return unseen(f"SES tells no status of {domain} that is known here: {str(other)[:40]!r}")


def _wait(domain: str) -> Remedy:
    summary = f"Wait: SES looks for the MX of {domain} by itself, for up to 72 hours"
    return Remedy(f"wait-for-mail-from:{domain}", summary, Owner.AWS, HOUR, docs=DOCS)


def _none(context: Context, identity: Identity, wanted: tuple[str, ...]) -> Finding:
    parent = parent_of(identity)
    target = next((domain for domain in wanted if is_subdomain(domain, parent)), f"bounce.{parent}")
    told = f"; the gate wants {', '.join(wanted)}" if wanted else ""
    remedy = set_mail_from(identity, target, context.region, f"Set {target} as the MAIL FROM domain of {identity.name}")
    if not wanted:
        records = (mail_from_mx(target, context.region), DnsRecord(target, "TXT", MAIL_FROM_SPF))
        remedy = replace(remedy, changes=(*records, *remedy.changes), after=())
    return failed(
        "none",
        f"{identity.name} has no custom MAIL FROM domain, so SPF can't align and DMARC hangs on DKIM alone{told}",
        expected=", ".join(wanted) or f"a MAIL FROM domain below {parent}",
        found="Amazon's own",
        remedy=remedy,
    )


def _differs(context: Context, identity: Identity, wanted: str) -> Finding:
    applied = identity.mail_from.domain
    return failed(
        "differs",
        f"the MAIL FROM domain of {identity.name} is {applied}; the gate wants {wanted}",
        expected=wanted,
        found=applied,
        remedy=set_mail_from(
            identity, wanted, context.region, f"Set {wanted} as the MAIL FROM domain of {identity.name}"
        ),
    )


def _not_subdomain(domain: str, parent: str, identity: Identity) -> Finding:
    return failed(
        "not-subdomain",
        f"SES will refuse {domain} as MAIL FROM domain of {identity.name}: it has to be a subdomain of {parent}",
        expected=f"a subdomain of {parent}",
        found=domain,
        remedy=Remedy(
            id=f"choose-mail-from:{identity.name}",
            summary=f"Name a subdomain of {parent} as mail_from in the gate, bounce.{parent} for example",
            owner=Owner.PERSON,
            lead_time_seconds=HOUR,
            docs=API,
        ),
    )


def _rejects(context: Context, identity: Identity, domain: str) -> Finding:
    current = put_call(identity, domain, REJECT, context.region)
    return failed(
        "rejects-on-failure",
        f"mail of {identity.name} is refused, not sent under Amazon's own MAIL FROM, whenever SES can't read the MX "
        f"of {domain}",
        expected=f"{USE_DEFAULT}, unless refusing is wanted",
        found=REJECT,
        remedy=Remedy(
            id=f"mail-from-behavior:{identity.name}",
            summary=f"Let SES fall back to its own MAIL FROM where it can't read the MX of {domain}",
            owner=Owner.AWS,
            lead_time_seconds=60,
            changes=(put_call(identity, domain, USE_DEFAULT, context.region, current),),
            docs=API,
        ),
    )


def _mx(context: Context, domain: str, identity: Identity, consequence: str) -> Iterator[Finding]:
    """What is wrong with the MX of a MAIL FROM domain; nothing where it is right."""
    found = context.dns(domain, "MX")
    right = feedback_host(context.region)
    hosts = mail_hosts(found.records)
    fault = mx_fault(domain, hosts, context.region) if hosts else _missing(context, found, identity)
    if fault is None:
        return
    elsewhere, searched = look_closer(context, found, consequence)
    if elsewhere:
        yield elsewhere
        return
    first = (Text(f"Remove {fault.to_remove}."),) if fault.to_remove else ()
    yield failed(
        fault.cause,
        f"{fault.seen}; exactly one MX to {right} was wanted{searched}{consequence}",
        expected=f"10 {right}",
        found=str(found)[:500],
        remedy=Remedy(
            id=f"publish-mail-from-mx:{domain}",
            summary=f"Publish the one MX record of {domain}",
            owner=Owner.DNS,
            lead_time_seconds=HOUR,
            changes=(*first, mail_from_mx(domain, context.region)),
            docs=DOCS,
        ),
    )


def _missing(context: Context, found: Lookup, identity: Identity) -> MxFault:
    """Whether the MX is nowhere, or at the name that a DNS host makes by appending the zone once more."""
    domain = found.name
    names = [f"{domain}.{zone}" for zone in apexes(parent_of(identity))]
    for name, look in zip(names, context.dns_all((name, "MX") for name in names), strict=True):
        try:
            hosts = mail_hosts(look.read().records)
        except NotSeen:
            continue
        if feedback_host(context.region) in hosts:
            what = f"the MX of {domain} stands at {name}: the zone was appended to a name that had it already"
            return MxFault("doubled-name", what, f"the MX record at {name}")
    return MxFault(
        "mx-missing", f"{domain} has no MX record" if found.exists else f"{domain} does not exist (NXDOMAIN)"
    )
