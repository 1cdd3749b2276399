"""The selftest itself: each recorded answer is changed, and whoever read it runs again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sesgate.engine import Job
from sesgate.evidence import Answer, Question
from sesgate.finding import Status
from sesgate.plan import Plan
from sesgate.selftest.change import Change, Kind
from sesgate.selftest.changes import Lore
from sesgate.selftest.gates import gates
from sesgate.selftest.result import CheckResult, Proof, Result, State
from sesgate.selftest.trial import RED, Outcome, Trial

if TYPE_CHECKING:
    from sesgate.gate import LoadedGate

ENOUGH = 40
"""Changes of one answer that are tried on every check that read it. More only where something is still to be shown."""
PASSING = ((timedelta(days=400), "400 days pass"), (timedelta(days=3650), "ten years pass"))

Progress = Callable[[int, int], None]
Replan = Callable[["LoadedGate"], Plan]


@dataclass
class Tested:
    """One check under test."""

    job: Job
    before: Outcome
    proofs: list[tuple[Kind, Proof]] = field(default_factory=list)
    turning: dict[Question, None] = field(default_factory=dict)
    runs: int = 0
    faults: int = 0
    asks_more: bool = False

    @property
    def is_green(self) -> bool:
        """Whether there is a pass to be turned."""
        return Status.PASS in self.before.statuses()

    def learn(self, after: Outcome, kind: Kind, told: str, question: Question | None) -> bool:
        """Takes in what came of a change. True where it turned the check red."""
        self.runs += 1
        self.faults += any(one.cause == "fault" for one in after.judged)
        finding = after.red_since(self.before)
        if finding is None:
            return False
        self.proofs.append((kind, Proof(question, told, finding)))
        if question is not None:
            self.turning[question] = None
        return True


@dataclass
class Proving:
    """A selftest under way."""

    trial: Trial
    replan: Replan
    tested: dict[str, Tested] = field(default_factory=dict)
    altering: dict[Question, None] = field(default_factory=dict)
    changes: int = 0

    @cached_property
    def lore(self) -> Lore:
        """What the recorded answers say."""
        return Lore.of(self.trial.answers)

    def result(self, progress: Progress | None = None) -> Result:
        """Runs it. The result depends on the recording alone."""
        setting, answers = self.trial.setting, self.trial.answers
        jobs = [job for job in setting.plan.jobs if job.skip is None]
        self.tested = {job.check.id: Tested(job, self.trial.run(job)) for job in jobs}
        readers = self._readers()
        for at, (question, answer) in enumerate(answers.items(), start=1):
            self._change(question, answer, readers.get(question, ()))
            if progress:
                progress(at, len(answers))
        self._let_time_pass()
        self._change_the_gate()
        return Result(
            checks=tuple(self._checks()),
            answers=len(answers),
            changes=self.changes,
            unread=tuple(question for question in answers if question not in readers),
            indifferent=tuple(question for question in readers if question not in self.altering),
        )

    def _readers(self) -> dict[Question, list[Tested]]:
        """Who asked for each recorded answer, in the order of the recording."""
        found: dict[Question, list[Tested]] = {question: [] for question in self.trial.answers}
        for one in self.tested.values():
            for question in one.before.asked:
                if question in found:
                    found[question].append(one)
        return {question: readers for question, readers in found.items() if readers}

    def _change(self, question: Question, answer: Answer, readers: Sequence[Tested]) -> None:
        """Tries the changes on each reader until one turns it red: some on all, the others where there is need."""
        changes = self.lore.changes_of(question, answer)
        self.changes += len(changes)
        for part, in_need_only in ((changes[:ENOUGH], False), (changes[ENOUGH:], True)):
            for one in readers:
                proven = bool(one.proofs) or not one.is_green
                if question in one.turning or (in_need_only and proven and question in self.altering):
                    continue
                self._try(one, question, answer, part)

    def _try(self, one: Tested, question: Question, answer: Answer, changes: Iterable[Change]) -> None:
        for change in changes:
            after = self.trial.run(one.job, {question: replace(answer, value=change.value)})
            if after.differs_from(one.before):
                self.altering[question] = None
            if one.learn(after, change.kind, change.told, question):
                return

    def _let_time_pass(self) -> None:
        """For whoever looks at the time."""
        for length, told in PASSING:
            self.changes += 1
            for one in self.tested.values():
                if one.before.told_time and one.is_green:
                    after = self.trial.run(one.job, moment=self.trial.moment + length)
                    one.learn(after, Kind.AGES, told, None)

    def _change_the_gate(self) -> None:
        """For those that rest on the gate alone. Who reads answers has to be turned by answers."""
        left = {name: one for name, one in self.tested.items() if one.is_green and not one.proofs}
        left = {name: one for name, one in left.items() if not self._reads_what_can_change(one)}
        if not left:
            return
        for told, loaded in gates(self.trial.setting.loaded):
            self.changes += 1
            jobs = {job.check.id: job for job in self.replan(loaded).jobs if job.skip is None}
            for name, one in list(left.items()):
                if name not in jobs:
                    continue
                after = self.trial.run(jobs[name], gate=loaded.gate)
                one.asks_more |= _asks_more(one.before, after, self.trial.answers)
                if one.learn(after, Kind.ALTERS, f"the gate: {told}", None):
                    del left[name]
            if not left:
                return

    def _reads_what_can_change(self, one: Tested) -> bool:
        answers = self.trial.answers
        return any(self.lore.changes_of(asked, answers[asked]) for asked in one.before.asked if asked in answers)

    def _checks(self) -> Iterator[CheckResult]:
        for job in self.trial.setting.plan.jobs:
            one = self.tested.get(job.check.id)
            if one is None:
                yield CheckResult(job.check.id, State.NOT_GREEN, {Status.SKIP.value: 1})
            else:
                yield self._check(one)

    def _check(self, one: Tested) -> CheckResult:
        opened, without = self._refused(one)
        return CheckResult(
            check=one.job.check.id,
            state=_state(one),
            was=dict(Counter(judged.status.value for judged in one.before.judged)),
            proof=min(one.proofs, key=lambda found: found[0])[1] if one.proofs else None,
            read=sum(question in self.trial.answers for question in one.before.asked),
            turned_by=len(one.turning),
            runs=one.runs,
            faults=one.faults,
            fails_open=opened,
            passes_without=without,
        )

    def _refused(self, one: Tested) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The sources without which it still passes what it read there: those that can turn it red, and the others."""
        found: dict[bool, list[str]] = {True: [], False: []}
        asked = [question for question in one.before.asked if question in self.trial.answers]
        for source in dict.fromkeys(question.source for question in asked):
            refused = [question for question in asked if question.source == source]
            after = self.trial.run(one.job, self.trial.refuse(refused))
            if one.before.passes_on(refused) and after.passes_on(refused):
                found[any(question.source == source for question in one.turning)].append(source)
        return tuple(found[True]), tuple(found[False])


def _state(one: Tested) -> State:
    if not one.is_green:
        return State.NOT_GREEN
    if one.proofs:
        return State.RED
    if one.before.statuses() & {*RED, Status.ERROR}:
        return State.NOT_GREEN
    return State.ASKS_MORE if one.asks_more else State.GREEN


def _asks_more(before: Outcome, after: Outcome, answers: Mapping[Question, Answer]) -> bool:
    """Whether a pass became an error because it asks what nobody recorded."""
    new = [question for question in after.asked if question not in answers]
    return bool(new) and Status.ERROR in after.statuses() and Status.ERROR not in before.statuses()
