"""Is the account out of the sandbox, in the region under audit?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import DAY, AwsCall, Finding, Owner, Remedy, Severity, failed, passed, pending
from sesgate.ses.account import AccountState, account
from sesgate.subjects import Account

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html"
EXPECTED = "production access (ProductionAccessEnabled is true)"


@check(
    id="production-access",
    each=Account,
    asked_by="senders",
    serves="Production access requested and approved (SES console)",
    severity=Severity.BLOCKER,
    reads=["ses:GetAccount"],
    causes={
        "sandbox": Severity.BLOCKER,
        "under-review": Severity.BLOCKER,
        "review-denied": Severity.BLOCKER,
        "review-failed": Severity.BLOCKER,
    },
)
def production_access(subject: Account, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Out of the sandbox, in the region under audit. Source: SES API v2, GetAccount."""
    state = account(context)
    if state.production_access:
        yield passed(f"production access in {context.region}")
        return
    case = f" (case {state.case_id})" if state.case_id else ""
    match state.review_status:
        case "PENDING":
            yield pending(
                "under-review",
                f"AWS is reviewing the request for production access in {context.region}{case}",
                expected=EXPECTED,
                found="review PENDING",
                remedy=_answer_the_case(state),
            )
        case "DENIED":
            yield failed(
                "review-denied",
                f"AWS denied production access in {context.region}{case}",
                expected=EXPECTED,
                found="review DENIED",
                remedy=_answer_the_case(state),
            )
        case "FAILED":
            yield failed(
                "review-failed",
                f"the request for production access in {context.region} could not be processed{case}",
                expected=EXPECTED,
                found="review FAILED",
                remedy=_request(context, state),
            )
        case _:
            yield failed(
                "sandbox",
                f"the account is in the SES sandbox in {context.region}: {_limits(state)}{_elsewhere(context)}",
                expected=EXPECTED,
                found="sandbox",
                remedy=_request(context, state),
            )


def _limits(state: AccountState) -> str:
    return f"{state.quota.daily:.0f} messages a day, to verified recipients only"


def _elsewhere(context: Context) -> str:
    """Which other regions that the gate or the environment names have production access: a frequent mix-up."""
    for region in context.place.other_regions:
        try:
            if account(context, region).production_access:
                return f"; {region} has production access: is the region right?"
        except NotSeen:
            continue
    return ""


def _request(context: Context, state: AccountState) -> Remedy:
    kind = (context.gate.volume.kind if context.gate.volume else None) or "transactional"
    sender = context.gate.senders[0]
    domain = sender.domain or str(sender.address).rpartition("@")[2]
    return Remedy(
        id="request-production-access",
        summary="Ask AWS for production access in this region",
        owner=Owner.AWS,
        lead_time_seconds=DAY,
        changes=(
            AwsCall(
                "sesv2",
                "PutAccountDetails",
                {
                    "MailType": "TRANSACTIONAL" if kind == "transactional" else "MARKETING",
                    "WebsiteURL": state.website or f"https://{domain}",
                    "ContactLanguage": "EN",
                    "ProductionAccessEnabled": True,
                },
                context.region,
            ),
        ),
        docs=DOCS,
    )


def _answer_the_case(state: AccountState) -> Remedy:
    case = f"support case {state.case_id}" if state.case_id else "the support case"
    return Remedy(
        id="answer-production-access-case",
        summary=f"Read {case} in AWS Support and answer what is asked: how recipients opt in, how bounces are handled",
        owner=Owner.PERSON,
        lead_time_seconds=DAY if state.review_status == "PENDING" else 2 * DAY,
        docs=DOCS,
    )
