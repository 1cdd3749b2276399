"""What means the same in two documents, word for word once all references are followed.

References lead in circles, and a copy in the place of a reference changes nothing, so that texts can't be compared:
both documents together are a graph, and what can't be told apart in it is the same.
"""

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from enum import IntEnum
from math import isfinite
from typing import Any

from sesgate.openapi.bisimulation import classes
from sesgate.openapi.document import At, Document, is_absolute
from sesgate.openapi.keywords import LITERAL, NAMES, OF_ONE_VERSION, UNORDERED, is_prose

_MOST_EDGES = 20_000_000
"""How many edges are followed, some seconds; beyond it nothing is known to be the same."""


class _As(IntEnum):
    """How a value is read: as an object with keywords, as one whose members have free names, or by the letter."""

    OBJECT = 1
    NAMES = 2
    LITERAL = 3


_Key = tuple[Document, int, _As]
_Scalar = tuple[str, Hashable]


class Sameness:
    """Compares all that can be reached from the operations of the documents."""

    def __init__(self, *documents: Document) -> None:
        graph = _Graph()
        for document in documents:
            graph.add(document)
        found = classes(graph.labels, graph.edges, _MOST_EDGES)
        self._graph = graph
        self._classes = range(len(graph.labels)) if found is None else found

    def of(self, document: Document, at: At) -> int | None:
        """A number that is equal for what means the same in whichever document; None for what was not reached."""
        return self._class(document, at, _As.OBJECT)

    def of_names(self, document: Document, at: At) -> int | None:
        """The same for an object whose members have free names, such as `callbacks`."""
        return self._class(document, at, _As.NAMES)

    def _class(self, document: Document, at: At, way: _As) -> int | None:
        node = self._graph.numbers.get((document, id(at.value), way))
        return None if node is None else self._classes[node]

    def keywords(self, document: Document, at: At, wanted: frozenset[str]) -> frozenset[Hashable]:
        """What some keywords of a schema say, in a form that is equal where they say the same."""
        if not isinstance(at.value, Mapping) or at.value.keys().isdisjoint(wanted):
            return frozenset()
        node = self._graph.numbers.get((document, id(at.value), _As.OBJECT))
        if node is None:
            return frozenset({("unknown", id(at.value))})
        scalars, edges = self._graph.scalars[node], self._graph.edges[node]
        found: list[Hashable] = [each for each in scalars if each[0] in wanted]
        found += [(name, self._classes[target]) for name, target in edges if name in wanted]
        return frozenset(found)


class _Graph:
    """The values of documents as nodes: what a node says itself is its label, edges lead to what it holds.

    Of the values, since `At` would make a pointer for each.
    """

    def __init__(self) -> None:
        self.numbers: dict[_Key, int] = {}
        self.labels: list[Hashable] = []
        self.scalars: list[frozenset[_Scalar]] = []
        self.edges: list[list[tuple[str, int]]] = []
        self._waiting: list[tuple[int, Document, Any, _As]] = []
        self._leaves: dict[Hashable, int] = {}

    def add(self, document: Document) -> None:
        for name in ("paths", "webhooks"):
            at = document.root.child(name)
            if at is not None:
                self._number(document, at.value, _As.NAMES)
        while self._waiting:
            self._look_at(*self._waiting.pop())

    def _number(self, document: Document, value: Any, way: _As) -> int:
        key = document, id(value), way
        node = self.numbers.get(key)
        if node is None:
            meant = document.schema(At(value)).value if way is _As.OBJECT else value
            node = self._new(document, value, way) if meant is value else self._number(document, meant, way)
            self.numbers[key] = node
        return node

    def _new(self, document: Document, value: Any, way: _As) -> int:
        """A node of its own, unless it holds nothing: most schemas do, and thousands of them say the same."""
        leaf = _leaf(document, value) if way is _As.OBJECT else None
        if leaf is not None and leaf in self._leaves:
            return self._leaves[leaf]
        node = len(self.labels)
        self.labels.append(leaf)
        self.scalars.append(frozenset() if leaf is None else leaf[1])
        self.edges.append([])
        if leaf is None:
            self._waiting.append((node, document, value, way))
        else:
            self._leaves[leaf] = node
        return node

    def _look_at(self, node: int, document: Document, value: Any, way: _As) -> None:
        scalars, edges = [], self.edges[node]
        for name, member, how in _members(document, value, way):
            if isinstance(member, dict | list):
                edges.append((name, self._number(document, member, how)))
            else:
                scalars.append((name, _scalar(member)))
        self.scalars[node] = frozenset(scalars)
        own = type(value).__name__ if isinstance(value, dict | list) else _scalar(value)
        version = _version(document, value) if way is _As.OBJECT else None
        self.labels[node] = own, self.scalars[node], version, frozenset(name for name, _ in edges)


