"""Is the sending quota enough for the volume that the gate declares?"""

import math
from collections.abc import Iterator

from msgspec import Struct

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import DAY, AwsCall, Finding, Owner, Remedy, Severity, Text, failed, passed, pending
from sesgate.ses.account import UNLIMITED, AccountState, Quota, account
from sesgate.subjects import Account

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-request-increase.html"
HEADROOM = 0.2
"""The part of what is left that a plan had better leave free."""


class Kind(Struct, frozen=True):
    """One of the two quotas: how it is told, and its code at Service Quotas."""

    name: str
    unit: str
    code: str


DAILY = Kind("daily", "messages in 24 hours", "L-804C8AE8")
RATE = Kind("rate", "messages a second", "L-CDEF9B6B")


@check(
    id="quota",
    each=Account,
    asked_by="senders",
    serves="Sending quotas cover the planned volume",
    severity=Severity.BLOCKER,
    reads=["ses:GetAccount"],
    causes={
        "daily-below-plan": Severity.BLOCKER,
        "daily-used-up": Severity.BLOCKER,
        "daily-headroom": Severity.WARNING,
        "daily-nearly-used": Severity.WARNING,
        "rate-below-plan": Severity.BLOCKER,
        "rate-headroom": Severity.WARNING,
    },
)
def quota(subject: Account, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The daily quota less what was sent, and the rate, against `volume`. Source: SES API v2, GetAccount."""
    state = account(context)
    volume = context.gate.volume
    daily, per_second = (volume.daily, volume.per_second) if volume else (None, None)
    wrong = [
        *(_daily(context, state, daily) if daily else _without_plan(context, state)),
        *(_rate(context, state, per_second) if per_second else ()),
    ]
    yield from wrong
    if not wrong:
        plan = _plan(daily, per_second)
        yield passed(f"{_numbers(state.quota)}, for {plan}", found=_numbers(state.quota))


def _daily(context: Context, state: AccountState, plan: int) -> Iterator[Finding]:
    quota = state.quota
    if quota.daily == UNLIMITED:
        return
    left = max(0.0, quota.daily - quota.sent)
    expected = f"{plan:,} messages in 24 hours"
    if quota.daily < plan:
        message = f"the daily quota in {context.region} is {quota.daily:,.0f} messages, the plan is {plan:,}"
        yield _short(state, "daily-below-plan", message, expected, f"{quota.daily:,.0f}", _raise(context, state, DAILY))
    elif left < plan:
        message = (
            f"{quota.sent:,.0f} of {quota.daily:,.0f} messages were sent in the last 24 hours in {context.region}: "
            f"{left:,.0f} are left, the plan is {plan:,}"
        )
        yield _short(state, "daily-used-up", message, expected, f"{left:,.0f}", _raise(context, state, DAILY))
    elif left * (1 - HEADROOM) < plan:
        message = (
            f"the plan of {plan:,} messages leaves {1 - plan / left:.0%} of the {left:,.0f} that are left of the "
            f"daily quota in {context.region}; 20 % are wanted"
        )
        wanted = f"at least {math.ceil(plan / (1 - HEADROOM)):,} messages in 24 hours"
        yield failed(
            "daily-headroom", message, expected=wanted, found=f"{left:,.0f}", remedy=_raise(context, state, DAILY)
        )


def _rate(context: Context, state: AccountState, plan: float) -> Iterator[Finding]:
    rate = state.quota.per_second
    if rate == UNLIMITED:
        return
    found = _per_second(rate)
    if rate < plan:
        message = f"the rate in {context.region} is {found}, the plan is {plan:g}"
        remedy = _raise(context, state, RATE)
        yield _short(state, "rate-below-plan", message, _per_second(plan), found, remedy)
    elif rate * (1 - HEADROOM) < plan:
        message = (
            f"the plan of {plan:g} messages a second leaves {1 - plan / rate:.0%} of the rate of {rate:g} in "
            f"{context.region}; 20 % are wanted"
        )
        wanted = f"at least {math.ceil(plan / (1 - HEADROOM)):,} messages a second"
        yield failed("rate-headroom", message, expected=wanted, found=found, remedy=_raise(context, state, RATE))


def _without_plan(context: Context, state: AccountState) -> Iterator[Finding]:
    quota = state.quota
    if quota.daily == UNLIMITED or quota.sent < quota.daily * (1 - HEADROOM):
        return
    yield failed(
        "daily-nearly-used",
        f"{quota.sent:,.0f} of {quota.daily:,.0f} messages were sent in the last 24 hours in {context.region}",
        expected="at least 20 % of the daily quota left",
        found=f"{max(0.0, quota.daily - quota.sent):,.0f} left",
        remedy=_raise(context, state, DAILY),
    )


def _short(state: AccountState, cause: str, message: str, expected: str, found: str, remedy: Remedy) -> Finding:
    """While AWS reviews a request for production access, the quota is the sandbox's and rises with the grant."""
    if state.production_access:
        return failed(cause, message, expected=expected, found=found, remedy=remedy)
    if state.review_status == "PENDING":
        told = f"{message}; AWS is reviewing the request for production access, which raises it"
        return pending(cause, told, expected=expected, found=found, remedy=remedy)
    return failed(cause, f"{message}; production access raises it", expected=expected, found=found, remedy=remedy)


def _raise(context: Context, state: AccountState, kind: Kind) -> Remedy:
    volume = context.gate.volume
    plan = (volume.daily if kind is DAILY else volume.per_second) if volume else None
    quota = state.quota
    if kind is DAILY:
        used = quota.sent if plan is None or plan <= quota.daily else 0.0
        wanted = _round_up((plan or 0) / (1 - HEADROOM) + used) if plan else _round_up(quota.daily * 2)
    else:
        wanted = _round_up((plan or 0) / (1 - HEADROOM))
    if not state.production_access:
        reviewing = state.review_status in ("PENDING", "DENIED")
        before = "answer-production-access-case" if reviewing else "request-production-access"
        words = f"Ask for {wanted:,} {kind.unit} in the request for production access."
        return _remedy(kind, wanted, (Text(words),), (before,))
    call = AwsCall(
        "service-quotas",
        "RequestServiceQuotaIncrease",
        {"ServiceCode": "ses", "QuotaCode": kind.code, "DesiredValue": float(wanted)},
        context.region,
    )
    return _remedy(kind, wanted, (call,), ())


def _remedy(kind: Kind, wanted: int, changes: tuple[AwsCall | Text, ...], after: tuple[str, ...]) -> Remedy:
    return Remedy(
        id=f"raise-quota:{kind.name}",
        summary=f"Have the quota raised to {wanted:,} {kind.unit}",
        owner=Owner.AWS,
        lead_time_seconds=DAY,
        changes=changes,
        after=after,
        docs=DOCS,
    )


def _round_up(value: float) -> int:
    """To two significant digits, as people ask for quotas."""
    step = int(10 ** max(0, math.floor(math.log10(max(value, 1))) - 1))
    return math.ceil(value / step) * step


def _numbers(quota: Quota) -> str:
    if quota.daily == UNLIMITED:
        daily = "no daily limit"
    else:
        daily = f"{quota.sent:,.0f} of {quota.daily:,.0f} messages sent in the last 24 hours"
    rate = "no limit a second" if quota.per_second == UNLIMITED else _per_second(quota.per_second)
    return f"{daily}, {rate}"


def _per_second(rate: float) -> str:
    return f"{rate:g} {'message' if rate == 1 else 'messages'} a second"


def _plan(daily: int | None, per_second: float | None) -> str:
    parts = [f"{daily:,} a day"] if daily else []
    parts += [f"{per_second:g} a second"] if per_second else []
    return "a plan of " + " and ".join(parts) if parts else "no declared volume"
