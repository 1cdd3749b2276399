"""Whether one way of telling somebody works: what keeps it from working, and what could not be seen of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from sesgate.evidence import NotSeen
from sesgate.finding import Finding

if TYPE_CHECKING:
    from sesgate.context import Context


class Reach(Struct, frozen=True):
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
    """One way, under the name by which people know it. `asked` are the ids of the questions it rests on."""

    name: str
    reach: Reach
    asked: tuple[str, ...] = ()


def aside(context: "Context") -> "Context":
    """The same context, but what is asked through it is not yet cited.

    A finding cites what was asked before it. One way that works is enough for a pass, which then must not rest on what
    could not be seen of another way.
    """
    return replace(context, cited={})


def cite(context: "Context", asked: Iterable[str]) -> None:
    """Lets the findings to come rest on questions that were asked aside."""
    context.cited.update(dict.fromkeys(asked))


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