def _leaf(document: Document, value: Any) -> tuple[None, frozenset[_Scalar], int | None] | None:
    """The label of an object that holds no other, None for what does, or may by a reference."""
    if not isinstance(value, dict) or "$ref" in value:
        return None
    scalars = []
    for name, member in value.items():
        if is_prose(name):
            continue
        if isinstance(member, dict | list):
            return None
        scalars.append((str(name), _scalar(member)))
    return None, frozenset(scalars), _version(document, value)


def _version(document: Document, value: Any) -> int | None:
    """The version by which an object must be read; None where it says the same in all."""
    has_words = isinstance(value, dict) and not OF_ONE_VERSION.isdisjoint(value)
    return document.minor if has_words else None


def _members(document: Document, value: Any, way: _As) -> Iterator[tuple[str, Any, _As]]:
    """What a value holds: names, members, and how each is to be read."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield str(index), inner, way
    elif not isinstance(value, dict):
        return
    elif way is not _As.OBJECT:
        for name, inner in value.items():
            yield str(name), inner, _As.OBJECT if way is _As.NAMES else way
    else:
        for name, inner in value.items():
            if name == "discriminator":
                yield from _discriminated(document, At(value), At(inner))
            elif name == "$ref":
                yield from _reference(document, inner)
            elif not is_prose(name):
                yield from _keyword(str(name), inner)


def _keyword(name: str, value: Any) -> Iterator[tuple[str, Any, _As]]:
    way = _As.LITERAL if name in LITERAL else _As.NAMES if name in NAMES else _As.OBJECT
    if name in UNORDERED and isinstance(value, list):
        for inner in value:
            yield name, inner, way
    else:
        yield name, value, way


def _reference(document: Document, reference: Any) -> Iterator[tuple[str, Any, _As]]:
    """Where a reference leads that has words of its own beside it, or that leads nowhere."""
    target = document.target(reference) if isinstance(reference, str) else None
    if target is not None:
        yield "$ref", target.value, _As.OBJECT
    else:
        # It means the same on both sides only where it is the address of one document.
        elsewhere = "" if isinstance(reference, str) and is_absolute(reference) else f" of {document.side}"
        yield f"$ref{elsewhere}", reference, _As.LITERAL


def _discriminated(document: Document, parent: At, discriminator: At) -> Iterator[tuple[str, Any, _As]]:
    """The property that tells subtypes apart, and the subtypes, of which only the names are written."""
    subtypes = document.subtypes(parent, discriminator)
    for name, member in discriminator.members():
        if name != "mapping":
            yield f"discriminator {name}", member.value, _As.LITERAL
    for value, member in discriminator.members("mapping"):
        if value not in subtypes:
            yield f"discriminator <{value}>", member.value, _As.LITERAL
    for value, subtype in subtypes.items():
        yield f"discriminator <{value}>", subtype.value, _As.OBJECT


def _scalar(value: Any) -> Hashable:
    """Equal for values that JSON does not tell apart: 1 and 1.0, but not 1 and true."""
    if value is None or isinstance(value, bool):
        return f"{value}", None
    if isinstance(value, int | float | Decimal) and isfinite(value):
        return value
    return str(value)
