"""Whether one shape accepts all that another does, as far as plain values go: types, enum, format, limits.

The narrow shape must lie within the wide one. For what clients send, the baseline's shape is the narrow one: whatever
was right to send must stay right. For what clients get it is the live one: nothing may come that could not come before.
"""

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.document import is_absolute, unresolved
from sesgate.openapi.schemas import ALL_TYPES, Schemas
from sesgate.openapi.shapes import LEAST, Bound, Node, Shape
from sesgate.openapi.values import number

_NO_LIMIT = frozenset({"password", "int64", "double"})
"""Formats that hold every value of their type, as far as clients can tell."""

_CHECKED = frozenset(
    {"int32", "float", "date", "date-time", "time", "duration", "email", "uuid", "uri", "byte", "binary", "hostname"}
    | {"ipv4", "ipv6"}
)
_APPLIES_TO = {"minLength": "string", "maxLength": "string", "minItems": "array", "maxItems": "array"}


class Direction(StrEnum):
    """Which way the values go, seen from the client."""

    SENT = "sent"
    RECEIVED = "received"


class Rules(Struct, frozen=True):
    """The comparison of shapes for one direction."""

    direction: Direction
    baseline: Schemas
    live: Schemas

    @property
    def sends(self) -> bool:
        return self.direction is Direction.SENT

    @property
    def narrow(self) -> Schemas:
        return self.baseline if self.sends else self.live

    @property
    def wide(self) -> Schemas:
        return self.live if self.sends else self.baseline

    def of_values(self, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Remark]:
        """What of the narrow shape the wide one does not accept. `pointer` is of the schema in the live document."""
        lost = _types_lost(narrow, wide)
        if lost:
            yield self._types(narrow, wide, lost, pointer)
            if not self.leads_on(narrow, wide):
                return
        if self.narrow.opaque(narrow) != self.wide.opaque(wide):
            text = "keywords that only a person can compare (not, if, contains …) differ: not compared"
            yield self._remark(Kind.NOT_COMPARED, "not", narrow, wide, pointer, text, Severity.WARNING)
        if wide.enum is not None:
            yield from self._enum(narrow, wide, pointer)
            return
        yield from self._limits(narrow, wide, pointer)
        if narrow.enum is None:
            yield from self._formats(narrow, wide, pointer)
        yield from self._patterns(narrow, wide, pointer)

    def leads_on(self, narrow: Shape, wide: Shape) -> bool:
        """Whether more than their types can be compared. Where anything at all was or may be, that says it all."""
        lost = _types_lost(narrow, wide)
        return not lost or (_share_a_type(narrow, wide) and not narrow.types >= ALL_TYPES)

    def are_the_same(self, narrow: Node | Shape, wide: Node | Shape) -> bool:
        """Whether both sides say the same, however it is written."""
        meaning = self.narrow.meaning(narrow)
        return meaning is not None and meaning == self.wide.meaning(wide)

    def shares_all_types(self, narrow: Shape, wide: Shape) -> bool:
        """Whether the wide shape has every type of the narrow one."""
        return not _types_lost(narrow, wide)

    def _remark(
        self,
        kind: Kind,
        keyword: str,
        narrow: Shape,
        wide: Shape,
        pointer: str,
        text: str,
        severity: Severity = Severity.BLOCKER,
    ) -> Remark:
        live = wide if self.sends else narrow
        return Remark(kind, Side.LIVE, live.pointer(keyword, pointer), text, severity)

    def of_references(self, narrow: Shape, wide: Shape) -> Iterator[Remark]:
        """References that were not followed, unless both sides mean the same by them."""
        same = {reference for reference, _ in narrow.unresolved} & {reference for reference, _ in wide.unresolved}
        for shape, document in ((narrow, self.narrow.document), (wide, self.wide.document)):
            for reference, pointer in shape.unresolved:
                if not (reference in same and is_absolute(reference)):
                    yield unresolved(document.side, pointer, reference)

    def _types(self, narrow: Shape, wide: Shape, lost: frozenset[str], pointer: str) -> Remark:
        named = _listed(lost)
        was_anything = narrow.types >= ALL_TYPES
        if self.sends:
            text = f"{_listed(wide.types)} is wanted now, anything was taken" if was_anything else ""
            text = text or f"{named} is no longer taken, {_listed(wide.types)} is"
        else:
            text = "may be anything now" if was_anything else f"may now be {named}"
            text += f", was {_listed(wide.types)}"
        # Where the baseline said nothing, nobody can have kept to it.
        severity = Severity.WARNING if self.sends and was_anything else Severity.BLOCKER
        return self._remark(Kind.TYPE, "type", narrow, wide, pointer, text, severity)

    def _enum(self, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Remark]:
        accepted = wide.enum or {}
        listed = ", ".join(shown(text) for text in list(accepted)[:10])
        if narrow.enum is None:
            text = f"only {listed} is taken now" if self.sends else f"may be other than {listed} now"
        else:
            lost = [text for text in narrow.enum if text not in accepted]
            # A value of a type that is lost too has been told.
            if not lost or not _share_a_type(narrow, wide):
                return
            named = ", ".join(shown(text) for text in lost[:10]) + (" …" if len(lost) > 10 else "")
            text = f"{named} is no longer taken" if self.sends else f"may now be {named}"
        yield self._remark(Kind.ENUM, "enum", narrow, wide, pointer, text)

    def _formats(self, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Remark]:
        for name in sorted(wide.formats - narrow.formats - _NO_LIMIT):
            before = _listed(narrow.formats - _NO_LIMIT or narrow.formats)
            if self.sends:
                text = f"the format {shown(name)} is wanted now" + (f", was {before}" if before else "")
            else:
                text = f"the format is {before} now" if before else "the format is open now"
                text += f", was {shown(name)}"
            severity = Severity.BLOCKER if name in _CHECKED else Severity.WARNING
            yield self._remark(Kind.FORMAT, "format", narrow, wide, pointer, text, severity)

    def _patterns(self, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Remark]:
        if "string" not in narrow.types or wide.patterns <= narrow.patterns:
            return
        pattern = shown(min(wide.patterns - narrow.patterns))
        severity = Severity.WARNING
        if not self.sends:
            text = f"need not match {pattern} any longer"
        elif narrow.patterns or narrow.enum is not None:
            text = f"must match {pattern} now, which may be narrower than before"
        else:
            text, severity = f"must match {pattern} now", Severity.BLOCKER
        yield self._remark(Kind.PATTERN, "pattern", narrow, wide, pointer, text, severity)

    def _limits(self, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Remark]:
        """Minimum, maximum, lengths, counts, multiples, uniqueness."""
        for keyword, before, now in self._exceeded(narrow, wide):
            was = f", was {before}" if before else ""
            if self.sends:
                text = f"{keyword} is {now} now{was or ', was open'}"
            else:
                text = f"{keyword} is {before} now, was {now}" if before else f"{keyword} is open now, was {now}"
            # Few clients rely on the limits of what they get; all meet those of what they send.
            severity = Severity.BLOCKER if self.sends else Severity.WARNING
            yield self._remark(Kind.LIMIT, keyword, narrow, wide, pointer, text, severity)

    def _exceeded(self, narrow: Shape, wide: Shape) -> Iterator[tuple[str, str, str]]:
        """Each keyword of the wide shape that the narrow one goes beyond, with both limits in words."""
        common = narrow.types & (wide.types | ({"integer"} if "number" in wide.types else set()))
        if common & {"integer", "number"}:
            for keyword, mine, limit, sign in (
                ("minimum", narrow.lowest, wide.lowest, 1),
                ("maximum", narrow.highest, wide.highest, -1),
            ):
                if limit and not _within(narrow, mine, limit, sign):
                    yield keyword, _bound(mine), _bound(limit)
            step, own = wide.multiple, narrow.multiple
            if step and not (own and (own / step).denominator == 1) and not (step == 1 and common == {"integer"}):
                yield "multipleOf", str(own or ""), str(step)
        for keyword, size in wide.sizes.items():
            if _APPLIES_TO.get(keyword, "object") not in common:
                continue
            before = narrow.sizes.get(keyword)
            if not _size_within(narrow, keyword, before, size):
                yield keyword, "" if before is None else shown(before), shown(size)
        if "array" in common and wide.says("uniqueItems") and not narrow.says("uniqueItems"):
            yield "uniqueItems", "", "true"


