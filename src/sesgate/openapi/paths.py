"""Where operations stand: paths with the base path of their servers, templates by the place of their parameters."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from sesgate.openapi.document import At, Document

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Of OpenAPI 3.0 and 3.1, and `query` of 3.2."""

_VARIABLE = re.compile(r"\{([^{}/]*)\}")
_MAX_BASES = 16


class Operation(Struct, frozen=True):
    """An operation. `route` is its path with the names of its parameters left out; `bases` are the server's paths."""

    path: str
    method: str
    route: str
    bases: tuple[str, ...]
    at: At
    item: At

    @property
    def routes(self) -> tuple[str, ...]:
        """The full routes, one for each base."""
        return tuple(base + self.route for base in self.bases)


class PathItem(Struct, frozen=True):
    """A path. `item` is None where its reference could not be followed, which `at` then is."""

    path: str
    route: str
    bases: tuple[str, ...]
    at: At
    item: At | None
    operations: tuple[Operation, ...]


def path_items(document: Document) -> Iterator[PathItem]:
    """All paths of a document, in their order. Extensions (`x-…`) are none."""
    for path, at in document.root.members("paths"):
        if not path.startswith("/"):
            continue
        item = document.follow(at)
        route = _VARIABLE.sub("{}", path)
        operations = []
        for method in METHODS if item is not None else ():
            operation = item.child(method) if item is not None else None
            if item is not None and operation is not None and isinstance(operation.value, Mapping):
                bases = _bases(operation, item, document.root)
                operations.append(Operation(path, method.upper(), route, bases, operation, item))
        bases = _bases(item or at, document.root)
        yield PathItem(path, route, bases, at, item, tuple(operations))


def template_positions(path: str) -> dict[str, int]:
    """The place of each parameter in a path template: `/a/{x}/{y}` has x at 0 and y at 1."""
    return {name: index for index, name in reversed(list(enumerate(_VARIABLE.findall(path))))}


def _bases(*levels: At) -> tuple[str, ...]:
    """The base paths of the servers: those of the innermost level that names any. OpenAPI 3.0.3, "Server Object"."""
    for level in levels:
        found = list(_paths_of_servers(level.elements("servers")))
        if found:
            return tuple(dict.fromkeys(found))
    return ("",)


def _paths_of_servers(servers: Iterable[At]) -> Iterator[str]:
    for count, server in enumerate(servers):
        url = server.text("url")
        if url is None or count >= _MAX_BASES:
            continue
        for name, variable in server.members("variables"):
            url = url.replace(f"{{{name}}}", variable.text("default") or f"{{{name}}}")
        try:
            path = urlsplit(url).path
        except ValueError:
            path = ""
        path = path.rstrip("/")
        yield path if not path or path.startswith("/") else f"/{path}"
