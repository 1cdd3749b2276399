"""Configuration sets: what SES tells of one, and which one applies to a sender."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sesgate.ses.senders import Resolved, default_configuration_set, settings

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question
    from sesgate.gate import Gate
    from sesgate.subjects import Sender


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    """What SES tells of one set. Source: SES API v2, GetConfigurationSet.

    `tls_policy` is REQUIRE or OPTIONAL. `suppressed_reasons` is None where the account's setting counts.
    `delivery_options` is all of DeliveryOptions: a change of one has to state the others again.
    """

    name: str
    sending_enabled: bool
    tls_policy: str
    reputation_metrics: bool
    suppressed_reasons: tuple[str, ...] | None
    tracking_domain: str | None
    delivery_options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applying:
    """Which set applies to a sender: the one that the application passes, else the default of its identity.

    `declared` is the gate's word, `default` that of the identities, `passed_by` the variables of the gate's services
    ("api/SES_CONFIGURATION_SET") by which the application may be told a set.
    """

    declared: str | None
    default: str | None
    passed_by: tuple[str, ...]

    @property
    def name(self) -> str | None:
        """The set to look at: the declared one, else the default."""
        return self.declared or self.default

    @property
    def applies(self) -> bool | None:
        """Does the set to look at apply? None where only a variable's value would tell, and nothing has read it."""
        if self.name is not None and self.name == self.default:
            return True if self.declared or not self.passed_by else None
        return None if self.passed_by else False


def configuration_set(context: "Context", name: str) -> ConfigurationSet | None:
    """One set in the region under audit; None where it does not exist. Raises NotSeen."""
    value: dict[str, Any] | None = context.ask(set_question(context, name))
    if value is None:
        return None
    delivery = value.get("DeliveryOptions") or {}
    reasons = (value.get("SuppressionOptions") or {}).get("SuppressedReasons")
    return ConfigurationSet(
        name=name,
        sending_enabled=bool((value.get("SendingOptions") or {"SendingEnabled": True}).get("SendingEnabled")),
        tls_policy=delivery.get("TlsPolicy") or "OPTIONAL",
        reputation_metrics=bool((value.get("ReputationOptions") or {}).get("ReputationMetricsEnabled")),
        suppressed_reasons=None if reasons is None else tuple(reasons),
        tracking_domain=(value.get("TrackingOptions") or {}).get("CustomRedirectDomain") or None,
        delivery_options=delivery,
    )


def set_question(context: "Context", name: str) -> "Question":
    """The question whose answer `configuration_set` reads."""
    return context.aws_question("sesv2", "GetConfigurationSet", {"ConfigurationSetName": name})


def applying(context: "Context", sender: "Sender", resolved: Resolved) -> Applying:
    """Which set applies to the sender. Raises NotSeen where the identities' defaults can't be seen."""
    default = default_configuration_set(settings(context, resolved))
    return Applying(sender.declared.configuration_set, default, passed_by(context.gate))


def passed_by(gate: "Gate") -> tuple[str, ...]:
    """The variables of services that name a configuration set, as "service/VARIABLE"."""
    return tuple(_passing(gate))


def _passing(gate: "Gate") -> Iterator[str]:
    for service in gate.services:
        for name, variable in service.variables.items():
            if variable.meaning == "configuration_set":
                yield f"{service.name}/{name}"


def set_arn(region: str, account: str, name: str) -> str:
    """What SES sends along as AWS:SourceArn when it publishes events of a set."""
    return f"arn:{partition(region)}:ses:{region}:{account}:configuration-set/{name}"


def identity_arn(region: str, account: str, name: str) -> str:
    """What SES sends along as AWS:SourceArn when it publishes an identity's feedback."""
    return f"arn:{partition(region)}:ses:{region}:{account}:identity/{name}"


def partition(region: str) -> str:
    """The first part of the ARNs of a region."""
    for prefix, name in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(prefix):
            return name
    return "aws"
