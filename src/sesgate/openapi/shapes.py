"""Shapes: what one alternative of a schema accepts, its parts merged. JSON Schema 2020-12, OpenAPI 3.0 and 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd, lcm
from typing import Any

from msgspec import Struct

from sesgate.openapi.document import At
from sesgate.openapi.values import number

Node = tuple[At, ...]
"""Schemas that hold together at one place; none at all accepts everything."""

LEAST = ("minLength", "minItems", "minProperties")
MOST = ("maxLength", "maxItems", "maxProperties")
OPAQUE = frozenset(
    {"not", "if", "then", "else", "contains", "minContains", "maxContains", "propertyNames", "dependentSchemas"}
    | {"dependentRequired", "dependencies", "unevaluatedItems", "contentSchema", "$dynamicRef", "$recursiveRef"}
)
"""Keywords that are compared by their words only."""


class Bound(Struct, frozen=True):
    """A lowest or highest number."""

    value: Fraction
    exclusive: bool = False


@dataclass(frozen=True)
class Shape:
    """What the parts accept together. `types` never has null; `enum` maps canonical texts to values, less null.

    `pointer` is of the place where the schema stands, for what no part says.
    """

    parts: tuple[At, ...]
    types: frozenset[str]
    accepts_null: bool
    enum: Mapping[str, Any] | None
    name: str | None = None
    unresolved: tuple[tuple[str, str], ...] = ()

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Equal for shapes of one document that accept the same."""
        enum = None if self.enum is None else tuple(sorted(self.enum))
        return "shape", tuple(sorted(id(part.value) for part in self.parts)), tuple(sorted(self.types)), enum

    def only(self, kind: str) -> Shape:
        """The shape for one of its types."""
        enum = None if self.enum is None else {text: value for text, value in self.enum.items() if is_a(value, kind)}
        return replace(self, types=frozenset({kind}), enum=enum)

    def pointer(self, keyword: str, otherwise: str) -> str:
        """Where the keyword stands, or the shape where none of its parts has it."""
        for part in self.parts:
            if part.child(keyword) is not None:
                return part.below(keyword)
        return self.parts[0].pointer if self.parts and self.parts[0].pointer else otherwise

    def says(self, keyword: str) -> bool:
        """Whether a part has `keyword: true`."""
        return any(part.says(keyword) for part in self.parts)

    @cached_property
    def formats(self) -> frozenset[str]:
        return frozenset(text for part in self.parts if (text := part.text("format")) is not None)

    @cached_property
    def patterns(self) -> frozenset[str]:
        return frozenset(text for part in self.parts if (text := part.text("pattern")) is not None)

    @cached_property
    def lowest(self) -> Bound | None:
        return self._bound("minimum", "exclusiveMinimum", 1)

    @cached_property
    def highest(self) -> Bound | None:
        return self._bound("maximum", "exclusiveMaximum", -1)

    def _bound(self, inclusive: str, exclusive: str, sign: int) -> Bound | None:
        """The strictest of all. In 3.0 `exclusiveMinimum` is a flag on `minimum`, in 3.1 a bound of its own."""
        bounds = []
        for part in self.parts:
            for keyword, excludes in ((inclusive, part.says(exclusive)), (exclusive, True)):
                at = part.child(keyword)
                value = number(at.value) if at is not None else None
                if value is not None:
                    bounds.append(Bound(value, excludes))
        if not bounds:
            return None
        strictest = max(bounds, key=lambda bound: (sign * bound.value, bound.exclusive))
        if self.types != {"integer"}:
            return strictest
        nearest = ceil(strictest.value) if sign > 0 else floor(strictest.value)
        return Bound(Fraction(nearest + sign if strictest.exclusive and nearest == strictest.value else nearest))

    @cached_property
    def sizes(self) -> Mapping[str, Fraction]:
        """The strictest of minLength, maxItems and their like."""
        found: dict[str, Fraction] = {}
        for keywords, strictest in ((LEAST, max), (MOST, min)):
            for keyword in keywords:
                values = [number(at.value) for part in self.parts if (at := part.child(keyword)) is not None]
                known = [value for value in values if value is not None and (value > 0 or keyword in MOST)]
                if known:
                    found[keyword] = strictest(known)
        return found

    @cached_property
    def multiple(self) -> Fraction | None:
        """The number of which every value is a multiple."""
        found = None
        for part in self.parts:
            at = part.child("multipleOf")
            value = number(at.value) if at is not None else None
            if value is not None and value > 0:
                found = value if found is None else _least_common(found, value)
        return found

    @cached_property
    def properties(self) -> Mapping[str, Node]:
        """The schemas of each named property."""
        found: dict[str, list[At]] = {}
        for part in self.parts:
            for name, schema in part.members("properties"):
                found.setdefault(name, []).append(schema)
        return {name: tuple(schemas) for name, schemas in found.items()}

    @cached_property
    def required(self) -> Mapping[str, str]:
        """The required names, each with the pointer of the list that has it."""
        found: dict[str, str] = {}
        for part in self.parts:
            for at in part.elements("required"):
                if isinstance(at.value, str):
                    found.setdefault(at.value, at.pointer)
        return found

    @cached_property
    def pattern_properties(self) -> Mapping[str, Node]:
        found: dict[str, Node] = {}
        for part in self.parts:
            for pattern, schema in part.members("patternProperties"):
                found[pattern] = (*found.get(pattern, ()), schema)
        return found

    @cached_property
    def additional(self) -> Node:
        """The schemas of all other properties; `False` among them closes the object."""
        keywords = ("additionalProperties", "unevaluatedProperties")
        found = [at for part in self.parts for word in keywords if (at := part.child(word)) is not None]
        return tuple(at for at in found if at.value is False or isinstance(at.value, Mapping))

    @property
    def is_closed(self) -> bool:
        return any(at.value is False for at in self.additional)

    @cached_property
    def is_open_by_word(self) -> bool:
        """Whether `additionalProperties: true` stands there, rather than nothing."""
        return not self.additional and self.says("additionalProperties")

    def item(self, index: int | None) -> Node:
        """The schemas of the item at `index`, or of those behind all that have a schema of their own."""
        found: list[At] = []
        for part in self.parts:
            first = list(part.elements("prefixItems"))
            if index is not None and index < len(first):
                found.append(first[index])
            elif (at := part.child("items")) is not None:
                found.append(at)
        return tuple(found)

    @cached_property
    def first_items(self) -> int:
        """How many items have a schema of their own."""
        return max((sum(1 for _ in part.elements("prefixItems")) for part in self.parts), default=0)

    @cached_property
    def discriminator(self) -> tuple[At, At] | None:
        """The part with a discriminator, and that."""
        for part in self.parts:
            at = part.child("discriminator")
            if at is not None and at.text("propertyName") is not None:
                return part, at
        return None


def is_a(value: object, kind: str) -> bool:
    """Whether a JSON value is of a type."""
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return number(value) is not None
        case "integer":
            whole = number(value)
            return whole is not None and whole.denominator == 1
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, Mapping)
        case "null":
            return value is None
        # Dates of YAML are strings to a client.
        case _:
            return value is not None and not isinstance(value, bool | int | float | list | Mapping)


def _least_common(one: Fraction, other: Fraction) -> Fraction:
    return Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))
