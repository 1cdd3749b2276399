"""Checks made in tests, and registries of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sesgate.check import ATTRIBUTE, Check, CheckFunction, NoOptions, check
from sesgate.context import Context
from sesgate.finding import Finding, Severity
from sesgate.registry import Registry
from sesgate.subjects import Account, Subject

CAUSES = {"wrong": Severity.BLOCKER, "weak": Severity.WARNING}


def make_check(
    function: Callable[[Any, Context, Any], Iterator[Finding]],
    *,
    name: str = "made",
    each: type[Subject] = Account,
    asked_by: str = "senders",
    severity: Severity = Severity.BLOCKER,
    causes: Mapping[str, Severity] = CAUSES,
    options: type = NoOptions,
    local: bool = False,
) -> Check:
    """A check around a function."""

    def fresh(subject: Any, context: Context, knobs: Any) -> Iterator[Finding]:
        yield from function(subject, context, knobs)

    declare: Callable[[CheckFunction], CheckFunction] = check(
        id=name,
        each=each,
        asked_by=asked_by,
        serves="a line of the checklist",
        severity=severity,
        reads=[],
        causes=causes,
        options=options,
        local=local,
    )
    declared: Check = getattr(declare(fresh), ATTRIBUTE)
    return declared


def registry_of(*checks: Check) -> Registry:
    """A registry with these checks in it."""
    return Registry({one.id: one for one in checks}, {"tests": "1"}, {one.id: "tests" for one in checks})
