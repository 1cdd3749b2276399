"""What a selftest shows, as plain data."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from sesgate.engine import Judged
from sesgate.evidence import Question
from sesgate.report.assemble import question_json
from sesgate.report.model import GateSource


class State(StrEnum):
    """What became of a check."""

    RED = "turned red"
    GREEN = "stayed green"
    ASKS_MORE = "asks what is not recorded"
    NOT_GREEN = "not green in the recording"


class Proof(Struct, frozen=True):
    """A change, and the finding that came of it. `question` is whose answer was changed; None for gate and time."""

    question: Question | None
    told: str
    finding: Judged

    def to_dict(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "question": {"id": self.question.id, **question_json(self.question)} if self.question else None,
            "change": self.told,
            "subject": self.finding.subject,
            "status": self.finding.status.value,
            "cause": self.finding.cause,
            "severity": self.finding.severity.value,
            "message": self.finding.finding.message,
        }


class CheckResult(Struct, frozen=True):
    """One check. `was` is its findings in the recording by status; `read` how many recorded answers it asked for.

    `turned_by` of these turned it red. `fails_open` are sources that can turn it red, and leave it green where they are
    refused; `passes_without` are those that it can do without.
    """

    check: str
    state: State
    was: dict[str, int]
    proof: Proof | None = None
    read: int = 0
    turned_by: int = 0
    runs: int = 0
    faults: int = 0
    fails_open: tuple[str, ...] = ()
    passes_without: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """It can fail, and does not pass what it can't see."""
        return self.state is not State.GREEN and not self.fails_open

    def to_dict(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "check": self.check,
            "state": self.state.name.lower(),
            "was": self.was,
            "proof": self.proof.to_dict() if self.proof else None,
            "answers_read": self.read,
            "answers_that_turn_it": self.turned_by,
            "runs": self.runs,
            "faults": self.faults,
            "fails_open": list(self.fails_open),
            "passes_without": list(self.passes_without),
        }


class Result(Struct, frozen=True):
    """All of a selftest. `unread` are recorded answers that no check asked for; `indifferent` those whose changes, all
    that were tried, altered no finding."""

    checks: tuple[CheckResult, ...]
    answers: int
    changes: int
    unread: tuple[Question, ...]
    indifferent: tuple[Question, ...]

    @property
    def is_right(self) -> bool:
        """Every check is."""
        return all(check.is_right for check in self.checks)

    def of(self, state: State) -> tuple[CheckResult, ...]:
        """The checks of one state, in the order of the gate."""
        return tuple(check for check in self.checks if check.state is state)

    def to_dict(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "schema_version": 1,
            "right": self.is_right,
            "answers": self.answers,
            "changes": self.changes,
            "checks": [check.to_dict() for check in self.checks],
            "unread": [{"id": one.id, **question_json(one)} for one in self.unread],
            "indifferent": [{"id": one.id, **question_json(one)} for one in self.indifferent],
        }


class OfGate(Struct, frozen=True):
    """What a selftest of one gate shows."""

    gate: GateSource
    result: Result


def document(tested: Sequence[OfGate]) -> dict[str, Any]:
    """The JSON of one gate's selftest; of several, `gates` holds each one's, and `right` is true where all are."""
    if len(tested) == 1:
        return tested[0].result.to_dict()
    gates = [{"gate": asdict(one.gate), **one.result.to_dict()} for one in tested]
    return {"schema_version": 1, "right": all(one.result.is_right for one in tested), "gates": gates}
