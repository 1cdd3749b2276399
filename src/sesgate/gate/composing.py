"""From the text of a gate file to PyYAML's nodes, within bounds that no gate comes near."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError
from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from sesgate.gate.problems import GateError, Problem

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml: slower, and the same otherwise
    CParser = None  # type: ignore[assignment, misc]

MOST_VALUES = 50_000
DEEPEST = 60
PLAIN = "plain"
QUOTED = "quoted"
UNTAGGED = "untagged"
BYTE_ORDER_MARK = "\ufeff"


class _Extent(NamedTuple):
    """How much a node is once its aliases are unfolded."""

    values: int
    depth: int


class _PythonEvents(Reader, Scanner, Parser):
    """PyYAML's own parser, without libyaml."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


class _Composer(Composer, BaseResolver):
    """Composes nodes, and counts as it goes: PyYAML itself follows any depth, and shares the nodes of aliases.

    The tag of a node without one says how it was written: PLAIN or QUOTED.
    """

    def __init__(self, events: Any, path: str) -> None:
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.check_event = events.check_event
        self.peek_event = events.peek_event
        self.get_event = events.get_event
        self._path = path
        self._depth = 0
        self._values = 0
        self._extents: dict[Node, _Extent] = {}

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:  # noqa: ARG002 - PyYAML calls it so
        if kind is ScalarNode:
            return PLAIN if implicit[0] else QUOTED
        return UNTAGGED

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        self._depth += 1
        event = self.peek_event()
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._refusal(event.start_mark, f"more than {MOST_VALUES} values")
        if self._depth > DEEPEST:
            raise self._refusal(event.start_mark, f"nested deeper than {DEEPEST} levels")
        node = super().compose_node(parent, index)
        self._depth -= 1
        if node is not None and isinstance(event, AliasEvent):
            if node not in self._extents:
                raise self._refusal(event.start_mark, f"the alias *{event.anchor} holds itself")
        elif node is not None:
            self._extents[node] = self._extent(node)
        return node

    def _extent(self, node: Node) -> _Extent:
        start = node.start_mark
        extents = [self._extents[child] for child in _children(node)]
        extent = _Extent(
            1 + sum(each.values for each in extents),
            1 + max((each.depth for each in extents), default=0),
        )
        if extent.values > MOST_VALUES:
            raise self._refusal(start, f"more than {MOST_VALUES} values, with aliases unfolded")
        if extent.depth > DEEPEST:
            raise self._refusal(start, f"nested deeper than {DEEPEST} levels, with aliases unfolded")
        return extent

    def _refusal(self, mark: Any, message: str) -> GateError:
        return GateError([Problem(self._path, mark.line + 1, mark.column + 1, message)])


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def compose(text: str, path: str) -> Node | None:
    """The root node of the only document, None where there is none. Raises GateError, with `path` in its problems."""
    root: Node | None = _composed(text, path, _Composer.get_single_node)
    return root


def compose_all(text: str, path: str) -> list[Node]:
    """The root nodes of all documents; the bounds hold for them together. Raises GateError, as `compose` does."""
    roots: list[Node] = _composed(text, path, _all_nodes)
    return roots


def _all_nodes(composer: _Composer) -> list[Node]:
    roots = []
    while composer.check_node():
        roots.append(composer.get_node())
    return [root for root in roots if root is not None]


def _composed(text: str, path: str, take: Callable[[_Composer], Any]) -> Any:
    """libyaml is fast, PyYAML's own parser says more of errors: what libyaml refuses is read again for the message."""
    wrong = _not_yaml(text)
    if wrong is not None:
        line = text.count("\n", 0, wrong) + 1
        column = wrong - text.rfind("\n", 0, wrong)
        raise GateError([Problem(path, line, column, f"the character U+{ord(text[wrong]):04X} can't stand in YAML")])
    refusals: list[YAMLError] = []
    for parser in filter(None, (CParser, _PythonEvents)):
        try:
            taken = take(_Composer(parser(text), path))
        except YAMLError as error:
            refusals.append(error)
        else:
            if not refusals:
                return taken
    raise GateError([_problem(refusals[-1], text, path)])


def _not_yaml(text: str) -> int | None:
    """Where the first character stands that YAML can't hold, or a byte order mark within the text."""
    control = Reader.NON_PRINTABLE.search(text)
    found = [at for at in (control.start() if control else -1, text.find(BYTE_ORDER_MARK)) if at >= 0]
    return min(found, default=None)


def _problem(error: YAMLError, text: str, path: str) -> Problem:
    """The parser's message as one plain sentence."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(path, None, None, f"not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark
    begun = error.context_mark
    since = f" from line {begun.line + 1}" if error.context and begun and begun.line != mark.line else ""
    said = ", ".join(part for part in (error.context and error.context + since, error.problem) if part)
    if error.context == "expected a single document in the stream":
        message = "a gate is one YAML document, and another one begins here"
    else:
        message = f"not YAML: {said}"
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    return Problem(path, mark.line + 1, mark.column + 1, message, _hint(said, line, mark.column))


def _hint(said: str, line: str, column: int) -> str | None:
    """What most often lies behind a parser's message."""
    if "\t" in line[: column + 1]:
        return "YAML takes no tabs for indentation: use spaces"
    if "alias" in said or line[column : column + 1] == "*":
        return "a value that begins with * wants quotes"
    if "${" in line and re.search(r"[{\[].*\$\{", line):
        return "inside braces or brackets, ${…} wants quotes"
    if line[column : column + 1] in ("@", "`", "%"):
        return f"a value that begins with {line[column]} wants quotes"
    if "mapping values are not allowed" in said:
        return "a value that holds ': ' wants quotes"
    return None
