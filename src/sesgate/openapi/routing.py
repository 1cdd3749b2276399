"""Which live operation answers where one of the baseline did."""

from collections.abc import Iterator

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.openapi.breaks import Break, Kind, Remark, Side, shown
from sesgate.openapi.document import Document
from sesgate.openapi.paths import Operation, PathItem, path_items


class Match(Struct, frozen=True):
    """An operation of the baseline and the one that answers in its place."""

    baseline: Operation
    live: Operation


class Matched(Struct, frozen=True):
    """All matches, and what is gone."""

    matches: tuple[Match, ...]
    breaks: tuple[Break, ...]


class _Live:
    """The live operations by route and method, with or without the base paths."""

    def __init__(self, items: list[PathItem], *, with_bases: bool) -> None:
        self.with_bases = with_bases
        self.operations: dict[tuple[str, str], Operation] = {}
        self.items: dict[str, PathItem] = {}
        for item in items:
            for route in self._routes(item.bases, item.route):
                self.items.setdefault(route, item)
            for operation in item.operations:
                for route in self._routes(operation.bases, operation.route):
                    # An operation may have servers of its own.
                    self.items.setdefault(route, item)
                    self.operations.setdefault((route, operation.method), operation)

    def _routes(self, bases: tuple[str, ...], route: str) -> list[str]:
        return [base + route for base in bases] if self.with_bases else [route]

    def operation(self, operation: Operation) -> Operation | None:
        routes = self._routes(operation.bases, operation.route)
        return next((found for route in routes if (found := self.operations.get((route, operation.method)))), None)

    def item(self, item: PathItem) -> PathItem | None:
        bases = dict.fromkeys([*(base for each in item.operations for base in each.bases), *item.bases])
        return next((found for r in self._routes(tuple(bases), item.route) if (found := self.items.get(r))), None)


def match_operations(baseline: Document, live: Document) -> Matched:
    """Finds the live operation for each of the baseline, by full route: base path, path template, method."""
    items, live_items = list(path_items(baseline)), list(path_items(live))
    index = _Live(live_items, with_bases=True)
    breaks: list[Break] = []
    operations = [operation for item in items for operation in item.operations]
    if operations and not any(index.operation(operation) for operation in operations):
        bare = _Live(live_items, with_bases=False)
        if any(bare.operation(operation) for operation in operations):
            breaks.append(_moved(operations, live_items).told(None, None))
            index = bare
    matches = []
    for item in items:
        matches += [Match(each, found) for each in item.operations if (found := index.operation(each))]
        breaks += _gone(baseline, live, item, index)
    if index.with_bases:
        breaks += _bases_gone(matches, index)
    return Matched(tuple(matches), tuple(breaks))


def _gone(baseline: Document, live: Document, item: PathItem, index: _Live) -> Iterator[Break]:
    """What of a path nothing answers any longer."""
    if item.item is None:
        yield baseline.not_followed(item.at).told(item.path, None)
        return
    other = index.item(item)
    if other is None:
        if item.operations:
            yield Remark(Kind.PATH_REMOVED, Side.BASELINE, item.at.pointer, "the path is gone").told(item.path, None)
        return
    if other.item is None:
        yield live.not_followed(other.at).told(item.path, None)
        return
    for operation in item.operations:
        if index.operation(operation) is None:
            text = f"the method {operation.method} is gone"
            yield Remark(Kind.METHOD_REMOVED, Side.BASELINE, operation.at.pointer, text).told(
                item.path, operation.method
            )


def _moved(operations: list[Operation], items: list[PathItem]) -> Remark:
    """The same paths, all below another base path."""
    old = _listed(base for operation in operations for base in operation.bases)
    new = _listed(base for item in items for base in item.bases)
    return Remark(Kind.BASE_PATH, Side.LIVE, "/servers", f"the base path of all operations is {new} now, was {old}")


def _bases_gone(matches: list[Match], index: _Live) -> Iterator[Break]:
    """Base paths of the baseline below which the live document serves nothing."""
    served: set[str] = set()
    gone: set[str] = set()
    for match in matches:
        for base in match.baseline.bases:
            found = (base + match.baseline.route, match.baseline.method) in index.operations
            (served if found else gone).add(base)
    for base in sorted(gone - served):
        text = f"nothing is served below {shown(base or '/')} any longer"
        yield Remark(Kind.BASE_PATH, Side.BASELINE, "/servers", text, Severity.WARNING).told(None, None)


def _listed(bases: Iterator[str]) -> str:
    return " or ".join(shown(base or "/") for base in sorted(set(bases))[:6])
