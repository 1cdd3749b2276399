"""Lambda, App Runner, SSM and Secrets Manager as sources of variables."""

from typing import Any

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import apprunner, lambda_function, secrets_manager, ssm
from sesgate.evidence.environment.found import Start
from tests.evidence.environment.reaching import Given, arn, denied

FUNCTION = {
    "FunctionName": "mailer",
    "FunctionArn": arn("lambda", "function:mailer"),
    "Version": "$LATEST",
    "Handler": "app.handler",
    "PackageType": "Zip",
    "Environment": {"Variables": {"SES_FROM_EMAIL": "no-reply@yourdomain.com"}},
}
SERVICE_ARN = arn("apprunner", "service/api/0123456789abcdef0123456789abcdef")
SECRET = arn("secretsmanager", "secret:bizassist/db-a1b2c3")


def _function(**fields: Any) -> Given:
    return Given({"lambda GetFunctionConfiguration": {**FUNCTION, **fields}})


def test_a_function_tells_its_variables_and_what_lambda_sets() -> None:
    reading = lambda_function.read("mailer", _function())
    assert reading.place == "Lambda function mailer"
    assert reading.variables["SES_FROM_EMAIL"].value == "no-reply@yourdomain.com"
    assert reading.injected["AWS_REGION"] == "ap-southeast-1"
    assert reading.injected["AWS_LAMBDA_FUNCTION_NAME"] == "mailer"
    assert reading.injected["AWS_SECRET_ACCESS_KEY"] is None
    assert (reading.starts, reading.unseen) == ((), ())


def test_a_function_without_variables() -> None:
    assert lambda_function.read("mailer", _function(Environment=None)).variables == {}


def test_a_function_of_another_region_is_asked_there() -> None:
    given = _function(FunctionArn=arn("lambda", "function:mailer", "eu-west-1"))
    reading = lambda_function.read(arn("lambda", "function:mailer", "eu-west-1"), given)
    assert given.regions("GetFunctionConfiguration") == {"eu-west-1"}
    assert reading.injected["AWS_REGION"] == "eu-west-1"


def test_variables_under_a_key_that_the_caller_may_not_use_are_unseen() -> None:
    error = {"ErrorCode": "AccessDeniedException", "Message": "secret words of the service"}
    [unseen] = lambda_function.read("mailer", _function(Environment={"Error": error})).unseen
    assert "kms:Decrypt" in unseen
    assert "secret words" not in unseen


def test_an_image_tells_how_it_starts() -> None:
    config = {"ImageConfig": {"EntryPoint": ["/entry.sh"], "Command": ["app.handler"]}}
    [start] = lambda_function.read("mailer", _function(PackageType="Image", ImageConfigResponse=config)).starts
    assert (start.entrypoint, start.command) == (("/entry.sh",), ("app.handler",))


def test_a_function_that_is_not_there() -> None:
    with pytest.raises(NotSeen, match="no Lambda function mailer in eu-west-1"):
        lambda_function.read(arn("lambda", "function:mailer", "eu-west-1"), Given())


def _service(configuration: dict[str, Any], status: str = "RUNNING", **source: Any) -> Given:
    image = {"ImageRepository": {"ImageConfiguration": configuration}}
    service = {"ServiceName": "api", "Status": status, "SourceConfiguration": source or image}
    summaries = [
        {"ServiceName": "api", "ServiceArn": f"{SERVICE_ARN}-old", "Status": "DELETED"},
        {"ServiceName": "api", "ServiceArn": SERVICE_ARN, "Status": "RUNNING"},
    ]
    answers = {
        "apprunner ListServices": {"ServiceSummaryList": summaries},
        "apprunner DescribeService": {"Service": service},
        "secretsmanager DescribeSecret": {"ARN": SECRET},
    }
    return Given(answers)


def test_an_app_runner_service_is_found_by_its_name() -> None:
    given = _service(
        {
            "RuntimeEnvironmentVariables": {"NODE_ENV": "production"},
            "RuntimeEnvironmentSecrets": {"DB_PASSWORD": f"{SECRET}:password::"},
            "StartCommand": "npm start",
            "Port": "3000",
        }
    )
    reading = apprunner.read("api", given)
    assert given.asked("DescribeService") == [{"ServiceArn": SERVICE_ARN}]
    assert reading.variables["NODE_ENV"].value == "production"
    reference = reading.variables["DB_PASSWORD"].reference
    assert reference is not None
    assert (reference.name, reference.key, reference.exists) == (SECRET, "password", True)
    assert reading.injected == {"PORT": "3000"}
    assert reading.starts == (Start("App Runner service api", command="npm start"),)


def test_an_app_runner_service_by_arn_is_not_searched_for() -> None:
    given = _service({})
    assert apprunner.read(SERVICE_ARN, given).injected == {"PORT": "8080"}
    assert given.asked("ListServices") == []


def test_code_with_its_settings_in_the_repository_is_unseen() -> None:
    given = _service({}, CodeRepository={"CodeConfiguration": {"ConfigurationSource": "REPOSITORY"}})
    assert "apprunner.yaml" in apprunner.read("api", given).unseen[0]


