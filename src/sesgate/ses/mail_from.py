"""A custom MAIL FROM domain: what its MX has to be, what is wrong with one, and the operation that sets the domain."""

from collections.abc import Sequence

from msgspec import Struct

from sesgate.finding import HOUR, AwsCall, Owner, Remedy
from sesgate.ses.identities import Identity, MailFrom
from sesgate.ses.records import feedback_host, feedback_region

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/mail-from.html"
API = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutEmailIdentityMailFromAttributes.html"
USE_DEFAULT = "USE_DEFAULT_VALUE"
REJECT = "REJECT_MESSAGE"
NULL_HOST = "."
RECEIVING_PREFIX = "inbound-smtp."


class MxFault(Struct, frozen=True):
    """What is wrong with the MX records of a MAIL FROM domain: cause, what was seen, and what has to go first."""

    cause: str
    seen: str
    to_remove: str | None = None


def mx_fault(domain: str, hosts: Sequence[str], region: str) -> MxFault | None:
    """Judges the MX hosts there are; None where they are just the one that SES asks for in the region."""
    match list(hosts):
        case [host] if host == feedback_host(region):
            return None
        case [host] if host == NULL_HOST:
            return MxFault(
                "mx-null", f"{domain} has a null MX, which says that it takes no mail", "the MX record `0 .`"
            )
        case [host] if other := feedback_region(host):
            return MxFault("mx-other-region", f"the MX of {domain} is SES's in {other[:40]}, not in {region}")
        case [host]:
            note = ", which is where SES receives mail" if host.startswith(RECEIVING_PREFIX) else ""
            return MxFault("mx-wrong", f"the MX of {domain} is {host}{note}", f"the MX record to {host}")
    others = [host for host in hosts if host != feedback_host(region)]
    seen = f"{domain} has {len(hosts)} MX records ({', '.join(hosts)[:300]})"
    return MxFault("mx-several", seen, f"every other MX record: {', '.join(others)[:300] or 'the second one'}")


def parent_of(identity: Identity) -> str:
    """The domain that a MAIL FROM domain has to be below: the identity's own, or that of its address."""
    return identity.name.rpartition("@")[2].lower()


def meanwhile(settings: MailFrom) -> str:
    """What happens to mail as long as SES can't read the MX of the domain that is set; the end of a sentence."""
    if settings.status == "SUCCESS":
        return "; SES still says SUCCESS, until it looks again"
    if settings.behavior == REJECT:
        return "; until SES finds it, mail is refused (BehaviorOnMxFailure is REJECT_MESSAGE)"
    return "; until SES finds it, Amazon's own MAIL FROM is used and SPF does not align"


def set_mail_from(identity: Identity, domain: str, region: str, summary: str) -> Remedy:
    """Sets a MAIL FROM domain, after its records; what was set before is how it is taken back."""
    before = identity.mail_from
    undo = None
    if before.domain != domain:
        undo = put_call(identity, before.domain, before.behavior if before.domain else None, region)
    return Remedy(
        id=f"set-mail-from:{identity.name}",
        summary=summary,
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(put_call(identity, domain, before.behavior if before.domain else USE_DEFAULT, region, undo),),
        after=(f"publish-mail-from-mx:{domain}", f"publish-spf:{domain}"),
        docs=DOCS,
    )


def put_call(
    identity: Identity, domain: str | None, behavior: str | None, region: str, undo: AwsCall | None = None
) -> AwsCall:
    """PutEmailIdentityMailFromAttributes; without a domain it goes back to Amazon's own."""
    given = {"EmailIdentity": identity.name, "MailFromDomain": domain, "BehaviorOnMxFailure": behavior}
    parameters = {name: value for name, value in given.items() if value is not None}
    return AwsCall("sesv2", "PutEmailIdentityMailFromAttributes", parameters, region, undo)
