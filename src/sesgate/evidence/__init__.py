"""Evidence: questions to the outside, asked once, and their answers, kept as plain data."""

from sesgate.evidence.evidence import Evidence, Source
from sesgate.evidence.question import Answer, Failure, FailureKind, NotSeen, Question

__all__ = ["Answer", "Evidence", "Failure", "FailureKind", "NotSeen", "Question", "Source"]
