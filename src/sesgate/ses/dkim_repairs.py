"""How DKIM of an SES identity is repaired: records to publish, operations to call. One id for one thing to do."""

from typing import TYPE_CHECKING

from sesgate.finding import DAY, HOUR, MINUTE, AwsCall, Change, DnsRecord, Owner, Remedy, Text
from sesgate.ses.dkim_records import Look, RecordFault

if TYPE_CHECKING:
    from sesgate.ses.identities import Identity

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg"
EASY = f"{GUIDE}/send-email-authentication-dkim-easy.html"
MANAGING = f"{GUIDE}/send-email-authentication-dkim-easy-managing.html"
BYODKIM = f"{GUIDE}/send-email-authentication-dkim-bring-your-own.html"
DEED = f"{GUIDE}/send-email-authentication-dkim-deed.html"
TROUBLE = f"{GUIDE}/troubleshoot-dkim.html"
CREATING = f"{GUIDE}/creating-identities.html"

_FIRST_STEPS = {
    RecordFault.DOUBLED: "Delete the records whose names hold the domain twice: the DNS host appends it by itself, "
    "so enter the name without it, or with a dot at the end",
    RecordFault.FLATTENED: "Switch off proxying and CNAME flattening for these names (Cloudflare: DNS only): "
    "SES and verifiers have to see a CNAME",
    RecordFault.TARGET_DOUBLED: "Enter the target with a dot at the end: the DNS host appends the domain to it",
    RecordFault.OTHER_REGION: "Keep the records of the other region, as long as anything sends from there: "
    "each region's tokens have names of their own",
    RecordFault.WILDCARD: "The wildcard record may stay: a record at the name itself counts before it",
    RecordFault.OLD_TOKEN: "Delete the records with tokens that SES no longer asks for",
}


def publish(domain: str, look: Look, first: str | None = None) -> Remedy:
    """All records of the domain that are not right, in one remedy, whatever is wrong with each."""
    faulty = look.faulty
    words = [first, *(_FIRST_STEPS[fault] for fault in _FIRST_STEPS if any(one.fault is fault for one in faulty))]
    steps = tuple(Text(step) for step in words if step)
    records = tuple(DnsRecord(one.selector.name, "CNAME", one.selector.target) for one in faulty)
    return Remedy(
        id=f"publish-dkim:{domain}",
        summary=f"Publish {len(records)} DKIM CNAME record{'s' * (len(records) != 1)} in the zone of {domain}",
        owner=Owner.DNS,
        lead_time_seconds=max((5 * MINUTE, *(one.ttl or 0 for one in faulty))),
        changes=(*steps, *records),
        docs=EASY,
    )


def restart(identity: "Identity", region: str) -> Remedy:
    """SES stopped looking after 72 hours: have it look again. The same remedy whether or not the records are right."""
    summary = f"Once the DKIM records of {identity.name} are right, have SES look for them again"
    return _look_again(identity, region, identity.name, summary, TROUBLE)


def restart_parent(parent: "Identity", region: str) -> Remedy:
    """SES does not look for the records of a replica's parent, in the parent's region: have it look."""
    summary = f"Have SES look for the DKIM records of {parent.name} in {region}, whose replica follows"
    return _look_again(parent, region, f"{parent.name}:{region}", summary, DEED)


def _look_again(identity: "Identity", region: str, named: str, summary: str, docs: str) -> Remedy:
    return Remedy(
        id=f"restart-dkim:{named}",
        summary=summary,
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(_restart(identity, region),),
        docs=docs,
    )


def _restart(identity: "Identity", region: str) -> Change:
    if identity.dkim.is_byodkim:
        return Text("Give SES the private key and the selector again: PutEmailIdentityDkimSigningAttributes, EXTERNAL")
    if identity.dkim.parent_region:
        parameters = {"EmailIdentity": identity.name, "SigningAttributesOrigin": identity.dkim.origin}
        return AwsCall("sesv2", "PutEmailIdentityDkimSigningAttributes", parameters, region)
    return AwsCall("ses", "VerifyDomainDkim", {"Domain": identity.name}, region)


def start_easy_dkim(domain: str, region: str) -> Remedy:
    """From no DKIM to Easy DKIM."""
    return Remedy(
        id=f"start-dkim:{domain}",
        summary=f"Set up Easy DKIM for {domain}, and publish the three records that SES asks for",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(
            AwsCall("sesv2", "PutEmailIdentityDkimSigningAttributes", _easy(domain, 2048), region),
            AwsCall("sesv2", "PutEmailIdentityDkimAttributes", _signing(domain, on=True), region),
            Text("Publish the CNAME records that SES returns: run the gate again, it tells them"),
        ),
        docs=EASY,
    )


