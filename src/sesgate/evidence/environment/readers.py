"""The readers by kind of source. A reader's module is loaded when a gate names its kind."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from sesgate.evidence.environment.reach import Reader
from sesgate.evidence.question import Failure, FailureKind, NotSeen

_ROOM = "sesgate.evidence.environment"
_MODULES: Mapping[str, str] = {
    "process": "process",
    "dotenv": "dotenv",
    "ecs": "ecs",
    "ecs_task_definition": "ecs_task_definition",
    "ecs_task_definition_file": "ecs_task_definition_file",
    "apprunner": "apprunner",
    "lambda": "lambda_function",
    "render": "render",
    "compose": "compose",
    "kubernetes": "kubernetes",
    "ssm": "ssm",
    "secrets_manager": "secrets_manager",
}


def reader(kind: str, spec: Any) -> Reader:
    """The `read` of the kind's module. Raises NotSeen where nothing reads it."""
    if kind == "ecs_task_definition" and is_file(spec["definition"]):
        kind = "ecs_task_definition_file"
    module = f"{_ROOM}.{_MODULES.get(kind, kind)}"
    try:
        read: Reader = import_module(module).read
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        raise NotSeen(Failure(FailureKind.REJECTED, f"nothing here reads {kind}")) from None
    return read


def is_file(definition: str) -> bool:
    """Whether a task definition is a file: a family's name has letters, digits, `-` and `_`, an ARN begins so."""
    return not definition.startswith("arn:") and ("/" in definition or "." in definition)
