"""A Compose project: the service that is wanted, with what it extends and what an override file changes."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from sesgate.access.local.nodes import Listing, Node, Scalar, Table, items_of
from sesgate.evidence.environment import dotenv
from sesgate.evidence.environment.compose_interpolation import Filled, Lookup, NotFilled, interpolate
from sesgate.evidence.environment.documents import at, beside, listed, shown, wrong, yaml_files
from sesgate.evidence.environment.reach import Reach

DEEPEST = 20
"""How far `extends` is followed."""
_DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""Where Compose finds one of these by itself, it takes an override file as well."""


class Layer(Struct, frozen=True):
    """A service as one file has it. Later layers win over earlier ones."""

    file: str
    table: Table


@dataclass(slots=True)
class Project:
    """A Compose file, those beside it, and the variables that are filled in."""

    file: str
    reach: Reach
    unseen: list[str] = field(default_factory=list)
    _variables: Mapping[str, str] | None = None
    _files: dict[str, list[Table]] = field(default_factory=dict)

    def lookup(self, name: str) -> str | None:
        """A variable of the shell, or of the .env file beside the Compose file: in this order Compose looks."""
        if self._variables is None:
            self._variables = self._variables_of(beside(self.file, ".env"))
        return self.reach.environ.get(name, self._variables.get(name))

    def _variables_of(self, path: str) -> dict[str, str]:
        """The variables of a .env file, filled; none where it does not exist."""
        found: dict[str, str] = {}
        for name, value, _ in self.env_lines(path, self.reach.file(path) or "", found.get):
            if value is not None:
                found[name] = value.text
        return found

    def env_lines(self, path: str, text: str, others: Lookup) -> Iterator[tuple[str, Filled | None, int]]:
        """Name, value and line of each variable; the shell fills first, then `others`. None: the name stands alone."""
        environ = self.reach.environ

        def known(name: str) -> str | None:
            return environ[name] if name in environ else others(name)

        for line in dotenv.lines(path, text):
            if line.name is None:
                self.unseen += dotenv.bad_lines(path, [line.number])
            elif line.value is None:
                yield line.name, None, line.number
            elif line.quote == "'":
                yield line.name, Filled(line.value), line.number
            else:
                value = line.value.replace("\\$", "$$") if line.quote else line.value
                try:
                    yield line.name, interpolate(value, known), line.number
                except NotFilled as refused:
                    self.unseen.append(f"{at(path, line.number)}: {refused}")

    def filled(self, text: str, file: str, line: int) -> Filled:
        """A value of a Compose file. Raises NotSeen where Compose would refuse it."""
        try:
            return interpolate(text, self.lookup)
        except NotFilled as refused:
            raise wrong(file, line, str(refused)) from None

    def text(self, node: Node | None, file: str) -> str | None:
        """A scalar's text, filled; None for another kind of value."""
        if not isinstance(node, Scalar) or node.value is None:
            return None
        return self.filled(str(node.value), file, node.place.line).text

    def command(self, node: Node | None, file: str) -> str | None:
        """A command's text: what the shell that deploys gives, and nobody sees here, keeps its `${NAME}`."""
        if not isinstance(node, Scalar) or node.value is None:
            return None
        text, line = str(node.value), node.place.line
        missing = self.filled(text, file, line).missing
        if not missing:
            return self.text(node, file)
        return interpolate(text, lambda name: f"${{{name}}}" if name in missing else self.lookup(name)).text

    def layers(self, service: str | None) -> tuple[str, list[Layer]]:
        """The service's name and its layers, the weakest first. Raises NotSeen where there is no such service."""
        files = [self.file, *self._override()]
        name = service if service is not None else self._only(files)
        layers = [layer for file in files for layer in self._extended(file, name, ())]
        if not layers:
            layers = list(self._included(self.file, name, {self.file}))
        if not layers:
            raise wrong(self.file, None, f"there is no service {shown(name)}; there is {listed(self._names(files))}")
        return name, layers

    def names(self) -> list[str]:
        """All services of the file and of its override."""
        return self._names([self.file, *self._override()])

    def declared_secrets(self) -> frozenset[str]:
        """The names of the project's secrets."""
        documents = [document for file in [self.file, *self._override()] for document in self._documents(file)]
        tables = [document.table("secrets") for document in documents]
        return frozenset(name for table in tables if table for name in table.names())

    def _override(self) -> list[str]:
        """`compose.override.yaml` beside a `compose.yaml`: `docker compose up` takes it without being told."""
        folder, name = posixpath.split(self.file)
        if name not in _DEFAULT_NAMES:
            return []
        stem = name.rpartition(".")[0]
        paths = (posixpath.join(folder, f"{stem}.override.{ending}") for ending in ("yaml", "yml"))
        return [path for path in paths if self.reach.file(path) is not None][:1]

    def _names(self, files: list[str]) -> list[str]:
        services = [each for file in files for each in self._services(file)]
        return list(
            dict.fromkeys(entry.key for each in services for entry in each.entries if isinstance(entry.value, Table))
        )

    def _only(self, files: list[str]) -> str:
        """The one service that runs without a profile."""
        names = self._names(files)
        plain = [name for name in names if not any(self._has_profile(file, name) for file in files)]
        chosen = plain or names
        if len(chosen) != 1:
            raise wrong(self.file, None, f"name one of its services as service: {listed(names)}")
        return chosen[0]

    def _has_profile(self, file: str, name: str) -> bool:
        found = [service for each in self._services(file) if (service := each.table(name))]
        return any(items_of(service.get("profiles")) for service in found)

    def _extended(self, file: str, name: str, way: tuple[tuple[str, str], ...]) -> Iterator[Layer]:
        """What a service extends, then what it says itself. Compose Specification, "extends"."""
        for services in self._services(file):
            table = services.table(name)
            if table is not None:
                yield from self._with_base(file, name, table, way)

    def _with_base(self, file: str, name: str, table: Table, way: tuple[tuple[str, str], ...]) -> Iterator[Layer]:
        line = table.place.line
        if (file, name) in way:
            raise wrong(file, line, f"the service {shown(name)} extends itself")
        if len(way) > DEEPEST:
            raise wrong(file, line, f"extends goes deeper than {DEEPEST} levels")
        base = self._base(table, file)
        if base is not None:
            layers = list(self._extended(*base, (*way, (file, name))))
            if not layers:
                raise wrong(file, line, f"{shown(name)} extends {shown(base[1])}, which is not in {shown(base[0])}")
            yield from layers
        yield Layer(file, table)

    def _base(self, table: Table, file: str) -> tuple[str, str] | None:
        extends = table.get("extends")
        if isinstance(extends, Scalar):
            name = self.text(extends, file)
            return None if name is None else (file, name)
        if not isinstance(extends, Table):
            return None
        name, other = self.text(extends.get("service"), file), self.text(extends.get("file"), file)
        if name is None:
            raise wrong(file, extends.place.line, "extends: the name of a service is expected as service")
        return (file if other is None else beside(file, other)), name

    def _included(self, file: str, name: str, seen: set[str]) -> Iterator[Layer]:
        """A service of a file that this one includes. Compose Specification, "Include"."""
        for item in [item for each in self._documents(file) for item in items_of(each.get("include"))]:
            paths = items_of(item.get("path")) if isinstance(item, Table) else (item,)
            written = [self.text(path, file) for path in paths]
            others = [other for other in (beside(file, path) for path in written if path) if other not in seen]
            seen.update(others)
            found = [layer for other in others for layer in self._extended(other, name, ())]
            if not found:
                found = [layer for other in others for layer in self._included(other, name, seen)]
            if found:
                yield from found
                return

    def _services(self, file: str) -> Iterator[Table]:
        """The services of each document of a file: the later ones change what the earlier ones say."""
        for document in self._documents(file):
            services = document.get("services")
            if services is None:
                continue
            if not isinstance(services, Table):
                raise wrong(file, services.place.line, "services: a mapping of services is expected")
            for entry in services.entries:
                if isinstance(entry.value, Listing) or (
                    isinstance(entry.value, Scalar) and entry.value.value is not None
                ):
                    raise wrong(file, entry.place.line, f"services.{shown(entry.key)}: a mapping is expected")
            yield services

    def _documents(self, file: str) -> list[Table]:
        if file not in self._files:
            self._files[file] = yaml_files(file, self.reach)
        return self._files[file]
