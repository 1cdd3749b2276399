"""Reads the variables of an ECS service: of the task definition that it really runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sesgate.evidence.environment import ecs_task_definition
from sesgate.evidence.environment.aws_places import not_there, short, where
from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.reach import Reach

_PRIMARY = "PRIMARY"


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is `{"cluster", "service", "container"}`. ECS API, DescribeServices and DescribeTaskDefinition."""
    named, cluster = str(spec["service"]), str(spec.get("cluster") or "default")
    here = where(cluster, where(named, reach))
    answer = here.aws("ecs", "DescribeServices", {"cluster": cluster, "services": [named]})
    what = f"service {short(named.rpartition('/')[2])} in cluster {short(cluster.rpartition('/')[2])}"
    if answer is None:
        raise not_there(f"there is no cluster {short(cluster.rpartition('/')[2])} in {here.region}")
    service = next(iter(answer.get("services") or ()), None)
    if service is None:
        raise not_there(f"there is no {what} in {here.region}")
    if service.get("status") == "INACTIVE":
        raise not_there(f"{what} was deleted")
    definition, rollout = running(service)
    if definition is None:
        raise not_there(f"{what} runs nothing: it has no deployment")
    container, instances = spec.get("container"), _on_instances(service)
    return ecs_task_definition.registered(definition, container, here, rollout, on_instances=instances)


def running(service: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The task definition of the primary deployment (or task set), and what is to be said of its rollout.

    With CodeDeploy or another controller from outside, task sets stand in the place of deployments.
    """
    deployments: Sequence[Mapping[str, Any]] = service.get("deployments") or service.get("taskSets") or ()
    primary = next((one for one in deployments if one.get("status") == _PRIMARY), None)
    definition = (primary or {}).get("taskDefinition") or service.get("taskDefinition")
    return (str(definition) if definition else None), _rollout(primary or {}, deployments)


def _on_instances(service: Mapping[str, Any]) -> bool | None:
    """Whether its tasks run on EC2 instances or machines of the user's; None where the service does not say."""
    if service.get("launchType"):
        return str(service["launchType"]) in ("EC2", "EXTERNAL")
    strategy = service.get("capacityProviderStrategy") or ()
    providers = [str(one.get("capacityProvider")) for one in strategy]
    return None if not providers else not all(name.startswith("FARGATE") for name in providers)


def _rollout(primary: Mapping[str, Any], deployments: Sequence[Mapping[str, Any]]) -> str | None:
    match primary.get("rolloutState"):
        case "IN_PROGRESS":
            before = (one.get("taskDefinition") for one in deployments if one is not primary)
            others = dict.fromkeys(short(str(one).rpartition("/")[2]) for one in before if one)
            return "rollout in progress" + (f" from {', '.join(others)}" if others else "")
        case "FAILED":
            return "its rollout failed"
    return None
