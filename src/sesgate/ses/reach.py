"""Whether one way of telling somebody works: what keeps it from working, and what could not be seen of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sesgate.evidence import NotSeen
from sesgate.finding import Finding


@dataclass(frozen=True, slots=True)
class Reach:
    """`faults` are findings, ready to be told; `unseen` and `notes` are one-line texts."""

    faults: tuple[Finding, ...] = ()
    unseen: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Is it known to work?"""
        return not self.faults and not self.unseen

    def __add__(self, other: "Reach") -> "Reach":
        """Both have to work."""
        return Reach(self.faults + other.faults, self.unseen + other.unseen, self.notes + other.notes)


class Path(NamedTuple):
    """One way, under the name by which people know it."""

    name: str
    reach: Reach


@dataclass(slots=True)
class Look:
    """Collects what is seen of one way; a question that got no answer hides only what depends on it."""

    faults: list[Finding] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def at(self) -> Iterator[None]:
        """Turns a question without an answer into something unseen."""
        try:
            yield
        except NotSeen as not_seen:
            self.unseen.append(str(not_seen))

    def result(self) -> Reach:
        """What came of it."""
        return Reach(tuple(self.faults), tuple(dict.fromkeys(self.unseen)), tuple(self.notes))


def nearest(paths: Iterable[Path]) -> Path | None:
    """The one that needs the least repair: the first with the fewest faults."""
    return min(paths, key=lambda path: len(path.reach.faults), default=None)
