"""What a subject is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

if TYPE_CHECKING:
    from sesgate.context import Context

Path = tuple[str | int, ...]
"""A place in the gate, by keys and positions: `("senders", 0, "address")`."""


class Subject(Protocol):
    """What a finding is about. `name` is stable between runs: waivers and comparisons hang on it."""

    kind: ClassVar[str]

    @property
    def name(self) -> str: ...

    @property
    def where(self) -> Path:
        """The place in the gate that asks for this subject."""
        ...

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        """All subjects of this kind. It may ask questions, and raise NotSeen."""
        ...
