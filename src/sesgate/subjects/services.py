"""The services that say where their migrations run."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Service as DeclaredService


class Service(Struct, frozen=True):
    """A service whose `migrations` the gate declares. `position` is its place in `services`, from 0."""

    kind: ClassVar[str] = "service"
    name: str
    declared: "DeclaredService"
    position: int

    @property
    def where(self) -> Path:
        return ("services", self.position, "migrations")

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for position, service in enumerate(context.gate.services):
            if service.migrations is not None:
                yield cls(service.name, service, position)
