"""Reads an ECS task definition from a JSON file: what `register-task-definition` takes, or `describe-…` prints."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from msgspec import structs

from sesgate.access.local.nodes import Entry, Listing, Node, Table, to_json
from sesgate.evidence.environment.documents import at, json_file, shown, tables_of, wrong
from sesgate.evidence.environment.found import Reading, Start, Variable
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.task_definition import reading_of


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is `{"definition": FILE, "container"}`. ECS API, RegisterTaskDefinition and DescribeTaskDefinition."""
    path = spec["definition"]
    node = _definition(json_file(path, reach), path)
    definition = json.loads(to_json(node))
    reading = reading_of(definition, spec.get("container"), shown(path), reach)
    lines = dict(_lines(node, spec.get("container")))
    return structs.replace(
        reading,
        variables={name: _placed(variable, path, lines.get(name)) for name, variable in reading.variables.items()},
        starts=tuple(_located(start, node, path) for start in reading.starts),
    )


def names(path: str, reach: Reach) -> list[str]:
    """The containers of a file. Raises NotSeen."""
    definition = _definition(json_file(path, reach), path)
    return [name for each in _containers(definition) if (name := each.text("name"))]


def _definition(root: Node, path: str) -> Table:
    """The definition itself: alone, in what the AWS CLI prints around it, or as the list of its containers."""
    if isinstance(root, Listing):
        return Table((Entry("containerDefinitions", root.place, root),), root.place)
    inner = root.table("taskDefinition") if isinstance(root, Table) else None
    if inner is not None:
        return inner
    if not isinstance(root, Table):
        raise wrong(path, root.place.line, "an ECS task definition is expected, with containerDefinitions")
    return root


def _containers(definition: Table) -> Iterator[Table]:
    return tables_of(definition.get("containerDefinitions"))


def _lines(definition: Table, wanted: str | None) -> Iterator[tuple[str, int]]:
    """Where each variable of the container stands."""
    for container in _containers(definition):
        if wanted is None or container.text("name") == wanted:
            for key in ("environment", "secrets"):
                for entry in tables_of(container.get(key)):
                    yield entry.text("name") or "", entry.place.line


def _placed(variable: Variable, path: str, line: int | None) -> Variable:
    return replace(variable, place=at(path, line), line=line)


def _located(start: Start, definition: Table, path: str) -> Start:
    for container in _containers(definition):
        if start.place.endswith(f"container {shown(container.text('name') or '')}"):
            keys = [entry.place.line for entry in container.entries if entry.key in ("command", "entryPoint")]
            return replace(start, file=path, line=min(keys, default=container.place.line))
    return replace(start, file=path)
