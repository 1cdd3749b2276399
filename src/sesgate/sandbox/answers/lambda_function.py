"""Lambda. `lambda.functions` by name: what GetFunctionConfiguration tells."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError


def list_functions(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - all of them
    return {"Functions": [_function(scope, name, known) for name, known in scope.part("lambda", "functions").items()]}


def get_function_configuration(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    asked = parameters["FunctionName"]
    name = (asked.rpartition(":function:")[2] or asked).partition(":")[0]
    found = scope.part("lambda", "functions").get(name)
    if found is None:
        arn = scope.arn("lambda", f"function:{name}")
        raise ApiError("ResourceNotFoundException", f"Function not found: {arn}", 404)
    return _function(scope, name, found)


def _function(scope: Scope, name: str, known: Mapping[str, Any]) -> dict[str, Any]:
    arn = scope.arn("lambda", f"function:{name}")
    usual = {"FunctionName": name, "FunctionArn": arn, "Version": "$LATEST", "PackageType": "Zip", "State": "Active"}
    return {**usual, **known}


OPERATIONS = {
    ("lambda", "GetFunctionConfiguration"): get_function_configuration,
    ("lambda", "ListFunctions"): list_functions,
}
