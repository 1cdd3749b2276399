"""Reads a service of a Render Blueprint. Source: Render documentation, "Blueprint YAML Reference"."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from msgspec import Struct

from sesgate.access.local.nodes import Node, Scalar, Table
from sesgate.evidence.environment.documents import (
    at,
    beside,
    listed,
    mappings,
    says_true,
    shown,
    tables_of,
    within,
    wrong,
    yaml_files,
)
from sesgate.evidence.environment.found import Reading, Reference, Start, Variable
from sesgate.evidence.environment.image_variables import image_variables
from sesgate.evidence.environment.reach import Reach

STORE = "render"
DEFAULT_PORT = "10000"
_SECRET_PROPERTIES = frozenset({"connectionString", "password"})
_SET_BY_RENDER = (
    *("IS_PULL_REQUEST", "RENDER_CPU_COUNT", "RENDER_DISCOVERY_SERVICE", "RENDER_EXTERNAL_HOSTNAME"),
    *("RENDER_EXTERNAL_URL", "RENDER_GIT_BRANCH", "RENDER_GIT_COMMIT", "RENDER_GIT_REPO_SLUG"),
    *(
        "RENDER_INSTANCE_ID",
        "RENDER_SERVICE_ID",
        "RENDER_SERVICE_NAME",
        "RENDER_SERVICE_TYPE",
        "RENDER_WEB_CONCURRENCY",
    ),
)
_WITHOUT_PRE_DEPLOY = frozenset({"cron", "keyvalue", "redis"})


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is `{"file", "service"}`; the service may be left out where the file has only one."""
    path = spec["file"]
    blueprint = _Blueprint(path, yaml_files(path, reach)[0])
    service = blueprint.service(spec.get("service"))
    place = f"{shown(path)}, service {shown(service.text('name') or '')}"
    variables, unseen = blueprint.variables(service)
    start = _start(service, path, place)
    return Reading(place, {**image_variables(start, reach), **variables}, _injected(service), (start,), tuple(unseen))


def names(path: str, reach: Reach) -> list[str]:
    """The services of a file that have a name. Raises NotSeen."""
    return _Blueprint(path, yaml_files(path, reach)[0]).names()


