"""ECS task definitions: one container's variables, what ECS sets, and what starts with a task."""

from typing import Any

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.task_definition import reading_of
from tests.evidence.environment.reaching import Given, arn

SECRET = arn("secretsmanager", "secret:bizassist/db-a1b2c3")
API = {
    "name": "api",
    "image": "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/bizassist-api:42",
    "command": ["node", "dist/main.js"],
    "environment": [{"name": "NODE_ENV", "value": "production"}],
    "secrets": [{"name": "DB_PASSWORD", "valueFrom": f"{SECRET}:password:AWSCURRENT:"}],
}


def _read(*containers: Any, container: str | None = None, given: Given | None = None, **fields: Any) -> Reading:
    definition = {"containerDefinitions": list(containers), **fields}
    return reading_of(definition, container, "task definition bizassist-api:42", given or Given())


def test_variables_and_references() -> None:
    given = Given({"secretsmanager DescribeSecret": {"ARN": SECRET}})
    reading = _read(API, given=given)
    assert reading.variables["NODE_ENV"].value == "production"
    reference = reading.variables["DB_PASSWORD"].reference
    assert reference is not None
    assert (reference.store, reference.name, reference.key) == ("secrets-manager", SECRET, "password")
    assert reference.exists is True
    assert reading.variables["NODE_ENV"].place == "task definition bizassist-api:42, container api"
    assert given.asked("GetSecretValue") == []


def test_what_ecs_sets_is_known_with_the_region_of_the_arn() -> None:
    described = _read(
        API,
        taskDefinitionArn=arn("ecs", "task-definition/bizassist-api:42", "eu-west-1"),
        requiresCompatibilities=["FARGATE"],
        taskRoleArn="arn:aws:iam::111122223333:role/bizassist-api",
    )
    assert described.injected["AWS_REGION"] == "eu-west-1"
    assert described.injected["AWS_EXECUTION_ENV"] == "AWS_ECS_FARGATE"
    assert "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" in described.injected
    in_a_file = _read(API).injected
    assert in_a_file["AWS_REGION"] is None
    assert in_a_file["AWS_EXECUTION_ENV"] is None
    assert "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" not in in_a_file


def test_files_in_s3_are_unseen() -> None:
    files = [{"type": "s3", "value": "arn:aws:s3:::bizassist-config/api.env"}]
    [unseen] = _read({**API, "environmentFiles": files}).unseen
    assert "arn:aws:s3:::bizassist-config/api.env" in unseen


def test_one_of_several_containers_must_be_named() -> None:
    with pytest.raises(NotSeen, match="name one as container: api, datadog"):
        _read(API, {"name": "datadog"})
    with pytest.raises(NotSeen, match="has no container web; it has api, datadog"):
        _read(API, {"name": "datadog"}, container="web")
    assert "NODE_ENV" in _read(API, {"name": "datadog"}, container="api").variables


def test_what_starts_with_the_container() -> None:
    migrate = {"name": "migrate", "image": "bizassist-migrate", "workingDirectory": "/srv"}
    waits = {**API, "dependsOn": [{"containerName": "migrate", "condition": "SUCCESS"}]}
    proxy = {"name": "proxy", "command": ["envoy"]}
    starts = _read(waits, migrate, {"name": "datadog"}, proxy, container="api").starts
    assert [(start.part, start.command) for start in starts] == [
        ("application", ("node", "dist/main.js")),
        ("init container", None),
        ("sidecar", ("envoy",)),
    ]
    assert starts[1].image == "bizassist-migrate"
    assert [start.folder for start in starts] == [None, "/srv", None]
    assert starts[0].place == "task definition bizassist-api:42, container api"


@pytest.mark.parametrize("containers", [None, {}, [], ["api"], [{"name": 1}]])
def test_another_shape_is_told(containers: Any) -> None:
    with pytest.raises(NotSeen, match="containerDefinitions is expected"):
        reading_of({"containerDefinitions": containers}, None, "task.json", Given())


def test_wrong_entries_are_unreadable_and_nothing_breaks() -> None:
    wrong = {
        "name": "api",
        "environment": [{"name": "PORT", "value": 8080}, "x", {"value": "y"}],
        "secrets": [{"name": "KEY", "valueFrom": ""}, {"name": "OTHER"}],
        "command": "node",
        "dependsOn": "x",
    }
    reading = _read(wrong)
    assert {name: variable.unreadable for name, variable in reading.variables.items()} == {
        "PORT": "its value is not text",
        "KEY": "its valueFrom names nothing",
        "OTHER": "its valueFrom names nothing",
    }
    assert reading.starts[0].command is None