def _types_lost(narrow: Shape, wide: Shape) -> frozenset[str]:
    """The types of the narrow shape that the wide one has not."""
    lost = narrow.types - wide.types
    return lost - {"integer"} if "number" in wide.types else lost


def _share_a_type(narrow: Shape, wide: Shape) -> bool:
    numbers = {"integer", "number"}
    return bool(narrow.types & wide.types) or bool(narrow.types & numbers and wide.types & numbers)


def _within(narrow: Shape, mine: Bound | None, limit: Bound, sign: int) -> bool:
    """Whether the narrow shape keeps to a bound; `sign` is 1 for the lowest and -1 for the highest number."""
    if narrow.enum is not None:
        values = [plain for value in narrow.enum.values() if (plain := number(value)) is not None]
        return all(_keeps(Bound(value), limit, sign) for value in values)
    return mine is not None and _keeps(mine, limit, sign)


def _keeps(mine: Bound, limit: Bound, sign: int) -> bool:
    if mine.value == limit.value:
        return mine.exclusive or not limit.exclusive
    return sign * mine.value > sign * limit.value


def _size_within(narrow: Shape, keyword: str, mine: Fraction | None, limit: Fraction) -> bool:
    if narrow.enum is not None:
        sizes = [len(value) for value in narrow.enum.values() if isinstance(value, str | list | dict)]
        return all(size >= limit if keyword in LEAST else size <= limit for size in sizes)
    if mine is None:
        return False
    return mine >= limit if keyword in LEAST else mine <= limit


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return ""
    value = bound.value
    plain = str(value) if value.denominator == 1 else str(float(value))
    return shown(plain) + (" exclusive" if bound.exclusive else "")


def _listed(names: frozenset[str]) -> str:
    return "anything" if names >= ALL_TYPES else " or ".join(shown(name) for name in sorted(names))
