"""From nodes to values: duplicate keys, merge keys, tags and `${VAR}`, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from sesgate.gate.composing import PLAIN, QUOTED, UNTAGGED
from sesgate.gate.masking import KeyPath, Mask, mask, masked
from sesgate.gate.problems import Problem, quoted
from sesgate.gate.substitution import fill
from sesgate.gate.yaml12 import Scalar, boolean
from sesgate.secrets import is_secret_name

_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset({PLAIN, *(_CORE + kind for kind in ("int", "float", "bool", "null"))})
_QUOTED_TAGS = frozenset({QUOTED, _CORE + "str"})
_MAPPING_TAGS = frozenset({UNTAGGED, _CORE + "map"})
_LIST_TAGS = frozenset({UNTAGGED, _CORE + "seq"})


class Place(NamedTuple):
    """A place in the file. Both count from 1."""

    line: int
    column: int


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _is_blank(node: Node) -> bool:
    """True where nothing is written. libyaml and PyYAML differ about where nothing stands: its key stands firm."""
    return node.tag == PLAIN and node.value == ""


class _Pair(NamedTuple):
    key: Node
    value: Node


@dataclass(slots=True)
class Tree:
    """The values of a gate file, and what is known of each: `value` is made of dicts, lists and scalars."""

    file: str
    environ: Mapping[str, str]
    stand_in: bool = False
    value: Any = None
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    """Where the key of each value in a mapping stands."""
    values: dict[KeyPath, Place] = field(default_factory=dict)
    """Where each value begins."""
    problems: list[Problem] = field(default_factory=list)
    broken: set[KeyPath] = field(default_factory=set)
    """Values that a problem was found with already."""
    shown: dict[str, str] = field(default_factory=dict)
    """Variables that were filled in where they may be shown."""
    hidden: set[str] = field(default_factory=set)
    """What was filled in where it is secret, and secrets that stand in the file."""
    masks: list[Mask] = field(default_factory=list)
    """What is recorded in place of these."""
    _source: str = field(default="", repr=False)

    def build(self, root: Node, source: str) -> None:
        """Reads all values below the root. `source` is the text that it was composed of."""
        self._source = source
        self.value = self._value(root, (), hidden=False)

    def secrets(self) -> frozenset[str]:
        """All that is secret and was filled in, or stands there. A variable that is also used in the open is none."""
        return frozenset(self.hidden - set(self.shown.values()) - {""})

    def _value(self, node: Node, path: KeyPath, *, hidden: bool) -> Any:
        self.values[path] = self.keys.get(path, _place(node)) if _is_blank(node) else _place(node)
        hidden = hidden or path == ("api",)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path, hidden=hidden)
        if isinstance(node, SequenceNode):
            self._accept_tag(node, _LIST_TAGS, path)
            return [self._value(child, (*path, at), hidden=hidden) for at, child in enumerate(node.value)]
        return self._mapping(node, path, hidden=hidden)

    def _mapping(self, node: Node, path: KeyPath, *, hidden: bool) -> dict[str, Any]:
        self._accept_tag(node, _MAPPING_TAGS, path)
        pairs = self._pairs(node)
        hidden = hidden or _is_rule_of_a_secret(path, pairs)
        mapping = {}
        for name, (key, value) in pairs.items():
            below = (*path, name)
            self.keys[below] = _place(key)
            mapping[name] = self._value(value, below, hidden=hidden)
        return mapping

    def _scalar(self, node: ScalarNode, path: KeyPath, *, hidden: bool) -> Scalar:
        self._accept_tag(node, _PLAIN_TAGS | _QUOTED_TAGS, path)
        plain = node.tag in _PLAIN_TAGS
        told = masked(node.value, path) if hidden else node.value
        if told != node.value:
            self.masks.append(mask(node, self._source, told))
        if "${" not in node.value:
            self.hidden |= {node.value, *node.value.split()[-1:]} if told != node.value else set()
            return Scalar.literal(node.value, plain=plain, told=told)
        filling = fill(node.value, self.environ, stand_in=self.stand_in and hidden)
        for wrong in filling.wrong:
            self._problem(node, wrong.message, wrong.hint, path=path)
        if hidden:
            self.hidden |= filling.values
        else:
            self.shown |= filling.used
        written = told if filling.values else None
        return Scalar.of(filling.text, plain=plain, written=written, hidden=hidden)

    def _pairs(self, node: Node) -> dict[str, _Pair]:
        """The pairs of a mapping by key: its own, then those that it merges and has not itself."""
        pairs: dict[str, _Pair] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._problem(key, "a key is expected to be text")
            elif key.value in pairs:
                first = f"first in line {_place(pairs[key.value].key).line}"
                self._problem(key, f"the key {quoted(key.value)} stands here twice", first)
            else:
                pairs[key.value] = _Pair(key, value)
        merge = pairs.get("<<")
        if merge is not None and merge.key.tag == PLAIN:
            del pairs["<<"]
            for source in self._merge_sources(merge.value):
                pairs = {**self._pairs(source), **pairs}
        return pairs

    def _merge_sources(self, merged: Node) -> Iterator[MappingNode]:
        """What a merge key names; the first of several wins, and nothing wins over the mapping's own keys."""
        for source in merged.value if isinstance(merged, SequenceNode) else [merged]:
            if isinstance(source, MappingNode):
                yield source
            else:
                self._problem(source, "<< merges a mapping, or a list of mappings")

    def _accept_tag(self, node: Node, tags: frozenset[str], path: KeyPath) -> None:
        if node.tag not in tags:
            tag = quoted(node.tag.replace(_CORE, "!!"))
            self._problem(node, f"the tag {tag} is not one that this value can have", "leave it out", path=path)

    def _problem(self, node: Node, message: str, hint: str | None = None, *, path: KeyPath | None = None) -> None:
        self.problems.append(Problem(self.file, *_place(node), message, hint))
        if path is not None:
            self.broken.add(path)


def _is_rule_of_a_secret(path: KeyPath, pairs: Mapping[str, _Pair]) -> bool:
    """True for the rules of a variable that is secret by its rule or its name: what is filled in is secret, too."""
    if len(path) != 4 or path[0] != "services" or path[2] != "variables":
        return False
    declared = "secret" in pairs and boolean(str(pairs["secret"].value.value)) is not False
    return declared or is_secret_name(str(path[3]))
