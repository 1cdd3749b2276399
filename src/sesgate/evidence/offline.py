"""The source of a run that asks local files only."""

from typing import Any

from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

OUTSIDE = ("aws", "dns", "http")
"""The sources that need more than local files."""


class OfflineSource(OneByOne):
    """Refuses every question: whoever asked is skipped, since nobody wanted it asked."""

    limit = 1.0

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        raise NotSeen(Failure(FailureKind.OFFLINE, "offline: only local files are asked"))