def test_code_with_its_settings_in_the_service() -> None:
    values = {"StartCommand": "npm start", "RuntimeEnvironmentVariables": {"A": "1"}}
    code = {"ConfigurationSource": "API", "CodeConfigurationValues": values}
    reading = apprunner.read("api", _service({}, CodeRepository={"CodeConfiguration": code}))
    assert reading.variables["A"].value == "1"
    assert reading.starts[0].command == "npm start"


@pytest.mark.parametrize("name", ["another", "api"])
def test_an_app_runner_service_that_is_not_there(name: str) -> None:
    with pytest.raises(NotSeen, match=f"no App Runner service {name}"):
        apprunner.read(name, _service({}, status="DELETED"))


def _path(*entries: tuple[str, str, str], read_secrets: bool = False) -> Given:
    found = [{"Name": name, "Type": kind, "Value": value, "ARN": arn("ssm", name)} for name, kind, value in entries]
    return Given({"ssm GetParametersByPath": {"Parameters": found}}, read_secrets=read_secrets)


def test_parameters_are_named_by_their_last_part() -> None:
    given = _path(("/app/NODE_ENV", "String", "production"), ("/app/db/PASSWORD", "SecureString", "AQICAH"))
    reading = ssm.read("/app/", given)
    assert given.asked("GetParametersByPath") == [{"Path": "/app", "Recursive": True, "WithDecryption": False}]
    plain, secret = reading.variables["NODE_ENV"], reading.variables["PASSWORD"]
    assert plain.value == "production"
    assert plain.reference is not None
    assert not plain.reference.secret
    assert secret.value is None
    assert secret.reference is not None
    assert (secret.reference.secret, secret.reference.exists) == (True, True)


def test_with_read_secrets_they_are_decrypted() -> None:
    given = _path(("/app/PASSWORD", "SecureString", "s3cr3t"), read_secrets=True)
    assert ssm.read("app", given).variables["PASSWORD"].value == "s3cr3t"
    assert given.asked("GetParametersByPath")[0]["WithDecryption"] is True


def test_a_name_that_is_there_twice_is_no_answer() -> None:
    given = _path(("/app/a/PORT", "String", "1"), ("/app/b/PORT", "String", "2"))
    assert "/app/a/PORT and /app/b/PORT" in str(ssm.read("/app", given).variables["PORT"].unreadable)


def test_secrets_under_a_key_that_the_caller_may_not_use() -> None:
    entries = [{"Name": "/app/A", "Type": "String", "Value": "1"}, {"Name": "/app/B", "Type": "SecureString"}]

    def answer(asked: Any) -> Any:
        return denied("ssm:GetParametersByPath")(asked) if asked["WithDecryption"] else {"Parameters": entries}

    reading = ssm.read("/app", Given({"ssm GetParametersByPath": answer}, read_secrets=True))
    assert (reading.variables["A"].value, reading.variables["A"].unreadable) == ("1", None)
    assert "kms:Decrypt" in str(reading.variables["B"].unreadable)


def test_a_path_with_nothing_below_it() -> None:
    with pytest.raises(NotSeen, match="no parameter below /app in us-east-1"):
        ssm.read(arn("ssm", "parameter/app", "us-east-1"), Given({"ssm GetParametersByPath": {"Parameters": []}}))


def _secret(text: str | None, *, read_secrets: bool = True, **fields: Any) -> Given:
    answers = {
        "secretsmanager DescribeSecret": {"ARN": SECRET, "Name": "bizassist/db", **fields},
        "secretsmanager GetSecretValue": {"SecretString": text},
    }
    return Given(answers, read_secrets=read_secrets)


def test_the_keys_of_a_secret_are_variables() -> None:
    reading = secrets_manager.read(SECRET, _secret('{"A": "1", "PORT": 5432, "NESTED": []}'))
    assert (reading.variables["A"].value, reading.variables["PORT"].value) == ("1", "5432")
    assert reading.variables["NESTED"].unreadable is not None
    reference = reading.variables["A"].reference
    assert reference is not None
    assert (reference.store, reference.key, reference.secret) == ("secrets-manager", "A", True)


def test_without_read_secrets_the_keys_are_not_known() -> None:
    given = _secret('{"A": "1"}', read_secrets=False)
    reading = secrets_manager.read(SECRET, given)
    assert reading.variables == {}
    assert "read_secrets" in reading.unseen[0]
    assert given.asked("GetSecretValue") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given(), "no secret"),
        (_secret("{}", DeletedDate="2026-11-20T00:00:00Z"), "marked for deletion"),
        (_secret("no json"), "no JSON object"),
        (_secret("[1]"), "no JSON object"),
        (_secret(None), "no JSON object"),
    ],
)
def test_a_secret_that_gives_no_variables(given: Given, said: str) -> None:
    with pytest.raises(NotSeen, match=said):
        secrets_manager.read(SECRET, given)