def sign(identity: str, region: str) -> Remedy:
    """Signing on, for a domain or an address."""
    undo = AwsCall("sesv2", "PutEmailIdentityDkimAttributes", _signing(identity, on=False), region)
    call = AwsCall("sesv2", "PutEmailIdentityDkimAttributes", _signing(identity, on=True), region, undo)
    return Remedy(
        f"sign-dkim:{identity}", f"Switch on DKIM signing of {identity}", Owner.AWS, MINUTE, (call,), (), MANAGING
    )


def longer_key(identity: "Identity", region: str) -> Remedy:
    """From 1024 bits to 2048. SES allows one change a day, and makes the new key by itself."""
    at = identity.dkim.parent_region or region
    operation = "PutEmailIdentityDkimSigningAttributes"
    undo = AwsCall("sesv2", operation, _easy(identity.name, 1024), at)
    return Remedy(
        id=f"longer-dkim-key:{identity.name}",
        summary=f"Have SES make 2048-bit DKIM keys for {identity.name}; the records stay as they are",
        owner=Owner.AWS,
        lead_time_seconds=DAY,
        changes=(AwsCall("sesv2", operation, _easy(identity.name, 2048), at, undo),),
        docs=f"{GUIDE}/send-email-authentication-dkim.html",
    )


def own_key(identity: "Identity", name: str, value: str | None) -> Remedy:
    """The TXT record of BYODKIM. Its public key belongs to the private one that SES was given: the owner has it."""
    words = f"Publish one TXT record at {name}: p= and the public key in base64, without its first and last line"
    return Remedy(
        id=f"publish-byodkim:{identity.name}",
        summary=f"Publish the public key of {identity.name} at {name}",
        owner=Owner.DNS,
        lead_time_seconds=5 * MINUTE,
        changes=(DnsRecord(name, "TXT", value) if value else Text(words),),
        docs=BYODKIM,
    )


def longer_own_key(identity: "Identity") -> Remedy:
    """A longer key of BYODKIM needs another selector, so that no signature under way loses its key."""
    return Remedy(
        id=f"longer-dkim-key:{identity.name}",
        summary=f"Make a 2048-bit key for {identity.name}, publish it at a new selector, then give it to SES",
        owner=Owner.PERSON,
        lead_time_seconds=DAY,
        docs=BYODKIM,
    )


def parent(identity: "Identity", region: str) -> Remedy:
    """A replica needs a parent with Easy DKIM; without one, it becomes an identity of its own."""
    at = identity.dkim.parent_region or "the parent's region"
    operation = "PutEmailIdentityDkimSigningAttributes"
    back = {"EmailIdentity": identity.name, "SigningAttributesOrigin": identity.dkim.origin}
    undo = AwsCall("sesv2", operation, back, region)
    return Remedy(
        id=f"dkim-parent:{identity.name}",
        summary=f"Create {identity.name} with Easy DKIM in {at}, or give the identity in {region} Easy DKIM of its own",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(AwsCall("sesv2", operation, _easy(identity.name, 2048), region, undo),),
        docs=DEED,
    )


def ask_aws(identity: "Identity") -> Remedy:
    """The keys of Easy DKIM are Amazon's to publish."""
    return Remedy(
        id=f"dkim-key:{identity.name}",
        summary=f"See whether the DNS host passes TXT questions on along the CNAME records of {identity.name}; "
        "if it does, ask AWS Support about the key",
        owner=Owner.PERSON,
        lead_time_seconds=DAY,
        docs=TROUBLE,
    )


def create_domain(domain: str, region: str) -> Remedy:
    """A domain identity in this region. The records follow from what SES answers."""
    undo = AwsCall("sesv2", "DeleteEmailIdentity", {"EmailIdentity": domain}, region)
    return Remedy(
        id=f"create-identity:{domain}",
        summary=f"Create the domain identity {domain} in {region}, and publish the three records that SES asks for",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(
            AwsCall("sesv2", "CreateEmailIdentity", {"EmailIdentity": domain}, region, undo),
            Text("Publish the CNAME records that SES returns: run the gate again, it tells them"),
        ),
        docs=CREATING,
    )


def wait(name: str) -> Remedy:
    """Nothing but time: SES looks again by itself, for up to 72 hours."""
    return Remedy(
        id=f"wait-for-verification:{name}",
        summary=f"Wait: SES looks again for the records of {name} by itself, for up to 72 hours",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        docs=TROUBLE,
    )


def _easy(domain: str, bits: int) -> dict[str, object]:
    return {
        "EmailIdentity": domain,
        "SigningAttributesOrigin": "AWS_SES",
        "SigningAttributes": {"NextSigningKeyLength": f"RSA_{bits}_BIT"},
    }


def _signing(identity: str, *, on: bool) -> dict[str, object]:
    return {"EmailIdentity": identity, "SigningEnabled": on}
