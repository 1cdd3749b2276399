"""ECS as a source of variables: the task definition that really runs, and registered ones by name."""

from typing import Any

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import ecs, ecs_task_definition
from sesgate.evidence.environment.ecs import running
from tests.evidence.environment.reaching import Given, arn

NEW, OLD = arn("ecs", "task-definition/bizassist-api:42"), arn("ecs", "task-definition/bizassist-api:41")
SECRET = arn("secretsmanager", "secret:bizassist/db-a1b2c3")
SPEC = {"cluster": "prod", "service": "bizassist-api", "container": "api"}
DEFINITION = {
    "family": "bizassist-api",
    "revision": 42,
    "status": "ACTIVE",
    "containerDefinitions": [
        {
            "name": "api",
            "environment": [{"name": "NODE_ENV", "value": "production"}],
            "secrets": [{"name": "DATABASE_URL", "valueFrom": f"{SECRET}:url::"}],
            "command": ["node", "server.js"],
        },
        {"name": "xray", "environment": [{"name": "NODE_ENV", "value": "sidecar"}]},
    ],
}


def _deployment(status: str, definition: str, rollout: str = "COMPLETED") -> dict[str, Any]:
    return {"status": status, "taskDefinition": definition, "rolloutState": rollout}


def _given(*deployments: dict[str, Any], **service: Any) -> Given:
    found = {"serviceName": "bizassist-api", "status": "ACTIVE", "deployments": list(deployments), **service}
    return Given(
        {
            "ecs DescribeServices": {"services": [found]},
            "ecs DescribeTaskDefinition": {"taskDefinition": DEFINITION},
            "secretsmanager DescribeSecret": {"ARN": SECRET},
        }
    )


def test_the_primary_deployment_is_what_runs() -> None:
    given = _given(_deployment("ACTIVE", OLD), _deployment("PRIMARY", NEW), taskDefinition=OLD)
    reading = ecs.read(SPEC, given)
    assert given.asked("DescribeServices") == [{"cluster": "prod", "services": ["bizassist-api"]}]
    assert given.asked("DescribeTaskDefinition") == [{"taskDefinition": NEW}]
    assert reading.variables["NODE_ENV"].value == "production"
    assert "bizassist-api:42" in reading.variables["NODE_ENV"].place
    reference = reading.variables["DATABASE_URL"].reference
    assert reference is not None
    assert (reference.key, reference.exists) == ("url", True)
    assert reading.starts[0].command == ("node", "server.js")
    assert "AWS_REGION" in reading.injected


def test_another_container_has_its_own_variables() -> None:
    reading = ecs.read({**SPEC, "container": "xray"}, _given(_deployment("PRIMARY", NEW)))
    assert reading.variables["NODE_ENV"].value == "sidecar"


def test_a_rollout_is_told() -> None:
    given = _given(_deployment("PRIMARY", NEW, "IN_PROGRESS"), _deployment("ACTIVE", OLD))
    assert "rollout in progress from bizassist-api:41" in ecs.read(SPEC, given).place
    assert "its rollout failed" in ecs.read(SPEC, _given(_deployment("PRIMARY", NEW, "FAILED"))).place


def test_task_sets_stand_for_deployments() -> None:
    sets = [{"status": "ACTIVE", "taskDefinition": OLD}, {"status": "PRIMARY", "taskDefinition": NEW}]
    assert running({"deployments": [], "taskSets": sets}) == (NEW, None)
    assert running({"taskDefinition": OLD}) == (OLD, None)


def test_a_service_of_another_region_is_asked_there() -> None:
    given = _given(_deployment("PRIMARY", NEW))
    ecs.read({**SPEC, "service": arn("ecs", "service/prod/bizassist-api", "eu-west-1")}, given)
    assert given.regions("DescribeServices") == given.regions("DescribeTaskDefinition") == {"eu-west-1"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "no cluster prod"),
        ({"services": [], "failures": [{"reason": "MISSING"}]}, "no service bizassist-api in cluster prod"),
        ({"services": [{"status": "INACTIVE"}]}, "was deleted"),
        ({"services": [{"status": "ACTIVE", "deployments": []}]}, "runs nothing"),
    ],
)
def test_a_service_that_is_not_there(answer: Any, said: str) -> None:
    with pytest.raises(NotSeen, match=said):
        ecs.read(SPEC, Given({"ecs DescribeServices": answer}))


def test_a_registered_definition_by_name() -> None:
    given = _given()
    reading = ecs_task_definition.read({"definition": "bizassist-api", "container": "api"}, given)
    assert given.asked("DescribeTaskDefinition") == [{"taskDefinition": "bizassist-api"}]
    assert reading.variables["NODE_ENV"].value == "production"


def test_a_deregistered_definition_is_told() -> None:
    given = Given({"ecs DescribeTaskDefinition": {"taskDefinition": {**DEFINITION, "status": "INACTIVE"}}})
    assert "(deregistered)" in ecs_task_definition.read({"definition": NEW, "container": "xray"}, given).place


def test_a_definition_that_is_not_there() -> None:
    name = arn("ecs", "task-definition/bizassist-api:42", "eu-west-1")
    with pytest.raises(NotSeen, match="no task definition bizassist-api:42 in eu-west-1"):
        ecs_task_definition.read({"definition": name}, Given())


@pytest.mark.parametrize(
    ("service", "sets_the_region"),
    [
        ({"launchType": "FARGATE"}, True),
        ({"launchType": "EC2"}, False),
        ({"launchType": "EXTERNAL"}, False),
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, True),
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}, {"capacityProvider": "gpu"}]}, False),
        ({}, True),
    ],
)
def test_on_instances_only_new_agents_set_the_region(service: dict[str, Any], sets_the_region: bool) -> None:
    reading = ecs.read(SPEC, _given(_deployment("PRIMARY", NEW), **service))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        assert (name in reading.injected, name in reading.perhaps) == (sets_the_region, not sets_the_region)
    assert "AWS_EXECUTION_ENV" in reading.injected


def test_a_definition_for_instances_alone() -> None:
    given = Given(
        {"ecs DescribeTaskDefinition": {"taskDefinition": {**DEFINITION, "requiresCompatibilities": ["EC2"]}}}
    )
    reading = ecs_task_definition.read({"definition": "bizassist-api", "container": "api"}, given)
    assert set(reading.perhaps) == {"AWS_REGION", "AWS_DEFAULT_REGION"}
