"""App Runner. `apprunner.services` by ARN: what DescribeService tells."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError


def list_services(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - it takes none
    summaries = [
        {name: service[name] for name in ("ServiceName", "ServiceArn", "Status")} for service in _services(scope)
    ]
    return {"ServiceSummaryList": summaries}


def describe_service(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    arn = parameters["ServiceArn"]
    found = next((service for service in _services(scope) if service["ServiceArn"] == arn), None)
    if found is None:
        raise ApiError("ResourceNotFoundException", f"Service with ARN {arn} does not exist.", 400)
    return {"Service": found}


def _services(scope: Scope) -> list[dict[str, Any]]:
    known = scope.part("apprunner", "services").items()
    return [
        {"ServiceName": arn.split("/")[1], "ServiceArn": arn, "Status": "RUNNING", **service} for arn, service in known
    ]


OPERATIONS = {
    ("apprunner", "ListServices"): list_services,
    ("apprunner", "DescribeService"): describe_service,
}
