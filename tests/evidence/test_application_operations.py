"""What is kept of where an application runs: names and states, and nothing of what is written there."""

from typing import Any

import pytest

from sesgate.evidence.application_operations import application_operations
from sesgate.evidence.operation import Operation

SECRET = "s3cr3t-w0rds"
_CONTAINER = {
    "name": "api",
    "environment": [{"name": "A", "value": SECRET}],
    "command": [SECRET],
    "entryPoint": [SECRET],
}
_CONFIGURATION = {"RuntimeEnvironmentVariables": {"A": SECRET}, "StartCommand": SECRET}
_SOURCE = {"ImageRepository": {"ImageConfiguration": _CONFIGURATION}}
_PASSWORD = {"PendingModifiedValues": {"MasterUserPassword": SECRET, "BackupRetentionPeriod": 7}}
FAT: dict[str, dict[str, Any]] = {
    "DescribeServices": {"services": [{"serviceName": "api", "events": [{"message": SECRET}]}]},
    "DescribeTaskDefinition": {"taskDefinition": {"family": "api", "containerDefinitions": [_CONTAINER]}},
    "ListServices": {"ServiceSummaryList": [{"ServiceName": "api", "ServiceUrl": SECRET}]},
    "DescribeService": {"Service": {"ServiceName": "api", "SourceConfiguration": _SOURCE}},
    "GetFunctionConfiguration": {"FunctionName": "api", "Environment": {"Variables": {"A": SECRET}}},
    "GetParametersByPath": {"Parameters": [{"Name": "/api/a", "Value": SECRET}]},
    "GetParameters": {"Parameters": [{"Name": "/api/a", "Value": SECRET}]},
    "DescribeParameters": {"Parameters": [{"Name": "/api/a", "Description": SECRET, "AllowedPattern": SECRET}]},
    "DescribeSecret": {"Name": "api", "Description": SECRET, "Tags": [{"Key": "a", "Value": SECRET}]},
    "GetSecretValue": {"Name": "api", "SecretString": SECRET, "SecretBinary": SECRET},
    "GetResourcePolicy": {"Name": "api", "ResourcePolicy": "{}", "Other": SECRET},
    "DescribeDBInstances": {"DBInstances": [{"Engine": "postgres", "MasterUsername": SECRET, **_PASSWORD}]},
    "DescribeDBClusters": {"DBClusters": [{"Engine": "aurora", "MasterUsername": SECRET, **_PASSWORD}]},
}


@pytest.mark.parametrize("operation", list(application_operations()), ids=lambda one: one.name)
def test_no_value_is_kept(operation: Operation) -> None:
    kept = str(operation.project(FAT[operation.name]))
    assert SECRET not in kept
    assert any(name in kept for name in ("api", "postgres", "aurora"))


def test_an_operation_that_keeps_nothing_would_keep_everything() -> None:
    with pytest.raises(ValueError, match="empty allow-list"):
        Operation("x", "Read", "x:Read", ())
