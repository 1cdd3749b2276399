"""A schema taken apart: `$ref`, `allOf`, `oneOf`, `anyOf` and `nullable` become lists of plain parts.

What comes out is a disjunction: an instance is valid where, for one alternative, all its parts accept it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from sesgate.openapi.document import At, Document
from sesgate.openapi.keywords import COMPOSING, is_prose

MAX_ALTERNATIVES = 200
_MAX_COMBINATIONS = 4000
_MAX_STEPS = 4000
_MAX_DEPTH = 60

NULL = At({"type": "null"})
"""The part that `nullable: true` of OpenAPI 3.0 adds beside everything else."""


class Alternative(Struct, frozen=True):
    """Parts that hold together. `name` is of the component that a branch of oneOf or anyOf referred to.

    `unresolved` has the references that lead nowhere, with the pointers of their objects.
    """

    parts: tuple[At, ...] = ()
    name: str | None = None
    unresolved: tuple[tuple[str, str], ...] = ()


class TooManyAlternatives(Exception):  # noqa: N818 - no error: the schema is fine, it is only not taken apart
    """A schema whose combinations are too many to be written out."""


@dataclass(slots=True)
class Expansion:
    """Takes apart one schema. Counts its steps, since a document can repeat itself exponentially.

    `identity` is equal for schemas that mean the same: a copy of a schema adds nothing to it.
    """

    document: Document
    identity: Callable[[At], int]
    _steps: int = 0
    _open: set[int] = field(default_factory=set)

    def of(self, schemas: tuple[At, ...]) -> list[Alternative]:
        """The alternatives of schemas that hold together. Raises TooManyAlternatives."""
        return self._together([self._of(schema) for schema in schemas])

    def _of(self, schema: At) -> list[Alternative]:
        self._steps += 1
        if self._steps > _MAX_STEPS or len(self._open) > _MAX_DEPTH:
            raise TooManyAlternatives
        schema = self.document.schema(schema)
        if schema.value is False:
            return []
        if isinstance(schema.value, Mapping) and _TAKEN_APART.isdisjoint(schema.value):
            return [self._own_words(schema)]
        identity = self.identity(schema)
        if not isinstance(schema.value, Mapping) or identity in self._open:
            # A schema that is part of itself adds nothing to itself.
            return [Alternative()]
        self._open.add(identity)
        try:
            return self._of_object(schema)
        finally:
            self._open.discard(identity)

    def _of_object(self, schema: At) -> list[Alternative]:
        factors: list[list[Alternative]] = []
        reference = schema.text("$ref")
        if reference is not None:
            target = self.document.target(reference)
            if target is None:
                factors.append([Alternative(unresolved=((reference, schema.pointer),))])
            else:
                factors.append(self._of(target))
            if not self.document.has_siblings_of_references:
                return factors[0]
        factors.append([self._own_words(schema)])
        factors += [self._of(part) for part in schema.elements("allOf")]
        for keyword in ("oneOf", "anyOf"):
            branches = list(schema.elements(keyword))
            if branches:
                factors.append([inner for branch in branches for inner in self._named(branch)])
        alternatives = self._together(factors)
        if self.document.minor == 0 and schema.says("nullable"):
            # By the letter it needs `type` beside it; generators put it beside allOf, and mean it.
            alternatives = [*alternatives, Alternative((NULL,))]
        return alternatives

    def _own_words(self, schema: At) -> Alternative:
        """The part that a schema is, less what it is composed of."""
        says_something = any(not (keyword in _TAKEN_APART or is_prose(keyword)) for keyword in schema.value)
        return Alternative((schema,) if says_something else ())

    def _named(self, branch: At) -> list[Alternative]:
        """The alternatives of a branch, with the name of what it refers to, where it does."""
        name = (branch.text("$ref") or "").rpartition("/")[2] or None
        return [Alternative(inner.parts, inner.name or name, inner.unresolved) for inner in self._of(branch)]

    def _together(self, factors: list[list[Alternative]]) -> list[Alternative]:
        """Every choice of one alternative from each factor."""
        product = self._apart(factors[0]) if factors else [Alternative()]
        for factor in map(self._apart, factors[1:]):
            if len(product) * len(factor) > _MAX_COMBINATIONS:
                raise TooManyAlternatives
            product = self._apart([self._both(one, other) for one in product for other in factor])
        return product

    def _both(self, one: Alternative, other: Alternative) -> Alternative:
        known = {self.identity(part) for part in one.parts}
        parts = one.parts + tuple(part for part in other.parts if self.identity(part) not in known)
        return Alternative(parts, other.name or one.name, one.unresolved + other.unresolved)

    def _apart(self, alternatives: list[Alternative]) -> list[Alternative]:
        """Each alternative once. Raises TooManyAlternatives."""
        if len(alternatives) == 1:
            return alternatives
        found: dict[object, Alternative] = {}
        for each in alternatives:
            found.setdefault((frozenset(map(self.identity, each.parts)), each.unresolved), each)
        if len(found) > MAX_ALTERNATIVES:
            raise TooManyAlternatives
        return list(found.values())


_TAKEN_APART = COMPOSING | {"$ref", "nullable"}
