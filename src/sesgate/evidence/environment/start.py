"""How a service starts, judged here: a start command may hold passwords, so it never leaves this room."""

from collections.abc import Sequence
from typing import Any

from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import Failure, FailureKind, NotSeen


def answer_start(readings: Sequence[Reading], reach: Reach) -> dict[str, Any]:  # noqa: ARG001
    """What `sesgate.release` sees of the starts, as plain data without arguments. Raises NotSeen."""
    raise NotSeen(Failure(FailureKind.REJECTED, "nothing here tells how a service starts"))
