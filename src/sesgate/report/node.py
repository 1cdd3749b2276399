"""A value of a JSON document with its place in it: each reader says where, and what was expected."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from sesgate.clock import from_text

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class BadReport(Exception):  # noqa: N818 - it is a statement about a file
    """The text is not a report; says where, and what was expected."""


class Node(Struct, frozen=True):
    """A value and its path, such as `findings[3].remedy`. Each reader raises BadReport for a value of another kind."""

    value: Any
    path: str

    def __getitem__(self, name: str) -> "Node":
        """The value at a key that must be there."""
        if name not in self.mapping():
            self.refuse(f"{name!r} is missing")
        return Node(self.value[name], f"{self.path}.{name}" if self.path else name)

    def get(self, name: str, *, default: Any) -> "Node":
        """The value at a key that early versions did not write."""
        return self[name] if name in self.mapping() else Node(default, f"{self.path}.{name}")

    def maybe(self, read: "Callable[[Node], T]") -> T | None:
        """None for null."""
        return None if self.value is None else read(self)

    def items(self) -> "Iterator[Node]":
        """The members of a list."""
        if not isinstance(self.value, list):
            self.refuse("a list is expected")
        return (Node(item, f"{self.path}[{at}]") for at, item in enumerate(self.value))

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def mapping(self) -> dict[str, Any]:
        """An object, as it is."""
        return self.value if isinstance(self.value, dict) else self.refuse("an object is expected")

    def text(self) -> str:
        return self.value if isinstance(self.value, str) else self.refuse("text is expected")

    def flag(self) -> bool:
        return self.value if isinstance(self.value, bool) else self.refuse("true or false is expected")

    def whole(self) -> int:
        """A whole number, zero or more."""
        good = isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0
        return int(self.value) if good else self.refuse("a whole number is expected")

    def seconds(self) -> float:
        """A finite number, zero or more."""
        good = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        if not good or not 0 <= self.value < math.inf:
            self.refuse("a number of seconds is expected")
        return float(self.value)

    def moment(self) -> datetime:
        """An RFC 3339 time stamp."""
        try:
            return from_text(self.text())
        except (ValueError, OverflowError):
            return self.refuse("a time such as 2026-11-24T06:00:00Z is expected")

    def one_of(self, words: type[E]) -> E:
        """One of the words of an enumeration."""
        try:
            return words(self.text())
        except ValueError:
            return self.refuse(f"one of {', '.join(words)} is expected")

    def refuse(self, expected: str) -> NoReturn:
        """Says where, and what was expected."""
        raise BadReport(f"the report is damaged at {self.path or 'its top'}: {expected}")
