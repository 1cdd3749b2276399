"""The comparison of two documents: operations matched, their parts compared, what was found told in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sesgate.finding import Severity
from sesgate.openapi.breaks import Break, Kind, Remark, Side, shown
from sesgate.openapi.containment import Direction, Rules
from sesgate.openapi.content import Place, compare_bodies, compare_responses
from sesgate.openapi.document import At, Document
from sesgate.openapi.graph import Graph
from sesgate.openapi.pairs import Pair
from sesgate.openapi.parameters import compare_parameters
from sesgate.openapi.paths import Operation, path_items
from sesgate.openapi.routing import Match, match_operations
from sesgate.openapi.sameness import Sameness
from sesgate.openapi.schemas import Schemas
from sesgate.openapi.security import compare_security

MAX_BREAKS = 1000
"""How many breaks are told; whether there are more is told too."""


def compare(baseline: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Break, ...]:
    """What breaks clients of the baseline, in its order of paths. Raises DocumentError.

    What could not be compared (a reference to another document, callbacks that differ) is told, never passed over. Not
    looked at: links, the `encoding` of forms, default values, deprecation. OpenAPI Specification 3.0.3 and 3.1.0.
    """
    comparison = _Comparison(Document(baseline, Side.BASELINE), Document(live, Side.LIVE))
    found = tuple(islice(comparison.breaks(), MAX_BREAKS + 1))
    if len(found) > MAX_BREAKS or comparison.is_cut_off:
        text = f"only the first {MAX_BREAKS} breaks are told" if len(found) > MAX_BREAKS else "the schemas are too many"
        rest = Remark(Kind.NOT_COMPARED, Side.LIVE, "", f"{text}: not all was compared", Severity.WARNING)
        return (*found[:MAX_BREAKS], rest.told(None, None))
    return found


def operations(baseline: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Method in capitals and path of every operation, in the document's order. Raises DocumentError."""
    items = path_items(Document(baseline, Side.BASELINE))
    return tuple((each.method, each.path) for item in items for each in item.operations)


@dataclass(slots=True)
class _Compared:
    """What is known of one operation before schemas are judged."""

    operation: Operation
    remarks: list[Remark] = field(default_factory=list)
    places: dict[Direction, list[tuple[str, Pair]]] = field(
        default_factory=lambda: {Direction.SENT: [], Direction.RECEIVED: []}
    )


class _Comparison:
    def __init__(self, baseline: Document, live: Document) -> None:
        self.sameness = Sameness(baseline, live)
        self.baseline, self.live = Schemas(baseline, self.sameness), Schemas(live, self.sameness)
        self.graphs = {way: Graph(Rules(way, self.baseline, self.live)) for way in Direction}

    @property
    def is_cut_off(self) -> bool:
        return any(graph.is_cut_off for graph in self.graphs.values())

    def breaks(self) -> Iterator[Break]:
        """All breaks; a second one of the same kind at the same place of the same operation is left out."""
        matched = match_operations(self.baseline.document, self.live.document)
        compared = [self._compare(match) for match in matched.matches]
        for graph in self.graphs.values():
            graph.settle()
        yield from matched.breaks
        yield from self._documents()
        for each in compared:
            told = set()
            for found in self._of_operation(each):
                key = (found.kind, found.side, found.pointer, found.message.rpartition(": ")[2])
                if key not in told:
                    told.add(key)
                    yield found

    def _of_operation(self, compared: _Compared) -> Iterator[Break]:
        path, method = compared.operation.path, compared.operation.method
        for remark in compared.remarks:
            yield remark.told(path, method)
        for way, places in compared.places.items():
            for name, told in self.graphs[way].tell(places):
                where = f"{name}, {shown(told.way.removeprefix('.'))}" if told.way else name
                yield told.remark.told(path, method, where)

    def _compare(self, match: Match) -> _Compared:
        before, now = match.baseline, match.live
        documents = self.baseline.document, self.live.document
        compared = _Compared(before)
        compared.remarks += _operation_id(before.at, now.at)
        compared.remarks += compare_security(*documents, before.at, now.at)
        for found in (
            *compare_parameters(self.baseline, self.live, before, now),
            *compare_bodies(*documents, before.at, now.at),
            *compare_responses(*documents, before.at, now.at),
        ):
            if isinstance(found, Place):
                pair = self.graphs[found.direction].root(found.baseline, found.live, found.pointer)
                compared.places[found.direction].append((found.name, pair))
            else:
                compared.remarks.append(found)
        compared.remarks += self._words(before.at, now.at, "callbacks")
        return compared

    def _documents(self) -> Iterator[Break]:
        for remark in self._words(self.baseline.document.root, self.live.document.root, "webhooks"):
            yield remark.told(None, None)

    def _words(self, before: At, now: At, keyword: str) -> Iterator[Remark]:
        """Calls the other way round, where the client is the server: compared by their words only."""
        old, new = before.child(keyword), now.child(keyword)
        if old is None or (new is not None and self._are_the_same(old, new)):
            return
        side, at = (Side.LIVE, new.pointer) if new is not None else (Side.BASELINE, old.pointer)
        yield Remark(Kind.NOT_COMPARED, side, at, f"the {keyword} differ: not compared", Severity.WARNING)

    def _are_the_same(self, before: At, now: At) -> bool:
        meaning = self.sameness.of_names(self.baseline.document, before)
        return meaning is not None and meaning == self.sameness.of_names(self.live.document, now)


def _operation_id(before: At, now: At) -> Iterator[Remark]:
    old, new = before.text("operationId"), now.text("operationId")
    if old is not None and old != new:
        text = f"the operationId {shown(old)} is " + (f"{shown(new)} now" if new is not None else "gone")
        pointer = now.below("operationId") if new is not None else now.pointer
        yield Remark(Kind.OPERATION_ID, Side.LIVE, pointer, f"{text}: generated code changes", Severity.INFO)
