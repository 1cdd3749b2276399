"""Lambda. `lambda.functions` by name: what GetFunctionConfiguration tells."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError


def get_function_configuration(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    asked = parameters["FunctionName"]
    name = (asked.rpartition(":function:")[2] or asked).partition(":")[0]
    found = scope.part("lambda", "functions").get(name)
    arn = scope.arn("lambda", f"function:{name}")
    if found is None:
        raise ApiError("ResourceNotFoundException", f"Function not found: {arn}", 404)
    usual = {"FunctionName": name, "FunctionArn": arn, "Version": "$LATEST", "PackageType": "Zip", "State": "Active"}
    return {**usual, **found}


OPERATIONS = {("lambda", "GetFunctionConfiguration"): get_function_configuration}
