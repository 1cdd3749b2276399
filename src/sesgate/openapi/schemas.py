"""From a schema to its shapes: types and values settled, alternatives that only list values joined."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from sesgate.openapi.document import At, Document
from sesgate.openapi.expansion import Alternative, Expansion, TooManyAlternatives
from sesgate.openapi.sameness import Sameness
from sesgate.openapi.shapes import OPAQUE, Node, Shape, is_a
from sesgate.openapi.values import canonical

ALL_TYPES = frozenset({"array", "boolean", "number", "object", "string"})
"""The types besides null, which is kept apart; `integer` lies within `number`."""

_BY_KEYWORD = {
    "object": {"properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"},
    "string": {"minLength", "maxLength", "pattern"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}
_STRING_FORMATS = frozenset({"date", "date-time", "time", "email", "uuid", "uri", "byte", "binary", "hostname", "ipv4"})


@dataclass(frozen=True)
class Schema:
    """All shapes of a schema; none where it has too many alternatives to be taken apart."""

    shapes: tuple[Shape, ...]
    accepts_null: bool
    is_too_much: bool = False

    def says(self, keyword: str) -> bool:
        """Whether every shape says it: `readOnly`, `writeOnly`."""
        return bool(self.shapes) and all(shape.says(keyword) for shape in self.shapes)


class Schemas:
    """The schemas of one document, each taken apart once."""

    def __init__(self, document: Document, sameness: Sameness) -> None:
        self.document = document
        self._sameness = sameness
        self._known: dict[tuple[int, ...], Schema] = {}
        self._fixed: dict[tuple[Any, ...], dict[str, frozenset[str]]] = {}

    def of(self, node: Node) -> Schema:
        """The schema of a place, all its references followed."""
        key = node_key(node)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._of(node)
        return known

    def plain(self, node: Node) -> Node:
        """The node with references in the place of what they refer to: what means the same becomes the same."""
        return tuple(self.document.schema(at) for at in node)

    def meaning(self, side: Node | Shape) -> Hashable:
        """Equal, in both documents, for what says the same; None where that is not known."""
        if isinstance(side, Shape):
            parts = self._meanings(side.parts)
            values = None if side.enum is None else frozenset(side.enum)
            return None if parts is None or side.unresolved else (parts, side.types, side.accepts_null, values)
        return self._meanings(side)

    def opaque(self, shape: Shape) -> frozenset[Hashable]:
        """What the keywords of a shape say that are not taken apart, in a form to compare."""
        return frozenset().union(*(self._sameness.keywords(self.document, part, OPAQUE) for part in shape.parts))

    def _meanings(self, node: Node) -> frozenset[int] | None:
        found = {self._sameness.of(self.document, at) for at in node}
        known = frozenset(each for each in found if each is not None)
        return known if len(known) == len(found) else None

    def _identity(self, at: At) -> int:
        """A number for what means the same in this document."""
        known = self._sameness.of(self.document, at)
        return ~known if known is not None else id(at.value)

    def fixed_values(self, shape: Shape) -> dict[str, frozenset[str]]:
        """The properties of a shape that list their values."""
        if shape.key not in self._fixed:
            schemas = {name: self.of(node) for name, node in shape.properties.items()}
            self._fixed[shape.key] = {
                name: frozenset(schema.shapes[0].enum)
                for name, schema in schemas.items()
                if len(schema.shapes) == 1 and schema.shapes[0].enum is not None
            }
        return self._fixed[shape.key]

    def _of(self, node: Node) -> Schema:
        plain = self.plain(node)
        return self._taken_apart(node) if node_key(plain) == node_key(node) else self.of(plain)

    def _taken_apart(self, node: Node) -> Schema:
        try:
            alternatives = Expansion(self.document, self._identity).of(node)
        except TooManyAlternatives:
            return Schema((), accepts_null=False, is_too_much=True)
        shapes = [shape for shape in map(_shape, alternatives) if shape.types or shape.accepts_null]
        with_types = [shape for shape in shapes if shape.types]
        return Schema(tuple(_enums_joined(with_types)), any(shape.accepts_null for shape in shapes))


def node_key(node: Node) -> tuple[int, ...]:
    """Equal for nodes of the same schemas, in whatever order."""
    return (id(node[0].value),) if len(node) == 1 else tuple(sorted({id(at.value) for at in node}))


def _shape(alternative: Alternative) -> Shape:
    """One alternative, its types and values settled."""
    stated = [types for part in alternative.parts if (types := _stated_types(part)) is not None]
    lists = [values for part in alternative.parts if (values := _values(part)) is not None]
    enum = None
    if lists:
        enum = {text: value for text, value in lists[0].items() if all(text in others for others in lists[1:])}
    if stated:
        types = stated[0]
        for others in stated[1:]:
            types = _common_types(types, others)
    else:
        types = _implied_types(alternative.parts) if enum is None else ALL_TYPES | {"null"}
    accepts_null = "null" in types and (enum is None or "null" in enum)
    types -= {"null"}
    if enum is not None:
        enum = {text: value for text, value in enum.items() if any(is_a(value, kind) for kind in types)}
        types = frozenset(_tightest(types, enum.values()))
        if types == {"boolean"} and len(enum) == 2:
            enum = None
    return Shape(alternative.parts, types, accepts_null, enum, alternative.name, alternative.unresolved)


def _stated_types(part: At) -> frozenset[str] | None:
    at = part.child("type")
    if at is None:
        return None
    names = [at.value] if isinstance(at.value, str) else at.value if isinstance(at.value, list) else []
    types = frozenset(name for name in names if isinstance(name, str))
    return (types - {"integer"} if "number" in types else types) or None


def _values(part: At) -> dict[str, Any] | None:
    """The values of `enum` or `const`."""
    at = part.child("const")
    if at is not None:
        return {canonical(at.value): at.value}
    at = part.child("enum")
    return {canonical(value): value for value in at.value} if at is not None and isinstance(at.value, list) else None


def _implied_types(parts: Iterable[At]) -> frozenset[str]:
    """What a schema without `type` most likely means: by the letter its keywords would bind one type and free all."""
    for kind, keywords in _BY_KEYWORD.items():
        if any(part.child(keyword) is not None for part in parts for keyword in keywords):
            return frozenset({kind})
    if any(part.text("format") in _STRING_FORMATS for part in parts):
        return frozenset({"string"})
    return ALL_TYPES | {"null"}


def _common_types(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    common = one & other
    if ("integer" in one and "number" in other) or ("integer" in other and "number" in one):
        common |= {"integer"}
    return common


def _tightest(types: frozenset[str], values: Iterable[object]) -> Iterable[str]:
    """The types that the values have."""
    for value in values:
        if "number" in types and is_a(value, "number"):
            yield "integer" if is_a(value, "integer") else "number"
        else:
            yield next(kind for kind in sorted(types) if is_a(value, kind))


def _enums_joined(shapes: list[Shape]) -> list[Shape]:
    """Branches that only list values become one list: `oneOf` of `const` is how some write an enum."""
    lists = [shape for shape in shapes if shape.enum is not None and not shape.unresolved]
    if len(lists) < 2:
        return shapes
    joined = Shape(
        parts=tuple({id(part.value): part for shape in lists for part in shape.parts}.values()),
        types=frozenset[str]().union(*(shape.types for shape in lists)),
        accepts_null=False,
        enum={text: value for shape in lists for text, value in (shape.enum or {}).items()},
    )
    return [shape for shape in shapes if shape.enum is None or shape.unresolved] + [joined]
