"""Does SES let the account send, is it content with it, and does it spare addresses that bounced or complained?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import DAY, MINUTE, AwsCall, Finding, Owner, Remedy, Severity, Text, failed, passed, unseen
from sesgate.ses.account import AccountState, account
from sesgate.subjects import Account

PAUSING = "https://docs.aws.amazon.com/ses/latest/dg/monitoring-sender-reputation-pausing-account.html"
ENFORCEMENT = "https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html"
SUPPRESSION = "https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html"
HEALTHY = "EnforcementStatus HEALTHY"
REASONS = ("BOUNCE", "COMPLAINT")


@check(
    id="account-health",
    each=Account,
    asked_by="senders",
    serves="Account health: sending enabled, enforcement status healthy, suppression list on",
    severity=Severity.BLOCKER,
    reads=["ses:GetAccount"],
    causes={
        "sending-paused": Severity.BLOCKER,
        "probation": Severity.BLOCKER,
        "shutdown": Severity.BLOCKER,
        "enforcement-unknown": Severity.BLOCKER,
        "suppression-off": Severity.BLOCKER,
        "suppression-partial": Severity.WARNING,
    },
)
def account_health(subject: Account, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Sending is on, enforcement is HEALTHY, bounces and complaints are suppressed. Source: SES API v2, GetAccount."""
    state = account(context)
    wrong = [*_sending(context, state), *_suppression(context, state)]
    yield from wrong
    if not wrong:
        yield passed(f"sending is on, enforcement is HEALTHY, and {' and '.join(REASONS)} are suppressed")


def _sending(context: Context, state: AccountState) -> Iterator[Finding]:
    """A shutdown pauses sending by itself: then the switch is not the cause."""
    region = context.region
    match state.enforcement:
        case "HEALTHY":
            pass
        case "PROBATION":
            yield failed(
                "probation",
                f"AWS has the account under review in {region}: it still sends, and AWS may pause it",
                expected=HEALTHY,
                found="EnforcementStatus PROBATION",
                remedy=_answer_the_review("the review", "what caused the bounces or complaints, and what was changed"),
            )
        case "SHUTDOWN":
            yield failed(
                "shutdown",
                f"AWS has paused the account's sending in {region}, for what was sent from it",
                expected=HEALTHY,
                found="EnforcementStatus SHUTDOWN",
                remedy=_answer_the_review("the pause", "what caused it, what was changed, and why it won't recur"),
            )
        case "":
            yield unseen(f"GetAccount tells no EnforcementStatus in {region}")
        case other:
            yield failed(
                "enforcement-unknown",
                f"the enforcement status in {region} is {other}, which is not HEALTHY and not known to sesgate",
                expected=HEALTHY,
                found=f"EnforcementStatus {other}",
                remedy=_answer_the_review(other, "what AWS asks"),
            )
    if not state.sending_enabled and state.enforcement != "SHUTDOWN":
        yield failed(
            "sending-paused",
            f"sending is switched off for the whole account in {region}",
            expected="SendingEnabled true",
            found="SendingEnabled false",
            remedy=_switch_sending_on(context),
        )


def _suppression(context: Context, state: AccountState) -> Iterator[Finding]:
    missing = [reason for reason in REASONS if reason not in state.suppressed_reasons]
    if not missing:
        return
    events = " or a ".join(reason.lower() for reason in missing)
    yield failed(
        "suppression-off" if len(missing) == len(REASONS) else "suppression-partial",
        f"account-level suppression in {context.region} takes up no address after a {events}",
        expected=f"SuppressedReasons {', '.join(REASONS)}",
        found=f"SuppressedReasons {', '.join(state.suppressed_reasons) or 'none'}",
        remedy=_suppress(context, state),
    )


def _switch_sending_on(context: Context) -> Remedy:
    on, off = ({"SendingEnabled": enabled} for enabled in (True, False))
    undo = AwsCall("sesv2", "PutAccountSendingAttributes", off, context.region)
    return Remedy(
        id="resume-account-sending",
        summary="Find out who paused sending and why, then switch it on again",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(AwsCall("sesv2", "PutAccountSendingAttributes", on, context.region, undo),),
        docs=PAUSING,
    )


def _suppress(context: Context, state: AccountState) -> Remedy:
    reasons, before = ({"SuppressedReasons": list(names)} for names in (REASONS, state.suppressed_reasons))
    undo = AwsCall("sesv2", "PutAccountSuppressionAttributes", before, context.region)
    return Remedy(
        id="suppress-bounces-and-complaints",
        summary="Let SES suppress addresses that bounced or complained",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(AwsCall("sesv2", "PutAccountSuppressionAttributes", reasons, context.region, undo),),
        docs=SUPPRESSION,
    )


def _answer_the_review(what: str, tell: str) -> Remedy:
    return Remedy(
        id="answer-enforcement-case",
        summary=f"Answer the support case that AWS opened about {what}",
        owner=Owner.PERSON,
        lead_time_seconds=2 * DAY,
        changes=(Text(f"Look up the case in the AWS Support Center, and tell {tell}."),),
        docs=ENFORCEMENT,
    )
