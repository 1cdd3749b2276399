"""The source of a run that asks local files only."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question


class OfflineSource:
    """Refuses every question: whoever asked is skipped, since nobody wanted it asked."""

    limit = 1.0

    def batch_key(self, question: Question) -> Hashable | None:  # noqa: ARG002
        return None

    def answer_batch(self, questions: Sequence[Question], flight: Flight) -> Mapping[Question, Any]:
        raise NotImplementedError

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        raise NotSeen(Failure(FailureKind.OFFLINE, "offline: only local files are asked"))
