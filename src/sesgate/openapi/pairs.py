"""Pairs of schemas, as far as they were looked at: which of them hold, and what speaks against those that do not.

A pair holds where nothing is said against it, where every pair it leads to holds, and where each of its choices has a
candidate that holds. Recursive schemas lead back to themselves, so what holds is the greatest fixed point: all pairs
hold until something speaks against them, and that is passed on backwards. No recursion.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct

from sesgate.openapi.breaks import Remark
from sesgate.openapi.shapes import Node, Shape

MAX_VISITS = 1_000_000
"""How many pairs are visited to tell of all operations together."""
_LONGEST_WAY = 200


class Ahead(Struct, frozen=True):
    """A pair that may be asked for. `label` names the way to it."""

    label: str
    narrow: Node | Shape
    wide: Node | Shape
    pointer: str


@dataclass(slots=True, eq=False)
class Choice:
    """One of `candidates` has to hold. Where none does, `likely` is told, or else `remark`."""

    candidates: list[Pair]
    likely: Pair | None
    remark: Remark
    reserve: list[Ahead] = field(default_factory=list)
    """Candidates that are asked for once those so far have failed."""
    hopes: int = 0
    """How many candidates may still hold."""


@dataclass(eq=False)
class Pair:
    """What was found out about two schemas, or two shapes."""

    is_told: bool = False
    """Whether what speaks against it may be told: else only the outcome counts."""
    remarks: list[Remark] = field(default_factory=list)
    steps: list[tuple[str, Pair]] = field(default_factory=list)
    left: list[Ahead] = field(default_factory=list)
    """Steps that were not taken, since the outcome is known without them."""
    choices: list[Choice] = field(default_factory=list)
    holds: bool = True

    @cached_property
    def against(self) -> list[Remark]:
        """What speaks against the pair itself, once all is judged."""
        return self.remarks + [each.remark for each in self.choices if each.hopes == 0 and each.likely is None]

    @cached_property
    def onward(self) -> list[tuple[str, Pair]]:
        """The pairs that it fails with, once all is judged."""
        likely = [("", each.likely) for each in self.choices if each.hopes == 0 and each.likely is not None]
        return [(label, pair) for label, pair in (*self.steps, *likely) if not pair.holds]


def judge(pairs: Collection[Pair]) -> None:
    """Passes on what does not hold to the pairs that need it, each need once."""
    needed_by: dict[int, list[tuple[Pair, Choice | None]]] = {}
    failing = deque(pair for pair in pairs if pair.remarks)
    for pair in pairs:
        pair.holds = True
        for _, inner in pair.steps:
            needed_by.setdefault(id(inner), []).append((pair, None))
        for choice in pair.choices:
            choice.hopes = len(choice.candidates)
            for candidate in choice.candidates:
                needed_by.setdefault(id(candidate), []).append((pair, choice))
            if not choice.candidates:
                failing.append(pair)
    while failing:
        failed = failing.popleft()
        if not failed.holds:
            continue
        failed.holds = False
        for pair, open_choice in needed_by.get(id(failed), ()):
            if open_choice is not None:
                open_choice.hopes -= 1
            if open_choice is None or open_choice.hopes == 0:
                failing.append(pair)


class Told(Struct, frozen=True):
    """A remark and the way to it: `.customer.items[].total`."""

    way: str
    remark: Remark


class Teller:
    """Tells what speaks against pairs, within a number of visits."""

    def __init__(self) -> None:
        self._left = MAX_VISITS

    @property
    def is_cut_off(self) -> bool:
        return self._left <= 0

    def tell(self, roots: list[tuple[str, Pair]]) -> Iterator[tuple[str, Told]]:
        """What speaks against the roots, the nearest first, each pair once, with the name of the root."""
        seen: set[int] = set()
        for name, root in roots:
            if root.holds or id(root) in seen:
                continue
            seen.add(id(root))
            visits: list[tuple[Pair, int, str]] = [(root, -1, "")]
            for at, (pair, _, _) in enumerate(visits):  # it grows meanwhile
                if self._left <= 0:
                    return
                self._left -= 1
                for remark in pair.against:
                    yield name, Told(_way(visits, at), remark)
                for label, inner in pair.onward:
                    if id(inner) not in seen:
                        seen.add(id(inner))
                        visits.append((inner, at, label))


def _way(visits: list[tuple[Pair, int, str]], at: int) -> str:
    labels = []
    while at >= 0:
        _, at, label = visits[at]
        labels.append(label)
    return "".join(reversed(labels))[:_LONGEST_WAY]
