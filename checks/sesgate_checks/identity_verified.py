"""May SES send as this sender, in the region under audit?"""

from collections.abc import Iterable, Iterator, Sequence

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import (
    DAY,
    MINUTE,
    AwsCall,
    Finding,
    Owner,
    Remedy,
    Severity,
    Status,
    failed,
    passed,
    pending,
    unseen,
)
from sesgate.ses import dkim_repairs as repairs
from sesgate.ses.dkim_findings import placed, unseen_by_ses
from sesgate.ses.dkim_look import look
from sesgate.ses.dkim_parent import parent_problem
from sesgate.ses.dkim_records import Look, by_fault
from sesgate.ses.identities import Identity, ListedIdentity, identity, list_question, listed, verification_token
from sesgate.ses.publication import zone_causes
from sesgate.ses.senders import resolve_among
from sesgate.subjects import Sender

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html"
TROUBLE = "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-verification.html"


@check(
    id="identity-verified",
    each=Sender,
    asked_by="senders",
    serves="Domain identity or sender address verified in Amazon SES, in this region",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity", "ses:GetIdentityVerificationAttributes"],
    dns=True,
    causes={
        "missing": Severity.BLOCKER,
        "other-region": Severity.BLOCKER,
        "only-addresses": Severity.BLOCKER,
        "address-case": Severity.BLOCKER,
        "pending": Severity.BLOCKER,
        "records-wrong": Severity.BLOCKER,
        "link-unopened": Severity.BLOCKER,
        "temporary-failure": Severity.BLOCKER,
        "failed": Severity.BLOCKER,
        "link-expired": Severity.BLOCKER,
        "revoked": Severity.BLOCKER,
        "not-started": Severity.BLOCKER,
        "sending-off": Severity.BLOCKER,
        **zone_causes(Severity.BLOCKER),
    },
)
def identity_verified(sender: Sender, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The sender's address, its domain or a domain above is verified here. Source: ListEmailIdentities."""
    identities = listed(context)
    resolved = resolve_among(identities, sender)
    chain = [known for known in (resolved.address, *resolved.domains) if known is not None]
    if not chain:
        yield _missing(sender, identities.values(), context)
        return
    verified = next((known for known in chain if _is_verified(known, context)), None)
    if verified is None:
        yield _unverified(resolved.nearest_domain or chain[0], context)
    elif not verified.sending_enabled:
        yield _sending_off(verified, context)
    elif verified.is_address and not _same_case(verified.name, sender.name):
        yield _other_case(sender, verified, context)
    else:
        yield passed(_told(verified, chain[: chain.index(verified)], context))


def _is_verified(known: ListedIdentity, context: Context) -> bool:
    if known.verification_status:
        return known.is_verified
    found = identity(context, known.name)
    return found is not None and (found.verification_status == "SUCCESS" or found.verified_for_sending)


def _told(verified: ListedIdentity, passed_over: Sequence[ListedIdentity], context: Context) -> str:
    told = f"{verified.name} is verified in {context.region}"
    notes = [f"{known.name} itself is {known.verification_status}" for known in passed_over]
    return f"{told}; {', '.join(notes)}, so what is verified above it counts" if notes else told


def _same_case(listed_name: str, name: str) -> bool:
    """Local parts are compared as written, domains are not."""
    local = name.rpartition("@")[0]
    return listed_name.rpartition("@")[0] in (local, local.partition("+")[0])


def _other_case(sender: Sender, verified: ListedIdentity, context: Context) -> Finding:
    return failed(
        "address-case",
        f"{verified.name} is verified in {context.region}, and {sender.name} is not: SES tells the case of local parts "
        "apart",
        expected=f"{sender.name}, or its domain, verified",
        found=verified.name,
        remedy=repairs.create_domain(sender.domain, context.region),
    )


def _missing(sender: Sender, identities: Iterable[ListedIdentity], context: Context) -> Finding:
    region = context.region
    addresses = [known.name for known in identities if known.name.lower().endswith(f"@{sender.domain}")]
    others = f"; of its addresses {', '.join(addresses[:3])} {_are(addresses)} there" if addresses else ""
    elsewhere = _verified_elsewhere(sender, context)
    remedy = repairs.create_domain(sender.domain, region)
    expected = f"{sender.name}, or its domain, verified in {region}"
    if elsewhere:
        return failed(
            "other-region",
            f"{region} has no identity for {sender.name}; it is verified in {', '.join(elsewhere)}: "
            f"is the region right?{others}",
            expected=expected,
            found=f"verified in {', '.join(elsewhere)}",
            remedy=remedy,
        )
    if addresses and "@" not in sender.name:
        return failed(
            "only-addresses",
            f"{region} has no domain identity for {sender.name}, only addresses ({', '.join(addresses[:3])}): "
            "other local parts can't be sent from",
            expected=f"a domain identity for {sender.name} in {region}",
            found=", ".join(addresses[:3]),
            remedy=remedy,
        )
    return failed(
        "missing",
        f"{region} has no identity for {sender.name}: neither the address, nor its domain, nor a domain above{others}",
        expected=expected,
        found="no identity",
        remedy=remedy,
    )


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _verified_elsewhere(sender: Sender, context: Context) -> list[str]:
    """Other regions that the gate, the profile or the environment name. One that can't be seen is passed over."""
    regions = context.place.other_regions
    context.start(list_question(context, region) for region in regions)
    return [region for region in regions if _verified_in(region, sender, context)]


def _verified_in(region: str, sender: Sender, context: Context) -> bool:
    try:
        return resolve_among(listed(context, region), sender).verified_by is not None
    except NotSeen:
        return False


def _unverified(known: ListedIdentity, context: Context) -> Finding:
    detail = _detail(known, context)
    status = known.verification_status or (detail.verification_status if detail else "")
    if known.is_address:
        return _unverified_address(known, status, context)
    return _unverified_domain(known, status, detail, context)


def _detail(known: ListedIdentity, context: Context) -> Identity | None:
    """What SES saw when it last looked: the status is known without it."""
    try:
        return identity(context, known.name)
    except NotSeen:
        return None


def _unverified_address(known: ListedIdentity, status: str, context: Context) -> Finding:
    name, region = known.name, context.region
    expected = f"{name} verified in {region}"
    match status:
        case "PENDING":
            return pending(
                "link-unopened",
                f"{name} is not verified in {region} yet: the link in the mail that SES sent to it has not been opened",
                expected=expected,
                found=status,
                remedy=_open_link(name, region),
            )
        case "FAILED":
            return failed(
                "link-expired",
                f"{name} is not verified in {region}: the link in the mail of SES was not opened within 24 hours",
                expected=expected,
                found=status,
                remedy=_open_link(name, region),
            )
        case "NOT_STARTED" | "TEMPORARY_FAILURE":
            return failed(
                "not-started" if status == "NOT_STARTED" else "temporary-failure",
                f"{name} is not verified in {region}: SES tells {status}",
                expected=expected,
                found=status,
                remedy=_open_link(name, region),
            )
    return _unknown(name, status)


def _unverified_domain(known: ListedIdentity, status: str, detail: Identity | None, context: Context) -> Finding:
    name, region = known.name, context.region
    expected = f"{name} verified in {region}"
    looked = f": {detail.last_look}" if detail else ""
    wait = repairs.wait(name)
    restart = repairs.restart(detail, region) if detail else None
    match status:
        case "PENDING" if detail and (held_up := parent_problem(detail, context)):
            told = f"{name} is not verified in {region}: {held_up.message}"
            waits = held_up.status is Status.PENDING
            verdict, cause = (pending, "pending") if waits else (failed, "failed")
            return verdict(cause, told, expected=expected, found=status, remedy=held_up.remedy)
        case "PENDING" if detail and (hindered := _hindered(detail, context)):
            return hindered
        case "PENDING":
            told = f"{name} is not verified in {region} yet{looked}"
            return pending("pending", told, expected=expected, found=status, remedy=wait)
        case "TEMPORARY_FAILURE":
            told = f"SES could not tell whether {name} is still verified in {region}, and looks again{looked}"
            return pending("temporary-failure", told, expected=expected, found=status, remedy=wait)
        case "FAILED" if detail and detail.last_look.succeeded_at:
            when = f"{detail.last_look.succeeded_at:%Y-%m-%d}"
            told = f"SES revoked {name} in {region}, which was verified until {when}{looked}"
            return failed("revoked", told, expected=expected, found=status, remedy=restart)
        case "FAILED":
            told = f"SES did not find the records of {name} within 72 hours and gave up in {region}{looked}"
            return failed("failed", told, expected=expected, found=status, remedy=restart)
        case "NOT_STARTED":
            told = f"the verification of {name} was never started in {region}"
            remedy = repairs.start_easy_dkim(name, region)
            return failed("not-started", told, expected=expected, found=status, remedy=remedy)
    return _unknown(name, status)


def _hindered(detail: Identity, context: Context) -> Finding | None:
    """Why SES can't verify the domain by its DKIM records, unless the legacy TXT record does it in their place."""
    if detail.dkim.is_byodkim or not detail.dkim.tokens:
        return None
    seen = look(context, detail)
    if not seen.faulty:
        whole = len(seen.right) == len(seen.records)
        return unseen_by_ses(detail, context, seen.right) if whole else None
    if _legacy_record(detail.name, context):
        return None
    name, region = detail.name, context.region
    if found := _placed(detail, seen):
        return found
    wrong = f"{len(seen.faulty)} of its DKIM records {'is' if len(seen.faulty) == 1 else 'are'} wrong"
    told = f"SES can't verify {name} in {region}: {wrong}: {detail.last_look}"
    remedy = repairs.publish(name, seen)
    return failed("records-wrong", told, expected=f"{name} verified in {region}", found="PENDING", remedy=remedy)


def _placed(detail: Identity, seen: Look) -> Finding | None:
    """Records that are right at some name server, where no other record is wrong."""
    found = [placed(detail, seen, records) for _, records in by_fault(seen)]
    return found[0] if all(found) else None


def _legacy_record(name: str, context: Context) -> bool:
    """Whether the legacy record is right, or could not be seen."""
    try:
        token = verification_token(context, name)
        return token is not None and token in context.dns(f"_amazonses.{name.lower()}", "TXT").records
    except NotSeen:
        return True


def _unknown(name: str, status: str) -> Finding:
    told = f"the verification status {status!r}" if status else "no verification status"
    return unseen(f"SES tells {told} for {name}, which this version of sesgate does not know")


def _open_link(address: str, region: str) -> Remedy:
    return Remedy(
        id=f"open-verification-link:{address}",
        summary=f"Open the link that SES mails to {address}; it holds for 24 hours, and a new mail can be asked for",
        owner=Owner.PERSON,
        lead_time_seconds=5 * MINUTE,
        changes=(AwsCall("ses", "VerifyEmailIdentity", {"EmailAddress": address}, region),),
        docs=TROUBLE,
    )


def _sending_off(known: ListedIdentity, context: Context) -> Finding:
    return failed(
        "sending-off",
        f"{known.name} is verified in {context.region}, and SES does not let it send (SendingEnabled is false)",
        expected="SendingEnabled true",
        found="SendingEnabled false",
        remedy=Remedy(
            id=f"ask-sending:{known.name}",
            summary=f"Ask AWS Support why {known.name} may not send: an identity is switched off by AWS only",
            owner=Owner.PERSON,
            lead_time_seconds=2 * DAY,
            docs=DOCS,
        ),
    )
