"""Does the sender's configuration set exist, apply, and let mail out as it should?"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import (
    MINUTE,
    AwsCall,
    Because,
    Change,
    Finding,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    skipped,
    unseen,
)
from sesgate.ses.configuration_sets import Applying, applying, configuration_set, set_question
from sesgate.ses.senders import Resolved, resolve
from sesgate.ses.set_settings import wrong_settings, wrong_tracking
from sesgate.subjects import Sender

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"


@check(
    id="configuration-set",
    each=Sender,
    asked_by="senders",
    serves="SES configuration set exists, is used by the sender, and sends",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity", "ses:GetConfigurationSet"],
    dns=True,
    causes={
        "missing": Severity.BLOCKER,
        "not-applied": Severity.BLOCKER,
        "sending-off": Severity.BLOCKER,
        "suppression-off": Severity.BLOCKER,
        "suppression-partial": Severity.WARNING,
        "tls-optional": Severity.WARNING,
        "reputation-metrics-off": Severity.WARNING,
        "tracking-domain": Severity.WARNING,
    },
)
def configuration_set_check(sender: Sender, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The set exists, applies by default or by a variable, and sends. Source: SES API v2, GetConfigurationSet."""
    declared = sender.declared.configuration_set
    if declared:
        context.start([set_question(context, declared)])
    found, applies = _whether_it_applies(context, sender)
    name = declared or (found.name if found else None)
    by_default = not declared and found is not None and name == found.default
    findings = [applies, *(_each_seen(context, name, default=by_default) if name else ())]
    wrong = [finding for finding in findings if finding.cause is not None]
    if wrong:
        missing = any(finding.cause == "missing" for finding in wrong)
        yield from (_after_creation(finding, str(name)) if missing else finding for finding in wrong)
    else:
        yield passed("; ".join(finding.message for finding in findings))


def _after_creation(finding: Finding, name: str) -> Finding:
    """What needs the set can be repaired only once it is there."""
    if finding.remedy is None or finding.cause == "missing":
        return finding
    return replace(finding, remedy=replace(finding.remedy, after=(f"create-configuration-set:{name}",)))


def _whether_it_applies(context: Context, sender: Sender) -> tuple[Applying | None, Finding]:
    """What applies, None where that can't be seen, and the finding about it."""
    declared = sender.declared.configuration_set
    try:
        resolved = resolve(context, sender)
        if resolved.identity is None:
            because = Because("identity-verified", sender.name)
            return None, skipped(f"{sender.name} has no identity that could have a default set", because=because)
        found = applying(context, sender, resolved)
    except NotSeen as not_seen:
        what = f"whether {declared} applies to {sender.name}" if declared else "which configuration set applies"
        return None, unseen(f"could not see {what}: {not_seen}")
    return found, _applies(context, sender, resolved, found)


def _applies(context: Context, sender: Sender, resolved: Resolved, found: Applying) -> Finding:
    identity = resolved.identity.name if resolved.identity else resolved.name
    unread = " and ".join(found.unread)
    if found.name is None and unread:
        return unseen(
            f"{unread} tells the application its configuration set, and could not be read: "
            "name the set in senders[].configuration_set",
            cause="not-run",
        )
    if found.name is None:
        return skipped(f"no configuration set is declared for {sender.name}, and {identity} has no default one")
    passing = " and ".join(variable for variable, name in found.passed.items() if name == found.name)
    if passing:
        return passed(f"{found.name} applies to {sender.name}: {passing} names it")
    if found.applies:
        return passed(f"{found.name} applies to {sender.name}: it is the default of its identity")
    if found.applies is None:
        may = "may name another" if found.name == found.default else "may name it"
        return unseen(
            f"{_default_words(identity, found.default)}, and {unread}, which could not be read, {may}: "
            f"whether {found.name} applies to {sender.name} can't be told",
            cause="not-run",
        )
    return _not_applied(context, identity, found)


def _not_applied(context: Context, identity: str, found: Applying) -> Finding:
    wanted, default = str(found.name), found.default
    before: dict[str, Any] = {"EmailIdentity": identity}
    if default:
        before["ConfigurationSetName"] = default
    operation = "PutEmailIdentityConfigurationSetAttributes"
    undo = AwsCall("sesv2", operation, before, context.region)
    after = {"EmailIdentity": identity, "ConfigurationSetName": wanted}
    others = ", ".join(f"{variable} names {name}" for variable, name in found.passed.items())
    message = f"{_default_words(identity, default)}, and {others or 'no variable of a service names a set'}"
    changes: tuple[Change, ...] = (AwsCall("sesv2", operation, after, context.region, undo),)
    if found.passed:
        changes = (Text(f"Set {' and '.join(found.passed)} to {wanted}, or declare the other set in the gate"),)
    return failed(
        "not-applied",
        f"{message}: {wanted} does not apply",
        expected=f"{wanted} as the default of {identity}, or in a variable with `is: configuration_set`",
        found=others or (f"default {default}" if default else "no default configuration set"),
        remedy=Remedy(
            id=f"apply-configuration-set:{identity}",
            summary=f"Let {wanted} apply to {identity}",
            owner=Owner.APPLICATION if found.passed else Owner.AWS,
            lead_time_seconds=MINUTE,
            changes=changes,
            docs=GUIDE + "managing-configuration-sets.html",
        ),
    )


def _default_words(identity: str, default: str | None) -> str:
    return f"the default configuration set of {identity} is {default}" if default else f"{identity} has no default set"


def _each_seen(context: Context, name: str, *, default: bool) -> Iterator[Finding]:
    """What is wrong with the set itself; a failure to look is a finding beside the others."""
    try:
        found = configuration_set(context, name)
        if found is None:
            yield _missing(context, name, default=default)
            return
        faults = list(wrong_settings(context, found))
        yield from faults
        if not faults:
            yield passed(f"{name} exists and sends")
        yield from wrong_tracking(context, found)
    except NotSeen as not_seen:
        yield unseen(str(not_seen))


def _missing(context: Context, name: str, *, default: bool) -> Finding:
    what = "the default of the sender's identity, and " if default else ""
    parameters = {
        "ConfigurationSetName": name,
        "DeliveryOptions": {"TlsPolicy": "REQUIRE"},
        "ReputationOptions": {"ReputationMetricsEnabled": True},
        "SendingOptions": {"SendingEnabled": True},
    }
    undo = AwsCall("sesv2", "DeleteConfigurationSet", {"ConfigurationSetName": name}, context.region)
    return failed(
        "missing",
        f"configuration set {name} is {what}not there in {context.region}: every send that uses it is refused",
        expected=f"configuration set {name} in {context.region}",
        found="no such configuration set",
        remedy=Remedy(
            id=f"create-configuration-set:{name}",
            summary=f"Create the configuration set {name}, then its event destinations",
            owner=Owner.AWS,
            lead_time_seconds=MINUTE,
            changes=(AwsCall("sesv2", "CreateConfigurationSet", parameters, context.region, undo),),
            docs=GUIDE + "creating-configuration-sets.html",
        ),
    )
