"""Configuration sets: what SES tells of one, and which one applies to a sender."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.evidence import NotSeen
from sesgate.ses.senders import Resolved, default_configuration_set, settings

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question
    from sesgate.subjects import Sender


class ConfigurationSet(Struct, frozen=True):
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
    delivery_options: Mapping[str, Any] = {}


class Applying(Struct, frozen=True):
    """Which set applies to a sender: the one that the application passes, else the default of its identity.

    `declared` is the gate's word, `default` that of the identities. `passed` are the variables of the gate's services
    ("api/SES_CONFIGURATION_SET") that tell the application a set, with its name; `unread` are those that could not be
    read. `alone`: the gate has no other sender that they might be meant for.
    """

    declared: str | None
    default: str | None
    passed: Mapping[str, str] = {}
    unread: tuple[str, ...] = ()
    alone: bool = True

    @property
    def name(self) -> str | None:
        """The set to look at: the declared one, else the only one that is passed, else the default."""
        names = set(self.passed.values())
        only = names.pop() if len(names) == 1 and self.alone and not self.unread else None
        return self.declared or only or self.default

    @property
    def applies(self) -> bool | None:
        """Does the set to look at apply? None where a variable's value would tell, and it could not be read."""
        name = self.name
        if name is not None and name in self.passed.values():
            return True
        if name is not None and name == self.default and not (self.passed and self.alone):
            return None if self.unread and (self.alone or not self.declared) else True
        return None if self.unread else False


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
    passed, unread = _passed(context)
    return Applying(sender.declared.configuration_set, default, passed, unread, alone=len(context.gate.senders) == 1)


def _passed(context: "Context") -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables that name a configuration set, with what they name; and those of which nobody can tell."""
    from sesgate.matrix import service_facts

    passed: dict[str, str] = {}
    unread: list[str] = []
    for service in context.gate.services:
        names = [name for name, rules in service.variables.items() if rules.meaning == "configuration_set"]
        try:
            facts = service_facts(context, service).variables if names else {}
        except NotSeen:
            unread += [f"{service.name}/{name}" for name in names]
            continue
        for name in names:
            fact = facts[name]
            if "name" in fact.parts:
                passed[f"{service.name}/{name}"] = fact.parts["name"]
            elif fact.state not in ("unset", "empty", "blank"):
                unread.append(f"{service.name}/{name}")
    return passed, tuple(unread)


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
