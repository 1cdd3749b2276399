"""What the readers of AWS share: the region that an ARN names, and words for what is not there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sesgate.evidence.environment.found import Variable
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import Failure, FailureKind, NotSeen

LONGEST_NAME = 200


@dataclass(slots=True)
class Elsewhere:
    """`Reach`, with another region as the one that counts."""

    region: str
    environ: Mapping[str, str]
    read_secrets: bool
    _reach: Reach

    def file(self, path: str) -> str | None:
        return self._reach.file(path)

    def aws(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> dict[str, Any] | None:
        return self._reach.aws(service, operation, parameters, region=region or self.region)


def where(name: str, reach: Reach) -> Reach:
    """The reach, in the region of the ARN; as it is where the name is no ARN."""
    region = arn_region(name)
    if region is None or region == reach.region:
        return reach
    return Elsewhere(region, reach.environ, reach.read_secrets, reach)


def arn_region(name: str) -> str | None:
    """The region that an ARN names; None where it names none, or is no ARN."""
    parts = name.split(":", 5)
    return parts[3] or None if len(parts) == 6 and parts[0] == "arn" else None


def not_there(message: str) -> NotSeen:
    """A place that does not exist, or holds nothing that could be read."""
    return NotSeen(Failure(FailureKind.REJECTED, message))


def short(name: str) -> str:
    """A name on one line, of bounded length."""
    return " ".join(name.split())[:LONGEST_NAME]


def plain(name: str, value: Any, place: str) -> Variable:
    """A variable whose place holds its value."""
    if isinstance(value, str):
        return Variable(name, place, value)
    return Variable(name, place, unreadable="its value is not text")


def text_of(value: Any) -> str | None:
    """A JSON value as a variable holds it; None for an object, a list and null."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else None
