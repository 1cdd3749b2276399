"""YAML as nodes, within the bounds that the gate's own reader keeps. Plain scalars stay the text they are."""

from yaml import MappingNode, ScalarNode, SequenceNode
from yaml import Node as YamlNode

from sesgate.access.local.nodes import Entry, Listing, Node, Place, Scalar, Table, Unreadable
from sesgate.gate.composing import PLAIN, QUOTED, UNTAGGED, compose, compose_all
from sesgate.gate.problems import GateError

_UNTAGGED = frozenset({PLAIN, QUOTED, UNTAGGED})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


def yaml_nodes(text: str) -> Node:
    """The document's tree. Raises Unreadable, with the place.

    A version written 2012-10-17 without quotes is text here, and so is an account id: that is how CloudFormation reads
    them.
    """
    try:
        root = compose(text, "")
    except GateError as error:
        raise _unreadable(error) from None
    if root is None:
        raise Unreadable("it is empty")
    return _node(root)


def yaml_documents(text: str) -> list[Node]:
    """The trees of all documents, as `yaml_nodes` reads one. Raises Unreadable, with the place."""
    try:
        roots = compose_all(text, "")
    except GateError as error:
        raise _unreadable(error) from None
    return [_node(root) for root in roots]


def _unreadable(error: GateError) -> Unreadable:
    problem = error.problems[0]
    message = problem.message.replace("a gate is one YAML document", "one YAML document is expected")
    hint = f" ({problem.hint})" if problem.hint else ""
    return Unreadable(message + hint, Place(problem.line or 1, problem.column or 1))


def _node(node: YamlNode) -> Node:
    place = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    tag = "" if node.tag in _UNTAGGED or not node.tag.startswith("!") else node.tag
    if isinstance(node, ScalarNode):
        is_plain = node.tag == PLAIN
        return Scalar(None if is_plain and node.value in _NULL else node.value, place, tag, is_plain)
    if isinstance(node, SequenceNode):
        return Listing(tuple(_node(child) for child in node.value), place, tag)
    assert isinstance(node, MappingNode)
    return Table(tuple(_pairs(node)), place, tag)


def _pairs(node: MappingNode) -> list[Entry]:
    """Its own pairs, and those that it merges and has not itself; of several sources the first counts."""
    entries: list[Entry] = []
    merged: list[Entry] = []
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            mark = key.start_mark
            raise Unreadable("a key is expected to be text", Place(mark.line + 1, mark.column + 1))
        if key.value == "<<" and key.tag == PLAIN:
            sources = value.value if isinstance(value, SequenceNode) else [value]
            for source in sources:
                merged += _pairs(source) if isinstance(source, MappingNode) else []
        else:
            entries.append(Entry(key.value, Place(key.start_mark.line + 1, key.start_mark.column + 1), _node(value)))
    taken = {entry.key for entry in entries}
    for entry in merged:
        if entry.key not in taken:
            taken.add(entry.key)
            entries.append(entry)
    return entries
