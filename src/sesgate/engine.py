"""Subjects by checks, side by side, each contained: what one call raises is the `error` of that subject alone."""

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from pathlib import PurePath
from threading import TIMEOUT_MAX
from typing import Any

from msgspec import Struct, structs

from sesgate.check import Check
from sesgate.context import Context
from sesgate.evidence import FailureKind, NotSeen
from sesgate.evidence.pool import Pool
from sesgate.finding import Finding, Severity, Status, skipped, unseen
from sesgate.subjects import Path, Subject

ALL = "all"
"""The subject of findings that concern a check as a whole."""
OFFLINE = "offline"
"""The cause of what --offline leaves out."""
GRACE = 2.0
THREADS = 32
CONTAINED = (Exception, SystemExit)
"""What ends only the call that raised it: `sys.exit(0)` in a check must not be the exit code of the gate."""
ACTING_THREADS = 256
"""For checks that act and then wait for what comes of it: they must not keep others from looking."""


class Judged(Struct, frozen=True):
    """A finding with what the engine knows of it. `evidence` are the ids of the questions it rests on."""

    check: str
    subject: str
    severity: Severity
    finding: Finding
    evidence: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    where: Path = ()

    @property
    def status(self) -> Status:
        return self.finding.status

    @property
    def cause(self) -> str | None:
        return self.finding.cause

    @property
    def key(self) -> tuple[str, str, str | None]:
        """What stays the same between runs."""
        return self.check, self.subject, self.finding.cause


class Job(Struct, frozen=True):
    """A check to run, with its options and the severities of this gate.

    `skip` says why it is not to run; `enabled` is the gate's own word, if any. `settled` are the causes whose severity
    the gate states itself.
    """

    check: Check
    options: Any
    severity: Severity
    causes: Mapping[str, Severity]
    enabled: bool | None = None
    skip: Finding | None = None
    settled: frozenset[str] = frozenset()

    def severity_of(self, finding: Finding) -> Severity:
        """The weight of a finding: its own where it has one and the gate says nothing, its cause's, the check's."""
        if finding.severity is not None and finding.cause not in self.settled:
            return scaled(finding.severity, self.check.severity, self.severity)
        return self.causes.get(finding.cause or "", self.severity)


def scaled(declared: Severity, of_check: Severity, now: Severity) -> Severity:
    """A cause as grave as its check moves with it; a lesser one is only ever capped."""
    if declared is of_check or declared.weight > now.weight:
        return now
    return declared


Progress = Callable[[int, int], None]


def run(
    jobs: Sequence[Job],
    context: Context,
    *,
    deadline: float,
    progress: Progress | None = None,
    settle: bool = True,
) -> list[Judged]:
    """Runs the checks on all their subjects. The order of the result depends on the gate alone.

    `deadline` is a monotonic time; a check that has not ended shortly after it is an error of its subject. With
    `settle`, a skip that leans on a finding which this run does not have becomes an error.
    """
    pool, acting = Pool(THREADS, "check"), Pool(ACTING_THREADS, "act")
    seeking = {job.check.id: replace(context, enabled=job.enabled, cited={}, notes={}) for job in jobs}
    found = [(job, pool.submit(_subjects, job, seeking[job.check.id])) for job in jobs if job.skip is None]
    until = deadline + GRACE
    under_way: dict[str, list[tuple[Subject, Future[list[Judged]]]]] = {}
    results: dict[str, list[Judged]] = {
        job.check.id: [Judged(job.check.id, ALL, job.severity, job.skip)] for job in jobs if job.skip
    }
    for job, future in found:
        subjects = _result(future, until, job, ALL)
        results[job.check.id] = [entry for entry in subjects if isinstance(entry, Judged)]
        under_way[job.check.id] = [
            (subject, (acting if job.check.acts else pool).submit(_judge, job, subject, seeking[job.check.id]))
            for subject in subjects
            if not isinstance(subject, Judged)
        ]
    total = sum(len(calls) for calls in under_way.values())
    done = 0
    for job, _ in found:
        for subject, call in under_way[job.check.id]:
            results[job.check.id] += _result(call, until, job, subject.name)
            done += 1
            if progress:
                progress(done, total)
    judged = [one for job in jobs for one in results[job.check.id]]
    return list(_settle_dependencies(judged)) if settle else judged


