"""May SES send as this sender, in the region under audit?"""

from collections.abc import Iterable, Iterator, Sequence

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import DAY, Finding, Owner, Remedy, Severity, failed, passed
from sesgate.ses import dkim_repairs as repairs
from sesgate.ses.identities import ListedIdentity, identity, list_question, listed
from sesgate.ses.publication import zone_causes
from sesgate.ses.senders import resolve_among
from sesgate.ses.unverified import unverified
from sesgate.subjects import Sender

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html"


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
        yield unverified(resolved.nearest_domain or chain[0], context)
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
