"""Which nodes of a graph can't be told apart by any way through it, pure.

Two nodes are alike where their labels are, and each can follow every step of the other to a node that is alike again:
the coarsest such partition. What a graph unfolds to is what it says, so that a copy in the place of an edge changes
nothing. Partition refinement where the larger half keeps its name: Hopcroft 1971; Wissmann and others 2022, "Fast
Coalgebraic Bisimilarity Minimization".
"""

from collections import deque
from collections.abc import Hashable, Sequence

Edges = Sequence[tuple[Hashable, int]]
"""The steps of a node, each with its name and where it leads. Of equal names the order and the number say nothing."""


def classes(labels: Sequence[Hashable], edges: Sequence[Edges], most: int) -> list[int] | None:
    """The class of each node; None where that takes following more than `most` edges."""
    return _Partition(labels, edges).refined(most)


class _Partition:
    def __init__(self, labels: Sequence[Hashable], edges: Sequence[Edges]) -> None:
        self.edges = edges
        self.users: list[list[int]] = [[] for _ in labels]
        for node, steps in enumerate(edges):
            for _, target in steps:
                self.users[target].append(node)
        names: dict[Hashable, int] = {}
        self.class_of = [names.setdefault(label, len(names)) for label in labels]
        self.members: list[set[int]] = [set() for _ in names]
        for node, name in enumerate(self.class_of):
            self.members[name].add(node)
        self.changed = {name: set(members) for name, members in enumerate(self.members)}
        self.waiting = deque(self.changed)

    def refined(self, most: int) -> list[int] | None:
        while self.waiting:
            name = self.waiting.popleft()
            changed = self.changed.pop(name)
            if len(self.members[name]) == 1:
                continue
            most -= sum(len(self.edges[node]) for node in changed)
            if most < 0:
                return None
            self._split(name, self._leaving(self.members[name], changed))
        return self.class_of

    def _leaving(self, members: set[int], changed: set[int]) -> list[set[int]]:
        """What a class falls apart into, less the largest part. All that did not change still looks the same."""
        parts: dict[frozenset[tuple[Hashable, int]], set[int]] = {}
        for node in changed:
            parts.setdefault(self._signature(node), set()).add(node)
        others = len(members) - len(changed)
        if others:
            like_others = self._signature(next(node for node in members if node not in changed))
            staying = parts.pop(like_others, set())
            if not parts:
                return []
            if others + len(staying) >= max(map(len, parts.values())):
                return list(parts.values())
            parts[like_others] = staying | (members - changed)
        largest = max(parts.values(), key=len)
        return [part for part in parts.values() if part is not largest]

    def _signature(self, node: int) -> frozenset[tuple[Hashable, int]]:
        return frozenset((step, self.class_of[target]) for step, target in self.edges[node])

    def _split(self, name: int, leaving: list[set[int]]) -> None:
        """Makes classes of their own of what leaves one; whoever leads there is to be looked at again."""
        for part in leaving:
            self.members[name] -= part
            for node in part:
                self.class_of[node] = len(self.members)
            self.members.append(part)
        for user in {user for part in leaving for node in part for user in self.users[node]}:
            of_user = self.class_of[user]
            if of_user not in self.changed:
                self.changed[of_user] = set()
                self.waiting.append(of_user)
            self.changed[of_user].add(user)