def judge(job: Job, context: Context) -> list[Judged]:
    """Runs one check on all its subjects, here and one after the other. Skips that lean on other checks stay skips."""
    seeking = replace(context, enabled=job.enabled, cited={}, notes={})
    judged: list[Judged] = []
    for subject in _subjects(job, seeking):
        judged += [subject] if isinstance(subject, Judged) else _judge(job, subject, seeking)
    return judged


def _result(future: "Future[list[Any]]", until: float, job: Job, subject: str) -> list[Any]:
    try:
        return future.result(timeout=min(max(0.0, until - time.monotonic()), TIMEOUT_MAX))
    except FutureTimeout:
        late = unseen("the check did not end within the time limit of the run")
        return [Judged(job.check.id, subject, job.severity, late)]


def _subjects(job: Job, asking: Context) -> list[Any]:
    """The subjects of a check, or what kept it from finding them."""
    try:
        return list(job.check.each.find(asking))
    except NotSeen as not_seen:
        return [_judged(job, ALL, _not_seen(not_seen), asking, (job.check.asked_by,))]
    except CONTAINED as fault:
        return [_judged(job, ALL, _fault(job, fault), asking, (job.check.asked_by,))]


def _judge(job: Job, subject: Subject, seeking: Context) -> list[Judged]:
    """All findings of one check on one subject. They rest also on what was asked to find the subject."""
    asking = replace(seeking, cited=dict(seeking.cited), notes=dict(seeking.notes))
    judged: list[Judged] = []

    def add(finding: Finding) -> None:
        judged.append(_judged(job, subject.name, finding, asking, subject.where))

    try:
        for finding in job.check.function(subject, asking, job.options):
            add(_declared(job, finding))
    except NotSeen as not_seen:
        add(_not_seen(not_seen))
    except CONTAINED as fault:
        add(_fault(job, fault))
    if not judged:
        add(_fault(job, None))
    return judged


def _judged(job: Job, subject: str, finding: Finding, asking: Context, where: Path) -> Judged:
    cited, notes = tuple(asking.cited), tuple(asking.notes)
    return Judged(job.check.id, subject, job.severity_of(finding), finding, cited, notes, where)


def _not_seen(not_seen: NotSeen) -> Finding:
    """What nobody wanted looked at is skipped; what could not be looked at is an error."""
    return offline_skip() if not_seen.failure.kind is FailureKind.OFFLINE else unseen(str(not_seen))


def _declared(job: Job, finding: Finding) -> Finding:
    """A cause that the check did not declare is a fault of the check: it has no severity."""
    if finding.status in (Status.FAIL, Status.PENDING) and finding.cause not in job.check.causes:
        return unseen(f"the check named the undeclared cause {finding.cause!r}", cause="fault")
    return finding


def _fault(job: Job, fault: BaseException | None) -> Finding:
    """The text of an exception may hold anything, a secret too: only its class is told, and where it was raised."""
    what = f"raised {type(fault).__name__}{_line(job, fault)}" if fault else "said nothing"
    return unseen(f"the check {what}: this is a fault in the check, please report it", cause="fault")


def _line(job: Job, fault: BaseException) -> str:
    """The last line of the check's own module on the way to the fault, as ` (dkim.py:12)`."""
    module = getattr(getattr(job.check.function, "__code__", None), "co_filename", None)
    lines = [line for frame, line in traceback.walk_tb(fault.__traceback__) if frame.f_code.co_filename == module]
    return f" ({PurePath(module).name}:{lines[-1]})" if module and lines else ""


def _settle_dependencies(judged: Sequence[Judged]) -> Iterator[Judged]:
    """A skip that leans on another finding holds only where that finding is in this run and is no pass."""
    standing = {(one.check, one.subject) for one in judged if one.status is not Status.PASS}
    for one in judged:
        because = one.finding.because
        if one.status is Status.SKIP and because and (because.check, because.subject) not in standing:
            message = f"rests on {because}, which this run did not look at"
            yield structs.replace(one, finding=unseen(message, cause="not-run"))
        else:
            yield one


def offline_skip() -> Finding:
    """Why a check that needs more than local files does not run with --offline."""
    return skipped("offline: it needs more than local files", cause=OFFLINE)
