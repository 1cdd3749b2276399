"""Does everything that names a region name the one under audit?"""

import re
from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import HOUR, Because, Finding, Owner, Remedy, Severity, Text, failed, passed, skipped
from sesgate.matrix import READS, service_facts
from sesgate.ses.feedback import targets_of
from sesgate.ses.regions import SES_REGIONS, region_in
from sesgate.ses.senders import resolve
from sesgate.subjects import Named, RegionUse, Sender

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/regions.html"
DECISIVE = re.compile(r"(?:AWS_(?:DEFAULT_)?REGION|(?:AWS_)?(?:SES|SMTP)_\w+|AWS_ENDPOINT_URL(?:_SES(?:V2)?)?)\Z")
"""Variables that decide where the application sends, whether the gate declares them or not."""


@check(
    id="region",
    each=RegionUse,
    asked_by="senders",
    serves="SES region selected, consistent with API and DB",
    severity=Severity.BLOCKER,
    reads=[
        "ses:ListEmailIdentities",
        "ses:GetEmailIdentity",
        "ses:GetConfigurationSetEventDestinations",
        "ses:GetIdentityNotificationAttributes",
        *READS,
    ],
    causes={"differs": Severity.BLOCKER, "unknown-region": Severity.WARNING},
    local=True,
)
def region(subject: RegionUse, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Every ARN, end point, topic and variable names the SES region under audit."""
    if subject.name == "aws.region":
        yield _of_the_audit(context)
    elif subject.sender is not None:
        yield from _of_events(subject, subject.sender, context)
    elif subject.service is not None:
        yield from _of_variable(subject, context)
    else:
        yield from _compared(subject, subject.named, context.region)


def _compared(
    subject: RegionUse, named: tuple[Named, ...], audited: str, weight: Severity | None = None
) -> list[Finding]:
    wrong = [one for one in named if audited not in one.regions]
    found = [_differs(subject, one, audited, weight) for one in wrong]
    return found or [passed(f"{subject.name} names {audited}, the SES region under audit")]


def _differs(subject: RegionUse, named: Named, audited: str, weight: Severity | None) -> Finding:
    found = ", ".join(named.regions)
    return failed(
        "differs",
        f"{subject.name} names {found} ({named.by}); SES is audited in {audited}",
        expected=audited,
        found=found,
        remedy=_one_region(subject, audited),
        severity=weight,
    )


def _of_variable(subject: RegionUse, context: Context) -> Iterator[Finding]:
    """The rules of one variable, and its value where that was seen; else why it was not. Raises NotSeen."""
    assert subject.service is not None
    fact = subject.fact
    if fact is not None or not subject.named:
        service_facts(context, subject.service)
    if fact is not None and fact.other_region:
        yield skipped(f"the value of {subject.name} is judged as such", because=Because("environment", subject.name))
        return
    variable = subject.name.rpartition("/")[2]
    lesser = not subject.declared and not DECISIVE.match(variable)
    yield from _compared(subject, subject.named, context.region, Severity.WARNING if lesser else None)


def _of_events(subject: RegionUse, sender: Sender, context: Context) -> Iterator[Finding]:
    """Topics, streams and buses that SES tells of bounces and complaints: it reaches those of its own region alone."""
    resolved = resolve(context, sender)
    if resolved.identity is None:
        yield skipped(f"{sender.name} has no identity", because=Because("identity-verified", sender.name))
        return
    named = tuple(
        Named(f"{arn}, {whose}", (name,))
        for arn, whose in targets_of(context, sender, resolved)
        if (name := region_in(arn))
    )
    if named:
        yield from _compared(subject, named, context.region)
    else:
        yield passed(f"nothing that takes the events of {sender.name} names a region")


def _of_the_audit(context: Context) -> Finding:
    audited = context.region
    if audited not in SES_REGIONS:
        return failed(
            "unknown-region",
            f"SES has no end point in {audited} as far as this version of sesgate knows: is the region spelled right?",
            expected="a region with an end point of SES",
            found=audited,
            remedy=Remedy(
                id="choose-ses-region",
                summary="Name a region in which SES is offered, and the one that the application sends from",
                owner=Owner.APPLICATION,
                lead_time_seconds=0,
                docs="https://docs.aws.amazon.com/general/latest/gr/ses.html",
            ),
        )
    note = ""
    if context.gate.aws.region != audited:
        note = f", by --region: the gate names {context.gate.aws.region}"
    in_gate = {name for use in RegionUse.find(context) for named in use.named for name in named.regions}
    others = [name for name in context.place.other_regions if name not in in_gate]
    if others:
        note += f" (the profile or the environment of this run also names {', '.join(others)})"
    return passed(f"SES is audited in {audited}{note}")


def _one_region(subject: RegionUse, audited: str) -> Remedy:
    return Remedy(
        id=f"same-region:{subject.name}",
        summary=f"Make {subject.name} and SES use one region",
        owner=subject.owner,
        lead_time_seconds=HOUR,
        changes=(
            Text(f"Use {audited} for {subject.name}, or, where that is the right region, audit SES there: aws.region"),
        ),
        docs=DOCS,
    )
