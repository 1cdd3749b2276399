"""Why an identity is not verified: an address, by the link that SES mails; a domain, by its records."""

from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import MINUTE, AwsCall, Finding, Owner, Remedy, Status, failed, pending, unseen
from sesgate.ses import dkim_repairs as repairs
from sesgate.ses.dkim_findings import placed, unseen_by_ses
from sesgate.ses.dkim_look import look
from sesgate.ses.dkim_parent import parent_problem
from sesgate.ses.dkim_records import Look, by_fault
from sesgate.ses.identities import Identity, ListedIdentity, identity, verification_token

TROUBLE = "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-verification.html"


def unverified(known: ListedIdentity, context: Context) -> Finding:
    """Its cause, by what SES tells of the identity and by what the DNS holds. Source: GetEmailIdentity."""
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
