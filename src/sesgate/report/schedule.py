"""When the gate can be ready: the critical path over the open remedies, from their lead times and their order. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.clock import to_text
from sesgate.finding import Remedy, Severity, Status
from sesgate.verdict import Verdict

if TYPE_CHECKING:
    from sesgate.report.model import Report, ReportedFinding


class Step(Struct, frozen=True):
    """A remedy in its time. Seconds from the beginning of the work, which every owner begins at once."""

    remedy: Remedy
    starts: int
    ends: int


Chain = tuple[Step, ...]


class Schedule(Struct, frozen=True):
    """What the earliest time to be ready hangs on.

    `path` is the chain of remedies that takes longest, in order. `untimed` are the blocking findings (check, subject)
    whose end nobody can foretell: no remedy says how long it takes, or nothing could be seen.
    """

    path: tuple[Step, ...]
    untimed: tuple[tuple[str, str], ...]
    begins: datetime

    @property
    def seconds(self) -> int:
        """From the beginning to the end of the path."""
        return self.path[-1].ends if self.path else 0

    @property
    def ready_at(self) -> datetime | None:
        """The earliest time to be ready; None where some finding has no time."""
        return None if self.untimed else self.begins + timedelta(seconds=self.seconds)

    def to_dict(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "seconds": self.seconds,
            "ready_at": to_text(self.ready_at) if self.ready_at else None,
            "path": [_step_json(step) for step in self.path],
            "untimed": [{"check": check, "subject": subject} for check, subject in self.untimed],
        }


def schedule(report: "Report") -> Schedule | None:
    """The way from this report to READY, begun when it was made; None where it is READY."""
    blocking = blocking_findings(report)
    if not blocking:
        return None
    known = _by_id(finding.remedy for finding in report.findings if finding.remedy and not finding.waiver)
    timed = [finding.remedy.id for finding in blocking if finding.remedy and finding.status is not Status.ERROR]
    done: dict[str, Chain | None] = {}
    chains = [_chain(name, known, done) for name in dict.fromkeys(timed)]
    longest = max(chains, key=lambda chain: chain[-1].ends, default=())
    unseen = [one for one in report.findings if _blocks_unseen(one)]
    untimed = [*(one for one in blocking if one.remedy is None or one.status is Status.ERROR), *unseen]
    return Schedule(longest, tuple(dict.fromkeys((one.check, one.subject) for one in untimed)), report.started_at)


def _blocks_unseen(finding: "ReportedFinding") -> bool:
    """Whether a blocker may be there that nobody could look at: it is no part of the verdict once something fails."""
    return finding.status is Status.ERROR and finding.severity is Severity.BLOCKER and finding.waiver is None


def blocking_findings(report: "Report") -> "tuple[ReportedFinding, ...]":
    """The findings that the verdict rests on, in the report's order.

    Where no blocker is among them the run was told that warnings count as well.
    """
    if report.verdict is Verdict.READY:
        return ()
    statuses = {Status.ERROR} if report.verdict is Verdict.UNDECIDED else {Status.FAIL, Status.PENDING}
    found = [one for one in report.findings if not one.waiver and one.status in statuses]
    blockers = tuple(one for one in found if one.severity is Severity.BLOCKER)
    return blockers or tuple(one for one in found if one.severity is Severity.WARNING)


def _by_id(remedies: Iterable[Remedy]) -> dict[str, list[Remedy]]:
    by_id: dict[str, list[Remedy]] = {}
    for remedy in remedies:
        by_id.setdefault(remedy.id, []).append(remedy)
    return by_id


def _chain(name: str, known: Mapping[str, list[Remedy]], done: dict[str, Chain | None]) -> Chain:
    """The steps that end with a remedy, the slowest way to it. One that waits for itself does not wait."""
    if name in done:
        return done[name] or ()
    done[name] = None
    remedy = max(known[name], key=lambda one: one.lead_time_seconds)
    first = dict.fromkeys(before for one in known[name] for before in one.after if before in known)
    ways = [chain for chain in (_chain(before, known, done) for before in first) if chain]
    before = max(ways, key=lambda chain: chain[-1].ends, default=())
    starts = before[-1].ends if before else 0
    chain = done[name] = (*before, Step(remedy, starts, starts + max(0, remedy.lead_time_seconds)))
    return chain


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "remedy": step.remedy.id,
        "summary": step.remedy.summary,
        "owner": step.remedy.owner.value,
        "starts_seconds": step.starts,
        "ends_seconds": step.ends,
    }
