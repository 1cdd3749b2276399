"""One run of the gate: from a loaded gate and its evidence to a report and a recording."""

import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from sesgate import __version__
from sesgate.clock import Clock
from sesgate.context import Context, Place
from sesgate.engine import Judged, Progress, run
from sesgate.evidence import Evidence, NotSeen, Question
from sesgate.evidence.recording import Recording
from sesgate.finding import Location, Severity
from sesgate.plan import Plan
from sesgate.report.assemble import exhibits, reported, unused
from sesgate.report.joint import AnyReport, JointReport
from sesgate.report.model import CheckLine, EnvironmentCell, GateSource, Report, Target, Tool
from sesgate.subjects import Variable
from sesgate.verdict import decide, waive

if TYPE_CHECKING:
    from sesgate.gate import LoadedGate
    from sesgate.registry import Registry


class WrongAccount(Exception):  # noqa: N818 - a statement about the credentials
    """The credentials belong to another account than the gate's."""

    def __init__(self, found: str, wanted: str, caller: str) -> None:
        super().__init__(
            f"the credentials belong to account {found} ({caller}), the gate is for {wanted}: nothing was audited"
        )


class Weighing(Struct, frozen=True):
    """How findings become a verdict."""

    fail_on: Severity = Severity.BLOCKER
    baseline: Collection[tuple[str, str, str | None]] = ()
    use_waivers: bool = True

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Weighing":
        """What a recorded run was told. Early recordings do not tell it."""
        baseline = frozenset((check, subject, cause) for check, subject, cause in told.get("baseline", ()))
        return cls(Severity(told.get("fail_on", Severity.BLOCKER)), baseline, bool(told.get("waivers", True)))

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {
            "fail_on": self.fail_on.value,
            "baseline": sorted((list(key) for key in self.baseline), key=str),
            "waivers": self.use_waivers,
        }


class Run(Struct, frozen=True):
    """What a run left behind. The recording holds all the evidence."""

    report: Report
    recording: Recording


class Setting(Struct, frozen=True):
    """Everything that a run is given. `endpoint` is told after the run: it is known once clients were made."""

    loaded: "LoadedGate"
    registry: "Registry"
    plan: Plan
    place: Place
    evidence: Evidence
    clock: Clock
    weighing: Weighing = Weighing()
    endpoint: str | None = None
    region_overridden: bool = False
    replayed: bool = False
    command: Mapping[str, Any] | None = None


def identify(evidence: Evidence, region: str, wanted: str | None) -> tuple[str | None, str | None]:
    """(account, caller ARN) as STS tells them; (the gate's account, None) where it can't tell. Raises WrongAccount."""
    try:
        told = evidence.ask(Question.aws(region, "sts", "GetCallerIdentity")).read()
    except NotSeen:
        return wanted, None
    account, caller = str(told.get("Account", "")), str(told.get("Arn", ""))
    if wanted is not None and account != wanted:
        raise WrongAccount(account, wanted, caller)
    return account, caller


def audit(setting: Setting, *, deadline: float, progress: Progress | None = None) -> Run:
    """Runs the checks and weighs what they found. `deadline` is a monotonic time."""
    started_at, began = setting.clock.now(), time.monotonic()
    context = Context(setting.loaded.gate, setting.evidence, setting.clock, setting.place)
    judged = [
        *setting.plan.unserved,
        *run(setting.plan.jobs, context, deadline=deadline, progress=progress),
    ]
    waivers = setting.loaded.gate.waivers
    weighing = setting.weighing
    waived, idle = waive(judged, waivers, started_at.date(), use=weighing.use_waivers)
    if setting.plan.partial:
        idle = [entry for entry in idle if _was_run(setting, entry.waiver.check)]
    outcome = decide(waived, fail_on=weighing.fail_on, baseline=weighing.baseline)
    answers = setting.evidence.answers()
    report = Report(
        tool=Tool(__version__, setting.registry.packs),
        gate=gate_source(setting.loaded),
        target=_target(setting),
        started_at=started_at,
        duration_seconds=time.monotonic() - began,
        verdict=outcome.verdict,
        partial=setting.plan.partial,
        left_out=setting.plan.left_out,
        waiting=outcome.waiting,
        not_asked=setting.plan.not_asked,
        findings=tuple(reported(one, lambda judged: _pointed_at(setting.loaded, judged)) for one in waived),
        evidence=exhibits(answers, (one for finding in judged for one in finding.evidence)),
        unused_waivers=unused(idle),
        replayed=setting.replayed,
        environment=_matrix(setting, context, judged),
        checks=_lines(setting, judged),
    )
    recording = Recording(
        gate_text=setting.loaded.recordable,
        gate_sha256=setting.loaded.sha256,
        gate_path=_shown(setting.loaded.path),
        variables=setting.loaded.variables,
        started_at=started_at,
        tool={"version": __version__, "packs": dict(setting.registry.packs), "python": sys.version.split()[0]},
        place=_place_json(setting),
        answers=answers,
        run=dict(setting.command or {}),
    )
    return Run(report, recording)


def whole(reports: Sequence[Report], duration_seconds: float) -> AnyReport:
    """The report of a run: that of its gate, or one of all its gates. So long took all of it, sign-in too."""
    if len(reports) == 1:
        return replace(reports[0], duration_seconds=duration_seconds)
    return JointReport(tuple(reports), duration_seconds)


def gate_source(loaded: "LoadedGate") -> GateSource:
    """The gate as the report names it."""
    return GateSource(loaded.gate.name, _shown(loaded.path), loaded.sha256)


def _lines(setting: Setting, judged: Sequence[Judged]) -> dict[str, CheckLine]:
    """What each check of the findings is for."""
    registry = setting.registry
    found = {one.check: registry.checks[one.check] for one in judged if one.check in registry.checks}
    return {name: CheckLine(check.serves, registry.controls(name)) for name, check in found.items()}


def _matrix(setting: Setting, context: Context, judged: Sequence[Judged]) -> tuple[EnvironmentCell, ...]:
    """The environment variable matrix, where a check of this run looked at variables."""
    checks = {job.check.id for job in setting.plan.jobs if job.check.each is Variable}
    if not checks:
        return ()
    from sesgate.matrix.table import table

    return table(context, [one for one in judged if one.check in checks])


def locate(loaded: "LoadedGate", where: tuple[str | int, ...]) -> Location | None:
    """The line and column of a place in the gate, or of the nearest place above it; None where there is no file."""
    path = _shown(loaded.path)
    if path is None:
        return None
    place = loaded.locate(*where)
    return Location(path, place.line, place.column)


def _pointed_at(loaded: "LoadedGate", judged: Judged) -> Location | None:
    """A check names files as the gate does; the report, as the gate's own path does: from the working folder."""
    location = judged.finding.location
    if location is None:
        return locate(loaded, judged.where)
    return replace(location, path=str(_shown(loaded.folder / location.path)))


def _was_run(setting: Setting, check: str) -> bool:
    return any(job.check.id == check and job.skip is None for job in setting.plan.jobs)


def _shown(path: Any) -> str | None:
    return PurePath(path).as_posix() if path is not None else None


def _target(setting: Setting) -> Target:
    place = setting.place
    return Target(place.account, place.region, place.caller, setting.endpoint, setting.region_overridden)


def _place_json(setting: Setting) -> dict[str, Any]:
    told = {"endpoint": setting.endpoint, "region_overridden": setting.region_overridden}
    return {**setting.place.to_json(), **told}
