"""The objects of a Kubernetes manifest: workloads with their containers, ConfigMaps, Secrets, Services."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from sesgate.access.local.nodes import Scalar, Table
from sesgate.evidence.environment.documents import listed, shown, tables_of, wrong, yaml_files
from sesgate.evidence.environment.reach import Reach

_SERVING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "Pod")
"""Kinds that run the application; a Job is done at some time."""
_TEMPLATES = (*_SERVING[:-1], "Job", "ReplicationController")


class Workload(Struct, frozen=True):
    """An object that runs pods."""

    kind: str
    name: str
    namespace: str | None
    spec: Table
    """The pod's."""

    @property
    def serves(self) -> bool:
        return self.kind in _SERVING

    def containers(self, key: str = "containers") -> list[Table]:
        """Its containers that have a name, or with "initContainers" those that run before."""
        return [each for each in tables_of(self.spec.get(key)) if each.text("name")]


@dataclass(frozen=True, slots=True)
class Keeper:
    """A ConfigMap or a Secret. `values` is None for a key whose value is not in the file."""

    kind: str
    name: str
    namespace: str | None
    values: Mapping[str, str | None] = field(repr=False)
    complete: bool = True
    """False where keys may exist that the file does not name."""


class Manifest(Struct, frozen=True):
    """All objects of a file."""

    path: str
    objects: Sequence[Table]

    @classmethod
    def read(cls, path: str, reach: Reach) -> "Manifest":
        """Raises NotSeen where the file is not there, or no YAML."""
        return cls(path, [each for root in yaml_files(path, reach) for each in _unlisted(root)])

    def chosen(self, container: str | None) -> tuple[Workload, Table]:
        """The container, with its workload. Raises NotSeen where there is none, or more than one it could be."""
        workloads = list(self._workloads())
        every = [(each, one) for each in workloads for one in each.containers()]
        if not every:
            kinds = ", ".join(_TEMPLATES[:3])
            raise wrong(self.path, None, f"a workload with containers is expected, such as {kinds}")
        named = [pair for pair in every if container is None or pair[1].text("name") == container]
        if not named:
            names = [str(one.text("name")) for _, one in every]
            raise wrong(self.path, None, f"there is no container {shown(container or '')}; there is {listed(names)}")
        serving = [pair for pair in named if pair[0].serves] or named
        if len(serving) > 1:
            places = [f"{one.text('name')} of {each.kind} {each.name}" for each, one in serving]
            hint = "name one as container" if container is None else "put the one that is meant into a file of its own"
            raise wrong(self.path, None, f"several containers could be meant, {hint}: {listed(places)}")
        return serving[0]

    def serving(self) -> list[str]:
        """The names of the containers that run the application, each once."""
        serving = (each for each in self._workloads() if each.serves)
        return list(dict.fromkeys(str(one.text("name")) for each in serving for one in each.containers()))

    def _workloads(self) -> Iterator[Workload]:
        for each in self.objects:
            spec = _pod_spec(each)
            if spec is not None:
                yield Workload(each.text("kind") or "", _name(each), _namespace(each), spec)

    def keeper(self, kind: str, name: str, namespace: str | None) -> Keeper | None:
        """The ConfigMap or Secret of a name, in the workload's namespace; one that names none may be in any."""
        found = [each for each in self._keepers() if (each.kind, each.name) == (kind, name)]
        near = [each for each in found if namespace is None or each.namespace in (namespace, None)]
        return next((each for each in near if each.namespace == namespace), near[0] if near else None)

    def _keepers(self) -> Iterator[Keeper]:
        for each in self.objects:
            match each.text("kind"):
                case "ConfigMap":
                    yield Keeper("ConfigMap", _name(each), _namespace(each), _texts(each.table("data")))
                case "Secret":
                    values = {**_decoded(each.table("data")), **_texts(each.table("stringData"))}
                    yield Keeper("Secret", _name(each), _namespace(each), values)
                case "SealedSecret":
                    spec = each.table("spec") or each
                    keys = spec.table("encryptedData")
                    yield Keeper("Secret", _name(each), _namespace(each), dict.fromkeys(keys.names() if keys else ()))
                case "ExternalSecret":
                    spec = each.table("spec") or each
                    target = spec.table("target")
                    keys_of_data = [entry.text("secretKey") for entry in tables_of(spec.get("data"))]
                    yield Keeper(
                        "Secret",
                        (target.text("name") if target else None) or _name(each),
                        _namespace(each),
                        dict.fromkeys(key for key in keys_of_data if key),
                        complete=spec.get("dataFrom") is None,
                    )

    def annotation(self, kind: str, name: str, namespace: str | None, key: str) -> str | None:
        """An annotation of an object, which stands in the workload's namespace."""
        found = [each for each in self.objects if (each.text("kind"), _name(each)) == (kind, name)]
        of_it = next((each for each in found if _namespace(each) in (namespace, None)), None)
        metadata = of_it.table("metadata") if of_it is not None else None
        annotations = metadata.table("annotations") if metadata is not None else None
        return annotations.text(key) if annotations is not None else None

    def services(self, namespace: str | None) -> list[str]:
        """Names of the Services that pods of a namespace see as variables."""
        found = [each for each in self.objects if each.text("kind") == "Service"]
        return [_name(each) for each in found if _namespace(each) in (namespace, None)]


def _unlisted(root: Table) -> Iterator[Table]:
    """The objects of a `kind: List`, or the object itself."""
    if root.text("kind") == "List":
        yield from tables_of(root.get("items"))
    else:
        yield root


def _pod_spec(each: Table) -> Table | None:
    kind, spec = each.text("kind"), each.table("spec")
    if kind == "CronJob" and spec is not None:
        template = spec.table("jobTemplate")
        spec = template.table("spec") if template is not None else None
    elif kind == "Pod":
        return spec
    elif kind not in _TEMPLATES:
        return None
    template = spec.table("template") if spec is not None else None
    return template.table("spec") if template is not None else None


def _name(each: Table) -> str:
    metadata = each.table("metadata")
    return (metadata.text("name") if metadata else None) or ""


def _namespace(each: Table) -> str | None:
    metadata = each.table("metadata")
    return metadata.text("namespace") if metadata else None


def _texts(table: Table | None) -> dict[str, str | None]:
    entries = table.entries if table is not None else ()
    return {
        entry.key: str(entry.value.value)
        for entry in entries
        if isinstance(entry.value, Scalar) and entry.value.value is not None
    }


def _decoded(table: Table | None) -> dict[str, str | None]:
    """`data` of a Secret is base64; None where it is none, or no text."""
    found: dict[str, str | None] = {}
    for key, written in _texts(table).items():
        try:
            found[key] = base64.b64decode("".join((written or "").split()), validate=True).decode()
        except (binascii.Error, ValueError):
            found[key] = None
    return found
