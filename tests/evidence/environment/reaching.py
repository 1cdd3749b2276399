"""An outside with stated answers, for readers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sesgate.evidence import Failure, FailureKind, NotSeen

REGION = "ap-southeast-1"
ACCOUNT = "111122223333"
Stated = Callable[[Mapping[str, Any]], Any] | Any


@dataclass
class Given:
    """`Reach`. `answers` holds, for `service Operation`, an answer or what makes one; `files` are texts by path."""

    answers: Mapping[str, Stated] = field(default_factory=dict)
    region: str = REGION
    environ: Mapping[str, str] = field(default_factory=dict)
    read_secrets: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def file(self, path: str) -> str | None:
        return self.files.get(path)

    def aws(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> dict[str, Any] | None:
        self.calls.append((region or self.region, operation, parameters))
        stated = self.answers.get(f"{service} {operation}")
        answer: dict[str, Any] | None = stated(parameters) if callable(stated) else stated
        return answer

    def asked(self, operation: str) -> list[Mapping[str, Any]]:
        """The parameters of all calls of an operation."""
        return [parameters for _, name, parameters in self.calls if name == operation]

    def regions(self, operation: str) -> set[str]:
        """Where an operation was called."""
        return {region for region, name, _ in self.calls if name == operation}


def denied(action: str, kind: FailureKind = FailureKind.DENIED) -> Callable[[Mapping[str, Any]], Any]:
    """An answer that is a failure."""

    def refuse(_: Mapping[str, Any]) -> Any:
        raise NotSeen(Failure(kind, f"{action} in {REGION} is denied: grant {action} to the caller", action))

    return refuse


def arn(service: str, resource: str, region: str = REGION) -> str:
    """An ARN of the account."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"
