"""Relational Database Service. `rds.instances` and `rds.clusters` by identifier: what the Describe operations tell."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError


def describe_db_instances(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    asked = parameters.get("DBInstanceIdentifier")
    filters = {one["Name"]: set(one["Values"]) for one in parameters.get("Filters") or ()}
    clusters = filters.get("db-cluster-id")
    found = [
        {"DBInstanceIdentifier": name, "DBInstanceArn": scope.arn("rds", f"db:{name}"), **instance}
        for name, instance in scope.part("rds", "instances").items()
        if asked is None or name == _name(asked)
        if clusters is None or instance.get("DBClusterIdentifier") in clusters
    ]
    if asked is not None and not found:
        raise ApiError("DBInstanceNotFound", f"DBInstance {_name(asked)} not found.", 404)
    return {"DBInstances": found}


def describe_db_clusters(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    asked = parameters.get("DBClusterIdentifier")
    found = [
        {"DBClusterIdentifier": name, "DBClusterArn": scope.arn("rds", f"cluster:{name}"), **cluster}
        for name, cluster in scope.part("rds", "clusters").items()
        if asked is None or name == _name(asked)
    ]
    if asked is not None and not found:
        raise ApiError("DBClusterNotFoundFault", f"DBCluster {_name(asked)} not found.", 404)
    return {"DBClusters": found}


def _name(asked: str) -> str:
    return asked.rpartition(":")[2].lower()


OPERATIONS = {
    ("rds", "DescribeDBInstances"): describe_db_instances,
    ("rds", "DescribeDBClusters"): describe_db_clusters,
}
