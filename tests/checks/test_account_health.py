"""account-health: sending, enforcement, suppression."""

from typing import Any

import pytest

from sesgate.finding import AwsCall
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "account-health"


def _account(**fields: Any) -> World:
    return ready_world().answer("sesv2", "GetAccount", **fields)


def test_a_healthy_account_passes() -> None:
    assert statuses(run(CHECK, ready_world())) == {"pass"}


@pytest.mark.parametrize(
    ("fields", "cause", "severity"),
    [
        ({"SendingEnabled": False}, "sending-paused", "blocker"),
        ({"EnforcementStatus": "PROBATION"}, "probation", "blocker"),
        ({"EnforcementStatus": "SHUTDOWN", "SendingEnabled": False}, "shutdown", "blocker"),
        ({"EnforcementStatus": "FROZEN"}, "enforcement-unknown", "blocker"),
        ({"SuppressionAttributes": {"SuppressedReasons": []}}, "suppression-off", "blocker"),
        ({"SuppressionAttributes": {}}, "suppression-off", "blocker"),
        ({"SuppressionAttributes": {"SuppressedReasons": ["BOUNCE"]}}, "suppression-partial", "warning"),
    ],
)
def test_each_fault_has_its_cause(fields: dict[str, object], cause: str, severity: str) -> None:
    [judged] = run(CHECK, _account(**fields))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", cause, severity)
    assert judged.finding.remedy is not None


def test_faults_are_told_together() -> None:
    world = _account(SendingEnabled=False, EnforcementStatus="PROBATION", SuppressionAttributes={})
    assert causes(run(CHECK, world)) == {"probation", "sending-paused", "suppression-off"}


def test_an_unknown_status_is_told() -> None:
    [judged] = run(CHECK, _account(EnforcementStatus="FROZEN"))
    assert "FROZEN" in judged.finding.message


def test_suppression_can_be_put_back() -> None:
    [judged] = run(CHECK, _account(SuppressionAttributes={"SuppressedReasons": ["COMPLAINT"]}))
    assert "after a bounce" in judged.finding.message
    assert judged.finding.remedy is not None
    [call] = judged.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.parameters == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert call.undo is not None
    assert call.undo.parameters == {"SuppressedReasons": ["COMPLAINT"]}


def test_no_status_at_all_is_an_error() -> None:
    assert statuses(run(CHECK, _account(EnforcementStatus=""))) == {"error"}


def test_what_is_denied_is_an_error() -> None:
    assert statuses(run(CHECK, ready_world().fail("sesv2", "GetAccount"))) == {"error"}
