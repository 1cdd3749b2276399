"""Which services stand in a place: in an ECS service, a function, a file. Each is read by the reader of its kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from msgspec import Struct

from sesgate.evidence.environment import (
    apprunner,
    compose,
    dotenv,
    ecs_task_definition,
    ecs_task_definition_file,
    kubernetes,
    lambda_function,
    render,
)
from sesgate.evidence.environment.ecs import running
from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import Failure, FailureKind, NotSeen

_STORES = frozenset({"secretsmanager", "ssm", "kms"})


class Part(Struct, frozen=True):
    """One service. `source` is what a gate would say of it, `role` the ARN of the role it runs as."""

    name: str
    source: Mapping[str, Any]
    read: Callable[[], Reading]
    role: str | None = None
    container: str | None = None


class _Reader(Protocol):
    """A reader of files that describe several parts."""

    def names(self, path: str, reach: Reach, /) -> list[str]:
        """The names of the parts of a file."""
        ...

    def read(self, spec: Any, reach: Reach, /) -> Reading:
        """One of them."""
        ...


@dataclass(slots=True)
class Nearby:
    """`Reach` without the stores of secrets: that a variable comes from one is enough to know."""

    _reach: Reach
    read_secrets: bool = False

    @property
    def region(self) -> str:
        return self._reach.region

    @region.setter
    def region(self, region: str) -> None:
        self._reach.region = region

    @property
    def environ(self) -> Mapping[str, str]:
        return self._reach.environ

    @environ.setter
    def environ(self, environ: Mapping[str, str]) -> None:
        self._reach.environ = environ

    def file(self, path: str) -> str | None:
        return self._reach.file(path)

    def aws(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> dict[str, Any] | None:
        if service in _STORES:
            raise NotSeen(Failure(FailureKind.OFFLINE, "stores of secrets are not asked here"))
        return self._reach.aws(service, operation, parameters, region=region)


def of_ecs(place: Any, reach: Reach) -> Iterator[Part]:
    """The containers of `{"cluster", "service"}`, as they run now."""
    cluster, name = str(place["cluster"]), str(place["service"])
    answer = reach.aws("ecs", "DescribeServices", {"cluster": cluster, "services": [name]}) or {}
    service: Mapping[str, Any] = next(iter(answer.get("services") or ()), {})
    definition, rollout = running(service)
    if definition is None or service.get("status") == "INACTIVE":
        return
    answer = reach.aws("ecs", "DescribeTaskDefinition", {"taskDefinition": definition}) or {}
    task = answer.get("taskDefinition") or {}
    containers = [str(each["name"]) for each in task.get("containerDefinitions") or () if each.get("name")]
    for container in containers:
        read = partial(ecs_task_definition.registered, definition, container, reach, rollout)
        named = {"container": container} if len(containers) > 1 else {}
        source = {"ecs": {"cluster": cluster, "service": name, **named}}
        yield Part(name, source, read, task.get("taskRoleArn"), container)


def of_apprunner(place: Any, reach: Reach) -> Iterator[Part]:
    """The App Runner service of `{"arn", "name"}`."""
    service = (reach.aws("apprunner", "DescribeService", {"ServiceArn": place["arn"]}) or {}).get("Service") or {}
    role = (service.get("InstanceConfiguration") or {}).get("InstanceRoleArn")
    yield Part(place["name"], {"apprunner": place["name"]}, partial(apprunner.read, place["arn"], reach), role)


def of_lambda(place: Any, reach: Reach) -> Iterator[Part]:
    """The Lambda function of `{"name"}`."""
    name = place["name"]
    role = (reach.aws("lambda", "GetFunctionConfiguration", {"FunctionName": name}) or {}).get("Role")
    yield Part(name, {"lambda": name}, partial(lambda_function.read, name, reach), role)


def of_dotenv(place: Any, reach: Reach) -> Iterator[Part]:
    """A .env file stands for one service."""
    file = place["file"]
    yield Part(_stem(file), {"dotenv": file}, partial(dotenv.read, file, reach))


def of_compose(place: Any, reach: Reach) -> Iterator[Part]:
    """The services of a Compose file."""
    return _of_file(compose, "compose", {"file": place["file"]}, "service", reach)


def of_render(place: Any, reach: Reach) -> Iterator[Part]:
    """The services of a Render Blueprint."""
    return _of_file(render, "render", {"file": place["file"]}, "service", reach)


def of_kubernetes(place: Any, reach: Reach) -> Iterator[Part]:
    """The containers of a Kubernetes manifest."""
    return _of_file(kubernetes, "kubernetes", {"file": place["file"]}, "container", reach)


def of_task_definition(place: Any, reach: Reach) -> Iterator[Part]:
    """The containers of an ECS task definition in a file."""
    definition = {"definition": place["file"]}
    return _of_file(ecs_task_definition_file, "ecs_task_definition", definition, "container", reach)


def _of_file(reader: "_Reader", kind: str, file: dict[str, str], named: str, reach: Reach) -> Iterator[Part]:
    """Each part that a file describes, as a gate would name it: by the file, and `named` by its own name."""
    [path] = file.values()
    for name in reader.names(path, reach):
        spec = {**file, named: name}
        yield Part(name, {kind: spec}, partial(reader.read, spec, reach))


def _stem(path: str) -> str:
    """`worker.env` is of the worker; `.env.production` is of the application, whose name is not in it."""
    name = path.rpartition("/")[2]
    return name.removesuffix(".env") if name.endswith(".env") else ""
