"""The findings in the order a reader needs: first what fails, last what passes. Nothing is judged here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from sesgate.finding import Remedy, Severity, Status
from sesgate.report.model import Exhibit, Report, ReportedFinding
from sesgate.report.schedule import blocking_findings, schedule
from sesgate.verdict import Verdict

Findings = tuple[ReportedFinding, ...]


class Group(Struct, frozen=True):
    """Findings that have one reason or one check in common; `name` is that."""

    name: str
    findings: Findings

    @property
    def checks(self) -> dict[str, list[str]]:
        """The checks with their subjects, in order."""
        found: dict[str, dict[str, None]] = {}
        for finding in self.findings:
            found.setdefault(finding.check, {})[finding.subject] = None
        return {check: list(subjects) for check, subjects in found.items()}


@dataclass(frozen=True)
class Ordered:
    """A report's findings by what came of them; each finding is in one place only."""

    report: Report

    def failures(self, severity: Severity) -> Findings:
        """What failed with this weight, grouped by check."""
        return tuple(one for one in self._standing(Status.FAIL) if one.severity is severity)

    @cached_property
    def pending(self) -> Findings:
        """What waits, blockers first."""
        return self._standing(Status.PENDING)

    @cached_property
    def errors(self) -> tuple[Group, ...]:
        """What could not be looked at, by its reason; what keeps most from being seen first."""
        groups = _grouped(self._standing(Status.ERROR), self.reason_unseen)
        return tuple(sorted(groups, key=lambda group: -len(group.findings)))

    @cached_property
    def waived(self) -> Findings:
        return tuple(one for one in self.report.findings if one.waiver)

    @cached_property
    def skipped(self) -> tuple[Group, ...]:
        """What was not asked, by its reason."""
        return _grouped(
            self._standing(Status.SKIP),
            lambda one: f"{one.because} is not right" if one.because else one.message,
        )

    @cached_property
    def passed(self) -> tuple[Group, ...]:
        """What passed, by check."""
        return _grouped(self._standing(Status.PASS), lambda one: one.check)

    @cached_property
    def blocking(self) -> Findings:
        """The findings that the verdict rests on."""
        return self._sorted(blocking_findings(self.report))

    @cached_property
    def to_begin(self) -> Findings:
        """The same in the order in which to begin: what the earliest time hangs on, then what takes longest."""
        planned = schedule(self.report)
        path = {step.remedy.id: at for at, step in enumerate(planned.path)} if planned else {}

        def urgent(finding: ReportedFinding) -> tuple[int, int]:
            named = finding.remedy.id if finding.remedy else ""
            return path.get(named, len(path)), -seconds_to_repair(finding)

        return tuple(sorted(self.blocking, key=urgent))

    @cached_property
    def tolerated(self) -> int:
        """Blockers that fail although the verdict is READY: an earlier report already had them."""
        if self.report.verdict is not Verdict.READY:
            return 0
        standing = (*self._standing(Status.FAIL), *self._standing(Status.PENDING))
        return sum(one.severity is Severity.BLOCKER for one in standing)

    @cached_property
    def repairs(self) -> "Repairs":
        """The remedies of all that a reader can act on, numbered in the order of the findings."""
        errors = [one for group in self.errors for one in group.findings]
        acted_on = (*(one for severity in Severity for one in self.failures(severity)), *self.pending, *errors)
        return Repairs([one.remedy for one in acted_on if one.remedy])

    def reason_unseen(self, finding: ReportedFinding) -> str:
        """Why something could not be looked at: the failed answer's own words where the message leads up to them."""
        failures = [exhibit.excerpt.get("failure") for exhibit in self.exhibits(finding)]
        reasons = [failure.get("message") for failure in failures if isinstance(failure, dict)]
        leads = (one for one in reasons if isinstance(one, str) and one and finding.message.endswith(one))
        return next(leads, finding.message)

    def exhibits(self, finding: ReportedFinding) -> list[Exhibit]:
        """The evidence that a finding cites."""
        return [self._exhibits[one] for one in finding.evidence if one in self._exhibits]

    @cached_property
    def _exhibits(self) -> dict[str, Exhibit]:
        return {exhibit.id: exhibit for exhibit in self.report.evidence}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {check: at for at, check in enumerate(dict.fromkeys(one.check for one in self.report.findings))}

    def _standing(self, status: Status) -> Findings:
        """The findings of a status that no waiver covers."""
        return self._by_status.get(status, ())

    @cached_property
    def _by_status(self) -> dict[Status, Findings]:
        found: dict[Status, list[ReportedFinding]] = {}
        for one in self._sorted(one for one in self.report.findings if not one.waiver):
            found.setdefault(one.status, []).append(one)
        return {status: tuple(members) for status, members in found.items()}

    def _sorted(self, findings: Iterable[ReportedFinding]) -> Findings:
        """Blockers first, then by check."""
        return tuple(sorted(findings, key=lambda one: (-one.severity.weight, self._positions[one.check])))


def seconds_to_repair(finding: ReportedFinding) -> int:
    """How long its remedy takes until a check can see it; 0 where that is at once or not known."""
    return finding.remedy.lead_time_seconds if finding.remedy else 0


class Repairs:
    """Remedies of a report, numbered from 1. Equal ones are one repair; an id alone does not make two equal."""

    def __init__(self, remedies: Iterable[Remedy]) -> None:
        self._remedies = list(remedies)
        self._numbers: dict[int, int] = {}
        self._by_id: dict[str, list[int]] = {}
        self._told: set[int] = set()
        numbers: dict[str, int] = {}
        for remedy in self._remedies:
            content = repr(remedy)
            if content not in numbers:
                numbers[content] = len(numbers) + 1
                self._by_id.setdefault(remedy.id, []).append(numbers[content])
            self._numbers[id(remedy)] = numbers[content]

    def number(self, remedy: Remedy) -> int:
        """The number of one of the remedies, the object itself."""
        return self._numbers[id(remedy)]

    def named(self, remedy_id: str) -> list[int]:
        """The numbers of the remedies with this id."""
        return self._by_id.get(remedy_id, [])

    def tell(self, remedy: Remedy) -> bool:
        """Whether this is the first time that the remedy is told."""
        number = self.number(remedy)
        first = number not in self._told
        self._told.add(number)
        return first


def unique_remedies(findings: Iterable[ReportedFinding]) -> list[Remedy]:
    """The remedies of these findings, each once."""
    return list({repr(one.remedy): one.remedy for one in findings if one.remedy}.values())


def by_check(findings: Findings) -> tuple[Group, ...]:
    """All findings of each check, in order."""
    return _grouped(findings, lambda one: one.check)


def _grouped(findings: Findings, name: Callable[[ReportedFinding], str]) -> tuple[Group, ...]:
    groups: dict[str, list[ReportedFinding]] = {}
    for finding in findings:
        groups.setdefault(name(finding), []).append(finding)
    return tuple(Group(title, tuple(members)) for title, members in groups.items())
