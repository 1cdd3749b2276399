"""What a local file holds, as a small tree in which everything knows its line and column."""

import json
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from msgspec import Struct

Value: TypeAlias = str | int | float | bool | None


class Place(NamedTuple):
    """Both count from 1."""

    line: int
    column: int


class Scalar(Struct, frozen=True):
    """Text, a number, true, false or null. `tag` is a YAML tag such as `!Ref`, empty where there is none.

    `plain` is true for YAML without quotes, whose text other readers may take for a number or a truth value.
    """

    value: Value
    place: Place
    tag: str = ""
    plain: bool = False


class Listing(Struct, frozen=True):
    """A list."""

    items: tuple["Node", ...]
    place: Place
    tag: str = ""


class Entry(NamedTuple):
    """One key with its value. A key may stand twice."""

    key: str
    place: Place
    value: "Node"


class Table(Struct, frozen=True):
    """A mapping, its entries in the order of the file."""

    entries: tuple[Entry, ...]
    place: Place
    tag: str = ""

    def get(self, key: str) -> "Node | None":
        """The value of a key; of one that stands twice, the last, as parsers read it."""
        return next((entry.value for entry in reversed(self.entries) if entry.key == key), None)

    def table(self, key: str) -> "Table | None":
        """The value of a key, where it is a mapping."""
        found = self.get(key)
        return found if isinstance(found, Table) else None

    def text(self, key: str) -> str | None:
        """The value of a key, where it is text."""
        found = self.get(key)
        return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None

    def names(self) -> frozenset[str]:
        """Its keys."""
        return frozenset(entry.key for entry in self.entries)


Node: TypeAlias = Scalar | Listing | Table


class Unreadable(Exception):  # noqa: N818 - a statement about a file
    """The text can't be read; the message is one line."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.place = place or Place(1, 1)


def items_of(node: Node | None) -> tuple[Node, ...]:
    """A list's items; one value alone stands for a list of it."""
    if node is None:
        return ()
    return node.items if isinstance(node, Listing) else (node,)


def to_json(node: Node) -> str:
    """JSON text. A key that stands twice stands twice there too: whoever parses it sees the fault."""
    return "".join(_written(node))


def _written(node: Node) -> Iterator[str]:
    match node:
        case Scalar():
            yield json.dumps(node.value, ensure_ascii=False)
        case Listing():
            yield "["
            for at, item in enumerate(node.items):
                yield "," if at else ""
                yield from _written(item)
            yield "]"
        case Table():
            yield "{"
            for at, entry in enumerate(node.entries):
                yield f"{',' if at else ''}{json.dumps(entry.key, ensure_ascii=False)}:"
                yield from _written(entry.value)
            yield "}"


def places(policy: Node) -> dict[str, Place]:
    """Where the parts of a policy stand, by the paths that `sesgate.iam.Problem.where` uses: `Statement[0].Action[1]`.

    A statement's place is where it begins, an element's is its key, an item's the item itself.
    """
    found = {"": policy.place}
    if not isinstance(policy, Table):
        return found
    found.update((entry.key, entry.place) for entry in policy.entries)
    for number, statement in enumerate(items_of(policy.get("Statement"))):
        found.update(_parts(statement, f"Statement[{number}]"))
    return found


def _parts(node: Node, path: str) -> Iterator[tuple[str, Place]]:
    yield path, node.place
    if isinstance(node, Table):
        for entry in node.entries:
            below = f"{path}.{entry.key}"
            yield from _parts(entry.value, below)
            yield below, entry.place
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            yield from _parts(item, f"{path}[{number}]")
