"""Elastic Container Service. `ecs.services` by "CLUSTER/SERVICE", `ecs.task_definitions` by "FAMILY:REVISION"."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError


def list_clusters(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - it takes none
    names = dict.fromkeys(name.partition("/")[0] for name in scope.part("ecs", "services"))
    return {"clusterArns": [scope.arn("ecs", f"cluster/{name}") for name in names]}


def list_services(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    cluster = parameters.get("cluster", "default").rpartition("/")[2]
    names = [name for name in scope.part("ecs", "services") if name.startswith(f"{cluster}/")]
    if not names:
        raise ApiError("ClusterNotFoundException", "Cluster not found.", 400)
    return {"serviceArns": [scope.arn("ecs", f"service/{name}") for name in names]}


def describe_services(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    cluster = parameters.get("cluster", "default").rpartition("/")[2]
    services = scope.part("ecs", "services")
    if not any(name.startswith(f"{cluster}/") for name in services):
        raise ApiError("ClusterNotFoundException", "Cluster not found.", 400)
    found, failures = [], []
    for asked in parameters["services"]:
        name = asked.rpartition("/")[2]
        arn = scope.arn("ecs", f"service/{cluster}/{name}")
        if service := services.get(f"{cluster}/{name}"):
            found.append({"serviceName": name, "serviceArn": arn, "status": "ACTIVE", **service})
        else:
            failures.append({"arn": arn, "reason": "MISSING"})
    return {"services": found, "failures": failures}


def describe_task_definition(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = parameters["taskDefinition"].rpartition("/")[2]
    known = scope.part("ecs", "task_definitions")
    if ":" not in name:
        revisions = [int(one.rpartition(":")[2]) for one in known if one.startswith(f"{name}:")]
        name = f"{name}:{max(revisions, default=0)}"
    if name not in known:
        raise ApiError("ClientException", "Unable to describe task definition.", 400)
    family, _, revision = name.partition(":")
    arn = scope.arn("ecs", f"task-definition/{name}")
    usual = {"taskDefinitionArn": arn, "family": family, "revision": int(revision), "status": "ACTIVE"}
    return {"taskDefinition": usual | known[name]}


OPERATIONS = {
    ("ecs", "ListClusters"): list_clusters,
    ("ecs", "ListServices"): list_services,
    ("ecs", "DescribeServices"): describe_services,
    ("ecs", "DescribeTaskDefinition"): describe_task_definition,
}
