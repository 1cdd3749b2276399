"""The report of several gates that were run together: a report each, and one verdict, the worst."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from sesgate.clock import to_text
from sesgate.report.layout import laid_out
from sesgate.report.model import COUNTED, SCHEMA_VERSION, GateSource, RecordingRef, Report, Tool
from sesgate.verdict import Verdict, worst

UNNAMED = "gate"
"""What a gate is called that has neither a name nor a file."""


class JointReport(Struct, frozen=True):
    """The outcome of one run of several gates, in the order in which they were given."""

    gates: tuple[Report, ...]
    duration_seconds: float
    recording: RecordingRef | None = None

    @property
    def tool(self) -> Tool:
        return self.gates[0].tool

    @property
    def started_at(self) -> datetime:
        """When the first of them began."""
        return min(report.started_at for report in self.gates)

    @property
    def verdict(self) -> Verdict:
        """The worst of theirs."""
        return worst(report.verdict for report in self.gates)

    @property
    def waiting(self) -> bool:
        """Whether every gate that is not ready only waits."""
        blocked = [report for report in self.gates if report.verdict is Verdict.NOT_READY]
        return bool(blocked) and all(report.waiting for report in blocked)

    @property
    def partial(self) -> bool:
        return any(report.partial for report in self.gates)

    @property
    def replayed(self) -> bool:
        return any(report.replayed for report in self.gates)

    @property
    def counts(self) -> dict[str, int]:
        """The sums of theirs."""
        return {name: sum(report.counts[name] for report in self.gates) for name in COUNTED}

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: each of `gates` is the whole report of one gate."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": self.tool.name, "version": self.tool.version, "packs": dict(self.tool.packs)},
            "started_at": to_text(self.started_at),
            "duration_seconds": round(self.duration_seconds, 3),
            "replayed": self.replayed,
            "verdict": self.verdict.value,
            "partial": self.partial,
            "waiting": self.waiting,
            "counts": self.counts,
            "gates": [report.to_dict() for report in self.gates],
            "recording": asdict(self.recording) if self.recording else None,
        }

    def to_json(self) -> str:
        """The JSON form as text. ASCII only: no terminal takes it for a command."""
        return laid_out(self.to_dict(), levels=4) + "\n"


AnyReport = Report | JointReport
"""What a run left behind: the report of one gate, or of several."""


def gates_of(report: AnyReport) -> tuple[Report, ...]:
    """The reports of the gates: itself, or each of several."""
    return report.gates if isinstance(report, JointReport) else (report,)


def labelled(report: AnyReport) -> Iterator[tuple[str, Report]]:
    """Each gate's report with what tells it from the others: its name, where only it has that; else its file too."""
    reports = gates_of(report)
    return zip(labels([one.gate for one in reports]), reports, strict=True)


def labels(gates: Sequence[GateSource]) -> list[str]:
    """What tells each of these gates from the others."""
    names = [one.name or one.path or UNNAMED for one in gates]
    shared = {name for name, times in Counter(names).items() if times > 1}
    told = [
        f"{name} ({one.path})" if name in shared and one.path else name for name, one in zip(names, gates, strict=True)
    ]
    repeated = {name for name, times in Counter(told).items() if times > 1}
    return [f"{name} [{at}]" if name in repeated else name for at, name in enumerate(told, 1)]


def paired(before: AnyReport, after: AnyReport) -> Iterator[tuple[Report | None, Report | None]]:
    """The gates of two reports, each with itself: by their files, else by names that only they have.

    A gate alone in both is the same one, whatever it is called. In the order of the later report; what is gone last.
    """
    old, new = gates_of(before), gates_of(after)
    known = matched([one.gate for one in old], [one.gate for one in new])
    for one, at in zip(new, known, strict=True):
        yield None if at is None else old[at], one
    for at, gone in enumerate(old):
        if at not in known:
            yield gone, None


def matched(before: Sequence[GateSource], after: Sequence[GateSource]) -> list[int | None]:
    """For each later gate which earlier one it is, by position: see `paired`."""
    if len(before) == len(after) == 1:
        return [0]
    by_path: dict[str | None, int] = {one.path: at for at, one in enumerate(before) if one.path}
    taken = {by_path[one.path] for one in after if one.path in by_path}
    left = {at: one.name for at, one in enumerate(before) if at not in taken}
    once_before, once_after = _once(left.values()), _once(one.name for one in after)
    by_name = {name: at for at, name in left.items() if name in once_before & once_after}
    return [by_path[one.path] if one.path in by_path else by_name.get(one.name or "") for one in after]


def _once(names: Iterable[str | None]) -> set[str]:
    """The names that only one gate has."""
    return {name for name, times in Counter(names).items() if name and times == 1}


__all__ = ["AnyReport", "JointReport", "gates_of", "labelled", "labels", "matched", "paired"]
