"""The sources of variables against moto: ECS, Lambda, SSM, Secrets Manager, through the AWS source itself."""

import io
import json
import zipfile
from typing import Any

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import ecs, ecs_task_definition, lambda_function, secrets_manager, ssm
from sesgate.evidence.environment.found import Variable
from tests.integration.conftest import REGION, Clients, reach

SPEC = {"cluster": "prod", "service": "api", "container": "api"}


def _secret(moto: Clients, **values: Any) -> str:
    made = moto("secretsmanager").create_secret(Name="bizassist/db", SecretString=json.dumps(values))
    return str(made["ARN"])


def _task(moto: Clients, *secrets: str, revision: str = "1") -> str:
    container = {
        "name": "api",
        "image": "api",
        "memory": 128,
        "environment": [{"name": "NODE_ENV", "value": "production"}, {"name": "REVISION", "value": revision}],
        "secrets": [{"name": f"S{at}", "valueFrom": one} for at, one in enumerate(secrets)],
        "command": ["node", "server.js"],
    }
    sidecar = {"name": "proxy", "image": "envoy", "memory": 64}
    made = moto("ecs").register_task_definition(family="api", containerDefinitions=[container, sidecar])
    return str(made["taskDefinition"]["taskDefinitionArn"])


def _serve(moto: Clients, definition: str, launch: str = "FARGATE") -> None:
    client = moto("ecs")
    client.create_cluster(clusterName="prod")
    client.create_service(
        cluster="prod", serviceName="api", taskDefinition=definition, desiredCount=1, launchType=launch
    )


def _exists(variable: Variable) -> bool | None:
    assert variable.reference is not None
    return variable.reference.exists


def test_an_ecs_service_runs_the_definition_of_its_primary_deployment(moto: Clients) -> None:
    first = _task(moto)
    _serve(moto, first)
    _task(moto, revision="2")
    reading = ecs.read(SPEC, reach())
    assert reading.variables["REVISION"].value == "1"
    assert "api:1" in reading.variables["NODE_ENV"].place
    assert reading.starts[0].command == ("node", "server.js")
    assert reading.injected["AWS_REGION"] == REGION


def test_on_instances_ecs_may_set_no_region(moto: Clients) -> None:
    _serve(moto, _task(moto), launch="EC2")
    reading = ecs.read(SPEC, reach())
    assert "AWS_REGION" not in reading.injected
    assert "AWS_REGION" in reading.perhaps


def test_its_references_exist_or_do_not(moto: Clients) -> None:
    moto("ssm").put_parameter(Name="/api/key", Value="s3cr3t", Type="SecureString")
    moto("ssm").put_parameter(Name="/api/host", Value="db.internal", Type="String")
    secret = _secret(moto, password="s3cr3t")
    gone = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:gone-AbCdEf"
    arn = f"arn:aws:ssm:{REGION}:123456789012:parameter/api/key"
    _serve(moto, _task(moto, f"{secret}:password::", gone, "/api/key", "/api/host", "/api/gone", arn))
    found = ecs.read(SPEC, reach()).variables
    assert [_exists(found[f"S{at}"]) for at in range(6)] == [True, False, True, True, False, True]
    assert [found[f"S{at}"].value for at in range(6)] == [None, None, None, "db.internal", None, None]
    read = ecs.read(SPEC, reach(read_secrets=True)).variables
    assert [read[f"S{at}"].value for at in (0, 2, 3, 5)] == ["s3cr3t", "s3cr3t", "db.internal", "s3cr3t"]


def test_a_service_and_a_cluster_that_are_not_there(moto: Clients) -> None:
    with pytest.raises(NotSeen, match="no cluster prod"):
        ecs.read(SPEC, reach())
    moto("ecs").create_cluster(clusterName="prod")
    with pytest.raises(NotSeen, match="no service api in cluster prod"):
        ecs.read(SPEC, reach())


@pytest.mark.parametrize(("name", "revision"), [("api", "2"), ("api:1", "1")])
def test_a_registered_definition(moto: Clients, name: str, revision: str) -> None:
    _task(moto, revision="1")
    _task(moto, revision="2")
    reading = ecs_task_definition.read({"definition": name, "container": "api"}, reach())
    assert reading.variables["REVISION"].value == revision


def test_a_definition_that_is_not_registered(moto: Clients) -> None:
    with pytest.raises(NotSeen, match="no task definition api"):
        ecs_task_definition.read({"definition": "api"}, reach())


def test_a_lambda_function(moto: Clients) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    role = moto("iam").create_role(RoleName="mailer", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...")
    moto("lambda").create_function(
        FunctionName="mailer",
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": {"SES_FROM_EMAIL": "no-reply@yourdomain.com"}},
    )
    reading = lambda_function.read("mailer", reach())
    assert reading.variables["SES_FROM_EMAIL"].value == "no-reply@yourdomain.com"
    assert reading.injected["AWS_LAMBDA_FUNCTION_NAME"] == "mailer"
    with pytest.raises(NotSeen, match="no Lambda function other"):
        lambda_function.read("other", reach())


def test_more_parameters_than_a_page_holds(moto: Clients) -> None:
    for number in range(23):
        kind = "SecureString" if number % 2 else "String"
        moto("ssm").put_parameter(Name=f"/app/v/P{number}", Value=f"value {number}", Type=kind)
    plain = ssm.read("/app", reach()).variables
    assert len(plain) == 23
    assert (plain["P2"].value, plain["P3"].value) == ("value 2", None)
    assert ssm.read("/app", reach(read_secrets=True)).variables["P3"].value == "value 3"
    with pytest.raises(NotSeen, match="no parameter below /other"):
        ssm.read("/other", reach())


def test_a_json_secret(moto: Clients) -> None:
    arn = _secret(moto, HOST="db.internal", PORT=5432)
    assert secrets_manager.read(arn, reach()).unseen
    found = secrets_manager.read(arn, reach(read_secrets=True)).variables
    assert (found["HOST"].value, found["PORT"].value) == ("db.internal", "5432")


def test_a_secret_that_is_being_deleted(moto: Clients) -> None:
    arn = _secret(moto, HOST="db.internal")
    moto("secretsmanager").delete_secret(SecretId=arn)
    with pytest.raises(NotSeen, match="marked for deletion"):
        secrets_manager.read(arn, reach(read_secrets=True))
