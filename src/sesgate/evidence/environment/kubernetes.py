"""Reads a container of a Kubernetes manifest: its variables, and what starts with its pod."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sesgate.access.local.nodes import Scalar, Table
from sesgate.evidence.environment.documents import at, mappings, says_true, shown, words_of, wrong
from sesgate.evidence.environment.found import Reading, Reference, Start, Variable
from sesgate.evidence.environment.kubernetes_expansion import expand
from sesgate.evidence.environment.kubernetes_identity import of_the_role
from sesgate.evidence.environment.kubernetes_objects import Keeper, Manifest, Workload
from sesgate.evidence.environment.reach import Reach

_STORES = {"ConfigMap": "kubernetes-configmap", "Secret": "kubernetes-secret"}
_FROM = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))
_KEY_FROM = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))
_OF_THE_POD = ("fieldRef", "resourceFieldRef", "fileKeyRef")


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is `{"file", "container"}`; it may be left out where only one serves. Kubernetes API, Container."""
    manifest = Manifest.read(spec["file"], reach)
    workload, container = manifest.chosen(spec.get("container"))
    place = f"{shown(spec['file'])}, {shown(workload.kind)} {shown(workload.name)}"
    environment = _Environment(manifest, workload, reach.read_secrets)
    environment.take(container)
    by_role, perhaps = of_the_role(manifest, workload)
    return Reading(
        f"{place}, container {shown(container.text('name') or '')}",
        environment.variables,
        {**_injected(manifest, workload), **by_role, **environment.of_the_pod},
        tuple(_starts(workload, container, spec["file"], place)),
        tuple(environment.unseen),
        perhaps=perhaps,
    )


def names(path: str, reach: Reach) -> list[str]:
    """The containers of a manifest that serve. Raises NotSeen."""
    return Manifest.read(path, reach).serving()


@dataclass(slots=True)
class _Environment:
    """`envFrom` in its order, then `env`, which wins. Kubernetes API, EnvVar and EnvFromSource."""

    manifest: Manifest
    workload: Workload
    read_secrets: bool
    variables: dict[str, Variable] = field(default_factory=dict)
    of_the_pod: dict[str, str | None] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)

    def take(self, container: Table) -> None:
        path = self.manifest.path
        for entry in mappings(container, "envFrom", path):
            self._all_of(entry)
        for entry in mappings(container, "env", path):
            self._one(entry)

    def _all_of(self, entry: Table) -> None:
        prefix = entry.text("prefix") or ""
        for key, kind in _FROM:
            reference = entry.table(key)
            if reference is None:
                continue
            name, line = reference.text("name") or "", reference.place.line
            keeper = self.manifest.keeper(kind, name, self.workload.namespace)
            if keeper is None or not keeper.complete:
                self.unseen.append(f"{at(self.manifest.path, line)}: the {kind} {shown(name)} is not in this file")
            for each in keeper.values if keeper is not None else ():
                variable = Variable(prefix + each, at(self.manifest.path, line), line=line)
                self.variables[variable.name] = self._kept(variable, kind, name, each, keeper)

    def _one(self, entry: Table) -> None:
        name, line = entry.text("name"), entry.place.line
        if name is None:
            raise wrong(self.manifest.path, line, "env: a name is expected")
        variable = Variable(name, at(self.manifest.path, line), line=line)
        self.of_the_pod.pop(name, None)
        value, source = entry.get("value"), entry.table("valueFrom")
        if source is None:
            self.variables[name] = self._plain(variable, value)
        elif any(source.get(key) is not None for key in _OF_THE_POD):
            self.variables.pop(name, None)
            self.of_the_pod[name] = None
        else:
            self._from_key(variable, source)

    def _plain(self, variable: Variable, value: Any) -> Variable:
        if value is None:
            return replace(variable, value="")
        if not isinstance(value, Scalar):
            return replace(variable, unreadable="its value is not text")
        if value.plain and value.value is not None and not _is_text(str(value.value)):
            return replace(variable, unreadable="Kubernetes takes text only: the value wants quotes")
        text, missing = expand(str(value.value or ""), self._known)
        if missing:
            return replace(variable, unreadable=f"it holds $({shown(missing[0])}), whose value is not seen here")
        return replace(variable, value=text)

    def _known(self, name: str) -> Variable | None:
        if name in self.of_the_pod:
            return Variable(name, "")
        return self.variables.get(name)

    def _from_key(self, variable: Variable, source: Table) -> None:
        for key, kind in _KEY_FROM:
            reference = source.table(key)
            if reference is None:
                continue
            name, part = reference.text("name") or "", reference.text("key") or ""
            keeper = self.manifest.keeper(kind, name, self.workload.namespace)
            gone = keeper is not None and keeper.complete and part not in keeper.values
            if gone and says_true(reference.get("optional")):
                self.variables.pop(variable.name, None)
            else:
                self.variables[variable.name] = self._kept(variable, kind, name, part, keeper)
            return
        self.variables[variable.name] = replace(variable, unreadable="its valueFrom names nothing that is known here")

    def _kept(self, variable: Variable, kind: str, name: str, key: str, keeper: Keeper | None) -> Variable:
        """A value in a ConfigMap or Secret. A secret's own is taken with `read_secrets` alone."""
        is_secret = kind == "Secret"
        exists = None if keeper is None else (key in keeper.values or (None if not keeper.complete else False))
        reference = Reference(_STORES[kind], name, secret=is_secret, key=key, exists=exists)
        value = keeper.values.get(key) if keeper is not None else None
        return replace(variable, reference=reference, value=None if is_secret and not self.read_secrets else value)


