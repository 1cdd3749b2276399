"""Where a service's variables come from: the kinds of `source`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from sesgate.gate.models.base import Flag, Model, OrBare, Text, refuse, refuse_untold
from sesgate.gate.models.shapes import is_arn
from sesgate.gate.yaml12 import Scalar


class EcsService(Model):
    """A service that runs on Amazon ECS."""

    cluster: Text = "default"
    """The cluster's name or ARN."""
    service: Text
    """The service's name or ARN."""
    container: Text | None = None
    """The container; may be left out where the task has only one."""


class EcsTaskDefinition(Model):
    """An ECS task definition, registered or in a file. A bare text is the definition."""

    definition: Text
    """Family, family:revision, ARN, or a JSON file relative to the gate."""
    container: Text | None = None
    """The container; may be left out where the task has only one."""

    @model_validator(mode="before")
    @classmethod
    def _bare_text(cls, value: Any) -> Any:
        if isinstance(value, str) and not (isinstance(value, Scalar) and value.is_null):
            return {"definition": value}
        return value


class FileService(Model):
    """A service in a file that describes several, such as render.yaml or compose.yaml."""

    file: Text
    """The file, relative to the gate."""
    service: Text | None = None
    """The service; may be left out where the file has only one."""


class KubernetesManifest(Model):
    """A workload in a Kubernetes manifest."""

    file: Text
    """The file, relative to the gate."""
    container: Text | None = None
    """The container; may be left out where the manifest has only one."""


def _apprunner(text: str) -> str:
    if text.startswith("arn:") and not is_arn(text, "apprunner"):
        refuse("the name or the ARN of an App Runner service is expected")
    return text


def _lambda(text: str) -> str:
    if text.startswith("arn:") and not is_arn(text, "lambda"):
        refuse("the name or the ARN of a Lambda function is expected")
    return text


def _secret(text: str) -> str:
    if text.startswith("arn:") and not is_arn(text, "secretsmanager"):
        refuse("the ARN of a secret in Secrets Manager is expected")
    return text


def _only_true(value: bool) -> bool:
    if not value:
        refuse("true is expected, or leave the key out")
    return value


class Source(Model):
    """One source of variables: exactly one key, which names its kind. `process` may be written alone."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    process: Annotated[Flag, AfterValidator(_only_true)] | None = None
    """The environment of sesgate's own process."""
    dotenv: Text | None = None
    """A .env file, relative to the gate."""
    ecs: EcsService | None = None
    """A service on Amazon ECS."""
    ecs_task_definition: Annotated[EcsTaskDefinition, OrBare({"type": "string"})] | None = None
    """An ECS task definition: its name, or a file."""
    apprunner: Annotated[Text, AfterValidator(_apprunner)] | None = None
    """An App Runner service: its name or ARN."""
    lambda_: Annotated[Text, AfterValidator(_lambda)] | None = Field(
        default=None, validation_alias="lambda", serialization_alias="lambda"
    )
    """A Lambda function: its name or ARN."""
    render: FileService | None = None
    """A service in a render.yaml."""
    compose: FileService | None = None
    """A service in a Compose file."""
    kubernetes: KubernetesManifest | None = None
    """A workload in a Kubernetes manifest."""
    ssm: Text | None = None
    """A path in SSM Parameter Store; the parameters below it are the variables."""
    secrets_manager: Annotated[Text, AfterValidator(_secret)] | None = None
    """A secret in Secrets Manager whose JSON keys are the variables: its ARN."""

    @property
    def kind(self) -> str:
        """The key that was written: `process`, `dotenv`, `ecs` …, `lambda` …"""
        return self._written()[0]

    def _written(self) -> list[str]:
        fields = type(self).model_fields
        return [name.rstrip("_") for name in fields if getattr(self, name) is not None]

    @model_validator(mode="before")
    @classmethod
    def _bare_kind(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value != "process":
            refuse("the word process is expected, or a mapping with one kind of source", _kinds())
        return {"process": True}

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self._written()) != 1:
            refuse_untold("exactly one kind of source is expected; a list merges several", _kinds())
        return self


def _kinds() -> str:
    return "kinds: " + ", ".join(name.rstrip("_") for name in Source.model_fields)
