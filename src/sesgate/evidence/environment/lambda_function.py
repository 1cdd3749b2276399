"""Reads the variables of a Lambda function, and how its image starts."""

from collections.abc import Mapping
from typing import Any

from sesgate.evidence.environment.aws_places import arn_region, not_there, plain, short, where
from sesgate.evidence.environment.found import Reading, Start
from sesgate.evidence.environment.reach import Reach

INJECTED = (
    *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV"),
    *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"),
    *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
    *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"),
    *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "TZ", "LANG", "PATH", "LD_LIBRARY_PATH"),
)
"""What Lambda sets. Source: Lambda developer guide, "Defined runtime environment variables"."""


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is a function's name or ARN, with a version or alias or without. Lambda API, GetFunctionConfiguration."""
    here = where(spec, reach)
    answer = here.aws("lambda", "GetFunctionConfiguration", {"FunctionName": spec})
    if answer is None:
        raise not_there(f"there is no Lambda function {short(_name(spec))} in {here.region}")
    place = f"Lambda function {short(str(answer.get('FunctionName') or _name(spec)))}"
    environment = answer.get("Environment") or {}
    return Reading(
        place,
        {name: plain(name, value, place) for name, value in (environment.get("Variables") or {}).items()},
        _injected(answer, arn_region(str(answer.get("FunctionArn"))) or here.region),
        tuple(_start(answer, place)),
        tuple(_unseen(environment, place)),
    )


def _name(spec: str) -> str:
    return spec.rpartition(":function:")[2]


def _injected(answer: Mapping[str, Any], region: str) -> dict[str, str | None]:
    known = {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": answer.get("FunctionName"),
        "AWS_LAMBDA_FUNCTION_VERSION": answer.get("Version"),
        "_HANDLER": answer.get("Handler"),
    }
    return {name: known.get(name) for name in INJECTED}


def _start(answer: Mapping[str, Any], place: str) -> list[Start]:
    """An image starts as it says itself unless the function overrides it. Code is called, and starts nothing."""
    config = (answer.get("ImageConfigResponse") or {}).get("ImageConfig") or {}
    if answer.get("PackageType") != "Image":
        return []
    entry, command = config.get("EntryPoint"), config.get("Command")
    return [Start(place, tuple(entry) if entry else None, tuple(command) if command else None)]


def _unseen(environment: Mapping[str, Any], place: str) -> list[str]:
    """Variables under a key that the caller may not use. The service's own text is not repeated."""
    if not environment.get("Error"):
        return []
    return [f"Lambda can't decrypt the variables of {place} for the caller: grant kms:Decrypt on the function's key"]
