"""What a test send needs on top of the reads: sending to the simulator, and a queue of its own that comes and goes."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sesgate.policy.grants import EVERY, Conditions, Grant, in_regions, without_covered
from sesgate.policy.resources import ANY, Told

if TYPE_CHECKING:
    from sesgate.check import Check
    from sesgate.gate import Gate

TEMPORARY = "sesgate-test-send-*"
"""The names of the queues that a test send makes."""
SIMULATOR = "*@simulator.amazonses.com"


def acting_grants(checks: Iterable["Check"], told: Told | None, gate: "Gate | None") -> Iterator[Grant]:
    """The grants for `check --send`, without `--to`. Without `told`, which is without a gate, on every resource."""
    for action in sorted({action for check in checks for action in check.acts}):
        about = f"Send {action.partition(':')[0]}"
        if told is None:
            yield Grant(action, about=about)
        else:
            yield Grant(action, _resources(action, told, gate), _conditions(action, told), about)


def _resources(action: str, told: Told, gate: "Gate | None") -> tuple[str, ...]:
    match action.partition(":")[0]:
        case "ses":
            sets = told.sets or (_arn(told, "ses", "configuration-set/*"),)
            here = f":{told.regions[0]}:"
            return without_covered(sorted((*(arn for arn in told.identities if here in arn), *sets)))
        case "sqs":
            return tuple(sorted(dict.fromkeys((_arn(told, "sqs", TEMPORARY), *_consumed(action, told, gate)))))
        case "sns":
            return (_arn(told, "sns", ANY),)
    return EVERY


def _consumed(action: str, told: Told, gate: "Gate | None") -> Iterator[str]:
    """The application's queue, where the gate has it read."""
    from sesgate.ses.queues import queue_named

    declared = gate.test_send if gate else None
    if declared and declared.queue and declared.consume and action not in ("sqs:CreateQueue", "sqs:DeleteQueue"):
        named = queue_named(declared.queue, told.regions[0])
        yield f"arn:{told.partition}:sqs:{named.region}:{named.account or told.account}:{named.name}"


def _conditions(action: str, told: Told) -> Conditions:
    """SES asks for every recipient; SNS tells the end point of a subscription that is made."""
    match action:
        case "ses:SendEmail":
            return (("ForAllValues:StringLike", "ses:Recipients", (SIMULATOR,)),)
        case "sns:Subscribe":
            return (
                ("StringEquals", "sns:Protocol", ("sqs",)),
                ("StringLike", "sns:Endpoint", (_arn(told, "sqs", TEMPORARY),)),
            )
    return in_regions(told.regions[:1])


def _arn(told: Told, service: str, resource: str) -> str:
    return f"arn:{told.partition}:{service}:{told.regions[0]}:{told.account}:{resource}"
