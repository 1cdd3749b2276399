"""From findings to a verdict: waivers, the baseline, what counts. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from sesgate.engine import Judged
from sesgate.finding import Severity, Status


class Verdict(StrEnum):
    """The contract's words."""

    READY = "ready"
    NOT_READY = "not_ready"
    UNDECIDED = "undecided"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on several gates: not ready before undecided before ready. There must be one."""
    return max(verdicts, key=(Verdict.READY, Verdict.UNDECIDED, Verdict.NOT_READY).index)


EXIT_CODES = {Verdict.READY: 0, Verdict.NOT_READY: 1, Verdict.UNDECIDED: 3}
_BY_CAUSE_ONLY = frozenset({"not-seen", "not-run"})


class Waiver(Protocol):
    """What a waiver of the gate says. `expires` is the last day it holds, UTC."""

    @property
    def check(self) -> str: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def expires(self) -> date: ...


class Waived(Struct, frozen=True):
    """A finding and the waiver that covers it, if any."""

    judged: Judged
    waiver: Waiver | None = None


class UnusedWaiver(Struct, frozen=True):
    """A waiver that covers nothing, and why: "expired", "matches no finding" or "ignored"."""

    waiver: Waiver
    why: str


class Outcome(Struct, frozen=True):
    """The verdict. `waiting` is true where all that blocks is only pending."""

    verdict: Verdict
    waiting: bool


def waive(
    findings: Sequence[Judged], waivers: Iterable[Waiver], today: date, *, use: bool = True
) -> tuple[list[Waived], list[UnusedWaiver]]:
    """Lays the waivers over the findings; the first that covers a finding counts. Tells those that cover none."""
    all_waivers = list(waivers)
    standing = [waiver for waiver in all_waivers if use and waiver.expires >= today]
    used: set[int] = set()
    result = []
    for judged in findings:
        covering = [waiver for waiver in standing if _covers(waiver, judged)]
        used.update(id(waiver) for waiver in covering)
        result.append(Waived(judged, covering[0] if covering else None))
    unused = [
        UnusedWaiver(waiver, _why_unused(waiver, today, use=use)) for waiver in all_waivers if id(waiver) not in used
    ]
    return result, unused


def _covers(waiver: Waiver, judged: Judged) -> bool:
    if waiver.check != judged.check or waiver.subject.lower() != judged.subject.lower():
        return False
    if judged.status in (Status.FAIL, Status.PENDING):
        return waiver.cause in (None, judged.cause)
    return judged.status is Status.ERROR and waiver.cause in _BY_CAUSE_ONLY and waiver.cause == judged.cause


def _why_unused(waiver: Waiver, today: date, *, use: bool) -> str:
    if not use:
        return "ignored"
    return "expired" if waiver.expires < today else "matches no finding"


def decide(
    findings: Iterable[Waived],
    *,
    fail_on: Severity = Severity.BLOCKER,
    baseline: Collection[tuple[str, str, str | None]] = (),
) -> Outcome:
    """The verdict over the findings that no waiver covers and that the baseline did not have.

    What could not be looked at counts even where the baseline could not look at it either.
    """
    weighing = [one for one in findings if one.judged.severity.weight >= fail_on.weight]
    looked_at = any(one.judged.status in (Status.PASS, Status.FAIL, Status.PENDING) for one in weighing)
    counted = [
        one.judged
        for one in weighing
        if one.waiver is None and (one.judged.status is Status.ERROR or one.judged.key not in baseline)
    ]
    statuses = {judged.status for judged in counted}
    if statuses & {Status.FAIL, Status.PENDING}:
        return Outcome(Verdict.NOT_READY, waiting=Status.FAIL not in statuses)
    if Status.ERROR in statuses or not looked_at:
        return Outcome(Verdict.UNDECIDED, waiting=False)
    return Outcome(Verdict.READY, waiting=False)
