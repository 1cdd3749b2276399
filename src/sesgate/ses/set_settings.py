"""What may be wrong with the settings of a configuration set, each with its repair."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sesgate.finding import HOUR, MINUTE, AwsCall, DnsRecord, Finding, Owner, Remedy, failed
from sesgate.ses.configuration_sets import ConfigurationSet

if TYPE_CHECKING:
    from sesgate.context import Context

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"
REASONS = ("BOUNCE", "COMPLAINT")


def wrong_settings(context: "Context", found: ConfigurationSet) -> Iterator[Finding]:
    """Sending, suppression, TLS, reputation metrics. Asks nothing."""
    yield from _sending(context, found)
    yield from _suppression(context, found)
    yield from _delivery(context, found)


def _sending(context: "Context", found: ConfigurationSet) -> Iterator[Finding]:
    if not found.sending_enabled:
        yield failed(
            "sending-off",
            f"sending is switched off for {found.name}: SES refuses every message that uses it",
            expected="SendingEnabled true",
            found="SendingEnabled false",
            remedy=_put(
                context,
                found,
                "resume-configuration-set",
                f"Switch sending on for {found.name}",
                "PutConfigurationSetSendingOptions",
                ({"SendingEnabled": True}, {"SendingEnabled": False}),
                "monitoring-sender-reputation-pausing-configuration-set.html",
            ),
        )


def _suppression(context: "Context", found: ConfigurationSet) -> Iterator[Finding]:
    """A set that says nothing takes the account's setting; one with an empty list switches suppression off."""
    if found.suppressed_reasons is None:
        return
    missing = [reason for reason in REASONS if reason not in found.suppressed_reasons]
    if missing:
        events = " or a ".join(reason.lower() for reason in missing)
        yield failed(
            "suppression-off" if len(missing) == len(REASONS) else "suppression-partial",
            f"{found.name} overrides the account: no address is suppressed after a {events}",
            expected=f"SuppressedReasons {', '.join(REASONS)}",
            found=f"SuppressedReasons {', '.join(found.suppressed_reasons) or 'none'}",
            remedy=_put(
                context,
                found,
                "suppress-in-configuration-set",
                f"Let {found.name} suppress addresses that bounced or complained",
                "PutConfigurationSetSuppressionOptions",
                ({"SuppressedReasons": list(REASONS)}, {"SuppressedReasons": list(found.suppressed_reasons)}),
                "sending-email-suppression-list-config-level.html",
            ),
        )


def _delivery(context: "Context", found: ConfigurationSet) -> Iterator[Finding]:
    if found.tls_policy != "REQUIRE":
        yield failed(
            "tls-optional",
            f"{found.name} delivers in plain text where a receiver offers no TLS",
            expected="TlsPolicy REQUIRE",
            found=f"TlsPolicy {found.tls_policy}",
            remedy=_put(
                context,
                found,
                "require-tls",
                f"Let {found.name} deliver over TLS only",
                "PutConfigurationSetDeliveryOptions",
                (
                    {**found.delivery_options, "TlsPolicy": "REQUIRE"},
                    {**found.delivery_options, "TlsPolicy": found.tls_policy},
                ),
                "security-protocols.html",
            ),
        )
    if not found.reputation_metrics:
        yield failed(
            "reputation-metrics-off",
            f"{found.name} publishes no bounce and complaint rate of its own to CloudWatch",
            expected="ReputationMetricsEnabled true",
            found="ReputationMetricsEnabled false",
            remedy=_put(
                context,
                found,
                "publish-reputation-metrics",
                f"Let {found.name} publish its reputation metrics",
                "PutConfigurationSetReputationOptions",
                ({"ReputationMetricsEnabled": True}, {"ReputationMetricsEnabled": False}),
                "configuration-sets-export-metrics.html",
            ),
        )


def wrong_tracking(context: "Context", found: ConfigurationSet) -> Iterator[Finding]:
    """Links and the open pixel lead to the custom domain: where it leads nowhere, links are dead. Raises NotSeen."""
    if found.tracking_domain is None:
        return
    seen = context.dns(found.tracking_domain, "A")
    if seen.records or seen.chain:
        return
    target = f"r.{context.region}.awstrack.me"
    yield failed(
        "tracking-domain",
        f"links in mail with open or click tracking lead to {found.tracking_domain}, and that is: {seen}",
        expected=f"CNAME {target}",
        found=str(seen),
        remedy=Remedy(
            id=f"publish-tracking-domain:{found.tracking_domain}",
            summary=f"Point {found.tracking_domain} at the tracking server of SES, or at the CDN before it",
            owner=Owner.DNS,
            lead_time_seconds=HOUR,
            changes=(DnsRecord(found.tracking_domain, "CNAME", target),),
            docs=GUIDE + "configure-custom-open-click-domains.html",
        ),
    )


def _put(
    context: "Context",
    found: ConfigurationSet,
    remedy: str,
    summary: str,
    operation: str,
    values: tuple[dict[str, Any], dict[str, Any]],
    page: str,
) -> Remedy:
    """One setting changed; `values` are the new one and the one that was there."""
    new, old = ({"ConfigurationSetName": found.name, **value} for value in values)
    undo = AwsCall("sesv2", operation, old, context.region)
    return Remedy(
        id=f"{remedy}:{found.name}",
        summary=summary,
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(AwsCall("sesv2", operation, new, context.region, undo),),
        docs=GUIDE + page,
    )
