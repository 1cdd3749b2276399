"""How pairs of schemas hang together: explored once for all operations, within bounds.

Alternatives make pairs multiply, so that no more is explored than the outcome needs. Of a choice the likely candidate
comes first, and the others only once that one has failed; and a pair that is needed for its outcome alone, not to be
told, is left as soon as something speaks against it.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.containment import Rules
from sesgate.openapi.members import Step, may_lie_within, of_members
from sesgate.openapi.pairs import Ahead, Choice, Pair, Teller, Told, judge
from sesgate.openapi.schemas import Schemas, node_key
from sesgate.openapi.shapes import Node, Shape

MAX_PAIRS = 50_000

Key = tuple[Any, ...]


class Graph:
    """All pairs of one direction. First `root` for every place to compare, then `settle`, then `tell`."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._pairs: dict[Key, Pair] = {}
        self._waiting: deque[tuple[Pair, Node | Shape, Node | Shape, str]] = deque()
        self._is_full = False
        self._teller = Teller()

    @property
    def is_cut_off(self) -> bool:
        """Whether not all was looked at, or told."""
        return self._is_full or self._teller.is_cut_off

    def root(self, baseline: Node, live: Node, pointer: str) -> Pair:
        """Asks for the comparison of two schemas. `pointer` is of the place in the live document."""
        narrow, wide = (baseline, live) if self.rules.sends else (live, baseline)
        if self.rules.are_the_same(narrow, wide):
            return Pair()
        return self._ask(Ahead("", narrow, wide, _pointer(live, pointer)), is_told=True)

    def settle(self) -> None:
        """Looks at every pair that counts, and judges which of them hold."""
        self._explore()
        judge(self._pairs.values())
        while self._take_reserves():
            self._explore()
            judge(self._pairs.values())

    def tell(self, roots: list[tuple[str, Pair]]) -> Iterator[tuple[str, Told]]:
        """What speaks against the roots, with the name of the root that led to it."""
        return self._teller.tell(roots)

    def _explore(self) -> None:
        while self._waiting:
            pair, narrow, wide, pointer = self._waiting.popleft()
            if isinstance(narrow, Shape) and isinstance(wide, Shape):
                self._look_at_shapes(pair, narrow, wide, pointer)
            elif not isinstance(narrow, Shape) and not isinstance(wide, Shape):
                self._look_at_schemas(pair, narrow, wide, pointer)

    def _take_reserves(self) -> bool:
        """Asks for further candidates where all so far have failed. False where there is nothing left to ask for."""
        failed = [
            choice for pair in self._pairs.values() for choice in pair.choices if choice.hopes == 0 and choice.reserve
        ]
        for choice in failed:
            choice.candidates += [self._ask(ahead, is_told=False) for ahead in choice.reserve]
            choice.reserve = []
        return bool(failed)

    def _ask(self, ahead: Ahead, *, is_told: bool) -> Pair:
        narrow, wide = _plain(self.rules.narrow, ahead.narrow), _plain(self.rules.wide, ahead.wide)
        key = (_key(narrow), _key(wide))
        pair = self._pairs.get(key)
        if pair is not None:
            if is_told and not pair.is_told:
                self._tell_too(pair)
        elif len(self._pairs) >= MAX_PAIRS:
            self._is_full = True
            return Pair()
        else:
            pair = self._pairs[key] = Pair(is_told)
            self._waiting.append((pair, narrow, wide, ahead.pointer))
        return pair

    def _tell_too(self, first: Pair) -> None:
        """A pair that was explored for its outcome is to be told as well: what was left is taken up."""
        queue = deque([first])
        while queue:
            pair = queue.popleft()
            if pair.is_told:
                continue
            pair.is_told = True
            queue.extend(inner for _, inner in pair.steps)
            queue.extend(choice.likely for choice in pair.choices if choice.likely is not None)
            ahead, pair.left = pair.left, []
            for each in ahead:
                self._step(pair, each)

    def _step(self, pair: Pair, ahead: Ahead) -> None:
        """Goes on to a pair that must hold as well, unless it does, or the outcome is known and nothing is told."""
        if self.rules.are_the_same(ahead.narrow, ahead.wide):
            return
        if pair.remarks and not pair.is_told:
            pair.left.append(ahead)
        else:
            pair.steps.append((ahead.label, self._ask(ahead, is_told=pair.is_told)))

    def _look_at_shapes(self, pair: Pair, narrow: Shape, wide: Shape, pointer: str) -> None:
        pair.remarks += self.rules.of_references(narrow, wide)
        if pair.remarks:
            # What was not read may hold all that seems to be missing.
            return
        pair.remarks += self.rules.of_values(narrow, wide, pointer)
        ahead = []
        for outcome in of_members(self.rules, narrow, wide, pointer) if self.rules.leads_on(narrow, wide) else ():
            if isinstance(outcome, Step):
                at = _pointer(outcome.wide if self.rules.sends else outcome.narrow, pointer)
                ahead.append(Ahead(outcome.label, outcome.narrow, outcome.wide, at))
            else:
                pair.remarks.append(outcome)
        for each in ahead:
            self._step(pair, each)

    def _look_at_schemas(self, pair: Pair, narrow: Node, wide: Node, pointer: str) -> None:
        inner, outer = self.rules.narrow.of(narrow), self.rules.wide.of(wide)
        if inner.is_too_much or outer.is_too_much:
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
            self._step(pair, Ahead("", inner.shapes[0], outer.shapes[0], pointer))
            return
        self._look_at_alternatives(
            pair, _one_typed(inner.shapes), _one_typed(outer.shapes), pointer, _pointer(narrow, "")
        )

    def _look_at_alternatives(
        self, pair: Pair, narrow: list[Shape], wide: list[Shape], pointer: str, narrow_pointer: str
    ) -> None:
        """Each alternative of the narrow schema has to lie within one of the wide schema's."""
        for index, shape in enumerate(narrow):
            if any(self.rules.are_the_same(shape, other) for other in wide):
                continue
            likely = _counterpart(shape, index, narrow, wide)
            others = [
                Ahead("", shape, other, pointer)
                for other in wide
                if other is not likely and may_lie_within(self.rules, shape, other)
            ]
            name = shown(shape.name or " or ".join(sorted(shape.types)))
            if self.rules.sends:
                side, text = Side.BASELINE, f"the alternative {name} is no longer taken"
            else:
                side, text = Side.LIVE, f"may now be the alternative {name}"
            at = (shape.parts[0].pointer if shape.parts else "") or narrow_pointer
            choice = Choice([], None, Remark(Kind.ALTERNATIVE, side, at, text), others)
            if likely is not None:
                choice.likely = self._ask(Ahead("", shape, likely, pointer), is_told=pair.is_told)
                choice.candidates.append(choice.likely)
            pair.choices.append(choice)


def _key(side: Node | Shape) -> Key:
    return side.key if isinstance(side, Shape) else node_key(side)


def _plain(schemas: Schemas, side: Node | Shape) -> Node | Shape:
    return side if isinstance(side, Shape) else schemas.plain(side)


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
