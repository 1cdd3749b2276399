"""Runs one check at a time on recorded answers of which one is changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sesgate.context import Context
from sesgate.engine import Job, Judged, judge
from sesgate.evidence import Answer, Evidence, Failure, FailureKind, Question
from sesgate.finding import Status

if TYPE_CHECKING:
    from sesgate.gate import Gate
    from sesgate.run import Setting

RED = (Status.FAIL, Status.PENDING)
_NOT_RECORDED = Failure(FailureKind.NOT_RECORDED, "the recording does not hold this question")


class Known(Evidence):
    """Recorded answers, some of them changed. It asks nobody and keeps what was asked of it."""

    def __init__(
        self, answers: Mapping[Question, Answer], changed: Mapping[Question, Answer], moment: datetime
    ) -> None:
        super().__init__({}, threads=0)
        self._known, self._changed = answers, changed
        self._missing = Answer(None, _NOT_RECORDED, moment, 0.0)
        self.asked: dict[Question, None] = {}

    def ask_all(self, questions: Iterable[Question]) -> list[Answer]:
        asked = list(questions)
        self.asked.update(dict.fromkeys(asked))
        return [self._changed.get(one) or self._known.get(one, self._missing) for one in asked]

    def start(self, questions: Iterable[Question]) -> None:
        """All answers are there."""

    def answers(self) -> dict[Question, Answer]:
        return {**self._known, **self._changed}


class Noticing:
    """The recorded time, or another; notices whether anybody asked for it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self.was_asked = False

    def now(self) -> datetime:
        self.was_asked = True
        return self._moment


class Outcome(Struct, frozen=True):
    """What one check said, what it asked, and whether it looked at the time."""

    judged: tuple[Judged, ...]
    asked: tuple[Question, ...]
    told_time: bool

    def statuses(self) -> set[Status]:
        """The statuses of its findings."""
        return {one.status for one in self.judged}

    def differs_from(self, other: "Outcome") -> bool:
        """Whether anything that a reader sees is different."""
        return _seen(self.judged) != _seen(other.judged)

    def red_since(self, before: "Outcome") -> Judged | None:
        """The first failure that is new, of a subject that passed or was not there."""
        red = {one.key for one in before.judged if one.status in RED}
        dull = {one.subject for one in before.judged} - before.passing()
        return next(
            (one for one in self.judged if one.status in RED and one.key not in red and one.subject not in dull), None
        )

    def passing(self) -> set[str]:
        """The subjects of which something passes."""
        return {one.subject for one in self.judged if one.status is Status.PASS}

    def passes_on(self, questions: Iterable[Question]) -> bool:
        """Whether something passes that rests on the answers to these questions."""
        ids = {question.id for question in questions}
        return any(one.status is Status.PASS and ids & set(one.evidence) for one in self.judged)


@dataclass(frozen=True)
class Trial:
    """A gate and its recorded answers."""

    setting: "Setting"
    answers: Mapping[Question, Answer]
    moment: datetime

    def run(
        self,
        job: Job,
        changed: Mapping[Question, Answer] | None = None,
        *,
        moment: datetime | None = None,
        gate: "Gate | None" = None,
    ) -> Outcome:
        """Runs a check on the answers, some of them changed; at another time or for another gate, if told."""
        clock = Noticing(moment or self.moment)
        known = Known(self.answers, changed or {}, self.moment)
        context = Context(gate or self.setting.loaded.gate, known, clock, self.setting.place)
        judged = tuple(judge(job, context))
        return Outcome(judged, tuple(known.asked), clock.was_asked)

    def refuse(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        """These answers, as where their source can't be asked."""
        return {one: replace(self.answers[one], value=None, failure=_refusal(one)) for one in questions}


def _refusal(question: Question) -> Failure:
    kind = {"aws": FailureKind.DENIED, "dns": FailureKind.SERVFAIL}.get(question.source, FailureKind.UNREACHABLE)
    return Failure(kind, f"selftest: {question.source} is {kind.value}")


def _seen(judged: Sequence[Judged]) -> list[tuple[str | None, ...]]:
    return [(one.subject, one.status, one.cause, one.finding.message, one.finding.found) for one in judged]
