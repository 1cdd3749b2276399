"""SSM Parameter Store. `ssm.parameters` by name: `Type` and `Value`."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope

_CIPHER = "AQICAHgEncryptedByTheSandbox"


def get_parameters_by_path(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    path = parameters["Path"].rstrip("/") + "/"
    below = [name for name in sorted(scope.part("ssm", "parameters")) if name.startswith(path)]
    if not parameters.get("Recursive"):
        below = [name for name in below if "/" not in name.removeprefix(path)]
    return {"Parameters": [_told(scope, name, parameters) for name in below]}


def get_parameters(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    known = scope.part("ssm", "parameters")
    found = {asked: _name(scope, asked) for asked in parameters["Names"]}
    return {
        "Parameters": [_told(scope, name, parameters) for name in found.values() if name in known],
        "InvalidParameters": [asked for asked, name in found.items() if name not in known],
    }


def describe_parameters(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    filters = {one["Key"]: set(one["Values"]) for one in parameters.get("ParameterFilters") or ()}
    wanted = filters.get("Name")
    known = scope.part("ssm", "parameters")
    names = [name for name in sorted(known) if wanted is None or name in wanted]
    return {"Parameters": [_without_value(_told(scope, name, parameters)) for name in names]}


def _told(scope: Scope, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    parameter = scope.part("ssm", "parameters")[name]
    secret = parameter["Type"] == "SecureString"
    value = _CIPHER if secret and not parameters.get("WithDecryption") else parameter["Value"]
    arn = scope.arn("ssm", f"parameter/{name.removeprefix('/')}")
    return {"Name": name, "ARN": arn, "Version": 1, "DataType": "text", **parameter, "Value": value}


def _without_value(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "Value"}


def _name(scope: Scope, asked: str) -> str:
    """The name behind an ARN: a parameter's leading slash is not written twice there."""
    path = asked.partition(":parameter/")[2]
    known = scope.part("ssm", "parameters")
    return next((name for name in (path, f"/{path}") if name in known), asked) if path else asked


OPERATIONS = {
    ("ssm", "GetParametersByPath"): get_parameters_by_path,
    ("ssm", "GetParameters"): get_parameters,
    ("ssm", "DescribeParameters"): describe_parameters,
}
