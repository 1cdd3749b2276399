"""quota: what may be sent against what the gate plans."""

from typing import Any

import pytest

from sesgate.finding import AwsCall
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "quota"


def _quota(daily: float, per_second: float = 28, sent: float = 0, **fields: Any) -> World:
    """A plan of 50,000 a day and 14 a second against this quota."""
    quota = {"Max24HourSend": daily, "MaxSendRate": per_second, "SentLast24Hours": sent}
    return ready_world().answer("sesv2", "GetAccount", SendQuota=quota, **fields)


def _sandboxed(**details: object) -> World:
    return _quota(200, 1, ProductionAccessEnabled=False, Details=details)


def test_enough_passes_and_tells_the_numbers() -> None:
    [judged] = run(CHECK, ready_world())
    assert judged.status.value == "pass"
    assert "100,000" in judged.finding.message


def test_unlimited_passes() -> None:
    assert statuses(run(CHECK, _quota(-1, -1, sent=900_000))) == {"pass"}


@pytest.mark.parametrize(
    ("daily", "per_second", "sent", "cause", "severity"),
    [
        (40_000, 28, 0, "daily-below-plan", "blocker"),
        (100_000, 28, 60_000, "daily-used-up", "blocker"),
        (60_000, 28, 0, "daily-headroom", "warning"),
        (100_000, 10, 0, "rate-below-plan", "blocker"),
        (100_000, 15, 0, "rate-headroom", "warning"),
    ],
)
def test_each_shortage_has_its_cause(daily: float, per_second: float, sent: float, cause: str, severity: str) -> None:
    [judged] = run(CHECK, _quota(daily, per_second, sent))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", cause, severity)
    assert judged.finding.remedy is not None
    [call] = judged.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.operation == "RequestServiceQuotaIncrease"


def test_exactly_a_fifth_left_is_enough() -> None:
    assert statuses(run(CHECK, _quota(62_500, 17.5))) == {"pass"}


@pytest.mark.parametrize(
    ("daily", "sent", "wanted"), [(40_000, 0, 63_000), (100_000, 60_000, 130_000), (60_000, 0, 63_000)]
)
def test_what_is_asked_for_leaves_headroom(daily: float, sent: float, wanted: float) -> None:
    [judged] = run(CHECK, _quota(daily, sent=sent))
    assert judged.finding.remedy is not None
    [call] = judged.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.parameters == {"ServiceCode": "ses", "QuotaCode": "L-804C8AE8", "DesiredValue": wanted}


def test_both_quotas_are_told() -> None:
    assert causes(run(CHECK, _quota(40_000, 10))) == {"daily-below-plan", "rate-below-plan"}


def test_in_the_sandbox_the_request_comes_first() -> None:
    judged = run(CHECK, _sandboxed())
    assert {(one.status.value, one.cause) for one in judged} == {
        ("fail", "daily-below-plan"),
        ("fail", "rate-below-plan"),
    }
    assert all(one.finding.remedy and one.finding.remedy.after == ("request-production-access",) for one in judged)


def test_during_the_review_it_waits() -> None:
    judged = run(CHECK, _sandboxed(ReviewDetails={"Status": "PENDING", "CaseId": "1"}))
    assert statuses(judged) == {"pending"}
    assert all(one.finding.remedy and one.finding.remedy.after == ("answer-production-access-case",) for one in judged)


def test_without_a_plan_the_numbers_are_told() -> None:
    [judged] = run(CHECK, ready_world().with_gate(volume=None))
    assert judged.status.value == "pass"
    assert "no declared volume" in judged.finding.message


def test_without_a_plan_a_quota_nearly_used_up_warns() -> None:
    [judged] = run(CHECK, _quota(1_000, sent=850).with_gate(volume=None))
    assert (judged.cause, judged.severity.value) == ("daily-nearly-used", "warning")


def test_a_plan_for_the_rate_alone() -> None:
    world = _quota(1_000, 10, sent=850).with_gate(volume={"per_second": 14})
    assert causes(run(CHECK, world)) == {"daily-nearly-used", "rate-below-plan"}


def test_what_is_denied_is_an_error() -> None:
    assert statuses(run(CHECK, ready_world().fail("sesv2", "GetAccount"))) == {"error"}