class _Blueprint(Struct, frozen=True):
    """The file. Services, databases and groups may stand at its root, in a project, or in an environment of one."""

    path: str
    root: Table

    def _all(self, key: str) -> Iterator[Table]:
        for part in self._parts():
            yield from tables_of(part.get(key))

    def _parts(self) -> Iterator[Table]:
        yield self.root
        ungrouped = self.root.table("ungrouped")
        if ungrouped is not None:
            yield ungrouped
        for project in tables_of(self.root.get("projects")):
            yield project
            yield from tables_of(project.get("environments"))

    def names(self) -> list[str]:
        return [name for each in self._all("services") if (name := each.text("name"))]

    def service(self, wanted: str | None) -> Table:
        services = [each for each in self._all("services") if each.text("name")]
        names = self.names()
        if not services:
            raise wrong(self.path, self.root.place.line, "services: a list of services with their names is expected")
        if wanted is None and len(names) > 1:
            raise wrong(self.path, None, f"name one of its services as service: {listed(names)}")
        if wanted is not None and wanted not in names:
            raise wrong(self.path, None, f"there is no service {shown(wanted)}; there is {listed(names)}")
        return services[0] if wanted is None else services[names.index(wanted)]

    def variables(self, service: Table) -> tuple[dict[str, Variable], list[str]]:
        """A service's own variables win over those of its groups."""
        own: dict[str, Variable] = {}
        of_groups: dict[str, Variable] = {}
        unseen: list[str] = []
        for entry in mappings(service, "envVars", self.path):
            group = entry.text("fromGroup")
            if group is not None:
                found = self._group(group)
                if found is None:
                    unseen.append(f"{at(self.path, entry.place.line)}: the group {shown(group)} is not in this file")
                for name, variable in (found or {}).items():
                    of_groups[name] = _either(of_groups[name], variable) if name in of_groups else variable
            else:
                own.update(self._written(entry))
        return {**of_groups, **own}, unseen

    def _group(self, name: str) -> dict[str, Variable] | None:
        group = next((each for each in self._all("envVarGroups") if each.text("name") == name), None)
        if group is None:
            return None
        found: dict[str, Variable] = {}
        for entry in mappings(group, "envVars", self.path):
            found.update(self._written(entry))
        return found

    def _written(self, entry: Table, *, follows: bool = True) -> dict[str, Variable]:
        """One entry of `envVars`."""
        name, line = entry.text("key"), entry.place.line
        if name is None:
            raise wrong(self.path, line, "envVars: a key is expected, or fromGroup")
        variable = Variable(name, at(self.path, line), line=line)
        value, database, other = entry.get("value"), entry.table("fromDatabase"), entry.table("fromService")
        if isinstance(value, Scalar) and value.value is not None:
            return {name: replace(variable, value=str(value.value))}
        if says_true(entry.get("generateValue")):
            return {name: _stored(variable, "a generated value", secret=True, exists=True)}
        if database is not None:
            return {name: _stored(variable, *self._of_database(database))}
        if other is not None:
            return {name: self._of_service(variable, other, follows=follows)}
        # sync: false, or nothing at all: a person writes it in the dashboard.
        return {name: _stored(variable, "the Render dashboard", secret=True, exists=None)}

    def _of_database(self, table: Table) -> tuple[str, bool, bool]:
        database, part = table.text("name") or "", table.text("property") or "connectionString"
        exists = any(each.text("name") == database for each in self._all("databases"))
        return f"{part} of the database {database}", part in _SECRET_PROPERTIES, exists

    def _of_service(self, variable: Variable, table: Table, *, follows: bool) -> Variable:
        name, key = table.text("name") or "", table.text("envVarKey")
        service = next((each for each in self._all("services") if each.text("name") == name), None)
        if key is None:
            part = table.text("property") or "host"
            stored = f"{part} of the service {name}"
            return _stored(variable, stored, part in _SECRET_PROPERTIES, exists=service is not None)
        entries = tables_of(service.get("envVars")) if service is not None and follows else iter(())
        entry = next((each for each in entries if each.text("key") == key), None)
        if entry is None:
            return _stored(variable, f"{key} of the service {name}", secret=True, exists=None)
        found = self._written(entry, follows=False)[key]
        return replace(variable, value=found.value, reference=found.reference, unreadable=found.unreadable)


def _stored(variable: Variable, name: str, secret: bool, exists: bool | None) -> Variable:
    return replace(variable, reference=Reference(STORE, name, secret=secret, exists=exists))


def _either(one: Variable, other: Variable) -> Variable:
    """A name that two groups define: which of them wins, a Blueprint does not say."""
    if (one.value, one.reference) == (other.value, other.reference):
        return one
    return Variable(one.name, other.place, unreadable=f"two groups define it: {one.place} and {other.place}")


def _runtime(service: Table) -> str:
    return service.text("runtime") or service.text("env") or ""


def _injected(service: Table) -> Mapping[str, str | None]:
    """What Render sets. Source: Render documentation, "Default Environment Variables"."""
    injected: dict[str, str | None] = {"RENDER": "true", **dict.fromkeys(_SET_BY_RENDER)}
    if service.text("type") == "web":
        injected["PORT"] = DEFAULT_PORT
    if _runtime(service) == "node":
        injected["NODE_ENV"] = "production"
    return injected


def _start(service: Table, path: str, place: str) -> Start:
    command = service.get("startCommand") or service.get("dockerCommand")
    root = beside(path, service.text("rootDir") or ".")
    is_built = _runtime(service) == "docker"
    dockerfile = within(root, service.text("dockerfilePath") or "Dockerfile") if is_built else None
    context = within(root, service.text("dockerContext") or ".") if is_built else root
    image = service.table("image")
    return Start(
        place,
        command=str(command.value) if isinstance(command, Scalar) and command.value is not None else None,
        dockerfile=dockerfile,
        release_step=service.text("type") not in _WITHOUT_PRE_DEPLOY,
        release_command=service.text("preDeployCommand"),
        line=_line(service, command),
        context=context if not image else None,
        image=image.text("url") if image else None,
        file=path,
    )


def _line(service: Table, command: Node | None) -> int:
    return command.place.line if command is not None else service.place.line
