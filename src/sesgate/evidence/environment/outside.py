"""The outside as readers see it, in a live run. Each thing is fetched once, however many services name it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sesgate.evidence.environment.once import Once
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, canonical


class Files(Protocol):
    """Local files, within bounds."""

    def text(self, path: str) -> str | None:
        """None where there is no such file. Raises NotSeen."""
        ...


class Whole(Protocol):
    """AWS reads, whole."""

    def whole(self, region: str, service: str, name: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        """None where the thing does not exist. Raises NotSeen."""
        ...


class Outside:
    """Where readers get things from. Without `aws`, whatever needs AWS is refused as offline."""

    def __init__(self, region: str, environ: Mapping[str, str], files: Files, aws: Whole | None) -> None:
        self.region = region
        self.environ = environ
        self._files = files
        self._aws = aws
        self._once = Once()

    def reach(self, flight: Flight, *, read_secrets: bool) -> "OneReach":
        """What one reader may touch while it answers one question."""
        return OneReach(self.region, self.environ, read_secrets, self, flight)

    def file(self, path: str) -> str | None:
        """See `Reach.file`."""
        text: str | None = self._once.get(("file", path), lambda: self._files.text(path))
        return text

    def aws(self, region: str, service: str, operation: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        """See `Reach.aws`."""
        aws = self._aws
        if aws is None:
            raise NotSeen(Failure(FailureKind.OFFLINE, "offline: only local files are asked"))
        key = (region, service, operation, canonical(parameters))
        return self._once.get(key, lambda: aws.whole(region, service, operation, parameters, flight))


@dataclass(slots=True)
class OneReach:
    """`Reach`, for one question under way."""

    region: str
    environ: Mapping[str, str]
    read_secrets: bool
    _outside: Outside
    _flight: Flight

    def file(self, path: str) -> str | None:
        return self._outside.file(path)

    def aws(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> dict[str, Any] | None:
        answer: dict[str, Any] | None = self._outside.aws(
            region or self.region, service, operation, parameters, self._flight
        )
        return answer
