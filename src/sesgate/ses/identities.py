"""SES identities: the list of them, and what SES tells of one."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.clock import from_text

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question

DEFAULT_SIGNING_ZONE = "dkim.amazonses.com"
REGIONAL_SIGNING_ZONES = frozenset(
    {"af-south-1", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-5", "ca-west-1", "eu-central-2"}
    | {"eu-south-1", "il-central-1", "me-central-1", "us-gov-east-1"}
)
"""Regions whose Easy DKIM records point at a zone of their own. Used only where SES does not tell SigningHostedZone."""


class ListedIdentity(Struct, frozen=True):
    """An identity as ListEmailIdentities tells it. `type` is EMAIL_ADDRESS, DOMAIN or MANAGED_DOMAIN."""

    name: str
    type: str
    verification_status: str
    sending_enabled: bool

    @property
    def is_address(self) -> bool:
        return self.type == "EMAIL_ADDRESS"

    @property
    def is_verified(self) -> bool:
        return self.verification_status == "SUCCESS"


class Dkim(Struct, frozen=True):
    """DkimAttributes. `origin` is AWS_SES, EXTERNAL or AWS_SES_<REGION>; `tokens` are selectors; bits are of RSA.

    `zone_is_told` says that SES itself named the hosted zone; else it follows from a list of regions.
    """

    status: str
    signing_enabled: bool
    origin: str
    tokens: tuple[str, ...]
    hosted_zone: str
    bits: int | None
    next_bits: int | None
    generated_at: datetime | None
    zone_is_told: bool = False

    @property
    def is_byodkim(self) -> bool:
        return self.origin == "EXTERNAL"

    @property
    def parent_region(self) -> str | None:
        """The region of the parent identity, where this is a replica of deterministic Easy DKIM; like `eu-west-1`."""
        prefix = "AWS_SES_"
        if not self.origin.startswith(prefix):
            return None
        return self.origin.removeprefix(prefix).lower().replace("_", "-")

    def target(self, token: str) -> str:
        """What the CNAME of a token points at."""
        return f"{token}.{self.hosted_zone}"


class MailFrom(Struct, frozen=True):
    """MailFromAttributes. `behavior` is USE_DEFAULT_VALUE or REJECT_MESSAGE."""

    domain: str | None
    status: str | None
    behavior: str


class LastLook(Struct, frozen=True):
    """What SES saw when it last looked at the DNS. Source: VerificationInfo."""

    checked_at: datetime | None
    succeeded_at: datetime | None
    error_type: str | None
    primary_name_server: str | None
    serial: int | None

    def __str__(self) -> str:
        when = f"{self.checked_at:%Y-%m-%d %H:%M} UTC" if self.checked_at else "at a time it does not tell"
        saw = self.error_type or "no error"
        zone = f", SOA {self.primary_name_server} serial {self.serial}" if self.primary_name_server else ""
        return f"SES last looked {when} and saw {saw}{zone}"


class Identity(Struct, frozen=True):
    """What SES tells of one identity. Source: SES API v2, GetEmailIdentity."""

    name: str
    type: str
    verification_status: str
    verified_for_sending: bool
    dkim: Dkim
    mail_from: MailFrom
    last_look: LastLook
    configuration_set: str | None
    feedback_forwarding: bool
    policies: Mapping[str, str]


def listed(context: "Context", region: str | None = None) -> dict[str, ListedIdentity]:
    """All identities of the account in a region, by name in lower case. Raises NotSeen."""
    value = context.ask(list_question(context, region))
    entries = (_listed(entry) for entry in (value or {}).get("EmailIdentities", []))
    return {entry.name.lower(): entry for entry in entries}


def list_question(context: "Context", region: str | None = None) -> "Question":
    """The question whose answer `listed` reads."""
    return context.aws_question("sesv2", "ListEmailIdentities", region=region)


def identity(context: "Context", name: str, region: str | None = None) -> Identity | None:
    """One identity, in the region under audit or in another; None where it does not exist. Raises NotSeen."""
    value = context.aws("sesv2", "GetEmailIdentity", {"EmailIdentity": name}, region=region)
    return None if value is None else _identity(name, value, region or context.region)


def tokens_elsewhere(context: "Context", found: Identity) -> dict[str, tuple[str, ...]]:
    """The DKIM tokens of the same identity in the other regions that the gate names; what can't be seen is left out."""
    regions = context.place.other_regions
    asked = [
        context.aws_question("sesv2", "GetEmailIdentity", {"EmailIdentity": found.name}, region=region)
        for region in regions
    ]
    tokens = {}
    for region, answer in zip(regions, context.ask_all(asked), strict=True):
        if answer.failure is None and answer.value is not None:
            tokens[region] = _identity(found.name, answer.value, region).dkim.tokens
    return tokens


