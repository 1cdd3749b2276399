"""Files that describe services, as trees with line numbers; what is wrong in one is told with file and line."""

import posixpath
import re
from collections.abc import Iterator

from sesgate.access.local.json_nodes import json_nodes
from sesgate.access.local.nodes import Listing, Node, Scalar, Table, Unreadable
from sesgate.access.local.yaml_nodes import yaml_documents
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import Failure, FailureKind, NotSeen

LONGEST = 2 * 1024 * 1024
"""Characters. A manifest of a whole cluster has some hundred thousand."""
_LONGEST_NAME = 200
_TEMPLATE = re.compile(r"\{\{-? ?[\w.$]")
"""Helm's and Jinja's expressions, which no YAML holds without quotes."""


def text_of_file(path: str, reach: Reach) -> str:
    """A file's text. Raises NotSeen where there is no such file, or it is no file that a person wrote."""
    text = reach.file(path)
    if text is None:
        raise NotSeen(Failure(FailureKind.UNREACHABLE, f"there is no file {shown(path)}"))
    if len(text) > LONGEST:
        raise wrong(path, None, f"it is longer than {LONGEST} characters")
    return text.removeprefix("\ufeff")


def yaml_files(path: str, reach: Reach) -> list[Table]:
    """The mappings among a file's YAML documents. Raises NotSeen where it is not YAML, or holds none."""
    text = text_of_file(path, reach)
    try:
        roots = yaml_documents(text)
    except Unreadable as unreadable:
        hint = "; it looks like a template: render it first (helm template)" if _TEMPLATE.search(text) else ""
        raise wrong(path, unreadable.place.line, f"{unreadable}{hint}") from None
    tables = [root for root in roots if isinstance(root, Table)]
    if not tables:
        raise wrong(path, roots[0].place.line if roots else None, "a mapping is expected")
    return tables


def json_file(path: str, reach: Reach) -> Node:
    """The tree of a JSON file. Raises NotSeen where it is none."""
    text = text_of_file(path, reach)
    try:
        return json_nodes(text)
    except Unreadable as unreadable:
        raise wrong(path, unreadable.place.line, str(unreadable)) from None


def wrong(path: str, line: int | None, message: str) -> NotSeen:
    """`compose.yaml:14: a list of services is expected`, as the reason why nothing was seen."""
    return NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, f"{at(path, line)}: {message}"))


def at(path: str, line: int | None) -> str:
    """`compose.yaml:14`."""
    return shown(path) if line is None else f"{shown(path)}:{line}"


def shown(text: str) -> str:
    """A name out of a file, in one line of bounded length."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME]}…"


def listed(names: list[str]) -> str:
    """At most ten names, and how many more there are."""
    more = [f"{len(names) - 10} more"] if len(names) > 10 else []
    return ", ".join([*map(shown, names[:10]), *more]) or "none"


def beside(path: str, relative: str) -> str:
    """A path that a file writes, which starts from that file's folder, as the gate would write it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def within(folder: str, path: str) -> str:
    """A path below a folder, unless it is absolute or leads out."""
    return posixpath.normpath(posixpath.join(folder, path))


def tables_of(node: Node | None) -> Iterator[Table]:
    """The mappings of a list."""
    for item in node.items if isinstance(node, Listing) else ():
        if isinstance(item, Table):
            yield item


def mappings(table: Table, key: str, path: str) -> list[Table]:
    """The mappings of a list; none where the key is not there. Raises NotSeen for anything else."""
    node = table.get(key)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return []
    found = list(tables_of(node))
    if not isinstance(node, Listing) or len(found) != len(node.items):
        raise wrong(path, node.place.line, f"{key}: a list of mappings is expected")
    return found


def words_of(node: Node | None) -> tuple[str, ...] | None:
    """A list of words; None where it is none."""
    if not isinstance(node, Listing):
        return None
    return tuple(str(item.value) for item in node.items if isinstance(item, Scalar) and item.value is not None)


def says_true(node: Node | None) -> bool:
    """Whether a value is `true`."""
    return isinstance(node, Scalar) and (node.value is True or (node.plain and str(node.value).lower() == "true"))
