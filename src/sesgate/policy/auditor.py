"""The least policy for whoever runs a gate: what its checks declare that they read, on what the gate names."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sesgate.iam.known_actions import KnownAction, known_action
from sesgate.policy.acting import acting_grants
from sesgate.policy.grants import EVERY, REGIONAL, Conditions, Grant, document, in_regions, without_covered
from sesgate.policy.resources import Told

if TYPE_CHECKING:
    from sesgate.check import Check
    from sesgate.gate import Gate

NEED_NO_GRANT = frozenset({"sts:GetCallerIdentity"})
"""Nobody needs permission for these, and no Deny stops them. Source: AWS STS API, GetCallerIdentity."""
COMPLETE_ON_EVERY = frozenset({"cloudwatch:DescribeAlarms"})
"""These leave out a part of their answer under a narrower scope. Source: CloudWatch API, DescribeAlarms (composite)."""


def auditor_policy(
    checks: Iterable["Check"], told: Told | None, *, send: bool = False, gate: "Gate | None" = None
) -> dict[str, Any]:
    """The policy document for a run of these checks. Without `told`, which is without a gate, on every resource.

    With `send`, for a run that acts as well: what the `gate` says of its test send counts.
    """
    checks = list(checks)
    readers: dict[str, list[Check]] = {}
    for check in checks:
        for action in told.reads(check) if told else check.reads:
            known = known_action(action)
            readers.setdefault(known.name if known else action, []).append(check)
    reads = [_grant(action, asking, told) for action, asking in sorted(readers.items()) if action not in NEED_NO_GRANT]
    return document([*reads, *(acting_grants(checks, told, gate) if send else ())])


def _grant(action: str, checks: list["Check"], told: Told | None) -> Grant:
    known = known_action(action)
    service = action.partition(":")[0]
    if told is None:
        return Grant(action, about=f"Read {service}")
    if known is None or known.needs_star or action in COMPLETE_ON_EVERY:
        return Grant(action, EVERY, _here(service, told), f"Read {service}")
    resources = without_covered(
        resource for kind in known.decisive for check in checks for resource in told.resources(kind, service, check)
    )
    return Grant(action, tuple(sorted(resources)), about=f"Read {_kinds(known)}")


def _here(service: str, told: Told) -> Conditions:
    return in_regions(told.regions_of(service)) if service in REGIONAL else ()


def _kinds(known: KnownAction) -> str:
    """`ses identity`; one word for kinds that differ in where they stand only."""
    names = [kind.name for kind in known.decisive]
    return f"{known.service} {names[0].partition('-on-')[0]}"
