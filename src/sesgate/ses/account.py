"""The SES account in one region. Source: SES API v2, GetAccount."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.evidence import Failure, FailureKind, NotSeen

if TYPE_CHECKING:
    from sesgate.context import Context

UNLIMITED = -1.0
ALWAYS_TOLD = ("ProductionAccessEnabled", "SendingEnabled", "SendQuota")


class Quota(Struct, frozen=True):
    """Messages: in 24 hours (-1 is unlimited), each second, and sent in the last 24 hours."""

    daily: float
    per_second: float
    sent: float


class AccountState(Struct, frozen=True):
    """What SES tells of an account. `review_status` is PENDING, FAILED, GRANTED, DENIED, or None where none was."""

    production_access: bool
    sending_enabled: bool
    enforcement: str
    quota: Quota
    review_status: str | None
    case_id: str | None
    mail_type: str | None
    website: str | None
    suppressed_reasons: tuple[str, ...]


def account(context: "Context", region: str | None = None) -> AccountState:
    """The account in a region. Raises NotSeen, also where the answer lacks what every account has."""
    return account_state(context.aws("sesv2", "GetAccount", region=region) or {}, region or context.region)


def account_state(value: Mapping[str, Any], region: str) -> AccountState:
    """The answer of GetAccount, read. Raises NotSeen where it lacks what every account has."""
    lacking = [name for name in ALWAYS_TOLD if value.get(name) is None]
    if lacking:
        message = f"the answer to ses:GetAccount in {region} lacks {', '.join(lacking)}"
        raise NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, message))
    details = value.get("Details") or {}
    review = details.get("ReviewDetails") or {}
    quota = value.get("SendQuota") or {}
    return AccountState(
        production_access=bool(value.get("ProductionAccessEnabled")),
        sending_enabled=bool(value.get("SendingEnabled")),
        enforcement=str(value.get("EnforcementStatus", "")),
        quota=Quota(
            float(quota.get("Max24HourSend", 0)),
            float(quota.get("MaxSendRate", 0)),
            float(quota.get("SentLast24Hours", 0)),
        ),
        review_status=review.get("Status"),
        case_id=review.get("CaseId"),
        mail_type=details.get("MailType"),
        website=details.get("WebsiteURL"),
        suppressed_reasons=tuple((value.get("SuppressionAttributes") or {}).get("SuppressedReasons") or ()),
    )
