"""Where the application of the embedded account runs and keeps its settings, as botocore's clients read it."""

import pytest
from botocore.exceptions import ClientError

from sesgate.sandbox import Sandbox
from sesgate.sandbox.documents import ACCOUNT, REGION
from tests.sandbox.conftest import Clients

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:bizassist/db-Xk3Qp7"
SERVICE = f"arn:aws:apprunner:{REGION}:{ACCOUNT}:service/api/0123456789abcdef0123456789abcdef"


def test_an_ecs_service_and_its_task_definition(client: Clients) -> None:
    found = client("ecs").describe_services(cluster="prod", services=["bizassist-api", "gone"])
    [service] = found["services"]
    assert [failure["reason"] for failure in found["failures"]] == ["MISSING"]
    [deployment] = service["deployments"]
    definition = client("ecs").describe_task_definition(taskDefinition=deployment["taskDefinition"])["taskDefinition"]
    assert (definition["family"], definition["revision"]) == ("bizassist-api", 42)
    assert [each["name"] for each in definition["containerDefinitions"]] == ["api", "log-router"]


def test_a_family_is_its_latest_revision(sandbox: Sandbox, client: Clients) -> None:
    known = sandbox.account.region(REGION)["ecs"]["task_definitions"]
    known["bizassist-api:9"] = known["bizassist-api:42"]
    found = client("ecs").describe_task_definition(taskDefinition="bizassist-api")
    assert found["taskDefinition"]["revision"] == 42


def test_a_secret_by_name_arn_and_partial_arn(client: Clients) -> None:
    made = client("secretsmanager")
    for asked in ("bizassist/db", SECRET, SECRET[:-7]):
        assert made.describe_secret(SecretId=asked)["ARN"] == SECRET
    assert "SecretString" not in made.describe_secret(SecretId=SECRET)
    assert '"port": 5432' in made.get_secret_value(SecretId=SECRET)["SecretString"]
    assert "ResourcePolicy" not in made.get_resource_policy(SecretId=SECRET)


def test_a_secret_without_value_and_one_that_is_being_deleted(sandbox: Sandbox, client: Clients) -> None:
    secrets = sandbox.account.region(REGION)["secretsmanager"]["secrets"]
    secrets |= {"new": {}, "old": {"DeletedDate": "2026-11-20T00:00:00Z", "SecretString": "x"}}
    for name, code in (("new", "ResourceNotFoundException"), ("old", "InvalidRequestException")):
        with pytest.raises(ClientError, match=code):
            client("secretsmanager").get_secret_value(SecretId=name)


def test_parameters_by_path_and_by_name(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.region(REGION)["ssm"] = {
        "parameters": {
            "/app/HOST": {"Type": "String", "Value": "db.internal"},
            "/app/deep/KEY": {"Type": "SecureString", "Value": "s3cr3t"},
        }
    }
    made = client("ssm")
    assert [each["Name"] for each in made.get_parameters_by_path(Path="/app")["Parameters"]] == ["/app/HOST"]
    both = made.get_parameters_by_path(Path="/app", Recursive=True)["Parameters"]
    assert "s3cr3t" not in str(both)
    arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/app/deep/KEY"
    found = made.get_parameters(Names=[arn, "gone"], WithDecryption=True)
    assert [each["Value"] for each in found["Parameters"]] == ["s3cr3t"]
    assert found["InvalidParameters"] == ["gone"]
    listed = made.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/app/HOST"]}])["Parameters"]
    assert [(each["Name"], each["Type"]) for each in listed] == [("/app/HOST", "String")]


def test_a_function_by_name_and_arn(sandbox: Sandbox, client: Clients) -> None:
    variables = {"Environment": {"Variables": {"A": "1"}}}
    sandbox.account.region(REGION)["lambda"] = {"functions": {"mailer": variables}}
    for asked in ("mailer", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:mailer", "mailer:live"):
        found = client("lambda").get_function_configuration(FunctionName=asked)
        assert found["Environment"]["Variables"] == {"A": "1"}


def test_an_app_runner_service(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.region(REGION)["apprunner"] = {"services": {SERVICE: {}}}
    [listed] = client("apprunner").list_services()["ServiceSummaryList"]
    assert listed == {"ServiceName": "api", "ServiceArn": SERVICE, "Status": "RUNNING"}
    assert client("apprunner").describe_service(ServiceArn=SERVICE)["Service"]["ServiceName"] == "api"


def test_a_database_and_a_cluster_with_its_members(sandbox: Sandbox, client: Clients) -> None:
    made = client("rds")
    [instance] = made.describe_db_instances(DBInstanceIdentifier="bizassist-prod")["DBInstances"]
    assert instance["DbiResourceId"] == "db-EXAMPLEBIZASSISTPROD01"
    sandbox.account.region(REGION)["rds"] |= {
        "clusters": {"aurora": {"DbClusterResourceId": "cluster-1"}},
        "instances": {"one": {"DBClusterIdentifier": "aurora"}, "two": {}},
    }
    [cluster] = made.describe_db_clusters(DBClusterIdentifier="aurora")["DBClusters"]
    assert cluster["DbClusterResourceId"] == "cluster-1"
    filters = [{"Name": "db-cluster-id", "Values": ["aurora"]}]
    members = made.describe_db_instances(Filters=filters)["DBInstances"]
    assert [each["DBInstanceIdentifier"] for each in members] == ["one"]


@pytest.mark.parametrize(
    ("service", "method", "parameters", "code"),
    [
        ("ecs", "describe_services", {"cluster": "no", "services": ["x"]}, "ClusterNotFoundException"),
        ("ecs", "describe_task_definition", {"taskDefinition": "no"}, "ClientException"),
        ("secretsmanager", "describe_secret", {"SecretId": "no"}, "ResourceNotFoundException"),
        ("lambda", "get_function_configuration", {"FunctionName": "no"}, "ResourceNotFoundException"),
        ("apprunner", "describe_service", {"ServiceArn": SERVICE}, "ResourceNotFoundException"),
        ("rds", "describe_db_instances", {"DBInstanceIdentifier": "no"}, "DBInstanceNotFound"),
        ("rds", "describe_db_clusters", {"DBClusterIdentifier": "no"}, "DBClusterNotFoundFault"),
    ],
)
def test_what_does_not_exist(
    client: Clients, service: str, method: str, parameters: dict[str, object], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(client(service), method)(**parameters)
    assert refused.value.response["Error"]["Code"] == code