def verification_token(context: "Context", domain: str) -> str | None:
    """The value of the legacy TXT record `_amazonses.<domain>`. Source: v1 GetIdentityVerificationAttributes."""
    value = context.aws("ses", "GetIdentityVerificationAttributes", {"Identity": domain})
    return (value or {}).get("VerificationToken")


def signing_zone(region: str) -> str:
    """Where Easy DKIM records point in a region, as far as is known without asking SES."""
    return f"dkim.{region}.amazonses.com" if region in REGIONAL_SIGNING_ZONES else DEFAULT_SIGNING_ZONE


def _listed(entry: Mapping[str, Any]) -> ListedIdentity:
    return ListedIdentity(
        name=entry["IdentityName"],
        type=entry.get("IdentityType", ""),
        verification_status=entry.get("VerificationStatus", ""),
        sending_enabled=bool(entry.get("SendingEnabled", False)),
    )


def _identity(name: str, value: Mapping[str, Any], region: str) -> Identity:
    return Identity(
        name=name,
        type=value.get("IdentityType", ""),
        verification_status=value.get("VerificationStatus", ""),
        verified_for_sending=bool(value.get("VerifiedForSendingStatus")),
        dkim=_dkim(value.get("DkimAttributes") or {}, region),
        mail_from=_mail_from(value.get("MailFromAttributes") or {}),
        last_look=_last_look(value.get("VerificationInfo") or {}),
        configuration_set=value.get("ConfigurationSetName") or None,
        feedback_forwarding=bool(value.get("FeedbackForwardingStatus")),
        policies=dict(value.get("Policies") or {}),
    )


def _dkim(value: Mapping[str, Any], region: str) -> Dkim:
    origin = value.get("SigningAttributesOrigin") or "AWS_SES"
    parent = origin.removeprefix("AWS_SES_").lower().replace("_", "-") if origin.startswith("AWS_SES_") else region
    return Dkim(
        status=value.get("Status", "NOT_STARTED"),
        signing_enabled=bool(value.get("SigningEnabled")),
        origin=origin,
        tokens=tuple(value.get("Tokens") or ()),
        hosted_zone=(value.get("SigningHostedZone") or signing_zone(parent)).rstrip("."),
        bits=_bits(value.get("CurrentSigningKeyLength")),
        next_bits=_bits(value.get("NextSigningKeyLength")),
        generated_at=_moment(value.get("LastKeyGenerationTimestamp")),
        zone_is_told=bool(value.get("SigningHostedZone")),
    )


def _mail_from(value: Mapping[str, Any]) -> MailFrom:
    return MailFrom(
        domain=(value.get("MailFromDomain") or "").lower() or None,
        status=value.get("MailFromDomainStatus"),
        behavior=value.get("BehaviorOnMxFailure") or "USE_DEFAULT_VALUE",
    )


def _last_look(value: Mapping[str, Any]) -> LastLook:
    soa = value.get("SOARecord") or {}
    return LastLook(
        checked_at=_moment(value.get("LastCheckedTimestamp")),
        succeeded_at=_moment(value.get("LastSuccessTimestamp")),
        error_type=value.get("ErrorType"),
        primary_name_server=soa.get("PrimaryNameServer"),
        serial=soa.get("SerialNumber"),
    )


def _bits(value: str | None) -> int | None:
    return {"RSA_1024_BIT": 1024, "RSA_2048_BIT": 2048}.get(value or "")


def _moment(value: str | None) -> datetime | None:
    return from_text(value) if value else None
