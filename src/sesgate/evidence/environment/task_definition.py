"""What an ECS task definition gives one of its containers, from its JSON: registered, described, or in a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sesgate.evidence.environment.aws_places import arn_region, not_there, plain, short
from sesgate.evidence.environment.found import Reading, Start, Variable
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.references import reference_of, resolved
from sesgate.evidence.question import Failure, FailureKind, NotSeen

_DONE = frozenset({"SUCCESS", "COMPLETE"})
"""Conditions of `dependsOn` under which a container is over before the next one starts."""
_MOST_NAMED = 10
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_BY_NEW_AGENTS = (
    "Fargate sets it, and on EC2 instances only ECS agents from May 2026 on do: set it in the task definition"
)
"""Source: amazon-ecs-agent, pull request 4946."""

Container = Mapping[str, Any]


def reading_of(
    definition: Mapping[str, Any], container: str | None, place: str, reach: Reach, *, on_instances: bool | None = None
) -> Reading:
    """What the container gets; it may be left out where there is only one. ECS API, TaskDefinition.

    `definition` is what DescribeTaskDefinition tells, or what RegisterTaskDefinition takes. `on_instances` says whether
    its tasks run on EC2 or other machines; None where only the definition can tell. Raises NotSeen where it has another
    shape, or no such container.
    """
    containers = _containers(definition, place)
    chosen = _chosen(containers, container, place)
    here = f"{place}, container {short(str(chosen['name']))}"
    instances = _is_for_instances(definition) if on_instances is None else on_instances
    injected = _injected(definition)
    reading = Reading(
        place=here,
        variables={**_plain(chosen, here), **_secret(chosen, here)},
        injected={name: value for name, value in injected.items() if not instances or name not in _REGIONS},
        starts=tuple(_starts(containers, chosen, place)),
        unseen=tuple(f"{here} takes variables from {short(name)} in S3" for name in _files(chosen)),
        perhaps=dict.fromkeys(_REGIONS, _BY_NEW_AGENTS) if instances else {},
    )
    return resolved(reading, reach)


def _containers(definition: Mapping[str, Any], place: str) -> list[Container]:
    written = definition.get("containerDefinitions")
    containers: list[Container] = (
        [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    )
    if not containers or not all(isinstance(each.get("name"), str) for each in containers):
        raise _not_understood(f"{place}: containerDefinitions is expected, a list of containers with their names")
    return containers


def _chosen(containers: Sequence[Container], wanted: str | None, place: str) -> Container:
    names = [str(each["name"]) for each in containers]
    if wanted is None and len(names) > 1:
        raise _not_understood(f"{place} has several containers: name one as container: {_listed(names)}")
    if wanted is not None and wanted not in names:
        raise not_there(f"{place} has no container {short(wanted)}; it has {_listed(names)}")
    return containers[0] if wanted is None else containers[names.index(wanted)]


def _listed(names: Sequence[str]) -> str:
    more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    return ", ".join([*map(short, names[:_MOST_NAMED]), *more])


def _plain(container: Container, place: str) -> dict[str, Variable]:
    return {name: plain(name, entry.get("value"), place) for name, entry in _named(container, "environment")}


def _secret(container: Container, place: str) -> dict[str, Variable]:
    return {name: _referenced(name, entry.get("valueFrom"), place) for name, entry in _named(container, "secrets")}


def _referenced(name: str, value_from: Any, place: str) -> Variable:
    if not isinstance(value_from, str) or not value_from:
        return Variable(name, place, unreadable="its valueFrom names nothing")
    return Variable(name, place, reference=reference_of(value_from))


def _named(container: Container, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in _list(container, key):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield entry["name"], entry


def _list(container: Container, key: str) -> Sequence[Any]:
    found = container.get(key)
    return found if isinstance(found, list) else ()


def _files(container: Container) -> list[str]:
    """Files of variables in S3; what stands in the definition itself wins over them. ECS API, EnvironmentFile."""
    return [str(entry.get("value")) for entry in _list(container, "environmentFiles") if isinstance(entry, dict)]


def _is_for_instances(definition: Mapping[str, Any]) -> bool:
    wanted = _list(definition, "requiresCompatibilities")
    return bool(wanted) and "FARGATE" not in wanted and "MANAGED_INSTANCES" not in wanted


def _injected(definition: Mapping[str, Any]) -> dict[str, str | None]:
    """What ECS sets by itself. Source: ECS developer guide, "Amazon ECS environment variables"."""
    region = arn_region(str(definition.get("taskDefinitionArn") or ""))
    fargate = definition.get("requiresCompatibilities") == ["FARGATE"]
    return {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE" if fargate else None,
        "ECS_CONTAINER_METADATA_URI": None,
        "ECS_CONTAINER_METADATA_URI_V4": None,
        "ECS_AGENT_URI": None,
        **({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": None} if definition.get("taskRoleArn") else {}),
    }


def _starts(containers: Sequence[Container], chosen: Container, place: str) -> Iterator[Start]:
    """The container's start, and those of all that start with it: a task runs them each time.

    A sidecar that runs its image's own command is somebody else's program, and left out.
    """
    yield _start(chosen, "application", place)
    over = _over_before_others(containers)
    for container in containers:
        if container is chosen:
            continue
        is_init = container["name"] in over
        if is_init or _words(container, "command") or _words(container, "entryPoint"):
            yield _start(container, "init container" if is_init else "sidecar", place)


def _start(container: Container, part: str, place: str) -> Start:
    image, folder = container.get("image"), container.get("workingDirectory")
    return Start(
        place=f"{place}, container {short(str(container['name']))}",
        entrypoint=_words(container, "entryPoint"),
        command=_words(container, "command"),
        part=part,
        image=image if isinstance(image, str) else None,
        folder=folder if isinstance(folder, str) else None,
    )


def _over_before_others(containers: Sequence[Container]) -> frozenset[str]:
    """Names of containers that others wait for to be done."""
    return frozenset(
        str(entry.get("containerName"))
        for container in containers
        for entry in _list(container, "dependsOn")
        if isinstance(entry, dict) and entry.get("condition") in _DONE
    )


def _words(container: Container, key: str) -> tuple[str, ...] | None:
    words = [word for word in _list(container, key) if isinstance(word, str)]
    return tuple(words) or None


def _not_understood(message: str) -> NotSeen:
    return NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, message))
