"""What a reader may touch to read its place."""

from collections.abc import Mapping
from typing import Any, Protocol

from sesgate.evidence.environment.found import Reading


class Reach(Protocol):
    """The outside, as readers see it. What comes through it is whole, secrets too."""

    region: str
    """The region under audit."""
    environ: Mapping[str, str]
    """The environment of sesgate's own process."""
    read_secrets: bool
    """Whether values in secret stores may be fetched; else only their existence is asked."""

    def file(self, path: str) -> str | None:
        """The text of a file, relative to the gate; None where there is none. Raises NotSeen."""
        ...

    def aws(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> dict[str, Any] | None:
        """The whole answer of one AWS read, to its last page; None where the thing does not exist. Raises NotSeen."""
        ...


class Reader(Protocol):
    """Reads one kind of source. `spec` is what the gate says of it: `{"cluster": "prod", "service": "api"}`."""

    def __call__(self, spec: Any, reach: Reach) -> Reading:
        """Raises NotSeen where the place could not be read at all, or does not exist."""
        ...
