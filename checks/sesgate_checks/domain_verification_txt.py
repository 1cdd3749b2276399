"""Where nothing else verifies a sender's domain: is the legacy record `_amazonses.<domain>` published?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import (
    HOUR,
    MINUTE,
    AwsCall,
    Because,
    Change,
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
)
from sesgate.ses.dkim_records import cut
from sesgate.ses.identities import ListedIdentity, identity, listed, verification_token
from sesgate.ses.senders import resolve_among
from sesgate.ses.zones import apexes
from sesgate.subjects import SenderDomain

DOCS = "https://docs.aws.amazon.com/ses/latest/APIReference/API_VerifyDomainIdentity.html"


@check(
    id="domain-verification-txt",
    each=SenderDomain,
    asked_by="senders",
    serves="SES domain verification TXT record published",
    severity=Severity.WARNING,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity", "ses:GetIdentityVerificationAttributes"],
    causes={
        "missing": Severity.WARNING,
        "doubled": Severity.WARNING,
        "wrong-value": Severity.WARNING,
        "no-token": Severity.WARNING,
        "pending": Severity.WARNING,
        "gave-up": Severity.WARNING,
    },
    dns=True,
)
def domain_verification_txt(subject: SenderDomain, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """`_amazonses.<domain>` holds the token of GetIdentityVerificationAttributes (SES API v1), where it is needed."""
    identities = listed(context)
    resolved = resolve_among(identities, subject.senders[0])
    nearest = resolved.nearest_domain
    if nearest is None:
        yield _without_domain(subject, identities, context)
        return
    if not context.enabled and (verified := _verified_otherwise(nearest, context)):
        yield skipped(f"{verified}: the legacy record _amazonses.{nearest.name} is not needed")
        return
    name = f"_amazonses.{nearest.name.lower()}"
    context.start_dns([(name, "TXT")])
    token = verification_token(context, nearest.name)
    if not token:
        yield _no_token(nearest, context)
        return
    yield _judged(nearest, name, token, context)


def _without_domain(subject: SenderDomain, identities: "dict[str, ListedIdentity]", context: Context) -> Finding:
    addresses = [sender for sender in subject.senders if resolve_among(identities, sender).address]
    if addresses:
        return skipped(f"only addresses of {subject.name} are identities: no record verifies those")
    because = Because("identity-verified", subject.senders[0].name)
    return skipped(f"no identity of {subject.name} exists in {context.region}", because=because)


def _verified_otherwise(nearest: ListedIdentity, context: Context) -> str | None:
    """What makes the record needless; None where nothing does."""
    if nearest.is_verified:
        return f"{nearest.name} is verified"
    context.start([context.aws_question("ses", "GetIdentityVerificationAttributes", {"Identity": nearest.name})])
    found = identity(context, nearest.name)
    if found and (found.dkim.status == "SUCCESS" or found.verified_for_sending):
        return f"DKIM verifies {nearest.name}"
    return None


def _no_token(nearest: ListedIdentity, context: Context) -> Finding:
    return failed(
        "no-token",
        f"SES has no verification token for {nearest.name}: the legacy record was never asked for",
        expected="a token (VerificationToken)",
        found="none",
        remedy=_ask_again(nearest.name, context),
    )


def _judged(nearest: ListedIdentity, name: str, token: str, context: Context) -> Finding:
    lookup = context.dns(name, "TXT")
    if token in lookup.records:
        return _right(nearest, name, context)
    expected = f"{name} TXT {token}"
    if lookup.records:
        found = cut(", ".join(lookup.records))
        return failed(
            "wrong-value",
            f"{name} holds another token than the one that SES in {context.region} looks for: {found}",
            expected=expected,
            found=found,
            remedy=_publish(name, token, keep=True),
        )
    doubled = _doubled(nearest.name.lower(), name, token, context)
    if doubled:
        return failed(
            "doubled",
            f"the record of {nearest.name} is at {doubled}, a name that holds the domain twice, and not at {name}",
            expected=expected,
            found=f"TXT at {doubled}",
            remedy=_publish(
                name, token, keep=False, first=f"Delete {doubled}: the DNS host appends the domain by itself"
            ),
        )
    return failed(
        "missing",
        f"{name} has no TXT record ({lookup}); it is not needed once DKIM verifies {nearest.name}",
        expected=expected,
        found=str(lookup),
        remedy=_publish(name, token, keep=False, wait=lookup.ttl or 0),
    )


def _right(nearest: ListedIdentity, name: str, context: Context) -> Finding:
    if nearest.is_verified:
        return passed(f"{name} holds the token that SES in {context.region} looks for")
    if nearest.verification_status == "FAILED":
        return failed(
            "gave-up",
            f"{name} is right, and SES gave up looking after 72 hours",
            expected=f"{nearest.name} verified",
            found="FAILED",
            remedy=_ask_again(nearest.name, context),
        )
    return pending(
        "pending",
        f"{name} is right, and SES has not verified {nearest.name} yet ({nearest.verification_status})",
        expected=f"{nearest.name} verified",
        found=nearest.verification_status,
    )


def _doubled(domain: str, name: str, token: str, context: Context) -> str | None:
    """The record is missing whether or not this look tells why."""
    for seen in context.dns_all((f"{name}.{zone}", "TXT") for zone in apexes(domain)):
        try:
            if token in seen.read().records:
                return seen.name
        except NotSeen:
            continue
    return None


def _ask_again(domain: str, context: Context) -> Remedy:
    return Remedy(
        id=f"verify-domain:{domain}",
        summary=f"Have SES look for the TXT record of {domain} from the beginning",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(AwsCall("ses", "VerifyDomainIdentity", {"Domain": domain}, context.region),),
        docs=DOCS,
    )


def _publish(name: str, token: str, *, keep: bool, first: str | None = None, wait: int = 0) -> Remedy:
    steps: list[Change] = [Text(first)] if first else []
    if keep:
        steps.append(Text("Keep the values that are there: other accounts and regions may need them"))
    return Remedy(
        id=f"publish-verification-txt:{name}",
        summary=f"Publish the verification token at {name}",
        owner=Owner.DNS,
        lead_time_seconds=max(5 * MINUTE, wait),
        changes=(*steps, DnsRecord(name, "TXT", token)),
        docs=DOCS,
    )