def _is_text(plain: str) -> bool:
    """Whether YAML without quotes is text to Kubernetes, and not a number or a truth value."""
    from sesgate.gate.yaml12 import number

    return number(plain) is None and plain.lower() not in ("true", "false", "yes", "no", "on", "off", "y", "n")


def _injected(manifest: Manifest, workload: Workload) -> dict[str, str | None]:
    """What Kubernetes sets. Source: Kubernetes documentation, "Container environment" and "Service"."""
    injected: dict[str, str | None] = {
        "KUBERNETES_SERVICE_HOST": None,
        "KUBERNETES_SERVICE_PORT": None,
        "HOSTNAME": None,
    }
    links = workload.spec.get("enableServiceLinks")
    if isinstance(links, Scalar) and str(links.value).lower() == "false":
        return injected
    for service in manifest.services(workload.namespace):
        name = service.upper().replace("-", "_")
        injected |= {f"{name}_SERVICE_HOST": None, f"{name}_SERVICE_PORT": None, f"{name}_PORT": None}
    return injected


def _starts(workload: Workload, chosen: Table, path: str, place: str) -> Iterator[Start]:
    """The container, and what starts with its pod: init containers, sidecars with a command, and hooks.

    A sidecar that runs its image's own command is somebody else's program, and left out.
    """
    yield _start(chosen, "application", path, place)
    for container in workload.containers("initContainers"):
        stays = container.text("restartPolicy") == "Always"
        if not stays or _has_command(container):
            yield _start(container, "sidecar" if stays else "init container", path, place)
    for container in workload.containers():
        if container is not chosen and _has_command(container):
            yield _start(container, "sidecar", path, place)
        yield from _hooks(container, path, place)


def _has_command(container: Table) -> bool:
    return bool(words_of(container.get("command")) or words_of(container.get("args")))


def _start(container: Table, part: str, path: str, place: str) -> Start:
    lines = [entry.place.line for entry in container.entries if entry.key in ("command", "args")]
    return Start(
        f"{place}, container {shown(container.text('name') or '')}",
        words_of(container.get("command")),
        words_of(container.get("args")),
        part=part,
        line=min(lines, default=container.place.line),
        image=container.text("image"),
        file=path,
        folder=container.text("workingDir"),
    )


def _hooks(container: Table, path: str, place: str) -> Iterator[Start]:
    lifecycle = container.table("lifecycle")
    hook = lifecycle.table("postStart") if lifecycle is not None else None
    run = hook.table("exec") if hook is not None else None
    words = words_of(run.get("command")) if run is not None else None
    if run is not None and words:
        where = f"{place}, container {shown(container.text('name') or '')}"
        yield Start(where, command=words, line=run.place.line, part="hook after the start", file=path)
