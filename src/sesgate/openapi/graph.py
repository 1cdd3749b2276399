"""Pairs of schemas and how they hang together: explored once, judged once, told for each operation.

A pair holds where nothing is said against it, where every pair it leads to holds, and where each of its choices has a
candidate that holds. Recursive schemas lead back to themselves, so what holds is the greatest fixed point: all pairs
hold until something speaks against them, and that is passed on backwards. No recursion, each pair once.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.containment import Rules
from sesgate.openapi.members import Step, may_lie_within, of_members
from sesgate.openapi.shapes import Node, Shape

MAX_PAIRS = 50_000
_LONGEST_WAY = 200
_MAX_TELLING = 2_000_000
"""How many pairs are visited for all operations together."""

Key = tuple[Any, ...]


@dataclass(slots=True)
class Choice:
    """One of `candidates` has to hold. Where none does, `likely` is told, or else `remark`."""

    candidates: frozenset[Key]
    likely: Key | None
    remark: Remark
    hopes: int = 0
    """How many candidates may still hold."""

    def __post_init__(self) -> None:
        self.hopes = len(self.candidates)


@dataclass(slots=True)
class Pair:
    """What was found out about two schemas, or two shapes."""

    remarks: list[Remark] = field(default_factory=list)
    steps: list[tuple[str, Key]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """A remark and the way to it: `.customer.items[].total`."""

    way: str
    remark: Remark


class Graph:
    """All pairs of one direction. First `root` for every place to compare, then `settle`, then `tell`."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.is_cut_off = False
        self._pairs: dict[Key, Pair] = {}
        self._waiting: deque[tuple[Key, Node | Shape, Node | Shape, str]] = deque()
        self._left = _MAX_TELLING

    def root(self, baseline: Node, live: Node, pointer: str) -> Key:
        """Asks for the comparison of two schemas. `pointer` is of the place in the live document."""
        narrow, wide = (baseline, live) if self.rules.sends else (live, baseline)
        return self._ask(narrow, wide, _pointer(live, pointer))

    def settle(self) -> None:
        """Looks at every pair, and judges which of them hold."""
        while self._waiting:
            key, narrow, wide, pointer = self._waiting.popleft()
            pair = self._pairs[key]
            if isinstance(narrow, Shape) and isinstance(wide, Shape):
                self._look_at_shapes(pair, narrow, wide, pointer)
            elif not isinstance(narrow, Shape) and not isinstance(wide, Shape):
                self._look_at_schemas(pair, narrow, wide, pointer)
        self._judge()

    def tell(self, roots: list[tuple[str, Key]]) -> Iterator[tuple[str, Told]]:
        """What speaks against the roots, each pair once, with the name of the root that led to it."""
        seen: set[Key] = set()
        for name, root in roots:
            queue = deque([(root, "")])
            while queue and self._left > 0:
                key, way = queue.popleft()
                pair = self._pairs.get(key)
                if key in seen or pair is None or pair.holds:
                    continue
                seen.add(key)
                self._left -= 1
                for remark in pair.remarks:
                    yield name, Told(way, remark)
                queue.extend((inner, (way + label)[:_LONGEST_WAY]) for label, inner in pair.steps)
                for choice in pair.choices:
                    if choice.hopes == 0:
                        if choice.likely is not None:
                            queue.append((choice.likely, way))
                        else:
                            yield name, Told(way, choice.remark)
        self.is_cut_off = self.is_cut_off or self._left <= 0

    def _ask(self, narrow: Node | Shape, wide: Node | Shape, pointer: str) -> Key:
        key = (_key(narrow), _key(wide))
        if key not in self._pairs:
            if len(self._pairs) >= MAX_PAIRS:
                self.is_cut_off = True
                return key
            self._pairs[key] = Pair()
            self._waiting.append((key, narrow, wide, pointer))
        return key

    def _look_at_shapes(self, pair: Pair, narrow: Shape, wide: Shape, pointer: str) -> None:
        pair.remarks += self.rules.of_references(narrow, wide)
        if pair.remarks:
            # What was not read may hold all that seems to be missing.
            return
        pair.remarks += self.rules.of_values(narrow, wide, pointer)
        for outcome in of_members(self.rules, narrow, wide, pointer) if self.rules.leads_on(narrow, wide) else ():
            if isinstance(outcome, Step):
                at = _pointer(outcome.wide if self.rules.sends else outcome.narrow, pointer)
                pair.steps.append((outcome.label, self._ask(outcome.narrow, outcome.wide, at)))
            else:
                pair.remarks.append(outcome)

    def _look_at_schemas(self, pair: Pair, narrow: Node, wide: Node, pointer: str) -> None:
        inner, outer = self.rules.narrow.of(narrow), self.rules.wide.of(wide)
        if inner.words is not None or outer.words is not None:
            if inner.words != outer.words:
                text = "there are too many combinations of alternatives: not compared"
                pair.remarks.append(Remark(Kind.NOT_COMPARED, Side.LIVE, pointer, text, Severity.WARNING))
            return
        unread = any(shape.unresolved for shape in (*inner.shapes, *outer.shapes))
        if inner.accepts_null and not outer.accepts_null and not unread:
            text = "null is no longer taken" if self.rules.sends else "may now be null"
            # A schema that said nothing took null only by the letter.
            severity = Severity.WARNING if inner.shapes and not inner.shapes[0].parts else Severity.BLOCKER
            pair.remarks.append(Remark(Kind.NULL, Side.LIVE, pointer, text, severity))
        if inner.shapes and not outer.shapes:
            types = " or ".join(sorted({kind for shape in inner.shapes for kind in shape.types}))
            text = "nothing is taken any longer" if self.rules.sends else f"may now be {shown(types)}, nothing could be"
            pair.remarks.append(Remark(Kind.TYPE, Side.LIVE, pointer, text))
        if not inner.shapes or not outer.shapes:
            return
        if len(inner.shapes) == 1 and len(outer.shapes) == 1:
            pair.steps.append(("", self._ask(inner.shapes[0], outer.shapes[0], pointer)))
            return
        self._look_at_alternatives(
            pair, _one_typed(inner.shapes), _one_typed(outer.shapes), pointer, _pointer(narrow, "")
        )

    def _look_at_alternatives(
        self, pair: Pair, narrow: list[Shape], wide: list[Shape], pointer: str, narrow_pointer: str
    ) -> None:
        """Each alternative of the narrow schema has to lie within one of the wide schema's."""
        for index, shape in enumerate(narrow):
            likely = _counterpart(shape, index, narrow, wide)
            candidates = [other for other in wide if other is likely or may_lie_within(self.rules, shape, other)]
            name = shown(shape.name or " or ".join(sorted(shape.types)))
            if self.rules.sends:
                side, text = Side.BASELINE, f"the alternative {name} is no longer taken"
            else:
                side, text = Side.LIVE, f"may now be the alternative {name}"
            at = (shape.parts[0].pointer if shape.parts else "") or narrow_pointer
            choice = Choice(
                frozenset(self._ask(shape, other, pointer) for other in candidates),
                self._ask(shape, likely, pointer) if likely is not None else None,
                Remark(Kind.ALTERNATIVE, side, at, text),
            )
            pair.choices.append(choice)

    def _judge(self) -> None:
        """Passes on what does not hold to the pairs that need it, each need once."""
        needed_by: dict[Key, list[tuple[Pair, Choice | None]]] = {}
        failing = deque(pair for pair in self._pairs.values() if pair.remarks)
        keys = {id(pair): key for key, pair in self._pairs.items()}
        for pair in self._pairs.values():
            for _, inner in pair.steps:
                needed_by.setdefault(inner, []).append((pair, None))
            for choice in pair.choices:
                for candidate in choice.candidates:
                    needed_by.setdefault(candidate, []).append((pair, choice))
                if not choice.candidates:
                    failing.append(pair)
        while failing:
            failed = failing.popleft()
            if not failed.holds:
                continue
            failed.holds = False
            for pair, open_choice in needed_by.get(keys[id(failed)], ()):
                if open_choice is not None:
                    open_choice.hopes -= 1
                if open_choice is None or open_choice.hopes == 0:
                    failing.append(pair)


def _key(side: Node | Shape) -> Key:
    return ("shape", *side.key) if isinstance(side, Shape) else tuple(sorted({id(at.value) for at in side}))


def _pointer(node: Node, otherwise: str) -> str:
    return node[0].pointer if node else otherwise


def _one_typed(shapes: tuple[Shape, ...]) -> list[Shape]:
    """`type: [string, integer]` as the two alternatives that it means."""
    return [shape.only(kind) if len(shape.types) > 1 else shape for shape in shapes for kind in sorted(shape.types)]


def _counterpart(shape: Shape, index: int, narrow: list[Shape], wide: list[Shape]) -> Shape | None:
    """The alternative on the other side that was most likely meant: of that name, alone of that type, at that place."""
    if shape.name is not None:
        named = [other for other in wide if other.name == shape.name and other.types == shape.types]
        if named:
            return named[0]
    typed = [other for other in wide if other.types == shape.types]
    if len(typed) == 1 and sum(1 for other in narrow if other.types == shape.types) == 1:
        return typed[0]
    if len(narrow) == len(wide) and wide[index].types == shape.types and not (shape.name and wide[index].name):
        return wide[index]
    return None
