"""The subject that the gate's database asks for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Database as DeclaredDatabase


class Database(Struct, frozen=True):
    """`database` of the gate: an RDS instance or cluster, named as the gate has it."""

    kind: ClassVar[str] = "database"
    name: str
    declared: "DeclaredDatabase"

    @property
    def where(self) -> Path:
        return ("database",)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        declared = context.gate.database
        if declared is not None:
            yield cls(declared.name, declared)
